import { ANY, decode, decodePart, encode } from '@x/ber'
import { DecodeError, EncodeError } from '@x/core'
import type { SConnectConfirm, SConnectIndication } from '@x/iso-session'
import { CP, CPA, type CPAType, type CPType, X410Components } from './asn1.js'
import type { ConnectPolicy } from './connect.js'
import { DEFAULT_CONTEXT } from './contexts.js'
import type { CPAEvent, CPEvent } from './events.js'
import { invalid, unexpected } from './faults.js'
import type { PConnectIndication, PConnectRequest, PresentationDataValues } from './service.js'
import { joined } from './user-data.js'

/**
 * X.410-1984 mode, X.226, 8.2: the PPDUs are those of the Reliable Transfer Server of 1984, and their components are the user
 * data. They pass through as one value of the default context; what they mean is for the user.
 */

/** The PPDUs that have a form of their own in X.410-1984 mode. */
export type X410Ppdu = 'CP' | 'CPA' | 'CPR' | 'ARU'

const MODE = { modeSelector: { modeValue: 'x410-1984-mode' } } as const

/**
 * A PPDU of X.410-1984 mode.
 *
 * @param values none, or one of the default context: components of the RTORQ (in a CP), RTOAC (CPA), RTORJ (CPR) or RTAB (ARU),
 * BER elements one after the other
 * @throws EncodeError PRESENTATION_USER_DATA
 */
export function encodeX410(ppdu: X410Ppdu, values: readonly PresentationDataValues[] = []): Uint8Array {
  const components = componentsOf(values)
  const parameters = components.length > 0 && { x410ModeParameters: components }
  switch (ppdu) {
    case 'CP':
      return encode(CP, { ...MODE, ...parameters })
    case 'CPA':
      return encode(CPA, { ...MODE, ...parameters })
    case 'CPR':
    case 'ARU':
      return encode(X410Components, components)
  }
}

function componentsOf(values: readonly PresentationDataValues[]): Uint8Array[] {
  const components: Uint8Array[] = []
  for (const [i, { presentationContextIdentifier: identifier, octets }] of values.entries()) {
    const fail = (text: string, cause?: unknown) =>
      new EncodeError('presentation', 'PRESENTATION_USER_DATA', text, { path: `userData[${i}]`, cause })
    if (identifier !== DEFAULT_CONTEXT) throw fail(`user data in X.410-1984 mode: expected the default context, 0, found ${identifier}`)
    try {
      for (let rest = octets; rest.length > 0; ) {
        const { end } = decodePart(ANY, rest, { layer: 'presentation' })
        components.push(rest.subarray(0, end))
        rest = rest.subarray(end)
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      throw fail(`user data in X.410-1984 mode: expected BER elements, found something else (${error.message})`, error)
    }
  }
  return components
}

/** What X.410-1984 mode has no place for. @throws EncodeError PRESENTATION_MODE */
export function checkX410({ called, calling, presentationContextDefinitionList, defaultContextName, ...rest }: PConnectRequest): void {
  const found = [
    ...(presentationContextDefinitionList.length > 0 ? ['presentationContextDefinitionList'] : []),
    ...(defaultContextName ? ['defaultContextName'] : []),
    ...(called?.presentationSelector?.length ? ['called.presentationSelector'] : []),
    ...(calling?.presentationSelector?.length ? ['calling.presentationSelector'] : []),
    ...(rest.presentationRequirements ? ['presentationRequirements'] : []),
    ...(rest.alternativeUserData?.length ? ['alternativeUserData'] : []),
  ]
  if (found.length === 0) return
  throw new EncodeError('presentation', 'PRESENTATION_MODE', `X.410-1984 mode has no place for ${found.join(', ')}`, { path: found[0]! })
}

/** A CP of X.410-1984 mode that this side offers. The policies are asked as for any other; with no place for a reason their refusal
 *  is an empty CPR. */
export function indicateX410(session: SConnectIndication, ppdu: CPType, policy: ConnectPolicy): CPEvent {
  if (ppdu.normalModeParameters !== undefined) throw normalParameters()
  const { called, calling } = session
  const refusal = (providerReason: number): CPEvent => ({ type: 'CP', session, refusal: { mode: 'x410-1984', providerReason } })
  const addressed = policy.acceptAddress(called, calling)
  if (addressed !== 'accept') return refusal(addressed)
  const indication: PConnectIndication = {
    type: 'P-CONNECT.indication',
    mode: 'x410-1984',
    called,
    calling,
    presentationContextDefinitionList: [],
    presentationContextDefinitionResultList: [],
    sessionRequirements: session.sessionRequirements,
    ...(session.initialTokens && { initialTokens: session.initialTokens }),
    ...(session.sessionConnectionIdentifier && { sessionConnectionIdentifier: session.sessionConnectionIdentifier }),
    sessionVersion: session.version,
    userData: valuesOf(ppdu.x410ModeParameters),
  }
  const admitted = policy.acceptConnection(indication)
  return admitted === 'accept' ? { type: 'CP', session, indication } : refusal(admitted)
}

/** The CPA that answers our CP of X.410-1984 mode. @throws DecodeError when it is of the other mode */
export function readX410Accept(session: Extract<SConnectConfirm, { result: 'accept' }>, ppdu: CPAType): CPAEvent {
  const { modeValue } = ppdu.modeSelector
  if (modeValue !== 'x410-1984-mode') throw invalid('PRESENTATION_MODE', `mode-value: expected 0 as in the CP, found ${modeValue}`)
  if (ppdu.normalModeParameters !== undefined) throw normalParameters()
  return {
    type: 'CPA',
    session,
    responding: session.responding,
    results: [],
    set: new Map(),
    managed: false,
    values: valuesOf(ppdu.x410ModeParameters),
  }
}

/** The components in a CPR or an ARU. @throws DecodeError BER_… */
export function readX410(octets: Uint8Array): readonly PresentationDataValues[] {
  return valuesOf(decode(X410Components, octets, { layer: 'presentation' }))
}

function valuesOf(components: readonly Uint8Array[] = []): readonly PresentationDataValues[] {
  if (components.length === 0) return []
  return [{ presentationContextIdentifier: DEFAULT_CONTEXT, octets: joined(components) }]
}

function normalParameters(): DecodeError {
  return unexpected('normal-mode-parameters: expected none in X.410-1984 mode, found some')
}
