import { TimeoutError, type Timers, UsageError } from '@x/core'
import { type Connection, whenAborted } from '@x/core/async'
import type { Modifier } from '../asn1/modifier.js'
import { outcomeOf } from '../client/errors.js'
import { extended } from '../outgoing.js'
import type { MConfirmedConfirm, MmsDelivery, MmsSubmit, Negotiated } from '../service.js'
import type { ConfirmedServiceName, ConfirmedServices } from '../services.js'
import { checkAnnounced } from './announced.js'

export interface RequestOptions {
  /** Rejects the call at once; the invoke identifier stays taken until the answer comes. */
  readonly signal?: AbortSignal
  /** Also sends a Cancel when the signal fires or the time is over. @default false */
  readonly cancel?: boolean
  /** Milliseconds for the answer, counted from when the request is sent; 0 waits for ever. @default the association's `requestTimeout` */
  readonly timeout?: number
  /** What the service waits for at the peer before it is executed, in order: events, semaphores. ISO 9506-1, 8.4.1. @default nothing */
  readonly listOfModifiers?: readonly Modifier[]
  /** What `csr` and `cspi` add to some requests: the octets of a Request-Detail. @default nothing */
  readonly serviceExt?: Uint8Array
}

/** How a side asks. */
export interface RequestSettings {
  /** Requests open at a time, where that is less than what was negotiated. */
  readonly most?: number | undefined
  /** The first invoke identifier, 1 to 2³¹−1. @default 1 */
  readonly firstInvokeID?: number | undefined
  /** Refuses here what the peer has not announced: UsageError `MMS_NOT_ANNOUNCED`. @default false */
  readonly announcedOnly?: boolean | undefined
  /** For a place to come free, in milliseconds, as long as none of the open requests is answered; 0: for ever. @default 0 */
  readonly stallTimeout?: number
  /** For `stallTimeout`. */
  readonly timers?: Timers
}

/** The requests that one side of an association sends: as many at a time as were negotiated; more wait, in order. */
export class Requests {
  /** Most requests open at a time. */
  readonly most: number
  readonly #connection: Connection<MmsSubmit, MmsDelivery>
  readonly #negotiated: Negotiated
  readonly #settings: RequestSettings
  readonly #queue: Waiting[] = []
  /** Let go by `#pump`, but not sent yet: that happens in a later microtask. */
  #going = 0
  #invokeID: number
  /** Cancels that are not answered: their identifiers must not be used again. */
  #cancelling: Set<number> | undefined
  /** A request was answered since the last look at the queue. */
  #answered = false
  #stopWatch: (() => void) | undefined
  /** Called when the last request is answered. */
  onIdle: (() => void) | undefined

  constructor(connection: Connection<MmsSubmit, MmsDelivery>, negotiated: Negotiated, settings: RequestSettings = {}) {
    this.#connection = connection
    this.#negotiated = negotiated
    this.#settings = settings
    this.#invokeID = (settings.firstInvokeID ?? 1) - 1
    this.most = Math.max(1, Math.min(settings.most ?? Number.POSITIVE_INFINITY, negotiated.maxServOutstandingOwn))
    connection.onAnswered = () => this.#pump()
  }

  /** Requests that wait for a free place. */
  get queued(): number {
    return this.#queue.length
  }

