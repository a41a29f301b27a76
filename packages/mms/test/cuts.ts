import { hex } from '@x/core'
import { type Direction, octetsOf, type Recording } from '@x/core/testing'
import { recorded } from './recordings.js'

/** Octets of a stream at every one of which it is cut; longer ones are sampled. */
const EVERY = 500
/** Their handshakes, which most other conversations begin with, are cut at every octet. */
const references = ['assoc-conclude-release', 'rawclient-handshake-reference']

/** Where each TPKT begins, and where the last one ends. */
function bordersOf(octets: Uint8Array): readonly number[] {
  const borders: number[] = []
  let at = 0
  for (; at + 4 <= octets.length && octets[at] === 3; at += Math.max(4, (octets[at + 2]! << 8) | octets[at + 3]!)) borders.push(at)
  return [...borders, at]
}

/**
 * Where a recorded stream is cut: at every octet when it is short, otherwise at every octet of some headers, and here and there in between.
 * A handshake that is the same as that of a reference conversation stays whole.
 */
export function cutsOf(recording: Recording, stream: number, dir: Direction): readonly number[] {
  const octets = octetsOf(recording, stream, dir)
  const borders = bordersOf(octets)
  const handshake = borders[2] ?? 0
  const isShared = references.some(
    name => name !== recording.name && hex(octetsOf(recorded(name), 0, dir).subarray(0, handshake)) === hex(octets.subarray(0, handshake)),
  )
  const from = isShared ? handshake : 0
  const cuts = new Set<number>()
  const span = (first: number, last: number) => {
    for (let at = first; at < last; at++) cuts.add(at)
  }
  if (octets.length - from <= EVERY) span(from, octets.length)
  else {
    const step = Math.ceil(borders.length / 8)
    // TPKT, COTP, session and presentation in front of a PDU take 18 to 24 octets.
    for (let i = isShared ? 2 : 0; i < borders.length; i += step) span(borders[i]!, borders[i]! + 26)
    for (let at = from; at < octets.length; at += Math.ceil(octets.length / 97)) cuts.add(at)
  }
  return [...cuts].filter(at => at > 0 && at < octets.length).sort((a, b) => a - b)
}
