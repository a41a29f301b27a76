import {
  comparePlaces,
  JournalFullError,
  type JournalPlace,
  type JournalQuery,
  type JournalStore,
  type NewJournalEntry,
  type StoredJournalEntry,
  type WhenFull,
} from './store.js'

export interface MemoryJournalOptions {
  /** @default 10_000 */
  readonly maxEntries?: number
  /** Of all entries together, as they are stored. @default 16_777_216 */
  readonly maxOctets?: number
  /** @default 'drop-oldest' */
  readonly whenFull?: WhenFull
}

/** A journal in memory: gone when the program ends. What makes room are the first entries in the order of the journal. */
export function memoryJournal(options: MemoryJournalOptions = {}): JournalStore {
  return new MemoryJournal(options)
}

class MemoryJournal implements JournalStore {
  readonly #maxEntries: number
  readonly #maxOctets: number
  readonly #whenFull: WhenFull
  /** In the order of the journal. */
  #entries: StoredJournalEntry[] = []
  /** Of `#entries`, those that are deleted already: moving the rest for each of them would be quadratic. */
  #head = 0
  #octets = 0
  #last = 0
  dropped = 0

  constructor({ maxEntries = 10_000, maxOctets = 16_777_216, whenFull = 'drop-oldest' }: MemoryJournalOptions) {
    this.#maxEntries = maxEntries
    this.#maxOctets = maxOctets
    this.#whenFull = whenFull
  }

  get size(): number {
    return this.#entries.length - this.#head
  }

  append(entries: readonly NewJournalEntry[]): number {
    const octets = entries.reduce((sum, entry) => sum + entry.octets.length, 0)
    const fits = (size: number, taken: number) => size + entries.length <= this.#maxEntries && taken + octets <= this.#maxOctets
    if (!fits(0, 0) || (this.#whenFull === 'refuse' && !fits(this.size, this.#octets))) {
      throw new JournalFullError(`${entries.length} entries of ${octets} octets do not fit beside the ${this.size} that are there`)
    }
    while (!fits(this.size, this.#octets)) {
      this.#take(1)
      this.dropped += 1
    }
    const first = this.#last + 1
    for (const { time, octets: content } of entries) this.#insert({ time, number: ++this.#last, octets: content })
    this.#octets += octets
    return first
  }

  read({ start, backwards, most, room }: JournalQuery): StoredJournalEntry[] {
    const found: StoredJournalEntry[] = []
    const step = backwards ? -1 : 1
    let left = room
    let i = this.#begin(start, backwards)
    for (; found.length < most && i >= this.#head && i < this.#entries.length; i += step) {
      const entry = this.#entries[i]!
      left -= entry.octets.length
      if (left < 0 && found.length > 0) break
      found.push(entry)
    }
    return found
  }

  find(number: number): JournalPlace | undefined {
    return this.#entries.find((entry, i) => i >= this.#head && entry.number === number)
  }

  deleteThrough(place: JournalPlace | undefined): number {
    const count = place === undefined ? this.size : this.#firstFrom({ time: place.time, number: place.number + 1 }) - this.#head
    this.#take(count)
    return count
  }

  close(): void {}

  discard(): void {
    this.#take(this.size)
  }

  /** Nearly always at the end. */
  #insert(entry: StoredJournalEntry): void {
    const last = this.#entries.at(-1)
    if (last === undefined || comparePlaces(last, entry) < 0) this.#entries.push(entry)
    else this.#entries.splice(this.#firstFrom(entry), 0, entry)
  }

  #begin(start: JournalPlace | undefined, backwards: boolean): number {
    if (start === undefined) return backwards ? this.#entries.length - 1 : this.#head
    return backwards ? this.#firstFrom({ time: start.time, number: start.number + 1 }) - 1 : this.#firstFrom(start)
  }

  /** Index of the first entry at a place or behind it. */
  #firstFrom(place: JournalPlace): number {
    let low = this.#head
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (comparePlaces(this.#entries[middle]!, place) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  #take(count: number): void {
    for (let i = this.#head; i < this.#head + count; i++) this.#octets -= this.#entries[i]!.octets.length
    this.#head += count
    if (this.#head < 1_000 && this.#head * 2 < this.#entries.length) return
    this.#entries.splice(0, this.#head)
    this.#head = 0
  }
}
