import { DecodeError, hex, unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import { ANY, decode, definite, encode, explain, OCTET_STRING, SEQUENCE_OF, VisibleString } from './index.js'
import { failure } from './testing/failure.js'
import { Tree } from './testing/types.js'

/** `levels` arrays one in the other, the innermost empty. */
function nested(levels: number, tag = 0xa1): Uint8Array {
  const parts: number[] = []
  let length = 0
  for (let i = 0; i < levels; i++) {
    const head = length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff]
    parts.push(...head.reverse())
    length += head.length
  }
  return Uint8Array.from(parts.reverse())
}

/** The same with indefinite lengths. */
const nestedIndefinite = (levels: number, tag = 0xa1): Uint8Array =>
  Uint8Array.from([...Array.from({ length: 2 * levels }, (_, i) => (i % 2 ? 0x80 : tag)), ...new Uint8Array(2 * levels)])

describe('RB-10: nesting', () => {
  test.each([
    ['the default', undefined, 32],
    ['one level', 1, 1],
    ['another', 7, 7],
  ])('%s: the limit itself is allowed, one more is an error', (_, depth, limit) => {
    const options = depth === undefined ? {} : { depth }
    for (const make of [nested, nestedIndefinite]) {
      expect(decode(Tree, make(limit), options)).toHaveProperty('type', 'array')
      if (limit > 1) expect(decode(Tree, make(limit - 1), options)).toHaveProperty('type', 'array')
      expect(failure(() => decode(Tree, make(limit + 1), options)).code).toBe('BER_DEPTH')
    }
  })

  test('ten thousand levels, definite and not, do not overflow the stack', () => {
    for (const bomb of [nested(13_000), nestedIndefinite(16_000)]) {
      expect(failure(() => decode(Tree, bomb))).toMatchObject({ code: 'BER_DEPTH' })
      expect(explain(Tree, bomb).length).toBeLessThan(100)
      expect(explain(undefined, bomb).length).toBeLessThan(100)
    }
    const segments = [nested(13_000, 0x24), nestedIndefinite(16_000, 0x24)]
    for (const bomb of segments) expect(failure(() => decode(OCTET_STRING, bomb)).code).toBe('BER_DEPTH')
  })

  test('levels are given back: many elements side by side are not deep', () => {
    const inner = encode(Tree, { type: 'array', value: [{ type: 'structure', value: [] }] })
    const list = Uint8Array.of(0x30, 0x82, 0x01, 0x90, ...new Array<readonly number[]>(100).fill([...inner]).flat())
    expect(decode(SEQUENCE_OF(Tree), list, { depth: 3 })).toHaveLength(100)
  })

  test('a deep value is refused with the path as far as it was read', () => {
    expect(failure(() => decode(Tree, nested(5), { depth: 3 })).path).toBe('Tree.array[0].array[0].array[0].array')
  })
})

describe('RB-11, B-08: number of elements', () => {
  const list = (n: number): Uint8Array =>
    Uint8Array.of(0x30, 0x83, (2 * n) >> 16, (2 * n) >> 8, 2 * n, ...Array.from({ length: 2 * n }, (_, i) => (i % 2 ? 0 : 0x05)))
  const Any = SEQUENCE_OF(ANY)

  test('the limit counts every element; the limit itself is allowed', () => {
    // One is the list itself.
    expect(decode(Any, list(99), { elements: 100 })).toHaveLength(99)
    expect(decode(Any, list(98), { elements: 100 })).toHaveLength(98)
    expect(failure(() => decode(Any, list(100), { elements: 100 })).code).toBe('BER_ELEMENTS')
    expect(decode(Any, list(16_383))).toHaveLength(16_383)
    expect(failure(() => decode(Any, list(16_384))).code).toBe('BER_ELEMENTS')
    expect(failure(() => decode(Any, list(32_765))).code).toBe('BER_ELEMENTS')
  })

  test('the fast way through lists of strings keeps the same count', () => {
    const names = (n: number): Uint8Array => encode(SEQUENCE_OF(VisibleString), new Array<string>(n).fill('abc'))
    const Names = SEQUENCE_OF(VisibleString)
    expect(decode(Names, names(99), { elements: 100 })).toHaveLength(99)
    expect(failure(() => decode(Names, names(100), { elements: 100 }))).toMatchObject({ code: 'BER_ELEMENTS', path: '[99]' })
  })

  test('a list with indefinite length keeps the same count', () => {
    const some = (n: number): Uint8Array => Uint8Array.of(0x30, 0x80, ...list(n).subarray(5), 0, 0)
    expect(decode(Any, some(99), { elements: 100 })).toHaveLength(99)
    expect(failure(() => decode(Any, some(100), { elements: 100 })).code).toBe('BER_ELEMENTS')
  })

  test('a breadth bomb is explained in a bounded number of spans', () => {
    expect(explain(undefined, list(32_765)).length).toBeLessThanOrEqual(16_384)
    const few = explain(undefined, list(100), { spans: 10 })
    expect(few).toHaveLength(10)
    expect(few.at(-1)).toMatchObject({ to: 205, problem: 'not explained: too many elements' })
  })
})

