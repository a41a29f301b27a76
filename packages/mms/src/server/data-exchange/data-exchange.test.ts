import { describe, expect, test } from 'vitest'
import { int, mag, model, pair, settle } from '../../../test/pair.js'
import type { Data } from '../../asn1/data.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'
import { types } from '../../value-types.js'
import type { AccessContext } from '../index.js'
import { MmsServer } from '../server.js'
import type { DataExchangeModel } from './model.js'

const sum: DataExchangeModel = {
  request: [types.integer(32), types.integer(32)],
  response: [types.integer(32)],
  exchange: ([a, b]) => [int((a!.value as number) + (b!.value as number))],
}

/** One that answers when it is told to. */
function held(more: Partial<DataExchangeModel> = {}) {
  const open: { readonly data: readonly Data[]; readonly context: AccessContext; readonly answer: (data: readonly Data[]) => void }[] = []
  const exchange: DataExchangeModel['exchange'] = (data, context) => new Promise(resolve => open.push({ data, context, answer: resolve }))
  return { open, model: { request: [types.integer(32)], response: [types.integer(32)], ...more, exchange } satisfies DataExchangeModel }
}

const open = (dataExchanges: Readonly<Record<string, DataExchangeModel>>, more: Parameters<typeof pair>[0] = {}) =>
  pair({ model: model({ dataExchanges }), client: { initiate: WHOLE_OF_MMS }, ...more })

