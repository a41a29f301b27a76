import { type DecodeError, EncodeError, shared } from '@x/core'
import { encodeTpdu } from './encode.js'
import { fault, rejectCause } from './faults.js'
import { class0Answers, proposeSize, type SizeOffer, type SizesAgreed, settleSize, sizeParameters } from './negotiation.js'
import type { Settings } from './options.js'
import { AdditionalOption, type Parameter, parameterValue } from './parameters.js'
import { DisconnectReason } from './reasons.js'
import type { TransportAddress } from './service.js'
import { type CC, type CR, TpduCode } from './tpdu.js'
import { MAX_CR } from './validity.js'

/** What the parameter of an ER can hold, as a header has at most 255 octets. X.224, 13.12.4 a). */
const MAX_INVALID_TPDU = 248

interface Addresses {
  readonly called: TransportAddress
  readonly calling: TransportAddress
}

/** A CR or CC that has an encoding. */
export interface Prepared {
  readonly tpdu: CR | CC
  readonly octets: Uint8Array
}

/** The selectors of a CR or CC, copied: they outlive the TPDU. */
export function addressesOf({ parameters }: CR | CC): Addresses {
  return {
    called: address(parameterValue(parameters, 'calledTransportSelector')),
    calling: address(parameterValue(parameters, 'callingTransportSelector')),
  }
}

function address(selector: Uint8Array | undefined): TransportAddress {
  return shared(selector === undefined ? {} : { transportSelector: selector.slice() })
}

/** The CR of class 0. X.224, 6.5.4, 13.3. @throws EncodeError COTP_LENGTH: above 128 octets, or a selector above the limit of this side */
export function connectionRequest(sourceReference: number, addresses: Partial<Addresses>, settings: Settings): Prepared {
  const longest = longestSelector(addresses)
  if (longest > settings.maxSelectorLength) {
    const message = `CR: expected TSAP-IDs of at most ${settings.maxSelectorLength} octets (maxSelectorLength), found ${longest}`
    throw new EncodeError('cotp', 'COTP_LENGTH', message, { path: 'CR.parameters' })
  }
  const parameters = [...sizeParameters(proposeSize(settings)), ...selectorParameters(addresses)]
  const request: CR = { type: 'CR', credit: 0, destinationReference: 0, sourceReference, class: 0, options: 0, parameters }
  const prepared = within128(request)
  const amended = settings.amendCR(request)
  return amended === request ? prepared : { tpdu: amended, octets: encodeTpdu(amended) }
}

/** The CC of class 0 that answers a CR. X.224, 6.5.4, 13.4. @throws EncodeError COTP_LENGTH: above 128 octets */
export function connectionConfirm(
  references: { readonly destinationReference: number; readonly sourceReference: number },
  addresses: Partial<Addresses>,
  answer: SizeOffer,
): Prepared {
  const parameters = [...sizeParameters(answer), ...selectorParameters(addresses)]
  return within128({ type: 'CC', credit: 0, ...references, class: 0, options: 0, parameters })
}

/** In the order of the wire images of the standard and of most peers: C1, then C2. */
function selectorParameters({ calling, called }: Partial<Addresses>): Parameter[] {
  const parameters: Parameter[] = []
  if (calling?.transportSelector) parameters.push({ type: 'callingTransportSelector', value: calling.transportSelector })
  if (called?.transportSelector) parameters.push({ type: 'calledTransportSelector', value: called.transportSelector })
  return parameters
}

function within128(tpdu: CR | CC): Prepared {
  const octets = encodeTpdu(tpdu)
  const { length } = octets
  if (length <= MAX_CR) return { tpdu, octets }
  throw new EncodeError('cotp', 'COTP_LENGTH', `${tpdu.type}: expected selectors that fit into ${MAX_CR} octets, found ${length} octets`, {
    path: `${tpdu.type}.parameters`,
  })
}

/** P1 of Table A.4, for a CR that is valid: accept, or the reason to refuse. */
export function verdictOnCR(cr: CR, { accept, maxSelectorLength }: Settings): 'accept' | number {
  const alternatives = parameterValue(cr.parameters, 'alternativeClasses') ?? []
  if (cr.class !== 0 && class0Answers(cr.class, alternatives) !== 'yes') return DisconnectReason.negotiationFailed
  const addresses = addressesOf(cr)
  if (longestSelector(addresses) > maxSelectorLength) return DisconnectReason.addressUnknown
  return accept(addresses)
}

function longestSelector({ called, calling }: Partial<Addresses>): number {
  return Math.max(called?.transportSelector?.length ?? 0, calling?.transportSelector?.length ?? 0)
}

/** P8 of Table A.4, for a CC that is valid: the sizes agreed, or why it is unacceptable. */
export function verdictOnCC(
  cc: CC,
  localReference: number,
  proposed: SizeOffer,
  settings: Settings,
  largerAnswer: () => boolean,
): SizesAgreed | DecodeError {
  const unacceptable = (message: string, offset: number) => fault('COTP_NEGOTIATION', `CC: ${message}`, offset, 'X.224, 6.5.4')
  if (cc.class !== 0) return fault('COTP_VALUE', `CC: class: expected 0 at octet 6, found ${cc.class}`, 6, 'X.224, 6.5.4 i)')
  if (cc.destinationReference !== localReference) {
    return unacceptable(`DST-REF: expected ${localReference} at octet 2, found ${cc.destinationReference}`, 2)
  }
  // RFC 1006, 5: the default is not to use expedited data, and we never ask for it.
  if (((parameterValue(cc.parameters, 'additionalOptions') ?? 0) & AdditionalOption.expeditedData) !== 0) {
    return unacceptable('additional options: expected no expedited data, as none was proposed', 7)
  }
  const agreed = settleSize(proposed, cc, settings, largerAnswer)
  return typeof agreed === 'string' ? unacceptable(agreed, 7) : agreed
}

/**
 * The ER that answers an invalid TPDU. X.224, 6.22.1.3 a), 13.12.
 *
 * @param longest octets the ER may have
 * @returns undefined when there must be none: the answer to an ER or DR (loops), or no room for the parameter, which is mandatory
 */
export function rejection(octets: Uint8Array, error: DecodeError, destinationReference: number, longest: number): Uint8Array | undefined {
  const code = codeOf(octets)
  if (code === TpduCode.ER || code === TpduCode.DR) return undefined
  const header = octets.subarray(0, octets[0]! + 1)
  const value = header.subarray(0, error.offset + 1)
  if (value.length > Math.min(MAX_INVALID_TPDU, longest - 7)) return undefined
  return encodeTpdu({ type: 'ER', destinationReference, cause: rejectCause(error), parameters: [{ type: 'invalidTpdu', value }] })
}

/** High nibble of octet 2, which says what a TPDU is; 0 when it has none. */
export function codeOf(octets: Uint8Array): number {
  return (octets[1] ?? 0) & 0xf0
}

/** SRC-REF of a CR or CC that could not be decoded. */
export function sourceReferenceOf(octets: Uint8Array): number {
  return (octets[4]! << 8) | octets[5]!
}
