import {
  BerReader,
  type BitString,
  CONSTRUCTED,
  readBitString,
  readBoolean,
  readInteger,
  readLatin1,
  readObjectIdentifier,
  readOctets,
  tagNumber,
  within,
} from '@x/ber'
import type { Data } from './data.js'
import * as tags from './data-tags.js'
import { readFloatingPoint } from './floating-point.js'
import { readText } from './text.js'
import { readTimeOfDay, readUtcTime } from './time.js'

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

/** Contents of Data. @throws DecodeError BER_… MMS_… */
export function readData(reader: BerReader, tag: number): Data {
  switch (tag) {
    case tags.STRUCTURE:
      return { type: 'structure', value: readElements(reader) }
    case tags.FLOATING_POINT:
      return { type: 'floatingPoint', value: readFloatingPoint(reader) }
    case tags.BIT_STRING:
      return { type: 'bitString', value: readBits(reader) }
    case tags.UTC_TIME:
      return { type: 'utcTime', value: readUtcTime(reader) }
    case tags.BOOLEAN:
      return { type: 'boolean', value: readBoolean(reader) }
    case tags.INTEGER:
      return { type: 'integer', value: readInteger(reader) }
    case tags.UNSIGNED:
      return { type: 'unsigned', value: readInteger(reader) }
    case tags.VISIBLE_STRING:
      return { type: 'visibleString', value: readLatin1(reader, tag) }
    case tags.ARRAY:
      return { type: 'array', value: readElements(reader) }
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
      return { type: 'bcd', value: readInteger(reader) }
    case tags.BOOLEAN_ARRAY:
      return { type: 'booleanArray', value: readBits(reader) }
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
      return { type: 'visibleString', value: readLatin1(reader, tag) }
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

/** The contents of an OCTET STRING in segments, as a reader of their own. */
function joined(reader: BerReader, tag: number): BerReader {
  const octets = readOctets(reader, tag)
  const inner = new BerReader(octets, { layer: reader.layer })
  inner.end = octets.length
  return inner
}

const POOL = 1024
const LARGEST_POOLED = 16
// Its buffer beside it: asking a typed array for its buffer takes as long as making one.
let memory = new ArrayBuffer(POOL)
let pool = new Uint8Array(memory)
let poolTop = 0

/**
 * A primitive BIT STRING. Short ones share memory, a kilobyte at a time: an array of its own for two octets takes twice the room and a
 * quarter more time. Each place is written once, so the octets belong to the value.
 */
function readBits(reader: BerReader): BitString {
  const { octets, position, end } = reader
  const count = end - position - 1
  const unused = octets[position]!
  if (count < 1 || count > LARGEST_POOLED || unused > 7) return readBitString(reader, 0)
  if (poolTop + count > POOL) {
    memory = new ArrayBuffer(POOL)
    pool = new Uint8Array(memory)
    poolTop = 0
  }
  const at = poolTop
  poolTop = at + count
  for (let i = 0; i < count; i++) pool[at + i] = octets[position + 1 + i]!
  pool[at + count - 1]! &= 0xff << unused
  return { octets: new Uint8Array(memory, at, count), size: 8 * count - unused }
}

/** The elements of an array or a structure. */
function readElements(reader: BerReader): Data[] {
  if (--nestingLimit < 0) {
    throw reader.error('MMS_NESTING', 'expected no more arrays and structures inside each other than negotiated, found one more')
  }
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

function readElement(reader: BerReader, limit: number): Data {
  const tag = reader.header(limit)
  const next = reader.end
  const value = readData(reader, tag)
  reader.position = next
  return value
}
