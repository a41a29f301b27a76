import { type AnyType, type Codec, type Lazy, makeType, recognizer, resolve, schemaError, type Type } from './type.js'

/** What a hand-written node is made of. */
export interface Leaf<T> {
  /** ASN.1 name. */
  readonly name: string
  /** Every tag it may begin with, both forms of a string; see identifier.ts. */
  readonly tags: readonly number[]
  /** Reads the contents of an element with one of these tags; see `BerReader`. */
  readonly get: Codec<T>['get']
  /** Prepends the whole element. The third argument is the tag to write where `tags` differ in nothing but the form. */
  readonly put: Codec<T>['put']
  /** The same type as a declaration: print, explain and JSON work from it, and a test can hold the two against each other. */
  readonly as?: Lazy<T>
  /** Values have another shape than `as` says: JSON takes them as they are. @default false */
  readonly otherValues?: boolean
}

/**
 * A type whose codec is written by hand, for the few places where that pays. It takes its place among declared types like any
 * other. Build it from:
 *
 * - to read: `BerReader` (see there how), `readBoolean`, `readInteger`, `readNumber`, `readOctets`, `readOctetsView`, `readBitString`,
 *   `readVisible`, `readLatin1`, `readUtf8`, `readObjectIdentifier`, `readFloat32`, `readFloat64`, `readView`, and
 *   `reader.error(code, message, offset)` for what is wrong; all of them read between `reader.position` and `reader.end`;
 * - to write: `prependBoolean`, `prependInteger`, `prependOctets`, `prependFloat32`, `prependFloat64` for contents, then
 *   `prependHeader(sdu, tag, length)`; or whole elements with `prependIntegerElement`, `prependOctetsElement`,
 *   `prependBitStringElement`, `prependVisibleElement`, `prependStringElement`, `prependUtf8Element`,
 *   `prependObjectIdentifierElement`; `unencodable(code, expected, found)` for what has no encoding;
 * - for paths: `within(error, name)` on the way out of a constructed element;
 * - for other types inside: `type.codec()`, kept in a variable, and its `get` and `put`.
 */
export function leaf<T>(parts: Leaf<T>): Type<T> {
  const { name, tags, as, otherValues = false } = parts
  if (tags.length === 0) throw schemaError(`${name}: a leaf needs at least one tag`)
  return makeType<T>({
    name,
    shape: { kind: 'leaf', as: as && ((): AnyType => resolve(as)), otherValues },
    tags: () => tags,
    compile: () => ({ ...recognizer(tags), get: parts.get, put: parts.put }),
  })
}
