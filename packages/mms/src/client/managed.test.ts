import { describe, expect, test } from 'vitest'
import { Managed } from '../../test/managed.js'
import { heldRead, int, model, settle } from '../../test/pair.js'
import { types } from '../value-types.js'
import { backOff } from './back-off.js'
import type { MmsClient } from './client.js'

describe('F-14: connecting again', () => {
  test('F-14: a lost association is made again after a while, and calls go on', async () => {
    const h = new Managed()
    await h.connected()
    expect(await h.managed.readValue('LD/x')).toEqual(int(1))
    expect(await h.managed.identify()).toMatchObject({ modelName: 'model' })
    await h.lose()
    expect(h.managed.state).toBe('waiting')
    expect(h.managed.client).toBeUndefined()
    expect(h.changes.at(-1)).toMatchObject({ because: 'lost', failed: 1, delay: 500, reason: { name: 'DisconnectedError' } })
    await h.advance(500)
    expect(h.managed.state).toBe('connected')
    expect(await h.managed.values.get('LD/x')).toBe(1)
    expect(await h.managed.domainNames()).toEqual(['Empty', 'LD'])
    expect(h.attempts).toBe(2)
  })

  test('F-14: the wait grows with each attempt that fails, within its bounds', async () => {
    const h = new Managed({ backOff: { random: () => 0.999_999 } })
    h.failure = new Error('refused')
    h.managed.open()
    await settle()
    for (let i = 0; i < 8; i++) await h.advance(30_000)
    expect(h.changes.flatMap(({ delay }) => delay ?? [])).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000])
    expect(backOff(1, { random: () => 0 })).toBe(500)
    expect(backOff(5_000)).toBeLessThanOrEqual(30_000)
    expect(backOff(3, { least: 100, most: 50, factor: 10 })).toBe(100)
  })

  test('F-14: a thousand clients that lost one server come back spread over time', () => {
    const delays = Array.from({ length: 1_000 }, () => backOff(6))
    const perSecond = Array.from({ length: 31 }, (_, second) => delays.filter(delay => Math.floor(delay / 1_000) === second).length)
    expect(Math.max(...perSecond)).toBeLessThan(100)
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(500)
  })

  test('F-14: an association that is lost again at once does not count as a success; one that was stable does', async () => {
    const h = new Managed({ stableAfter: 1_000, backOff: { random: () => 0.999_999 } })
    await h.connected()
    for (const delay of [1_000, 2_000, 4_000]) {
      await h.lose()
      expect(h.changes.at(-1)).toMatchObject({ to: 'waiting', delay })
      await h.advance(delay)
      expect(h.managed.state).toBe('connected')
    }
    await h.advance(1_000)
    await h.lose()
    expect(h.changes.at(-1)).toMatchObject({ to: 'waiting', delay: 1_000, failed: 1 })
  })

  test('it gives up after so many attempts, or when the application has no hope, and says why', async () => {
    const few = new Managed({ attempts: 3 })
    few.failure = new Error('refused')
    few.managed.open()
    const waiting = few.managed.whenConnected()
    waiting.catch(() => {})
    for (let i = 0; i < 5; i++) await few.advance(30_000)
    expect([few.managed.state, few.attempts]).toEqual(['closed', 3])
    await expect(waiting).rejects.toMatchObject({ code: 'MMS_CLOSED', message: 'this client is closed, given up: refused' })
    await expect(few.managed.identify()).rejects.toMatchObject({ code: 'MMS_CLOSED' })
    const asked: unknown[] = []
    const hopeless = new Managed({ retry: (error, failed) => asked.push([(error as Error).message, failed]) < 2 })
    hopeless.failure = new Error('wrong password')
    hopeless.managed.open()
    for (let i = 0; i < 3; i++) await hopeless.advance(30_000)
    expect(asked).toEqual([
      ['wrong password', 1],
      ['wrong password', 2],
    ])
    expect(hopeless.managed.state).toBe('closed')
  })

  test('a hook that throws when it is asked whether to go on is told of, and it goes on', async () => {
    const h = new Managed({
      retry: () => {
        throw new Error('hook')
      },
    })
    const faults: unknown[] = []
    h.managed.on('fault', ({ of }) => void faults.push(of))
    h.failure = new Error('refused')
    h.managed.open()
    await settle()
    expect([h.managed.state, faults]).toEqual(['waiting', ['retry']])
  })

  test('F-21: a thousand losses leave no timer, no association and no entry behind', async () => {
    const h = new Managed()
    await h.connected()
    const reports = h.managed.reports()
    let heard = 0
    h.managed.on('informationReport', () => void heard++)
    const before = h.timers.pending
    for (let i = 0; i < 1_000; i++) {
      await h.lose()
      await h.again()
      expect(h.managed.state).toBe('connected')
    }
    expect(h.timers.pending).toBe(before)
    expect(h.server.associations.size).toBe(1)
    await h.server.report(['LD/x'])
    expect([heard, (await reports.next()).done]).toEqual([1, false])
    await h.managed.close()
    await h.advance(60_000)
    expect([h.timers.pending, h.server.associations.size]).toEqual([0, 0])
  })
})

