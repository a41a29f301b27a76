import { createServer, connect as netConnect, type Server, type Socket } from 'node:net'
import type { Channel } from '../channel.js'
import { RefusedError, TimeoutError } from '../errors.js'
import { socketChannel } from './socket-channel.js'

export interface ConnectTcpOptions {
  /** Name or address, IPv4 or IPv6. */
  readonly host: string
  /** @default 102 (RFC 1006) */
  readonly port?: number
  /** For the TCP connection alone, in milliseconds. @default 10_000 */
  readonly timeout?: number
  readonly signal?: AbortSignal
  /** Address of this side. */
  readonly localAddress?: string
  /** Milliseconds of silence before TCP probes the peer; 0: never. @default 10_000 */
  readonly keepAlive?: number
}

/** The port that RFC 1006 reserves. */
export const ISO_TSAP_PORT = 102

/**
 * Opens a TCP connection.
 * @throws RefusedError `TCP_…` naming the address and what the system said; TimeoutError `TCP_TIMEOUT`; the signal's reason
 */
export function connectTcp(options: ConnectTcpOptions): Promise<Channel> {
  return connectSocket(options, socket => socketChannel(socket, options.keepAlive))
}

/**
 * As `connectTcp`, for transports that put something between the socket and the channel.
 * @param use called as soon as the socket is connected, which from then on needs an `error` listener
 */
export function connectSocket<T>(options: ConnectTcpOptions, use: (socket: Socket) => T): Promise<T> {
  const { host, port = ISO_TSAP_PORT, timeout = 10_000, signal } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const socket = netConnect({
      host,
      port,
      noDelay: true,
      ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
    })
    const remote = `${host}:${port}`
    const fail = (error: unknown) => {
      settle()
      socket.destroy()
      reject(error)
    }
    const onAbort = () => fail(signal!.reason)
    const timer = setTimeout(
      () =>
        fail(new TimeoutError('network', 'TCP_TIMEOUT', `no TCP connection to ${remote} within ${timeout} ms`, { by: 'local provider' })),
      timeout,
    )
    const onError = (error: NodeJS.ErrnoException) =>
      fail(
        new RefusedError('network', `TCP_${error.code ?? 'ERROR'}`, `no TCP connection to ${remote}: ${explainErrno(error)}`, {
          by: error.code === 'ECONNREFUSED' ? 'peer provider' : 'local provider',
          cause: error,
        }),
      )
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      socket.off('error', onError)
    }
    socket.once('error', onError)
    socket.once('connect', () => {
      settle()
      resolve(use(socket))
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

function explainErrno(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'nothing listens there (ECONNREFUSED)'
    case 'ENOTFOUND':
      return 'the host name is unknown (ENOTFOUND)'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no route to it (${error.code})`
    default:
      return error.message || String(error.code)
  }
}

export interface ListenTcpOptions {
  /** 0 takes a free one. @default 102 */
  readonly port?: number
  /** Address to listen on. @default all */
  readonly host?: string
  /** Connections held at once; more are closed at once and counted. @default 1_000 */
  readonly maxConnections?: number
  readonly keepAlive?: number
}

/** A listening TCP port. */
export interface TcpListener extends AsyncDisposable {
  readonly port: number
  readonly address: string
  /** Connections refused because `maxConnections` were open. */
  readonly refused: number
  /** Connections open now. */
  readonly connections: number
  /** Stops listening; open connections stay. Resolves when the port is free and all connections are gone, or at once with `destroy`. */
  close(how?: { destroy?: boolean }): Promise<void>
}

/** Listens, and hands each connection to `onChannel`. @throws RefusedError `TCP_EADDRINUSE` and the like */
export function listenTcp(options: ListenTcpOptions, onChannel: (channel: Channel) => void): Promise<TcpListener> {
  return listenSockets(options, socket => onChannel(socketChannel(socket, options.keepAlive)))
}

/** As `listenTcp`, for transports that put something between the socket and the channel. Each socket needs an `error` listener at once. */
export function listenSockets(options: ListenTcpOptions, onSocket: (socket: Socket) => void): Promise<TcpListener> {
  const { port = ISO_TSAP_PORT, maxConnections = 1_000 } = options
  const sockets = new Set<Socket>()
  let refused = 0
  const forget = function (this: Socket) {
    sockets.delete(this)
  }
  const server: Server = createServer({ noDelay: true, pauseOnConnect: false }, socket => {
    sockets.add(socket)
    socket.on('close', forget)
    onSocket(socket)
  })
  server.maxConnections = maxConnections
  server.on('drop', () => {
    refused += 1
  })
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) =>
      reject(
        new RefusedError(
          'network',
          `TCP_${error.code ?? 'ERROR'}`,
          `cannot listen on ${options.host ?? '*'}:${port}: ${explainListen(error, port)}`,
          {
            by: 'local provider',
            cause: error,
          },
        ),
      )
    server.once('error', onError)
    server.listen({ port, ...(options.host === undefined ? {} : { host: options.host }) }, () => {
      server.off('error', onError)
      server.on('error', () => {})
      const address = server.address()
      const bound = typeof address === 'object' && address ? address : { port, address: options.host ?? '' }
      const listener: TcpListener = {
        port: bound.port,
        address: bound.address,
        get refused() {
          return refused
        },
        get connections() {
          return sockets.size
        },
        close: how =>
          new Promise(done => {
            server.close(() => setImmediate(done))
            if (how?.destroy) for (const socket of sockets) socket.destroy()
          }),
        [Symbol.asyncDispose]: () => listener.close({ destroy: true }),
      }
      resolve(listener)
    })
  })
}

function explainListen(error: NodeJS.ErrnoException, port: number): string {
  if (error.code === 'EACCES') return `ports below 1024 need a privilege; choose another port than ${port} (EACCES)`
  if (error.code === 'EADDRINUSE') return 'another program listens there (EADDRINUSE)'
  return error.message
}
