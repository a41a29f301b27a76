import { isIP, connect as netConnect, type Socket } from 'node:net'
import type { Channel } from '../channel.js'
import { RefusedError, TimeoutError, UsageError } from '../errors.js'
import { ISO_TSAP_PORT } from '../ports.js'
import { hostAndPort } from './address.js'
import { type SocketOptions, socketChannel } from './socket-channel.js'

export interface ConnectTcpOptions extends SocketOptions {
  /** Name or address, IPv4 or IPv6. All addresses of a name are tried, a second for each but the last. */
  readonly host: string
  /** @default 102 (RFC 1006) */
  readonly port?: number
  /** For finding and reaching the peer, in milliseconds; Infinity: as long as the system tries. @default 10_000 */
  readonly timeout?: number
  readonly signal?: AbortSignal
  /** Only addresses of this kind. @default both */
  readonly family?: 4 | 6
  /** Address of this side. @default as the system routes */
  readonly localAddress?: string
  /** Port of this side. @default any free one */
  readonly localPort?: number
}

/** Milliseconds for one of several addresses of a name. */
const ATTEMPT = 1_000

/**
 * Opens a TCP connection.
 * @throws RefusedError `TCP_…` naming the address and what the system said; TimeoutError `TCP_TIMEOUT`; UsageError `TCP_OPTION`; the signal's reason
 */
export function connectTcp(options: ConnectTcpOptions): Promise<Channel> {
  return connectSocket(options, socket => {
    const channel = socketChannel(socket, options.keepAlive)
    if (options.noDelay === false) socket.setNoDelay(false)
    return channel
  })
}

/**
 * As `connectTcp`, for transports that put something between the socket and the channel.
 * @param use called as soon as the socket is connected, which from then on needs an `error` listener
 */
export function connectSocket<T>(options: ConnectTcpOptions, use: (socket: Socket) => T | Promise<T>): Promise<T> {
  const { host, port = ISO_TSAP_PORT, timeout = 10_000, signal, family, localAddress, localPort } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    checkPort('port', port, 1)
    if (localPort !== undefined) checkPort('localPort', localPort, 0)
    const tried: string[] = []
    const socket = netConnect({
      host,
      port,
      allowHalfOpen: true,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: Math.max(1, Math.min(ATTEMPT, timeout)),
      ...(family === undefined ? {} : { family }),
      ...(localAddress === undefined ? {} : { localAddress }),
      ...(localPort === undefined ? {} : { localPort }),
    })
    const failed = (why: string) => `no TCP connection to ${hostAndPort(host, port)}${why}${triedText(host, tried)}`
    const fail = (error: unknown) => {
      settle()
      socket.destroy()
      reject(error)
    }
    const onAbort = () => fail(signal!.reason)
    const onTimeout = () => fail(new TimeoutError('network', 'TCP_TIMEOUT', failed(` within ${timeout} ms`), { by: 'local provider' }))
    // Above this a timer would run at once.
    const timer = timeout > 2 ** 31 - 1 ? undefined : setTimeout(onTimeout, timeout)
    const onError = (error: NodeJS.ErrnoException) =>
      fail(
        new RefusedError('network', `TCP_${error.code ?? 'ERROR'}`, failed(`: ${explainErrno(error, options)}`), {
          by: error.code === 'ECONNREFUSED' ? 'peer provider' : 'local provider',
          cause: error,
        }),
      )
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      socket.removeAllListeners('connectionAttempt')
      // A socket that was given up may still fail, and then somebody must listen.
      socket.off('error', onError).on('error', ignore)
    }
    socket.on('connectionAttempt', address => tried.push(address))
    socket.once('error', onError)
    socket.once('connect', () => {
      settle()
      resolve(use(socket))
      socket.off('error', ignore)
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

function ignore(): void {}

function checkPort(name: string, port: number, least: number): void {
  if (Number.isInteger(port) && port >= least && port <= 65_535) return
  throw new UsageError('network', 'TCP_OPTION', `${name}: expected ${least} to 65535, found ${port}`)
}

/** What a name was taken for. */
function triedText(host: string, tried: readonly string[]): string {
  return isIP(host) !== 0 || tried.length === 0 ? '' : `; tried ${tried.join(', ')}`
}

function explainErrno(error: NodeJS.ErrnoException, { localAddress, localPort }: ConnectTcpOptions): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'nothing listens there (ECONNREFUSED)'
    case 'ENOTFOUND':
      return 'the host name is unknown (ENOTFOUND)'
    case 'EAI_AGAIN':
      return 'the host name could not be looked up now (EAI_AGAIN)'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no route to it (${error.code})`
    case 'ETIMEDOUT':
      return 'it does not answer (ETIMEDOUT)'
    case 'EADDRNOTAVAIL':
      if (localPort !== undefined) return `the local port ${localPort} is in use, or its address is not of this machine (EADDRNOTAVAIL)`
      return `${localAddress ?? 'the local address'} is no address of this machine (EADDRNOTAVAIL)`
    case 'EADDRINUSE':
      return `the local port ${localPort} is in use (EADDRINUSE)`
    case 'EMFILE':
      return 'this process has no file descriptor left (EMFILE)'
    default:
      return error.message || String(error.code)
  }
}
