import type { Sdu } from '@x/core'
import { unencodable } from './failure.js'
import { CONSTRUCTED } from './identifier.js'
import { latin1, latin1Long, utf8, utf8Octets } from './platform.js'
import type { BerReader } from './reader.js'
import { joinSegments, stringContents } from './segments.js'
import { builtin, type Codec, type Type } from './type.js'
import { prependHeader } from './writer.js'

/** Contents as characters U+0000 to U+00FF, one for each octet: loses nothing and refuses nothing. */
export function readLatin1(reader: BerReader, tag: number, universal = 26): string {
  if (tag & CONSTRUCTED) {
    const joined = joinSegments(reader, universal)
    return latin1(joined, 0, joined.length)
  }
  return latin1(reader.octets, reader.position, reader.end)
}

/** Contents of a VisibleString: space to tilde only. @throws DecodeError BER_STRING */
export function readVisible(reader: BerReader, tag: number): string {
  if (tag & CONSTRUCTED) {
    const joined = joinSegments(reader, 26)
    if (!visible(joined, 0, joined.length)) throw reader.error('BER_STRING', 'expected octets 20 to 7e, found another', reader.position)
    return latin1(joined, 0, joined.length)
  }
  const { octets, position, end } = reader
  if (!visible(octets, position, end)) throw notVisible(reader, position, end)
  return latin1(octets, position, end)
}

/** Contents of a UTF8String. @throws DecodeError BER_STRING where they are not UTF-8 */
export function readUtf8(reader: BerReader, tag: number): string {
  const at = reader.position
  const text = utf8(stringContents(reader, tag, 12))
  if (text === undefined) throw reader.error('BER_STRING', 'expected UTF-8, found other octets', at)
  return text
}

function visible(octets: Uint8Array, from: number, to: number): boolean {
  let outside = 0
  for (let i = from; i < to; i++) {
    const octet = octets[i]!
    outside |= (octet - 0x20) | (0x7e - octet)
  }
  return outside >= 0
}

function notVisible(reader: BerReader, from: number, to: number): unknown {
  let at = from
  while (at < to && reader.octets[at]! >= 0x20 && reader.octets[at]! <= 0x7e) at++
  return reader.error('BER_STRING', `expected octets 20 to 7e, found ${reader.octets[at]!.toString(16).padStart(2, '0')}`, at)
}

/** The element of a string of one octet for each character. @param least @param most the characters allowed */
export function prependStringElement(sdu: Sdu, value: string, tag: number, least = 0, most = 0xff): void {
  if (typeof value !== 'string') throw unencodable('BER_VALUE', 'a string', value)
  const n = value.length
  sdu.reserve(n)
  const buffer = sdu.buffer
  const start = sdu.start - n
  let outside = 0
  for (let i = 0; i < n; i++) {
    const code = value.charCodeAt(i)
    outside |= (code - least) | (most - code)
    buffer[start + i] = code
  }
  if (outside < 0) throw unencodable('BER_STRING', `characters U+${hex4(least)} to U+${hex4(most)}`, value)
  sdu.start = start
  prependHeader(sdu, tag, n)
}

function hex4(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0')
}

/** The element of a VisibleString. */
export function prependVisibleElement(sdu: Sdu, value: string, tag: number): void {
  prependStringElement(sdu, value, tag, 0x20, 0x7e)
}

/** The element of a UTF8String. */
export function prependUtf8Element(sdu: Sdu, value: string, tag: number): void {
  if (typeof value !== 'string') throw unencodable('BER_VALUE', 'a string', value)
  const octets = utf8Octets(value)
  if (utf8(octets) !== value) throw unencodable('BER_STRING', 'a string without lone surrogates', value)
  sdu.prepend(octets)
  prependHeader(sdu, tag, octets.length)
}

/**
 * A whole list of strings in one native call: all its octets become one text, and the strings are parts of that. The parts keep
 * the text alive, a few times their own length at worst.
 *
 * @param tag of the strings, in their primitive form
 * @returns undefined where the list is not made of short primitive strings: then it must be read one by one
 */
