import type { BasicObjectClass, CsObjectClass } from '../asn1/identifiers.js'
import type { GetNameListRequest } from '../asn1/vmd.js'
import { compareNames } from '../names.js'
import type { ServerAssociation } from './association.js'
import { accessUnsupported, nonExistent } from './errors.js'
import type { Answer } from './handlers.js'
import { type HeldClass, mayHold, Scope } from './objects.js'

/** ISO 9506-1, 10.3. Served whatever the logical status. */
export function status(extendedDerivation: boolean, { vmd }: ServerAssociation): Answer<'status'> {
  return { response: vmd.derivedStatus(extendedDerivation) }
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
  const wanted = objectClass.value
  let scope: Scope | undefined
  if (objectScope.type === 'domainSpecific') {
    const domain = vmd.domain(objectScope.value)
    // One that is being loaded is there, and has nothing in it yet.
    scope = domain === undefined || domain.isUsable ? domain?.objects : NO_OBJECTS
  } else scope = objectScope.type === 'vmdSpecific' ? vmd.vmdSpecific : association.own
  if (scope === undefined) return nonExistent
  if (typeof wanted !== 'string' || !existsIn(wanted, association) || !mayHold(scope.kind, wanted)) return accessUnsupported
  const { names } = scope.of(wanted as HeldClass)
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

const NO_OBJECTS = new Scope('domainSpecific')

/** Octets of a getNameList response around the names: PDU, invoke identifier, service, list and moreFollows with their lengths. */
const ENVELOPE = 32

/** Whether there is such a class in what was negotiated. */
function existsIn(objectClass: BasicObjectClass | CsObjectClass, { negotiated }: ServerAssociation): boolean {
  if (objectClass === 'dataExchange') return negotiated.versionNumber >= 2
  if (objectClass === 'accessControlList') return negotiated.versionNumber >= 3
  return (objectClass !== 'eventConditionList' && objectClass !== 'unitControl') || negotiated.parameterCBB.includes('cspi')
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
