import { type Timers, UsageError } from '@x/core'
import { systemTime, systemTimers } from '@x/core/async'
import type { Data, DataAccessError } from '../asn1/data.js'
import type { ObjectName } from '../asn1/identifiers.js'
import type { AlternateAccess, TypeDescription } from '../asn1/variable-access.js'
import { formatObjectName, parseVariable, type VariableReference } from '../names.js'
import { mismatchOf } from '../value-check.js'
import { nestingOfType } from '../value-types.js'
import { addPredefinedLists, DELETABLE, NON_DELETABLE } from './access.js'
import type { ServerAssociation, ServerLimits } from './association.js'
import { Domain } from './domain/domain.js'
import type { FileStore } from './file-store.js'
import type { Handlers } from './handlers.js'
import { andThen, type Maybe } from './maybe.js'
import type { AccessContext, AccessFailure, DomainModel, ListModel, VariableModel, VmdModel, VmdStatus } from './model.js'
import { type HeldClass, itemOf, type MmsObject, type ObjectsByClass, type ReadableDirectory, Scope } from './objects.js'
import { type Selection, select, whole } from './select.js'
import { zeroOf } from './zero.js'

/** A named variable as the services see it. */
export interface Variable {
  readonly type: TypeDescription
  /** Arrays and structures inside each other, on the longest path. */
  readonly depth: number
  readonly read: (context: AccessContext) => Maybe<Data | DataAccessError>
  readonly write: (value: Data, context: AccessContext) => Maybe<DataAccessError | undefined>
}

/** A variable with a name. */
export interface NamedVariable extends Variable, MmsObject {}

/** A named variable list: its members in order, each with an alternate access where only a part is meant. */
export interface NamedVariableList extends MmsObject {
  readonly items: readonly VariableReference[]
}

const USUAL_STATUS: VmdStatus = { vmdLogicalStatus: 'state-changes-allowed', vmdPhysicalStatus: 'operational' }

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
  /** Those that are established. */
  readonly associations = new Set<ServerAssociation>()
  /** Guards services that make objects and those that touch the VMD itself. ISO 9506-1, 7.2.1. */
  accessControlList = NON_DELETABLE
  /** What its server serves; absent: nobody serves it. Event actions are executed by these. */
  served: { readonly handlers: Handlers; readonly limits: ServerLimits } | undefined
  /** Set by the application, and by what a model's `status` answers. The logical status decides which services are let through. */
  status: VmdStatus = USUAL_STATUS

  /** @throws UsageError `MMS_MODEL` when a list names a variable that is not there, or a value is not of its type; `MMS_TYPE_NAME` when a type is only a name */
  constructor(model: VmdModel, { timers, now, files }: VmdSurroundings = { timers: systemTimers, now: systemTime }) {
    this.model = model
    this.timers = timers
    this.now = now
    this.files = files
    addPredefinedLists(this.vmdSpecific)
    addVariables(this.vmdSpecific, model)
    for (const [name, given] of Object.entries(model.domains ?? {})) {
      const domain = new Domain(name, given.mmsDeletable ? DELETABLE : NON_DELETABLE, given)
      addVariables(domain.objects, given)
      this.vmdSpecific.add('domain', domain)
    }
    this.#addLists(this.vmdSpecific, model.lists)
    for (const [name, domain] of Object.entries(model.domains ?? {})) this.#addLists(this.domain(name)!.objects, domain.lists)
  }

  /** Answers a status request; the model may know better than what was set. */
  derivedStatus(extendedDerivation: boolean): VmdStatus {
    this.status = this.model.status?.(extendedDerivation) ?? this.status
    return this.status
  }

  /** Gives a domain that has been loaded its objects. @throws UsageError as the constructor does */
  populate(domain: Domain, model: DomainModel): void {
    addVariables(domain.objects, model)
    this.#addLists(domain.objects, model.lists)
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
      return domain?.isUsable ? domain.objects : undefined
    }
    return name.type === 'vmdSpecific' ? this.vmdSpecific : own
  }

  /** An object by its class and name. */
  find<C extends HeldClass>(objectClass: C, name: ObjectName, own: Scope): ObjectsByClass[C] | undefined {
    return this.scopeOf(name, own)?.get(objectClass, itemOf(name))
  }

  #addLists(scope: Scope, lists: Readonly<Record<string, ListModel>> | undefined): void {
    for (const [name, list] of Object.entries(lists ?? {})) {
      const items = list.items.map(text => parseVariable(text))
      for (const item of items) {
        const variable = this.find('namedVariable', item.name, NOTHING)
        const fault =
          variable === undefined
            ? 'is not in the model'
            : typeof selectionOf(variable, item) === 'object'
              ? undefined
              : 'does not fit its type'
        if (fault) throw new UsageError('mms', 'MMS_MODEL', `list ${name}: ${formatObjectName(item.name)} ${fault}`)
      }
      scope.add('namedVariableList', { name, scope, accessControlList: NON_DELETABLE, items })
    }
  }
}

