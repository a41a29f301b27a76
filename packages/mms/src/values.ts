import { type BitString, bitAt, bitString, type Integer } from '@x/ber'
import { EncodeError, OsiError, unhex } from '@x/core'
import type { Data } from './asn1/data.js'
import type { FloatingPoint } from './asn1/floating-point.js'
import type { TimeOfDay, UtcTime } from './asn1/time.js'
import type { TypeDescription } from './asn1/variable-access.js'
import { generalizedTimeText, timeOfDayOf, utcTimeOf } from './times.js'
import { bitsText, type Mismatch, mismatchOf } from './value-check.js'
import { descriptionIn, typeText } from './value-types.js'

export { bitsText, type Mismatch, mismatchOf } from './value-check.js'
export { dataFromJson, dataToJson } from './value-json.js'
export { printData } from './value-print.js'
export { sizeOfType } from './value-size.js'
export { dataAt, descriptionIn, nestingOfData, nestingOfType, printType, typeAt, types, typeText } from './value-types.js'

/**
 * A value of MMS as plain JavaScript, as `fromData` gives it:
 *
 * | Data                          | plain                                                               |
 * | ----------------------------- | ------------------------------------------------------------------- |
 * | array                         | array                                                               |
 * | structure                     | object by component names; an array without a type, or without names |
 * | integer, unsigned, bcd        | number, or bigint where that is not exact                           |
 * | floating-point                | number; the record where a number cannot tell                       |
 * | bit-string                    | text of 0 and 1, bit 0 first                                        |
 * | booleanArray                  | array of booleans                                                   |
 * | octet-string                  | `Uint8Array`                                                        |
 * | binary-time, utc-time         | the record, see `utcTimeToDate`, `timeOfDayToDate`                  |
 * | other strings, objId, times   | text                                                                |
 */
export type Plain =
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | FloatingPoint
  | TimeOfDay
  | UtcTime
  | readonly Plain[]
  | { readonly [component: string]: Plain }

/** A floating-point value of 32 or 64 bits. */
export function floatingPoint(value: number, formatWidth: 32 | 64 = 32): Data {
  return {
    type: 'floatingPoint',
    value: formatWidth === 32 ? { formatWidth, exponentWidth: 8, value: Math.fround(value) } : { formatWidth, exponentWidth: 11, value },
  }
}

/** Bits from text of 0 and 1, bit 0 first. @throws EncodeError MMS_TYPE_MISMATCH */
export function bitsOf(text: string): BitString {
  const bits = [...text].map(digit => digit === '1')
  if ([...text].some(digit => digit !== '0' && digit !== '1')) throw misfit({ path: '', expected: 'text of 0 and 1', found: shown(text) })
  return bitString(bits)
}

/**
 * Data as plain JavaScript. What the type cannot say for it (a structure without component names) stays a list.
 *
 * @param type gives names to components
 */
export function fromData(data: Data, type?: TypeDescription): Plain {
  switch (data.type) {
    case 'array': {
      const element = type?.type === 'array' ? descriptionIn(type.value.elementType) : undefined
      return data.value.map(value => fromData(value, element))
    }
    case 'structure':
      return structureFrom(data.value, type)
    case 'floatingPoint':
      return data.value.octets === undefined ? data.value.value : data.value
    case 'bitString':
      return bitsText(data.value)
    case 'booleanArray':
      return Array.from({ length: data.value.size }, (_, i) => bitAt(data.value, i))
    default:
      return data.value
  }
}

function structureFrom(values: readonly Data[], type: TypeDescription | undefined): Plain {
  const components = type?.type === 'structure' && type.value.components.length === values.length ? type.value.components : undefined
  const parts = values.map((value, i) => fromData(value, components && descriptionIn(components[i]!.componentType)))
  const names = new Set(components?.map(component => component.componentName))
  if (!components || names.has(undefined) || names.size < parts.length) return parts
  // A component may be called __proto__: that must become a property, not a prototype.
  return Object.defineProperties(
    {},
    Object.fromEntries(
      components.map(({ componentName }, i) => [
        `${componentName}`,
        { value: parts[i]!, enumerable: true, writable: true, configurable: true },
      ]),
    ),
  ) as Plain
}

/**
 * Plain JavaScript as Data.
 *
 * With a type, every value is held against it: texts and numbers are taken for what the type says, `true`, `on` and `1` for true,
 * decimal text for integers, hex for octet strings, a `Date` or ISO text for times. A structure may be given by component names or by
 * position. A `Data` is taken as it is, if it fits.
 *
 * Without a type: boolean, integer (whole numbers and bigints), floating-point 64 (other numbers), visible-string or mMSString,
 * octet-string, utc-time (`Date`), array, structure (objects); and the records of bits and times.
 *
 * @throws EncodeError MMS_TYPE_MISMATCH with the path of what does not fit
 */
