import { hex, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BOOLEAN, decode, ENUMERATED, encode, INTEGER, implicit, integerRange, NULL, namedInteger } from './index.js'
import { arbitraryOf } from './testing/arbitrary.js'
import { failure, refusal } from './testing/failure.js'

describe('INTEGER', () => {
  test.each([
    [0, '02 01 00'],
    [127, '02 01 7f'],
    [128, '02 02 00 80'],
    [-1, '02 01 ff'],
    [-128, '02 01 80'],
    [-129, '02 02 ff 7f'],
    [32_767, '02 02 7f ff'],
    [0x7fff_ffff, '02 04 7f ff ff ff'],
    [0x8000_0000, '02 05 00 80 00 00 00'],
    [-0x8000_0000, '02 04 80 00 00 00'],
    [-0x8000_0001, '02 05 ff 7f ff ff ff'],
    [Number.MAX_SAFE_INTEGER, '02 07 1f ff ff ff ff ff ff'],
    [Number.MIN_SAFE_INTEGER, '02 07 e0 00 00 00 00 00 01'],
    [2n ** 53n, '02 07 20 00 00 00 00 00 00'],
    [2n ** 63n - 1n, '02 08 7f ff ff ff ff ff ff ff'],
    [2n ** 63n, '02 09 00 80 00 00 00 00 00 00 00'],
    [-(2n ** 63n), '02 08 80 00 00 00 00 00 00 00'],
    [-(2n ** 63n) - 1n, '02 09 ff 7f ff ff ff ff ff ff ff'],
  ])('%s has the shortest encoding and comes back as a number where that is exact', (value, octets) => {
    expect(hex(encode(INTEGER, value))).toBe(octets)
    expect(decode(INTEGER, unhex(octets))).toBe(value)
    if (typeof value === 'number') expect(hex(encode(INTEGER, BigInt(value)))).toBe(octets)
  })

  test('B-10: integers of any width keep their value, and their encoding is that of two’s complement', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 200n), max: 1n << 200n }), value => {
        const octets = encode(INTEGER, value)
        expect(BigInt(decode(INTEGER, octets))).toBe(value)
        const contents = octets.subarray(2)
        expect(BigInt.asIntN(8 * contents.length, BigInt(`0x${hex(contents, '')}`))).toBe(value)
        if (contents.length > 1) expect(BigInt.asIntN(8 * contents.length - 8, value)).not.toBe(value)
      }),
    )
  })

  test('RB-13: redundant octets are accepted up to 8 octets and refused beyond', () => {
    expect(decode(INTEGER, unhex('02 04 00 00 00 05'))).toBe(5)
    expect(decode(INTEGER, unhex('02 08 00 00 00 00 00 00 00 05'))).toBe(5)
    expect(decode(INTEGER, unhex('02 08 ff ff ff ff ff ff ff fb'))).toBe(-5)
    expect(failure(() => decode(INTEGER, unhex('02 09 00 00 00 00 00 00 00 00 05'))).code).toBe('BER_INTEGER')
    expect(failure(() => decode(INTEGER, unhex('02 09 ff ff ff ff ff ff ff ff fb'))).code).toBe('BER_INTEGER')
  })

  test('B-09: redundant octets are refused where it is strict', () => {
    for (const octets of [
      '02 02 00 05',
      '02 02 ff fb',
      '02 05 00 00 00 00 05',
      '02 05 00 7f ff ff ff',
      '02 09 00 7f ff ff ff ff ff ff ff',
    ]) {
      expect(failure(() => decode(INTEGER, unhex(octets), { strict: true })).code).toBe('BER_INTEGER')
    }
    for (const octets of [
      '02 01 05',
      '02 02 00 80',
      '02 02 ff 7f',
      '02 04 7f ff ff ff',
      '02 05 00 80 00 00 00',
      '02 09 00 80 00 00 00 00 00 00 00',
    ]) {
      expect(decode(INTEGER, unhex(octets), { strict: true })).toBe(decode(INTEGER, unhex(octets)))
    }
  })

  test('RB-13: a width is checked in both directions, whatever the length of the encoding', () => {
    const Integer8 = integerRange('Integer8', -128, 127)
    const Unsigned32 = integerRange('Unsigned32', 0, 0xffff_ffff)
    expect(decode(Integer8, unhex('02 01 80'))).toBe(-128)
    expect(decode(Integer8, unhex('02 03 00 00 7f'))).toBe(127)
    for (const octets of ['02 02 00 80', '02 02 ff 7f', '02 08 7f ff ff ff ff ff ff ff', '02 09 80 00 00 00 00 00 00 00 00']) {
      expect(failure(() => decode(Integer8, unhex(octets)))).toMatchObject({ code: 'BER_INTEGER_RANGE', path: 'Integer8' })
    }
    expect(decode(Unsigned32, unhex('02 05 00 ff ff ff ff'))).toBe(0xffff_ffff)
    expect(failure(() => decode(Unsigned32, unhex('02 05 01 00 00 00 00'))).message).toContain('found a larger one')
    for (const value of [-129, 128, 0.5, Number.NaN, 5n as never, '5' as never]) {
      expect(refusal(() => encode(Integer8, value)).code).toMatch(/^BER_(INTEGER_RANGE|VALUE)$/)
    }
    expect(() => integerRange('Empty', 2, 1)).toThrow('Empty')
  })

  test('RB-13: 64 KB of integer are read in linear time', () => {
    const octets = new Uint8Array(65_004).fill(0x55)
    octets.set(unhex('02 82 fd e8'))
    const begin = performance.now()
    const value = decode(INTEGER, octets)
    expect(performance.now() - begin).toBeLessThan(200)
    expect((value as bigint) & 0xffffn).toBe(0x5555n)
  })

  test('RB-12: no contents are an error', () => {
    for (const type of [INTEGER, ENUMERATED({ a: 0 }), integerRange('', 0, 9)]) {
      const tag = type.tags()![0]!
      expect(failure(() => decode(type as typeof INTEGER, Uint8Array.of(tag, 0))).code).toBe('BER_EMPTY')
    }
  })

  test('what is no whole number has no encoding', () => {
    for (const value of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1', undefined, null, {}]) {
      expect(refusal(() => encode(INTEGER, value as number)).code).toBe('BER_VALUE')
    }
  })
})

