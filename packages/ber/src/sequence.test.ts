import { hex, Sdu, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ANY,
  application,
  applicationExplicit,
  BOOLEAN,
  CHOICE,
  type Choice,
  decode,
  encode,
  encodeTo,
  explicit,
  extensible,
  INTEGER,
  type Integer,
  implicit,
  NULL,
  named,
  OCTET_STRING,
  SEQUENCE,
  SEQUENCE_OF,
  SET,
  type Type,
  VisibleString,
} from './index.js'
import { failure, refusal } from './testing/failure.js'
import { Both, Options, Point, Unsigned8 } from './testing/types.js'

interface Line {
  from: Point
  to: Point
  dashed: boolean
  label?: string
}
const Line = SEQUENCE<Line>('Line', {
  from: implicit(0, Point),
  to: implicit(1, Point),
  dashed: implicit(2, BOOLEAN, 'is-dashed').default(false),
  label: VisibleString.optional(),
})
const line: Line = { from: { x: 1 }, to: { x: 2, y: 3 }, dashed: false }

describe('SEQUENCE', () => {
  test('leaves DEFAULT and absent OPTIONAL out, and gives the DEFAULT back', () => {
    const octets = '30 0d a0 03 80 01 01 a1 06 80 01 02 81 01 03'
    expect(hex(encode(Line, line))).toBe(octets)
    expect(decode(Line, unhex(octets))).toStrictEqual(line)
    // A DEFAULT that was sent all the same is accepted.
    expect(decode(Line, unhex('30 10 a0 03 80 01 01 a1 06 80 01 02 81 01 03 82 01 00'))).toStrictEqual(line)
    expect(Object.keys(decode(Line, unhex('30 10 a0 03 80 01 01 a1 06 80 01 02 81 01 03 82 01 01')))).toStrictEqual([
      'from',
      'to',
      'dashed',
    ])
  })

  test('a DEFAULT that is an object is a fresh one each time', () => {
    const Held = SEQUENCE<{ options: typeof first.options; point: Point; list: readonly Point[] }>('', {
      options: Options.default(Options.of('first')),
      point: Point.default({ x: 5 }),
      list: implicit(0, SEQUENCE_OF(Point)).default([{ x: 1, y: 2 }]),
    })
    const first = decode(
      SEQUENCE<{ options: { octets: Uint8Array; size: number } }>('', { options: Options.default(Options.of('first')) }),
      unhex('30 00'),
    )
    first.options.octets[0] = 0
    const held = decode(Held, unhex('30 00'))
    expect(held).toStrictEqual({ options: { octets: unhex('80'), size: 3 }, point: { x: 5 }, list: [{ x: 1, y: 2 }] })
    expect(hex(encode(Held, held))).toBe('30 00')
    held.options.octets[0] = 0
    expect(decode(Held, unhex('30 00')).options.octets[0]).toBe(0x80)
    expect(hex(encode(Held, { ...held, options: Options.of('first'), point: { x: 5, y: 0 }, list: [] }))).toBe(
      '30 0a 30 06 80 01 05 81 01 00 a0 00',
    )
  })

  test('RB-22: a mandatory member that is absent is named', () => {
    expect(failure(() => decode(Line, unhex('30 00')))).toMatchObject({ code: 'BER_MISSING', path: 'Line.from', offset: 2 })
    expect(failure(() => decode(Line, unhex('30 05 a0 03 80 01 01')))).toMatchObject({ code: 'BER_MISSING', path: 'Line.to', offset: 7 })
    expect(failure(() => decode(Line, unhex('30 05 a1 03 80 01 01')))).toMatchObject({ code: 'BER_MISSING', path: 'Line.from', offset: 2 })
    const inner = failure(() => decode(Line, unhex('30 07 a0 03 80 01 01 a1 00')))
    expect(inner).toMatchObject({ code: 'BER_MISSING', path: 'Line.to.x', message: 'expected x [0], found it absent, at octet 9' })
  })

  test('RB-22: a member twice, or out of order, is named', () => {
    expect(failure(() => decode(Line, unhex('30 0f a0 03 80 01 01 a0 03 80 01 01 a1 03 80 01 01')))).toMatchObject({
      code: 'BER_ORDER',
      path: 'Line',
      offset: 7,
    })
    expect(failure(() => decode(Point, unhex('30 06 81 01 03 80 01 01')))).toMatchObject({ code: 'BER_MISSING', path: 'Point.x' })
    const twice = failure(() => decode(Point, unhex('30 09 80 01 01 81 01 03 81 01 03')))
    expect(twice).toMatchObject({ code: 'BER_ORDER', offset: 8 })
    expect(twice.message).toContain('expected y-axis once and in its place')
  })

  test('RB-22: a wrong element in place of a mandatory member names both', () => {
    const error = failure(() => decode(Line, unhex('30 03 02 01 05')))
    expect(error).toMatchObject({ code: 'BER_TAG', path: 'Line.from', message: 'expected from [0], found INTEGER primitive, at octet 2' })
  })

  test('RB-21: an unknown element is an error, before and behind the last member', () => {
    expect(failure(() => decode(Point, unhex('30 06 80 01 01 85 01 00')))).toMatchObject({ code: 'BER_UNKNOWN', path: 'Point', offset: 5 })
    expect(failure(() => decode(Point, unhex('30 09 80 01 01 81 01 02 85 01 00')))).toMatchObject({ code: 'BER_UNKNOWN', offset: 8 })
  })

  test('RB-21: where the type is extensible, unknown elements are skipped wherever they are', () => {
    const Open = extensible(Point)
    expect(decode(Open, unhex('30 0f 85 01 00 80 01 01 a6 00 81 01 02 bf 48 00'.replace('0f', '0e')))).toStrictEqual({ x: 1, y: 2 })
    expect(decode(Open, unhex('30 06 80 01 01 85 01 00'))).toStrictEqual({ x: 1 })
    // What it knows must still be right.
    expect(failure(() => decode(Open, unhex('30 03 85 01 00')))).toMatchObject({ code: 'BER_MISSING', path: 'Point.x' })
    expect(failure(() => decode(Open, unhex('30 06 80 01 01 80 01 01'))).code).toBe('BER_ORDER')
    expect(failure(() => decode(Open, unhex('30 05 80 01 01 00 00'))).code).toBe('BER_UNKNOWN')
    expect(failure(() => decode(Open, unhex('30 05 80 01 01 85 01'))).code).toBe('BER_LENGTH')
    expect(() => extensible(VisibleString)).toThrow('only a SEQUENCE or SET')
  })

  test('RB-16: the primitive form is an error', () => {
    expect(failure(() => decode(Point, unhex('10 03 80 01 01')))).toMatchObject({ code: 'BER_TAG', path: 'Point' })
    expect(failure(() => decode(Line, unhex('30 0a 80 03 80 01 01 a1 03 80 01 02')))).toMatchObject({ code: 'BER_TAG', path: 'Line.from' })
  })

  test('B-07: errors carry the path in the spelling of ASN.1, and the offset', () => {
    const Lines = SEQUENCE<{ lines: readonly Line[] }>('Lines', { lines: explicit(3, SEQUENCE_OF(Line), 'list-of-lines') })
    const octets = encode(Lines, { lines: [line, { ...line, dashed: true }] })
    octets[octets.length - 2] = 2
    expect(failure(() => decode(Lines, octets))).toMatchObject({
      code: 'BER_LENGTH',
      path: 'Lines.list-of-lines[1]',
      offset: octets.length - 2,
    })
    const short = unhex('30 14 a3 12 30 10 30 0e a0 03 80 01 01 a1 03 80 01 02 82 00 1a 00')
    expect(failure(() => decode(Lines, short))).toMatchObject({ code: 'BER_BOOLEAN', path: 'Lines.list-of-lines[0].is-dashed', offset: 20 })
    const wrong = { lines: [line, { ...line, to: { x: 1, y: 500 } }] }
    expect(refusal(() => encode(Lines, wrong))).toMatchObject({ code: 'BER_INTEGER_RANGE', path: 'Lines.list-of-lines[1].to.y-axis' })
  })

  test('a value without a mandatory member, or none at all, has no encoding and leaves the Sdu as it was', () => {
    expect(refusal(() => encode(Line, { ...line, to: undefined } as never))).toMatchObject({ code: 'BER_MISSING', path: 'Line.to' })
    for (const value of [undefined, null, 5, 'line'])
      expect(refusal(() => encode(Line, value as never))).toMatchObject({ code: 'BER_VALUE', path: 'Line' })
    expect(refusal(() => encode(SEQUENCE_OF(Line), 5 as never)).code).toBe('BER_VALUE')
    const sdu = Sdu.of(unhex('01 02'))
    expect(refusal(() => encodeTo(Line, { ...line, from: undefined, label: 'x'.repeat(9000) } as never, sdu)).path).toBe('Line.from')
    expect(hex(sdu.octets())).toBe('01 02')
  })

  test('RB-25: no name of a peer or of a caller reaches a prototype', () => {
    const names = ['__proto__', 'constructor', 'hasOwnProperty', '0', 'toString']
    expect(decode(SEQUENCE_OF(VisibleString), encode(SEQUENCE_OF(VisibleString), names))).toStrictEqual(names)
    expect(() => SEQUENCE<{ ['__proto__']: boolean }>('', JSON.parse('{"__proto__":{}}'))).toThrow('__proto__')
    const Odd = SEQUENCE<{ constructor: boolean; toString?: never }>('', { constructor: BOOLEAN } as never)
    expect(decode(Odd, unhex('30 03 01 01 ff'))).toStrictEqual({ constructor: true })
    for (const type of names) {
      expect(refusal(() => encode(CHOICE<{ type: 'a'; value: null }>('', { a: NULL }), { type, value: null } as never)).code).toBe(
        'BER_CHOICE',
      )
    }
    expect(refusal(() => encode(Line, Object.create({ from: 1 }) as never)).code).toBe(
      'BER_INTEGER_RANGE'.replace('INTEGER_RANGE', 'MISSING'),
    )
  })
})

