import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DecodeError, hex, OctetReader, Sdu, sameOctets, unhex } from './index.js'

describe('Sdu', () => {
  test('grows to the front: what is prepended last stands first', () => {
    const sdu = Sdu.of(unhex('aa bb'))
    sdu.prependUint16(0x0102)
    sdu.prependOctet(0xf0)
    sdu.prepend([7, 8])
    expect(hex(sdu.octets())).toBe('07 08 f0 01 02 aa bb')
    expect(sdu.length).toBe(7)
  })

  test('an Sdu that is still being written is untouched by a later one', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.uint8Array({ maxLength: 300 })), { maxLength: 40 }), writes => {
        const units = Array.from({ length: 4 }, () => new Sdu(16))
        const expected: number[][] = [[], [], [], []]
        for (const [which, octets] of writes) {
          units[which]!.prepend(octets)
          expected[which] = [...octets, ...expected[which]!]
        }
        expect(units.map(unit => [...unit.octets()])).toEqual(expected)
      }),
    )
  })

  test('units within one buffer fill the room in front of them, and no more of it', () => {
    const buffer = unhex('00 00 aa bb 00 cc')
    const first = Sdu.within(buffer, 0, 2, 4)
    const second = Sdu.within(buffer, 4, 5, 6)
    first.prependOctet(1)
    second.prependOctet(2)
    expect(hex(buffer)).toBe('00 01 aa bb 02 cc')
    second.prependOctet(3)
    expect([hex(second.octets()), hex(first.octets()), hex(buffer)]).toEqual(['03 02 cc', '01 aa bb', '00 01 aa bb 02 cc'])
    expect(Sdu.of(unhex('01 02')).octets().buffer).not.toBe(buffer.buffer)
  })

  test('a view of octets stays valid however many units are made afterwards', () => {
    const first = Sdu.of(unhex('01 02 03')).octets()
    for (let i = 0; i < 5_000; i++) Sdu.of(new Uint8Array(100).fill(0xff))
    expect(hex(first)).toBe('01 02 03')
  })

  test('a view stays valid when its unit grows out of its slab afterwards', () => {
    for (let i = 0; i < 200; i++) {
      const sdu = Sdu.of(unhex('01 02 03 04'))
      const view = sdu.octets()
      sdu.prepend(new Uint8Array(i * 700).fill(0xee))
      Sdu.of(new Uint8Array(200).fill(0xff))
      expect(hex(view)).toBe('01 02 03 04')
      expect(hex(sdu.octets().subarray(-4))).toBe('01 02 03 04')
    }
  })

  test('a long string moves into a buffer of its own once, and its headers find room in front', () => {
    const sdu = new Sdu()
    sdu.prependOctet(1)
    sdu.prepend(new Uint8Array(65_000))
    const { buffer } = sdu
    for (let i = 0; i < 200; i++) sdu.prependOctet(2)
    expect(sdu.buffer).toBe(buffer)
    expect(sdu.length).toBe(65_201)
  })

  test('large units have a buffer of their own', () => {
    const sdu = new Sdu(100_000)
    sdu.prepend(new Uint8Array(100_001).fill(1))
    expect(sdu.length).toBe(100_001)
    expect(sdu.octets().every(octet => octet === 1)).toBe(true)
  })
})

describe('OctetReader', () => {
  test('reads numbers, views and the rest', () => {
    const reader = new OctetReader(unhex('01 02 03 04 05 06'), 'cotp')
    expect(reader.octet('code')).toBe(1)
    expect(reader.uint16('length')).toBe(0x0203)
    expect(hex(reader.take(2, 'value'))).toBe('04 05')
    expect(reader.remaining).toBe(1)
    expect(hex(reader.rest())).toBe('06')
  })

  test('a read over the end is a DecodeError with layer, code and offset', () => {
    const reader = new OctetReader(unhex('01 02'), 'cotp')
    reader.octet('code')
    expect(() => reader.uint16('length')).toThrow(
      expect.objectContaining({
        layer: 'cotp',
        code: 'COTP_TRUNCATED',
        offset: 1,
        message: 'length: expected 2 more octets at octet 1, found 1',
      }),
    )
  })
})

describe('hex', () => {
  test('hex and unhex are inverse', () => {
    fc.assert(fc.property(fc.uint8Array(), octets => sameOctets(unhex(hex(octets)), octets) && sameOctets(unhex(hex(octets, '')), octets)))
  })

  test('what is no hex is a DecodeError that shows it', () => {
    expect(() => unhex('0g')).toThrow(DecodeError)
    expect(() => unhex('012')).toThrow('expected pairs of hex digits, found "012"')
  })

  test('octet strings of other length or content differ', () => {
    expect(sameOctets(unhex('01'), unhex('01 02'))).toBe(false)
    expect(sameOctets(unhex('01 03'), unhex('01 02'))).toBe(false)
  })
})

test('RB-27: refusing input captures no stack trace', () => {
  const error = new DecodeError('ber', 'BER_LENGTH', 'too long')
  expect(error.stack).not.toContain(' at ')
  expect(Error.stackTraceLimit).toBeGreaterThan(0)
})
