/** Values kept to be found again. */
const KEPT = 64
/** Longest key; what is larger is nobody else's. */
const LONGEST = 2_048
const known = new Map<string, unknown>()

/**
 * The same value as one that was given here before, if one of the last had the same content: what peers of one kind say and agree on is then held
 * once, and not once for each connection. For values that nobody changes: plain objects, arrays, maps, sets, octets, and what has no members.
 */
export function shared<T>(value: T): T {
  const key = keyOf(value)
  if (key === undefined || key.length > LONGEST) return value
  const found = (known.get(key) as T | undefined) ?? value
  // The latest stands last.
  known.delete(key)
  known.set(key, found)
  if (known.size > KEPT) known.delete(known.keys().next().value!)
  return found
}

/** Undefined: it has, somewhere in it, what cannot be compared by its content. */
function keyOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : `${typeof value} ${String(value)}`
  if (value instanceof Uint8Array) return value.length > LONGEST ? undefined : `octets ${value.join()}`
  if (Array.isArray(value)) return listed('[', value)
  if (value instanceof Map) return listed('map', [...value].flat())
  if (value instanceof Set) return listed('set', [...value])
  if (Object.getPrototypeOf(value) !== Object.prototype) return undefined
  return listed('{', Object.entries(value).flat())
}

/** With lengths, so that no text can be taken for another's end. */
function listed(kind: string, members: readonly unknown[]): string | undefined {
  let text = `${kind}${members.length}`
  for (const member of members) {
    const key = keyOf(member)
    if (key === undefined) return undefined
    text += ` ${key.length}:${key}`
  }
  return text
}
