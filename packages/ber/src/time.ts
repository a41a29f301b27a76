import { unencodable } from './failure.js'
import { prependStringElement, readLatin1 } from './strings.js'
import { builtin, type Type } from './type.js'

/**
 * A GeneralizedTime (X.680, 42) with exactly what was written. The fields are the digits, also where they are no date that exists:
 * peers send month 0. `toDate` says whether it is one.
 */
export interface GeneralizedTime {
  /** 0 to 9999. */
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute?: number
  /** Only with a minute. */
  readonly second?: number
  /** Digits of the fraction of the smallest unit that is present: `'25'` behind a minute is 15 seconds. */
  readonly fraction?: string
  /** Minutes east of UTC; 0 is written as Z. Absent: local time of the sender. */
  readonly offset?: number
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

function digitsAt(text: string, at: number): number {
  let n = 0
  while (isDigit(text.charCodeAt(at + n))) n++
  return n
}

/** @returns undefined where the text is no GeneralizedTime */
export function parseGeneralizedTime(text: string): GeneralizedTime | undefined {
  const n = digitsAt(text, 0)
  if (n < 10 || n > 14 || n % 2) return undefined
  const two = (at: number): number => Number(text.slice(at, at + 2))
  const time: { -readonly [K in keyof GeneralizedTime]: GeneralizedTime[K] } = {
    year: Number(text.slice(0, 4)),
    month: two(4),
    day: two(6),
    hour: two(8),
  }
  if (n >= 12) time.minute = two(10)
  if (n === 14) time.second = two(12)
  let at = n
  if (text[at] === '.' || text[at] === ',') {
    const m = digitsAt(text, at + 1)
    if (m === 0) return undefined
    time.fraction = text.slice(at + 1, at + 1 + m)
    at += 1 + m
  }
  if (text[at] === 'Z') {
    time.offset = 0
    at++
  } else if (text[at] === '+' || text[at] === '-') {
    const m = digitsAt(text, at + 1)
    if (m !== 2 && m !== 4) return undefined
    const minutes = 60 * two(at + 1) + (m === 4 ? two(at + 3) : 0)
    time.offset = text[at] === '-' && minutes > 0 ? -minutes : minutes
    at += 1 + m
  }
  return at === text.length ? time : undefined
}

/** @throws EncodeError BER_TIME where a field has too many digits or one is missing between */
export function formatGeneralizedTime(time: GeneralizedTime): string {
  const part = (value: number, digits: number, what: string): string => {
    if (!Number.isInteger(value) || value < 0 || value >= 10 ** digits) throw unencodable('BER_TIME', `${what} of ${digits} digits`, value)
    return String(value).padStart(digits, '0')
  }
  if (typeof time !== 'object' || time === null) throw unencodable('BER_TIME', 'year, month, day and hour', time)
  let text = part(time.year, 4, 'a year') + part(time.month, 2, 'a month') + part(time.day, 2, 'a day') + part(time.hour, 2, 'an hour')
  if (time.minute !== undefined) text += part(time.minute, 2, 'a minute')
  if (time.second !== undefined) {
    if (time.minute === undefined) throw unencodable('BER_TIME', 'a minute before the second', time.minute)
    text += part(time.second, 2, 'a second')
  }
  if (time.fraction !== undefined) {
    if (typeof time.fraction !== 'string' || time.fraction === '' || digitsAt(time.fraction, 0) !== time.fraction.length) {
      throw unencodable('BER_TIME', 'digits of a fraction', time.fraction)
    }
    text += `.${time.fraction}`
  }
  if (time.offset === undefined) return text
  if (time.offset === 0) return `${text}Z`
  const minutes = Math.abs(time.offset)
  if (!Number.isInteger(minutes)) throw unencodable('BER_TIME', 'an offset in whole minutes', time.offset)
  return `${text}${time.offset < 0 ? '-' : '+'}${part(Math.floor(minutes / 60), 2, 'hours of offset')}${part(minutes % 60, 2, 'minutes of offset')}`
}

/** The moment, in whole milliseconds. @returns undefined for local time, and for a date or time of day that does not exist */
export function generalizedTimeToDate(time: GeneralizedTime): Date | undefined {
  const { year, month, day, hour, minute = 0, second = 0, offset } = time
  if (offset === undefined || hour > 23 || minute > 59 || second > 60) return undefined
  // Year 0 to 99 would be taken as 19xx by the constructor.
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  const unit = time.second !== undefined ? 1_000 : time.minute !== undefined ? 60_000 : 3_600_000
  const fraction = Math.floor((Number((time.fraction ?? '').slice(0, 9).padEnd(9, '0')) * unit) / 1e9)
  return new Date(date.getTime() + hour * 3_600_000 + minute * 60_000 + second * 1_000 + fraction - offset * 60_000)
}

/** A moment in UTC with milliseconds. Years 0 to 9999 have an encoding. */
export function generalizedTimeOf(date: Date): GeneralizedTime {
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    fraction: String(date.getUTCMilliseconds()).padStart(3, '0'),
    offset: 0,
  }
}

/** X.680, 42. TypeScript: a record of the fields. */
export const GeneralizedTime: Type<GeneralizedTime> = builtin(
  'GeneralizedTime',
  24,
  {
    get(reader, tag) {
      const at = reader.position
      const text = readLatin1(reader, tag, 24)
      const time = parseGeneralizedTime(text)
      if (time === undefined) throw reader.error('BER_TIME', `expected a GeneralizedTime, found ${JSON.stringify(text.slice(0, 40))}`, at)
      return time
    },
    put: (sdu, value, tag) => prependStringElement(sdu, formatGeneralizedTime(value), tag),
  },
  { constructed: true },
)
