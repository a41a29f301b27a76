import { hex } from '@x/core'
import { BIT_STRING } from './bit-string.js'
import { BOOLEAN, NULL } from './boolean.js'
import { CONSTRUCTED, tagClass, UNIVERSAL } from './identifier.js'
import { INTEGER } from './integer.js'
import { OBJECT_IDENTIFIER } from './object-identifier.js'
import { OCTET_STRING_VIEW } from './octet-string.js'
import { bitsText } from './print.js'
import {
  GeneralString,
  GraphicString,
  IA5String,
  LooseVisibleString,
  NumericString,
  ObjectDescriptor,
  PrintableString,
  TeletexString,
  UTF8String,
} from './strings.js'
import { formatGeneralizedTime, GeneralizedTime } from './time.js'
import type { AnyType, BitString } from './type.js'

/** The type that a tag of the universal class stands for; octets for every other. */
export function universalType(tag: number): AnyType {
  return (tagClass(tag) === UNIVERSAL && UNIVERSAL_TYPES.get(tag & ~CONSTRUCTED)) || OCTET_STRING_VIEW
}

const UNIVERSAL_TYPES = new Map<number, AnyType>([
  [1, BOOLEAN],
  [2, INTEGER],
  [3, BIT_STRING],
  [5, NULL],
  [6, OBJECT_IDENTIFIER],
  [7, ObjectDescriptor],
  [10, INTEGER],
  [12, UTF8String],
  [18, NumericString],
  [19, PrintableString],
  [20, TeletexString],
  [22, IA5String],
  [24, GeneralizedTime],
  [25, GraphicString],
  [26, LooseVisibleString],
  [27, GeneralString],
])

const MOST_OCTETS = 16
const MOST_TEXT = 80

/** A decoded value in one short line. */
export function describeValue(type: AnyType, value: unknown): string {
  const names = type.shape.kind === 'builtin' ? type.shape.names : undefined
  if (typeof value === 'string') {
    if (names) return `${value} (${names[value]})`
    return type.tags()?.[0] === 6 ? value : quoted(value)
  }
  if (typeof value === 'bigint') return value > -(1n << 128n) && value < 1n << 128n ? `${value}` : 'a wide integer'
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Uint8Array) return octetsText(value)
  if (isBits(value)) return bits(value, names)
  if ('year' in value && 'hour' in value) return formatGeneralizedTime(value as GeneralizedTime)
  return quoted(JSON.stringify(value, plain) ?? '').slice(1, -1)
}

function isBits(value: object): value is BitString {
  return 'size' in value && 'octets' in value && value.octets instanceof Uint8Array
}

function bits(value: BitString, names: Readonly<Record<string, number>> | undefined): string {
  const shown = value.size > 128 ? `${value.size} bits` : bitsText(value) || 'no bits'
  const set = Object.entries(names ?? {}).filter(([, bit]) => bit < value.size && value.octets[bit >> 3]! & (0x80 >> (bit & 7)))
  return set.length > 0 ? `${shown} (${set.map(([name]) => name).join(', ')})` : shown
}

/** Octets as hex; as text too where they all are visible characters. */
function octetsText(octets: Uint8Array): string {
  if (octets.length === 0) return 'empty'
  const text =
    octets.length > 2 && octets.every(octet => octet >= 0x20 && octet <= 0x7e)
      ? ` ${quoted(String.fromCharCode(...octets.subarray(0, MOST_TEXT)))}`
      : ''
  return `${hex(octets.subarray(0, MOST_OCTETS))}${octets.length > MOST_OCTETS ? ` … ${octets.length} octets` : ''}${text}`
}

/** Text on one line: no control characters reach a terminal. */
function quoted(text: string): string {
  const short = text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text
  let safe = ''
  for (const character of short) safe += isControl(character.codePointAt(0)!) ? '·' : character
  return `"${safe}"`
}

const isControl = (code: number): boolean => code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}`
  return value instanceof Uint8Array ? hex(value) : value
}
