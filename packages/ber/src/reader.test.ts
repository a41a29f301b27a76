import { DecodeError, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tagClass, tagNumber, tagOf, tagText } from './identifier.js'
import {
  ANY,
  BerReader,
  BOOLEAN,
  decode,
  decodePart,
  encode,
  GraphicString,
  implicit,
  NULL,
  OCTET_STRING,
  SEQUENCE,
  SEQUENCE_OF,
  type Type,
} from './index.js'
import { arbitraryOf } from './testing/arbitrary.js'
import { failure } from './testing/failure.js'
import { Everything, Tree } from './testing/types.js'

const fails = (octets: string, type = ANY as never) => failure(() => decode(type, unhex(octets))).code

describe('identifier octets', () => {
  test('RB-01: octets that end inside the identifier are an error', () => {
    expect(fails('')).toBe('BER_TRUNCATED_TAG')
    expect(fails('1f')).toBe('BER_TRUNCATED_TAG')
    expect(fails('bf 81')).toBe('BER_TRUNCATED_TAG')
    expect(fails('bf ff ff ff')).toBe('BER_TRUNCATED_TAG')
  })

  test('RB-02: a high tag number has no leading zeros, is at least 31, and takes at most 4 octets', () => {
    expect(fails('9f 80 48 00')).toBe('BER_TAG_FORM')
    for (let number = 0; number < 31; number++) {
      expect(failure(() => decode(ANY, Uint8Array.of(0x9f, number, 0))).code).toBe('BER_TAG_FORM')
    }
    expect(fails('9f 81 80 80 80 00 00')).toBe('BER_TAG_FORM')
    expect(decode(ANY, unhex('9f 1f 00'))).toStrictEqual(unhex('9f 1f 00'))
    expect(decode(ANY, unhex('9f ff ff ff 7f 00'))).toHaveLength(6)
  })

  test('every tag number from 0 to the largest is written and read back', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(40), fc.nat(20_000), fc.nat(0x0fff_ffff)), number => {
        const type = implicit(number, NULL)
        const octets = encode(type, null)
        const reader = new BerReader(octets)
        const tag = reader.header(octets.length)
        expect([tag, tagNumber(tag), tagClass(tag)]).toStrictEqual([tagOf(0x80, number), number, 0x80])
        expect(decode(type, octets)).toBeNull()
      }),
    )
  })

  test('tags have names for people', () => {
    expect([0x02, 0x30, 0xa3, 0x61, 0xc1, 0x0f, 72 * 256 + 0xbf].map(tagText)).toStrictEqual([
      'INTEGER',
      'SEQUENCE',
      '[3]',
      '[APPLICATION 1]',
      '[PRIVATE 1]',
      '[UNIVERSAL 15]',
      '[72]',
    ])
  })
})

describe('length octets', () => {
  test('RB-03: octets that end inside the length are an error', () => {
    for (const octets of ['04', '04 81', '04 82 01', '04 88 00 00 00 00 00 00 00']) expect(fails(octets)).toBe('BER_TRUNCATED_LENGTH')
  })

  test('RB-04: a length beyond the parent is an error, also where the octets are there', () => {
    const Inner = SEQUENCE<{ a: readonly Uint8Array[]; b: Uint8Array }>('', { a: SEQUENCE_OF(OCTET_STRING), b: OCTET_STRING })
    // The inner OCTET STRING claims 5 octets; its list has 3, the input has 9.
    const error = failure(() => decode(Inner, unhex('30 09 30 03 04 05 aa 04 02 bb cc')))
    expect(error).toMatchObject({ code: 'BER_LENGTH', offset: 5, path: 'a[0]' })
    expect(error.message).toBe('expected a length within the 1 octets that are left, found 5, at octet 5')
  })

  test('RB-05: a length may take up to 8 octets, and is checked all the same', () => {
    for (let n = 1; n <= 8; n++) {
      const zeros = new Array<number>(n - 1).fill(0)
      expect(decode(OCTET_STRING, Uint8Array.of(0x04, 0x80 | n, ...zeros, 2, 0xaa, 0xbb))).toStrictEqual(unhex('aa bb'))
      expect(failure(() => decode(OCTET_STRING, Uint8Array.of(0x04, 0x80 | n, ...zeros, 3, 0xaa, 0xbb))).code).toBe('BER_LENGTH')
    }
    expect(fails('04 89 00 00 00 00 00 00 00 00 00')).toBe('BER_LENGTH')
  })

  test('RB-06: the reserved first octet ff is an error', () => {
    for (let tag = 1; tag < 256; tag++) {
      if ((tag & 0x1f) === 0x1f) continue
      const { code, message } = failure(() => decode(ANY, Uint8Array.of(tag, 0xff, ...new Uint8Array(200))))
      expect([code, message.includes('reserved')]).toStrictEqual(['BER_LENGTH', true])
    }
  })

  test('RB-07: a length of megabytes up to 2^64 is refused without memory for it', () => {
    for (const length of ['84 00 ff ff ff', '84 ff ff ff ff', '87 1f ff ff ff ff ff ff', '88 ff ff ff ff ff ff ff ff']) {
      for (const tag of ['04', '30', '24', '5f 48']) expect(fails(`${tag} ${length} 00`)).toBe('BER_LENGTH')
    }
  })
})

