import { type DecodeError, rowsFor, StateTable } from '@x/core'
import type { NDisconnectIndication } from '@x/tpkt'
import { notOfClass0 } from './faults.js'
import type { TransportMachine } from './machine.js'
import type { TransportDelivery, TransportSubmit } from './service.js'
import type { Tpdu } from './tpdu.js'

/**
 * X.224, Table A.2, the states of class 0. WFNC, wait for network connection, is left out: the machine stands on a network
 * connection that is already open (predicate P3), so neither N-CONNECT confirm nor the rows of WFNC can happen.
 */
export const states = ['CLOSED', 'WFCC', 'WFTRESP', 'OPEN'] as const
export type TransportState = (typeof states)[number]

/** Octets from the peer that are no valid TPDU, or a valid one that breaks the procedure: X.224, 3.2.16 and 3.2.17. */
export interface InvalidTpdu {
  readonly type: 'invalid TPDU'
  readonly octets: Uint8Array
  readonly error: DecodeError
}

/** TS1 of X.224, 6.5.4 note 2, and two of our own: one lets the peer of a refused connection close first, one bounds the segments of a TSDU. */
export type TransportTimer =
  | { readonly type: 'TS1 expired' }
  | { readonly type: 'refusal timer expired' }
  | { readonly type: 'TSDU timer expired' }

export type TransportEvent = TransportSubmit | NDisconnectIndication | Tpdu | InvalidTpdu | TransportTimer

const on = rowsFor<TransportMachine, TransportState, TransportEvent, TransportDelivery>()
const connected = ['WFCC', 'WFTRESP', 'OPEN'] as const
/** TPDUs that class 0 does not have. RJ has no row in Table A.6, but Table 8 keeps it out of class 0 as well. */
const foreign = ['DC', 'AK', 'EA', 'ED', 'RJ'] as const

/**
 * X.224, Table A.6, as far as class 0 goes. CLOSED also serves every TPDU that belongs to no transport connection.
 *
 * Left out: P0 (a T-CONNECT request that has no encoding throws before the table is asked), N-RESET (TCP has none), T-EXPEDITED-DATA
 * (class 0 has none), WBCL and CLOSING (class 2 only). An empty cell is the user's mistake, or a protocol error of the peer; both
 * kinds of protocol error, (2) in the table and empty cells, come back as the event `invalid TPDU`.
 */
export const table: StateTable<TransportMachine, TransportState, TransportEvent, TransportDelivery> = new StateTable([
  // We ask.
  on('T-CONNECT.request', 'CLOSED', { to: 'WFCC', if: t => t.networkOpen, do: t => t.sendCR() }), // P3
  on('CC', 'WFCC', { to: 'OPEN', if: t => t.verdict === 'accept', do: (t, e) => t.confirm(e) }), // P8
  on('CC', 'WFCC', { to: 'CLOSED', if: (_, e) => e.class === 0, do: t => t.endUnacceptable() }), // P6 and P5
  // P6 without P5 and P7: no predicate of the cell is true, which is read as an empty cell; RFC 2126, 7.
  on('CC', 'WFCC', { to: 'CLOSED', do: t => t.rejectReceived(t.verdict as DecodeError) }),
  on('DR', 'WFCC', { to: 'CLOSED', do: (t, e) => t.refusedBy(e) }), // [1]: we opened it, so we close it
  on('ER', 'WFCC', { to: 'CLOSED', do: (t, e) => t.refusedBy(e) }), // [1]
  on('T-DISCONNECT.request', 'WFCC', { to: 'CLOSED', do: t => t.closeNetwork() }), // no DR: the references are not agreed yet
  on('TS1 expired', 'WFCC', { to: 'CLOSED', do: (t, e) => t.endByTimer(e) }), // 6.5.4 note 2: not in the table

  // The peer asks.
  on('CR', 'CLOSED', { to: 'WFTRESP', if: t => t.verdict === 'accept', do: (t, e) => t.indicate(e) }), // not P1
  on('CR', 'CLOSED', { do: (t, e) => t.refuse(e) }), // P1; (1) ER instead of DR is the event `invalid TPDU`
  on('T-CONNECT.response', 'WFTRESP', { to: 'OPEN', do: t => t.sendCC() }),
  on('T-DISCONNECT.request', 'WFTRESP', { to: 'CLOSED', do: t => t.sendDR() }),
  on('CR', ['WFTRESP', 'OPEN'], { if: (_, e) => e.class === 4 }), // P9: the duplicate of an offer that was negotiated down
  // P10 and (5) honour a DR after a CR of class 4; otherwise it belongs to nothing and 6.9.1.4.2 a 2) disconnects. Both end so.
  on('DR', 'WFTRESP', { to: 'CLOSED', do: (t, e) => t.endByDR(e) }),
  on('refusal timer expired', 'CLOSED', { do: t => t.closeNetwork() }),

  // Data.
  on('T-DATA.request', 'OPEN', { do: (t, e) => t.sendData(e) }), // [3]
  on('DT', 'OPEN', { do: (t, e) => t.collect(e) }), // [3]
  on('TSDU timer expired', 'OPEN', { to: 'CLOSED', do: (t, e) => t.endByTimer(e) }), // not in the table: X.224 sets no time limit

  // The end: implicit release, 6.7.1.4, and error release, 6.8.3.
  on('T-DISCONNECT.request', 'OPEN', { to: 'CLOSED', do: t => t.closeNetwork() }),
  on('N-DISCONNECT.indication', connected, { to: 'CLOSED', do: (t, e) => t.endByNetwork(e) }),
  // (2): a protocol error by the table; several peers say goodbye with it, and nothing is gained by an answer.
  on('DR', 'OPEN', { to: 'CLOSED', do: (t, e) => t.endByDR(e) }),
  on('ER', 'OPEN', { to: 'CLOSED', do: (t, e) => t.endByER(e) }), // (2) in the table; 6.22 note 1: release

  // Protocol errors, 6.22.
  ...foreign.map(type => on(type, connected, { to: 'CLOSED', do: t => t.rejectReceived(notOfClass0(type)) })), // (2)
  on('invalid TPDU', connected, { to: 'CLOSED', do: (t, e) => t.endByProtocolError(e) }),
  on('invalid TPDU', 'CLOSED', { do: (t, e) => t.rejectStray(e) }), // 6.6.3 note 1; 6.9.1.4.1 b 2)

  // TPDUs without a connection, 6.9.1.4.2.
  on('CC', 'CLOSED', { do: (t, e) => t.refuseCC(e) }),
  on('DR', 'CLOSED', { do: t => t.closeNetwork() }), // (4); the text, a 2), disconnects, and the text wins
  ...(['DT', 'DC', 'AK', 'EA', 'ED', 'RJ', 'ER'] as const).map(type => on(type, 'CLOSED', {})),
])
