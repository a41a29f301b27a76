import { type BitString, bitAt } from '@x/ber'
import { FunctionalUnit } from '@x/iso-session'

/**
 * User-session-requirements of X.226, 8.2, in the order of its bits, as bits of the session's PI 20 (X.225, 8.3.1.16): the
 * same functional units in another order.
 */
const SESSION_UNITS: readonly number[] = [
  FunctionalUnit.halfDuplex,
  FunctionalUnit.duplex,
  FunctionalUnit.expeditedData,
  FunctionalUnit.minorSynchronize,
  FunctionalUnit.majorSynchronize,
  FunctionalUnit.resynchronize,
  FunctionalUnit.activityManagement,
  FunctionalUnit.negotiatedRelease,
  FunctionalUnit.capabilityData,
  FunctionalUnit.exceptions,
  FunctionalUnit.typedData,
  FunctionalUnit.symmetricSynchronize,
  FunctionalUnit.dataSeparation,
]

/** Session functional units that come with a token. X.225, 5.6.1. */
export const WITH_TOKENS =
  FunctionalUnit.halfDuplex |
  FunctionalUnit.minorSynchronize |
  FunctionalUnit.majorSynchronize |
  FunctionalUnit.activityManagement |
  FunctionalUnit.negotiatedRelease

/** Bits without a name are left out. X.226, 8.5.1 b. */
export function sessionRequirementsOf(bits: BitString): number {
  return SESSION_UNITS.reduce((units, unit, i) => (bitAt(bits, i) ? units | unit : units), 0)
}

/** @param units bits of PI 20 */
export function userSessionRequirements(units: number): BitString {
  return namedBits(SESSION_UNITS.length, i => (units & SESSION_UNITS[i]!) !== 0)
}

/** @param mask the first bit of the BIT STRING is 1, the second 2 and so on */
export function bitsOfMask(mask: number): BitString {
  return namedBits(8, i => (mask & (1 << i)) !== 0)
}

/** The reverse of `bitsOfMask`; bits above the eighth are left out. */
export function maskOf(bits: BitString): number {
  let mask = 0
  for (let bit = 0; bit < 8; bit++) if (bitAt(bits, bit)) mask |= 1 << bit
  return mask
}

/** The highest bit that is set; -1 when none is. */
export function highestBit(bits: BitString): number {
  for (let bit = bits.size - 1; bit >= 0; bit--) if (bitAt(bits, bit)) return bit
  return -1
}

/** Named bits are sent without trailing zeros. X.690, 11.2.2, which BER permits. */
function namedBits(most: number, isSet: (bit: number) => boolean): BitString {
  let size = most
  while (size > 0 && !isSet(size - 1)) size--
  const octets = new Uint8Array((size + 7) >> 3)
  for (let bit = 0; bit < size; bit++) if (isSet(bit)) octets[bit >> 3]! |= 0x80 >> (bit & 7)
  return { octets, size }
}
