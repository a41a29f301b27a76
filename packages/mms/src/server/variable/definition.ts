import type { DataAccessError } from '../../asn1/data.js'
import type { DefinitionError, RejectReason, ServiceError } from '../../asn1/error.js'
import type { ObjectName } from '../../asn1/identifiers.js'
import type { TypeDescription, TypeSpecification, VariableSpecification } from '../../asn1/variable-access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, serviceError } from '../errors.js'
import { type HeldClass, itemOf, type Scope } from '../objects.js'
import { isAgreedType, type Misfit, typeMeant } from './specification.js'
import { isSupported, measureOf, sizeOf } from './types.js'

/** What the services that define variables, lists and types check alike. */

/** What outlives the association must not refer to what does not (our reading for all but event condition lists). */
export const ATTRIBUTES_INCONSISTENT = { error: serviceError('definition', 'object-attribute-inconsistent') }
export const OBJECT_EXISTS = { error: serviceError('definition', 'object-exists') }
/** A type with more levels than were negotiated. */
export const RECURSION_EXCEEDED: { readonly reject: RejectReason } = {
  reject: { type: 'confirmedRequestPDU', value: 'max-recursion-exceeded' },
}
export const CAPABILITY_UNAVAILABLE = { error: serviceError('resource', 'capability-unavailable') }

/** The error of a definition, by what its variable would be answered with. */
export function definitionError({ of, failure }: Misfit): { readonly error: ServiceError } {
  if (of === 'part') return { error: serviceError('definition', 'type-inconsistent') }
  return { error: serviceError('definition', BY_FAILURE[failure] ?? 'object-attribute-inconsistent') }
}

const BY_FAILURE: Partial<Record<DataAccessError, DefinitionError>> = {
  'object-non-existent': 'object-undefined',
  'object-undefined': 'object-undefined',
  'invalid-address': 'invalid-address',
  'type-unsupported': 'type-unsupported',
  'type-inconsistent': 'type-inconsistent',
}

/** An identifier is 32 characters in the standard, 64 and 129 octets in IEC 61850-8-1. */
const MAX_IDENTIFIER = 129

/** Whether a new object may have that name. */
export function isNameable(name: ObjectName): boolean {
  const item = itemOf(name)
  return item !== '' && item.length <= MAX_IDENTIFIER && !HAS_CONTROLS.test(item)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a name
const HAS_CONTROLS = /[\u0000-\u0020\u007f]/

/** Whether a variable goes with the association: what outlives the association must not refer to it. */
export function leansOn(specification: VariableSpecification): boolean {
  if (specification.type === 'name') return specification.value.type === 'aaSpecific'
  return (
    specification.type === 'scatteredAccessDescription' &&
    specification.value.some(({ variableSpecification }) => leansOn(variableSpecification))
  )
}

/** How many objects of a class a scope had when its model had been built: those are not counted. */
const ofModel = new WeakMap<Scope, Partial<Record<HeldClass, number>>>()

/** Notes what a scope has from its model. */
export function noteModel(scope: Scope): void {
  ofModel.set(scope, Object.fromEntries(DEFINED.map(objectClass => [objectClass, scope.of(objectClass).size])))
}

const DEFINED = ['namedVariable', 'scatteredAccess', 'namedType'] as const

/** Whether clients may define one more object of that class in a scope. */
export function mayDefine({ limits }: ServerAssociation, scope: Scope, objectClass: (typeof DEFINED)[number]): boolean {
  return scope.of(objectClass).size - (ofModel.get(scope)?.[objectClass] ?? 0) < limits.maxDefinitions
}

/** A type that a client brings, without names inside; or why it cannot be. */
export function typeFor(
  specification: TypeSpecification,
  association: ServerAssociation,
): TypeDescription | { readonly reject: RejectReason } | { readonly error: ServiceError } {
  const { negotiated, limits } = association
  if (!isAgreedType(specification, association)) return invalidArgument
  const type = typeMeant(specification, association)
  if (type === undefined) return definitionError({ of: 'variable', failure: 'object-undefined' })
  // The size comes first: it is what bounds the rest.
  if (sizeOf(type) > limits.maxTypeOctets) return CAPABILITY_UNAVAILABLE
  if (measureOf(type).depth > negotiated.dataStructureNestingLevel) return RECURSION_EXCEEDED
  return isSupported(type) ? type : definitionError({ of: 'variable', failure: 'type-unsupported' })
}
