import type { AAssociateIndication } from '@x/acse'
import { asResponder } from '@x/acse/open'
import { type Channel, type Timers, UsageError } from '@x/core'
import { Connection, systemTime, systemTimers } from '@x/core/async'
import type { AdditionalServiceName, AdditionalServiceRequest } from '../asn1/additional-service.js'
import type { InitiateResponsePDU } from '../asn1/environment.js'
import type { ServiceError } from '../asn1/error.js'
import type { ModifierServing } from '../edge/modified.js'
import { parseObjectName } from '../names.js'
import type { InitiateParameters } from '../negotiation.js'
import { type MmsStackOptions, mmsShape, mmsStack } from '../open.js'
import type { AssociationResponse, MInitiateIndication, MInitiateResponse } from '../service.js'
import { modifierBits, type ServiceSupportBit, supportBitOf } from '../service-names.js'
import type { ConfirmedServiceName } from '../services.js'
import { checkLists } from './access-control/model.js'
import { ServerAssociation, type ServerLimits } from './association.js'
import { serviceError } from './errors.js'
import type { EventLimits } from './event/limits.js'
import { ServerEvents } from './event/server-events.js'
import { type FileLimits, fileServices } from './file-services.js'
import type { FileStore } from './file-store.js'
import { type AfterServing, groupsFor, initiateFor, type ServiceGroupName } from './groups.js'
import { type AdditionalHandlers, type Answer, additionalService, type Handler, type Handlers, type Modifiers } from './handlers.js'
import type { Journal } from './journal/journal.js'
import { letsThrough } from './logical-status.js'
import { andThen } from './maybe.js'
import type { VmdModel } from './model.js'
import { Scope } from './objects.js'
import { Vmd } from './vmd.js'

/** An association that has no objects. */
const NOBODY = new Scope('aaSpecific')

/** What a server says to a client that wants to associate. */
export type AssociateDecision =
  | { readonly accept: true; readonly association?: AssociationResponse }
  /** `diagnostic`: Associate-source-diagnostic of the acse-service-user, X.227; 1 no reason given, 3 calling AP title, 13 authentication. */
  | { readonly accept: false; readonly diagnostic?: number; readonly transient?: boolean }

export interface MmsServerOptions extends Omit<MmsStackOptions, 'mms'> {
  readonly model: VmdModel
  /**
   * What is served: the usual services of variables and names, and the groups that the model has objects of; every group; or the usual
   * ones and groups by name. @default 'usual'
   */
  readonly services?: 'usual' | 'all' | readonly ServiceGroupName[]
  /** Services added to or put in the place of the built-in ones; `false` takes one away. servicesSupported follows. */
  readonly handlers?: Handlers | { readonly [S in keyof Handlers]?: Handlers[S] | false }
  /** The same for modifiers: `eventModifier` (announced as attachToEventCondition), `semaphoreModifier` (attachToSemaphore). */
  readonly modifiers?: Modifiers | { readonly [M in keyof Modifiers]?: Modifiers[M] | false }
  /** The files that clients see: `directoryStore` of `@x/mms/node`, or a store of your own. @default none, and no file services */
  readonly files?: FileStore
  readonly fileLimits?: Partial<FileLimits>
  /** Asked for each association. @default accepts */
  readonly onAssociate?: (indication: AAssociateIndication, remote: string) => AssociateDecision | Promise<AssociateDecision>
  /** Told of each association that has been established. */
  readonly onAssociation?: (association: ServerAssociation) => void
  /** Told why a client that connected got no association, or how an association ended. */
  readonly onEnd?: (error: unknown, remote: string) => void
  /** @default what the groups of services need: minor version 1 and the usual building blocks for the usual ones */
  readonly initiate?: InitiateParameters
  readonly limits?: Partial<ServerLimits>
  readonly eventLimits?: Partial<EventLimits>
  /** Milliseconds from the TCP connection to the association. @default 30_000 */
  readonly associateTimeout?: number
  /** Milliseconds that a client has to answer when this side concludes; then it is an abort. @default 5_000 */
  readonly closeTimeout?: number
  readonly timers?: Timers
  /** Time of day: milliseconds since 1970. @default the system's */
  readonly now?: () => number
}

