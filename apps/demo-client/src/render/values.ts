import type { Data, TypeDescription } from '@x/mms'
import { dataAccessErrors, printData } from '@x/mms'
import { safe, truncated } from './text.js'

/** The number with no more digits than its width can tell apart; what a number of JSON cannot tell as text. */
export function floatJson(data: Data & { readonly type: 'floatingPoint' }): number | string {
  const { value, octets } = data.value
  const text = printData(data)
  return octets === undefined && Number.isFinite(value) && !Object.is(value, -0) ? Number(text) : text
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
