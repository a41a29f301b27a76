import { decode, encode, explicit, implicit, SEQUENCE, type Type } from '@x/ber'
import { EncodeError, hex } from '@x/core'
import { ApplicationReference } from '../../asn1/application-reference.js'
import type { Data } from '../../asn1/data.js'
import { EntryContent, type JournalEvent, type JournalVariable } from '../../asn1/journal.js'
import type { TimeOfDay } from '../../asn1/time.js'
import { timeOfDayOf } from '../../times.js'
import { andThen, type Maybe } from '../maybe.js'
import { type MmsObject, type Scope, whenDeleted } from '../objects.js'
import type { JournalPlace, JournalStore, NewJournalEntry, StoredJournalEntry } from './store.js'

const DAY = 86_400_000
/** 1984-01-01T00:00:00Z in milliseconds since 1970. ISO 9506-2, TimeOfDay. */
const EPOCH = Date.UTC(1984, 0, 1)

/** What an application writes: variables with the event that they belong to, if any, or a text. ISO 9506-1, 23.1.2. */
export type JournalNote = {
  /** When it happened. @default now */
  readonly time?: Date
} & (
  | { readonly event?: JournalEvent; readonly variables?: Readonly<Record<string, Data>> | readonly JournalVariable[] }
  /** Up to 255 characters. */
  | { readonly annotation: string }
)

/** What a store keeps of an entry besides its place. */
interface Kept {
  readonly originatingApplication: ApplicationReference
  readonly entryContent: EntryContent
}
const Kept: Type<Kept> = SEQUENCE<Kept>('', {
  originatingApplication: explicit(1, ApplicationReference),
  entryContent: implicit(2, EntryContent),
})

/** An entry that was read. */
export interface ReadEntry extends JournalPlace, Kept {
  /** Octets that the store has of it. */
  readonly size: number
}

/** A journal: entries in the order of their times, kept by a store. ISO 9506-1, 23. */
export class Journal implements MmsObject {
  name: string
  scope: Scope | undefined
  accessControlList: string
  readonly store: JournalStore
  readonly #now: () => number

  constructor(name: string, accessControlList: string, store: JournalStore, now: () => number) {
    this.name = name
    this.accessControlList = accessControlList
    this.store = store
    this.#now = now
  }

  /** Entries that are there. */
  get size(): number {
    return this.store.size
  }

  /** Entries that made room for others. */
  get dropped(): number {
    return this.store.dropped
  }

