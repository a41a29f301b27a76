import { UsageError } from '@x/core'
import type { Data, DataAccessError } from '../asn1/data.js'
import type { ObjectName } from '../asn1/identifiers.js'
import type { AlternateAccess, TypeDescription } from '../asn1/variable-access.js'
import { compareNames, formatObjectName, parseVariable, type VariableReference } from '../names.js'
import { mismatchOf } from '../value-check.js'
import { nestingOfType } from '../value-types.js'
import type { AccessContext, AccessFailure, DomainModel, ListModel, VariableModel, VmdModel } from './model.js'
import { type Selection, select, whole } from './select.js'
import { zeroOf } from './zero.js'

/** Something now, or later. A hook that answers at once costs no turn of the event loop. */
export type Maybe<T> = T | Promise<T>

/** A named variable as the services see it. */
export interface Variable {
  readonly type: TypeDescription
  /** Arrays and structures inside each other, on the longest path. */
  readonly depth: number
  readonly read: (context: AccessContext) => Maybe<Data | DataAccessError>
  readonly write: (value: Data, context: AccessContext) => Maybe<DataAccessError | undefined>
}

/** A named variable list: its members in order, each with an alternate access where only a part is meant. */
export interface NamedVariableList {
  readonly items: readonly VariableReference[]
  readonly mmsDeletable: boolean
}

/** The objects of one scope: the VMD's own, a domain's, or an association's. */
export class Scope {
  readonly variables = new Map<string, Variable>()
  readonly lists = new Map<string, NamedVariableList>()
  #variableNames: readonly string[] | undefined

  /** Names of the variables in collating order. They do not change while the server runs. */
  get variableNames(): readonly string[] {
    this.#variableNames ??= [...this.variables.keys()].sort(compareNames)
    return this.#variableNames
  }

  get listNames(): readonly string[] {
    return [...this.lists.keys()].sort(compareNames)
  }
}

/** The virtual manufacturing device: every object that a model describes, found by name. */
export class Vmd {
  readonly model: VmdModel
  readonly vmdSpecific = new Scope()
  readonly domains = new Map<string, Scope>()

  /** @throws UsageError `MMS_MODEL` when a list names a variable that is not there, or a value is not of its type; `MMS_TYPE_NAME` when a type is only a name */
  constructor(model: VmdModel) {
    this.model = model
    addVariables(this.vmdSpecific, model)
    for (const [name, domain] of Object.entries(model.domains ?? {})) {
      const scope = new Scope()
      addVariables(scope, domain)
      this.domains.set(name, scope)
    }
    this.#addLists(this.vmdSpecific, model.lists)
    for (const [name, domain] of Object.entries(model.domains ?? {})) this.#addLists(this.domains.get(name)!, domain.lists)
  }

  /** Domain names in collating order. */
  get domainNames(): readonly string[] {
    return [...this.domains.keys()].sort(compareNames)
  }

  /** The scope that a name belongs to; undefined: there is no such domain. @param own objects of the association that asks */
  scopeOf(name: ObjectName, own: Scope): Scope | undefined {
    if (name.type === 'domainSpecific') return this.domains.get(name.value.domainID)
    return name.type === 'vmdSpecific' ? this.vmdSpecific : own
  }

  variable(name: ObjectName, own: Scope): Variable | undefined {
    return this.scopeOf(name, own)?.variables.get(itemOf(name))
  }

  list(name: ObjectName, own: Scope): NamedVariableList | undefined {
    return this.scopeOf(name, own)?.lists.get(itemOf(name))
  }

  #addLists(scope: Scope, lists: Readonly<Record<string, ListModel>> | undefined): void {
    for (const [name, list] of Object.entries(lists ?? {})) {
      const items = list.items.map(text => parseVariable(text))
      for (const item of items) {
        const variable = this.variable(item.name, NOTHING)
        const fault =
          variable === undefined
            ? 'is not in the model'
            : typeof selectionOf(variable, item) === 'object'
              ? undefined
              : 'does not fit its type'
        if (fault) throw new UsageError('mms', 'MMS_MODEL', `list ${name}: ${formatObjectName(item.name)} ${fault}`)
      }
      scope.lists.set(name, { items, mmsDeletable: false })
    }
  }
}

const NOTHING = new Scope()

/** The item part of a name. */
export function itemOf(name: ObjectName): string {
  return name.type === 'domainSpecific' ? name.value.itemID : name.value
}

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
    scope.variables.set(name, made)
    if (model.componentsAsVariables) addComponents(scope, name, made, whole(variable.type))
  }
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
    scope.variables.set(`${name}$${componentName}`, partOf(base, path))
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

/** Goes on now where the value is there now. */
function andThen<T, U>(value: Maybe<T>, next: (value: T) => Maybe<U>): Maybe<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
