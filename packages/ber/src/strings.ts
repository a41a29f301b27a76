import type { DecodeError, Sdu } from '@x/core'
import { unencodable } from './failure.js'
import { CONSTRUCTED } from './identifier.js'
import { latin1, latin1Long, utf8, utf8Octets } from './platform.js'
import type { BerReader } from './reader.js'
import { joinSegments, stringContents } from './segments.js'
import { builtin, type Type } from './type.js'
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
  return readChecked(reader, tag, 26, 0x20, 0x7e)
}

function readChecked(reader: BerReader, tag: number, universal: number, least: number, most: number): string {
  const begin = reader.position
  let { octets, position: from, end: to } = reader
  if (tag & CONSTRUCTED) {
    octets = joinSegments(reader, universal)
    from = 0
    to = octets.length
  }
  let outside = 0
  for (let i = from; i < to; i++) {
    const octet = octets[i]!
    outside |= (octet - least) | (most - octet)
  }
  if (outside < 0) throw foreign(reader, octets, from, least, most, begin - from)
  return latin1(octets, from, to)
}

/** Names the first octet outside `least` to `most`. In segments the offset is that of the first one, and some more. */
function foreign(reader: BerReader, octets: Uint8Array, from: number, least: number, most: number, shift: number): DecodeError {
  let at = from
  while (octets[at]! >= least && octets[at]! <= most) at++
  return reader.error('BER_STRING', `expected octets ${hexOf(least)} to ${hexOf(most)}, found ${hexOf(octets[at]!)}`, at + shift)
}

const hexOf = (octet: number): string => octet.toString(16).padStart(2, '0')

/** Contents of a UTF8String. @throws DecodeError BER_STRING where they are not UTF-8 */
export function readUtf8(reader: BerReader, tag: number): string {
  const at = reader.position
  const text = utf8(stringContents(reader, tag, 12))
  if (text === undefined) throw reader.error('BER_STRING', 'expected UTF-8, found other octets', at)
  return text
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
    // Behind the last octet there is no length, and so no next.
    if (octets[at] !== tag || length >= 0x80 || !(next <= end)) return -1
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

function text(name: string, number: number, least: number, most: number): Type<string> {
  const loose = least === 0 && most === 0xff
  const visible = least === 0x20 && most === 0x7e
  return builtin(
    name,
    number,
    {
      get: loose ? (reader, tag) => readLatin1(reader, tag, number) : (reader, tag) => readChecked(reader, tag, number, least, most),
      put: (sdu, value, tag) => prependStringElement(sdu, value, tag, least, most),
      ...((loose || visible) && { list: (reader, tag) => stringList(reader, tag, visible) }),
    },
    { constructed: true },
  )
}

/** X.680, 41: characters 20 to 7e, checked both ways. TypeScript: `string`. */
export const VisibleString: Type<string> = text('VisibleString', 26, 0x20, 0x7e)

/** VisibleString that takes any octet as a character U+0000 to U+00FF, and gives it back: for texts of vendors, not for names. */
export const LooseVisibleString: Type<string> = text('VisibleString', 26, 0, 0xff)

/** Octets as they are, a character U+0000 to U+00FF each; escape sequences (ISO 2022) are not interpreted. */
export const GraphicString: Type<string> = text('GraphicString', 25, 0, 0xff)
/** As `GraphicString`. */
export const GeneralString: Type<string> = text('GeneralString', 27, 0, 0xff)
/** As `GraphicString`. */
export const TeletexString: Type<string> = text('TeletexString', 20, 0, 0xff)
/** As `GraphicString`: X.680, 48 makes it one. */
export const ObjectDescriptor: Type<string> = text('ObjectDescriptor', 7, 0, 0xff)
/** Octets 00 to 7f, checked both ways. */
export const IA5String: Type<string> = text('IA5String', 22, 0, 0x7f)
/** Octets 20 to 7e, checked both ways. The standard allows fewer. */
export const PrintableString: Type<string> = text('PrintableString', 19, 0x20, 0x7e)
/** Octets 20 to 39, checked both ways. The standard allows fewer. */
export const NumericString: Type<string> = text('NumericString', 18, 0x20, 0x39)

/** X.690, 8.21.10. TypeScript: `string`; other octets than UTF-8 are an error. */
export const UTF8String: Type<string> = builtin('UTF8String', 12, { get: readUtf8, put: prependUtf8Element }, { constructed: true })
