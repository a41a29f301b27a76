import { type BerReader, leaf, prependFloat64, prependHeader, prependOctets, readFloat32, readFloat64, type Type } from '@x/ber'
import { EncodeError, type Sdu } from '@x/core'

/**
 * ISO 9506-2, FloatingPoint: an octet with the width of the exponent, then the number in IEEE 754 form, highest octet first.
 *
 * Every value goes out as it came: −0 is −0, and a NaN that is not the usual one keeps its octets.
 */
export interface FloatingPoint {
  /** Bits in all. 32 with an exponent of 8, or 64 with one of 11; others are kept as octets. */
  readonly formatWidth: number
  /** Bits of the exponent. */
  readonly exponentWidth: number
  /** NaN where the widths are others than 32/8 and 64/11. */
  readonly value: number
  /** The number as octets, where `value` cannot tell: other widths, and NaN with a payload. They go before `value`. */
  readonly octets?: Uint8Array
}

const NAN_32 = 0x7fc0_0000
const NAN_64 = 0x7ff8_0000

/** Contents. @throws DecodeError MMS_FLOATING_POINT */
export function readFloatingPoint(reader: BerReader): FloatingPoint {
  const { octets, position: at, end } = reader
  const size = end - at - 1
  const exponentWidth = octets[at]!
  if (size === 4 && exponentWidth === 8) {
    const value = readFloat32(reader, at + 1)
    if (!Number.isNaN(value) || word(octets, at + 1) === NAN_32) return { formatWidth: 32, exponentWidth: 8, value }
  } else if (size === 8 && exponentWidth === 11) {
    const value = readFloat64(reader, at + 1)
    if (!Number.isNaN(value) || (word(octets, at + 1) === NAN_64 && word(octets, at + 5) === 0))
      return { formatWidth: 64, exponentWidth: 11, value }
  }
  if (size < 1) throw reader.error('MMS_FLOATING_POINT', `expected the width of an exponent and a number, found ${size + 1} octets`)
  return { formatWidth: 8 * size, exponentWidth, value: Number.NaN, octets: Uint8Array.from(octets.subarray(at + 1, end)) }
}

const single = new Float32Array(1)
const singleBits = new Uint32Array(single.buffer)

/** Element. @throws EncodeError MMS_FLOATING_POINT */
export function prependFloatingPoint(sdu: Sdu, number: FloatingPoint, tag: number): void {
  if (number.formatWidth !== 32 || number.exponentWidth !== 8 || number.octets !== undefined || typeof number.value !== 'number') {
    return prependOther(sdu, number, tag)
  }
  single[0] = number.value
  const bits = singleBits[0]!
  sdu.reserve(7)
  const buffer = sdu.buffer
  const start = sdu.start - 7
  buffer[start] = tag
  buffer[start + 1] = 5
  buffer[start + 2] = 8
  buffer[start + 3] = bits >>> 24
  buffer[start + 4] = bits >>> 16
  buffer[start + 5] = bits >>> 8
  buffer[start + 6] = bits
  sdu.start = start
}

function prependOther(sdu: Sdu, { formatWidth, exponentWidth, value, octets }: FloatingPoint, tag: number): void {
  if (octets !== undefined) {
    if (octets.length < 1 || 8 * octets.length !== formatWidth) {
      throw new EncodeError('mms', 'MMS_FLOATING_POINT', `expected ${formatWidth} bits, found ${octets.length} octets`)
    }
    if ((exponentWidth & 0xff) !== exponentWidth) {
      throw new EncodeError('mms', 'MMS_FLOATING_POINT', `expected an exponent width of one octet, found ${exponentWidth}`)
    }
    prependOctets(sdu, octets)
  } else {
    if (typeof value !== 'number') throw new EncodeError('mms', 'MMS_FLOATING_POINT', `expected a number, found ${typeof value}`)
    if (formatWidth !== 64 || exponentWidth !== 11) {
      throw new EncodeError(
        'mms',
        'MMS_FLOATING_POINT',
        `expected widths 32 and 8, 64 and 11, or octets, found widths ${formatWidth} and ${exponentWidth}`,
      )
    }
    prependFloat64(sdu, value)
  }
  sdu.prependOctet(exponentWidth)
  prependHeader(sdu, tag, formatWidth / 8 + 1)
}

function word(octets: Uint8Array, at: number): number {
  return (octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!
}

/** ISO 9506-2, FloatingPoint. */
export const FloatingPoint: Type<FloatingPoint> = leaf<FloatingPoint>({
  name: 'FloatingPoint',
  tags: [0x04],
  get: readFloatingPoint,
  put: prependFloatingPoint,
})
