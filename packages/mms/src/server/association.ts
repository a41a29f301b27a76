import type { AAssociateIndication } from '@x/acse'
import { EncodeError, NumberMap, type OutcomeError, type Timers, UsageError } from '@x/core'
import type { Connection } from '@x/core/async'
import type { ObjectName } from '../asn1/identifiers.js'
import type { InformationReport, ListedVariable } from '../asn1/variable-access.js'
import { parseObjectName, parseVariable } from '../names.js'
import type { MConfirmedIndication, MConfirmedResponse, MmsDelivery, MmsSubmit, Negotiated } from '../service.js'
import type { ConfirmedServiceName } from '../services.js'
import { serviceError } from './errors.js'
import type { Answer, Handler, Handlers } from './handlers.js'
import type { AccessContext } from './model.js'
import { itemsOf, listed, readItems } from './variable-services.js'
import { Scope, type Vmd } from './vmd.js'

/** Numbers that a server does not exceed for one association. */
export interface ServerLimits {
  /** Variables in one read or write. @default 1_000 */
  readonly maxItems: number
  /** Members of a named variable list. @default 1_000 */
  readonly maxListMembers: number
  /** Lists that one association may define in its own scope. @default 10 */
  readonly maxListsPerAssociation: number
  /** Lists that clients may define in the VMD and its domains together. @default 1_000 */
  readonly maxLists: number
  /** For a service that answers later, in milliseconds; then service-preempt, timeout is the answer. @default 10_000 */
  readonly callTimeout: number
  /**
   * Octets waiting to be sent above which information reports to this client are dropped and counted, its requests are not served, and it
   * is not heard until it has read. @default 262_144
   */
  readonly maxPending: number
  /** For a client above `maxPending` to read everything, in milliseconds; then the association is aborted. @default 30_000 */
  readonly stallTimeout: number
}

/** An association as the server sees it: who the client is, what was agreed, and the objects that are its own. */
export class ServerAssociation {
  readonly vmd: Vmd
  readonly negotiated: Negotiated
  /** What the client said of itself: titles, selectors, authentication. */
  readonly association: AAssociateIndication
  readonly limits: ServerLimits
  /** Association-specific objects; gone with the association. */
  readonly own = new Scope()
  readonly context: AccessContext
  /** Information reports not sent because the client did not read. */
  droppedReports = 0
  readonly #connection: Connection<MmsSubmit, MmsDelivery>
  readonly #handlers: Handlers
  readonly #timers: Timers
  /** Those that will be answered later. */
  readonly #calls = new NumberMap<Call>()
  /** Those that are not looked at before the client has read. */
  #waiting: MConfirmedIndication[] = []

