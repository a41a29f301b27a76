import type { AAssociateConfirm } from '@x/acse'
import { type CloseReason, closeReasonOf, type Peer, peerOf } from '@x/acse/open'
import { type OutcomeError, TimeoutError, type Timers, UsageError } from '@x/core'
import { type Connection, systemTimers } from '@x/core/async'
import type { AdditionalServiceName, AdditionalServiceRequest, AdditionalServices } from '../asn1/additional-service.js'
import type { InformationReport } from '../asn1/variable-access.js'
import type { MmsPeer } from '../edge/peer.js'
import { type RequestOptions, Requests } from '../edge/requests.js'
import { Serving, type ServingLimits } from '../edge/serving.js'
import type { Handlers } from '../server/handlers.js'
import type { MmsDelivery, MmsSubmit, Negotiated } from '../service.js'
import type { ConfirmedServiceName, ConfirmedServices, UnconfirmedServiceName, UnconfirmedServices } from '../services.js'
import { MmsDomains } from './domains.js'
import { downloadsLeft } from './downloads.js'
import { refusedByPeer } from './errors.js'
import { MmsFiles } from './files.js'
import { type ClientEvents, type ClientListener, Notifications } from './notifications.js'
import type { OwnFiles } from './own-files.js'
import type { ReportOptions, ReportQueue } from './reports.js'
import { additionalResponse, type DetailedResponse } from './requester.js'
import { ClientServices } from './services.js'
import { MmsUnitControl } from './unit-control.js'

/**
 * An MMS association seen from the side that asks. Made by `openMms` or `connect`.
 *
 * Each method sends one request and settles once: with the response, with a ServiceError or RejectedError of the peer, or with how
 * the association ended. Up to the negotiated number of requests are open at a time; more wait here, in order.
 */
export class MmsClient extends ClientServices implements MmsPeer, AsyncDisposable {
  readonly connection: Connection<MmsSubmit, MmsDelivery>
  /** What both sides agreed on. */
  readonly negotiated: Negotiated
  /** What the association below answered: titles, contexts, selectors. */
  readonly association: AAssociateConfirm
  /** Most requests open at a time: the negotiated number, or less when the caller lowers it. */
  readonly maxOutstanding: number
  /** Variables in one read or write; more are read or written in several. */
  readonly maxItems: number
  /** Told of what nobody has asked for, too. @internal */
  relay: ((delivery: MmsDelivery) => void) | undefined
  /** Made for whoever wants to hear. */
  #notifications: Notifications | undefined
  readonly #requests: Requests
  #serving: Serving<MmsClient> | undefined
  #files: MmsFiles | undefined
  readonly #timers: Timers
  readonly #closeTimeout: number
  readonly #handlers: Handlers<MmsClient>
  readonly #ownFiles: OwnFiles | undefined
  #closing: Promise<void> | undefined
  /** Told how the conclude under way has ended. */
  #concluded: ((error?: unknown) => void) | undefined
  /** `close` was called: however it ends, it ends because this side wanted it. */
  #wanted = false

