import { AccessPoint, type Channel, type DecodeError, type OsiError, readFrom, TimeoutError, type Timers, UsageError } from '@x/core'
import { HEADER_LENGTH, lengthFault, MAX_LENGTH, MIN_LENGTH, prependHeader, truncated, versionFault } from './packet.js'
import type { NetworkDelivery, NetworkService, NetworkSubmit } from './service.js'

export interface TpktOptions {
  /** Longest packet taken, header included, in octets: 7 … 65 535. A longer one closes before its body is held. @default 65_535 */
  readonly maxLength?: number
  /** For the two timeouts. @default no timers */
  readonly timers?: Timers
  /** From the first octet of a packet to its last, in milliseconds, not renewed by octets; 0: no limit. @default 10_000; without timers none */
  readonly packetTimeout?: number
  /** From the start to the first octet of the peer, in milliseconds; 0: no limit. For the side that listens. @default 0 */
  readonly firstOctetTimeout?: number
  /** The octets of a delivery are needed during the delivery only: chunks, and packets that straddle them, then share buffers. @default false */
  readonly reuseBuffers?: boolean
}

/** Below this many octets a loop copies faster than `subarray` and `set`. */
const SHORT = 24

/**
 * The network service over a channel: packets out of a stream of octets in any chunking, and back. RFC 1006, 5 and 6.
 *
 * A packet wholly inside a chunk is handed up as a view of it; one that straddles chunks is put together once, in a buffer
 * of exactly its size. The machine takes `onData` and `onEnd` of the channel; whoever needs `onEnd` as well wraps it. Once
 * closed it delivers nothing; over a channel that has ended already it is closed from the start.
 */
export class TpktMachine extends AccessPoint<NetworkDelivery> implements NetworkService {
  /** Longest packet taken from now on, header included; raise it once the peer is known. */
  maxLength: number
  /** Why the machine closed, when it was not an orderly close; also when nobody was there to be told. */
  fault: OsiError | undefined
  readonly #channel: Channel
  #state: 'OPEN' | 'CLOSED' = 'OPEN'
  /** Octets of a header that ended with its chunk, and the last two of them: in the end they are the length. */
  #headerLength = 0
  #lastTwo = 0
  /** The TPDU that straddles chunks, and how much of it is here. */
  #tpdu: Uint8Array | undefined
  #filled = 0
  readonly #reuseBuffers: boolean
  readonly #timers: Timers | undefined
  readonly #packetTimeout: number
  #stopTimer: (() => void) | undefined
  /** The peer has not sent an octet, and its time for that is running. */
  #silent = false

