import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { int, model, pair, settle } from '../../../test/pair.js'
import type { ServiceError } from '../../asn1/error.js'
import type { EntryContent, JournalEntry, ReadJournalRequest } from '../../asn1/journal.js'
import type { OpenMmsOptions } from '../../open.js'
import { timeOfDayOf, timeOfDayToDate } from '../../times.js'
import type { MmsServerOptions } from '../server.js'
import { memoryJournal } from './memory-store.js'
import { JournalFullError, type JournalStore } from './store.js'

const IDENTITY = { vendorName: 'vendor', modelName: 'model', revision: '1' }
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second))
const note = (second: number, text = `at ${second}`) => ({ time: at(second), annotation: text })
const content = (second: number, value = `at ${second}`): EntryContent => ({
  occurrenceTime: timeOfDayOf(at(second)),
  entryForm: { type: 'annotation', value },
})
const textOf = ({ entryContent: { entryForm } }: JournalEntry) =>
  entryForm.type === 'annotation' ? entryForm.value : JSON.stringify(entryForm.value)
const journalName = { type: 'domainSpecific', value: { domainID: 'LD', itemID: 'log' } } as const

async function served(
  options: Partial<MmsServerOptions> & { store?: JournalStore; maxPduSize?: number; version?: number; client?: OpenMmsOptions } = {},
) {
  const { store, maxPduSize = 65_000, version = 1, client, ...rest } = options
  const given = model()
  const made = await pair({
    now: () => at(0).getTime(),
    model: {
      ...given,
      domains: { ...given.domains, LD: { ...given.domains!.LD, journals: { log: store === undefined ? {} : { store } } } },
      journals: { free: { accessControlList: 'M_Deletable' } },
    },
    initiate: { maxPduSize, versionNumber: version },
    client: { initiate: { maxPduSize, versionNumber: version }, ...client },
    ...rest,
  })
  const read = async (request: Partial<ReadJournalRequest> = {}) => {
    const response = await made.mms.journals.readJournal({ journalName, ...request })
    return response.listOfJournalEntry.map(textOf)
  }
  return {
    ...made,
    journals: made.mms.journals,
    get log() {
      return made.server.journal('LD/log')
    },
    read,
  }
}

const code = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: { code?: string; answered?: { errorClass?: ServiceError['errorClass'] } }) =>
      error.answered?.errorClass ? `${error.answered.errorClass.type} ${error.answered.errorClass.value}` : error.code,
  )
const everything = async (entries: AsyncIterable<JournalEntry>) => {
  const all: JournalEntry[] = []
  for await (const entry of entries) all.push(entry)
  return all
}