  /** @internal */
  constructor(
    connection: Connection<MmsSubmit, MmsDelivery>,
    opened: { negotiated: Negotiated; association: AAssociateConfirm },
    options: {
      readonly maxOutstanding?: number
      readonly maxItems?: number
      readonly firstInvokeID?: number
      readonly announcedOnly?: boolean
      readonly requestTimeout?: number
      readonly timers?: Timers
      readonly closeTimeout?: number
      readonly handlers?: Handlers<MmsClient>
      readonly ownFiles?: OwnFiles
    } = {},
  ) {
    super()
    this.connection = connection
    this.negotiated = opened.negotiated
    this.association = opened.association
    const { timers = systemTimers, maxOutstanding: most, firstInvokeID, announcedOnly, requestTimeout: stallTimeout = 10_000 } = options
    this.#requests = new Requests(connection, opened.negotiated, { most, firstInvokeID, announcedOnly, stallTimeout, timers })
    this.maxOutstanding = this.#requests.most
    this.maxItems = options.maxItems ?? Number.POSITIVE_INFINITY
    this.#handlers = options.handlers ?? {}
    this.#ownFiles = options.ownFiles
    this.#timers = timers
    this.#closeTimeout = options.closeTimeout ?? 5_000
    connection.intercept = delivery => this.#take(delivery)
    connection.whenEnded(() => this.#ended())
  }

  /** Resolves with how the association ended; never rejects. */
  get ended(): Promise<OutcomeError> {
    return this.connection.ended
  }

  /** Fires when the association ends. */
  get signal(): AbortSignal {
    return this.connection.signal
  }

  /** Why the association is over; undefined while it lives. */
  get closeReason(): CloseReason | undefined {
    return this.connection.endedWith && closeReasonOf(this.connection.endedWith)
  }

  /** Network address of the server, and its certificate if the channel is secure. */
  get peer(): Peer {
    return peerOf(this.connection.channel)
  }

  /** Where the server is, such as `192.0.2.7:102`. */
  get remote(): string {
    return this.connection.channel.remote
  }

  /** @internal */
  after(delay: number, run: () => void): () => void {
    return this.#timers.after(delay, run)
  }

  /** Sends any confirmed service by name, its argument and response as ISO 9506-2 has them. */
  request<S extends ConfirmedServiceName>(
    service: S,
    argument: ConfirmedServices[S]['request'],
    options: RequestOptions = {},
  ): Promise<ConfirmedServices[S]['response']> {
    return this.#requests.send(service, argument, options, response => response)
  }

  /** Sends any additional service by name: a request of the confirmed service additionalService. */
  additional<S extends AdditionalServiceName>(
    service: S,
    argument: AdditionalServices[S]['request'],
    options: RequestOptions = {},
  ): Promise<AdditionalServices[S]['response']> {
    const request = { type: service, value: argument } as AdditionalServiceRequest
    return this.#requests.send('additionalService', request, options, response => additionalResponse(service, response))
  }

  protected send<S extends ConfirmedServiceName, T>(
    service: S,
    argument: ConfirmedServices[S]['request'],
    options: RequestOptions,
    pick: (response: ConfirmedServices[S]['response']) => T,
  ): Promise<T> {
    return this.#requests.send(service, argument, options, pick)
  }

  /** As `request`, with what `csr` and `cspi` add to the response: the octets of a Response-Detail. */
  requestDetailed<S extends ConfirmedServiceName>(
    service: S,
    argument: ConfirmedServices[S]['request'],
    options: RequestOptions = {},
  ): Promise<DetailedResponse<S>> {
    return this.#requests.send(service, argument, options, (response, serviceExt) => ({ response, serviceExt }))
  }

  /** Requests that wait for a free place. */
  get queued(): number {
    return this.#requests.queued
  }

  /** The domains of the server: downloads, uploads, attributes. */
  get domains(): MmsDomains {
    return this.group(MmsDomains)
  }

  /** The unit controls of the server: with `cspi`. */
  get unitControl(): MmsUnitControl {
    return this.group(MmsUnitControl)
  }

  /** The files of the server. */
  get files(): MmsFiles {
    this.#files ??= new MmsFiles(this, this.#ownFiles)
    return this.#files
  }

  /**
   * Information reports from now on, in order. Ends when this side closes or the peer releases; throws how it ended otherwise. A slow reader
   * loses the oldest, unless told otherwise.
   */
  reports(options: ReportOptions = {}): ReportQueue<InformationReport> {
    return this.notifications('informationReport', options)
  }

  /** As `reports`, for any unconfirmed service: informationReport, unsolicitedStatus, eventNotification. */
  notifications<S extends UnconfirmedServiceName>(service: S, options: ReportOptions = {}): ReportQueue<UnconfirmedServices[S]> {
    return this.#heard.queue(service, options)
  }

  /**
   * Tells a listener of each unconfirmed service that comes, and of what the peer says about cancels and PDUs of this side. What a listener
   * throws is told as `fault` and disturbs nobody.
   * @returns takes the listener off again
   */
  on<Name extends keyof ClientEvents>(event: Name, listener: ClientListener<Name>): () => void {
    return this.#heard.events.on(event, listener)
  }

  /** Takes a listener off. @param listener absent: all of that event */
  off<Name extends keyof ClientEvents>(event: Name, listener?: ClientListener<Name>): void {
    this.#notifications?.events.off(event, listener)
  }

  get #heard(): Notifications {
    if (this.#notifications === undefined) {
      this.#notifications = new Notifications()
      if (this.connection.endedWith) this.#notifications.end()
    }
    return this.#notifications
  }

