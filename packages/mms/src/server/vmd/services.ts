import type { GetCapabilityListRequest, GetNameListRequest } from '../../asn1/vmd.js'
import { compareNames } from '../../names.js'
import type { ServerAssociation } from '../association.js'
import { accessUnsupported, nonExistent, tooLong } from '../errors.js'
import type { Answer } from '../handlers.js'
import { Scope } from '../objects.js'
import { classMeant } from './classes.js'
import { statusDetail } from './operation-state.js'
import { pageOf } from './paging.js'

/** ISO 9506-1, 10.3. Served whatever the logical status. */
export function status(extendedDerivation: boolean, association: ServerAssociation): Answer<'status'> {
  return { response: association.vmd.derivedStatus(extendedDerivation), serviceExt: statusDetail(association) }
}

export function identify(_: null, { vmd }: ServerAssociation): Answer<'identify'> {
  return { response: vmd.model.identity }
}

/** ISO 9506-1, 10.5: names in collating order behind `continueAfter`, as many as fit. */
export function getNameList(
  { objectClass, objectScope, continueAfter }: GetNameListRequest,
  association: ServerAssociation,
): Answer<'getNameList'> {
  const { vmd } = association
  let scope: Scope | undefined
  if (objectScope.type === 'domainSpecific') {
    const domain = vmd.domain(objectScope.value)
    // One that is being loaded is there, and has nothing in it yet.
    scope = domain === undefined || domain.isUsable ? domain?.objects : NO_OBJECTS
  } else scope = objectScope.type === 'vmdSpecific' ? vmd.vmdSpecific : association.own
  if (scope === undefined) return nonExistent
  const wanted = classMeant(objectClass, scope.kind, association)
  if (wanted === undefined) return accessUnsupported
  const { maxPduSize } = association.negotiated
  const found = pageOf(scope.of(wanted).names, continueAfter, maxPduSize - ENVELOPE)
  return found === undefined
    ? tooLong(association.negotiated)
    : { response: { listOfIdentifier: found.page, moreFollows: found.moreFollows } }
}

/** ISO 9506-1, 10.8: in collating order behind `continueAfter`, as many as fit. */
export function getCapabilityList(
  { continueAfter }: GetCapabilityListRequest,
  { vmd, negotiated }: ServerAssociation,
): Answer<'getCapabilityList'> {
  const capabilities = [...(vmd.model.capabilities ?? [])].sort(compareNames)
  const found = pageOf(capabilities, continueAfter, negotiated.maxPduSize - ENVELOPE)
  return found === undefined ? tooLong(negotiated) : { response: { listOfCapabilities: found.page, moreFollows: found.moreFollows } }
}

const NO_OBJECTS = new Scope('domainSpecific')

/** Octets of a response around the names: PDU, invoke identifier, service, list and moreFollows with their lengths. */
const ENVELOPE = 32