const DEFAULT_LIMITS: ServerLimits = {
  maxItems: 1_000,
  maxListMembers: 1_000,
  maxListsPerAssociation: 10,
  maxLists: 1_000,
  maxJournalsPerAssociation: 10,
  maxJournals: 100,
  maxProgramInvocations: 1_000,
  maxDefinitions: 1_000,
  maxTypeOctets: 1_048_576,
  accessTimeout: 8_000,
  maxExecutionArgument: 65_536,
  callTimeout: 10_000,
  maxModifiers: 8,
  maxAccessControlLists: 1_000,
  maxAccessConditions: 256,
  maxSemaphores: 1_000,
  maxSemaphoreEntries: 10_000,
  maxPending: 262_144,
  stallTimeout: 30_000,
}

/** A virtual manufacturing device that serves associations. It does not listen: give it channels, or use `listen`. */
export class MmsServer {
  readonly vmd: Vmd
  /** Event conditions as the application sees them. */
  readonly events: ServerEvents
  /** Services announced: those with a handler, and what the machine does by itself. */
  readonly servicesSupported: readonly ServiceSupportBit[]
  /** The same of those inside additionalService. */
  readonly additionalSupported: readonly AdditionalServiceName[]
  /** Services that it asks its clients for: in them the roles are turned round. */
  readonly asks: readonly (ConfirmedServiceName | AdditionalServiceName)[]
  /** What it offers and accepts in an initiate. */
  readonly initiate: InitiateParameters
  readonly #options: MmsServerOptions
  readonly #handlers: Handlers
  readonly #modified: ModifierServing<ServerAssociation> | undefined
  readonly #limits: ServerLimits
  readonly #stack: MmsStackOptions
  #closing = false

  /** @throws UsageError `MMS_MODEL`, `MMS_OPTION` */
  constructor(options: MmsServerOptions) {
    this.#options = options
    const { timers = systemTimers, now = systemTime, initiate, model } = options
    this.vmd = new Vmd(model, { timers, now, files: options.files })
    const groups = groupsFor(model, options.services ?? 'usual')
    this.events = new ServerEvents(this.vmd, options.eventLimits)
    this.asks = groups.flatMap(({ asks = [] }) => asks)
    const withFiles = options.files ? groups.map(group => group.withFiles) : []
    const files = options.files && fileServices(options.files, { thirdParty: model.loading?.thirdParty, ...options.fileLimits })
    const additional: AdditionalHandlers = Object.assign(
      {},
      ...groups.map(group => group.additional),
      ...withFiles.map(more => more?.additional),
    )
    this.additionalSupported = Object.keys(additional) as AdditionalServiceName[]
    const handlers = Object.assign({}, ...[...groups, ...withFiles].map(group => group?.handlers), files, options.handlers) as Handlers
    if (this.additionalSupported.length > 0) Object.assign(handlers, { additionalService: additionalService(additional) })
    for (const { after } of groups)
      for (const [service, told] of Object.entries(after ?? {})) tellAfter(handlers, service as 'read', told as never)
    const all = Object.entries(handlers).filter(([, handler]) => handler) as [ConfirmedServiceName, Handler<ConfirmedServiceName>][]
    this.#handlers = Object.fromEntries(all.map(([service, handler]) => [service, gated(service, handler)])) as Handlers
    const sends = new Set(groups.flatMap(group => group.sends ?? []))
    const modifiers = Object.assign({}, ...groups.map(group => group.modifiers), options.modifiers) as Modifiers
    const run = (['eventModifier', 'semaphoreModifier'] as const).filter(name => modifiers[name]).map(name => modifierBits[name])
    const services = [...all.map(([service]) => service), ...sends, ...run, 'conclude', 'cancel'] as const
    this.servicesSupported = services.flatMap(service => supportBitOf(service) ?? [])
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.initiate = { ...initiateFor(groups), ...initiate }
    this.#modified = run.length === 0 ? undefined : { modifiers, gate: refusedByStatus, maxModifiers: this.#limits.maxModifiers }
    this.vmd.served = { handlers: this.#handlers, limits: this.#limits, modified: this.#modified }
    for (const { build } of groups) build?.(this.vmd, model)
    checkLists(this.vmd)
    this.#stack = {
      ...asResponder(options),
      mms: { timers, serves: [...services, ...this.additionalSupported], initiate: this.initiate },
    }
  }

  /** Those that are established. */
  get associations(): ReadonlySet<ServerAssociation> {
    return this.vmd.associations
  }

