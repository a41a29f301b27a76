import type { BitString, Integer } from '@x/ber'
import type { Data } from './asn1/data.js'
import type { TypeDescription } from './asn1/variable-access.js'
import { descriptionIn, typeText } from './value-types.js'

/** Where a value is not of a type. */
export interface Mismatch {
  /** Such as `.mag.f` or `(3).q`; '' is the whole value. */
  readonly path: string
  readonly expected: string
  readonly found: string
}

/**
 * Holds a value against a type: kinds, counts, sizes and ranges. ISO 9506-1, 14.3; a write that does not fit is answered with
 * DataAccessError type-inconsistent.
 *
 * @returns the first thing that does not fit; undefined: it fits
 * @throws UsageError MMS_TYPE_NAME where a part of the type is only named
 */
export function mismatchOf(data: Data, type: TypeDescription, path = ''): Mismatch | undefined {
  const found = fault(data, type, path)
  return typeof found === 'string' ? { path, expected: typeText(type), found } : found
}

/** What is there instead, or what is wrong further down. */
function fault(data: Data, type: TypeDescription, path: string): string | Mismatch | undefined {
  switch (type.type) {
    case 'array': {
      const element = descriptionIn(type.value.elementType)
      const count = type.value.numberOfElements
      // An array of boolean may come as bits.
      if (data.type === 'booleanArray' && element.type === 'boolean') {
        return data.value.size === count ? undefined : `${data.value.size} elements`
      }
      if (data.type !== 'array') return kindOf(data)
      if (data.value.length !== count) return `${data.value.length} elements`
      return first(data.value, (value, i) => mismatchOf(value, element, `${path}(${i})`))
    }
    case 'structure': {
      const { components } = type.value
      if (data.type !== 'structure') return kindOf(data)
      if (data.value.length !== components.length) return `${data.value.length} components`
      return first(data.value, (value, i) => {
        const { componentName, componentType } = components[i]!
        return mismatchOf(value, descriptionIn(componentType), `${path}.${componentName ?? i}`)
      })
    }
    case 'bitString':
      if (data.type !== 'bitString') return kindOf(data)
      return sizeFault(data.value.size, type.value, 'bits')
    case 'integer':
      if (data.type !== 'integer') return kindOf(data)
      return fitsSigned(data.value, type.value) ? undefined : `${data.value}`
    case 'unsigned':
      if (data.type !== 'unsigned') return kindOf(data)
      return fitsUnsigned(data.value, type.value) ? undefined : `${data.value}`
    case 'floatingPoint': {
      if (data.type !== 'floatingPoint') return kindOf(data)
      const { formatWidth, exponentWidth } = data.value
      const fits = formatWidth === type.value.formatWidth && exponentWidth === type.value.exponentWidth
      return fits ? undefined : `floating-point ${formatWidth} with an exponent of ${exponentWidth}`
    }
    case 'octetString':
      if (data.type !== 'octetString') return kindOf(data)
      return sizeFault(data.value.length, type.value, 'octets')
    case 'visibleString':
      if (data.type !== 'visibleString') return kindOf(data)
      return sizeFault(data.value.length, type.value, 'octets')
    case 'mMSString':
      if (data.type !== 'mMSString') return kindOf(data)
      return sizeFault([...data.value].length, type.value, 'characters')
    case 'binaryTime':
      if (data.type !== 'binaryTime') return kindOf(data)
      return (data.value.days !== undefined) === type.value ? undefined : `binary-time ${type.value ? 'without' : 'with'} date`
    case 'bcd':
      if (data.type !== 'bcd') return kindOf(data)
      return data.value >= 0 && String(data.value).length <= type.value ? undefined : `${data.value}`
    case 'boolean':
    case 'generalizedTime':
    case 'objId':
    case 'utcTime':
      return data.type === type.type ? undefined : kindOf(data)
    default:
      return type satisfies never
  }
}

function first<T>(values: readonly T[], check: (value: T, index: number) => Mismatch | undefined): Mismatch | undefined {
  for (let i = 0; i < values.length; i++) {
    const mismatch = check(values[i]!, i)
    if (mismatch) return mismatch
  }
  return undefined
}

/** The kind of a value, as the standard spells it. */
function kindOf(data: Data): string {
  return KINDS[data.type] ?? data.type
}

const KINDS: Partial<Record<Data['type'], string>> = {
  bitString: 'bit-string',
  floatingPoint: 'floating-point',
  octetString: 'octet-string',
  visibleString: 'visible-string',
  generalizedTime: 'generalized-time',
  binaryTime: 'binary-time',
  utcTime: 'utc-time',
}

/** @param wanted exactly so many, or, negative, at most */
function sizeFault(size: number, wanted: number, unit: string): string | undefined {
  return (wanted < 0 ? size <= -wanted : size === wanted) ? undefined : `${size} ${unit}`
}

export function fitsSigned(value: Integer, bits: number): boolean {
  return typeof value === 'number' && bits >= 54 ? true : BigInt.asIntN(bits, BigInt(value)) === BigInt(value)
}

export function fitsUnsigned(value: Integer, bits: number): boolean {
  return value >= 0 && BigInt.asUintN(bits, BigInt(value)) === BigInt(value)
}

/** The bits as text, bit 0 first. */
export function bitsText(value: BitString): string {
  let text = ''
  for (let i = 0; i < value.size; i++) text += value.octets[i >> 3]! & (0x80 >> (i & 7)) ? '1' : '0'
  return text
}
