import { sameOctets } from '@x/core'
import type { ObjectName } from '../asn1/identifiers.js'
import type { Modifier } from '../asn1/modifier.js'
import type {
  NamedToken,
  ReportPoolSemaphoreStatusRequest,
  ReportSemaphoreEntryStatusRequest,
  SemaphoreEntry,
  SemaphoreEntryState,
  TakeControlRequest,
} from '../asn1/semaphore.js'
import type { RequestOptions } from '../edge/requests.js'
import { parseObjectName } from '../names.js'
import type { ConfirmedServices } from '../services.js'
import { type PagingOptions, paged } from './paging.js'
import type { Requester } from './requester.js'

/** How control of a semaphore is wanted. */
export interface ControlOptions extends RequestOptions {
  /** Of a pool semaphore: this token and no other. @default any */
  readonly namedToken?: string
  /** 0, the first, to 127. @default 64 */
  readonly priority?: number
  /** Milliseconds to wait for control; 0: not at all. @default for ever, as far as `timeout` allows */
  readonly acceptableDelay?: number
  /** Milliseconds for which control is kept. @default until it is given back */
  readonly controlTimeOut?: number
  /** Whether the server aborts the association when that time is over, or only lets others preempt. @default false, where there is a `controlTimeOut` */
  readonly abortOnTimeOut?: boolean
  /** Whether control is given back when the association is lost. @default true */
  readonly relinquishIfConnectionLost?: boolean
  /** From whom a hung entry is taken; needs `tpy`. */
  readonly applicationToPreempt?: TakeControlRequest['applicationToPreempt']
}

/** Semaphores of the server: taking turns among clients. ISO 9506-1, 16. Names as text (`vmd:name`, `domain/item`) or as an ObjectName. */
export class MmsSemaphores {
  readonly #mms: Requester

  constructor(mms: Requester) {
    this.#mms = mms
  }

  /**
   * Takes control, or waits for it in the server's queue. The time for the answer is none unless `timeout` says so: `acceptableDelay` is what limits
   * the wait. With `cancel`, a signal that fires takes the entry out of the queue; where the grant crosses the cancel (`cancelled` is told with an
   * error), this client has control after all, and must give it back.
   *
   * @returns of a pool semaphore the name of the token
   * @throws ServiceError `MMS_SERVICE_PREEMPT_TIMEOUT` when the acceptable delay is over
   */
  async takeControl(name: string | ObjectName, options: ControlOptions = {}): Promise<string | undefined> {
    const response = await this.#mms.request('takeControl', controlOf(name, options), { timeout: 0, ...options })
    return response.type === 'namedToken' ? response.value : undefined
  }

  /** Gives control back. @param namedToken of a pool semaphore; needed where this client has several */
  async relinquishControl(name: string | ObjectName, namedToken?: string, options?: RequestOptions): Promise<void> {
    const semaphoreName = nameOf(name)
    await this.#mms.request('relinquishControl', { semaphoreName, ...(namedToken === undefined ? {} : { namedToken }) }, options)
  }

  /** Runs something while it has control, and gives it back whatever comes of it. @param run is given the name of a pool's token */
  async withControl<T>(
    name: string | ObjectName,
    run: (namedToken: string | undefined) => Promise<T>,
    options?: ControlOptions,
  ): Promise<T> {
    const namedToken = await this.takeControl(name, options)
    try {
      return await run(namedToken)
    } finally {
      await this.relinquishControl(name, namedToken)
    }
  }

  /** Makes a token semaphore. @param numberOfTokens 1 … 65 535 */
  async defineSemaphore(name: string | ObjectName, numberOfTokens: number, options?: RequestOptions): Promise<void> {
    await this.#mms.request('defineSemaphore', { semaphoreName: nameOf(name), numberOfTokens }, options)
  }

