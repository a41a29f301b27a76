import { RejectedError } from '@x/core'
import type { AdditionalServiceName, AdditionalServiceResponse, AdditionalServices } from '../asn1/additional-service.js'
import type { RequestOptions } from '../edge/requests.js'
import type { ConfirmedServiceName, ConfirmedServices } from '../services.js'

/** What the groups of services need of an association: a request by the name of its service, and one answer to it. */
export interface Requester {
  /** Sends any confirmed service by name. @throws ServiceError, RejectedError, how the association ended */
  request<S extends ConfirmedServiceName>(
    service: S,
    argument: ConfirmedServices[S]['request'],
    options?: RequestOptions,
  ): Promise<ConfirmedServices[S]['response']>
  /** As `request`, with what `csr` and `cspi` add to the response. */
  requestDetailed<S extends ConfirmedServiceName>(
    service: S,
    argument: ConfirmedServices[S]['request'],
    options?: RequestOptions,
  ): Promise<DetailedResponse<S>>
  /** Sends any additional service by name. @throws ServiceError, RejectedError, how the association ended */
  additional<S extends AdditionalServiceName>(
    service: S,
    argument: AdditionalServices[S]['request'],
    options?: RequestOptions,
  ): Promise<AdditionalServices[S]['response']>
}

/** A response, and the octets of its Response-Detail where the server has sent one. */
export interface DetailedResponse<S extends ConfirmedServiceName> {
  readonly response: ConfirmedServices[S]['response']
  readonly serviceExt: Uint8Array | undefined
}

/** The response of one additional service. @throws RejectedError `MMS_SERVICE` when the peer has answered another one */
export function additionalResponse<S extends AdditionalServiceName>(
  service: S,
  response: AdditionalServiceResponse,
): AdditionalServices[S]['response'] {
  if (response.type === service) return response.value as AdditionalServices[S]['response']
  throw new RejectedError('mms', 'MMS_SERVICE', `expected a response to ${service}, found one to ${response.type}`, {
    by: 'local provider',
    offered: service,
    answered: response.type,
  })
}
