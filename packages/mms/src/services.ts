import { ANY, CHOICE, type Choice, explicit, implicit, NULL, type Type } from '@x/ber'
import * as variables from './asn1/variable-access.js'
import * as vmd from './asn1/vmd.js'
import { confirmedServiceNames, type ServiceName, unconfirmedServiceNames } from './service-names.js'

/**
 * The services that have types, each with its argument and its result. A service is added by a line here and a line in
 * `confirmedServices` below: all else (PDUs, machine, client, server) follows from these two.
 */
export interface ConfirmedServices {
  status: { request: boolean; response: vmd.StatusResponse }
  getNameList: { request: vmd.GetNameListRequest; response: vmd.GetNameListResponse }
  identify: { request: null; response: vmd.IdentifyResponse }
  read: { request: variables.ReadRequest; response: variables.ReadResponse }
  write: { request: variables.WriteRequest; response: variables.WriteResponse }
  getVariableAccessAttributes: {
    request: variables.GetVariableAccessAttributesRequest
    response: variables.GetVariableAccessAttributesResponse
  }
  defineNamedVariableList: { request: variables.DefineNamedVariableListRequest; response: null }
  getNamedVariableListAttributes: {
    request: variables.GetNamedVariableListAttributesRequest
    response: variables.GetNamedVariableListAttributesResponse
  }
  deleteNamedVariableList: { request: variables.DeleteNamedVariableListRequest; response: variables.DeleteNamedVariableListResponse }
}

/** The unconfirmed services that have types. */
export interface UnconfirmedServices {
  informationReport: variables.InformationReport
  unsolicitedStatus: vmd.StatusResponse
}

/** Request and response type of each service; the tags and their kind come from the table of names. */
export const confirmedServices: {
  readonly [S in keyof ConfirmedServices]: {
    readonly request: Type<ConfirmedServices[S]['request']>
    readonly response: Type<ConfirmedServices[S]['response']>
  }
} = {
  status: { request: vmd.StatusRequest, response: vmd.StatusResponse },
  getNameList: { request: vmd.GetNameListRequest, response: vmd.GetNameListResponse },
  identify: { request: vmd.IdentifyRequest, response: vmd.IdentifyResponse },
  read: { request: variables.ReadRequest, response: variables.ReadResponse },
  write: { request: variables.WriteRequest, response: variables.WriteResponse },
  getVariableAccessAttributes: {
    request: variables.GetVariableAccessAttributesRequest,
    response: variables.GetVariableAccessAttributesResponse,
  },
  defineNamedVariableList: { request: variables.DefineNamedVariableListRequest, response: NULL },
  getNamedVariableListAttributes: {
    request: variables.GetNamedVariableListAttributesRequest,
    response: variables.GetNamedVariableListAttributesResponse,
  },
  deleteNamedVariableList: { request: variables.DeleteNamedVariableListRequest, response: variables.DeleteNamedVariableListResponse },
}

export const unconfirmedServices: { readonly [S in keyof UnconfirmedServices]: Type<UnconfirmedServices[S]> } = {
  informationReport: variables.InformationReport,
  unsolicitedStatus: vmd.StatusResponse,
}

/** An alternative without a type: the whole element. `serviceOf` names it. */
export type UnknownService = Uint8Array

/** ISO 9506-2, ConfirmedServiceRequest. */
export type ConfirmedServiceRequest = Choice<
  { [S in keyof ConfirmedServices]: ConfirmedServices[S]['request'] } & { unknown: UnknownService }
>
/** ISO 9506-2, ConfirmedServiceResponse. */
export type ConfirmedServiceResponse = Choice<
  { [S in keyof ConfirmedServices]: ConfirmedServices[S]['response'] } & { unknown: UnknownService }
>
/** ISO 9506-2, UnconfirmedService. */
export type UnconfirmedService = Choice<UnconfirmedServices & { unknown: UnknownService }>

/** The names of the confirmed services that have types. */
export type ConfirmedServiceName = keyof ConfirmedServices
/** The names of the unconfirmed services that have types. */
export type UnconfirmedServiceName = keyof UnconfirmedServices

/** A request with its argument, as the primitives have it. */
export type ConfirmedRequest = {
  [S in ConfirmedServiceName]: { readonly service: S; readonly argument: ConfirmedServices[S]['request'] }
}[ConfirmedServiceName]
/** A response with its result, as the primitives have it. */
export type ConfirmedResponse = {
  [S in ConfirmedServiceName]: { readonly service: S; readonly response: ConfirmedServices[S]['response'] }
}[ConfirmedServiceName]
/** An unconfirmed service with its argument, as the primitives have it. */
export type UnconfirmedRequest = {
  [S in UnconfirmedServiceName]: { readonly service: S; readonly argument: UnconfirmedServices[S] }
}[UnconfirmedServiceName]

function tagged<T>(service: ServiceName, side: 'request' | 'response', type: Type<T>): Type<T> {
  return service[side] === 'implicit' ? implicit(service.tag, type) : explicit(service.tag, type)
}

function alternatives(
  names: readonly ServiceName[],
  side: 'request' | 'response',
  typeOf: (name: string) => Type<never> | undefined,
): Record<string, Type<never>> {
  const all: Record<string, Type<never>> = {}
  for (const service of names) {
    const type = typeOf(service.name)
    if (type) all[service.name] = tagged(service, side, type)
  }
  all.unknown = ANY as unknown as Type<never>
  return all
}

const confirmed = confirmedServices as unknown as Readonly<
  Record<string, { readonly request: Type<never>; readonly response: Type<never> } | undefined>
>
const unconfirmed = unconfirmedServices as unknown as Readonly<Record<string, Type<never> | undefined>>

export const ConfirmedServiceRequest: Type<ConfirmedServiceRequest> = CHOICE<ConfirmedServiceRequest>(
  'ConfirmedServiceRequest',
  alternatives(confirmedServiceNames, 'request', name => confirmed[name]?.request) as never,
)
export const ConfirmedServiceResponse: Type<ConfirmedServiceResponse> = CHOICE<ConfirmedServiceResponse>(
  'ConfirmedServiceResponse',
  alternatives(confirmedServiceNames, 'response', name => confirmed[name]?.response) as never,
)
export const UnconfirmedService: Type<UnconfirmedService> = CHOICE<UnconfirmedService>(
  'UnconfirmedService',
  alternatives(unconfirmedServiceNames, 'request', name => unconfirmed[name]) as never,
)
