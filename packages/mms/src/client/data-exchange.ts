import type { Data } from '../asn1/data.js'
import type { GetDataExchangeAttributesResponse } from '../asn1/data-exchange.js'
import type { RequestOptions } from '../edge/requests.js'
import { fromData, type Plain, toData } from '../values.js'
import type { Requester } from './requester.js'

/**
 * Data exchange, ISO 9506-1, 15: calls of the application of the server, with typed data there and back. From minor version 2 on:
 * `initiate: { versionNumber: 2 }` or more on both sides.
 *
 * Each throws a ServiceError or RejectedError of the server, or how the association ended.
 */
export class MmsDataExchange {
  readonly #requester: Requester

  /** @internal */
  constructor(requester: Requester) {
    this.#requester = requester
  }

  /** The types of the data there and back, whether it runs just now, and the program invocation that must be running. */
  getDataExchangeAttributes(name: string, options?: RequestOptions): Promise<GetDataExchangeAttributesResponse> {
    return this.#requester.request('getDataExchangeAttributes', { type: 'vmdSpecific', value: name }, options)
  }

  /** Sends data, one of each type of the request, and gets those of the response. */
  async exchangeData(name: string, data: readonly Data[], options?: RequestOptions): Promise<readonly Data[]> {
    const { listOfResponseData } = await this.#requester.request(
      'exchangeData',
      { dataExchangeName: { type: 'vmdSpecific', value: name }, listOfRequestData: data },
      options,
    )
    return listOfResponseData
  }

  /** As `exchangeData`, with values of plain JavaScript: asks for the types first. @throws EncodeError `MMS_TYPE_MISMATCH` for a value that is not of its type */
  async call(name: string, values: readonly unknown[], options?: RequestOptions): Promise<readonly Plain[]> {
    const { listOfRequestTypeDescriptions: request, listOfResponseTypeDescriptions: response } = await this.getDataExchangeAttributes(
      name,
      options,
    )
    const data = await this.exchangeData(
      name,
      values.map((value, i) => toData(value, request[i])),
      options,
    )
    return data.map((value, i) => fromData(value, response[i]))
  }
}
