import { DecodeError, EncodeError, hex, type OsiError, Sdu, unhex } from '@x/core'
import { encodeTo } from './codec.js'
import { joinPath, show } from './failure.js'
import { clone } from './members.js'
import type { AnyType, BitString, BuiltinJson, MemberShape, Type } from './type.js'

/** What `JSON.stringify` takes and gives without loss. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * A value of a declared type as JSON that loses nothing: octets are hex, bigints decimal text, bit strings `{ hex, size }`, choices
 * `{ type, value }`. Hand-written nodes without a declaration (`as`) use marked objects: `{ $octets }`, `{ $bigint }`, `{ $number }`.
 *
 * @throws EncodeError BER_JSON with the path where the value is not of the type
 */
export function toJson<T>(type: Type<T>, value: NoInfer<T>): Json {
  return convert(type, value, type.name, OUT)
}

/** The value that `toJson` made `json` of. @throws DecodeError BER_JSON with the path where it is not of the type */
export function fromJson<T>(type: Type<T>, json: Json): T {
  const value = convert(type, json, type.name, IN) as T
  try {
    encodeTo(type, value, new Sdu())
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error
    throw new DecodeError('ber', 'BER_JSON', error.message, { path: error.path, cause: error })
  }
  return value
}

interface Direction {
  readonly builtin: (kind: BuiltinJson, value: unknown, path: string) => Json
  readonly leaf: (value: unknown, path: string) => Json
  readonly fail: (expected: string, found: unknown, path: string) => OsiError
}

const OUT: Direction = {
  builtin(kind, value, path) {
    switch (kind) {
      case 'integer':
        return typeof value === 'bigint' ? decimal(value) : (value as Json)
      case 'octets':
        if (!(value instanceof Uint8Array)) throw OUT.fail('octets', value, path)
        return hex(value, '')
      case 'bits': {
        const { octets, size } = (value ?? {}) as Partial<BitString>
        if (!(octets instanceof Uint8Array) || typeof size !== 'number') throw OUT.fail('octets and a size', value, path)
        return { hex: hex(octets, ''), size }
      }
      case 'plain':
        return value as Json
    }
  },
  leaf: mark,
  fail: (expected, found, path) => new EncodeError('ber', 'BER_JSON', `expected ${expected}, found ${show(found)}`, { path }),
}

// The results are values, not JSON; they pass through the same walk.
const IN: Direction = {
  builtin(kind, value, path) {
    switch (kind) {
      case 'integer':
        return (typeof value === 'string' ? bigintOf(value, path) : value) as Json
      case 'octets':
        return octetsOf(value, path) as unknown as Json
      case 'bits': {
        const { hex: digits, size } = (value ?? {}) as { hex?: unknown; size?: unknown }
        const octets = octetsOf(digits, path)
        if (typeof size !== 'number' || size > 8 * octets.length || size <= 8 * (octets.length - 1)) {
          throw IN.fail(`a size in bits for ${octets.length} octets`, size, path)
        }
        return { octets, size } as unknown as Json
      }
      case 'plain':
        return value as Json
    }
  },
  leaf: unmark,
  fail: (expected, found, path) => new DecodeError('ber', 'BER_JSON', `expected ${expected}, found ${show(found)}`, { path }),
}

function convert(type: AnyType, value: unknown, path: string, direction: Direction): Json {
  const { shape } = type
  switch (shape.kind) {
    case 'builtin':
      if (value === undefined) throw direction.fail(`a value of ${shape.asn1}`, value, path)
      return direction.builtin(shape.json, value, path)
    case 'tagged':
    case 'sized':
      return convert(shape.type(), value, path, direction)
    case 'leaf':
      return shape.as && !shape.otherValues ? convert(shape.as(), value, path, direction) : direction.leaf(value, path)
    case 'sequence of':
    case 'set of':
      if (!Array.isArray(value)) throw direction.fail('a list', value, path)
      return value.map((element, i) => convert(shape.element(), element, `${path}[${i}]`, direction))
    case 'sequence':
    case 'set':
      return members(shape.members, value, path, direction)
    case 'choice': {
      const { type: key, value: inner } = (value ?? {}) as { type?: unknown; value?: unknown }
      const alternative = shape.alternatives.find(one => one.key === key)
      if (!alternative) throw direction.fail('a type of the CHOICE', key, path)
      return { type: alternative.key, value: convert(alternative.type(), inner, joinPath(path, alternative.asn1Name), direction) }
    }
  }
}

function members(shapes: readonly MemberShape[], value: unknown, path: string, direction: Direction): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw direction.fail('an object', value, path)
  const record = value as Readonly<Record<string, unknown>>
  const converted: Record<string, Json> = {}
  for (const { key, asn1Name, type, presence, value: fallback } of shapes) {
    const inner = Object.hasOwn(record, key) ? record[key] : undefined
    if (inner !== undefined) converted[key] = convert(type(), inner, joinPath(path, asn1Name), direction)
    else if (presence === 'required') throw direction.fail('a value', undefined, joinPath(path, asn1Name))
    else if (presence === 'default')
      converted[key] = direction === IN ? (clone(fallback) as Json) : convert(type(), fallback, path, direction)
  }
  return converted
}

/** Decimal where that is short, else hex: decimal takes quadratic time. */
function decimal(value: bigint): string {
  if (BigInt.asIntN(1024, value) === value) return value.toString()
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`
}

function bigintOf(text: string, path: string): bigint | number {
  try {
    // An empty text would be 0.
    const value = text.startsWith('-0x') ? -BigInt(text.slice(1)) : BigInt(text.trim() || 'none')
    return BigInt.asIntN(54, value) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value
  } catch {
    throw IN.fail('a number, or its digits as text', text, path)
  }
}

function octetsOf(value: unknown, path: string): Uint8Array {
  if (typeof value === 'string') {
    try {
      return unhex(value, 'ber')
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
    }
  }
  throw IN.fail('octets as hex', value, path)
}

function mark(value: unknown, path: string): Json {
  if (value instanceof Uint8Array) return { $octets: hex(value, '') }
  if (typeof value === 'bigint') return { $bigint: decimal(value) }
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
    return { $number: Object.is(value, -0) ? '-0' : `${value}` }
  if (Array.isArray(value)) return value.map((element, i) => mark(element, `${path}[${i}]`))
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
    // A key of the value's own that looks like a mark gets one more $.
    return Object.fromEntries(entries.map(([key, inner]) => [key.startsWith('$') ? `$${key}` : key, mark(inner, joinPath(path, key))]))
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value
  throw OUT.fail('plain data', value, path)
}

function unmark(json: unknown, path: string): Json {
  if (Array.isArray(json)) return json.map((element, i) => unmark(element, `${path}[${i}]`))
  if (typeof json !== 'object' || json === null) return json as Json
  const { $octets, $bigint, $number } = json as { $octets?: unknown; $bigint?: unknown; $number?: unknown }
  if ($octets !== undefined) return octetsOf($octets, path) as unknown as Json
  if ($bigint !== undefined) return bigintOf(String($bigint), path) as unknown as Json
  if ($number !== undefined) return Number($number)
  return Object.fromEntries(
    Object.entries(json).map(([key, inner]) => [key.startsWith('$$') ? key.slice(1) : key, unmark(inner, joinPath(path, key))]),
  )
}
