import { describe, expect, test } from 'vitest'
import type { Data } from '../../asn1/data.js'
import { parseAlternateAccess } from '../../names.js'
import { mismatchOf } from '../../value-check.js'
import { types } from '../../value-types.js'
import { type Selection, select } from './select.js'

/** The variable of the examples: { a integer, b array of 4 × { x boolean, y float }, c visible string }. */
const type = types.structure({
  a: types.integer(32),
  b: types.array(4, types.structure({ x: types.boolean, y: types.float32 })),
  c: types.visibleString(-20),
})
const float = (value: number): Data => ({ type: 'floatingPoint', value: { formatWidth: 32, exponentWidth: 8, value } })
const element = (i: number): Data => ({ type: 'structure', value: [{ type: 'boolean', value: i % 2 === 1 }, float(i)] })
const value: Data = {
  type: 'structure',
  value: [
    { type: 'integer', value: 7 },
    { type: 'array', value: [0, 1, 2, 3].map(element) },
    { type: 'visibleString', value: 'see' },
  ],
}
const array = (...items: Data[]): Data => ({ type: 'array', value: items })
const structure = (...items: Data[]): Data => ({ type: 'structure', value: items })
const chosen = (path: string) => select(type, parseAlternateAccess(path))

describe('alternate access, ISO 9506-1, 14.3', () => {
  test.each<[string, Data]>([
    ['.c', { type: 'visibleString', value: 'see' }],
    ['{.a,.c}', structure({ type: 'integer', value: 7 }, { type: 'visibleString', value: 'see' })],
    ['{first=.c,second=.a}', structure({ type: 'visibleString', value: 'see' }, { type: 'integer', value: 7 })],
    ['.b(2)', element(2)],
    ['.b(1..2)', array(element(1), element(2))],
    ['.b(1..1)', array(element(1))],
    ['.b(2).y', float(2)],
    ['.b(*)', array(...[0, 1, 2, 3].map(element))],
    ['.b(*).x', array(...[0, 1, 2, 3].map(i => ({ type: 'boolean', value: i % 2 === 1 }) as const))],
    ['.b{(0),(3)}', structure(element(0), element(3))],
    ['.b(*){.y,.x}', array(...[0, 1, 2, 3].map(i => structure(float(i), { type: 'boolean', value: i % 2 === 1 })))],
  ])('%s reads as it should, has that type, and writes back without a change', (path, expected) => {
    const selection = chosen(path) as Selection
    expect(selection.read(value)).toEqual(expected)
    expect(mismatchOf(expected, selection.type)).toBeUndefined()
    expect(selection.write(value, expected)).toEqual(value)
  })

  test('RM-11: what does not fit the type is an error of the item', () => {
    expect(chosen('(0)')).toBe('type-inconsistent')
    expect(chosen('.a.b')).toBe('type-inconsistent')
    expect(chosen('.a{.b,.c}')).toBe('type-inconsistent')
    expect(chosen('.nothing')).toBe('object-non-existent')
    expect(chosen('{.a,.nothing}')).toBe('object-non-existent')
    expect(chosen('.b(4)')).toBe('object-non-existent')
    expect(chosen('.b(3..4)')).toBe('object-non-existent')
    expect(chosen('.b(1..)')).toBe('object-non-existent')
    expect(chosen('.b(9).x')).toBe('object-non-existent')
    expect(chosen('.b.x')).toBe('type-inconsistent')
    expect(select(type, [])).toBe('object-attribute-inconsistent')
    const named = {
      type: 'named',
      value: { componentName: 'n', access: { type: 'selectAccess', value: { type: 'component', value: 'a' } } },
    } as const
    expect(select(type, [named])).toBe('object-attribute-inconsistent')
  })

  test('RM-11: indexes and counts at and beyond what 31 bits hold are beyond the array, also together', () => {
    const huge = 0x7fff_ffff
    const range = (lowIndex: number, numberOfElements: number) =>
      select(types.array(4, types.boolean), [
        { type: 'unnamed', value: { type: 'selectAccess', value: { type: 'indexRange', value: { lowIndex, numberOfElements } } } },
      ])
    for (const [low, count] of [
      [huge, huge],
      [0, huge],
      [0, 5],
      [4, 1],
      [3, 2],
      [1, 0],
      [-1, 1],
      [0, -1],
    ] as const) {
      expect(range(low, count)).toBe('object-non-existent')
    }
    expect(range(3, 1)).toMatchObject({ type: { value: { numberOfElements: 1 } } })
    expect(range(0, 0)).toMatchObject({ type: { value: { numberOfElements: 4 } } })
    expect(chosen(`.b(${huge})`)).toBe('object-non-existent')
  })

  test('RM-11: selections inside selections are followed to a limit', () => {
    let deep = types.integer(8)
    for (let i = 0; i < 30; i++) deep = types.structure({ a: deep })
    expect(select(deep, parseAlternateAccess('.a'.repeat(10)))).toMatchObject({ type: { type: 'structure' } })
    expect(select(deep, parseAlternateAccess('.a'.repeat(30)))).toBe('object-access-unsupported')
  })

  test('a write changes what is selected and nothing else', () => {
    const selection = chosen('.b(1..2).y') as Selection
    const written = selection.write(value, array(float(10), float(20)))
    expect(written).toEqual(
      structure(
        { type: 'integer', value: 7 },
        array(
          element(0),
          structure({ type: 'boolean', value: true }, float(10)),
          structure({ type: 'boolean', value: false }, float(20)),
          element(3),
        ),
        {
          type: 'visibleString',
          value: 'see',
        },
      ),
    )
    const several = chosen('{.c,.a}') as Selection
    expect(several.write(value, structure({ type: 'visibleString', value: 'x' }, { type: 'integer', value: 1 }))).toMatchObject({
      value: [{ value: 1 }, {}, { value: 'x' }],
    })
  })

  test('an array of boolean that goes as bits has elements, too', () => {
    const bits: Data = { type: 'booleanArray', value: { octets: Uint8Array.of(0b1010_0000), size: 3 } }
    const flags = types.array(3, types.boolean)
    const third = select(flags, parseAlternateAccess('(2)')) as Selection
    expect(third.read(bits)).toEqual({ type: 'boolean', value: true })
    expect(third.write(bits, { type: 'boolean', value: false })).toEqual(
      array(...[true, false, false].map(value => ({ type: 'boolean', value }) as const)),
    )
    const range = select(flags, parseAlternateAccess('(1..2)')) as Selection
    expect(range.read(bits)).toEqual(array({ type: 'boolean', value: false }, { type: 'boolean', value: true }))
  })
})
