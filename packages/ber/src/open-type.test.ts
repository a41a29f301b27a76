import { hex, unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import {
  ANY,
  decode,
  EMBEDDED_PDV,
  type EmbeddedPdv,
  EXTERNAL,
  type External,
  encode,
  leaf,
  readElements,
  readNumber,
  SEQUENCE,
  SEQUENCE_OF,
  type Type,
} from './index.js'
import { failure, refusal } from './testing/failure.js'

describe('B-05: ANY', () => {
  test('is the octets of one element, as they were received', () => {
    for (const octets of ['05 00', '30 03 02 01 05', '04 81 01 61', 'bf 48 00']) {
      expect(hex(decode(ANY, unhex(octets)))).toBe(octets)
      expect(hex(encode(ANY, unhex(octets)))).toBe(octets)
    }
    const Holder = SEQUENCE<{ a: Uint8Array; b?: Uint8Array }>('', { a: ANY, b: ANY.optional() })
    expect(decode(Holder, unhex('30 04 05 00 85 00'))).toStrictEqual({ a: unhex('05 00'), b: unhex('85 00') })
  })

  test('is a view of the input', () => {
    const input = unhex('30 02 05 00')
    expect(decode(SEQUENCE_OF(ANY), input)[0]!.buffer).toBe(input.buffer)
  })

  test('octets that are not one element have no encoding', () => {
    for (const octets of ['', '05', '05 00 05 00', '05 01', '00 00'])
      expect(refusal(() => encode(ANY, unhex(octets))).code).toBe('BER_VALUE')
    expect(refusal(() => encode(ANY, '0500' as never)).code).toBe('BER_VALUE')
    // An element of indefinite length is one element.
    expect(hex(encode(ANY, unhex('30 80 00 00')))).toBe('30 80 00 00')
  })
})

describe('B-06: EXTERNAL and EMBEDDED PDV', () => {
  test.each<[string, External]>([
    [
      '28 0b 06 02 51 01 02 01 03 a0 02 05 00',
      { directReference: '2.1.1', indirectReference: 3, encoding: { type: 'single-ASN1-type', value: unhex('05 00') } },
    ],
    ['28 07 02 01 01 81 02 aa bb', { indirectReference: 1, encoding: { type: 'octet-aligned', value: unhex('aa bb') } }],
    ['28 07 07 01 64 82 02 04 f0', { dataValueDescriptor: 'd', encoding: { type: 'arbitrary', value: { octets: unhex('f0'), size: 4 } } }],
  ])('%s', (octets, value) => {
    expect(decode(EXTERNAL, unhex(octets))).toStrictEqual(value)
    expect(hex(encode(EXTERNAL, value))).toBe(octets)
  })

  test.each<[string, EmbeddedPdv['identification']]>([
    ['a0 08 a0 06 80 01 29 81 01 2a', { type: 'syntaxes', value: { abstract: '1.1', transfer: '1.2' } }],
    ['a0 03 81 01 29', { type: 'syntax', value: '1.1' }],
    ['a0 03 82 01 05', { type: 'presentation-context-id', value: 5 }],
    ['a0 08 a3 06 80 01 05 81 01 2a', { type: 'context-negotiation', value: { presentationContextId: 5, transferSyntax: '1.2' } }],
    ['a0 03 84 01 2a', { type: 'transfer-syntax', value: '1.2' }],
    ['a0 02 85 00', { type: 'fixed', value: null }],
  ])('EMBEDDED PDV identified by %s', (identification, value) => {
    const octets = `2b ${hex(Uint8Array.of(unhex(identification).length + 3))} ${identification} 82 01 61`
    const pdv: EmbeddedPdv = { identification: value, dataValue: unhex('61') }
    expect(decode(EMBEDDED_PDV, unhex(octets))).toStrictEqual(pdv)
    expect(hex(encode(EMBEDDED_PDV, pdv))).toBe(octets)
  })

  test('another tag, or no encoding, is an error', () => {
    expect(failure(() => decode(EXTERNAL, unhex('30 02 81 00'))).code).toBe('BER_TAG')
    expect(failure(() => decode(EXTERNAL, unhex('28 03 02 01 01')))).toMatchObject({ code: 'BER_MISSING', path: 'EXTERNAL.encoding' })
    expect(failure(() => decode(EXTERNAL, unhex('28 04 a0 02 00 00'))).code).toBe('BER_TAG')
  })
})

describe('leaf', () => {
  type Sum = number | readonly Sum[]
  const Sum: Type<Sum> = leaf<Sum>({
    name: 'Sum',
    tags: [0x02, 0x30],
    get: function get(reader, tag): Sum {
      if (tag === 0x02) return readNumber(reader)
      if (tag !== 0x30) throw reader.error('BER_CHOICE', 'expected a sum', reader.start)
      reader.enter()
      const parts = readElements(reader, get)
      reader.leave()
      return parts
    },
    put: () => undefined,
  })

  test('a hand-written node takes its place among declared types', () => {
    expect(decode(SEQUENCE_OF(Sum), unhex('30 0f 02 01 05 30 0a 02 01 06 30 00 30 03 02 01 07'))).toStrictEqual([5, [6, [], [7]]])
    expect(decode(Sum, unhex('30 0f 02 01 01 02 01 02 02 01 03 02 01 04 02 01 05'))).toStrictEqual([1, 2, 3, 4, 5])
    expect(failure(() => decode(Sum, unhex('30 06 02 01 05 01 01 00')))).toMatchObject({ code: 'BER_CHOICE', path: 'Sum[1]', offset: 5 })
    expect(failure(() => decode(Sum, unhex('01 01 00'))).code).toBe('BER_TAG')
    expect(failure(() => decode(Sum, unhex('02 08 7f 00 00 00 00 00 00 00'))).code).toBe('BER_INTEGER_RANGE')
  })

  test('lists longer than their headers tell at once are read whole', () => {
    // The count of elements stops at the first header in long form.
    const many = new Array<string>(40).fill('02 01 07')
    many[5] = '02 81 01 08'
    expect(decode(Sum, unhex(`30 79 ${many.join(' ')}`))).toStrictEqual(many.map((_, i) => (i === 5 ? 8 : 7)))
  })

  test('needs a tag', () => {
    expect(() => leaf({ name: 'None', tags: [], get: () => 0, put: () => undefined })).toThrow('None')
  })
})