  /**
   * Orderly end: waits for the answers to requests that are open and for the end of downloads, then conclude, release, close.
   * Becomes an abort when the peer does not answer, each within `closeTimeout`.
   */
  close(): Promise<void> {
    this.#wanted = true
    const downloads = downloadsLeft(this)
    const isIdle = this.connection.outstanding === 0
    if ((isIdle && downloads === undefined) || this.connection.state !== 'open') return this.connection.close()
    this.#closing ??= new Promise<void>(resolve => {
      const stop = this.#timers.after(this.#closeTimeout, resolve)
      const idle = new Promise<void>(done => {
        this.#requests.onIdle = done
        if (isIdle) done()
      })
      const over = Promise.race([Promise.all([idle, downloads]), this.connection.ended])
      void over.then(() => {
        stop()
        resolve()
      })
    }).then(() => this.connection.close())
    return this.#closing
  }

  /**
   * Asks the server to conclude, and ends the association in order when it agrees. `close` does it without asking twice.
   * @throws ServiceError of the class conclude when the server does not agree: the association goes on; UsageError `MMS_OUTSTANDING` while
   * requests are open; how the association ended, an abort when there is no answer within `closeTimeout`
   */
  conclude(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.connection.endedWith) return reject(this.connection.endedWith)
      if (this.#concluded) return reject(new UsageError('mms', 'MMS_CONCLUDING', 'a conclude is on its way already'))
      const text = `the peer did not answer the conclude within ${this.#closeTimeout} ms`
      const expire = () => this.connection.abort(undefined, new TimeoutError('mms', 'MMS_CONCLUDE_TIMEOUT', text, { by: 'local provider' }))
      const stop = this.#timers.after(this.#closeTimeout, expire)
      this.#concluded = error => {
        stop()
        this.#concluded = undefined
        if (error === undefined) resolve()
        else reject(error)
      }
      try {
        this.connection.provider.submit({ type: 'M-CONCLUDE.request' })
      } catch (error) {
        this.#concluded(error)
      }
    })
  }

  /** Ends it at once. */
  abort(reason?: unknown): void {
    this.connection.abort(reason)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #take(delivery: MmsDelivery): boolean {
    if (delivery.type === 'M-CONFIRMED.indication') {
      this.#serving ??= new Serving<MmsClient>(this, this.connection, this.#handlers, SERVING_LIMITS)
      this.#serving.take(delivery)
    }
    if (delivery.type === 'M-CONCLUDE.confirm' && delivery.error) this.#concluded?.(refusedByPeer('conclude', undefined, delivery.error))
    if (delivery.type === 'M-CANCEL.confirm') this.#requests.cancelAnswered(delivery.originalInvokeID)
    if (delivery.type === 'M-CANCEL.indication') this.#serving?.cancel(delivery.originalInvokeID)
    this.#notifications?.take(delivery)
    this.relay?.(delivery)
    // What nobody listens to must not pile up in the inbox.
    return true
  }

  #ended(): void {
    this.#serving?.end()
    const end = this.connection.endedWith
    this.#notifications?.end(this.#wanted || end?.by === 'user' || end?.name === 'ReleasedError' ? undefined : end)
    this.#requests.end()
    this.#concluded?.(end?.name === 'ReleasedError' ? undefined : end)
  }
}

const SERVING_LIMITS: ServingLimits = { callTimeout: 10_000, maxPending: 262_144 }
