import { createServer, type Socket } from 'node:net'
import tls, { type TLSSocket } from 'node:tls'
import type { Channel } from '@x/core'
import type { TcpListener } from '@x/core/node'
import { type ListenTlsOptions, listenTls, type SecurityEvent, type SecurityEventId } from '../src/index.js'
import { authority, type Entity, entity } from './certificates.js'

export type Version = 'TLSv1.2' | 'TLSv1.3'
export const versions: readonly Version[] = ['TLSv1.2', 'TLSv1.3']
export const loopback = { host: '127.0.0.1', port: 0 } as const

/** An authority and two who have a certificate of it. */
export const ca = await authority('Test CA')
export const server: Entity = await entity(ca, { name: 'server' })
export const client: Entity = await entity(ca, { name: 'client' })

/** A list of events, and waiting for one of them. */
export function eventLog() {
  const events: SecurityEvent[] = []
  const onSecurityEvent = (event: SecurityEvent) => void events.push(event)
  return {
    events,
    onSecurityEvent,
    ids: () => events.map(event => event.id),
    of: (id: SecurityEventId) => events.filter(event => event.id === id),
  }
}

/** What came out of a channel. */
export function heard(channel: Channel) {
  const state = { octets: Buffer.alloc(0), ended: false, cause: undefined as unknown }
  channel.onData = chunk => {
    state.octets = Buffer.concat([state.octets, chunk])
  }
  channel.onEnd = cause => {
    state.ended = true
    state.cause = cause
  }
  return state
}

/** A listener of ours with its channels and events. */
export async function secureServer(options: Partial<ListenTlsOptions> = {}) {
  const log = eventLog()
  const channels: Channel[] = []
  const states: ReturnType<typeof heard>[] = []
  const listener = await listenTls({ ...loopback, ...server, ca: ca.pem, onSecurityEvent: log.onSecurityEvent, ...options }, channel => {
    channels.push(channel)
    states.push(heard(channel))
  })
  return { listener, log, channels, states, port: listener.port, close: () => listener.close({ mode: 'abort' }) }
}

export interface RawOptions {
  readonly version?: Version | 'TLSv1.1'
  readonly extra?: tls.ConnectionOptions
  /** Written as soon as the handshake seems done. */
  readonly says?: string
}

/** A client of Node, without our rules, that lets everything pass. */
export function rawClient(port: number, who: Entity | undefined, { version, extra, says }: RawOptions = {}) {
  const socket = tls.connect({
    host: '127.0.0.1',
    port,
    rejectUnauthorized: false,
    ciphers: 'DEFAULT:@SECLEVEL=0',
    ...(version ? { minVersion: version, maxVersion: version } : {}),
    ...(who ? { key: who.key, cert: who.certificate } : {}),
    ...extra,
  })
  const state = { secure: false, closed: false, error: undefined as NodeJS.ErrnoException | undefined }
  socket.on('error', error => {
    state.error ??= error
  })
  socket.on('data', () => {})
  const closed = new Promise<void>(resolve => {
    socket.on('close', () => {
      state.closed = true
      resolve()
    })
  })
  const secure = new Promise<void>(resolve => {
    socket.on('secureConnect', () => {
      state.secure = true
      if (says) socket.write(says)
      resolve()
    })
  })
  return { socket, state, closed, secure }
}

/** A server of Node, without our rules. */
export async function rawServer(
  who: Entity,
  options: tls.TlsOptions & { version?: Version } = {},
  onSocket: (socket: TLSSocket) => void = () => {},
) {
  const { version, ...rest } = options
  const sockets = new Set<Socket>()
  const listening = tls.createServer(
    {
      key: who.key,
      cert: who.certificate,
      requestCert: true,
      rejectUnauthorized: false,
      ciphers: 'DEFAULT:@SECLEVEL=0',
      ...(version ? { minVersion: version, maxVersion: version } : {}),
      ...rest,
    },
    socket => {
      socket.on('error', () => {})
      onSocket(socket)
    },
  )
  return listenOn(listening, sockets)
}

/** A TCP server that does with sockets as it likes. */
export function plainServer(onSocket: (socket: Socket) => void) {
  return listenOn(
    createServer(socket => {
      socket.on('error', () => {})
      onSocket(socket)
    }),
    new Set(),
  )
}

async function listenOn(listening: ReturnType<typeof createServer>, sockets: Set<Socket>) {
  listening.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  listening.on('tlsClientError', () => {})
  await new Promise<void>(resolve => listening.listen(0, '127.0.0.1', resolve))
  const address = listening.address()
  const close = () => {
    for (const socket of sockets) socket.destroy()
    return new Promise<void>(resolve => listening.close(() => resolve()))
  }
  return { server: listening, port: typeof address === 'object' && address ? address.port : 0, close }
}

export type { TcpListener }
