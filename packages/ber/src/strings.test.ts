import { hex, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decode,
  encode,
  GraphicString,
  IA5String,
  implicit,
  LooseVisibleString,
  NumericString,
  OCTET_STRING,
  OCTET_STRING_VIEW,
  SEQUENCE_OF,
  sized,
  UTF8String,
  VisibleString,
} from './index.js'
import { latin1, latin1Portable, nativeLatin1 } from './platform.js'
import { failure, refusal } from './testing/failure.js'

describe('RB-20: characters', () => {
  test('a VisibleString has 20 to 7e only, both ways; the offset is that of the octet', () => {
    for (let code = 0; code < 256; code++) {
      const octets = Uint8Array.of(0x1a, 3, 0x41, code, 0x42)
      if (code >= 0x20 && code <= 0x7e) expect(decode(VisibleString, octets)).toBe(`A${String.fromCharCode(code)}B`)
      else expect(failure(() => decode(VisibleString, octets))).toMatchObject({ code: 'BER_STRING', offset: 3 })
      const value = `A${String.fromCharCode(code)}B`
      if (code >= 0x20 && code <= 0x7e) expect(encode(VisibleString, value)).toStrictEqual(octets)
      else expect(refusal(() => encode(VisibleString, value)).code).toBe('BER_STRING')
    }
    expect(refusal(() => encode(VisibleString, 'ā')).code).toBe('BER_STRING')
  })

  test('the fast way through lists finds the same octets at every place in a string', () => {
    const Names = SEQUENCE_OF(VisibleString)
    for (let place = 0; place < 9; place++) {
      for (let code = 0; code < 256; code++) {
        const octets = encode(Names, ['a name of some length', 'x'.repeat(9), 'another one'])
        const offset = octets.indexOf(0x78) + place
        octets[offset] = code
        if (code >= 0x20 && code <= 0x7e) {
          expect(decode(Names, octets)[1]).toBe(`${'x'.repeat(place)}${String.fromCharCode(code)}${'x'.repeat(8 - place)}`)
        } else {
          expect(failure(() => decode(Names, octets))).toMatchObject({ code: 'BER_STRING', path: '[1]', offset })
        }
      }
    }
  })

  test('a text of a vendor keeps every octet', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i)
    for (const type of [LooseVisibleString, GraphicString]) {
      const octets = Uint8Array.of(type.tags()![0]!, 0x82, 1, 0, ...all)
      expect(encode(type, decode(type, octets))).toStrictEqual(octets)
    }
    expect(refusal(() => encode(LooseVisibleString, '\u0100')).code).toBe('BER_STRING')
    expect(refusal(() => encode(IA5String, '\u0080')).code).toBe('BER_STRING')
    expect(refusal(() => encode(NumericString, 'a')).code).toBe('BER_STRING')
  })

  test('UTF-8 is checked both ways', () => {
    expect(decode(UTF8String, unhex('0c 06 e2 82 ac c3 a4 61'))).toBe('€äa')
    expect(decode(UTF8String, unhex('0c 04 ef bb bf 61'))).toBe('\ufeffa')
    for (const octets of ['c0 80', 'ff', 'e2 82', 'ed a0 80', 'f4 90 80 80']) {
      const contents = unhex(octets)
      expect(failure(() => decode(UTF8String, Uint8Array.of(0x0c, contents.length, ...contents))).code).toBe('BER_STRING')
    }
    expect(refusal(() => encode(UTF8String, 'a\ud800')).code).toBe('BER_STRING')
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        expect(decode(UTF8String, encode(UTF8String, text))).toBe(text)
      }),
    )
  })

  test('longer than its limit is an error in both directions', () => {
    const Identifier = sized(VisibleString, 1, 32)
    expect(decode(Identifier, encode(Identifier, 'x'.repeat(32)))).toHaveLength(32)
    expect(failure(() => decode(Identifier, encode(VisibleString, 'x'.repeat(33))))).toMatchObject({ code: 'BER_SIZE', offset: 2 })
    expect(failure(() => decode(Identifier, unhex('1a 00'))).message).toContain('a size of 1 to 32, found 0')
    expect(refusal(() => encode(Identifier, '')).code).toBe('BER_SIZE')
    expect(refusal(() => encode(Identifier, undefined as never)).code).toBe('BER_VALUE')
    const Pair = implicit(1, sized(SEQUENCE_OF(VisibleString), 2, 2))
    expect(refusal(() => encode(Pair, ['a'])).message).toContain('a size of 2, found 1')
    expect(decode(Pair, encode(Pair, ['a', 'b']))).toStrictEqual(['a', 'b'])
    expect(failure(() => decode(sized(OCTET_STRING, 3), unhex('04 01 00'))).message).toContain('3 or more')
  })

  test('what is no string has no encoding', () => {
    for (const type of [VisibleString, UTF8String, GraphicString]) expect(refusal(() => encode(type, 5 as never)).code).toBe('BER_VALUE')
    expect(refusal(() => encode(OCTET_STRING, 'aa' as never)).code).toBe('BER_VALUE')
  })
})

