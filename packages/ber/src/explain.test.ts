import { renderTable, type Span, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  BIT_STRING,
  decode,
  ENUMERATED,
  EXTERNAL,
  encode,
  explain,
  explicit,
  extensible,
  GeneralizedTime,
  INTEGER,
  implicit,
  leaf,
  OBJECT_IDENTIFIER,
  OCTET_STRING_VIEW,
  SEQUENCE,
  SEQUENCE_OF,
  sized,
  type Type,
  VisibleString,
} from './index.js'
import { arbitraryOf } from './testing/arbitrary.js'
import { Both, Everything, Options, Point, Reason, Tree } from './testing/types.js'

/** Spans as lines: where, how deep, what, and what is wrong. */
const lines = (spans: readonly Span[]): string[] =>
  spans.map(
    ({ from, to, depth, label, value, problem }) =>
      `${from}-${to} ${'.'.repeat(depth)}${label}${value === undefined ? '' : ` ${value}`}${problem === undefined ? '' : ` ! ${problem}`}`,
  )

const shown = (type: unknown, octets: string): string[] => lines(explain(type as Type<unknown> | undefined, unhex(octets)))

/** Every octet lies in a span, every span in the one that holds it. */
function expectCover(octets: Uint8Array, spans: readonly Span[]): void {
  const covered = new Uint8Array(octets.length)
  for (const { from, to } of spans) {
    expect(from >= 0 && from <= to && to <= octets.length).toBe(true)
    covered.fill(1, from, to)
  }
  expect(covered.every(one => one === 1)).toBe(true)
}

describe('a declared type', () => {
  test('each element has the name of its member, one deeper than what holds it', () => {
    const Line = SEQUENCE<{ points: readonly Point[]; reason: 'unspecified' | 'congestion' | 'gone' | number; tree: Tree }>('Line', {
      points: implicit(0, SEQUENCE_OF(Point), 'list-of-points'),
      reason: Reason,
      tree: explicit(1, Tree),
    })
    expect(
      shown(
        Line as never,
        '30 17 a0 0a 30 08 80 01 05 81 02 00 06 02 01 01 a1 06 a2 04 8a 02 68 69'
          .replace('30 17 a0 0a 30 08', '30 17 a0 09 30 07')
          .replace('30 17', '30 16'),
      ),
    ).toStrictEqual([
      '0-24 Line',
      '2-13 .list-of-points',
      '4-13 ..[0]',
      '6-9 ...x 5',
      '9-13 ...y-axis 6',
      '13-16 .reason congestion (1)',
      '16-24 .tree',
      '18-24 ..structure',
      '20-24 ...[0]: visible-string "hi"',
    ])
  })

  test('values of every kind are one short line', () => {
    const value = (type: unknown, octets: string): string => explain(type as Type<unknown>, unhex(octets))[0]!.value!
    expect(value(Options, '03 02 04 f0')).toBe('1111 (first, second, third)')
    expect(value(BIT_STRING, '03 01 00')).toBe('no bits')
    expect(value(BIT_STRING, `03 12 00 ${'ff '.repeat(17)}`)).toBe('136 bits')
    expect(value(OBJECT_IDENTIFIER, '06 05 28 ca 22 02 01')).toBe('1.0.9506.2.1')
    expect(value(GeneralizedTime, '18 0b 32 30 32 34 30 31 30 31 30 30 5a')).toBe('2024010100Z')
    expect(value(OCTET_STRING_VIEW, '04 00')).toBe('empty')
    expect(value(OCTET_STRING_VIEW, '04 03 61 62 63')).toBe('61 62 63 "abc"')
    expect(value(OCTET_STRING_VIEW, `04 11 ${'00 '.repeat(17)}`)).toBe(`${'00 '.repeat(16)}… 17 octets`)
    expect(value(ENUMERATED({ a: 1 }), '0a 01 07')).toBe('7')
    expect(value(INTEGER, '02 09 01 00 00 00 00 00 00 00 00')).toBe('18446744073709551616')
    expect(value(INTEGER, `02 14 01 ${'00 '.repeat(19)}`)).toBe('a wide integer')
    expect(value(sized(VisibleString, 0, 200), `1a 64 ${'61 '.repeat(100)}`)).toBe(`"${'a'.repeat(79)}…"`)
    const Odd = leaf<unknown>({ name: 'Odd', tags: [5], get: () => ({ a: 2n ** 60n, b: unhex('01') }), put: () => undefined })
    expect(value(Odd, '05 00')).toBe('{"a":"1152921504606846976","b":"01"}')
  })

  test('no control character reaches a terminal', () => {
    expect(shown(undefined, '1a 04 1b 5b 9b 0a')).toStrictEqual(['0-6 VisibleString "·[··"'])
    expect(shown(undefined, '0c 03 e2 80 a8')).toStrictEqual(['0-5 UTF8String "·"'])
  })

  test('every octet of every encoding is named, without a problem', () => {
    fc.assert(
      fc.property(arbitraryOf(Everything), value => {
        const octets = encode(Everything, value)
        const spans = explain(Everything, octets)
        expectCover(octets, spans)
        expect(spans.filter(span => span.problem !== undefined)).toStrictEqual([])
        expect(spans.length).toBeGreaterThanOrEqual(Object.keys(value).length - 2)
      }),
    )
  })

  test('indefinite lengths, segments and members of a SET in any order', () => {
    expect(shown(Tree as never, 'a2 80 83 01 ff 00 00')).toStrictEqual(['0-7 structure', '2-5 .[0]: boolean true', '5-7 .end-of-contents'])
    expect(shown(Tree as never, 'a9 03 04 01 aa')).toStrictEqual(['0-5 octet-string aa', '2-5 .OCTET STRING aa'])
    expect(shown(Both as never, '31 06 0c 01 61 80 01 05')).toStrictEqual(['0-8 Both', '2-5 .right "a"', '5-8 .left 5'])
  })

  test('an open type is explained by whoever knows it', () => {
    const octets = unhex('28 0e 02 01 03 a0 03 80 01 05 81 04 01 02 03 04'.replace('28 0e', '28 08').replace(' 81 04 01 02 03 04', ''))
    const spans = explain(EXTERNAL, octets, {
      open: (inner, label) => explain(implicit(0, INTEGER), inner, { layer: 'inner', label: `in ${label}` }),
    })
    expect(lines(spans)).toStrictEqual(['0-10 EXTERNAL', '2-5 .indirect-reference 3', '5-10 .encoding: single-ASN1-type', '7-10 in ANY 5'])
    expect(spans.at(-1)!.layer).toBe('inner')
    const aligned = explain(EXTERNAL, unhex('28 05 81 03 80 01 05'), {
      open: inner => (inner.length === 3 ? explain(undefined, inner) : undefined),
    })
    expect(lines(aligned)).toStrictEqual(['0-7 EXTERNAL', '2-7 .encoding: octet-aligned', '4-7 [0] 05'])
    expect(lines(explain(EXTERNAL, unhex('28 05 81 03 80 01 05'), { open: () => undefined })).at(-1)).toBe(
      '2-7 .encoding: octet-aligned 80 01 05',
    )
  })

  test('layer, source, clause and label are the caller’s', () => {
    const [span] = explain(Point, unhex('30 03 80 01 05'), { layer: 'MMS', source: 'here.ts', clause: '9506-2', label: 'position' })
    expect(span).toMatchObject({ layer: 'MMS', source: 'here.ts', clause: '9506-2', label: 'position' })
    expect(renderTable(unhex('30 03 80 01 05'), explain(Point, unhex('30 03 80 01 05')))).toContain('30 03')
  })
})

