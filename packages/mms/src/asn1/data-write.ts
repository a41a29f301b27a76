import {
  type Integer,
  prependBitStringElement,
  prependBoolean,
  prependHeader,
  prependIntegerElement,
  prependObjectIdentifierElement,
  prependOctetsElement,
  prependStringElement,
  within,
} from '@x/ber'
import { EncodeError, type Sdu } from '@x/core'
import type { Data } from './data.js'
import * as tags from './data-tags.js'
import { prependFloatingPoint } from './floating-point.js'
import { prependText } from './text.js'
import { prependTimeOfDay, prependUtcTime } from './time.js'

/** The element of Data. @throws EncodeError BER_… MMS_… */
export function prependData(sdu: Sdu, data: Data): void {
  switch (data?.type) {
    case 'structure':
      return prependDataList(sdu, data.value, tags.STRUCTURE)
    case 'array':
      return prependDataList(sdu, data.value, tags.ARRAY)
    case 'floatingPoint':
      return prependFloatingPoint(sdu, data.value, tags.FLOATING_POINT)
    case 'bitString':
      return prependBitStringElement(sdu, data.value, tags.BIT_STRING)
    case 'utcTime':
      return prependUtcTime(sdu, data.value, tags.UTC_TIME)
    case 'integer':
      return prependIntegerElement(sdu, data.value, tags.INTEGER)
    case 'unsigned':
      return prependNatural(sdu, data.value, tags.UNSIGNED)
    case 'boolean':
      prependBoolean(sdu, data.value)
      return prependHeader(sdu, tags.BOOLEAN, 1)
    case 'octetString':
      return prependOctetsElement(sdu, data.value, tags.OCTET_STRING)
    case 'visibleString':
      return prependStringElement(sdu, data.value, tags.VISIBLE_STRING, 0, 0xff)
    case 'binaryTime':
      return prependTimeOfDay(sdu, data.value, tags.BINARY_TIME)
    case 'generalizedTime':
      return prependStringElement(sdu, data.value, tags.GENERALIZED_TIME, 0, 0xff)
    case 'bcd':
      return prependNatural(sdu, data.value, tags.BCD)
    case 'booleanArray':
      return prependBitStringElement(sdu, data.value, tags.BOOLEAN_ARRAY)
    case 'objId':
      return prependObjectIdentifierElement(sdu, data.value, tags.OBJ_ID)
    case 'mMSString':
      return prependText(sdu, data.value, tags.MMS_STRING)
    default:
      throw new EncodeError(
        'mms',
        'MMS_DATA',
        `expected an alternative of Data, found ${JSON.stringify((data as { type?: unknown } | undefined)?.type)}`,
      )
  }
}

/** The element of a list of Data, its last element first. Written out for Data: a loop over any writing function is slower. */
export function prependDataList(sdu: Sdu, list: readonly Data[], tag: number): void {
  if (!Array.isArray(list)) throw new EncodeError('mms', 'MMS_LIST', `expected a list, found ${typeof list}`)
  const before = sdu.end - sdu.start
  let i = list.length - 1
  try {
    for (; i >= 0; i--) prependData(sdu, list[i] as Data)
  } catch (error) {
    throw within(error, `[${i}]`)
  }
  prependHeader(sdu, tag, sdu.end - sdu.start - before)
}

/** "Shall not be negative" of ISO 9506-2; what comes in negative is passed on as it is. */
function prependNatural(sdu: Sdu, value: Integer, tag: number): void {
  if (value < 0) throw new EncodeError('mms', 'MMS_INTEGER_RANGE', `expected a number that is not negative, found ${value}`)
  prependIntegerElement(sdu, value, tag)
}