  /** Deletes one of which nobody has control. */
  async deleteSemaphore(name: string | ObjectName, options?: RequestOptions): Promise<void> {
    await this.#mms.request('deleteSemaphore', nameOf(name), options)
  }

  /** Class, number of tokens, how many of them are owned and hung. */
  reportSemaphoreStatus(
    name: string | ObjectName,
    options?: RequestOptions,
  ): Promise<ConfirmedServices['reportSemaphoreStatus']['response']> {
    return this.#mms.request('reportSemaphoreStatus', nameOf(name), options)
  }

  /** One page of the tokens of a pool. `namedTokens` reads all pages. */
  reportPoolSemaphoreStatus(
    argument: ReportPoolSemaphoreStatusRequest,
    options?: RequestOptions,
  ): Promise<ConfirmedServices['reportPoolSemaphoreStatus']['response']> {
    return this.#mms.request('reportPoolSemaphoreStatus', argument, options)
  }

  /** The tokens of a pool in the server's order, page by page: each free, owned or hung. */
  namedTokens(name: string | ObjectName, options: PagingOptions = {}): AsyncGenerator<NamedToken, void, void> {
    const semaphoreName = nameOf(name)
    return paged<NamedToken>(
      async after => {
        const argument = after === undefined ? { semaphoreName } : { semaphoreName, nameToStartAfter: after.value }
        const { listOfNamedTokens: entries, moreFollows } = await this.reportPoolSemaphoreStatus(argument, options)
        return { entries, moreFollows }
      },
      (one, other) => one.value === other.value,
      options.most,
    )
  }

  /** One page of the entries in a state. `entries` reads all pages. */
  reportSemaphoreEntryStatus(
    argument: ReportSemaphoreEntryStatusRequest,
    options?: RequestOptions,
  ): Promise<ConfirmedServices['reportSemaphoreEntryStatus']['response']> {
    return this.#mms.request('reportSemaphoreEntryStatus', argument, options)
  }

  /** Who has control or waits for it, page by page. */
  entries(name: string | ObjectName, state: SemaphoreEntryState, options: PagingOptions = {}): AsyncGenerator<SemaphoreEntry, void, void> {
    const semaphoreName = nameOf(name)
    return paged<SemaphoreEntry>(
      async after => {
        const argument = { semaphoreName, state, ...(after === undefined ? {} : { entryIDToStartAfter: after.entryID }) }
        const { listOfSemaphoreEntry: entries, moreFollows } = await this.reportSemaphoreEntryStatus(argument, options)
        return { entries, moreFollows }
      },
      (one, other) => sameOctets(one.entryID, other.entryID),
      options.most,
    )
  }

  /** A modifier with which any request waits for control, for `listOfModifiers`; control is given back when its service has ended. */
  attachToSemaphore(name: string | ObjectName, options: Omit<ControlOptions, 'applicationToPreempt'> = {}): Modifier {
    return { type: 'semaphoreModifier', value: controlOf(name, options) }
  }
}

function controlOf(name: string | ObjectName, options: ControlOptions): TakeControlRequest {
  const { namedToken, priority = 64, acceptableDelay, controlTimeOut, applicationToPreempt, relinquishIfConnectionLost = true } = options
  const abortOnTimeOut = options.abortOnTimeOut ?? (controlTimeOut === undefined ? undefined : false)
  return {
    semaphoreName: nameOf(name),
    ...(namedToken === undefined ? {} : { namedToken }),
    priority,
    ...(acceptableDelay === undefined ? {} : { acceptableDelay }),
    ...(controlTimeOut === undefined ? {} : { controlTimeOut }),
    ...(abortOnTimeOut === undefined ? {} : { abortOnTimeOut }),
    relinquishIfConnectionLost,
    ...(applicationToPreempt === undefined ? {} : { applicationToPreempt }),
  }
}

function nameOf(name: string | ObjectName): ObjectName {
  return typeof name === 'string' ? parseObjectName(name) : name
}
