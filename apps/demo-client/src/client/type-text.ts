import type { TypeDescription } from '@x/mms'
import { types, typeText } from '@x/mms'
import { BadUsage } from '../errors.js'

/** Kinds that take a size, by the words that begin them. A negative size means "up to". */
const SIZED: Readonly<Record<string, (size: number) => TypeDescription>> = {
  integer: types.integer,
  int: types.integer,
  unsigned: types.unsigned,
  uint: types.unsigned,
  'bit-string': types.bitString,
  bits: types.bitString,
  'octet-string': types.octetString,
  octets: types.octetString,
  'visible-string': types.visibleString,
  string: types.visibleString,
  mMSString: types.mMSString,
  'mms-string': types.mMSString,
  bcd: types.bcd,
  'floating-point': size => (size === 64 ? types.float64 : types.float32),
  float: size => (size === 64 ? types.float64 : types.float32),
}

const SIMPLE: Readonly<Record<string, TypeDescription>> = {
  boolean: types.boolean,
  bool: types.boolean,
  'utc-time': types.utcTime,
  'generalized-time': types.generalizedTime,
  'binary-time': types.timeOfDay,
  'binary-time with date': types.binaryTime,
  'time-of-day': types.timeOfDay,
  objId: types.objId,
  oid: types.objId,
}

/** Sizes of kinds that are given without one. */
const USUAL: Readonly<Record<string, number>> = {
  integer: 32,
  int: 32,
  unsigned: 32,
  uint: 32,
  float: 32,
  'floating-point': 32,
  string: -255,
  'visible-string': -255,
  'mms-string': -255,
  mMSString: -255,
  octets: -255,
  'octet-string': -255,
}

/**
 * A type from text, as `describe` prints it or short: `integer 32`, `int32`, `float`, `visible-string up to 64`, `string(-64)`,
 * `bits13`, `boolean`; arrays and structures as JSON: `{"array": 3, "of": "float32"}`, `{"structure": {"a": "int8"}}`.
 *
 * @throws BadUsage
 */
export function parseType(text: string): TypeDescription {
  const trimmed = text.trim()
  if (!trimmed.startsWith('{')) return parseSimple(trimmed)
  try {
    return fromJson(JSON.parse(trimmed))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new BadUsage(`type: expected JSON, found ${trimmed}: ${error.message}`)
  }
}

function parseSimple(text: string): TypeDescription {
  if (Object.hasOwn(SIMPLE, text)) return SIMPLE[text]!
  for (const name of Object.keys(SIZED).sort((a, b) => b.length - a.length)) {
    if (!text.startsWith(name)) continue
    const size = sizeIn(text.slice(name.length), USUAL[name])
    if (size !== undefined) return SIZED[name]!(size)
  }
  throw new BadUsage(
    `type: "${text}" is none`,
    'types are boolean, int8 … int64, uint8 … uint64, float32, float64, bits13, octets(-64),',
    'string(-64), mms-string(-64), bcd4, utc-time, binary-time, generalized-time, oid; or JSON, see mms describe --json',
  )
}

/** ` 32`, `32`, `(-64)`, ` up to 64`, or nothing. */
function sizeIn(text: string, usual: number | undefined): number | undefined {
  let rest = text.trim()
  if (rest === '') return usual
  if (rest.startsWith('(') && rest.endsWith(')')) rest = rest.slice(1, -1)
  const upTo = rest.startsWith('up to ')
  const size = Number(upTo ? rest.slice(6) : rest)
  return Number.isInteger(size) && size !== 0 ? (upTo ? -size : size) : undefined
}

function fromJson(json: unknown): TypeDescription {
  if (typeof json === 'string') return parseSimple(json)
  if (typeof json === 'object' && json !== null) {
    const { array, of, structure } = json as { array?: unknown; of?: unknown; structure?: unknown }
    if (typeof array === 'number' && Number.isInteger(array) && array >= 0) return types.array(array, fromJson(of))
    if (typeof structure === 'object' && structure !== null && !Array.isArray(structure)) {
      return types.structure(Object.fromEntries(Object.entries(structure).map(([name, type]) => [name, fromJson(type)])))
    }
  }
  throw new BadUsage(`type: expected {"array": n, "of": type} or {"structure": {name: type}}, found ${JSON.stringify(json)}`)
}

/** A type in a few words; structures and arrays of simple types say what is in them. */
export function shortType(type: TypeDescription): string {
  if (type.type !== 'array') return typeText(type)
  const { numberOfElements, elementType } = type.value
  const inner = elementType.type === 'typeDescription' ? shortType(elementType.value) : 'a named type'
  return `array of ${numberOfElements} × ${inner}`
}
