import { AbortedError, type OutcomeError, ReleasedError, Sdu, TimeoutError, UsageError } from '@x/core'
import { Connection, type ConnectionOptions, Emitter, type Listener, systemTimers, whenAborted } from '@x/core/async'
import { AcseOid } from '../codes.js'
import { defined } from '../defined.js'
import { maskAuthentication } from '../explain.js'
import { apduName, formatApdu } from '../format.js'
import type { AssociationMachine } from '../machine.js'
import type { FunctionalUnit } from '../options.js'
import { type AssociationRecord, withoutValue } from '../record.js'
import type {
  AAbortRequest,
  AAssociateConfirm,
  AAssociateRequest,
  AReleaseConfirm,
  AReleaseIndication,
  AssociationDelivery,
  AssociationInformation,
  AssociationSubmit,
} from '../service.js'
import type { AbortOptions, AssociationStatus, CommonOptions, ContextOutcome, Data } from './common.js'
import type { AssociationEvents } from './events.js'
import { IdleWatch } from './idle.js'
import type { AssociationKeeper, AssociationMaking } from './making.js'
import { type AeAddress, acceptorOf, contextsOf, type Peer, peerOf, requestorOf } from './names.js'
import { Reader } from './reader.js'
import { type CloseReason, closeReasonOf, informationOf } from './reason.js'
import { type ReleaseOptions, ReleaseProcedure, type ReleaseResult, resultOf } from './release.js'
import { acceptorShape, requestorShape } from './shapes.js'
import { AssociationTimers, type TimeoutSettings, type Timeouts, timeoutsOf } from './timeouts.js'

const ended = new WeakMap<object, Association>()

/** The association that an error of `associate` tells of: whom it was with, what was asked and answered. Undefined: it never came so far. */
export function associationOf(error: unknown): Association | undefined {
  return typeof error === 'object' && error !== null ? ended.get(error) : undefined
}

/**
 * One association, from the moment a network connection is there for it. Both roles; what was asked and answered stays readable after the
 * end, and after a rejection. Iterate it for what the peer sends; leaving the loop releases it.
 */
export class Association extends Emitter<AssociationEvents> implements AsyncIterable<Data>, AsyncDisposable {
  /** Which side asked for it. */
  readonly role: 'requestor' | 'acceptor'
  /** Who the peer has proved to be, in the terms of the mechanism that verified it; undefined: nothing was verified. */
  identity: unknown
  /** The machine and the async edge below, for what is built on an association. */
  readonly machine: AssociationMachine
  readonly connection: Connection<AssociationSubmit, AssociationDelivery>
  /** @internal */
  readonly clock: AssociationTimers
  /** @internal Counts it. */
  keeper: AssociationKeeper | undefined
  readonly #options: CommonOptions
  /** For opening; let go of then. */
  #settings: ConnectionOptions | undefined
  /** Made when they are needed; most associations do nothing but carry data. */
  #release: ReleaseProcedure | undefined
  #idle: IdleWatch | undefined
  #reading: Reader | undefined
  /** A layer below has refused the peer in the name of this side; what becomes of the connection then says less. */
  #refusal: OutcomeError | undefined

  /** @internal */
  constructor({ machine, channel, role, options, parent, timeouts = options.timeouts }: AssociationMaking) {
    super(parent)
    this.role = role
    this.machine = machine
    this.#options = options
    this.clock = new AssociationTimers(options.timers ?? systemTimers, timeoutsOf(role, timeouts))
    const settings = { ...options, timers: this.clock.timers, timeout: Number.POSITIVE_INFINITY }
    this.connection = new Connection(machine, channel, role === 'requestor' ? requestorShape : acceptorShape, settings)
    this.#settings = settings
    this.setTimeouts({})
    this.connection.intercept = this
    this.connection.whenEnded(this)
    this.emit('connOpen', { association: this })
    this.watch()
  }

  /** Who is at the other end of the network. */
  get peer(): Peer {
    return peerOf(this.connection.channel)
  }

