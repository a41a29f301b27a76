/** The fields of T, where every optional one may also be undefined. */
export type Loose<T> = { [K in keyof T]: {} extends Pick<T, K> ? T[K] | undefined : T[K] }

/** The object without the members that are undefined: absent is not the same as undefined here. */
export function defined<T extends object>(fields: Loose<T>): T {
  const value: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(fields)) if (member !== undefined) value[key] = member
  return value as T
}