describe('readJournal: what a range means', () => {
  // Received in another order than that of their times; two of the same time.
  const times = [1, 3, 2, 5, 3, 9]
  const ordered = ['1', '2', '3', '3b', '5', '9']
  const time = (second: number) => ({ type: 'startingTime', value: timeOfDayOf(at(second)) }) as const
  const until = (second: number) => ({ type: 'endingTime', value: timeOfDayOf(at(second)) }) as const
  const count = (value: number) => ({ type: 'numberOfEntries', value }) as const
  /** Number in the order of receipt. */
  const id = (number: number) => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, number)
  const entry = (number: number) => ({ type: 'startingEntry', value: id(number) }) as const
  const after = (second: number, number: number) => ({ timeSpecification: timeOfDayOf(at(second)), entrySpecification: id(number) })
  type Case = [
    start?: ReadJournalRequest['rangeStartSpecification'],
    stop?: ReadJournalRequest['rangeStopSpecification'],
    behind?: ReadJournalRequest['entryToStartAfter'],
  ]
  const cases: [string, Case, string[]][] = [
    ['nothing given: everything, oldest first', [], ordered],
    ['a starting time: from it on, included', [time(3)], ['3', '3b', '5', '9']],
    ['a starting time between entries', [time(4)], ['5', '9']],
    ['a starting time behind the end', [time(10)], []],
    ['a starting entry: it and those after it (self-only)', [entry(2)], ['3', '3b', '5', '9']],
    ['an ending time: up to it, included', [undefined, until(3)], ['1', '2', '3', '3b']],
    ['both times', [time(2), until(3)], ['2', '3', '3b']],
    ['an entry and a time', [entry(5), until(5)], ['3b', '5']],
    ['a start behind the stop: nothing, and no error', [time(5), until(2)], []],
    ['a number: so many from the oldest', [undefined, count(2)], ['1', '2']],
    ['a number from a time', [time(3), count(2)], ['3', '3b']],
    ['a number from an entry', [entry(4), count(9)], ['5', '9']],
    ['a number of 0: nothing', [time(1), count(0)], []],
    ['a negative number: from the newest back', [undefined, count(-2)], ['9', '5']],
    ['a negative number from a time: back from it', [time(3), count(-3)], ['3b', '3', '2']],
    ['a negative number from an entry: back from it', [entry(2), count(-9)], ['3', '2', '1']],
    ['behind an entry', [undefined, undefined, after(3, 2)], ['3b', '5', '9']],
    ['behind an entry that is not there: behind its place', [undefined, undefined, after(3, 4)], ['3b', '5', '9']],
    ['behind an entry, a number', [undefined, count(1), after(3, 2)], ['3b']],
    ['behind an entry, up to a time', [undefined, until(5), after(3, 5)], ['5']],
    ['behind an entry, back', [undefined, count(-2), after(3, 5)], ['3', '2']],
    ['a start beside it counts for nothing', [time(9), count(2), after(1, 1)], ['2', '3']],
  ]

  test.each(cases)('RM-24: %s', async (_, [from, stop, behind], expected) => {
    const { log, read } = await served()
    await log.write(times.map((second, i) => note(second, i === 4 ? '3b' : String(second))))
    const request = {
      ...(from && { rangeStartSpecification: from }),
      ...(stop && { rangeStopSpecification: stop }),
      ...(behind && { entryToStartAfter: behind }),
    }
    expect(await read(request)).toEqual(expected)
    // The same by pages of a few entries: the client goes on behind the last one, and lowers the number by what it has.
    const small = await served({ maxPduSize: 1_024 })
    await small.log.write(times.map((second, i) => note(second, (i === 4 ? '3b' : String(second)).padEnd(200))))
    const paged: string[] = []
    let number = stop?.type === 'numberOfEntries' ? stop.value : undefined
    let position = behind
    for (let pages = 1; ; pages++) {
      const page = await small.journals.readJournal({
        journalName,
        ...request,
        ...(number === undefined ? {} : { rangeStopSpecification: count(number) }),
        ...(position && { entryToStartAfter: position }),
      })
      paged.push(...page.listOfJournalEntry.map(one => textOf(one).trim()))
      if (!page.moreFollows) break
      const last = page.listOfJournalEntry.at(-1)!
      position = { timeSpecification: last.entryContent.occurrenceTime, entrySpecification: last.entryIdentifier }
      if (number !== undefined) number -= Math.sign(number) * page.listOfJournalEntry.length
      expect(pages).toBeLessThan(9)
    }
    expect(paged).toEqual(expected)
  })

  test('RM-24: an unknown entry to start with, and one whose identifier is none of ours, do not exist', async () => {
    const { log, read } = await served()
    await log.write(note(1))
    expect(await code(read({ rangeStartSpecification: entry(7) }))).toBe('access object-non-existent')
    expect(await code(read({ rangeStartSpecification: { type: 'startingEntry', value: Uint8Array.of(1) } }))).toBe(
      'access object-non-existent',
    )
    // As a place to go on from, it stands where its octets would.
    const place = { timeSpecification: timeOfDayOf(at(1)), entrySpecification: Uint8Array.of(0) }
    expect(await read({ entryToStartAfter: place })).toEqual(['at 1'])
    expect(await read({ entryToStartAfter: { ...place, entrySpecification: Uint8Array.of(9) } })).toEqual([])
  })

  test('a time of day without a date is one of today', async () => {
    const { journals, read } = await served()
    await journals.writeJournal('LD/log', [{ ...content(1, 'dated'), occurrenceTime: timeOfDayOf(at(7), 'time') }])
    const [stored] = await everything(journals.entries('LD/log'))
    expect(timeOfDayToDate(stored!.entryContent.occurrenceTime)).toEqual(at(7))
    expect(await read({ rangeStartSpecification: { type: 'startingTime', value: timeOfDayOf(at(7), 'time') } })).toEqual(['dated'])
  })

  test('a list of variables: only those, and entries without a match stay, with none (self-only); annotations stay', async () => {
    const { log, journals } = await served({ version: 2 })
    await log.write([
      { time: at(1), variables: { a: int(1), b: int(2) } },
      { time: at(2), variables: { b: int(3) }, event: { eventConditionName: journalName, currentState: 'active' } },
      note(3),
    ])
    const listOfVariables = ['a', 'none']
    const { listOfJournalEntry } = await journals.readJournal({ journalName, listOfVariables })
    expect(listOfJournalEntry.map(one => one.entryContent.entryForm)).toEqual([
      { type: 'data', value: { listOfVariables: [{ variableTag: 'a', valueSpecification: int(1) }] } },
      { type: 'data', value: { event: { eventConditionName: journalName, currentState: 'active' }, listOfVariables: [] } },
      { type: 'annotation', value: 'at 3' },
    ])
  })

  test('U-46: a peer of minor version 1 gets and gives variables in the edition of 1990, others in that of 2003', async () => {
    for (const version of [1, 2]) {
      const { journals } = await served({ version })
      const variable = { variableTag: 'v', valueSpecification: int(1), ...(version === 1 ? { firstEdition: true } : {}) }
      await journals.writeJournal('LD/log', [
        { occurrenceTime: timeOfDayOf(at(1)), entryForm: { type: 'data', value: { listOfVariables: [variable] } } },
      ])
      const [entryRead] = await everything(journals.entries('LD/log'))
      expect(entryRead!.entryContent.entryForm).toEqual({ type: 'data', value: { listOfVariables: [variable] } })
    }
  })

  test('RM-24: an entry that alone exceeds the PDU is an error that names it, never left out; a client may go on behind it', async () => {
    const { log, journals } = await served({ maxPduSize: 1_024 })
    const [, big] = await log.write([
      note(1),
      { time: at(2), variables: { large: { type: 'octetString', value: new Uint8Array(1_500) } } },
      note(3),
    ])
    const seen: string[] = []
    const reading = (async () => {
      for await (const one of journals.entries('LD/log')) seen.push(textOf(one))
    })()
    await expect(reading).rejects.toMatchObject({
      code: 'MMS_RESOURCE_OTHER',
      message: expect.stringContaining('entry 00 00 00 00 00 00 00 02 of 2026-01-01T00:00:02.000Z does not fit'),
    })
    expect(seen).toEqual(['at 1'])
    const entryToStartAfter = { timeSpecification: timeOfDayOf(at(2)), entrySpecification: big! }
    expect((await journals.readJournal({ journalName, entryToStartAfter })).listOfJournalEntry.map(textOf)).toEqual(['at 3'])
  })

  test('a page is as long as the PDU lets it be, for any sizes of entries', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 240 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 2 }),
        async (sizes, version) => {
          const { log, journals } = await served({ maxPduSize: 1_024, version })
          await log.write(
            sizes.map((size, i) => (i % 3 ? note(i, 'x'.repeat(size)) : { time: at(i), variables: { ['t'.repeat(size + 1)]: int(i) } })),
          )
          expect((await everything(journals.entries('LD/log'))).length).toBe(sizes.length)
          const { listOfJournalEntry, moreFollows } = await journals.readJournal({ journalName })
          expect(moreFollows).toBe(listOfJournalEntry.length < sizes.length)
        },
      ),
      { numRuns: 25 },
    )
  })
})

