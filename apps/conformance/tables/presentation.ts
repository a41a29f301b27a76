import type { LayerTable } from './table.js'

/** Every code that an ARP of this table carries: abort-reason, event-identifier. X.226, 12.3. */
const CODES = [
  ...['1', '2:0', '2:1', '2:5', '2:6', '2:7', '2:8', '2:9', '2:10', '2:11', '2:12', '2:13', '3:14', '3:15', '3:16', '3:17', '3:19', '3:32'],
  ...['6:0', '6:1', '6:5', '6:6', '6:7', '6:8', '6:14'],
]
/** What is forgotten when a connection ends. */
const OVER = '-init -req -ind -done -answered -ourdel -peerdel -no3'
const CONNECTED = 'STAt0 STAac0 STAac1 STAac2'

/**
 * The table of the PPM, from X.226, Tables A.21 to A.26, kernel and context management, with A.4.1.2 and 6.4.4 for the blank cells: an ARP
 * where a session connection still exists, and P-P-ABORT where a user knows of a connection. `ARP(r:e)`: abort-reason and event-identifier.
 *
 * The variables rl and cr of the annex say that a release has begun, and that two have met. The annex leaves to session what its
 * own user may do about a release; our rows guard it, so that nothing is committed that session would refuse. To tell that, it is kept
 * which half of a release is open: `req` ours, `ind` the peer's. rl is either, cr is both.
 *
 * Context 3 stands for what an alteration deletes; p05, p06 and p07 ask whether a value may still, or already not, be of it.
 */
