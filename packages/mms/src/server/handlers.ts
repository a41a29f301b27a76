import type { AdditionalServiceName, AdditionalServiceResponse, AdditionalServices } from '../asn1/additional-service.js'
import type { RejectReason, ServiceError } from '../asn1/error.js'
import type { Modifier } from '../asn1/modifier.js'
import type { MmsPeer } from '../edge/peer.js'
import { blockOf } from '../negotiation.js'
import type { ConfirmedServiceName, ConfirmedServices } from '../services.js'
import type { ServerAssociation } from './association.js'
import { unrecognized } from './errors.js'
import { andThen, type Maybe } from './maybe.js'
import { getVariableAccessAttributes } from './variable/attributes.js'
import { defineNamedVariableList, deleteNamedVariableList, getNamedVariableListAttributes } from './variable/lists.js'
import { read, write } from './variable/read-write.js'
import { getNameList, identify, status } from './vmd/services.js'

/** How a service ends: with its response, an error, or a reject of its argument. */
export type Answer<S extends ConfirmedServiceName> =
  /** `serviceExt`: a Response-Detail, where `csr` or `cspi` has one for the service. */
  | { readonly response: ConfirmedServices[S]['response']; readonly serviceExt?: Uint8Array | undefined }
  | { readonly error: ServiceError }
  | { readonly reject: RejectReason }

/** A request that is being served. */
export interface ServedCall {
  readonly invokeID: number
  /** The Request-Detail of `csr` and `cspi`, if there is one. */
  readonly serviceExt: Uint8Array | undefined
  /** Fires when the time for the answer is over, the request is cancelled, or the association ends. */
  readonly signal: AbortSignal
  /** Whether a Cancel of the peer ends it; then `signal` fires, and what the handler answers is thrown away. @default false */
  cancelable: boolean
  /** Gives it the whole time once more: there is progress. */
  restart(): void
  /** Stops the time for the answer until `restart`: what it waits for has a limit of its own, such as an acceptable delay. */
  suspend(): void
}

/** Serves one confirmed service. What it throws is answered with an error of class service, code other. */
export type Handler<S extends ConfirmedServiceName, A extends MmsPeer = ServerAssociation> = (
  argument: ConfirmedServices[S]['request'],
  association: A,
  call: ServedCall,
) => Maybe<Answer<S>>

export type Handlers<A extends MmsPeer = ServerAssociation> = { readonly [S in ConfirmedServiceName]?: Handler<S, A> }

/** What came of a modifier: the request goes on, or ends with an error or a reject. ISO 9506-1, 8.4. */
export type ModifierOutcome =
  /** `release`: called once when the service has ended and was answered, or never came to be executed; not when the association ends. */
  { readonly release?: () => void } | { readonly error: ServiceError } | { readonly reject: RejectReason }

/**
 * Runs one modifier of a request: the service behind it waits until the outcome is there, without limit by `callTimeout`. A Cancel of the peer ends
 * the wait; `call.signal` then fires, and an outcome that comes later is released again.
 */
export type ModifierHandler<M extends Modifier['type'], A extends MmsPeer = ServerAssociation> = (
  modifier: Extract<Modifier, { type: M }>['value'],
  association: A,
  call: ServedCall,
) => Maybe<ModifierOutcome>

/** What runs modifiers, by their names in ISO 9506-2. */
export type Modifiers<A extends MmsPeer = ServerAssociation> = { readonly [M in Modifier['type']]?: ModifierHandler<M, A> }

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