  /**
   * Writes entries, all or none, in order. Resolves when they are as safe as the store can make them.
   * @param application in whose name. @default nobody in particular: an empty reference
   * @returns the entry identifiers, in order
   * @throws JournalFullError, what the store throws, UsageError `MMS_TIME` for a time before 1984 or after 2163,
   * EncodeError for a value without an encoding, an annotation or a tag longer than 255
   */
  async write(notes: JournalNote | readonly JournalNote[], application: ApplicationReference = {}): Promise<readonly Uint8Array[]> {
    const list = Array.isArray(notes) ? (notes as readonly JournalNote[]) : [notes as JournalNote]
    if (list.length === 0) return []
    const contents = list.map(note => contentOf(note, this.#now))
    for (const content of contents) {
      const fault = faultOf(content)
      if (fault !== undefined) throw new EncodeError('mms', 'MMS_JOURNAL_ENTRY', fault)
    }
    const first = await this.append(contents, application)
    return list.map((_, i) => entryIdentifierOf(first + i))
  }

  /** As `write`, of entries as the service has them. @returns the number of the first @internal */
  append(contents: readonly EntryContent[], originatingApplication: ApplicationReference): Maybe<number> {
    return this.store.append(contents.map(content => this.#kept(content, originatingApplication)))
  }

  /** @internal */
  read(query: Parameters<JournalStore['read']>[0]): Maybe<readonly ReadEntry[]> {
    return andThen(this.store.read(query), entries => entries.map(readEntry))
  }

  /** Today's date for a time without one. ISO 9506-1 leaves that open; it is our own reading. @returns milliseconds since 1984 */
  momentOf({ days, milliseconds }: TimeOfDay): number {
    return (days ?? this.#today()) * DAY + milliseconds
  }

  #today(): number {
    return Math.floor((this.#now() - EPOCH) / DAY)
  }

  #kept(content: EntryContent, originatingApplication: ApplicationReference): NewJournalEntry {
    const { occurrenceTime } = content
    const dated = occurrenceTime.days === undefined ? { ...occurrenceTime, days: this.#today() } : occurrenceTime
    const entryContent = { ...content, occurrenceTime: dated }
    return { time: this.momentOf(dated), octets: encode(Kept, { originatingApplication, entryContent }) }
  }
}

/** Puts a journal where it belongs; however it is deleted, its entries go with it. */
export function addJournal(scope: Scope, journal: Journal): void {
  scope.add('journal', journal)
  whenDeleted(journal, () => void discard(journal.store))
}

async function discard(store: JournalStore): Promise<void> {
  try {
    await store.discard()
  } catch {
    // Nobody waits for it, and the journal is out of reach. deleteJournal asks again, and tells.
  }
}

function readEntry({ time, number, octets }: StoredJournalEntry): ReadEntry {
  return { time, number, size: octets.length, ...decode(Kept, octets, { layer: 'mms', elements: ENTRY_ELEMENTS }) }
}

/** An entry has been encoded here, from what was within the limits of a PDU. */
const ENTRY_ELEMENTS = 1_000_000

function contentOf(note: JournalNote, now: () => number): EntryContent {
  const occurrenceTime = timeOfDayOf(note.time ?? new Date(now()))
  if ('annotation' in note) return { occurrenceTime, entryForm: { type: 'annotation', value: note.annotation } }
  const { event, variables } = note
  const listOfVariables = Array.isArray(variables)
    ? (variables as readonly JournalVariable[])
    : Object.entries((variables ?? {}) as Readonly<Record<string, Data>>).map(([variableTag, valueSpecification]) => ({
        variableTag,
        valueSpecification,
      }))
  const value = { ...(event === undefined ? {} : { event }), ...(variables === undefined ? {} : { listOfVariables }) }
  return { occurrenceTime, entryForm: { type: 'data', value } }
}

const LONGEST_TEXT = 255

/** What is wrong with an entry that its type cannot express: MMS255String. */
export function faultOf({ entryForm }: EntryContent): string | undefined {
  if (entryForm.type === 'annotation') {
    const { length } = entryForm.value
    return length <= LONGEST_TEXT ? undefined : `expected an annotation of up to ${LONGEST_TEXT} characters, found ${length}`
  }
  const odd = entryForm.value.listOfVariables?.find(({ variableTag: { length } }) => length < 1 || length > LONGEST_TEXT)
  return odd === undefined ? undefined : `expected a variable tag of 1 to ${LONGEST_TEXT} characters, found ${odd.variableTag.length}`
}

/** 8 octets that count up: unique in the journal, never changed. Their form is our own affair; peers have 8 octets, too. */
export function entryIdentifierOf(number: number): Uint8Array {
  const octets = new Uint8Array(8)
  new DataView(octets.buffer).setBigUint64(0, BigInt(number))
  return octets
}

/** The number whose identifier it is, or would stand at: identifiers that are not ours are put among them as texts of octets. */
export function numberOf(identifier: Uint8Array): number {
  const octets = new Uint8Array(8)
  octets.set(identifier.subarray(0, 8))
  const number = new DataView(octets.buffer).getBigUint64(0)
  return number > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(number)
}

/** For people. */
export function describeEntry({ time, number }: JournalPlace): string {
  return `entry ${hex(entryIdentifierOf(number))} of ${new Date(EPOCH + time).toISOString()}`
}
