import { hex, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ANY, BOOLEAN, decode, definite, encode, explicit, INTEGER, OCTET_STRING, SEQUENCE, SEQUENCE_OF } from './index.js'
import { arbitraryOf } from './testing/arbitrary.js'
import { failure } from './testing/failure.js'
import { Everything, Tree } from './testing/types.js'

/** The same element with indefinite lengths wherever `choose` says so. */
function loosen(octets: Uint8Array, choose: () => boolean): Uint8Array {
  const tagLength = (octets[0]! & 0x1f) === 0x1f ? octets.findIndex((octet, i) => i > 0 && octet < 0x80) + 1 : 1
  const long = octets[tagLength]! >= 0x80 ? octets[tagLength]! & 0x7f : 0
  const contents = octets.subarray(tagLength + 1 + long)
  if (!(octets[0]! & 0x20)) return octets
  const parts: number[] = []
  for (let at = 0; at < contents.length; ) {
    const { end } = definite(contents.subarray(at))
    parts.push(...loosen(contents.subarray(at, at + end), choose))
    at += end
  }
  if (choose()) return Uint8Array.from([...octets.subarray(0, tagLength), 0x80, ...parts, 0, 0])
  const length = parts.length < 128 ? [parts.length] : [0x83, parts.length >> 16, (parts.length >> 8) & 255, parts.length & 255]
  return Uint8Array.from([...octets.subarray(0, tagLength), ...length, ...parts])
}

