import type { Data } from '../asn1/data.js'
import type { TypeDescription } from '../asn1/variable-access.js'
import { descriptionOf, membersOf } from './select.js'

/** Whether a value is one of a type: kind, count, size and range. ISO 9506-1, 14.4. A size below 0 in the type means "up to". */
export function fits(type: TypeDescription, data: Data): boolean {
  switch (type.type) {
    case 'array': {
      const element = descriptionOf(type.value.elementType)
      if (data.type === 'booleanArray') return element?.type === 'boolean' && data.value.size === type.value.numberOfElements
      const items = membersOf(data)
      return (
        data.type === 'array' &&
        items.length === type.value.numberOfElements &&
        items.every(item => element !== undefined && fits(element, item))
      )
    }
    case 'structure': {
      const { components } = type.value
      const items = membersOf(data)
      if (data.type !== 'structure' || items.length !== components.length) return false
      return components.every(({ componentType }, i) => {
        const component = descriptionOf(componentType)
        return component !== undefined && fits(component, items[i]!)
      })
    }
    case 'bitString':
      return data.type === 'bitString' && hasSize(type.value, data.value.size)
    case 'integer':
      return data.type === 'integer' && within(data.value, -(2n ** BigInt(type.value - 1)), 2n ** BigInt(type.value - 1) - 1n)
    case 'unsigned':
      return data.type === 'unsigned' && within(data.value, 0n, 2n ** BigInt(type.value) - 1n)
    case 'floatingPoint':
      return (
        data.type === 'floatingPoint' &&
        data.value.formatWidth === type.value.formatWidth &&
        data.value.exponentWidth === type.value.exponentWidth
      )
    case 'octetString':
      return data.type === 'octetString' && hasSize(type.value, data.value.length)
    case 'visibleString':
    case 'mMSString':
      return data.type === type.type && hasSize(type.value, [...data.value].length)
    case 'binaryTime':
      return data.type === 'binaryTime' && (data.value.days !== undefined) === type.value
    case 'bcd':
      return data.type === 'bcd' && within(data.value, 0n, 10n ** BigInt(type.value) - 1n)
    default:
      return data.type === type.type
  }
}

function hasSize(size: number, found: number): boolean {
  return size < 0 ? found <= -size : found === size
}

function within(value: number | bigint, least: bigint, most: bigint): boolean {
  if (typeof value === 'number' && !Number.isInteger(value)) return false
  return value >= least && value <= most
}
