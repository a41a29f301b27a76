import { type FileHandle, mkdir, open, readdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '@x/core'
import {
  comparePlaces,
  JournalFullError,
  type JournalPlace,
  type JournalQuery,
  type JournalStore,
  type NewJournalEntry,
  type StoredJournalEntry,
  type WhenFull,
} from '../../server/journal/store.js'
import { syncFolder } from '../received-file.js'
import { countThrough, readSegments } from './read.js'
import { deletionRecord, entriesRecord, type Located, seal, summaryRecord } from './record.js'
import { firstNumberOf, indexOf, isSegment, openFinished, readEntries, recover, type Segment, segmentPath, summarize } from './segment.js'

export interface JournalLogOptions {
  /** Octets of all files together. @default 268_435_456 */
  readonly maxOctets?: number
  /** What goes is the file that was written first, whole. @default 'drop-oldest' */
  readonly whenFull?: WhenFull
  /** Octets of a file, after which the next is begun. @default 4_194_304, or an eighth of `maxOctets` where that is less */
  readonly segmentOctets?: number
}

/** A journal on the disk. */
export interface JournalLog extends JournalStore {
  /** Octets that a crash left behind the last whole record when it was opened, and that were cut off: never acknowledged. */
  readonly tornOctets: number
}

/**
 * A journal on the disk: a folder of files to whose end records are written, each with a checksum. Entries are answered for when they are
 * synced to the disk; those that come meanwhile are synced together. In memory are some numbers for each file, and the index of those that are
 * being read. One process at a time may have it open.
 * @param folder made where it is not there
 * @throws JournalDamagedError when something is missing that no crash explains; what the system says
 */
export async function journalLog(folder: string, options: JournalLogOptions = {}): Promise<JournalLog> {
  await mkdir(folder, { recursive: true })
  const names = await readdir(folder)
  await Promise.all(names.filter(name => name.endsWith(UNFINISHED)).map(name => unlink(join(folder, name))))
  const paths = names
    .filter(isSegment)
    .sort()
    .map(name => join(folder, name))
  const finished: Segment[] = []
  for (const path of paths.slice(0, -1)) finished.push(await openFinished(path))
  const last = paths.at(-1)
  if (last === undefined) return new Log(folder, options, [], await begin(folder, 1), 0, 0)
  const found = await recover(last)
  const segment: Segment = { path: last, size: found.end, summary: summarize(found.entries, found.next), index: found.entries }
  if (found.finished) {
    return new Log(folder, options, [...finished, segment], await begin(folder, found.next), found.group, 0)
  }
  const handle = await open(last, 'r+')
  if (found.torn > 0) {
    await handle.truncate(found.end)
    await handle.sync()
  }
  const log = new Log(folder, options, finished, { segment, handle }, found.group, found.torn)
  // A deletion that was acknowledged, or about to be, when the program ended.
  for (const through of found.deletions) await log.erase(through)
  return log
}

const UNFINISHED = '.unfinished'

interface Active {
  readonly segment: Segment
  readonly handle: FileHandle
}

interface Waiting {
  readonly record: Uint8Array
  readonly entries: readonly NewJournalEntry[]
  readonly first: number
  readonly resolve: (first: number) => void
  readonly reject: (error: unknown) => void
}

async function begin(folder: string, next: number): Promise<Active> {
  const path = segmentPath(folder, next)
  const handle = await open(path, 'wx+')
  await syncFolder(folder)
  return { segment: { path, size: 0, summary: summarize([], next), index: [] }, handle }
}

class Log implements JournalLog {
  readonly tornOctets: number
  dropped = 0
  readonly #folder: string
  readonly #maxOctets: number
  readonly #whenFull: WhenFull
  readonly #segmentOctets: number
  /** In the order in which they were written. */
  readonly #finished: Segment[]
  #active: Active
  #group: number
  #next: number
  #waiting: Waiting[] = []
  /** What has been asked for is done one after the other. */
  #turn: Promise<unknown> = Promise.resolve()
  /** Why nothing more can be written: what a disk has that could not be synced is not known. */
  #broken: unknown
  /** Segments whose index is kept, the one used last at the end. */
  #recent: Segment[] = []

  constructor(folder: string, options: JournalLogOptions, finished: Segment[], active: Active, group: number, tornOctets: number) {
    const { maxOctets = 268_435_456, whenFull = 'drop-oldest', segmentOctets = Math.min(4_194_304, maxOctets / 8) } = options
    this.#folder = folder
    this.#maxOctets = maxOctets
    this.#whenFull = whenFull
    this.#segmentOctets = segmentOctets
    this.#finished = finished
    this.#active = active
    this.#group = group
    this.#next = active.segment.summary.next
    this.tornOctets = tornOctets
  }

  get size(): number {
    return this.#segments.reduce((sum, { summary }) => sum + summary.count, 0)
  }

  async append(entries: readonly NewJournalEntry[]): Promise<number> {
    const first = this.#next
    const record = entriesRecord(entries, first)
    if (record.length > this.#segmentOctets) {
      throw new JournalFullError(`expected entries of up to ${this.#segmentOctets} octets at once, found ${record.length}`)
    }
    this.#next += entries.length
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, entries, first, resolve, reject })
      if (this.#waiting.length === 1) void this.#after(() => this.#flush())
    })
  }

  read(query: JournalQuery): Promise<StoredJournalEntry[]> {
    return this.#after(() => readSegments(this.#segments, query, segment => this.#indexOf(segment)))
  }

  find(number: number): Promise<JournalPlace | undefined> {
    return this.#after(async () => {
      const segment = this.#segments.findLast(one => firstNumberOf(one) <= number)
      const found = segment && (await this.#indexOf(segment)).find(entry => entry.number === number)
      return found && { time: found.time, number }
    })
  }

  deleteThrough(place: JournalPlace = EVERYWHERE): Promise<number> {
    return this.#after(async () => {
      let count = 0
      for (const segment of this.#segments) count += await this.#countThrough(segment, place)
      if (count === 0) return 0
      // From here on it is deleted, whatever happens: recovery goes on where this ends.
      await this.#write([deletionRecord(place, this.#next)])
      await this.#erase(place).catch(error => {
        this.#broken = error
        throw error
      })
      return count
    })
  }

  /** Takes entries out of the files. @internal */
  erase(place: JournalPlace): Promise<void> {
    return this.#after(() => this.#erase(place))
  }

  async close(): Promise<void> {
    await this.#after(async () => {
      this.#broken ??= new UsageError('mms', 'MMS_JOURNAL_CLOSED', 'the journal has been closed')
      await this.#active.handle.close()
    })
  }

  async discard(): Promise<void> {
    await this.close().catch(() => {})
    this.#finished.length = 0
    this.#active.segment.summary = summarize([], this.#next)
    await rm(this.#folder, { recursive: true, force: true })
  }

  get #segments(): readonly Segment[] {
    return [...this.#finished, this.#active.segment]
  }

  #after<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => {})
    return done
  }

  /** Everything that waits, as one group with one sync. */
  async #flush(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    try {
      for (const part of this.#inGroups(waiting)) {
        await this.#makeRoom(part)
        const start = this.#active.segment.size
        await this.#write(part.map(({ record }) => record))
        this.#remember(part, start)
        for (const { first, resolve } of part) resolve(first)
      }
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
  }

  /** As much at once as a file should have. */
  #inGroups(waiting: readonly Waiting[]): readonly Waiting[][] {
    const groups: Waiting[][] = []
    let size = Number.POSITIVE_INFINITY
    for (const one of waiting) {
      size += one.record.length
      if (size > this.#segmentOctets) {
        groups.push([])
        size = one.record.length
      }
      groups.at(-1)!.push(one)
    }
    return groups
  }

  /** Writes and syncs at the end of the file. When that fails, what has been written of it is cut off again. */
  async #write(records: readonly Uint8Array[]): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken
    const { handle, segment } = this.#active
    const octets = seal(records, this.#group + 1)
    try {
      for (let done = 0; done < octets.length; ) {
        const { bytesWritten } = await handle.write(octets, done, octets.length - done, segment.size + done)
        done += bytesWritten
      }
    } catch (error) {
      await handle.truncate(segment.size).catch(failure => {
        this.#broken = failure
      })
      throw refused(error)
    }
    await handle.datasync().catch(error => {
      this.#broken = error
      throw error
    })
    segment.size += octets.length
    this.#group += 1
  }

  #remember(part: readonly Waiting[], start: number): void {
    const { segment } = this.#active
    const index = segment.index as Located[]
    let at = start
    for (const { record, entries, first } of part) {
      let inside = at + 29
      entries.forEach(({ time, octets }, i) => {
        const entry = { time, number: first + i, at: inside + 12, length: octets.length }
        inside += 12 + octets.length
        if (index.length === 0 || comparePlaces(index.at(-1)!, entry) < 0) index.push(entry)
        else index.splice(countThrough(index, entry), 0, entry)
      })
      at += record.length
    }
    segment.summary = summarize(index, this.#next)
  }

  async #makeRoom(part: readonly Waiting[]): Promise<void> {
    const octets = part.reduce((sum, { record }) => sum + record.length, 0)
    const { segment } = this.#active
    if (segment.summary.count > 0 && segment.size + octets > this.#segmentOctets) await this.#beginNext(part[0]!.first)
    const taken = () => this.#segments.reduce((sum, { size }) => sum + size, 0)
    while (taken() + octets > this.#maxOctets) {
      const oldest = this.#finished[0]
      if (this.#whenFull === 'refuse' || oldest === undefined) throw new JournalFullError(`the journal has ${taken()} octets already`)
      this.#finished.shift()
      this.dropped += oldest.summary.count
      await unlink(oldest.path)
    }
  }

  /** @param next number of the first entry that will be in it */
  async #beginNext(next: number): Promise<void> {
    const { segment, handle } = this.#active
    await this.#write([summaryRecord(segment.summary)])
    this.#active = await begin(this.#folder, next)
    this.#finished.push(segment)
    this.#use(segment)
    await handle.close()
  }

  async #indexOf(segment: Segment): Promise<readonly Located[]> {
    if (segment === this.#active.segment) return segment.index!
    this.#use(segment)
    return indexOf(segment)
  }

  #use(segment: Segment): void {
    this.#recent = [...this.#recent.filter(one => one !== segment), segment]
    if (this.#recent.length > KEPT) delete this.#recent.shift()!.index
  }

  async #countThrough(segment: Segment, place: JournalPlace): Promise<number> {
    const { count, first, last } = segment.summary
    if (count === 0 || comparePlaces(first, place) > 0) return 0
    return comparePlaces(last, place) <= 0 ? count : countThrough(await this.#indexOf(segment), place)
  }

  /** File by file, the one that says that there is something to be deleted last. */
  async #erase(place: JournalPlace): Promise<void> {
    for (const segment of [...this.#finished]) {
      const gone = await this.#countThrough(segment, place)
      if (gone === 0) continue
      if (gone === segment.summary.count) {
        this.#finished.splice(this.#finished.indexOf(segment), 1)
        await unlink(segment.path)
      } else await this.#rewrite(segment, place, segment.summary.next)
    }
    await syncFolder(this.#folder)
    const { segment, handle } = this.#active
    await handle.close()
    await this.#rewrite(segment, place, undefined)
    this.#active = { segment, handle: await open(segment.path, 'r+') }
  }

  /** Without what is deleted, beside its place, and then put there. @param finished the next number of a file that is finished */
  async #rewrite(segment: Segment, place: JournalPlace, finished: number | undefined): Promise<void> {
    const index = await this.#indexOf(segment)
    const kept = [...index.slice(countThrough(index, place))].sort((a, b) => a.number - b.number)
    const entries = kept.length === 0 ? [] : await readEntries(segment, kept)
    const records: Uint8Array[] = [deletionRecord(NOWHERE, this.#next)]
    // One record for each run of numbers: they count up in a record.
    for (let i = 0; i < entries.length; ) {
      let end = i + 1
      while (end < entries.length && entries[end]!.number === entries[end - 1]!.number + 1) end += 1
      records.push(entriesRecord(entries.slice(i, end), entries[i]!.number))
      i = end
    }
    const located = [...index.slice(countThrough(index, place))]
    const temporary = `${segment.path}${UNFINISHED}`
    // The last record is a group of its own: what is missing in front of it is then no rest of a crash.
    const last = finished === undefined ? deletionRecord(NOWHERE, this.#next) : summaryRecord(summarize(located, finished))
    const octets = [seal(records, this.#group + 1), seal([last], this.#group + 2)]
    this.#group += 2
    await writeFile(temporary, Buffer.concat(octets), { flush: true })
    await rename(temporary, segment.path)
    await syncFolder(this.#folder)
    const found = await recover(segment.path)
    segment.size = (await stat(segment.path)).size
    segment.summary = summarize(found.entries, finished ?? this.#next)
    segment.index = found.entries
  }
}

/** Indexes of finished files that are kept. */
const KEPT = 4
const EVERYWHERE: JournalPlace = { time: Number.POSITIVE_INFINITY, number: Number.POSITIVE_INFINITY }
const NOWHERE: JournalPlace = { time: Number.NEGATIVE_INFINITY, number: 0 }

function refused(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' ? new JournalFullError('the disk has no room for it') : error
}
