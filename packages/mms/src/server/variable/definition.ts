import type { DataAccessError } from '../../asn1/data.js'
import type { DefinitionError, ServiceError } from '../../asn1/error.js'
import type { ObjectName } from '../../asn1/identifiers.js'
import type { VariableSpecification } from '../../asn1/variable-access.js'
import { serviceError } from '../errors.js'
import { itemOf } from '../objects.js'
import type { Misfit } from './specification.js'

/** What the services that define variables, lists and types check alike. */

/** What outlives the association must not refer to what does not (our reading for all but event condition lists). */
export const ATTRIBUTES_INCONSISTENT = { error: serviceError('definition', 'object-attribute-inconsistent') }
export const OBJECT_EXISTS = { error: serviceError('definition', 'object-exists') }
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