  /** @internal */
  constructor(
    connection: Connection<MmsSubmit, MmsDelivery>,
    parts: {
      vmd: Vmd
      negotiated: Negotiated
      association: AAssociateIndication
      limits: ServerLimits
      handlers: Handlers
      timers: Timers
    },
  ) {
    this.#connection = connection
    this.vmd = parts.vmd
    this.negotiated = parts.negotiated
    this.association = parts.association
    this.limits = parts.limits
    this.#handlers = parts.handlers
    this.#timers = parts.timers
    this.context = new Context(this)
    connection.intercept = delivery => this.#take(delivery)
    connection.whenEnded(() => this.#ended())
  }

  /** Where the client is, such as `192.0.2.7:49152`. */
  get remote(): string {
    return this.#connection.channel.remote
  }

  /** Resolves with how it ended; never rejects. */
  get ended(): Promise<OutcomeError> {
    return this.#connection.ended
  }

  /** Fires when it ends. */
  get signal(): AbortSignal {
    return this.#connection.signal
  }

  /** Runs something once, unless stopped before. @param delay in milliseconds @returns stops it @internal */
  after(delay: number, run: () => void): () => void {
    return this.#timers.after(delay, run)
  }

  /** Whether a conformance building block is in force, such as `valt`. */
  agreed(parameter: string): boolean {
    return this.negotiated.parameterCBB.includes(parameter)
  }

  /** Whether one more list may be defined in a scope. */
  mayDefineList(scope: Scope): boolean {
    if (scope === this.own) return scope.lists.size < this.limits.maxListsPerAssociation
    let defined = 0
    for (const each of [this.vmd.vmdSpecific, ...this.vmd.domains.values()]) {
      for (const list of each.lists.values()) if (list.mmsDeletable) defined += 1
    }
    return defined < this.limits.maxLists
  }

  /**
   * Sends an information report of a list by its name, or of variables. ISO 9506-1, 14.8.
   * @param what a list (`domain/list`, as text or ObjectName), or variables as text
   * @returns false when it was dropped: the association has ended, the client does not read, or it does not fit the PDU size
   */
  async report(what: string | ObjectName | readonly string[]): Promise<boolean> {
    const isList = Array.isArray(what)
    const specification = isList
      ? ({ type: 'listOfVariable', value: (what as readonly string[]).map(text => listed(parseVariable(text))) } as const)
      : ({ type: 'variableListName', value: typeof what === 'string' ? parseObjectName(what) : (what as ObjectName) } as const)
    const items = itemsOf(specification, this)
    if (!Array.isArray(items)) throw new UsageError('mms', 'MMS_REPORT', 'the list does not exist, or a variable cannot be reported')
    const listOfAccessResult = await readItems(items as readonly ListedVariable[], this)
    return this.sendReport({ variableAccessSpecification: specification, listOfAccessResult })
  }

  /**
   * Sends an information report with values of the caller's own, of a list that need not be an object here: as the reports of
   * IEC 61850-8-1 are, under the name `RPT`.
   * @returns false when it was dropped: the association has ended, the client does not read, or it does not fit the PDU size
   */
  sendReport(argument: InformationReport): boolean {
    if (this.#connection.endedWith) return false
    if (this.#connection.channel.pending > this.limits.maxPending) {
      this.droppedReports += 1
      return false
    }
    try {
      this.#connection.provider.submit({ type: 'M-UNCONFIRMED.request', service: 'informationReport', argument })
      return true
    } catch (error) {
      if (!(error instanceof EncodeError) && !(error instanceof UsageError)) throw error
      this.droppedReports += 1
      return false
    }
  }

  /** Orderly end from the server's side. */
  close(): Promise<void> {
    return this.#connection.close()
  }

  abort(reason?: unknown): void {
    this.#connection.abort(reason)
  }

  #take(delivery: MmsDelivery): boolean {
    if (delivery.type === 'M-CONFIRMED.indication') {
      if (this.#waiting.length > 0 || this.#connection.channel.pending > this.limits.maxPending) this.#wait(delivery)
      else this.#serve(delivery)
    }
    if (delivery.type === 'M-CANCEL.indication') this.#cancel(delivery.originalInvokeID)
    return true
  }

  /** A client that does not read its answers gets no more of them: its requests wait, in order, and count as outstanding. */
  #wait(request: MConfirmedIndication): void {
    this.#waiting.push(request)
    if (this.#waiting.length === 1) this.#serveOnceDrained()
  }

  #serveOnceDrained(): void {
    this.#connection.drained().then(
      () => {
        do this.#serve(this.#waiting.shift()!)
        while (this.#waiting.length > 0 && this.#connection.channel.pending <= this.limits.maxPending)
        if (this.#waiting.length > 0) this.#serveOnceDrained()
      },
      () => {},
    )
  }

  #serve(request: MConfirmedIndication): void {
    const handler = this.#handlers[request.service] as Handler<ConfirmedServiceName>
    const { service, invokeID } = request
    const call = new Call(invokeID)
    let answer: Answer<ConfirmedServiceName> | Promise<Answer<ConfirmedServiceName>>
    try {
      answer = handler(request.argument as never, this, call)
    } catch {
      answer = FAILED
    }
    if (!(answer instanceof Promise)) return this.#answer(service, invokeID, answer)
    if (this.#connection.endedWith) return call.abort()
    this.#calls.set(invokeID, call)
    const finish = (given: Answer<ConfirmedServiceName>) => {
      if (this.#calls.get(invokeID) !== call) return
      this.#calls.delete(invokeID)
      call.stopTimer()
      this.#answer(service, invokeID, given)
    }
    call.stopTimer = this.#timers.after(this.limits.callTimeout, () => {
      finish({ error: serviceError('servicePreempt', 'timeout') })
      call.abort()
    })
    answer.then(finish, () => finish(FAILED))
  }

  /** Nobody waits for the answers any more. */
  #ended(): void {
    this.#waiting = []
    const calls = this.#calls.values()
    this.#calls.clear()
    for (const call of calls) {
      call.stopTimer()
      call.abort()
    }
  }

  /** A request that is still running has begun its action: it cannot be cancelled, and ends normally. ISO 9506-1, 8.5. */
  #cancel(originalInvokeID: number): void {
    this.#submit({ type: 'M-CANCEL.response', originalInvokeID, error: serviceError('cancel', 'cancel-not-possible') })
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
        tooLong && this.negotiated.versionNumber === 1 ? serviceError('service', 'pdu-size') : serviceError('resource', 'other')
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

/** What hooks are given. Few of them look at the signal. */
class Context implements AccessContext {
  readonly association: ServerAssociation

  constructor(association: ServerAssociation) {
    this.association = association
  }

  get signal(): AbortSignal {
    return this.association.signal
  }
}

/** A request that is being served. Most handlers answer at once and never look at its signal. */
class Call {
  readonly invokeID: number
  stopTimer: () => void = () => {}
  #controller: AbortController | undefined

  constructor(invokeID: number) {
    this.invokeID = invokeID
  }

  /** Fires when the time for the answer is over, or the association ends. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  abort(): void {
    this.#controller?.abort()
  }
}

/** What a handler that throws is answered with. */
const FAILED = { error: serviceError('service', 'other') }
