import { bitAt, decodePart } from '@x/ber'
import { FunctionalUnit, type SConnectIndication, type SessionAddress } from '@x/iso-session'
import { CP, type CPParameters, UserData } from './asn1.js'
import { maskOf, sessionRequirementsOf } from './bits.js'
import { PresentationRequirement, ProviderReason } from './codes.js'
import { type ContextPolicy, definitionListProblem, evaluateContexts, isSupported } from './contexts.js'
import type { CPEvent } from './events.js'
import { invalid, unexpected, unrecognized } from './faults.js'
import type { CPRValue } from './ppdu.js'
import type { PConnectIndication, PresentationAddress, PresentationContext, PresentationDataValues } from './service.js'
import { fromUserData } from './user-data.js'
import { indicateX410 } from './x410.js'

/** What a policy of the responder says: accept, or the provider-reason of the CPR to send, see `ProviderReason`. */
export type Admission = 'accept' | number

/** What the responder decides by. */
export interface ConnectPolicy {
  readonly contexts: ContextPolicy
  /** X.410-1984 mode is offered. */
  readonly x410: boolean
  readonly acceptAddress: (called: PresentationAddress, calling: PresentationAddress) => Admission
  readonly acceptConnection: (indication: PConnectIndication) => Admission
}

/**
 * Decides on a CP. X.226, 6.2.5 and 6.2.6, in this order: mode, version, address, context definition list, local limits,
 * default context, user data. Whether the values are of contexts proposed, p03, is left to the state table.
 *
 * @throws DecodeError PRESENTATION_UNRECOGNIZED: no CP at all; PRESENTATION_… and BER_…: an invalid one
 */
export function judgeCP(session: SConnectIndication, policy: ConnectPolicy): CPEvent {
  const octets = session.userData
  if (octets[0] !== 0x31)
    throw unrecognized(`CP: expected a SET, 31, found ${octets[0]?.toString(16).padStart(2, '0') ?? 'no octets'} at octet 0`)
  const { value: ppdu, end } = decodePart(CP, octets, { layer: 'presentation' })
  const { modeValue } = ppdu.modeSelector
  const refuse = (providerReason: number, more: CPRValue = {}): CPEvent => ({ type: 'CP', session, refusal: { providerReason, ...more } })

  if (typeof modeValue === 'number') throw invalid('PRESENTATION_MODE', `mode-value: expected 0 or 1, found ${modeValue}`)
  if (modeValue === 'x410-1984-mode') {
    if (!policy.x410) return refuse(ProviderReason.reasonNotSpecified)
    return indicateX410(session, ppdu, policy)
  }
  if (ppdu.x410ModeParameters !== undefined) throw unexpected('x410-mode-parameters: expected none in normal mode, found some')
  const parameters = ppdu.normalModeParameters ?? {}
  if (parameters.protocolVersion && !bitAt(parameters.protocolVersion, 0)) return refuse(ProviderReason.protocolVersionNotSupported)

  const called = addressOf(session.called, parameters.calledPresentationSelector, 'called-presentation-selector')
  const calling = addressOf(session.calling, parameters.callingPresentationSelector, 'calling-presentation-selector')
  const addressed = policy.acceptAddress(called, calling)
  if (addressed !== 'accept') return refuse(addressed)

  const list = definitionListOf(parameters)
  const results = evaluateContexts(list, policy.contexts)
  const contexts: Contexts = new Map(list.map(context => [context.presentationContextIdentifier, context]))
  const encodings = encodingsOf(parameters, contexts, octets.subarray(end))
  const { defaultContextName, presentationRequirements, userSessionRequirements } = parameters
  const manageable = presentationRequirements !== undefined && canManage(maskOf(presentationRequirements), session)
  const indication: PConnectIndication = {
    type: 'P-CONNECT.indication',
    called,
    calling,
    presentationContextDefinitionList: list,
    presentationContextDefinitionResultList: results,
    ...(defaultContextName && { defaultContextName }),
    ...(manageable && { presentationRequirements: PresentationRequirement.contextManagement }),
    ...(session.initialTokens && { initialTokens: session.initialTokens }),
    sessionRequirements: userSessionRequirements ? sessionRequirementsOf(userSessionRequirements) : session.sessionRequirements,
    ...(session.sessionConnectionIdentifier && { sessionConnectionIdentifier: session.sessionConnectionIdentifier }),
    sessionVersion: session.version,
    userData: encodings.find(values => isReadable(values, contexts, policy.contexts)) ?? encodings[0]!,
  }
  const admitted = policy.acceptConnection(indication)
  if (admitted !== 'accept') return refuse(admitted)

  if (defaultContextName && !isSupported(defaultContextName.abstractSyntaxName, defaultContextName.transferSyntaxName, policy.contexts))
    return refuse(ProviderReason.defaultContextNotSupported, { defaultContextResult: 'provider-rejection' })
  if (!isReadable(indication.userData, contexts, policy.contexts))
    return refuse(ProviderReason.userDataNotReadable, { presentationContextDefinitionResultList: results })
  return { type: 'CP', session, indication }
}