describe('RB-08: indefinite lengths', () => {
  test('are accepted on constructed elements, nested and mixed with definite ones', () => {
    expect(decode(Tree, unhex('a2 80 a1 80 83 01 01 00 00 85 01 ff 00 00'))).toStrictEqual({
      type: 'structure',
      value: [
        { type: 'array', value: [{ type: 'boolean', value: true }] },
        { type: 'integer', value: -1 },
      ],
    })
    expect(decode(Tree, unhex('a2 08 a1 80 83 01 01 00 00'.replace('08', '07')))).toMatchObject({ value: [{ value: [{ value: true }] }] })
    expect(hex(definite(unhex('bf 48 80 04 00 00 00 ff')).octets)).toBe('bf 48 02 04 00')
  })

  test('are an error on primitive elements', () => {
    for (const octets of ['83 80 00 00', '04 80 00 00', 'a1 80 83 80 00 00 00 00']) {
      expect(failure(() => decode(ANY, unhex(octets.startsWith('a1') ? octets : `${octets}`))).code).toBe(
        octets.startsWith('a1') ? 'BER_LENGTH' : 'BER_LENGTH',
      )
    }
  })

  test('are an error without their end-of-contents octets', () => {
    expect(failure(() => decode(Tree, unhex('a1 80')))).toMatchObject({ code: 'BER_EOC', offset: 2 })
    expect(failure(() => decode(Tree, unhex('a1 80 83 01 00')))).toMatchObject({ code: 'BER_EOC', offset: 5 })
    expect(failure(() => decode(Tree, unhex('a1 80 83 01 00 00')))).toMatchObject({ code: 'BER_TRUNCATED_LENGTH', offset: 5 })
    // The end must lie inside the parent.
    expect(failure(() => decode(Tree, unhex('a1 05 a1 80 83 01 00 00 00'))).code).toBe('BER_TRAILING')
    expect(failure(() => decode(SEQUENCE_OF(Tree), unhex('30 80 a1 02 a1 80 00 00 00 00'))).code).toBe('BER_EOC')
  })

  test('give the same values as definite ones, and offsets of errors are those of the octets received', () => {
    fc.assert(
      fc.property(arbitraryOf(Everything), fc.infiniteStream(fc.boolean()), (value, stream) => {
        const loose = loosen(encode(Everything, value), () => stream.next().value)
        expect(decode(Everything, loose)).toStrictEqual(value)
        expect(definite(loose).end).toBe(loose.length)
      }),
    )
  })

  test('a mistake behind one is reported where it was received', () => {
    const Pair = SEQUENCE<{ a: readonly boolean[]; b: readonly boolean[] }>('Pair', {
      a: explicit(0, SEQUENCE_OF(BOOLEAN)),
      b: SEQUENCE_OF(BOOLEAN),
    })
    const octets = unhex('30 80 a0 80 30 80 01 01 00 00 00 00 00 30 06 01 01 00 01 01 ff 00 00')
    expect(decode(Pair, octets)).toStrictEqual({ a: [false], b: [false, true] })
    // The second BOOLEAN of b becomes an INTEGER, then one of 2 octets.
    octets[18] = 0x02
    expect(failure(() => decode(Pair, octets))).toMatchObject({ code: 'BER_TAG', offset: 18, path: 'Pair.b[1]' })
    const inside = unhex('30 80 a0 80 30 80 01 02 00 00 00 00 00 00 30 00 00 00')
    expect(failure(() => decode(Pair, inside))).toMatchObject({ code: 'BER_BOOLEAN', offset: 8, path: 'Pair.a[0]' })
    expect(failure(() => decode(Pair, inside)).message).toBe('expected 1 octet for a BOOLEAN, found 2, at octet 8')
    const missing = unhex('30 80 a0 80 30 80 00 00 00 00 00 00')
    expect(failure(() => decode(Pair, missing))).toMatchObject({ code: 'BER_MISSING', path: 'Pair.b' })
  })

  test('are made definite in one pass: time does not grow with the square', () => {
    // 32 levels around 60 000 octets, each level to be searched for its end.
    const levels = 31
    const octets = Uint8Array.from([
      ...new Array<number[]>(levels).fill([0x30, 0x80]).flat(),
      ...new Array<number[]>(15_000).fill([0x04, 0x02, 0, 0]).flat(),
      ...new Array<number[]>(levels).fill([0, 0]).flat(),
    ])
    let octetsRead = 0
    const counting = new Proxy(octets, {
      get(target, key) {
        if (typeof key === 'string' && key >= '0' && key <= '99999') octetsRead++
        const value = Reflect.get(target, key, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    expect(definite(counting).octets.length).toBeGreaterThan(60_000)
    expect(octetsRead).toBeLessThan(4 * octets.length)
  })
})

describe('RB-09: end-of-contents octets out of place', () => {
  test('inside a definite length they are an error', () => {
    for (const octets of ['a1 02 00 00', 'a1 05 83 01 00 00 00', 'a1 80 a1 02 00 00 00 00']) {
      expect(failure(() => decode(Tree, unhex(octets))).code).toMatch(/^BER_(TAG|CHOICE|EOC)$/)
    }
    expect(failure(() => decode(ANY, unhex('00 00'))).code).toBe('BER_TAG')
    expect(failure(() => definite(unhex('00 00'))).code).toBe('BER_EOC')
    expect(failure(() => decode(SEQUENCE_OF(ANY), unhex('30 02 00 00'))).code).toBe('BER_TAG')
  })

  test('00 followed by another octet is an error', () => {
    for (let second = 1; second < 256; second++) {
      expect(failure(() => decode(Tree, Uint8Array.of(0xa1, 0x80, 0, second, 0, 0))).code).toBe('BER_EOC')
    }
  })
})

test('an element without indefinite lengths is left as it is', () => {
  const octets = unhex('30 03 02 01 05 ff')
  const { octets: same, end, origin } = definite(octets)
  expect([hex(same), end, origin(3)]).toStrictEqual(['30 03 02 01 05', 5, 3])
  expect(decode(SEQUENCE_OF(INTEGER), same)).toStrictEqual([5])
  expect(decode(OCTET_STRING, unhex('24 80 04 01 aa 24 80 04 01 bb 00 00 00 00'))).toStrictEqual(unhex('aa bb'))
})
