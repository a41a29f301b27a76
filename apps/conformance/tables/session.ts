import type { LayerTable } from './table.js'

/** SPDUs of functional units that are never selected: one class. X.225, 5.11, last table. */
const others = ['EX', 'GTC', 'GTA', 'MAP', 'MAA', 'AS', 'ED', 'MIP', 'MIA', 'RS', 'AD', 'ADA', 'AR', 'RA', 'CD', 'CDA', 'ER', 'AI', 'AIA']
/** What is forgotten when a session ends. */
const OVER = '-coll -dnr -trr -dk -tr -over'

/**
 * The table of the SPM, from X.225, Tables A.8, A.9, A.14, A.15 and A.16 for kernel, duplex or half-duplex, negotiated release and typed
 * data, with A.4.1 for what they leave blank: a usage error from above; from below S-P-ABORT and an AB with the protocol error bit, without
 * the indication where no user is attached yet (STA01D), and nothing where the session is over for the user (STA01A, STA16; 7.9.2).
 *
 * TEXP is false: the transport has no expedited data. p02, p64 and [9] are one choice of ours, `keep`.
 * What the annex does not guard and we do (notes on A.15): a second S-RELEASE request, or a second DN, after a collision.
 */
export const session: LayerTable = {
  name: 'Session',
  source: 'X.225, Tables A.8 to A.16',
  initial: 'STA01',
  states: {
    STA01: 'idle, no transport connection',
    STA01A: 'await AA: our AB asked to keep the transport',
    STA01B: 'await T-CONNECT confirm',
    STA01C: 'idle, transport connected',
    STA01D: 'await CDO',
    STA02A: 'await AC',
    STA02B: 'await OA',
    STA03: 'await DN',
    STA08: 'await S-CONNECT response',
    STA09: 'await S-RELEASE response',
    STA16: 'await T-DISCONNECT indication',
    STA713: 'data transfer',
  },
  absent: { STA15D: 'only with transport expedited data' },
  facts: {
    p01: 'we asked for the transport connection',
    coll: 'Vcoll: the releases have collided',
    dnr: 'Vdnr: DN came after a collision',
    hd: 'half-duplex is selected',
    nr: 'negotiated release is selected',
    td: 'typed data is selected',
    keep: 'we keep the transport where the peer wants it, too: p02, p64, [9]',
    trr: 'Vtrr: the transport may be reused',
    over: 'the request waiting for the transport has more than 10 240 octets: p204',
    kept: 'the transport was kept and waits for another session',
    dk: 'the data token, if there is one, is ours',
    tr: 'the release token, if there is one, is ours',
  },
  starts: [[], ['nr', 'td'], ['hd', 'nr'], ['hd', 'nr', 'td'], ['keep']],
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
    OA: 'peer',
    CDO: 'peer',
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
    'keep timer expires': 'timer',
  },
  variants: {
    'S-TOKEN-GIVE.request': ['data token', 'release token'],
    'S-TOKEN-PLEASE.request': ['data token', 'release token'],
    'S-CONNECT.request': ['short', 'overflow'],
    CN: ['acceptable', 'unacceptable', 'overflow'],
    CDO: ['more', 'end'],
    RF: ['to release', 'to keep'],
    FN: ['to release', 'to keep'],
    AB: ['by the user', 'by the provider', 'by the user, to keep', 'by the provider, to keep'],
    GT: ['data token', 'release token', 'no token'],
    PT: ['data token', 'release token', 'no token'],
    'other SPDU': others,
    malformed: ['code', 'length', 'parameter twice'],
  },
  macros: {
    END: `↓T-DISCONNECT.request -p01 -kept ${OVER} → STA01`,
    GONE: `-p01 -kept ${OVER} → STA01`,
    // TIM runs from here on.
    PE: '! ↓AB(provider) ↑S-P-ABORT.indication → STA16',
    QUIET: '! ↓AB(provider) → STA16',
    LOST: `↑S-P-ABORT.indication -p01 ${OVER} → STA01`,
    ABORT: [`[keep] ↓AB(user) → STA01A`, '[else] ↓AB(user) → STA16'],
    // The cells N and R of Table A.16. An AB that does not offer the transport is answered by closing it.
    ABORTED: [
      `[by the user, to keep & keep] ↓AA ↑S-U-ABORT.indication +kept ${OVER} → STA01C`,
      `[by the provider, to keep & keep] ↓AA ↑S-P-ABORT.indication +kept ${OVER} → STA01C`,
      `[by the provider] ↓T-DISCONNECT.request ↑S-P-ABORT.indication -p01 ${OVER} → STA01`,
      `[by the provider, to keep] ↓T-DISCONNECT.request ↑S-P-ABORT.indication -p01 ${OVER} → STA01`,
      `[else] ↓T-DISCONNECT.request ↑S-U-ABORT.indication -p01 ${OVER} → STA01`,
    ],
    REFUSED: [
      `[to keep & keep] ↑S-CONNECT.confirm- +kept ${OVER} → STA01C`,
      `[else] ↓T-DISCONNECT.request ↑S-CONNECT.confirm- -p01 ${OVER} → STA01`,
    ],
    NOTC: 'never: there is no transport connection',
  },
  rows: {
    // A.8
    'S-CONNECT.request': {
      STA01: ['[overflow] ↓T-CONNECT.request +p01 +over → STA01B', '[else] ↓T-CONNECT.request +p01 → STA01B'],
      STA01C: ['[not p01] usage', '[overflow] ↓CN +over -kept → STA02B', '[else] ↓CN -kept → STA02A'],
      '*': 'usage',
    },
    'T-CONNECT.indication': { STA01: '↓T-CONNECT.response → STA01C', '*': 'never: the transport connection is there' },
    'T-CONNECT.confirm': {
      STA01B: ['[over] ↓CN → STA02B', '[else] ↓CN → STA02A'],
      '*': 'never: none was asked for, or it has come',
    },
    CN: {
      'STA01 STA01B': 'NOTC',
      'STA01A STA16': 'END',
      STA01C: [
        '[p01] END',
        '[acceptable] ↑S-CONNECT.indication -kept → STA08',
        '[overflow] ↓OA -kept → STA01D',
        '[keep] ↓RF +kept',
        '[else] ↓RF → STA16',
      ],
      STA01D: 'QUIET',
      '*': 'PE',
    },
    OA: {
      'STA01 STA01B': 'NOTC',
      'STA01A STA16': 'ignored',
      STA01C: 'END',
      STA01D: 'QUIET',
      STA02B: '↓CDO -over → STA02A',
      '*': 'PE',
    },
    CDO: {
      'STA01 STA01B': 'NOTC',
      'STA01A STA16': 'ignored',
      STA01C: 'END',
      STA01D: ['[more] → STA01D', '[end] ↑S-CONNECT.indication → STA08'],
      '*': 'PE',
    },
    AC: {
      'STA01 STA01B': 'NOTC',
      'STA01A STA16': 'ignored',
      STA01C: 'END',
      STA01D: 'QUIET',
      STA02A: '↑S-CONNECT.confirm+ +dk +tr → STA713',
      '*': 'PE',
    },
    RF: {
      'STA01 STA01B': 'NOTC',
      'STA01A STA16': 'ignored',
      STA01C: 'END',
      STA01D: 'QUIET',
      'STA02A STA02B': 'REFUSED',
      '*': 'PE',
    },
    'S-CONNECT.response+': { STA08: '↓AC → STA713', '*': 'usage' },
    'S-CONNECT.response-': { STA08: [`[keep] ↓RF +kept ${OVER} → STA01C`, '[else] ↓RF → STA16'], '*': 'usage' },

    // A.9; p03, p05, p04, p10
    DT: {
      'STA01 STA01B': 'NOTC',
      'STA01A STA16': 'ignored',
      'STA01C STA01D': 'END',
      STA03: ['[hd & dk] PE', '[coll] PE', '[else] ↑S-DATA.indication'],
      STA713: ['[hd & dk] PE', '[else] ↑S-DATA.indication'],
      '*': 'PE',
    },
    'S-DATA.request': {
      STA713: ['[hd & not dk] usage', '[else] ↓DT'],
      STA09: ['[hd] usage', '[coll] usage', '[else] ↓DT'],
      '*': 'usage',
    },
    TD: {
      'STA01 STA01B': 'NOTC',
      'STA01A STA16': 'ignored',
      'STA01C STA01D': 'END',
      STA03: ['[td & not coll] ↑S-TYPED-DATA.indication', '[else] PE'],
      STA713: ['[td] ↑S-TYPED-DATA.indication', '[else] PE'],
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
      'STA01A STA16': 'ignored',
      'STA01C STA01D': ['[no token] ignored', '[else] END'],
      STA713: [
        '[no token] ignored',
        '[data token & hd & not dk] ↑S-TOKEN-GIVE.indication +dk',
        '[release token & nr & not tr] ↑S-TOKEN-GIVE.indication +tr',
        '[else] PE',
      ],
      // Without a token item it only introduces another SPDU: no event (7.16).
      '*': ['[no token] ignored', '[else] PE'],
    },
    'S-TOKEN-PLEASE.request': {
      'STA09 STA713': ['[data token & hd] ↓PT', '[release token & nr] ↓PT', '[else] usage'],
      '*': 'usage',
    },
    PT: {
      'STA01 STA01B': 'NOTC',
      'STA01A STA16': 'ignored',
      'STA01C STA01D': ['[no token] ignored', '[else] END'],
      'STA03 STA713': [
        '[no token] ignored',
        '[data token & hd] ↑S-TOKEN-PLEASE.indication',
        '[release token & nr] ↑S-TOKEN-PLEASE.indication',
        '[else] PE',
      ],
      '*': ['[no token] ignored', '[else] PE'],
    },

    // A.15; p63, p64, p65, p68
    'S-RELEASE.request': {
      STA713: ['[hd & not dk] usage', '[nr & not tr] usage', '[keep & p01] ↓FN +trr → STA03', '[else] ↓FN → STA03'],
      STA09: ['[hd] usage', '[nr] usage', '[coll] usage', '[else] ↓FN +coll -trr'],
      '*': 'usage',
    },
    FN: {
      'STA01 STA01B': 'NOTC',
      'STA01A STA16': 'ignored',
      'STA01C STA01D': 'END',
      STA713: [
        '[hd & dk] PE',
        '[nr & tr] PE',
        '[to keep & p01] PE',
        '[to keep & keep] ↑S-RELEASE.indication +trr → STA09',
        '[else] ↑S-RELEASE.indication → STA09',
      ],
      // Table A.15 would take a second FN of a peer that has sent one: its DN is awaited.
      STA03: ['[hd] PE', '[nr] PE', '[coll] PE', '[to keep & p01] PE', '[else] ↑S-RELEASE.indication +coll -trr → STA09'],
      '*': 'PE',
    },
    'S-RELEASE.response+': {
      STA09: [`[trr] ↓DN +kept ${OVER} → STA01C`, '[not coll] ↓DN → STA16', '[dnr] ↓DN → STA16', '[p01] ↓DN → STA03', '[else] usage'],
      '*': 'usage',
    },
    'S-RELEASE.response-': { STA09: ['[nr] ↓NF → STA713', '[else] usage'], '*': 'usage' },
    DN: {
      'STA01 STA01B': 'NOTC',
      'STA01A STA16': 'ignored',
      'STA01C STA01D': 'END',
      STA03: [`[trr] ↑S-RELEASE.confirm+ +kept ${OVER} → STA01C`, `[else] ↓T-DISCONNECT.request ↑S-RELEASE.confirm+ -p01 ${OVER} → STA01`],
      STA09: ['[coll & not p01 & not dnr] ↑S-RELEASE.confirm+ +dnr', '[else] PE'],
      '*': 'PE',
    },
    NF: {
      'STA01 STA01B': 'NOTC',
      'STA01A STA16': 'ignored',
      'STA01C STA01D': 'END',
      STA03: ['[nr] ↑S-RELEASE.confirm- → STA713', '[else] PE'],
      '*': 'PE',
    },

    // A.16
    'S-U-ABORT.request': { STA01B: 'END', 'STA01 STA01A STA01C STA01D STA16': 'usage', '*': 'ABORT' },
    AB: {
      'STA01 STA01B': 'NOTC',
      STA16: 'END',
      STA01A: [`[by the user, to keep] +kept ${OVER} → STA01C`, `[by the provider, to keep] +kept ${OVER} → STA01C`, '[else] END'],
      'STA01C STA01D': [
        `[by the user, to keep & keep] ↓AA +kept ${OVER} → STA01C`,
        `[by the provider, to keep & keep] ↓AA +kept ${OVER} → STA01C`,
        '[else] END',
      ],
      '*': 'ABORTED',
    },
    AA: { 'STA01 STA01B': 'NOTC', STA01A: `+kept ${OVER} → STA01C`, 'STA01C STA01D STA16': 'END', '*': 'PE' },
    // Belongs to the expedited flow, which there is none of (6.4.4).
    PR: { 'STA01 STA01B': 'NOTC', STA01A: 'ignored', 'STA01C STA01D STA16': 'END', '*': 'PE' },
    'T-DISCONNECT.indication': { STA01: 'NOTC', 'STA01A STA01C STA01D STA16': 'GONE', '*': 'LOST' },
    TIM: { 'STA01A STA16': 'END', '*': 'never: it runs in STA01A and STA16 only' },
    // Not of the annex: how long a transport connection is kept for another session.
    'keep timer expires': { STA01C: ['[kept] END', '[else] never: no session was here'], '*': 'never: it runs in STA01C only' },

    'other SPDU': { 'STA01 STA01B': 'NOTC', 'STA01A STA16': 'ignored', 'STA01C STA01D': 'END', '*': 'PE' },
    // A.4.3.2 leaves the reaction open: that of an SPDU which is not expected.
    malformed: { 'STA01 STA01B': 'NOTC', 'STA01A STA16': 'ignored', STA01C: 'END', STA01D: 'QUIET', '*': 'PE' },
  },
}
