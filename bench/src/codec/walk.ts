/**
 * The floor: goes through every element, checks that it lies within its parent, and makes nothing.
 *
 * @returns how many elements there are
 */
export function walk(octets: Uint8Array, from = 0, to: number = octets.length): number {
  let count = 0
  let at = from
  while (at < to) {
    const tag = octets[at]!
    let length = octets[at + 1]!
    at += 2
    if (length >= 0x80) {
      let n = length & 0x7f
      if (n === 0 || n > 3) throw new RangeError('length')
      for (length = 0; n > 0; n--) length = (length << 8) | octets[at++]!
    }
    const end = at + length
    if (!(end <= to)) throw new RangeError('bounds')
    count += 1
    if (tag & 0x20) count += walk(octets, at, end)
    at = end
  }
  return count
}