export function toData(value: unknown, type?: TypeDescription): Data {
  return type === undefined ? guess(value, '') : convert(value, type, '')
}

function misfit({ path, expected, found }: Mismatch): EncodeError {
  return new EncodeError('mms', 'MMS_TYPE_MISMATCH', `expected ${expected}${path && ` at ${path}`}, found ${found}`, { path })
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value)
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? `a list of ${value.length}` : 'an object'
  return typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean'
    ? `${value}`
    : value === null
      ? 'null'
      : typeof value
}

const KINDS = new Set<unknown>([
  ...['array', 'structure', 'boolean', 'bitString', 'integer', 'unsigned', 'floatingPoint', 'octetString', 'visibleString'],
  ...['generalizedTime', 'binaryTime', 'bcd', 'booleanArray', 'objId', 'mMSString', 'utcTime'],
])

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array) && !(value instanceof Date)
}

/** Whether an object has exactly these keys. */
function hasKeys(value: Record<string, unknown>, ...keys: readonly string[]): boolean {
  return Object.keys(value).length === keys.length && keys.every(key => Object.hasOwn(value, key))
}

/** Whether it looks like Data: a kind and a value, and nothing else. */
function isData(value: unknown): value is Data {
  return isRecord(value) && KINDS.has(value.type) && hasKeys(value, 'type', 'value')
}

function guess(value: unknown, path: string): Data {
  if (isData(value)) return value
  switch (typeof value) {
    case 'boolean':
      return { type: 'boolean', value }
    case 'bigint':
      return { type: 'integer', value: exact(value) }
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? { type: 'integer', value } : floatingPoint(value, 64)
    case 'string':
      return { type: isVisible(value) ? 'visibleString' : 'mMSString', value }
  }
  if (value instanceof Uint8Array) return { type: 'octetString', value }
  if (value instanceof Date) return { type: 'utcTime', value: utcTimeOf(value) }
  if (Array.isArray(value)) return { type: 'array', value: value.map((element, i) => guess(element, `${path}(${i})`)) }
  if (!isRecord(value)) throw misfit({ path, expected: 'a value', found: shown(value) })
  if (hasKeys(value, 'octets', 'size')) return { type: 'bitString', value: value as unknown as BitString }
  if (hasKeys(value, 'seconds', 'fraction', 'quality')) return { type: 'utcTime', value: value as unknown as UtcTime }
  if (hasKeys(value, 'milliseconds') || hasKeys(value, 'milliseconds', 'days')) {
    return { type: 'binaryTime', value: value as unknown as TimeOfDay }
  }
  return { type: 'structure', value: Object.entries(value).map(([name, component]) => guess(component, `${path}.${name}`)) }
}

function isVisible(text: string): boolean {
  return [...text].every(character => character >= ' ' && character <= '~')
}

function exact(value: bigint): Integer {
  return BigInt.asIntN(53, value) === value ? Number(value) : value
}

function convert(value: unknown, type: TypeDescription, path: string): Data {
  const data = isData(value) ? value : made(value, type, path)
  if (data === undefined) throw misfit({ path, expected: typeText(type), found: shown(value) })
  // The parts of what was made here have been held against their types already.
  const mismatch = data === value || (data.type !== 'array' && data.type !== 'structure') ? mismatchOf(data, type, path) : undefined
  if (mismatch) throw misfit(mismatch)
  return data
}

/** Data of the kind that the type asks for; undefined where the value cannot be one. */
function made(value: unknown, type: TypeDescription, path: string): Data | undefined {
  switch (type.type) {
    case 'array': {
      if (!Array.isArray(value) || value.length !== type.value.numberOfElements) return undefined
      const element = descriptionIn(type.value.elementType)
      return { type: 'array', value: value.map((one, i) => convert(one, element, `${path}(${i})`)) }
    }
    case 'structure':
      return structureOf(value, type, path)
    case 'boolean':
      return wrap('boolean', booleanOf(value))
    case 'bitString':
      return wrap('bitString', bitStringOf(value))
    case 'integer':
    case 'unsigned':
    case 'bcd':
      return wrap(type.type, integerOf(value))
    case 'floatingPoint':
      return wrap('floatingPoint', floatOf(value, type.value.formatWidth, type.value.exponentWidth))
    case 'octetString':
      return wrap('octetString', octetsOf(value))
    case 'visibleString':
    case 'mMSString':
    case 'objId':
      return wrap(type.type, typeof value === 'string' ? value : undefined)
    case 'generalizedTime':
      return wrap(
        'generalizedTime',
        value instanceof Date ? orUndefined(() => generalizedTimeText(value)) : typeof value === 'string' ? value : undefined,
      )
    case 'binaryTime':
      return wrap('binaryTime', timeOf(value, type.value ? 'date' : 'time'))
    case 'utcTime':
      return wrap('utcTime', utcOf(value))
    default:
      return type satisfies never
  }
}

