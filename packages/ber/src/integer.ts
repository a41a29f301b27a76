import type { Sdu } from '@x/core'
import { unencodable } from './failure.js'
import { type BerReader, viewOf } from './reader.js'
import { builtin, type Integer, type Named, schemaError, type Type } from './type.js'
import { prependHeader } from './writer.js'

/**
 * Contents of an INTEGER. X.690, 8.3. Up to 8 octets may carry leading octets that say nothing (devices send them), unless `strict`;
 * longer ones may not.
 *
 * @throws DecodeError BER_EMPTY, BER_INTEGER
 */
export function readInteger(reader: BerReader): Integer {
  const octets = reader.octets
  let at = reader.position
  const end = reader.end
  if (end - at > 4 || end === at || reader.strict) return readWide(reader)
  let value = (octets[at]! << 24) >> 24
  while (++at < end) value = (value << 8) | octets[at]!
  return value
}

function readWide(reader: BerReader): Integer {
  const { octets, position, end } = reader
  const n = end - position
  if (n === 0) throw reader.error('BER_EMPTY', 'expected at least 1 octet for an INTEGER, found none')
  const first = octets[position]!
  const second = octets[position + 1]!
  if ((n > 8 || (n > 1 && reader.strict)) && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw reader.error('BER_INTEGER', 'expected no redundant leading octet in an INTEGER, found one')
  }
  if (n <= 4) {
    let value = (first << 24) >> 24
    for (let at = position + 1; at < end; at++) value = (value << 8) | octets[at]!
    return value
  }
  if (n <= 8) {
    let high = (first << 24) >> 24
    for (let at = position + 1; at < end - 4; at++) high = (high << 8) | octets[at]!
    const low = ((octets[end - 4]! << 24) | (octets[end - 3]! << 16) | (octets[end - 2]! << 8) | octets[end - 1]!) >>> 0
    const value = high * 0x1_0000_0000 + low
    return Number.isSafeInteger(value) ? value : (BigInt(high) << 32n) | BigInt(low)
  }
  // From hex: adding octet by octet would take quadratic time.
  let digits = '0x'
  for (const octet of viewOf(octets, position, end)) digits += octet.toString(16).padStart(2, '0')
  const value = BigInt(digits)
  return first < 0x80 ? value : value - (1n << BigInt(8 * n))
}

/** Contents of an INTEGER that must be a safe number. @throws DecodeError BER_INTEGER_RANGE and those of `readInteger` */
export function readNumber(reader: BerReader): number {
  const value = readInteger(reader)
  if (typeof value === 'number') return value
  throw reader.error('BER_INTEGER_RANGE', `expected an INTEGER of at most 53 bits, found ${reader.end - reader.position} octets`)
}

/** Fewest octets. @throws EncodeError BER_VALUE for what is neither a safe whole number nor a bigint */
export function prependInteger(sdu: Sdu, value: Integer): void {
  sdu.reserve(8)
  if (typeof value === 'number') {
    const high = value | 0
    if (high === value) return prependInt32(sdu, high)
    if (!Number.isSafeInteger(value)) throw unencodable('BER_VALUE', 'a whole number of at most 53 bits, or a bigint', value)
    prependWord(sdu, value >>> 0)
    return prependInt32(sdu, Math.floor(value / 0x1_0000_0000))
  }
  if (typeof value !== 'bigint') throw unencodable('BER_VALUE', 'a whole number or a bigint', value)
  if (BigInt.asIntN(53, value) === value) return prependInteger(sdu, Number(value))
  if (BigInt.asIntN(64, value) === value) {
    prependWord(sdu, Number(BigInt.asUintN(32, value)))
    return prependInt32(sdu, Number(value >> 32n))
  }
  prependBig(sdu, value)
}

/** Room for 4 octets must be reserved. */
function prependInt32(sdu: Sdu, value: number): void {
  const buffer = sdu.buffer
  let start = sdu.start
  let rest = value
  let octet: number
  do {
    octet = rest & 0xff
    buffer[--start] = octet
    rest >>= 8
  } while (rest !== (octet << 24) >> 31)
  sdu.start = start
}

