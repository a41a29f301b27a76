import { RejectedError, ServiceError, type Timers } from '@x/core'
import type { MmsClient } from './client.js'
import type { VariableItem } from './specify.js'

/** What is asked of a server that has not been heard for a while. */
export interface KeepAlive {
  /** Milliseconds without an answer or a report, then it is asked; 0: never. @default 30_000 */
  readonly interval?: number
  /** Milliseconds for the answer; then the association is aborted. @default 10_000 */
  readonly timeout?: number
  /** What it is asked: identify, status, the value of a variable, or something of the application's own. @default 'identify' */
  readonly probe?: 'identify' | 'status' | { readonly read: VariableItem } | ((client: MmsClient, timeout: number) => Promise<unknown>)
}

/** Asks a server now and then whether it is there, as long as nothing else shows that it is. */
export class Heartbeat {
  readonly #client: MmsClient
  readonly #timers: Timers
  readonly #options: KeepAlive
  #heard = false
  #stop: () => void = () => {}

  constructor(client: MmsClient, timers: Timers, options: KeepAlive) {
    this.#client = client
    this.#timers = timers
    this.#options = options
    this.#arm()
  }

  /** Something came from the server. */
  heard(): void {
    this.#heard = true
  }

  stop(): void {
    this.#stop()
  }

  #arm(): void {
    const { interval = 30_000 } = this.#options
    this.#heard = false
    if (interval > 0) this.#stop = this.#timers.after(interval, () => void this.#look())
  }

  async #look(): Promise<void> {
    if (!this.#heard) {
      try {
        await this.#ask()
      } catch (error) {
        // Who refuses is there. Anything else is no answer.
        if (!(error instanceof ServiceError || error instanceof RejectedError)) this.#client.abort(error)
      }
    }
    if (this.#client.connection.endedWith === undefined) this.#arm()
  }

  #ask(): Promise<unknown> {
    const { probe = 'identify', timeout = 10_000 } = this.#options
    if (typeof probe === 'function') return probe(this.#client, timeout)
    if (probe === 'identify') return this.#client.identify({ timeout })
    if (probe === 'status') return this.#client.status(false, { timeout })
    return this.#client.read([probe.read], { timeout })
  }
}
