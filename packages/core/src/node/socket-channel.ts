import type { Socket } from 'node:net'
import type { Channel, ChannelEdge, ChannelKeeper, ChannelReader, NetworkAddress } from '../channel.js'
import { DisconnectedError, type OsiError } from '../errors.js'
import { addressText, networkAddress } from './address.js'
import { copied, lent, readShared } from './shared-read.js'

export interface SocketOptions {
  /**
   * Milliseconds of silence before TCP asks whether the peer is still there, in whole seconds; 0: never. The system then asks ten times, a
   * second apart, so a lost link is found ten seconds later: As2 and As3 of the PIXIT of IEC 61850. @default 1_000
   */
  readonly keepAlive?: number
  /** Octets leave at once instead of waiting for more. @default true */
  readonly noDelay?: boolean
}

/** Milliseconds of silence before the first keepalive probe. */
const KEEP_ALIVE = 1_000
/** Milliseconds that a peer has to take what is still queued after either side has ended. */
const LINGER = 5_000

/**
 * A connected socket as a channel: what is written while a chunk is heard, or in one turn, leaves as one write; every listener is set here.
 *
 * The socket is read once `onData` is set, so nothing that comes before is lost. After an end by either side, what is queued has five
 * seconds to leave. A socket made with `allowHalfOpen` can still send after the peer's FIN.
 * @param keepAlive as in `ConnectTcpOptions` @param failed reads an error of the socket; @default as one of TCP
 * @param closed told when the socket has closed
 */
export function socketChannel(
  socket: Socket,
  keepAlive = KEEP_ALIVE,
  failed: (error: NodeJS.ErrnoException) => OsiError = tcpFailed,
  closed?: (socket: Socket) => void,
): Channel {
  if (keepAlive > 0) socket.setKeepAlive(true, keepAlive)
  socket.setNoDelay(true)
  return new SocketChannel(socket as ChanneledSocket, failed, closed)
}

/** The channel of a socket, for listeners that all sockets share. */
const CHANNEL = Symbol('channel')

type ChanneledSocket = Socket & { [CHANNEL]: SocketChannel }

interface Listeners {
  onData?: Channel['onData']
  onDrain?: Channel['onDrain']
  onEnd?: Channel['onEnd']
  whyClosed?: Channel['whyClosed']
}

/** What few sockets have, and only some time. */
interface Rest {
  localAddress?: NetworkAddress | undefined
  failure?: OsiError
  lingering?: NodeJS.Timeout
}

/** A flush is due at the end of the turn. */
const SCHEDULED = 1
/** A chunk is being heard: what is written meanwhile goes when that is done, without waiting for the end of the turn. */
const HEARING = 2
/** `write` has returned false since the last `onDrain`. */
const FULL = 4

/** A class, and not closures over the socket: an idle connection holds little else. */
class SocketChannel implements Channel {
  edge: ChannelEdge | undefined
  keeper: ChannelKeeper | undefined
  lends = false
  ended = false
  endCause: OsiError | undefined
  readonly #socket: Socket
  readonly #failed: (error: NodeJS.ErrnoException) => OsiError
  readonly #closed: ((socket: Socket) => void) | undefined
  #reader: ChannelReader | undefined
  /** Functions in the place of those three. */
  #listeners: Listeners | undefined
  #queue: Uint8Array[] | undefined
  #queued = 0
  #is = 0
  #rest: Rest | undefined

  constructor(socket: ChanneledSocket, failed: (error: NodeJS.ErrnoException) => OsiError, closed: ((socket: Socket) => void) | undefined) {
    this.#socket = socket
    this.#closed = closed
    this.#failed = failed
    // Asked for now, since a closed socket knows its peer only if it was asked before.
    void socket.remoteAddress
    socket[CHANNEL] = this
    socket.on('drain', drain)
    socket.on('end', end)
    socket.on('error', fail)
    socket.on('close', close)
  }

  get reader(): ChannelReader | undefined {
    return this.#reader
  }

