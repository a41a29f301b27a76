import {
  type BerReader,
  CHOICE,
  type Choice,
  CONSTRUCTED,
  implicit,
  integerRange,
  leaf,
  type Named,
  namedInteger,
  prependHeader,
  prependIntegerElement,
  prependUtf8Element,
  readInteger,
  readLatin1,
  readUtf8,
  SEQUENCE,
  SEQUENCE_OF,
  type Type,
  UTF8String,
  VisibleString,
} from '@x/ber'
import { DecodeError, EncodeError, type Sdu } from '@x/core'
import { prependText, readEitherLatin1, readText } from './text.js'

/**
 * Names and numbers that every part of ISO 9506-2 uses. Ranges are wide inwards: devices send invoke identifiers up to 2³²−1 and sizes
 * beyond Integer32. Outwards, and inwards where the decoding is `strict`, they are those of the standard.
 */

const VISIBLE_STRING = 0x1a
const UTF8_STRING = 0x0c

const visibleForms = [VISIBLE_STRING, VISIBLE_STRING | CONSTRUCTED]
const utf8Forms = [UTF8_STRING, UTF8_STRING | CONSTRUCTED]

/**
 * ISO 9506-2, Identifier. The standard allows 1 to 32 of `A–Z a–z 0–9 $ _`, or UTF-8 with the parameter CBB `char`; IEC 61850 needs 64
 * and 129. Length and alphabet are a matter of whoever holds the objects: here any text without control characters is a name.
 */
export const Identifier: Type<string> = leaf<string>({
  name: 'Identifier',
  as: VisibleString,
  tags: visibleForms,
  get: readIdentifier,
  put: prependIdentifier,
})

/** Identifier where no context tag stands in its place: a VisibleString, or a UTF8String where it must. */
export const BareIdentifier: Type<string> = leaf<string>({
  name: 'Identifier',
  as: VisibleString,
  tags: [...visibleForms, ...utf8Forms],
  get: readIdentifier,
  put: (sdu, value) => prependIdentifier(sdu, value, VISIBLE_STRING),
})

/** SEQUENCE OF Identifier; a list of plain ones is read in one go. */
export const IdentifierList: Type<readonly string[]> = leaf<readonly string[]>({
  name: '',
  as: SEQUENCE_OF(BareIdentifier),
  tags: [0x30],
  get(reader, tag) {
    if (reader.strict) return bareList.codec().get(reader, tag)
    const { position, end, depth, elements } = reader
    try {
      return visibleList.codec().get(reader, tag)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
    }
    reader.position = position
    reader.end = end
    reader.depth = depth
    reader.elements = elements
    return bareList.codec().get(reader, tag)
  },
  put: (sdu, value, tag) => bareList.codec().put(sdu, value, tag),
})
const visibleList = SEQUENCE_OF(VisibleString)
const bareList = SEQUENCE_OF(BareIdentifier)

/** Contents of an Identifier. @throws DecodeError MMS_IDENTIFIER */
export function readIdentifier(reader: BerReader, tag: number): string {
  const { octets, position, end } = reader
  if (reader.strict) return readStrictIdentifier(reader, tag)
  let outside = tag & CONSTRUCTED ? -1 : 0
  for (let at = position; at < end; at++) {
    const octet = octets[at]!
    outside |= (octet - 0x20) | (0x7e - octet)
  }
  return outside >= 0 ? readLatin1(reader, tag) : readUnusualIdentifier(reader, tag)
}

/** As the standard has it without the parameter CBB `char`. */
function readStrictIdentifier(reader: BerReader, tag: number): string {
  const at = reader.position
  const name = readLatin1(reader, tag)
  if (name.length < 1 || name.length > 32)
    throw reader.error('MMS_IDENTIFIER', `expected a name of 1 to 32 characters, found ${name.length}`, at)
  for (const character of name) {
    if (!ALPHABET.includes(character))
      throw reader.error('MMS_IDENTIFIER', 'expected only letters, digits, $ and _ in a name, found another', at)
  }
  return name
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789$_'

function readUnusualIdentifier(reader: BerReader, tag: number): string {
  const at = reader.position
  const name = readEitherLatin1(reader, tag)
  if (isVisible(name)) return name
  reader.position = at
  const text = readUtf8(reader, tag)
  if (hasControls(text)) throw reader.error('MMS_IDENTIFIER', 'expected a name without control characters, found one with', at)
  return text
}

/** The element of an Identifier. @throws EncodeError MMS_IDENTIFIER */
export function prependIdentifier(sdu: Sdu, value: string, tag: number): void {
  if (typeof value !== 'string') throw new EncodeError('mms', 'MMS_IDENTIFIER', `expected a name, found ${typeof value}`)
  const n = value.length
  sdu.reserve(n)
  const buffer = sdu.buffer
  const start = sdu.start - n
  let outside = 0
  for (let i = 0; i < n; i++) {
    const code = value.charCodeAt(i)
    outside |= (code - 0x20) | (0x7e - code)
    buffer[start + i] = code
  }
  if (outside >= 0) {
    sdu.start = start
    return prependHeader(sdu, tag, n)
  }
  // What has been written in front of `start` is only scratch.
  if (hasControls(value)) {
    throw new EncodeError('mms', 'MMS_IDENTIFIER', `expected a name without control characters, found ${JSON.stringify(value)}`)
  }
  prependUtf8Element(sdu, value, tag === VISIBLE_STRING ? UTF8_STRING : tag)
}

/** Space to tilde only. */
function isVisible(text: string): boolean {
  let outside = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    outside |= (code - 0x20) | (0x7e - code)
  }
  return outside >= 0
}

