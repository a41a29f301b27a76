import { hex, type Primitive, type ServiceProvider, tap } from '@x/core'
import { describe, expect, test } from 'vitest'
import { heldRead, int, model, pair, settle } from '../test/pair.js'
import type { InformationReport } from './asn1/variable-access.js'
import { serviceError } from './server/errors.js'
import type { MmsServerOptions } from './server/server.js'
import { types } from './value-types.js'

describe('reports', () => {
  test('a list and variables are reported to whoever iterates, in order, and iteration ends with the association', async () => {
    const { mms, server, association } = await pair()
    const reports = mms.reports()
    expect(await server.report('LD/set')).toBe(1)
    expect(await association.report(['LD/x', 'LD/none'])).toBe(true)
    await mms.close()
    const seen = []
    for await (const report of reports) seen.push(report)
    expect(seen).toMatchObject([
      { variableAccessSpecification: { type: 'variableListName' }, listOfAccessResult: [{ value: int(1) }, { type: 'success' }] },
      {
        variableAccessSpecification: { type: 'listOfVariable' },
        listOfAccessResult: [{ value: int(1) }, { type: 'failure', value: 'object-non-existent' }],
      },
    ])
    expect(await association.report('LD/set')).toBe(false)
  })

  test('F-10: a slow reader loses the oldest, counted; leaving the loop ends the queue', async () => {
    const { mms, server } = await pair()
    const reports = mms.reports({ limit: 2 })
    for (let i = 0; i < 5; i++) await server.report(['vmd:vmdWide'])
    expect(reports.dropped).toBe(3)
    for await (const report of reports) {
      expect(report.listOfAccessResult).toHaveLength(1)
      break
    }
    expect((await reports.next()).done).toBe(true)
  })

  test('a report of the caller’s own values, of a list that is no object of the server, arrives as it is', async () => {
    const { association, mms } = await pair()
    const reports = mms.reports()
    const report: InformationReport = {
      variableAccessSpecification: { type: 'variableListName', value: { type: 'vmdSpecific', value: 'RPT' } },
      listOfAccessResult: [
        { type: 'success', value: { type: 'visibleString', value: 'id' } },
        { type: 'failure', value: 'object-access-denied' },
      ],
    }
    expect(association.sendReport(report)).toBe(true)
    expect((await reports.next()).value).toEqual(report)
    const large = { type: 'success', value: { type: 'octetString', value: new Uint8Array(65_000) } } as const
    expect(association.sendReport({ ...report, listOfAccessResult: [large] })).toBe(false)
    expect(association.droppedReports).toBe(1)
    await mms.close()
    expect(association.sendReport(report)).toBe(false)
    expect(association.droppedReports).toBe(1)
  })

  test('a list that is not there cannot be reported; one that does not fit is dropped and counted', async () => {
    const { association } = await pair({
      model: model({ domains: { D: { variables: { big: { type: types.octetString(2_000) } } } }, lists: {} }),
      client: { initiate: { maxPduSize: 1_024 } },
    })
    await expect(association.report('D/none')).rejects.toMatchObject({ code: 'MMS_REPORT' })
    expect(await association.report(['D/big'])).toBe(false)
    expect(association.droppedReports).toBe(1)
  })

  test('a lost association ends the iteration with how it was lost', async () => {
    const { mms, b } = await pair()
    const reports = mms.reports()
    const waiting = reports.next()
    b.destroy()
    await expect(waiting).rejects.toMatchObject({ name: 'DisconnectedError', by: 'peer' })
    expect((await mms.reports().next()).done).toBe(true)
  })

  test('a server that closes the connection instead of answering the conclude does not make an error of the iteration', async () => {
    const { mms, b } = await pair()
    const waiting = mms.reports().next()
    b.onData = () => b.destroy()
    await mms.close()
    expect((await waiting).done).toBe(true)
    expect(await mms.ended).toMatchObject({ name: 'DisconnectedError' })
  })
})

