import { wrongTag } from './codec.js'
import { unencodable } from './failure.js'
import { APPLICATION, CONSTRUCTED, CONTEXT, MAX_TAG_NUMBER, retag, type TagClass, tagOf } from './identifier.js'
import type { BerReader } from './reader.js'
import { sequenceOf } from './sequence.js'
import { setOf } from './set.js'
import { type AnyType, accepts, type Codec, type Lazy, makeType, recognizer, resolve, schemaError, type Type } from './type.js'
import { prependHeader } from './writer.js'

/**
 * `[n] IMPLICIT type`: the tag stands in place of the type's own. X.690, 8.14.3. A CHOICE or ANY has no tag to replace; for it the
 * tag is explicit, as X.680, 31.2.7 c has it.
 *
 * @param asn1Name spelling of the member in ASN.1, where camelCase differs
 */
export function implicit<T>(n: number, type: Lazy<T>, asn1Name?: string): Type<T> {
  return tagged(CONTEXT, n, false, type, asn1Name)
}

/** `[n] EXPLICIT type`: the element stands inside an element with this tag. X.690, 8.14.2. */
export function explicit<T>(n: number, type: Lazy<T>, asn1Name?: string): Type<T> {
  return tagged(CONTEXT, n, true, type, asn1Name)
}

/** `[APPLICATION n] IMPLICIT type`. */
export function application<T>(n: number, type: Lazy<T>, asn1Name?: string): Type<T> {
  return tagged(APPLICATION, n, false, type, asn1Name)
}

/** `[APPLICATION n] EXPLICIT type`. */
export function applicationExplicit<T>(n: number, type: Lazy<T>, asn1Name?: string): Type<T> {
  return tagged(APPLICATION, n, true, type, asn1Name)
}

/** Gives a member that has no tag of its own its ASN.1 spelling. */
export function named<T>(type: Type<T>, asn1Name: string): Type<T> {
  return makeType<T>({ name: type.name, asn1Name, shape: type.shape, tags: type.tags, compile: type.codec })
}

function tagged<T>(tagClass: TagClass, number: number, wanted: boolean, lazy: Lazy<T>, asn1Name: string | undefined): Type<T> {
  if (!Number.isInteger(number) || number < 0 || number > MAX_TAG_NUMBER) throw schemaError(`no tag has the number ${number}`)
  const isExplicit = (): boolean => wanted || !hasOneTag(resolve(lazy))
  return makeType<T>({
    name: '',
    asn1Name,
    shape: {
      kind: 'tagged',
      tagClass,
      number,
      get explicit() {
        return isExplicit()
      },
      type: () => resolve(lazy),
    },
    tags() {
      if (isExplicit()) return [tagOf(tagClass, number, CONSTRUCTED)]
      return resolve(lazy)
        .tags()!
        .map(tag => retag(tag, tagClass, number))
    },
    compile() {
      const type = resolve(lazy)
      if (isExplicit()) return explicitCodec(tagOf(tagClass, number, CONSTRUCTED), type)
      const { get, put, list } = type.codec()
      return { ...recognizer(type.tags()!.map(tag => retag(tag, tagClass, number))), get, put, list }
    },
  })
}

/** Whether a type has a tag that can be replaced. */
function hasOneTag(type: AnyType): boolean {
  const { shape } = type
  if (shape.kind === 'sized') return hasOneTag(shape.type())
  if (shape.kind === 'choice') return false
  const tags = type.tags()
  return tags?.every(tag => (tag | CONSTRUCTED) === (tags[0]! | CONSTRUCTED)) ?? false
}

function explicitCodec<T>(tag: number, type: Type<T>): Codec<T> {
  const codec = type.codec()
  return {
    tag,
    more: undefined,
    get(reader: BerReader): T {
      const end = reader.end
      const at = reader.position
      reader.enter()
      const inner = reader.header(end)
      if (codec.tag !== inner && !accepts(codec, inner)) throw wrongTag(reader, type, inner, at)
      if (reader.end !== end) throw reader.error('BER_UNKNOWN', 'expected one element inside an explicit tag, found more', reader.end)
      const value = codec.get(reader, inner)
      reader.leave()
      return value
    },
    put(sdu, value, own) {
      const before = sdu.length
      codec.put(sdu, value, codec.tag)
      prependHeader(sdu, own, sdu.length - before)
    },
  }
}

/**
 * The same SEQUENCE or SET, but elements that no member wants are skipped when decoding: where the standard has an extension mark, or
 * says that undefined elements are ignored.
 */
export function extensible<T>(type: Type<T>): Type<T> {
  const { shape, name } = type
  if (shape.kind === 'sequence') return sequenceOf<T>(name, shape.table, true)
  if (shape.kind === 'set') return setOf<T>(name, shape.table, true)
  throw schemaError(`${name}: only a SEQUENCE or SET can be extensible`)
}

/**
 * A size constraint, checked both ways: characters of a string, octets of an OCTET STRING, bits of a BIT STRING, elements of a list.
 *
 * @param most default: no upper bound
 */
export function sized<T extends string | Uint8Array | readonly unknown[] | { readonly size: number }>(
  type: Lazy<T>,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): Type<T> {
  const fits = (value: T): boolean => {
    const size = sizeOf(value)
    return size >= least && size <= most
  }
  const range = `a size of ${least === most ? least : most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`}`
  return makeType<T>({
    name: typeof type === 'function' ? '' : type.name,
    shape: { kind: 'sized', type: () => resolve(type), least, most },
    tags: () => resolve(type).tags(),
    compile() {
      const { tag, more, get, put } = resolve(type).codec()
      return {
        tag,
        more,
        get(reader, found) {
          const at = reader.position
          const value = get(reader, found)
          if (!fits(value)) throw reader.error('BER_SIZE', `expected ${range}, found ${sizeOf(value)}`, at)
          return value
        },
        put(sdu, value, own) {
          if (value !== undefined && value !== null && !fits(value)) throw unencodable('BER_SIZE', range, sizeOf(value))
          put(sdu, value, own)
        },
      }
    },
  })
}

function sizeOf(value: string | Uint8Array | readonly unknown[] | { readonly size: number }): number {
  return typeof value === 'object' && 'size' in value ? value.size : value.length
}
