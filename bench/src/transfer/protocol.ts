/** Octets of each TSDU. */
export const TSDU = 65_536
/** TPKT and DT header of a segment. */
const HEADERS = 7

/** `reassembled`: by the stack, in buffers that are used again, or each in its own; `counted`: as they come; `handshake`: a transport connection is opened first, then they are counted. */
export type ReceiverKind = 'reassembled' | 'each in its own buffer' | 'counted' | 'handshake'
/** `wire`: octets made before, in large writes, with or without a transport connection; `stack`: T-DATA; `segments`: a write for each. */
export type SenderKind = 'wire' | 'bare wire' | 'stack' | 'segments'

/** What a process has done so far. */
export interface Progress {
  /** TSDUs received. */
  readonly tsdus: number
  /** In nanoseconds. */
  readonly time: number
  /** Of this process, in microseconds. */
  readonly cpu: number
}

export function now(): number {
  return Number(process.hrtime.bigint())
}

/** What the user sends, and what must come out. */
export function payload(): Uint8Array {
  return Uint8Array.from({ length: TSDU }, (_, i) => (i * 7 + (i >>> 8)) & 0xff)
}

/** A TSDU on the wire, as a list of TPKTs with a DT each. X.224, 13.7; RFC 1006, 6. @param tpduSize header of the DT included */
export function segments(octets: Uint8Array, tpduSize: number): Uint8Array[] {
  const most = tpduSize - 3
  return Array.from({ length: Math.ceil(octets.length / most) }, (_, i) => {
    const part = octets.subarray(i * most, (i + 1) * most)
    const length = part.length + HEADERS
    const isLast = (i + 1) * most >= octets.length
    return Uint8Array.of(3, 0, length >>> 8, length & 0xff, 2, 0xf0, isLast ? 0x80 : 0, ...part)
  })
}

/** Octets of a TSDU on the wire. */
export function wireLength(tpduSize: number): number {
  return TSDU + HEADERS * Math.ceil(TSDU / (tpduSize - 3))
}
