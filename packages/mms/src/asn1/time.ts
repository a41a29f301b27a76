import { type BerReader, leaf, prependHeader, type Type } from '@x/ber'
import { EncodeError, type Sdu } from '@x/core'

/** ISO 9506-2, TimeOfDay: 4 octets, or 6 with the date. */
export interface TimeOfDay {
  /** Since midnight. A day has 86 400 000; more is kept as it came. */
  readonly milliseconds: number
  /** Since 1984-01-01; absent in the form of 4 octets. */
  readonly days?: number
}

/** IEC 61850-8-1, UtcTime: 8 octets. */
export interface UtcTime {
  /** Since 1970-01-01T00:00:00Z, without leap seconds, 0 to 2³²−1. */
  readonly seconds: number
  /** In 2⁻²⁴ s, 0 to 16 777 215. */
  readonly fraction: number
  /** The last octet as it is: leap seconds known 80, clock failure 40, not synchronized 20, accuracy in the low 5 bits. See `utcTimeQuality`. */
  readonly quality: number
}

/** Contents. @throws DecodeError MMS_TIME_OF_DAY */
export function readTimeOfDay(reader: BerReader): TimeOfDay {
  const { octets, position: at, end } = reader
  const size = end - at
  if (size !== 6 && size !== 4) throw reader.error('MMS_TIME_OF_DAY', `expected 4 or 6 octets for a TimeOfDay, found ${size}`)
  const milliseconds = ((octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!) >>> 0
  return size === 4 ? { milliseconds } : { milliseconds, days: (octets[at + 4]! << 8) | octets[at + 5]! }
}

/** Element. @throws EncodeError MMS_TIME_OF_DAY */
export function prependTimeOfDay(sdu: Sdu, value: TimeOfDay, tag: number): void {
  const { milliseconds, days } = value
  if (milliseconds >>> 0 !== milliseconds) throw unencodable('MMS_TIME_OF_DAY', 'milliseconds from 0 to 2³²−1', milliseconds)
  sdu.reserve(6)
  const buffer = sdu.buffer
  if (days !== undefined) {
    if ((days & 0xffff) !== days) throw unencodable('MMS_TIME_OF_DAY', 'days from 0 to 65 535', days)
    buffer[--sdu.start] = days
    buffer[--sdu.start] = days >>> 8
  }
  buffer[--sdu.start] = milliseconds
  buffer[--sdu.start] = milliseconds >>> 8
  buffer[--sdu.start] = milliseconds >>> 16
  buffer[--sdu.start] = milliseconds >>> 24
  prependHeader(sdu, tag, days === undefined ? 4 : 6)
}

/** Contents. @throws DecodeError MMS_UTC_TIME */
export function readUtcTime(reader: BerReader): UtcTime {
  const { octets, position, end } = reader
  if (end - position !== 8) throw reader.error('MMS_UTC_TIME', `expected 8 octets for a UtcTime, found ${end - position}`)
  return utcTimeAt(octets, position)
}

/** The 8 octets from `at` on; the caller has checked that they are there. */
export function utcTimeAt(octets: Uint8Array, at: number): UtcTime {
  return {
    seconds: ((octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!) >>> 0,
    fraction: (octets[at + 4]! << 16) | (octets[at + 5]! << 8) | octets[at + 6]!,
    quality: octets[at + 7]!,
  }
}

/** Element. @throws EncodeError MMS_UTC_TIME */
export function prependUtcTime(sdu: Sdu, value: UtcTime, tag: number): void {
  const { seconds, fraction, quality } = value
  if (seconds >>> 0 !== seconds) throw unencodable('MMS_UTC_TIME', 'seconds from 0 to 2³²−1', seconds)
  if ((fraction & 0xff_ffff) !== fraction) throw unencodable('MMS_UTC_TIME', 'a fraction from 0 to 2²⁴−1', fraction)
  if ((quality & 0xff) !== quality) throw unencodable('MMS_UTC_TIME', 'a quality octet', quality)
  sdu.reserve(10)
  const buffer = sdu.buffer
  const start = sdu.start - 10
  buffer[start] = tag
  buffer[start + 1] = 8
  buffer[start + 2] = seconds >>> 24
  buffer[start + 3] = seconds >>> 16
  buffer[start + 4] = seconds >>> 8
  buffer[start + 5] = seconds
  buffer[start + 6] = fraction >>> 16
  buffer[start + 7] = fraction >>> 8
  buffer[start + 8] = fraction
  buffer[start + 9] = quality
  sdu.start = start
}

function unencodable(code: string, expected: string, found: unknown): EncodeError {
  return new EncodeError('mms', code, `expected ${expected}, found ${String(found)}`)
}

/** ISO 9506-2, TimeOfDay. */
export const TimeOfDay: Type<TimeOfDay> = leaf<TimeOfDay>({ name: 'TimeOfDay', tags: [0x04], get: readTimeOfDay, put: prependTimeOfDay })

/** IEC 61850-8-1, UtcTime. */
export const UtcTime: Type<UtcTime> = leaf<UtcTime>({ name: 'UtcTime', tags: [0x04], get: readUtcTime, put: prependUtcTime })
