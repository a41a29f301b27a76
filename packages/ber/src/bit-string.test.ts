import { hex, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BIT_STRING, bitAt, bitString, decode, encode, namedBits } from './index.js'
import { bitStrings } from './testing/arbitrary.js'
import { failure, refusal } from './testing/failure.js'

describe('BIT STRING', () => {
  test('keeps its exact length in bits', () => {
    expect(decode(BIT_STRING, unhex('03 03 03 ff f8'))).toStrictEqual({ octets: unhex('ff f8'), size: 13 })
    expect(decode(BIT_STRING, unhex('03 01 00'))).toStrictEqual({ octets: unhex(''), size: 0 })
    for (let size = 0; size <= 200; size++) {
      const value = { octets: new Uint8Array(Math.ceil(size / 8)), size }
      expect(decode(BIT_STRING, encode(BIT_STRING, value))).toStrictEqual(value)
    }
  })

  test('RB-15: more than 7 unused bits, or any without an octet, are an error', () => {
    for (let unused = 8; unused < 256; unused++)
      expect(failure(() => decode(BIT_STRING, Uint8Array.of(3, 2, unused, 0))).code).toBe('BER_BITS')
    for (let unused = 1; unused < 256; unused++)
      expect(failure(() => decode(BIT_STRING, Uint8Array.of(3, 1, unused))).code).toBe('BER_BITS')
  })

  test('RB-15: padding bits that are set are cleared, in decoding and in encoding', () => {
    expect(decode(BIT_STRING, unhex('03 02 04 ff'))).toStrictEqual({ octets: unhex('f0'), size: 4 })
    expect(hex(encode(BIT_STRING, { octets: unhex('ff'), size: 4 }))).toBe('03 02 04 f0')
    const value = { octets: new Uint8Array(30).fill(0xff), size: 235 }
    expect(encode(BIT_STRING, value).at(-1)).toBe(0xe0)
    expect(value.octets.at(-1)).toBe(0xff)
  })

  test('RB-12: no contents are an error', () => {
    expect(failure(() => decode(BIT_STRING, unhex('03 00'))).code).toBe('BER_EMPTY')
  })

  test('RB-16: segments are joined; only the last may have unused bits', () => {
    expect(decode(BIT_STRING, unhex('23 0b 03 02 00 aa 23 05 03 03 04 bb c0'.replace('0b', '0b')))).toStrictEqual({
      octets: unhex('aa bb c0'),
      size: 20,
    })
    expect(decode(BIT_STRING, unhex('23 00'))).toStrictEqual({ octets: unhex(''), size: 0 })
    expect(failure(() => decode(BIT_STRING, unhex('23 08 03 02 01 aa 03 02 00 bb'))).code).toBe('BER_BITS')
    expect(failure(() => decode(BIT_STRING, unhex('23 02 03 00'))).code).toBe('BER_EMPTY')
    expect(failure(() => decode(BIT_STRING, unhex('23 03 04 01 00'))).code).toBe('BER_SEGMENT')
  })

  test('a size that does not fit the octets has no encoding', () => {
    for (const value of [
      { octets: unhex('ff'), size: 9 },
      { octets: unhex('ff ff'), size: 8 },
      { octets: unhex(''), size: 1 },
      { octets: unhex('ff'), size: 4.5 },
    ]) {
      expect(refusal(() => encode(BIT_STRING, value)).code).toBe('BER_BITS')
    }
    for (const value of [undefined, null, 'ff', { octets: [1], size: 8 }]) {
      expect(refusal(() => encode(BIT_STRING, value as never)).code).toBe('BER_VALUE')
    }
  })

  test('bits are read and made one by one', () => {
    fc.assert(
      fc.property(bitStrings, value => {
        const bits = Array.from({ length: value.size }, (_, i) => bitAt(value, i))
        expect(bitString(bits)).toStrictEqual(value)
        expect(bitAt(value, value.size)).toBe(false)
      }),
    )
  })
})

describe('B-04: named bits', () => {
  const Options = namedBits('read', 'write', 'define')
  const Sparse = namedBits('Sparse', { low: 1, high: 20 })

  test('names set bits, exact length and unknown bits survive', () => {
    expect(Options.of('read', 'define')).toStrictEqual({ octets: unhex('a0'), size: 3 })
    expect(Options.ofSize(12, 'write')).toStrictEqual({ octets: unhex('40 00'), size: 12 })
    const received = decode(Options, unhex('03 02 02 fc'))
    expect(received).toStrictEqual({ octets: unhex('fc'), size: 6 })
    expect(Options.names(received)).toStrictEqual(['read', 'write', 'define'])
    expect(hex(encode(Options, received))).toBe('03 02 02 fc')
  })

  test('a bit behind the end of a short string is not set', () => {
    const short = { octets: unhex('80'), size: 1 }
    expect([Options.has(short, 'read'), Options.has(short, 'write')]).toStrictEqual([true, false])
    expect(Options.has(short, 'gone' as 'read')).toBe(false)
  })

  test('names may have numbers of their own', () => {
    expect(Sparse.name).toBe('Sparse')
    expect(Sparse.of('high')).toStrictEqual({ octets: unhex('00 00 08'), size: 21 })
    expect(Sparse.has(Sparse.of('high'), 'high')).toBe(true)
    expect(Sparse.bits).toStrictEqual({ low: 1, high: 20 })
  })

  test('a name that is none, or does not fit, has no encoding; a declaration needs a number for each', () => {
    expect(refusal(() => Options.of('gone' as 'read')).code).toBe('BER_BITS')
    expect(refusal(() => Options.ofSize(2, 'define')).code).toBe('BER_BITS')
    expect(() => namedBits('Twice', { a: 1, b: 1 })).toThrow('a number each')
  })
})