export const presentation: LayerTable = {
  name: 'Presentation',
  source: 'X.226, Tables A.21 to A.26',
  initial: 'STAI0',
  states: {
    STAI0: 'idle, no connection',
    STAI1: 'await CPA',
    STAI2: 'await P-CONNECT response',
    STAt0: 'connected, data transfer',
    STAac0: 'await ACA',
    STAac1: 'await P-ALTER-CONTEXT response',
    STAac2: 'await both',
  },
  facts: {
    req: 'our release is not confirmed',
    ind: 'the release of the peer is not answered',
    done: 'our release was confirmed while that of the peer is not answered: they had collided',
    answered: 'that of the peer was answered while ours is not confirmed: they had collided',
    init: 'we asked for the connection',
    nr: 'session has negotiated release',
    td: 'session has typed data, and both users want it',
    cm: 'context management is selected: FU(CM)',
    ourdel: 'we have proposed to delete context 3',
    peerdel: 'the peer has proposed to delete context 3',
    no3: 'context 3 is deleted',
  },
  starts: [[], ['nr'], ['td'], ['td', 'cm']],
  events: {
    'P-CONNECT.request': 'user',
    'P-CONNECT.response+': 'user',
    'P-CONNECT.response-': 'user',
    'P-DATA.request': 'user',
    'P-TYPED-DATA.request': 'user',
    'P-TOKEN-GIVE.request': 'user',
    'P-TOKEN-PLEASE.request': 'user',
    'P-ALTER-CONTEXT.request': 'user',
    'P-ALTER-CONTEXT.response': 'user',
    'P-RELEASE.request': 'user',
    'P-RELEASE.response+': 'user',
    'P-RELEASE.response-': 'user',
    'P-U-ABORT.request': 'user',
    'P-P-ABORT.request': 'user',
    CP: 'peer',
    CPA: 'peer',
    CPR: 'peer',
    ARU: 'peer',
    ARP: 'peer',
    TD: 'peer',
    AC: 'peer',
    ACA: 'peer',
    TTD: 'peer',
    'PPDU of another unit': 'peer',
    'S-CONNECT.confirm-': 'provider',
    'S-RELEASE.indication': 'provider',
    'S-RELEASE.confirm+': 'provider',
    'S-RELEASE.confirm-': 'provider',
    'S-TOKEN-GIVE.indication': 'provider',
    'S-TOKEN-PLEASE.indication': 'provider',
    'S-P-ABORT.indication': 'provider',
    'session indication of another unit': 'provider',
    malformed: 'malformed',
  },
  variants: {
    'P-CONNECT.request': ['proposed contexts', 'foreign context'],
    'P-DATA.request': ['context 1', 'context 3', 'foreign context'],
    'P-TYPED-DATA.request': ['context 1', 'context 3', 'foreign context'],
    'P-ALTER-CONTEXT.request': ['add', 'delete 3'],
    'P-ALTER-CONTEXT.response': ['accept', 'refuse'],
    CP: ['acceptable', 'another version', 'foreign context'],
    CPA: ['accepted contexts', 'foreign context'],
    CPR: ['by the user', 'by the provider', 'foreign context'],
    ARU: ['DCS', 'foreign context'],
    TD: ['context 1', 'context 3', 'foreign context'],
    TTD: ['context 1', 'context 3', 'foreign context'],
    AC: ['add', 'delete 3', 'foreign context'],
    ACA: ['accept', 'refuse', 'foreign context'],
    'PPDU of another unit': ['TE', 'TC', 'TCC', 'RS', 'RSA'],
    'S-RELEASE.indication': ['DCS', 'foreign context'],
    'session indication of another unit': ['S-SYNC-MINOR.indication', 'S-ACTIVITY-END.confirm'],
    malformed: ['S-CONNECT.indication', 'S-CONNECT.confirm', 'S-DATA.indication', 'S-RELEASE.indication', 'S-U-ABORT.indication'],
  },
  macros: {
    // The event itself ended the session connection.
    GONE: `! ↑P-P-ABORT.indication ${OVER} → STAI0`,
    ABORTED: `↑P-P-ABORT.indication ${OVER} → STAI0`,
    NOTASKED: 'kept away: session confirms what was asked for, and negatively only with negotiated release',
    BUSY: 'kept away: during a release session refuses it',
    ...Object.fromEntries(
      CODES.flatMap(code => [
        [`E${code}`, `! ↓ARP(${code}) ↑P-P-ABORT.indication ${OVER} → STAI0`],
        // Nobody has been told of a connection.
        [`I${code}`, `! ↓ARP(${code})`],
      ]),
    ),
    // X.225, 7.6.2: nothing after FINISH, nor in a collision.
    CLOSED: ['[req] usage', '[done] usage'],
    // Releases do not cross where there is a token; session delivers one, and confirms one.
    SECOND: [
      '[ind] kept away: session delivers no second release before the first is answered',
      '[answered] kept away: session delivers one release of the peer',
      '[nr & req] kept away: with a release token only its owner releases, so releases do not cross',
    ],
  },
  rows: {
    // A.21
    'P-CONNECT.request': { STAI0: ['[foreign context] usage', '[else] ↓CP +init → STAI1'], '*': 'usage' },
    CP: {
      STAI0: ['[another version] ↓CPR', '[foreign context] I6:0', '[else] ↑P-CONNECT.indication → STAI2'],
      '*': 'E2:0',
    },
    'P-CONNECT.response+': { STAI2: '↓CPA → STAt0', '*': 'usage' },
    'P-CONNECT.response-': { STAI2: '↓CPR → STAI0', '*': 'usage' },
    CPA: {
      STAI0: 'I2:1',
      STAI1: ['[foreign context] E6:1', '[else] ↑P-CONNECT.confirm+ → STAt0'],
      '*': 'E2:1',
    },
    CPR: {
      STAI0: 'ignored',
      STAI1: ['[foreign context] GONE', '[else] ↑P-CONNECT.confirm- -init → STAI0'],
      '*': 'GONE',
    },
    'S-CONNECT.confirm-': { STAI0: 'ignored', STAI1: '↑P-CONNECT.confirm- -init → STAI0', '*': 'GONE' },

    // A.22. A collision that is half over ends an alteration: STAt0.
    'P-RELEASE.request': {
      [CONNECTED]: ['CLOSED', '[nr & ind] usage', '[else] ↓S-RELEASE.request +req'],
      '*': 'usage',
    },
    'S-RELEASE.indication': {
      STAI0: 'I3:14',
      [CONNECTED]: ['SECOND', '[foreign context] E6:14', '[else] ↑P-RELEASE.indication +ind'],
      '*': 'E3:14',
    },
    'P-RELEASE.response+': {
      [CONNECTED]: [
        '[not ind] usage',
        '[req] ↓S-RELEASE.response+ -ind +answered -ourdel -peerdel → STAt0',
        `[else] ↓S-RELEASE.response+ ${OVER} → STAI0`,
      ],
      '*': 'usage',
    },
    'S-RELEASE.confirm+': {
      STAI0: 'ignored',
      [CONNECTED]: [
        '[not req] NOTASKED',
        '[req & ind] ↑P-RELEASE.confirm+ -req +done -ourdel -peerdel → STAt0',
        `[else] ↑P-RELEASE.confirm+ ${OVER} → STAI0`,
      ],
      '*': 'GONE',
    },
    'P-RELEASE.response-': { [CONNECTED]: ['[nr & ind] ↓S-RELEASE.response- -ind', '[else] usage'], '*': 'usage' },
    'S-RELEASE.confirm-': {
      STAI0: 'I3:15',
      [CONNECTED]: ['[not req] NOTASKED', '[nr] ↑P-RELEASE.confirm- -req', '[else] NOTASKED'],
      '*': 'E3:15',
    },

    // A.23
    'P-U-ABORT.request': { STAI0: 'usage', '*': `↓ARU ${OVER} → STAI0` },
    // Not of the annex: how our user reports a value that is none of its abstract syntax (6.4.4.3).
    'P-P-ABORT.request': { STAI0: 'usage', '*': `↓ARP(6:7) ${OVER} → STAI0` },
    ARU: { STAI0: 'ignored', '*': ['[foreign context] GONE', `[else] ↑P-U-ABORT.indication ${OVER} → STAI0`] },
    ARP: { STAI0: 'ignored', '*': 'ABORTED' },
    'S-P-ABORT.indication': { STAI0: 'ignored', '*': 'ABORTED' },

    // A.24
    'P-ALTER-CONTEXT.request': {
      STAt0: ['[not cm] usage', 'CLOSED', '[add] ↓AC → STAac0', '[no3] usage', '[else] ↓AC +ourdel → STAac0'],
      STAac1: ['[req] usage', '[add] ↓AC → STAac2', '[no3] usage', '[else] ↓AC +ourdel → STAac2'],
      '*': 'usage',
    },
    AC: {
      STAI0: 'I2:5',
      STAt0: [
        '[not cm] E2:5',
        '[ind] BUSY',
        '[answered] BUSY',
        '[foreign context] E6:5',
        '[add] ↑P-ALTER-CONTEXT.indication → STAac1',
        '[no3] kept away: the peer deletes what there is',
        '[else] ↑P-ALTER-CONTEXT.indication +peerdel → STAac1',
      ],
      STAac0: [
        '[ind] BUSY',
        '[foreign context] E6:5',
        '[add] ↑P-ALTER-CONTEXT.indication → STAac2',
        '[no3] kept away: the peer deletes what there is',
        '[else] ↑P-ALTER-CONTEXT.indication +peerdel → STAac2',
      ],
      '*': 'E2:5',
    },
    'P-ALTER-CONTEXT.response': {
      STAac1: ['[req] usage', '[accept & peerdel] ↓ACA -peerdel +no3 → STAt0', '[else] ↓ACA -peerdel → STAt0'],
      STAac2: ['[req] usage', '[accept & peerdel] ↓ACA -peerdel +no3 → STAac0', '[else] ↓ACA -peerdel → STAac0'],
      '*': 'usage',
    },
    ACA: {
      STAI0: 'I2:6',
      STAac0: [
        '[ind] BUSY',
        '[foreign context] E6:6',
        '[accept & ourdel] ↑P-ALTER-CONTEXT.confirm -ourdel +no3 → STAt0',
        '[else] ↑P-ALTER-CONTEXT.confirm -ourdel → STAt0',
      ],
      STAac2: [
        '[ind] BUSY',
        '[foreign context] E6:6',
        '[accept & ourdel] ↑P-ALTER-CONTEXT.confirm -ourdel +no3 → STAac1',
        '[else] ↑P-ALTER-CONTEXT.confirm -ourdel → STAac1',
      ],
      '*': 'E2:6',
    },

    // A.25; p05, p06, p07
    'P-DATA.request': {
      'STAt0 STAac1': ['[foreign context] usage', '[context 3 & no3] usage', 'CLOSED', '[else] ↓TD'],
      'STAac0 STAac2': ['[foreign context] usage', '[context 3 & no3] usage', '[context 3 & ourdel] usage', '[req] usage', '[else] ↓TD'],
      '*': 'usage',
    },
    TD: {
      STAI0: 'I2:7',
      'STAt0 STAac0': ['[foreign context] E6:7', '[context 3 & no3] E6:7', '[else] ↑P-DATA.indication'],
      'STAac1 STAac2': ['[foreign context] E6:7', '[context 3 & no3] E6:7', '[context 3 & peerdel] E6:7', '[else] ↑P-DATA.indication'],
      '*': 'E2:7',
    },
    'P-TYPED-DATA.request': {
      'STAt0 STAac1': ['[not td] usage', '[foreign context] usage', '[context 3 & no3] usage', 'CLOSED', '[else] ↓TTD'],
      'STAac0 STAac2': ['[foreign context] usage', '[context 3 & no3] usage', '[context 3 & ourdel] usage', '[req] usage', '[else] ↓TTD'],
      '*': 'usage',
    },
    TTD: {
      STAI0: 'I2:8',
      'STAt0 STAac0': ['[not td] E2:8', '[foreign context] E6:8', '[context 3 & no3] E6:8', '[else] ↑P-TYPED-DATA.indication'],
      'STAac1 STAac2': [
        '[foreign context] E6:8',
        '[context 3 & no3] E6:8',
        '[context 3 & peerdel] E6:8',
        '[else] ↑P-TYPED-DATA.indication',
      ],
      '*': 'E2:8',
    },

    // A.26, where session has a token
    'P-TOKEN-GIVE.request': { STAt0: ['[not nr] usage', '[req] BUSY', '[ind] BUSY', '[else] ↓S-TOKEN-GIVE.request'], '*': 'usage' },
    'P-TOKEN-PLEASE.request': { STAt0: ['[not nr] usage', '[req] BUSY', '[ind] BUSY', '[else] ↓S-TOKEN-PLEASE.request'], '*': 'usage' },
    'S-TOKEN-GIVE.indication': { STAI0: 'I3:16', STAt0: ['[nr] ↑P-TOKEN-GIVE.indication', '[else] E3:16'], '*': 'E3:16' },
    'S-TOKEN-PLEASE.indication': { STAI0: 'I3:17', STAt0: ['[nr] ↑P-TOKEN-PLEASE.indication', '[else] E3:17'], '*': 'E3:17' },

    // Units that are not agreed
    'PPDU of another unit': {
      STAI0: ['[TE] I2:9', '[TC] I2:10', '[TCC] I2:11', '[RS] I2:12', '[RSA] I2:13'],
      '*': ['[TE] E2:9', '[TC] E2:10', '[TCC] E2:11', '[RS] E2:12', '[RSA] E2:13'],
    },
    'session indication of another unit': {
      STAI0: ['[S-SYNC-MINOR.indication] I3:19', '[else] I3:32'],
      '*': ['[S-SYNC-MINOR.indication] E3:19', '[else] E3:32'],
    },
    malformed: {
      // Any octets of S-DATA or S-RELEASE may be user data (simple encoding): it is the state that is wrong.
      STAI0: ['[S-U-ABORT.indication] ignored', '[S-DATA.indication] I2:7', '[S-RELEASE.indication] I3:14', '[else] I1'],
      [CONNECTED]: ['[S-U-ABORT.indication] GONE', '[else] E1'],
      '*': ['[S-U-ABORT.indication] GONE', '[S-DATA.indication] E2:7', '[S-RELEASE.indication] E3:14', '[else] E1'],
    },
  },
}