  set reader(reader) {
    this.#reader = reader
    if (this.#listeners?.onData === undefined) this.#begin()
  }

  get onData(): (octets: Uint8Array) => void {
    return this.#listeners?.onData ?? (octets => this.#tellHeard(octets))
  }

  set onData(onData) {
    const first = this.#listeners?.onData === undefined && this.#reader === undefined
    this.#listeners = { ...this.#listeners, onData }
    if (first) this.#begin()
  }

  get onDrain(): () => void {
    return this.#listeners?.onDrain ?? (() => this.edge?.channelDrained())
  }

  set onDrain(onDrain) {
    this.#listeners = { ...this.#listeners, onDrain }
  }

  get onEnd(): (cause?: OsiError) => void {
    return this.#listeners?.onEnd ?? (cause => this.#tellEnd(cause))
  }

  set onEnd(onEnd) {
    this.#listeners = { ...this.#listeners, onEnd }
  }

  get whyClosed(): Channel['whyClosed'] {
    return this.#listeners?.whyClosed ?? (() => this.#reader?.why)
  }

  set whyClosed(whyClosed) {
    this.#listeners = { ...this.#listeners, whyClosed }
  }

  get remote(): string {
    return addressText(this.remoteAddress)
  }

  get remoteAddress(): NetworkAddress | undefined {
    return networkAddress(this.#socket.remoteAddress, this.#socket.remotePort)
  }

  get localAddress(): NetworkAddress | undefined {
    this.#rest ??= {}
    this.#rest.localAddress ??= networkAddress(this.#socket.localAddress, this.#socket.localPort)
    return this.#rest.localAddress
  }

  get pending(): number {
    return this.#socket.writableLength + this.#queued
  }

  write(octets: Uint8Array): boolean {
    const socket = this.#socket
    if (this.ended || socket.destroyed || socket.writableEnded) return true
    if (this.#queue === undefined) this.#queue = [octets]
    else this.#queue.push(octets)
    this.#queued += octets.length
    if ((this.#is & (SCHEDULED | HEARING)) === 0) {
      this.#is |= SCHEDULED
      process.nextTick(flush, this)
    }
    if (this.#queued + socket.writableLength >= socket.writableHighWaterMark) this.#is |= FULL
    return (this.#is & FULL) === 0
  }

  end(): void {
    this.flush()
    this.#socket.end()
    this.#linger()
    // The peer's octets are of no interest any more, but its FIN is: keep reading.
    this.#socket.resume()
  }

  destroy(): void {
    this.#queue = undefined
    this.#queued = 0
    this.#socket.destroy()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    // Before anybody hears, it would lose octets.
    if (this.#reader !== undefined || this.#listeners?.onData !== undefined) this.#socket.resume()
  }

  flush(): void {
    this.#is &= ~SCHEDULED
    const queue = this.#queue
    if (queue === undefined) return
    if (this.#queued === 0) {
      this.#queue = undefined
      return
    }
    const octets = queue.length === 1 ? queue[0]! : joined(queue, this.#queued)
    this.#queue = undefined
    this.#queued = 0
    if (!this.#socket.destroyed && this.#socket.write(octets)) this.drained()
  }

  hear(chunk: Uint8Array): void {
    this.#is |= HEARING
    try {
      if (this.#listeners?.onData !== undefined) this.#listeners.onData(chunk)
      else this.#tellHeard(chunk)
    } finally {
      this.#is &= ~HEARING
      this.flush()
    }
  }

  drained(): void {
    if ((this.#is & FULL) === 0) return
    this.#is &= ~FULL
    if (this.#listeners?.onDrain !== undefined) this.#listeners.onDrain()
    else this.edge?.channelDrained()
  }

  failed(error: NodeJS.ErrnoException): void {
    this.#rest ??= {}
    this.#rest.failure = this.#failed(error)
  }

  /** The first FIN is the N-DISCONNECT indication (RFC 1006, 4): there is no half-open transport connection. */
  finished(): void {
    this.#endOnce(undefined)
    if (this.#socket.writableEnded) return
    this.flush()
    this.#socket.end()
    this.#linger()
  }

  closed(): void {
    this.#closed?.(this.#socket)
    clearTimeout(this.#rest?.lingering)
    this.#endOnce(this.#rest?.failure)
  }

  #begin(): void {
    if (readShared(this.#socket, hearShared)) this.#socket.resume()
    else this.#socket.on('data', hear)
  }

  #tellHeard(chunk: Uint8Array): void {
    this.#reader?.heard(chunk)
    this.edge?.channelHeard()
  }

  #tellEnd(cause: OsiError | undefined): void {
    this.edge?.channelEnding()
    this.#reader?.ended(cause)
    this.edge?.channelEnded(cause)
  }

  #endOnce(cause: OsiError | undefined): void {
    if (this.ended) return
    this.ended = true
    this.endCause = cause
    this.keeper?.lost(this)
    if (this.#listeners?.onEnd !== undefined) this.#listeners.onEnd(cause)
    else this.#tellEnd(cause)
  }

  #linger(): void {
    if (this.#socket.destroyed) return
    this.#rest ??= {}
    this.#rest.lingering ??= setTimeout(() => this.#socket.destroy(), LINGER)
  }
}

function flush(channel: SocketChannel): void {
  channel.flush()
}

function hear(this: Socket, chunk: Uint8Array): void {
  ;(this as ChanneledSocket)[CHANNEL].hear(chunk)
}

function hearShared(this: Socket, length: number): void {
  const channel = (this as ChanneledSocket)[CHANNEL]
  channel.hear(channel.lends ? lent(length) : copied(length))
}

function drain(this: Socket): void {
  ;(this as ChanneledSocket)[CHANNEL].drained()
}

function end(this: Socket): void {
  ;(this as ChanneledSocket)[CHANNEL].finished()
}

function fail(this: Socket, error: NodeJS.ErrnoException): void {
  ;(this as ChanneledSocket)[CHANNEL].failed(error)
}

function close(this: Socket): void {
  ;(this as ChanneledSocket)[CHANNEL].closed()
}

function tcpFailed(error: NodeJS.ErrnoException): OsiError {
  return new DisconnectedError('network', `TCP_${error.code ?? 'ERROR'}`, `the TCP connection failed: ${explainFailure(error)}`, {
    by: error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'peer provider' : 'local provider',
    cause: error,
  })
}

function explainFailure(error: NodeJS.ErrnoException): string {
  if (error.code === 'ETIMEDOUT') return 'the peer, or the way to it, is gone: TCP had no answer (ETIMEDOUT)'
  return error.message
}

/** Chunks as one: as they lie when they lie together, as the segments of a TSDU do. @param length of all of them */
function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const { buffer, byteOffset } = chunks[0]!
  let end = byteOffset
  if (chunks.every(chunk => chunk.buffer === buffer && chunk.byteOffset === end && (end += chunk.length))) {
    return new Uint8Array(buffer, byteOffset, length)
  }
  const octets = Buffer.allocUnsafe(length)
  let at = 0
  for (const chunk of chunks) {
    octets.set(chunk, at)
    at += chunk.length
  }
  return octets
}
