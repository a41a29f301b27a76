import { DecodeError, type Layer } from './errors.js'

const SLAB = 65_536
/** Octets for what comes in front of a long string, so that its headers do not move it once more. */
const HEADROOM = 256
let slab = new Uint8Array(SLAB)
let slabTop = SLAB
let slabOwner: Sdu | undefined

/**
 * A data unit on its way down. Each layer prepends its header to what the layers above wrote, in the same buffer.
 * Ownership passes with `submit`: whoever submitted it must not touch it again.
 *
 * Small units share slabs: an Sdu writes into the free front of the current slab until the next Sdu is made. What has
 * been written is never written again, so a view from `octets()` stays valid.
 */
export class Sdu {
  /** One copy, for callers who hold plain octets. */
  static of(octets: ArrayLike<number>, headroom = 64): Sdu {
    const sdu = new Sdu(octets.length + headroom)
    sdu.prepend(octets)
    return sdu
  }

  /**
   * A unit that is written already, in a buffer of the caller's with room in front: for many units of one buffer.
   * @param limit lowest index that may still be written @param start of what is written @param end behind it
   */
  static within(buffer: Uint8Array, limit: number, start: number, end: number): Sdu {
    const sdu = new Sdu(end, buffer)
    sdu.start = start
    sdu.#limit = limit
    return sdu
  }

  /** For codecs that write in place: the buffer, and where the octets written so far begin and end in it. */
  buffer: Uint8Array
  start: number
  end: number
  /** Lowest index of `buffer` that this Sdu may still write. */
  #limit: number

  /** @param capacity octets; a hint only, the unit grows by doubling. @default 256 @param buffer of that many octets @default a new one, or part of a slab */
  constructor(capacity = 256, buffer?: Uint8Array) {
    if (buffer !== undefined || capacity > SLAB / 8) {
      this.buffer = buffer ?? new Uint8Array(capacity)
      this.start = this.end = capacity
      this.#limit = 0
      return
    }
    if (slabOwner) {
      slabTop = slabOwner.start
      slabOwner.#limit = slabTop
    }
    if (slabTop < capacity) {
      slab = new Uint8Array(SLAB)
      slabTop = SLAB
    }
    this.buffer = slab
    this.start = this.end = slabTop
    this.#limit = 0
    slabOwner = this
  }

  get length(): number {
    return this.end - this.start
  }

  prepend(octets: ArrayLike<number>): void {
    const n = octets.length
    this.reserve(n)
    this.start -= n
    this.buffer.set(octets, this.start)
  }

  prependOctet(value: number): void {
    if (this.start === this.#limit) this.#grow(1)
    this.buffer[--this.start] = value
  }

  /** Big-endian. */
  prependUint16(value: number): void {
    this.reserve(2)
    this.buffer[--this.start] = value & 0xff
    this.buffer[--this.start] = value >>> 8
  }

  /** Makes room for `n` octets in front; after it, `buffer[--start] = …` may be used `n` times. */
  reserve(n: number): void {
    if (this.start - this.#limit < n) this.#grow(n)
  }

  /** View of what has been written. */
  octets(): Uint8Array {
    return this.buffer.subarray(this.start, this.end)
  }

  #grow(n: number): void {
    const length = this.end - this.start
    const shared = slabOwner === this
    // What outgrows the rest of a slab moves to a new slab, where the next units find room behind it.
    const fresh = shared && length + n <= SLAB / 2
    const size = fresh ? SLAB : Math.max(2 * length, length + n + HEADROOM)
    const buffer = new Uint8Array(size)
    buffer.set(this.buffer.subarray(this.start, this.end), size - length)
    if (fresh) slab = buffer
    else if (shared) {
      slabOwner = undefined
      // Somebody may hold a view of what has been written there.
      slabTop = this.start
    }
    this.buffer = buffer
    this.start = size - length
    this.end = size
    this.#limit = 0
  }
}

/** Reads octets in order and checks every bound. All numbers are big-endian. */
export class OctetReader {
  readonly octets: Uint8Array
  offset: number
  readonly end: number
  readonly #layer: Layer

  /** @param layer the layer named in errors */
  constructor(octets: Uint8Array, layer: Layer, offset = 0, end = octets.length) {
    this.octets = octets
    this.offset = offset
    this.end = end
    this.#layer = layer
  }

  get remaining(): number {
    return this.end - this.offset
  }

  /** @throws DecodeError `…_TRUNCATED` */
  octet(what: string): number {
    this.#need(1, what)
    return this.octets[this.offset++]!
  }

  uint16(what: string): number {
    this.#need(2, what)
    const value = (this.octets[this.offset]! << 8) | this.octets[this.offset + 1]!
    this.offset += 2
    return value
  }

  /** @returns a view of the next `n` octets */
  take(n: number, what: string): Uint8Array {
    this.#need(n, what)
    this.offset += n
    return this.octets.subarray(this.offset - n, this.offset)
  }

  /** @returns a view of all that remains */
  rest(): Uint8Array {
    const rest = this.octets.subarray(this.offset, this.end)
    this.offset = this.end
    return rest
  }

  #need(n: number, what: string): void {
    if (this.end - this.offset >= n) return
    throw new DecodeError(
      this.#layer,
      `${this.#layer.toUpperCase()}_TRUNCATED`,
      `${what}: expected ${n} more octet${n === 1 ? '' : 's'} at octet ${this.offset}, found ${this.end - this.offset}`,
      { offset: this.offset },
    )
  }
}

/** Octets as hex, two digits each. @param separator between octets. @default ' ' */
export function hex(octets: Uint8Array, separator = ' '): string {
  let text = ''
  for (let i = 0; i < octets.length; i++) text += (i ? separator : '') + HEX[octets[i]!]
  return text
}

const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))

/** Reads hex; blanks and colons between octets are allowed. @throws DecodeError `HEX_DIGITS` */
export function unhex(text: string, layer: Layer = 'network'): Uint8Array {
  const digits = text.replaceAll(/[\s:]/g, '')
  if (digits.length % 2 || /[^0-9a-f]/i.test(digits)) {
    throw new DecodeError(layer, 'HEX_DIGITS', `expected pairs of hex digits, found "${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`)
  }
  const octets = new Uint8Array(digits.length / 2)
  for (let i = 0; i < octets.length; i++) octets[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)
  return octets
}

/** Whether two octet strings are the same. Not constant time: not for secrets. */
export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
