import type { AdditionalServiceName, AdditionalServiceResponse, AdditionalServices } from '../asn1/additional-service.js'
import type { RejectReason, ServiceError } from '../asn1/error.js'
import type { MmsPeer } from '../edge/peer.js'
import { blockOf } from '../negotiation.js'
import type { ConfirmedServiceName, ConfirmedServices } from '../services.js'
import type { ServerAssociation } from './association.js'
import { unrecognized } from './errors.js'
import { defineNamedVariableList, deleteNamedVariableList, getNamedVariableListAttributes } from './list-services.js'
import { andThen, type Maybe } from './maybe.js'
import { getVariableAccessAttributes, read, write } from './variable-services.js'
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

/** How a service inside additionalService ends. */
export type AdditionalAnswer<S extends AdditionalServiceName> =
  | { readonly response: AdditionalServices[S]['response'] }
  | { readonly error: ServiceError }
  | { readonly reject: RejectReason }

/** Serves one service inside additionalService. What it throws is answered with an error of class service, code other. */
export type AdditionalHandler<S extends AdditionalServiceName, A extends MmsPeer = ServerAssociation> = (
  argument: AdditionalServices[S]['request'],
  association: A,
  call: ServedCall,
) => Maybe<AdditionalAnswer<S>>
export type AdditionalHandlers<A extends MmsPeer = ServerAssociation> = { readonly [S in AdditionalServiceName]?: AdditionalHandler<S, A> }

/** The confirmed service additionalService over those inside it. */
export function additionalService<A extends MmsPeer>(handlers: AdditionalHandlers<A>): Handler<'additionalService', A> {
  return ({ type, value }, association, call) => {
    const handler = handlers[type] as AdditionalHandler<AdditionalServiceName, A> | undefined
    if (handler === undefined || !association.negotiated.parameterCBB.includes(blockOf(type))) return unrecognized
    return andThen(handler(value as never, association, call), answer =>
      'response' in answer ? { response: { type, value: answer.response } as AdditionalServiceResponse } : answer,
    )
  }
}

/** The services of every server, unless a user takes one away. */
export const usualHandlers: Handlers = {
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