  /** @param pick what of the response the caller gets; what it throws is what the promise rejects with */
  send<S extends ConfirmedServiceName, T>(
    service: S,
    argument: ConfirmedServices[S]['request'],
    options: RequestOptions,
    pick: (response: ConfirmedServices[S]['response'], serviceExt?: Uint8Array) => T,
  ): Promise<T> {
    if (this.#settings.announcedOnly) {
      try {
        checkAnnounced(this.#negotiated, service, argument, options.listOfModifiers)
      } catch (error) {
        return Promise.reject(error)
      }
    }
    if (this.#connection.outstanding + this.#going < this.most && this.#queue.length === 0) {
      return this.#exchange(service, argument, options, pick)
    }
    return this.#turn(options.signal).then(() => {
      this.#going -= 1
      return this.#exchange(service, argument, options, pick)
    })
  }

  /** Nobody answers any more: who waits is let go, and told so. */
  end(): void {
    this.onIdle?.()
    this.#stopWatch?.()
    this.#cancelling = undefined
    this.#going += this.#queue.length
    for (const { go } of this.#queue.splice(0)) go()
  }

  /** The peer has answered a cancel: the identifier is free, once the request is answered as well. */
  cancelAnswered(invokeID: number): void {
    this.#cancelling?.delete(invokeID)
  }

  /** One promise from the call to the answer: every one more costs as much as a layer. */
  #exchange<S extends ConfirmedServiceName, T>(
    service: S,
    argument: ConfirmedServices[S]['request'],
    options: RequestOptions,
    pick: (response: ConfirmedServices[S]['response'], serviceExt?: Uint8Array) => T,
  ): Promise<T> {
    const invokeID = this.#nextInvokeID()
    const { listOfModifiers } = options
    const type = 'M-CONFIRMED.request'
    const request = extended(
      listOfModifiers === undefined ? { type, invokeID, service, argument } : { type, invokeID, listOfModifiers, service, argument },
      options.serviceExt,
    ) as MmsSubmit
    const answer = this.#connection.exchange(invokeID, request, options, confirm => {
      const { result } = confirm as MConfirmedConfirm
      if (result !== 'response') throw outcomeOf(service, argument, confirm as Exclude<MConfirmedConfirm, { result: 'response' }>)
      const { response, serviceExt } = confirm as Extract<MConfirmedConfirm, { result: 'response' }>
      return pick(response as ConfirmedServices[S]['response'], serviceExt)
    })
    if (!options.cancel) return answer
    return answer.catch(error => {
      if (this.#connection.isOutstanding(invokeID) && !this.#connection.endedWith) this.#sendCancel(invokeID)
      throw error
    })
  }

  /** Waits for a free place among the outstanding requests. */
  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const waiting: Waiting = {
        go: () => {
          unlisten?.()
          resolve()
        },
        fail: error => {
          unlisten?.()
          reject(error)
        },
      }
      const unlisten =
        signal &&
        whenAborted(signal, () => {
          this.#queue.splice(this.#queue.indexOf(waiting), 1)
          reject(signal.reason)
        })
      this.#queue.push(waiting)
      this.#watch()
    })
  }

  #pump(): void {
    this.#answered = true
    if (this.#connection.outstanding === 0) this.onIdle?.()
    while (this.#queue.length > 0 && this.#connection.outstanding + this.#going < this.most) {
      this.#going += 1
      this.#queue.shift()!.go()
    }
  }

  /** One timer for all that wait: a peer that answers nothing would keep them for ever, although each request has its own timeout. */
  #watch(): void {
    const { timers, stallTimeout = 0 } = this.#settings
    if (this.#stopWatch !== undefined || stallTimeout <= 0 || timers === undefined) return
    this.#answered = false
    this.#stopWatch = timers.after(stallTimeout, () => {
      this.#stopWatch = undefined
      if (this.#queue.length > 0 && this.#answered) return this.#watch()
      const text = `none of the ${this.#connection.outstanding} open requests was answered within ${stallTimeout} ms: abort the association`
      for (const { fail } of this.#queue.splice(0)) fail(new TimeoutError('mms', 'MMS_STALLED', text, { by: 'local provider' }))
    })
  }

  #nextInvokeID(): number {
    if (this.#connection.endedWith) return 0
    do this.#invokeID = this.#invokeID >= 0x7fff_ffff ? 1 : this.#invokeID + 1
    while (this.#connection.isOutstanding(this.#invokeID) || this.#cancelling?.has(this.#invokeID))
    return this.#invokeID
  }

  #sendCancel(invokeID: number): void {
    if (!this.#negotiated.servicesSupportedPeer.includes('cancel')) return
    this.#cancelling ??= new Set()
    this.#cancelling.add(invokeID)
    try {
      this.#connection.provider.submit({ type: 'M-CANCEL.request', originalInvokeID: invokeID })
    } catch (error) {
      this.#cancelling.delete(invokeID)
      if (!(error instanceof UsageError)) throw error
    }
  }
}

/** A request that waits for a place. */
interface Waiting {
  readonly go: () => void
  readonly fail: (error: unknown) => void
}
