import { decode, encode, explicit, implicit } from '@x/ber'
import { hex, unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import { ServiceError } from './error.js'
import {
  BareIdentifier,
  BareMMSString,
  Identifier,
  IdentifierList,
  Integer8,
  Integer16,
  Integer32,
  MMSString,
  ObjectName,
  Unsigned8,
  Unsigned16,
  Unsigned32,
} from './identifiers.js'
import { TypeDescription } from './variable-access.js'
import { GetNameListResponse, IdentifyResponse } from './vmd.js'

const tagged = implicit(0, Identifier)

describe('Identifier', () => {
  test('RM-13: names of any length and printable alphabet are names; control characters are not', () => {
    for (const name of ['', '$', 'a', 'x'.repeat(129), 'a b.c-d/e', 'größe', '名前'])
      expect(decode(tagged, encode(tagged, name))).toBe(name)
    for (const octets of ['80 01 00', '80 03 61 0a 62', '80 01 7f', '80 02 c2 80']) {
      expect(() => decode(tagged, unhex(octets))).toThrow(expect.objectContaining({ code: 'MMS_IDENTIFIER' }))
    }
    expect(() => decode(tagged, unhex('80 01 e9'))).toThrow('expected UTF-8')
    for (const name of ['a\u0000', 'a\nb', '\u009f'])
      expect(() => encode(tagged, name)).toThrow(expect.objectContaining({ code: 'MMS_IDENTIFIER' }))
  })

  test('RM-07: a name of 60 000 octets is read in linear time', () => {
    const name = 'x'.repeat(60_000)
    expect(decode(tagged, encode(tagged, name))).toBe(name)
  })

  test('without a context tag it is VisibleString or UTF8String', () => {
    expect(hex(encode(BareIdentifier, 'ab'))).toBe('1a 02 61 62')
    expect(hex(encode(BareIdentifier, 'ä'))).toBe('0c 02 c3 a4')
    expect(decode(BareIdentifier, unhex('0c 02 61 62'))).toBe('ab')
    expect(decode(ObjectName, unhex('a1 06 0c 01 64 1a 01 69'))).toEqual({ type: 'domainSpecific', value: { domainID: 'd', itemID: 'i' } })
  })

  test('a name in segments, as libiec61850 repeats those of lists, is read', () => {
    expect(decode(ObjectName, unhex('a0 09 1a 07 76 6d 64 6c 69 73 74'))).toEqual({ type: 'vmdSpecific', value: 'vmdlist' })
    expect(decode(tagged, unhex('a0 04 0c 02 c3 a4'))).toBe('ä')
  })

  test('a list of names is read whatever they are', () => {
    const lists = [
      [],
      ['a'],
      ['a', 'b', 'c', 'd'],
      Array.from({ length: 300 }, (_, i) => `LLN0$ST$Mod${i}`),
      [...'abcdefghijklmnop', 'größe', 'z'.repeat(200)],
    ]
    for (const list of lists) expect(decode(IdentifierList, encode(IdentifierList, list))).toEqual(list)
    expect(decode(GetNameListResponse, unhex('30 08 a0 06 0c 01 61 0c 01 62'))).toEqual({ listOfIdentifier: ['a', 'b'], moreFollows: true })
    expect(() => decode(IdentifierList, unhex('30 06 1a 01 61 1a 01 00'))).toThrow(
      expect.objectContaining({ code: 'MMS_IDENTIFIER', path: '[1]' }),
    )
    expect(() => decode(IdentifierList, unhex('30 03 02 01 00'))).toThrow(expect.objectContaining({ code: 'BER_TAG' }))
  })
})

describe('MMSString', () => {
  test('vendor texts that are no UTF-8 keep their octets', () => {
    const octets = unhex('30 0a 80 02 41 e9 81 01 42 82 01 43')
    const identify = decode(IdentifyResponse, octets)
    expect(identify).toEqual({ vendorName: 'A\udce9', modelName: 'B', revision: 'C' })
    expect(encode(IdentifyResponse, identify)).toEqual(octets)
    expect(decode(implicit(0, MMSString), unhex('a0 04 04 02 41 e9'))).toBe('A\udce9')
  })

  test('without a context tag it is VisibleString where that does, UTF8String else; both are read', () => {
    const type = explicit(1, BareMMSString)
    expect(hex(encode(type, 'ab'))).toBe('a1 04 1a 02 61 62')
    expect(hex(encode(type, 'ä'))).toBe('a1 04 0c 02 c3 a4')
    expect(decode(type, unhex('a1 04 0c 02 61 62'))).toBe('ab')
    expect(decode(type, unhex('a1 03 1a 01 e9'))).toBe('\udce9')
  })
})

test('B-10: ranges are those of the standard when sent, and wider when received', () => {
  const ranges = [
    [Integer8, -128, 127, -200, 255],
    [Integer16, -32_768, 32_767, -40_000, 65_535],
    [Integer32, -(2 ** 31), 2 ** 31 - 1, -(2 ** 40), 2 ** 40],
    [Unsigned8, 0, 127, 0, 255],
    [Unsigned16, 0, 32_767, 0, 65_535],
    [Unsigned32, 0, 2 ** 31 - 1, 0, 2 ** 32 - 1],
  ] as const
  const integer = (value: number) => {
    const octets: number[] = []
    for (let rest = BigInt(value), i = 0; i < 7; i++, rest >>= 8n) octets.unshift(Number(BigInt.asUintN(8, rest)))
    return Uint8Array.of(2, 7, ...octets)
  }
  for (const [type, least, most, leastReceived, mostReceived] of ranges) {
    for (const value of [least, most]) expect(decode(type, encode(type, value))).toBe(value)
    for (const value of [least - 1, most + 1, 0.5, Number.NaN]) {
      expect(() => encode(type, value)).toThrow(expect.objectContaining({ code: 'MMS_INTEGER_RANGE' }))
    }
    for (const value of [leastReceived, mostReceived]) expect(decode(type, integer(value))).toBe(value)
  }
  for (const octets of ['02 01 ff', '02 02 01 00', '02 09 01 00 00 00 00 00 00 00 00']) {
    expect(() => decode(Unsigned8, unhex(octets))).toThrow(expect.objectContaining({ code: 'BER_INTEGER_RANGE' }))
  }
})

test('an initiate error whose class has lost its class bits, as libiec61850 1.5 sends it, is read', () => {
  expect(decode(ServiceError, unhex('30 05 a0 03 08 01 00'))).toEqual({ errorClass: { type: 'initiate', value: 'other' } })
  expect(hex(encode(ServiceError, { errorClass: { type: 'initiate', value: 'other' } }))).toBe('30 05 a0 03 88 01 00')
})

test('the size of an mMSString type is read with either tagging', () => {
  expect(decode(TypeDescription, unhex('90 01 14'))).toEqual({ type: 'mMSString', value: 20 })
  expect(decode(TypeDescription, unhex('b0 03 02 01 14'))).toEqual({ type: 'mMSString', value: 20 })
})