describe('RB-16: strings in segments', () => {
  test('are joined, nested too, for every string type', () => {
    expect(decode(OCTET_STRING, unhex('24 0a 04 01 aa 24 05 04 00 04 01 bb'))).toStrictEqual(unhex('aa bb'))
    expect(decode(OCTET_STRING, unhex('24 00'))).toStrictEqual(unhex(''))
    expect(decode(OCTET_STRING_VIEW, unhex('24 03 04 01 aa'))).toStrictEqual(unhex('aa'))
    // Segments of a character string are OCTET STRINGs, or carry its own tag.
    expect(decode(VisibleString, unhex('3a 06 04 01 41 1a 01 42'))).toBe('AB')
    expect(decode(GraphicString, unhex('39 06 04 01 41 19 01 42'))).toBe('AB')
    expect(decode(UTF8String, unhex('2c 07 04 02 e2 82 04 01 ac'))).toBe('€')
    expect(decode(implicit(1, VisibleString), unhex('a1 03 04 01 41'))).toBe('A')
  })

  test('of another type are one documented error', () => {
    for (const octets of ['24 03 02 01 00', '24 03 1a 01 41', '24 03 84 01 41', '3a 03 19 01 41']) {
      const type = octets.startsWith('24') ? OCTET_STRING : VisibleString
      expect(failure(() => decode(type as typeof VisibleString, unhex(octets)))).toMatchObject({ code: 'BER_SEGMENT', offset: 2 })
    }
    expect(failure(() => decode(VisibleString, unhex('3a 03 04 01 07'))).code).toBe('BER_STRING')
    expect(failure(() => decode(VisibleString, unhex('3a 03 04 02 41'))).code).toBe('BER_LENGTH')
  })
})

describe('lists of strings', () => {
  const Names = SEQUENCE_OF(VisibleString)

  test('B-03: give the same plain array as one by one, whatever their lengths', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.constant(''), fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' }), fc.constant('y'.repeat(130))),
          { maxLength: 60 },
        ),
        names => {
          expect(decode(Names, encode(Names, names))).toStrictEqual(names)
        },
      ),
    )
  })

  test('with odd lengths, segments or mistakes take the other way', () => {
    const many = new Array<string>(20).fill('abcdefgh')
    const plain = encode(Names, many)
    const odd = Uint8Array.of(0x30, 0x81, plain.length + 1, ...plain.subarray(3), 0x1a, 0x81, 0x00).with(2, plain.length)
    expect(decode(Names, odd)).toStrictEqual([...many, ''])
    const segmented = Uint8Array.of(0x30, 0x81, plain.length + 2, ...plain.subarray(3), 0x3a, 0x03, 0x04, 0x01, 0x41)
    expect(decode(Names, segmented)).toStrictEqual([...many, 'A'])
    const wrong = Uint8Array.from(plain)
    wrong[13] = 0x19
    expect(failure(() => decode(Names, wrong))).toMatchObject({ code: 'BER_TAG', offset: 13, path: '[1]' })
    const cut = Uint8Array.of(0x30, 0x81, 199 - 3, ...plain.subarray(3, 199)).with(2, 196)
    expect(failure(() => decode(Names, cut))).toMatchObject({ code: 'BER_LENGTH', path: '[19]' })
    const stub = Uint8Array.of(0x30, 0x81, 191, ...plain.subarray(3, 193), 0x1a)
    expect(failure(() => decode(Names, stub))).toMatchObject({ code: 'BER_TRUNCATED_LENGTH', path: '[19]' })
  })
})

describe('the platform', () => {
  test('text is the same with and without the native call', () => {
    const octets = Uint8Array.from({ length: 9000 }, (_, i) => i % 256)
    for (const [from, to] of [
      [0, 0],
      [3, 7],
      [0, 20],
      [100, 4196],
      [0, 9000],
    ] as const) {
      expect(latin1(octets, from, to)).toBe(latin1Portable(octets, from, to))
    }
    expect(hex(encode(LooseVisibleString, latin1Portable(octets, 250, 260)))).toBe('1a 0a fa fb fc fd fe ff 00 01 02 03')
  })

  test('a native call that is missing or does something else is not used', () => {
    const platform = (latin1Slice: unknown) => ({ Buffer: { prototype: { latin1Slice } } }) as never
    expect(nativeLatin1({} as never)).toBeUndefined()
    expect(nativeLatin1(platform(undefined))).toBeUndefined()
    expect(nativeLatin1(platform(() => 'other'))).toBeUndefined()
    const refusing = () => {
      throw new TypeError('not a Buffer')
    }
    expect(nativeLatin1(platform(refusing))).toBeUndefined()
    expect(nativeLatin1(globalThis as never)?.(unhex('41 42'), 0, 2)).toBe('AB')
  })
})
