import {
  BerReader,
  type BitString,
  CONSTRUCTED,
  type Integer,
  readBitString,
  readBoolean,
  readInteger,
  readLatin1,
  readObjectIdentifier,
  readOctets,
  readVisible,
  tagNumber,
  within,
} from '@x/ber'
import type { Data } from './data.js'
import * as tags from './data-tags.js'
import { readFloatingPoint } from './floating-point.js'
import { readText } from './text.js'
import { readTimeOfDay, readUtcTime, utcTimeAt } from './time.js'

/** Arrays and structures that may stand inside each other. */
let nestingLimit = 1_000_000

/**
 * Sets how many arrays and structures may stand inside each other in the Data decoded from now on. Decoding is synchronous: whoever
 * sets it puts the old limit back in a `finally`.
 *
 * @returns the limit until now
 */
export function setNestingLimit(limit: number): number {
  const before = nestingLimit
  nestingLimit = limit
  return before
}

/** Octets up to which a bit string is copied here and now. */
const SHORT = 16

/** Contents of Data. @throws DecodeError BER_… MMS_… */
export function readData(reader: BerReader, tag: number): Data {
  return readContents(reader, tag, reader.position, reader.end)
}

/** The same between two places. What is most frequent is read here and now; all else goes by the reader's own fields. */
function readContents(reader: BerReader, tag: number, from: number, to: number): Data {
  const { octets } = reader
  switch (tag) {
    case tags.STRUCTURE:
      return { type: 'structure', value: readElements(reader, from, to) }
    case tags.ARRAY:
      return { type: 'array', value: readElements(reader, from, to) }
    case tags.BIT_STRING:
      if (to - from < 2 || to - from > SHORT || octets[from]! > 7) break
      return { type: 'bitString', value: shortBits(octets, from, to) }
    case tags.BOOLEAN:
      if (to - from !== 1) break
      return { type: 'boolean', value: octets[from] !== 0 }
    case tags.UTC_TIME:
      if (to - from !== 8) break
      return { type: 'utcTime', value: utcTimeAt(octets, from) }
  }
  reader.position = from
  reader.end = to
  return readSimple(reader, tag)
}

function readSimple(reader: BerReader, tag: number): Data {
  switch (tag) {
    case tags.FLOATING_POINT:
      return { type: 'floatingPoint', value: readFloatingPoint(reader) }
    case tags.INTEGER:
      return { type: 'integer', value: readInteger(reader) }
    case tags.UNSIGNED:
      return { type: 'unsigned', value: readNatural(reader) }
    case tags.VISIBLE_STRING:
      return { type: 'visibleString', value: reader.strict ? readVisible(reader, tag) : readLatin1(reader, tag) }
    case tags.BIT_STRING:
      return { type: 'bitString', value: readBitString(reader, tag) }
    case tags.BOOLEAN:
      return { type: 'boolean', value: readBoolean(reader) }
    case tags.UTC_TIME:
      return { type: 'utcTime', value: readUtcTime(reader) }
    default:
      return readOther(reader, tag)
  }
}

/** What is rarer. */
function readOther(reader: BerReader, tag: number): Data {
  switch (tag) {
    case tags.OCTET_STRING:
      return { type: 'octetString', value: readOctets(reader, tag) }
    case tags.BINARY_TIME:
      return { type: 'binaryTime', value: readTimeOfDay(reader) }
    case tags.GENERALIZED_TIME:
      return { type: 'generalizedTime', value: readLatin1(reader, tag) }
    case tags.BCD:
      return { type: 'bcd', value: readNatural(reader) }
    case tags.BOOLEAN_ARRAY:
      return { type: 'booleanArray', value: readBitString(reader, tag) }
    case tags.OBJ_ID:
      return { type: 'objId', value: readObjectIdentifier(reader) }
    case tags.MMS_STRING:
      return { type: 'mMSString', value: readText(reader, tag) }
    default:
      return readSegmented(reader, tag)
  }
}

