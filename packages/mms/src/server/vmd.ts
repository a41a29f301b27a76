import type { Timers } from '@x/core'
import { systemTime, systemTimers } from '@x/core/async'
import type { ObjectName } from '../asn1/identifiers.js'
import type { ModifierServing } from '../edge/modified.js'
import { addPredefinedLists, DELETABLE, NON_DELETABLE } from './access.js'
import { addLists } from './access-control/model.js'
import type { ServerAssociation, ServerLimits } from './association.js'
import { Domain } from './domain/domain.js'
import { buildDomainEvents } from './event/build.js'
import type { FileStore } from './file-store.js'
import type { Handlers } from './handlers.js'
import type { DomainModel, VmdModel, VmdStatus } from './model.js'
import { type HeldClass, itemOf, type ObjectsByClass, type ReadableDirectory, Scope } from './objects.js'
import { UnnamedVariables } from './variable/addresses.js'
import { buildDomain, buildModel, typeIn, typeMade } from './variable/build.js'
import { VmdState } from './vmd/state.js'

/** What the VMD of a server needs from where it runs. */
export interface VmdSurroundings {
  readonly timers: Timers
  /** Time of day: milliseconds since 1970. */
  readonly now: () => number
  /** The files of the VMD. @default none */
  readonly files?: FileStore | undefined
}

/** The virtual manufacturing device: every object that a model describes, and that services make, found by name. */
export class Vmd {
  readonly model: VmdModel
  readonly timers: Timers
  readonly now: () => number
  readonly files: FileStore | undefined
  readonly vmdSpecific = new Scope('vmdSpecific')
  /** Variables that have an address and no name. */
  readonly unnamed: UnnamedVariables
  /** Those that are established. */
  readonly associations = new Set<ServerAssociation>()
  /** Guards services that make objects and those that touch the VMD itself. ISO 9506-1, 7.2.1. */
  accessControlList = NON_DELETABLE
  /** Told of each access that gate 2 refuses. */
  onViolation: (() => void) | undefined
  /** What its server serves; absent: nobody serves it. Event actions are executed by these. */
  served:
    | { readonly handlers: Handlers; readonly limits: ServerLimits; readonly modified: ModifierServing<ServerAssociation> | undefined }
    | undefined
  /** Its status, and what `csr` adds to it. */
  readonly state = new VmdState()

  /** @throws UsageError `MMS_MODEL` where something refers to what is not there, or a value is not of its type */
  constructor(model: VmdModel, { timers, now, files }: VmdSurroundings = { timers: systemTimers, now: systemTime }) {
    this.model = model
    this.timers = timers
    this.now = now
    this.files = files
    addPredefinedLists(this.vmdSpecific)
    addLists(this)
    for (const [name, given] of Object.entries(model.domains ?? {})) {
      this.vmdSpecific.add('domain', new Domain(name, given.accessControlList ?? (given.mmsDeletable ? DELETABLE : NON_DELETABLE), given))
    }
    this.unnamed = new UnnamedVariables(model.addressSpace, type => typeIn(type, name => typeMade(this, name)))
    buildModel(this, model)
  }

  /**
   * Set by the application, and by what a model's `status` answers. The logical status decides which services are let through. A server with
   * the group `vmd` tells changes of the logical or physical one to every client that has announced unsolicitedStatus.
   */
  get status(): VmdStatus {
    return this.state.status
  }

  set status(status: VmdStatus) {
    this.state.status = status
  }

  /** Answers a status request; the model may know better than what was set. */
  derivedStatus(extendedDerivation: boolean): VmdStatus {
    const derived = this.model.status?.(extendedDerivation)
    if (derived !== undefined) this.status = derived
    return this.status
  }

  /** Being given its objects, which may refer to each other before anyone else sees them. */
  #populated: Domain | undefined

  /** Gives a domain that has been loaded its objects. @throws UsageError as the constructor does */
  populate(domain: Domain, model: DomainModel): void {
    this.#populated = domain
    try {
      buildDomain(this, domain, model)
      buildDomainEvents(this, domain, model)
    } finally {
      this.#populated = undefined
    }
  }

  get domains(): ReadableDirectory<Domain> {
    return this.vmdSpecific.of('domain')
  }

  domain(name: string): Domain | undefined {
    return this.vmdSpecific.get('domain', name)
  }

  /** The VMD's own names, and those of each domain. */
  *scopes(): Generator<Scope, void, void> {
    yield this.vmdSpecific
    for (const { objects } of this.domains) yield objects
  }

  /** The scope that a name belongs to; undefined: there is no such domain, or it is not whole. @param own objects of the association that asks */
  scopeOf(name: ObjectName, own: Scope): Scope | undefined {
    if (name.type === 'domainSpecific') {
      const domain = this.domain(name.value.domainID)
      return domain?.isUsable || domain === this.#populated ? domain?.objects : undefined
    }
    return name.type === 'vmdSpecific' ? this.vmdSpecific : own
  }

  /** An object by its class and name. */
  find<C extends HeldClass>(objectClass: C, name: ObjectName, own: Scope): ObjectsByClass[C] | undefined {
    return this.scopeOf(name, own)?.get(objectClass, itemOf(name))
  }
}
