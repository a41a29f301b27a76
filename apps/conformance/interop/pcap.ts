/** What passed in one go, in one direction. */
export interface Segment {
  /** ms since the epoch. */
  readonly at: number
  /** Number of the TCP connection, from 0. */
  readonly stream: number
  readonly fromClient: boolean
  readonly octets: Uint8Array
  /** TCP flags, of `segmentFlags`. */
  readonly flags: number
}

const FIN = 0x01
const SYN = 0x02
const PSH = 0x08
const ACK = 0x10

/** Flags of the segments of a connection's life. */
export const segmentFlags = { open: SYN, opened: SYN | ACK, data: PSH | ACK, end: FIN | ACK } as const

/**
 * Segments as a capture file that tshark reads: the classic format with link type raw IP, a made-up IP and TCP header in front of each
 * segment, checksums 0, which readers take as not computed.
 *
 * @param port of the server; the client of stream n has port 40000 + n
 */
export function pcap(segments: readonly Segment[], port: number): Uint8Array {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(0xffff, 16)
  header.writeUInt32LE(101, 20)
  const next = new Map<string, number>()
  const sequence = (stream: number, fromClient: boolean): number => next.get(`${stream}${fromClient}`) ?? 1_000
  const parts: Uint8Array[] = [header]
  for (const one of segments) {
    for (let from = 0; from === 0 || from < one.octets.length; from += 32_000) {
      const octets = one.octets.subarray(from, from + 32_000)
      const own = sequence(one.stream, one.fromClient)
      const ports = one.fromClient ? [40_000 + one.stream, port] : [port, 40_000 + one.stream]
      const packet = ipPacket(one, ports, own, sequence(one.stream, !one.fromClient), octets)
      next.set(`${one.stream}${one.fromClient}`, own + octets.length + (one.flags & (SYN | FIN) ? 1 : 0))
      const lead = Buffer.alloc(16)
      lead.writeUInt32LE(Math.floor(one.at / 1_000), 0)
      lead.writeUInt32LE(Math.floor((one.at % 1_000) * 1_000), 4)
      lead.writeUInt32LE(packet.length, 8)
      lead.writeUInt32LE(packet.length, 12)
      parts.push(lead, packet)
    }
  }
  return Buffer.concat(parts)
}

function ipPacket(one: Segment, ports: readonly number[], own: number, other: number, octets: Uint8Array): Buffer {
  const packet = Buffer.alloc(40 + octets.length)
  packet.writeUInt8(0x45, 0)
  packet.writeUInt16BE(packet.length, 2)
  packet.writeUInt16BE(0x4000, 6)
  packet.writeUInt8(64, 8)
  packet.writeUInt8(6, 9)
  packet.writeUInt32BE(one.fromClient ? 0x7f000001 : 0x7f000002, 12)
  packet.writeUInt32BE(one.fromClient ? 0x7f000002 : 0x7f000001, 16)
  packet.writeUInt16BE(ports[0]!, 20)
  packet.writeUInt16BE(ports[1]!, 22)
  packet.writeUInt32BE(own, 24)
  packet.writeUInt32BE(one.flags & ACK ? other : 0, 28)
  packet.writeUInt8(0x50, 32)
  packet.writeUInt8(one.flags, 33)
  packet.writeUInt16BE(0xffff, 34)
  packet.set(octets, 40)
  return packet
}
