import {
  type BerReader,
  BIT_STRING,
  type BitString,
  BOOLEAN,
  CHOICE,
  type Choice,
  INTEGER,
  type Integer,
  implicit,
  LooseVisibleString,
  leaf,
  type Named,
  namedInteger,
  OBJECT_IDENTIFIER,
  OCTET_STRING,
  prependHeader,
  prependStringElement,
  readLatin1,
  SEQUENCE_OF,
  type Type,
  within,
} from '@x/ber'
import { EncodeError, type Sdu } from '@x/core'
import { readData, readDataList, readElement } from './data-read.js'
import { dataTags } from './data-tags.js'
import { prependData, prependDataList } from './data-write.js'
import { FloatingPoint } from './floating-point.js'
import { MMSString } from './identifiers.js'
import { TimeOfDay, UtcTime } from './time.js'

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

export const dataAccessErrors = {
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

/** ISO 9506-2, Data. The one type of the stack that is written by hand, for speed. */
export const Data: Type<Data> = leaf<Data>({
  name: 'Data',
  as: DeclaredData,
  tags: dataTags,
  get: readData,
  put: prependData,
})

/** SEQUENCE OF Data. */
export const DataList: Type<readonly Data[]> = leaf<readonly Data[]>({
  name: '',
  as: () => SEQUENCE_OF(Data),
  tags: [0x30],
  get: readDataList,
  put: prependDataList,
})

const DeclaredAccessResult: Type<AccessResult> = CHOICE<AccessResult>('AccessResult', {
  failure: implicit(0, DataAccessError),
  success: Data,
})

const readFailure = DataAccessError.codec().get
const prependFailure = DataAccessError.codec().put

function readAccessResult(reader: BerReader, tag: number): AccessResult {
  if (tag === FAILURE) return { type: 'failure', value: readFailure(reader, tag) }
  return { type: 'success', value: readData(reader, tag) }
}

function readAccessResults(reader: BerReader): AccessResult[] {
  const end = reader.end
  reader.enter()
  if (reader.position === end) {
    reader.leave()
    return []
  }
  let list: AccessResult[]
  let count = 0
  try {
    const first = readResultElement(reader, end)
    count = 1
    // One as a literal, more in a list of their number: growing by push takes longer and twice the memory.
    if (reader.position === end) list = [first]
    else {
      list = new Array<AccessResult>(1 + reader.count(end))
      list[0] = first
      for (; reader.position < end; count++) list[count] = readResultElement(reader, end)
    }
  } catch (error) {
    throw within(error, `[${count}]`)
  }
  reader.leave()
  return list
}

function readResultElement(reader: BerReader, end: number): AccessResult {
  if (reader.octets[reader.position] !== FAILURE) return { type: 'success', value: readElement(reader, end) }
  const tag = reader.header(end)
  const next = reader.end
  const result = readAccessResult(reader, tag)
  reader.position = next
  return result
}

function prependAccessResult(sdu: Sdu, result: AccessResult): void {
  switch (result?.type) {
    case 'success':
      return prependData(sdu, result.value)
    case 'failure':
      return prependFailure(sdu, result.value, FAILURE)
    default:
      throw new EncodeError(
        'mms',
        'MMS_ACCESS_RESULT',
        `expected success or failure, found ${JSON.stringify((result as { type?: unknown } | undefined)?.type)}`,
      )
  }
}

function prependAccessResults(sdu: Sdu, list: readonly AccessResult[], tag: number): void {
  if (!Array.isArray(list)) throw new EncodeError('mms', 'MMS_LIST', `expected a list, found ${typeof list}`)
  const before = sdu.end - sdu.start
  let i = list.length - 1
  try {
    for (; i >= 0; i--) prependAccessResult(sdu, list[i] as AccessResult)
  } catch (error) {
    throw within(error, `[${i}]`)
  }
  prependHeader(sdu, tag, sdu.end - sdu.start - before)
}

/** ISO 9506-2, AccessResult. Context tag 0, which Data leaves free, says failure. */
export const AccessResult: Type<AccessResult> = leaf<AccessResult>({
  name: 'AccessResult',
  as: DeclaredAccessResult,
  tags: [FAILURE, ...dataTags],
  get: readAccessResult,
  put: prependAccessResult,
})

/** SEQUENCE OF AccessResult. */
export const AccessResultList: Type<readonly AccessResult[]> = leaf<readonly AccessResult[]>({
  name: '',
  as: () => SEQUENCE_OF(AccessResult),
  tags: [0x30],
  get: readAccessResults,
  put: prependAccessResults,
})