describe('the entries of the client', () => {
  test('come over as many pages as it takes, forwards, backwards and in part', async () => {
    const { log, journals } = await served({ maxPduSize: 1_024 })
    await log.write(Array.from({ length: 50 }, (_, i) => note(i, `${i}`.padEnd(100))))
    const texts = async (range: Parameters<typeof journals.entries>[1]) =>
      (await everything(journals.entries('LD/log', range))).map(one => Number(textOf(one)))
    expect(await texts({})).toEqual(Array.from({ length: 50 }, (_, i) => i))
    expect(await texts({ from: at(10), to: at(30) })).toEqual(Array.from({ length: 21 }, (_, i) => i + 10))
    expect(await texts({ from: at(10), count: 25 })).toEqual(Array.from({ length: 25 }, (_, i) => i + 10))
    expect(await texts({ count: -25 })).toEqual(Array.from({ length: 25 }, (_, i) => 49 - i))
    const [tenth] = await everything(journals.entries('LD/log', { from: at(10), count: 1 }))
    expect(await texts({ after: tenth! })).toEqual(Array.from({ length: 39 }, (_, i) => i + 11))
    await expect(texts({ count: 1, to: at(1) })).rejects.toMatchObject({ code: 'MMS_JOURNAL_RANGE' })
    await expect(texts({ follow: 1, to: at(1) })).rejects.toMatchObject({ code: 'MMS_JOURNAL_RANGE' })
  })

  test('are followed: what is written later comes later, until a signal, or the end of the association', async () => {
    const { log, mms, journals, timers } = await served()
    await log.write(note(1))
    const seen: string[] = []
    const stop = new AbortController()
    const following = (async () => {
      for await (const one of journals.entries('LD/log', { follow: 500, signal: stop.signal })) seen.push(textOf(one))
    })()
    following.catch(() => {})
    await expect.poll(() => seen).toEqual(['at 1'])
    await settle()
    await log.write([note(2), note(3)])
    await settle()
    expect(seen.length).toBe(1)
    timers.advance(501)
    await expect.poll(() => seen).toEqual(['at 1', 'at 2', 'at 3'])
    await settle()
    stop.abort(new Error('enough'))
    await expect(following).rejects.toThrow('enough')
    const again = (async () => {
      for await (const _ of journals.entries('LD/log', { follow: 500 }));
    })()
    again.catch(() => {})
    await settle()
    mms.abort()
    await expect(again).rejects.toMatchObject({ name: 'AbortedError' })
  })
})

