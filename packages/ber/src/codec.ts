import { DecodeError, EncodeError, Sdu } from '@x/core'
import { type Definite, definite } from './definite.js'
import { movedTo, within } from './failure.js'
import { tagTextWithForm } from './identifier.js'
import { BerReader, DEFAULT_LENGTH, type DecodeOptions } from './reader.js'
import { type AnyType, accepts, type Type } from './type.js'

/**
 * @returns the shortest definite encoding. The octets may share their memory with others of our encodings; nobody writes to them.
 * @throws EncodeError BER_… with the path of the member that has no encoding
 */
export function encode<T>(type: Type<T>, value: NoInfer<T>): Uint8Array {
  const sdu = new Sdu()
  encodeTo(type, value, sdu)
  return sdu.octets()
}

/** Prepends the encoding to what is written in `sdu`. @throws EncodeError, and then leaves `sdu` as it was */
export function encodeTo<T>(type: Type<T>, value: NoInfer<T>, sdu: Sdu): void {
  const before = sdu.length
  try {
    const codec = type.codec()
    codec.put(sdu, value, codec.tag)
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error
    sdu.start = sdu.end - before
    throw within(error, type.name)
  }
}

/**
 * Reads one value that takes all of `octets`.
 *
 * @throws DecodeError BER_… with offset and path; BER_TRAILING where octets are left over
 */
export function decode<T>(type: Type<T>, octets: Uint8Array, options?: DecodeOptions): T {
  return run(type, octets, options, true).value
}

/** Reads the first value in `octets`. @returns it, and the first octet behind it */
export function decodePart<T>(type: Type<T>, octets: Uint8Array, options?: DecodeOptions): { value: T; end: number } {
  return run(type, octets, options, false)
}

function run<T>(type: Type<T>, octets: Uint8Array, options: DecodeOptions | undefined, whole: boolean): { value: T; end: number } {
  const reader = new BerReader(octets, options)
  try {
    if (octets.length > (options?.length ?? DEFAULT_LENGTH)) {
      throw reader.error('BER_INPUT', `expected at most ${options?.length ?? DEFAULT_LENGTH} octets, found ${octets.length}`)
    }
    return one(type, reader, octets.length, whole)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    if (error.code !== 'BER_INDEFINITE') throw within(error, type.name)
  }
  // At least one length is indefinite: make them all definite, once, and begin again.
  const { octets: rewritten, end, origin } = rewrite(type, octets, options)
  if (whole && end < octets.length) throw within(trailing(reader, end, octets.length), type.name)
  try {
    return { value: one(type, new BerReader(rewritten, options), rewritten.length, true).value, end }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw within(movedTo(error, origin(error.offset)), type.name)
  }
}

function rewrite(type: AnyType, octets: Uint8Array, options: DecodeOptions | undefined): Definite {
  try {
    return definite(octets, options)
  } catch (error) {
    throw within(error, type.name)
  }
}

function one<T>(type: Type<T>, reader: BerReader, limit: number, whole: boolean): { value: T; end: number } {
  const codec = type.codec()
  const tag = reader.header(limit)
  const end = reader.end
  if (!accepts(codec, tag)) throw wrongTag(reader, type, tag, 0)
  if (whole && end < limit) throw trailing(reader, end, limit)
  return { value: codec.get(reader, tag), end }
}

function trailing(reader: BerReader, end: number, limit: number): DecodeError {
  return reader.error('BER_TRAILING', `expected the end of the octets, found ${limit - end} more`, end)
}

/** BER_CHOICE where the type is a choice of tags, else BER_TAG. @param offset of the element with the wrong tag */
export function wrongTag(reader: BerReader, type: AnyType, tag: number, offset: number): DecodeError {
  return reader.error(mismatch(type), `expected ${expected(type)}, found ${tagTextWithForm(tag)}`, offset)
}

/** The code for a tag that the type does not have. */
export function mismatch(type: AnyType): 'BER_CHOICE' | 'BER_TAG' {
  return type.shape.kind === 'choice' ? 'BER_CHOICE' : 'BER_TAG'
}

/** The tags of a type for a message; at most four. */
export function expected(type: AnyType): string {
  const tags = type.tags()
  if (tags === undefined) return 'an element of any tag'
  const texts = tags.slice(0, 4).map(tagTextWithForm)
  return `${texts.join(' or ')}${tags.length > 4 ? ' or others' : ''}${type.name ? ` for ${type.name}` : ''}`
}
