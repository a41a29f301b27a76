import { writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'

/** A TCP relay on loopback that keeps what passes, so that a capture needs no privilege. */
export interface Recorder {
  /** Port to call in place of the server's. */
  readonly port: number
  /** Writes what has passed as a capture file of TCP segments between the caller and `port`. */
  save(file: string): void
  close(): Promise<void>
}

interface Segment {
  /** ms since the epoch. */
  readonly at: number
  readonly stream: number
  readonly fromClient: boolean
  readonly octets: Uint8Array
  readonly flags: number
}

const FIN = 0x01
const SYN = 0x02
const PSH = 0x08
const ACK = 0x10

/** Listens on a free port and relays each connection to `target` on loopback. */
export async function record(target: number): Promise<Recorder> {
  const segments: Segment[] = []
  const open = new Set<Socket>()
  let streams = 0
  const server = createServer({ allowHalfOpen: true }, near => {
    const stream = streams++
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    segments.push(segment(stream, true, SYN), segment(stream, false, SYN | ACK))
    relay(near, far, stream, true)
    relay(far, near, stream, false)
  })
  const relay = (from: Socket, to: Socket, stream: number, fromClient: boolean): void => {
    open.add(from)
    from.setNoDelay(true)
    from.on('data', octets => {
      segments.push(segment(stream, fromClient, PSH | ACK, octets))
      to.write(octets)
    })
    from.on('end', () => {
      segments.push(segment(stream, fromClient, FIN | ACK))
      to.end()
    })
    from.on('error', () => to.destroy())
    from.on('close', () => {
      open.delete(from)
      to.destroySoon()
    })
  }
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    port,
    save: file => writeFileSync(file, pcap(segments, port)),
    close: () =>
      new Promise(resolve => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

function segment(stream: number, fromClient: boolean, flags: number, octets: Uint8Array = new Uint8Array()): Segment {
  return { at: performance.timeOrigin + performance.now(), stream, fromClient, octets, flags }
}

/** The classic capture format with link type raw IP; checksums are left 0, which readers take as not computed. */
function pcap(segments: readonly Segment[], port: number): Uint8Array {
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
