import { TimeoutError, type Timers } from '@x/core'
import { Timer, whenAborted } from '@x/core/async'
import type { AssociationDelivery } from '../service.js'
import type { Data } from './common.js'

/** Hands out what the peer has sent, value by value; several may wait, and one that gives up takes nothing with it. */
export class Reader {
  readonly #deliveries: AsyncIterator<AssociationDelivery>
  #values: Data[] = []
  #over = false
  #taking: Promise<void> | undefined

  constructor(deliveries: AsyncIterable<AssociationDelivery>) {
    this.#deliveries = deliveries[Symbol.asyncIterator]()
  }

  /** Undefined after an orderly end. @throws TimeoutError, the signal's reason, how it ended */
  async next(timers: Timers, timeout: number | undefined, signal: AbortSignal | undefined): Promise<Data | undefined> {
    signal?.throwIfAborted()
    let stop = () => {}
    const givenUp = new Promise<never>((_, reject) => {
      const text = `nothing came within ${timeout} ms`
      const timer = new Timer(timers, timeout, () => reject(new TimeoutError('acse', 'REQUEST_TIMEOUT', text, { by: 'local provider' })))
      const unlisten = signal && whenAborted(signal, () => reject(signal.reason))
      timer.start()
      stop = () => {
        timer.stop()
        unlisten?.()
      }
    })
    try {
      for (;;) {
        const value = this.#values.shift()
        if (value !== undefined || this.#over) return value
        await Promise.race([this.#take(), givenUp])
      }
    } finally {
      stop()
    }
  }

  /** One step for all who wait. */
  #take(): Promise<void> {
    this.#taking ??= this.#step().finally(() => {
      this.#taking = undefined
    })
    return this.#taking
  }

  async #step(): Promise<void> {
    const { done, value } = await this.#deliveries.next()
    if (done) this.#over = true
    else if (value.type === 'P-DATA.indication') this.#values.push(...value.userData)
  }
}
