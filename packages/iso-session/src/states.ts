import { type OsiError, rowsFor, StateTable } from '@x/core'
import type { TConnectConfirm, TConnectIndication, TDisconnectIndication } from '@x/cotp'
import { type Spdu, spduFormats } from './codec.js'
import { lossIndication } from './deliveries.js'
import type { SessionMachine } from './machine.js'
import type { SConnectIndication, SConnectResponse, SessionDelivery, SessionSubmit } from './service.js'
import type { AB, CN, FN, RF } from './spdu.js'
import { PrepareType, type ProviderRefuseReason, TransportDisconnect } from './values.js'

/**
 * X.225, Table A.2, as far as our functional units reach: 01 idle, no transport connection · 01B await T-CONNECT.confirm ·
 * 01C idle, transport connected · 02A await AC · 03 await DN · 08 await S-CONNECT.response · 09 await S-RELEASE.response ·
 * 16 await T-DISCONNECT.indication · 713 data transfer.
 */
export type SessionState = 'STA01' | 'STA01B' | 'STA01C' | 'STA02A' | 'STA03' | 'STA08' | 'STA09' | 'STA16' | 'STA713'
export const sessionStates = ['STA01', 'STA01B', 'STA01C', 'STA02A', 'STA03', 'STA08', 'STA09', 'STA16', 'STA713'] as const

/** A CN, judged before the table is asked (predicate p76): either what goes up, or why it is refused. */
export interface JudgedCN extends CN {
  readonly indication?: SConnectIndication
  readonly refusal?: ProviderRefuseReason
}

/** X.225, A.4: an SPDU that is invalid, or for which the table has no row, or that holds more than we take. */
export interface ProtocolErrorEvent {
  readonly type: 'protocol error'
  readonly error: OsiError
  /** We could not, rather than the peer should not. */
  readonly restriction: boolean
  /** The TSDU it came in. */
  readonly tsdu: Uint8Array
  /** A CN whose identifier and length are sound, so that it can be refused. */
  readonly refusable: boolean
}

export type SessionEvent =
  | SessionSubmit
  | TConnectIndication
  | TConnectConfirm
  | TDisconnectIndication
  | Exclude<Spdu, CN>
  | JudgedCN
  | ProtocolErrorEvent
  | { readonly type: 'TIM' }

type Accept = Extract<SConnectResponse, { result: 'accept' }>

const on = rowsFor<SessionMachine, SessionState, SessionEvent, SessionDelivery>()
/** States in which a user is attached: an end reaches it, an error is answered with AB. */
const attached = ['STA02A', 'STA03', 'STA08', 'STA09', 'STA713'] as const
/** Those that a decoder can give: AE and AEA are told from MAP and MAA only where activities are selected. */
const spdus = spduFormats.map(format => format.type as Spdu['type']).filter(type => type !== 'AE' && type !== 'AEA')
const allBut = (...types: Spdu['type'][]) => spdus.filter(type => !types.includes(type)) as Exclude<Spdu['type'], 'CN'>[]

// Predicates, X.225, Table A.7, for our units: no transport expedited, the transport is never kept (p02 and p64 false).
const p01 = (s: SessionMachine) => !s.vtca
const p63 = (s: SessionMachine) => !s.negotiatedRelease || s.ownsReleaseToken
const p65 = (s: SessionMachine) => s.negotiatedRelease
const p67 = (s: SessionMachine) => s.negotiatedRelease
const p68 = (s: SessionMachine) => !s.negotiatedRelease || !s.ownsReleaseToken
const p69 = (s: SessionMachine) => s.vcoll
const p75 = (s: SessionMachine) => !s.vcoll || s.vdnr
/** FN-nr, or FN-r to the acceptor of the transport: only the initiator may offer to keep it. We never do. */
const finishes = (s: SessionMachine, fn: FN) => released(fn) || !p01(s)

/** Bit 1 of PI 17, set when it is absent. X.225, 8.3.5.6, 8.3.6.3. */
export function released(spdu: FN | RF | AB): boolean {
  return ((spdu.transportDisconnect ?? TransportDisconnect.released) & TransportDisconnect.released) !== 0
}

/**
 * X.225, Annex A, Tables A.8, A.9, A.15 and A.16: kernel, duplex and negotiated release, both versions. The kernel of our
 * machines sends first and delivers last; the annex tells the user before it disconnects. The peer cannot see the difference.
 *
 * Two guards are ours: a second S-RELEASE.request, FN or DN of one collision. The annex has no predicate against them.
 */
