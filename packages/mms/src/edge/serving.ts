import { EncodeError, NumberMap, UsageError } from '@x/core'
import type { Connection } from '@x/core/async'
import { serviceError } from '../server/errors.js'
import type { Answer, Handler, Handlers, ServedCall } from '../server/handlers.js'
import type { MConfirmedIndication, MConfirmedResponse, MmsDelivery, MmsSubmit } from '../service.js'
import type { ConfirmedServiceName } from '../services.js'
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
  /** Those that will be answered later. */
  readonly #calls = new NumberMap<Call>()
  /** Those that are not looked at before the peer has read. */
  #waiting: MConfirmedIndication[] = []

  constructor(peer: A, connection: Connection<MmsSubmit, MmsDelivery>, handlers: Handlers<A>, limits: ServingLimits) {
    this.#peer = peer
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

  /** A request whose action has begun, and that has not said otherwise, ends normally. ISO 9506-1, 8.5. */
  cancel(originalInvokeID: number): void {
    const call = this.#calls.get(originalInvokeID)
    if (!call?.cancelable) {
      return this.#submit({ type: 'M-CANCEL.response', originalInvokeID, error: serviceError('cancel', 'cancel-not-possible') })
    }
    this.#submit({ type: 'M-CANCEL.response', originalInvokeID })
    call.finish({ error: serviceError('servicePreempt', 'cancel') })
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
    const call = new Call(invokeID)
    let answer: Answer<ConfirmedServiceName> | Promise<Answer<ConfirmedServiceName>>
    try {
      answer = handler(request.argument as never, this.#peer, call)
    } catch {
      answer = FAILED
    }
    if (!(answer instanceof Promise)) return this.#answer(service, invokeID, answer)
    if (this.#connection.endedWith) return call.abort()
    this.#calls.set(invokeID, call)
    call.finish = given => {
      if (this.#calls.get(invokeID) !== call) return
      this.#calls.delete(invokeID)
      call.stopTimer()
      this.#answer(service, invokeID, given)
    }
    call.startTimer = () =>
      this.#peer.after(this.#limits.callTimeout, () => {
        call.finish({ error: serviceError('servicePreempt', 'timeout') })
        call.abort()
      })
    call.stopTimer = call.startTimer()
    answer.then(call.finish, () => call.finish(FAILED))
  }

  #answer(service: ConfirmedServiceName, invokeID: number, answer: Answer<ConfirmedServiceName>): void {
    if (this.#connection.endedWith) return
    if ('reject' in answer) return this.#submit({ type: 'M-REJECT.request', originalInvokeID: invokeID, rejectReason: answer.reject })
    const type = 'M-CONFIRMED.response'
    const response = (
      'error' in answer ? { type, invokeID, error: answer.error } : { type, invokeID, service, response: answer.response }
    ) as MConfirmedResponse
    try {
      this.#connection.provider.submit(response)
    } catch (error) {
      if (!(error instanceof EncodeError)) {
        if (error instanceof UsageError) return
        throw error
      }
      const tooLong = error.code === 'MMS_PDU_SIZE'
      // IEC 61850-8-1 has a code for it, which minor version 1 peers know.
      const instead =
        tooLong && this.#peer.negotiated.versionNumber === 1 ? serviceError('service', 'pdu-size') : serviceError('resource', 'other')
      this.#submit({ type: 'M-CONFIRMED.response', invokeID, error: tooLong ? instead : serviceError('service', 'other') })
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
class Call implements ServedCall {
  readonly invokeID: number
  cancelable = false
  finish: (answer: Answer<ConfirmedServiceName>) => void = () => {}
  stopTimer: () => void = () => {}
  startTimer: () => () => void = () => () => {}
  #controller: AbortController | undefined

  constructor(invokeID: number) {
    this.invokeID = invokeID
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  restart(): void {
    this.stopTimer()
    this.stopTimer = this.startTimer()
  }

  abort(): void {
    this.#controller?.abort()
  }
}

/** What a handler that throws is answered with. */
const FAILED = { error: serviceError('service', 'other') }
