import { DecodeError } from '@x/core'

/** What can be wrong with octets from the peer, by the abort-reason that it leads to: see `abortReasonFor`. */

/** No PPDU of its primitive at all: abort reason 1. */
export function unrecognized(text: string, cause?: unknown): DecodeError {
  return new DecodeError('presentation', 'PRESENTATION_UNRECOGNIZED', text, { clause: 'X.226, 6.4.4.2', cause })
}

/** A parameter that X.226 defines, but not for here: abort reason 5. */
export function unexpected(text: string, clause = 'X.226, 8.2'): DecodeError {
  return new DecodeError('presentation', 'PRESENTATION_UNEXPECTED', text, { clause })
}

/** A parameter with a value that it cannot have: abort reason 6. */
export function invalid(code: string, text: string, clause = 'X.226, 6.4.4.3'): DecodeError {
  return new DecodeError('presentation', code, text, { clause })
}
