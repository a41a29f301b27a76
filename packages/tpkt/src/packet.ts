import { DecodeError, EncodeError, type Sdu } from '@x/core'
import { strangerOf } from './strangers.js'

/**
 * RFC 1006, 6; RFC 2126, 4.3. One packet carries exactly one TPDU:
 *
 *      1          2          3          4         5 …
 *    +----------+----------+----------+----------+----------------+
 *    | version  | reserved |    packet length    | TPDU           |
 *    |    3     |    0     |  high       low     |                |
 *    +----------+----------+----------+----------+----------------+
 */
export interface Tpkt {
  /** 0 when sent, ignored when received: RFC 2126, 6.10. */
  readonly reserved: number
  /** 3 … 65 531 octets. */
  readonly tpdu: Uint8Array
}

/** Octets of a packet in front of its TPDU. */
export const HEADER_LENGTH = 4
/** The shortest packet holds a DT without user data: RFC 1006, 6. */
export const MIN_LENGTH = 7
/** What two octets of length can say. */
export const MAX_LENGTH = 65_535
const VERSION = 3

/**
 * Reads one packet that is here as a whole.
 *
 * @returns the TPDU is a view into `octets`
 * @throws DecodeError TPKT_VERSION, TPKT_LENGTH, TPKT_TRUNCATED – with the offset in `octets`
 */
export function decodeTpkt(octets: Uint8Array): Tpkt {
  const wrongVersion = octets.length > 0 ? versionFault(octets[0]!) : undefined
  if (wrongVersion) throw wrongVersion
  if (octets.length < HEADER_LENGTH) throw truncated(octets.length, HEADER_LENGTH)
  const length = (octets[2]! << 8) | octets[3]!
  const wrongLength = lengthFault(length, MAX_LENGTH)
  if (wrongLength) throw wrongLength
  if (octets.length < length) throw truncated(octets.length, length)
  if (octets.length > length) {
    throw new DecodeError('tpkt', 'TPKT_LENGTH', `packet length: expected ${octets.length}, the octets that are here, found ${length}`, {
      offset: 2,
      clause: 'RFC 1006, 6',
    })
  }
  return { reserved: octets[1]!, tpdu: octets.subarray(HEADER_LENGTH) }
}

/** @throws EncodeError TPKT_LENGTH when the TPDU is shorter than 3 or longer than 65 531 octets */
export function encodeTpkt({ reserved, tpdu }: Tpkt): Uint8Array {
  const length = lengthWith(tpdu.length)
  const octets = new Uint8Array(length)
  octets[0] = VERSION
  octets[1] = reserved
  octets[2] = length >>> 8
  octets[3] = length & 0xff
  octets.set(tpdu, HEADER_LENGTH)
  return octets
}

/** Makes a packet of a TPDU on its way down. @throws EncodeError TPKT_LENGTH; the unit is then as it was */
export function prependHeader(tpdu: Sdu): void {
  const length = lengthWith(tpdu.length)
  tpdu.reserve(HEADER_LENGTH)
  const { buffer } = tpdu
  let at = tpdu.start
  buffer[--at] = length & 0xff
  buffer[--at] = length >>> 8
  buffer[--at] = 0
  buffer[--at] = VERSION
  tpdu.start = at
}

/** Why `octet` cannot begin a packet, TPKT_VERSION; its text says what the peer may be speaking instead. */
export function versionFault(octet: number): DecodeError | undefined {
  if (octet === VERSION) return undefined
  const found = octet.toString(16).padStart(2, '0')
  const stranger = strangerOf(octet)
  const text = `version: expected 03 at octet 0, found ${found}${stranger === undefined ? '' : `: ${stranger.text}`}`
  return new DecodeError('tpkt', 'TPKT_VERSION', text, {
    clause: 'RFC 1006, 6',
  })
}

/** Why a packet cannot have this length, header included: TPKT_LENGTH. */
export function lengthFault(length: number, maxLength: number): DecodeError | undefined {
  if (length >= MIN_LENGTH && length <= maxLength) return undefined
  return new DecodeError('tpkt', 'TPKT_LENGTH', `packet length: expected ${MIN_LENGTH} to ${maxLength} at octet 2, found ${length}`, {
    offset: 2,
    clause: 'RFC 1006, 6',
  })
}

/** The stream ended inside a packet. @param expected octets the packet, or its header, should have */
export function truncated(found: number, expected: number): DecodeError {
  const what = expected === HEADER_LENGTH ? 'packet header' : 'packet'
  return new DecodeError('tpkt', 'TPKT_TRUNCATED', `${what}: expected ${expected} octets, found ${found}`, {
    offset: found,
    clause: 'RFC 1006, 6',
  })
}

function lengthWith(tpduLength: number): number {
  const length = tpduLength + HEADER_LENGTH
  if (length >= MIN_LENGTH && length <= MAX_LENGTH) return length
  throw new EncodeError('tpkt', 'TPKT_LENGTH', `TPDU: expected 3 to 65531 octets, found ${tpduLength}`, { path: 'TPKT.tpdu' })
}
