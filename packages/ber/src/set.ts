import { within } from './failure.js'
import { CONSTRUCTED, tagTextWithForm } from './identifier.js'
import { type Member, type Members, type MemberTable, membersOf } from './members.js'
import { missing, putMembers } from './sequence.js'
import { type Codec, makeType, schemaError, type Type } from './type.js'

const SET_TAG = 0x11 | CONSTRUCTED

/** X.690, 8.11: as `SEQUENCE`, in any order. Encoding keeps the order of the declaration. */
export function SET<T>(name: string, members: Members<T>): Type<T> {
  return setOf<T>(name, membersOf(members), false)
}

/** @param extensible elements that no member wants are skipped */
export function setOf<T>(name: string, table: MemberTable, extensible: boolean): Type<T> {
  return makeType<T>({
    name,
    shape: { kind: 'set', members: table.shapes, extensible, table },
    tags: () => [SET_TAG],
    compile: () => ({
      tag: SET_TAG,
      more: undefined,
      get: getSet<T>(name, table.compile(), extensible),
      put: putMembers<T>(table.compile()),
    }),
  })
}

function getSet<T>(name: string, members: readonly Member[], extensible: boolean): Codec<T>['get'] {
  const byTag = new Map<number, number>()
  members.forEach((member, i) => {
    for (const tag of member.type.tags() ?? []) {
      if (byTag.has(tag)) throw schemaError(`${name}: ${member.asn1Name} has the tag of another member`)
      byTag.set(tag, i)
    }
  })
  const open = members.findIndex(member => member.type.tags() === undefined)
  const wildcard = open < 0 ? undefined : open
  return reader => {
    const end = reader.end
    reader.enter()
    // In the order of the declaration, whatever the order received.
    const values: unknown[] = new Array(members.length).fill(undefined)
    let i: number | undefined
    try {
      while (reader.position < end) {
        const at = reader.position
        const tag = reader.header(end)
        const next = reader.end
        i = undefined
        const found: number | undefined = byTag.get(tag) ?? (tag === 0 ? undefined : wildcard)
        if (found === undefined) {
          if (!extensible || tag === 0) throw reader.error('BER_UNKNOWN', `expected one of the members, found ${tagTextWithForm(tag)}`, at)
        } else {
          i = found
          if (values[i] !== undefined) throw reader.error('BER_ORDER', `expected ${members[i]!.asn1Name} once, found it again`, at)
          values[i] = members[i]!.get(reader, tag)
        }
        reader.position = next
      }
      const value: Record<string, unknown> = {}
      for (i = 0; i < members.length; i++) {
        const member = members[i]!
        if (values[i] !== undefined) value[member.key] = values[i]
        else if (member.presence === 'default') value[member.key] = member.fallback()
        else if (member.presence === 'required') throw missing(reader, member, end)
      }
      reader.leave()
      return value as T
    } catch (error) {
      throw i === undefined ? error : within(error, members[i]!.asn1Name)
    }
  }
}
