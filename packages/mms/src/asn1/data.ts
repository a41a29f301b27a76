import {
  BerReader,
  BIT_STRING,
  type BitString,
  BOOLEAN,
  CHOICE,
  type Choice,
  CONSTRUCTED,
  contextTag,
  INTEGER,
  type Integer,
  implicit,
  LooseVisibleString,
  leaf,
  type Named,
  namedInteger,
  OBJECT_IDENTIFIER,
  OCTET_STRING,
  prependBitStringElement,
  prependBoolean,
  prependHeader,
  prependIntegerElement,
  prependObjectIdentifierElement,
  prependOctetsElement,
  prependStringElement,
  readBitString,
  readBoolean,
  readInteger,
  readLatin1,
  readObjectIdentifier,
  readOctets,
  SEQUENCE_OF,
  type Type,
  tagNumber,
  within,
} from '@x/ber'
import { EncodeError, type Sdu } from '@x/core'
import { FloatingPoint, prependFloatingPoint, readFloatingPoint } from './floating-point.js'
import { MMSString } from './identifiers.js'
import { prependText, readText } from './text.js'
import { prependTimeOfDay, prependUtcTime, readTimeOfDay, readUtcTime, TimeOfDay, UtcTime } from './time.js'

/** ISO 9506-2, Data: a value of any MMS type. It says its kind, not its size: that is in the TypeDescription. */
export type Data = Choice<{
  array: readonly Data[]
  structure: readonly Data[]
  boolean: boolean
  bitString: BitString
  integer: Integer
  unsigned: Integer
  floatingPoint: FloatingPoint
  octetString: Uint8Array
  /** Any octet as a character U+0000 to U+00FF; the standard has space to tilde. */
  visibleString: string
  /** As it is on the wire, such as `20240131123000.25Z`. See `generalizedTimeToDate`. */
  generalizedTime: string
  binaryTime: TimeOfDay
  /** The number that the decimal digits mean. */
  bcd: Integer
  /** One bit for each element of an array of boolean. */
  booleanArray: BitString
  /** Dotted object identifier. */
  objId: string
  /** UTF-8; other octets come as U+DC80 to U+DCFF. */
  mMSString: string
  /** IEC 61850-8-1. */
  utcTime: UtcTime
}>

const dataAccessErrors = {
  'object-invalidated': 0,
  'hardware-fault': 1,
  'temporarily-unavailable': 2,
  'object-access-denied': 3,
  'object-undefined': 4,
  'invalid-address': 5,
  'type-unsupported': 6,
  'type-inconsistent': 7,
  'object-attribute-inconsistent': 8,
  'object-access-unsupported': 9,
  'object-non-existent': 10,
  'object-value-invalid': 11,
} as const

/** ISO 9506-2, DataAccessError: why one item could not be read or written. */
export type DataAccessError = Named<keyof typeof dataAccessErrors>
export const DataAccessError: Type<DataAccessError> = namedInteger('DataAccessError', dataAccessErrors)

/** ISO 9506-2, AccessResult: what became of one item. */
export type AccessResult = Choice<{ failure: DataAccessError; success: Data }>

/** GeneralizedTime as the text that it is. */
export const GeneralizedTimeText: Type<string> = leaf<string>({
  name: 'GeneralizedTime',
  tags: [0x18],
  get: (reader, tag) => readLatin1(reader, tag, 0x18),
  put: (sdu, value, tag) => prependStringElement(sdu, value, tag, 0, 0xff),
})

/** Data as the standard writes it. `Data` is the same by hand; a test holds the two against each other. */
export const DeclaredData: Type<Data> = CHOICE<Data>('Data', {
  array: implicit(
    1,
    SEQUENCE_OF(() => Data),
  ),
  structure: implicit(
    2,
    SEQUENCE_OF(() => Data),
  ),
  boolean: implicit(3, BOOLEAN),
  bitString: implicit(4, BIT_STRING, 'bit-string'),
  integer: implicit(5, INTEGER),
  unsigned: implicit(6, INTEGER),
  floatingPoint: implicit(7, FloatingPoint, 'floating-point'),
  octetString: implicit(9, OCTET_STRING, 'octet-string'),
  visibleString: implicit(10, LooseVisibleString, 'visible-string'),
  generalizedTime: implicit(11, GeneralizedTimeText, 'generalized-time'),
  binaryTime: implicit(12, TimeOfDay, 'binary-time'),
  bcd: implicit(13, INTEGER),
  booleanArray: implicit(14, BIT_STRING),
  objId: implicit(15, OBJECT_IDENTIFIER),
  mMSString: implicit(16, MMSString),
  utcTime: implicit(17, UtcTime, 'utc-time'),
})

