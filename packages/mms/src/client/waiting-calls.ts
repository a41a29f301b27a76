import type { Timers } from '@x/core'
import { whenAborted } from '@x/core/async'
import type { MmsClient } from './client.js'

interface Call {
  readonly go: (client: MmsClient) => void
  readonly fail: (error: unknown) => void
}

/** Calls that wait for an association. Each leaves once: with it, with an error, or when its signal fires or its time is over. */
export class WaitingCalls {
  readonly #timers: Timers
  readonly #calls = new Set<Call>()

  constructor(timers: Timers) {
    this.#timers = timers
  }

  get size(): number {
    return this.#calls.size
  }

  /** @param timeout in milliseconds; 0: for ever. @param late what it fails with then */
  wait(signal: AbortSignal | undefined, timeout: number, late?: () => unknown): Promise<MmsClient> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const leave = () => {
        this.#calls.delete(call)
        stop()
        unlisten()
      }
      const call: Call = {
        go: client => {
          leave()
          resolve(client)
        },
        fail: error => {
          leave()
          reject(error)
        },
      }
      const stop = timeout > 0 ? this.#timers.after(timeout, () => call.fail(late?.())) : () => {}
      const unlisten = signal === undefined ? () => {} : whenAborted(signal, () => call.fail(signal.reason))
      this.#calls.add(call)
    })
  }

  /** In the order in which they came. */
  go(client: MmsClient): void {
    for (const call of [...this.#calls]) call.go(client)
  }

  fail(error: unknown): void {
    for (const call of [...this.#calls]) call.fail(error)
  }
}
