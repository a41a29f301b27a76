import type { Channel } from '../channel.js'
import type { Timers } from '../timers.js'

export interface PressureOptions {
  readonly timers: Timers
  /** Octets waiting in the channel above which the peer is not heard any more. */
  readonly maxPending: number
  /** For the peer to take them all, in milliseconds. */
  readonly stallTimeout: number
  /** Told when it has not. */
  readonly onStalled: () => void
}

/**
 * A peer that asks and does not read is not heard until it has read: what waits to be sent to it stays bounded. Only for the side that
 * answers: if both sides did so, each could wait for the other.
 *
 * It wraps what the channel tells; whoever is told already, still is.
 * @returns lets go of the timer
 */
export function hearOnlyReaders(channel: Channel, { timers, maxPending, stallTimeout, onStalled }: PressureOptions): () => void {
  const { onData, onDrain } = channel
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
      onStalled()
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
