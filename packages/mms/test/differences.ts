import { hex } from '@x/core'
import type { Layered } from './dissect.js'

/** Ways in which a peer's encoding may differ from ours though it means the same. Each is a choice that BER or the session leaves. */
export const choices = {
  'TRUE as 01': 'BER: any octet but 0 is true; we write ff, as DER wants',
  'DEFAULT written': 'BER: a component that has its default value may be there; we leave it out',
  'INTEGER with octets to spare': 'not minimal, which X.690, 8.3.2 forbids and devices do; we write the fewest octets',
  'empty session parameter': 'X.225, 8.2.6: a parameter without a value may be there with length 0; we leave it out',
} as const
export type Difference = keyof typeof choices | `unexplained: ${string}`

/** How the octets of a PDU differ from what we make of its value; none when they are the same. */
export function differencesOf({ layer, octets, again }: Layered): readonly Difference[] {
  if (hex(octets) === hex(again)) return []
  if (layer === 'session')
    return hex(withoutEmptyParameters(octets)) === hex(again) ? ['empty session parameter'] : [unexplained(octets, again)]
  if (layer === 'tpkt' || layer === 'cotp') return [unexplained(octets, again)]
  return compare(elementsOf(octets), elementsOf(again))
}

interface Element {
  readonly octets: Uint8Array
  readonly contents: Uint8Array
  readonly constructed: boolean
}

function compare(theirs: readonly Element[], ours: readonly Element[]): Difference[] {
  const found: Difference[] = []
  let at = 0
  for (const their of theirs) {
    const our = ours[at]
    if (our === undefined || our.octets[0] !== their.octets[0]) {
      found.push(hex(their.octets) === '80 01 00' ? 'DEFAULT written' : unexplained(their.octets, our?.octets))
      continue
    }
    at++
    if (hex(their.octets) === hex(our.octets)) continue
    if (their.constructed) found.push(...compare(elementsOf(their.contents), elementsOf(our.contents)))
    else if (hex(their.contents) === '01' && hex(our.contents) === 'ff') found.push('TRUE as 01')
    else if (hex(shortest(their.contents)) === hex(our.contents)) found.push('INTEGER with octets to spare')
    else found.push(unexplained(their.octets, our.octets))
  }
  return at < ours.length ? [...found, unexplained(undefined, ours[at]!.octets)] : found
}

function unexplained(theirs: Uint8Array | undefined, ours: Uint8Array | undefined): Difference {
  return `unexplained: ${theirs ? hex(theirs) : 'nothing'} is ${ours ? hex(ours) : 'nothing'} again`
}

/** Elements of definite length, one behind the other; the octets have been decoded before, so they are well-formed. */
function elementsOf(octets: Uint8Array): Element[] {
  const elements: Element[] = []
  for (let from = 0; from < octets.length; ) {
    let at = from
    if ((octets[at++]! & 0x1f) === 0x1f) while (octets[at++]! >= 0x80);
    let length = octets[at++]!
    if (length > 0x80) {
      const end = at + (length & 0x7f)
      for (length = 0; at < end; at++) length = length * 256 + octets[at]!
    }
    elements.push({
      octets: octets.subarray(from, at + length),
      contents: octets.subarray(at, at + length),
      constructed: (octets[from]! & 0x20) !== 0,
    })
    from = at + length
  }
  return elements
}

function shortest(contents: Uint8Array): Uint8Array {
  let from = 0
  while (
    contents.length - from > 1 &&
    (contents[from] === 0 ? contents[from + 1]! < 0x80 : contents[from] === 0xff && contents[from + 1]! >= 0x80)
  )
    from++
  return contents.subarray(from)
}

/** An SPDU without the parameters that have no value; its length indicator and those of the parameters are of one octet, or ff and two. */
function withoutEmptyParameters(spdu: Uint8Array): Uint8Array {
  const long = spdu[1] === 0xff
  const kept: number[] = []
  for (let at = long ? 4 : 2; at < spdu.length; ) {
    const wide = spdu[at + 1] === 0xff
    const length = wide ? (spdu[at + 2]! << 8) | spdu[at + 3]! : spdu[at + 1]!
    const end = at + (wide ? 4 : 2) + length
    if (length > 0) kept.push(...spdu.subarray(at, end))
    at = end
  }
  return Uint8Array.of(spdu[0]!, ...(kept.length > 254 ? [0xff, kept.length >> 8, kept.length & 0xff] : [kept.length]), ...kept)
}