const FAILURE = 0x80
const ARRAY = 0xa1
const STRUCTURE = 0xa2
const BOOLEAN_TAG = 0x83
const BIT_STRING_TAG = 0x84
const INTEGER_TAG = 0x85
const UNSIGNED = 0x86
const FLOATING_POINT = 0x87
const OCTET_STRING_TAG = 0x89
const VISIBLE_STRING = 0x8a
const GENERALIZED_TIME = 0x8b
const BINARY_TIME = 0x8c
const BCD = 0x8d
const BOOLEAN_ARRAY = 0x8e
const OBJ_ID = 0x8f
const MMS_STRING = 0x90
const UTC_TIME = 0x91

let nestingLimit = Number.POSITIVE_INFINITY

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

function getData(reader: BerReader, tag: number): Data {
  return readData(reader, tag, nestingLimit)
}

/** @param nesting arrays and structures that may still be entered */
function readData(reader: BerReader, tag: number, nesting: number): Data {
  switch (tag) {
    case STRUCTURE:
      return { type: 'structure', value: readElements(reader, nesting) }
    case ARRAY:
      return { type: 'array', value: readElements(reader, nesting) }
    case FLOATING_POINT:
      return { type: 'floatingPoint', value: readFloatingPoint(reader) }
    case BIT_STRING_TAG:
      return { type: 'bitString', value: readBitString(reader, tag) }
    case UTC_TIME:
      return { type: 'utcTime', value: readUtcTime(reader) }
    case INTEGER_TAG:
      return { type: 'integer', value: readInteger(reader) }
    case UNSIGNED:
      return { type: 'unsigned', value: readInteger(reader) }
    case BOOLEAN_TAG:
      return { type: 'boolean', value: readBoolean(reader) }
    case OCTET_STRING_TAG:
      return { type: 'octetString', value: readOctets(reader, tag) }
    case VISIBLE_STRING:
      return { type: 'visibleString', value: readLatin1(reader, tag) }
    case BINARY_TIME:
      return { type: 'binaryTime', value: readTimeOfDay(reader) }
    case GENERALIZED_TIME:
      return { type: 'generalizedTime', value: readLatin1(reader, tag) }
    case BCD:
      return { type: 'bcd', value: readInteger(reader) }
    case BOOLEAN_ARRAY:
      return { type: 'booleanArray', value: readBitString(reader, tag) }
    case OBJ_ID:
      return { type: 'objId', value: readObjectIdentifier(reader) }
    case MMS_STRING:
      return { type: 'mMSString', value: readText(reader, tag) }
    default:
      return readSegmented(reader, tag)
  }
}

