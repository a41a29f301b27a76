import type { DecodeError, Sdu } from '@x/core'
import { mismatch } from './codec.js'
import { unencodable, within } from './failure.js'
import { CONSTRUCTED, tagText, tagTextWithForm } from './identifier.js'
import { type Member, type Members, type MemberTable, membersOf } from './members.js'
import type { BerReader } from './reader.js'
import { type Codec, makeType, type Type } from './type.js'
import { prependHeader } from './writer.js'

const SEQUENCE_TAG = 0x10 | CONSTRUCTED

/**
 * X.690, 8.9. `T` declares the members in TypeScript; `members` declares them for the wire, in the order of the standard. They must
 * agree: a member missing, too many, of another type, or optional on one side only does not compile.
 *
 * ```ts
 * interface Point { x: number; y: number; label?: string }
 * const Point = SEQUENCE<Point>('Point', {
 *   x: implicit(0, Integer8),
 *   y: implicit(1, Integer8),
 *   label: implicit(2, VisibleString).optional(),
 * })
 * ```
 *
 * Absent OPTIONAL members are absent from the object; absent members with a DEFAULT have it.
 *
 * @param name ASN.1 name; '' where the type is written out inside another
 */
export function SEQUENCE<T>(name: string, members: Members<T>): Type<T> {
  return sequenceOf<T>(name, membersOf(members), false)
}

/** @param extensible elements that no member wants are skipped */
export function sequenceOf<T>(name: string, table: MemberTable, extensible: boolean): Type<T> {
  return makeType<T>({
    name,
    shape: { kind: 'sequence', members: table.shapes, extensible, table },
    tags: () => [SEQUENCE_TAG],
    compile: () => ({
      tag: SEQUENCE_TAG,
      more: undefined,
      get: getSequence<T>(table.compile(), extensible),
      put: putMembers<T>(table.compile()),
    }),
  })
}

/** No tag: all elements have been read. */
const NONE = -2

function getSequence<T>(members: readonly Member[], extensible: boolean): Codec<T>['get'] {
  const count = members.length
  return reader => {
    const end = reader.end
    reader.enter()
    const value: Record<string, unknown> = {}
    // The member that an error belongs to; none while a header is read, for nobody knows yet whose it is.
    let current: Member | undefined
    try {
      let tag = reader.position < end ? reader.header(end) : NONE
      for (let i = 0; i < count; i++) {
        const member = members[i]!
        if (tag === member.tag || member.more?.has(tag)) {
          const next = reader.end
          current = member
          value[member.key] = member.get(reader, tag)
          current = undefined
          reader.position = next
          tag = next < end ? reader.header(end) : NONE
          continue
        }
        if (extensible) {
          tag = skipUnknown(reader, members, tag, end)
          if (tag === member.tag || member.more?.has(tag)) {
            i--
            continue
          }
        }
        if (member.presence === 'default') value[member.key] = member.fallback()
        else if (member.presence === 'required') {
          const error = mandatory(reader, members, i, tag, end)
          if (error.code !== 'BER_ORDER') current = member
          throw error
        }
      }
      if (tag !== NONE && extensible) tag = skipUnknown(reader, members, tag, end)
      if (tag !== NONE) throw unwanted(reader, members, tag)
    } catch (error) {
      throw current ? within(error, current.asn1Name) : error
    }
    reader.leave()
    return value as T
  }
}

/** Whether the member begins with this tag. */
const wants = (member: Member, tag: number): boolean => member.tag === tag || (member.more?.has(tag) ?? false)

function anyWants(members: readonly Member[], tag: number): boolean {
  for (let i = 0; i < members.length; i++) if (wants(members[i]!, tag)) return true
  return false
}

/** Moves over elements whose tag no member has. @returns the next tag that one has, or NONE */
function skipUnknown(reader: BerReader, members: readonly Member[], first: number, end: number): number {
  let tag = first
  while (tag > 0 && !anyWants(members, tag)) {
    reader.position = reader.end
    tag = reader.position < end ? reader.header(end) : NONE
  }
  return tag
}

/** What is wrong where the mandatory member `i` is not next. */
function mandatory(reader: BerReader, members: readonly Member[], i: number, tag: number, end: number): DecodeError {
  const member = members[i]!
  if (tag === NONE) return missing(reader, member, end)
  if (members.slice(i + 1).some(later => wants(later, tag))) return missing(reader, member, reader.start)
  if (members.slice(0, i).some(earlier => wants(earlier, tag))) return unwanted(reader, members, tag)
  return reader.error(mismatch(member.type), `expected ${wanted(member)}, found ${tagTextWithForm(tag)}`, reader.start)
}

/** A mandatory member is not there. */
export function missing(reader: BerReader, member: Member, at: number): DecodeError {
  return reader.error('BER_MISSING', `expected ${wanted(member)}, found it absent`, at)
}

/** What is wrong where an element is left that no member took. */
function unwanted(reader: BerReader, members: readonly Member[], tag: number): DecodeError {
  const known = members.find(member => wants(member, tag))
  if (known) return reader.error('BER_ORDER', `expected ${known.asn1Name} once and in its place, found it elsewhere`, reader.start)
  return reader.error('BER_UNKNOWN', `expected no other members, found ${tagTextWithForm(tag)}`, reader.start)
}

function wanted(member: Member): string {
  const tags = member.type.tags()
  return `${member.asn1Name}${tags ? ` ${tagText(tags[0]!)}` : ''}`
}

/** Writes the members backwards; SET does the same. */
export function putMembers<T>(members: readonly Member[]): Codec<T>['put'] {
  return (sdu: Sdu, value: T, tag: number) => {
    if (typeof value !== 'object' || value === null) throw unencodable('BER_VALUE', 'an object', value)
    const record = value as Record<string, unknown>
    const before = sdu.length
    let i = members.length - 1
    try {
      for (; i >= 0; i--) {
        const member = members[i]!
        const inner = record[member.key]
        if (inner === undefined) {
          if (member.presence === 'required') throw unencodable('BER_MISSING', 'a value', inner)
        } else if (member.presence !== 'default' || !member.isFallback(inner)) {
          member.put(sdu, inner, member.tag)
        }
      }
    } catch (error) {
      throw within(error, members[i]!.asn1Name)
    }
    prependHeader(sdu, tag, sdu.length - before)
  }
}
