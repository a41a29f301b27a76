import { type Layer, type OsiError, type OutcomeError, RefusedError } from '../errors.js'
import type { Primitive } from '../service.js'
import type { Timers } from '../timers.js'

/** What `Connection` must know of a service: which delivery opens, which ends, which answers which request. */
export interface Shape<Submit extends Primitive, Delivery extends Primitive> {
  readonly layer: Layer
  /** The indication that a peer wants to connect. */
  readonly isConnectIndication: (delivery: Delivery) => boolean
  /** The confirm that the peer accepted. A refusal is an end. */
  readonly isConnectConfirm: (delivery: Delivery) => boolean
  /** Whether this response of ours accepts. */
  readonly accepts: (response: Submit) => boolean
  /** How a delivery ends the connection; undefined when it does not. @param opening it has not been open yet */
  readonly endedBy: (delivery: Delivery, opening: boolean) => OutcomeError | undefined
  /** What aborts at once; may be submitted in any state but idle. */
  readonly abort: (reason?: unknown) => Submit
  /** The orderly end; absent when the service has none but `abort`. */
  readonly release?: {
    readonly request: () => Submit
    readonly isIndication: (delivery: Delivery) => boolean
    readonly response: () => Submit
    readonly isConfirm: (delivery: Delivery) => boolean
    /** The peer refuses to release; this side then aborts. */
    readonly isRefusal?: (delivery: Delivery) => boolean
  }
  /** The exchange that a delivery answers, the same value that `exchange` was given; undefined when it is no answer. */
  readonly key?: (delivery: Delivery) => number | undefined
  /** A delivery made fit to be kept: octets that are views are copied. @default as it is */
  readonly keep?: (delivery: Delivery) => Delivery
}

export interface ConnectionOptions {
  /** For opening or accepting as a whole, in milliseconds. @default 10_000 */
  readonly timeout?: number
  /** For the answer to a request of `exchange`, in milliseconds; 0 waits for ever. @default 10_000 */
  readonly requestTimeout?: number
  /** For the answer to a release, and for the peer to close, in milliseconds. @default 5_000 */
  readonly closeTimeout?: number
  /** For the peer to close the network connection when it is all over, in milliseconds; then this side does. @default `closeTimeout` and 1 000 */
  readonly transportCloseTimeout?: number
  /** Deliveries held for the reader before the channel is paused. @default 64 */
  readonly queueLimit?: number
  /** As the side that answers: octets waiting to be sent above which the peer is not heard until it has read. @default 262_144 */
  readonly maxPending?: number
  /** For such a peer to read, in milliseconds; then the connection is aborted. @default 30_000 */
  readonly stallTimeout?: number
  readonly signal?: AbortSignal
  /** @default the timers of the platform */
  readonly timers?: Timers
  /** Says where an unfinished opening stands, for the timeout's message. */
  readonly progress?: () => string
}

export interface ExchangeOptions {
  /** Rejects at once with its reason; the request itself stays outstanding until it is answered. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds; 0 waits for ever. @default the connection's `requestTimeout` */
  readonly timeout?: number | undefined
}

/** How a primitive's `cause` and text become the text of an error: the text, then why. */
export function withCause(text: string, cause: OsiError | undefined): string {
  return cause === undefined ? text : `${text}: ${cause.message}`
}

/** The refusal by a layer below that stands behind a provider abort while a connection is being opened; undefined: there is none. */
export function refusalIn(cause: unknown): RefusedError | undefined {
  for (let error = cause; error instanceof Error; error = error.cause) if (error instanceof RefusedError) return error
  return undefined
}
