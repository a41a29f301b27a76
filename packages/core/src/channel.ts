import type { OsiError } from './errors.js'

/** An ordered, reliable stream of octets both ways that is already open: a TCP socket, TLS, a pair in memory. */
export interface Channel {
  /** Queues octets for sending; they are not changed afterwards. @returns false when full: wait for `onDrain` */
  write(octets: Uint8Array): boolean
  /** Sends what is queued, then closes. */
  end(): void
  /** Closes at once and throws away what is queued. */
  destroy(): void
  /** Stops `onData` until `resume`; what is under way may still come. */
  pause(): void
  resume(): void
  /** A chunk of what the peer sent. It is never written again, so views of it stay valid. */
  onData: (octets: Uint8Array) => void
  /** The queue has emptied after `write` returned false. */
  onDrain: () => void
  /** No more octets will come, or go. Called once. @param cause present when it was not an orderly close */
  onEnd: (cause?: OsiError) => void
  /** Octets written and not yet taken by the network. */
  readonly pending: number
  /** Where it leads, for messages, such as `192.0.2.7:102`. */
  readonly remote: string
  /** Why a layer of this side closed it. Set by whoever builds a stack on it, read by the async edge. */
  whyClosed?: (() => OsiError | undefined) | undefined
}
