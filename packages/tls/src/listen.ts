import type { Socket } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import type { Channel } from '@x/core'
import { addressText, type ListenTcpOptions, listenSockets, networkAddress, type TcpListener } from '@x/core/node'
import { admit, chainOf, presentedBy } from './admit.js'
import { tooSlow } from './connect.js'
import { type Finding, refusal } from './events.js'
import { handshakeFailure, notTls } from './failures.js'
import type { OnContext, Transport } from './transport.js'

/** Content type of a TLS record that begins a handshake. RFC 8446, 5.1. */
const HANDSHAKE = 22
const RECORD_HEADER = 5
/** A first record is waited for up to this many octets; usual ones have some hundred. */
const ENOUGH = 2048
/** A handshake that the peer lets stand this long, in milliseconds, does not keep others from theirs. */
const STALLED = 1000

/** A socket on its way to the gate. */
interface Arrival {
  readonly socket: Socket
  readonly remote: string
  readonly key: string
  stage: 'silent' | 'waiting' | 'handshake' | 'gate' | 'done'
  readonly deadline: NodeJS.Timeout
  /** While it counts as a handshake under way. */
  place: NodeJS.Timeout | undefined
}

/** Listens for TCP, and lets those through the handshake and the gate who deserve it. */
export async function listenSecure(
  transport: Transport,
  options: ListenTcpOptions,
  onChannel: (channel: Channel) => void,
): Promise<TcpListener> {
  const { resumption = false } = transport.options
  const { handshakeTimeout, maxHandshakes, admission, events, authorities } = transport
  const arrivals = new Map<string, Arrival>()
  const queue = new Set<Arrival>()
  let underWay = 0

  const leave = (arrival: Arrival) => {
    if (arrival.stage === 'done') return false
    arrival.stage = 'done'
    clearTimeout(arrival.deadline)
    queue.delete(arrival)
    arrivals.delete(arrival.key)
    giveUpPlace(arrival)
    return true
  }
  const giveUpPlace = (arrival: Arrival) => {
    if (arrival.place === undefined) return
    clearTimeout(arrival.place)
    arrival.place = undefined
    underWay -= 1
    const [next] = queue
    if (next) begin(next)
  }
  const refuse = (arrival: Arrival, finding: Finding) => {
    if (!leave(arrival)) return
    events.report(finding, arrival.remote)
    arrival.socket.destroy()
    options.onRefused?.(refusal(finding, arrival.remote), arrival.remote)
  }
  const begin = (arrival: Arrival) => {
    queue.delete(arrival)
    if (arrival.stage !== 'waiting') return
    arrival.stage = 'handshake'
    underWay += 1
    arrival.place = setTimeout(() => giveUpPlace(arrival), STALLED)
    server.emit('connection', arrival.socket)
  }

  const server = createServer({
    ...transport.context,
    requestCert: true,
    // The gate decides, and can say why; see `decide`.
    rejectUnauthorized: false,
    // The deadline of the arrival comes first.
    handshakeTimeout: 2 * handshakeTimeout,
  })
  server.on('tlsClientError', (error, socket) => {
    const arrival = arrivals.get(keyOf(socket))
    if (arrival) refuse(arrival, handshakeFailure(error))
    else socket.destroy()
  })
  server.on('secureConnection', async socket => {
    const arrival = arrivals.get(keyOf(socket))
    if (arrival?.stage !== 'handshake') return void socket.destroy()
    arrival.stage = 'gate'
    giveUpPlace(arrival)
    socket.on('error', error => refuse(arrival, handshakeFailure(error)))
    const verdict = await admit(() => presentedBy(socket, 'server', undefined, chainOf(socket, authorities)), arrival.remote, admission)
    if (verdict.allow !== true) return refuse(arrival, verdict.finding)
    if (socket.destroyed || !leave(arrival)) return
    onChannel(transport.open(socket, verdict, options))
  })
  const renew: OnContext = context => server.setSecureContext(context)
  transport.onContext.add(renew)

  const listener = await listenSockets(options, socket => {
    const remote = remoteOf(socket)
    const deadline = setTimeout(
      () => refuse(arrival, tooSlow(handshakeTimeout, arrival.stage === 'gate' ? 'gate' : 'handshake')),
      handshakeTimeout,
    )
    const arrival: Arrival = { socket, remote, key: keyOf(socket), stage: 'silent', deadline, place: undefined }
    arrivals.set(arrival.key, arrival)
    socket.on('error', error => refuse(arrival, handshakeFailure(error)))
    const gone = () => refuse(arrival, { id: 'handshake.closed', seen: 'the peer has closed the connection before the handshake was done' })
    socket.on('close', gone)
    // The socket may be half open; once the handshake has begun, the end is not told here any more.
    socket.on('end', gone)
    hearHello(socket, octets => {
      if (octets[0] !== HANDSHAKE) return refuse(arrival, notTls(octets))
      arrival.stage = 'waiting'
      if (underWay < maxHandshakes) begin(arrival)
      else queue.add(arrival)
    })
  })
  // Tickets end with their keys, also those of sessions that were resumed over and over.
  const rotation = resumption === false ? undefined : setInterval(() => renew(transport.context), resumption.lifetime * 1000)
  rotation?.unref()
  const close = listener.close.bind(listener)
  listener.close = how => {
    clearInterval(rotation)
    transport.onContext.delete(renew)
    return close(how)
  }
  return listener
}

/** What a socket and its secure one have in common. */
function keyOf(socket: Socket | TLSSocket): string {
  return `${remoteOf(socket)} ${socket.localAddress} ${socket.localPort}`
}

function remoteOf(socket: Socket | TLSSocket): string {
  return addressText(networkAddress(socket.remoteAddress, socket.remotePort))
}

/** Calls `use` once the first record is there, or what is no record; all of it can then be read again. */
function hearHello(socket: Socket, use: (octets: Uint8Array) => void): void {
  let heard = Buffer.alloc(0)
  const onReadable = () => {
    for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null)
      heard = Buffer.concat([heard, chunk])
    if (heard.length === 0 || !isWhole(heard)) return
    socket.off('readable', onReadable)
    socket.unshift(heard)
    use(heard)
  }
  socket.on('readable', onReadable)
}

function isWhole(octets: Buffer): boolean {
  if (octets[0] !== HANDSHAKE || octets.length >= ENOUGH) return true
  return octets.length >= RECORD_HEADER && octets.length >= RECORD_HEADER + octets.readUInt16BE(3)
}
