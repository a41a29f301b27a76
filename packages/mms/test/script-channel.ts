import { type Channel, DisconnectedError, type OsiError } from '@x/core'

/** A channel whose other end is a test: it reads `written` and says what arrives, and when. */
export class ScriptChannel implements Channel {
  onData: (octets: Uint8Array) => void = () => {}
  onDrain: () => void = () => {}
  onEnd: (cause?: OsiError) => void = () => {}
  whyClosed?: () => OsiError | undefined
  readonly remote = 'script'
  /** Every chunk, as it was when it was written. */
  readonly written: Uint8Array[] = []
  /** What this side did last to close: nothing, `end`, or `destroy`. */
  closedBy: 'end' | 'destroy' | undefined
  /** `onEnd` has been called. */
  ended = false
  /** Octets that the peer has not taken yet: none as long as it reads. */
  pending = 0
  #reading = true
  /** Chunks offered to `onData`. */
  fed = 0
  #paused = false
  #held: (() => void)[] = []

  /** All octets written so far, joined. */
  get sent(): Uint8Array {
    const whole = new Uint8Array(this.written.reduce((sum, { length }) => sum + length, 0))
    let at = 0
    for (const part of this.written) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }

  get paused(): boolean {
    return this.#paused
  }

  write(octets: Uint8Array): boolean {
    if (this.closedBy !== undefined || this.ended) return true
    this.written.push(octets.slice())
    if (!this.#reading) this.pending += octets.length
    return this.pending < 16_384
  }

  end(): void {
    this.closedBy ??= 'end'
  }

  destroy(): void {
    if (this.closedBy === 'destroy') return
    this.closedBy = 'destroy'
    this.#held = []
    // As with a socket, the close is an event of its own.
    queueMicrotask(() => this.#finish())
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    while (!this.#paused && this.#held.length > 0) this.#held.shift()!()
  }

  /** The peer reads, or stops reading. */
  set reading(reads: boolean) {
    this.#reading = reads
    if (!reads || this.pending === 0) return
    this.pending = 0
    this.onDrain()
  }

  /** Octets arrive. Whatever `onData` throws comes out here. */
  feed(octets: Uint8Array): void {
    this.#arrive(() => {
      if (this.closedBy === 'destroy' || this.ended) return
      this.fed += 1
      this.onData(octets)
    })
  }

  /** The peer closes: in order, or with a reset. */
  finish(how: 'fin' | 'rst' = 'fin'): void {
    const cause = new DisconnectedError('network', 'NETWORK_RESET', 'the connection was reset by the peer', { by: 'peer' })
    this.#arrive(() => this.#finish(how === 'rst' ? cause : undefined))
  }

  #arrive(happen: () => void): void {
    if (this.#paused) this.#held.push(happen)
    else happen()
  }

  #finish(cause?: OsiError): void {
    if (this.ended) return
    this.ended = true
    this.onEnd(cause)
  }
}

/** Lets every promise that can settle do so. */
export function settle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

/** A chunk in pieces: cut at one octet, or into single octets. */
export type Cut = number | 'octets' | undefined

/** Feeds a part of a stream that begins at `from` of the whole, cut where the whole is to be cut. */
export function feedCut(channel: ScriptChannel, octets: Uint8Array, from: number, cut: Cut): void {
  if (cut === 'octets') {
    for (let i = 0; i < octets.length; i++) channel.feed(octets.subarray(i, i + 1))
    return
  }
  const at = cut === undefined ? 0 : cut - from
  if (at <= 0 || at >= octets.length) return channel.feed(octets)
  channel.feed(octets.subarray(0, at))
  channel.feed(octets.subarray(at))
}
