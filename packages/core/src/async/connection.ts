import type { Channel } from '../channel.js'
import { AbortedError, type OsiError, type OutcomeError, RefusedError, ReleasedError, UsageError } from '../errors.js'
import type { Primitive, ServiceProvider } from '../service.js'
import type { Timers } from '../timers.js'
import { whenAborted } from './abort.js'
import { Ending } from './ending.js'
import { Exchange, Exchanges } from './exchanges.js'
import { Inbox } from './inbox.js'
import { closedEarly, endedHere, expired, released } from './outcomes.js'
import { hearOnlyReaders } from './pressure.js'
import type { ConnectionOptions, ExchangeOptions, Shape } from './shape.js'
import { systemTimers } from './timers.js'
import { type Resolvable, withResolvers } from './with-resolvers.js'

/**
 * The one async edge of the stack: promises, async iteration, AbortSignal, timeouts and backpressure over any access point.
 * Every call settles exactly once; what is open when the connection ends rejects in the same turn with the same error.
 */
export class Connection<Submit extends Primitive, Delivery extends Primitive> implements AsyncIterable<Delivery>, AsyncDisposable {
  /** Submits `request` and waits for the confirm. @throws RefusedError, TimeoutError, DisconnectedError, AbortedError or the signal's reason */
  static async open<S extends Primitive, D extends Primitive>(
    provider: ServiceProvider<S, D>,
    channel: Channel,
    shape: Shape<S, D>,
    request: S,
    options: ConnectionOptions = {},
  ): Promise<{ connection: Connection<S, D>; confirm: D }> {
    const connection = new Connection(provider, channel, shape, options)
    const confirm = await connection.#establish(options, () => provider.submit(request))
    return { connection, confirm }
  }

  /**
   * Waits for the peer to connect and submits what `decide` answers.
   * @throws what ended it first, a RefusedError when `decide` refused
   */
  static async accept<S extends Primitive, D extends Primitive>(
    provider: ServiceProvider<S, D>,
    channel: Channel,
    shape: Shape<S, D>,
    decide: (indication: D, connection: Connection<S, D>) => S | Promise<S>,
    options: ConnectionOptions = {},
  ): Promise<{ connection: Connection<S, D>; indication: D }> {
    const connection = new Connection(provider, channel, shape, options)
    connection.#decide = decide
    connection.#hearOnlyReaders(options)
    const indication = await connection.#establish(options, () => {})
    return { connection, indication }
  }

  /** Over a service that has no connect of its own: it is open as soon as its channel is. */
  static over<S extends Primitive, D extends Primitive>(
    provider: ServiceProvider<S, D>,
    channel: Channel,
    shape: Shape<S, D>,
    options: ConnectionOptions = {},
  ): Connection<S, D> {
    const connection = new Connection(provider, channel, shape, options)
    connection.#state = 'open'
    if (channel.ended) connection.#finish(connection.#closedEarly(channel.endCause))
    return connection
  }

  readonly provider: ServiceProvider<Submit, Delivery>
  readonly channel: Channel
  /** Told after each answer: a key has become free. */
  onAnswered: (() => void) | undefined
  readonly #shape: Shape<Submit, Delivery>
  readonly #timers: Timers
  readonly #requestTimeout: number
  readonly #closeTimeout: number
  readonly #queueLimit: number
  /** Made for the first request: a side that only answers never has one. */
  #exchanges: Exchanges<Delivery> | undefined
  /** Made for the first delivery that nobody takes at once. */
  #inbox: Inbox<Delivery> | undefined
  readonly #ending = new Ending()
  #intercept: ((delivery: Delivery) => boolean) | undefined
  #state: 'opening' | 'open' | 'closing' | 'ended' = 'opening'
  #opening: { resolve(delivery: Delivery): void; reject(error: unknown): void } | undefined
  #decide: ((indication: Delivery, connection: Connection<Submit, Delivery>) => Submit | Promise<Submit>) | undefined
  #closing: { done: Promise<void>; resolve: () => void } | undefined
  #drained: Resolvable | undefined
  #channelEnded: boolean
  #channelGone: (() => void)[] = []

