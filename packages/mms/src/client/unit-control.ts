import type { ApplicationReference } from '../asn1/application-reference.js'
import type { ExecutionArgument } from '../asn1/program-invocation.js'
import type {
  ControlElement,
  GetUnitControlAttributesResponse,
  UnitControlPosition,
  UnitControlUploadResponse,
} from '../asn1/unit-control.js'
import type { RequestOptions } from '../edge/requests.js'
import type { MmsClient } from './client.js'
import { type ControlElementSource, whileLoading } from './unit-control-load.js'

/** What belongs to a unit control, by name. */
export interface UnitControlMemberNames {
  readonly domains?: readonly string[]
  readonly programInvocations?: readonly string[]
}

/** Milliseconds for a load, all of its segments together. */
const LOAD = 300_000

/**
 * The unit control services of ISO 9506-1, 13, seen from the side that asks. They need `cspi` on both sides: `initiate: WHOLE_OF_MMS`. An error
 * says in its `serviceSpecificInfo` which domain or program invocation is at fault.
 */
export class MmsUnitControl {
  readonly #client: MmsClient

  /** @internal */
  constructor(client: MmsClient) {
    this.#client = client
  }

  /**
   * Makes a unit control with its domains and program invocations: the server asks for control elements (unitControlLoadSegment) until there are
   * no more, and has all of it or nothing.
   * @param options the default of `timeout`, for all of it, is 300_000 ms; `cancel` undoes it when the signal fires
   * @throws ServiceError, what the source throws, UsageError `MMS_UNIT_CONTROL_LOAD` while one of that name is being loaded by this client
   */
  initiateUnitControlLoad(name: string, elements: ControlElementSource, options?: RequestOptions): Promise<void> {
    return whileLoading(this.#client, name, elements, async () => {
      await this.#client.additional('initiateUCLoad', name, { timeout: LOAD, ...options })
    })
  }

  /** One page of the elements of which a unit control could be made again. `upload` gives all. @param continueAfter `nextElement` of the page before */
  unitControlUpload(name: string, continueAfter?: UnitControlPosition, options?: RequestOptions): Promise<UnitControlUploadResponse> {
    const request = { unitControlName: name, ...(continueAfter === undefined ? {} : { continueAfter }) }
    return this.#client.additional('uCUpload', request, options)
  }

  /** The elements of which a unit control could be made again, page by page. */
  async *upload(name: string, options?: RequestOptions): AsyncGenerator<ControlElement, void, void> {
    let position: UnitControlPosition | undefined
    try {
      do {
        const page = await this.unitControlUpload(name, position, options)
        position = page.nextElement
        yield* page.controlElements
      } while (position !== undefined)
    } finally {
      // Left in the middle of a domain: the server would keep its upload until the end of the association.
      if (position?.type === 'ulsmID' && !this.#client.connection.endedWith) {
        await this.#client.domains.terminateUploadSequence(Number(position.value)).catch(() => {})
      }
    }
  }

  /** Starts or resumes every invocation of it that does not run. */
  async startUnitControl(name: string, executionArgument?: string | ExecutionArgument, options?: RequestOptions): Promise<void> {
    const given = typeof executionArgument === 'string' ? ({ type: 'simpleString', value: executionArgument } as const) : executionArgument
    const request = { unitControlName: name, ...(given === undefined ? {} : { executionArgument: given }) }
    await this.#client.additional('startUC', request, options)
  }

  /** Stops every invocation of it that runs. */
  async stopUnitControl(name: string, options?: RequestOptions): Promise<void> {
    await this.#client.additional('stopUC', name, options)
  }

  /** Makes a unit control of what is there. */
  async createUnitControl(name: string, members: UnitControlMemberNames = {}, options?: RequestOptions): Promise<void> {
    await this.#client.additional('createUC', request(name, members), options)
  }

  async addToUnitControl(name: string, members: UnitControlMemberNames, options?: RequestOptions): Promise<void> {
    await this.#client.additional('addToUC', request(name, members), options)
  }

  async removeFromUnitControl(name: string, members: UnitControlMemberNames, options?: RequestOptions): Promise<void> {
    await this.#client.additional('removeFromUC', request(name, members), options)
  }

  /** The names of what belongs to it. */
  getUnitControlAttributes(name: string, options?: RequestOptions): Promise<GetUnitControlAttributesResponse> {
    return this.#client.additional('getUCAttributes', name, options)
  }

  /** Has the server make one of a file, which it has written by `storeUnitControlToFile`. @param thirdParty where the file is (`tpy`). @default the server */
  async loadUnitControlFromFile(name: string, fileName: string, options: FileOptions = {}): Promise<void> {
    const { thirdParty, ...more } = options
    await this.#client.additional('loadUCFromFile', fileRequest(name, fileName, thirdParty), more)
  }

  /** Has the server write a file of it. */
  async storeUnitControlToFile(name: string, fileName: string, options: FileOptions = {}): Promise<void> {
    const { thirdParty, ...more } = options
    await this.#client.additional('storeUCToFile', fileRequest(name, fileName, thirdParty), more)
  }

  /** Deletes it with all that belongs to it, or nothing. */
  async deleteUnitControl(name: string, options?: RequestOptions): Promise<void> {
    await this.#client.additional('deleteUC', name, options)
  }
}

interface FileOptions extends RequestOptions {
  /** Where the file is. @default the server's own file store */
  readonly thirdParty?: ApplicationReference
}

function request(unitControl: string, { domains = [], programInvocations = [] }: UnitControlMemberNames) {
  return { unitControl, domains, programInvocations }
}

function fileRequest(unitControlName: string, fileName: string, thirdParty: ApplicationReference | undefined) {
  return { unitControlName, fileName: [fileName], ...(thirdParty === undefined ? {} : { thirdParty }) }
}
