import { AbortedError, DisconnectedError, type Layer, type OsiError, ReleasedError, TimeoutError } from '../errors.js'
import { withCause } from './shape.js'

/** How the async edge itself ends a connection, as errors. */

export function released(layer: Layer, by: 'peer' | 'user'): ReleasedError {
  return new ReleasedError(layer, 'RELEASED', by === 'peer' ? 'released by the peer' : 'released by this side', { by })
}

export function expired(layer: Layer, code: string, message: string): TimeoutError {
  return new TimeoutError(layer, code, message, { by: 'local provider' })
}

export function endedHere(
  layer: Layer,
  code: string,
  message: string,
  cause: unknown,
  by: 'user' | 'local provider' = 'local provider',
): AbortedError {
  return new AbortedError(layer, code, message, { by, ...(cause === undefined ? {} : { cause }) })
}

/** @param cause how the channel ended @param whyClosed why a layer of this side closed it */
export function closedEarly(layer: Layer, cause: OsiError | undefined, whyClosed: OsiError | undefined): DisconnectedError {
  const why = cause ?? whyClosed
  const text = withCause('the network connection was closed before anything was established', why)
  return new DisconnectedError(layer, 'CLOSED_EARLY', text, {
    by: why && why !== cause ? 'local provider' : 'peer provider',
    ...(why === undefined ? {} : { cause: why }),
  })
}
