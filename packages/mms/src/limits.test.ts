import { HandTimers } from '@x/core/testing'
import { expect, test } from 'vitest'
import { memoryStore } from '../test/memory-store.js'
import { type Pair, pair } from '../test/pair.js'
import { RejectBudget } from './reject-budget.js'

const vmdWide = { variableSpecification: { type: 'name', value: { type: 'vmdSpecific', value: 'vmdWide' } } } as const
const items = (count: number) => ({ type: 'listOfVariable', value: Array.from({ length: count }, () => vmdWide) }) as const
const five = { type: 'integer', value: 5 } as const
const done = (answer: Promise<unknown>) =>
  answer.then(
    () => 'done',
    error => error.code as string,
  )

/** Does something as often as it is told; tells how the last time ended. */
async function often(count: number, one: (i: number) => Promise<unknown>): Promise<string> {
  let last = 'done'
  for (let i = 0; i < count; i++) last = await done(one(i))
  return last
}
const NO_ROOM = 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE'
const store = () => memoryStore({ file: new Uint8Array(10) })
const files = () => pair({ files: store() })

/** The limits of a server for what a client asks, at their defaults: how many, what is asked for, what one too many is told. */
const limits: [what: string, limit: number, make: () => Promise<Pair>, ask: (p: Pair, count: number) => Promise<string>][] = [
  [
    'items of a read',
    1_000,
    pair,
    ({ mms }, count) => done(mms.request('read', { specificationWithResult: false, variableAccessSpecification: items(count) } as never)),
  ],
  [
    'items of a write',
    1_000,
    pair,
    ({ mms }, count) =>
      done(
        mms.request('write', { variableAccessSpecification: items(count), listOfData: Array.from({ length: count }, () => five) } as never),
      ),
  ],
  [
    'members of a list',
    1_000,
    pair,
    ({ mms }, count) =>
      done(
        mms.request('defineNamedVariableList', {
          variableListName: { type: 'vmdSpecific', value: 'L' },
          listOfVariable: items(count).value,
        } as never),
      ),
  ],
  ['lists of an association', 10, pair, ({ mms }, count) => often(count, i => mms.defineNamedVariableList(`aa:l${i}`, ['vmd:vmdWide']))],
  ['lists of a server', 1_000, pair, ({ mms }, count) => often(count, i => mms.defineNamedVariableList(`vmd:l${i}`, ['vmd:vmdWide']))],
  [
    'files that are open',
    5,
    files,
    ({ mms }, count) => often(count, () => mms.request('fileOpen', { fileName: ['file'], initialPosition: 0 })),
  ],
]

test.each(limits)('%s: one below the limit of %i, the limit, and one more, which is refused without harm', async (_, limit, make, ask) => {
  for (const [count, expected] of [
    [limit - 1, 'done'],
    [limit, 'done'],
    [limit + 1, NO_ROOM],
  ] as const) {
    const p = await make()
    expect([count, await ask(p, count)]).toEqual([count, expected])
    expect((await p.mms.readValue('vmd:vmdWide')) as unknown).toEqual(five)
    p.mms.abort()
  }
})

/** What a client offers, and what becomes of it: a server that offers its defaults agrees to the lower. */
test.each([
  ['maxPduSize', 65_000],
  ['maxServOutstanding', 10],
  ['dataStructureNestingLevel', 10],
] as const)('%s: a server agrees to no more than %i', async (key, limit) => {
  for (const offered of [limit - 1, limit, limit + 1]) {
    const { mms } = await pair({ client: { initiate: { [key]: offered } } })
    const { maxPduSize, maxServOutstandingOwn: maxServOutstanding, dataStructureNestingLevel } = mms.negotiated
    expect([offered, { maxPduSize, maxServOutstanding, dataStructureNestingLevel }[key]]).toEqual([offered, Math.min(offered, limit)])
    mms.abort()
  }
})

test('rejects of a minute: 9 and 10 may be sent, the 11th is one too many, and a minute later there are as many again', () => {
  const timers = new HandTimers()
  const budget = new RejectBudget(timers, 10)
  for (let minute = 0; minute < 2; minute++) {
    expect(Array.from({ length: 11 }, () => budget.take())).toEqual([...Array.from({ length: 10 }, () => true), false])
    expect(budget.overdrawn).toBe(true)
    timers.advance(60_000)
  }
  budget.stop()
})
