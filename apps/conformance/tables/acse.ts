import type { LayerTable } from './table.js'

/**
 * The table of the ACPM, from X.227, Table A.5 with 7.3.3.4 and A.3.1 for its blank cells: the user hears A-ABORT (source provider),
 * the peer gets an ABRT (source provider), the association is released. In STA0 there is nobody to tell and nothing to abort; a broken
 * AARQ is aborted without an indication (7.1.3.2). Session version 1 has no ABRT: a bare P-U-ABORT stands for it (7.3.3.1, 7.3.3.4).
 *
 * P-DATA is not of the annex (6.3): it goes through. Nothing of ACSE travels in it (Table 8).
 */
export const acse: LayerTable = {
  name: 'ACSE',
  source: 'X.227, Table A.5',
  initial: 'STA0',
  states: {
    STA0: 'idle',
    STA1: 'awaiting AARE',
    STA2: 'awaiting A-ASSOCIATE response',
    STA3: 'awaiting RLRE',
    STA4: 'awaiting A-RELEASE response',
    STA5: 'associated',
    STA6: 'collision, association-initiator: awaiting A-RELEASE response',
    STA7: 'collision, association-responder: awaiting RLRE',
  },
  facts: {
    p2: 'this ACPM originated the association',
    v1: 'the session connection is of version 1',
  },
  starts: [[]],
  events: {
    'A-ASSOCIATE.request': 'user',
    'A-ASSOCIATE.response+': 'user',
    'A-ASSOCIATE.response-': 'user',
    'A-RELEASE.request': 'user',
    'A-RELEASE.response+': 'user',
    'A-RELEASE.response-': 'user',
    'A-ABORT.request': 'user',
    'P-DATA.request': 'user',
    AARQ: 'peer',
    'AARE+': 'peer',
    'AARE-': 'peer',
    RLRQ: 'peer',
    'RLRE+': 'peer',
    'RLRE-': 'peer',
    ABRT: 'peer',
    'P-DATA.indication': 'provider',
    'P-CONNECT.confirm-': 'provider',
    'P-P-ABORT.indication': 'provider',
    'EXTRN-1': 'provider',
    'EXTRN-2': 'provider',
    malformed: 'malformed',
  },
  variants: {
    AARQ: ['can be supported', 'cannot be supported', 'over session version 1'],
    'AARE+': ['over session version 2', 'over session version 1'],
    ABRT: ['ABRT', 'P-U-ABORT alone'],
    malformed: ['AARQ', 'AARE', 'RLRQ', 'RLRE', 'ABRT', 'APDU in P-DATA'],
  },
  macros: {
    PE: ['[v1] ! ↓P-U-ABORT ↑A-ABORT.indication(provider) -* → STA0', '[else] PE2'],
    // Before the confirm the version of session is not known.
    PE2: '! ↓ABRT(provider) ↑A-ABORT.indication(provider) -* → STA0',
    // The event itself ended the presentation connection.
    GONE: '! ↑A-ABORT.indication(provider) -* → STA0',
    ABORT: ['[v1] ↓P-U-ABORT -* → STA0', '[else] ABORT2'],
    ABORT2: '↓ABRT(user) -* → STA0',
    EXTERNAL: 'never: our presentation service has neither resynchronize nor exception reports',
  },
  rows: {
    'A-ASSOCIATE.request': { STA0: '↓AARQ +p2 → STA1', '*': 'usage' }, // A01
    'A-ASSOCIATE.response+': { STA2: '↓AARE+ → STA5', '*': 'usage' }, // A02
    'A-ASSOCIATE.response-': { STA2: '↓AARE- -* → STA0', '*': 'usage' }, // A03
    AARQ: {
      // A04, A05
      STA0: [
        '[cannot be supported] ↓AARE- → STA0',
        '[over session version 1] ↑A-ASSOCIATE.indication +v1 → STA2',
        '[else] ↑A-ASSOCIATE.indication → STA2',
      ],
      STA1: 'PE2',
      '*': 'PE',
    },
    'AARE+': {
      STA0: 'ignored',
      STA1: ['[over session version 1] ↑A-ASSOCIATE.confirm+ +v1 → STA5', '[else] ↑A-ASSOCIATE.confirm+ → STA5'], // A06
      '*': 'PE',
    },
    'AARE-': { STA0: 'ignored', STA1: '↑A-ASSOCIATE.confirm- -* → STA0', '*': 'PE' }, // A07
    'P-CONNECT.confirm-': { STA0: 'ignored', STA1: '↑A-ASSOCIATE.confirm- -* → STA0', '*': 'PE' }, // A08
    'A-RELEASE.request': { STA5: '↓RLRQ → STA3', '*': 'usage' }, // A09
    // A10, A11
    'A-RELEASE.response+': { STA4: '↓RLRE+ -* → STA0', STA6: '↓RLRE+ → STA3', '*': 'usage' },
    'A-RELEASE.response-': { STA4: '↓RLRE- → STA5', '*': 'usage' }, // A12
    RLRQ: {
      STA0: 'ignored',
      STA3: ['[p2] ↑A-RELEASE.indication → STA6', '[not p2] ↑A-RELEASE.indication → STA7'], // A13, A14
      STA5: '↑A-RELEASE.indication → STA4', // A15
      STA1: 'PE2',
      '*': 'PE',
    },
    // A16, A17
    'RLRE+': { STA0: 'ignored', STA1: 'PE2', STA3: '↑A-RELEASE.confirm+ -* → STA0', STA7: '↑A-RELEASE.confirm+ → STA4', '*': 'PE' },
    'RLRE-': { STA0: 'ignored', STA1: 'PE2', STA3: '↑A-RELEASE.confirm- → STA5', '*': 'PE' }, // A18
    'A-ABORT.request': { STA0: 'usage', STA1: 'ABORT2', '*': 'ABORT' }, // A19 to A25
    // A26 to A32; the P-U-ABORT indication stands for the ABRT, with it or alone (7.3.3.2).
    ABRT: { STA0: 'ignored', '*': '↑A-ABORT.indication(user) -* → STA0' },
    'P-P-ABORT.indication': { STA0: 'ignored', '*': '↑A-P-ABORT.indication -* → STA0' }, // A33 to A39
    'EXTRN-1': { '*': 'EXTERNAL' },
    'EXTRN-2': { '*': 'EXTERNAL' },
    'P-DATA.request': {
      // X.225 lets the one who was asked for a release go on; session refuses where it does not.
      'STA4 STA5': '↓P-DATA.request',
      '*': 'usage',
    },
    // 7.2.3.1: while a release is awaited, data still flows upward. What session does not let through cannot come.
    'P-DATA.indication': { STA0: 'ignored', STA1: 'PE2', STA2: 'PE', '*': '↑P-DATA.indication' },
    malformed: {
      STA0: ['[AARQ] ! ↓ABRT(provider) → STA0', '[else] ignored'],
      STA1: ['[ABRT] GONE', '[else] PE2'],
      // A P-RELEASE confirm has ended the connection, an abort as well: nothing can be sent.
      STA3: ['[RLRE] GONE', '[ABRT] GONE', '[else] PE'],
      '*': ['[ABRT] GONE', '[else] PE'],
    },
  },
}
