import type { Socket } from 'node:net'
import type { Channel } from '../channel.js'
import { DisconnectedError, type OsiError } from '../errors.js'

/**
 * A connected socket as a channel: what is written while a chunk is heard, or in one turn, leaves as one write; every listener is set here.
 * @param keepAlive as in `ConnectTcpOptions` @param failed reads an error of the socket; @default as one of TCP
 */
export function socketChannel(socket: Socket, keepAlive = 10_000, failed: (error: NodeJS.ErrnoException) => OsiError = tcpFailed): Channel {
  if (keepAlive > 0) socket.setKeepAlive(true, keepAlive)
  socket.setNoDelay(true)
  return new SocketChannel(socket as ChanneledSocket, failed)
}

/** The channel of a socket, for listeners that all sockets share. */
const CHANNEL = Symbol('channel')

type ChanneledSocket = Socket & { [CHANNEL]: SocketChannel }

/** A class, and not closures over the socket: an idle connection holds little else. */
class SocketChannel implements Channel {
  onData: (octets: Uint8Array) => void = ignore
  onDrain: () => void = ignore
  onEnd: (cause?: OsiError) => void = ignore
  whyClosed: Channel['whyClosed'] = undefined
  readonly remote: string
  readonly #socket: Socket
  readonly #failed: (error: NodeJS.ErrnoException) => OsiError
  #queue: Uint8Array[] = []
  #queued = 0
  #scheduled = false
  /** A chunk is being heard: what is written meanwhile goes when that is done, without waiting for the end of the turn. */
  #hearing = false
  #ended = false
  /** `write` has returned false since the last `onDrain`. */
  #full = false
  #failure: OsiError | undefined

  constructor(socket: ChanneledSocket, failed: (error: NodeJS.ErrnoException) => OsiError) {
    this.#socket = socket
    this.#failed = failed
    this.remote = `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? '?'}`
    socket[CHANNEL] = this
    socket.on('data', hear)
    socket.on('drain', drain)
    socket.on('end', end)
    socket.on('error', fail)
    socket.on('close', close)
  }

  get pending(): number {
    return this.#socket.writableLength + this.#queued
  }

  write(octets: Uint8Array): boolean {
    const socket = this.#socket
    if (this.#ended || socket.destroyed || socket.writableEnded) return true
    this.#queue.push(octets)
    this.#queued += octets.length
    if (!this.#scheduled && !this.#hearing) {
      this.#scheduled = true
      process.nextTick(flush, this)
    }
    this.#full ||= this.#queued + socket.writableLength >= socket.writableHighWaterMark
    return !this.#full
  }

  end(): void {
    this.flush()
    this.#socket.end()
    // The peer's octets are of no interest any more, but its FIN is: keep reading.
    this.#socket.resume()
  }

  destroy(): void {
    this.#queue = []
    this.#queued = 0
    this.#socket.destroy()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  flush(): void {
    this.#scheduled = false
    if (this.#queued === 0) return
    const queue = this.#queue
    const octets = queue.length === 1 ? queue[0]! : joined(queue, this.#queued)
    this.#queue = []
    this.#queued = 0
    if (!this.#socket.destroyed && this.#socket.write(octets) && this.#full) this.drained()
  }

  hear(chunk: Uint8Array): void {
    this.#hearing = true
    try {
      this.onData(chunk)
    } finally {
      this.#hearing = false
      this.flush()
    }
  }

  drained(): void {
    if (!this.#full) return
    this.#full = false
    this.onDrain()
  }

  failed(error: NodeJS.ErrnoException): void {
    this.#failure = this.#failed(error)
  }

  /** The first FIN is the N-DISCONNECT indication (RFC 1006, 4): there is no half-open transport connection. */
  finished(): void {
    this.#endOnce(undefined)
    if (this.#socket.writableEnded) return
    this.flush()
    this.#socket.end()
  }

  closed(): void {
    this.#endOnce(this.#failure)
  }

  #endOnce(cause: OsiError | undefined): void {
    if (this.#ended) return
    this.#ended = true
    this.onEnd(cause)
  }
}

function ignore(): void {}

function flush(channel: SocketChannel): void {
  channel.flush()
}

function hear(this: Socket, chunk: Uint8Array): void {
  ;(this as ChanneledSocket)[CHANNEL].hear(chunk)
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
  return new DisconnectedError('network', `TCP_${error.code ?? 'ERROR'}`, `the TCP connection failed: ${error.message}`, {
    by: error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'peer provider' : 'local provider',
    cause: error,
  })
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const octets = Buffer.allocUnsafe(length)
  let at = 0
  for (const chunk of chunks) {
    octets.set(chunk, at)
    at += chunk.length
  }
  return octets
}
