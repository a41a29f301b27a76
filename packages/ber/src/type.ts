import { type Sdu, UsageError } from '@x/core'
import { type TagClass, tagOf } from './identifier.js'
import type { MemberTable } from './members.js'
import type { BerReader } from './reader.js'

/** A value of an ASN.1 CHOICE: exactly one of the alternatives of `U`, discriminated by `type`. */
export type Choice<U> = { [K in keyof U & string]: { readonly type: K; readonly value: U[K] } }[keyof U & string]

/** A value of an ASN.1 BIT STRING. Bit 0 is the highest bit of the first octet; unused bits of the last octet are 0. */
export interface BitString {
  readonly octets: Uint8Array
  /** Exact length in bits; `octets` has as many octets as that takes. */
  readonly size: number
}

/** An INTEGER without a range: a number where that is exact (±(2⁵³ − 1)), else a bigint. */
export type Integer = number | bigint

/** A name from the declaration, or the number where the declaration has no name for it. */
export type Named<N extends string> = N | number

/** A type, or a function that gives it: for types that contain themselves or are declared further down. */
export type Lazy<T> = Type<T> | (() => Type<T>)

/** An ASN.1 type with its BER codec: give it to `encode`, `decode`, `explain`, `print`, `toJson`. */
export interface Type<T> {
  /** The ASN.1 name, '' where it has none of its own. */
  readonly name: string
  /** Spelling of the member that holds it, where camelCase differs from ASN.1. */
  readonly asn1Name: string | undefined
  /** For print, explain and JSON. */
  readonly shape: Shape
  /** OPTIONAL; only inside SEQUENCE and SET. Decoding leaves the member out of the object. */
  optional(): Optional<T>
  /** DEFAULT; only inside SEQUENCE and SET. Decoding fills the value in, encoding leaves it out. */
  default(value: T): Default<T>
  /** The tags it may begin with, the one to be written first; undefined: any tag (ANY). */
  readonly tags: () => Tags
  /** The compiled codec. Compiled on the first call. */
  readonly codec: () => Codec<T>
}

/** Tags that a type may begin with; undefined: any. */
export type Tags = readonly number[] | undefined

/** An OPTIONAL member. */
export interface Optional<T> {
  readonly presence: 'optional'
  readonly type: Type<T>
}

/** A member with a DEFAULT. */
export interface Default<T> {
  readonly presence: 'default'
  readonly type: Type<T>
  readonly value: T
}

/** What a type compiles to. Property types, not methods: this is what makes `Type<T>` invariant. */
export interface Codec<T> {
  /** The tag to be written when nobody gives another; -1 where the value decides. */
  readonly tag: number
  /** Other tags that are understood. */
  readonly more: TagSet | undefined
  /** Reads the contents of an element whose header has just been read. Need not move `reader.position`. */
  readonly get: (reader: BerReader, tag: number) => T
  /** Prepends the whole element, with this tag where the value does not decide. */
  readonly put: (sdu: Sdu, value: T, tag: number) => void
  /** Reads a whole list of them, faster than one by one, or leaves the reader as it was. The header read last is that of the list. */
  readonly list?: ((reader: BerReader, tag: number) => T[] | undefined) | undefined
}

/** A type whatever its values. */
// biome-ignore lint/suspicious/noExplicitAny: Type<T> is invariant, so a list of types of any kind can only be written so
export type AnyType = Type<any>
/** A codec whatever its values. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyCodec = Codec<any>
/** A type whatever its values, or a function that gives it. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyLazy = Type<any> | (() => Type<any>)

/** A member of a SEQUENCE or SET, or an alternative of a CHOICE, as declared. */
export interface MemberShape {
  /** Key in the TypeScript object. */
  readonly key: string
  /** Spelling in ASN.1. */
  readonly asn1Name: string
  readonly type: () => AnyType
  readonly presence: 'required' | 'optional' | 'default'
  /** The DEFAULT. */
  readonly value?: unknown
}

/** What print, explain and JSON know of a type. */
export type Shape =
  | BuiltinShape
  | MembersShape<'sequence'>
  | MembersShape<'set'>
  | ListShape<'sequence of'>
  | ListShape<'set of'>
  | { readonly kind: 'choice'; readonly alternatives: readonly MemberShape[] }
  | {
      readonly kind: 'tagged'
      readonly tagClass: TagClass
      readonly number: number
      readonly explicit: boolean
      readonly type: () => AnyType
    }
  | { readonly kind: 'sized'; readonly type: () => AnyType; readonly least: number; readonly most: number }
  /** Written by hand; `as` is the same type declared. */
  | { readonly kind: 'leaf'; readonly as: (() => AnyType) | undefined; readonly otherValues: boolean }

/** SEQUENCE and SET. */
export interface MembersShape<K extends 'sequence' | 'set'> {
  readonly kind: K
  readonly members: readonly MemberShape[]
  /** Elements that no member wants are skipped. */
  readonly extensible: boolean
  readonly table: MemberTable
}

