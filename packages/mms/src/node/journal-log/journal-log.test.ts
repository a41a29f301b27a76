import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { memoryJournal } from '../../server/journal/memory-store.js'
import { JournalFullError, type JournalStore } from '../../server/journal/store.js'
import { type JournalLogOptions, journalLog } from './journal-log.js'
import { HEADER } from './record.js'

const scratch = mkdtempSync(join(tmpdir(), 'journal-'))
afterAll(() => rmSync(scratch, { recursive: true }))
const folderOf = () => mkdtempSync(join(scratch, 'x-'))
const text = (value: string) => new TextEncoder().encode(value)
const entry = (time: number, value = `at ${time}`) => ({ time, octets: text(value) })
const contents = async (store: JournalStore, query: Partial<Parameters<JournalStore['read']>[0]> = {}) =>
  (await store.read({ backwards: false, most: 1e9, room: 1e9, ...query })).map(({ time, number, octets }) => [
    time,
    number,
    new TextDecoder().decode(octets),
  ])
const files = (folder: string) => readdirSync(folder).sort()
const lastFile = (folder: string) => join(folder, files(folder).at(-1)!)
/** A copy as another process would find it. */
const copyOf = (folder: string) => {
  const copy = folderOf()
  for (const name of files(folder)) copyFileSync(join(folder, name), join(copy, name))
  return copy
}

describe('a journal on the disk', () => {
  test('is there again when it is opened again, with its order, its identifiers and what was deleted', async () => {
    const folder = folderOf()
    const log = await journalLog(folder)
    expect(await log.append([entry(5), entry(3)])).toBe(1)
    expect(await log.append([entry(4)])).toBe(3)
    const expected = [
      [3, 2, 'at 3'],
      [4, 3, 'at 4'],
      [5, 1, 'at 5'],
    ]
    expect(await contents(log)).toEqual(expected)
    await log.close()
    const again = await journalLog(folder)
    expect(await contents(again)).toEqual(expected)
    expect(await again.find(3)).toEqual({ time: 4, number: 3 })
    expect(await again.find(9)).toBeUndefined()
    expect(await again.deleteThrough({ time: 4, number: 3 })).toBe(2)
    expect(await again.append([entry(1)])).toBe(4)
    await again.close()
    const third = await journalLog(folder)
    expect(await contents(third)).toEqual([
      [1, 4, 'at 1'],
      [5, 1, 'at 5'],
    ])
    expect(await third.deleteThrough(undefined)).toBe(2)
    expect(third.size).toBe(0)
    await third.close()
    const empty = await journalLog(folder)
    expect([empty.size, await empty.append([entry(1)])]).toEqual([0, 5])
    await empty.discard()
    expect(await contents(empty)).toEqual([])
    await expect(empty.append([entry(1)])).rejects.toMatchObject({ code: 'MMS_JOURNAL_CLOSED' })
  })

  test('does what a journal in memory does, whatever is asked, over files of any length and through crashes', async () => {
    const place = fc.record({ time: fc.nat(20), number: fc.nat(60) })
    const command = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ type: fc.constant('append' as const), times: fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }) }),
      },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('delete' as const), place: fc.option(place, { nil: undefined }) }) },
      {
        weight: 3,
        arbitrary: fc.record({
          type: fc.constant('read' as const),
          start: fc.option(place, { nil: undefined }),
          backwards: fc.boolean(),
          most: fc.integer({ min: 1, max: 9 }),
          room: fc.integer({ min: 1, max: 60 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('crash' as const) }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 40 }), fc.integer({ min: 120, max: 400 }), async (commands, segmentOctets) => {
        const options = { segmentOctets }
        let folder = folderOf()
        let log = await journalLog(folder, options)
        const plain = memoryJournal()
        for (const one of commands) {
          switch (one.type) {
            case 'append': {
              const entries = one.times.map(time => entry(time))
              expect(await log.append(entries)).toBe(await plain.append(entries))
              break
            }
            case 'delete':
              expect(await log.deleteThrough(one.place)).toBe(await plain.deleteThrough(one.place))
              break
            case 'read': {
              const { type: _, start, ...query } = one
              const asked = { ...query, ...(start && { start }) }
              expect(await contents(log, asked)).toEqual(await contents(plain, asked))
              break
            }
            default:
              folder = copyOf(folder)
              await log.close()
              log = await journalLog(folder, options)
          }
          expect(log.size).toBe(plain.size)
        }
        expect(await contents(log)).toEqual(await contents(plain))
        for (let number = 0; number < 20; number++) {
          const found = await plain.find(number)
          expect(await log.find(number)).toEqual(found && { time: found.time, number })
        }
        await log.close()
      }),
      { numRuns: 30 },
    )
  })

  test('what comes together is synced together, in order, and each is answered', async () => {
    const log = await journalLog(folderOf(), { segmentOctets: 2_000 })
    const firsts = await Promise.all(Array.from({ length: 500 }, (_, i) => log.append([entry(i), entry(i)])))
    expect(firsts).toEqual(Array.from({ length: 500 }, (_, i) => 2 * i + 1))
    expect(log.size).toBe(1_000)
    await log.close()
  })

  test('limits: files that were written first make room, and are counted; or new entries are refused; one too long always is', async () => {
    const octets = 'x'.repeat(100)
    const dropping = await journalLog(folderOf(), { maxOctets: 4_000 })
    for (let i = 0; i < 100; i++) await dropping.append([entry(i, octets)])
    expect(dropping.dropped).toBeGreaterThan(60)
    expect(dropping.size + dropping.dropped).toBe(100)
    expect((await contents(dropping)).at(-1)).toEqual([99, 100, octets])
    await expect(dropping.append([entry(1, 'x'.repeat(500))])).rejects.toBeInstanceOf(JournalFullError)
    await dropping.close()
    const folder = folderOf()
    const refusing = await journalLog(folder, { maxOctets: 4_000, whenFull: 'refuse' })
    let written = 0
    for (;;) {
      try {
        await refusing.append([entry(written, octets)])
      } catch (error) {
        expect(error).toBeInstanceOf(JournalFullError)
        break
      }
      written += 1
    }
    expect([refusing.size, refusing.dropped]).toEqual([written, 0])
    expect(files(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)).toBeLessThanOrEqual(4_000)
    await refusing.deleteThrough(undefined)
    await refusing.append([entry(1)])
    expect(await contents(refusing)).toEqual([[1, written + 2, 'at 1']])
    await refusing.close()
  })
})

