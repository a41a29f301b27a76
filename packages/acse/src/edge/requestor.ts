import { AbortedError, type Channel, UsageError } from '@x/core'
import { BER_TRANSFER_SYNTAX, type DefaultContextName, type PresentationContext } from '@x/iso-presentation'
import { type AuthenticationMechanism, type AuthenticationRules, authenticationDiagnostics, type ProofContext } from '../authentication.js'
import { AbortDiagnostic, AcseOid, describeAbortDiagnostic } from '../codes.js'
import { defined } from '../defined.js'
import type {
  AAssociateConfirm,
  AAssociateRequest,
  AssociationInformation,
  Authentication,
  SessionConnectionIdentifier,
} from '../service.js'
import { type AssociationStackOptions, associationStack } from '../stack.js'
import { Association } from './association.js'
import { judgeProof } from './authenticate.js'
import type { CommonOptions, ContextOutcome } from './common.js'
import { type AeAddress, entityIn, selectorsIn } from './names.js'

/** A presentation context to propose: its abstract syntax alone means BER and the next free identifier. */
export type ContextProposal =
  | string
  | {
      /** Dotted object identifier. */
      readonly abstractSyntax: string
      /** Dotted object identifiers. @default ['2.1.1'], BER */
      readonly transferSyntaxes?: readonly string[]
      /** Odd. @default the next one that is free */
      readonly id?: number
    }

export interface AssociateOptions extends AssociationStackOptions, CommonOptions {
  /** Dotted object identifier. */
  readonly applicationContext: string
  /** Other ones that would do; asks for the application context negotiation unit. */
  readonly applicationContextAlternatives?: readonly string[]
  /** At least one; that of ACSE is added, unless it is there. */
  readonly contexts: readonly ContextProposal[]
  /** Which of them must be accepted; else this side aborts. @default 'any' */
  readonly requireContexts?: 'any' | 'all' | 'none'
  /** This side. */
  readonly calling?: AeAddress
  /** The side that is asked. */
  readonly called?: AeAddress
  /** Asks for the authentication unit: a mechanism that proves who this side is, or the value itself. */
  readonly authentication?: AuthenticationMechanism | Authentication
  /** How the other side must prove itself in its answer; else this side aborts, with the diagnostic of X.227, B.3.2. @default it need not */
  readonly verifyPeer?: AuthenticationRules
  readonly implementationInformation?: string
  /** For the peer's user. */
  readonly userInformation?: readonly AssociationInformation[]
  readonly defaultContextName?: DefaultContextName
  readonly presentationRequirements?: number
  /** Functional units of session, as the bits of PI 20. @default duplex */
  readonly sessionRequirements?: number
  readonly sessionConnectionIdentifier?: SessionConnectionIdentifier
  /** Gives up; rejects with its reason. */
  readonly signal?: AbortSignal
}

/** @throws UsageError `ACSE_CONTEXT`: nothing to propose, or twice the same identifier */
export function proposedContexts(proposals: readonly ContextProposal[]): readonly PresentationContext[] {
  const named = proposals.map(proposal => (typeof proposal === 'string' ? { abstractSyntax: proposal } : proposal))
  const others = named.filter(({ abstractSyntax }) => abstractSyntax !== AcseOid.abstractSyntax)
  if (others.length === 0) throw new UsageError('acse', 'ACSE_CONTEXT', 'contexts: expected one for the application at least, found none')
  const all = others.length < named.length ? named : [{ abstractSyntax: AcseOid.abstractSyntax }, ...named]
  const taken = new Set(all.flatMap(({ id }) => id ?? []))
  if (taken.size < all.filter(({ id }) => id !== undefined).length) {
    throw new UsageError('acse', 'ACSE_CONTEXT', 'contexts: expected identifiers that differ, found two alike')
  }
  let next = -1
  const free = () => {
    do next += 2
    while (taken.has(next))
    return next
  }
  return all.map(({ id, abstractSyntax, transferSyntaxes = [BER_TRANSFER_SYNTAX] }) => ({
    presentationContextIdentifier: id ?? free(),
    abstractSyntaxName: abstractSyntax,
    transferSyntaxNameList: transferSyntaxes,
  }))
}

