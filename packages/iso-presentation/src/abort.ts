import { decode } from '@x/ber'
import type { DecodeError } from '@x/core'
import { ARP, ARU, type IdentifierListItem } from './asn1.js'
import { AbortReason, EventIdentifier, numberOf } from './codes.js'
import type { ARPEvent, ARUEvent } from './events.js'
import { unrecognized } from './faults.js'
import type { PresentationDataValues } from './service.js'
import type { Tolerate } from './tolerances.js'
import { areOf, fromUserData } from './user-data.js'
import { readX410 } from './x410.js'

/**
 * What an S-U-ABORT brought: to the session both abort PPDUs are a user's. X.226, 7.3.
 *
 * @param set the contexts that values can be from: the DCS, or those proposed while it is not agreed
 * @param x410 the connection is, or is to be, in X.410-1984 mode
 * @throws DecodeError PRESENTATION_UNRECOGNIZED: neither ARU nor ARP; BER_… and PRESENTATION_…: an invalid one
 */
export function readAbort(octets: Uint8Array, set: ReadonlyMap<number, unknown>, x410: boolean, tolerate: Tolerate): ARUEvent | ARPEvent {
  if (octets.length === 0 && tolerate('emptyAbort', 'an abort by the session user without user data')) {
    return { type: 'ARU', identified: true, values: [] }
  }
  if (x410 && octets[0] === 0x31) return { type: 'ARU', identified: true, values: readX410(octets) }
  const options = { layer: 'presentation' } as const
  switch (octets[0]) {
    case 0xa0: {
      const { presentationContextIdentifierList: list, userData } = decode(ARU, octets, options)
      const named = new Map(list?.map(item => [item.presentationContextIdentifier, item]))
      return userAbort(list, fromUserData(userData, named.size > 0 ? named : set), named, set, tolerate)
    }
    case 0x30: {
      const { providerReason, eventIdentifier } = decode(ARP, octets, options)
      return {
        type: 'ARP',
        ...(providerReason !== undefined && { abortReason: numberOf(AbortReason, providerReason) }),
        ...(eventIdentifier !== undefined && { eventIdentifier: numberOf(EventIdentifier, eventIdentifier) }),
      }
    }
    default:
      throw unrecognized(`abort: expected ARU, a0, or ARP, 30, found ${octets[0]?.toString(16).padStart(2, '0') ?? 'no octets'} at octet 0`)
  }
}

function userAbort(
  identifierList: readonly IdentifierListItem[] | undefined,
  found: readonly PresentationDataValues[],
  named: ReadonlyMap<number, unknown>,
  set: ReadonlyMap<number, unknown>,
  tolerate: Tolerate,
): ARUEvent {
  const drop = !areOf(found, set) && tolerate('abortContexts', 'ARU: user data of contexts that are not defined')
  const values = drop ? found.filter(value => areOf([value], set)) : found
  const identified =
    areOf(values, named) || tolerate('abortIdentifierList', 'ARU: the identifier list does not name the context of each value')
  return { type: 'ARU', ...(identifierList && { identifierList }), identified, values }
}

/** Abort-reason for octets that have no valid reading. X.226, 6.4.4.2 and 6.4.4.3. */
export function abortReasonFor(error: DecodeError): number {
  switch (error.code) {
    case 'PRESENTATION_UNRECOGNIZED':
      return AbortReason.unrecognizedPpdu
    case 'BER_UNKNOWN':
      return AbortReason.unrecognizedPpduParameter
    case 'PRESENTATION_UNEXPECTED':
    case 'BER_ORDER':
      return AbortReason.unexpectedPpduParameter
    default:
      return AbortReason.invalidPpduParameterValue
  }
}