describe('calls without an association', () => {
  test('fail at once, and say why there is none', async () => {
    const h = new Managed()
    await expect(h.managed.identify()).rejects.toMatchObject({ name: 'DisconnectedError', code: 'MMS_NOT_CONNECTED' })
    expect(() => h.managed.negotiated).toThrow(expect.objectContaining({ code: 'MMS_NOT_CONNECTED' }))
    await h.connected()
    expect(h.managed.negotiated.maxPduSize).toBe(65_000)
    await h.lose()
    await expect(h.managed.readValue('LD/x')).rejects.toThrow(/^there is no association \(waiting\): .* was lost/)
  })

  test('wait when that is wanted: in order, no longer than the limit, no more than the limit', async () => {
    const h = new Managed({ whileDisconnected: 'wait', waitTimeout: 400, maxWaiting: 2 })
    await h.connected()
    await h.lose()
    const early = h.managed.identify()
    early.catch(() => {})
    await h.advance(300)
    const order: number[] = []
    const late = h.managed.run(async () => order.push(1))
    await expect(h.managed.identify()).rejects.toThrow('2 calls wait for an association already (waiting)')
    await h.advance(100)
    await expect(early).rejects.toThrow('there was no association within 400 ms (waiting)')
    const last = h.managed.run(async () => order.push(2))
    await h.advance(100)
    await Promise.all([late, last])
    expect(order).toEqual([1, 2])
  })

  test('a signal lets go of one that waits; closing lets go of all', async () => {
    const h = new Managed({ whileDisconnected: 'wait', waitTimeout: 0 })
    const stop = new AbortController()
    const one = h.managed.identify({ signal: stop.signal })
    const other = h.managed.identify()
    stop.abort(new Error('enough'))
    await expect(one).rejects.toThrow('enough')
    await expect(h.managed.identify({ signal: stop.signal })).rejects.toThrow('enough')
    const closed = expect(other).rejects.toMatchObject({ code: 'MMS_CLOSED' })
    await h.managed.close()
    await closed
    await expect(h.managed.whenConnected()).rejects.toMatchObject({ code: 'MMS_CLOSED' })
  })

  test('what was sent and not answered fails; only what changes nothing is sent again, and only when that is wanted', async () => {
    for (const resend of [0, 1]) {
      let reads = 0
      let writes = 0
      const forever = new Promise<never>(() => {})
      const write = () => {
        writes += 1
        return forever
      }
      const v = { type: types.integer(32), read: () => (++reads % 2 === 1 ? forever : int(reads)), write }
      const server = { model: model({ domains: { D: { variables: { v } } }, lists: {} }) }
      const h = new Managed({ whileDisconnected: 'wait', resend }, server)
      await h.connected()
      const outcomes = Promise.allSettled([h.managed.readValue('D/v'), h.managed.writeValue('D/v', int(1))])
      await settle()
      await h.lose()
      await h.advance(500)
      const [read, written] = await outcomes
      expect(written).toMatchObject({ status: 'rejected', reason: { name: 'DisconnectedError' } })
      expect(read).toMatchObject(resend ? { status: 'fulfilled', value: int(2) } : { status: 'rejected' })
      expect([reads, writes]).toEqual([1 + resend, 1])
    }
  })

  test('a request that its server does not survive is not sent for ever', async () => {
    let reads = 0
    const variables = {
      v: {
        type: types.integer(32),
        read: () => {
          reads += 1
          return new Promise<never>(() => {})
        },
      },
    }
    const h = new Managed({ whileDisconnected: 'wait', resend: 2 }, { model: model({ domains: { D: { variables } }, lists: {} }) })
    await h.connected()
    const read = h.managed.readValue('D/v')
    read.catch(() => {})
    for (let i = 0; i < 5; i++) {
      await h.lose()
      await h.again()
    }
    await expect(read).rejects.toMatchObject({ name: 'DisconnectedError' })
    expect(reads).toBe(3)
  })
})

