import { describe, expect, test } from 'vitest'
import { connect, connectManaged, listen } from './node.js'
import { types } from './value-types.js'

const loopback = { host: '127.0.0.1' } as const
const model = {
  identity: { vendorName: 'v', modelName: 'm', revision: '1' },
  domains: { D: { variables: { x: { type: types.integer(32), value: { type: 'integer', value: 1 } } } } },
} as const

describe('connect and listen', () => {
  test('one line each way over TCP; closing the server releases its clients', async () => {
    const server = await listen({ ...loopback, port: 0, model })
    const mms = await connect({ ...loopback, port: server.port })
    expect(await mms.readValue('D/x')).toEqual({ type: 'integer', value: 1 })
    expect(mms.peer).toMatchObject({ host: '127.0.0.1', port: server.port })
    const [other] = server.server.associations
    expect([mms.closeReason, other?.closeReason]).toEqual([undefined, undefined])
    await server.close()
    expect(await mms.ended).toMatchObject({ name: 'ReleasedError', by: 'peer' })
    expect([mms.closeReason, other?.closeReason]).toMatchObject([
      { type: 'released', by: 'remote' },
      { type: 'released', by: 'local' },
    ])
    expect(other?.peer.remote).toBe(other?.remote)
  })

  test('await using closes the association and the server', async () => {
    const ends: unknown[] = []
    {
      await using server = await listen({ ...loopback, port: 0, model, onEnd: error => ends.push(error) })
      await using mms = await connect({ ...loopback, port: server.port })
      expect(mms.connection.state).toBe('open')
    }
    expect(ends).toMatchObject([{ name: 'ReleasedError' }])
  })

  test('F-14: a managed client finds its server again after a restart of the server, over TCP', async () => {
    const server = await listen({ ...loopback, port: 0, model })
    const { port } = server
    await using mms = connectManaged({
      ...loopback,
      port,
      managed: { backOff: { least: 10, most: 50 }, whileDisconnected: 'wait', waitTimeout: 10_000 },
    })
    expect(await mms.values.get('D/x')).toBe(1)
    await server.close({ mode: 'abort' })
    await expect.poll(() => mms.state).not.toBe('connected')
    const waiting = mms.values.get('D/x')
    await using _again = await listen({ ...loopback, port, model })
    expect(await waiting).toBe(1)
    const stop = new AbortController()
    const stopped = connectManaged({ ...loopback, port, signal: stop.signal })
    stop.abort()
    expect(stopped.state).toBe('closed')
    expect(connectManaged({ ...loopback, port, signal: stop.signal }).state).toBe('closed')
  })

  test('F-07: a hundred associations, one after the other and some aborted, leave nothing behind', async () => {
    await using server = await listen({ ...loopback, port: 0, model })
    for (let i = 0; i < 100; i++) {
      const mms = await connect({ ...loopback, port: server.port })
      if (i % 3 === 0) mms.abort()
      else await mms.close()
    }
    await expect.poll(() => server.server.associations.size).toBe(0)
    await expect.poll(() => server.listener.connections).toBe(0)
  })

  test('each refusal names its layer: wrong selector at transport, session and presentation', async () => {
    const cases = [
      [{ transport: { accept: () => 3 as const } }, /address unknown/],
      [{ session: { accept: () => 129 as const } }, /session selector unknown/],
      [{ presentation: { acceptAddress: () => 3 as const } }, /called-presentation-address-unknown/i],
      [{ acse: { accept: () => ({ type: 'reject', diagnostic: 7 }) as const } }, /called-AP-title-not-recognized/],
    ] as const
    for (const [options, message] of cases) {
      await using server = await listen({ ...loopback, port: 0, model, ...options })
      await expect(connect({ ...loopback, port: server.port })).rejects.toMatchObject({
        name: 'RefusedError',
        message: expect.stringMatching(message),
      })
    }
  })
})
