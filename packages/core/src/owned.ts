/**
 * A copy that shares no octets with what it was taken from: for values that outlive the delivery they came in. All octets of the copy are
 * in one buffer; parts without octets are shared with whoever has them already.
 */
export function owned<T>(value: T): T {
  const length = octetsIn(value)
  return length === 0 ? value : copied(value, { buffer: new Uint8Array(length), filled: 0 })
}

function copied<T>(value: T, to: { readonly buffer: Uint8Array; filled: number }): T {
  if (value instanceof Uint8Array) {
    to.buffer.set(value, to.filled)
    to.filled += value.length
    return to.buffer.subarray(to.filled - value.length, to.filled) as T
  }
  if (octetsIn(value) === 0) return value
  if (Array.isArray(value)) return value.map(item => copied(item, to)) as T
  return Object.fromEntries(Object.entries(value as object).map(([key, member]) => [key, copied(member, to)])) as T
}

/** Errors and other objects with a prototype of their own are left alone. */
function octetsIn(value: unknown): number {
  if (value instanceof Uint8Array) return value.length
  if (typeof value !== 'object' || value === null) return 0
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return 0
  return Object.values(value).reduce((sum: number, member) => sum + octetsIn(member), 0)
}
