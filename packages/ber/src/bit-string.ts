import type { Sdu } from '@x/core'
import { unencodable } from './failure.js'
import { CONSTRUCTED } from './identifier.js'
import { type BerReader, copyOf } from './reader.js'
import { joinBitSegments } from './segments.js'
import { type BitString, builtin, schemaError, type Type } from './type.js'
import { prependHeader, prependOctets } from './writer.js'

/** Contents of a BIT STRING, copied; set padding bits are cleared. X.690, 8.6. @throws DecodeError BER_EMPTY, BER_BITS */
export function readBitString(reader: BerReader, tag: number): BitString {
  const octets = tag & CONSTRUCTED ? joinBitSegments(reader) : reader.octets
  const from = tag & CONSTRUCTED ? 0 : reader.position
  const to = tag & CONSTRUCTED ? octets.length : reader.end
  if (from === to) throw reader.error('BER_EMPTY', 'expected an octet that counts unused bits, found none', from)
  const unused = octets[from]!
  const count = to - from - 1
  if (unused > 7 || (unused > 0 && count === 0)) {
    throw reader.error(
      'BER_BITS',
      `expected ${count === 0 ? 'no unused bits in an empty BIT STRING' : 'at most 7 unused bits'}, found ${unused}`,
    )
  }
  const bits = copyOf(octets, from + 1, to)
  if (unused > 0) bits[count - 1]! &= 0xff << unused
  return { octets: bits, size: 8 * count - unused }
}

/** The element of a BIT STRING. Bits behind `size` are written as 0. */
export function prependBitStringElement(sdu: Sdu, value: BitString, tag: number): void {
  const octets = value?.octets
  if (!(octets instanceof Uint8Array)) throw unencodable('BER_VALUE', 'octets and a size', value)
  const unused = 8 * octets.length - value.size
  if (!(unused >= 0 && unused <= 7 && Number.isInteger(unused))) {
    throw unencodable(
      'BER_BITS',
      `a size of ${Math.max(0, 8 * octets.length - 7)} to ${8 * octets.length} bits in ${octets.length} octets`,
      value.size,
    )
  }
  const n = octets.length
  if (n < 24 && tag < 256) {
    sdu.reserve(n + 3)
    const buffer = sdu.buffer
    const start = sdu.start - n
    for (let i = 0; i < n; i++) buffer[start + i] = octets[i]!
    if (unused > 0) buffer[start + n - 1]! &= 0xff << unused
    buffer[start - 1] = unused
    buffer[start - 2] = n + 1
    buffer[start - 3] = tag
    sdu.start = start - 3
    return
  }
  prependOctets(sdu, octets)
  if (unused > 0) sdu.buffer[sdu.start + n - 1]! &= 0xff << unused
  sdu.prependOctet(unused)
  prependHeader(sdu, tag, n + 1)
}

/** X.690, 8.6. TypeScript: `BitString`, octets and exact size. */
export const BIT_STRING: Type<BitString> = builtin(
  'BIT STRING',
  3,
  { get: readBitString, put: prependBitStringElement },
  { json: 'bits', constructed: true },
)

/** Bit `index` of a BIT STRING; false behind its end. */
export function bitAt(value: BitString, index: number): boolean {
  return index < value.size && (value.octets[index >> 3]! & (0x80 >> (index & 7))) !== 0
}

/** @param bits from bit 0 on */
export function bitString(bits: readonly boolean[]): BitString {
  const octets = new Uint8Array((bits.length + 7) >> 3)
  for (let i = 0; i < bits.length; i++) if (bits[i]) octets[i >> 3]! |= 0x80 >> (i & 7)
  return { octets, size: bits.length }
}

/** A BIT STRING whose bits have names. The value stays octets and size, so unknown bits and the exact length survive. */
export interface NamedBits<N extends string> extends Type<BitString> {
  /** Every name with its bit number. */
  readonly bits: Readonly<Record<N, number>>
  /** Whether the bit of this name is set. */
  has(value: BitString, name: N): boolean
  /** These bits set, in a string as long as all names need. `ofSize` gives another length. */
  of(...names: readonly N[]): BitString
  /** These bits set in a string of `size` bits. */
  ofSize(size: number, ...names: readonly N[]): BitString
  /** The names of the bits that are set; bits without a name are left out. */
  names(value: BitString): readonly N[]
}

/**
 * Names for the bits of a BIT STRING: in order from bit 0, or as a record name → number.
 *
 * ```ts
 * const Requirements = namedBits('contextManagement', 'restoration')
 * Requirements.has(value, 'restoration')
 * ```
 */
export function namedBits<N extends string>(...names: readonly N[]): NamedBits<N>
export function namedBits<N extends string>(name: string, numbers: Readonly<Record<N, number>>): NamedBits<N>
export function namedBits<N extends string>(first: N | string, ...more: readonly (N | Readonly<Record<N, number>>)[]): NamedBits<N> {
  const table = more.length === 1 && typeof more[0] === 'object' ? more[0] : undefined
  const numbers = (table ?? Object.fromEntries([first, ...more].map((name, i) => [name, i]))) as Readonly<Record<N, number>>
  const byName = new Map<string, number>(Object.entries<number>(numbers))
  const size = Math.max(...byName.values()) + 1
  if (!Number.isSafeInteger(size) || new Set(byName.values()).size !== byName.size) throw schemaError('named bits need a number each')
  const type = builtin(
    table ? (first as string) : '',
    3,
    { get: readBitString, put: prependBitStringElement },
    { json: 'bits', constructed: true, asn1: 'BIT STRING', names: numbers },
  )
  const ofSize = (bits: number, ...set: readonly N[]): BitString => {
    const octets = new Uint8Array((bits + 7) >> 3)
    for (const name of set) {
      const bit = byName.get(name)
      if (bit === undefined || bit >= bits) throw unencodable('BER_BITS', `a named bit below ${bits}`, name)
      octets[bit >> 3]! |= 0x80 >> (bit & 7)
    }
    return { octets, size: bits }
  }
  return Object.assign(type, {
    bits: numbers,
    has: (value: BitString, name: N) => bitAt(value, byName.get(name) ?? value.size),
    of: (...set: readonly N[]) => ofSize(size, ...set),
    ofSize,
    names: (value: BitString) => [...byName].filter(([, bit]) => bitAt(value, bit)).map(([name]) => name as N),
  })
}
