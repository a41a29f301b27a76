import { decode, encode } from '@x/ber'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Data } from './asn1/data.js'
import type { TypeDescription } from './asn1/variable-access.js'
import { arbitraryOf } from './testing/arbitrary.js'
import { timeOfDayOf, timeOfDayToDate, utcTimeOf, utcTimeQuality, utcTimeToNanoseconds } from './times.js'
import { dataFromJson, dataToJson, fromData, mismatchOf, sizeOfType, toData, types } from './values.js'

/** A type, and a value of it. */
type Typed = readonly [TypeDescription, Data]

const bits = (size: number) => fc.array(fc.boolean(), { minLength: size, maxLength: size })
const text = (most: number) => fc.string({ unit: fc.constantFrom(...'abcXYZ 09$_'), maxLength: most })
const simple: fc.Arbitrary<Typed> = fc.oneof(
  fc.boolean().map((value): Typed => [types.boolean, { type: 'boolean', value }]),
  fc
    .constantFrom(8, 16, 32, 64, 128)
    .chain(width =>
      fc
        .bigInt(-(2n ** BigInt(width - 1)), 2n ** BigInt(width - 1) - 1n)
        .map((value): Typed => [types.integer(width), toData(value, types.integer(width))]),
    ),
  fc
    .constantFrom(8, 16, 32, 64, 128)
    .chain(width =>
      fc.bigInt(0n, 2n ** BigInt(width) - 1n).map((value): Typed => [types.unsigned(width), toData(value, types.unsigned(width))]),
    ),
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map((octets): Typed => [types.float32, decode(Data, Uint8Array.of(0x87, 5, 8, ...octets))]),
  fc
    .uint8Array({ minLength: 8, maxLength: 8 })
    .map((octets): Typed => [types.float64, decode(Data, Uint8Array.of(0x87, 9, 11, ...octets))]),
  fc.nat(40).chain(size => bits(size).map((value): Typed => [types.bitString(size), toData(value, types.bitString(size))])),
  fc.nat(40).chain(size => bits(size).map((value): Typed => [types.bitString(-40), toData(value, types.bitString(-40))])),
  fc.uint8Array({ maxLength: 20 }).map((value): Typed => [types.octetString(-20), { type: 'octetString', value }]),
  text(20).map((value): Typed => [types.visibleString(-20), { type: 'visibleString', value }]),
  fc.string({ unit: 'grapheme', maxLength: 5 }).map((value): Typed => [types.mMSString(-60), { type: 'mMSString', value }]),
  fc
    .record({ seconds: fc.nat(0xffff_ffff), fraction: fc.nat(0xff_ffff), quality: fc.nat(255) })
    .map((value): Typed => [types.utcTime, { type: 'utcTime', value }]),
  fc
    .record({ milliseconds: fc.nat(86_399_999), days: fc.nat(0xffff) })
    .map((value): Typed => [types.binaryTime, { type: 'binaryTime', value }]),
  fc.record({ milliseconds: fc.nat(86_399_999) }).map((value): Typed => [types.timeOfDay, { type: 'binaryTime', value }]),
  fc.nat(9_999).map((value): Typed => [types.bcd(4), { type: 'bcd', value }]),
  fc
    .constantFrom('20240131123000Z', '19840101000000.001Z')
    .map((value): Typed => [types.generalizedTime, { type: 'generalizedTime', value }]),
  fc.constantFrom('1.0.9506.2.3', '2.999.1').map((value): Typed => [types.objId, { type: 'objId', value }]),
)
const typed: fc.Arbitrary<Typed> = fc.letrec<{ any: Typed }>(tie => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    simple,
    fc
      .uniqueArray(fc.tuple(fc.string({ unit: fc.constantFrom(...'abcdeX$_'), minLength: 1, maxLength: 4 }), tie('any')), {
        selector: ([name]) => name,
        maxLength: 4,
      })
      .map(
        (parts): Typed => [
          types.structure(Object.fromEntries(parts.map(([name, [type]]) => [name, type]))),
          { type: 'structure', value: parts.map(([, [, data]]) => data) },
        ],
      ),
    fc
      .tuple(fc.integer({ min: 1, max: 4 }), tie('any'))
      .map(
        ([count, [type, data]]): Typed => [types.array(count, type), { type: 'array', value: Array.from({ length: count }, () => data) }],
      ),
  ),
})).any

describe('D-01: nothing is lost', () => {
  test('D-01, D-04: every Data goes through JSON text octet by octet', () => {
    fc.assert(
      fc.property(arbitraryOf(Data), data => {
        const octets = encode(Data, data)
        expect(encode(Data, dataFromJson(JSON.parse(JSON.stringify(dataToJson(decode(Data, octets))))))).toEqual(octets)
      }),
    )
  })

  test('D-02: every octet of a floating-point number, minus zero and the payload of a NaN too, goes through JSON text', () => {
    const number = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }).map(octets => Uint8Array.of(0x87, 5, 8, ...octets)),
      fc.uint8Array({ minLength: 8, maxLength: 8 }).map(octets => Uint8Array.of(0x87, 9, 11, ...octets)),
      fc.uint8Array({ minLength: 1, maxLength: 6 }).map(octets => Uint8Array.of(0x87, octets.length + 1, 5, ...octets)),
      fc.constantFrom(
        Uint8Array.of(0x87, 5, 8, 0x80, 0, 0, 0),
        Uint8Array.of(0x87, 5, 8, 0xff, 0xc1, 0x23, 0x45),
        Uint8Array.of(0x87, 5, 8, 0x7f, 0x80, 0, 1),
      ),
    )
    fc.assert(
      fc.property(number, octets => {
        expect(encode(Data, dataFromJson(JSON.parse(JSON.stringify(dataToJson(decode(Data, octets))))))).toEqual(octets)
      }),
    )
  })

  test('D-04, D-06: every value of every type is of that type, and goes through plain JavaScript octet by octet', () => {
    fc.assert(
      fc.property(typed, ([type, data]) => {
        expect(mismatchOf(data, type)).toBeUndefined()
        expect(encode(Data, toData(fromData(data, type), type))).toEqual(encode(Data, data))
      }),
      { numRuns: 500 },
    )
  })

  test('D-06: no value takes more octets than its type says', () => {
    fc.assert(
      fc.property(typed, ([type, data]) => {
        expect(encode(Data, data).length).toBeLessThanOrEqual(sizeOfType(type))
      }),
      { numRuns: 500 },
    )
    expect(sizeOfType(types.array(1_000, types.structure({ a: types.boolean })))).toBe(4 + 1_000 * 5)
    expect(sizeOfType(types.octetString(70_000))).toBe(70_005)
  })

  test('D-03: nanoseconds and the quality of a UtcTime come back, at the ends of its range as well', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 4_294_967_295_999_999_000n), fc.nat(255), (nanoseconds, octet) => {
        const quality = utcTimeQuality({ seconds: 0, fraction: 0, quality: octet })
        const time = utcTimeOf(nanoseconds, quality)
        expect(time.quality).toBe(octet)
        const error = utcTimeToNanoseconds(time) - nanoseconds
        expect(error < 31n && error > -31n).toBe(true)
        expect(utcTimeOf(utcTimeToNanoseconds(time), quality)).toEqual(time)
      }),
    )
  })

  test('D-05: every day and millisecond of a binary time comes back', () => {
    fc.assert(
      fc.property(fc.record({ milliseconds: fc.nat(86_399_999), days: fc.nat(0xffff) }), time => {
        expect(timeOfDayOf(timeOfDayToDate(time)!)).toEqual(time)
      }),
    )
  })
})
