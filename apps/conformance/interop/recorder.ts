import { writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { pcap, type Segment, segmentFlags } from './pcap.js'

/** A TCP relay on loopback that keeps what passes, so that a capture needs no privilege. */
export interface Recorder {
  /** Port to call in place of the server's. */
  readonly port: number
  /** What has passed, in order. */
  readonly segments: readonly Segment[]
  /** Writes what has passed as a capture file of TCP segments between the caller and `port`. */
  save(file: string): void
  close(): Promise<void>
}

/** Listens on a free port and relays each connection to `target` on loopback. */
export async function record(target: number): Promise<Recorder> {
  const segments: Segment[] = []
  const open = new Set<Socket>()
  let streams = 0
  const server = createServer({ allowHalfOpen: true }, near => {
    const stream = streams++
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    segments.push(segment(stream, true, segmentFlags.open), segment(stream, false, segmentFlags.opened))
    relay(near, far, stream, true)
    relay(far, near, stream, false)
  })
  const relay = (from: Socket, to: Socket, stream: number, fromClient: boolean): void => {
    open.add(from)
    from.setNoDelay(true)
    from.on('data', octets => {
      segments.push(segment(stream, fromClient, segmentFlags.data, octets))
      to.write(octets)
    })
    from.on('end', () => {
      segments.push(segment(stream, fromClient, segmentFlags.end))
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
    segments,
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
