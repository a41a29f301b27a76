import { hex } from '@x/core'
import type { Data, TypeDescription, TypeSpecification } from '@x/mms'
import { bitsText, dataToJson, fromData, typeText } from '@x/mms'
import { floatJson, timeText } from './values.js'

/** A value as JSON text, indented. Octets are hex; whole numbers that a double cannot hold are text. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, replace, 2)
}

/** The same on one line. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value, replace)
}

function replace(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Uint8Array) return hex(value, '')
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  return value
}

/**
 * A value as JSON that a program expects: numbers, texts, lists, objects by component names; times as ISO 8601, octets as hex, bits as
 * text of 0 and 1. `mms write` takes the same. With `exact`, as `dataToJson` has it: nothing is lost.
 */
export function valueJson(data: Data, type: TypeDescription | undefined, exact = false): unknown {
  if (exact) return dataToJson(data)
  switch (data.type) {
    case 'array': {
      const element = type?.type === 'array' ? described(type.value.elementType) : undefined
      return data.value.map(value => valueJson(value, element))
    }
    case 'structure': {
      const components =
        type?.type === 'structure' && type.value.components.length === data.value.length ? type.value.components : undefined
      const parts = data.value.map((value, i) => valueJson(value, components && described(components[i]!.componentType)))
      const names = components?.map(component => component.componentName)
      if (names === undefined || new Set(names).size < names.length || names.includes(undefined)) return parts
      return Object.fromEntries(names.map((name, i) => [name, parts[i]]))
    }
    case 'floatingPoint':
      return floatJson(data)
    case 'octetString':
      return hex(data.value, '')
    case 'bitString':
      return bitsText(data.value)
    case 'binaryTime':
    case 'utcTime':
      return timeText(data)
    default:
      return fromData(data)
  }
}

/** A type as JSON: simple types as text, arrays as `{ array, of }`, structures as `{ structure: { name: type } }`. `--type` takes the same. */
export function typeJson(type: TypeDescription): unknown {
  switch (type.type) {
    case 'array':
      return { array: type.value.numberOfElements, of: specificationJson(type.value.elementType) }
    case 'structure': {
      const { components } = type.value
      const names = components.map(component => component.componentName)
      if (names.includes(undefined)) return { structure: components.map(component => specificationJson(component.componentType)) }
      return { structure: Object.fromEntries(components.map(one => [one.componentName, specificationJson(one.componentType)])) }
    }
    default:
      return typeText(type)
  }
}

function specificationJson(specification: TypeSpecification): unknown {
  return specification.type === 'typeDescription' ? typeJson(specification.value) : { named: specification.value }
}

function described(specification: TypeSpecification): TypeDescription | undefined {
  return specification.type === 'typeDescription' ? specification.value : undefined
}
