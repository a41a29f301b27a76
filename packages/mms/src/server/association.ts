import type { AAssociateIndication } from '@x/acse'
import { type CloseReason, closeReasonOf, type Peer, peerOf } from '@x/acse/open'
import { EncodeError, type OutcomeError, type Timers, UsageError } from '@x/core'
import type { Connection } from '@x/core/async'
import type { ObjectName } from '../asn1/identifiers.js'
import type { InformationReport, ListedVariable, VariableAccessSpecification } from '../asn1/variable-access.js'
import type { ModifierServing } from '../edge/modified.js'
import type { MmsPeer } from '../edge/peer.js'
import { type RequestOptions, Requests } from '../edge/requests.js'
import { Serving, type ServingLimits } from '../edge/serving.js'
import { parseObjectName, parseVariable, type VariableReference } from '../names.js'
import type { Outstanding } from '../outstanding.js'
import type { MmsDelivery, MmsSubmit, Negotiated } from '../service.js'
import type { ConfirmedServiceName, ConfirmedServices, UnconfirmedServiceName, UnconfirmedServices } from '../services.js'
import type { Handlers } from './handlers.js'
import { Scope } from './objects.js'
import type { AccessContext } from './variable/model.js'
import { isItems, itemsOf, readItems } from './variable/read-write.js'
import type { Vmd } from './vmd.js'

/** Numbers that a server does not exceed for one association. */
export interface ServerLimits extends ServingLimits {
  /** Access control lists in all. @default 1_000 */
  readonly maxAccessControlLists: number
  /** Conditions of one access control list that a client defines, with those inside others. @default 256 */
  readonly maxAccessConditions: number
  /** Semaphores that clients may define. @default 1_000 */
  readonly maxSemaphores: number
  /** Those who have control of a semaphore or wait for it, of all semaphores together. @default 10_000 */
  readonly maxSemaphoreEntries: number
  /** Modifiers of one request. @default 8 */
  readonly maxModifiers: number
  /** Variables in one read or write. @default 1_000 */
  readonly maxItems: number
  /** Members of a named variable list. @default 1_000 */
  readonly maxListMembers: number
  /** Lists that one association may define in its own scope. @default 10 */
  readonly maxListsPerAssociation: number
  /** Lists that clients may define in the VMD and its domains together. @default 1_000 */
  readonly maxLists: number
  /** Journals that one association may make in its own scope. @default 10 */
  readonly maxJournalsPerAssociation: number
  /** Journals that clients may make in the VMD and its domains together. @default 100 */
  readonly maxJournals: number
  /** Program invocations, those of the model included. @default 1_000 */
  readonly maxProgramInvocations: number
  /** Named variables, named types and scattered access that clients may define in one scope, each. @default 1_000 */
  readonly maxDefinitions: number
  /** Octets of a value of a type that a client defines, at least one for each value in it. @default 1_048_576 */
  readonly maxTypeOctets: number
  /**
   * For a hook of a variable, in milliseconds; then that item is temporarily unavailable. Below `callTimeout`, or the whole request fails
   * instead. @default 8_000
   */
  readonly accessTimeout: number
  /** Octets of the execution argument of a program, as encoded. @default 65_536 */
  readonly maxExecutionArgument: number
  /**
   * Octets waiting to be sent above which unconfirmed services to this client are dropped and counted, its requests are not served, and it
   * is not heard until it has read. @default 262_144
   */
  readonly maxPending: number
  /** For a client above `maxPending` to read everything, in milliseconds; then the association is aborted. @default 30_000 */
  readonly stallTimeout: number
}

/** An association as the server sees it: who the client is, what was agreed, and the objects that are its own. */
export class ServerAssociation implements MmsPeer {
  readonly vmd: Vmd
  readonly negotiated: Negotiated
  /** What the client said of itself: titles, selectors, authentication. */
  readonly association: AAssociateIndication
  readonly limits: ServerLimits
  /** Association-specific objects; gone with the association. */
  readonly own = new Scope('aaSpecific')
  readonly context: AccessContext
  /** Unconfirmed services not sent: the client does not serve them, or did not read; or they did not fit. */
  droppedReports = 0
  readonly #connection: Connection<MmsSubmit, MmsDelivery>
  readonly #serving: Serving<ServerAssociation>
  readonly #timers: Timers
  readonly #outstanding: Outstanding
  #requests: Requests | undefined
  /** Stops what waits for a time. */
  #waits: Set<() => void> | undefined

