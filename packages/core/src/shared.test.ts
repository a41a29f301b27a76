import { describe, expect, test } from 'vitest'
import { shared } from './index.js'

const said = () => ({
  title: '1.2.3',
  list: [1, 2n, true, null, undefined],
  octets: Uint8Array.of(1, 2),
  of: new Map([[3, { name: 'x' }]]),
  all: new Set([1, 3]),
})

describe('goal 19: what connections have in common is held once', () => {
  test('a value with the same content is the one that was there before', () => {
    const first = shared(said())
    expect(first).toEqual(said())
    expect(shared(said())).toBe(first)
  })

  test.each([
    ['a member', { ...said(), title: '1.2.4' }],
    ['its type', { ...said(), list: [1, 2, true, null, undefined] }],
    ['an octet', { ...said(), octets: Uint8Array.of(1, 3) }],
    ['octets instead of numbers', { ...said(), octets: [1, 2] }],
    ['an entry of a map', { ...said(), of: new Map([[3, { name: 'y' }]]) }],
    ['a set', { ...said(), all: new Set([1]) }],
    ['a member that is there, though undefined', { ...said(), also: undefined }],
    ['the border between two texts', { ...said(), title: '1.2.3 4:list' }],
  ])('one that differs in %s is another', (_, other) => {
    expect(shared(other)).not.toBe(shared(said()))
    expect(shared(other)).toBe(other)
  })

  test('what cannot be compared, or is large, is left as it is', () => {
    for (const make of [() => ({ cause: new RangeError('x') }), () => ({ run: () => {} }), () => ({ octets: new Uint8Array(4_000) })]) {
      const value = make()
      shared(make())
      expect(shared(value)).toBe(value)
    }
  })

  test('only the last ones are remembered, so that no peer can make the process hold more', () => {
    const first = shared({ number: -1 })
    for (let number = 0; number < 64; number++) shared({ number })
    const again = { number: -1 }
    expect(shared(again)).toBe(again)
    expect(first).toEqual(again)
    expect(shared({ number: 63 })).not.toBe(again)
  })
})
