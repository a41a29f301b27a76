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
  const ranges: number[] = []
  gather(reader, universal, ranges)
  return join(reader.octets, ranges, 0)
}

/**
 * BIT STRING: each segment begins with its count of unused bits, which only the last may have. X.690, 8.6.4.
 *
 * @returns contents as of the primitive form: one octet that counts, then the bits
 */
export function joinBitSegments(reader: BerReader): Uint8Array {
  const ranges: number[] = []
  gather(reader, 3, ranges)
  let unused = 0
  for (let i = 0; i < ranges.length; i += 2) {
    const at = ranges[i]!
    if (unused > 0) throw reader.error('BER_BITS', 'expected unused bits only in the last segment of a BIT STRING, found them before', at)
    if (at === ranges[i + 1]) throw reader.error('BER_EMPTY', 'expected an octet that counts unused bits, found none', at)
    unused = reader.octets[at]!
    ranges[i] = at + 1
  }
  const joined = join(reader.octets, ranges, 1)
  joined[0] = unused
  return joined
}

/** Collects where the contents of the segments begin and end, one after the other. */
function gather(reader: BerReader, universal: number, ranges: number[]): void {
  const end = reader.end
  reader.enter()
  while (reader.position < end) {
    const tag = reader.header(end)
    const next = reader.end
    const primitive = tag & ~CONSTRUCTED
    if (primitive !== universal && (primitive !== 4 || universal === 3)) {
      throw reader.error('BER_SEGMENT', `expected a segment of the string, found ${tagTextWithForm(tag)}`, reader.start)
    }
    if (tag & CONSTRUCTED) gather(reader, universal, ranges)
    else ranges.push(reader.position, next)
    reader.position = next
  }
  reader.leave()
}

/** @param room octets left free in front */
function join(octets: Uint8Array, ranges: readonly number[], room: number): Uint8Array {
  let length = room
  for (let i = 0; i < ranges.length; i += 2) length += ranges[i + 1]! - ranges[i]!
  const joined = new Uint8Array(length)
  let at = room
  for (let i = 0; i < ranges.length; i += 2) {
    for (let from = ranges[i]!; from < ranges[i + 1]!; from++) joined[at++] = octets[from]!
  }
  return joined
}

/** Contents of a string type as a view, joined where the tag says constructed. */
export function stringContents(reader: BerReader, tag: number, universal: number): Uint8Array {
  return tag & CONSTRUCTED ? joinSegments(reader, universal) : viewOf(reader.octets, reader.position, reader.end)
}

/** The same, owned. */
export function ownedContents(reader: BerReader, tag: number, universal: number): Uint8Array {
  return tag & CONSTRUCTED ? joinSegments(reader, universal) : copyOf(reader.octets, reader.position, reader.end)
}