describe('data exchange, ISO 9506-1, 15', () => {
  test('data go to the application and come back, as Data and as plain values', async () => {
    const { mms } = await open({ sum })
    expect(await mms.dataExchange.exchangeData('sum', [int(2), int(3)])).toEqual([int(5)])
    expect(await mms.dataExchange.call('sum', [20, '30'])).toEqual([50])
    await expect(mms.dataExchange.call('sum', [true, 1])).rejects.toMatchObject({ code: 'MMS_TYPE_MISMATCH' })
    expect(await mms.dataExchange.getDataExchangeAttributes('sum')).toEqual({
      inUse: false,
      listOfRequestTypeDescriptions: [types.integer(32), types.integer(32)],
      listOfResponseTypeDescriptions: [types.integer(32)],
    })
  })

  test('types may be named; getNameList has a class for data exchange', async () => {
    const named = { ...sum, request: [types.named('vmd:Int'), types.named('vmd:Int')] }
    const { mms } = await pair({
      model: model({ types: { Int: { type: types.integer(32) } }, dataExchanges: { named } }),
      client: { initiate: WHOLE_OF_MMS },
    })
    expect(await mms.dataExchange.call('named', [1, 2])).toEqual([3])
    const page = await mms.getNameList({
      objectClass: { type: 'basicObjectClass', value: 'dataExchange' },
      objectScope: { type: 'vmdSpecific', value: null },
    })
    expect(page.listOfIdentifier).toEqual(['named'])
  })

  test('each error, in the order of the checks', async () => {
    const asked: unknown[] = []
    const failing: DataExchangeModel = {
      request: [types.integer(8)],
      response: [types.integer(8)],
      exchange: ([data]) => {
        asked.push(data)
        if (data!.value === 1) throw new Error('application')
        if (data!.value === 2) return { failure: 'hardware-fault' }
        if (data!.value === 3) return Promise.reject(new Error('later'))
        return data!.value === 4 ? [] : [mag(1)]
      },
    }
    const { mms, server } = await open({ failing, closed: { ...sum, accessControlList: 'M_ReadOnly' } })
    const exchange = mms.dataExchange.exchangeData.bind(mms.dataExchange)
    await expect(exchange('none', [])).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_NON_EXISTENT' })
    await expect(mms.dataExchange.getDataExchangeAttributes('none')).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_NON_EXISTENT' })
    const elsewhere = { type: 'domainSpecific', value: { domainID: 'LD', itemID: 'failing' } } as const
    await expect(mms.request('exchangeData', { dataExchangeName: elsewhere, listOfRequestData: [int(1)] })).rejects.toMatchObject({
      reason: 2,
    })
    await expect(exchange('closed', [])).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_ACCESS_DENIED' })
    await expect(exchange('failing', [])).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    await expect(exchange('failing', [int(128)])).rejects.toMatchObject({ code: 'MMS_DEFINITION_TYPE_INCONSISTENT' })
    expect(asked).toEqual([])
    for (const value of [1, 2, 3, 4, 5]) {
      await expect(exchange('failing', [int(value)])).rejects.toMatchObject({ code: 'MMS_VMD_STATE_VMD_OPERATIONAL_PROBLEM' })
    }
    expect(asked).toHaveLength(5)
    expect(server.vmd.vmdSpecific.get('dataExchange', 'failing')?.inUse).toBe(false)
  })

  test('one at a time, the next ones wait in order; more than may wait are refused', async () => {
    const { open: running, model: given } = held({ waiting: 2 })
    const { mms } = await open({ given })
    const first = mms.dataExchange.exchangeData('given', [int(1)])
    const second = mms.dataExchange.exchangeData('given', [int(2)])
    const third = mms.dataExchange.exchangeData('given', [int(3)])
    await expect(mms.dataExchange.exchangeData('given', [int(4)])).rejects.toMatchObject({ code: 'MMS_SERVICE_OBJECT_STATE_CONFLICT' })
    expect((await mms.dataExchange.getDataExchangeAttributes('given')).inUse).toBe(true)
    expect(running).toHaveLength(1)
    running[0]!.answer([int(10)])
    expect(await first).toEqual([int(10)])
    running[1]!.answer([int(20)])
    expect(await second).toEqual([int(20)])
    running[2]!.answer([int(30)])
    expect(await third).toEqual([int(30)])
    expect(running.map(({ data }) => data)).toEqual([[int(1)], [int(2)], [int(3)]])
    expect((await mms.dataExchange.getDataExchangeAttributes('given')).inUse).toBe(false)
  })

  test('as many at a time as the application allows', async () => {
    const { open: running, model: given } = held({ concurrent: 2 })
    const { mms } = await open({ given })
    const both = [1, 2].map(value => mms.dataExchange.exchangeData('given', [int(value)]))
    await settle()
    expect(running).toHaveLength(2)
    running[1]!.answer([int(2)])
    running[0]!.answer([int(1)])
    expect(await Promise.all(both)).toEqual([[int(1)], [int(2)]])
  })

  test('RM-18: cancel is refused while the application works; one that waits can be cancelled', async () => {
    const { open: running, model: given } = held()
    const { mms } = await open({ given })
    const works = new AbortController()
    const waits = new AbortController()
    const first = mms.dataExchange.exchangeData('given', [int(1)], { signal: works.signal, cancel: true })
    const second = mms.dataExchange.exchangeData('given', [int(2)], { signal: waits.signal, cancel: true })
    const third = mms.dataExchange.exchangeData('given', [int(3)])
    for (const call of [first, second]) call.catch(() => {})
    await settle()
    works.abort()
    waits.abort()
    await settle()
    expect(running[0]!.context.signal.aborted).toBe(false)
    running[0]!.answer([int(1)])
    await settle()
    // The second one was never begun.
    expect(running.map(({ data }) => data)).toEqual([[int(1)], [int(3)]])
    running[1]!.answer([int(3)])
    expect(await third).toEqual([int(3)])
    await expect(second).rejects.toBeDefined()
  })

  test('an application that does not answer is preempted after callTimeout and told so; it is in use until it lets go', async () => {
    const { open: running, model: given } = held()
    const { mms, timers, server } = await open({ given })
    const call = mms.dataExchange.exchangeData('given', [int(1)], { timeout: 60_000 })
    await settle()
    timers.advance(10_000)
    await expect(call).rejects.toMatchObject({ code: 'MMS_SERVICE_PREEMPT_TIMEOUT' })
    expect(running[0]!.context.signal.aborted).toBe(true)
    const object = server.vmd.vmdSpecific.get('dataExchange', 'given')!
    expect(object.inUse).toBe(true)
    running[0]!.answer([int(1)])
    await settle()
    expect(object.inUse).toBe(false)
  })

  test('the end of the association ends the wait of its exchanges, and leaves those of others', async () => {
    const { open: running, model: given } = held()
    const { mms, server } = await open({ given })
    const first = mms.dataExchange.exchangeData('given', [int(1)])
    const second = mms.dataExchange.exchangeData('given', [int(2)])
    for (const call of [first, second]) call.catch(() => {})
    await settle()
    mms.abort()
    await settle()
    expect(running[0]!.context.signal.aborted).toBe(true)
    running[0]!.answer([int(1)])
    await settle()
    expect(running).toHaveLength(1)
    expect(server.vmd.vmdSpecific.get('dataExchange', 'given')!.inUse).toBe(false)
  })

  test('before minor version 2 there is no such service', async () => {
    const { mms } = await open({ sum }, { client: {} })
    expect(mms.negotiated.servicesSupportedPeer).not.toContain('exchangeData')
    await expect(mms.dataExchange.exchangeData('sum', [int(1), int(2)])).rejects.toMatchObject({ name: 'RejectedError' })
  })
})

describe('data exchange that belongs to a program invocation', () => {
  test('is served while it runs only, and shows its name', async () => {
    const { mms, server } = await pair({
      model: model({
        programInvocations: { mixer: { domains: ['LD'] } },
        dataExchanges: { sum: { ...sum, programInvocation: 'mixer' } },
      } as never),
      client: { initiate: WHOLE_OF_MMS },
    })
    expect(await mms.dataExchange.getDataExchangeAttributes('sum')).toMatchObject({ programInvocation: 'mixer' })
    await expect(mms.dataExchange.exchangeData('sum', [int(1), int(2)])).rejects.toMatchObject({
      code: 'MMS_SERVICE_OBJECT_STATE_CONFLICT',
    })
    await mms.request('start', { programInvocationName: 'mixer' } as never)
    expect(server.vmd.vmdSpecific.get('programInvocation', 'mixer')?.state).toBe('running')
    expect(await mms.dataExchange.exchangeData('sum', [int(1), int(2)])).toEqual([int(3)])
  })

  test('a model that names a program invocation that is not there is refused', () => {
    expect(() => new MmsServer({ model: model({ dataExchanges: { sum: { ...sum, programInvocation: 'none' } } }) })).toThrow(
      'data exchange sum: program invocation none is not in the model',
    )
  })
})
