import type { Sdu } from '@x/core'
import type { BerReader } from './reader.js'

/**
 * IEEE 754 numbers as contents of a hand-written node, big-endian. A shared scratch area: a new view for each number takes ten times
 * as long.
 */
const scratch = new DataView(new ArrayBuffer(8))

/** @param at of the first of 4 octets; the caller has checked that they are there */
export function readFloat32(reader: BerReader, at: number): number {
  const { octets } = reader
  scratch.setUint32(0, (octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!)
  return scratch.getFloat32(0)
}

/** @param at of the first of 8 octets; the caller has checked that they are there */
export function readFloat64(reader: BerReader, at: number): number {
  const { octets } = reader
  scratch.setUint32(0, (octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!)
  scratch.setUint32(4, (octets[at + 4]! << 24) | (octets[at + 5]! << 16) | (octets[at + 6]! << 8) | octets[at + 7]!)
  return scratch.getFloat64(0)
}

/** 4 octets. Rounds to what 32 bits hold. */
export function prependFloat32(sdu: Sdu, value: number): void {
  scratch.setFloat32(0, value)
  prependWord(sdu, scratch.getUint32(0))
}

/** 8 octets. */
export function prependFloat64(sdu: Sdu, value: number): void {
  scratch.setFloat64(0, value)
  prependWord(sdu, scratch.getUint32(4))
  prependWord(sdu, scratch.getUint32(0))
}

function prependWord(sdu: Sdu, word: number): void {
  sdu.reserve(4)
  const buffer = sdu.buffer
  const start = sdu.start - 4
  buffer[start] = word >>> 24
  buffer[start + 1] = word >>> 16
  buffer[start + 2] = word >>> 8
  buffer[start + 3] = word
  sdu.start = start
}
