import type { ObjectName } from '../../asn1/identifiers.js'
import type { AttachToSemaphore } from '../../asn1/modifier.js'
import { NamedToken, SemaphoreEntry as SemaphoreEntryType } from '../../asn1/semaphore.js'
import { compareNames } from '../../names.js'
import { type accessDenied, DELETABLE, mmsDeletable, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { accessUnsupported, invalidArgument, invalidModifier, nonExistent, serviceError, valueOutOfRange } from '../errors.js'
import type { Answer, Handlers, Modifiers, ServedCall } from '../handlers.js'
import { andThen, type Maybe } from '../maybe.js'
import { itemOf } from '../objects.js'
import { pageOf } from '../paging.js'
import { listNameFor } from '../variable/attributes.js'
import { clockOf, type SemaphoreEntry } from './entry.js'
import { ownedBy } from './ownership.js'
import type { Asked, Semaphore } from './semaphore.js'
import { semaphoresOf } from './semaphores.js'

const inconsistent = { error: serviceError('definition', 'object-attribute-inconsistent') }
const undefinedObject = { error: serviceError('definition', 'object-undefined') }
const exists = { error: serviceError('definition', 'object-exists') }
const noRoom = { error: serviceError('resource', 'capability-unavailable') }
const stateConflict = { error: serviceError('service', 'object-state-conflict') }
type Refused = typeof accessDenied

/** ISO 9506-1, 16.2 to 16.8. */
export const semaphoreHandlers = {
  /** It may wait for longer than `callTimeout`: its own acceptable delay limits it, and the peer may cancel it. */
  takeControl(request, association, call) {
    if (hasHalfATimeOut(request) || (request.applicationToPreempt !== undefined && !association.agreed('tpy'))) return invalidArgument
    return andThen(take({ request, entryClass: 'simple', association, call }), (taken): Answer<'takeControl'> => {
      if ('error' in taken) return taken
      const { namedToken } = taken.entry
      return { response: namedToken === undefined ? { type: 'noResult', value: null } : { type: 'namedToken', value: namedToken } }
    })
  },

  relinquishControl({ semaphoreName, namedToken }, association) {
    const semaphore = find(semaphoreName, association)
    if (semaphore === undefined) return nonExistent
    const owned = ownedBy(semaphore, association).filter(
      entry => entry.entryClass === 'simple' && (namedToken === undefined || entry.namedToken === namedToken),
    )
    const [entry] = owned
    if (entry === undefined) return stateConflict
    // Of a pool, which of several is meant cannot be guessed; the tokens of the other class are equal, and the oldest goes.
    if (semaphore.semaphoreClass === 'pool' && owned.length > 1) return invalidArgument
    entry.take('relinquished')
    return { response: null }
  },

  defineSemaphore({ semaphoreName, numberOfTokens }, association) {
    const { vmd, own } = association
    if (numberOfTokens < 1) return valueOutOfRange
    if (semaphoreName.type === 'aaSpecific') return accessUnsupported
    const scope = vmd.scopeOf(semaphoreName, own)
    if (scope === undefined) return nonExistent
    const name = itemOf(semaphoreName)
    if (scope.of('semaphore').has(name) || scope.of('eventCondition').has(name)) return exists
    const refused = refusal(association, 'load', vmd)
    if (refused) return refused
    const semaphores = semaphoresOf(vmd)
    if (!semaphores.hasRoom(association)) return noRoom
    semaphores.add(scope, name, numberOfTokens, DELETABLE, true)
    return { response: null }
  },

  deleteSemaphore(name, association) {
    const semaphore = find(name, association)
    if (semaphore === undefined) return nonExistent
    const refused = refusal(association, 'delete', semaphore)
    if (refused) return refused
    if (semaphore.taken > 0) return stateConflict
    semaphore.scope!.remove('semaphore', semaphore)
    return { response: null }
  },

  /** Owned does not count hung, which is our own reading. */
  reportSemaphoreStatus(name, association) {
    const semaphore = find(name, association)
    if (semaphore === undefined) return nonExistent
    return {
      response: {
        mmsDeletable: mmsDeletable(association.vmd, semaphore),
        class: semaphore.semaphoreClass,
        numberOfTokens: semaphore.numberOfTokens,
        numberOfOwnedTokens: semaphore.entries('owner').length,
        numberOfHungTokens: semaphore.entries('hung').length,
        ...listNameFor(association, semaphore),
      },
    }
  },

  reportPoolSemaphoreStatus({ semaphoreName, nameToStartAfter }, association) {
    const semaphore = find(semaphoreName, association)
    if (semaphore === undefined) return nonExistent
    if (semaphore.semaphoreClass !== 'pool') return inconsistent
    const tokens = semaphore.namedTokens.filter(({ value }) => nameToStartAfter === undefined || compareNames(value, nameToStartAfter) > 0)
    const { page, moreFollows } = pageOf(tokens, NamedToken, association)
    return { response: { listOfNamedTokens: page, moreFollows } }
  },

  reportSemaphoreEntryStatus({ semaphoreName, state, entryIDToStartAfter }, association) {
    const semaphore = find(semaphoreName, association)
    if (semaphore === undefined) return nonExistent
    if (typeof state === 'number') return valueOutOfRange
    const after = numberIn(entryIDToStartAfter)
    const now = clockOf(association.vmd)
    const entries = semaphore.entries(state).filter(({ id }) => id > after)
    const { page, moreFollows } = pageOf(
      entries.map(entry => entry.report(now)),
      SemaphoreEntryType,
      association,
    )
    return { response: { listOfSemaphoreEntry: page, moreFollows } }
  },
} satisfies Handlers

/** ISO 9506-1, 16.9: control is taken before a service and given back when it has ended. */
export const semaphoreModifiers: Modifiers = {
  semaphoreModifier(request, association, call) {
    if (hasHalfATimeOut(request)) return invalidModifier
    return andThen(take({ request, entryClass: 'modifier', association, call }), taken =>
      'error' in taken ? taken : { release: () => taken.entry.take('service ended') },
    )
  },
}

/** The checks of ISO 9506-1, 16.2 in our order, then control or the queue. */
function take(asked: Asked & { readonly call: ServedCall }): Maybe<{ entry: SemaphoreEntry } | Refused> {
  const { association, request } = asked
  const semaphore = find(request.semaphoreName, association)
  if (semaphore === undefined) return nonExistent
  const refused = refusal(association, 'load', semaphore)
  if (refused) return refused
  if (request.namedToken !== undefined) {
    if (semaphore.semaphoreClass !== 'pool') return inconsistent
    if (!semaphore.hasToken(request.namedToken)) return undefinedObject
  }
  const taken = semaphore.take(asked)
  if (taken instanceof Promise) asked.call.suspend()
  return taken
}

/** A time-out is given exactly when it is said what it does. */
function hasHalfATimeOut({ controlTimeOut, abortOnTimeOut }: Pick<AttachToSemaphore, 'controlTimeOut' | 'abortOnTimeOut'>): boolean {
  return (controlTimeOut === undefined) !== (abortOnTimeOut === undefined)
}

function find(name: ObjectName, { vmd, own }: ServerAssociation): Semaphore | undefined {
  return vmd.find('semaphore', name, own)
}

/** An entry id as a number; one of more than 4 octets is behind all of ours. */
function numberIn(entryID: Uint8Array | undefined): number {
  return entryID?.reduce((sum, octet) => sum * 256 + octet, 0) ?? 0
}
