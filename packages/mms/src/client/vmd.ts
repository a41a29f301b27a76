import { ExtendedStatus, type OperationState, responseDetail } from '../asn1/detail.js'
import type { ObjectClass, ObjectName } from '../asn1/identifiers.js'
import type { GetCapabilityListResponse, StatusResponse } from '../asn1/vmd.js'
import type { RequestOptions } from '../edge/requests.js'
import { parseObjectName } from '../names.js'
import type { ConfirmedServices } from '../services.js'
import type { Requester } from './requester.js'

/** A status, and with `csr` what it adds. */
export interface VmdStatusReport extends StatusResponse {
  readonly operationState?: OperationState
  /** Those that the server knows. */
  readonly extendedStatus?: Partial<Record<ExtendedStatusBit, boolean>>
  /** Absent: none is selected. */
  readonly selectedProgramInvocation?: string
}
export type ExtendedStatusBit =
  | 'safetyInterlocksViolated'
  | 'anyPhysicalResourcePowerOn'
  | 'allPhysicalResourcesCalibrated'
  | 'localControl'
const BITS = Object.keys(ExtendedStatus.bits) as ExtendedStatusBit[]

/**
 * The services of the VMD itself, ISO 9506-1, 10, seen from the side that asks. Changes of its status come by themselves:
 * `mms.notifications('unsolicitedStatus')`.
 */
export class MmsVmd {
  readonly #client: Requester

  /** @internal */
  constructor(client: Requester) {
    this.#client = client
  }

  /** Logical and physical status, and with `csr` what the machine is doing. @param extendedDerivation asks for a more thorough look @default false */
  async status(extendedDerivation = false, options?: RequestOptions): Promise<VmdStatusReport> {
    const { response, serviceExt } = await this.#client.requestDetailed('status', extendedDerivation, options)
    const detail = responseDetail('status', serviceExt)
    if (detail?.type !== 'fullResponse') return response
    const { operationState, extendedStatus, extendedStatusMask, selectedProgramInvocation: selected } = detail.value
    const known = BITS.filter(bit => ExtendedStatus.has(extendedStatusMask, bit))
    return {
      ...response,
      operationState,
      extendedStatus: Object.fromEntries(known.map(bit => [bit, ExtendedStatus.has(extendedStatus, bit)])),
      ...(selected.type === 'programInvocation' ? { selectedProgramInvocation: selected.value } : {}),
    }
  }

  /** Vendor, model, revision. */
  identify(options?: RequestOptions): Promise<ConfirmedServices['identify']['response']> {
    return this.#client.request('identify', null, options)
  }

  /**
   * Gives an object another identifier; its scope stays, and what refers to it goes on doing so.
   * @param objectClass by name, such as `namedVariable`, or as ISO 9506-2 has it
   * @param currentName as text (`domain/item`, `vmd:item`, `aa:item`) or as an ObjectName
   */
  async rename(
    objectClass: Extract<ObjectClass['value'], string> | ObjectClass,
    currentName: string | ObjectName,
    newIdentifier: string,
    options?: RequestOptions,
  ): Promise<void> {
    const argument = {
      objectClass: typeof objectClass === 'string' ? classOf(objectClass) : objectClass,
      currentName: typeof currentName === 'string' ? parseObjectName(currentName) : currentName,
      newIdentifier,
    }
    await this.#client.request('rename', argument, options)
  }

  /** One page of capabilities. `capabilities` reads all pages. @param continueAfter only those behind this one */
  getCapabilityList(continueAfter?: string, options?: RequestOptions): Promise<GetCapabilityListResponse> {
    return this.#client.request('getCapabilityList', continueAfter === undefined ? {} : { continueAfter }, options)
  }

  /** What the VMD can do, page by page, in the server's order. */
  async *capabilities(options?: RequestOptions): AsyncGenerator<string, void, void> {
    let after: string | undefined
    for (;;) {
      const { listOfCapabilities, moreFollows } = await this.getCapabilityList(after, options)
      yield* listOfCapabilities
      const last = listOfCapabilities.at(-1)
      // A page that promises more but holds nothing new would be asked for forever.
      if (!moreFollows || last === undefined || last === after) return
      after = last
    }
  }

  /** Stops motion and control as fast as the machine can; somebody must see to it afterwards. Needs `csr`. */
  async vMDStop(options?: RequestOptions): Promise<void> {
    await this.#client.additional('vMDStop', null, options)
  }

  /** Deletes every program and domain that MMS may delete. Needs `csr`. @returns the status afterwards */
  vMDReset(extendedDerivation = false, options?: RequestOptions): Promise<StatusResponse> {
    return this.#client.additional('vMDReset', extendedDerivation, options)
  }
}

function classOf(name: Extract<ObjectClass['value'], string>): ObjectClass {
  return (
    name === 'eventConditionList' || name === 'unitControl'
      ? { type: 'csObjectClass', value: name }
      : { type: 'basicObjectClass', value: name }
  ) as ObjectClass
}
