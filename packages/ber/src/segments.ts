import { CONSTRUCTED, tagTextWithForm } from './identifier.js'
import { type BerReader, copyOf, viewOf } from './reader.js'

/**
 * The constructed form of a string type (X.690, 8.6.4, 8.7.3, 8.21): the contents are elements whose contents, joined, are the
 * string. They may be constructed in turn. The input bounds their sum, the depth limit their nesting.
 *
 * @param universal tag number of the string type; segments carry it or, for character strings, that of OCTET STRING
 * @returns the contents in one piece, owned
 */
export function joinSegments(reader: BerReader, universal: number): Uint8Array {
  const pieces: Uint8Array[] = []
  gather(reader, universal, piece => pieces.push(piece))
  return join(pieces)
}

/** BIT STRING: each segment begins with its count of unused bits, which only the last may have. X.690, 8.6.4. */
export function joinBitSegments(reader: BerReader): Uint8Array {
  const pieces: Uint8Array[] = []
  const contents: Uint8Array[] = [new Uint8Array(1)]
  gather(reader, 3, (piece, offset) => {
    if (pieces.length > 0 && pieces.at(-1)![0]! > 0) {
      throw reader.error('BER_BITS', 'expected unused bits only in the last segment of a BIT STRING, found them before', offset)
    }
    if (piece.length === 0) throw reader.error('BER_EMPTY', 'expected an octet that counts unused bits, found none', offset)
    pieces.push(piece)
    contents.push(piece.subarray(1))
  })
  const joined = join(contents)
  joined[0] = pieces.at(-1)?.[0] ?? 0
  return joined
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const piece of pieces) length += piece.length
  const joined = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    joined.set(piece, at)
    at += piece.length
  }
  return joined
}

function gather(reader: BerReader, universal: number, take: (piece: Uint8Array, offset: number) => void): void {
  const end = reader.end
  reader.enter()
  while (reader.position < end) {
    const at = reader.position
    const tag = reader.header(end)
    const next = reader.end
    const low = tag & ~CONSTRUCTED
    if (low !== universal && (low !== 4 || universal === 3)) {
      throw reader.error('BER_SEGMENT', `expected a segment of the string, found ${tagTextWithForm(tag)}`, at)
    }
    if (tag & CONSTRUCTED) gather(reader, universal, take)
    else take(viewOf(reader.octets, reader.position, next), reader.position)
    reader.position = next
  }
  reader.leave()
}

/** Contents of a string type as a view, joined where the tag says constructed. */
export function stringContents(reader: BerReader, tag: number, universal: number): Uint8Array {
  return tag & CONSTRUCTED ? joinSegments(reader, universal) : viewOf(reader.octets, reader.position, reader.end)
}

/** The same, owned. */
export function ownedContents(reader: BerReader, tag: number, universal: number): Uint8Array {
  return tag & CONSTRUCTED ? joinSegments(reader, universal) : copyOf(reader.octets, reader.position, reader.end)
}
