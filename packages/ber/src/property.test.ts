import { Sdu, sameOctets } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BitString,
  CHOICE,
  decode,
  decodePart,
  ENUMERATED,
  encode,
  encodeTo,
  explicit,
  fromJson,
  implicit,
  type Json,
  SEQUENCE,
  SEQUENCE_OF,
  SET,
  sized,
  type Type,
  toJson,
  VisibleString,
} from './index.js'
import { arbitraryOf } from './testing/arbitrary.js'
import { Everything, Options, Tree } from './testing/types.js'
import type { AnyType } from './type.js'

/** Types with random members and tags, made of the members of `Everything`. */
const randomTypes: fc.Arbitrary<AnyType> = fc.letrec<{ type: AnyType }>(tie => {
  const shape = Everything.shape as Extract<AnyType['shape'], { kind: 'sequence' }>
  const scalar: fc.Arbitrary<AnyType> = fc.constantFrom(...shape.members.map(member => member.type()))
  const field = fc.tuple(tie('type'), fc.constantFrom('required', 'optional'), fc.boolean())
  const fields = fc.array(field, { minLength: 1, maxLength: 5 })
  const record = (make: typeof SEQUENCE | typeof SET): fc.Arbitrary<AnyType> =>
    fields.map(list => {
      const members = list.map(([type, presence, explicitly], i) => {
        const tagged: AnyType = (explicitly ? explicit : implicit)(i * 17, type)
        return [`m${i}`, presence === 'optional' ? tagged.optional() : tagged]
      })
      return (make as (name: string, members: object) => AnyType)('', Object.fromEntries(members))
    })
  return {
    type: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      tie('type').map((type): AnyType => SEQUENCE_OF(type)),
      record(SEQUENCE),
      record(SET),
      fields.map(list => {
        const alternatives = list.map(([type, , how], i) => [`a${i}`, (how ? explicit : implicit)(i * 9, type)])
        return (CHOICE as (name: string, alternatives: object) => AnyType)('', Object.fromEntries(alternatives))
      }),
    ),
  }
}).type

describe('every value of a declared type', () => {
  const roundTrip = <T>(type: Type<T>, value: T): void => {
    const octets = encode(type, value)
    expect(decode(type, octets)).toStrictEqual(value)
  }

  test('decode(encode(v)) is v: a type with one member of every kind', () => {
    fc.assert(
      fc.property(arbitraryOf(Everything), value => roundTrip(Everything, value)),
      { numRuns: 500 },
    )
  })

  test('decode(encode(v)) is v: a type that contains itself', () => {
    fc.assert(
      fc.property(arbitraryOf(Tree, 5), value => roundTrip(Tree, value)),
      { numRuns: 500 },
    )
  })

  test('decode(encode(v)) is v: random types', () => {
    const cases = randomTypes.chain(type => fc.tuple(fc.constant(type), arbitraryOf(type)))
    fc.assert(
      fc.property(cases, ([type, value]) => roundTrip(type, value)),
      { numRuns: 300 },
    )
  })

  test('an encoding in front of others is found, and tells where it ends', () => {
    fc.assert(
      fc.property(arbitraryOf(Tree), fc.uint8Array({ maxLength: 5 }), (value, behind) => {
        const sdu = Sdu.of(behind)
        encodeTo(Tree, value, sdu)
        const part = decodePart(Tree, sdu.octets())
        expect(part).toStrictEqual({ value, end: sdu.length - behind.length })
      }),
    )
  })

  test('B-01: fromJson(toJson(v)) is v, through JSON text', () => {
    fc.assert(
      fc.property(arbitraryOf(Everything), value => {
        const json = JSON.parse(JSON.stringify(toJson(Everything, value))) as Json
        expect(fromJson(Everything, json)).toStrictEqual(value)
      }),
      { numRuns: 300 },
    )
  })

  test('a decoded value encodes to the octets it came from, which are the shortest', () => {
    fc.assert(
      fc.property(arbitraryOf(Everything), value => {
        const octets = encode(Everything, value)
        expect(sameOctets(encode(Everything, decode(Everything, octets)), octets)).toBe(true)
      }),
    )
  })

  test('sizes around the limits of the length forms keep their value', () => {
    const Text = SEQUENCE<{ name: string; bits: BitString; colour: 'red' | number }>('', {
      name: sized(VisibleString, 0, 70_000),
      bits: Options,
      colour: ENUMERATED({ red: 0 }),
    })
    for (const n of [0, 1, 127, 128, 254, 255, 256, 65_535, 65_536]) {
      const value = { name: 'x'.repeat(n), bits: Options.ofSize(n, ...(n > 2 ? (['third'] as const) : [])), colour: 'red' as const }
      roundTrip(Text, value)
    }
  })
})
