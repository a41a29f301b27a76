import { StateTable } from '@x/core'
import type { SessionEvent } from './events.js'
import type { SessionMachine } from './machine.js'
import type { SessionState } from './predicates.js'
import type { SessionDelivery } from './service.js'
import { abort, elsewhere } from './states-abort.js'
import { connection } from './states-connection.js'
import { data } from './states-data.js'
import { release } from './states-release.js'
import { tokens } from './states-tokens.js'

export { type SessionState, sessionStates } from './predicates.js'

/**
 * X.225, Annex A: kernel, duplex, half-duplex, negotiated release and typed data, both versions, connect data overflow, and
 * transport connections kept for another session. The kernel of our machines sends first and delivers last; the annex tells
 * the user before it disconnects. The peer cannot see the difference.
 *
 * Three guards are ours: a second S-RELEASE.request, FN or DN of one collision. The annex has no predicate against them.
 */
export const table: StateTable<SessionMachine, SessionState, SessionEvent, SessionDelivery> = new StateTable([
  ...connection,
  ...data,
  ...tokens,
  ...release,
  ...abort,
  ...elsewhere,
])
