import type { OsiError } from '@x/core'
import type { TConnectConfirm, TConnectIndication, TDisconnectIndication } from '@x/cotp'
import type { Spdu } from './codec.js'
import type { Settled } from './negotiation.js'
import type { SConnectIndication, SessionSubmit } from './service.js'
import type { AC, CN } from './spdu.js'
import type { ProviderRefuseReason } from './values.js'

/** A CN, judged before the table is asked (predicate p76): either what goes up, or why it is refused. */
export interface JudgedCN extends CN {
  readonly indication?: SConnectIndication
  readonly refusal?: ProviderRefuseReason
}

/** An AC in STA02A, with what it settles. */
export interface JudgedAC extends AC {
  readonly settled?: Settled
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
  | Exclude<Spdu, CN | AC>
  | JudgedCN
  | JudgedAC
  | ProtocolErrorEvent
  | { readonly type: 'TIM' }
  /** Ours: a transport connection was kept for another session, and none came. */
  | { readonly type: 'kept too long' }
