/** Object identifiers of X.227 and of its users, dotted. X.227, 9.1, 9.2, B.1. */
export const AcseOid = {
  /** The abstract syntax of the five APDUs: the presentation context with this name is the one of ACSE. */
  abstractSyntax: '2.2.1.0.1',
  /** Not an abstract syntax: names ACSE itself. */
  aseIdentifier: '2.2.3.1.1',
  module: '2.2.0.0.1',
  /** Basic Encoding Rules, the transfer syntax of ACSE. */
  basicEncoding: '2.1.1',
  /** Mechanism password-1, Annex B. A prefix of the ASE identifier: the arc 2.2.3 serves both. */
  password: '2.2.3.1',
} as const

/** Associate-result. X.227, 9.1. */
export const AssociateResult = { accepted: 0, rejectedPermanent: 1, rejectedTransient: 2 } as const

/** Associate-source-diagnostic, alternative acse-service-user. Not the numbers of an ABRT: see {@link AbortDiagnostic}. X.227, 9.1. */
export const UserDiagnostic = {
  null: 0,
  noReasonGiven: 1,
  applicationContextNameNotSupported: 2,
  callingApTitleNotRecognized: 3,
  callingApInvocationIdentifierNotRecognized: 4,
  callingAeQualifierNotRecognized: 5,
  callingAeInvocationIdentifierNotRecognized: 6,
  calledApTitleNotRecognized: 7,
  calledApInvocationIdentifierNotRecognized: 8,
  calledAeQualifierNotRecognized: 9,
  calledAeInvocationIdentifierNotRecognized: 10,
  authenticationMechanismNameNotRecognized: 11,
  authenticationMechanismNameRequired: 12,
  authenticationFailure: 13,
  authenticationRequired: 14,
} as const

/** Associate-source-diagnostic, alternative acse-service-provider. X.227, 9.1. */
export const ProviderDiagnostic = { null: 0, noReasonGiven: 1, noCommonAcseVersion: 2 } as const

/** ABRT-source. X.227, 9.1. */
export const AbortSource = { acseServiceUser: 0, acseServiceProvider: 1 } as const

/** ABRT-diagnostic; only with a functional unit beyond the kernel. X.227, 9.1. */
export const AbortDiagnostic = {
  noReasonGiven: 1,
  protocolError: 2,
  authenticationMechanismNameNotRecognized: 3,
  authenticationMechanismNameRequired: 4,
  authenticationFailure: 5,
  authenticationRequired: 6,
} as const

/** Release-request-reason. X.227, 9.1. */
export const ReleaseRequestReason = { normal: 0, urgent: 1, userDefined: 30 } as const

/** Release-response-reason. The result of the release is not here but in P-RELEASE. X.227, 9.1 and 7.2.3.4. */
export const ReleaseResponseReason = { normal: 0, notFinished: 1, userDefined: 30 } as const

/** Who gave a result: the user, the ACPM, or presentation. X.227, 7.1.5.8.1 and 7.1.3.4. */
export type ResultSource = 'acse-service-user' | 'acse-service-provider' | 'presentation-service-provider'

/** The bits of ACSE-requirements. Bits 2 and 3 are of X.227 bis (09/98) and are never agreed to here. */
export const AcseRequirement = {
  authentication: 0,
  applicationContextNegotiation: 1,
  higherLevelAssociation: 2,
  nestedAssociation: 3,
} as const

/** The word of the standard for an Associate-result, such as `rejected-permanent`; for other numbers a phrase that says so. */
export function describeResult(result: number): string {
  return wordFor(AssociateResult, result) ?? unknown('result', result)
}

/**
 * The words of the standard for the diagnostic of an AARE, such as `authentication-failure` for user 13.
 *
 * @param source who gave it; presentation gives none, its numbers are the provider-reasons of X.226
 * @param diagnostic any number; those without a name come back as a phrase that says so, never as a guess
 */
export function describeDiagnostic(source: ResultSource, diagnostic: number): string {
  if (source === 'presentation-service-provider') return `presentation provider-reason ${diagnostic}`
  const table = source === 'acse-service-user' ? UserDiagnostic : ProviderDiagnostic
  return wordFor(table, diagnostic) ?? unknown(`${source} diagnostic`, diagnostic)
}

/** The words of the standard for an ABRT-diagnostic, such as `protocol-error`. */
export function describeAbortDiagnostic(diagnostic: number): string {
  return wordFor(AbortDiagnostic, diagnostic) ?? unknown('abort diagnostic', diagnostic)
}

/** The words of the standard for an ABRT-source. */
export function describeAbortSource(source: number): string {
  return wordFor(AbortSource, source) ?? unknown('abort source', source)
}

/** The words of the standard for the reason of an RLRQ or RLRE. */
export function describeReleaseReason(apdu: 'RLRQ' | 'RLRE', reason: number): string {
  return wordFor(apdu === 'RLRQ' ? ReleaseRequestReason : ReleaseResponseReason, reason) ?? unknown('release reason', reason)
}

/** The word of the standard for a bit of ACSE-requirements. */
export function describeRequirement(bit: number): string {
  return wordFor(AcseRequirement, bit) ?? unknown('requirement bit', bit)
}

function wordFor(table: Readonly<Record<string, number>>, value: number): string | undefined {
  for (const name in table) if (table[name] === value) return words(name)
  return undefined
}

function unknown(what: string, value: number): string {
  return `${what} ${value}, not defined in X.227`
}

/** `calledApTitleNotRecognized` → `called-AP-title-not-recognized`. */
function words(name: string): string {
  let text = ''
  for (const letter of name) text += letter >= 'A' && letter <= 'Z' ? `-${letter.toLowerCase()}` : letter
  return text.replace('-ap-', '-AP-').replace('-ae-', '-AE-')
}
