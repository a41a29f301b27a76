import { HandTimers, joinedChannels } from '@x/core/testing'
import { expect, test } from 'vitest'
import { int, model, settle } from '../test/pair.js'
import { openMms } from './open.js'
import { MmsServer, type ServerAssociation, type VariableModel } from './server/index.js'
import { types } from './value-types.js'

const SELECT_TIME = 30_000
/** AddCause of IEC 61850-7-2. */
const OBJECT_NOT_SELECTED = 18

/** A control object of IEC 61850 with select before operate, written with nothing but hooks of variables: reading SBO selects, writing Oper operates. */
function control(timers: HandTimers, operated: number[]): Readonly<Record<string, VariableModel>> {
  let selected: ServerAssociation | undefined
  let stop = () => {}
  const free = () => {
    stop()
    selected = undefined
  }
  return {
    SBO: {
      type: types.visibleString(-32),
      read: ({ association, signal }) => {
        if (selected !== undefined && selected !== association) return { type: 'visibleString', value: '' }
        stop()
        selected = association
        stop = timers.after(SELECT_TIME, free)
        signal.addEventListener('abort', () => selected === association && free())
        return { type: 'visibleString', value: 'LD/SBO' }
      },
    },
    Oper: {
      type: types.integer(8),
      write: (value, { association }) => {
        if (selected !== association) {
          const cause = { type: 'success', value: int(OBJECT_NOT_SELECTED) } as const
          const variableAccessSpecification = { type: 'variableListName', value: { type: 'vmdSpecific', value: 'LastApplError' } } as const
          association.sendReport({ variableAccessSpecification, listOfAccessResult: [cause] })
          return { failure: 'object-access-denied' }
        }
        free()
        operated.push((value as ReturnType<typeof int>).value)
        return undefined
      },
    },
  }
}

async function served() {
  const timers = new HandTimers()
  const operated: number[] = []
  const server = new MmsServer({ model: model({ domains: { LD: { variables: control(timers, operated) } } }), timers, session: { timers } })
  const client = async () => {
    const { a, b } = joinedChannels()
    const accepting = server.accept(b)
    const mms = await openMms(a, { timers, session: { timers }, mms: { timers } })
    await accepting
    return mms
  }
  return { timers, operated, client, a: await client(), b: await client() }
}

/** DataAccessError object-access-denied. */
const denied = { reason: 3 }

test('RM-17: what one client has selected another one can neither select nor operate, and is told why', async () => {
  const { a, b, operated } = await served()
  const told = b.reports()
  expect(await a.readValue('LD/SBO')).toMatchObject({ value: 'LD/SBO' })
  expect(await b.readValue('LD/SBO')).toMatchObject({ value: '' })
  await expect(b.writeValue('LD/Oper', int(1))).rejects.toMatchObject(denied)
  expect((await told.next()).value).toMatchObject({ listOfAccessResult: [{ value: { value: OBJECT_NOT_SELECTED } }] })
  await a.writeValue('LD/Oper', int(1))
  expect(operated).toEqual([1])
})

test('RM-17: a select is used up by its operate', async () => {
  const { a, operated } = await served()
  await a.readValue('LD/SBO')
  await a.writeValue('LD/Oper', int(1))
  await expect(a.writeValue('LD/Oper', int(2))).rejects.toMatchObject(denied)
  expect(operated).toEqual([1])
})

test('RM-17: a select is over after its time, and with its association', async () => {
  const { a, b, client, timers, operated } = await served()
  await a.readValue('LD/SBO')
  timers.advance(SELECT_TIME)
  await expect(a.writeValue('LD/Oper', int(1))).rejects.toMatchObject(denied)
  await a.readValue('LD/SBO')
  a.abort()
  await settle()
  expect(await b.readValue('LD/SBO')).toMatchObject({ value: 'LD/SBO' })
  await b.close()
  await settle()
  expect(await (await client()).readValue('LD/SBO')).toMatchObject({ value: 'LD/SBO' })
  expect(operated).toEqual([])
})
