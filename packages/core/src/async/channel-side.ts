import type { Channel, ChannelEdge } from '../channel.js'
import type { OsiError, OutcomeError } from '../errors.js'
import type { Timers } from '../timers.js'
import { type Ender, Ending } from './ending.js'
import { DRAIN_ABOVE, Drain, type Patience, Pressure, patienceOf } from './pressure.js'
import type { ConnectionOptions } from './shape.js'

/** What a connection has to do with its channel: room to send, peers that do not read, and the end. */
export abstract class ChannelSide implements ChannelEdge {
  readonly channel: Channel
  protected readonly timers: Timers
  protected readonly ending: Ending
  #drain: Drain | undefined
  /** Of the side that answers. */
  #patience: Patience | undefined
  #pressure: Pressure | undefined

  protected constructor(channel: Channel, timers: Timers) {
    this.channel = channel
    this.timers = timers
    this.ending = new Ending(channel.ended === true)
  }

  /** The peer did not read in time. */
  protected abstract stalled(text: string): void
  /** The channel has ended, and the layers have been told. */
  protected abstract lost(cause: OsiError | undefined): void

  /** Resolves with how the connection ended; never rejects. */
  get ended(): Promise<OutcomeError> {
    return this.ending.promise
  }

  /** Fires when the connection ends, with the error as reason. */
  get signal(): AbortSignal {
    return this.ending.signal
  }

  /** How it ended; undefined while it lives. */
  get endedWith(): OutcomeError | undefined {
    return this.ending.error
  }

  /** Tells `ender` once when the connection ends, before `signal` fires; at once if it has ended. It must not throw. */
  whenEnded(ender: Ender): void {
    this.ending.when(ender)
  }

  /** Resolves when the channel takes more octets. @throws how the connection ended */
  drained(): Promise<void> {
    if (this.ending.error) return Promise.reject(this.ending.error)
    if (this.channel.pending < DRAIN_ABOVE) return Promise.resolve()
    this.#drain ??= new Drain()
    return this.#drain.wait(() => this.ending.error)
  }

  /** Resolves when the channel is gone, too. */
  gone(): Promise<void> {
    return new Promise(resolve => this.ending.whenGone(resolve))
  }

  protected hearOnlyReaders(options: ConnectionOptions): void {
    this.#patience = patienceOf(options)
  }

  /** Nobody waits any more. */
  protected release(): void {
    this.#drain?.release()
    this.#pressure?.release()
  }

  /** @internal */
  channelHeard(): void {
    if (this.#patience === undefined || this.ending.error || this.channel.pending <= this.#patience.maxPending) return
    this.#pressure ??= new Pressure(this.channel, this.timers, this.#patience, text => this.stalled(text))
    this.#pressure.chunkHeard()
  }

  /** @internal */
  channelDrained(): void {
    this.#pressure?.drained()
    this.#drain?.release()
  }

  /** @internal */
  channelEnding(): void {
    this.ending.gone = true
  }

  /** @internal */
  channelEnded(cause: OsiError | undefined): void {
    this.lost(cause)
    this.ending.tellGone()
  }
}
