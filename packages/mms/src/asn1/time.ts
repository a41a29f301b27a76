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
  if (!inside(milliseconds, 0xffff_ffff)) throw unencodable('MMS_TIME_OF_DAY', 'milliseconds from 0 to 2³²−1', milliseconds)
  sdu.reserve(6)
  const buffer = sdu.buffer
  if (days !== undefined) {
    if (!inside(days, 0xffff)) throw unencodable('MMS_TIME_OF_DAY', 'days from 0 to 65 535', days)
    buffer[--sdu.start] = days
    buffer[--sdu.start] = days >>> 8
  }
  prependUint32(sdu, milliseconds)
  prependHeader(sdu, tag, days === undefined ? 4 : 6)
}

/** Contents. @throws DecodeError MMS_UTC_TIME */
export function readUtcTime(reader: BerReader): UtcTime {
  const { octets, position: at, end } = reader
  if (end - at !== 8) throw reader.error('MMS_UTC_TIME', `expected 8 octets for a UtcTime, found ${end - at}`)
  return {
    seconds: ((octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!) >>> 0,
    fraction: (octets[at + 4]! << 16) | (octets[at + 5]! << 8) | octets[at + 6]!,
    quality: octets[at + 7]!,
  }
}

/** Element. @throws EncodeError MMS_UTC_TIME */
export function prependUtcTime(sdu: Sdu, value: UtcTime, tag: number): void {
  const { seconds, fraction, quality } = value
  if (!inside(seconds, 0xffff_ffff)) throw unencodable('MMS_UTC_TIME', 'seconds from 0 to 2³²−1', seconds)
  if (!inside(fraction, 0xff_ffff)) throw unencodable('MMS_UTC_TIME', 'a fraction from 0 to 2²⁴−1', fraction)
  if (!inside(quality, 0xff)) throw unencodable('MMS_UTC_TIME', 'a quality octet', quality)
  sdu.reserve(8)
  const buffer = sdu.buffer
  buffer[--sdu.start] = quality
  buffer[--sdu.start] = fraction
  buffer[--sdu.start] = fraction >>> 8
  buffer[--sdu.start] = fraction >>> 16
  prependUint32(sdu, seconds)
  prependHeader(sdu, tag, 8)
}

/** Room for 4 octets must be reserved. */
function prependUint32(sdu: Sdu, value: number): void {
  const buffer = sdu.buffer
  buffer[--sdu.start] = value
  buffer[--sdu.start] = value >>> 8
  buffer[--sdu.start] = value >>> 16
  buffer[--sdu.start] = value >>> 24
}

function inside(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most
}

function unencodable(code: string, expected: string, found: unknown): EncodeError {
  return new EncodeError('mms', code, `expected ${expected}, found ${String(found)}`)
}

/** ISO 9506-2, TimeOfDay. */
export const TimeOfDay: Type<TimeOfDay> = leaf<TimeOfDay>({ name: 'TimeOfDay', tags: [0x04], get: readTimeOfDay, put: prependTimeOfDay })

/** IEC 61850-8-1, UtcTime. */
export const UtcTime: Type<UtcTime> = leaf<UtcTime>({ name: 'UtcTime', tags: [0x04], get: readUtcTime, put: prependUtcTime })
