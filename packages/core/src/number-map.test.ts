import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NumberMap } from './number-map.js'

describe('a map from numbers', () => {
  test('holds what a Map would hold, whatever is done to both', () => {
    const key = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 0xffff_ffff }), fc.constantFrom(-1, 0.5, 2 ** 40, -0))
    const action = fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant('set' as const), key, value: fc.nat() }) },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('delete' as const), key, value: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), key, value: fc.nat() }) },
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), actions => {
        const map = new NumberMap<number>()
        const model = new Map<number, number>()
        for (const { do: what, key, value } of actions) {
          if (what === 'set') {
            map.set(key, value)
            model.set(key, value)
          } else if (what === 'delete') {
            expect(map.delete(key)).toBe(model.delete(key))
          } else {
            map.clear()
            model.clear()
          }
          expect(map.size).toBe(model.size)
          expect(map.get(key)).toBe(model.get(key))
          expect(map.has(key)).toBe(model.has(key))
        }
        for (const [key, value] of model) expect(map.get(key)).toBe(value)
        expect(map.values().sort()).toEqual([...model.values()].sort())
      }),
    )
  })

  test('keys that all want the same place are told apart, and a removal in the middle of them loses none', () => {
    const map = new NumberMap<string>()
    const keys = Array.from({ length: 20 }, (_, i) => i * 0x1_0000)
    for (const key of keys) map.set(key, `at ${key}`)
    map.delete(keys[7]!)
    map.delete(keys[0]!)
    for (const key of keys) expect(map.get(key)).toBe(key === keys[7] || key === keys[0] ? undefined : `at ${key}`)
  })

  test('undefined is a value like any other', () => {
    const map = new NumberMap<string | undefined>()
    map.set(1, undefined)
    expect([map.has(1), map.size, map.values()]).toEqual([true, 1, [undefined]])
  })
})
