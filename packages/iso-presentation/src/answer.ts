import { type BitString, decode } from '@x/ber'
import { DecodeError } from '@x/core'
import type { SConnectConfirm } from '@x/iso-session'
import { CPA, CPR, type ResultItem, type UserData } from './asn1.js'
import { highestBit } from './bits.js'
import { ContextProviderReason, numberOf, ProviderReason } from './codes.js'
import { addressOf, invalid, unexpectedX410 } from './connect.js'
import { type DefinedContext, definedContextSet, resultListProblem } from './contexts.js'
import type { CPAEvent, CPREvent } from './events.js'
import type { PresentationContext, PresentationContextResult } from './service.js'
import type { Tolerate } from './tolerances.js'
import { areOf, fromUserData, unrecognized } from './user-data.js'

const RESPONDING = 'responding-presentation-selector'

/**
 * Decides on the CPA that answers our CP. X.226, 6.2.3 and 6.2.6: mode, version, result list, functional units. Whether the
 * values are of contexts accepted, p04, is left to the state table.
 *
 * @param list what we proposed
 * @throws DecodeError PRESENTATION_UNRECOGNIZED: no CPA at all; PRESENTATION_… and BER_…: an invalid one
 */
export function readCPA(
  session: Extract<SConnectConfirm, { result: 'accept' }>,
  list: readonly PresentationContext[],
  tolerate: Tolerate,
): CPAEvent {
  const octets = session.userData
  if (octets[0] !== 0x31) throw unrecognized(`CPA: expected a SET, 31, found ${first(octets)} at octet 0`)
  const ppdu = decode(CPA, octets, { layer: 'presentation' })
  const { modeValue } = ppdu.modeSelector
  if (modeValue !== 'normal-mode') throw invalid('PRESENTATION_MODE', `mode-value: expected 1 as in the CP, found ${modeValue}`)
  if (ppdu.x410ModeParameters !== undefined) throw unexpectedX410()
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
  const problem = resultListProblem(list, results)
  if (problem !== undefined) throw invalid('PRESENTATION_RESULTS', problem, 'X.226, 6.2.3.5')
  if (presentationRequirements) checkRequirements(presentationRequirements, tolerate)
  if (userSessionRequirements && highestBit(userSessionRequirements) > 12)
    throw invalid('PRESENTATION_REQUIREMENTS', 'user-session-requirements: expected bits 0 to 12, found another', 'X.226, 8.5.2')
  const set = definedContextSet(list, results)
  return {
    type: 'CPA',
    session,
    responding: addressOf(session.responding, respondingPresentationSelector, RESPONDING),
    results,
    set,
    values: valuesOf(userData, set, tolerate),
  }
}

/** We offer the kernel alone, so every bit is one that was not offered. X.226, 6.2.3.7. */
function checkRequirements(bits: BitString, tolerate: Tolerate): void {
  if (highestBit(bits) >= 0)
    throw invalid(
      'PRESENTATION_REQUIREMENTS',
      'presentation-requirements: expected no unit that was not offered, found one',
      'X.226, 6.2.6.3',
    )
  if (tolerate('emptyRequirements', 'presentation-requirements in a CPA that answers a CP without them')) return
  throw new DecodeError('presentation', 'PRESENTATION_UNEXPECTED', 'presentation-requirements: expected none, as in the CP, found some', {
    clause: 'X.226, 6.2.3.7',
  })
}

function resultOf({ result, transferSyntaxName, providerReason }: ResultItem, i: number, tolerate: Tolerate): PresentationContextResult {
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
 * @param list what we proposed
 * @throws DecodeError when it is no CPR or an invalid one
 */
export function readCPR(
  session: Extract<SConnectConfirm, { result: 'reject' }>,
  list: readonly PresentationContext[],
  tolerate: Tolerate,
): CPREvent {
  const octets = session.userData
  if (octets[0] !== 0x30) throw unrecognized(`CPR: expected a SEQUENCE, 30, found ${first(octets)} at octet 0`)
  const ppdu = decode(CPR, octets, { layer: 'presentation' })
  const { respondingPresentationSelector, defaultContextResult, providerReason } = ppdu
  const results = ppdu.presentationContextDefinitionResultList?.map((item, i) => resultOf(item, i, tolerate))
  const problem = results && resultListProblem(list, results)
  if (problem !== undefined && !tolerate('refusalContexts', `CPR: ${problem}`))
    throw invalid('PRESENTATION_RESULTS', problem, 'X.226, 6.2.4.4')
  const accepted = problem === undefined && results ? definedContextSet(list, results) : new Map<number, DefinedContext>()
  const values = valuesOf(ppdu.userData, accepted, tolerate)
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
function valuesOf(userData: UserData | undefined, set: ReadonlyMap<number, unknown>, tolerate: Tolerate) {
  const full = userData?.type === 'fullyEncodedData' && set.size === 1
  if (full && !tolerate('fullEncodingOfSingleContext', 'full encoding where only one context is accepted'))
    throw invalid('PRESENTATION_USER_DATA', 'user data: expected simple encoding, 40, for one context, found full, 61', 'X.226, 8.4.1.3')
  return fromUserData(userData, set)
}

function first(octets: Uint8Array): string {
  return octets[0]?.toString(16).padStart(2, '0') ?? 'no octets'
}