/** Strings in constructed form: legal, and not seen yet. X.690, 8.7.3. */
function readSegmented(reader: BerReader, tag: number): Data {
  switch (tag & ~CONSTRUCTED) {
    case tags.BIT_STRING:
      return { type: 'bitString', value: readBitString(reader, tag) }
    case tags.BOOLEAN_ARRAY:
      return { type: 'booleanArray', value: readBitString(reader, tag) }
    case tags.OCTET_STRING:
      return { type: 'octetString', value: readOctets(reader, tag) }
    case tags.VISIBLE_STRING:
      return { type: 'visibleString', value: reader.strict ? readVisible(reader, tag) : readLatin1(reader, tag) }
    case tags.GENERALIZED_TIME:
      return { type: 'generalizedTime', value: readLatin1(reader, tag, 0x18) }
    case tags.MMS_STRING:
      return { type: 'mMSString', value: readText(reader, tag) }
    case tags.FLOATING_POINT:
      return { type: 'floatingPoint', value: readFloatingPoint(joined(reader, tag)) }
    case tags.BINARY_TIME:
      return { type: 'binaryTime', value: readTimeOfDay(joined(reader, tag)) }
    case tags.UTC_TIME:
      return { type: 'utcTime', value: readUtcTime(joined(reader, tag)) }
    default:
      throw reader.error('BER_CHOICE', `expected an alternative of Data, found [${tagNumber(tag)}]`)
  }
}

/** "Shall not be negative" of ISO 9506-2; some devices leave the leading zero octet out, so that it is passed on unless `strict`. */
function readNatural(reader: BerReader): Integer {
  const value = readInteger(reader)
  if (value < 0 && reader.strict) throw reader.error('BER_INTEGER_RANGE', `expected a number that is not negative, found ${value}`)
  return value
}

/** The contents of an OCTET STRING in segments, as a reader of their own. */
function joined(reader: BerReader, tag: number): BerReader {
  const octets = readOctets(reader, tag)
  const inner = new BerReader(octets, { layer: reader.layer, strict: reader.strict })
  inner.end = octets.length
  return inner
}

/** A copy of the bits of a short primitive BIT STRING, its padding cleared. */
function shortBits(octets: Uint8Array, from: number, to: number): BitString {
  const count = to - from - 1
  const unused = octets[from]!
  const bits = new Uint8Array(count)
  for (let i = 0; i < count; i++) bits[i] = octets[from + 1 + i]!
  bits[count - 1]! &= 0xff << unused
  return { octets: bits, size: 8 * count - unused }
}

/** The elements of an array or a structure. */
function readElements(reader: BerReader, from: number, to: number): Data[] {
  if (--nestingLimit < 0) {
    throw reader.error('MMS_NESTING', 'expected no more arrays and structures inside each other than negotiated, found one more')
  }
  reader.position = from
  reader.end = to
  const list = readDataList(reader)
  nestingLimit++
  return list
}

/** The elements of a SEQUENCE OF Data. Written out for Data, because a loop over any reading function is a quarter slower. */
export function readDataList(reader: BerReader): Data[] {
  const end = reader.end
  reader.enter()
  let count = 0
  let list: Data[]
  try {
    // A literal has its exact size; the first push would make room for 17.
    if (reader.position === end) list = []
    else {
      const first = readElement(reader, end)
      count = 1
      if (reader.position === end) list = [first]
      else {
        const second = readElement(reader, end)
        count = 2
        if (reader.position === end) list = [first, second]
        else {
          list = [first, second, readElement(reader, end)]
          for (count = 3; reader.position < end; count++) list.push(readElement(reader, end))
        }
      }
    }
  } catch (error) {
    throw within(error, `[${count}]`)
  }
  reader.leave()
  return list
}

/** One element from `reader.position` on, which is behind it then. */
export function readElement(reader: BerReader, limit: number): Data {
  const { octets, position } = reader
  const tag = octets[position]!
  const length = octets[position + 1]!
  const next = position + 2 + length
  if (length < 0x80 && next <= limit && (tag & 0x1f) !== 0x1f && --reader.elements >= 0) {
    const value = readContents(reader, tag, position + 2, next)
    reader.position = next
    return value
  }
  const found = reader.header(limit)
  const end = reader.end
  const value = readContents(reader, found, reader.position, end)
  reader.position = end
  return value
}
