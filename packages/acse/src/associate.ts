import { bitAt } from '@x/ber'
import { DecodeError, type OsiError } from '@x/core'
import type { PConnectConfirm, PConnectIndication, PresentationContext, PresentationContextResult } from '@x/iso-presentation'
import { entityOf, requires, unknownBit } from './apdu.js'
import type { AARE, AARQ } from './asn1.js'
import { authenticationValueLength } from './authentication.js'
import { AcseOid, AssociateResult, describeDiagnostic, ProviderDiagnostic, UserDiagnostic } from './codes.js'
import { defined } from './defined.js'
import type { AssociationTolerances, FunctionalUnit, RejectVerdict } from './options.js'
import type {
  AAssociateConfirm,
  AAssociateIndication,
  AAssociateRequest,
  ApplicationEntity,
  AssociationInformation,
  Authentication,
  AuthenticationValue,
} from './service.js'
import { titleFormsAgree } from './titles.js'

/** The A-ASSOCIATE indication of an AARQ; units that this ACPM lacks are struck (X.227, 7.1.3.2). */
export function indicationOf(
  aarq: AARQ,
  p: PConnectIndication,
  units: readonly FunctionalUnit[],
  tolerances: AssociationTolerances,
): AAssociateIndication {
  const asked = unitsAsked(aarq.senderAcseRequirements, aarq.mechanismName ?? aarq.callingAuthenticationValue, tolerances)
  const negotiates = asked.includes('application-context-negotiation') && units.includes('application-context-negotiation')
  return defined<AAssociateIndication>({
    type: 'A-ASSOCIATE.indication',
    applicationContextName: aarq.applicationContextName,
    applicationContextNameList: negotiates ? (aarq.applicationContextNameList ?? []) : undefined,
    calling: entityOf(aarq.callingApTitle, aarq.callingAeQualifier, aarq.callingApInvocationIdentifier, aarq.callingAeInvocationIdentifier),
    called: entityOf(aarq.calledApTitle, aarq.calledAeQualifier, aarq.calledApInvocationIdentifier, aarq.calledAeInvocationIdentifier),
    authentication:
      asked.includes('authentication') && units.includes('authentication')
        ? authenticationOf(aarq.mechanismName, aarq.callingAuthenticationValue)
        : undefined,
    implementationInformation: aarq.implementationInformation,
    userInformation: aarq.userInformation ?? [],
    calledPresentationAddress: p.called,
    callingPresentationAddress: p.calling,
    presentationContextDefinitionList: p.presentationContextDefinitionList,
    presentationContextDefinitionResultList: p.presentationContextDefinitionResultList,
    defaultContextName: p.defaultContextName,
    sessionRequirements: p.sessionRequirements,
    sessionConnectionIdentifier: p.sessionConnectionIdentifier,
  })
}

/** Why this ACPM cannot support the association: predicate p1 of Table A.5 is false. X.227, 7.1.3.2. Undefined: it can. */
export function objectionTo(
  aarq: AARQ,
  indication: AAssociateIndication,
  tolerances: AssociationTolerances,
  valueLimit: number,
): RejectVerdict | undefined {
  if (aarq.protocolVersion && !bitAt(aarq.protocolVersion, 0)) {
    return { type: 'reject', source: 'acse-service-provider', diagnostic: ProviderDiagnostic.noCommonAcseVersion }
  }
  if (!tolerances.mixedTitleForms) {
    if (!titleFormsAgree(indication.calling)) return { type: 'reject', diagnostic: UserDiagnostic.callingAeQualifierNotRecognized }
    if (!titleFormsAgree(indication.called)) return { type: 'reject', diagnostic: UserDiagnostic.calledAeQualifierNotRecognized }
  }
  const value = indication.authentication?.authenticationValue
  if (value && authenticationValueLength(value) > valueLimit) {
    return { type: 'reject', diagnostic: UserDiagnostic.authenticationFailure }
  }
  const { presentationContextDefinitionList: list, presentationContextDefinitionResultList: results } = indication
  const usable = acceptedContexts(list, results)
  for (const { directReference, indirectReference } of indication.userInformation) {
    // With a context that was refused nobody here can read it; the AARQ as such is fine. Not covered by X.227.
    const named = indirectReference === undefined ? directReference !== undefined : usable.has(indirectReference)
    if (!named || (directReference === undefined && !tolerances.indirectReferenceAlone)) {
      return { type: 'reject', diagnostic: UserDiagnostic.noReasonGiven }
    }
  }
  return undefined
}

