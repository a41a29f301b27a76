/** Which part of the stack speaks. */
export type Layer = 'network' | 'tls' | 'ber' | 'tpkt' | 'cotp' | 'session' | 'presentation' | 'acse' | 'mms'

export interface OsiErrorOptions {
  /** What led to this error; each layer adds one link. */
  readonly cause?: unknown
}

/** The root of every error of the stack: tell errors apart by class and `code`, never by their text. */
export abstract class OsiError extends Error {
  readonly layer: Layer
  /** Stable identity, upper case with the layer in front, such as `COTP_LENGTH`. */
  readonly code: string

  constructor(layer: Layer, code: string, message: string, options?: OsiErrorOptions) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause })
    this.layer = layer
    this.code = code
  }
}

export interface DecodeErrorOptions extends OsiErrorOptions {
  /** Where in the octets given to the decoder, counted from 0. */
  readonly offset?: number
  /** Names from the outermost type to the broken one, such as `MMSpdu.confirmed-RequestPDU.service`. */
  readonly path?: string
  /** The clause that the octets break. */
  readonly clause?: string
}

/** These octets are no valid encoding. No stack trace is captured: hostile input must be cheap to refuse. */
export class DecodeError extends OsiError {
  override readonly name = 'DecodeError'
  readonly offset: number
  readonly path: string
  readonly clause: string | undefined

  constructor(layer: Layer, code: string, message: string, options: DecodeErrorOptions = {}) {
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    super(layer, code, message, options)
    Error.stackTraceLimit = limit
    this.offset = options.offset ?? 0
    this.path = options.path ?? ''
    this.clause = options.clause
  }
}

export interface EncodeErrorOptions extends OsiErrorOptions {
  /** Names from the outermost value to the one that has no encoding. */
  readonly path?: string
}

/** This value has no encoding. Nothing has been sent and no state has changed. */
export class EncodeError extends OsiError {
  override readonly name = 'EncodeError'
  readonly path: string

  constructor(layer: Layer, code: string, message: string, options: EncodeErrorOptions = {}) {
    super(layer, code, message, options)
    this.path = options.path ?? ''
  }
}

/** This call is not allowed now. The state is unchanged. */
export class UsageError extends OsiError {
  override readonly name = 'UsageError'
  readonly state: string

  constructor(layer: Layer, code: string, message: string, state = '', options?: OsiErrorOptions) {
    super(layer, code, message, options)
    this.state = state
  }
}

/** Who ended it: the peer's user, the peer's protocol machine, our protocol machine, or our own user. */
export type By = 'peer' | 'peer provider' | 'local provider' | 'user'

export interface OutcomeErrorOptions extends OsiErrorOptions {
  readonly by: By
  /** The standard's reason or diagnostic code at the layer that decided. */
  readonly reason?: number
  /** What this side asked for. */
  readonly offered?: unknown
  /** What the other side answered. */
  readonly answered?: unknown
}

/** How an association or a request ended. Only thrown at the async edge; below it, endings are primitives. */
export abstract class OutcomeError extends OsiError {
  readonly by: By
  readonly reason: number | undefined
  readonly offered: unknown
  readonly answered: unknown

  constructor(layer: Layer, code: string, message: string, options: OutcomeErrorOptions) {
    super(layer, code, message, options)
    this.by = options.by
    this.reason = options.reason
    this.offered = options.offered
    this.answered = options.answered
  }
}

/** The connection or association was refused before it existed. */
export class RefusedError extends OutcomeError {
  override readonly name = 'RefusedError'
}

/** The association was released in order, so this call cannot be answered any more. */
export class ReleasedError extends OutcomeError {
  override readonly name = 'ReleasedError'
}

/** A protocol machine or a user aborted. */
export class AbortedError extends OutcomeError {
  override readonly name = 'AbortedError'
}

/** The network connection below was lost or closed. */
export class DisconnectedError extends OutcomeError {
  override readonly name = 'DisconnectedError'
}

/** The peer answered a request with an error of the service. */
export class ServiceError extends OutcomeError {
  override readonly name = 'ServiceError'
}

/** The peer's protocol machine rejected a PDU of ours. */
export class RejectedError extends OutcomeError {
  override readonly name = 'RejectedError'
}

/** A deadline of the async edge passed; `code` says which. */
export class TimeoutError extends OutcomeError {
  override readonly name = 'TimeoutError'
}
