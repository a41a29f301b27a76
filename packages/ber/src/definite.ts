import { type DecodeError, Sdu } from '@x/core'
import { CONSTRUCTED } from './identifier.js'
import { BerReader, type DecodeOptions, INDEFINITE } from './reader.js'
import { prependHeader } from './writer.js'

/** The first element of some octets, with definite lengths only. */
export interface Definite {
  readonly octets: Uint8Array
  /** First octet behind the element in the octets received. */
  readonly end: number
  /** Where an octet of `octets` stood in the octets received; for the octets of a length that was rewritten: its header. */
  readonly origin: (offset: number) => number
}

/** An element that must be rewritten: it, or one inside it, has an indefinite length. */
interface Element {
  readonly tag: number
  readonly start: number
  readonly contents: number
  /** First octet behind the contents, before end-of-contents octets. */
  contentsEnd: number
  /** First octet behind the element. */
  end: number
  readonly parts: Element[]
}

/**
 * Rewrites the indefinite lengths of the first element in `octets` (X.690, 8.1.3.6) to definite ones. One pass forward to find
 * the ends, one pass backward to write; both linear, whatever the nesting.
 *
 * @throws DecodeError BER_DEPTH, BER_ELEMENTS, BER_EOC, BER_LENGTH, BER_TRUNCATED_TAG, BER_TRUNCATED_LENGTH
 */
export function definite(octets: Uint8Array, options?: DecodeOptions): Definite {
  const reader = new BerReader(octets, options)
  const root = scan(reader, octets.length)
  if (!root) {
    const end = reader.position
    return { octets: octets.subarray(0, end), end, origin: offset => offset }
  }
  const sdu = new Sdu(octets.length + 64)
  // Pairs (octets behind this point in the new octets, the point in the old ones), from the last to the first.
  const marks: [number, number][] = []
  write(octets, root, sdu, marks)
  const rewritten = sdu.octets()
  return {
    octets: rewritten,
    end: root.end,
    origin: offset => {
      for (let i = marks.length - 1; i >= 0; i--) {
        const begin = rewritten.length - marks[i]![0]
        const next = i > 0 ? rewritten.length - marks[i - 1]![0] : rewritten.length + 1
        if (offset < next) return Math.min(marks[i]![1] + offset - begin, root.end)
      }
      return root.end
    },
  }
}

/** Reads the element at `reader.position`. @returns it where it must be rewritten */
function scan(reader: BerReader, limit: number): Element | undefined {
  const start = reader.position
  const tag = reader.headerOfAnyForm(limit)
  const indefinite = reader.end === INDEFINITE
  const contents = reader.position
  const contentsLimit = indefinite ? limit : reader.end
  if (tag === 0) throw endOfContents(reader, start)
  if (!(tag & CONSTRUCTED)) {
    reader.position = contentsLimit
    return undefined
  }
  reader.enter()
  const parts: Element[] = []
  let contentsEnd = contentsLimit
  for (;;) {
    if (reader.position === contentsLimit) {
      if (indefinite) throw reader.error('BER_EOC', 'expected end-of-contents octets, found the end')
      break
    }
    if (indefinite && reader.octets[reader.position] === 0) {
      if (reader.position + 1 === contentsLimit)
        throw reader.error('BER_TRUNCATED_LENGTH', 'expected end-of-contents octets, found the end')
      if (reader.octets[reader.position + 1] !== 0) throw endOfContents(reader, reader.position)
      contentsEnd = reader.position
      reader.position += 2
      break
    }
    if (skipShort(reader, contentsLimit)) continue
    const part = scan(reader, contentsLimit)
    if (part) parts.push(part)
  }
  reader.leave()
  return indefinite || parts.length > 0 ? { tag, start, contents, contentsEnd, end: reader.position, parts } : undefined
}

/** Moves over a primitive element in short form, by far the most frequent. */
function skipShort(reader: BerReader, limit: number): boolean {
  const { octets, position } = reader
  const tag = octets[position]!
  const next = position + 2 + octets[position + 1]!
  if (tag === 0 || tag & CONSTRUCTED || (tag & 0x1f) === 0x1f || octets[position + 1]! >= 0x80 || !(next <= limit)) return false
  if (reader.elements <= 0) return false
  reader.elements--
  reader.position = next
  return true
}

function endOfContents(reader: BerReader, offset: number): DecodeError {
  return reader.error('BER_EOC', 'expected end-of-contents octets 00 00 only at the end of an indefinite length', offset)
}

function write(octets: Uint8Array, element: Element, sdu: Sdu, marks: [number, number][]): void {
  const before = sdu.length
  let at = element.contentsEnd
  for (let i = element.parts.length - 1; i >= 0; i--) {
    const part = element.parts[i]!
    copy(part.end, at)
    write(octets, part, sdu, marks)
    at = part.start
  }
  copy(element.contents, at)
  prependHeader(sdu, element.tag, sdu.length - before)
  marks.push([sdu.length, element.start])

  function copy(from: number, to: number): void {
    if (from === to) return
    sdu.prepend(octets.subarray(from, to))
    marks.push([sdu.length, from])
  }
}
