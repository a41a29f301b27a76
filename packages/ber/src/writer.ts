import type { Sdu } from '@x/core'
import { tagNumber } from './identifier.js'

/**
 * Writing is backwards: contents first, then length and identifier in front of them. A hand-written node does
 *
 * ```ts
 * const before = sdu.length
 * …prepend the contents, last part first…
 * prependHeader(sdu, tag, sdu.length - before)
 * ```
 */

/** Puts identifier and length octets in front. Definite, shortest form. X.690, 8.1.2, 8.1.3. */
export function prependHeader(sdu: Sdu, tag: number, length: number): void {
  sdu.reserve(2)
  if (tag < 256 && length < 0x80) {
    const buffer = sdu.buffer
    const start = sdu.start - 2
    buffer[start] = tag
    buffer[start + 1] = length
    sdu.start = start
    return
  }
  prependLength(sdu, length)
  prependTag(sdu, tag)
}

function prependLength(sdu: Sdu, length: number): void {
  sdu.reserve(9)
  const buffer = sdu.buffer
  if (length < 0x80) {
    buffer[--sdu.start] = length
    return
  }
  let octets = 0
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256), octets++) buffer[--sdu.start] = rest % 256
  buffer[--sdu.start] = 0x80 | octets
}

function prependTag(sdu: Sdu, tag: number): void {
  sdu.reserve(5)
  const buffer = sdu.buffer
  if (tag >= 256) {
    let rest = tagNumber(tag)
    buffer[--sdu.start] = rest & 0x7f
    for (rest >>>= 7; rest > 0; rest >>>= 7) buffer[--sdu.start] = 0x80 | (rest & 0x7f)
  }
  buffer[--sdu.start] = tag & 0xff
}

/** Puts octets in front, as they are. */
export function prependOctets(sdu: Sdu, octets: Uint8Array): void {
  const n = octets.length
  if (n > 24) return sdu.prepend(octets)
  sdu.reserve(n)
  const buffer = sdu.buffer
  const start = sdu.start - n
  for (let i = 0; i < n; i++) buffer[start + i] = octets[i]!
  sdu.start = start
}