describe('undeclared octets', () => {
  test('are named by their tags, with the values of universal types', () => {
    expect(shown(undefined, '30 17 02 01 05 61 03 80 01 41 1a 02 68 69 c1 00 24 03 04 01 aa')).toStrictEqual(
      ['0-21 SEQUENCE ! expected a length within the 19 octets that are left, found 23, at octet 1'].map(() =>
        expect.stringContaining('broken element'),
      ),
    )
    expect(shown(undefined, '30 13 02 01 05 61 03 80 01 41 1a 02 68 69 c1 00 24 03 04 01 aa')).toStrictEqual([
      '0-21 SEQUENCE',
      '2-5 .INTEGER 5',
      '5-10 .[APPLICATION 1]',
      '7-10 ..[0] 41',
      '10-14 .VisibleString "hi"',
      '14-16 .[PRIVATE 1] empty',
      '16-21 .OCTET STRING',
      '18-21 ..OCTET STRING aa',
    ])
  })
})

describe('broken octets', () => {
  test.each<[string, unknown, string, readonly string[]]>([
    ['nothing at all', Point, '', ['0-0 Point ! expected an element, found no octets']],
    ['a tag without a length', Point, '30', ['0-1 broken element ! expected a length octet, found the end, at octet 1']],
    [
      'octets behind the value',
      Point,
      '30 03 80 01 05 05 00',
      ['0-5 Point', '2-5 .x 5', '5-7 octets behind the value ! expected the end of the octets'],
    ],
    ['a mandatory member missing', Point, '30 00', ['0-2 Point ! expected x, found nothing of it']],
    ['a member twice', Point, '30 06 80 01 05 80 01 05', ['0-8 Point', '2-5 .x 5', '5-8 .x ! expected once and in its place']],
    [
      'an unknown member',
      Point,
      '30 06 80 01 05 85 01 05',
      ['0-8 Point', '2-5 .x 5', '5-8 .[5] ! expected a member, found an element that is none'],
    ],
    ['an unknown member that may be', extensible(Point), '30 06 80 01 05 85 01 05', ['0-8 Point', '2-5 .x 5', '5-8 .[5] not declared 05']],
    [
      'a value out of range',
      Point,
      '30 03 80 01 80',
      ['0-5 Point', '2-5 .x ! expected an INTEGER from 0 to 127, found a smaller one, at octet 4'],
    ],
    ['another type', Point, 'a0 03 80 01 05', ['0-5 Point ! expected SEQUENCE constructed for Point, found [0]', '2-5 .[0] 05']],
    ['another type, primitive', Point, '80 01 05', ['0-3 Point ! expected SEQUENCE constructed for Point, found [0]']],
    [
      'another alternative',
      SEQUENCE_OF(Tree),
      '30 02 85 01',
      ['0-4 SEQUENCE', '2-4 .broken element ! expected a length within the 0 octets that are left, found 1, at octet 3'],
    ],
    [
      'a cut-off list',
      Tree,
      'a1 05 83 01 ff 83 01',
      [
        '0-7 array',
        '2-5 .[0]: boolean true',
        '5-7 .broken element ! expected a length within the 0 octets that are left, found 1, at octet 6',
      ],
    ],
    [
      'two elements in an explicit tag',
      explicit(1, INTEGER),
      'a1 06 02 01 05 02 01 06',
      ['0-8 [1]', '2-5 .INTEGER 5', '5-8 .INTEGER ! expected one element inside an explicit tag, found another'],
    ],
    [
      'segments of another type',
      Tree,
      'a9 03 02 01 05',
      ['0-5 octet-string ! expected segments of one string, found others (BER_SEGMENT)', '2-5 .INTEGER 5'],
    ],
    ['no end of contents', Tree, 'a1 80 83 01 ff', ['0-5 array ! expected end-of-contents octets, found none', '2-5 .[0]: boolean true']],
    [
      'a wrong BOOLEAN of no declared type',
      undefined,
      '01 02 00 00',
      ['0-4 BOOLEAN ! expected 1 octet for a BOOLEAN, found 2, at octet 2'],
    ],
  ])('%s', (_, type, octets, expected) => {
    expect(shown(type as never, octets)).toStrictEqual(expected)
  })

  test('a hand-written node that fails in its own way does not stop the explanation', () => {
    const Bad = leaf<null>({
      name: 'Bad',
      tags: [5],
      get() {
        throw new TypeError('a bug')
      },
      put: () => undefined,
    })
    const Worse = leaf<null>({
      name: 'Worse',
      tags: [5],
      get() {
        throw 'text'
      },
      put: () => undefined,
    })
    expect(shown(SEQUENCE_OF(Bad) as never, '30 04 05 00 05 00')).toStrictEqual(['0-6 SEQUENCE', '2-4 .[0] ! a bug', '4-6 .[1] ! a bug'])
    expect(shown(Worse as never, '05 00')).toStrictEqual(['0-2 Worse ! unreadable'])
  })

  /** Encodings with some octets changed. */
  const mutated = <T>(type: Type<T>): fc.Arbitrary<Uint8Array> =>
    fc.tuple(arbitraryOf(type), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 })).map(([value, changes]) => {
      const octets = Uint8Array.from(encode(type, value))
      for (const [at, octet] of changes) octets[at % octets.length] = octet
      return octets
    })
  const decodes = (type: Type<never>, octets: Uint8Array): boolean => {
    try {
      decode(type, octets)
      return true
    } catch {
      return false
    }
  }

  test('any octets are named to the last one', () => {
    const types = [undefined, Point, Tree, Everything] as const
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 40 }), mutated(Everything)), octets => {
        for (const type of types) expectCover(octets, explain(type, octets))
      }),
      { numRuns: 300 },
    )
  })

  test('there is a problem exactly where decoding fails', () => {
    fc.assert(
      fc.property(mutated(Tree), octets => {
        const problems = explain(Tree, octets).filter(span => span.problem !== undefined)
        expect(problems.length > 0).toBe(!decodes(Tree as never, octets))
      }),
      { numRuns: 500 },
    )
    // Inside an open type there may be problems that decoding does not look for.
    fc.assert(
      fc.property(mutated(Everything), octets => {
        const problems = explain(Everything, octets).filter(span => span.problem !== undefined)
        expect(problems.length > 0 || decodes(Everything as never, octets)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
