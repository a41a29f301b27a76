import { DecodeError, type Layer } from '@x/core'
import { CONSTRUCTED } from './identifier.js'

/** Limits of one decoding. The defaults are those of the stack's limits table. */
export interface DecodeOptions {
  /** Deepest nesting of constructed elements. @default 32 */
  readonly depth?: number
  /** Most elements, counted over the whole value. @default 16_384 */
  readonly elements?: number
  /** Longest input, in octets. @default 16_777_216 */
  readonly length?: number
  /** Refuses what BER does not allow but devices send: redundant leading octets of an INTEGER. @default false */
  readonly strict?: boolean
  /** Named in errors; their codes begin with `BER_` whatever the layer. @default 'ber' */
  readonly layer?: Layer
}

/** Of `DecodeOptions.depth`. */
export const DEFAULT_DEPTH = 32
/** Of `DecodeOptions.elements`. */
export const DEFAULT_ELEMENTS = 16_384
/** Of `DecodeOptions.length`, in octets. */
export const DEFAULT_LENGTH = 16_777_216

/** `BerReader.end` behind the header of an indefinite length. */
export const INDEFINITE = -1

/**
 * Reads BER elements one after the other; every bound is checked here. X.690, 8.1.
 *
 * A hand-written node (`leaf`) gets a reader that has just read a header: `start` is its first octet, `position`
 * the first octet of the contents, `end` the first octet behind them, and the tag is passed beside it. To read the elements inside:
 *
 * ```ts
 * const end = reader.end                    // keep it: the next header() overwrites reader.end
 * while (reader.position < end) {
 *   const tag = reader.header(end)          // now position and end are those of the inner element
 *   const next = reader.end
 *   …read the contents…
 *   reader.position = next                  // whoever reads contents need not move the position
 * }
 * ```
 *
 * Indefinite lengths never reach a node: `header` throws `BER_INDEFINITE`, and `decode` then rewrites the octets to definite
 * lengths, once, and begins again. Code that uses a reader of its own does the same with `definite()`.
 */
export class BerReader {
  readonly octets: Uint8Array
  readonly layer: Layer
  readonly strict: boolean
  /** The next octet to be read. */
  position = 0
  /** First octet of the element whose header was read last. */
  start = 0
  /** First octet behind the contents of the element whose header was read last. */
  end = 0
  /** Constructed elements that may still be entered. Take one on the way in, give it back on the way out. */
  depth: number
  /** Elements that may still be read. */
  elements: number

  constructor(octets: Uint8Array, options?: DecodeOptions) {
    this.octets = octets
    this.layer = options?.layer ?? 'ber'
    this.strict = options?.strict ?? false
    this.depth = options?.depth ?? DEFAULT_DEPTH
    this.elements = options?.elements ?? DEFAULT_ELEMENTS
  }

  /**
   * Reads identifier and length octets; `position` is then at the contents and `end` behind them.
   *
   * @param limit first octet that does not belong to the parent
   * @returns the tag, see identifier.ts
   * @throws DecodeError BER_TRUNCATED_TAG, BER_TAG_FORM, BER_TRUNCATED_LENGTH, BER_LENGTH, BER_ELEMENTS, BER_INDEFINITE
   */
  header(limit: number): number {
    const octets = this.octets
    const at = this.position
    if (at + 1 < limit && --this.elements >= 0) {
      const tag = octets[at]!
      const length = octets[at + 1]!
      const end = at + 2 + length
      if ((tag & 0x1f) !== 0x1f && length < 0x80 && end <= limit) {
        this.start = at
        this.position = at + 2
        this.end = end
        return tag
      }
      this.elements++
    }
    const tag = this.headerOfAnyForm(limit)
    if (this.end === INDEFINITE) {
      this.position = this.start
      throw this.error('BER_INDEFINITE', 'expected a definite length, found an indefinite one')
    }
    return tag
  }

