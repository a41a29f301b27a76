import type { Sdu } from '@x/core'
import { wrongTag } from './codec.js'
import { unencodable, within } from './failure.js'
import { CONSTRUCTED } from './identifier.js'
import type { BerReader } from './reader.js'
import { type Codec, type Lazy, makeType, resolve, type Shape, type Type } from './type.js'
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
    shape: { kind, element: () => resolve(element) } as Shape,
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
  const list = codec.list?.(reader, codec.tag) ?? readElements(reader, codec.get, codec, type)
  reader.leave()
  return list
}

/**
 * The elements inside the one whose header was read last, as a list. Does not count as a level of depth: `enter` and `leave` are the
 * caller's.
 *
 * @param get reads the contents of one element. Without `codec` it must itself refuse tags that it does not know
 */
export function readElements<T>(reader: BerReader, get: Codec<T>['get'], codec?: Codec<T>, type?: Type<T>): T[] {
  const end = reader.end
  if (reader.position === end) return []
  let i = 0
  try {
    const first = element(reader, end, get, codec, type)
    if (reader.position === end) return [first]
    i = 1
    const second = element(reader, end, get, codec, type)
    if (reader.position === end) return [first, second]
    i = 2
    const third = element(reader, end, get, codec, type)
    if (reader.position === end) return [first, second, third]
    i = 3
    // Short lists as literals, longer ones of their size: growing by push takes half as long again and twice the memory. No more
    // room than the limit allows elements.
    const list = new Array<T>(3 + Math.min(reader.count(end), reader.elements))
    list[0] = first
    list[1] = second
    list[2] = third
    for (; reader.position < end; i++) list[i] = element(reader, end, get, codec, type)
    return list
  } catch (error) {
    throw within(error, `[${i}]`)
  }
}

function element<T>(reader: BerReader, end: number, get: Codec<T>['get'], codec: Codec<T> | undefined, type: Type<T> | undefined): T {
  const tag = reader.header(end)
  const next = reader.end
  if (codec !== undefined && codec.tag !== tag && !codec.more?.has(tag)) throw wrongTag(reader, type!, tag, reader.start)
  const value = get(reader, tag)
  reader.position = next
  return value
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