  /**
   * Serves one client over a channel that has arrived.
   * @returns the association, once it is established @throws why it was not: refused, timed out, lost
   */
  async accept(channel: Channel): Promise<ServerAssociation> {
    const { timers = systemTimers, associateTimeout: timeout = 30_000, closeTimeout = 5_000 } = this.#options
    const machine = mmsStack(channel, this.#stack)
    const { remote } = channel
    try {
      const { connection, indication } = await Connection.accept(
        machine,
        channel,
        mmsShape,
        async delivery => this.#decide(delivery as MInitiateIndication, remote, machine.defaultAnswer()),
        {
          timers,
          timeout,
          closeTimeout,
          maxPending: this.#limits.maxPending,
          stallTimeout: this.#limits.stallTimeout,
          progress: () => `MMS is ${machine.state}`,
        },
      )
      // A peer in the same process may have ended it before this goes on.
      if (connection.endedWith) throw connection.endedWith
      const association = new ServerAssociation(connection, {
        vmd: this.vmd,
        negotiated: machine.negotiated!,
        association: (indication as MInitiateIndication).association,
        limits: this.#limits,
        handlers: this.#handlers,
        modified: this.#modified,
        outstanding: machine.outstanding,
        timers,
      })
      this.vmd.associations.add(association)
      connection.whenEnded(() => {
        this.vmd.associations.delete(association)
        this.#options.onEnd?.(connection.endedWith, remote)
      })
      this.#options.onAssociation?.(association)
      return association
    } catch (error) {
      this.#options.onEnd?.(error, remote)
      throw error
    }
  }

  /** Sends an information report of a list, or of variables, to every client. @returns to how many it went */
  async report(what: string | readonly string[]): Promise<number> {
    const sent = await Promise.all([...this.associations].map(association => association.report(what)))
    return sent.filter(Boolean).length
  }

  /**
   * A journal, to write to it.
   * @param name `domain/name`, or `name` of a VMD-specific one
   * @throws UsageError `MMS_JOURNAL` when there is none
   */
  journal(name: string): Journal {
    const journal = this.vmd.find('journal', parseObjectName(name), NOBODY)
    if (journal === undefined) throw new UsageError('mms', 'MMS_JOURNAL', `expected the name of a journal, found ${name}`)
    return journal
  }

  /** Ends every association in order. New ones are refused, transient, from now on. */
  async close(): Promise<void> {
    this.#closing = true
    this.events.end()
    await Promise.all([...this.associations].map(association => association.close()))
  }

  async #decide(
    { association }: MInitiateIndication,
    remote: string,
    answer: InitiateResponsePDU | ServiceError,
  ): Promise<MInitiateResponse> {
    const type = 'M-INITIATE.response'
    if (this.#closing) return { type, result: 'rejected', transient: true, association: { diagnostic: 1 } }
    const decision = (await this.#options.onAssociate?.(association, remote)) ?? { accept: true }
    if (!decision.accept) {
      return { type, result: 'rejected', transient: decision.transient ?? false, association: { diagnostic: decision.diagnostic ?? 1 } }
    }
    if ('errorClass' in answer) return { type, result: 'rejected', error: answer }
    if (this.vmd.status.vmdLogicalStatus === 'limited-services-permitted') return { type, result: 'rejected', error: LIMITED }
    return {
      type,
      result: 'accepted',
      initiate: answer,
      ...(decision.association === undefined ? {} : { association: decision.association }),
    }
  }
}

/** Whoever wants to know is told of each request that a handler has answered. */
function tellAfter<S extends ConfirmedServiceName>(handlers: Writable<Handlers>, service: S, told: AfterServing<S>): void {
  const handler = handlers[service]
  if (!handler) return
  handlers[service] = ((argument, association, call) =>
    andThen(handler(argument, association, call), answer => {
      told(argument, association)
      return answer
    })) as Handlers[S]
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Initiate is not among the few services of that logical status. The code is our own choice. */
const LIMITED = serviceError('initiate', 'other')
const STATE_CONFLICT = { error: serviceError('vmdState', 'vmd-state-conflict') }

/** Gate 1 before a service: the logical status of the VMD. */
function gated(service: ConfirmedServiceName, handler: Handler<ConfirmedServiceName>): Handler<ConfirmedServiceName> {
  return (argument, association, call) => refusedByStatus(service, argument, association) ?? handler(argument, association, call)
}

function refusedByStatus(
  service: ConfirmedServiceName,
  argument: unknown,
  { vmd }: ServerAssociation,
): Extract<Answer<ConfirmedServiceName>, { error: unknown }> | undefined {
  const { vmdLogicalStatus } = vmd.status
  if (vmdLogicalStatus === 'state-changes-allowed') return undefined
  const inner = service === 'additionalService' ? (argument as AdditionalServiceRequest).type : service
  return letsThrough(vmdLogicalStatus, inner) ? undefined : STATE_CONFLICT
}