  get state(): AssociationStatus {
    const { state } = this.connection
    if (state === 'ended') return 'closed'
    if (state === 'opening') return 'associating'
    const release = this.#release?.state ?? 'none'
    return release === 'none' ? 'associated' : release
  }

  /** Why it is over; undefined while it lives. */
  get closeReason(): CloseReason | undefined {
    const { error } = this
    return error && closeReasonOf(error)
  }

  /** The same as an error; undefined while it lives. */
  get error(): OutcomeError | undefined {
    const { endedWith } = this.connection
    return endedWith && (this.#refusal ?? endedWith)
  }

  /** Resolves with why it is over; never rejects. */
  get closed(): Promise<CloseReason> {
    return this.connection.ended.then(error => closeReasonOf(this.#refusal ?? error))
  }

  /** Fires when it is over, with the error as reason. */
  get signal(): AbortSignal {
    return this.connection.signal
  }

  /** The side that asked: titles and selectors as it has given them, and the network address if it is the peer. */
  get requestor(): AeAddress {
    return requestorOf(this.#record, this.peer)
  }

  /** The side that was asked: as it was called, or as it has answered. */
  get acceptor(): AeAddress {
    return acceptorOf(this.#record, this.peer)
  }

  /** What was asked for: the whole primitive but the authentication value. */
  get asked(): AssociationRecord['requested'] {
    return this.#record.requested
  }

  /** What was answered; undefined while it has not been, or when no answer came. */
  get answered(): AssociationRecord['answered'] {
    return this.#record.answered
  }

  /** The application context in use, or proposed. */
  get applicationContext(): string | undefined {
    return this.answered?.applicationContextName ?? this.asked?.applicationContextName
  }

  /** Functional units beyond the kernel: asked for, and from the answer on agreed to. */
  get functionalUnits(): readonly FunctionalUnit[] {
    return this.#record.functionalUnits
  }

  /** User information that the peer sent with its request or its answer. */
  get userInformation(): readonly AssociationInformation[] {
    return (this.role === 'acceptor' ? this.asked : this.answered)?.userInformation ?? []
  }

  /** User information that came with the end. */
  get closingInformation(): readonly AssociationInformation[] {
    return this.error ? informationOf(this.error) : []
  }

  /** Each presentation context and what became of it. */
  get contexts(): readonly ContextOutcome[] {
    return contextsOf(this.#record)
  }

  get timeouts(): Timeouts {
    return this.clock.settings
  }

  /** Applies at once, also to what is being waited for. */
  setTimeouts(settings: TimeoutSettings): void {
    this.clock.set(settings)
    this.connection.transportCloseTimeout = this.timeouts.transportClose ?? Number.POSITIVE_INFINITY
    if ('idle' in settings && this.state !== 'associating' && this.state !== 'closed') this.#watchIdle()
  }

  /**
   * Sends one value. Resolves at once, or when the network has room again.
   * @param context identifier of the presentation context. @default the only one besides that of ACSE
   * @throws UsageError `STATE` when a release has been asked for by this side, `ACSE_CONTEXT` when there is not one context; how it ended
   */
  send(value: Sdu | Uint8Array, context?: number): Promise<void> {
    if (this.error) return Promise.reject(this.error)
    try {
      const presentationContextIdentifier = context ?? this.#onlyContext()
      this.machine.submit({ type: 'P-DATA.request', presentationContextIdentifier, userData: value instanceof Sdu ? value : Sdu.of(value) })
    } catch (error) {
      return Promise.reject(error)
    }
    this.#idle?.touch()
    return this.connection.drained()
  }

  /**
   * The next value of the peer; undefined after an orderly end. A value that comes when the wait was given up goes to the next reader.
   * @throws TimeoutError `REQUEST_TIMEOUT` after `timeout` (@default `timeouts.request`), which ends nothing; the signal's reason; how it ended
   */
  async receive(options: { readonly timeout?: number; readonly signal?: AbortSignal } = {}): Promise<Data | undefined> {
    return this.#reader.next(this.clock.timers, options.timeout ?? this.timeouts.request, options.signal)
  }

  /** What the peer sends, value by value, what was on its way when a release was asked for included; throws how it ended unless in order. */
  [Symbol.asyncIterator](): AsyncIterator<Data> {
    return {
      next: async () => {
        const value = await this.#reader.next(this.clock.timers, undefined, undefined)
        return value === undefined ? { done: true, value } : { done: false, value }
      },
      return: async () => {
        await this.close()
        return { done: true, value: undefined }
      },
    }
  }

  /**
   * Asks the peer to release, and resolves with its answer when the network connection is gone, too. Called again it waits for the same.
   * When the peer asks at the same time, the answers go in the order of X.227, 7.2.3.5; neither can be refused then.
   *
   * @throws RefusedError `ACSE_RELEASE_REFUSED`: the association goes on (negotiated release only)
   * @throws UsageError `STATE` while the peer's own release waits for an answer; TimeoutError, AbortedError, DisconnectedError: how it ended instead
   */
  async release(options: ReleaseOptions = {}): Promise<ReleaseResult> {
    if (this.error instanceof ReleasedError) return resultOf(this.error.answered as AReleaseConfirm | AReleaseIndication)
    if (this.error) throw this.error
    options.signal?.throwIfAborted()
    const asked = this.#releasing.request(options)
    const unlisten = options.signal && whenAborted(options.signal, () => void this.abort())
    try {
      const result = await asked
      await this.connection.gone()
      return result
    } finally {
      unlisten?.()
      if (options.signal?.aborted) options.signal.throwIfAborted()
    }
  }

  /** Ends it in order if that is possible, else abruptly; resolves when the network connection is gone. Never rejects. */
  async close(): Promise<void> {
    const { state } = this
    if (state === 'associated' || state === 'releasing') await this.release().catch(() => {})
    await this.abort()
  }

  /**
   * Ends it at once: safe in every state, inside every handler, any number of times; one ABRT leaves at most.
   * @returns resolves when the network connection is gone, at the latest after `timeouts.transportClose`
   */
  abort(options: AbortOptions = {}): Promise<void> {
    const { diagnostic } = options
    if (this.state !== 'closed')
      this.end(
        new AbortedError('acse', 'ABORTED', 'aborted by this side', {
          by: 'user',
          ...(diagnostic !== undefined && { reason: diagnostic }),
        }),
        options,
      )
    return this.connection.gone()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** @internal @param check of what was answered; what it throws ends the association. @throws how it ended instead */
  async associate(make: () => Promise<AAssociateRequest>, check: (confirm: AAssociateConfirm) => Promise<void>): Promise<void> {
    await this.#open(async () => {
      const request = await make()
      this.emit('requested', { association: this, request: withoutValue(request) })
      await check((await this.connection.connect(request, this.#settings)) as AAssociateConfirm)
      this.emit('accepted', { association: this })
    })
  }

  /** @internal Waits to be asked. */
  async listen(onIndication: (indication: AssociationDelivery) => void): Promise<void> {
    await this.#open(() => this.connection.listen(onIndication, this.#settings))
  }

  /** @internal It has ended, and nothing has to be said. */
  finish(error: OutcomeError): void {
    this.connection.finish(error)
  }

  /** @internal A layer below refuses; it does so first. */
  refused(error: OutcomeError): void {
    this.#refusal = error
    queueMicrotask(() => this.finish(error))
  }

  /** @internal It ends now, with an ABRT if that is possible. */
  end(error: OutcomeError, options: AbortOptions = {}): void {
    const { diagnostic, userInformation } = options
    this.connection.abort(defined<AAbortRequest>({ type: 'A-ABORT.request', diagnostic, userInformation }), error)
  }

  override on<Name extends keyof AssociationEvents>(event: Name, listener: Listener<AssociationEvents, Name>): () => void {
    const off = super.on(event, listener)
    this.watch()
    return off
  }

  override once<Name extends keyof AssociationEvents>(event: Name, listener: Listener<AssociationEvents, Name>): () => void {
    const off = super.once(event, listener)
    this.watch()
    return off
  }

  /** @internal Looks at what the machine does, as far as anybody wants to hear of it. */
  watch(): void {
    const { machine } = this
    if (this.hears('transition'))
      machine.onTransition = ({ type: cause }, from, to) => this.emit('transition', { association: this, cause, from, to })
    if (this.hears('apduIn') || this.hears('apduOut'))
      machine.onApdu = (way, octets) => this.#seen(way === 'in' ? 'apduIn' : 'apduOut', octets)
  }

  get #record(): AssociationRecord {
    return this.machine.association
  }

  async #open(wait: () => Promise<unknown>): Promise<void> {
    this.clock.start('associate', () => {
      const text = `not established within ${this.timeouts.associate} ms: ACSE is in ${this.machine.state}`
      this.end(new TimeoutError('acse', 'OPEN_TIMEOUT', text, { by: 'local provider' }))
    })
    try {
      await wait()
      if (this.error) throw this.error
    } catch (error) {
      const outcome =
        error instanceof AbortedError ? error : new AbortedError('acse', 'OPEN', 'could not be opened', { by: 'user', cause: error })
      this.end(outcome, defined<AbortOptions>({ diagnostic: outcome.reason as AbortOptions['diagnostic'] }))
      if (typeof error === 'object' && error !== null) ended.set(error, this)
      throw error
    }
    this.clock.stop('associate')
    this.#settings = undefined
    this.emit('established', { association: this })
    if (this.timeouts.idle !== undefined) this.#watchIdle()
  }

  get #releasing(): ReleaseProcedure {
    this.#release ??= new ReleaseProcedure(this, this.#options.onRelease)
    return this.#release
  }

  #watchIdle(): void {
    this.#idle ??= new IdleWatch(this, this.#options.onIdle)
    this.#idle.start()
  }

  get #reader(): Reader {
    this.#reading ??= new Reader(this.connection)
    return this.#reading
  }

  #onlyContext(): number {
    const [one, ...others] = this.contexts.filter(
      ({ result, abstractSyntax }) => result === 'acceptance' && abstractSyntax !== AcseOid.abstractSyntax,
    )
    if (one !== undefined && others.length === 0) return one.id
    const text = `send: expected the identifier of one of the ${others.length + (one ? 1 : 0)} contexts in use, found none`
    throw new UsageError('acse', 'ACSE_CONTEXT', text, this.state)
  }

  /** @internal From the connection. */
  takes(delivery: AssociationDelivery): boolean {
    switch (delivery.type) {
      case 'P-DATA.indication': {
        this.#idle?.touch()
        if (this.hears('data')) this.emit('data', { association: this, values: delivery.userData })
        const { onData } = this.#options
        if (onData) this.guard('onData', () => onData(delivery.userData, this))
        return onData !== undefined
      }
      case 'A-RELEASE.indication':
        this.#releasing.indicated(delivery)
        return true
      case 'A-RELEASE.confirm':
        this.#releasing.confirmed(delivery)
        return true
      default:
        return false
    }
  }

  #seen(event: 'apduIn' | 'apduOut', apdu: Uint8Array): void {
    if (!this.hears(event)) return
    const octets = maskAuthentication(apdu)
    this.emit(event, { association: this, octets, type: apduName(octets), format: () => formatApdu(octets) })
  }

  /** @internal From the connection. */
  connectionEnded(): void {
    const error = this.error!
    const reason = closeReasonOf(error)
    ended.set(error, this)
    this.clock.stopAll()
    this.#release?.ended(error)
    if (reason.type === 'released') this.emit('released', { association: this, reason })
    else this.emit(reason.type === 'rejected' ? 'rejected' : 'aborted', { association: this, reason, error })
    this.emit('closed', { association: this, reason })
    this.keeper?.left(this)
    void this.connection.gone().then(() => this.emit('connClose', { association: this }))
  }
}
