import type { Channel } from '@x/core'

export type Way = 'out' | 'in'

/** Looks at the octets of a channel, both ways. The channel that comes back takes the place of the one given. */
export function tapChannel(channel: Channel, see: (way: Way, octets: Uint8Array) => void): Channel {
  return {
    write(octets) {
      see('out', octets)
      return channel.write(octets)
    },
    end: () => channel.end(),
    destroy: () => channel.destroy(),
    pause: () => channel.pause(),
    resume: () => channel.resume(),
    get onData() {
      return channel.onData
    },
    set onData(listener) {
      channel.onData = octets => {
        see('in', octets)
        listener(octets)
      }
    },
    get onDrain() {
      return channel.onDrain
    },
    set onDrain(listener) {
      channel.onDrain = listener
    },
    get onEnd() {
      return channel.onEnd
    },
    set onEnd(listener) {
      channel.onEnd = listener
    },
    get pending() {
      return channel.pending
    },
    get ended() {
      return channel.ended
    },
    get endCause() {
      return channel.endCause
    },
    get remote() {
      return channel.remote
    },
    get remoteAddress() {
      return channel.remoteAddress
    },
    get localAddress() {
      return channel.localAddress
    },
    get security() {
      return channel.security
    },
  }
}

/** Puts whole TPKT packets together from the chunks of one direction. What is no TPKT is handed on as it is. */
export class Packets {
  #rest: Uint8Array = new Uint8Array()

  /** @returns the packets that this chunk completes, in order */
  take(chunk: Uint8Array): readonly Uint8Array[] {
    const octets = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const packets: Uint8Array[] = []
    let at = 0
    while (octets.length - at >= HEADER) {
      const length = (octets[at + 2]! << 8) | octets[at + 3]!
      if (octets[at] !== VERSION || length < HEADER) {
        packets.push(copyOf(octets, at))
        at = octets.length
        break
      }
      if (octets.length - at < length) break
      packets.push(copyOf(octets, at, at + length))
      at += length
    }
    this.#rest = copyOf(octets, at)
    return packets
  }
}

/** `slice` of a Buffer is a view. */
function copyOf(octets: Uint8Array, from: number, to?: number): Uint8Array {
  return Uint8Array.from(octets.subarray(from, to))
}

const HEADER = 4
const VERSION = 3
