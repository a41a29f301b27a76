import type { LayerTable } from './table.js'

/** SPDUs of functional units that are never selected: one class. X.225, 5.11, last table. */
const others = [
  'CDO',
  'OA',
  'EX',
  'GTC',
  'GTA',
  'MAP',
  'MAA',
  'AS',
  'ED',
  'MIP',
  'MIA',
  'RS',
  'AD',
  'ADA',
  'AR',
  'RA',
  'CD',
  'CDA',
  'ER',
  'AI',
  'AIA',
]

/**
 * The table of the SPM, from X.225, Tables A.8, A.9, A.14, A.15 and A.16 for kernel, duplex or half-duplex, negotiated release and typed
 * data, with A.4.1 for what they leave blank: a usage error from above; from below S-P-ABORT and an AB with the protocol error bit.
 *
 * Constants of this profile: the transport has no expedited data (TEXP false) and is never kept (p02, p64 false; [9] says no).
 * What the annex does not guard and we do (notes on A.15): a second S-RELEASE request, or a second DN, after a collision.
 */
export const session: LayerTable = {
  name: 'Session',
  source: 'X.225, Tables A.8 to A.16',
  initial: 'STA01',
  states: {
    STA01: 'idle, no transport connection',
    STA01B: 'await T-CONNECT confirm',
    STA01C: 'idle, transport connected',
    STA02A: 'await AC',
    STA03: 'await DN',
    STA08: 'await S-CONNECT response',
    STA09: 'await S-RELEASE response',
    STA16: 'await T-DISCONNECT indication',
    STA713: 'data transfer',
  },
  absent: {
    STA01A: 'the transport is never kept, so no AA is awaited',
    STA01D: 'more user data than a CN holds is refused',
    STA02B: 'no more user data is sent than a CN holds',
    STA15D: 'only with transport expedited data',
  },
  facts: {
    p01: 'we asked for the transport connection',
    coll: 'Vcoll: the releases have collided',
    dnr: 'Vdnr: DN came after a collision',
    hd: 'half-duplex is selected',
    nr: 'negotiated release is selected',
    td: 'typed data is selected',
    dk: 'the data token, if there is one, is ours',
    tr: 'the release token, if there is one, is ours',
  },
  starts: [[], ['hd'], ['nr'], ['td'], ['hd', 'nr', 'td']],
  events: {
    'S-CONNECT.request': 'user',
    'S-CONNECT.response+': 'user',
    'S-CONNECT.response-': 'user',
    'S-DATA.request': 'user',
    'S-TYPED-DATA.request': 'user',
    'S-TOKEN-GIVE.request': 'user',
    'S-TOKEN-PLEASE.request': 'user',
    'S-RELEASE.request': 'user',
    'S-RELEASE.response+': 'user',
    'S-RELEASE.response-': 'user',
    'S-U-ABORT.request': 'user',
    'T-CONNECT.indication': 'provider',
    'T-CONNECT.confirm': 'provider',
    'T-DISCONNECT.indication': 'provider',
    CN: 'peer',
    AC: 'peer',
    RF: 'peer',
    FN: 'peer',
    DN: 'peer',
    NF: 'peer',
    AB: 'peer',
    AA: 'peer',
    DT: 'peer',
    TD: 'peer',
    GT: 'peer',
    PT: 'peer',
    PR: 'peer',
    'other SPDU': 'peer',
    malformed: 'malformed',
    TIM: 'timer',
  },
  variants: {
    'S-TOKEN-GIVE.request': ['data token', 'release token'],
    'S-TOKEN-PLEASE.request': ['data token', 'release token'],
    CN: ['acceptable', 'unacceptable'],
    RF: ['nr', 'r'],
    FN: ['released', 'kept'],
    AB: ['by the user', 'by the provider', 'by the user, kept'],
    GT: ['data token', 'release token', 'no token'],
    PT: ['data token', 'release token', 'no token'],
    'other SPDU': others,
    malformed: ['code', 'length', 'parameter twice'],
  },
  macros: {
    END: '↓T-DISCONNECT.request -p01 -coll -dnr -dk -tr → STA01',
    // TIM runs from here on.
    PE: '! ↓AB(provider) ↑S-P-ABORT.indication → STA16',
    LOST: '↑S-P-ABORT.indication -p01 -coll -dnr -dk -tr → STA01',
    GONE: '-p01 -coll -dnr -dk -tr → STA01',
    ABORT: '↓AB(user) → STA16',
    // N and R without p02.
    ABORTED: [
      '[by the provider] ↓T-DISCONNECT.request ↑S-P-ABORT.indication -p01 -coll -dnr -dk -tr → STA01',
      '[else] ↓T-DISCONNECT.request ↑S-U-ABORT.indication -p01 -coll -dnr -dk -tr → STA01',
    ],
    NOTC: 'never: there is no transport connection',
    NOTIM: 'never: TIM runs in STA16 only',
  },
  rows: {
    // A.8
    'S-CONNECT.request': { STA01: '↓T-CONNECT.request +p01 → STA01B', '*': 'usage' },
    'T-CONNECT.indication': { STA01: '↓T-CONNECT.response → STA01C', '*': 'never: the transport connection is there' },
    'T-CONNECT.confirm': { STA01B: '↓CN → STA02A', '*': 'never: none was asked for, or it has come' },
    CN: {
      'STA01 STA01B': 'NOTC',
      STA01C: ['[acceptable] ↑S-CONNECT.indication → STA08', '[unacceptable] ↓RF → STA16'],
      STA16: 'END',
      '*': 'PE',
    },
    AC: {
      'STA01 STA01B': 'NOTC',
      STA01C: 'END',
      STA02A: '↑S-CONNECT.confirm+ +dk +tr → STA713',
      STA16: 'ignored',
      '*': 'PE',
    },
    RF: {
      'STA01 STA01B': 'NOTC',
      STA01C: 'END',
      STA02A: '↓T-DISCONNECT.request ↑S-CONNECT.confirm- -p01 → STA01',
      STA16: 'ignored',
      '*': 'PE',
    },
    'S-CONNECT.response+': { STA08: '↓AC → STA713', '*': 'usage' },
    'S-CONNECT.response-': { STA08: '↓RF → STA16', '*': 'usage' },

    // A.9; p03, p05, p04, p10
    DT: {
      'STA01 STA01B': 'NOTC',
      STA01C: 'END',
      STA03: ['[hd & dk] PE', '[coll] PE', '[else] ↑S-DATA.indication'],
      STA713: ['[hd & dk] PE', '[else] ↑S-DATA.indication'],
      STA16: 'ignored',
      '*': 'PE',
    },
    'S-DATA.request': {
      STA713: ['[hd & not dk] usage', '[else] ↓DT'],
      STA09: ['[hd] usage', '[coll] usage', '[else] ↓DT'],
      '*': 'usage',
    },
    TD: {
      'STA01 STA01B': 'NOTC',
      STA01C: 'END',
      STA03: ['[td & not coll] ↑S-TYPED-DATA.indication', '[else] PE'],
      STA713: ['[td] ↑S-TYPED-DATA.indication', '[else] PE'],
      STA16: 'ignored',
      '*': 'PE',
    },
    'S-TYPED-DATA.request': {
      STA713: ['[td] ↓TD', '[else] usage'],
      STA09: ['[td & not coll] ↓TD', '[else] usage'],
      '*': 'usage',
    },

    // A.14; p54, p59, p53. A token comes with half-duplex or negotiated release.
    'S-TOKEN-GIVE.request': {
      STA713: ['[data token & hd & dk] ↓GT -dk', '[release token & nr & tr] ↓GT -tr', '[else] usage'],
      '*': 'usage',
    },
    GT: {
      'STA01 STA01B': 'NOTC',
      STA01C: ['[no token] ignored', '[else] END'],
      STA713: [
        '[no token] ignored',
        '[data token & hd & not dk] ↑S-TOKEN-GIVE.indication +dk',
        '[release token & nr & not tr] ↑S-TOKEN-GIVE.indication +tr',
        '[else] PE',
      ],
      STA16: 'ignored',
      // Without a token item it only introduces another SPDU: no event (7.16).
      '*': ['[no token] ignored', '[else] PE'],
    },
    'S-TOKEN-PLEASE.request': {
      'STA09 STA713': ['[data token & hd] ↓PT', '[release token & nr] ↓PT', '[else] usage'],
      '*': 'usage',
    },
    PT: {
      'STA01 STA01B': 'NOTC',
      STA01C: ['[no token] ignored', '[else] END'],
      'STA03 STA713': [
        '[no token] ignored',
        '[data token & hd] ↑S-TOKEN-PLEASE.indication',
        '[release token & nr] ↑S-TOKEN-PLEASE.indication',
        '[else] PE',
      ],
      STA16: 'ignored',
      '*': ['[no token] ignored', '[else] PE'],
    },

    // A.15; p63, p65, p68
    'S-RELEASE.request': {
      STA713: ['[hd & not dk] usage', '[nr & not tr] usage', '[else] ↓FN → STA03'],
      STA09: ['[hd] usage', '[nr] usage', '[coll] usage', '[else] ↓FN +coll'],
      '*': 'usage',
    },
    FN: {
      'STA01 STA01B': 'NOTC',
      STA01C: 'END',
      STA713: ['[hd & dk] PE', '[nr & tr] PE', '[kept & p01] PE', '[else] ↑S-RELEASE.indication → STA09'],
      // Table A.15 would take a second FN of a peer that has sent one: its DN is awaited.
      STA03: ['[hd] PE', '[nr] PE', '[coll] PE', '[kept & p01] PE', '[else] ↑S-RELEASE.indication +coll → STA09'],
      STA16: 'ignored',
      '*': 'PE',
    },
    'S-RELEASE.response+': {
      STA09: ['[not coll] ↓DN → STA16', '[dnr] ↓DN → STA16', '[p01] ↓DN → STA03', '[else] usage'],
      '*': 'usage',
    },
    'S-RELEASE.response-': { STA09: ['[nr] ↓NF → STA713', '[else] usage'], '*': 'usage' },
    DN: {
      'STA01 STA01B': 'NOTC',
      STA01C: 'END',
      STA03: '↓T-DISCONNECT.request ↑S-RELEASE.confirm+ -p01 -coll -dnr -dk -tr → STA01',
      STA09: ['[coll & not p01 & not dnr] ↑S-RELEASE.confirm+ +dnr', '[else] PE'],
      STA16: 'ignored',
      '*': 'PE',
    },
    NF: {
      'STA01 STA01B': 'NOTC',
      STA01C: 'END',
      STA03: ['[nr] ↑S-RELEASE.confirm- → STA713', '[else] PE'],
      STA16: 'ignored',
      '*': 'PE',
    },

    // A.16
    'S-U-ABORT.request': { STA01B: 'END', 'STA01 STA01C STA16': 'usage', '*': 'ABORT' },
    AB: { 'STA01 STA01B': 'NOTC', 'STA01C STA16': 'END', '*': 'ABORTED' },
    AA: { 'STA01 STA01B': 'NOTC', 'STA01C STA16': 'END', '*': 'PE' },
    // Belongs to the expedited flow, which there is none of (6.4.4).
    PR: { 'STA01 STA01B': 'NOTC', 'STA01C STA16': 'END', '*': 'PE' },
    'T-DISCONNECT.indication': { STA01: 'NOTC', 'STA01C STA16': 'GONE', '*': 'LOST' },
    TIM: { STA16: 'END', '*': 'NOTIM' },

    'other SPDU': { 'STA01 STA01B': 'NOTC', STA01C: 'END', STA16: 'ignored', '*': 'PE' },
    // A.4.3.2 leaves the reaction open: that of an SPDU which is not expected. STA16: 7.9.2, whatever else comes is discarded.
    malformed: { 'STA01 STA01B': 'NOTC', STA01C: 'END', STA16: 'ignored', '*': 'PE' },
  },
}
