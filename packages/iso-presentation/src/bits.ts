import { type BitString, bitAt } from '@x/ber'

/**
 * User-session-requirements of X.226, 8.2, in the order of its bits, as bits of the session's PI 20 (X.225, 8.3.1.16): the
 * same functional units in another order.
 */
const SESSION_UNITS: readonly number[] = [
  0x0001, // half-duplex
  0x0002, // duplex
  0x0004, // expedited-data
  0x0008, // minor-synchronize
  0x0010, // major-synchronize
  0x0020, // resynchronize
  0x0040, // activity-management
  0x0080, // negotiated-release
  0x0100, // capability-data
  0x0200, // exceptions
  0x0400, // typed-data
  0x0800, // symmetric-synchronize
  0x1000, // data-separation
]

/** PI 20: the functional unit that permits a negative P-RELEASE response. */
export const NEGOTIATED_RELEASE = 0x0080

/** PI 20: what AC and ACA travel in. X.226, 5.4.2. */
export const TYPED_DATA = 0x0400

/** PI 20: the functional units that come with a token. X.225, 5.6.1. */
export const WITH_TOKENS = 0x0001 | 0x0008 | 0x0010 | 0x0040 | NEGOTIATED_RELEASE

/** Of `presentationRequirements`: the one unit besides the kernel that this provider has. */
export const CONTEXT_MANAGEMENT = 1

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
