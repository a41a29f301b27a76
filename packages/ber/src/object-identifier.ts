import type { Sdu } from '@x/core'
import { unencodable } from './failure.js'
import { type BerReader, copyOf } from './reader.js'
import { builtin, type Type } from './type.js'
import { prependHeader, prependOctets } from './writer.js'

/** Longest OBJECT IDENTIFIER, in octets of contents and in arcs. */
export const OID_LIMITS = { octets: 128, arcs: 64 } as const

/** How many texts are remembered, each way. An association needs about ten. */
const REMEMBERED = 256

interface Remembered {
  readonly octets: Uint8Array
  readonly text: string
}
// Turning identifiers into text costs more than all else in an AARQ. Both tables stop growing when full, so a peer can neither
// fill the memory nor drive out what was there first.
const byHash = new Map<number, Remembered>()
const byText = new Map<string, Uint8Array>()

/** Contents of an OBJECT IDENTIFIER as dotted text. X.690, 8.19. @throws DecodeError BER_EMPTY, BER_OID */
export function readObjectIdentifier(reader: BerReader): string {
  const { octets, position, end } = reader
  const n = end - position
  if (n > OID_LIMITS.octets) throw reader.error('BER_OID', `expected at most ${OID_LIMITS.octets} octets of OBJECT IDENTIFIER, found ${n}`)
  let hash = n
  for (let i = position; i < end; i++) hash = (Math.imul(hash, 31) + octets[i]!) | 0
  const known = byHash.get(hash)
  if (known !== undefined && known.octets.length === n) {
    let i = 0
    while (i < n && known.octets[i] === octets[position + i]) i++
    if (i === n) return known.text
  }
  const text = textOf(reader)
  if (known === undefined && byHash.size < REMEMBERED) byHash.set(hash, { octets: copyOf(octets, position, end), text })
  return text
}

function textOf(reader: BerReader): string {
  const { octets, position, end } = reader
  if (position === end) throw reader.error('BER_EMPTY', 'expected at least 1 octet for an OBJECT IDENTIFIER, found none')
  if (octets[end - 1]! >= 0x80) throw reader.error('BER_OID', 'expected the last arc to end, found octet 80 or higher', end - 1)
  let text = ''
  let arcs = 1
  let arc = 0
  let begin = true
  for (let at = position; at < end; at++) {
    const octet = octets[at]!
    if (begin && octet === 0x80) throw reader.error('BER_OID', 'expected an arc without leading zeros, found octet 80', at)
    arc = arc * 128 + (octet & 0x7f)
    if (arc > Number.MAX_SAFE_INTEGER) throw reader.error('BER_OID', 'expected an arc of at most 53 bits, found a larger one', at)
    begin = octet < 0x80
    if (!begin) continue
    if (++arcs > OID_LIMITS.arcs) throw reader.error('BER_OID', `expected at most ${OID_LIMITS.arcs} arcs, found more`, at)
    if (text === '') {
      // The first two arcs share one number: 40 × first + second, and only under 2 may the second exceed 39.
      const root = arc < 80 ? Math.floor(arc / 40) : 2
      text = `${root}.${arc - 40 * root}`
    } else {
      text += `.${arc}`
    }
    arc = 0
  }
  return text
}

/** The element of an OBJECT IDENTIFIER. @param value dotted text. @throws EncodeError BER_OID */
export function prependObjectIdentifierElement(sdu: Sdu, value: string, tag: number): void {
  let octets = byText.get(value)
  if (octets === undefined) {
    octets = octetsOf(value)
    if (byText.size < REMEMBERED) byText.set(value, octets)
  }
  prependOctets(sdu, octets)
  prependHeader(sdu, tag, octets.length)
}

function octetsOf(text: string): Uint8Array {
  const arcs = typeof text === 'string' ? text.split('.').map(arcOf) : []
  const [root, second] = arcs
  if (
    root === undefined ||
    second === undefined ||
    arcs.includes(-1) ||
    root > 2 ||
    (root < 2 && second > 39) ||
    !Number.isSafeInteger(40 * root + second)
  ) {
    throw unencodable('BER_OID', 'an object identifier such as "1.0.9506.2.1"', text)
  }
  const reversed: number[] = []
  for (let i = arcs.length - 1; i > 0; i--) {
    let arc = i === 1 ? 40 * root + second : arcs[i]!
    reversed.push(arc % 128)
    for (arc = Math.floor(arc / 128); arc > 0; arc = Math.floor(arc / 128)) reversed.push(0x80 | (arc % 128))
  }
  if (reversed.length > OID_LIMITS.octets || arcs.length > OID_LIMITS.arcs) {
    throw unencodable('BER_OID', `at most ${OID_LIMITS.arcs} arcs in ${OID_LIMITS.octets} octets`, text)
  }
  return Uint8Array.from(reversed.reverse())
}

/** @returns -1 for what is not a number in plain decimal */
function arcOf(text: string): number {
  const arc = Number(text)
  return Number.isSafeInteger(arc) && arc >= 0 && String(arc) === text ? arc : -1
}

/** X.690, 8.19. TypeScript: dotted text such as `'1.0.9506.2.1'`. */
export const OBJECT_IDENTIFIER: Type<string> = builtin('OBJECT IDENTIFIER', 6, {
  get: readObjectIdentifier,
  put: prependObjectIdentifierElement,
})