describe('SET', () => {
  test('members come in any order and are given in that of the declaration', () => {
    for (const octets of ['31 06 80 01 05 0c 01 61', '31 06 0c 01 61 80 01 05']) {
      const value = decode(Both, unhex(octets))
      expect(value).toStrictEqual({ left: 5, right: 'a' })
      expect(Object.keys(value)).toStrictEqual(['left', 'right'])
    }
    expect(hex(encode(Both, { left: 5, right: 'a' }))).toBe('31 06 80 01 05 0c 01 61')
    fc.assert(
      fc.property(fc.shuffledSubarray(['80 01 05', '0c 01 61', '85 00']), parts => {
        const octets = unhex(parts.join(' '))
        const whole = Uint8Array.of(0x31, octets.length, ...octets)
        const outcome = failure(() => decode(Both, whole)).code
        const expected = parts.includes('85 00') ? /UNKNOWN/ : parts.includes('80 01 05') ? /none/ : /MISSING/
        expect(outcome).toMatch(expected)
      }),
    )
  })

  test('RB-22: a member twice, or a mandatory one absent, is named', () => {
    expect(failure(() => decode(Both, unhex('31 06 80 01 05 80 01 05')))).toMatchObject({ code: 'BER_ORDER', path: 'Both.left', offset: 5 })
    expect(failure(() => decode(Both, unhex('31 03 0c 01 61')))).toMatchObject({ code: 'BER_MISSING', path: 'Both.left' })
    expect(failure(() => decode(Both, unhex('31 03 80 01 ff')))).toMatchObject({ code: 'BER_INTEGER_RANGE', path: 'Both.left', offset: 4 })
  })

  test('unknown members are an error, or skipped where it is extensible', () => {
    const Open = extensible(Both)
    expect(failure(() => decode(Both, unhex('31 06 80 01 05 85 01 00')))).toMatchObject({ code: 'BER_UNKNOWN', path: 'Both', offset: 5 })
    expect(decode(Open, unhex('31 06 85 01 00 80 01 05'))).toStrictEqual({ left: 5 })
    expect(failure(() => decode(Open, unhex('31 05 80 01 05 00 00'))).code).toBe('BER_UNKNOWN')
  })

  test('DEFAULT and ANY have their place', () => {
    const Loose = SET<{ size: number; rest?: Uint8Array }>('Loose', { size: implicit(0, Unsigned8).default(7), rest: ANY.optional() })
    expect(decode(Loose, unhex('31 03 82 01 00'))).toStrictEqual({ size: 7, rest: unhex('82 01 00') })
    expect(failure(() => decode(Loose, unhex('31 02 00 00'))).code).toBe('BER_UNKNOWN')
    expect(hex(encode(Loose, { size: 7 }))).toBe('31 00')
  })

  test('two members with one tag are refused when the type is first used', () => {
    const Twice = SET<{ a: boolean; b: boolean }>('Twice', { a: BOOLEAN, b: BOOLEAN })
    expect(() => decode(Twice, unhex('31 00'))).toThrow('Twice: b has the tag of another member')
  })
})

