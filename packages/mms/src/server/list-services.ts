import type { ObjectName } from '../asn1/identifiers.js'
import type { DefineNamedVariableListRequest, DeleteNamedVariableListRequest, ListedVariable } from '../asn1/variable-access.js'
import type { VariableReference } from '../names.js'
import type { ServerAssociation } from './association.js'
import { invalidArgument, nonExistent, serviceError } from './errors.js'
import type { Answer } from './handlers.js'
import { isAcceptable, listed } from './variable-services.js'
import { itemOf, type Scope, selectionOf } from './vmd.js'

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
  if (scope.lists.has(name)) return { error: serviceError('definition', 'object-exists') }
  const items: VariableReference[] = []
  for (const item of listOfVariable) {
    const reference = referenceOf(item)!
    // An object that outlives the association must not lean on one that does not.
    if (reference.name.type === 'aaSpecific' && scope !== own) return { error: serviceError('definition', 'object-attribute-inconsistent') }
    const variable = vmd.variable(reference.name, own)
    if (variable === undefined) return { error: serviceError('definition', 'object-undefined') }
    if (typeof selectionOf(variable, reference) !== 'object') return { error: serviceError('definition', 'type-inconsistent') }
    items.push(reference)
  }
  if (items.length > limits.maxListMembers || !association.mayDefineList(scope))
    return { error: serviceError('resource', 'capability-unavailable') }
  scope.lists.set(name, { items, mmsDeletable: true })
  return { response: null }
}

/** ISO 9506-1, 14.13. */
export function getNamedVariableListAttributes(
  name: ObjectName,
  { vmd, own }: ServerAssociation,
): Answer<'getNamedVariableListAttributes'> {
  const list = vmd.list(name, own)
  return list === undefined ? nonExistent : { response: { mmsDeletable: list.mmsDeletable, listOfVariable: list.items.map(listed) } }
}

/** ISO 9506-1, 14.14: lists that MMS must not delete are matched and skipped; a name that is not there is not matched. */
export function deleteNamedVariableList(
  { scopeOfDelete, listOfVariableListName: names, domainName }: DeleteNamedVariableListRequest,
  association: ServerAssociation,
): Answer<'deleteNamedVariableList'> {
  const { vmd, own } = association
  if ((scopeOfDelete === 'specific') !== (names !== undefined) || (scopeOfDelete === 'domain') !== (domainName !== undefined))
    return invalidArgument
  const candidates: { readonly scope: Scope; readonly name: string }[] = []
  const all = (scope: Scope) => scope.listNames.map(name => ({ scope, name }))
  switch (scopeOfDelete) {
    case 'specific':
      for (const name of names!) {
        const scope = vmd.scopeOf(name, own)
        if (scope?.lists.has(itemOf(name))) candidates.push({ scope, name: itemOf(name) })
      }
      break
    case 'aa-specific':
      candidates.push(...all(own))
      break
    case 'domain': {
      const scope = vmd.domains.get(domainName!)
      if (scope === undefined) return nonExistent
      candidates.push(...all(scope))
      break
    }
    case 'vmd':
      candidates.push(...all(vmd.vmdSpecific))
      break
    default:
      return invalidArgument
  }
  let numberDeleted = 0
  for (const { scope, name } of candidates) {
    if (scope.lists.get(name)?.mmsDeletable && scope.lists.delete(name)) numberDeleted += 1
  }
  return { response: { numberMatched: candidates.length, numberDeleted } }
}

function referenceOf({ variableSpecification, alternateAccess }: ListedVariable): VariableReference | undefined {
  if (variableSpecification.type !== 'name') return undefined
  return { name: variableSpecification.value, ...(alternateAccess === undefined ? {} : { alternateAccess }) }
}