describe('many requests at a time', () => {
  test('M-06: more than negotiated wait here and go out in order; answers come in any order', async () => {
    const answers: (() => void)[] = []
    const variables = {
      slow: {
        type: types.integer(32),
        read: () => new Promise<ReturnType<typeof int>>(resolve => answers.push(() => resolve(int(answers.length)))),
      },
    }
    const { mms } = await pair({ model: model({ domains: { D: { variables } } }), initiate: { maxServOutstanding: 3 } })
    const calls = Array.from({ length: 7 }, () => mms.readValue('D/slow'))
    await settle()
    expect(answers).toHaveLength(3)
    expect(mms.queued).toBe(4)
    while (answers.length < 7 || mms.queued > 0) {
      answers[answers.length - 1]!()
      await settle()
      if (answers.length === 7) break
    }
    for (const answer of answers) answer()
    expect(await Promise.all(calls)).toHaveLength(7)
  })

  test('F-11: a timeout leaves the place taken until the late answer; a signal frees a queued call at once', async () => {
    const { slow, answer } = heldRead()
    const variables = { slow, x: { type: types.integer(32) } }
    const { mms, timers } = await pair({
      model: model({ domains: { D: { variables } } }),
      client: { maxOutstanding: 1, requestTimeout: 100 },
      limits: { callTimeout: 60_000 },
    })
    const late = mms.readValue('D/slow')
    timers.advance(100)
    await expect(late).rejects.toMatchObject({ name: 'TimeoutError', code: 'REQUEST_TIMEOUT' })
    const stop = new AbortController()
    const queued = mms.readValue('D/x', { signal: stop.signal })
    const next = mms.readValue('D/x')
    stop.abort(new Error('enough'))
    await expect(queued).rejects.toThrow('enough')
    await expect(mms.readValue('D/x', { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no')
    answer()
    expect(await next).toEqual(int(0))
  })

  test('F-13: a handler that never answers is answered for, and its late result goes nowhere', async () => {
    const { slow, answer } = heldRead()
    const variables = { slow }
    const { mms, timers } = await pair({ model: model({ domains: { D: { variables } } }), client: { requestTimeout: 0 } })
    const call = mms.readValue('D/slow')
    timers.advance(10_000)
    await expect(call).rejects.toMatchObject({ code: 'MMS_SERVICE_PREEMPT_TIMEOUT' })
    answer()
    await settle()
    expect(await mms.identify()).toMatchObject({ modelName: 'model' })
  })

  test('RM-18: cancel is sent when asked for, and answered with cancel-not-possible', async () => {
    const variables = { slow: { type: types.integer(32), read: () => new Promise<ReturnType<typeof int>>(() => {}) } }
    const { mms, a } = await pair({ model: model({ domains: { D: { variables } } }) })
    const stop = new AbortController()
    const call = mms.readValue('D/slow', { signal: stop.signal, cancel: true })
    stop.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
    await settle()
    expect(hex(a.written.at(-1)!.subarray(-3))).toBe('85 01 01')
    expect(mms.connection.state).toBe('open')
  })
})

describe('the end', () => {
  test('close concludes, releases and closes; nothing is left on either side', async () => {
    const { mms, association, timers, a, b } = await pair()
    await mms.close()
    expect(await mms.ended).toMatchObject({ name: 'ReleasedError', by: 'user' })
    expect(await association.ended).toMatchObject({ name: 'ReleasedError', by: 'peer' })
    expect(a.ended && b.ended).toBe(true)
    timers.advance(60_000)
    expect(timers.pending).toBe(0)
    await expect(mms.identify()).rejects.toMatchObject({ name: 'ReleasedError' })
  })

  test('close while requests are open waits for their answers first', async () => {
    const { slow, answer } = heldRead()
    const variables = { slow }
    const { mms } = await pair({ model: model({ domains: { D: { variables } } }) })
    const call = mms.readValue('D/slow')
    const closing = mms.close()
    await settle()
    answer()
    expect(await call).toEqual(int(1))
    await closing
    expect(await mms.ended).toMatchObject({ name: 'ReleasedError' })
  })

  test('close does not wait for ever', async () => {
    const variables = { slow: { type: types.integer(32), read: () => new Promise<ReturnType<typeof int>>(() => {}) } }
    const { mms, timers } = await pair({
      model: model({ domains: { D: { variables } } }),
      limits: { callTimeout: 60_000 },
      client: { requestTimeout: 0 },
    })
    const call = mms.readValue('D/slow')
    call.catch(() => {})
    const closing = mms.close()
    await settle()
    timers.advance(5_000)
    await settle()
    timers.advance(10_000)
    await closing
    await expect(call).rejects.toMatchObject({ layer: 'mms' })
  })
})

test('a tap between any two layers sees primitives by their names', () => {
  const names: string[] = []
  const nobody: ServiceProvider<Primitive, Primitive> = { submit: () => {}, onDeliver: () => {} }
  const provider = tap(nobody, (_, primitive) => names.push(primitive.type))
  provider.submit({ type: 'M-ABORT.request' })
  expect(names).toEqual(['M-ABORT.request'])
})

test('M-07: a handler serves any service, also those whose support bit has another name, or that have none', async () => {
  const handlers: MmsServerOptions['handlers'] = {
    changeAccessControl: () => ({ response: { numberMatched: 2, numberChanged: 1 } }),
    additionalService: ({ type }) =>
      type === 'vMDStop' ? { response: { type, value: null } } : { error: serviceError('service', 'other') },
  }
  const { mms, server } = await pair({ handlers, initiate: { versionNumber: 3 }, client: { initiate: { versionNumber: 3 } } })
  expect(server.servicesSupported).toContain('alterAccessControl')
  expect(server.servicesSupported).not.toContain('additionalService')
  const change = { scopeOfChange: { type: 'vMDOnly', value: null }, accessControlListName: 'a' } as const
  expect(await mms.request('changeAccessControl', change)).toEqual({ numberMatched: 2, numberChanged: 1 })
  expect(await mms.request('additionalService', { type: 'vMDStop', value: null })).toEqual({ type: 'vMDStop', value: null })

  // Minor version 1, which is what everybody speaks, does not have access control lists.
  const first = await pair({ handlers })
  expect(first.mms.negotiated.servicesSupportedPeer).not.toContain('alterAccessControl')
  await expect(first.mms.request('changeAccessControl', change)).rejects.toMatchObject({ code: 'MMS_REJECT_UNRECOGNIZED_SERVICE' })
})