describe('CHOICE', () => {
  type Value = Choice<{ flag: boolean; number: Integer; point: Point; high: null; inner: Inner }>
  type Inner = Choice<{ text: string; octets: Uint8Array }>
  const Inner = CHOICE<Inner>('Inner', { text: implicit(7, VisibleString), octets: implicit(8, OCTET_STRING) })
  const Value = CHOICE<Value>('Value', {
    flag: BOOLEAN,
    number: implicit(1, INTEGER, 'a-number'),
    point: implicit(2, Point),
    high: implicit(200, NULL),
    inner: Inner,
  })

  test('the tag decides, in low and in high form, and through a CHOICE in a CHOICE', () => {
    for (const [octets, value] of [
      ['01 01 ff', { type: 'flag', value: true }],
      ['81 01 05', { type: 'number', value: 5 }],
      ['a2 03 80 01 05', { type: 'point', value: { x: 5 } }],
      ['9f 81 48 00', { type: 'high', value: null }],
      ['87 01 61', { type: 'inner', value: { type: 'text', value: 'a' } }],
      ['88 01 61', { type: 'inner', value: { type: 'octets', value: unhex('61') } }],
    ] as const) {
      expect(decode(Value, unhex(octets))).toStrictEqual(value)
      expect(hex(encode(Value, value))).toBe(octets)
    }
    expect(decode(Value, unhex('a8 03 04 01 61'))).toStrictEqual({ type: 'inner', value: { type: 'octets', value: unhex('61') } })
  })

  test('RB-22: an alternative that is none is an error that names the CHOICE', () => {
    expect(failure(() => decode(Value, unhex('83 00')))).toMatchObject({ code: 'BER_CHOICE', path: 'Value', offset: 0 })
    expect(failure(() => decode(SEQUENCE_OF(Value), unhex('30 02 83 00')))).toMatchObject({ code: 'BER_CHOICE', path: '[0]', offset: 2 })
    const Holder = SEQUENCE<{ value: Value; other?: Inner }>('Holder', { value: Value, other: explicit(9, Inner).optional() })
    expect(failure(() => decode(Holder, unhex('30 02 83 00')))).toMatchObject({ code: 'BER_CHOICE', path: 'Holder.value' })
    expect(failure(() => decode(Holder, unhex('30 07 01 01 ff a9 02 83 00')))).toMatchObject({
      code: 'BER_CHOICE',
      path: 'Holder.other',
      offset: 7,
    })
    expect(failure(() => decode(Value, unhex('81 00'))).path).toBe('Value.a-number')
    for (const value of [undefined, null, {}, { type: 'gone', value: 1 }])
      expect(refusal(() => encode(Value, value as never)).code).toBe('BER_CHOICE')
    expect(refusal(() => encode(Value, { type: 'number', value: 'x' } as never))).toMatchObject({
      code: 'BER_VALUE',
      path: 'Value.a-number',
    })
  })

  test('B-02: an alternative of type ANY keeps what is not known, octet for octet', () => {
    type Extended = Choice<{ flag: boolean; unknown: Uint8Array }>
    const Extended = CHOICE<Extended>('Extended', { flag: BOOLEAN, unknown: ANY })
    for (const octets of ['85 81 01 07', 'bf 81 00 03 02 01 05']) {
      const value = decode(Extended, unhex(octets))
      expect(value).toStrictEqual({ type: 'unknown', value: unhex(octets) })
      expect(hex(encode(Extended, value))).toBe(octets)
    }
    expect(decode(Extended, unhex('01 01 00'))).toStrictEqual({ type: 'flag', value: false })
    expect(failure(() => decode(Extended, unhex('00 00'))).code).toBe('BER_CHOICE')
  })

  test('alternatives that cannot be told apart are refused when the type is first used', () => {
    expect(() =>
      encode(CHOICE<Choice<{ a: boolean; b: boolean }>>('Same', { a: BOOLEAN, b: BOOLEAN }), { type: 'a', value: true }),
    ).toThrow('a and b'.replace('a and b', 'b and a both have the tag BOOLEAN'))
    expect(() =>
      encode(CHOICE<Choice<{ a: null; b: null }>>('Same', { a: implicit(99, NULL), b: implicit(99, NULL) }), { type: 'a', value: null }),
    ).toThrow('[99]')
    expect(() =>
      encode(CHOICE<Choice<{ a: Uint8Array; b: Uint8Array }>>('Same', { a: ANY, b: ANY }), { type: 'a', value: unhex('05 00') }),
    ).toThrow('any tag')
    type Endless = Choice<{ self: Endless }>
    const Endless: Type<Endless> = CHOICE<Endless>('Endless', { self: () => Endless })
    expect(() => decode(Endless, unhex('05 00'))).toThrow('Endless holds itself')
  })
})

