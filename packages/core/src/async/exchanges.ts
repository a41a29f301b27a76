import type { Layer } from '../errors.js'
import { NumberMap } from '../number-map.js'
import type { Timers } from '../timers.js'
import { whenAborted } from './abort.js'
import { Lane, type Waiting } from './lane.js'
import { expired } from './outcomes.js'

/** A request that waits for its answer. */
export class Exchange<Delivery> implements Waiting<Exchange<Delivery>> {
  deadline = 0
  previous: Exchange<Delivery> | undefined
  next: Exchange<Delivery> | undefined
  /** Where it waits for its timeout, if it has one. */
  lane: Lane<Exchange<Delivery>> | undefined
  /** Takes its listener off the signal, if it has one. */
  unlisten: (() => void) | undefined
  readonly key: number
  /** The request's type, for messages. */
  readonly request: string
  readonly timeout: number
  readonly #read: (delivery: Delivery) => unknown
  readonly #resolve: (value: never) => void
  readonly #reject: (error: unknown) => void

  /** @param read makes of the answer what the promise resolves with; what it throws is what the promise rejects with */
  constructor(
    key: number,
    request: string,
    timeout: number,
    read: (delivery: Delivery) => unknown,
    resolve: (value: never) => void,
    reject: (error: unknown) => void,
  ) {
    this.key = key
    this.request = request
    this.timeout = timeout
    this.#read = read
    this.#resolve = resolve
    this.#reject = reject
  }

  answer(delivery: Delivery): void {
    this.leave()
    try {
      this.#resolve(this.#read(delivery) as never)
    } catch (error) {
      this.#reject(error)
    }
  }

  fail(error: unknown): void {
    this.leave()
    this.#reject(error)
  }

  /** Nothing else will settle it. */
  leave(): void {
    this.lane?.remove(this)
    this.lane = undefined
    this.unlisten?.()
    this.unlisten = undefined
  }
}

/** Requests that wait for the answer with their key. Each settles once; a key is free again only when the answer has come. */
export class Exchanges<Delivery> {
  readonly #timers: Timers
  readonly #layer: Layer
  /** Undefined: its caller has been told, and the answer goes nowhere. */
  readonly #open = new NumberMap<Exchange<Delivery> | undefined>()
  readonly #hasClock: boolean
  readonly #usualTimeout: number
  readonly #usual: Lane<Exchange<Delivery>>

  /** @param usualTimeout of most exchanges, in milliseconds. @param layer the one named when there is no answer */
  constructor(timers: Timers, usualTimeout: number, layer: Layer) {
    this.#timers = timers
    this.#layer = layer
    this.#usualTimeout = usualTimeout
    this.#hasClock = timers.now !== undefined
    this.#usual = this.#lane(usualTimeout, this.#hasClock)
  }

  get size(): number {
    return this.#open.size
  }

  has(key: number): boolean {
    return this.#open.has(key)
  }

  add(exchange: Exchange<Delivery>, signal?: AbortSignal): void {
    const { key, timeout } = exchange
    this.#open.set(key, exchange)
    if (timeout > 0) {
      exchange.lane = this.#hasClock && timeout === this.#usualTimeout ? this.#usual : this.#lane(timeout)
      exchange.lane.add(exchange)
    }
    if (signal === undefined) return
    exchange.unlisten = whenAborted(signal, () => this.#abandon(exchange, signal.reason))
  }

  /** @returns false when nothing waits for that key */
  answer(key: number, delivery: Delivery): boolean {
    const exchange = this.#open.get(key)
    if (!this.#open.delete(key)) return false
    exchange?.answer(delivery)
    return true
  }

  /** The request could not be sent. */
  fail(key: number, error: unknown): void {
    const exchange = this.#open.get(key)
    this.#open.delete(key)
    exchange?.fail(error)
  }

  failAll(error: unknown): void {
    const open = this.#open.values()
    this.#open.clear()
    for (const exchange of open) exchange?.fail(error)
    this.#usual.stop()
  }

  #lane(timeout: number, lasting = false): Lane<Exchange<Delivery>> {
    const expire = (exchange: Exchange<Delivery>) => {
      exchange.lane = undefined
      const text = `no answer to ${exchange.request} within ${exchange.timeout} ms`
      this.#abandon(exchange, expired(this.#layer, 'REQUEST_TIMEOUT', text))
    }
    return new Lane(this.#timers, timeout, expire, lasting)
  }

  #abandon(exchange: Exchange<Delivery>, error: unknown): void {
    this.#open.set(exchange.key, undefined)
    exchange.fail(error)
  }
}

// biome-ignore lint/suspicious/noExplicitAny: only the default of `exchange`, where the result is the delivery
export function asItIs(delivery: any): any {
  return delivery
}