const NOTHING = new Scope('aaSpecific')

/** What of a variable a reference means; a DataAccessError when it does not fit the type. */
export function selectionOf(variable: Variable, reference: Pick<VariableReference, 'alternateAccess'>): Selection | DataAccessError {
  return reference.alternateAccess === undefined ? whole(variable.type) : select(variable.type, reference.alternateAccess)
}

/** The variable, or the part of it that an alternate access means. */
export function partMeant(variable: Variable, access: AlternateAccess | undefined): Variable | DataAccessError {
  if (access === undefined) return variable
  const selection = select(variable.type, access)
  return typeof selection === 'object' ? partOf(variable, selection) : selection
}

function addVariables(scope: Scope, model: Pick<DomainModel, 'variables' | 'componentsAsVariables'>): void {
  for (const [name, variable] of Object.entries(model.variables ?? {})) {
    const made = makeVariable(name, variable)
    scope.add('namedVariable', named(name, made))
    if (model.componentsAsVariables) addComponents(scope, name, made, whole(variable.type))
  }
}

function named(name: string, variable: Variable): NamedVariable {
  return { name, scope: undefined, accessControlList: NON_DELETABLE, ...variable }
}

function addComponents(scope: Scope, name: string, base: Variable, selection: Selection): void {
  if (selection.type.type !== 'structure') return
  for (const { componentName } of selection.type.value.components) {
    if (componentName === undefined) continue
    const inner = select(selection.type, [
      { type: 'unnamed', value: { type: 'selectAccess', value: { type: 'component', value: componentName } } },
    ])
    if (typeof inner !== 'object') throw new UsageError('mms', 'MMS_MODEL', `${name}: component ${componentName} is ${inner}`)
    const path: Selection = {
      type: inner.type,
      read: value => inner.read(selection.read(value)),
      write: (value, part) => selection.write(value, inner.write(selection.read(value), part)),
    }
    scope.add('namedVariable', named(`${name}$${componentName}`, partOf(base, path)))
    addComponents(scope, `${name}$${componentName}`, base, path)
  }
}

/** A part of a variable as a variable: read takes it out, write reads, changes and writes the whole. */
function partOf(base: Variable, selection: Selection): Variable {
  return {
    type: selection.type,
    depth: nestingOfType(selection.type),
    read: context => andThen(base.read(context), value => (typeof value === 'object' ? selection.read(value) : value)),
    write: (part, context) =>
      andThen(base.read(context), value => (typeof value === 'object' ? base.write(selection.write(value, part), context) : value)),
  }
}

function makeVariable(name: string, model: VariableModel): Variable {
  let held = zeroOf(model.type)
  if (model.value !== undefined) {
    const mismatch = mismatchOf(model.value, model.type)
    if (mismatch)
      throw new UsageError('mms', 'MMS_MODEL', `${name}${mismatch.path}: expected ${mismatch.expected}, found ${mismatch.found}`)
    held = model.value
  }
  const { read, write } = model
  return {
    type: model.type,
    depth: nestingOfType(model.type),
    read:
      model.readable === false
        ? () => 'object-access-denied'
        : read === undefined
          ? () => held
          : context => guarded(() => andThen(read(context), value => ('failure' in value ? value.failure : value))),
    write:
      model.writable === false || (read !== undefined && write === undefined)
        ? () => 'object-access-denied'
        : (value, context) =>
            guarded(() =>
              // biome-ignore lint/suspicious/noConfusingVoidType: a hook without a result is written as a plain function
              andThen(write?.(value, context), (failure: AccessFailure | void) => {
                if (failure) return failure.failure
                held = value
                return undefined
              }),
            ),
  }
}

/** Runs a user's hook: what it throws is a failure of that item, never of the association. */
function guarded<T>(run: () => Maybe<T | DataAccessError>): Maybe<T | DataAccessError> {
  try {
    const result = run()
    return result instanceof Promise ? result.catch(failureOf) : result
  } catch (error) {
    return failureOf(error)
  }
}

function failureOf(error: unknown): DataAccessError {
  return typeof error === 'object' && error !== null && 'failure' in error
    ? ((error as AccessFailure).failure satisfies DataAccessError)
    : 'hardware-fault'
}