test('the longest input is a limit of its own', () => {
  expect(decode(OCTET_STRING, unhex('04 02 01 02'), { length: 4 })).toHaveLength(2)
  expect(failure(() => decode(OCTET_STRING, unhex('04 02 01 02'), { length: 3 })).code).toBe('BER_INPUT')
})

describe('RB-24: work is bounded', () => {
  /** Best of many, in milliseconds: other processes only make it slower. */
  const best = (run: () => void, enough: number): number => {
    let least = Number.POSITIVE_INFINITY
    for (let i = 0; i < 100 && least >= enough; i++) {
      const begin = performance.now()
      run()
      least = Math.min(least, performance.now() - begin)
    }
    return least
  }
  const full = (head: string, unit: string, tail = ''): Uint8Array => {
    const [begin, one, end] = [unhex(head), unhex(unit), unhex(tail)]
    const times = Math.floor((65_535 - begin.length - end.length) / one.length)
    const octets = new Uint8Array(begin.length + times * one.length + end.length)
    octets.set(begin)
    for (let i = 0; i < times; i++) octets.set(one, begin.length + i * one.length)
    octets.set(end, octets.length - end.length)
    return octets
  }

  test.each([
    ['empty elements', full('a1 83 00 ff f8', '83 00')],
    ['elements without length', full('a1 80', '83')],
    ['indefinite lengths', full('', 'a1 80')],
    ['nested and closed in turn', full('a1 80', 'a1 80 00 00', '00 00')],
    ['string segments', full('a9 80', '04 00', '00 00')],
    ['an integer of 64 KB', full('85 82 ff fb', '7f')],
    ['a string of high characters', full('8a 82 ff fb', 'ff')],
    ['end-of-contents octets', full('a1 80', '00 00')],
  ])('65 535 octets take at most 5 ms: %s', (_, octets) => {
    let code = ''
    expect(best(() => void (code = failure(() => decode(Tree, octets, { elements: 40_000 })).code), 5)).toBeLessThan(5)
    expect(code).not.toBe('')
  })
})

describe('RB-27: refusing is cheap', () => {
  test('errors capture no stack', () => {
    try {
      decode(Tree, unhex('a2 04 83 01 00 99'))
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(DecodeError)
      expect((error as DecodeError).stack).not.toContain('    at ')
    }
  })
})

describe('RB-26: what is kept does not hold the input', () => {
  test('octets, bits and integers are copies, whatever the size', () => {
    for (const n of [1, 20, 400]) {
      const input = Uint8Array.of(0x30, 0x82, (n + 4) >> 8, n + 4, 0x04, 0x82, n >> 8, n, ...new Uint8Array(n))
      const [octets] = decode(SEQUENCE_OF(OCTET_STRING), input)
      expect(octets!.buffer).not.toBe(input.buffer)
      expect(octets!.buffer.byteLength).toBe(n)
    }
    const bits = decode(Tree, unhex('84 03 03 ff f8')) as Extract<Tree, { type: 'bits' }>
    expect(bits.value.octets.buffer.byteLength).toBe(2)
  })

  test('a Buffer as input gives plain copies and plain views', () => {
    const input = Buffer.from('3006040401020304', 'hex')
    const [octets] = decode(SEQUENCE_OF(OCTET_STRING), input)
    expect(octets).toStrictEqual(unhex('01 02 03 04'))
    input[4] = 0xff
    expect(octets![0]).toBe(1)
    const any = decode(ANY, input)
    expect(Object.getPrototypeOf(any)).toBe(Uint8Array.prototype)
    expect(any.buffer).toBe(input.buffer)
  })
})

test('RB-28: an open type gives exactly the octets received', () => {
  const odd = '30 81 05 02 84 00 00 00 01 07'.replace('81 05', '81 07')
  expect(hex(decode(ANY, unhex(odd)))).toBe(odd)
  // Next to an indefinite length only that one is rewritten.
  const [first, second] = decode(SEQUENCE_OF(ANY), unhex(`30 80 ${odd} 30 80 05 00 00 00 00 00`))
  expect([hex(first!), hex(second!)]).toStrictEqual([odd, '30 02 05 00'])
  expect(hex(definite(unhex(odd)).octets)).toBe(odd)
})
