import { UsageError } from '@x/core'
import type { ObjectName } from '../../asn1/identifiers.js'
import type { ListedVariable, TypeDescription, VariableSpecification } from '../../asn1/variable-access.js'
import { formatObjectName, parseVariable, sameObjectName } from '../../names.js'
import { NON_DELETABLE } from '../access.js'
import type { Domain } from '../domain/domain.js'
import type { DomainModel, VmdModel } from '../model.js'
import { itemOf, Scope, whenDeleted } from '../objects.js'
import type { Vmd } from '../vmd.js'
import { addressOf, specificationIn } from './addresses.js'
import { noteModel } from './definition.js'
import type { ModelType, ScatteredAccessModel, VariablesModel } from './model.js'
import type { Finder, Member, NamedVariable, ScatteredMember } from './objects.js'
import { scatteredOver } from './scattered-value.js'
import { select } from './select.js'
import { type Misfit, memberOf } from './specification.js'
import { resolveType } from './types.js'
import { type GuardedVariable, makeVariable, partOf, type Variable } from './variable.js'

/**
 * Makes the objects of a whole model: types, variables, scattered access and lists, in that order, so that each may refer to those before it.
 * @throws UsageError `MMS_MODEL` where something refers to what is not there, or a value is not of its type
 */
export function buildModel(vmd: Vmd, model: VmdModel): void {
  const domains = Object.entries(model.domains ?? {}).map(([name, given]) => [vmd.domain(name)!, given] as const)
  const places = new Places(vmd, model, domains)
  const typeNamed = buildTypes(places, vmd)
  for (const variable of model.unnamedVariables ?? []) {
    const address = addressOf(variable.address)
    vmd.unnamed.add(address, makeVariable(`variable at ${address.value}`, variable, typeIn(variable.type, typeNamed)))
  }
  build(places, vmd, typeNamed)
}

/** Makes the objects of one domain. They may refer to what is there. @throws UsageError `MMS_MODEL` as above */
export function buildDomain(vmd: Vmd, domain: Domain, model: DomainModel): void {
  const places = new Places(vmd, undefined, [[domain, model]])
  build(places, vmd, buildTypes(places, vmd))
}

/** A type of a model without names inside. A name that is not there throws. */
export function typeIn(type: ModelType, typeNamed: (name: ObjectName) => TypeDescription): TypeDescription {
  return resolveType(specificationIn(type), typeNamed)!
}

/** A named type that has been made. @throws UsageError `MMS_MODEL` */
export function typeMade(vmd: Vmd, name: ObjectName): TypeDescription {
  const made = vmd.find('namedType', name, NOTHING)
  if (made === undefined) throw broken(`type ${formatObjectName(name)}`, 'is not in the model')
  return made.type
}

const NOTHING = new Scope('aaSpecific')

function build(places: Places, vmd: Vmd, typeNamed: (name: ObjectName) => TypeDescription): void {
  for (const { scope, given, componentsAsVariables } of places) {
    for (const [name, variable] of Object.entries(given.variables ?? {})) {
      const made = makeVariable(name, variable, typeIn(variable.type, typeNamed))
      const address = variable.address === undefined ? undefined : addressOf(variable.address)
      const object = named(name, made, address, variable.meaning)
      scope.add('namedVariable', object)
      if (address !== undefined) {
        vmd.unnamed.add(address, object)
        whenDeleted(object, () => vmd.unnamed.remove(address))
      }
      if (componentsAsVariables) addComponents(scope, name, made)
    }
  }
  const finder: Finder = { vmd, own: NOTHING, limits: { maxTypeOctets: Number.POSITIVE_INFINITY } }
  buildScattered(places, finder)
  for (const { scope, given } of places) {
    for (const [name, { items, accessControlList = NON_DELETABLE }] of Object.entries(given.lists ?? {})) {
      const members = items.map(text => found(`list ${name}`, text, finder))
      scope.add('namedVariableList', { name, scope, accessControlList, members })
    }
    noteModel(scope)
  }
}

interface Place {
  readonly scope: Scope
  readonly given: VariablesModel
  readonly componentsAsVariables: boolean
  readonly nameOf: (item: string) => ObjectName
}

/** Where objects are to be made: the VMD, domains. */
class Places {
  readonly #vmd: Place | undefined
  readonly #domains: ReadonlyMap<string, Place>

