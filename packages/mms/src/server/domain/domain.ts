import { UsageError } from '@x/core'
import type { ServiceError } from '../../asn1/error.js'
import { serviceError } from '../errors.js'
import { type MmsObject, Scope } from '../objects.js'
import type { DomainAttributes } from './model.js'
import { type DomainEvent, type DomainStateName, domainTable, isUsableIn } from './states.js'

/** A refusal as handlers answer it. */
export interface Refused {
  readonly error: ServiceError
}

const CONSTRAINT: Refused = { error: serviceError('service', 'object-constraint-conflict') }
const NONE: ReadonlySet<MmsObject> = new Set()

/** A domain: what its program, data and devices are, seen as a scope of names. ISO 9506-1, 11.1. */
export class Domain implements MmsObject {
  name: string
  scope: Scope | undefined
  accessControlList: string
  /** The objects whose names are specific to this domain. They can be used while `isUsable`. */
  readonly objects: Scope
  /** What it is, and how load data are made of it. Changes once, when a load has ended. */
  attributes: DomainAttributes
  /** Upload state machines on it, over all associations, and stores into files. */
  uploadsInProgress = 0
  /** Whether there is a whole domain: its objects can be read, defined, used. Looked at for each name. */
  isUsable: boolean
  #state: DomainStateName
  #programInvocations: Set<MmsObject> | undefined

  /** @param state where its table begins: `ready` for one that is there, `non-existent` for one that is yet to be made */
  constructor(name: string, accessControlList: string, attributes: DomainAttributes = {}, state: 'ready' | 'non-existent' = 'ready') {
    this.name = name
    this.accessControlList = accessControlList
    this.attributes = attributes
    this.#state = state
    this.isUsable = isUsableIn(state)
    this.objects = new Scope('domainSpecific', this)
  }

  get state(): DomainStateName {
    return this.#state
  }

  get capabilities(): readonly string[] {
    return this.attributes.capabilities ?? []
  }

  /** Whether it may belong to several program invocations. */
  get sharable(): boolean {
    return this.attributes.sharable ?? true
  }

  /** Those that it is bound to. */
  get programInvocations(): ReadonlySet<MmsObject> {
    return this.#programInvocations ?? NONE
  }

  /** The error with which a service is refused because of the state; undefined: the state allows it. */
  refusal(event: DomainEvent): Refused | undefined {
    const cell = domainTable[event][this.#state]
    return typeof cell === 'object' ? { error: cell } : undefined
  }

  /** @throws UsageError `STATE` when the table has no way from here: a fault of this program */
  step(event: DomainEvent): void {
    const to = domainTable[event][this.#state]
    if (typeof to !== 'string') throw new UsageError('mms', 'STATE', `${event} is not allowed in state ${this.#state}`, this.#state)
    this.#state = to
    this.isUsable = isUsableIn(to)
  }

  /**
   * Why no program invocation can be made of it now: service, object-state-conflict, or object-constraint-conflict for one in use that is not
   * sharable. ISO 9506-1, 12.2.
   */
  bindRefusal(): Refused | undefined {
    return this.refusal('createProgramInvocation') ?? (this.programInvocations.size > 0 && !this.sharable ? CONSTRAINT : undefined)
  }

  /** Binds it to a program invocation: it is in use from now on. @throws UsageError `STATE` when `bindRefusal` says no */
  bind(programInvocation: MmsObject): void {
    if (this.bindRefusal() !== undefined) throw new UsageError('mms', 'STATE', `${this.name} cannot be bound`, this.#state)
    this.step('createProgramInvocation')
    this.#programInvocations ??= new Set()
    this.#programInvocations.add(programInvocation)
    this.step('bound')
  }

  /** Takes it from a program invocation; it is ready again when that was the last one. */
  unbind(programInvocation: MmsObject): void {
    if (!this.programInvocations.has(programInvocation)) return
    this.step('deleteProgramInvocation')
    this.#programInvocations?.delete(programInvocation)
    this.step(this.programInvocations.size === 0 ? 'lastUnbound' : 'unbound')
  }

  /** Why it cannot be deleted now: it is not ready, or an upload of it is going on. ISO 9506-1, 11.12. */
  deleteRefusal(): Refused | undefined {
    return this.refusal('deleteDomain') ?? (this.uploadsInProgress > 0 ? CONSTRAINT : undefined)
  }
}
