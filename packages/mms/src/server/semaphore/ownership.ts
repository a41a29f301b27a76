import type { ApplicationReference } from '../../asn1/application-reference.js'
import { applicationOf, sameApplication } from '../application.js'
import type { ServerAssociation } from '../association.js'
import type { SemaphoreEntry } from './entry.js'
import type { Semaphore } from './semaphore.js'

/** What a client has control of, hung or not, by ascending id: over this association, or, if it has a name, over another one. */
export function ownedBy(semaphore: Semaphore, association: ServerAssociation): readonly SemaphoreEntry[] {
  const application = applicationOf(association)
  return semaphore
    .entries()
    .filter(({ state, association: own, application: its }) => state !== 'queued' && (own === association || isSame(its, application)))
}

/** Whether a client has control of a semaphore: hung entries do not count. */
export function ownsToken(semaphore: Semaphore, association: ServerAssociation): boolean {
  return ownedBy(semaphore, association).some(({ state }) => state === 'owner')
}

/** One without an AP title is nobody's other self: anybody may come without a name. That is our own reading. */
function isSame(a: ApplicationReference, b: ApplicationReference): boolean {
  return a.apTitle !== undefined && sameApplication(a, b)
}