/** SEQUENCE OF and SET OF. */
export interface ListShape<K extends 'sequence of' | 'set of'> {
  readonly kind: K
  readonly element: () => AnyType
}

/** A type without parts. */
export interface BuiltinShape {
  readonly kind: 'builtin'
  /** In ASN.1. */
  readonly asn1: string
  /** How its values look in JSON. */
  readonly json: BuiltinJson
  /** Named numbers or named bits. */
  readonly names?: Readonly<Record<string, number>>
  /** Smallest and largest INTEGER. */
  readonly range?: readonly [number, number]
}

/** As they are, number or decimal text, hex, or hex and size. */
export type BuiltinJson = 'plain' | 'integer' | 'octets' | 'bits'

/** What `makeType` makes a type of. */
export interface TypeParts<T> {
  readonly name: string
  readonly asn1Name?: string | undefined
  readonly shape: Shape
  readonly tags: () => Tags
  readonly compile: () => Codec<T>
}

/** The one implementation of `Type`: remembers its tags and its codec, and lets a type contain itself. */
export function makeType<T>(parts: TypeParts<T>): Type<T> {
  return new Declared(parts)
}

class Declared<T> implements Type<T> {
  readonly name: string
  readonly asn1Name: string | undefined
  readonly shape: Shape
  readonly #parts: TypeParts<T>
  #tags: { readonly tags: Tags } | 'in progress' | undefined
  #codec: Codec<T> | 'in progress' | undefined

  constructor(parts: TypeParts<T>) {
    this.name = parts.name
    this.asn1Name = parts.asn1Name
    this.shape = parts.shape
    this.#parts = parts
  }

  optional(): Optional<T> {
    return { presence: 'optional', type: this }
  }

  default(value: T): Default<T> {
    return { presence: 'default', type: this, value }
  }

  readonly tags = (): Tags => {
    if (this.#tags === 'in progress') throw schemaError(`${this.name || 'a CHOICE'} holds itself without a tag between`)
    if (this.#tags === undefined) {
      this.#tags = 'in progress'
      this.#tags = { tags: this.#parts.tags() }
    }
    return this.#tags.tags
  }

  readonly codec = (): Codec<T> => {
    if (this.#codec === 'in progress') return this.#forward()
    if (this.#codec === undefined) {
      this.#codec = 'in progress'
      this.#codec = this.#parts.compile()
    }
    return this.#codec
  }

  /** Stands in for the codec inside the type itself while that is being compiled. */
  #forward(): Codec<T> {
    const { tag, more } = recognizer(this.tags())
    return {
      tag,
      more,
      get: (reader, found) => this.codec().get(reader, found),
      put: (sdu, value, own) => this.codec().put(sdu, value, own),
    }
  }
}

/** The type, whether given as such or as a function. */
export function resolve<T>(type: Lazy<T>): Type<T> {
  return typeof type === 'function' ? type() : type
}

/** A declaration that makes no sense in ASN.1: a mistake in the program, found when the type is first used. */
export function schemaError(message: string): UsageError {
  return new UsageError('ber', 'BER_SCHEMA', message)
}

/** A set of tags. One class for all, so that asking it is cheap. */
export class TagSet {
  /** A bit for each identifier octet of the low form. */
  readonly #low = new Uint32Array(8)
  readonly #high = new Set<number>()
  readonly #any: boolean

  /** @param tags undefined: every tag but end-of-contents */
  constructor(tags: Tags) {
    this.#any = tags === undefined
    for (const tag of tags ?? []) {
      if (tag < 256) this.#low[tag >> 5]! |= 1 << (tag & 31)
      else this.#high.add(tag)
    }
  }

  has(tag: number): boolean {
    if (this.#any) return tag > 0
    return tag < 256 ? (this.#low[tag >> 5]! & (1 << (tag & 31))) !== 0 : this.#high.has(tag)
  }
}

/** Tags as the two fields of a codec that recognize them. */
export function recognizer(tags: Tags): { tag: number; more: TagSet | undefined } {
  if (tags === undefined) return { tag: -1, more: new TagSet(undefined) }
  return { tag: tags[0] ?? -1, more: tags.length > 1 ? new TagSet(tags) : undefined }
}

/** Whether the codec understands the tag. */
export function accepts(codec: AnyCodec, tag: number): boolean {
  return codec.tag === tag || (codec.more?.has(tag) ?? false)
}

/** A builtin type of one universal tag. @param constructed the other form is understood too */
export function builtin<T>(
  name: string,
  number: number,
  codec: Pick<Codec<T>, 'get' | 'put' | 'list'>,
  options: Partial<Omit<BuiltinShape, 'kind'>> & { constructed?: boolean } = {},
): Type<T> {
  const { constructed, ...more } = options
  const tags = constructed ? [tagOf(0, number), tagOf(0, number, 0x20)] : [tagOf(0, number)]
  const shape: BuiltinShape = { kind: 'builtin', asn1: name, json: 'plain', ...more }
  return makeType<T>({ name, shape, tags: () => tags, compile: () => ({ ...recognizer(tags), ...codec }) })
}