describe('writeJournal, initializeJournal, reportJournalStatus', () => {
  test('entries are written all or none, in order, in the name of the client', async () => {
    const apTitle = '1.3.9999.1'
    const { journals, read, log } = await served({ client: { association: { calling: { apTitle, aeQualifier: 7 } } } })
    await journals.writeJournal('LD/log', [content(2), content(1)])
    expect(await read()).toEqual(['at 1', 'at 2'])
    expect(log.size).toBe(2)
    await log.write(note(3))
    const entries = await everything(journals.entries('LD/log'))
    expect(entries.map(one => Number(one.entryIdentifier[7]))).toEqual([2, 1, 3])
    expect(entries.map(one => one.originatingApplication)).toEqual([{ apTitle, aeQualifier: 7 }, { apTitle, aeQualifier: 7 }, {}])
  })

  test('each check has its error, and changes nothing', async () => {
    const { journals, log } = await served({
      model: { identity: IDENTITY, journals: { sealed: { accessControlList: 'M_ReadOnly' } }, domains: { LD: { journals: { log: {} } } } },
    })
    expect(await code(journals.writeJournal('LD/log', []))).toBe('MMS_REJECT_INVALID_ARGUMENT')
    expect(await code(journals.writeJournal('LD/log', [content(1), content(2, 'x'.repeat(256))]))).toBe('MMS_REJECT_VALUE_OUT_OF_RANGE')
    const tagged = (variableTag: string): EntryContent => ({
      occurrenceTime: timeOfDayOf(at(1)),
      entryForm: { type: 'data', value: { listOfVariables: [{ variableTag, valueSpecification: int(1) }] } },
    })
    expect(await code(journals.writeJournal('LD/log', [tagged('')]))).toBe('MMS_REJECT_VALUE_OUT_OF_RANGE')
    expect(await code(journals.writeJournal('LD/log', [tagged('x'.repeat(256))]))).toBe('MMS_REJECT_VALUE_OUT_OF_RANGE')
    for (const name of ['LD/none', 'none/log', 'log', 'aa:log']) {
      expect(await code(journals.writeJournal(name, [content(1)]))).toBe('access object-non-existent')
      expect(await code(everything(journals.entries(name)))).toBe('access object-non-existent')
      expect(await code(journals.initializeJournal(name))).toBe('access object-non-existent')
      expect(await code(journals.reportJournalStatus(name))).toBe('access object-non-existent')
      expect(await code(journals.deleteJournal(name))).toBe('access object-non-existent')
    }
    expect(await code(journals.writeJournal('vmd:sealed', [content(1)]))).toBe('access object-access-denied')
    expect(await code(journals.initializeJournal('LD/log'))).toBe('access object-access-denied')
    expect(await code(journals.deleteJournal('LD/log'))).toBe('access object-access-denied')
    expect(log.size).toBe(0)
    expect(await code(journals.writeJournal('LD/log', [content(1, 'x'.repeat(255)), tagged('x'.repeat(255))]))).toBe('done')
    expect(log.size).toBe(2)
  })

  test('a store without room: the oldest go and are counted, or the new ones are refused, whole', async () => {
    const dropping = await served({ store: memoryJournal({ maxEntries: 3 }) })
    for (const second of [1, 2, 3, 4]) await dropping.journals.writeJournal('LD/log', [content(second)])
    expect(await dropping.read()).toEqual(['at 2', 'at 3', 'at 4'])
    expect(dropping.log.dropped).toBe(1)
    expect(
      await code(
        dropping.journals.writeJournal(
          'LD/log',
          [1, 2, 3, 4].map(s => content(s)),
        ),
      ),
    ).toBe('resource mass-storage-unavailable')
    expect(dropping.log.dropped).toBe(1)

    const refusing = await served({ store: memoryJournal({ maxEntries: 3, whenFull: 'refuse' }) })
    await refusing.journals.writeJournal('LD/log', [content(1), content(2)])
    expect(await code(refusing.journals.writeJournal('LD/log', [content(3), content(4)]))).toBe('resource mass-storage-unavailable')
    expect(await refusing.read()).toEqual(['at 1', 'at 2'])
    await refusing.journals.writeJournal('LD/log', [content(3)])
    await expect(refusing.log.write(note(4))).rejects.toBeInstanceOf(JournalFullError)
  })

  test('what a store throws is an error of that request, and nothing else', async () => {
    const store = { ...memoryJournal(), size: 0, append: () => Promise.reject(new TypeError('disk')) } as unknown as JournalStore
    const { journals, mms } = await served({ store })
    expect(await code(journals.writeJournal('LD/log', [content(1)]))).toBe('resource other')
    expect((await mms.identify()).vendorName).toBe('vendor')
  })

  test('RM-24: initializeJournal deletes everything, or up to a time, or of that time up to an entry, and says how many', async () => {
    const seconds = [1, 2, 2, 2, 3]
    const ids = (number: number) => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, number)
    const limit = (second: number, number?: number) => ({
      limitingTime: timeOfDayOf(at(second)),
      ...(number === undefined ? {} : { limitingEntry: ids(number) }),
    })
    const cases: [ReturnType<typeof limit> | undefined, number][] = [
      [undefined, 5],
      [limit(0), 0],
      [limit(2), 4],
      [limit(9), 5],
      [limit(2, 2), 2],
      [limit(2, 3), 3],
      [limit(3, 1), 4],
    ]
    for (const [given, deleted] of cases) {
      const { journals } = await served()
      await journals.createJournal('vmd:mine')
      await journals.writeJournal(
        'vmd:mine',
        seconds.map((second, i) => content(second, `${i}`)),
      )
      expect(await journals.initializeJournal('vmd:mine', given)).toBe(deleted)
      expect((await journals.reportJournalStatus('vmd:mine')).currentEntries).toBe(5 - deleted)
      expect((await everything(journals.entries('vmd:mine'))).map(textOf)).toEqual(['0', '1', '2', '3', '4'].slice(deleted))
      await journals.writeJournal('vmd:mine', [content(1, 'new')])
      const fresh = (await everything(journals.entries('vmd:mine'))).find(one => textOf(one) === 'new')
      expect(fresh!.entryIdentifier).toEqual(ids(6))
    }
  })

  test('reportJournalStatus names the list only where `aco` is negotiated', async () => {
    const { journals } = await served()
    await journals.writeJournal('vmd:free', [content(1)])
    expect(await journals.reportJournalStatus('vmd:free')).toEqual({ currentEntries: 1, mmsDeletable: true })
    expect(await journals.reportJournalStatus('LD/log')).toEqual({ currentEntries: 0, mmsDeletable: false })
  })
})

