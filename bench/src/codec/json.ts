import { hex } from '@x/core'

/** The value with hex text in place of octets: JSON has none, and an array of numbers would only slow it down. */
export function jsonValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return hex(value, '')
  if (Array.isArray(value)) return value.map(jsonValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, jsonValue(inner)]))
}
