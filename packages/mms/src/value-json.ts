import { type BitString, bitString, type Integer } from '@x/ber'
import { DecodeError, hex, unhex } from '@x/core'
import type { Data } from './asn1/data.js'
import type { FloatingPoint } from './asn1/floating-point.js'
import { bitsText } from './value-check.js'

/** What JSON holds. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * Data as JSON that loses nothing: an object whose one key is the kind. Octets are hex, bits text of 0 and 1, integers beyond 2⁵³ and
 * the numbers JSON does not know (`NaN`, `Infinity`, `-0`) text.
 *
 * ```json
 * { "structure": [{ "floatingPoint": { "formatWidth": 32, "exponentWidth": 8, "value": 230.5 } }, { "bitString": "0000000000000" }] }
 * ```
 */
export function dataToJson(data: Data): Json {
  return { [data.type]: out(data) }
}

function out(data: Data): Json {
  switch (data.type) {
    case 'array':
    case 'structure':
      return data.value.map(dataToJson)
    case 'bitString':
    case 'booleanArray':
      return bitsText(data.value)
    case 'integer':
    case 'unsigned':
    case 'bcd':
      return typeof data.value === 'bigint' ? `${data.value}` : data.value
    case 'octetString':
      return hex(data.value, '')
    case 'floatingPoint': {
      const { octets, value } = data.value
      const number = Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : `${value}`
      return { ...data.value, value: number, ...(octets && { octets: hex(octets, '') }) } as Json
    }
    case 'binaryTime':
    case 'utcTime':
      return { ...data.value }
    default:
      return data.value
  }
}

/**
 * The Data that `dataToJson` made `json` of.
 *
 * @throws DecodeError MMS_JSON with the path where it is not of that form
 */
export function dataFromJson(json: Json, path = ''): Data {
  const entries = typeof json === 'object' && json !== null && !Array.isArray(json) ? Object.entries(json) : []
  const [entry] = entries
  if (!entry || entries.length > 1) throw wrong('an object with one key, the kind', path)
  const [type, value] = entry
  const at = path === '' ? type : `${path}.${type}`
  switch (type) {
    case 'array':
    case 'structure':
      if (!Array.isArray(value)) throw wrong('a list', at)
      return { type, value: value.map((element, i) => dataFromJson(element, `${at}[${i}]`)) }
    case 'boolean':
      if (typeof value !== 'boolean') throw wrong('true or false', at)
      return { type, value }
    case 'bitString':
    case 'booleanArray':
      return { type, value: bitsFrom(value, at) }
    case 'integer':
    case 'unsigned':
    case 'bcd':
      return { type, value: integerFrom(value, at) }
    case 'floatingPoint':
      return { type, value: floatFrom(value, at) }
    case 'octetString':
      return { type, value: octetsFrom(value, at) }
    case 'visibleString':
    case 'generalizedTime':
    case 'objId':
    case 'mMSString':
      if (typeof value !== 'string') throw wrong('text', at)
      return { type, value }
    case 'binaryTime': {
      const milliseconds = numberOf(value, 'milliseconds', at)
      return { type, value: hasKey(value, 'days') ? { milliseconds, days: numberOf(value, 'days', at) } : { milliseconds } }
    }
    case 'utcTime': {
      const [seconds, fraction, quality] = [numberOf(value, 'seconds', at), numberOf(value, 'fraction', at), numberOf(value, 'quality', at)]
      return { type, value: { seconds, fraction, quality } }
    }
    default:
      throw wrong('a kind of Data', path)
  }
}

function wrong(expected: string, path: string): DecodeError {
  return new DecodeError('mms', 'MMS_JSON', `expected ${expected}${path && ` at ${path}`}`, { path })
}

function hasKey(value: Json, key: string): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
}

function numberOf(value: Json, key: string, path: string): number {
  const found = hasKey(value, key) ? value[key] : undefined
  if (typeof found !== 'number') throw wrong(`a number ${key}`, path)
  return found
}

function bitsFrom(value: Json, path: string): BitString {
  if (typeof value !== 'string' || [...value].some(digit => digit !== '0' && digit !== '1')) throw wrong('text of 0 and 1', path)
  return bitString([...value].map(digit => digit === '1'))
}

function integerFrom(value: Json, path: string): Integer {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  if (typeof value === 'string' && isDecimal(value)) {
    const wide = BigInt(value)
    return BigInt.asIntN(53, wide) === wide ? Number(wide) : wide
  }
  throw wrong('a whole number, or its digits as text', path)
}

function isDecimal(text: string): boolean {
  const digits = text.startsWith('-') ? text.slice(1) : text
  return digits !== '' && [...digits].every(digit => digit >= '0' && digit <= '9')
}

function octetsFrom(value: Json, path: string): Uint8Array {
  if (typeof value !== 'string') throw wrong('octets as hex', path)
  try {
    return unhex(value, 'mms')
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw wrong('octets as hex', path)
  }
}

const UNUSUAL: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
}

function floatFrom(json: Json, path: string): FloatingPoint {
  const formatWidth = numberOf(json, 'formatWidth', path)
  const exponentWidth = numberOf(json, 'exponentWidth', path)
  const given = hasKey(json, 'value') ? json.value : undefined
  const value = typeof given === 'string' && Object.hasOwn(UNUSUAL, given) ? UNUSUAL[given] : given
  if (typeof value !== 'number') throw wrong('a number value', path)
  return { formatWidth, exponentWidth, value, ...(hasKey(json, 'octets') && { octets: octetsFrom(json.octets!, path) }) }
}
