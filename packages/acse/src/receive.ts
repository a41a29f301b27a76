import { DecodeError } from '@x/core'
import type { PConnectConfirm, PresentationDataValues, PUAbortIndication } from '@x/iso-presentation'
import { connectionRefused } from '@x/iso-presentation'
import { decodeApdu } from './apdu.js'
import type { Apdus } from './asn1.js'
import { bareRejection, broken, checkAARE, checkReferences, confirmOf, unitsAgreed } from './associate.js'
import { AbortSource, AssociateResult } from './codes.js'
import { defined } from './defined.js'
import type { AssociationTolerances, FunctionalUnit } from './options.js'
import type { AssociationRecord } from './record.js'
import type { AAbortIndication, AAssociateConfirm, AAssociateRequest } from './service.js'
import { informationFrom } from './user-information.js'

/**
 * The APDU in the user data of a presentation primitive: one value of the context of ACSE. X.227, 6, Table 8.
 *
 * @returns undefined: no user data
 * @throws DecodeError ACSE_USER_DATA, ACSE_UNEXPECTED, BER_…
 */
export function readApdu<T extends keyof Apdus>(
  type: T,
  userData: readonly PresentationDataValues[],
  context: number,
  tolerances: AssociationTolerances,
): Apdus[T] | undefined {
  const [value] = userData
  if (value === undefined) return undefined
  if (userData.length > 1 || value.presentationContextIdentifier !== context || value.encoding === 'arbitrary') {
    const found = userData.map(one => `${one.encoding ?? 'single-ASN1-type'} of context ${one.presentationContextIdentifier}`).join(', ')
    throw broken('ACSE_USER_DATA', `expected ${type}, one value of context ${context}, found ${found}`)
  }
  const apdu = decodeApdu(value.octets, { undefinedElements: tolerances.undefinedElements })
  if (apdu.type !== type) throw broken('ACSE_UNEXPECTED', `expected ${type}, found ${apdu.type}`)
  return apdu.value as Apdus[T]
}

/** As `readApdu`, where the APDU may not be absent. @throws DecodeError */
export function readRequired<T extends keyof Apdus>(
  type: T,
  userData: readonly PresentationDataValues[],
  context: number,
  tolerances: AssociationTolerances,
): Apdus[T] {
  const value = readApdu(type, userData, context, tolerances)
  if (value === undefined) throw broken('ACSE_USER_DATA', `expected ${type}, found no user data`)
  return value
}

/** An accepting P-CONNECT: the AARE it must hold, as a confirm. X.227, 7.1.3.4. @throws DecodeError for each rule it breaks */
export function readAcceptance(
  p: Extract<PConnectConfirm, { result: 'acceptance' }>,
  association: AssociationRecord,
  tolerances: AssociationTolerances,
): { confirm: AAssociateConfirm; units: readonly FunctionalUnit[] } {
  const request = association.requested as AAssociateRequest
  const aare = readRequired('AARE', p.userData, association.context, tolerances)
  checkAARE(aare, request, tolerances)
  checkReferences('AARE', aare.userInformation, association.contexts)
  const units = unitsAgreed(aare, association.functionalUnits, tolerances)
  return { confirm: confirmOf(aare, p, request, units), units }
}

/** A refusing P-CONNECT is a rejection whatever its AARE looks like: there is no connection that could be aborted. */
export function readRejection(
  p: Extract<PConnectConfirm, { result: 'user-rejection' | 'provider-rejection' }>,
  association: AssociationRecord,
  tolerances: AssociationTolerances,
): AAssociateConfirm {
  const request = association.requested as AAssociateRequest
  if (p.result === 'provider-rejection') return bareRejection(p, request, 'presentation-service-provider', connectionRefused(p))
  try {
    const aare = readApdu('AARE', p.userData, association.context, tolerances)
    if (aare === undefined) return bareRejection(p, request, 'acse-service-user', p.cause)
    if (aare.result !== AssociateResult.accepted) return confirmOf(aare, p, request, association.functionalUnits)
    throw broken('ACSE_RESULT', 'AARE contradicts P-CONNECT: expected a rejection, found accepted')
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return bareRejection(p, request, 'acse-service-user', error)
  }
}

/** X.227, 7.3.3.2: without an ABRT the abort is the user's, and its user data the user information. Never throws a DecodeError. */
export function readAbort(p: PUAbortIndication, association: AssociationRecord, tolerances: AssociationTolerances): AAbortIndication {
  const indication = { type: 'A-ABORT.indication', by: 'peer' } as const
  if (!p.userData.some(value => value.presentationContextIdentifier === association.context)) {
    return { ...indication, abortSource: 'acse-service-user', userInformation: informationFrom(p.userData) }
  }
  try {
    const abrt = readRequired('ABRT', p.userData, association.context, tolerances)
    const byUser = abrt.abortSource === AbortSource.acseServiceUser
    return defined<AAbortIndication>({
      ...indication,
      by: byUser ? 'peer' : 'peer provider',
      abortSource: byUser ? 'acse-service-user' : 'acse-service-provider',
      diagnostic: abrt.abortDiagnostic,
      userInformation: abrt.userInformation ?? [],
    })
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    // The connection is gone either way; an abort is never answered.
    return { ...indication, abortSource: 'acse-service-provider', userInformation: [], cause: error }
  }
}
