import { UsageError } from '@x/core'
import type { ControlElement, UnitControlLoadSegmentResponse } from '../asn1/unit-control.js'
import { nonExistent, serviceError } from '../server/errors.js'
import type { AdditionalAnswer, AdditionalHandlers } from '../server/handlers.js'
import type { MmsClient } from './client.js'

/** Control elements as they come: each array is one answer to the server, and must fit a PDU. */
export type ControlElementSource =
  | readonly (readonly ControlElement[])[]
  | AsyncIterable<readonly ControlElement[]>
  | Iterable<readonly ControlElement[]>

/** A load of a unit control as its client sees it. ISO 9506-1, 13.3. */
class UnitControlLoad {
  /** What the source threw. */
  failure: { readonly thrown: unknown } | undefined
  readonly #pieces: AsyncIterator<readonly ControlElement[]> | Iterator<readonly ControlElement[]>
  #next: readonly ControlElement[] | undefined
  #state: 'waiting' | 'sending' | 'sent' = 'waiting'

  constructor(source: ControlElementSource) {
    this.#pieces = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  }

  async segment(): Promise<AdditionalAnswer<'uCLoad'>> {
    if (this.#state !== 'waiting') return { error: serviceError('service', 'primitives-out-of-sequence') }
    this.#state = 'sending'
    try {
      const controlElements = this.#next ?? (await this.#take()) ?? []
      this.#next = await this.#take()
      const response: UnitControlLoadSegmentResponse = { controlElements, moreFollows: this.#next !== undefined }
      this.#state = response.moreFollows ? 'waiting' : 'sent'
      return { response }
    } catch (thrown) {
      this.failure = { thrown }
      return { error: serviceError('vmdState', 'domain-transfer-problem') }
    }
  }

  /** Tells the source that no more is asked for. What it has to say to that is of no interest, and it may take its time. */
  close(): void {
    void Promise.resolve(this.#pieces.return?.()).catch(() => {})
  }

  async #take(): Promise<readonly ControlElement[] | undefined> {
    for (;;) {
      const { done, value } = await this.#pieces.next()
      if (done) return undefined
      if (value.length > 0) return value
    }
  }
}

const known = new WeakMap<MmsClient, Map<string, UnitControlLoad>>()

/** Serves the server's uCLoad requests of one load while `run` goes on. @throws what the source throws, or else what `run` throws */
export async function whileLoading(client: MmsClient, name: string, source: ControlElementSource, run: () => Promise<void>): Promise<void> {
  const loads = known.get(client) ?? new Map<string, UnitControlLoad>()
  known.set(client, loads)
  if (loads.has(name)) {
    throw new UsageError('mms', 'MMS_UNIT_CONTROL_LOAD', `expected a unit control that is not being loaded already, found ${name}`)
  }
  const load = new UnitControlLoad(source)
  loads.set(name, load)
  try {
    await run()
  } catch (error) {
    load.close()
    throw load.failure === undefined ? error : load.failure.thrown
  } finally {
    loads.delete(name)
  }
}

/** What a client serves that has `cspi`, so that it can load unit controls. */
export const unitControlHandlers: AdditionalHandlers<MmsClient> = {
  uCLoad: (name, client) => known.get(client)?.get(name)?.segment() ?? nonExistent,
}
