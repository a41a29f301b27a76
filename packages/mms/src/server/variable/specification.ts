import type { DataAccessError } from '../../asn1/data.js'
import type {
  AlternateAccess,
  ListedVariable,
  ScatteredAccessDescription,
  TypeSpecification,
  VariableSpecification,
} from '../../asn1/variable-access.js'
import { DELETABLE } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { notTooDeep, refusalOf } from './item-access.js'
import { type Finder, findVariable, type Member, type Referred, type ScatteredMember } from './objects.js'
import { scatteredOver } from './scattered-value.js'
import { resolveType } from './types.js'
import { type GuardedVariable, partMeant, type Variable } from './variable.js'

/** From the specification of a variable to the variable. ISO 9506-1, 14.5. */

/** What a specification means. @returns a DataAccessError where it means nothing */
export function variableMeant(specification: VariableSpecification, finder: Finder): GuardedVariable | DataAccessError {
  if (specification.type === 'name') return findVariable(specification.value, finder) ?? 'object-non-existent'
  const referred = referredBy(specification, finder)
  return typeof referred === 'object' ? referred.variable : referred
}

/** The same as something to refer to for longer. */
function referredBy(specification: VariableSpecification, finder: Finder): Referred | DataAccessError {
  switch (specification.type) {
    case 'name': {
      const variable = findVariable(specification.value, finder)
      return variable === undefined ? 'object-non-existent' : { type: 'object', variable }
    }
    case 'address': {
      const variable = finder.vmd.unnamed.at(specification.value)
      return typeof variable === 'object' ? { type: 'unnamed', variable, specification } : variable
    }
    case 'variableDescription': {
      const { address, typeSpecification } = specification.value
      const type = typeMeant(typeSpecification, finder)
      // A name that cannot be resolved through a defined object.
      if (type === undefined) return 'object-undefined'
      const variable = finder.vmd.unnamed.at(address, type, finder.limits.maxTypeOctets)
      return typeof variable === 'object' ? { type: 'unnamed', variable, specification } : variable
    }
    case 'scatteredAccessDescription': {
      const components = componentsOf(specification.value, finder)
      if ('failure' in components) return components.failure
      const variable = { ...scatteredOver(components), accessControlList: DELETABLE }
      return { type: 'scattered', variable, components }
    }
    case 'invalidated':
      return 'object-invalidated'
    default:
      return specification satisfies never
  }
}

/** Why a variable cannot be referred to. */
export interface Misfit {
  /** Whether there is no such variable, or not that part of it. */
  readonly of: 'variable' | 'part'
  readonly failure: DataAccessError
}

/** The variable that a list or a scattered access is to refer to. */
export function memberOf({ variableSpecification, alternateAccess }: ListedVariable, finder: Finder): Member | Misfit {
  const refersTo = referredBy(variableSpecification, finder)
  if (typeof refersTo !== 'object') return { of: 'variable', failure: refersTo }
  const part = partMeant(refersTo.variable, alternateAccess)
  return typeof part === 'object' ? { refersTo, alternateAccess, part } : { of: 'part', failure: part }
}

/** The components of a scattered access. @returns why one of them cannot be */
export function componentsOf(description: ScatteredAccessDescription, finder: Finder): readonly ScatteredMember[] | Misfit {
  const components: ScatteredMember[] = []
  for (const { componentName, ...listed } of description) {
    const member = memberOf(listed, finder)
    if ('failure' in member) return member
    components.push({ ...member, componentName })
  }
  return components
}

/** A type without names inside; undefined: one of them is not known. */
export function typeMeant(specification: TypeSpecification, { vmd, own }: Finder) {
  return resolveType(specification, name => vmd.find('namedType', name, own)?.type)
}

/** What of an item may be read or written by an association: the checks for one item in their order, but for those of the value. ISO 9506-1, 14.4.3. */
export function partOfItem(association: ServerAssociation, access: 'read' | 'write', item: ListedVariable): Variable | DataAccessError {
  const variable = variableMeant(item.variableSpecification, association)
  if (typeof variable !== 'object') return variable
  const refused = refusalOf(association, access, variable)
  if (refused !== undefined) return refused
  return notTooDeep(association, item.alternateAccess === undefined ? variable : partMeant(variable, item.alternateAccess))
}

/** Whether an item uses only what was negotiated. ISO 9506-1, 14.5. */
export function isAcceptable({ variableSpecification, alternateAccess }: ListedVariable, association: ServerAssociation): boolean {
  return isAgreed(variableSpecification, association) && (alternateAccess === undefined || isAgreedAccess(alternateAccess, association))
}

function isAgreed(specification: VariableSpecification, association: ServerAssociation): boolean {
  switch (specification.type) {
    case 'name':
      return association.agreed('vnam')
    case 'address':
      return association.agreed('vadr')
    case 'variableDescription':
      return association.agreed('vadr') && isAgreedType(specification.value.typeSpecification, association)
    case 'scatteredAccessDescription':
      return isAgreedScattered(specification.value, association)
    case 'invalidated':
      return false
    default:
      return specification satisfies never
  }
}

/** The same of a scattered access, which must have components. */
export function isAgreedScattered(description: ScatteredAccessDescription, association: ServerAssociation): boolean {
  return (
    association.agreed('vsca') &&
    association.agreed('str2') &&
    description.length > 0 &&
    description.every(component => isAcceptable(component, association))
  )
}

/** Components need structures, indexes arrays. */
function isAgreedAccess(access: AlternateAccess, association: ServerAssociation): boolean {
  if (!association.agreed('valt')) return false
  const components = association.agreed('str2')
  const indexes = association.agreed('str1')
  return (components && indexes) || usesOnly(access, components, indexes)
}

function usesOnly(access: AlternateAccess, components: boolean, indexes: boolean): boolean {
  return access.every(entry => {
    if (entry.type === 'named' && !components) return false
    const selection = entry.type === 'named' ? entry.value.access : entry.value
    const node = selection.type === 'selectAccess' ? selection.value : selection.value.accessSelection
    if (node.type === 'component' ? !components : node.type !== 'allElements' && !indexes) return false
    return selection.type === 'selectAccess' || usesOnly(selection.value.alternateAccess, components, indexes)
  })
}

/** Whether a type uses only what was negotiated. */
export function isAgreedType(specification: TypeSpecification, association: ServerAssociation): boolean {
  if (specification.type === 'typeName') return true
  const type = specification.value
  if (type.type === 'array') return association.agreed('str1') && isAgreedType(type.value.elementType, association)
  if (type.type !== 'structure') return true
  return association.agreed('str2') && type.value.components.every(({ componentType }) => isAgreedType(componentType, association))
}
