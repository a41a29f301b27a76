import type { Sdu } from '@x/core'
import { unencodable } from './failure.js'
import type { BerReader } from './reader.js'
import { builtin, type Type } from './type.js'
import { prependHeader } from './writer.js'

/** Contents of a BOOLEAN: every octet but 00 is true, as X.690, 8.2.2 has it; peers send 01. */
export function readBoolean(reader: BerReader): boolean {
  if (reader.end - reader.position !== 1) {
    throw reader.error('BER_BOOLEAN', `expected 1 octet for a BOOLEAN, found ${reader.end - reader.position}`)
  }
  return reader.octets[reader.position] !== 0
}

/** Contents of a BOOLEAN: ff or 00. @throws EncodeError BER_VALUE */
export function prependBoolean(sdu: Sdu, value: boolean): void {
  if (typeof value !== 'boolean') throw unencodable('BER_VALUE', 'a boolean', value)
  sdu.prependOctet(value ? 0xff : 0)
}

/** X.690, 8.2. TypeScript: `boolean`. */
export const BOOLEAN: Type<boolean> = builtin('BOOLEAN', 1, {
  get: readBoolean,
  put(sdu, value, tag) {
    prependBoolean(sdu, value)
    prependHeader(sdu, tag, 1)
  },
})

/** X.690, 8.8. TypeScript: `null`. */
export const NULL: Type<null> = builtin('NULL', 5, {
  get(reader) {
    if (reader.end !== reader.position) {
      throw reader.error('BER_NULL', `expected no octets for a NULL, found ${reader.end - reader.position}`)
    }
    return null
  },
  put(sdu, value, tag) {
    if (value !== null) throw unencodable('BER_VALUE', 'null', value)
    prependHeader(sdu, tag, 0)
  },
})
