import type { ObjectName } from '../asn1/identifiers.js'
import type { DefineNamedVariableListRequest, DeleteNamedVariableListRequest, ListedVariable } from '../asn1/variable-access.js'
import type { VariableReference } from '../names.js'
import { DELETABLE, mmsDeletable, refusal } from './access.js'
import type { ServerAssociation } from './association.js'
import { invalidArgument, nonExistent, serviceError } from './errors.js'
import type { Answer } from './handlers.js'
import { itemOf } from './objects.js'
import { isAcceptable, listed } from './variable-services.js'
import { type NamedVariableList, selectionOf } from './vmd.js'

/** ISO 9506-1, 14.12: the scope exists, the name is free, there are members, and each of them exists and fits. */
export function defineNamedVariableList(
  { variableListName, listOfVariable }: DefineNamedVariableListRequest,
  association: ServerAssociation,
): Answer<'defineNamedVariableList'> {
  const { vmd, own, limits } = association
  if (listOfVariable.length === 0 || !listOfVariable.every(item => isAcceptable(item, association))) return invalidArgument
  const scope = vmd.scopeOf(variableListName, own)
  if (scope === undefined) return nonExistent
  const name = itemOf(variableListName)
  if (scope.of('namedVariableList').has(name)) return { error: serviceError('definition', 'object-exists') }
  const items: VariableReference[] = []
  for (const item of listOfVariable) {
    const reference = referenceOf(item)!
    // An object that outlives the association must not lean on one that does not.
    if (reference.name.type === 'aaSpecific' && scope !== own) return { error: serviceError('definition', 'object-attribute-inconsistent') }
    const variable = vmd.find('namedVariable', reference.name, own)
    if (variable === undefined) return { error: serviceError('definition', 'object-undefined') }
    if (typeof selectionOf(variable, reference) !== 'object') return { error: serviceError('definition', 'type-inconsistent') }
    items.push(reference)
  }
  if (items.length > limits.maxListMembers || !association.mayDefineList(scope))
    return { error: serviceError('resource', 'capability-unavailable') }
  scope.add('namedVariableList', { name, scope, accessControlList: DELETABLE, items })
  return { response: null }
}

/** ISO 9506-1, 14.13. */
export function getNamedVariableListAttributes(
  name: ObjectName,
  { vmd, own }: ServerAssociation,
): Answer<'getNamedVariableListAttributes'> {
  const list = vmd.find('namedVariableList', name, own)
  return list === undefined ? nonExistent : { response: { mmsDeletable: mmsDeletable(vmd, list), listOfVariable: list.items.map(listed) } }
}

/** ISO 9506-1, 14.14: lists that MMS must not delete are matched and skipped; a name that is not there is not matched. */
export function deleteNamedVariableList(
  { scopeOfDelete, listOfVariableListName: names, domainName }: DeleteNamedVariableListRequest,
  association: ServerAssociation,
): Answer<'deleteNamedVariableList'> {
  const { vmd, own } = association
  if ((scopeOfDelete === 'specific') !== (names !== undefined) || (scopeOfDelete === 'domain') !== (domainName !== undefined))
    return invalidArgument
  const candidates: NamedVariableList[] = []
  switch (scopeOfDelete) {
    case 'specific':
      for (const name of names!) {
        const list = vmd.find('namedVariableList', name, own)
        if (list !== undefined) candidates.push(list)
      }
      break
    case 'aa-specific':
      candidates.push(...own.of('namedVariableList'))
      break
    case 'domain': {
      const domain = vmd.domain(domainName!)
      if (domain === undefined) return nonExistent
      candidates.push(...domain.objects.of('namedVariableList'))
      break
    }
    case 'vmd':
      candidates.push(...vmd.vmdSpecific.of('namedVariableList'))
      break
    default:
      return invalidArgument
  }
  let numberDeleted = 0
  for (const list of candidates) {
    // A name that is given twice is matched twice, and gone the second time.
    if (list.scope === undefined || refusal(association, 'delete', list)) continue
    list.scope.remove('namedVariableList', list)
    numberDeleted += 1
  }
  return { response: { numberMatched: candidates.length, numberDeleted } }
}

function referenceOf({ variableSpecification, alternateAccess }: ListedVariable): VariableReference | undefined {
  if (variableSpecification.type !== 'name') return undefined
  return { name: variableSpecification.value, ...(alternateAccess === undefined ? {} : { alternateAccess }) }
}