describe('F-19: what a crash can leave', () => {
  /** A log whose last group was being written, and the number of entries acknowledged before. */
  async function crashed(options: JournalLogOptions = {}) {
    const folder = folderOf()
    const log = await journalLog(folder, options)
    for (let i = 0; i < 5; i++) await log.append([entry(i), entry(i)])
    const synced = statSync(lastFile(folder)).size
    await Promise.all([log.append([entry(10), entry(11)]), log.append([entry(12)])])
    await log.close()
    return { folder, synced, whole: readFileSync(lastFile(folder)) }
  }

  test('F-19: wherever the last write is cut, torn or full of other octets, every acknowledged entry is there, and no half of a request', async () => {
    const { folder, synced, whole } = await crashed()
    for (let cut = synced; cut <= whole.length; cut += cut < synced + 40 || cut >= whole.length - 2 ? 1 : 7) {
      for (const rest of ['nothing', 'zeros', 'noise'] as const) {
        const copy = copyOf(folder)
        const octets = Buffer.from(whole)
        if (rest === 'zeros') octets.fill(0, cut)
        if (rest === 'noise') for (let i = cut; i < octets.length; i++) octets[i] = (i * 167 + cut) & 0xff
        writeFileSync(lastFile(copy), rest === 'nothing' ? octets.subarray(0, cut) : octets)
        const log = await journalLog(copy)
        const size = log.size
        // Two requests were on their way: of two entries, and of one.
        expect([10, 12, 13]).toContain(size)
        if (cut === whole.length) expect(size).toBe(13)
        // And it goes on as if nothing had been.
        const first = await log.append([entry(99)])
        expect(first).toBe(size + 1)
        await log.close()
        const again = await journalLog(copy)
        expect([again.size, again.tornOctets]).toEqual([size + 1, 0])
        await again.close()
      }
    }
  })

  test('F-19: a page of the last write that never came, with later pages there, is a torn tail, too', async () => {
    const { folder, synced, whole } = await crashed()
    const copy = copyOf(folder)
    const octets = Buffer.from(whole)
    octets.fill(0, synced, synced + 20)
    writeFileSync(lastFile(copy), octets)
    const log = await journalLog(copy)
    expect([log.size, log.tornOctets]).toEqual([10, whole.length - synced])
    await log.close()
  })

  test('F-19: an octet that is wrong in front of what was synced later is damage, not a torn tail: nothing is cut off', async () => {
    const { folder, synced, whole } = await crashed()
    for (const at of [HEADER + 3, synced - 3, 4]) {
      const copy = copyOf(folder)
      const octets = Buffer.from(whole)
      octets[at]! ^= 0x40
      writeFileSync(lastFile(copy), octets)
      await expect(journalLog(copy)).rejects.toMatchObject({ code: 'MMS_JOURNAL_DAMAGED' })
      expect(readFileSync(lastFile(copy))).toEqual(octets)
    }
  })

  test('F-19: a file that was finished and is damaged is told of, at once or when it is read', async () => {
    const folder = folderOf()
    const log = await journalLog(folder, { segmentOctets: 200 })
    for (let i = 0; i < 20; i++) await log.append([entry(i)])
    await log.close()
    const first = join(folder, files(folder)[0]!)
    const octets = readFileSync(first)
    const inside = Buffer.from(octets)
    inside[40]! ^= 1
    writeFileSync(first, inside)
    const damaged = await journalLog(folder, { segmentOctets: 200 })
    await expect(contents(damaged)).rejects.toMatchObject({ code: 'MMS_JOURNAL_DAMAGED' })
    await damaged.close()
    writeFileSync(first, octets.subarray(0, octets.length - 1))
    await expect(journalLog(folder)).rejects.toMatchObject({ code: 'MMS_JOURNAL_DAMAGED' })
  })

  test('F-19: a deletion that was begun is finished when the journal is opened again', async () => {
    const folder = folderOf()
    const options = { segmentOctets: 200 }
    const log = await journalLog(folder, options)
    for (let i = 0; i < 12; i++) await log.append([entry(i)])
    const before = copyOf(folder)
    await log.deleteThrough({ time: 7, number: 99 })
    const expected = await contents(log)
    expect(expected.length).toBe(4)
    await log.close()
    // The record that says so, behind the files as they were.
    const { deletionRecord, seal } = await import('./record.js')
    const { recover } = await import('./segment.js')
    const { group } = await recover(lastFile(before))
    appendFileSync(lastFile(before), seal([deletionRecord({ time: 7, number: 99 }, 13)], group + 1))
    writeFileSync(join(before, 'rest.unfinished'), 'half of a file')
    const again = await journalLog(before, options)
    expect(await contents(again)).toEqual(expected)
    expect(await again.append([entry(0)])).toBe(13)
    await again.close()
    const third = await journalLog(before, options)
    expect(third.size).toBe(5)
    await third.close()
    expect(files(before).every(name => name.endsWith('.journal'))).toBe(true)
  })

  test('F-19: the program may end between a file that is finished and the next one', async () => {
    const folder = folderOf()
    const log = await journalLog(folder, { segmentOctets: 200 })
    for (let i = 0; i < 8; i++) await log.append([entry(i)])
    await log.close()
    const copy = copyOf(folder)
    rmSync(lastFile(copy))
    const without = await journalLog(copy, { segmentOctets: 200 })
    const size = without.size
    expect(await without.append([entry(100)])).toBe(size + 1)
    await without.close()
    truncateSync(lastFile(folder), 0)
    const empty = await journalLog(folder, { segmentOctets: 200 })
    expect(empty.size).toBe(size)
    await empty.close()
  })
})
