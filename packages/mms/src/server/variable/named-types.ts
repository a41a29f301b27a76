import type { ObjectName } from '../../asn1/identifiers.js'
import type { DefineNamedTypeRequest, DeleteNamedTypeRequest } from '../../asn1/variable-definition.js'
import { accessDenied, DELETABLE, mmsDeletable, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent } from '../errors.js'
import type { Answer } from '../handlers.js'
import { itemOf } from '../objects.js'
import { listNameFor } from './attributes.js'
import { CAPABILITY_UNAVAILABLE, isNameable, mayDefine, OBJECT_EXISTS, typeFor } from './definition.js'
import { deleteMany } from './delete-many.js'
import { described } from './select.js'

/** ISO 9506-1, 14.15: a type with a name, for other types and for variables. The names inside are resolved now (our reading). */
export function defineNamedType(
  { typeName, typeSpecification }: DefineNamedTypeRequest,
  association: ServerAssociation,
): Answer<'defineNamedType'> {
  const { vmd, own } = association
  if (!association.agreed('vnam') || !isNameable(typeName)) return invalidArgument
  const type = typeFor(typeSpecification, association)
  if ('reject' in type) return type
  const scope = vmd.scopeOf(typeName, own)
  if (scope === undefined) return nonExistent
  const name = itemOf(typeName)
  if (scope.of('namedType').has(name)) return OBJECT_EXISTS
  if (refusal(association, 'load', vmd)) return accessDenied
  if ('error' in type) return type
  if (!mayDefine(association, scope, 'namedType')) return CAPABILITY_UNAVAILABLE
  scope.add('namedType', { name, scope, accessControlList: DELETABLE, type, meaning: undefined })
  return { response: null }
}

/** ISO 9506-1, 14.16. */
export function getNamedTypeAttributes(name: ObjectName, association: ServerAssociation): Answer<'getNamedTypeAttributes'> {
  const { vmd, own } = association
  if (!association.agreed('vnam')) return invalidArgument
  const type = vmd.find('namedType', name, own)
  if (type === undefined) return nonExistent
  return {
    response: {
      mmsDeletable: mmsDeletable(vmd, type),
      typeSpecification: described(type.type),
      ...listNameFor(association, type),
      ...(type.meaning === undefined || !association.agreed('sem') ? {} : { meaning: type.meaning }),
    },
  }
}

/** ISO 9506-1, 14.17: what was made with a type stays as it is (our reading). */
export function deleteNamedType(
  { scopeOfDelete, listOfTypeName: names, domainName }: DeleteNamedTypeRequest,
  association: ServerAssociation,
): Answer<'deleteNamedType'> {
  if (!association.agreed('vnam')) return invalidArgument
  return deleteMany(association, 'deleteNamedType', ['namedType'], { scopeOfDelete, names, domainName })
}
