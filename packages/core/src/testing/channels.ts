import type { Channel } from '../channel.js'
import { DisconnectedError, type OsiError } from '../errors.js'

export interface JoinedOptions {
  /** Octets per chunk delivered; 1 feeds octet by octet. @default whole writes */
  readonly chunk?: number | ((octets: Uint8Array) => readonly Uint8Array[])
  /** Octets in flight after which `write` returns false; only felt with `manual`. @default Infinity */
  readonly highWaterMark?: number
  /** Deliver only on `flush`. @default false: deliver within the outermost `write` */
  readonly manual?: boolean
}

/** One end of a pair of channels in memory. */
export class MemoryChannel implements Channel {
  onData: (octets: Uint8Array) => void = () => {}
  onDrain: () => void = () => {}
  onEnd: (cause?: OsiError) => void = () => {}
  readonly remote = 'memory'
  whyClosed: (() => OsiError | undefined) | undefined
  lends = false
  /** Every chunk written so far, as written. */
  readonly written: Uint8Array[] = []
  /** `end` was called, or `destroy`, here. */
  closed = false
  paused = false
  /** @internal */ peer!: MemoryChannel
  /** @internal */ readonly inbox: (() => void)[] = []
  ended = false
  endCause: OsiError | undefined
  /** @internal octets written here and not yet delivered there */ inFlight = 0
  readonly #pump: Pump
  readonly #options: JoinedOptions
  #full = false
  #isCut = false

  /** @internal */
  constructor(pump: Pump, options: JoinedOptions) {
    this.#pump = pump
    this.#options = options
  }

  get pending(): number {
    return this.inFlight
  }

  write(octets: Uint8Array): boolean {
    if (this.closed || this.ended) return true
    this.written.push(octets)
    for (const chunk of this.#chunks(octets)) {
      this.inFlight += chunk.length
      this.peer.inbox.push(() => {
        this.inFlight -= chunk.length
        if (!this.peer.ended && !this.peer.closed) this.peer.hear(chunk)
        if (this.#full && this.inFlight === 0) {
          this.#full = false
          this.onDrain()
        }
      })
    }
    this.#full ||= this.inFlight > (this.#options.highWaterMark ?? Number.POSITIVE_INFINITY)
    this.#pump.kick()
    return !this.#full
  }

  end(): void {
    if (this.closed) return
    this.closed = true
    this.peer.inbox.push(() => this.peer.finish())
    this.#pump.kick()
    this.inbox.push(() => this.finish())
    this.#pump.kick()
  }

  destroy(): void {
    if (this.closed && this.ended) return
    this.closed = true
    this.peer.inbox.length = 0
    this.peer.inbox.push(() =>
      this.peer.finish(new DisconnectedError('network', 'NETWORK_RESET', 'the connection was reset by the peer', { by: 'peer' })),
    )
    this.finish()
    this.#pump.kick()
  }

  /** The line is cut: nothing arrives any more on either side, not even an end, and nobody is told. */
  cut(): void {
    for (const end of [this, this.peer]) {
      end.paused = true
      end.#isCut = true
    }
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    if (this.#isCut) return
    this.paused = false
    this.#pump.kick()
  }

  /** @internal What is lent is written over afterwards, as a socket does: whoever keeps a view of it sees nonsense. */
  hear(chunk: Uint8Array): void {
    this.onData(chunk)
    if (this.lends) chunk.fill(0xa5)
  }

  /** @internal */
  finish(cause?: OsiError): void {
    if (this.ended) return
    this.ended = true
    this.endCause = cause
    this.onEnd(cause)
  }

  #chunks(octets: Uint8Array): readonly Uint8Array[] {
    const { chunk } = this.#options
    const owned = octets.slice()
    if (chunk === undefined) return [owned]
    if (typeof chunk === 'function') return chunk(owned)
    const chunks: Uint8Array[] = []
    for (let i = 0; i < owned.length; i += chunk) chunks.push(owned.subarray(i, i + chunk))
    return chunks
  }
}

/** Delivers in order, never recursively: what is written during a delivery comes after it. */
class Pump {
  readonly ends: MemoryChannel[] = []
  readonly manual: boolean
  #running = false

  constructor(manual: boolean) {
    this.manual = manual
  }

  kick(): void {
    if (!this.manual) this.run()
  }

  run(): void {
    if (this.#running) return
    this.#running = true
    try {
      let moved = true
      while (moved) {
        moved = false
        for (const end of this.ends) {
          const next = end.paused ? undefined : end.inbox.shift()
          if (!next) continue
          moved = true
          next()
        }
      }
    } finally {
      this.#running = false
    }
  }
}

/** Two channels joined in memory. `flush` delivers what is under way (only needed with `manual`). */
export function joinedChannels(options: JoinedOptions = {}): { a: MemoryChannel; b: MemoryChannel; flush: () => void } {
  const pump = new Pump(options.manual ?? false)
  const a = new MemoryChannel(pump, options)
  const b = new MemoryChannel(pump, options)
  a.peer = b
  b.peer = a
  pump.ends.push(a, b)
  return { a, b, flush: () => pump.run() }
}
