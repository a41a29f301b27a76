import { decode, encode } from '@x/ber'
import { EncodeError, hex, Sdu, sameOctets, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UserData } from './asn1.js'
import { DEFAULT_CONTEXT, type DefinedContextSet, GREATEST_IDENTIFIER } from './contexts.js'
import type { PresentationDataValues } from './service.js'
import { areOf, encodeUserData, formOf, fromUserData, prependSingleValue, readFull, readUserData } from './user-data.js'

const BER = '2.1.1'
const setOf = (...identifiers: number[]): DefinedContextSet =>
  new Map(identifiers.map(id => [id, { presentationContextIdentifier: id, abstractSyntaxName: '1.2.3', transferSyntaxName: BER }]))

/** One BER element with contents of `n` octets. */
function element(n: number): Uint8Array {
  const sdu = Sdu.of(new Uint8Array(n).fill(0x55))
  if (n < 0x80) sdu.prepend([n])
  else if (n < 0x100) sdu.prepend([0x81, n])
  else if (n < 0x1_0000) sdu.prepend([0x82, n >> 8, n & 0xff])
  else sdu.prepend([0x83, n >> 16, (n >> 8) & 0xff, n & 0xff])
  sdu.prependOctet(0x04)
  return sdu.octets()
}

describe('the single value of P-DATA, by hand', () => {
  const sizes = [
    0, 1, 100, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 240, 244, 245, 246, 247, 248, 249, 250, 251, 252,
    253, 254, 255, 256, 300, 65_520, 65_530, 65_535, 65_536, 70_000,
  ]

  test.each(sizes)('a value of %i octets is the octets that the ASN.1 declaration gives, and is read back as a view', size => {
    const value = element(size)
    for (const identifier of [1, 3, 127, 128, 255, 256, 0x7fff, 0x8000, 0xff00, 0x7f_ffff, 0x80_0000, GREATEST_IDENTIFIER]) {
      const sdu = Sdu.of(value)
      prependSingleValue(sdu, identifier)
      const declared = encode(UserData, {
        type: 'fullyEncodedData',
        value: [{ presentationContextIdentifier: identifier, presentationDataValues: { type: 'single-ASN1-type', value } }],
      })
      expect(sameOctets(sdu.octets(), declared)).toBe(true)
      const octets = sdu.octets().slice()
      const [read, ...more] = readFull(octets)
      expect(more).toEqual([])
      expect(read!.presentationContextIdentifier).toBe(identifier)
      expect(sameOctets(read!.octets, value)).toBe(true)
      expect(read!.octets.buffer).toBe(octets.buffer)
    }
  })

  test('the quick reading accepts nothing that the full decoder refuses, and finds the same values', () => {
    const good = [element(3), element(130)].map(value => encodeUserData([{ presentationContextIdentifier: 3, octets: value }], 'full'))
    const mutated = fc
      .record({ octets: fc.constantFrom(...good), at: fc.nat(), to: fc.nat(255), cut: fc.nat(3) })
      .map(({ octets, at, to, cut }) => {
        const copy = octets.slice(0, octets.length - cut)
        copy[at % Math.min(copy.length, 16)] = to
        return copy
      })
    const attempt = <T>(run: () => T): T | 'refused' => {
      try {
        return run()
      } catch (error) {
        expect(error).toHaveProperty('name', 'DecodeError')
        return 'refused'
      }
    }
    fc.assert(
      fc.property(mutated, octets => {
        const slow = attempt(() =>
          fromUserData(
            decode(UserData, octets),
            new Map([
              [1, {}],
              [3, {}],
            ]),
          ),
        )
        const quick = attempt(() => readFull(octets))
        // Simple encoding is decoded by the one and refused by the other; that is what they are for.
        if (octets[0] === 0x61) expect(quick).toEqual(slow)
        else expect(quick).toBe('refused')
      }),
      { numRuns: 3000 },
    )
  })

  test.each([
    ['lengths longer than needed', '61 81 0b 30 82 00 07 02 01 03 a0 02 8b 00'],
    ['a length in four octets', '61 84 00 00 00 09 30 07 02 01 03 a0 02 8b 00'],
    ['a length in five octets', '61 85 00 00 00 00 09 30 07 02 01 03 a0 02 8b 00'],
    ['an identifier longer than needed', '61 0a 30 08 02 02 00 03 a0 02 8b 00'],
    ['indefinite lengths', '61 80 30 80 02 01 03 a0 80 8b 00 00 00 00 00 00 00'],
  ])('%s are read', (_, octets) => {
    expect(readFull(unhex(octets))).toEqual([{ presentationContextIdentifier: 3, octets: unhex('8b 00') }])
  })

  test('a value of indefinite length is handed up with definite ones', () => {
    expect(readFull(unhex('61 0d 30 0b 02 01 03 a0 06 a0 80 80 00 00 00'))).toEqual([
      { presentationContextIdentifier: 3, octets: unhex('a0 02 80 00') },
    ])
  })

  test('a value with a high tag number is read', () => {
    expect(readFull(unhex('61 0a 30 08 02 01 03 a0 03 9f 48 00'))).toEqual([
      { presentationContextIdentifier: 3, octets: unhex('9f 48 00') },
    ])
  })
})