export const table: StateTable<SessionMachine, SessionState, SessionEvent, SessionDelivery> = new StateTable([
  // Table A.8: we ask
  on('S-CONNECT.request', 'STA01', { to: 'STA01B', do: (s, e) => s.openTransport(e) }),
  on('T-CONNECT.confirm', 'STA01B', { to: 'STA02A', do: (s, e) => s.sendCN(e) }),
  on('AC', 'STA02A', { to: 'STA713', do: (s, e) => s.confirmAccept(e) }),
  on('RF', 'STA02A', { to: 'STA01', do: (s, e) => s.confirmReject(e) }),

  // Table A.8: the peer asks
  on('T-CONNECT.indication', 'STA01', { to: 'STA01C', do: (s, e) => s.acceptTransport(e) }),
  on('CN', 'STA01C', { to: 'STA08', if: (_, e) => e.indication !== undefined, do: (_, e) => e.indication }),
  on('CN', 'STA01C', { to: 'STA16', do: (s, e) => s.refuse(e.refusal) }),
  on('S-CONNECT.response', 'STA08', { to: 'STA713', if: (_, e) => e.result === 'accept', do: (s, e) => s.sendAC(e as Accept) }),
  on('S-CONNECT.response', 'STA08', { to: 'STA16', do: s => s.sendAndWait() }),

  // Table A.9: p03 and p05 are true without a data token
  on('S-DATA.request', 'STA713', { do: (s, e) => s.sendDT(e) }),
  on('S-DATA.request', 'STA09', { if: s => !s.vcoll, do: (s, e) => s.sendDT(e) }),
  on('DT', 'STA713', { do: (_, e) => ({ type: 'S-DATA.indication', userData: e.userInformation }) }),
  on('DT', 'STA03', { if: s => !s.vcoll, do: (_, e) => ({ type: 'S-DATA.indication', userData: e.userInformation }) }),

  // Table A.15: release; without a token both sides may ask at once
  on('S-RELEASE.request', 'STA713', { to: 'STA03', if: p63, do: s => s.sendEncoded() }),
  on('S-RELEASE.request', 'STA09', { if: s => !p65(s) && !s.vcoll, do: s => s.collide() }),
  on('FN', 'STA713', { to: 'STA09', if: (s, e) => p68(s) && finishes(s, e), do: (s, e) => s.indicateRelease(e) }),
  on('FN', 'STA03', { to: 'STA09', if: (s, e) => !p65(s) && !s.vcoll && finishes(s, e), do: (s, e) => s.indicateCollision(e) }),
  on('S-RELEASE.response', 'STA09', { to: 'STA713', if: (s, e) => e.result === 'negative' && p67(s), do: s => s.sendEncoded() }),
  on('S-RELEASE.response', 'STA09', { to: 'STA16', if: (s, e) => e.result === 'affirmative' && p75(s), do: s => s.sendAndWait() }),
  on('S-RELEASE.response', 'STA09', {
    to: 'STA03',
    if: (s, e) => e.result === 'affirmative' && p69(s) && p01(s),
    do: s => s.sendEncoded(),
  }),
  on('DN', 'STA03', { to: 'STA01', do: (s, e) => s.confirmRelease(e) }),
  on('DN', 'STA09', { if: s => p69(s) && !p01(s) && !s.vdnr, do: (s, e) => s.confirmCollision(e) }),
  on('NF', 'STA03', { to: 'STA713', if: p67, do: (s, e) => s.confirmNegative(e) }),

  // Table A.16: abort and disconnect
  on('S-U-ABORT.request', 'STA01B', { to: 'STA01', do: s => s.disconnect() }),
  on('S-U-ABORT.request', attached, { to: 'STA16', do: s => s.sendAndWait() }),
  on('AB', attached, { to: 'STA01', do: (s, e) => s.indicateAbort(e) }),
  on('T-DISCONNECT.indication', 'STA03', { to: 'STA01', if: (s, e) => s.takenForDN(e), do: s => s.confirmRelease() }),
  on('T-DISCONNECT.indication', ['STA01B', ...attached], { to: 'STA01', do: (_, e) => lossIndication(e) }),
  on('T-DISCONNECT.indication', 'STA01C', { to: 'STA01' }),
  on('T-DISCONNECT.indication', 'STA16', { to: 'STA01', do: s => s.stopTIM() }),
  on('TIM', 'STA16', { to: 'STA01', do: s => s.disconnect() }),

  // A.4.1.2 and A.4.3.2; before a user is attached there is nobody to tell
  on('protocol error', attached, { to: 'STA16', do: (s, e) => s.abort(e) }),
  on('protocol error', 'STA01C', { to: 'STA16', if: (_, e) => e.refusable, do: s => s.refuse() }),
  on('protocol error', 'STA01C', { to: 'STA01', do: s => s.disconnect() }),
  on('protocol error', 'STA16', {}),

  // any other SPDU where no session is, or is no longer
  ...allBut('CN').map(type => on(type, 'STA01C', { to: 'STA01', do: s => s.disconnect() })),
  ...(['AA', 'AB', 'CN'] as const).map(type => on(type, 'STA16', { to: 'STA01', do: s => s.disconnectAtLast() })),
  on('PR', 'STA16', { to: 'STA01', if: (_, e) => e.prepareType === PrepareType.abort, do: s => s.disconnectAtLast() }),
  ...allBut('AA', 'AB', 'CN').map(type => on(type, 'STA16', {})),
])
