import { EncodeError, NumberMap, UsageError } from '@x/core'
import type { Connection } from '@x/core/async'
import { extended } from '../outgoing.js'
import { serviceError, tooLong } from '../server/errors.js'
import type { Handler, Handlers } from '../server/handlers.js'
import type { Maybe } from '../server/maybe.js'
import type { MConfirmedIndication, MConfirmedResponse, MmsDelivery, MmsSubmit } from '../service.js'
import type { ConfirmedServiceName } from '../services.js'
import { FAILED, type ModifiedCall, type ModifierServing, type PositionedAnswer, serveModified } from './modified.js'
import type { MmsPeer } from './peer.js'

/** Numbers that a side does not exceed while it serves. */
export interface ServingLimits {
  /** For a service that answers later, in milliseconds; then service-preempt, timeout is the answer. @default 10_000 */
  readonly callTimeout: number
  /** Octets waiting to be sent above which requests are not served before the peer has read. @default 262_144 */
  readonly maxPending: number
}

/** Serves the requests of the peer: each is answered once, whatever its handler does, or the association has ended. */
export class Serving<A extends MmsPeer> {
  readonly #peer: A
  readonly #connection: Connection<MmsSubmit, MmsDelivery>
  readonly #handlers: Handlers<A>
  readonly #limits: ServingLimits
  readonly #modified: ModifierServing<A> | undefined
  /** Those that will be answered later. */
  readonly #calls = new NumberMap<Call>()
  /** Those that are not looked at before the peer has read. */
  #waiting: MConfirmedIndication[] = []

  /** @param modified absent: this side announces no modifiers, and gets none */
  constructor(
    peer: A,
    connection: Connection<MmsSubmit, MmsDelivery>,
    handlers: Handlers<A>,
    limits: ServingLimits,
    modified?: ModifierServing<A>,
  ) {
    this.#peer = peer
    this.#modified = modified
    this.#connection = connection
    this.#handlers = handlers
    this.#limits = limits
  }

  /** A peer that does not read its answers gets no more of them: its requests wait, in order, and count as outstanding. */
  take(request: MConfirmedIndication): void {
    if (this.#waiting.length === 0 && this.#connection.channel.pending <= this.#limits.maxPending) return this.#serve(request)
    this.#waiting.push(request)
    if (this.#waiting.length === 1) this.#serveOnceDrained()
  }

  /**
   * A request whose action has begun, and that has not said otherwise, ends normally; one that waits ends here. The cancel is answered before the
   * request, which is our own reading. ISO 9506-1, 8.5.
   * @param isPermitted false: no request can be cancelled now
   */
  cancel(originalInvokeID: number, isPermitted = true): void {
    const call = this.#calls.get(originalInvokeID)
    if (!isPermitted || !call?.cancelable) {
      return this.#submit({ type: 'M-CANCEL.response', originalInvokeID, error: serviceError('cancel', 'cancel-not-possible') })
    }
    this.#submit({ type: 'M-CANCEL.response', originalInvokeID })
    const error = serviceError('servicePreempt', 'cancel')
    const { modifierPosition } = call
    call.finish(modifierPosition === undefined ? { error } : { error, modifierPosition })
    call.abort()
  }

  /** Nobody waits for the answers any more. */
  end(): void {
    this.#waiting = []
    const calls = this.#calls.values()
    this.#calls.clear()
    for (const call of calls) {
      call.stopTimer()
      call.abort()
    }
  }

  #serveOnceDrained(): void {
    this.#connection.drained().then(
      () => {
        do this.#serve(this.#waiting.shift()!)
        while (this.#waiting.length > 0 && this.#connection.channel.pending <= this.#limits.maxPending)
        if (this.#waiting.length > 0) this.#serveOnceDrained()
      },
      () => {},
    )
  }

  #serve(request: MConfirmedIndication): void {
    const handler = this.#handlers[request.service] as Handler<ConfirmedServiceName, A>
    const { service, invokeID } = request
    const call = new Call(invokeID, request.serviceExt)
    let answer: Maybe<PositionedAnswer>
    try {
      answer =
        request.listOfModifiers === undefined
          ? handler(request.argument as never, this.#peer, call)
          : serveModified(request, handler, this.#modified!, this.#peer, call)
    } catch {
      answer = FAILED
    }
    if (!(answer instanceof Promise)) {
      this.#answer(service, invokeID, answer)
      return call.post?.()
    }
    if (this.#connection.endedWith) return call.abort()
    this.#calls.set(invokeID, call)
    call.finish = given => {
      if (this.#calls.get(invokeID) !== call) return
      this.#calls.delete(invokeID)
      call.isOver = true
      call.stopTimer()
      this.#answer(service, invokeID, given)
      call.post?.()
    }
    call.startTimer = () =>
      this.#peer.after(this.#limits.callTimeout, () => {
        call.finish({ error: serviceError('servicePreempt', 'timeout') })
        call.abort()
      })
    if (call.isTimed) call.stopTimer = call.startTimer()
    answer.then(call.finish, () => call.finish(FAILED))
  }

  #answer(service: ConfirmedServiceName, invokeID: number, answer: PositionedAnswer): void {
    if (this.#connection.endedWith) return
    if ('reject' in answer) return this.#submit({ type: 'M-REJECT.request', originalInvokeID: invokeID, rejectReason: answer.reject })
    const type = 'M-CONFIRMED.response'
    const response = (
      'error' in answer ? errorOf(invokeID, answer) : extended({ type, invokeID, service, response: answer.response }, answer.serviceExt)
    ) as MConfirmedResponse
    try {
      this.#connection.provider.submit(response)
    } catch (error) {
      if (!(error instanceof EncodeError)) {
        if (error instanceof UsageError) return
        throw error
      }
      const instead = error.code === 'MMS_PDU_SIZE' ? tooLong(this.#peer.negotiated) : FAILED
      this.#submit({ type: 'M-CONFIRMED.response', invokeID, error: instead.error })
    }
  }

  #submit(primitive: MmsSubmit): void {
    try {
      this.#connection.provider.submit(primitive)
    } catch (error) {
      // The association has gone, or is going, meanwhile.
      if (!(error instanceof UsageError)) throw error
    }
  }
}

/** A request that is being served. Most handlers answer at once and never look at it. */
class Call implements ModifiedCall {
  readonly invokeID: number
  readonly serviceExt: Uint8Array | undefined
  cancelable = false
  modifierPosition: number | undefined
  post: (() => void) | undefined
  isOver = false
  /** Whether the time for its answer counts. */
  isTimed = true
  finish: (answer: PositionedAnswer) => void = NOTHING
  stopTimer: () => void = NOTHING
  startTimer: () => () => void = NO_TIMER
  #controller: AbortController | undefined

  constructor(invokeID: number, serviceExt: Uint8Array | undefined) {
    this.invokeID = invokeID
    this.serviceExt = serviceExt
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.isOver) this.#controller.abort()
    }
    return this.#controller.signal
  }

  restart(): void {
    if (this.isOver) return
    this.stopTimer()
    this.isTimed = true
    this.stopTimer = this.startTimer()
  }

  suspend(): void {
    this.stopTimer()
    this.isTimed = false
  }

  abort(): void {
    this.isOver = true
    this.#controller?.abort()
  }
}

const NOTHING = () => {}
const NO_TIMER = () => NOTHING

function errorOf(invokeID: number, { error, modifierPosition }: Extract<PositionedAnswer, { error: unknown }>): MConfirmedResponse {
  const type = 'M-CONFIRMED.response'
  return modifierPosition === undefined ? { type, invokeID, error } : { type, invokeID, error, modifierPosition }
}