describe('simple and full encoding', () => {
  test('the number of contexts decides, never the octets', () => {
    expect([0, 1, 2, 3].map(size => formOf({ size }))).toEqual(['simple', 'simple', 'full', 'full'])
  })

  test('simple: the values one after the other, without a tag', () => {
    const values = [
      { presentationContextIdentifier: 1, octets: unhex('63 00') },
      { presentationContextIdentifier: 1, octets: unhex('8b 00') },
    ]
    expect(hex(encodeUserData(values, 'simple'))).toBe('63 00 8b 00')
    expect(readUserData(unhex('63 00 8b 00'), setOf(1))).toEqual([{ presentationContextIdentifier: 1, octets: unhex('63 00 8b 00') }])
    expect(readUserData(unhex('63 00'), setOf())).toEqual([{ presentationContextIdentifier: DEFAULT_CONTEXT, octets: unhex('63 00') }])
  })

  test('no values are no octets, and the reverse', () => {
    expect(encodeUserData(undefined, 'full')).toHaveLength(0)
    expect(encodeUserData([], 'simple')).toHaveLength(0)
    expect(readUserData(new Uint8Array(0), setOf(1, 3))).toEqual([])
  })

  test('P-05: values of several contexts in every form come back as they were', () => {
    const values = fc.record({
      presentationContextIdentifier: fc.integer({ min: 1, max: GREATEST_IDENTIFIER }),
      transferSyntaxName: fc.constantFrom(undefined, BER, '1.3.9999.1'),
      encoding: fc.constantFrom(undefined, 'octet-aligned' as const, 'arbitrary' as const),
      octets: fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(300).map(element)),
      unusedBits: fc.nat(7),
    })
    const list = fc.array(values, { minLength: 1, maxLength: 5 }).map(all =>
      all.map(({ transferSyntaxName, encoding, octets, unusedBits, ...value }): PresentationDataValues => {
        const name = transferSyntaxName === undefined ? {} : { transferSyntaxName }
        if (encoding === undefined) return { ...value, ...name, octets: element(octets.length) }
        if (encoding === 'octet-aligned' || unusedBits === 0) return { ...value, ...name, encoding, octets }
        const masked = octets.slice()
        masked[masked.length - 1]! &= 0xff << unusedBits
        return { ...value, ...name, encoding, octets: masked, unusedBits }
      }),
    )
    fc.assert(
      fc.property(list, sent => {
        expect(readUserData(encodeUserData(sent, 'full'), setOf(1, 3))).toEqual(sent)
      }),
    )
  })

  test('P-05: an octet-aligned value in constructed form is put together', () => {
    expect(readFull(unhex('61 0d 30 0b 02 01 03 a1 06 04 01 8b 04 01 00'))).toEqual([
      { presentationContextIdentifier: 3, encoding: 'octet-aligned', octets: unhex('8b 00') },
    ])
  })
})

describe('values without an encoding', () => {
  test.each<[string, PresentationDataValues]>([
    ['no octets', { presentationContextIdentifier: 1, octets: unhex('') }],
    ['no element', { presentationContextIdentifier: 1, octets: unhex('8b') }],
    ['more than one element', { presentationContextIdentifier: 1, octets: unhex('8b 00 8b 00') }],
    ['a negative context', { presentationContextIdentifier: -1, octets: unhex('8b 00') }],
    ['a context that is too large', { presentationContextIdentifier: GREATEST_IDENTIFIER + 1, octets: unhex('8b 00') }],
    ['eight unused bits', { presentationContextIdentifier: 1, encoding: 'arbitrary', octets: unhex('8b'), unusedBits: 8 }],
    ['unused bits of whole octets', { presentationContextIdentifier: 1, encoding: 'octet-aligned', octets: unhex('8b'), unusedBits: 1 }],
  ])('%s', (_, value) => {
    for (const form of ['simple', 'full'] as const) {
      expect(() => encodeUserData([value], form)).toThrow(EncodeError)
      expect(() => encodeUserData([value], form)).toThrow(expect.objectContaining({ code: 'PRESENTATION_USER_DATA', path: 'userData[0]' }))
    }
  })

  test('an element of indefinite length is one element', () => {
    expect(hex(encodeUserData([{ presentationContextIdentifier: 1, octets: unhex('a0 80 00 00') }], 'simple'))).toBe('a0 80 00 00')
  })
})

describe('which contexts values are of', () => {
  const value = (presentationContextIdentifier: number, transferSyntaxName?: string) => ({
    presentationContextIdentifier,
    ...(transferSyntaxName && { transferSyntaxName }),
    octets: unhex('8b 00'),
  })
  test('no values are of any set', () => {
    expect(areOf(undefined, setOf())).toBe(true)
    expect(areOf([], setOf(1))).toBe(true)
  })
  test('of the default context only where nothing is defined', () => {
    expect(areOf([value(DEFAULT_CONTEXT)], setOf())).toBe(true)
    expect(areOf([value(DEFAULT_CONTEXT)], setOf(1))).toBe(false)
    expect(areOf([value(1)], setOf())).toBe(false)
  })
  test('each of them, in the transfer syntax agreed', () => {
    expect(areOf([value(1), value(3, BER)], setOf(1, 3))).toBe(true)
    expect(areOf([value(1), value(5)], setOf(1, 3))).toBe(false)
    expect(areOf([value(1), value(3, '2.1.2.1')], setOf(1, 3))).toBe(false)
  })
})
