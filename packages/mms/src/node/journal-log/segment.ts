import { type FileHandle, open, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { OsiError } from '@x/core'
import { comparePlaces, type JournalPlace, type StoredJournalEntry } from '../../server/journal/store.js'
import { findRecord, type Located, parseRecord, SUMMARY_RECORD, type Summary } from './record.js'

/** Thrown when a log is damaged where no crash can have damaged it: it is not opened, and nothing of it is changed. */
export class JournalDamagedError extends OsiError {
  override readonly name = 'JournalDamagedError'
  constructor(path: string, at: number) {
    super('mms', 'MMS_JOURNAL_DAMAGED', `expected a record of a journal at octet ${at} of ${path}, found none, and whole ones behind it`)
  }
}

const EXTENSION = '.journal'

/** The name of a file says the number of its first entry: names in order are files in order. */
export function segmentPath(folder: string, next: number): string {
  return join(folder, `${String(next).padStart(16, '0')}${EXTENSION}`)
}

export function isSegment(name: string): boolean {
  return /^\d{16}\.journal$/.test(name)
}

/** One file of a log. */
export interface Segment {
  readonly path: string
  /** Octets. */
  size: number
  summary: Summary
  /** Its entries in the order of the journal; absent: not read yet, or forgotten again. */
  index?: readonly Located[]
}

export function summarize(entries: readonly Located[], next: number): Summary {
  const nowhere = { time: 0, number: 0 }
  return { count: entries.length, first: entries[0] ?? nowhere, last: entries.at(-1) ?? nowhere, next }
}

export function firstNumberOf({ path }: Segment): number {
  return Number(basename(path, EXTENSION))
}

/** A file that was finished: its last record says what is in it. @throws JournalDamagedError when it does not */
export async function openFinished(path: string): Promise<Segment> {
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    const at = Math.max(0, size - SUMMARY_RECORD)
    const octets = new Uint8Array(Math.min(size, SUMMARY_RECORD))
    await readFully(handle, octets, at)
    const parsed = parseRecord(octets, 0)
    if (parsed?.record.kind !== 'summary') throw new JournalDamagedError(path, at)
    return { path, size, summary: parsed.record.summary }
  } finally {
    await handle.close()
  }
}

/** What is in a file that may have been in use when the program ended. */
export interface Recovered {
  /** In the order of the journal. */
  readonly entries: Located[]
  /** Places through which something was deleted that may still be in the files before this one. */
  readonly deletions: readonly JournalPlace[]
  readonly next: number
  readonly group: number
  /** Octets that are whole records. */
  readonly end: number
  /** Octets behind them. */
  readonly torn: number
  /** It was finished, and nothing may follow. */
  readonly finished: boolean
}

/**
 * Reads a file from the beginning. What a crash can have left unfinished is the group of records that was written last; it was never
 * acknowledged.
 * @throws JournalDamagedError when a record is missing in front of a later group
 */
export async function recover(path: string): Promise<Recovered> {
  const octets = await readFile(path)
  let entries: Located[] = []
  const deletions: JournalPlace[] = []
  let next = Number(basename(path, EXTENSION))
  let group = 0
  let isLast = true
  let end = 0
  let finished = false
  for (;;) {
    const parsed = parseRecord(octets, end)
    if (parsed === undefined) break
    ;({ end, group, isLast } = parsed)
    const { record } = parsed
    finished = record.kind === 'summary'
    if (record.kind === 'entries') {
      for (const entry of record.entries) entries.push(entry)
      next = Math.max(next, record.entries.at(-1)!.number + 1)
    }
    if (record.kind === 'deletion') {
      entries = entries.filter(entry => comparePlaces(entry, record.through) > 0)
      deletions.push(record.through)
      next = Math.max(next, record.next)
    }
  }
  refuseDamage(path, octets, end, group, isLast)
  entries.sort(comparePlaces)
  return { entries, deletions, next, group, end, torn: octets.length - end, finished }
}

/** Behind a place without a record there may be rests of the group that was being written, and nothing later. */
function refuseDamage(path: string, octets: Uint8Array, end: number, group: number, isLast: boolean): void {
  let torn = end === 0 ? undefined : isLast ? group + 1 : group
  for (let found = findRecord(octets, end); found; found = findRecord(octets, found.parsed.end)) {
    torn ??= found.parsed.group
    if (found.parsed.group > torn) throw new JournalDamagedError(path, end)
  }
}

/** The entries of a segment in the order of the journal. */
export async function indexOf(segment: Segment): Promise<readonly Located[]> {
  if (segment.index) return segment.index
  const { entries, end, torn } = await recover(segment.path)
  if (torn > 0) throw new JournalDamagedError(segment.path, end)
  segment.index = entries
  return entries
}

/** What these entries of one segment hold, in their order. Neighbours are read at once. */
export async function readEntries({ path }: Segment, wanted: readonly Located[]): Promise<StoredJournalEntry[]> {
  const handle = await open(path)
  try {
    const from = wanted.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY)
    const to = wanted.reduce((most, { at, length }) => Math.max(most, at + length), 0)
    const needed = wanted.reduce((sum, { length }) => sum + length, 0)
    if (to - from <= 4 * needed + NEAR) {
      const octets = new Uint8Array(to - from)
      await readFully(handle, octets, from)
      return wanted.map(({ time, number, at, length }) => ({ time, number, octets: octets.subarray(at - from, at - from + length) }))
    }
    const found: StoredJournalEntry[] = []
    for (const { time, number, at, length } of wanted) {
      const octets = new Uint8Array(length)
      await readFully(handle, octets, at)
      found.push({ time, number, octets })
    }
    return found
  } finally {
    await handle.close()
  }
}
/** Octets that are read though nobody wants them, rather than reading twice. */
const NEAR = 65_536

async function readFully(handle: FileHandle, octets: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < octets.length; ) {
    const { bytesRead } = await handle.read(octets, done, octets.length - done, position + done)
    if (bytesRead === 0) throw new JournalDamagedError('a file that has become shorter', position + done)
    done += bytesRead
  }
}