/** The A-ASSOCIATE confirm of an AARE. X.227, 7.1.3.4. `p`: the confirm it came in. */
export function confirmOf(aare: AARE, p: PConnectConfirm, request: AAssociateRequest, units: readonly FunctionalUnit[]): AAssociateConfirm {
  const { type: resultSource, value: diagnostic } = aare.resultSourceDiagnostic
  return defined<AAssociateConfirm>({
    type: 'A-ASSOCIATE.confirm',
    result: resultName(aare.result) ?? 'rejected-permanent',
    resultSource,
    diagnostic: diagnostic === UserDiagnostic.null ? undefined : diagnostic,
    applicationContextName: aare.applicationContextName,
    applicationContextNameList: aare.applicationContextNameList,
    responding: entityOf(
      aare.respondingApTitle,
      aare.respondingAeQualifier,
      aare.respondingApInvocationIdentifier,
      aare.respondingAeInvocationIdentifier,
    ),
    authentication: units.includes('authentication') ? authenticationOf(aare.mechanismName, aare.respondingAuthenticationValue) : undefined,
    implementationInformation: aare.implementationInformation,
    userInformation: aare.userInformation ?? [],
    ...presentationParameters(p, request),
  })
}

/** A confirm where no AARE tells more: permanent, in the name of `resultSource`. X.227, 7.1.3.4 and 8.1.3.1. */
export function bareRejection(
  p: PConnectConfirm,
  request: AAssociateRequest,
  resultSource: 'acse-service-user' | 'presentation-service-provider',
  cause: OsiError | undefined,
): AAssociateConfirm {
  return defined<AAssociateConfirm>({
    type: 'A-ASSOCIATE.confirm',
    result: 'rejected-permanent',
    resultSource,
    applicationContextName: request.applicationContextName,
    responding: {},
    userInformation: [],
    ...presentationParameters(p, request),
    cause,
  })
}

function presentationParameters(p: PConnectConfirm, request: AAssociateRequest) {
  const open = p.result === 'acceptance' ? p : undefined
  return {
    respondingPresentationAddress: p.responding ?? {},
    presentationContextDefinitionList: p.presentationContextDefinitionList ?? request.presentationContextDefinitionList,
    presentationContextDefinitionResultList: p.presentationContextDefinitionResultList ?? [],
    defaultContextResult: p.result === 'acceptance' ? undefined : p.defaultContextResult,
    sessionRequirements: open?.sessionRequirements,
    sessionConnectionIdentifier: open?.sessionConnectionIdentifier,
  }
}

/**
 * Which units an AARE agrees to. X.227, 6.2 and 7.1.5.9.
 *
 * @throws DecodeError ACSE_REQUIREMENTS – agrees to what was not asked for, or proves something without the unit
 */
export function unitsAgreed(aare: AARE, asked: readonly FunctionalUnit[], tolerances: AssociationTolerances): readonly FunctionalUnit[] {
  const { responderAcseRequirements: requirements } = aare
  const proof = aare.mechanismName ?? aare.respondingAuthenticationValue
  const agreed = unitsAsked(requirements, proof, tolerances)
  const surplus = agreed.find(unit => !asked.includes(unit))
  if (surplus && !tolerances.unrequestedRequirements)
    throw broken('ACSE_REQUIREMENTS', `AARE: expected no unit beyond those asked for, found ${surplus}`)
  if (proof !== undefined && !agreed.includes('authentication')) {
    throw broken('ACSE_REQUIREMENTS', 'AARE: expected no authentication fields without the authentication unit, found some')
  }
  return agreed.filter(unit => asked.includes(unit))
}

function unitsAsked(
  requirements: AARQ['senderAcseRequirements'],
  proof: unknown,
  tolerances: AssociationTolerances,
): readonly FunctionalUnit[] {
  const implied = requirements === undefined && proof !== undefined && tolerances.requirementsAbsent
  const units: FunctionalUnit[] = []
  if (implied || requires(requirements, 'authentication')) units.push('authentication')
  if (requires(requirements, 'application-context-negotiation')) units.push('application-context-negotiation')
  return units
}

/**
 * The rules for an AARE in an accepting P-CONNECT confirm that its ASN.1 does not state. X.227, 7.1.5.1, 7.1.5.7, 7.4.
 *
 * @throws DecodeError ACSE_RESULT, ACSE_VERSION, ACSE_UNDEFINED_BIT, ACSE_APPLICATION_CONTEXT, ACSE_TITLE_FORMS
 */
