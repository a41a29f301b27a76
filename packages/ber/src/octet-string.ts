import type { Sdu } from '@x/core'
import { unencodable } from './failure.js'
import type { BerReader } from './reader.js'
import { ownedContents, stringContents } from './segments.js'
import { builtin, type Type } from './type.js'
import { prependHeader, prependOctets } from './writer.js'

/** Contents of an OCTET STRING, copied. @param tag tells whether it is in segments */
export function readOctets(reader: BerReader, tag: number): Uint8Array {
  return ownedContents(reader, tag, 4)
}

/** Contents of an OCTET STRING as a view of the input; in segments: joined. */
export function readOctetsView(reader: BerReader, tag: number): Uint8Array {
  return stringContents(reader, tag, 4)
}

/** The element of an OCTET STRING. */
export function prependOctetsElement(sdu: Sdu, value: Uint8Array, tag: number): void {
  if (!(value instanceof Uint8Array)) throw unencodable('BER_VALUE', 'a Uint8Array', value)
  prependOctets(sdu, value)
  prependHeader(sdu, tag, value.length)
}

const OPTIONS = { json: 'octets', constructed: true } as const

/** X.690, 8.7. TypeScript: `Uint8Array`, owned. */
export const OCTET_STRING: Type<Uint8Array> = builtin('OCTET STRING', 4, { get: readOctets, put: prependOctetsElement }, OPTIONS)

/** OCTET STRING decoded to a view of the input: for user data on its way to the next layer. Whoever keeps it copies it. */
export const OCTET_STRING_VIEW: Type<Uint8Array> = builtin('OCTET STRING', 4, { get: readOctetsView, put: prependOctetsElement }, OPTIONS)
