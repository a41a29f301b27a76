import { OsiError } from '@x/core'
import type { Maybe } from '../maybe.js'

/** Where an entry stands in a journal. The order of a journal is that of the time, then that of receipt. ISO 9506-1, 23.1.2. */
export interface JournalPlace {
  /** Milliseconds since 1984-01-01, what TimeOfDay counts. */
  readonly time: number
  /** Order of receipt: counts up in a journal, from 1, and is never given twice. */
  readonly number: number
}

/** What a store is given to keep. */
export interface NewJournalEntry {
  readonly time: number
  readonly octets: Uint8Array
}

/** What a store gives back. */
export interface StoredJournalEntry extends JournalPlace {
  readonly octets: Uint8Array
}

/** A part of a journal, in its order or against it. */
export interface JournalQuery {
  /** From this place on, whether or not there is an entry. Absent: from the end at which the direction begins. */
  readonly start?: JournalPlace
  readonly backwards: boolean
  /** Entries. */
  readonly most: number
  /** Octets of the entries together; the first may be longer. */
  readonly room: number
}

/** Where the entries of one journal are. Every method may answer now or later; what it throws is answered with class resource. */
export interface JournalStore {
  /** Entries that are there. */
  readonly size: number
  /** Entries that made room for others since the store was opened. */
  readonly dropped: number
  /**
   * Keeps entries, all or none. When it answers they are as safe as the store can make them.
   * @returns the number of the first; the others follow
   * @throws JournalFullError
   */
  append(entries: readonly NewJournalEntry[]): Maybe<number>
  read(query: JournalQuery): Maybe<readonly StoredJournalEntry[]>
  /** Where the entry with that number stands; undefined: it is not there. */
  find(number: number): Maybe<JournalPlace | undefined>
  /** Deletes up to and including a place. @param place absent: everything @returns how many were deleted */
  deleteThrough(place: JournalPlace | undefined): Maybe<number>
  /** Lets go of files and the like. */
  close(): Maybe<void>
  /** Closes it, and nothing is left. May be called again. */
  discard(): Maybe<void>
}

/** Thrown by a store that has no room and must not drop what it has: writeJournal ends with resource, mass-storage-unavailable. */
export class JournalFullError extends OsiError {
  override readonly name = 'JournalFullError'
  constructor(message: string) {
    super('mms', 'MMS_JOURNAL_FULL', message)
  }
}

/** What to do when there is no room: the oldest entries go, and are counted, or the new ones are refused. */
export type WhenFull = 'drop-oldest' | 'refuse'

export function comparePlaces(a: JournalPlace, b: JournalPlace): number {
  return a.time - b.time || a.number - b.number
}