  /** @internal */
  constructor(
    connection: Connection<MmsSubmit, MmsDelivery>,
    parts: {
      vmd: Vmd
      negotiated: Negotiated
      association: AAssociateIndication
      limits: ServerLimits
      handlers: Handlers
      modified: ModifierServing<ServerAssociation> | undefined
      outstanding: Outstanding
      timers: Timers
    },
  ) {
    this.#connection = connection
    this.vmd = parts.vmd
    this.negotiated = parts.negotiated
    this.association = parts.association
    this.limits = parts.limits
    this.#serving = new Serving<ServerAssociation>(this, connection, parts.handlers, parts.limits, parts.modified)
    this.#outstanding = parts.outstanding
    this.#timers = parts.timers
    this.context = new Context(this)
    connection.intercept = delivery => this.#take(delivery)
    connection.whenEnded(() => {
      this.#serving.end()
      this.#requests?.end()
      for (const stop of this.#waits ?? []) stop()
      this.own.clear()
    })
  }

  /** Why it is over; undefined while it lives. */
  get closeReason(): CloseReason | undefined {
    return this.#connection.endedWith && closeReasonOf(this.#connection.endedWith)
  }

  /** Network address of the client, and its certificate if the channel is secure. */
  get peer(): Peer {
    return peerOf(this.#connection.channel)
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

  /** Stops at the latest when the association ends. @internal */
  after(delay: number, run: () => void): () => void {
    const waits = (this.#waits ??= new Set())
    const stop = this.#timers.after(delay, () => {
      waits.delete(stop)
      run()
    })
    waits.add(stop)
    return () => {
      waits.delete(stop)
      stop()
    }
  }

  /**
   * Keeps the client from concluding: its conclude is refused with conclude, further-communication-required, as ISO 9506-1, 8.3 wants it while
   * something is loaded or held over the association. It does not outlive the association.
   * @returns lets it conclude again; to be called once
   */
  holdOpen(): () => void {
    this.#outstanding.held += 1
    return () => {
      this.#outstanding.held -= 1
    }
  }

  /** Whether a conformance building block is in force, such as `valt`. */
  agreed(parameter: string): boolean {
    return this.negotiated.parameterCBB.includes(parameter)
  }

  /**
   * Sends an information report of a list by its name, or of variables. ISO 9506-1, 14.8.
   * @param what a list (`domain/list`, as text or ObjectName), or variables, as text or as ISO 9506-2 has them
   * @returns false when it was dropped: the association has ended, the client does not read, or it does not fit the PDU size
   */
  async report(what: string | ObjectName | readonly (string | ListedVariable)[]): Promise<boolean> {
    const variableAccessSpecification = specificationFor(what)
    const items = itemsOf(variableAccessSpecification, this, 'read')
    if (!isItems(items)) throw new UsageError('mms', 'MMS_REPORT', 'the list does not exist, or a variable cannot be reported')
    const results = await readItems(items, this)
    if ('error' in results) {
      this.droppedReports += 1
      return false
    }
    return this.sendReport({ variableAccessSpecification, listOfAccessResult: results })
  }

  /**
   * Sends an information report with values of the caller's own, of a list that need not be an object here: as the reports of
   * IEC 61850-8-1 are, under the name `RPT`.
   * @returns false when it was dropped: the association has ended, the client does not read, or it does not fit the PDU size
   */
  sendReport(argument: InformationReport): boolean {
    return this.send('informationReport', argument)
  }

  /**
   * Sends any unconfirmed service, if the client has announced that it serves it.
   * @returns false when it was dropped: the association has ended, the client does not serve it or does not read, or it does not fit the PDU size
   */
  send<S extends UnconfirmedServiceName>(service: S, argument: UnconfirmedServices[S]): boolean {
    if (this.#connection.endedWith) return false
    if (!this.negotiated.servicesSupportedPeer.includes(service) || this.#connection.channel.pending > this.limits.maxPending) {
      this.droppedReports += 1
      return false
    }
    try {
      this.#connection.provider.submit({ type: 'M-UNCONFIRMED.request', service, argument } as MmsSubmit)
      return true
    } catch (error) {
      if (!(error instanceof EncodeError) && !(error instanceof UsageError)) throw error
      this.droppedReports += 1
      return false
    }
  }

  /**
   * Asks the client for a service, such as to read a file of its. At most as many at a time as were negotiated; more wait, in order.
   * @param pick called with the response before anything else of the client is heard. @default the response as it is
   */
  request<S extends ConfirmedServiceName, T = ConfirmedServices[S]['response']>(
    service: S,
    argument: ConfirmedServices[S]['request'],
    options: RequestOptions = {},
    pick: (response: ConfirmedServices[S]['response']) => T = asItIs,
  ): Promise<T> {
    this.#requests ??= new Requests(this.#connection, this.negotiated)
    return this.#requests.send(service, argument, options, pick)
  }

  /** Orderly end from the server's side. */
  close(): Promise<void> {
    return this.#connection.close()
  }

  abort(reason?: unknown): void {
    this.#connection.abort(reason)
  }

  #take(delivery: MmsDelivery): boolean {
    if (delivery.type === 'M-CONFIRMED.indication') this.#serving.take(delivery)
    if (delivery.type === 'M-CANCEL.indication') {
      // Cancel is not among the few services of that logical status.
      const isPermitted = this.vmd.status.vmdLogicalStatus !== 'limited-services-permitted'
      this.#serving.cancel(delivery.originalInvokeID, isPermitted)
    }
    return true
  }
}

/** A list by its name, or variables. */
function specificationFor(what: string | ObjectName | readonly (string | ListedVariable)[]): VariableAccessSpecification {
  if (typeof what === 'string') return { type: 'variableListName', value: parseObjectName(what) }
  if ('type' in what) return { type: 'variableListName', value: what }
  return { type: 'listOfVariable', value: what.map(item => (typeof item === 'string' ? listed(parseVariable(item)) : item)) }
}

/** A variable by its name as an item of a specification. */
function listed({ name, alternateAccess }: VariableReference): ListedVariable {
  return { variableSpecification: { type: 'name', value: name }, ...(alternateAccess === undefined ? {} : { alternateAccess }) }
}

function asItIs<T>(response: unknown): T {
  return response as T
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
