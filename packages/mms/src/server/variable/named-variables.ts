import type { DefineNamedVariableRequest, DeleteVariableAccessRequest } from '../../asn1/variable-definition.js'
import { accessDenied, DELETABLE, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent } from '../errors.js'
import type { Answer } from '../handlers.js'
import { itemOf } from '../objects.js'
import { over } from './addresses.js'
import { CAPABILITY_UNAVAILABLE, definitionError, isNameable, mayDefine, OBJECT_EXISTS, typeFor } from './definition.js'
import { deleteMany } from './delete-many.js'

/** ISO 9506-1, 14.10: a name for the variable at an address, and the type that it is to have. Its access method is public. */
export function defineNamedVariable(
  { variableName, address, typeSpecification }: DefineNamedVariableRequest,
  association: ServerAssociation,
): Answer<'defineNamedVariable'> {
  const { vmd, own, limits } = association
  if (!association.agreed('vnam') || !association.agreed('vadr') || !isNameable(variableName)) return invalidArgument
  const type = typeSpecification && typeFor(typeSpecification, association)
  if (type !== undefined && 'reject' in type) return type
  const scope = vmd.scopeOf(variableName, own)
  if (scope === undefined) return nonExistent
  const name = itemOf(variableName)
  if (scope.isTaken('namedVariable', name)) return OBJECT_EXISTS
  if (refusal(association, 'load', vmd)) return accessDenied
  if (type !== undefined && 'error' in type) return type
  const variable = vmd.unnamed.at(address, type, limits.maxTypeOctets)
  if (typeof variable !== 'object') return definitionError({ of: 'variable', failure: variable })
  if (!mayDefine(association, scope, 'namedVariable')) return CAPABILITY_UNAVAILABLE
  scope.add('namedVariable', { ...over(variable), name, scope, accessControlList: DELETABLE, address, meaning: undefined })
  return { response: null }
}

/** ISO 9506-1, 14.11: named variables, and scattered access as well (our reading). Lists lose the items that are deleted. */
export function deleteVariableAccess(
  { scopeOfDelete, listOfName: names, domainName }: DeleteVariableAccessRequest,
  association: ServerAssociation,
): Answer<'deleteVariableAccess'> {
  if (!association.agreed('vnam')) return invalidArgument
  return deleteMany(association, 'deleteVariableAccess', ['namedVariable', 'scatteredAccess'], { scopeOfDelete, names, domainName })
}