function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true
  }
  return false
}

/**
 * ISO 9506-2, MMSString: UTF8String with the parameter CBB `char`, VisibleString without. Octets that are no UTF-8 come as U+DC80 to
 * U+DCFF, one for each, and go out as the same octets.
 */
export const MMSString: Type<string> = leaf<string>({ name: 'MMSString', as: UTF8String, tags: utf8Forms, get: readText, put: prependText })

/** MMSString where no context tag stands in its place: a VisibleString, or a UTF8String where it must. */
export const BareMMSString: Type<string> = leaf<string>({
  name: 'MMSString',
  as: UTF8String,
  tags: [...visibleForms, ...utf8Forms],
  get: readText,
  put: (sdu, value) => prependText(sdu, value, typeof value === 'string' && isVisible(value) ? VISIBLE_STRING : UTF8_STRING),
})

/** A range of the standard, and a wider one for what is received. */
function wideRange(name: string, least: number, most: number, leastReceived: number, mostReceived: number): Type<number> {
  return leaf<number>({
    name,
    as: integerRange(name, least, most),
    tags: [0x02],
    get(reader) {
      const value = readInteger(reader) as number
      const low = reader.strict ? least : leastReceived
      const high = reader.strict ? most : mostReceived
      if (value >= low && value <= high) return value
      throw reader.error('BER_INTEGER_RANGE', `expected an INTEGER from ${low} to ${high}, found ${value}`)
    },
    put(sdu, value, tag) {
      if (!Number.isInteger(value) || value < least || value > most) {
        throw new EncodeError('mms', 'MMS_INTEGER_RANGE', `expected a whole number from ${least} to ${most}, found ${String(value)}`)
      }
      prependIntegerElement(sdu, value, tag)
    },
  })
}

const WIDE = 0xffff_ffff

export const Integer8: Type<number> = wideRange('Integer8', -128, 127, -WIDE, WIDE)
export const Integer16: Type<number> = wideRange('Integer16', -32_768, 32_767, -WIDE, WIDE)
export const Integer32: Type<number> = wideRange(
  'Integer32',
  -2_147_483_648,
  2_147_483_647,
  -Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER,
)
export const Unsigned8: Type<number> = wideRange('Unsigned8', 0, 127, 0, 255)
export const Unsigned16: Type<number> = wideRange('Unsigned16', 0, 32_767, 0, 65_535)
export const Unsigned32: Type<number> = wideRange('Unsigned32', 0, 2_147_483_647, 0, WIDE)

/** Unsigned32 of an invoke identifier: an answer carries what was asked, also above 2³¹−1. We ask with 0 to 2³¹−1. */
export const InvokeID: Type<number> = wideRange('Unsigned32', 0, WIDE, 0, WIDE)

/** ISO 9506-2, ObjectName. */
export type ObjectName = Choice<{ vmdSpecific: string; domainSpecific: DomainSpecific; aaSpecific: string }>
export interface DomainSpecific {
  readonly domainID: string
  readonly itemID: string
}
export const ObjectName: Type<ObjectName> = CHOICE<ObjectName>('ObjectName', {
  vmdSpecific: implicit(0, Identifier, 'vmd-specific'),
  domainSpecific: implicit(1, SEQUENCE<DomainSpecific>('', { domainID: BareIdentifier, itemID: BareIdentifier }), 'domain-specific'),
  aaSpecific: implicit(2, Identifier, 'aa-specific'),
})

/** Classes of named objects, by their numbers in ISO 9506-2. */
const basicObjectClasses = {
  namedVariable: 0,
  scatteredAccess: 1,
  namedVariableList: 2,
  namedType: 3,
  semaphore: 4,
  eventCondition: 5,
  eventAction: 6,
  eventEnrollment: 7,
  journal: 8,
  domain: 9,
  programInvocation: 10,
  operatorStation: 11,
  /** Not in minor version 1. */
  dataExchange: 12,
  /** Not in minor versions 1 and 2. */
  accessControlList: 13,
} as const
const csObjectClasses = { eventConditionList: 0, unitControl: 1 } as const

export type BasicObjectClass = keyof typeof basicObjectClasses
export type CsObjectClass = keyof typeof csObjectClasses

/** ISO 9506-2, ObjectClass. `csObjectClass` needs the parameter CBB `cspi`. */
export type ObjectClass = Choice<{ basicObjectClass: Named<BasicObjectClass>; csObjectClass: Named<CsObjectClass> }>
export const ObjectClass: Type<ObjectClass> = CHOICE<ObjectClass>('ObjectClass', {
  basicObjectClass: implicit(0, namedInteger('', basicObjectClasses)),
  csObjectClass: implicit(1, namedInteger('', csObjectClasses)),
})