function stringList(reader: BerReader, tag: number, check: boolean): string[] | undefined {
  const { octets, position: begin, end } = reader
  if (end - begin < 32) return undefined
  const count = countStrings(octets, begin, end, tag, check)
  if (count < 0 || count > reader.elements) return undefined
  reader.elements -= count
  const text = latin1Long(octets, begin, end)
  const list = new Array<string>(count)
  for (let i = 0, at = 0; i < count; i++) {
    const next = at + 2 + octets[begin + at + 1]!
    list[i] = text.substring(at + 2, next)
    at = next
  }
  return list
}

/** @returns how many strings there are; -1 where something is not a short primitive string of `tag`, or not visible */
function countStrings(octets: Uint8Array, begin: number, end: number, tag: number, check: boolean): number {
  const words = new DataView(octets.buffer, octets.byteOffset, octets.length)
  let outside = 0
  let count = 0
  for (let at = begin; at < end; count++) {
    const length = octets[at + 1]!
    const next = at + 2 + length
    if (octets[at] !== tag || length >= 0x80 || next > end) return -1
    at += 2
    if (check) {
      // Four characters at a time. The highest bit of a lane is set for 80 and above in w, for 7f in w + 01, for below 20 in the last.
      for (; at + 3 < next; at += 4) {
        const w = words.getInt32(at)
        outside |= (w | (w + 0x0101_0101) | ~((w | 0x8080_8080) - 0x2020_2020)) & 0x8080_8080
      }
      for (; at < next; at++) outside |= ((octets[at]! - 0x20) | (0x7e - octets[at]!)) & 0x8000_0000
    }
    at = next
  }
  return outside === 0 ? count : -1
}

function text(name: string, number: number, read: Codec<string>['get'], least: number, most: number, check: boolean): Type<string> {
  return builtin(
    name,
    number,
    {
      get: read,
      put: (sdu, value, tag) => prependStringElement(sdu, value, tag, least, most),
      list: (reader, tag) => stringList(reader, tag, check),
    },
    { constructed: true },
  )
}

const lossless =
  (number: number): Codec<string>['get'] =>
  (reader, tag) =>
    readLatin1(reader, tag, number)

/** X.680, 41: characters 20 to 7e, checked both ways. TypeScript: `string`. */
export const VisibleString: Type<string> = text('VisibleString', 26, readVisible, 0x20, 0x7e, true)

/** VisibleString that takes any octet as a character U+0000 to U+00FF, and gives it back: for texts of vendors, not for names. */
export const LooseVisibleString: Type<string> = text('VisibleString', 26, lossless(26), 0, 0xff, false)

/** Octets as they are, a character U+0000 to U+00FF each; escape sequences (ISO 2022) are not interpreted. */
export const GraphicString: Type<string> = text('GraphicString', 25, lossless(25), 0, 0xff, false)
/** As `GraphicString`. */
export const GeneralString: Type<string> = text('GeneralString', 27, lossless(27), 0, 0xff, false)
/** As `GraphicString`. */
export const TeletexString: Type<string> = text('TeletexString', 20, lossless(20), 0, 0xff, false)
/** As `GraphicString`: X.680, 48 makes it one. */
export const ObjectDescriptor: Type<string> = text('ObjectDescriptor', 7, lossless(7), 0, 0xff, false)
/** Octets as they are; in encoding 00 to 7f only. */
export const IA5String: Type<string> = text('IA5String', 22, lossless(22), 0, 0x7f, false)
/** Octets as they are; in encoding 20 to 7e only. The standard allows fewer. */
export const PrintableString: Type<string> = text('PrintableString', 19, lossless(19), 0x20, 0x7e, false)
/** Octets as they are; in encoding 20 to 39 only. The standard allows fewer. */
export const NumericString: Type<string> = text('NumericString', 18, lossless(18), 0x20, 0x39, false)

/** X.690, 8.21.10. TypeScript: `string`; other octets than UTF-8 are an error. */
export const UTF8String: Type<string> = builtin('UTF8String', 12, { get: readUtf8, put: prependUtf8Element }, { constructed: true })