function wrap<K extends Data['type']>(type: K, value: Extract<Data, { type: K }>['value'] | undefined): Data | undefined {
  return value === undefined ? undefined : ({ type, value } as Data)
}

function structureOf(value: unknown, type: TypeDescription & { type: 'structure' }, path: string): Data | undefined {
  const { components } = type.value
  if (Array.isArray(value)) {
    if (value.length !== components.length) return undefined
    return {
      type: 'structure',
      value: components.map(({ componentName, componentType }, i) =>
        convert(value[i], descriptionIn(componentType), `${path}.${componentName ?? i}`),
      ),
    }
  }
  if (!isRecord(value)) return undefined
  const names = new Set(components.map(component => component.componentName))
  const stranger = Object.keys(value).find(name => !names.has(name))
  if (stranger !== undefined) throw misfit({ path: `${path}.${stranger}`, expected: 'a component of the type', found: 'another' })
  return {
    type: 'structure',
    value: components.map(({ componentName, componentType }) => {
      if (componentName === undefined) throw misfit({ path, expected: 'a list, for components without names', found: 'an object' })
      const own = Object.hasOwn(value, componentName) ? value[componentName] : undefined
      return convert(own, descriptionIn(componentType), `${path}.${componentName}`)
    }),
  }
}

function booleanOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = String(typeof value === 'string' || typeof value === 'number' ? value : '').toLowerCase()
  if (text === 'true' || text === 'on' || text === '1') return true
  return text === 'false' || text === 'off' || text === '0' ? false : undefined
}

function bitStringOf(value: unknown): BitString | undefined {
  if (typeof value === 'string') return [...value].every(digit => digit === '0' || digit === '1') ? bitsOf(value) : undefined
  if (Array.isArray(value)) return value.every(bit => typeof bit === 'boolean') ? bitString(value) : undefined
  return isRecord(value) && value.octets instanceof Uint8Array && typeof value.size === 'number'
    ? (value as unknown as BitString)
    : undefined
}

function integerOf(value: unknown): Integer | undefined {
  if (typeof value === 'bigint') return exact(value)
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : undefined
  if (typeof value !== 'string' || value.trim() === '') return undefined
  return orUndefined(() => exact(BigInt(value)))
}

function floatOf(value: unknown, formatWidth: number, exponentWidth: number): FloatingPoint | undefined {
  if (isRecord(value)) return typeof value.value === 'number' ? (value as unknown as FloatingPoint) : undefined
  const number = typeof value === 'string' && value.trim() !== '' ? numberOf(value) : value
  if (typeof number !== 'number') return undefined
  return { formatWidth, exponentWidth, value: formatWidth === 32 ? Math.fround(number) : number }
}

function numberOf(text: string): number | undefined {
  const number = Number(text)
  return Number.isNaN(number) && text.trim() !== 'NaN' ? undefined : number
}

function octetsOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value
  return typeof value === 'string' ? orUndefined(() => unhex(value, 'mms')) : undefined
}

function timeOf(value: unknown, form: 'date' | 'time'): TimeOfDay | undefined {
  if (isRecord(value)) return typeof value.milliseconds === 'number' ? (value as unknown as TimeOfDay) : undefined
  const date = dateOf(value)
  return date && orUndefined(() => timeOfDayOf(date, form))
}

function utcOf(value: unknown): UtcTime | undefined {
  if (isRecord(value)) return typeof value.seconds === 'number' ? (value as unknown as UtcTime) : undefined
  const moment = typeof value === 'bigint' ? value : dateOf(value)
  return moment === undefined ? undefined : orUndefined(() => utcTimeOf(moment))
}

function dateOf(value: unknown): Date | undefined {
  const date = typeof value === 'string' ? new Date(value) : value
  return date instanceof Date && !Number.isNaN(date.getTime()) ? date : undefined
}

/** What a conversion gives, or undefined where it refuses. */
function orUndefined<T>(convertIt: () => T): T | undefined {
  try {
    return convertIt()
  } catch (error) {
    if (!(error instanceof OsiError || error instanceof SyntaxError)) throw error
    return undefined
  }
}
