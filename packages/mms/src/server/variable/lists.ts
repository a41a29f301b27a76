import type { ObjectName } from '../../asn1/identifiers.js'
import type { DefineNamedVariableListRequest, DeleteNamedVariableListRequest, ListedVariable } from '../../asn1/variable-access.js'
import { accessDenied, DELETABLE, mmsDeletable, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent } from '../errors.js'
import type { Answer } from '../handlers.js'
import { itemOf, type Scope } from '../objects.js'
import { listNameFor } from './attributes.js'
import { ATTRIBUTES_INCONSISTENT, CAPABILITY_UNAVAILABLE, definitionError, isNameable, leansOn, OBJECT_EXISTS } from './definition.js'
import { deleteMany } from './delete-many.js'
import { type Member, membersOfList, specificationOf } from './objects.js'
import { isAcceptable, memberOf } from './specification.js'

/** ISO 9506-1, 14.12: the scope exists, the name is free, there are members, and each of them exists and fits. */
export function defineNamedVariableList(
  { variableListName, listOfVariable }: DefineNamedVariableListRequest,
  association: ServerAssociation,
): Answer<'defineNamedVariableList'> {
  const { vmd, own, limits } = association
  if (!association.agreed('vlis') || !isNameable(variableListName)) return invalidArgument
  if (listOfVariable.length === 0 || !listOfVariable.every(item => isAcceptable(item, association))) return invalidArgument
  const scope = vmd.scopeOf(variableListName, own)
  if (scope === undefined) return nonExistent
  const name = itemOf(variableListName)
  if (scope.of('namedVariableList').has(name)) return OBJECT_EXISTS
  if (refusal(association, 'load', vmd)) return accessDenied
  const members: Member[] = []
  for (const item of listOfVariable) {
    if (scope !== own && leansOn(item.variableSpecification)) return ATTRIBUTES_INCONSISTENT
    const member = memberOf(item, association)
    if ('failure' in member) return definitionError(member)
    members.push(member)
  }
  if (members.length > limits.maxListMembers || !mayDefineList(association, scope)) return CAPABILITY_UNAVAILABLE
  scope.add('namedVariableList', { name, scope, accessControlList: DELETABLE, members })
  return { response: null }
}

/** Whether one more list may be defined in a scope. */
function mayDefineList({ vmd, own, limits }: ServerAssociation, scope: Scope): boolean {
  if (scope === own) return scope.of('namedVariableList').size < limits.maxListsPerAssociation
  let defined = 0
  for (const each of vmd.scopes()) {
    for (const list of each.of('namedVariableList')) if (mmsDeletable(vmd, list)) defined += 1
  }
  return defined < limits.maxLists
}

/** ISO 9506-1, 14.13. */
export function getNamedVariableListAttributes(name: ObjectName, association: ServerAssociation): Answer<'getNamedVariableListAttributes'> {
  const { vmd, own } = association
  if (!association.agreed('vlis')) return invalidArgument
  const list = vmd.find('namedVariableList', name, own)
  if (list === undefined) return nonExistent
  return {
    response: {
      mmsDeletable: mmsDeletable(vmd, list),
      listOfVariable: membersOfList(list).map(listed),
      ...listNameFor(association, list),
    },
  }
}

function listed(member: Member): ListedVariable {
  const { alternateAccess } = member
  return { variableSpecification: specificationOf(member), ...(alternateAccess === undefined ? {} : { alternateAccess }) }
}

/** ISO 9506-1, 14.14: what was described in a list goes with it, and is not counted. */
export function deleteNamedVariableList(
  { scopeOfDelete, listOfVariableListName: names, domainName }: DeleteNamedVariableListRequest,
  association: ServerAssociation,
): Answer<'deleteNamedVariableList'> {
  if (!association.agreed('vlis')) return invalidArgument
  return deleteMany(association, 'deleteNamedVariableList', ['namedVariableList'], { scopeOfDelete, names, domainName })
}
