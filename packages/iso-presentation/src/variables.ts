import type { DefinedContextSet } from './contexts.js'
import type { PresentationContext, PresentationContextResult } from './service.js'

/** What is known of the one connection; replaced, never changed, so that a commit can be undone. X.226, A.5. */
export interface Variables {
  /** The definition list of the CP, sent or received. */
  readonly proposed: readonly PresentationContext[]
  /** Responder: what this provider makes of that list. */
  readonly marked: readonly PresentationContextResult[]
  /** The DCS. */
  readonly set: DefinedContextSet
  /** Both sides have the session's functional unit negotiated release. */
  readonly negotiatedRelease: boolean
  /** A.5.1: a release has begun. */
  readonly rl: boolean
  /** A.5.1: two releases collided. */
  readonly cr: boolean
  /** Our P-RELEASE request has no confirm yet. Ours, not the annex's, like the next two. */
  readonly requested: boolean
  /** A P-RELEASE indication has no response yet. */
  readonly indicated: boolean
  /** One of two releases that collided is complete. */
  readonly half: boolean
}

export const NO_CONNECTION: Variables = {
  proposed: [],
  marked: [],
  set: new Map(),
  negotiatedRelease: false,
  rl: false,
  cr: false,
  requested: false,
  indicated: false,
  half: false,
}
