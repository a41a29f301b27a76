import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EntryContent, type JournalEntry, timeOfDayOf } from '@x/mms'
import { connect } from '@x/mms/node'
import { Child } from './child.js'
import type { JournalServerSettings, journalAnswers } from './journal-server.js'
import { type Finding, type Scenario, sleep } from './scenario.js'

/** Clients that write at the same time, each one request after the other. */
const WRITERS = 6
/** Milliseconds that a server lives at most before it is killed. */
const LIFE = 150

/**
 * F-19: a server that keeps a journal is killed while clients write to it, again and again. What a client was told is written must be there
 * afterwards, in order; of what was on its way, all of a request or nothing. Now and then the journal is emptied up to a time, and killed while
 * it does that.
 */
export const kills: Scenario = async ({ short, kills: wanted }) => {
  const times = wanted ?? (short ? 25 : 1_000)
  const folder = await mkdtemp(join(tmpdir(), 'kills-'))
  const history = new History()
  let torn = 0
  const since = performance.now()
  try {
    for (let i = 0; i < times; i++) torn += await life(folder, history, i)
    using last = serverOf(folder)
    await check(await last.ask('port'), history)
  } finally {
    await rm(folder, { recursive: true })
  }
  const seconds = (performance.now() - since) / 1_000
  const what = `killed ${times} times, ${history.acknowledged} entries acknowledged, ${history.deleted} deleted, ${torn} times a torn tail, ${seconds.toFixed(0)} s`
  const finding = (name: string, found: number): Finding => ({
    id: 'F-19',
    what: `${what}: ${name}`,
    found: String(found),
    goal: '0',
    met: found === 0,
  })
  return [
    finding('acknowledged entries lost', history.lost),
    finding('requests of which a part is there', history.halves),
    finding('entries that nobody wrote, or that were deleted, or are out of order', history.strange),
  ]
}

function serverOf(folder: string): Child<typeof journalAnswers> {
  const settings: JournalServerSettings = { folder, segmentOctets: 65_536 }
  return new Child('./journal-server.js', settings)
}

/** What clients know. A request is known by its number; its entries have the number and their place in it. */
class History {
  next = 0
  acknowledged = 0
  deleted = 0
  lost = 0
  halves = 0
  strange = 0
  /** Written and acknowledged, by number: how many entries. Those that were deleted, and were told to be, are not here. */
  readonly written = new Map<number, number>()
  /** Sent and not answered: they may be there. */
  readonly open = new Map<number, number>()
  /** Requests up to this one may have been deleted: a deletion that was not answered. */
  perhapsDeleted = -1
  /** Requests up to this one have been deleted. */
  surelyDeleted = -1
}

/** @returns 1 when the server found a torn tail */
async function life(folder: string, history: History, turn: number): Promise<number> {
  using server = serverOf(folder)
  const port = await server.ask('port')
  const torn = (await server.ask('torn')) > 0 ? 1 : 0
  await check(port, history)
  const mms = await connect({ host: '127.0.0.1', port })
  mms.ended.catch(() => {})
  let alive = true
  const writing = Array.from({ length: WRITERS }, async () => {
    while (alive) {
      const number = history.next++
      const count = 1 + (number % 3)
      history.open.set(number, count)
      try {
        await mms.journals.writeJournal('vmd:log', entriesOf(number, count))
      } catch {
        return
      }
      history.open.delete(number)
      history.written.set(number, count)
      history.acknowledged += count
    }
  })
  const life = sleep(Math.random() * LIFE)
  if (turn % 10 === 9) {
    await sleep(Math.random() * 10)
    const limit = Math.min(...history.open.keys(), history.next) - 1
    // Nothing that is on its way may be among them, or nobody would know what became of it.
    if (limit >= 0) await empty(mms, limit, history)
  }
  await life
  server[Symbol.dispose]()
  alive = false
  await Promise.all(writing)
  mms.abort()
  return torn
}

/** Times count up with the numbers of requests, a millisecond for each. */
const START = Date.UTC(2026, 0, 1)

function entriesOf(number: number, count: number): EntryContent[] {
  const occurrenceTime = timeOfDayOf(new Date(START + number))
  return Array.from({ length: count }, (_, i) => ({
    occurrenceTime,
    entryForm: { type: 'annotation', value: `${number} ${i} ${'x'.repeat((number * 7) % 180)}` },
  }))
}

async function empty(mms: Awaited<ReturnType<typeof connect>>, limit: number, history: History): Promise<void> {
  history.perhapsDeleted = Math.max(history.perhapsDeleted, limit)
  try {
    history.deleted += await mms.journals.initializeJournal('vmd:log', { limitingTime: timeOfDayOf(new Date(START + limit)) })
    history.surelyDeleted = Math.max(history.surelyDeleted, limit)
  } catch {
    // It may have happened, or not; later readings show it.
  }
}

async function check(port: number, history: History): Promise<void> {
  const mms = await connect({ host: '127.0.0.1', port, initiate: { maxPduSize: 65_000 } })
  const found = new Map<number, number>()
  let last = -1
  for await (const entry of mms.journals.entries('vmd:log')) {
    const [number, place] = textOf(entry).split(' ').map(Number) as [number, number]
    const before = found.get(number) ?? 0
    if (number < last || place !== before || number <= history.surelyDeleted) history.strange += 1
    if (!history.written.has(number) && !history.open.has(number)) history.strange += 1
    found.set(number, before + 1)
    last = number
  }
  await mms.close()
  for (const [number, count] of history.open) {
    const there = found.get(number) ?? 0
    if (there !== 0 && there !== count) history.halves += 1
    // Told or not, it is there now, and must stay.
    if (there > 0) history.written.set(number, there)
  }
  history.open.clear()
  const isDeleted = [...history.written.keys()].some(number => number <= history.perhapsDeleted && !found.has(number))
  for (const [number, count] of history.written) {
    if (number <= history.perhapsDeleted && isDeleted) {
      if (found.has(number)) history.strange += 1
      history.written.delete(number)
    } else history.lost += count - (found.get(number) ?? 0)
  }
  if (isDeleted) history.surelyDeleted = history.perhapsDeleted
  else history.perhapsDeleted = history.surelyDeleted
}

function textOf({ entryContent: { entryForm } }: JournalEntry): string {
  return entryForm.type === 'annotation' ? entryForm.value : ''
}
