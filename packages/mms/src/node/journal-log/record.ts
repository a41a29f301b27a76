import { crc32 } from 'node:zlib'
import type { JournalPlace, NewJournalEntry } from '../../server/journal/store.js'

/**
 * The records of a log, one after the other in a file:
 *
 * | octets | what |
 * |---|---|
 * | 4 | `MJRN` |
 * | 4 | length of the body |
 * | 4 | CRC-32 of what follows |
 * | 4 | group: records that were synced together have the same number, and numbers count up |
 * | 1 | kind; bit 80: the last of its group |
 * | | body |
 *
 * Numbers are big-endian; times and numbers of entries are doubles, which hold them exactly.
 */
export const HEADER = 17
const MAGIC = 0x4d4a_524e
const LAST = 0x80
const KINDS = { entries: 1, deletion: 2, summary: 3 } as const
/** Octets of an entry besides what it holds: time and length. */
const ENTRY = 12

/** Where an entry is in its file. */
export interface Located extends JournalPlace {
  readonly at: number
  readonly length: number
}

export type LogRecord =
  | { readonly kind: 'entries'; readonly entries: readonly Located[] }
  /** What stands before it in the log, up to a place, is deleted. `next`: no number below it is given again. */
  | { readonly kind: 'deletion'; readonly through: JournalPlace; readonly next: number }
  | { readonly kind: 'summary'; readonly summary: Summary }

/** What need not be looked for in a file that has been finished. */
export interface Summary {
  readonly count: number
  readonly first: JournalPlace
  readonly last: JournalPlace
  /** No entry of this file, or of one before it, has this number or a greater one. */
  readonly next: number
}

export interface Parsed {
  readonly record: LogRecord
  readonly group: number
  readonly isLast: boolean
  readonly end: number
}

/** A record whose header is still to be filled in by `seal`. */
export function entriesRecord(entries: readonly NewJournalEntry[], firstNumber: number): Uint8Array {
  const octets = entries.reduce((sum, entry) => sum + ENTRY + entry.octets.length, 0)
  const { record, view } = blank('entries', 12 + octets)
  view.setFloat64(HEADER, firstNumber)
  view.setUint32(HEADER + 8, entries.length)
  let at = HEADER + 12
  for (const entry of entries) {
    view.setFloat64(at, entry.time)
    view.setUint32(at + 8, entry.octets.length)
    record.set(entry.octets, at + ENTRY)
    at += ENTRY + entry.octets.length
  }
  return record
}

export function deletionRecord(through: JournalPlace, next: number): Uint8Array {
  const { record, view } = blank('deletion', 24)
  view.setFloat64(HEADER, through.time)
  view.setFloat64(HEADER + 8, through.number)
  view.setFloat64(HEADER + 16, next)
  return record
}

export function summaryRecord({ count, first, last, next }: Summary): Uint8Array {
  const { record, view } = blank('summary', SUMMARY)
  for (const [i, value] of [count, first.time, first.number, last.time, last.number, next].entries()) view.setFloat64(HEADER + 8 * i, value)
  return record
}
const SUMMARY = 48
/** Octets of a whole record with a summary. */
export const SUMMARY_RECORD: number = HEADER + SUMMARY

/** Makes records of one group of them, as one piece. */
export function seal(records: readonly Uint8Array[], group: number): Uint8Array {
  const whole = Buffer.concat(records)
  let at = 0
  records.forEach(({ length }, i) => {
    whole.writeUInt32BE(group, at + 12)
    if (i === records.length - 1) whole[at + 16]! |= LAST
    whole.writeUInt32BE(crc32(whole.subarray(at + 12, at + length)), at + 8)
    at += length
  })
  return whole
}

/** The record at a place; undefined: there is none that is whole. */
export function parseRecord(octets: Uint8Array, at: number): Parsed | undefined {
  if (at + HEADER > octets.length) return undefined
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length)
  const length = view.getUint32(at + 4)
  const end = at + HEADER + length
  if (view.getUint32(at) !== MAGIC || end > octets.length) return undefined
  if (crc32(octets.subarray(at + 12, end)) !== view.getUint32(at + 8)) return undefined
  const record = parseBody(view, at + HEADER, octets[at + 16]! & ~LAST)
  return record && { record, group: view.getUint32(at + 12), isLast: (octets[at + 16]! & LAST) !== 0, end }
}

/** Where the next whole record is. */
export function findRecord(octets: Uint8Array, from: number): { readonly at: number; readonly parsed: Parsed } | undefined {
  const magic = Buffer.of(0x4d, 0x4a, 0x52, 0x4e)
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.length)
  for (let at = buffer.indexOf(magic, from); at !== -1; at = buffer.indexOf(magic, at + 1)) {
    const parsed = parseRecord(octets, at)
    if (parsed) return { at, parsed }
  }
  return undefined
}

function parseBody(view: DataView, at: number, kind: number): LogRecord | undefined {
  const number = (i: number) => view.getFloat64(at + 8 * i)
  switch (kind) {
    case KINDS.entries:
      return { kind: 'entries', entries: locate(view, at) }
    case KINDS.deletion:
      return { kind: 'deletion', through: { time: number(0), number: number(1) }, next: number(2) }
    case KINDS.summary: {
      const first = { time: number(1), number: number(2) }
      const last = { time: number(3), number: number(4) }
      return { kind: 'summary', summary: { count: number(0), first, last, next: number(5) } }
    }
    default:
      return undefined
  }
}

/** Of a body whose checksum is right. */
function locate(view: DataView, body: number): Located[] {
  const firstNumber = view.getFloat64(body)
  const count = view.getUint32(body + 8)
  const entries: Located[] = []
  let at = body + 12
  for (let i = 0; i < count; i++) {
    const length = view.getUint32(at + 8)
    entries.push({ time: view.getFloat64(at), number: firstNumber + i, at: at + ENTRY, length })
    at += ENTRY + length
  }
  return entries
}

function blank(kind: keyof typeof KINDS, length: number): { readonly record: Uint8Array; readonly view: DataView } {
  const record = new Uint8Array(HEADER + length)
  const view = new DataView(record.buffer)
  view.setUint32(0, MAGIC)
  view.setUint32(4, length)
  record[16] = KINDS[kind]
  return { record, view }
}