  private constructor(
    provider: ServiceProvider<Submit, Delivery>,
    channel: Channel,
    shape: Shape<Submit, Delivery>,
    options: ConnectionOptions,
  ) {
    this.provider = provider
    this.channel = channel
    this.#channelEnded = channel.ended === true
    this.#shape = shape
    // Not the options: they may lead to all that was needed for opening.
    this.#timers = options.timers ?? systemTimers
    this.#requestTimeout = options.requestTimeout ?? 10_000
    this.#closeTimeout = options.closeTimeout ?? 5_000
    this.#queueLimit = options.queueLimit ?? 64
    provider.onDeliver = delivery => this.#deliver(delivery)
    channel.onDrain = () => {
      this.#drained?.resolve()
      this.#drained = undefined
    }
    const onEnd = channel.onEnd
    channel.onEnd = cause => {
      this.#channelEnded = true
      onEnd(cause)
      // A responder that nobody has connected to yet has nothing to deliver, and yet it is over.
      if (this.#state === 'opening') this.#finish(this.#closedEarly(cause))
      for (const run of this.#channelGone.splice(0)) run()
    }
  }

  /** `opening` until accepted, `closing` once a release is under way, `ended` when nothing can be sent any more. */
  get state(): 'opening' | 'open' | 'closing' | 'ended' {
    return this.#state
  }

  /** Resolves with how the connection ended; never rejects. */
  get ended(): Promise<OutcomeError> {
    return this.#ending.promise
  }

  /** Fires when the connection ends, with the error as reason. */
  get signal(): AbortSignal {
    return this.#ending.signal
  }

  /** Calls `run` once when the connection ends, before `signal` fires; at once if it has ended. It must not throw. */
  whenEnded(run: () => void): void {
    this.#ending.when(run)
  }

  /** Sees each delivery before it is queued, and those queued already; true: it is taken. Set by the client or server on top. */
  set intercept(see: (delivery: Delivery) => boolean) {
    this.#intercept = see
    this.#inbox?.filter(delivery => !see(delivery))
  }

  /** How it ended; undefined while it lives. */
  get endedWith(): OutcomeError | undefined {
    return this.#ending.error
  }

  /** Requests of `exchange` that have no answer yet. */
  get outstanding(): number {
    return this.#exchanges?.size ?? 0
  }

  /** Submits, and resolves at once, or once the channel has drained when it was full. @throws UsageError, EncodeError or how the connection ended */
  send(request: Submit): Promise<void> {
    if (this.#ending.error) return Promise.reject(this.#ending.error)
    try {
      this.provider.submit(request)
    } catch (error) {
      return Promise.reject(error)
    }
    return this.drained()
  }

  /** Resolves when the channel takes more octets. @throws how the connection ended */
  drained(): Promise<void> {
    if (this.#ending.error) return Promise.reject(this.#ending.error)
    if (this.channel.pending < DRAIN_ABOVE) return Promise.resolve()
    this.#drained ??= withResolvers()
    return this.#drained.promise.then(() => {
      if (this.#ending.error) throw this.#ending.error
    })
  }

  /**
   * Submits a request and resolves with the delivery that has the same key, or with what `read` makes of it.
   * A timeout or a signal rejects the promise only: the key stays taken until the answer comes or the connection ends.
   *
   * @param read called with the answer at once; what it throws is what the promise rejects with. @default the delivery as it is
   */
  exchange<T = Delivery>(key: number, request: Submit, options: ExchangeOptions = {}, read: (answer: Delivery) => T = asItIs): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#ending.error) return reject(this.#ending.error)
      const { signal, timeout = this.#requestTimeout } = options
      if (signal?.aborted) return reject(signal.reason)
      this.#exchanges ??= new Exchanges(this.#timers, this.#requestTimeout, this.#shape.layer)
      if (this.#exchanges.has(key)) {
        return reject(new UsageError(this.#shape.layer, 'KEY_TAKEN', `a request with the key ${key} is still outstanding`, this.#state))
      }
      this.#exchanges.add(new Exchange(key, request.type, timeout, read, resolve, reject), signal)
      try {
        this.provider.submit(request)
      } catch (error) {
        this.#exchanges?.fail(key, error)
      }
    })
  }

  /** Whether `key` belongs to a request that has no answer yet. */
  isOutstanding(key: number): boolean {
    return this.#exchanges?.has(key) ?? false
  }

  /** The remaining deliveries, in order; ends after an orderly release, throws how the connection ended otherwise. */
  [Symbol.asyncIterator](): AsyncIterator<Delivery> {
    return {
      next: async () => {
        const delivery = await this.#queue().take()
        if (delivery !== undefined) return { done: false, value: delivery }
        if (this.#ending.error instanceof ReleasedError || this.#ending.error?.by === 'user') return { done: true, value: undefined }
        throw this.#ending.error
      },
      return: async () => {
        await this.close()
        return { done: true, value: undefined }
      },
    }
  }

  /** Orderly release; an abort when the peer does not answer within `closeTimeout`. Calling it again waits for the same end. */
  close(): Promise<void> {
    if (this.#state === 'ended') return this.#gone()
    if (this.#closing) return this.#closing.done
    const { release } = this.#shape
    if (!release || this.#state !== 'open') {
      this.abort()
      return this.#gone()
    }
    const { promise, resolve } = withResolvers()
    this.#closing = { done: promise.then(() => this.#gone()), resolve }
    this.#state = 'closing'
    const text = `the peer did not answer the release within ${this.#closeTimeout} ms`
    const expire = () => this.#abortWith(expired(this.#shape.layer, 'RELEASE_TIMEOUT', text))
    this.whenEnded(this.#timers.after(this.#closeTimeout, expire))
    try {
      this.provider.submit(release.request())
    } catch (error) {
      this.#abortWith(endedHere(this.#shape.layer, 'RELEASE', `the release could not be sent: ${(error as Error).message}`, error))
    }
    return this.#closing.done
  }

  /** Ends it at once; safe in any state, from inside any handler, any number of times. */
  abort(reason?: unknown): void {
    this.#abortWith(
      new AbortedError(this.#shape.layer, 'ABORTED', 'aborted by this side', {
        by: 'user',
        ...(reason === undefined ? {} : { cause: reason }),
      }),
      reason,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #queue(): Inbox<Delivery> {
    this.#inbox ??= new Inbox(this.#queueLimit, this.channel, this.#shape.keep, this.#state === 'ended')
    return this.#inbox
  }

  async #establish(options: ConnectionOptions, start: () => void): Promise<Delivery> {
    const { signal } = options
    signal?.throwIfAborted()
    const timeout = options.timeout ?? 10_000
    let stop: (() => void) | undefined
    let unlisten: (() => void) | undefined
    const onAbort = () => this.#abortWith(endedHere(this.#shape.layer, 'SIGNAL', 'given up by this side', signal!.reason, 'user'))
    try {
      return await new Promise<Delivery>((resolve, reject) => {
        this.#opening = { resolve, reject }
        stop =
          timeout === 0
            ? undefined
            : this.#timers.after(timeout, () => {
                const where = options.progress === undefined ? '' : `: ${options.progress()}`
                this.#abortWith(expired(this.#shape.layer, 'OPEN_TIMEOUT', `not established within ${timeout} ms${where}`))
              })
        unlisten = signal && whenAborted(signal, onAbort)
        if (this.channel.ended) this.#finish(this.#closedEarly(this.channel.endCause))
        else start()
      })
    } catch (error) {
      if (!this.#ending.error) this.#abortWith(endedHere(this.#shape.layer, 'OPEN', 'could not be opened', error))
      if (signal?.aborted) throw signal.reason
      throw error
    } finally {
      stop?.()
      unlisten?.()
    }
  }

  #hearOnlyReaders(options: ConnectionOptions): void {
    const onStalled = (text: string) => this.#abortWith(expired(this.#shape.layer, 'STALLED', text))
    this.whenEnded(hearOnlyReaders(this.channel, this.#timers, options, onStalled))
  }

  #deliver(delivery: Delivery): void {
    const end = this.#shape.endedBy(delivery, this.#state === 'opening')
    if (end) return this.#finish(end)
    const key = this.#shape.key?.(delivery)
    if (key !== undefined) {
      if (this.#exchanges?.answer(key, delivery)) {
        this.onAnswered?.()
        return
      }
    }
    if (this.#state === 'opening') return this.#deliverOpening(delivery)
    const { release } = this.#shape
    if (release) {
      if (release.isIndication(delivery)) {
        this.provider.submit(release.response())
        if (this.#state !== 'closing') this.#finish(released(this.#shape.layer, 'peer'))
        return
      }
      if (release.isConfirm(delivery)) return this.#finish(released(this.#shape.layer, 'user'))
      if (this.#state === 'closing' && release.isRefusal?.(delivery)) {
        return this.#abortWith(
          endedHere(this.#shape.layer, 'RELEASE_REFUSED', 'the peer refused the release, so this side aborted', undefined, 'user'),
        )
      }
    }
    if (this.#intercept?.(delivery)) return
    this.#queue().put(delivery)
  }

  #deliverOpening(delivery: Delivery): void {
    if (this.#shape.isConnectConfirm(delivery)) return this.#opened(delivery)
    if (!this.#shape.isConnectIndication(delivery) || !this.#decide) return
    const decided = (response: Submit) => {
      if (this.#ending.error) return
      const accepted = this.#shape.accepts(response)
      if (accepted) this.#state = 'open'
      this.provider.submit(response)
      if (this.#ending.error) return
      if (accepted) return this.#opened(delivery)
      this.#finish(new RefusedError(this.#shape.layer, 'REFUSED', 'refused by this side', { by: 'user', answered: response }))
    }
    const failed = (error: unknown) =>
      this.#abortWith(endedHere(this.#shape.layer, 'DECIDE', 'the decision on the connection failed', error))
    try {
      const answer = this.#decide(delivery, this)
      if (answer instanceof Promise) answer.then(decided).catch(failed)
      else decided(answer)
    } catch (error) {
      failed(error)
    }
  }

  #opened(delivery: Delivery): void {
    this.#state = 'open'
    this.#opening?.resolve(delivery)
    this.#opening = undefined
    this.#decide = undefined
  }

  #abortWith(error: OutcomeError, reason?: unknown): void {
    if (this.#state === 'ended') return
    const opening = this.#state === 'opening'
    this.#finish(error)
    try {
      this.provider.submit(this.#shape.abort(reason))
    } catch {
      // Nothing is open at this layer that could be aborted.
    }
    if (opening) this.channel.end()
  }

  #closedEarly(cause: OsiError | undefined): OutcomeError {
    return closedEarly(this.#shape.layer, cause, this.channel.whyClosed?.())
  }

  #finish(error: OutcomeError): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#ending.error = error
    this.#opening?.reject(error)
    this.#opening = undefined
    this.#exchanges?.failAll(error)
    this.#inbox?.end()
    this.#drained?.resolve()
    this.#drained = undefined
    this.channel.resume()
    if (!this.#channelEnded) {
      // The machines close in order; the longest of their own waits is not longer than ours, so this is the last resort.
      this.#channelGone.push(this.#timers.after(this.#closeTimeout + LINGER, () => this.channel.destroy()))
    }
    this.#ending.tell()
    this.#closing?.resolve()
  }

  /** Resolves when the channel is gone, too. */
  #gone(): Promise<void> {
    if (this.#channelEnded) return Promise.resolve()
    return new Promise(resolve => this.#channelGone.push(resolve))
  }
}

/** Octets waiting in the channel above which `send` waits. */
const DRAIN_ABOVE = 65_536
/** Milliseconds granted beyond `closeTimeout` before a channel that does not end is destroyed. */
const LINGER = 1_000
// biome-ignore lint/suspicious/noExplicitAny: only the default of `exchange`, where T is the delivery
function asItIs(delivery: any): any {
  return delivery
}
