/** The fields of T, where every optional one may also be undefined. */
export type Loose<T> = { [K in keyof T]: {} extends Pick<T, K> ? T[K] | undefined : T[K] }

/** The object without the members that are undefined: absent is not the same as undefined here. */
export function defined<T extends object>(fields: Loose<T>): T {
  const value: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(fields)) if (member !== undefined) value[key] = member
  return value as T
}

/**
 * A copy that shares no octets with what it was taken from: for values that outlive the delivery they came in. Parts without octets are
 * shared with whoever has them already.
 */
export function owned<T>(value: T): T {
  if (value instanceof Uint8Array) return Uint8Array.from(value) as T
  if (Array.isArray(value)) {
    const copy = value.map(owned)
    return copy.every((item, i) => item === value[i]) ? value : (copy as T)
  }
  // Errors and other objects with a prototype of their own are kept as they are.
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  const members = Object.entries(value).map(([key, member]) => ({ key, member, kept: owned(member) }))
  if (members.every(({ member, kept }) => member === kept)) return value
  return Object.fromEntries(members.map(({ key, kept }) => [key, kept])) as T
}
