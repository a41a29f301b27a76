import { DecodeError, Explainer, hex, type Span } from '@x/core'
import { HEADER_LENGTH, lengthFault, MAX_LENGTH, truncated, versionFault } from './packet.js'

export interface ExplainedTpkt {
  /** In the order of the octets; the header may be broken, the spans then say why. */
  readonly spans: readonly Span[]
  /** Where the TPDU lies in the octets explained; absent when there is none. It may be cut short. */
  readonly userData?: { readonly from: number; readonly to: number }
  /** First octet behind this packet: where the next one begins, when there is more. */
  readonly to: number
}

/** Names the octets of the first packet in `octets`, a broken one too. Never throws. */
export function explainTpkt(octets: Uint8Array): ExplainedTpkt {
  const explainer = new Explainer('TPKT', 'packages/tpkt/src/packet.ts')
  const { length } = octets
  const broken = (from: number, fault: DecodeError): ExplainedTpkt => {
    explainer.add(from, length, 'octets', 'RFC 1006, 6', { value: hex(octets.subarray(from, from + 4)), problem: fault.message })
    return { spans: explainer.spans, to: length }
  }
  if (length === 0) return broken(0, truncated(0, HEADER_LENGTH))
  const wrongVersion = versionFault(octets[0]!)
  if (wrongVersion) return broken(0, wrongVersion)
  if (length < HEADER_LENGTH) return broken(0, truncated(length, HEADER_LENGTH))
  const packetLength = (octets[2]! << 8) | octets[3]!
  const wrongLength = lengthFault(packetLength, MAX_LENGTH)
  const reserved = octets[1] === 0 ? '' : `, reserved ${octets[1]}`
  const label = `version 3${reserved}, length ${packetLength}`
  if (wrongLength) {
    explainer.add(0, HEADER_LENGTH, label, 'RFC 1006, 6', { problem: wrongLength.message })
    if (length === HEADER_LENGTH) return { spans: explainer.spans, to: length }
    return broken(HEADER_LENGTH, new DecodeError('tpkt', 'TPKT_LENGTH', 'not explained: where the packet ends is not known'))
  }
  const cut = packetLength > length ? { problem: truncated(length, packetLength).message } : {}
  explainer.add(0, HEADER_LENGTH, label, 'RFC 1006, 6', cut)
  const to = Math.min(packetLength, length)
  return to > HEADER_LENGTH ? { spans: explainer.spans, userData: { from: HEADER_LENGTH, to }, to } : { spans: explainer.spans, to }
}
