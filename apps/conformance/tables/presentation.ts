import type { LayerTable } from './table.js'

/**
 * The table of the PPM, from X.226, Tables A.21, A.22, A.23 and A.25, kernel, with A.4.1.2 and 6.4.4 for the blank cells: an ARP where a
 * session connection still exists, and P-P-ABORT where a user knows of a connection. `ARP(r:e)`: abort-reason and event-identifier.
 *
 * The variables rl and cr of the annex say that a release has begun, and that two have met. The annex leaves to session what its
 * own user may do about a release; our rows guard it, so that nothing is committed that session would refuse. To tell that, it is kept
 * which half of a release is open: `req` ours, `ind` the peer's. rl is either, cr is both.
 */
export const presentation: LayerTable = {
  name: 'Presentation',
  source: 'X.226, Tables A.21 to A.25',
  initial: 'STAI0',
  states: {
    STAI0: 'idle, no connection',
    STAI1: 'await CPA',
    STAI2: 'await P-CONNECT response',
    STAt0: 'connected, data transfer',
  },
  absent: {},
  facts: {
    req: 'our release is not confirmed',
    ind: 'the release of the peer is not answered',
    done: 'our release was confirmed while that of the peer is not answered: they had collided',
    answered: 'that of the peer was answered while ours is not confirmed: they had collided',
    nr: 'session has negotiated release',
  },
  starts: [[], ['nr']],
  events: {
    'P-CONNECT.request': 'user',
    'P-CONNECT.response+': 'user',
    'P-CONNECT.response-': 'user',
    'P-DATA.request': 'user',
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
    'S-P-ABORT.indication': 'provider',
    'session indication of another unit': 'provider',
    malformed: 'malformed',
  },
  variants: {
    'P-CONNECT.request': ['proposed contexts', 'foreign context'],
    'P-DATA.request': ['DCS', 'foreign context'],
    CP: ['acceptable', 'another version', 'foreign context'],
    CPA: ['accepted contexts', 'foreign context'],
    CPR: ['by the user', 'by the provider', 'foreign context'],
    ARU: ['DCS', 'foreign context'],
    TD: ['DCS', 'foreign context'],
    'PPDU of another unit': ['TE', 'TC', 'TCC', 'RS', 'RSA'],
    'S-RELEASE.indication': ['DCS', 'foreign context'],
    'session indication of another unit': ['S-SYNC-MINOR.indication', 'S-ACTIVITY-END.confirm'],
    malformed: ['S-CONNECT.indication', 'S-CONNECT.confirm', 'S-DATA.indication', 'S-RELEASE.indication', 'S-U-ABORT.indication'],
  },
  macros: {
    // The event itself ended the session connection.
    GONE: '! ↑P-P-ABORT.indication -req -ind -done -answered → STAI0',
    NOTASKED: 'kept away: session confirms what was asked for, and negatively only with negotiated release',
    ABORTED: '↑P-P-ABORT.indication -req -ind -done -answered → STAI0',
    ...Object.fromEntries(
      [
        '1',
        '2:0',
        '2:1',
        '2:5',
        '2:6',
        '2:7',
        '2:8',
        '2:9',
        '2:10',
        '2:11',
        '2:12',
        '2:13',
        '3:14',
        '3:15',
        '3:19',
        '3:32',
        '6:0',
        '6:1',
        '6:7',
        '6:14',
      ].flatMap(code => [
        [`E${code}`, `! ↓ARP(${code}) ↑P-P-ABORT.indication -req -ind -done -answered → STAI0`],
        // Nobody has been told of a connection.
        [`I${code}`, `! ↓ARP(${code})`],
      ]),
    ),
  },
  rows: {
    // A.21
    'P-CONNECT.request': { STAI0: ['[foreign context] usage', '[else] ↓CP → STAI1'], '*': 'usage' },
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
      STAI1: ['[foreign context] GONE', '[else] ↑P-CONNECT.confirm- → STAI0'],
      '*': 'GONE',
    },
    'S-CONNECT.confirm-': { STAI0: 'ignored', STAI1: '↑P-CONNECT.confirm- → STAI0', '*': 'GONE' },

    // A.22
    'P-RELEASE.request': {
      STAt0: ['[req] usage', '[done] usage', '[nr & ind] usage', '[else] ↓S-RELEASE.request +req'],
      '*': 'usage',
    },
    'S-RELEASE.indication': {
      STAI0: 'I3:14',
      STAt0: [
        '[ind] kept away: session delivers no second release before the first is answered',
        '[answered] kept away: session delivers one release of the peer',
        '[nr & req] kept away: with a release token only its owner releases, so releases do not cross',
        '[foreign context] E6:14',
        '[else] ↑P-RELEASE.indication +ind',
      ],
      '*': 'E3:14',
    },
    'P-RELEASE.response+': {
      STAt0: ['[not ind] usage', '[req] ↓S-RELEASE.response+ -ind +answered', '[else] ↓S-RELEASE.response+ -ind -done -answered → STAI0'],
      '*': 'usage',
    },
    'S-RELEASE.confirm+': {
      STAI0: 'ignored',
      STAt0: [
        '[not req] NOTASKED',
        '[req & ind] ↑P-RELEASE.confirm+ -req +done',
        '[else] ↑P-RELEASE.confirm+ -req -ind -done -answered → STAI0',
      ],
      '*': 'GONE',
    },
    'P-RELEASE.response-': { STAt0: ['[nr & ind] ↓S-RELEASE.response- -ind', '[else] usage'], '*': 'usage' },
    'S-RELEASE.confirm-': {
      STAI0: 'I3:15',
      STAt0: ['[not req] NOTASKED', '[nr] ↑P-RELEASE.confirm- -req', '[else] NOTASKED'],
      '*': 'E3:15',
    },

    // A.23
    'P-U-ABORT.request': { STAI0: 'usage', '*': '↓ARU -req -ind -done -answered → STAI0' },
    // Not of the annex: how our user reports a value that is none of its abstract syntax (6.4.4.3).
    'P-P-ABORT.request': { STAI0: 'usage', '*': '↓ARP(6:7) -req -ind -done -answered → STAI0' },
    ARU: { STAI0: 'ignored', '*': ['[foreign context] GONE', '[else] ↑P-U-ABORT.indication -req -ind -done -answered → STAI0'] },
    ARP: { STAI0: 'ignored', '*': 'ABORTED' },
    'S-P-ABORT.indication': { STAI0: 'ignored', '*': 'ABORTED' },

    // A.25
    'P-DATA.request': {
      // X.225, 7.6.2: none after FINISH, nor in a collision.
      STAt0: ['[foreign context] usage', '[req] usage', '[done] usage', '[else] ↓TD'],
      '*': 'usage',
    },
    TD: { STAI0: 'I2:7', STAt0: ['[foreign context] E6:7', '[else] ↑P-DATA.indication'], '*': 'E2:7' },

    // Units that are not agreed
    AC: { STAI0: 'I2:5', '*': 'E2:5' },
    ACA: { STAI0: 'I2:6', '*': 'E2:6' },
    TTD: { STAI0: 'I2:8', '*': 'E2:8' },
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
      STAt0: ['[S-U-ABORT.indication] GONE', '[else] E1'],
      '*': ['[S-U-ABORT.indication] GONE', '[S-DATA.indication] E2:7', '[S-RELEASE.indication] E3:14', '[else] E1'],
    },
  },
}
