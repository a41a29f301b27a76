import type { RejectReason, ServiceError } from '../asn1/error.js'
import type { MmsPeer } from '../edge/peer.js'
import type { ConfirmedServiceName, ConfirmedServices } from '../services.js'
import type { ServerAssociation } from './association.js'
import { defineNamedVariableList, deleteNamedVariableList, getNamedVariableListAttributes } from './list-services.js'
import { getVariableAccessAttributes, read, write } from './variable-services.js'
import type { Maybe } from './vmd.js'
import { getNameList, identify, status } from './vmd-services.js'

/** How a service ends: with its response, an error, or a reject of its argument. */
export type Answer<S extends ConfirmedServiceName> =
  | { readonly response: ConfirmedServices[S]['response'] }
  | { readonly error: ServiceError }
  | { readonly reject: RejectReason }

/** A request that is being served. */
export interface ServedCall {
  readonly invokeID: number
  /** Fires when the time for the answer is over, the request is cancelled, or the association ends. */
  readonly signal: AbortSignal
  /** Whether a Cancel of the peer ends it; then `signal` fires, and what the handler answers is thrown away. @default false */
  cancelable: boolean
  /** Gives it the whole time once more: there is progress. */
  restart(): void
}

/** Serves one confirmed service. What it throws is answered with an error of class service, code other. */
export type Handler<S extends ConfirmedServiceName, A extends MmsPeer = ServerAssociation> = (
  argument: ConfirmedServices[S]['request'],
  association: A,
  call: ServedCall,
) => Maybe<Answer<S>>

export type Handlers<A extends MmsPeer = ServerAssociation> = { readonly [S in ConfirmedServiceName]?: Handler<S, A> }

/** The services that a server has by itself. `servicesSupported` follows from these and from what a user adds or takes away. */
export const builtinHandlers: Handlers = {
  status,
  identify,
  getNameList,
  getVariableAccessAttributes,
  read,
  write,
  defineNamedVariableList,
  getNamedVariableListAttributes,
  deleteNamedVariableList,
}
