import { DisconnectedError, TimeoutError, type Timers, UsageError } from '@x/core'
import { Emitter, type Fault, systemTimers, whenAborted } from '@x/core/async'
import type { AdditionalServiceName, AdditionalServices } from '../asn1/additional-service.js'
import type { RequestOptions } from '../edge/requests.js'
import type { Negotiated } from '../service.js'
import type { ConfirmedServiceName, ConfirmedServices, UnconfirmedServiceName, UnconfirmedServices } from '../services.js'
import { type BackOff, backOff } from './back-off.js'
import type { MmsClient } from './client.js'
import { Heartbeat, type KeepAlive } from './keep-alive.js'
import { type ManagedEvent, type ManagedState, managedTable } from './managed-states.js'
import { type ClientEvents, Notifications } from './notifications.js'
import { type ReportOptions, ReportQueue } from './reports.js'
import type { DetailedResponse } from './requester.js'
import { ClientServices } from './services.js'
import { WaitingCalls } from './waiting-calls.js'

export interface ManagedOptions {
  /** Makes an association; called for each attempt. @param signal fires when the attempt is not wanted any more */
  readonly connect: (signal: AbortSignal) => Promise<MmsClient>
  /**
   * Does what must be done on each new association before calls go on: enables reports, defines association-specific lists. What it throws
   * ends the attempt. It asks `client`: this managed client lets no call through before it is done.
   */
  readonly restore?: (client: MmsClient, managed: ManagedClient) => unknown
  /** Milliseconds for `restore`. @default 30_000 */
  readonly restoreTimeout?: number
  readonly backOff?: BackOff
  /** Attempts that fail, and associations that are lost before they are stable, one after the other; then it gives up. @default any number */
  readonly attempts?: number
  /** Whether to try again after an error: false gives up. @default always */
  readonly retry?: (error: unknown, failed: number) => boolean
  /** Milliseconds that an association must live, before the next loss counts as the first. @default 10_000 */
  readonly stableAfter?: number
  readonly keepAlive?: KeepAlive
  /** Calls while there is no association: fail at once, or wait for one. @default 'fail' */
  readonly whileDisconnected?: 'fail' | 'wait'
  /** Milliseconds that a call waits for an association. @default 10_000 */
  readonly waitTimeout?: number
  /** Calls that wait; more fail at once. @default 1_000 */
  readonly maxWaiting?: number
  /**
   * How often a request that changes nothing (read, status, identify, getNameList, fileDirectory, and the services that begin with get or
   * report) is sent again on the next association when the one that it went out on was lost. Others never are. @default 0
   */
  readonly resend?: number
  readonly timers?: Timers
}

/** A change of state. */
export interface StateChange {
  readonly from: ManagedState
  readonly to: ManagedState
  readonly because: ManagedEvent
  /** Why the attempt failed, or the association ended. */
  readonly reason?: unknown
  /** Attempts that failed since the last association that was stable. */
  readonly failed: number
  /** Milliseconds before the next attempt, in state waiting. */
  readonly delay?: number
}

export interface ManagedEvents extends ClientEvents {
  state: StateChange
}

/** Services that may be sent twice: whoever asks twice has the same answer, and nothing has changed. */
const CHANGES_NOTHING = new Set<string>(['status', 'identify', 'read', 'fileDirectory', 'readJournal'])
const changesNothing = (service: string) => CHANGES_NOTHING.has(service) || /^(get|report)[A-Z]/.test(service)

/**
 * A client that connects again when its association is lost. It has all the calls of a client; each goes out on the association of the
 * moment. What was sent and not answered when the association was lost fails: whether the server has done it is not known.
 *
 * ```ts
 * const mms = new ManagedClient({ connect: signal => connect({ host, signal }), restore: client => enableReports(client) })
 * mms.on('state', ({ to, reason }) => console.log(to, reason))
 * mms.open()
 * ```
 */
export class ManagedClient extends ClientServices implements AsyncDisposable {
  readonly #options: ManagedOptions
  readonly #timers: Timers
  readonly #events = new Emitter<{ state: StateChange; fault: Fault }>()
  readonly #notifications = new Notifications()
  readonly #changes = new Set<ReportQueue<StateChange>>()
  readonly #waiting: WaitingCalls
  #state: ManagedState = 'idle'
  #reason: unknown
  #failed = 0
  #client: MmsClient | undefined
  #negotiated: Negotiated | undefined
  /** Ends what the state has begun: an attempt, a wait, a watch. */
  #leave: () => void = () => {}
  #heartbeat: Heartbeat | undefined
  #closed: Promise<void> | undefined
  readonly #ending = new AbortController()

  constructor(options: ManagedOptions) {
    super()
    this.#options = options
    this.#timers = options.timers ?? systemTimers
    this.#waiting = new WaitingCalls(this.#timers)
    this.#events.on('fault', fault => this.#notifications.events.emit('fault', fault))
  }

  /** Fires when it is closed. */
  get signal(): AbortSignal {
    return this.#ending.signal
  }

  /** @internal */
  after(delay: number, run: () => void): () => void {
    return this.#timers.after(delay, run)
  }

