import type { GetNameListRequest } from '../asn1/vmd.js'
import { compareNames } from '../names.js'
import type { ServerAssociation } from './association.js'
import { accessUnsupported, nonExistent } from './errors.js'
import type { Answer } from './handlers.js'
import type { Scope } from './vmd.js'

/** ISO 9506-1, 10.3. Served whatever the logical status. */
export function status(extendedDerivation: boolean, { vmd }: ServerAssociation): Answer<'status'> {
  const given = vmd.model.status?.(extendedDerivation)
  return { response: given ?? { vmdLogicalStatus: 'state-changes-allowed', vmdPhysicalStatus: 'operational' } }
}

export function identify(_: null, { vmd }: ServerAssociation): Answer<'identify'> {
  return { response: vmd.model.identity }
}

/**
 * ISO 9506-1, 10.5: names in collating order behind `continueAfter`, as many as fit. A name that is not there continues with the
 * first one behind it, so that names made or deleted between pages do no harm.
 */
export function getNameList(
  { objectClass, objectScope, continueAfter }: GetNameListRequest,
  association: ServerAssociation,
): Answer<'getNameList'> {
  const { vmd } = association
  if (objectClass.type !== 'basicObjectClass') return accessUnsupported
  let scope: Scope | undefined
  if (objectScope.type === 'domainSpecific') {
    scope = vmd.domains.get(objectScope.value)
    if (scope === undefined) return nonExistent
  } else scope = objectScope.type === 'vmdSpecific' ? vmd.vmdSpecific : association.own
  const names = namesOf(objectClass.value, scope, objectScope.type === 'vmdSpecific' ? vmd.domainNames : undefined)
  if (names === undefined) return accessUnsupported
  const from = continueAfter === undefined ? 0 : firstBehind(names, continueAfter)
  const listOfIdentifier: string[] = []
  let room = association.negotiated.maxPduSize - ENVELOPE
  for (let i = from; i < names.length; i++) {
    const name = names[i]!
    // A character takes up to three octets; lengths above 127 take one or two more.
    room -= (isAscii(name) ? name.length : 3 * name.length) + (name.length > 40 ? 4 : 2)
    if (room < 0) break
    listOfIdentifier.push(name)
  }
  return { response: { listOfIdentifier, moreFollows: from + listOfIdentifier.length < names.length } }
}

/** Octets of a getNameList response around the names: PDU, invoke identifier, service, list and moreFollows with their lengths. */
const ENVELOPE = 32

/** Names of a class; undefined: the class is not served, or not in this scope. */
function namesOf(objectClass: string | number, scope: Scope, domains: readonly string[] | undefined): readonly string[] | undefined {
  switch (objectClass) {
    case 'namedVariable':
      return scope.variableNames
    case 'namedVariableList':
      return scope.listNames
    case 'domain':
      return domains
    case 'scatteredAccess':
    case 'namedType':
    case 'semaphore':
    case 'eventCondition':
    case 'eventAction':
    case 'eventEnrollment':
    case 'journal':
      return []
    case 'programInvocation':
    case 'operatorStation':
      return domains && []
    default:
      return undefined
  }
}

/** Index of the first name greater than `name`. */
function firstBehind(names: readonly string[], name: string): number {
  let low = 0
  let high = names.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareNames(names[middle]!, name) > 0) high = middle
    else low = middle + 1
  }
  return low
}

function isAscii(name: string): boolean {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) > 0x7e) return false
  return true
}
