import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  GOOD_TIME_QUALITY,
  generalizedTimeText,
  generalizedTimeToDate,
  qualityOctet,
  timeOfDayOf,
  timeOfDayToDate,
  utcTimeOf,
  utcTimeQuality,
  utcTimeToDate,
  utcTimeToNanoseconds,
} from './times.js'

describe('D-03: utc-time', () => {
  test('a Date comes back to the millisecond, also just before the next second', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(0xffff_ffff * 1000), noInvalidDate: true }), date => {
        expect(utcTimeToDate(utcTimeOf(date))).toEqual(date)
      }),
    )
    expect(utcTimeOf(new Date(999))).toMatchObject({ seconds: 0 })
  })

  test('nanoseconds come back to the nearest 60, and every fraction comes back', () => {
    fc.assert(
      fc.property(fc.nat(0xffff_fffe), fc.nat(0xff_ffff), fc.nat(999_999_999), (seconds, fraction, nanoseconds) => {
        const time = { seconds, fraction, quality: 0 }
        expect(utcTimeOf(utcTimeToNanoseconds(time), utcTimeQuality(time))).toEqual(time)
        const moment = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)
        const difference = utcTimeToNanoseconds(utcTimeOf(moment)) - moment
        expect(difference < 31n && difference > -31n).toBe(true)
      }),
    )
    expect(utcTimeOf(999_999_999n)).toMatchObject({ seconds: 1, fraction: 0 })
  })

  test('moments that have no seconds count are refused', () => {
    for (const moment of [new Date(-1), -1n, new Date(2 ** 32 * 1000), 2n ** 32n * 1_000_000_000n, new Date(Number.NaN)]) {
      expect(() => utcTimeOf(moment)).toThrow(expect.objectContaining({ code: 'MMS_TIME' }))
    }
  })

  test('the quality octet is leap seconds known, clock failure, not synchronized and five bits of accuracy', () => {
    expect(utcTimeQuality({ seconds: 0, fraction: 0, quality: 0x8a })).toEqual({
      leapSecondsKnown: true,
      clockFailure: false,
      clockNotSynchronized: false,
      accuracy: 10,
    })
    for (let quality = 0; quality < 256; quality++) expect(qualityOctet(utcTimeQuality({ seconds: 0, fraction: 0, quality }))).toBe(quality)
    expect(qualityOctet(GOOD_TIME_QUALITY)).toBe(0x9f)
  })
})

describe('D-05: binary-time', () => {
  test('days count from 1984-01-01', () => {
    expect(timeOfDayToDate({ milliseconds: 0, days: 0 })).toEqual(new Date('1984-01-01T00:00:00Z'))
    expect(timeOfDayOf(new Date('2024-01-31T12:30:00.250Z'))).toEqual({ milliseconds: 45_000_250, days: 14_640 })
    expect(timeOfDayOf(new Date('2024-01-31T12:30:00.250Z'), 'time')).toEqual({ milliseconds: 45_000_250 })
    fc.assert(
      fc.property(fc.nat(0xffff), fc.nat(86_399_999), (days, milliseconds) => {
        expect(timeOfDayOf(timeOfDayToDate({ milliseconds, days })!)).toEqual({ milliseconds, days })
      }),
    )
  })

  test('RB-19: a time of day without a date, or past its end, is no moment', () => {
    expect(timeOfDayToDate({ milliseconds: 5 })).toBeUndefined()
    expect(timeOfDayToDate({ milliseconds: 86_400_000, days: 1 })).toBeUndefined()
  })

  test('dates outside the 65 536 days are refused; a time of day before 1984 is not', () => {
    for (const date of [new Date('1983-12-31T23:59:59Z'), new Date('2163-06-07T00:00:00Z'), new Date(Number.NaN)]) {
      expect(() => timeOfDayOf(date)).toThrow(expect.objectContaining({ code: 'MMS_TIME' }))
    }
    expect(timeOfDayOf(new Date('1970-01-01T00:00:01Z'), 'time')).toEqual({ milliseconds: 1000 })
  })
})

describe('D-05: generalized-time', () => {
  test('a Date comes back', () => {
    const date = new Date('2024-01-31T12:30:00.250Z')
    expect(generalizedTimeText(date)).toBe('20240131123000.250Z')
    expect(generalizedTimeToDate('20240131123000.250Z')).toEqual(date)
    expect(generalizedTimeToDate('202401311330+0100')).toEqual(new Date('2024-01-31T12:30:00Z'))
  })

  test('local time, other text and impossible dates are no moment', () => {
    for (const text of ['20240131123000', 'tomorrow', '', '20240230000000Z', '€']) expect(generalizedTimeToDate(text)).toBeUndefined()
  })

  test('years beyond four digits have no text', () => {
    for (const date of [new Date('+010000-01-01T00:00:00Z'), new Date(Number.NaN)]) {
      expect(() => generalizedTimeText(date)).toThrow(expect.objectContaining({ code: 'MMS_TIME' }))
    }
  })
})
