import { type Channel, stayAbove } from '../channel.js'
import { type OsiError, type OutcomeError, RefusedError, ReleasedError, UsageError } from '../errors.js'
import { hearFrom, type Primitive, type ServiceProvider, type ServiceUser } from '../service.js'
import { shared } from '../shared.js'
import { ChannelSide } from './channel-side.js'
import { asItIs, Exchange, Exchanges } from './exchanges.js'
import { Inbox, iterate } from './inbox.js'
import { establish, type Opening, whenDecided } from './opening.js'
import { closedEarly, endedHere, expired, released } from './outcomes.js'
import type { ConnectionOptions, ExchangeOptions, Shape } from './shape.js'
import { isOn } from './timer.js'
import { systemTimers } from './timers.js'

/**
 * The one async edge of the stack: promises, async iteration, AbortSignal, timeouts and backpressure over any access point.
 * Every call settles exactly once; what is open when the connection ends rejects in the same turn with the same error.
 */
export class Connection<Submit extends Primitive, Delivery extends Primitive>
  extends ChannelSide
  implements AsyncIterable<Delivery>, AsyncDisposable, ServiceUser<Delivery>
{
  /** Submits `request` and waits for the confirm. @throws RefusedError, TimeoutError, DisconnectedError, AbortedError or the signal's reason */
  static async open<S extends Primitive, D extends Primitive>(
    provider: ServiceProvider<S, D>,
    channel: Channel,
    shape: Shape<S, D>,
    request: S,
    options: ConnectionOptions = {},
  ): Promise<{ connection: Connection<S, D>; confirm: D }> {
    const connection = new Connection(provider, channel, shape, options)
    return { connection, confirm: await connection.connect(request, options) }
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
    const failed = (error: unknown) =>
      connection.abort(undefined, endedHere(shape.layer, 'DECIDE', 'the decision on the connection failed', error))
    const asked = (indication: D) =>
      whenDecided(
        () => decide(indication, connection),
        response => connection.respond(response),
        failed,
      )
    return { connection, indication: await connection.listen(asked, options) }
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
    if (channel.ended) connection.finish(connection.#closedEarly(channel.endCause))
    return connection
  }

  readonly provider: ServiceProvider<Submit, Delivery>
  /** Told after each answer: a key has become free. */
  onAnswered: (() => void) | undefined
  /** For the peer to close the channel when all is over, in milliseconds; then this side does. 0 and `Infinity`: it need not. */
  transportCloseTimeout: number
  readonly #shape: Shape<Submit, Delivery>
  readonly #settings: { readonly requestTimeout: number; readonly closeTimeout: number; readonly queueLimit: number }
  /** Made for the first request: a side that only answers never has one. */
  #exchanges: Exchanges<Delivery> | undefined
  /** Made for the first delivery that nobody takes at once. */
  #inbox: Inbox<Delivery> | undefined
  #intercept: Interceptor<Delivery> | undefined
  #state: 'opening' | 'open' | 'closing' | 'ended' = 'opening'
  #opening: Opening<Delivery> | undefined
  #onIndication: ((indication: Delivery) => void) | undefined
  /** What the peer asks, as long as it has no answer. */
  #indication: Delivery | undefined
  #closing: Promise<void> | undefined
  #owesRelease = false

  /** Not open yet: `connect` or `listen` opens it. Takes over `provider.onDeliver`, and what the channel tells but data. */
  constructor(provider: ServiceProvider<Submit, Delivery>, channel: Channel, shape: Shape<Submit, Delivery>, options: ConnectionOptions) {
    // Not the options: they may lead to all that was needed for opening.
    super(channel, options.timers ?? systemTimers)
    this.provider = provider
    this.#shape = shape
    const { requestTimeout = 10_000, closeTimeout = 5_000, queueLimit = 64 } = options
    this.#settings = shared({ requestTimeout, closeTimeout, queueLimit })
    // The machines close in order; the longest of their own waits is not longer than ours, so this is the last resort.
    this.transportCloseTimeout = options.transportCloseTimeout ?? closeTimeout + LINGER
    hearFrom(provider, this)
    stayAbove(channel, this)
  }

  protected override stalled(text: string): void {
    this.#abortWith(expired(this.#shape.layer, 'STALLED', text))
  }

  /** A responder that nobody has connected to yet has nothing to deliver, and yet it is over. */
  protected override lost(cause: OsiError | undefined): void {
    if (this.#state === 'opening') this.finish(this.#closedEarly(cause))
  }

  /** Submits `request` and waits for the confirm. @throws as `Connection.open` */
  connect(request: Submit, options: ConnectionOptions = {}): Promise<Delivery> {
    return this.#establish(options, () => this.provider.submit(request))
  }

  /**
   * Waits for the peer to connect, tells `onIndication`, and for `respond` to answer it.
   * @returns the indication, once it is accepted @throws as `Connection.accept`
   */
  listen(onIndication: (indication: Delivery) => void, options: ConnectionOptions = {}): Promise<Delivery> {
    this.#onIndication = onIndication
    this.hearOnlyReaders(options)
    return this.#establish(options, () => {})
  }

  /**
   * Answers the indication that `listen` told of; without effect when the connection has ended meanwhile.
   * @param refusal how it ends when the response refuses. @default refused by this side's user
   * @throws UsageError `NO_INDICATION`, and what the service throws: the indication then still waits for an answer
   */
  respond(response: Submit, refusal?: RefusedError): void {
    if (this.ending.error) return
    const indication = this.#indication
    const { layer } = this.#shape
    if (indication === undefined) throw new UsageError(layer, 'NO_INDICATION', 'there is nothing to answer now', this.#state)
    const accepted = this.#shape.accepts(response)
    // The peer may be heard while the response is being sent.
    if (accepted) this.#state = 'open'
    this.#indication = undefined
    try {
      this.provider.submit(response)
    } catch (error) {
      this.#state = 'opening'
      this.#indication = indication
      throw error
    }
    if (this.ending.error) return
    if (accepted) return this.#opened(indication)
    this.finish(refusal ?? new RefusedError(layer, 'REFUSED', 'refused by this side', { by: 'user', answered: response }))
  }

  /** Lets `more` deliveries be held beyond the limit, so that what comes after them is heard. */
  holdMore(more: number): void {
    this.#inbox?.holdMore(more)
  }

  /** `opening` until accepted, `closing` once a release is under way, `ended` when nothing can be sent any more. */
  get state(): 'opening' | 'open' | 'closing' | 'ended' {
    return this.#state
  }

  /** Sees each delivery before it is queued, and those queued already; true: it is taken. Set by the client or server on top. */
  set intercept(see: Interceptor<Delivery>) {
    this.#intercept = see
    this.#inbox?.filter(delivery => !isTaken(see, delivery))
  }

  /** Requests of `exchange` that have no answer yet. */
  get outstanding(): number {
    return this.#exchanges?.size ?? 0
  }

  /** Submits, and resolves at once, or once the channel has drained when it was full. @throws UsageError, EncodeError or how the connection ended */
  send(request: Submit): Promise<void> {
    if (this.ending.error) return Promise.reject(this.ending.error)
    try {
      this.provider.submit(request)
    } catch (error) {
      return Promise.reject(error)
    }
    return this.drained()
  }

  /**
   * Submits a request and resolves with the delivery that has the same key, or with what `read` makes of it.
   * A timeout or a signal rejects the promise only: the key stays taken until the answer comes or the connection ends.
   *
   * @param read called with the answer at once; what it throws is what the promise rejects with. @default the delivery as it is
   */
  exchange<T = Delivery>(key: number, request: Submit, options: ExchangeOptions = {}, read: (answer: Delivery) => T = asItIs): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.ending.error) return reject(this.ending.error)
      const { signal, timeout = this.#settings.requestTimeout } = options
      if (signal?.aborted) return reject(signal.reason)
      this.#exchanges ??= new Exchanges(this.timers, this.#settings.requestTimeout, this.#shape.layer)
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
    const failed = () => (this.ending.error instanceof ReleasedError || this.ending.error?.by === 'user' ? undefined : this.ending.error)
    return iterate(
      () => this.#queue(),
      failed,
      () => this.close(),
    )
  }

  /** Orderly release; an abort when the peer does not answer within `closeTimeout`. Calling it again waits for the same end. */
  close(): Promise<void> {
    if (this.#state === 'ended') return this.gone()
    if (this.#closing) return this.#closing
    const { release } = this.#shape
    if (!release || this.#state !== 'open') {
      this.abort()
      return this.gone()
    }
    this.#closing = new Promise<void>(resolve => this.whenEnded(resolve)).then(() => this.gone())
    this.#state = 'closing'
    const text = `the peer did not answer the release within ${this.#settings.closeTimeout} ms`
    const expire = () => this.#abortWith(expired(this.#shape.layer, 'RELEASE_TIMEOUT', text))
    this.whenEnded(this.timers.after(this.#settings.closeTimeout, expire))
    try {
      this.provider.submit(release.request())
    } catch (error) {
      this.#abortWith(endedHere(this.#shape.layer, 'RELEASE', `the release could not be sent: ${(error as Error).message}`, error))
    }
    return this.#closing
  }

  /**
   * Ends it at once; safe in any state, from inside any handler, any number of times.
   * @param reason handed to the shape's `abort`. @param outcome how it ends. @default aborted by this side's user
   */
  abort(reason?: unknown, outcome?: OutcomeError): void {
    this.#abortWith(outcome ?? endedHere(this.#shape.layer, 'ABORTED', 'aborted by this side', reason, 'user'), reason)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #queue(): Inbox<Delivery> {
    this.#inbox ??= new Inbox(this.#settings.queueLimit, this.channel, this.#shape.keep, this.#state === 'ended')
    return this.#inbox
  }

  #establish({ signal, timeout = 10_000, progress }: ConnectionOptions, start: () => void): Promise<Delivery> {
    const { layer } = this.#shape
    return establish<Delivery>({
      timers: this.timers,
      timeout,
      signal,
      start: opening => {
        this.#opening = opening
        if (this.channel.ended) this.finish(this.#closedEarly(this.channel.endCause))
        else start()
      },
      onTimeout: () => {
        const where = progress === undefined ? '' : `: ${progress()}`
        this.#abortWith(expired(layer, 'OPEN_TIMEOUT', `not established within ${timeout} ms${where}`))
      },
      onSignal: () => this.#abortWith(endedHere(layer, 'SIGNAL', 'given up by this side', signal?.reason, 'user')),
      onFailure: error => this.#abortWith(endedHere(layer, 'OPEN', 'could not be opened', error)),
    })
  }

  /** @internal From the provider. */
  hear(delivery: Delivery): void {
    const end = this.#shape.endedBy(delivery, this.#state === 'opening')
    if (end) return this.finish(end)
    const key = this.#shape.key?.(delivery)
    if (key !== undefined && this.#exchanges?.answer(key, delivery)) return this.onAnswered?.()
    if (this.#state === 'opening') return this.#deliverOpening(delivery)
    const { release } = this.#shape
    if (release) {
      if (release.isIndication(delivery)) {
        this.#owesRelease = !this.#answerRelease(release)
        return this.#state === 'closing' ? undefined : this.finish(released(this.#shape.layer, 'peer'))
      }
      if (release.isConfirm(delivery)) {
        if (this.#owesRelease) this.#answerRelease(release)
        return this.finish(released(this.#shape.layer, 'user'))
      }
      if (this.#state === 'closing' && release.isRefusal?.(delivery)) {
        return this.#abortWith(
          endedHere(this.#shape.layer, 'RELEASE_REFUSED', 'the peer refused the release, so this side aborted', undefined, 'user'),
        )
      }
    }
    if (this.#intercept !== undefined && isTaken(this.#intercept, delivery)) return
    this.#queue().put(delivery)
  }

  #deliverOpening(delivery: Delivery): void {
    if (this.#shape.isConnectConfirm(delivery)) return this.#opened(delivery)
    if (!this.#shape.isConnectIndication(delivery) || !this.#onIndication) return
    this.#indication = delivery
    this.#onIndication(delivery)
  }

  /** When two releases have met, the service says who answers first. @returns false: this side may not yet, but after its own confirm */
  #answerRelease(release: NonNullable<Shape<Submit, Delivery>['release']>): boolean {
    try {
      this.provider.submit(release.response())
      return true
    } catch (error) {
      if (this.#state !== 'closing' || !(error instanceof UsageError)) throw error
      return false
    }
  }

  #opened(delivery: Delivery): void {
    this.#state = 'open'
    this.#opening?.resolve(delivery)
    this.#opening = undefined
    this.#onIndication = undefined
  }

  #abortWith(error: OutcomeError, reason?: unknown): void {
    if (this.#state === 'ended') return
    const opening = this.#state === 'opening'
    this.finish(error)
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

  /** Ends it as an owner says who sees more of the service than the shape does; nothing is sent. */
  finish(error: OutcomeError): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.ending.error = error
    this.#opening?.reject(error)
    this.#opening = undefined
    this.#exchanges?.failAll(error)
    this.#inbox?.end()
    this.release()
    this.channel.resume()
    if (!this.ending.gone && isOn(this.transportCloseTimeout))
      this.ending.whenGone(this.timers.after(this.transportCloseTimeout, () => this.channel.destroy()))
    this.ending.tell()
  }
}

/** Sees deliveries before they are queued; true: it has taken one. */
export type Interceptor<Delivery> = ((delivery: Delivery) => boolean) | { takes(delivery: Delivery): boolean }

function isTaken<Delivery>(interceptor: Interceptor<Delivery>, delivery: Delivery): boolean {
  return typeof interceptor === 'function' ? interceptor(delivery) : interceptor.takes(delivery)
}

/** Milliseconds granted beyond `closeTimeout` before a channel that does not end is destroyed. */
const LINGER = 1_000
