import { generalizedTimeToDate as dateOf, decode, encode, GeneralizedTime, generalizedTimeOf } from '@x/ber'
import { DecodeError, EncodeError, UsageError } from '@x/core'
import { GeneralizedTimeText } from './asn1/data.js'
import type { TimeOfDay, UtcTime } from './asn1/time.js'

/**
 * The times of MMS as moments. The records keep exactly what is on the wire; these functions do not: a `Date` has milliseconds, and a
 * record may hold a time that does not exist.
 */

const DAY = 86_400_000
/** 1984-01-01T00:00:00Z. ISO 9506-2, TimeOfDay. */
const TIME_OF_DAY_EPOCH = Date.UTC(1984, 0, 1)
const NANOSECONDS = 1_000_000_000n

/** What the quality octet of a UtcTime says. IEC 61850-8-1. */
export interface TimeQuality {
  /** The seconds count is right about leap seconds. */
  readonly leapSecondsKnown: boolean
  readonly clockFailure: boolean
  readonly clockNotSynchronized: boolean
  /** Significant bits of the fraction, 0 to 24; 31: unspecified. */
  readonly accuracy: number
}

/** Leap seconds known, clock good and synchronized, accuracy not stated: what `utcTimeOf` writes unless told otherwise. */
export const GOOD_TIME_QUALITY: TimeQuality = { leapSecondsKnown: true, clockFailure: false, clockNotSynchronized: false, accuracy: 31 }

export function utcTimeQuality(time: UtcTime): TimeQuality {
  const { quality } = time
  return {
    leapSecondsKnown: (quality & 0x80) !== 0,
    clockFailure: (quality & 0x40) !== 0,
    clockNotSynchronized: (quality & 0x20) !== 0,
    accuracy: quality & 0x1f,
  }
}

/** @returns the quality octet */
export function qualityOctet(quality: TimeQuality): number {
  const { leapSecondsKnown, clockFailure, clockNotSynchronized, accuracy } = quality
  return (leapSecondsKnown ? 0x80 : 0) | (clockFailure ? 0x40 : 0) | (clockNotSynchronized ? 0x20 : 0) | (accuracy & 0x1f)
}

/** The nearest millisecond. */
export function utcTimeToDate(time: UtcTime): Date {
  return new Date(time.seconds * 1000 + Math.round((time.fraction * 1000) / 0x100_0000))
}

/** Nanoseconds since 1970, to the nearest one: two times that differ on the wire differ here. */
export function utcTimeToNanoseconds(time: UtcTime): bigint {
  return BigInt(time.seconds) * NANOSECONDS + (BigInt(time.fraction) * NANOSECONDS + 0x80_0000n) / 0x100_0000n
}

/**
 * The UtcTime nearest to a moment; it gives the same milliseconds back.
 *
 * @param moment a Date, or nanoseconds since 1970
 * @throws UsageError MMS_TIME before 1970 or after 2106-02-07
 */
export function utcTimeOf(moment: Date | bigint, quality: TimeQuality = GOOD_TIME_QUALITY): UtcTime {
  const nanoseconds = typeof moment === 'bigint' ? moment : BigInt(whole(moment)) * 1_000_000n
  let seconds = nanoseconds / NANOSECONDS
  let fraction = ((nanoseconds % NANOSECONDS) * 0x100_0000n + NANOSECONDS / 2n) / NANOSECONDS
  if (fraction === 0x100_0000n) {
    seconds += 1n
    fraction = 0n
  }
  if (nanoseconds < 0n || seconds > 0xffff_ffffn) throw outside('1970-01-01 to 2106-02-07', moment)
  return { seconds: Number(seconds), fraction: Number(fraction), quality: qualityOctet(quality) }
}

/** @returns undefined without a date, and for a time of day past its end */
export function timeOfDayToDate(time: TimeOfDay): Date | undefined {
  if (time.days === undefined || time.milliseconds >= DAY) return undefined
  return new Date(TIME_OF_DAY_EPOCH + time.days * DAY + time.milliseconds)
}

/**
 * @param form `'date'`: 6 octets. `'time'`: 4 octets, time of day in UTC. @default 'date'
 * @throws UsageError MMS_TIME with a date before 1984 or after 2163-06-06
 */
export function timeOfDayOf(date: Date, form: 'date' | 'time' = 'date'): TimeOfDay {
  const since = whole(date) - TIME_OF_DAY_EPOCH
  const days = Math.floor(since / DAY)
  const milliseconds = since - days * DAY
  if (form === 'time') return { milliseconds }
  if (days < 0 || days > 0xffff) throw outside('1984-01-01 to 2163-06-06', date)
  return { milliseconds, days }
}

/** @returns undefined for local time, and for what is no time */
export function generalizedTimeToDate(text: string): Date | undefined {
  try {
    return dateOf(decode(GeneralizedTime, encode(GeneralizedTimeText, text)))
  } catch (error) {
    if (!(error instanceof DecodeError || error instanceof EncodeError)) throw error
    return undefined
  }
}

/** `YYYYMMDDHHMMSS.fffZ`. @throws UsageError MMS_TIME outside the years 0 to 9999 */
export function generalizedTimeText(date: Date): string {
  whole(date)
  const time = generalizedTimeOf(date)
  if (time.year < 0 || time.year > 9999) throw outside('years 0 to 9999', date)
  return decode(GeneralizedTimeText, encode(GeneralizedTime, time))
}

function whole(date: Date): number {
  const milliseconds = date.getTime()
  if (Number.isNaN(milliseconds)) throw outside('a valid date', 'an invalid one')
  return milliseconds
}

function outside(expected: string, found: Date | bigint | string): UsageError {
  const text = found instanceof Date ? found.toISOString() : String(found)
  return new UsageError('mms', 'MMS_TIME', `expected ${expected}, found ${text}`)
}
