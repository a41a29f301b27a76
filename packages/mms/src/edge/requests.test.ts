import { describe, expect, test } from 'vitest'
import { heldRead, int, model, pair, settle } from '../../test/pair.js'
import type { MmsClient } from '../client/client.js'
import type { OpenMmsOptions } from '../open.js'
import type { Handlers } from '../server/handlers.js'
import type { MmsSubmit } from '../service.js'

/** What the client hands down, as it hands it down. */
function submitted(mms: MmsClient): MmsSubmit[] {
  const all: MmsSubmit[] = []
  const { provider } = mms.connection
  const submit = provider.submit.bind(provider)
  provider.submit = primitive => {
    all.push(primitive)
    submit(primitive)
  }
  return all
}
const ids = (primitives: readonly MmsSubmit[]) => primitives.flatMap(one => (one.type === 'M-CONFIRMED.request' ? [one.invokeID] : []))

/** A read that the server lets cancel, and that ends when `answer` is called. */
function cancelable() {
  let answer!: () => void
  const read: Handlers['read'] = (_, __, call) => {
    call.cancelable = true
    return new Promise(resolve => {
      answer = () => resolve({ response: { listOfAccessResult: [{ type: 'success', value: int(1) }] } })
    })
  }
  return { handlers: { read }, answer: () => answer() }
}

async function held(client: OpenMmsOptions = {}) {
  const { slow, answer } = heldRead()
  const opened = await pair({
    model: model({ domains: { D: { variables: { slow } } }, lists: {} }),
    limits: { callTimeout: 1_000_000, accessTimeout: 1_000_000 },
    client,
  })
  return { ...opened, answer }
}

describe('M-05: what the peer has not announced', () => {
  const announcedOnly = { announcedOnly: true }
  const version3 = { versionNumber: 3 } as const

  test.each([
    [
      'a service',
      (mms: MmsClient) => mms.request('kill', { programInvocationName: 'P' }),
      'kill: the peer has not announced the service kill',
    ],
    [
      'a service whose bit has another name',
      (mms: MmsClient) => mms.request('changeAccessControl', {} as never),
      'changeAccessControl: the peer has not announced the service changeAccessControl',
    ],
    [
      'an additional service',
      (mms: MmsClient) => mms.additional('vMDStop', null),
      'vMDStop: the peer has not announced the service vMDStop, but nothing',
    ],
    [
      'a modifier',
      (mms: MmsClient) =>
        mms.identify({
          listOfModifiers: [
            {
              type: 'semaphoreModifier',
              value: { semaphoreName: { type: 'vmdSpecific', value: 'S' }, priority: 64, relinquishIfConnectionLost: true },
            },
          ],
        }),
      'identify: the peer has not announced the modifier attachToSemaphore',
    ],
    [
      'a variable by its address',
      (mms: MmsClient) => mms.request('getVariableAccessAttributes', { type: 'address', value: { type: 'numericAddress', value: 1 } }),
      'getVariableAccessAttributes: the peer has not announced the building block vadr',
    ],
  ])('M-05: %s is refused here when that is wanted', async (_, call, message) => {
    const { mms } = await pair({ client: announcedOnly, handlers: { changeAccessControl: false } })
    const sent = submitted(mms)
    await expect(call(mms)).rejects.toMatchObject({
      name: 'UsageError',
      code: 'MMS_NOT_ANNOUNCED',
      message: expect.stringContaining(message),
    })
    expect(sent).toEqual([])
    expect(await mms.readValue('LD/x')).toEqual(int(1))
  })

  test('M-05: building blocks are what both sides have', async () => {
    const { mms } = await pair({ client: { ...announcedOnly, initiate: { ...version3, parameterCBB: ['vnam', 'str1', 'str2'] } } })
    await expect(mms.readValue('LD/a(1)')).rejects.toThrow('read: the peer has not announced the building block valt, but str1, str2, vnam')
    await expect(mms.readVariableList('LD/set')).rejects.toThrow('the building block vlis')
    await expect(mms.defineNamedVariableList('aa:l', ['LD/x'])).rejects.toThrow('the building block vlis')
    await mms.writeValue('LD/x', int(3))
    expect(await mms.readValue('LD/x')).toEqual(int(3))
  })

  test('M-05: without the wish the peer is asked, and refuses itself', async () => {
    const { mms } = await pair({ handlers: { kill: false } as never })
    await expect(mms.request('takeControl', {} as never).catch(error => Promise.reject(error.name))).rejects.toBeDefined()
    await expect(mms.request('getAlarmSummary', {} as never).catch(error => Promise.reject(error.name))).rejects.toBeDefined()
  })
})