export function checkAARE(aare: AARE, request: AAssociateRequest, tolerances: AssociationTolerances): void {
  if (resultName(aare.result) === undefined) throw broken('ACSE_RESULT', `AARE: expected result 0, 1 or 2, found ${aare.result}`)
  const undefinedBit = tolerances.undefinedElements ? undefined : unknownBit(aare.responderAcseRequirements, 2)
  if (undefinedBit !== undefined) {
    throw broken('ACSE_UNDEFINED_BIT', `AARE: expected responder-acse-requirements 0 and 1 only, found bit ${undefinedBit}`)
  }
  const { respondingApTitle: apTitle, respondingAeQualifier: aeQualifier } = aare
  if (!tolerances.mixedTitleForms && !titleFormsAgree(defined<ApplicationEntity>({ apTitle, aeQualifier }))) {
    throw broken('ACSE_TITLE_FORMS', 'AARE: expected responding AP title and AE qualifier of one form, found two')
  }
  if (aare.result !== AssociateResult.accepted) {
    if (tolerances.rejectionInAcceptance) return
    const { type, value } = aare.resultSourceDiagnostic
    throw broken(
      'ACSE_RESULT',
      `AARE: expected accepted in an accepting P-CONNECT, found rejected by ${type}: ${describeDiagnostic(type, value)}`,
    )
  }
  const { protocolVersion: version } = aare
  const further = tolerances.undefinedElements ? undefined : unknownBit(version, 1)
  if (version && (!bitAt(version, 0) || further !== undefined)) {
    throw broken('ACSE_VERSION', `AARE: expected protocol version 1, found ${further === undefined ? 'none' : `bit ${further}`}`)
  }
  const proposed = [request.applicationContextName, ...(request.applicationContextNameList ?? [])]
  if (!tolerances.otherApplicationContext && !proposed.includes(aare.applicationContextName)) {
    throw broken(
      'ACSE_APPLICATION_CONTEXT',
      `AARE: expected the application context name ${proposed.join(' or ')}, found ${aare.applicationContextName}`,
    )
  }
}

/**
 * User information must be of a context in use. X.227, 8.1.3.2, 8.2.
 *
 * @param contexts the identifiers in use
 * @throws DecodeError ACSE_REFERENCE
 */
export function checkReferences(
  apdu: string,
  information: readonly AssociationInformation[] | undefined,
  contexts: ReadonlySet<number>,
): void {
  for (const { indirectReference: context, directReference } of information ?? []) {
    if (context === undefined ? directReference !== undefined : contexts.has(context)) continue
    throw broken(
      'ACSE_REFERENCE',
      `${apdu} user-information: expected a presentation context in use (${[...contexts].join(', ')}), found ${context ?? 'no reference'}`,
    )
  }
}

/** The words for an Associate-result; undefined: a number without a meaning. */
export function resultName(result: number): AAssociateConfirm['result'] | undefined {
  return (['accepted', 'rejected-permanent', 'rejected-transient'] as const)[result]
}

/** The context of ACSE: that of its abstract syntax, in BER. @param results undefined: as proposed, not yet answered */
export function acseContext(
  list: readonly PresentationContext[],
  results: readonly PresentationContextResult[] | undefined,
): PresentationContext | undefined {
  return list.find((context, i) => {
    if (context.abstractSyntaxName !== AcseOid.abstractSyntax) return false
    if (results === undefined) return context.transferSyntaxNameList.includes(AcseOid.basicEncoding)
    const result = results[i]
    return result?.result === 'acceptance' && result.transferSyntaxName === AcseOid.basicEncoding
  })
}

/** Identifiers of the contexts that were accepted. */
export function acceptedContexts(list: readonly PresentationContext[], results: readonly PresentationContextResult[]): ReadonlySet<number> {
  return new Set(list.filter((_, i) => results[i]?.result === 'acceptance').map(context => context.presentationContextIdentifier))
}

function authenticationOf(mechanismName: string | undefined, authenticationValue: AuthenticationValue | undefined): Authentication {
  return defined<Authentication>({ mechanismName, authenticationValue })
}

/** An APDU that breaks a rule its ASN.1 does not state. */
export function broken(code: string, message: string): DecodeError {
  return new DecodeError('acse', code, message, { clause: 'X.227, 7.3.3.4' })
}
