import { hex } from '@x/core'
import type { Data } from './asn1/data.js'
import type { FloatingPoint } from './asn1/floating-point.js'
import type { TimeOfDay, UtcTime } from './asn1/time.js'
import type { TypeDescription } from './asn1/variable-access.js'
import { timeOfDayToDate, utcTimeQuality, utcTimeToNanoseconds } from './times.js'
import { bitsText } from './value-check.js'
import { descriptionIn } from './value-types.js'

export interface PrintOptions {
  /** Gives names to the components of structures. */
  readonly type?: TypeDescription
  /** `'line'`: all on one line. `'lines'`: a line for each element of a structured value. @default 'line' */
  readonly form?: 'line' | 'lines'
}

/**
 * A value for people: `{ mag: 230.5, q: 0000000000000, t: 2024-01-31T12:30:00.25Z }`. Control characters come out as `·`, so that no
 * value can steer a terminal.
 */
export function printData(data: Data, options: PrintOptions = {}): string {
  return text(data, options.type, options.form === 'lines' ? '\n' : undefined)
}

/** @param line what begins a line: a line feed and the indent; undefined: all on one line */
function text(data: Data, type: TypeDescription | undefined, line: string | undefined): string {
  switch (data.type) {
    case 'array': {
      const element = type?.type === 'array' && type.value.elementType.type === 'typeDescription' ? type.value.elementType.value : undefined
      return group('[', ']', data.value, line, (value, inner) => text(value, element, inner))
    }
    case 'structure': {
      const components = type?.type === 'structure' ? type.value.components : []
      return group('{', '}', data.value, line, (value, inner, i) => {
        const component = components[i]
        const name = component?.componentName === undefined ? '' : `${component.componentName}: `
        const own = component?.componentType.type === 'typeDescription' ? descriptionIn(component.componentType) : undefined
        return name + text(value, own, inner)
      })
    }
    case 'bitString':
    case 'booleanArray':
      return bitsText(data.value) || 'no bits'
    case 'floatingPoint':
      return floatText(data.value)
    case 'octetString':
      return data.value.length === 0 ? 'no octets' : hex(data.value)
    case 'visibleString':
    case 'mMSString':
      return quoted(data.value)
    case 'generalizedTime':
      return quoted(data.value).slice(1, -1)
    case 'binaryTime':
      return timeOfDayText(data.value)
    case 'utcTime':
      return utcTimeText(data.value)
    default:
      return `${data.value}`
  }
}

function group(
  open: string,
  close: string,
  values: readonly Data[],
  line: string | undefined,
  print: (value: Data, line: string | undefined, index: number) => string,
): string {
  if (values.length === 0) return `${open}${close}`
  if (line === undefined) return `${open} ${values.map((value, i) => print(value, undefined, i)).join(', ')} ${close}`
  const inner = `${line}  `
  return `${open}${values.map((value, i) => `${inner}${print(value, inner, i)}`).join('')}${line}${close}`
}

/** What a number cannot tell as octets; of 32 bits the shortest decimal that gives them back. */
export function floatText({ formatWidth, value, octets }: FloatingPoint): string {
  if (octets !== undefined) return `${hex(octets)} (${formatWidth} bits)`
  if (Object.is(value, -0)) return '-0'
  if (formatWidth !== 32 || !Number.isFinite(value)) return `${value}`
  for (let digits = 6; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return `${short}`
  }
  return `${value}`
}

/** `2024-01-31T12:30:00.25Z`, with what the quality says where it is not good. Digits as many as the fraction gives. */
export function utcTimeText(time: UtcTime): string {
  const { clockFailure, clockNotSynchronized } = utcTimeQuality(time)
  // 24 bits of fraction are 60 ns: more digits would say nothing, and rounding to them gives a decimal fraction back as it was.
  const hundreds = (utcTimeToNanoseconds(time) + 50n) / 100n
  const seconds = new Date(Number(hundreds / 10_000_000n) * 1000).toISOString().slice(0, 19)
  const digits = (hundreds % 10_000_000n).toString().padStart(7, '0')
  let end = digits.length
  while (end > 0 && digits[end - 1] === '0') end--
  const faults = [clockFailure && 'clock failure', clockNotSynchronized && 'not synchronized'].filter(Boolean).join(', ')
  return `${seconds}${end > 0 ? `.${digits.slice(0, end)}` : ''}Z${faults && ` (${faults})`}`
}

/** Date and time, or the time of day alone; a time that does not exist as its numbers. */
export function timeOfDayText(time: TimeOfDay): string {
  const date = timeOfDayToDate(time)
  if (date) return date.toISOString()
  if (time.milliseconds >= 86_400_000) return `${time.milliseconds} ms${time.days === undefined ? '' : ` of day ${time.days} since 1984`}`
  return new Date(time.milliseconds).toISOString().slice(11, 23)
}

function quoted(value: string): string {
  let safe = ''
  for (const character of value) {
    const code = character.codePointAt(0)!
    const control = code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029 || (code >= 0xd800 && code < 0xe000)
    safe += control ? '·' : character
  }
  return `"${safe}"`
}
