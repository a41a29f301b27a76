import { DecodeError, EncodeError, hex, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeTsdu, encodeTsdu, isPlainData, processingOrder, type Tsdu } from './tsdu.js'

const names = (text: string) => decodeTsdu(unhex(text)).map(spdu => spdu.type)

describe('S-07: basic concatenation', () => {
  test('S-07: data is GT, then DT, and its octets are a view', () => {
    const tsdu = unhex('01 00 01 00 61 00')
    const [gt, dt] = decodeTsdu(tsdu)
    expect(gt).toEqual({ type: 'GT' })
    expect(dt).toEqual({ type: 'DT', userInformation: unhex('61 00') })
    expect((dt as { userInformation: Uint8Array }).userInformation.buffer).toBe(tsdu.buffer)
    expect(isPlainData(tsdu)).toBe(true)
    expect(isPlainData(unhex('01 00 01 00'))).toBe(true)
  })

  test.each(['01 00 01', '01 00 01 03 19 01 03 61', '01 03 10 01 01 01 00 61', '02 00 01 00', '01 00 19 00'])(
    '%s is not plain data',
    octets => expect(isPlainData(unhex(octets))).toBe(false),
  )

  test.each([
    ['GT', '01 00', ['GT']],
    ['PT', '02 00', ['PT']],
    ['GT with a token item', '01 03 10 01 01', ['GT']],
    ['GT with user data, alone', '01 06 10 01 01 c1 01 61', ['GT']],
    ['GT and DT without user information', '01 00 01 00', ['GT', 'DT']],
    ['GT with a token item and DT', '01 03 10 01 01 01 00 61', ['GT', 'DT']],
    ['GT and DT with an enclosure item', '01 00 01 03 19 01 03 61', ['GT', 'DT']],
    ['GT and MIP', '01 03 10 01 01 31 00', ['GT', 'MIP']],
    ['GT and MAP', '01 00 29 00', ['GT', 'MAP']],
    ['GT and RS', '01 00 35 00', ['GT', 'RS']],
    ['GT and AS', '01 00 2d 00', ['GT', 'AS']],
    ['GT and AD', '01 00 39 00', ['GT', 'AD']],
    ['GT and AI', '01 00 19 00', ['GT', 'AI']],
    ['GT and CD', '01 00 3d 00', ['GT', 'CD']],
    ['PT and MIA', '02 00 32 00', ['PT', 'MIA']],
    ['PT and MAA', '02 00 2a 00', ['PT', 'MAA']],
    ['PT and RA', '02 00 22 00', ['PT', 'RA']],
    ['PT and AR', '02 00 1d 00', ['PT', 'AR']],
    ['PT and ADA', '02 00 3a 00', ['PT', 'ADA']],
    ['PT and AIA', '02 00 1a 00', ['PT', 'AIA']],
    ['PT and CDA', '02 00 3e 00', ['PT', 'CDA']],
    ['PT and ER', '02 00 00 03 31 01 ff', ['PT', 'ER']],
    ['PT and ED', '02 00 30 03 32 01 00', ['PT', 'ED']],
    ['AB stands alone', '19 03 11 01 05', ['AB']],
    ['AA stands alone', '1a 00', ['AA']],
  ])('S-07: %s', (_, octets, expected) => {
    expect(names(octets)).toEqual(expected)
    expect(hex(encodeTsdu(decodeTsdu(unhex(octets))).octets())).toBe(octets)
  })

  test.each([
    ['nothing', '', 'SESSION_TRUNCATED', 0],
    ['RS-01: an unknown identifier', '40 00', 'SESSION_SI', 0],
    ['RS-01: an unknown identifier behind GT', '01 00 40 00', 'SESSION_SI', 2],
    ['RS-09: PT, then DT', '02 00 01 00 61', 'SESSION_CONCATENATION', 2],
    ['RS-09: GT twice', '01 00 01 03 10 01 01', 'SESSION_PARAMETER_MISPLACED', 4],
    ['RS-09: GT, then PT', '01 00 02 00', 'SESSION_CONCATENATION', 2],
    ['RS-09: GT, then CN', '01 00 0d 00', 'SESSION_CONCATENATION', 2],
    ['RS-09: GT, then ED', '01 00 30 03 32 01 00', 'SESSION_CONCATENATION', 2],
    ['RS-09: GT with a token item, then RS', '01 03 10 01 01 35 00', 'SESSION_CONCATENATION', 5],
    ['RS-09: GT with user data, then DT', '01 03 c1 01 61 01 00 61', 'SESSION_CONCATENATION', 5],
    ['RS-09: three SPDUs', '01 00 31 00 01 00 61', 'SESSION_CONCATENATION', 4],
    ['RS-09: MIP alone', '31 00', 'SESSION_CONCATENATION', 0],
    ['RS-09: octets behind an SPDU of category 1', '1a 00 00', 'SESSION_TRAILING', 2],
    ['RS-09: GT behind an SPDU of category 1', '09 00 01 00', 'SESSION_TRAILING', 2],
  ])('%s is refused', (_, octets, code, offset) => {
    expect(() => decodeTsdu(unhex(octets), { misplacedParameters: false })).toThrow(
      expect.objectContaining({ name: 'DecodeError', layer: 'session', code, offset }),
    )
  })

  test('RS-09: DT with octets that look like SPDUs behind it is data', () => {
    expect(decodeTsdu(unhex('01 00 01 00 01 00 01 00'))[1]).toEqual({ type: 'DT', userInformation: unhex('01 00 01 00') })
  })

  test('DT without GT in front is data only with dataWithoutGiveTokens', () => {
    const octets = unhex('01 00 61 0a 30 08')
    expect(() => decodeTsdu(octets)).toThrow(expect.objectContaining({ code: 'SESSION_SI' }))
    expect(decodeTsdu(octets, { dataWithoutGiveTokens: true })).toEqual([{ type: 'DT', userInformation: unhex('61 0a 30 08') }])
    expect(decodeTsdu(unhex('01 00 01 00 61'), { dataWithoutGiveTokens: true })).toHaveLength(2)
    expect(() => decodeTsdu(unhex('02 00 61 0a'), { dataWithoutGiveTokens: true })).toThrow(DecodeError)
  })

  test.each<[string, Tsdu]>([
    ['DT alone', [{ type: 'DT', userInformation: unhex('61') }]],
    ['PT and DT', [{ type: 'PT' }, { type: 'DT', userInformation: unhex('61') }]],
    [
      'GT with data and DT',
      [
        { type: 'GT', tokenItem: 1, userData: unhex('61') },
        { type: 'DT', userInformation: unhex('61') },
      ],
    ],
    ['FN introducing DT', [{ type: 'FN' }, { type: 'DT', userInformation: unhex('61') }] as unknown as Tsdu],
  ])('S-07: %s has no encoding', (_, spdus) => {
    expect(() => encodeTsdu(spdus)).toThrow(EncodeError)
    expect(() => encodeTsdu(spdus)).toThrow(expect.objectContaining({ code: 'SESSION_CONCATENATION' }))
  })

  test.each([
    ['GT and MIA', '01 00 32 00', ['GT', 'MIA']],
    ['GT and MAA', '01 00 2a 00', ['GT', 'MAA']],
    ['GT, AS and MIP', '01 00 2d 00 31 00', ['GT', 'AS', 'MIP']],
    ['GT, AR and MAP', '01 03 10 01 01 1d 00 29 00', ['GT', 'AR', 'MAP']],
    ['GT, AS, MIP and DT', '01 00 2d 00 31 00 01 00 61', ['GT', 'AS', 'MIP', 'DT']],
    ['GT, MIA and DT', '01 00 32 00 01 00 61 62', ['GT', 'MIA', 'DT']],
    ['GT, AR and DT', '01 00 1d 00 01 00 61', ['GT', 'AR', 'DT']],
    ['GT and DT, as ever', '01 00 01 03 19 01 03 61', ['GT', 'DT']],
    ['PT and MIA, as ever', '02 00 32 00', ['PT', 'MIA']],
  ])('S-07: extended concatenation by option: %s', (_, octets, expected) => {
    const spdus = decodeTsdu(unhex(octets), { extendedConcatenation: true })
    expect(spdus.map(spdu => spdu.type)).toEqual(expected)
    expect(hex(encodeTsdu(spdus, true).octets())).toBe(octets)
    const basic = expected.length === 2 && expected[1] !== 'MIA' && expected[1] !== 'MAA'
    if (!basic && expected[0] === 'GT') {
      expect(() => decodeTsdu(unhex(octets))).toThrow(expect.objectContaining({ code: 'SESSION_CONCATENATION' }))
      expect(() => encodeTsdu(spdus)).toThrow(EncodeError)
    }
  })

  test.each([
    ['an acknowledgement behind a start', '01 00 2d 00 32 00'],
    ['two points', '01 00 31 00 29 00'],
    ['two starts', '01 00 2d 00 1d 00'],
    ['a start behind a point', '01 00 31 00 2d 00'],
    ['ED behind GT', '01 00 30 03 32 01 00'],
    ['two SPDUs behind PT', '02 00 32 00 01 00 61'],
    ['five SPDUs', '01 00 2d 00 31 00 31 00 01 00'],
  ])('S-07, RS-09: extended concatenation has no place for %s', (_, octets) => {
    expect(() => decodeTsdu(unhex(octets), { extendedConcatenation: true })).toThrow(
      expect.objectContaining({ code: 'SESSION_CONCATENATION' }),
    )
  })

  test('S-07: a receiver takes the start first, then data, then the point, and GT last, X.225, 6.3.7.1', () => {
    const spdus = decodeTsdu(unhex('01 03 10 01 01 2d 00 31 00 01 00 61'), { extendedConcatenation: true })
    expect(processingOrder(spdus).map(spdu => spdu.type)).toEqual(['AS', 'DT', 'MIP', 'GT'])
  })

  test('any octets decode or give a DecodeError whose offset lies within them', () => {
    const seeds = ['01 00', '0d 06 05 04 16 01 02', '19 03 11 01', '02 00 30']
    fc.assert(
      fc.property(fc.constantFrom('', ...seeds), fc.uint8Array({ maxLength: 24 }), (seed, rest) => {
        const octets = Uint8Array.from([...unhex(seed), ...rest])
        try {
          expect(decodeTsdu(octets).length).toBeLessThanOrEqual(2)
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error
          expect(error.offset).toBeLessThanOrEqual(octets.length)
          expect(error.code).toMatch(/^SESSION_/)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