describe('what is done on each new association', () => {
  test('is done before calls go on', async () => {
    const order: string[] = []
    const restore = async (client: MmsClient) => {
      await client.defineNamedVariableList('aa:mine', ['LD/x'])
      order.push('restored')
    }
    const h = new Managed({ restore, whileDisconnected: 'wait' })
    h.managed.open()
    const read = h.managed.readVariableList('aa:mine').then(() => order.push('read'))
    await settle()
    await read
    await h.lose()
    const again = h.managed.readVariableList('aa:mine').then(() => order.push('read'))
    await h.advance(500)
    await again
    expect(order).toEqual(['restored', 'read', 'restored', 'read'])
  })

  test('fails the attempt when it throws, and ends the association', async () => {
    let refuse = true
    const restore = () => {
      if (refuse) throw new Error('no such list')
    }
    const h = new Managed({ restore })
    h.managed.open()
    await settle()
    expect(h.changes.at(-1)).toMatchObject({ from: 'connecting', to: 'waiting', because: 'failed', reason: { message: 'no such list' } })
    expect(h.server.associations.size).toBe(0)
    refuse = false
    await h.advance(500)
    expect(h.managed.state).toBe('connected')
  })

  test('has a limited time', async () => {
    const h = new Managed({ restore: () => new Promise(() => {}), restoreTimeout: 1_000 })
    h.managed.open()
    await settle()
    await h.advance(1_000)
    expect(h.managed.state).toBe('waiting')
    expect(h.client.connection.endedWith).toMatchObject({ cause: { code: 'MMS_RESTORE_TIMEOUT' } })
  })
})

