import { createServer, type Socket } from 'node:net'
import type { Channel } from '../channel.js'
import { RefusedError } from '../errors.js'
import { ISO_TSAP_PORT } from '../ports.js'
import { addressText, hostAndPort, networkAddress } from './address.js'
import { Admission, type AdmissionOptions, type Refusals } from './admission.js'
import { type SocketOptions, socketChannel } from './socket-channel.js'

/** What happened to a client that got no connection; for a log. @param error a RefusedError `TCP_REFUSED` when it was turned away before it was heard */
export type OnRefused = (error: unknown, remote: string) => void

export interface ListenTcpOptions extends SocketOptions, AdmissionOptions {
  /** 0 takes a free one. @default 102 */
  readonly port?: number
  /** Address to listen on. @default all, IPv6 and IPv4 */
  readonly host?: string
  /** Connections that the system holds until they are accepted; it has a limit of its own. @default 511 */
  readonly backlog?: number
  readonly onRefused?: OnRefused
}

export interface CloseOptions {
  /** `drain` lets what is open end in order, `abort` ends it at once. @default 'drain' */
  readonly mode?: 'drain' | 'abort'
  /** For draining, in milliseconds; what is open then is ended. @default 10_000 */
  readonly timeout?: number
}

/** A listening TCP port. */
export interface TcpListener extends AsyncDisposable {
  readonly port: number
  readonly address: string
  /** Connections refused. */
  readonly refused: number
  /** The same by reason. */
  readonly refusals: Refusals
  /** Connections open now. */
  readonly connections: number
  /** Connections that may be open at once: the option, or less when the process may not have so many descriptors. */
  readonly maxConnections: number
  /**
   * Stops listening. Resolves when the port is free and all connections are gone: with `drain` at the latest after `timeout`.
   * A second call ends what is left at once, whatever its mode.
   */
  close(how?: CloseOptions): Promise<void>
}

/** Milliseconds for what is open to end. */
const DRAIN = 10_000

/** Listens, and hands each connection to `onChannel`. @throws RefusedError `TCP_EADDRINUSE` and the like */
export function listenTcp(options: ListenTcpOptions, onChannel: (channel: Channel) => void): Promise<TcpListener> {
  return listen(options, (socket, closed) => {
    const channel = socketChannel(socket, options.keepAlive, undefined, closed)
    if (options.noDelay === false) socket.setNoDelay(false)
    onChannel(channel)
  })
}

/** As `listenTcp`, for transports that put something between the socket and the channel. Each socket needs an `error` listener at once. */
export function listenSockets(options: ListenTcpOptions, onSocket: (socket: Socket) => void): Promise<TcpListener> {
  return listen(options, (socket, closed) => {
    socket.on('close', () => closed(socket))
    onSocket(socket)
  })
}

/** @param onSocket has to see to it that `closed` is called: a channel has a listener for that already */
function listen(options: ListenTcpOptions, onSocket: (socket: Socket, closed: (socket: Socket) => void) => void): Promise<TcpListener> {
  const { port = ISO_TSAP_PORT, host, backlog = 511 } = options
  const admission = new Admission(options)
  const sockets = new Set<Socket>()
  let closing: Promise<void> | undefined
  let onEmpty: (() => void) | undefined
  const refuse = (text: string, remote: string) =>
    tellRefused(
      options.onRefused,
      () => new RefusedError('network', 'TCP_REFUSED', `refused ${remote}: ${text}`, { by: 'local provider' }),
      remote,
    )

  const forget = (socket: Socket) => {
    sockets.delete(socket)
    admission.leave(socket.remoteAddress!)
    if (sockets.size === 0) onEmpty?.()
  }
  const server = createServer({ allowHalfOpen: true }, socket => {
    const address = networkAddress(socket.remoteAddress, socket.remotePort)
    // Without an address it has gone already.
    if (address === undefined) return void socket.destroy()
    const refused = closing ? { reason: 'closing', text: 'this side is closing' } : admission.enter(address)
    if (refused !== undefined) {
      if (closing) admission.counts.closing += 1
      socket.on('error', ignore).resetAndDestroy()
      return refuse(refused.text, addressText(address))
    }
    sockets.add(socket)
    onSocket(socket, forget)
  })
  // Above this the system's descriptor is closed before there is a socket; below it our own limits decide.
  server.maxConnections = admission.maxConnections
  server.on('drop', from => {
    admission.counts.limit += 1
    refuse(`${admission.maxConnections} connections are open already`, addressText(networkAddress(from?.remoteAddress, from?.remotePort)))
  })

  const destroyAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  const close = ({ mode = 'drain', timeout = DRAIN }: CloseOptions = {}): Promise<void> => {
    if (closing !== undefined || mode === 'abort') destroyAll()
    closing ??= new Promise(resolve => {
      const timer = setTimeout(destroyAll, timeout)
      server.close(() => {
        clearTimeout(timer)
        // The server counts a socket as gone before the socket says so itself.
        onEmpty = resolve
        if (sockets.size === 0) resolve()
      })
    })
    return closing
  }

  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new RefusedError(
          'network',
          `TCP_${error.code ?? 'ERROR'}`,
          `cannot listen on ${hostAndPort(host ?? '*', port)}: ${explainListen(error, port, host)}`,
          { by: 'local provider', cause: error },
        ),
      ),
    )
    server.listen({ port, backlog, ...(host === undefined ? {} : { host }) }, () => {
      // An accept that fails is tried again by the system; it must not end the program.
      server.removeAllListeners('error').on('error', ignore)
      const bound = server.address() as { port: number; address: string }
      const listener: TcpListener = {
        port: bound.port,
        address: bound.address,
        maxConnections: admission.maxConnections,
        get refused() {
          return Object.values(admission.counts).reduce((sum, count) => sum + count, 0)
        },
        get refusals() {
          return { ...admission.counts }
        },
        get connections() {
          return sockets.size
        },
        close,
        [Symbol.asyncDispose]: () => listener.close({ mode: 'abort' }),
      }
      resolve(listener)
    })
  })
}

/** Tells the hook, if there is one; a hook that throws becomes a warning of the process, since it must not end the listener. @internal */
export function tellRefused(onRefused: OnRefused | undefined, errorOf: () => unknown, remote: string): void {
  if (onRefused === undefined) return
  try {
    onRefused(errorOf(), remote)
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error))
  }
}

function ignore(): void {}

function explainListen(error: NodeJS.ErrnoException, port: number, host: string | undefined): string {
  if (error.code === 'EACCES') return `ports below 1024 need a privilege; choose another port than ${port} (EACCES)`
  if (error.code === 'EADDRINUSE') return 'another program listens there (EADDRINUSE)'
  if (error.code === 'EADDRNOTAVAIL') return `${host} is no address of this machine (EADDRNOTAVAIL)`
  return error.message
}