  /**
   * As `header`, for callers who find the end of an indefinite length themselves: `end` is then `INDEFINITE`. Here are high tag
   * numbers, long lengths, and everything that is wrong.
   */
  headerOfAnyForm(limit: number): number {
    const octets = this.octets
    const start = this.position
    let at = start
    if (at >= limit) throw this.error('BER_TRUNCATED_TAG', 'expected an identifier octet, found the end')
    if (--this.elements < 0) throw this.error('BER_ELEMENTS', 'expected no more elements than the limit, found one more')
    let tag = octets[at++]!
    if ((tag & 0x1f) === 0x1f) {
      let number = 0
      for (let n = 0; ; n++) {
        if (at >= limit) throw this.error('BER_TRUNCATED_TAG', 'expected more octets of a high tag number, found the end', start)
        const octet = octets[at++]!
        if (n === 0 && octet === 0x80)
          throw this.error('BER_TAG_FORM', 'expected a tag number without leading zeros, found octet 80', start)
        if (n === 4) throw this.error('BER_TAG_FORM', 'expected a tag number of at most 4 octets, found more', start)
        number = number * 128 + (octet & 0x7f)
        if (octet < 0x80) break
      }
      if (number < 31) throw this.error('BER_TAG_FORM', `expected the one-octet form for tag number ${number}, found the long form`, start)
      tag += number * 256
    }
    const lengthAt = at
    if (at >= limit) throw this.error('BER_TRUNCATED_LENGTH', 'expected a length octet, found the end', lengthAt)
    let length = octets[at++]!
    if (length >= 0x80) {
      const n = length & 0x7f
      if (n === 0) {
        if (!(tag & CONSTRUCTED)) throw this.error('BER_LENGTH', 'expected a definite length for a primitive element, found 80', lengthAt)
        this.start = start
        this.position = at
        this.end = INDEFINITE
        return tag
      }
      if (n > 8)
        throw this.error('BER_LENGTH', `expected at most 8 octets of length, found ${n === 0x7f ? 'the reserved ff' : n}`, lengthAt)
      if (at + n > limit) throw this.error('BER_TRUNCATED_LENGTH', `expected ${n} more octets of length, found ${limit - at}`, lengthAt)
      length = 0
      for (let i = 0; i < n; i++) length = length * 256 + octets[at++]!
    }
    if (length > limit - at) {
      throw this.error('BER_LENGTH', `expected a length within the ${limit - at} octets that are left, found ${length}`, lengthAt)
    }
    this.start = start
    this.position = at
    this.end = at + length
    return tag
  }

  /** How many elements there are from here to `limit`, at least; exactly where their headers are in the short form. */
  count(limit: number): number {
    const octets = this.octets
    let count = 0
    for (let at = this.position; at + 1 < limit; count++) {
      const length = octets[at + 1]!
      if (length >= 0x80 || (octets[at]! & 0x1f) === 0x1f) break
      at += 2 + length
    }
    return count
  }

  /** Call before the contents of a constructed element are read, and `leave()` after. @throws DecodeError BER_DEPTH */
  enter(): void {
    if (--this.depth < 0) throw this.error('BER_DEPTH', 'expected no more nesting than the limit, found one more level')
  }

  leave(): void {
    this.depth++
  }

  /** @returns an error to be thrown. @param offset default: the present position */
  error(code: string, message: string, offset = this.position, path = ''): DecodeError {
    return new DecodeError(this.layer, code, `${message}, at octet ${offset}`, { offset, path })
  }
}

/** A view of the contents. Plain `Uint8Array` even where the input is a `Buffer`. */
export function readView(reader: BerReader): Uint8Array {
  return viewOf(reader.octets, reader.position, reader.end)
}

/** A view of octets `from` to `to`, a plain `Uint8Array`. */
export function viewOf(octets: Uint8Array, from: number, to: number): Uint8Array {
  return new Uint8Array(octets.buffer, octets.byteOffset + from, to - from)
}

/** A copy of octets `from` to `to`. Not `slice`: that of a Node `Buffer` is a view. */
export function copyOf(octets: Uint8Array, from: number, to: number): Uint8Array {
  const n = to - from
  const copy = new Uint8Array(n)
  if (n <= 24) for (let i = 0; i < n; i++) copy[i] = octets[from + i]!
  else copy.set(octets.subarray(from, to))
  return copy
}
