import { EventIdentifier } from './codes.js'

/**
 * The event that a session primitive is which only other functional units know: a PPDU, or the primitive itself. None has a
 * row in our table, so each is refused by its event-identifier. X.226, clause 7 and Tables A.25 to A.29.
 *
 * @returns undefined when the octets are no PPDU of that primitive
 */
export function otherEvent(type: string, octets: Uint8Array): keyof typeof EventIdentifier | 'unknown' | undefined {
  switch (type) {
    case 'S-EXPEDITED-DATA.indication':
      return 'TE'
    case 'S-CAPABILITY-DATA.indication':
      return 'TC'
    case 'S-CAPABILITY-DATA.confirm':
      return 'TCC'
    case 'S-RESYNCHRONIZE.indication':
      return octets[0] === 0x30 ? 'RS' : undefined
    case 'S-RESYNCHRONIZE.confirm':
      return octets[0] === 0x30 ? 'RSA' : undefined
    default:
      return Object.hasOwn(EventIdentifier, type) ? (type as keyof typeof EventIdentifier) : 'unknown'
  }
}

/** What an S-TYPED-DATA brings. With one context defined a TTD is simply encoded, but as an alternative of Typed-data-type it keeps its tag. X.226, 8.2. */
export function typedDataPpdu(first: number | undefined): 'AC' | 'ACA' | 'TTD' | undefined {
  if (first === 0xa0) return 'AC'
  if (first === 0xa1) return 'ACA'
  return first === 0x61 || first === 0x40 || first === 0x60 ? 'TTD' : undefined
}
