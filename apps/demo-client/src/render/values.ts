import type { Data, TypeDescription } from '@x/mms'
import { dataAccessErrors, printData } from '@x/mms'
import { safe, truncated } from './text.js'

/** The number with no more digits than its width can tell apart; what a number cannot tell as text. */
export function floatNumber({ formatWidth, value }: { readonly formatWidth: number; readonly value: number }): number | string {
  if (Object.is(value, -0)) return '-0'
  if (!Number.isFinite(value)) return String(value)
  if (formatWidth !== 32) return value
  for (let digits = 6; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}

/** A time as ISO 8601, without what its quality says. */
export function timeText(data: Data & { readonly type: 'binaryTime' | 'utcTime' }): string {
  return printData(data.type === 'utcTime' ? { type: 'utcTime', value: { ...data.value, quality: data.value.quality & ~0x60 } } : data)
}

/** A value on one line, cut where it is longer than `columns`. */
export function valueLine(data: Data, type: TypeDescription | undefined, columns = Number.POSITIVE_INFINITY): string {
  return truncated(safe(printData(data, type === undefined ? {} : { type })), columns)
}

/** A DataAccessError for people, such as `object-access-denied (3)`. */
export function failureText(failure: string | number): string {
  if (typeof failure === 'number') return `error ${failure}`
  return `${failure} (${(dataAccessErrors as Readonly<Record<string, number>>)[failure] ?? '?'})`
}
