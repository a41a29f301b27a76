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

function getSequence<T>(members: readonly Member[], extensible: boolean): Codec<T>['get'] {
  const count = members.length
  return reader => {
    const end = reader.end
    reader.enter()
    const value: Record<string, unknown> = {}
    let i = 0
    try {
      while (reader.position < end) {
        const at = reader.position
        const tag = reader.header(end)
        const next = reader.end
        let found = i
        for (; found < count; found++) {
          const { tag: wanted, more } = members[found]!
          if (wanted === tag || more?.has(tag)) break
        }
        if (found < count) {
          for (; i < found; i++) fillAbsent(reader, members[i]!, value, at)
          const member = members[i]!
          value[member.key] = member.get(reader, tag)
          i++
        } else if (!extensible || tag === 0 || seen(members, i, tag)) {
          const error = unwanted(reader, members, i, tag, at)
          if (error.code === 'BER_ORDER' || error.code === 'BER_UNKNOWN') i = count
          throw error
        }
        reader.position = next
      }
      for (; i < count; i++) fillAbsent(reader, members[i]!, value, end)
    } catch (error) {
      throw i < count ? within(error, members[i]!.asn1Name) : error
    }
    reader.leave()
    return value as T
  }
}

function fillAbsent(reader: BerReader, member: Member, value: Record<string, unknown>, at: number): void {
  if (member.presence === 'default') value[member.key] = member.fallback()
  else if (member.presence === 'required') throw missing(reader, member, at)
}

/** A mandatory member is not there. */
export function missing(reader: BerReader, member: Member, at: number): DecodeError {
  return reader.error('BER_MISSING', `expected ${wanted(member)}, found it absent`, at)
}

function seen(members: readonly Member[], before: number, tag: number): boolean {
  return members.slice(0, before).some(member => member.tag === tag || member.more?.has(tag))
}

function unwanted(reader: BerReader, members: readonly Member[], i: number, tag: number, at: number): DecodeError {
  const earlier = members.slice(0, i).find(member => member.tag === tag || member.more?.has(tag))
  if (earlier) return reader.error('BER_ORDER', `expected ${earlier.asn1Name} once and in its place, found it again`, at)
  const next = members[i]
  if (next?.presence === 'required') return reader.error(mismatch(next.type), `expected ${wanted(next)}, found ${tagTextWithForm(tag)}`, at)
  return reader.error(
    'BER_UNKNOWN',
    `expected ${
      next
        ? `one of ${members
            .slice(i)
            .map(m => m.asn1Name)
            .join(', ')}`
        : 'no more members'
    }, found ${tagTextWithForm(tag)}`,
    at,
  )
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