  get state(): ManagedState {
    return this.#state
  }

  /** Why it is not connected: the error of the last attempt, or how the last association ended. */
  get reason(): unknown {
    return this.#reason
  }

  /** The association of the moment; undefined unless connected. */
  get client(): MmsClient | undefined {
    return this.#state === 'connected' ? this.#client : undefined
  }

  /** What was agreed on the last association. @throws UsageError `MMS_NOT_CONNECTED` before the first */
  get negotiated(): Negotiated {
    if (this.#negotiated === undefined) throw new UsageError('mms', 'MMS_NOT_CONNECTED', 'nothing is agreed on yet', this.#state)
    return this.#negotiated
  }

  get maxOutstanding(): number {
    return this.#client?.maxOutstanding ?? 1
  }

  get maxItems(): number {
    return this.#client?.maxItems ?? Number.POSITIVE_INFINITY
  }

  /** Connects, or does not wait any longer before the next attempt. Nothing to do when it is connecting or connected. */
  open(): void {
    this.#step('open')
  }

  /** Resolves once it is connected. @throws UsageError `MMS_CLOSED` when it is closed before; the reason of the signal */
  async whenConnected(signal?: AbortSignal): Promise<void> {
    if (this.#state === 'closed') throw this.#closedError()
    if (this.#state !== 'connected') await this.#waiting.wait(signal, 0)
  }

  /** Closes for ever: the association in order, the calls that wait with an error. */
  close(): Promise<void> {
    this.#step('close')
    return this.#closed ?? Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** As of a client, on every association; `state` for each change of state. @returns takes the listener off again */
  on<Name extends keyof ManagedEvents>(event: Name, listener: (what: ManagedEvents[Name]) => unknown): () => void {
    if (event === 'state') return this.#events.on('state', listener as (what: StateChange) => unknown)
    return this.#notifications.events.on(event as keyof ClientEvents, listener as never)
  }

  /** The changes of state from now on. Ends when it is closed. */
  states(options: ReportOptions = {}): ReportQueue<StateChange> {
    const queue: ReportQueue<StateChange> = new ReportQueue(options, () => this.#changes.delete(queue))
    if (this.#state === 'closed') queue.end()
    else this.#changes.add(queue)
    return queue
  }

  /** What comes without being asked for, over all associations. Ends when it is closed. */
  notifications<S extends UnconfirmedServiceName>(service: S, options: ReportOptions = {}): ReportQueue<UnconfirmedServices[S]> {
    return this.#notifications.queue(service, options)
  }

  /** Information reports, over all associations. */
  reports(options: ReportOptions = {}): ReportQueue<UnconfirmedServices['informationReport']> {
    return this.notifications('informationReport', options)
  }

  /** Sends any confirmed service by name, on the association of the moment. */
  request<S extends ConfirmedServiceName>(
    service: S,
    argument: ConfirmedServices[S]['request'],
    options: RequestOptions = {},
  ): Promise<ConfirmedServices[S]['response']> {
    return this.run(
      client => client.request(service, argument, options),
      options.signal,
      changesNothing(service) ? this.#options.resend : 0,
    )
  }

  /** As `request`, with what `csr` and `cspi` add to the response. */
  requestDetailed<S extends ConfirmedServiceName>(
    service: S,
    argument: ConfirmedServices[S]['request'],
    options: RequestOptions = {},
  ): Promise<DetailedResponse<S>> {
    const resend = changesNothing(service) ? this.#options.resend : 0
    return this.run(client => client.requestDetailed(service, argument, options), options.signal, resend)
  }

  /** Sends any additional service by name, on the association of the moment. */
  additional<S extends AdditionalServiceName>(
    service: S,
    argument: AdditionalServices[S]['request'],
    options: RequestOptions = {},
  ): Promise<AdditionalServices[S]['response']> {
    return this.run(client => client.additional(service, argument, options), options.signal)
  }

  protected async send<S extends ConfirmedServiceName, T>(
    service: S,
    argument: ConfirmedServices[S]['request'],
    options: RequestOptions,
    pick: (response: ConfirmedServices[S]['response']) => T,
  ): Promise<T> {
    return pick(await this.request(service, argument, options))
  }

  /**
   * Runs something on the association of the moment, once there is one.
   * @param resend how often it is run again from the beginning when its association was lost: only for what may be done twice
   */
  async run<T>(work: (client: MmsClient) => Promise<T>, signal?: AbortSignal, resend = 0): Promise<T> {
    for (let again = resend; ; again--) {
      const client = this.client ?? (await this.#ready(signal))
      try {
        const result = await work(client)
        this.#heartbeat?.heard()
        return result
      } catch (error) {
        if (again <= 0 || error !== client.connection.endedWith) throw error
      }
    }
  }

  // ---------------------------------------------------------------- the table at work

  #step(because: ManagedEvent, reason?: unknown): void {
    const from = this.#state
    const to = managedTable[from][because]
    if (to === undefined) return
    this.#leave()
    this.#leave = () => {}
    this.#state = to
    this.#reason = to === 'connected' ? undefined : (reason ?? this.#reason)
    const delay = this.#enter(to)
    const change: StateChange = {
      from,
      to,
      because,
      failed: this.#failed,
      ...(reason === undefined ? {} : { reason }),
      ...(delay === undefined ? {} : { delay }),
    }
    for (const queue of this.#changes) queue.put(change)
    this.#events.emit('state', change)
    if (to === 'closed') this.#end()
  }

  #enter(state: ManagedState): number | undefined {
    if (state === 'connecting') this.#attempt()
    if (state === 'connected') this.#serve()
    if (state === 'closed') this.#closed = this.#client?.close() ?? Promise.resolve()
    if (state !== 'waiting') return undefined
    const delay = backOff(this.#failed, this.#options.backOff)
    this.#leave = this.#timers.after(delay, () => this.#step('due'))
    return delay
  }

  #attempt(): void {
    const aborter = new AbortController()
    const { signal } = aborter
    this.#leave = () => aborter.abort(new UsageError('mms', 'MMS_CLOSED', 'the attempt is over', this.#state))
    void this.#associate(signal).catch(error => {
      if (!signal.aborted) this.#unsuccessful('failed', error)
    })
  }

  async #associate(signal: AbortSignal): Promise<void> {
    const client = await this.#options.connect(signal)
    if (signal.aborted) return client.abort(signal.reason)
    this.#client = client
    this.#negotiated = client.negotiated
    client.relay = delivery => {
      this.#heartbeat?.heard()
      this.#notifications.take(delivery)
    }
    // Another association may have other types.
    this.values.forget()
    client.connection.whenEnded(() => {
      if (this.#client === client && this.#state !== 'closed') this.#unsuccessful('lost', client.connection.endedWith)
    })
    if (client.connection.endedWith) return
    await this.#restore(client, signal)
    if (!signal.aborted) this.#step('opened')
  }

  async #restore(client: MmsClient, signal: AbortSignal): Promise<void> {
    const { restore, restoreTimeout = 30_000 } = this.#options
    if (restore === undefined) return
    const text = `what is done on each new association took more than ${restoreTimeout} ms`
    const expire = () => client.abort(new TimeoutError('mms', 'MMS_RESTORE_TIMEOUT', text, { by: 'user' }))
    const stop = restoreTimeout > 0 ? this.#timers.after(restoreTimeout, expire) : () => {}
    const stopOnAbort = whenAborted(signal, stop)
    try {
      await restore(client, this)
    } catch (error) {
      if (!signal.aborted) {
        this.#client = undefined
        client.abort(error)
      }
      throw error
    } finally {
      stop()
      stopOnAbort()
    }
  }

  /** No association, or none any more. */
  #unsuccessful(because: 'failed' | 'lost', error: unknown): void {
    this.#client = undefined
    this.#failed += 1
    const { attempts = Number.POSITIVE_INFINITY, retry } = this.#options
    const again = this.#failed < attempts && (retry === undefined || this.#asked(() => retry(error, this.#failed)))
    this.#step(again ? because : 'given up', error)
  }

  #asked(retry: () => boolean): boolean {
    try {
      return retry()
    } catch (error) {
      this.#events.emit('fault', { of: 'retry', error })
      return true
    }
  }

  #serve(): void {
    const client = this.#client!
    const heartbeat = new Heartbeat(client, this.#timers, this.#options.keepAlive ?? {})
    this.#heartbeat = heartbeat
    const stable = this.#timers.after(this.#options.stableAfter ?? 10_000, () => {
      this.#failed = 0
    })
    this.#leave = () => {
      stable()
      heartbeat.stop()
      this.#heartbeat = undefined
    }
    this.#waiting.go(client)
  }

  #end(): void {
    this.#waiting.fail(this.#closedError())
    this.#ending.abort(this.#closedError())
    for (const queue of this.#changes) queue.end()
    this.#changes.clear()
    this.#notifications.end()
  }

  // ---------------------------------------------------------------- calls without an association

  #ready(signal: AbortSignal | undefined): Promise<MmsClient> {
    const { whileDisconnected = 'fail', waitTimeout = 10_000, maxWaiting = 1_000 } = this.#options
    if (this.#state === 'closed') return Promise.reject(this.#closedError())
    if (whileDisconnected === 'fail') return Promise.reject(this.#notConnected('there is no association'))
    if (this.#waiting.size >= maxWaiting) return Promise.reject(this.#notConnected(`${maxWaiting} calls wait for an association already`))
    return this.#waiting.wait(signal, waitTimeout, () => this.#notConnected(`there was no association within ${waitTimeout} ms`))
  }

  #notConnected(text: string): DisconnectedError {
    const why = this.#reason instanceof Error ? `: ${this.#reason.message}` : ''
    return new DisconnectedError('mms', 'MMS_NOT_CONNECTED', `${text} (${this.#state})${why}`, {
      by: 'local provider',
      cause: this.#reason,
    })
  }

  #closedError(): UsageError {
    const why = this.#reason instanceof Error ? `, given up: ${this.#reason.message}` : ''
    return new UsageError('mms', 'MMS_CLOSED', `this client is closed${why}`, this.#state, { cause: this.#reason })
  }
}