describe('createJournal, deleteJournal', () => {
  test('in every scope; they are found by name, and gone with the association', async () => {
    const { journals, mms, server, association } = await served()
    for (const name of ['vmd:new', 'LD/new', 'aa:new']) {
      await journals.createJournal(name)
      expect(await code(journals.createJournal(name))).toBe('definition object-exists')
      await journals.writeJournal(name, [content(1)])
    }
    const names = async (scope: Parameters<typeof mms.names>[1]) => {
      const found: string[] = []
      for await (const name of mms.names({ type: 'basicObjectClass', value: 'journal' }, scope)) found.push(name)
      return found
    }
    expect(await names({ type: 'domainSpecific', value: 'LD' })).toEqual(['log', 'new'])
    expect(await names({ type: 'vmdSpecific', value: null })).toEqual(['free', 'new'])
    expect(await names({ type: 'aaSpecific', value: null })).toEqual(['new'])
    await journals.deleteJournal('LD/new')
    expect(await code(journals.reportJournalStatus('LD/new'))).toBe('access object-non-existent')
    const own = association.own.get('journal', 'new')!
    expect(own.size).toBe(1)
    mms.abort()
    await association.ended
    await settle()
    expect(own.size).toBe(0)
    expect(server.vmd.vmdSpecific.get('journal', 'new')?.size).toBe(1)
  })

  test('the checks of createJournal: domain, name, the VMD’s list, limits at −1, 0 and +1', async () => {
    const { journals, server } = await served({ limits: { maxJournals: 2, maxJournalsPerAssociation: 1 } })
    expect(await code(journals.createJournal('none/new'))).toBe('access object-non-existent')
    expect(await code(journals.createJournal('LD/log'))).toBe('definition object-exists')
    // `free` of the model may be deleted, and counts.
    expect(await code(journals.createJournal('LD/one'))).toBe('done')
    expect(await code(journals.createJournal('LD/two'))).toBe('resource capability-unavailable')
    await journals.deleteJournal('LD/one')
    expect(await code(journals.createJournal('vmd:two'))).toBe('done')
    expect(await code(journals.createJournal('aa:one'))).toBe('done')
    expect(await code(journals.createJournal('aa:two'))).toBe('resource capability-unavailable')
    server.vmd.accessControlList = 'closed'
    server.vmd.vmdSpecific.add('accessControlList', {
      name: 'closed',
      scope: undefined,
      accessControlList: 'M_Never',
      conditions: { loadAccessCondition: { type: 'never', value: null } },
    })
    await journals.deleteJournal('vmd:two')
    expect(await code(journals.createJournal('vmd:two'))).toBe('access object-access-denied')
  })

  test('the application gives new journals their store; a store that comes too late is thrown away', async () => {
    const made: string[] = []
    let go = () => {}
    const discarded: string[] = []
    const { journals, server } = await served({
      model: {
        identity: IDENTITY,
        newJournal: async name => {
          made.push(JSON.stringify(name))
          await new Promise<void>(resolve => {
            go = resolve
          })
          const store = memoryJournal()
          store.discard = () => void discarded.push(name.type)
          return store
        },
      },
    })
    const creating = journals.createJournal('vmd:late')
    await expect.poll(() => made.length).toBe(1)
    const { Journal } = await import('./journal.js')
    server.vmd.vmdSpecific.add('journal', new Journal('late', 'M_Deletable', memoryJournal(), Date.now))
    go()
    expect(await code(creating)).toBe('definition object-exists')
    expect(discarded).toEqual(['vmdSpecific'])
  })

  test('RM-05: a server without journals serves and announces none; one with journals, all six', async () => {
    const six = ['readJournal', 'writeJournal', 'initializeJournal', 'reportJournalStatus', 'createJournal', 'deleteJournal']
    const without = await pair()
    expect(without.server.servicesSupported.filter(service => six.includes(service))).toEqual([])
    expect(await code(without.mms.journals.createJournal('new'))).toBe('MMS_REJECT_UNRECOGNIZED_SERVICE')
    const { server } = await served()
    expect(server.servicesSupported).toEqual(expect.arrayContaining(six))
  })
})
