import { encodeTpdu } from './encode.js'
import type { RJ, Tpdu } from './tpdu.js'

/** Sums of X.224, 6.17.3: of the octets, and of the octets weighted by their place from the end. Both modulo 255. */
function sums(octets: Uint8Array, skip: number): [number, number] {
  let c0 = 0
  let c1 = 0
  for (let i = 0; i < octets.length; i++) {
    if (i !== skip && i !== skip + 1) c0 = (c0 + octets[i]!) % 255
    c1 = (c1 + c0) % 255
  }
  return [c0, c1]
}

/**
 * The checksum of a TPDU, X.224, 6.17 and Annex D: only class 4 has one.
 * @param at offset of the first of its two octets; what stands there does not count
 */
export function checksumOf(tpdu: Uint8Array, at: number): number {
  const [c0, c1] = sums(tpdu, at)
  const behind = tpdu.length - at - 1
  const modulo = (value: number) => ((value % 255) + 255) % 255
  return (modulo(behind * c0 - c1) << 8) | modulo(c1 - (behind + 1) * c0)
}

/** Whether a TPDU that carries a checksum is as it was sent. */
export function hasValidChecksum(tpdu: Uint8Array): boolean {
  const [c0, c1] = sums(tpdu, -2)
  return c0 === 0 && c1 === 0
}

/** The octets of a TPDU with a checksum as its last parameter. @throws EncodeError as `encodeTpdu` */
export function encodeWithChecksum(tpdu: Exclude<Tpdu, RJ>): Uint8Array {
  const parameters = [...(tpdu.parameters ?? []), { type: 'checksum' as const, value: 0 }]
  const octets = encodeTpdu({ ...tpdu, parameters })
  const header = octets[0]! + 1
  const at = header - 2
  const checksum = checksumOf(octets, at)
  octets[at] = checksum >>> 8
  octets[at + 1] = checksum & 0xff
  return octets
}