/** Strings in constructed form: legal, and not seen yet. X.690, 8.7.3. */
function readSegmented(reader: BerReader, tag: number): Data {
  switch (tag & ~CONSTRUCTED) {
    case BIT_STRING_TAG:
      return { type: 'bitString', value: readBitString(reader, tag) }
    case BOOLEAN_ARRAY:
      return { type: 'booleanArray', value: readBitString(reader, tag) }
    case OCTET_STRING_TAG:
      return { type: 'octetString', value: readOctets(reader, tag) }
    case VISIBLE_STRING:
      return { type: 'visibleString', value: readLatin1(reader, tag) }
    case GENERALIZED_TIME:
      return { type: 'generalizedTime', value: readLatin1(reader, tag, 0x18) }
    case MMS_STRING:
      return { type: 'mMSString', value: readText(reader, tag) }
    case FLOATING_POINT:
      return { type: 'floatingPoint', value: readFloatingPoint(joined(reader, tag)) }
    case BINARY_TIME:
      return { type: 'binaryTime', value: readTimeOfDay(joined(reader, tag)) }
    case UTC_TIME:
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

function readElements(reader: BerReader, nesting: number): Data[] {
  const end = reader.end
  reader.enter()
  if (nesting <= 0)
    throw reader.error('MMS_NESTING', 'expected no more arrays and structures inside each other than negotiated, found one more')
  let count = 0
  let list: Data[]
  try {
    // A literal has its exact size; the first push would make room for 17.
    if (reader.position === end) list = []
    else {
      const first = readElement(reader, end, nesting - 1)
      count = 1
      if (reader.position === end) list = [first]
      else {
        const second = readElement(reader, end, nesting - 1)
        count = 2
        if (reader.position === end) list = [first, second]
        else {
          list = [first, second, readElement(reader, end, nesting - 1)]
          for (count = 3; reader.position < end; count++) list.push(readElement(reader, end, nesting - 1))
        }
      }
    }
  } catch (error) {
    throw within(error, `[${count}]`)
  }
  reader.leave()
  return list
}

function readElement(reader: BerReader, limit: number, nesting: number): Data {
  const tag = reader.header(limit)
  const next = reader.end
  const value = readData(reader, tag, nesting)
  reader.position = next
  return value
}

function putData(sdu: Sdu, data: Data): void {
  switch (data?.type) {
    case 'structure':
      return prependElements(sdu, data.value, STRUCTURE)
    case 'array':
      return prependElements(sdu, data.value, ARRAY)
    case 'floatingPoint':
      return prependFloatingPoint(sdu, data.value, FLOATING_POINT)
    case 'bitString':
      return prependBitStringElement(sdu, data.value, BIT_STRING_TAG)
    case 'utcTime':
      return prependUtcTime(sdu, data.value, UTC_TIME)
    case 'integer':
      return prependIntegerElement(sdu, data.value, INTEGER_TAG)
    case 'unsigned':
      return prependNatural(sdu, data.value, UNSIGNED)
    case 'boolean':
      prependBoolean(sdu, data.value)
      return prependHeader(sdu, BOOLEAN_TAG, 1)
    case 'octetString':
      return prependOctetsElement(sdu, data.value, OCTET_STRING_TAG)
    case 'visibleString':
      return prependStringElement(sdu, data.value, VISIBLE_STRING, 0, 0xff)
    case 'binaryTime':
      return prependTimeOfDay(sdu, data.value, BINARY_TIME)
    case 'generalizedTime':
      return prependStringElement(sdu, data.value, GENERALIZED_TIME, 0, 0xff)
    case 'bcd':
      return prependNatural(sdu, data.value, BCD)
    case 'booleanArray':
      return prependBitStringElement(sdu, data.value, BOOLEAN_ARRAY)
    case 'objId':
      return prependObjectIdentifierElement(sdu, data.value, OBJ_ID)
    case 'mMSString':
      return prependText(sdu, data.value, MMS_STRING)
    default:
      throw new EncodeError('mms', 'MMS_DATA', `expected an alternative of Data, found ${JSON.stringify((data as Data | undefined)?.type)}`)
  }
}

function prependElements(sdu: Sdu, list: readonly Data[], tag: number): void {
  if (!Array.isArray(list)) throw new EncodeError('mms', 'MMS_DATA', `expected a list, found ${typeof list}`)
  const before = sdu.length
  let i = list.length - 1
  try {
    for (; i >= 0; i--) putData(sdu, list[i]!)
  } catch (error) {
    throw within(error, `[${i}]`)
  }
  prependHeader(sdu, tag, sdu.length - before)
}

/** "Shall not be negative" of ISO 9506-2; what comes in negative is passed on as it is. */
function prependNatural(sdu: Sdu, value: Integer, tag: number): void {
  if (value < 0) throw new EncodeError('mms', 'MMS_INTEGER_RANGE', `expected a number that is not negative, found ${value}`)
  prependIntegerElement(sdu, value, tag)
}

const dataTags = [
  ...[ARRAY, STRUCTURE, BOOLEAN_TAG, BIT_STRING_TAG, INTEGER_TAG, UNSIGNED, FLOATING_POINT, OCTET_STRING_TAG, VISIBLE_STRING],
  ...[GENERALIZED_TIME, BINARY_TIME, BCD, BOOLEAN_ARRAY, OBJ_ID, MMS_STRING, UTC_TIME],
  ...[4, 7, 9, 10, 11, 12, 14, 16, 17].map(number => contextTag(number, CONSTRUCTED)),
]

/** ISO 9506-2, Data. The one type of the stack that is written by hand, for speed. */
export const Data: Type<Data> = leaf<Data>({ name: 'Data', as: DeclaredData, tags: dataTags, get: getData, put: putData })

/** ISO 9506-2, AccessResult. Context tag 0, which Data leaves free, says failure. */
export const AccessResult: Type<AccessResult> = leaf<AccessResult>({
  name: 'AccessResult',
  as: () => CHOICE<AccessResult>('AccessResult', { failure: implicit(0, DataAccessError), success: Data }),
  tags: [FAILURE, ...dataTags],
  get(reader, tag) {
    if (tag === FAILURE) return { type: 'failure', value: DataAccessError.codec().get(reader, tag) }
    return { type: 'success', value: readData(reader, tag, nestingLimit) }
  },
  put(sdu, result) {
    switch (result?.type) {
      case 'success':
        return putData(sdu, result.value)
      case 'failure':
        return DataAccessError.codec().put(sdu, result.value, FAILURE)
      default:
        throw new EncodeError(
          'mms',
          'MMS_ACCESS_RESULT',
          `expected success or failure, found ${JSON.stringify((result as AccessResult | undefined)?.type)}`,
        )
    }
  },
})
