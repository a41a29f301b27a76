import { unencodable, within } from './failure.js'
import { tagText } from './identifier.js'
import type { BerReader } from './reader.js'
import {
  type AnyLazy,
  type Codec,
  type Lazy,
  type MemberShape,
  makeType,
  recognizer,
  resolve,
  schemaError,
  type Tags,
  type Type,
} from './type.js'

/** All alternatives of a union of `{ type, value }`, as one record. */
export type AlternativesOf<C extends { readonly type: string; readonly value: unknown }> = {
  readonly [K in C['type']]: Lazy<Extract<C, { readonly type: K }>['value']>
}

/**
 * A value `{ type, value }`, told apart by the tag on the wire. `C` is the union, best written with `Choice<…>`.
 *
 * An alternative of type `ANY` takes every tag that no other has: this is how an extensible CHOICE keeps what it does not know.
 */
export function CHOICE<C extends { readonly type: string; readonly value: unknown }>(
  name: string,
  alternatives: AlternativesOf<C>,
): Type<C> {
  const shapes = Object.entries<AnyLazy>(alternatives as Record<string, AnyLazy>).map(
    ([key, type]): MemberShape => ({
      key,
      get asn1Name() {
        return (typeof type === 'function' ? undefined : type.asn1Name) ?? key
      },
      type: () => resolve(type),
      presence: 'required',
    }),
  )
  return makeType<C>({
    name,
    shape: { kind: 'choice', alternatives: shapes },
    tags: () => tagsOf(shapes),
    compile: () => compile<C>(name, shapes),
  })
}

function tagsOf(shapes: readonly MemberShape[]): Tags {
  const tags: number[] = []
  for (const shape of shapes) {
    const own = shape.type().tags()
    if (own === undefined) return undefined
    tags.push(...own)
  }
  return tags
}

interface Alternative {
  readonly key: string
  readonly asn1Name: string
  readonly tag: number
  readonly get: Codec<unknown>['get']
  readonly put: Codec<unknown>['put']
}

function compile<C extends { readonly type: string; readonly value: unknown }>(name: string, shapes: readonly MemberShape[]): Codec<C> {
  const byKey = new Map<string, Alternative>()
  // Tags in low form are looked up in an array, the few in high form in a map.
  const low: (Alternative | undefined)[] = new Array(256).fill(undefined)
  const high = new Map<number, Alternative>()
  let open: Alternative | undefined
  for (const shape of shapes) {
    const type = shape.type()
    const { tag: own, get: read, put: write } = type.codec()
    const alternative: Alternative = { key: shape.key, asn1Name: shape.asn1Name, tag: own, get: read, put: write }
    byKey.set(shape.key, alternative)
    for (const tag of type.tags() ?? []) {
      const taken = tag < 256 ? low[tag] : high.get(tag)
      if (taken) throw schemaError(`${name}: ${alternative.asn1Name} and ${taken.asn1Name} both have the tag ${tagText(tag)}`)
      if (tag < 256) low[tag] = alternative
      else high.set(tag, alternative)
    }
    if (type.tags() !== undefined) continue
    if (open) throw schemaError(`${name}: ${alternative.asn1Name} and ${open.asn1Name} both take any tag`)
    open = alternative
  }
  return { ...recognizer(tagsOf(shapes)), get, put }

  function get(reader: BerReader, tag: number): C {
    const alternative = (tag < 256 ? low[tag] : high.get(tag)) ?? open
    if (alternative === undefined)
      throw reader.error('BER_CHOICE', `expected an alternative of ${name || 'the CHOICE'}, found ${tagText(tag)}`)
    try {
      return { type: alternative.key, value: alternative.get(reader, tag) } as C
    } catch (error) {
      throw within(error, alternative.asn1Name)
    }
  }

  function put(sdu: Parameters<Codec<C>['put']>[0], value: C): void {
    const alternative = byKey.get(value?.type)
    if (alternative === undefined) throw unencodable('BER_CHOICE', `a type of ${[...byKey.keys()].slice(0, 12).join(', ')}`, value?.type)
    try {
      alternative.put(sdu, value.value, alternative.tag)
    } catch (error) {
      throw within(error, alternative.asn1Name)
    }
  }
}
