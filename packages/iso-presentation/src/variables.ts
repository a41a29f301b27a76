import type { ContextManagement } from './alteration.js'
import type { DefinedContextSet } from './contexts.js'
import type { PresentationAddress, PresentationContext, PresentationContextResult } from './service.js'
import type { UserDataForm } from './user-data.js'

/** What is known of the one connection; replaced, never changed, so that a commit can be undone. X.226, A.5. */
export interface Variables {
  /** Initiator, until the answer: whom it called, for the error that a refusal becomes. */
  readonly called: PresentationAddress | undefined
  /** The definition list of the CP, sent or received. */
  readonly proposed: readonly PresentationContext[]
  /** Responder, until the response: what this provider makes of that list. */
  readonly marked: readonly PresentationContextResult[]
  /** The DCS. */
  readonly set: DefinedContextSet
  /** How values of the DCS are encoded. X.226, 8.4. */
  readonly form: UserDataForm
  /** X.410-1984 mode: only its own PPDUs are understood. */
  readonly x410: boolean
  /** Session functional units that both users require; while a request is out, those that may come of it. Bits of PI 20. */
  readonly units: number
  /** Context management, FU(CM); before the CPA, that it may come to it. */
  readonly alter: ContextManagement | undefined
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
  called: undefined,
  proposed: [],
  marked: [],
  set: new Map(),
  form: 'simple',
  x410: false,
  units: 0,
  alter: undefined,
  rl: false,
  cr: false,
  requested: false,
  indicated: false,
  half: false,
}
