import { decode, encode } from '@x/ber'
import { hex, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AccessResult, AccessResultList, Data, DataList } from './data.js'

const read = (text: string): Data => decode(Data, unhex(text))
const again = (text: string): string => hex(encode(Data, read(text)))

describe('Data', () => {
  test('B-10: integers of any size keep their value', () => {
    const values = [
      0,
      127,
      128,
      -128,
      -129,
      2 ** 31,
      -(2 ** 31),
      2 ** 53 - 1,
      2n ** 53n,
      2n ** 63n - 1n,
      -(2n ** 63n),
      2n ** 64n - 1n,
      2n ** 200n,
    ]
    for (const value of values) {
      expect(decode(Data, encode(Data, { type: 'integer', value }))).toEqual({ type: 'integer', value })
      const natural = value < 0 ? -value : value
      expect(decode(Data, encode(Data, { type: 'unsigned', value: natural }))).toEqual({ type: 'unsigned', value: natural })
    }
    expect(read('85 09 00 ff ff ff ff ff ff ff ff')).toEqual({ type: 'integer', value: 2n ** 64n - 1n })
  })

  test('an unsigned or bcd that came negative is passed on, and never sent', () => {
    expect(read('86 01 ff')).toEqual({ type: 'unsigned', value: -1 })
    expect(() => encode(Data, { type: 'unsigned', value: -1n })).toThrow('not negative')
    expect(() => encode(Data, { type: 'bcd', value: -1 })).toThrow('not negative')
  })

  test('D-02: numbers of 32 and 64 bits come out bit for bit, also −0, infinity and every NaN', () => {
    const patterns = [
      ...['08 80 00 00 00', '08 7f 80 00 00', '08 ff 80 00 00', '08 00 00 00 01', '08 7f c0 00 00', '08 7f 80 00 01', '08 ff c1 23 45'],
      ...['0b 80 00 00 00 00 00 00 00', '0b 7f f0 00 00 00 00 00 00', '0b 00 00 00 00 00 00 00 01', '0b 7f f8 00 00 00 00 00 00'],
      ...['0b 7f f0 00 00 00 00 00 01', '0b ff f8 00 00 00 00 00 01'],
    ]
    for (const pattern of patterns) {
      const octets = `87 0${pattern.length > 20 ? 9 : 5} ${pattern}`
      expect(again(octets)).toBe(octets)
    }
    expect(read('87 05 08 80 00 00 00')).toEqual({ type: 'floatingPoint', value: { formatWidth: 32, exponentWidth: 8, value: -0 } })
    expect(read('87 05 08 7f c0 00 00').value).not.toHaveProperty('octets')
    expect(read('87 05 08 ff c1 23 45')).toEqual({
      type: 'floatingPoint',
      value: { formatWidth: 32, exponentWidth: 8, value: Number.NaN, octets: unhex('ff c1 23 45') },
    })
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 8, maxLength: 8 }), (single, double) => {
        for (const octets of [Uint8Array.of(0x87, 5, 8, ...single), Uint8Array.of(0x87, 9, 11, ...double)]) {
          expect(encode(Data, decode(Data, octets))).toEqual(octets)
        }
      }),
    )
  })

  test('D-02: other widths are kept as octets', () => {
    expect(again('87 03 05 3c 00')).toBe('87 03 05 3c 00')
    expect(read('87 03 05 3c 00')).toEqual({
      type: 'floatingPoint',
      value: { formatWidth: 16, exponentWidth: 5, value: Number.NaN, octets: unhex('3c 00') },
    })
    expect(again('87 09 08 00 00 00 00 00 00 00 00')).toBe('87 09 08 00 00 00 00 00 00 00 00')
    for (const octets of ['87 00', '87 01 08']) expect(() => read(octets)).toThrow('expected the width of an exponent and a number')
  })

  test('a floating-point value that fits no width has no encoding', () => {
    const put = (value: object) => () => encode(Data, { type: 'floatingPoint', value: value as never })
    expect(put({ formatWidth: 32, exponentWidth: 11, value: 1 })).toThrow('found widths 32 and 11')
    expect(put({ formatWidth: 32, exponentWidth: 8, value: '1' })).toThrow('expected a number, found string')
    expect(put({ formatWidth: 16, exponentWidth: 5, value: Number.NaN, octets: unhex('3c') })).toThrow('expected 16 bits, found 1 octets')
    expect(put({ formatWidth: 8, exponentWidth: 256, value: Number.NaN, octets: unhex('3c') })).toThrow('exponent width of one octet')
  })

  test('D-05: times keep every bit', () => {
    expect(read('8c 04 05 26 5c 00')).toEqual({ type: 'binaryTime', value: { milliseconds: 86_400_000 } })
    expect(again('8c 06 ff ff ff ff ff ff')).toBe('8c 06 ff ff ff ff ff ff')
    expect(read('91 08 ff ff ff ff ff ff ff ff')).toEqual({
      type: 'utcTime',
      value: { seconds: 2 ** 32 - 1, fraction: 2 ** 24 - 1, quality: 255 },
    })
    expect(() => read('8c 05 00 00 00 00 00')).toThrow('expected 4 or 6 octets for a TimeOfDay, found 5')
    expect(() => read('91 07 00 00 00 00 00 00 00')).toThrow('expected 8 octets for a UtcTime, found 7')
    const put = (data: object) => () => encode(Data, data as Data)
    expect(put({ type: 'utcTime', value: { seconds: 2 ** 32, fraction: 0, quality: 0 } })).toThrow(
      'seconds from 0 to 2³²−1, found 4294967296',
    )
    expect(put({ type: 'utcTime', value: { seconds: 0.5, fraction: 0, quality: 0 } })).toThrow('seconds')
    expect(put({ type: 'utcTime', value: { seconds: 0, fraction: 2 ** 24, quality: 0 } })).toThrow('a fraction')
    expect(put({ type: 'utcTime', value: { seconds: 0, fraction: 0, quality: 256 } })).toThrow('a quality octet')
    expect(put({ type: 'binaryTime', value: { milliseconds: -1 } })).toThrow('milliseconds from 0 to 2³²−1')
    expect(put({ type: 'binaryTime', value: { milliseconds: 0, days: 65_536 } })).toThrow('days from 0 to 65 535')
  })

  test('D-05: a generalized-time is the text that it was', () => {
    for (const text of ['20240131123000.250Z', '2024013112', 'x']) {
      expect(decode(Data, encode(Data, { type: 'generalizedTime', value: text }))).toEqual({ type: 'generalizedTime', value: text })
    }
  })

  test('B-04: bit strings keep their exact length; set padding bits are cleared', () => {
    expect(read('84 03 03 ff ff')).toEqual({ type: 'bitString', value: { octets: unhex('ff f8'), size: 13 } })
    expect(read('84 01 00')).toEqual({ type: 'bitString', value: { octets: new Uint8Array(), size: 0 } })
    const long = Uint8Array.of(0x84, 41, 0, ...new Uint8Array(40).fill(0xff))
    expect(decode(Data, long)).toEqual({ type: 'bitString', value: { octets: new Uint8Array(40).fill(0xff), size: 320 } })
    for (const octets of ['84 00', '84 02 08 00', '84 01 01']) expect(() => read(octets)).toThrow('unused')
  })

  test('RB-26: octet strings and bit strings are copies', () => {
    const octets = unhex('89 02 01 02')
    const data = decode(Data, octets)
    octets.fill(0)
    expect(data).toEqual({ type: 'octetString', value: unhex('01 02') })
    const bits = unhex('84 02 00 ff')
    const value = decode(Data, bits)
    bits.fill(0)
    expect(value).toEqual({ type: 'bitString', value: { octets: unhex('ff'), size: 8 } })
  })

  test('RB-20: strings outside their alphabet keep their octets', () => {
    expect(read('8a 03 00 e9 7f')).toEqual({ type: 'visibleString', value: '\u0000é\u007f' })
    expect(again('8a 03 00 e9 7f')).toBe('8a 03 00 e9 7f')
    expect(() => encode(Data, { type: 'visibleString', value: '€' })).toThrow('expected characters')
    expect(read('90 03 41 e9 42')).toEqual({ type: 'mMSString', value: 'A\udce9B' })
    expect(again('90 03 41 e9 42')).toBe('90 03 41 e9 42')
    expect(() => encode(Data, { type: 'mMSString', value: '\udce9ä' })).toThrow('lone surrogates')
    expect(() => encode(Data, { type: 'mMSString', value: '\ud800' })).toThrow('lone surrogates')
  })

  test('B-01: strings in segments are joined', () => {
    const segmented: readonly (readonly [string, string])[] = [
      ['a4 08 03 02 00 ff 03 02 04 f0', '84 03 04 ff f0'],
      ['ae 04 03 02 00 ff', '8e 02 00 ff'],
      ['a9 06 04 01 01 04 01 02', '89 02 01 02'],
      ['aa 06 1a 01 61 04 01 62', '8a 02 61 62'],
      ['ab 03 18 01 30', '8b 01 30'],
      ['b0 06 0c 01 61 0c 01 62', '90 02 61 62'],
      ['a7 09 04 01 08 04 04 3f c0 00 00', '87 05 08 3f c0 00 00'],
      ['ac 06 04 04 00 00 00 01', '8c 04 00 00 00 01'],
      ['b1 0c 04 04 00 00 00 01 04 04 00 00 00 02', '91 08 00 00 00 01 00 00 00 02'],
    ]
    for (const [from, to] of segmented) expect(again(from)).toBe(to)
  })

  test('RB-23: a right number in the wrong form is refused', () => {
    for (const octets of ['a3 00', '81 00', '82 00', 'a5 00', 'a6 00', 'ad 00', 'af 00', '88 00', '92 00', '80 01 00', '30 00']) {
      expect(() => read(octets)).toThrow(expect.objectContaining({ name: 'DecodeError' }))
    }
    expect(() => decode(Data, unhex('a2 02 a3 00'))).toThrow(expect.objectContaining({ code: 'BER_CHOICE', path: 'Data[0]' }))
  })

  test('an error in a value names the way to it', () => {
    const at = (text: string) => {
      try {
        return read(text)
      } catch (error) {
        return (error as { path: string }).path
      }
    }
    expect(at('a2 0a 83 01 00 a1 05 83 01 00 a2 01')).toBe('Data[1][1]')
    expect(at('a2 0e 83 01 00 83 01 00 83 01 00 83 01 00 83 00')).toBe('Data[4]')
    expect(() => encode(Data, { type: 'array', value: [{ type: 'boolean', value: true }, 5 as never] })).toThrow(
      expect.objectContaining({ code: 'MMS_DATA', path: 'Data[1]' }),
    )
    expect(() => encode(DataList, 5 as never)).toThrow('expected a list, found number')
    expect(() => encode(AccessResultList, 5 as never)).toThrow('expected a list, found number')
    expect(() => encode(AccessResultList, [{ type: 'success', value: { type: 'boolean', value: 1 as never } }])).toThrow(
      expect.objectContaining({ path: '[0]' }),
    )
    expect(() => decode(AccessResultList, unhex('30 04 83 01 00 88'))).toThrow(expect.objectContaining({ path: '[1]' }))
    expect(() => encode(AccessResult, { type: 'neither' } as never)).toThrow('expected success or failure, found "neither"')
  })

  test('failures have names, and the numbers of newer editions stay numbers', () => {
    expect(decode(AccessResult, unhex('80 01 03'))).toEqual({ type: 'failure', value: 'object-access-denied' })
    expect(decode(AccessResult, unhex('80 01 40'))).toEqual({ type: 'failure', value: 64 })
    expect(hex(encode(AccessResult, { type: 'failure', value: 64 }))).toBe('80 01 40')
  })
})
