import type { LayerTable } from './table.js'

/**
 * The table of class 0, from X.224, Annex A.4 and the text where it and the table differ (6.9.1.4.2: a DR that belongs to no
 * connection closes the network connection; 6.22: a protocol error is told to the peer by an ER, then the network connection is
 * closed). ER and DR are never answered by an ER, and neither is what comes before the peer has named its reference: there is
 * nothing to address it to. RFC 1006: the network connection is a TCP connection; N-RESET does not exist.
 *
 * The planning count of 22 events: 4 of the user (no negative T-CONNECT response exists, A.6), 3 of the network, 10 TPDUs, a code of no
 * TPDU, a malformed TPDU, 3 timers. T-EXPEDITED-DATA does not exist in class 0 (Table 8).
 */
export const cotp: LayerTable = {
  name: 'COTP',
  source: 'X.224, Annex A.4, class 0',
  initial: 'CLOSED',
  states: {
    CLOSED: 'no transport connection; also for TPDUs that belong to none',
    WFCC: 'waiting for the CC',
    WFTRESP: 'waiting for the T-CONNECT response',
    OPEN: 'the transport connection is open',
  },
  absent: { WFNC: 'the network connection is open before the machine exists: the event is one of the channel' },
  facts: {
    nc: 'the network connection is open',
    ours: 'we asked for the connection',
    known: 'the peer has named its reference',
    part: 'a TSDU is being reassembled',
    refused: 'a CR was refused; the peer may close or ask again',
  },
  starts: [['nc']],
  events: {
    'T-CONNECT.request': 'user',
    'T-CONNECT.response': 'user',
    'T-DATA.request': 'user',
    'T-DISCONNECT.request': 'user',
    'N-CONNECT.confirm': 'provider',
    'N-RESET.indication': 'provider',
    'N-DISCONNECT.indication': 'provider',
    CR: 'peer',
    CC: 'peer',
    DR: 'peer',
    DC: 'peer',
    DT: 'peer',
    ED: 'peer',
    AK: 'peer',
    EA: 'peer',
    RJ: 'peer',
    ER: 'peer',
    'unknown code': 'malformed',
    malformed: 'malformed',
    'TS1 expires': 'timer',
    'refusal timer expires': 'timer',
    'TSDU timer expires': 'timer',
  },
  variants: {
    'T-CONNECT.request': ['fits', 'too long'],
    'T-DATA.request': ['short', 'two segments', 'empty'],
    CR: ['acceptable', 'unacceptable', 'class 4'],
    CC: ['acceptable', 'unacceptable', 'another class'],
    DT: ['last', 'more', 'lone and empty'],
    malformed: ['CR', 'DT of class 2', 'length'],
  },
  macros: {
    // 6.22.1.3 a) and b). Over one TCP connection the user is told, as in the cell CC in WFCC.
    PE: '! ↓ER ↓N-DISCONNECT.request ↑T-DISCONNECT.indication -* → CLOSED',
    // The same where no ER may be sent.
    CLOSE: '! ↓N-DISCONNECT.request ↑T-DISCONNECT.indication -* → CLOSED',
    // A DR or ER while the CR is unanswered, and TS1: the initiator owns the network connection and closes it.
    END: '↓N-DISCONNECT.request ↑T-DISCONNECT.indication -* → CLOSED',
    GONE: 'never: the network connection is gone',
  },
  rows: {
    'T-CONNECT.request': {
      // P0 by the annex is a T-DISCONNECT indication; ours throws, since nothing was begun. P2 and P4: see WFNC.
      CLOSED: ['[too long] usage', '[nc] ↓CR -refused +ours → WFCC', '[else] usage'],
      '*': 'usage',
    },
    'T-CONNECT.response': { WFTRESP: '↓CC → OPEN', '*': 'usage' },
    'T-DATA.request': {
      OPEN: ['[short] ↓DT', '[two segments] ↓DT ↓DT', '[empty] usage'],
      '*': 'usage',
    },
    'T-DISCONNECT.request': {
      CLOSED: 'usage',
      WFCC: '↓N-DISCONNECT.request -* → CLOSED',
      WFTRESP: '↓DR -known +refused → CLOSED',
      OPEN: '↓N-DISCONNECT.request -* → CLOSED',
    },
    'N-CONNECT.confirm': { '*': 'never: the network connection is open before the machine exists' },
    'N-RESET.indication': { '*': 'never: TCP has no reset of a connection that goes on' },
    'N-DISCONNECT.indication': { CLOSED: ['[nc] -* → CLOSED', '[else] GONE'], '*': '↑T-DISCONNECT.indication -* → CLOSED' },
    CR: {
      CLOSED: ['[not nc] GONE', '[unacceptable] ↓DR +refused', '[else] ↑T-CONNECT.indication +known -refused → WFTRESP'],
      WFCC: 'CLOSE',
      // P9: a CR that prefers class 4 may be a duplicate of one that was negotiated down; P9 does not ask which one was.
      'WFTRESP OPEN': ['[class 4] ignored', '[else] PE'],
    },
    CC: {
      CLOSED: ['[not nc] GONE', '[else] ↓DR'],
      WFCC: [
        '[acceptable] ↑T-CONNECT.confirm +known → OPEN',
        '[unacceptable] ↓N-DISCONNECT.request ↑T-DISCONNECT.indication -* → CLOSED',
        '[another class] PE',
      ],
      'WFTRESP OPEN': 'PE',
    },
    DR: {
      // 6.9.1.4.2 a 2: no connection that it belongs to, and nothing but class 0 here.
      CLOSED: ['[not nc] GONE', '[else] ↓N-DISCONNECT.request -* → CLOSED'],
      'WFCC WFTRESP': 'END',
      OPEN: 'CLOSE',
    },
    DT: {
      CLOSED: ['[not nc] GONE', '[else] ignored'],
      WFCC: 'CLOSE',
      WFTRESP: 'PE',
      // 6.3.3: a TSDU has at least one octet; an empty last DT behind others is legal.
      OPEN: ['[last] ↑T-DATA.indication -part', '[more] +part', '[lone and empty & part] ↑T-DATA.indication -part', '[else] PE'],
    },
    ...Object.fromEntries(
      // RJ has no row in the annex: as AK.
      ['DC', 'ED', 'AK', 'EA', 'RJ'].map(event => [
        event,
        { CLOSED: ['[not nc] GONE', '[else] ignored'], WFCC: 'CLOSE', 'WFTRESP OPEN': 'PE' },
      ]),
    ),
    ER: {
      CLOSED: ['[not nc] GONE', '[else] ignored'],
      WFCC: 'END',
      'WFTRESP OPEN': 'CLOSE',
    },
    'unknown code': {
      CLOSED: ['[not nc] GONE', '[else] ! ↓N-DISCONNECT.request -* → CLOSED'],
      WFCC: 'CLOSE',
      'WFTRESP OPEN': 'PE',
    },
    malformed: {
      CLOSED: [
        '[not nc] GONE',
        '[CR] ! ↓ER ↓N-DISCONNECT.request -* → CLOSED',
        // Well formed where nothing says which class is in use.
        '[DT of class 2] ignored',
        '[else] ! ↓N-DISCONNECT.request -* → CLOSED',
      ],
      WFCC: 'CLOSE',
      'WFTRESP OPEN': 'PE',
    },
    'TS1 expires': { WFCC: 'END', '*': 'never: it runs only while the CR is unanswered' },
    'refusal timer expires': {
      CLOSED: ['[refused] ↓N-DISCONNECT.request -* → CLOSED', '[else] never: no CR was refused'],
      '*': 'never: it runs only after a refusal',
    },
    'TSDU timer expires': {
      OPEN: ['[part] END', '[else] never: no TSDU is unfinished'],
      '*': 'never: there is no TSDU',
    },
  },
}