/**
 * Associates over an open channel.
 *
 * @throws RefusedError: the layer that refused, who, the standard's diagnostic · TimeoutError `OPEN_TIMEOUT` · AbortedError `ACSE_NO_CONTEXT`,
 * `ACSE_PEER_NOT_AUTHENTICATED`: by this side · AbortedError, DisconnectedError · UsageError · the signal's reason. `associationOf(error)` has the rest.
 */
export async function associateOver(channel: Channel, options: AssociateOptions): Promise<Association> {
  const { calling, called, signal } = options
  const presentationContextDefinitionList = proposedContexts(options.contexts)
  signal?.throwIfAborted()
  const machine = associationStack(channel, options)
  const association = new Association({ machine, channel, role: 'requestor', options })
  const { remote, security } = association.peer
  const context = { remote, ...(security && { security }) }
  const { authentication: proof } = options
  const request = async () =>
    defined<AAssociateRequest>({
      type: 'A-ASSOCIATE.request',
      applicationContextName: options.applicationContext,
      applicationContextNameList: options.applicationContextAlternatives,
      calling: entityIn(calling),
      called: entityIn(called),
      authentication: proof && 'prove' in proof ? await proof.prove(entityIn(calling) ?? {}, context) : proof,
      implementationInformation: options.implementationInformation,
      userInformation: options.userInformation,
      calledPresentationAddress: selectorsIn(called),
      callingPresentationAddress: selectorsIn(calling),
      presentationContextDefinitionList,
      defaultContextName: options.defaultContextName,
      presentationRequirements: options.presentationRequirements,
      sessionRequirements: options.sessionRequirements,
      sessionConnectionIdentifier: options.sessionConnectionIdentifier,
    })
  await association.associate(request, async confirm => {
    checkContexts(association, options.requireContexts ?? 'any')
    if (options.verifyPeer) await verifyPeer(association, confirm, options.verifyPeer, context)
    signal?.throwIfAborted()
  })
  return association
}

/** @throws AbortedError `ACSE_NO_CONTEXT` with what became of each */
function checkContexts(association: Association, required: 'any' | 'all' | 'none'): void {
  const { contexts } = association
  const own = contexts.filter(({ abstractSyntax }) => abstractSyntax !== AcseOid.abstractSyntax)
  const accepted = own.filter(({ result }) => result === 'acceptance').length
  if (required === 'none' || (required === 'any' ? accepted > 0 : accepted === own.length)) return
  const text = `the peer accepted ${accepted} of ${own.length} presentation contexts, ${required} of them needed: ${own.map(described).join('; ')}`
  throw new AbortedError('acse', 'ACSE_NO_CONTEXT', text, { by: 'user', reason: AbortDiagnostic.noReasonGiven, answered: contexts })
}

function described({ id, abstractSyntax, result, providerReason }: ContextOutcome): string {
  return `${id} ${abstractSyntax} ${result}${providerReason === undefined ? '' : ` (provider-reason ${providerReason})`}`
}

/** @throws AbortedError `ACSE_PEER_NOT_AUTHENTICATED` */
async function verifyPeer(
  association: Association,
  { authentication, responding }: AAssociateConfirm,
  rules: AuthenticationRules,
  context: ProofContext,
): Promise<void> {
  const fault = (error: unknown) => association.emit('fault', { of: 'authentication', error, association })
  const judgement = await judgeProof(authentication, responding, { ...rules, respond: false }, context, {}, association.clock.timers, fault)
  if (judgement.failure === undefined) {
    association.identity = judgement.identity
    return
  }
  const reason = authenticationDiagnostics[judgement.failure].abrt
  const text = `the peer did not prove who it is: ${describeAbortDiagnostic(reason)}`
  throw new AbortedError('acse', 'ACSE_PEER_NOT_AUTHENTICATED', text, { by: 'user', reason })
}
