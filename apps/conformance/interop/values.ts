import { hex, unhex } from '@x/core'
import { bitsOf, bitsText, type Data, descriptionIn, floatingPoint, type TypeDescription, types } from '@x/mms'
import { dataKind, type Json, splitType } from './model.js'

/** Values and types of MMS as the line protocol spells them, and as `@x/mms` has them. */

/** A value as JSON: an object whose one key is the name of the alternative in ISO 9506-2. */
export function lineOf(data: Data): Json {
  switch (data.type) {
    case 'array':
    case 'structure':
      return { [data.type]: data.value.map(lineOf) }
    case 'boolean':
    case 'mMSString':
    case 'objId':
      return { [data.type]: data.value }
    case 'bitString':
      return { 'bit-string': bitsText(data.value) }
    case 'booleanArray':
      return { booleanArray: bitsText(data.value) }
    case 'integer':
    case 'unsigned':
    case 'bcd':
      return { [data.type]: typeof data.value === 'bigint' ? String(data.value) : data.value }
    case 'floatingPoint':
      return { 'floating-point': data.value.value }
    case 'octetString':
      return { 'octet-string': hex(data.value, '') }
    case 'visibleString':
      return { 'visible-string': data.value }
    case 'generalizedTime':
      return { 'generalized-time': data.value }
    case 'binaryTime':
      return { 'binary-time': data.value.milliseconds + (data.value.days ?? 0) * 86_400_000 }
    case 'utcTime': {
      const { seconds, fraction, quality } = data.value
      const digits = (value: number, octets: number): string => value.toString(16).padStart(2 * octets, '0')
      return { 'utc-time': digits(seconds, 4) + digits(fraction, 3) + digits(quality, 1) }
    }
    default:
      return data satisfies never
  }
}

/** A type as JSON. */
export function typeLineOf(type: TypeDescription): Json {
  switch (type.type) {
    case 'array':
      return { array: typeLineOf(descriptionIn(type.value.elementType)), count: type.value.numberOfElements }
    case 'structure':
      return {
        structure: Object.fromEntries(
          type.value.components.map(component => [component.componentName ?? '', typeLineOf(descriptionIn(component.componentType))]),
        ),
      }
    case 'floatingPoint':
      return { 'floating-point': type.value.formatWidth, exponent: type.value.exponentWidth }
    case 'integer':
    case 'unsigned':
    case 'mMSString':
    case 'bcd':
      return { [type.type]: type.value }
    case 'bitString':
      return { 'bit-string': type.value }
    case 'octetString':
      return { 'octet-string': type.value }
    case 'visibleString':
      return { 'visible-string': type.value }
    case 'boolean':
    case 'objId':
      return { [type.type]: null }
    case 'utcTime':
      return { 'utc-time': null }
    case 'binaryTime':
      return { 'binary-time': type.value }
    case 'generalizedTime':
      return { 'generalized-time': null }
    default:
      return type satisfies never
  }
}

/**
 * A value out of `kind:text`; `double:` is a floating-point of 64 bits, the text of `array:` and `structure:` a JSON list of such
 * texts. Undefined for a kind that no command has.
 */
export function dataOfText(text: string): Data | undefined {
  const colon = text.indexOf(':')
  const kind = text.slice(0, colon)
  const rest = text.slice(colon + 1)
  switch (kind) {
    case 'array':
    case 'structure':
      return { type: kind, value: (JSON.parse(rest) as string[]).map(part => dataOfText(part)!) }
    case 'boolean':
      return { type: kind, value: rest === 'true' }
    case 'integer':
    case 'unsigned': {
      const exact = BigInt(rest)
      return { type: kind, value: Number.isSafeInteger(Number(exact)) ? Number(exact) : exact }
    }
    case 'floating-point':
      return floatingPoint(Number(rest))
    case 'double':
      return floatingPoint(Number(rest), 64)
    case 'bit-string':
      return { type: 'bitString', value: bitsOf(rest) }
    case 'octet-string':
      return { type: 'octetString', value: unhex(rest) }
    case 'visible-string':
      return { type: 'visibleString', value: rest }
    case 'mMSString':
      return { type: kind, value: rest }
    case 'utc-time': {
      const octets = unhex(rest)
      const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
      return { type: 'utcTime', value: { seconds: view.getUint32(0), fraction: view.getUint32(4) >>> 8, quality: view.getUint8(7) } }
    }
    default:
      return undefined
  }
}

/** The value of a leaf of the fixture. */
export function dataOfLeaf(base: string, value: Json): Data {
  return dataOfText(`${base === 'FLOAT64' ? 'double' : dataKind(base)}:${String(value)}`)!
}

/** The type that a basic type of the fixture, such as `INT32` or `FLOAT32[10]`, has in MMS. */
export function descriptionOf(type: string): TypeDescription {
  const { base, count } = splitType(type)
  return count === undefined ? basicTypeOf(base) : types.array(count, basicTypeOf(base))
}

function basicTypeOf(base: string): TypeDescription {
  const size = Number([...base].filter(character => character >= '0' && character <= '9').join(''))
  if (base === 'BOOLEAN') return types.boolean
  if (base === 'Enum') return types.integer(8)
  if (base === 'FLOAT32') return types.float32
  if (base === 'FLOAT64') return types.float64
  if (base === 'Quality') return types.bitString(-13)
  if (base === 'Timestamp') return types.utcTime
  if (base.startsWith('INT')) return base.endsWith('U') ? types.unsigned(size) : types.integer(size)
  if (base.startsWith('Unicode')) return types.mMSString(-size)
  return base.startsWith('Octet') ? types.octetString(-size) : types.visibleString(-size)
}
