import type { ServiceError } from '../../asn1/error.js'
import type { JournalEntry, JournalVariable, ReadJournalRequest, ReadJournalResponse } from '../../asn1/journal.js'
import { refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { nonExistent, serviceError } from '../errors.js'
import type { Answer } from '../handlers.js'
import { describeEntry, entryIdentifierOf, type Journal, numberOf, type ReadEntry } from './journal.js'
import type { JournalPlace } from './store.js'

/** ISO 9506-1, 23.2: the entries of a range that fit, in the order of the journal, or against it where their number is negative. */
export async function readJournal(request: ReadJournalRequest, association: ServerAssociation): Promise<Answer<'readJournal'>> {
  const journal = association.vmd.find('journal', request.journalName, association.own)
  if (journal === undefined) return nonExistent
  const refused = refusal(association, 'store', journal)
  if (refused) return refused
  const range = await rangeOf(request, journal)
  return range === undefined ? nonExistent : page(journal, range, request.listOfVariables, association)
}

interface Range {
  /** Absent: the end at which the direction begins. */
  readonly start: JournalPlace | undefined
  readonly backwards: boolean
  /** Entries in all. */
  readonly most: number
  /** Milliseconds since 1984, included. */
  readonly end: number
}

/**
 * What a request means. That a time or entry at the start is included, that with a negative number a start means to go back from it, and that
 * `entryToStartAfter` rules over the start, are our own reading of ISO 9506-1, 23.2.
 * @returns undefined when there is no entry to start with
 */
async function rangeOf(request: ReadJournalRequest, journal: Journal): Promise<Range | undefined> {
  const { rangeStartSpecification: from, rangeStopSpecification: stop, entryToStartAfter: after } = request
  const count = stop?.type === 'numberOfEntries' ? stop.value : undefined
  const backwards = count !== undefined && count < 0
  const rest = {
    backwards,
    most: count === undefined ? Number.POSITIVE_INFINITY : Math.abs(count),
    end: stop?.type === 'endingTime' ? journal.momentOf(stop.value) : Number.POSITIVE_INFINITY,
  }
  if (after !== undefined) {
    const place = { time: journal.momentOf(after.timeSpecification), number: numberOf(after.entrySpecification) }
    return { start: behind(place, backwards), ...rest }
  }
  if (from?.type === 'startingTime') {
    return { start: { time: journal.momentOf(from.value), number: backwards ? Number.MAX_SAFE_INTEGER : 0 }, ...rest }
  }
  if (from?.type === 'startingEntry') {
    const start = from.value.length === 8 ? await journal.store.find(numberOf(from.value)) : undefined
    return start && { start: { time: start.time, number: start.number }, ...rest }
  }
  return { start: undefined, ...rest }
}

async function page(
  journal: Journal,
  { start, backwards, most, end }: Range,
  tags: readonly string[] | undefined,
  { negotiated }: ServerAssociation,
): Promise<Answer<'readJournal'>> {
  const wanted = tags && new Set(tags)
  // The edition of 1990 is the one whose minor version is 1.
  const firstEdition = negotiated.versionNumber === 1
  const listOfJournalEntry: JournalEntry[] = []
  const ended = (moreFollows: boolean): { response: ReadJournalResponse } => ({ response: { listOfJournalEntry, moreFollows } })
  let room = negotiated.maxPduSize - ENVELOPE
  let next = start
  for (;;) {
    const left = most - listOfJournalEntry.length
    if (left <= 0) return ended(false)
    const found = await journal.read({ ...(next && { start: next }), backwards, most: Math.min(left, BATCH), room })
    if (found.length === 0) return ended(false)
    for (const entry of found) {
      if (entry.time > end) return ended(false)
      const { size, journalEntry } = seen(entry, wanted, firstEdition)
      room -= size
      if (room < 0) return listOfJournalEntry.length > 0 ? ended(true) : { error: tooLong(entry) }
      listOfJournalEntry.push(journalEntry)
      next = behind(entry, backwards)
    }
  }
}

/** Entries taken from a store at once. */
const BATCH = 1_000
/** Octets of a readJournal response around the entries. */
const ENVELOPE = 48
/** Octets of an entry besides what the store has of it: header and identifier. */
const ENTRY = 16
/** Octets that a variable takes more in the first edition. */
const TAGGED = 6

/** Only variables that are wanted, in the edition of the peer. An entry of which nothing is left is there all the same: our own reading. */
function seen(
  { number, size, originatingApplication, entryContent }: ReadEntry,
  wanted: ReadonlySet<string> | undefined,
  firstEdition: boolean,
): { readonly size: number; readonly journalEntry: JournalEntry } {
  const { occurrenceTime, entryForm } = entryContent
  const head = { entryIdentifier: entryIdentifierOf(number), originatingApplication }
  if (entryForm.type !== 'data' || entryForm.value.listOfVariables === undefined) {
    return { size: size + ENTRY, journalEntry: { ...head, entryContent } }
  }
  const listOfVariables = entryForm.value.listOfVariables
    .filter(({ variableTag }) => wanted?.has(variableTag) ?? true)
    .map(({ variableTag, valueSpecification }): JournalVariable => {
      return firstEdition ? { variableTag, valueSpecification, firstEdition } : { variableTag, valueSpecification }
    })
  const value = { ...entryForm.value, listOfVariables }
  return {
    size: size + ENTRY + (firstEdition ? TAGGED * listOfVariables.length : 0),
    journalEntry: { ...head, entryContent: { occurrenceTime, entryForm: { type: 'data', value } } },
  }
}

/** The next place in the direction, whether or not there is an entry. */
function behind({ time, number }: JournalPlace, backwards: boolean): JournalPlace {
  return { time, number: number + (backwards ? -1 : 1) }
}

/** Never left out in silence: a client that knows which one it is goes on behind it. */
function tooLong(entry: ReadEntry): ServiceError {
  return { ...serviceError('resource', 'other'), additionalDescription: `${describeEntry(entry)} does not fit` }
}
