import { type BitString, decode } from '@x/ber'
import { FunctionalUnit, type SConnectConfirm } from '@x/iso-session'
import { CPA, CPR, type ResultItem } from './asn1.js'
import { highestBit, maskOf, sessionRequirementsOf } from './bits.js'
import { ContextProviderReason, numberOf, PresentationRequirement, ProviderReason } from './codes.js'
import { addressOf } from './connect.js'
import { type DefinedContext, definedContextSet, resultListProblem } from './contexts.js'
import type { CPAEvent, CPREvent } from './events.js'
import { invalid, unexpected, unrecognized } from './faults.js'
import type { PresentationContext, PresentationContextResult } from './service.js'
import type { Tolerate } from './tolerances.js'
import { areOf, formOf, nestedValues } from './user-data.js'
import { readX410, readX410Accept } from './x410.js'

const RESPONDING = 'responding-presentation-selector'

/** What the initiator remembers of its CP. */
export interface Asked {
  readonly proposed: readonly PresentationContext[]
  readonly x410: boolean
  /** Present: context management was asked for. */
  readonly alter: object | undefined
}

/**
 * Decides on the CPA that answers our CP. X.226, 6.2.3 and 6.2.6: mode, version, result list, functional units. Whether the
 * values are of contexts accepted, p04, is left to the state table.
 *
 * @throws DecodeError PRESENTATION_UNRECOGNIZED: no CPA at all; PRESENTATION_… and BER_…: an invalid one
 */
export function readCPA(session: Extract<SConnectConfirm, { result: 'accept' }>, asked: Asked, tolerate: Tolerate): CPAEvent {
  const octets = session.userData
  if (octets[0] !== 0x31) throw unrecognized(`CPA: expected a SET, 31, found ${first(octets)} at octet 0`)
  const ppdu = decode(CPA, octets, { layer: 'presentation' })
  if (asked.x410) return readX410Accept(session, ppdu)
  const { modeValue } = ppdu.modeSelector
  if (modeValue !== 'normal-mode') throw invalid('PRESENTATION_MODE', `mode-value: expected 1 as in the CP, found ${modeValue}`)
  if (ppdu.x410ModeParameters !== undefined) throw unexpected('x410-mode-parameters: expected none in normal mode, found some')
  const {
    protocolVersion,
    respondingPresentationSelector,
    presentationContextDefinitionResultList = [],
    presentationRequirements,
    userSessionRequirements,
    userData,
  } = ppdu.normalModeParameters ?? {}
  if (protocolVersion && highestBit(protocolVersion) !== 0)
    throw invalid('PRESENTATION_VERSION', 'protocol-version: expected version 1 alone, found another', 'X.226, 6.2.6.4')
  const results = presentationContextDefinitionResultList.map((item, i) => resultOf(item, i, tolerate))
  requiredResults(asked.proposed, results, 'X.226, 6.2.3.5')
  const managed = presentationRequirements !== undefined && manages(presentationRequirements, session, asked, tolerate)
  if (userSessionRequirements && highestBit(userSessionRequirements) > 12)
    throw invalid('PRESENTATION_REQUIREMENTS', 'user-session-requirements: expected bits 0 to 12, found another', 'X.226, 8.5.2')
  const set = definedContextSet(asked.proposed, results)
  return {
    type: 'CPA',
    session,
    responding: addressOf(session.responding, respondingPresentationSelector, RESPONDING),
    results,
    set,
    managed,
    ...(userSessionRequirements && { units: sessionRequirementsOf(userSessionRequirements) }),
    values: nestedValues(userData, set, formOf(set, managed), fullOfOne(tolerate)),
  }
}

/** @throws DecodeError PRESENTATION_RESULTS when a result list is no answer to what was proposed */
export function requiredResults(list: readonly PresentationContext[], results: readonly PresentationContextResult[], clause: string): void {
  const problem = resultListProblem(list, results)
  if (problem !== undefined) throw invalid('PRESENTATION_RESULTS', problem, clause)
}

