import { type AuthenticationRules, authenticationDiagnostics, verifyAuthentication } from './authentication.js'
import { UserDiagnostic } from './codes.js'
import type { RejectVerdict, Verdict } from './options.js'
import type { AAssociateIndication, AeQualifier, ApplicationEntity, ApTitle } from './service.js'
import { sameTitle } from './titles.js'

/** Which names of an entity are known. A list that is absent is not looked at; one that is empty knows nobody. */
export interface EntityRule {
  readonly apTitles?: readonly ApTitle[]
  readonly aeQualifiers?: readonly AeQualifier[]
  readonly apInvocationIdentifiers?: readonly number[]
  readonly aeInvocationIdentifiers?: readonly number[]
  /** A field that the peer left out, although there is a list for it. @default 'accept' in `called`, 'refuse' in `calling` */
  readonly absent?: 'accept' | 'refuse'
}

/** What an acceptor wants of an association before its user hears of it. */
export interface AssociationPolicy {
  /** Dotted object identifiers; one of them must be proposed, or be in the list that is offered. Else diagnostic 2. */
  readonly applicationContexts?: readonly string[]
  /** Us, as the peer names us. Else diagnostic 7, 9, 8 or 10. */
  readonly called?: EntityRule
  /** The peer, as it names itself. Else diagnostic 3, 5, 4 or 6. */
  readonly calling?: EntityRule
  /** Else diagnostics 11 to 14. `'refuse'`: whoever sends a proof is refused, since none can be checked. @default a proof is not looked at */
  readonly authentication?: AuthenticationRules | 'refuse'
  /** How a bad proof is answered: with a rejecting AARE, or with an ABRT as X.227, B.3.2 says. @default 'reject' */
  readonly onBadAuthentication?: 'reject' | 'abort'
  /** An AARQ without user information is refused, diagnostic 1. @default false */
  readonly requireUserInformation?: boolean
  /** Looked at first: true when there is no room now. Rejected-transient by the provider, no reason given. */
  readonly full?: () => boolean
}

/**
 * An acceptor's rules as the `accept` option of a machine. The order is that of cost and of discretion: room, application
 * context, titles, proof, and user information last, so that nothing of the user's is evaluated for a peer that is not let in.
 */
export function acceptWhen(policy: AssociationPolicy): (indication: AAssociateIndication) => Verdict {
  return indication => {
    if (policy.full?.()) return { type: 'reject', result: 'rejected-transient', source: 'acse-service-provider', diagnostic: 1 }
    const { applicationContexts, authentication } = policy
    if (applicationContexts && chooseApplicationContext(indication, applicationContexts) === undefined) {
      return { ...reject(UserDiagnostic.applicationContextNameNotSupported), applicationContextNameList: applicationContexts }
    }
    const unknown =
      unrecognized(indication.called, policy.called, calledDiagnostics, 'accept') ??
      unrecognized(indication.calling, policy.calling, callingDiagnostics, 'refuse')
    if (unknown !== undefined) return reject(unknown)
    const failure =
      authentication === 'refuse'
        ? indication.authentication && 'mechanism-name-not-recognized'
        : authentication && verifyAuthentication(indication.authentication, indication.calling, authentication)
    if (failure !== undefined) {
      const { aare, abrt } = authenticationDiagnostics[failure]
      return policy.onBadAuthentication === 'abort' ? { type: 'abort', diagnostic: abrt } : reject(aare)
    }
    if (policy.requireUserInformation && indication.userInformation.length === 0) return reject(UserDiagnostic.noReasonGiven)
    return 'accept'
  }
}

/** The first of the peer's application contexts, its proposal before its list, that is `supported`; undefined: none. */
export function chooseApplicationContext(indication: AAssociateIndication, supported: readonly string[]): string | undefined {
  return [indication.applicationContextName, ...(indication.applicationContextNameList ?? [])].find(name => supported.includes(name))
}

type EntityDiagnostics = { readonly [K in keyof Required<ApplicationEntity>]: number }

const callingDiagnostics: EntityDiagnostics = {
  apTitle: UserDiagnostic.callingApTitleNotRecognized,
  aeQualifier: UserDiagnostic.callingAeQualifierNotRecognized,
  apInvocationIdentifier: UserDiagnostic.callingApInvocationIdentifierNotRecognized,
  aeInvocationIdentifier: UserDiagnostic.callingAeInvocationIdentifierNotRecognized,
}
const calledDiagnostics: EntityDiagnostics = {
  apTitle: UserDiagnostic.calledApTitleNotRecognized,
  aeQualifier: UserDiagnostic.calledAeQualifierNotRecognized,
  apInvocationIdentifier: UserDiagnostic.calledApInvocationIdentifierNotRecognized,
  aeInvocationIdentifier: UserDiagnostic.calledAeInvocationIdentifierNotRecognized,
}

/** The diagnostic of the first name that the rule does not know. */
function unrecognized(
  entity: ApplicationEntity,
  rule: EntityRule | undefined,
  diagnostics: EntityDiagnostics,
  absent: 'accept' | 'refuse',
): number | undefined {
  if (rule === undefined) return undefined
  const known: readonly [keyof EntityDiagnostics, readonly (ApTitle | AeQualifier)[] | undefined][] = [
    ['apTitle', rule.apTitles],
    ['aeQualifier', rule.aeQualifiers],
    ['apInvocationIdentifier', rule.apInvocationIdentifiers],
    ['aeInvocationIdentifier', rule.aeInvocationIdentifiers],
  ]
  for (const [field, list] of known) {
    if (list === undefined) continue
    const value = entity[field]
    if (value === undefined ? (rule.absent ?? absent) === 'refuse' : !list.some(one => sameTitle(one, value))) return diagnostics[field]
  }
  return undefined
}

function reject(diagnostic: number): RejectVerdict {
  return { type: 'reject', diagnostic }
}