describe('M-06: open requests', () => {
  test('RM-06: after the last identifier comes the first one, and one that is open is passed over', async () => {
    const { mms, answer } = await held({ firstInvokeID: 0x7fff_fffe })
    const sent = submitted(mms)
    const slow = mms.readValue('D/slow')
    for (let i = 0; i < 3; i++) await mms.identify()
    expect(ids(sent)).toEqual([0x7fff_fffe, 0x7fff_ffff, 1, 2])
    answer()
    expect(await slow).toEqual(int(1))
  })

  test('RM-06: an identifier whose answer is missing is not used again, also after the wrap', async () => {
    const { mms, timers, answer } = await held({ firstInvokeID: 0x7fff_ffff, requestTimeout: 100 })
    const sent = submitted(mms)
    await mms.identify()
    const slow = mms.readValue('D/slow')
    timers.advance(100)
    await expect(slow).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
    const wrapped = await pair({ client: { firstInvokeID: 0x7fff_ffff } })
    await wrapped.mms.identify()
    await wrapped.mms.identify()
    expect(ids(sent)).toEqual([0x7fff_ffff, 1])
    answer()
    await settle()
    await mms.identify()
    expect(ids(sent).at(-1)).toBe(2)
  })

  test('F-11: while the peer answers nothing, those that wait for a place are let go, too', async () => {
    const { mms, timers, answer } = await held({ maxOutstanding: 1, requestTimeout: 100 })
    const slow = mms.readValue('D/slow')
    const waiting = [mms.identify(), mms.identify()]
    const ends = Promise.allSettled([slow, ...waiting])
    timers.advance(100)
    const [first, ...others] = await ends
    expect(first).toMatchObject({ reason: { code: 'REQUEST_TIMEOUT' } })
    expect(others).toMatchObject([{ reason: { name: 'TimeoutError', code: 'MMS_STALLED' } }, { reason: { code: 'MMS_STALLED' } }])
    expect(mms.queued).toBe(0)
    answer()
    await settle()
    expect(await mms.identify()).toMatchObject({ modelName: 'model' })
  })

  test('F-11: a peer that is slow but answers keeps them waiting', async () => {
    const { mms, timers, answer } = await held({ maxOutstanding: 1, requestTimeout: 0 })
    const slow = mms.readValue('D/slow')
    const waiting = mms.identify()
    timers.advance(900_000)
    answer()
    await slow
    expect(await waiting).toMatchObject({ modelName: 'model' })
    const quick = await held({ maxOutstanding: 1, requestTimeout: 100 })
    const all = Array.from({ length: 20 }, () => quick.mms.identify())
    for (let i = 0; i < 20; i++) {
      quick.timers.advance(60)
      await settle()
    }
    expect(await Promise.all(all)).toHaveLength(20)
  })
})

describe('RM-18: cancel', () => {
  test('RM-18: a request that is cancelled settles once, with the reason of the signal, and its place is free', async () => {
    const { handlers } = cancelable()
    const { mms } = await pair({ handlers, client: { maxOutstanding: 1 } })
    const told: unknown[] = []
    mms.on('cancelled', what => void told.push(what))
    const stop = new AbortController()
    let settled = 0
    const call = mms.readValue('LD/x', { signal: stop.signal, cancel: true }).finally(() => settled++)
    await settle()
    stop.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
    expect(await mms.identify()).toMatchObject({ modelName: 'model' })
    expect(told).toMatchObject([{ originalInvokeID: 1 }])
    expect(told[0]).not.toHaveProperty('error')
    expect([settled, mms.connection.outstanding]).toEqual([1, 0])
  })

  test('RM-18: a cancel that crosses the answer is refused with invoke-id-unknown, and the call has settled once', async () => {
    const { handlers, answer } = cancelable()
    const { mms, a } = await pair({ handlers })
    const told: unknown[] = []
    mms.on('cancelled', what => void told.push(what))
    const stop = new AbortController()
    const outcomes: string[] = []
    const call = mms.readValue('LD/x', { signal: stop.signal, cancel: true }).then(
      () => outcomes.push('value'),
      () => outcomes.push('reason'),
    )
    await settle()
    // The answer is on its way, and not here yet.
    a.pause()
    answer()
    await settle()
    stop.abort(new Error('enough'))
    await call
    await settle()
    a.resume()
    await settle()
    expect(outcomes).toEqual(['reason'])
    expect(told).toMatchObject([{ originalInvokeID: 1, error: { errorClass: { type: 'cancel', value: 'invoke-id-unknown' } } }])
    expect(mms.connection.outstanding).toBe(0)
    expect(await mms.identify()).toMatchObject({ modelName: 'model' })
  })

  test('RM-18: an answer that has come already is kept, and no cancel is sent', async () => {
    const { mms } = await pair()
    const sent = submitted(mms)
    const stop = new AbortController()
    expect(await mms.readValue('LD/x', { signal: stop.signal, cancel: true })).toEqual(int(1))
    stop.abort(new Error('enough'))
    await settle()
    expect(sent.map(({ type }) => type)).toEqual(['M-CONFIRMED.request'])
  })

  test('RM-18: a timeout cancels as well; an identifier is not used again before both answers are there', async () => {
    const { mms, timers, answer } = await held({ requestTimeout: 100 })
    const sent = submitted(mms)
    const call = mms.readValue('D/slow', { cancel: true })
    timers.advance(100)
    await expect(call).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
    await settle()
    expect(sent.map(({ type }) => type)).toEqual(['M-CONFIRMED.request', 'M-CANCEL.request'])
    answer()
    await settle()
    expect(mms.connection.outstanding).toBe(0)
    await mms.identify()
    expect(ids(sent)).toEqual([1, 2])
  })

  test('RM-18: nothing is cancelled where the peer does not know cancel, and when the association has ended', async () => {
    const { mms } = await held()
    const sent = submitted(mms)
    const call = mms.readValue('D/slow', { cancel: true })
    mms.abort()
    await expect(call).rejects.toMatchObject({ code: 'ABORTED' })
    await settle()
    expect(sent.map(({ type }) => type)).toEqual(['M-CONFIRMED.request', 'M-ABORT.request'])
  })
})
