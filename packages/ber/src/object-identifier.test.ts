import { hex, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, encode, OBJECT_IDENTIFIER, OID_LIMITS } from './index.js'
import { objectIdentifiers } from './testing/arbitrary.js'
import { failure, refusal } from './testing/failure.js'

const contents = (...octets: readonly number[]): Uint8Array =>
  octets.length < 128 ? Uint8Array.of(6, octets.length, ...octets) : Uint8Array.of(6, 0x81, octets.length, ...octets)

describe('OBJECT IDENTIFIER', () => {
  test.each([
    ['1.0.9506.2.1', '06 05 28 ca 22 02 01'],
    ['2.1.1', '06 02 51 01'],
    ['0.0', '06 01 00'],
    ['1.39', '06 01 4f'],
    ['2.0', '06 01 50'],
    ['2.47', '06 01 7f'],
    ['2.48', '06 02 81 00'],
    ['2.999.3', '06 03 88 37 03'],
    ['2.9007199254740911', '06 08 8f ff ff ff ff ff ff 7f'],
    ['1.2.9007199254740991', '06 09 2a 8f ff ff ff ff ff ff 7f'],
  ])('%s', (text, octets) => {
    expect(hex(encode(OBJECT_IDENTIFIER, text))).toBe(octets)
    // Twice: the second time from memory.
    for (let i = 0; i < 2; i++) expect(decode(OBJECT_IDENTIFIER, unhex(octets))).toBe(text)
  })

  test('every identifier keeps its text', () => {
    fc.assert(
      fc.property(objectIdentifiers, text => {
        expect(decode(OBJECT_IDENTIFIER, encode(OBJECT_IDENTIFIER, text))).toBe(text)
      }),
      { numRuns: 500 },
    )
  })

  test('RB-12: no contents are an error', () => {
    expect(failure(() => decode(OBJECT_IDENTIFIER, unhex('06 00'))).code).toBe('BER_EMPTY')
  })

  test('RB-17: unterminated, with a leading 80, or with an arc above 2^53', () => {
    for (const octets of [
      '06 01 80',
      '06 02 2a 86',
      '06 03 80 2a 01',
      '06 03 2a 80 01',
      '06 09 2a 90 80 80 80 80 80 80 00',
      '06 08 90 80 80 80 80 80 80 00',
    ]) {
      expect(failure(() => decode(OBJECT_IDENTIFIER, unhex(octets))).code).toBe('BER_OID')
    }
  })

  test('RB-17: 64 arcs and 128 octets are the limit, both ways', () => {
    const arcs = (n: number) => contents(0x2a, ...new Array<number>(n - 2).fill(1))
    expect(decode(OBJECT_IDENTIFIER, arcs(OID_LIMITS.arcs)).split('.')).toHaveLength(64)
    expect(failure(() => decode(OBJECT_IDENTIFIER, arcs(OID_LIMITS.arcs + 1))).code).toBe('BER_OID')
    const long = (n: number) =>
      contents(...new Array<number>(n / 8).fill(0).flatMap(() => [0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]))
    expect(decode(OBJECT_IDENTIFIER, long(128)).split('.')).toHaveLength(17)
    expect(failure(() => decode(OBJECT_IDENTIFIER, long(136))).code).toBe('BER_OID')
    const text = (n: number) => ['1.2', ...new Array<string>(n - 2).fill('3')].join('.')
    expect(decode(OBJECT_IDENTIFIER, encode(OBJECT_IDENTIFIER, text(64)))).toBe(text(64))
    expect(refusal(() => encode(OBJECT_IDENTIFIER, text(65))).code).toBe('BER_OID')
    expect(refusal(() => encode(OBJECT_IDENTIFIER, `1.2${`.${Number.MAX_SAFE_INTEGER}`.repeat(17)}`)).code).toBe('BER_OID')
  })

  test('text that is no identifier has no encoding', () => {
    for (const text of [
      '',
      '1',
      '3.1',
      '1.40',
      '1..2',
      '1.2.',
      '.1.2',
      '1.-2',
      '1.02',
      '1. 2',
      '1.2e1',
      '1.0x1',
      'a.b',
      `1.2.${2 ** 53}`,
      `2.${Number.MAX_SAFE_INTEGER}`,
    ]) {
      expect(refusal(() => encode(OBJECT_IDENTIFIER, text)).code).toBe('BER_OID')
    }
    expect(refusal(() => encode(OBJECT_IDENTIFIER, undefined as never)).code).toBe('BER_OID')
  })

  test('more identifiers than are remembered are right all the same, also with one hash for two', () => {
    for (let i = 0; i < 600; i++) {
      const text = `1.3.6.1.4.1.${i}`
      expect(decode(OBJECT_IDENTIFIER, encode(OBJECT_IDENTIFIER, text))).toBe(text)
    }
    // 31 × 2a + 1f is 31 × 29 + 3e: the same hash.
    for (const octets of ['06 02 2a 1f', '06 02 29 3e', '06 02 2a 1f']) {
      expect(decode(OBJECT_IDENTIFIER, unhex(octets))).toBe(octets.endsWith('1f') ? '1.2.31' : '1.1.62')
    }
  })
})