  constructor(vmd: Vmd, model: VmdModel | undefined, domains: readonly (readonly [Domain, DomainModel])[]) {
    this.#vmd = model && {
      scope: vmd.vmdSpecific,
      given: model,
      componentsAsVariables: false,
      nameOf: value => ({ type: 'vmdSpecific', value }),
    }
    this.#domains = new Map(
      domains.map(([{ name: domainID, objects }, given]) => [
        domainID,
        {
          scope: objects,
          given,
          componentsAsVariables: given.componentsAsVariables ?? false,
          nameOf: itemID => ({ type: 'domainSpecific', value: { domainID, itemID } }),
        },
      ]),
    )
  }

  of(name: ObjectName): Place | undefined {
    if (name.type === 'domainSpecific') return this.#domains.get(name.value.domainID)
    return name.type === 'vmdSpecific' ? this.#vmd : undefined
  }

  *[Symbol.iterator](): Generator<Place, void, void> {
    if (this.#vmd !== undefined) yield this.#vmd
    yield* this.#domains.values()
  }
}

/** Makes the named types; they may refer to each other in any order, but not in a circle. @returns finds one */
function buildTypes(places: Places, vmd: Vmd): (name: ObjectName) => TypeDescription {
  const open: ObjectName[] = []
  const typeNamed = (name: ObjectName): TypeDescription => {
    const item = itemOf(name)
    const place = places.of(name)
    const given = place?.given.types?.[item]
    if (place === undefined || given === undefined || place.scope.of('namedType').has(item)) return typeMade(vmd, name)
    if (open.some(other => sameObjectName(other, name))) throw broken(`type ${formatObjectName(name)}`, 'contains itself')
    open.push(name)
    const type = typeIn(given.type, typeNamed)
    open.pop()
    const { meaning, accessControlList = NON_DELETABLE } = given
    place.scope.add('namedType', { name: item, scope: place.scope, accessControlList, type, meaning })
    return type
  }
  for (const { given, nameOf } of places) for (const name of Object.keys(given.types ?? {})) typeNamed(nameOf(name))
  return typeNamed
}

/** Makes scattered access; each may have others as components, but not in a circle. */
function buildScattered(places: Places, finder: Finder): void {
  const open: ObjectName[] = []
  const make = (place: Place, name: string, model: ScatteredAccessModel): void => {
    if (place.scope.of('scatteredAccess').has(name)) return
    const what = `scattered access ${name}`
    if (place.scope.isTaken('scatteredAccess', name)) throw broken(what, 'has the name of a variable')
    const own = place.nameOf(name)
    if (open.some(other => sameObjectName(other, own))) throw broken(what, 'contains itself')
    open.push(own)
    const components = model.components.map((component): ScatteredMember => {
      const text = typeof component === 'string' ? component : component.variable
      const other = parseVariable(text).name
      const otherPlace = places.of(other)
      const scattered = otherPlace?.given.scatteredAccess?.[itemOf(other)]
      if (otherPlace !== undefined && scattered !== undefined) make(otherPlace, itemOf(other), scattered)
      return { ...found(what, text, finder), componentName: typeof component === 'string' ? undefined : component.componentName }
    })
    open.pop()
    const { accessControlList = NON_DELETABLE } = model
    place.scope.add('scatteredAccess', { name, scope: place.scope, accessControlList, components, ...scatteredOver(components) })
  }
  for (const place of places) for (const [name, model] of Object.entries(place.given.scatteredAccess ?? {})) make(place, name, model)
}

function found(what: string, text: string, finder: Finder): Member {
  const { name, alternateAccess } = parseVariable(text)
  const variableSpecification: VariableSpecification = { type: 'name', value: name }
  const listed: ListedVariable = { variableSpecification, ...(alternateAccess === undefined ? {} : { alternateAccess }) }
  const member: Member | Misfit = memberOf(listed, finder)
  if (!('failure' in member)) return member
  throw broken(`${what}: ${formatObjectName(name)}`, member.of === 'variable' ? 'is not in the model' : 'does not fit its type')
}

function broken(what: string, fault: string): UsageError {
  return new UsageError('mms', 'MMS_MODEL', `${what} ${fault}`)
}

function named(name: string, variable: GuardedVariable, address: NamedVariable['address'], meaning: string | undefined): NamedVariable {
  return { name, scope: undefined, ...variable, address, meaning }
}

function addComponents(scope: Scope, name: string, base: GuardedVariable, part: Variable = base): void {
  if (part.type.type !== 'structure') return
  for (const { componentName } of part.type.value.components) {
    if (componentName === undefined) continue
    const selection = select(part.type, [
      { type: 'unnamed', value: { type: 'selectAccess', value: { type: 'component', value: componentName } } },
    ])
    if (typeof selection !== 'object') throw broken(`${name}: component ${componentName}`, `is ${selection}`)
    const component = partOf(part, selection)
    const { accessControlList } = base
    scope.add('namedVariable', named(`${name}$${componentName}`, { ...component, accessControlList }, undefined, undefined))
    addComponents(scope, `${name}$${componentName}`, base, component)
  }
}
