import type { Channel } from '../channel.js'
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

/**
 * A peer that asks and does not read is not heard until it has read: what waits to be sent to it stays bounded. Only for the side that
 * answers: if both sides did so, each could wait for the other.
 *
 * It wraps what the channel tells; whoever is told already, still is.
 * @param onStalled told when the peer has not read everything in time
 * @returns lets go of the timer
 */
export function hearOnlyReaders(
  channel: Channel,
  timers: Timers,
  options: Pick<ConnectionOptions, 'maxPending' | 'stallTimeout'>,
  onStalled: (text: string) => void,
): () => void {
  const { onData, onDrain } = channel
  const { maxPending = 262_144, stallTimeout = 30_000 } = options
  let stop: (() => void) | undefined
  const release = () => {
    stop?.()
    stop = undefined
  }
  channel.onData = octets => {
    onData(octets)
    if (stop !== undefined || channel.pending <= maxPending) return
    stop = timers.after(stallTimeout, () => {
      stop = undefined
      onStalled(`the peer did not read for ${stallTimeout} ms`)
    })
    channel.pause()
  }
  channel.onDrain = () => {
    if (stop !== undefined) {
      release()
      channel.resume()
    }
    onDrain()
  }
  return release
}