/** What is left of the units asked for when those are struck out that this provider lacks. X.226, 6.2.2.10. */
function canManage(units: number, { sessionRequirements }: SConnectIndication): boolean {
  return (units & PresentationRequirement.contextManagement) !== 0 && (sessionRequirements & FunctionalUnit.typedData) !== 0
}

/** The definition list by identifier. */
type Contexts = ReadonlyMap<number, PresentationContext>

function definitionListOf(parameters: CPParameters): readonly PresentationContext[] {
  const list = parameters.presentationContextDefinitionList
  if (list === undefined) return []
  const problem = list.length === 0 ? 'the context definition list: expected at least one item, found none' : definitionListProblem(list)
  if (problem !== undefined) throw invalid('PRESENTATION_CONTEXTS', problem, 'X.226, 6.2.2.7')
  return list
}

/** The user data of the CP, and the same values in other transfer syntaxes, from the CPC values behind it. X.226, 8.2. */
function encodingsOf(parameters: CPParameters, contexts: Contexts, behind: Uint8Array): readonly (readonly PresentationDataValues[])[] {
  // A CP with a context list has full encoding, so a simply encoded value is never attributed to its only context.
  const set = new Map<number, unknown>()
  const encodings = [fromUserData(parameters.userData, set)]
  for (let rest = behind; contexts.size > 0 && rest.length > 0; ) {
    const { value, end } = decodePart(UserData, rest, { layer: 'presentation' })
    encodings.push(fromUserData(value, set))
    rest = rest.subarray(end)
  }
  for (const values of encodings) for (const value of values) checkTransferSyntax(value, contexts)
  return encodings
}

/** X.226, 8.4.2.7: required when the context was proposed with several transfer syntaxes. */
function checkTransferSyntax(value: PresentationDataValues, contexts: Contexts): void {
  const offered = contexts.get(value.presentationContextIdentifier)?.transferSyntaxNameList
  if (offered === undefined) return
  const name = value.transferSyntaxName
  if (name === undefined ? offered.length === 1 : offered.includes(name)) return
  const identifier = value.presentationContextIdentifier
  throw invalid(
    'PRESENTATION_TRANSFER_SYNTAX',
    `user data of context ${identifier}: expected the name of a transfer syntax proposed for it, found ${name ?? 'none'}`,
    'X.226, 8.4.2.7',
  )
}

/** Predicate p22 for one encoding: this provider supports the abstract and transfer syntax of each value. Values of contexts
 *  that were not proposed are the business of p03. */
function isReadable(values: readonly PresentationDataValues[], contexts: Contexts, policy: ContextPolicy): boolean {
  return values.every(({ presentationContextIdentifier: identifier, transferSyntaxName }) => {
    const context = contexts.get(identifier)
    if (context === undefined) return true
    return isSupported(context.abstractSyntaxName, transferSyntaxName ?? context.transferSyntaxNameList[0]!, policy)
  })
}

/** The session address with a selector of ours; a selector without octets is no selector. */
export function addressOf(session: SessionAddress, selector: Uint8Array | undefined, what: string): PresentationAddress {
  if (selector === undefined || selector.length === 0) return session
  if (selector.length > 16) throw invalid('PRESENTATION_SELECTOR', `${what}: expected 0 to 16 octets, found ${selector.length}`)
  return { ...session, presentationSelector: selector }
}
