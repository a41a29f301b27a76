import type { RejectReason, ServiceError } from '../asn1/error.js'
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

/** Serves one confirmed service. What it throws is answered with an error of class service, code other. */
export type Handler<S extends ConfirmedServiceName> = (
  argument: ConfirmedServices[S]['request'],
  association: ServerAssociation,
  call: { readonly invokeID: number; readonly signal: AbortSignal },
) => Maybe<Answer<S>>

export type Handlers = { readonly [S in ConfirmedServiceName]?: Handler<S> }

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