describe('tags', () => {
  test('implicit stands in place of a tag, explicit around it, and around a CHOICE in any case', () => {
    expect(hex(encode(implicit(1, INTEGER), 5))).toBe('81 01 05')
    expect(hex(encode(explicit(1, INTEGER), 5))).toBe('a1 03 02 01 05')
    expect(hex(encode(application(1, INTEGER), 5))).toBe('41 01 05')
    expect(hex(encode(applicationExplicit(1, INTEGER), 5))).toBe('61 03 02 01 05')
    expect(hex(encode(implicit(1, explicit(2, INTEGER)), 5))).toBe('a1 03 02 01 05')
    expect(hex(encode(implicit(1, implicit(2, application(3, Point))), { x: 5 }))).toBe('a1 03 80 01 05')
    type One = Choice<{ a: null }>
    const One = CHOICE<One>('One', { a: NULL })
    expect(hex(encode(implicit(1, One), { type: 'a', value: null }))).toBe('a1 02 05 00')
    expect(hex(encode(implicit(1, ANY), unhex('05 00')))).toBe('a1 02 05 00')
    expect(
      decode(
        implicit(1, () => One),
        unhex('a1 02 05 00'),
      ),
    ).toStrictEqual({ type: 'a', value: null })
  })

  test('an explicit tag holds exactly one element', () => {
    const type = explicit(1, INTEGER)
    expect(failure(() => decode(type, unhex('a1 06 02 01 05 02 01 05')))).toMatchObject({ code: 'BER_UNKNOWN', offset: 5 })
    expect(failure(() => decode(type, unhex('a1 00'))).code).toBe('BER_TRUNCATED_TAG')
    expect(failure(() => decode(type, unhex('a1 03 01 01 05')))).toMatchObject({ code: 'BER_TAG', offset: 2 })
    expect(failure(() => decode(type, unhex('81 03 02 01 05'))).code).toBe('BER_TAG')
  })

  test('a number that no tag can have is refused', () => {
    for (const number of [-1, 0.5, 0x1000_0000]) expect(() => implicit(number, NULL)).toThrow('no tag has the number')
  })

  test('a name for a member without a tag of its own is used in paths', () => {
    const Named = SEQUENCE<{ presentationContext: Integer }>('', { presentationContext: named(INTEGER, 'presentation-context') })
    expect(failure(() => decode(Named, unhex('30 02 02 00'))).path).toBe('presentation-context')
    expect(decode(Named, unhex('30 03 02 01 05'))).toStrictEqual({ presentationContext: 5 })
  })

  test('types may be given as functions everywhere, and used before they are declared', () => {
    interface Node {
      value: number
      next?: Node
      all: readonly Node[]
    }
    const Node: Type<Node> = SEQUENCE<Node>('Node', {
      value: () => Later,
      next: explicit(0, () => Node).optional(),
      all: implicit(1, () => SEQUENCE_OF(() => Node)).default([]),
    })
    const Later = implicit(3, Unsigned8)
    const value: Node = { value: 1, next: { value: 2, all: [] }, all: [{ value: 3, all: [{ value: 4, all: [] }] }] }
    expect(decode(Node, encode(Node, value))).toStrictEqual(value)
  })
})