describe('RB-23: a decoder is chosen by the whole tag', () => {
  test('every other class and form of the right number is an error', () => {
    const List = SEQUENCE_OF(BOOLEAN)
    for (let first = 0; first < 256; first++) {
      if (first !== 0x30) expect(failure(() => decode(List, Uint8Array.of(first, 3, 1, 1, 0))).code).not.toMatch(/none/)
      if (first !== 0x01) expect(failure(() => decode(BOOLEAN, Uint8Array.of(first, 1, 0))).code).not.toMatch(/none/)
    }
    expect(decode(List, unhex('30 03 01 01 00'))).toStrictEqual([false])
    expect(fails('21 03 01 01 00', BOOLEAN as never)).toBe('BER_TAG')
    expect(fails('10 03 01 01 00', List as never)).toBe('BER_TAG')
  })
})

describe('any octets give a value or a DecodeError', () => {
  const types = [ANY, Tree, Everything, GraphicString] as const

  /** The code of what fails; anything but a DecodeError is thrown on. */
  const outcome = (type: Type<never>, octets: Uint8Array): string => {
    try {
      decode(type, octets)
      return 'decoded'
    } catch (error) {
      if (error instanceof DecodeError) return error.code
      throw error
    }
  }

  test('all inputs of one and two octets', () => {
    const outcomes = new Set<string>()
    for (const type of types) {
      for (let first = 0; first < 256; first++) {
        outcomes.add(outcome(type as never, Uint8Array.of(first)))
        for (let second = 0; second < 256; second++) outcomes.add(outcome(type as never, Uint8Array.of(first, second)))
      }
    }
    expect([...outcomes].filter(code => code !== 'decoded' && !code.startsWith('BER_'))).toStrictEqual([])
    expect(outcomes.size).toBeGreaterThan(8)
  })

  test('mutated encodings: octets changed, removed, inserted, cut off', () => {
    const mutation = fc.tuple(fc.constantFrom('set', 'drop', 'insert', 'cut', 'double'), fc.nat(), fc.nat(255))
    fc.assert(
      fc.property(arbitraryOf(Everything), fc.array(mutation, { minLength: 1, maxLength: 4 }), (value, mutations) => {
        let octets = [...encode(Everything, value)]
        for (const [how, where, octet] of mutations) {
          const at = where % Math.max(1, octets.length)
          if (how === 'set') octets[at] = octet
          else if (how === 'drop') octets.splice(at, 1)
          else if (how === 'insert') octets.splice(at, 0, octet)
          else if (how === 'cut') octets = octets.slice(0, at)
          else octets = [...octets.slice(0, at), ...octets.slice(Math.max(0, at - 5))]
        }
        const changed = Uint8Array.from(octets)
        const code = outcome(Everything as never, changed)
        expect(code === 'decoded' || code.startsWith('BER_')).toBe(true)
        // What is accepted has one meaning: it is the same after another round.
        if (code === 'decoded') {
          const once = decode(Everything, changed)
          expect(decode(Everything, encode(Everything, once))).toStrictEqual(once)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('RB-21: whatever is behind the outermost element is an error, and decodePart leaves it', () => {
    expect(failure(() => decode(NULL, unhex('05 00 00')))).toMatchObject({ code: 'BER_TRAILING', offset: 2 })
    expect(decodePart(NULL, unhex('05 00 00'))).toStrictEqual({ value: null, end: 2 })
    // Also behind an indefinite length: the offset is that of the octets received.
    expect(failure(() => decode(SEQUENCE_OF(NULL), unhex('30 80 05 00 00 00 05 00')))).toMatchObject({ code: 'BER_TRAILING', offset: 6 })
    expect(decodePart(SEQUENCE_OF(NULL), unhex('30 80 05 00 00 00 05 00'))).toStrictEqual({ value: [null], end: 6 })
  })
})
