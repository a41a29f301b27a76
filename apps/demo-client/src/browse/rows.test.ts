import { types } from '@x/mms'
import { describe, expect, test } from 'vitest'
import { filtered, globMatcher, type Row, rowOf } from './rows.js'

describe('globMatcher', () => {
  test.each([
    ['*Pos$stVal', 'XCBR1$ST$Pos$stVal', true],
    ['*pos$STVAL', 'XCBR1$ST$Pos$stVal', true],
    ['*Pos', 'XCBR1$ST$Pos$stVal', false],
    ['Pos', 'XCBR1$ST$Pos$stVal', true],
    ['Temp_?1', 'Temp_01', true],
    ['Temp_?1', 'Temp_1', false],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXcYb', false],
    ['*', '', true],
    ['?', '', false],
  ])('%s and %s: %s', (pattern, name, matches) => {
    expect(globMatcher(pattern)(name)).toBe(matches)
  })

  test('a pattern made to take long does not', () => {
    const started = performance.now()
    expect(globMatcher(`${'a*'.repeat(40)}b`)('a'.repeat(2_000))).toBe(false)
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})

const labels = (rows: readonly Row[]): unknown => rows.map(({ label, value, below }) => [label, value, labels(below)])

describe('rowOf', () => {
  const type = types.structure({ a: types.integer(8), b: types.array(2, types.structure({ c: types.boolean })) })

  test('without values the elements of an array are one row', () => {
    expect(labels([rowOf('v', 'v', type, undefined)])).toEqual([
      [
        'v',
        undefined,
        [
          ['a', undefined, []],
          ['b', undefined, [['(0…1)', undefined, [['c', undefined, []]]]]],
        ],
      ],
    ])
  })

  test('with values each element has its own; a failed part shows its error beside the others', () => {
    const element = (value: boolean) => ({ type: 'structure', value: [{ type: 'boolean', value }] }) as const
    const value = { parts: [{ failure: 'hardware-fault' }, { data: { type: 'array', value: [element(true), element(false)] } }] } as const
    expect(labels([rowOf('v', 'v', type, value)])).toEqual([
      [
        'v',
        undefined,
        [
          ['a', 'hardware-fault (1)', []],
          [
            'b',
            undefined,
            [
              ['(0)', undefined, [['c', 'true', []]]],
              ['(1)', undefined, [['c', 'false', []]]],
            ],
          ],
        ],
      ],
    ])
  })

  test('at the last level a structure stands on one line', () => {
    const value = {
      data: {
        type: 'structure',
        value: [
          { type: 'integer', value: 1 },
          { type: 'array', value: [] },
        ],
      },
    } as const
    expect(labels([rowOf('v', 'v', type, value, { depth: 0 })])).toEqual([['v', '{ a: 1, b: [] }', []]])
  })

  test('a value that does not fit its type shows what is there', () => {
    const row = rowOf('v', 'v', type, { data: { type: 'structure', value: [{ type: 'integer', value: 1 }] } })
    expect(labels([row])).toEqual([
      [
        'v',
        undefined,
        [
          ['a', '1', []],
          ['b', undefined, [['(0…1)', undefined, [['c', undefined, []]]]]],
        ],
      ],
    ])
  })

  test('filtered keeps what matches with all below it, and the way there', () => {
    expect(labels(filtered([rowOf('v', 'v', type, undefined)], path => path === 'v$a'))).toEqual([['v', undefined, [['a', undefined, []]]]])
    expect(filtered([rowOf('v', 'v', type, undefined)], () => false)).toEqual([])
  })
})
