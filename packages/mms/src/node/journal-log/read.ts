import { comparePlaces, type JournalPlace, type JournalQuery, type StoredJournalEntry } from '../../server/journal/store.js'
import type { Located } from './record.js'
import { readEntries, type Segment } from './segment.js'

interface Cursor {
  readonly segment: Segment
  readonly index: readonly Located[]
  at: number
}

/**
 * The entries of a query, merged from the segments whose times overlap there: nearly always one or two, as entries come in the order of their
 * times. Only their indexes are asked for.
 */
export async function readSegments(
  segments: readonly Segment[],
  { start, backwards, most, room }: JournalQuery,
  indexOf: (segment: Segment) => Promise<readonly Located[]>,
): Promise<StoredJournalEntry[]> {
  const step = backwards ? -1 : 1
  const order = (a: JournalPlace, b: JournalPlace) => step * comparePlaces(a, b)
  const near = ({ summary }: Segment) => (backwards ? summary.last : summary.first)
  const far = ({ summary }: Segment) => (backwards ? summary.first : summary.last)
  const ahead = segments
    .filter(segment => segment.summary.count > 0 && (start === undefined || order(far(segment), start) >= 0))
    .sort((a, b) => order(near(a), near(b)))
  const cursors: Cursor[] = []
  const chosen: { readonly segment: Segment; readonly entry: Located }[] = []
  let left = room
  while (chosen.length < most) {
    let best = first(cursors, order)
    while (ahead.length > 0 && (best === undefined || order(near(ahead[0]!), best.index[best.at]!) < 0)) {
      const segment = ahead.shift()!
      const index = await indexOf(segment)
      const at = begin(index, start, backwards)
      if (index[at] !== undefined) cursors.push({ segment, index, at })
      best = first(cursors, order)
    }
    if (best === undefined) break
    const entry = best.index[best.at]!
    left -= entry.length
    if (left < 0 && chosen.length > 0) break
    chosen.push({ segment: best.segment, entry })
    best.at += step
    if (best.index[best.at] === undefined) cursors.splice(cursors.indexOf(best), 1)
  }
  const found = new Map<Located, StoredJournalEntry>()
  for (const segment of new Set(chosen.map(one => one.segment))) {
    const wanted = chosen.filter(one => one.segment === segment).map(one => one.entry)
    const entries = await readEntries(segment, wanted)
    for (const [i, entry] of wanted.entries()) found.set(entry, entries[i]!)
  }
  return chosen.map(({ entry }) => found.get(entry)!)
}

function first(cursors: readonly Cursor[], order: (a: JournalPlace, b: JournalPlace) => number): Cursor | undefined {
  let best: Cursor | undefined
  for (const cursor of cursors) if (best === undefined || order(cursor.index[cursor.at]!, best.index[best.at]!) < 0) best = cursor
  return best
}

function begin(index: readonly Located[], start: JournalPlace | undefined, backwards: boolean): number {
  if (start === undefined) return backwards ? index.length - 1 : 0
  return backwards ? countThrough(index, start) - 1 : countThrough(index, { time: start.time, number: start.number - 1 })
}

/** How many entries of an index do not stand behind a place. */
export function countThrough(index: readonly Located[], place: JournalPlace): number {
  let low = 0
  let high = index.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (comparePlaces(index[middle]!, place) <= 0) low = middle + 1
    else high = middle
  }
  return low
}