/** Whether both sides now require context management, the only unit that we offer. X.226, 6.2.3.7 and 6.2.6.3. */
function manages(bits: BitString, session: { readonly sessionRequirements: number }, { alter }: Asked, tolerate: Tolerate): boolean {
  const units = maskOf(bits)
  const offered = alter ? PresentationRequirement.contextManagement : 0
  if (highestBit(bits) > 7 || (units & ~offered) !== 0)
    throw invalid(
      'PRESENTATION_REQUIREMENTS',
      `presentation-requirements: expected no unit that was not offered (${offered}), found ${units}`,
      'X.226, 6.2.6.3',
    )
  if (units !== 0 && (session.sessionRequirements & FunctionalUnit.typedData) === 0)
    throw invalid(
      'PRESENTATION_REQUIREMENTS',
      'presentation-requirements: expected context management only with typed data of the session, found it without',
      'X.226, 5.4.2',
    )
  if (alter || tolerate('emptyRequirements', 'presentation-requirements in a CPA that answers a CP without them')) return units !== 0
  throw unexpected('presentation-requirements: expected none, as in the CP, found some', 'X.226, 6.2.3.7')
}

/** @throws DecodeError PRESENTATION_RESULTS. @internal */
export function resultOf(
  { result, transferSyntaxName, providerReason }: ResultItem,
  i: number,
  tolerate: Tolerate,
): PresentationContextResult {
  const where = `context result ${i + 1}`
  if (result === 'acceptance') {
    if (transferSyntaxName === undefined)
      throw invalid('PRESENTATION_RESULTS', `${where}: expected a transfer syntax with an acceptance, found none`, 'X.226, 6.2.3.5')
    return { result, transferSyntaxName }
  }
  if (result === 'user-rejection') return { result }
  if (result !== 'provider-rejection') throw invalid('PRESENTATION_RESULTS', `${where}: expected 0 to 2, found ${result}`, 'X.226, 8.5.2')
  if (typeof providerReason === 'number')
    throw invalid('PRESENTATION_RESULTS', `${where}: expected a provider-reason of 0 to 3, found ${providerReason}`, 'X.226, 8.5.2')
  if (providerReason === undefined && !tolerate('missingContextReason', `${where}: a provider-rejection without a reason`))
    throw invalid('PRESENTATION_RESULTS', `${where}: expected a reason with a provider-rejection, found none`, 'X.226, 6.2.3.5')
  return { result, providerReason: numberOf(ContextProviderReason, providerReason ?? 'reasonNotSpecified') }
}

/**
 * Reads the CPR that answers our CP. X.226, 6.2.4. Nothing can be sent any more, so what is wrong with its lists does not
 * hide its reason, as long as that is tolerated.
 *
 * @throws DecodeError when it is no CPR or an invalid one
 */
export function readCPR(
  session: Extract<SConnectConfirm, { result: 'reject' }>,
  { proposed: list, x410 }: Asked,
  tolerate: Tolerate,
): CPREvent {
  const octets = session.userData
  // A provider that has no X.410 mode may refuse it in normal mode.
  if (x410 && octets[0] === 0x31) return { type: 'CPR', session, responding: session.responding, set: new Map(), values: readX410(octets) }
  if (octets[0] !== 0x30) throw unrecognized(`CPR: expected a SEQUENCE, 30, found ${first(octets)} at octet 0`)
  const ppdu = decode(CPR, octets, { layer: 'presentation' })
  const { respondingPresentationSelector, defaultContextResult, providerReason } = ppdu
  const results = ppdu.presentationContextDefinitionResultList?.map((item, i) => resultOf(item, i, tolerate))
  const problem = results && resultListProblem(list, results)
  if (problem !== undefined && !tolerate('refusalContexts', `CPR: ${problem}`))
    throw invalid('PRESENTATION_RESULTS', problem, 'X.226, 6.2.4.4')
  const accepted = problem === undefined && results ? definedContextSet(list, results) : new Map<number, DefinedContext>()
  const values = nestedValues(ppdu.userData, accepted, formOf(accepted), fullOfOne(tolerate))
  const tolerated =
    !areOf(values, accepted) && tolerate('refusalContexts', 'CPR: user data of contexts that its result list does not accept')
  return {
    type: 'CPR',
    session,
    responding: addressOf(session.responding, respondingPresentationSelector, RESPONDING),
    ...(results && problem === undefined && { results }),
    set: tolerated ? new Map(list.map(item => [item.presentationContextIdentifier, {}])) : accepted,
    ...(typeof defaultContextResult === 'string' && { defaultContextResult }),
    ...(providerReason !== undefined && { providerReason: numberOf(ProviderReason, providerReason) }),
    values,
  }
}

/** X.226, 8.4.1.3: one context accepted means simple encoding. */
function fullOfOne(tolerate: Tolerate): () => boolean {
  return () => tolerate('fullEncodingOfSingleContext', 'full encoding where only one context is accepted')
}

function first(octets: Uint8Array): string {
  return octets[0]?.toString(16).padStart(2, '0') ?? 'no octets'
}