describe('named numbers', () => {
  const Reason = namedInteger('Reason', { unspecified: 0, congestion: 1, odd: -7 })
  const Colour = ENUMERATED({ red: 0, green: 300 })

  test('B-04: a name for numbers that have one, the number for others', () => {
    expect([decode(Reason, unhex('02 01 01')), decode(Reason, unhex('02 01 f9')), decode(Reason, unhex('02 01 05'))]).toStrictEqual([
      'congestion',
      'odd',
      5,
    ])
    expect(hex(encode(Reason, 'odd'))).toBe('02 01 f9')
    expect(hex(encode(Reason, 5))).toBe('02 01 05')
    expect(hex(encode(Reason, 1))).toBe('02 01 01')
    expect(hex(encode(Colour, 'green'))).toBe('0a 02 01 2c')
    fc.assert(
      fc.property(arbitraryOf(Colour), value => {
        expect(decode(Colour, encode(Colour, value))).toBe(value)
      }),
    )
  })

  test('a name that is none has no encoding; a number beyond 53 bits is refused', () => {
    expect(refusal(() => encode(Reason, 'gone' as 'odd')).message).toContain('congestion')
    expect(refusal(() => encode(Reason, 'constructor' as 'odd')).code).toBe('BER_VALUE')
    expect(refusal(() => encode(Reason, 0.5)).code).toBe('BER_VALUE')
    expect(failure(() => decode(Reason, unhex('02 08 7f 00 00 00 00 00 00 00'))).code).toBe('BER_INTEGER_RANGE')
  })

  test('a declaration with one number twice is refused', () => {
    expect(() => namedInteger('Twice', { a: 1, b: 1 })).toThrow('Twice')
    expect(() => ENUMERATED({ a: 0.5 })).toThrow('ENUMERATED')
  })
})

describe('BOOLEAN and NULL', () => {
  test('RB-14: every octet but 00 is true; only one octet is a BOOLEAN', () => {
    for (let octet = 0; octet < 256; octet++) expect(decode(BOOLEAN, Uint8Array.of(1, 1, octet))).toBe(octet !== 0)
    expect(failure(() => decode(BOOLEAN, unhex('01 02 ff ff'))).code).toBe('BER_BOOLEAN')
    expect([hex(encode(BOOLEAN, true)), hex(encode(BOOLEAN, false))]).toStrictEqual(['01 01 ff', '01 01 00'])
    expect(refusal(() => encode(BOOLEAN, 1 as never)).code).toBe('BER_VALUE')
  })

  test('RB-12: a BOOLEAN without contents is an error, a NULL with contents too', () => {
    expect(failure(() => decode(BOOLEAN, unhex('01 00'))).code).toBe('BER_BOOLEAN')
    expect(failure(() => decode(implicit(1, NULL), unhex('81 01 00'))).code).toBe('BER_NULL')
    expect(decode(implicit(1, NULL), unhex('81 00'))).toBeNull()
    expect(refusal(() => encode(NULL, undefined as never)).code).toBe('BER_VALUE')
  })
})
