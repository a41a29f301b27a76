import type { ApplicationReference } from '../../asn1/application-reference.js'
import type { RejectReason, ServiceError } from '../../asn1/error.js'
import type { ObjectName } from '../../asn1/identifiers.js'
import type { InitializeJournalRequest, JournalRequest, WriteJournalRequest } from '../../asn1/journal.js'
import { DELETABLE, mmsDeletable, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent, serviceError } from '../errors.js'
import type { Answer } from '../handlers.js'
import { itemOf, type Scope } from '../objects.js'
import { addJournal, faultOf, Journal, numberOf } from './journal.js'
import { memoryJournal } from './memory-store.js'
import { JournalFullError } from './store.js'

const outOfRange: { readonly reject: RejectReason } = { reject: { type: 'confirmedRequestPDU', value: 'value-out-of-range' } }
const DONE = { response: null }
const exists = { error: serviceError('definition', 'object-exists') }

/** ISO 9506-1, 23.3. Answered when the store has them, all or none. */
export async function writeJournal(
  { journalName, listOfJournalEntry }: WriteJournalRequest,
  association: ServerAssociation,
): Promise<Answer<'writeJournal'>> {
  if (listOfJournalEntry.length === 0) return invalidArgument
  if (listOfJournalEntry.some(entry => faultOf(entry) !== undefined)) return outOfRange
  const journal = association.vmd.find('journal', journalName, association.own)
  if (journal === undefined) return nonExistent
  return (
    refusal(association, 'write', journal) ??
    stored(async () => {
      await journal.append(listOfJournalEntry, applicationOf(association))
      return DONE
    })
  )
}

/** ISO 9506-1, 23.4: everything, or what is not behind a time; of the entries of exactly that time, only what is not behind the entry. */
export async function initializeJournal(
  { journalName, limitSpecification: limit }: InitializeJournalRequest,
  association: ServerAssociation,
): Promise<Answer<'initializeJournal'>> {
  const journal = association.vmd.find('journal', journalName, association.own)
  if (journal === undefined) return nonExistent
  const last = limit && {
    time: journal.momentOf(limit.limitingTime),
    number: limit.limitingEntry === undefined ? Number.MAX_SAFE_INTEGER : numberOf(limit.limitingEntry),
  }
  return refusal(association, 'delete', journal) ?? stored(async () => ({ response: await journal.store.deleteThrough(last) }))
}

/** ISO 9506-1, 23.5. */
export function reportJournalStatus(journalName: ObjectName, association: ServerAssociation): Answer<'reportJournalStatus'> {
  const { vmd, own } = association
  const journal = vmd.find('journal', journalName, own)
  if (journal === undefined) return nonExistent
  return {
    response: {
      currentEntries: journal.size,
      mmsDeletable: mmsDeletable(vmd, journal),
      ...(association.agreed('aco') ? { accessControlList: journal.accessControlList } : {}),
    },
  }
}

/** ISO 9506-1, 23.6. */
export async function createJournal({ journalName }: JournalRequest, association: ServerAssociation): Promise<Answer<'createJournal'>> {
  const { vmd, own } = association
  const scope = vmd.scopeOf(journalName, own)
  if (scope === undefined) return nonExistent
  const name = itemOf(journalName)
  if (scope.of('journal').has(name)) return exists
  const refused = refusal(association, 'load', vmd)
  if (refused) return refused
  if (!mayCreate(scope, association)) return { error: serviceError('resource', 'capability-unavailable') }
  return stored(async () => {
    const store = await (vmd.model.newJournal?.(journalName) ?? memoryJournal())
    // Another association may have been faster, or the domain may have gone.
    if (scope.of('journal').has(name) || vmd.scopeOf(journalName, own) !== scope || association.signal.aborted) {
      await store.discard()
      return exists
    }
    addJournal(scope, new Journal(name, DELETABLE, store, vmd.now))
    return DONE
  })
}

/** ISO 9506-1, 23.7: with its entries. */
export async function deleteJournal({ journalName }: JournalRequest, association: ServerAssociation): Promise<Answer<'deleteJournal'>> {
  const journal = association.vmd.find('journal', journalName, association.own)
  if (journal === undefined) return nonExistent
  return (
    refusal(association, 'delete', journal) ??
    stored(async () => {
      journal.scope?.remove('journal', journal)
      await journal.store.discard()
      return DONE
    })
  )
}

function mayCreate(scope: Scope, { vmd, own, limits }: ServerAssociation): boolean {
  if (scope === own) return scope.of('journal').size < limits.maxJournalsPerAssociation
  let created = 0
  for (const each of vmd.scopes()) for (const journal of each.of('journal')) if (mmsDeletable(vmd, journal)) created += 1
  return created < limits.maxJournals
}

/** The client, by the names that ACSE gave it. */
function applicationOf({ association: { calling } }: ServerAssociation): ApplicationReference {
  const { apTitle, apInvocationIdentifier, aeQualifier, aeInvocationIdentifier } = calling
  return {
    ...(apTitle === undefined ? {} : { apTitle }),
    ...(apInvocationIdentifier === undefined ? {} : { apInvocationID: apInvocationIdentifier }),
    ...(aeQualifier === undefined ? {} : { aeQualifier }),
    ...(aeInvocationIdentifier === undefined ? {} : { aeInvocationID: aeInvocationIdentifier }),
  }
}

/** What a store throws as an error of the class resource. */
async function stored<A>(work: () => Promise<A>): Promise<A | { readonly error: ServiceError }> {
  try {
    return await work()
  } catch (error) {
    return { error: serviceError('resource', error instanceof JournalFullError ? 'mass-storage-unavailable' : 'other') }
  }
}