  constructor(channel: Channel, options: TpktOptions = {}) {
    super()
    this.maxLength = options.maxLength ?? MAX_LENGTH
    if (!(this.maxLength >= MIN_LENGTH && this.maxLength <= MAX_LENGTH)) {
      throw new UsageError('tpkt', 'TPKT_OPTION', `maxLength: expected ${MIN_LENGTH} to ${MAX_LENGTH}, found ${this.maxLength}`)
    }
    this.#channel = channel
    this.#reuseBuffers = options.reuseBuffers ?? false
    this.#packetTimeout = options.packetTimeout ?? 10_000
    this.#timers = this.#packetTimeout > 0 ? options.timers : undefined
    if (channel.ended) {
      this.#state = 'CLOSED'
      this.fault = channel.endCause
      return
    }
    const { timers, firstOctetTimeout = 0 } = options
    if (timers && firstOctetTimeout > 0) {
      this.#stopTimer = timers.after(firstOctetTimeout, () => this.#giveUp(silent(firstOctetTimeout)))
      this.#silent = true
    }
    if (this.#reuseBuffers) channel.lends = true
    readFrom(channel, this)
  }

  /** @internal Why this layer, or the one above it, has closed. */
  get why(): OsiError | undefined {
    return this.fault ?? this.user.fault
  }

  /** `CLOSED` after either side has closed, or after octets that are no TPKT. */
  get state(): 'OPEN' | 'CLOSED' {
    return this.#state
  }

  /**
   * @throws EncodeError TPKT_LENGTH: the TPDU is shorter than 3 or longer than 65 531 octets
   * @throws UsageError STATE: closed
   */
  submit(primitive: NetworkSubmit): void {
    if (this.#state !== 'OPEN') {
      throw new UsageError('tpkt', 'STATE', `${primitive.type} is not allowed in state ${this.#state}`, this.#state)
    }
    if (primitive.type === 'N-DATA.request') {
      prependHeader(primitive.userData)
      this.#channel.write(primitive.userData.octets())
    } else {
      this.#close()
      // Pending data is still sent: RFC 1006, 4; RFC 2126, 3.2.2.
      this.#channel.end()
    }
  }

  /** @internal From the channel. */
  heard(chunk: Uint8Array): void {
    const tpdu = this.#tpdu
    const { length } = chunk
    if (tpdu !== undefined && length < tpdu.length - this.#filled) {
      // The middle of a packet: there is nothing to decide, and its timer is running.
      if (length < SHORT) for (let i = 0; i < length; i++) tpdu[this.#filled + i] = chunk[i]!
      else tpdu.set(chunk, this.#filled)
      this.#filled += length
      return
    }
    if (length === 0) return
    if (this.#silent) {
      this.#silent = false
      this.#cancelTimer()
    }
    this.#takeApart(chunk)
    if (this.#timers === undefined) return
    const unfinished = this.#tpdu !== undefined || this.#headerLength > 0
    if (!unfinished) this.#cancelTimer()
    else if (this.#stopTimer === undefined && this.#state === 'OPEN') {
      this.#stopTimer = this.#timers.after(this.#packetTimeout, () => this.#giveUp(packetTooSlow(this.#packetTimeout)))
    }
  }

  #cancelTimer(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }

  #takeApart(chunk: Uint8Array): void {
    let at = 0
    // The state is asked each time: the user may close from inside a delivery.
    while (at < chunk.length && this.#state === 'OPEN') {
      if (this.#tpdu !== undefined) {
        at = this.#continueTpdu(this.#tpdu, chunk, at)
      } else if (this.#headerLength > 0 || chunk.length - at < HEADER_LENGTH) {
        at = this.#continueHeader(chunk, at)
      } else {
        if (this.#refuses(versionFault(chunk[at]!))) return
        const length = (chunk[at + 2]! << 8) | chunk[at + 3]!
        if (this.#refuses(lengthFault(length, this.maxLength))) return
        const from = at + HEADER_LENGTH
        at += length
        if (at <= chunk.length) {
          if (this.user.hearPart?.(chunk, from, at)) continue
          // Not `subarray`: of a Node Buffer that is a Buffer again, whose `slice` does not copy.
          const userData = new Uint8Array(chunk.buffer, chunk.byteOffset + from, length - HEADER_LENGTH)
          this.user.hear({ type: 'N-DATA.indication', userData })
        } else {
          this.#tpdu = this.#roomFor(length - HEADER_LENGTH)
          at = from
        }
      }
    }
  }

  /** The header ends with its chunk, or did: octet by octet. @returns where to go on in the chunk */
  #continueHeader(chunk: Uint8Array, at: number): number {
    if (this.#headerLength === 0 && this.#refuses(versionFault(chunk[at]!))) return at
    this.#lastTwo = ((this.#lastTwo << 8) | chunk[at]!) & 0xffff
    this.#headerLength += 1
    if (this.#headerLength === HEADER_LENGTH) {
      this.#headerLength = 0
      const length = this.#lastTwo
      if (this.#refuses(lengthFault(length, this.maxLength))) return at
      this.#tpdu = this.#roomFor(length - HEADER_LENGTH)
    }
    return at + 1
  }

  #continueTpdu(tpdu: Uint8Array, chunk: Uint8Array, at: number): number {
    const n = Math.min(tpdu.length - this.#filled, chunk.length - at)
    if (n < SHORT) for (let i = 0; i < n; i++) tpdu[this.#filled + i] = chunk[at + i]!
    else tpdu.set(n === chunk.length ? chunk : chunk.subarray(at, at + n), this.#filled)
    this.#filled += n
    if (this.#filled === tpdu.length) {
      this.#tpdu = undefined
      this.#filled = 0
      // The next packet has a time of its own, even if it begins in the same chunk.
      this.#cancelTimer()
      this.user.hear({ type: 'N-DATA.indication', userData: tpdu })
      if (this.#reuseBuffers) giveBack(tpdu)
    }
    return at + n
  }

  #roomFor(length: number): Uint8Array {
    return (this.#reuseBuffers && takeSpare(length)) || new Uint8Array(length)
  }

  /** Octets that are no TPKT cannot be answered: close at once. X.224, 6.9.1.4.1. @returns whether there was a fault */
  #refuses(cause: DecodeError | undefined): boolean {
    if (cause === undefined) return false
    this.#giveUp(cause)
    return true
  }

  #giveUp(cause: OsiError): void {
    this.fault = cause
    this.#close()
    this.#channel.destroy()
    this.user.hear({ type: 'N-DISCONNECT.indication', cause })
  }

  /** @internal From the channel. */
  ended(cause: OsiError | undefined): void {
    if (this.#state !== 'OPEN') return
    const why = cause ?? this.#unfinished()
    this.fault = why
    this.#close()
    this.user.hear(why === undefined ? { type: 'N-DISCONNECT.indication' } : { type: 'N-DISCONNECT.indication', cause: why })
  }

  #unfinished(): DecodeError | undefined {
    if (this.#tpdu !== undefined) return truncated(HEADER_LENGTH + this.#filled, HEADER_LENGTH + this.#tpdu.length)
    return this.#headerLength > 0 ? truncated(this.#headerLength, HEADER_LENGTH) : undefined
  }

  #close(): void {
    this.#state = 'CLOSED'
    if (this.#reuseBuffers && this.#tpdu !== undefined) giveBack(this.#tpdu)
    this.#tpdu = undefined
    this.#cancelTimer()
  }
}

/** One buffer for all connections of the process: whoever finds it taken makes its own, of exactly its size. */
let shared: ArrayBuffer | undefined
let isTaken = false

function takeSpare(length: number): Uint8Array | undefined {
  if (isTaken) return undefined
  isTaken = true
  shared ??= new ArrayBuffer(MAX_LENGTH)
  return new Uint8Array(shared, 0, length)
}

function giveBack({ buffer }: Uint8Array): void {
  if (buffer === shared) isTaken = false
}

function packetTooSlow(packetTimeout: number): TimeoutError {
  return new TimeoutError('tpkt', 'TPKT_TIMEOUT', `the peer did not end a packet within ${packetTimeout} ms`, { by: 'local provider' })
}

function silent(firstOctetTimeout: number): TimeoutError {
  return new TimeoutError('tpkt', 'TPKT_SILENT', `the peer sent nothing within ${firstOctetTimeout} ms`, { by: 'local provider' })
}
