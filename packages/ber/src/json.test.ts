import { unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ANY, fromJson, GeneralizedTime, INTEGER, type Json, leaf, SEQUENCE, type Type, toJson } from './index.js'
import { failure, refusal } from './testing/failure.js'
import { Both, Everything, Options, Reason, Tree } from './testing/types.js'

describe('B-01: JSON', () => {
  test('octets are hex, wide integers text, bit strings hex and size, choices type and value', () => {
    const tree: Tree = {
      type: 'structure',
      value: [
        { type: 'octetString', value: unhex('0a ff') },
        { type: 'integer', value: 2n ** 64n },
        { type: 'integer', value: -5 },
        { type: 'bits', value: { octets: unhex('f8'), size: 5 } },
      ],
    }
    const json: Json = {
      type: 'structure',
      value: [
        { type: 'octetString', value: '0aff' },
        { type: 'integer', value: '18446744073709551616' },
        { type: 'integer', value: -5 },
        { type: 'bits', value: { hex: 'f8', size: 5 } },
      ],
    }
    expect(toJson(Tree, tree)).toStrictEqual(json)
    expect(fromJson(Tree, json)).toStrictEqual(tree)
  })

  test('a member with a DEFAULT may be left out, and is a fresh value', () => {
    const Held = SEQUENCE<{ options: { octets: Uint8Array; size: number }; reason?: 'unspecified' | 'congestion' | 'gone' | number }>(
      'Held',
      {
        options: Options.default(Options.of('first')),
        reason: Reason.optional(),
      },
    )
    const held = fromJson(Held, {})
    expect(held).toStrictEqual({ options: Options.of('first') })
    held.options.octets[0] = 0
    expect(fromJson(Held, {}).options.octets[0]).toBe(0x80)
    expect(toJson(Held, {} as never)).toStrictEqual({ options: { hex: '80', size: 3 } })
    expect(fromJson(Held, { reason: 'gone' })).toHaveProperty('reason', 'gone')
  })

  test('very wide integers are hex, since decimal takes quadratic time', () => {
    for (const value of [(1n << 4000n) + 5n, -(1n << 4000n)]) {
      expect(toJson(INTEGER, value)).toMatch(/^-?0x/)
      expect(fromJson(INTEGER, toJson(INTEGER, value))).toBe(value)
    }
    expect(fromJson(INTEGER, '5')).toBe(5)
    expect(fromJson(INTEGER, '-0x10')).toBe(-16)
  })

  test('a value that is not of its type is refused with its path', () => {
    const bad: [Type<never>, Json, string][] = [
      [Tree as never, { type: 'gone', value: 1 }, 'Tree'],
      [Tree as never, { type: 'array', value: [{ type: 'bits', value: { hex: 'ff', size: 9 } }] }, 'Tree.array[0].bit-string'],
      [Tree as never, { type: 'array', value: [{ type: 'bits', value: 'ff' }] }, 'Tree.array[0].bit-string'],
      [Tree as never, { type: 'array', value: {} }, 'Tree.array'],
      [Tree as never, { type: 'octetString', value: 'xy' }, 'Tree.octet-string'],
      [Tree as never, { type: 'octetString', value: 5 }, 'Tree.octet-string'],
      [Tree as never, { type: 'integer', value: 'five' }, 'Tree.integer'],
      [Tree as never, { type: 'integer', value: '' }, 'Tree.integer'],
      [Tree as never, { type: 'boolean', value: 'yes' }, 'Tree.boolean'],
      [Tree as never, { type: 'boolean' }, 'Tree.boolean'],
      [Both as never, { right: 'a' }, 'Both.left'],
      [Both as never, { left: 500 }, 'Both.left'],
      [Both as never, [], 'Both'],
      [Both as never, null, 'Both'],
      [GeneralizedTime as never, 'now', 'GeneralizedTime'],
      [ANY as never, '0500ff', 'ANY'],
    ]
    for (const [type, json, path] of bad) expect(failure(() => fromJson(type, json))).toMatchObject({ code: 'BER_JSON', path })
    expect(refusal(() => toJson(Tree, { type: 'octetString', value: 'aa' } as never))).toMatchObject({
      code: 'BER_JSON',
      path: 'Tree.octet-string',
    })
    expect(refusal(() => toJson(Tree, { type: 'bits', value: 5 } as never)).code).toBe('BER_JSON')
    expect(refusal(() => toJson(Everything, {} as never)).path).toBe('Everything.number')
  })

  test('RB-25: names of prototypes are no members', () => {
    expect(failure(() => fromJson(Both, JSON.parse('{"__proto__":{"left":5}}'))).path).toBe('Both.left')
    expect(fromJson(Both, JSON.parse('{"left":5,"__proto__":{"right":"x"},"constructor":1}'))).toStrictEqual({ left: 5 })
  })
})

describe('JSON of hand-written nodes', () => {
  const Free = leaf<unknown>({ name: 'Free', tags: [5], get: () => null, put: () => undefined })
  const back = (value: unknown): unknown => fromJson(Free, JSON.parse(JSON.stringify(toJson(Free, value))) as Json)

  test('without a declaration values are marked where JSON has no form for them', () => {
    const value = {
      a: unhex('01'),
      b: 2n ** 70n,
      c: [Number.NaN, Number.NEGATIVE_INFINITY, -0, 1.5],
      $octets: 'mine',
      $$x: null,
      d: { e: true },
    }
    expect(toJson(Free, value)).toStrictEqual({
      a: { $octets: '01' },
      b: { $bigint: '1180591620717411303424' },
      c: [{ $number: 'NaN' }, { $number: '-Infinity' }, { $number: '-0' }, 1.5],
      $$octets: 'mine',
      $$$x: null,
      d: { e: true },
    })
    expect(back(value)).toStrictEqual(value)
  })

  test('every plain value comes back', () => {
    const plain = fc.letrec(tie => ({
      value: fc.oneof(
        fc.string(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.uint8Array(),
        fc.bigInt({ min: 2n ** 60n }),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$octets', '$bigint', '$$')), tie('value'), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
      ),
    })).value
    fc.assert(
      fc.property(plain, value => {
        expect(back(value)).toStrictEqual(value)
      }),
    )
  })

  test('with a declaration they look as it says', () => {
    const Tall = leaf<Tree>({ name: 'Tall', tags: [5], get: () => ({ type: 'boolean', value: true }), put: () => undefined, as: Tree })
    expect(toJson(Tall, { type: 'octetString', value: unhex('aa') })).toStrictEqual({ type: 'octetString', value: 'aa' })
  })

  test('what is no data is refused', () => {
    expect(refusal(() => toJson(Free, { a: () => 0 }))).toMatchObject({ code: 'BER_JSON', path: 'Free.a' })
    expect(toJson(Free, { a: undefined })).toStrictEqual({})
  })
})
