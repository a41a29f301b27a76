import { unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, encode, GeneralizedTime, generalizedTimeOf, generalizedTimeToDate, VisibleString } from './index.js'
import { arbitraryOf } from './testing/arbitrary.js'
import { failure, refusal } from './testing/failure.js'

const element = (text: string): Uint8Array => encode(VisibleString, text).with(0, 0x18)
const read = (text: string): GeneralizedTime => decode(GeneralizedTime, element(text))

describe('GeneralizedTime', () => {
  test.each([
    ['20240229123456.789Z', { year: 2024, month: 2, day: 29, hour: 12, minute: 34, second: 56, fraction: '789', offset: 0 }],
    ['2024022912', { year: 2024, month: 2, day: 29, hour: 12 }],
    ['202402291234', { year: 2024, month: 2, day: 29, hour: 12, minute: 34 }],
    ['2024022912.5', { year: 2024, month: 2, day: 29, hour: 12, fraction: '5' }],
    ['20240229123456+0530', { year: 2024, month: 2, day: 29, hour: 12, minute: 34, second: 56, offset: 330 }],
    ['20240229123456-0001', { year: 2024, month: 2, day: 29, hour: 12, minute: 34, second: 56, offset: -1 }],
  ])('%s is kept as written', (text, time) => {
    expect(read(text)).toStrictEqual(time)
    expect(encode(GeneralizedTime, time)).toStrictEqual(element(text))
  })

  test('a comma, whole hours of offset and an offset of zero are understood', () => {
    expect(read('20240101000000,25Z').fraction).toBe('25')
    expect(read('20240101000000+05').offset).toBe(300)
    expect([read('20240101000000-0000').offset, read('20240101000000+0000').offset]).toStrictEqual([0, 0])
  })

  test('RB-19: other syntax is an error', () => {
    const wrong = [
      '',
      'Z',
      '2024',
      '202402291',
      '20240229123',
      '2024022912345',
      '202402291234567',
      '20240229123456.Z',
      '20240229123456+1',
      '20240229123456+123',
    ]
    for (const text of [...wrong, '20240229123456ZZ', '2024022912 456Z', '-0240229123456Z', '20240229123456z', '２０２４０２２９１２']) {
      const octets = Uint8Array.of(0x18, text.length, ...[...text].map(c => c.charCodeAt(0) & 0xff))
      expect(failure(() => decode(GeneralizedTime, octets)).code).toBe('BER_TIME')
    }
    expect(failure(() => decode(GeneralizedTime, unhex('18 82 01 00'.concat(' 30'.repeat(256))))).code).toBe('BER_TIME')
  })

  test('RB-19: a time that does not exist is kept, and is no date', () => {
    for (const text of [
      '00000000000000Z',
      '20230229000000Z',
      '20241301000000Z',
      '20240101250000Z',
      '20240101006000Z',
      '20240101000061Z',
      '99999999999999Z',
    ]) {
      expect(generalizedTimeToDate(read(text))).toBeUndefined()
      expect(encode(GeneralizedTime, read(text))).toStrictEqual(element(text))
    }
    expect(generalizedTimeToDate(read('20240101000000'))).toBeUndefined()
  })

  test('to and from Date, to the millisecond', () => {
    expect(generalizedTimeToDate(read('20240229123456.789Z'))?.toISOString()).toBe('2024-02-29T12:34:56.789Z')
    expect(generalizedTimeToDate(read('202402291234.5Z'))?.toISOString()).toBe('2024-02-29T12:34:30.000Z')
    expect(generalizedTimeToDate(read('2024022912.25Z'))?.toISOString()).toBe('2024-02-29T12:15:00.000Z')
    expect(generalizedTimeToDate(read('20240229003456+0130'))?.toISOString()).toBe('2024-02-28T23:04:56.000Z')
    expect(generalizedTimeToDate(read('00500101000000Z'))?.toISOString()).toBe('0050-01-01T00:00:00.000Z')
    expect(generalizedTimeToDate(read(`20240229123456.${'9'.repeat(200)}Z`))?.toISOString()).toBe('2024-02-29T12:34:56.999Z')
    const dates = fc.date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
    fc.assert(
      fc.property(dates, date => {
        const time = decode(GeneralizedTime, encode(GeneralizedTime, generalizedTimeOf(date)))
        expect(generalizedTimeToDate(time)?.getTime()).toBe(date.getTime())
      }),
    )
  })

  test('arbitrary fields never throw on their way to a Date', () => {
    fc.assert(
      fc.property(arbitraryOf(GeneralizedTime), time => {
        const date = generalizedTimeToDate(time)
        expect(date === undefined || Number.isFinite(date.getTime())).toBe(true)
      }),
    )
  })

  test('fields with too many digits have no encoding', () => {
    const good = { year: 2024, month: 1, day: 1, hour: 0 }
    for (const bad of [
      { year: 10_000 },
      { year: -1 },
      { month: 100 },
      { hour: 1.5 },
      { second: 1 },
      { fraction: '' },
      { fraction: 'x' },
      { fraction: 5 },
      { offset: 0.5 },
      { offset: 6001 },
      { day: undefined },
    ]) {
      expect(refusal(() => encode(GeneralizedTime, { ...good, ...bad } as never)).code).toBe('BER_TIME')
    }
    for (const bad of [undefined, null, 5]) expect(refusal(() => encode(GeneralizedTime, bad as never)).code).toBe('BER_TIME')
    expect(refusal(() => encode(GeneralizedTime, generalizedTimeOf(new Date(Number.NaN)))).code).toBe('BER_TIME')
  })
})
