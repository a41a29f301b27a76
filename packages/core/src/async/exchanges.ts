import { NumberMap } from '../number-map.js'
import type { Timers } from '../timers.js'

interface Waiting<Delivery> {
  resolve(delivery: Delivery): void
  reject(error: unknown): void
}

export interface Exchange<Delivery> extends Waiting<Delivery> {
  /** Milliseconds; 0 waits for ever. */
  readonly timeout: number
  readonly signal: AbortSignal | undefined
  /** Makes the error of the timeout. */
  readonly expired: () => unknown
}

/** Requests that wait for the answer with their key. Each settles once; a key is free again only when the answer has come. */
export class Exchanges<Delivery> {
  readonly #timers: Timers
  readonly #waiting = new NumberMap<Waiting<Delivery>>()

  constructor(timers: Timers) {
    this.#timers = timers
  }

  get size(): number {
    return this.#waiting.size
  }

  has(key: number): boolean {
    return this.#waiting.has(key)
  }

  add(key: number, exchange: Exchange<Delivery>): void {
    const { timeout, signal, resolve, reject } = exchange
    if (timeout === 0 && !signal) {
      this.#waiting.set(key, exchange)
      return
    }
    const stop = () => {
      stopTimer?.()
      signal?.removeEventListener('abort', onAbort)
    }
    const abandon = (error: unknown) => {
      stop()
      this.#waiting.set(key, ABANDONED)
      reject(error)
    }
    const onAbort = () => abandon(signal!.reason)
    const stopTimer = timeout === 0 ? undefined : this.#timers.after(timeout, () => abandon(exchange.expired()))
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#waiting.set(key, {
      resolve: delivery => {
        stop()
        resolve(delivery)
      },
      reject: error => {
        stop()
        reject(error)
      },
    })
  }

  /** @returns false when nothing waits for that key */
  answer(key: number, delivery: Delivery): boolean {
    const waiting = this.#waiting.get(key)
    if (waiting === undefined) return false
    this.#waiting.delete(key)
    waiting.resolve(delivery)
    return true
  }

  /** The request could not be sent. */
  fail(key: number, error: unknown): void {
    const waiting = this.#waiting.get(key)
    this.#waiting.delete(key)
    waiting?.reject(error)
  }

  failAll(error: unknown): void {
    const waiting = this.#waiting.values()
    this.#waiting.clear()
    for (const { reject } of waiting) reject(error)
  }
}

/** Its caller has been told; the answer goes nowhere. */
// biome-ignore lint/suspicious/noExplicitAny: settles nothing, whatever the delivery
const ABANDONED: Waiting<any> = { resolve() {}, reject() {} }