function prependWord(sdu: Sdu, value: number): void {
  const buffer = sdu.buffer
  buffer[--sdu.start] = value & 0xff
  buffer[--sdu.start] = (value >>> 8) & 0xff
  buffer[--sdu.start] = (value >>> 16) & 0xff
  buffer[--sdu.start] = value >>> 24
}

function prependBig(sdu: Sdu, value: bigint): void {
  // Magnitude in hex, with one bit in front for the sign; ~value has the same length for negative ones.
  const magnitude = value < 0n ? ~value : value
  let digits = magnitude.toString(16)
  if (digits.length % 2) digits = `0${digits}`
  if (Number.parseInt(digits.slice(0, 2), 16) >= 0x80) digits = `00${digits}`
  const octets = new Uint8Array(digits.length / 2)
  const flip = value < 0n ? 0xff : 0
  for (let i = 0; i < octets.length; i++) octets[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16) ^ flip
  sdu.prepend(octets)
}

/** The element of an INTEGER. */
export function prependIntegerElement(sdu: Sdu, value: Integer, tag: number): void {
  const before = sdu.length
  prependInteger(sdu, value)
  prependHeader(sdu, tag, sdu.length - before)
}

/** X.690, 8.3, of any size. TypeScript: `Integer`, a number where that is exact. */
export const INTEGER: Type<Integer> = builtin('INTEGER', 2, { get: readInteger, put: prependIntegerElement }, { json: 'integer' })

/**
 * An INTEGER with a value range, checked both ways.
 *
 * @param name ASN.1 name, such as `Unsigned32`; '' for none
 * @param least the smallest value; both bounds are safe numbers
 */
export function integerRange(name: string, least: number, most: number): Type<number> {
  if (!Number.isSafeInteger(least) || !Number.isSafeInteger(most) || least > most)
    throw schemaError(`${name}: no range from ${least} to ${most}`)
  return builtin(
    name,
    2,
    {
      get(reader) {
        const value = readInteger(reader) as number
        if (value >= least && value <= most) return value
        throw reader.error(
          'BER_INTEGER_RANGE',
          `expected an INTEGER from ${least} to ${most}, found ${value > most ? 'a larger' : 'a smaller'} one`,
        )
      },
      put(sdu, value, tag) {
        if (typeof value !== 'number' || !(value >= least && value <= most)) {
          throw unencodable('BER_INTEGER_RANGE', `a whole number from ${least} to ${most}`, value)
        }
        prependIntegerElement(sdu, value, tag)
      },
    },
    { asn1: `INTEGER (${least}..${most})`, range: [least, most] },
  )
}

/** An INTEGER some of whose values have names. Others stay numbers. @param numbers name → number, camelCase of the identifiers */
export function namedInteger<N extends string>(name: string, numbers: Readonly<Record<N, number>>): Type<Named<N>> {
  return namedNumbers(name, 2, 'INTEGER', numbers)
}

/** X.690, 8.4. Numbers without a name are kept as numbers: a newer peer may have more. @param numbers name → number */
export function ENUMERATED<N extends string>(numbers: Readonly<Record<N, number>>, name = ''): Type<Named<N>> {
  return namedNumbers(name, 10, 'ENUMERATED', numbers)
}

function namedNumbers<N extends string>(name: string, number: number, asn1: string, numbers: Readonly<Record<N, number>>): Type<Named<N>> {
  const byName = new Map<string, number>(Object.entries(numbers))
  const byNumber = new Map<number, N>()
  for (const [key, value] of byName) {
    if (!Number.isSafeInteger(value) || byNumber.has(value))
      throw schemaError(`${name || asn1}: ${key} needs a number of its own, found ${value}`)
    byNumber.set(value, key as N)
  }
  return builtin<Named<N>>(
    name,
    number,
    {
      get(reader) {
        const value = readNumber(reader)
        return byNumber.get(value) ?? value
      },
      put(sdu, value, tag) {
        const known = typeof value === 'number' ? value : byName.get(value)
        if (known === undefined) throw unencodable('BER_VALUE', `a number or one of ${[...byName.keys()].slice(0, 12).join(', ')}`, value)
        prependIntegerElement(sdu, known, tag)
      },
    },
    { asn1, names: numbers },
  )
}
