import type { Channel } from '../channel.js'
import { shared } from '../shared.js'
import type { Timers } from '../timers.js'
import type { ConnectionOptions } from './shape.js'
import { type Resolvable, withResolvers } from './with-resolvers.js'

/** Octets waiting in the channel above which a sender waits. */
export const DRAIN_ABOVE = 65_536

/** Lets senders wait while a channel is full. */
export class Drain {
  #waiting: Resolvable | undefined

  /** @throws what `ended` says when the wait is over */
  wait(ended: () => Error | undefined): Promise<void> {
    this.#waiting ??= withResolvers()
    return this.#waiting.promise.then(() => {
      const error = ended()
      if (error) throw error
    })
  }

  release(): void {
    this.#waiting?.resolve()
    this.#waiting = undefined
  }
}

/** How much a peer may leave unread. */
export interface Patience {
  /** Octets waiting to be sent above which it is not heard. */
  readonly maxPending: number
  /** For it to read, in milliseconds. */
  readonly stallTimeout: number
}

/** @returns the same object for all who have the same patience */
export function patienceOf({
  maxPending = 262_144,
  stallTimeout = 30_000,
}: Pick<ConnectionOptions, 'maxPending' | 'stallTimeout'>): Patience {
  return shared({ maxPending, stallTimeout })
}

/**
 * A peer that asks and does not read is not heard until it has read: what waits to be sent to it stays bounded. Only for the side that
 * answers: if both sides did so, each could wait for the other.
 */
export class Pressure {
  readonly #channel: Channel
  readonly #timers: Timers
  readonly #patience: Patience
  readonly #onStalled: (text: string) => void
  #stop: (() => void) | undefined

  /** @param onStalled told when the peer has not read everything in time */
  constructor(channel: Channel, timers: Timers, patience: Patience, onStalled: (text: string) => void) {
    this.#channel = channel
    this.#timers = timers
    this.#patience = patience
    this.#onStalled = onStalled
  }

  chunkHeard(): void {
    const { maxPending, stallTimeout } = this.#patience
    if (this.#stop !== undefined || this.#channel.pending <= maxPending) return
    this.#stop = this.#timers.after(stallTimeout, () => {
      this.#stop = undefined
      this.#onStalled(`the peer did not read for ${stallTimeout} ms`)
    })
    this.#channel.pause()
  }

  drained(): void {
    if (this.#stop === undefined) return
    this.release()
    this.#channel.resume()
  }

  /** Lets go of the timer. */
  release(): void {
    this.#stop?.()
    this.#stop = undefined
  }
}