describe('F-04: keepalive', () => {
  test('F-04: a server that does not answer while nothing else is asked is left, and found again', async () => {
    const h = new Managed({ keepAlive: { interval: 20_000, timeout: 2_000 } })
    await h.connected()
    await h.advance(20_000)
    expect(h.managed.state).toBe('connected')
    h.channels[0]!.cut()
    await h.advance(20_000)
    await h.advance(2_000)
    expect(h.managed.state).toBe('waiting')
    expect(h.managed.reason).toMatchObject({ code: 'ABORTED', cause: { code: 'REQUEST_TIMEOUT' } })
    await h.advance(500)
    expect(await h.managed.readValue('LD/x')).toEqual(int(1))
  })

  test.each([
    ['status', 'status', 'status'],
    ['a variable', { read: 'LD/x' }, 'read'],
    [
      'something of the application',
      (client: MmsClient, timeout: number) => client.request('getCapabilityList', {}, { timeout }),
      'getCapabilityList',
    ],
    ['identify', 'identify', 'identify'],
  ] as const)('F-04: what is asked is a choice: %s; who refuses is there as well', async (_, probe, service) => {
    const asked: string[] = []
    const h = new Managed({ keepAlive: { interval: 1_000, probe } })
    await h.connected()
    const { provider } = h.client.connection
    const submit = provider.submit.bind(provider)
    provider.submit = primitive => {
      if (primitive.type === 'M-CONFIRMED.request') asked.push(primitive.service)
      submit(primitive)
    }
    await h.advance(1_000)
    await h.advance(1_000)
    expect(asked).toEqual([service, service])
    expect(h.managed.state).toBe('connected')
  })

  test('F-04: answers and reports count, so that a busy association is asked nothing', async () => {
    const h = new Managed({ keepAlive: { interval: 1_000 } })
    await h.connected()
    let asked = 0
    const { provider } = h.client.connection
    const submit = provider.submit.bind(provider)
    provider.submit = primitive => {
      if (primitive.type === 'M-CONFIRMED.request' && primitive.service === 'identify') asked += 1
      submit(primitive)
    }
    await h.advance(900)
    await h.managed.readValue('LD/x')
    await h.advance(200)
    expect(asked).toBe(0)
    await h.server.report(['LD/x'])
    await h.advance(1_000)
    expect(asked).toBe(0)
    await h.advance(1_000)
    expect(asked).toBe(1)
  })
})

describe('what is told', () => {
  test('M-08: reports of all associations reach one iterator and one listener', async () => {
    const h = new Managed()
    const reports = h.managed.reports()
    const heard: unknown[] = []
    h.managed.on('informationReport', report => void heard.push(report.listOfAccessResult))
    await h.connected()
    await h.server.report(['LD/x'])
    await h.lose()
    await h.advance(500)
    await h.server.report(['LD/x', 'LD/a'])
    expect(heard.map(results => (results as unknown[]).length)).toEqual([1, 2])
    await h.managed.close()
    const seen = []
    for await (const report of reports) seen.push(report.listOfAccessResult.length)
    expect(seen).toEqual([1, 2])
  })

  test('changes of state are events and an iterator, which ends when it is closed', async () => {
    const h = new Managed()
    const states = h.managed.states()
    await h.connected()
    await h.lose()
    await h.managed.close()
    const seen = []
    for await (const { from, to, because } of states) seen.push([from, because, to])
    expect(seen).toEqual([
      ['idle', 'open', 'connecting'],
      ['connecting', 'opened', 'connected'],
      ['connected', 'lost', 'waiting'],
      ['waiting', 'close', 'closed'],
    ])
    expect((await h.managed.states().next()).done).toBe(true)
    expect(h.changes).toHaveLength(4)
  })

  test('types are asked for anew on another association', async () => {
    const h = new Managed()
    await h.connected()
    await h.managed.values.get('LD/x')
    await h.lose()
    await h.advance(500)
    let asked = 0
    const { provider } = h.client.connection
    const submit = provider.submit.bind(provider)
    provider.submit = primitive => {
      if (primitive.type === 'M-CONFIRMED.request' && primitive.service === 'getVariableAccessAttributes') asked += 1
      submit(primitive)
    }
    await h.managed.values.get('LD/x')
    await h.managed.values.get('LD/x')
    expect(asked).toBe(1)
  })

  test('an attempt that succeeds after it was closed leaves no association', async () => {
    const { slow } = heldRead()
    const h = new Managed({}, { model: model({ domains: { D: { variables: { slow } } }, lists: {} }) })
    h.hold = true
    h.managed.open()
    await settle()
    await h.managed.close()
    await h.held[0]!.succeed()
    await settle()
    expect(h.server.associations.size).toBe(0)
    expect(h.managed.state).toBe('closed')
  })

  test('closing releases the association in order', async () => {
    const h = new Managed()
    await h.connected()
    await h.managed.close()
    await h.managed.close()
    expect(h.client.connection.endedWith).toMatchObject({ name: 'ReleasedError', by: 'user' })
  })
})
