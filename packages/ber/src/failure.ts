import { DecodeError, EncodeError } from '@x/core'

/** Puts a name in front of a path: `a` before `b` is `a.b`, `a` before `[0]` is `a[0]`. */
export function joinPath(head: string, tail: string): string {
  if (head === '' || tail === '') return head + tail
  return tail.startsWith('[') ? head + tail : `${head}.${tail}`
}

/**
 * Adds one name to the path of an error on its way out of a constructed type. So the path costs nothing until something is
 * wrong. The error is ours and not yet seen by anyone, which is why it may be written to. Errors of other kinds pass unchanged.
 */
export function within(error: unknown, name: string): unknown {
  if (name !== '' && (error instanceof DecodeError || error instanceof EncodeError)) {
    ;(error as { path: string }).path = joinPath(name, error.path)
  }
  return error
}

/** Moves an error to where its octet stood before the octets were rewritten, in the message too. As `within`: nobody has seen it yet. */
export function movedTo(error: DecodeError, offset: number): DecodeError {
  const mark = `, at octet ${error.offset}`
  if (error.message.endsWith(mark)) error.message = `${error.message.slice(0, -mark.length)}, at octet ${offset}`
  ;(error as { offset: number }).offset = offset
  return error
}

/** This value has no encoding. @param found shown in the message, shortened */
export function unencodable(code: string, expected: string, found: unknown): EncodeError {
  return new EncodeError('ber', code, `expected ${expected}, found ${show(found)}`)
}

/** A value of any kind for a message, at most 60 characters. Never throws. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value)
  if (typeof value === 'bigint') return value > -(1n << 64n) && value < 1n << 64n ? `${value}` : 'a wide integer'
  if (typeof value === 'object' && value !== null) {
    if (value instanceof Uint8Array) return `${value.length} octets`
    return Array.isArray(value) ? `a list of ${value.length}` : 'an object'
  }
  return typeof value === 'function' || typeof value === 'symbol' ? `a ${typeof value}` : `${value}`
}
