import type { BasicObjectClass, CsObjectClass, ObjectName } from '../asn1/identifiers.js'
import { compareNames } from '../names.js'
import type { AccessControlList } from './access.js'
import type { DataExchange } from './data-exchange/data-exchange.js'
import type { Domain } from './domain/domain.js'
import type { EventAction, EventCondition, EventConditionList, EventEnrollment } from './event/objects.js'
import type { Journal } from './journal/journal.js'
import type { OperatorStation } from './operator/station.js'
import type { ProgramInvocation } from './program-invocation/program-invocation.js'
import type { Semaphore } from './semaphore/semaphore.js'
import type { UnitControl } from './unit-control/unit-control.js'
import type { NamedType, NamedVariable, NamedVariableList, ScatteredAccess } from './variable/objects.js'

/** What every object of a VMD has. ISO 9506-1, 5.4 and 9. */
export interface MmsObject {
  /** The identifier: unique in its class and scope. Changed by `Scope.rename` only. */
  name: string
  /** Where it is; undefined once it has been deleted. Whoever refers to objects holds the object, not its name: rename keeps the reference. */
  scope: Scope | undefined
  /** Name of the access control list that guards it. */
  accessControlList: string
}

/** The objects that a scope may hold, by class. Each group of services adds its own. */
export interface ObjectsByClass {
  namedVariable: NamedVariable
  /** They share the names of named variables: see `findVariable`. */
  scatteredAccess: ScatteredAccess
  namedVariableList: NamedVariableList
  namedType: NamedType
  dataExchange: DataExchange
  domain: Domain
  accessControlList: AccessControlList
  programInvocation: ProgramInvocation
  operatorStation: OperatorStation
  semaphore: Semaphore
  unitControl: UnitControl
  journal: Journal
  eventCondition: EventCondition
  eventAction: EventAction
  eventEnrollment: EventEnrollment
  eventConditionList: EventConditionList
}
export type HeldClass = keyof ObjectsByClass

/** Where the names of a scope are: the VMD's own, a domain's, an association's. */
export type ScopeKind = ObjectName['type']

/** Classes whose objects are the VMD's only: their names are plain identifiers. ISO 9506-1, 5.4. */
const VMD_ONLY: ReadonlySet<BasicObjectClass | CsObjectClass> = new Set([
  'accessControlList',
  'domain',
  'programInvocation',
  'unitControl',
  'operatorStation',
  'dataExchange',
])

/** Whether a scope of that kind may hold objects of that class. */
export function mayHold(kind: ScopeKind, objectClass: BasicObjectClass | CsObjectClass): boolean {
  // A semaphore that only one association can see would keep nobody out.
  if (objectClass === 'semaphore') return kind !== 'aaSpecific'
  return kind === 'vmdSpecific' || !VMD_ONLY.has(objectClass)
}

/** The objects of one class in one scope, by name. */
export class Directory<T extends MmsObject> {
  readonly #byName = new Map<string, T>()
  #names: readonly string[] | undefined

  get size(): number {
    return this.#byName.size
  }

  get(name: string): T | undefined {
    return this.#byName.get(name)
  }

  has(name: string): boolean {
    return this.#byName.has(name)
  }

  /** Names in collating order; the same array until an object comes or goes. */
  get names(): readonly string[] {
    this.#names ??= [...this.#byName.keys()].sort(compareNames)
    return this.#names
  }

  /** In the order in which they were made. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.#byName.values()
  }

  /** @internal use `Scope.add` */
  set(object: T): void {
    this.#byName.set(object.name, object)
    this.#names = undefined
  }

  /** @internal use `Scope.remove` */
  delete(name: string): void {
    this.#byName.delete(name)
    this.#names = undefined
  }
}

/** The objects of one scope. An empty one costs next to nothing: directories are made when an object comes. */
export class Scope {
  readonly kind: ScopeKind
  /** The domain whose names these are; its name may change. */
  readonly domain: MmsObject | undefined
  #directories: { [C in HeldClass]?: Directory<ObjectsByClass[C]> } | undefined

  constructor(kind: ScopeKind, domain?: MmsObject) {
    this.kind = kind
    this.domain = domain
  }

  /** The objects of a class. */
  of<C extends HeldClass>(objectClass: C): ReadableDirectory<ObjectsByClass[C]> {
    return this.#directories?.[objectClass] ?? EMPTY
  }

  get<C extends HeldClass>(objectClass: C, name: string): ObjectsByClass[C] | undefined {
    return this.#directories?.[objectClass]?.get(name) as ObjectsByClass[C] | undefined
  }

  /** Whether an object of that class cannot have a name because it is taken. Named variables and scattered access share theirs. ISO 9506-1, E.3. */
  isTaken(objectClass: HeldClass, name: string): boolean {
    if (objectClass === 'namedVariable' || objectClass === 'scatteredAccess') {
      return this.of('namedVariable').has(name) || this.of('scatteredAccess').has(name)
    }
    return this.of(objectClass).has(name)
  }

  /** Puts an object here, under its name, which must be free. */
  add<C extends HeldClass>(objectClass: C, object: ObjectsByClass[C]): void {
    this.#directories ??= {}
    this.#directories[objectClass] ??= new Directory<ObjectsByClass[C]>() as never
    object.scope = this
    ;(this.#directories[objectClass] as unknown as Directory<ObjectsByClass[C]>).set(object)
  }

  /** Takes an object away; whoever still refers to it sees that it has no scope. */
  remove<C extends HeldClass>(objectClass: C, object: ObjectsByClass[C]): void {
    for (const run of deathWatches.get(object) ?? []) run()
    deathWatches.delete(object)
    this.#directories?.[objectClass]?.delete(object.name)
    object.scope = undefined
  }

  /** Takes every object away: its domain is deleted, or its association has ended. */
  clear(): void {
    for (const objectClass of this.classes) for (const object of [...this.of(objectClass)]) this.remove(objectClass, object as never)
  }

  /** Gives an object another name, which must be free. */
  rename<C extends HeldClass>(objectClass: C, object: ObjectsByClass[C], name: string): void {
    const directory = this.#directories?.[objectClass] as unknown as Directory<ObjectsByClass[C]>
    directory.delete(object.name)
    object.name = name
    directory.set(object)
  }

  /** Each class that has objects here. */
  get classes(): readonly HeldClass[] {
    return Object.keys(this.#directories ?? {}) as HeldClass[]
  }
}

const deathWatches = new WeakMap<MmsObject, Set<() => void>>()

/** Runs something when an object is deleted, however that comes; it still has its scope and name then. @returns stops it */
export function whenDeleted(object: MmsObject, run: () => void): () => void {
  const watches = deathWatches.get(object) ?? new Set()
  deathWatches.set(object, watches.add(run))
  return () => watches.delete(run)
}

/** A directory as everyone but its scope sees it. */
export type ReadableDirectory<T extends MmsObject> = Pick<Directory<T>, 'size' | 'get' | 'has' | 'names'> & Iterable<T>

const EMPTY: ReadableDirectory<never> = new Directory<never>()

/** The name by which services mean an object. @param object one that has not been deleted */
export function objectNameOf({ name, scope }: MmsObject): ObjectName {
  if (scope?.domain !== undefined) return { type: 'domainSpecific', value: { domainID: scope.domain.name, itemID: name } }
  return { type: scope?.kind === 'aaSpecific' ? 'aaSpecific' : 'vmdSpecific', value: name }
}

/** The item part of a name. */
export function itemOf(name: ObjectName): string {
  return name.type === 'domainSpecific' ? name.value.itemID : name.value
}
