import type { Sdu } from '@x/core'
import type { BerReader } from './reader.js'
import {
  type AnyLazy,
  type Default,
  type Lazy,
  type MemberShape,
  type Optional,
  resolve,
  schemaError,
  type TagSet,
  type Type,
} from './type.js'

/**
 * What SEQUENCE and SET want for the interface `T`: for each member `x: X` a `Type<X>`, or that with `.default(…)`; for each
 * member `x?: X` a `Type<X>` with `.optional()`; and nothing else.
 */
export type Members<T> = {
  readonly [K in keyof T]-?: {} extends Pick<T, K> ? Optional<Exclude<T[K], undefined>> : Lazy<T[K]> | Default<T[K]>
}

/** A member ready for use. */
export interface Member {
  readonly key: string
  readonly asn1Name: string
  readonly presence: MemberShape['presence']
  /** A fresh DEFAULT. */
  readonly fallback: () => unknown
  readonly isFallback: (value: unknown) => boolean
  readonly tag: number
  readonly more: TagSet | undefined
  readonly get: (reader: BerReader, tag: number) => unknown
  readonly put: (sdu: Sdu, value: unknown, tag: number) => void
  /** The declared tags, for messages. */
  readonly type: Type<unknown>
}

/** The members of a SEQUENCE or SET as declared, and how to make them ready. */
export interface MemberTable {
  readonly shapes: readonly MemberShape[]
  readonly compile: () => readonly Member[]
}

type Declaration = AnyLazy | Optional<unknown> | Default<unknown>

/** Takes a record of declarations apart. Types given as functions stay unresolved. */
export function membersOf(declarations: object): MemberTable {
  const shapes = Object.entries<Declaration>(declarations as Record<string, Declaration>).map(([key, declaration]) =>
    shapeOf(key, declaration),
  )
  return { shapes, compile: () => shapes.map(compileMember) }
}

function shapeOf(key: string, declaration: Declaration): MemberShape {
  // An object's prototype is no place for a member.
  if (key === '__proto__') throw schemaError('a member cannot be called __proto__')
  const field = 'presence' in declaration ? declaration : undefined
  const lazy = field ? field.type : (declaration as AnyLazy)
  return {
    key,
    get asn1Name() {
      return (typeof lazy === 'function' ? undefined : lazy.asn1Name) ?? key
    },
    type: () => resolve(lazy),
    presence: field?.presence ?? 'required',
    ...(field?.presence === 'default' && { value: field.value }),
  }
}

function compileMember(shape: MemberShape): Member {
  const type = shape.type()
  const { tag, more, get, put } = type.codec()
  const { value } = shape
  const plain = typeof value !== 'object' || value === null
  return {
    key: shape.key,
    asn1Name: shape.asn1Name,
    presence: shape.presence,
    fallback: plain ? () => value : () => clone(value),
    isFallback: plain ? other => other === value : other => sameValue(value, other),
    tag,
    more,
    get,
    put,
    type,
  }
}

/** Whether two values of a declared type are the same. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && a.length === b.length && a.every((octet, i) => octet === b[i])
  }
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every(key => Object.hasOwn(b, key) && sameValue((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  )
}

/** A deep copy of a value of a declared type. */
export function clone(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  if (Array.isArray(value)) return value.map(clone)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clone(inner)]))
}
