import type { Sdu } from '@x/core'
import { wrongTag } from './codec.js'
import { unencodable, within } from './failure.js'
import { CONSTRUCTED } from './identifier.js'
import type { BerReader } from './reader.js'
import { accepts, type Codec, type Lazy, makeType, resolve, type Type } from './type.js'
import { prependHeader } from './writer.js'

/** X.690, 8.10. TypeScript: a read-only array. */
export function SEQUENCE_OF<T>(element: Lazy<T>, name = ''): Type<readonly T[]> {
  return listOf('sequence of', 0x10 | CONSTRUCTED, element, name)
}

/** X.690, 8.12. TypeScript: a read-only array, in the order received or given. */
export function SET_OF<T>(element: Lazy<T>, name = ''): Type<readonly T[]> {
  return listOf('set of', 0x11 | CONSTRUCTED, element, name)
}

function listOf<T>(kind: 'sequence of' | 'set of', tag: number, element: Lazy<T>, name: string): Type<readonly T[]> {
  return makeType<readonly T[]>({
    name,
    shape: { kind, element: () => resolve(element) },
    tags: () => [tag],
    compile() {
      const type = resolve(element)
      const codec = type.codec()
      return {
        tag,
        more: undefined,
        get: reader => readList(reader, codec, type),
        put: (sdu, value, own) => prependListElement(sdu, value, own, codec),
      }
    },
  })
}

function readList<T>(reader: BerReader, codec: Codec<T>, type: Type<T>): readonly T[] {
  reader.enter()
  const list = codec.list?.(reader, codec.tag) ?? oneByOne(reader, codec, type)
  reader.leave()
  return list
}

function oneByOne<T>(reader: BerReader, codec: Codec<T>, type: Type<T>): T[] {
  const end = reader.end
  const list: T[] = []
  try {
    while (reader.position < end) {
      const at = reader.position
      const tag = reader.header(end)
      const next = reader.end
      if (codec.tag !== tag && !accepts(codec, tag)) throw wrongTag(reader, type, tag, at)
      list.push(codec.get(reader, tag))
      reader.position = next
    }
  } catch (error) {
    throw within(error, `[${list.length}]`)
  }
  return list
}

function prependListElement<T>(sdu: Sdu, value: readonly T[], tag: number, codec: Codec<T>): void {
  if (!Array.isArray(value)) throw unencodable('BER_VALUE', 'an array', value)
  const before = sdu.length
  let i = value.length - 1
  try {
    for (; i >= 0; i--) codec.put(sdu, value[i]!, codec.tag)
  } catch (error) {
    throw within(error, `[${i}]`)
  }
  prependHeader(sdu, tag, sdu.length - before)
}
