import { connect as netConnect, type Socket } from 'node:net'
import { unhex } from '@x/core'
import { FaultProxy } from '@x/core/testing/fault-proxy'
import { describe, expect, test } from 'vitest'
import type { MmsClient } from './client/client.js'
import { connect, listen } from './node.js'
import { types } from './value-types.js'

const loopback = { host: '127.0.0.1' } as const
const model = {
  identity: { vendorName: 'v', modelName: 'm', revision: '1' },
  domains: {
    D: {
      variables: {
        x: { type: types.integer(32), value: { type: 'integer', value: 1 } },
        large: { type: types.octetString(-16_000), value: { type: 'octetString', value: new Uint8Array(16_000) } },
      },
    },
  },
} as const
/** A CR with TPDU size 8192 and both selectors 00 01. */
const CR = unhex('03 00 00 16 11 e0 00 00 00 01 00 c0 01 0d c2 02 00 01 c1 02 00 01')

/** A server with short deadlines, and why it gave clients up. */
async function serving(options: Partial<Parameters<typeof listen>[0]> = {}) {
  const ends: string[] = []
  const server = await listen({
    ...loopback,
    port: 0,
    model,
    network: { firstOctetTimeout: 300, packetTimeout: 300 },
    transport: { tsduTimeout: 300 },
    associateTimeout: 600,
    onEnd: error => ends.push((error as { code: string }).code),
    ...options,
  })
  return { server, ends, port: server.port, [Symbol.asyncDispose]: () => server.close({ mode: 'abort' }) }
}

/** A client that only has a socket. */
async function raw(port: number): Promise<{ socket: Socket; closed: Promise<number> }> {
  const socket = netConnect({ ...loopback, port })
  socket.on('error', () => {})
  socket.resume()
  await new Promise(resolve => socket.once('connect', resolve))
  const since = performance.now()
  return { socket, closed: new Promise(resolve => socket.once('close', () => resolve(performance.now() - since))) }
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const reads = async (mms: MmsClient, count: number) => {
  for (let i = 0; i < count; i++) expect(await mms.readValue('D/x')).toEqual({ type: 'integer', value: 1 })
}

describe('clients that do not go on', () => {
  test('F-01: those that send nothing are closed in time, and a good one associates meanwhile', async () => {
    await using there = await serving()
    const silent = await Promise.all(Array.from({ length: 30 }, () => raw(there.port)))
    await using good = await connect({ ...loopback, port: there.port })
    await reads(good, 3)
    for (const { closed } of silent) {
      const after = await closed
      expect(after).toBeGreaterThan(250)
      expect(after).toBeLessThan(10_000)
    }
    await expect.poll(() => there.ends.length).toBe(30)
    await expect.poll(() => there.server.listener.connections).toBe(1)
    await reads(good, 3)
  })

  test.each([
    ['inside a TPKT', unhex('03 00 00 40'), 300, 'CLOSED_EARLY'],
    ['between the TPDUs of a TSDU', unhex('03 00 00 08 02 f0 00 0d'), 300, 'CLOSED_EARLY'],
  ])('F-02: one octet at a time %s does not renew the deadline', async (where, beginning, deadline) => {
    await using there = await serving({ associateTimeout: 30_000 })
    const { socket, closed } = await raw(there.port)
    // A segment needs an open transport connection.
    if (where !== 'inside a TPKT') socket.write(CR)
    socket.write(beginning)
    const drip = setInterval(() => socket.write(where === 'inside a TPKT' ? Uint8Array.of(0) : unhex('03 00 00 08 02 f0 00 00')), 50)
    const after = await closed
    clearInterval(drip)
    expect(after).toBeGreaterThan(deadline - 50)
    expect(after).toBeLessThan(10_000)
  })

  test('F-02: between CR, CN and AARQ there is one deadline for all', async () => {
    await using there = await serving({ associateTimeout: 400 })
    const { socket, closed } = await raw(there.port)
    await pause(200)
    socket.write(CR)
    const after = await closed
    expect(after).toBeGreaterThan(350)
    expect(after).toBeLessThan(10_000)
    expect(there.ends).toEqual(['OPEN_TIMEOUT'])
  })
})

describe('what networks do', () => {
  test('F-08: one octet per segment, and cuts at random, make no difference to a whole association', async () => {
    await using there = await serving({ network: {}, transport: {}, associateTimeout: 30_000 })
    const random = (octets: Uint8Array) => {
      const pieces: Uint8Array[] = []
      for (let at = 0; at < octets.length; ) {
        const size = 1 + Math.floor(Math.random() * 60)
        pieces.push(octets.subarray(at, at + size))
        at += size
      }
      return pieces
    }
    for (const chunk of [1, 7, random, random, random]) {
      await using proxy = await FaultProxy.listen({ port: there.port }, { chunk })
      const mms = await connect({ ...loopback, port: proxy.port })
      await reads(mms, 5)
      expect(await mms.readValue('D/large')).toMatchObject({ type: 'octetString' })
      await mms.close()
      await proxy.links[0]!.closed
    }
    expect(new Set(there.ends)).toEqual(new Set(['RELEASED']))
  }, 60_000)

  test('F-04: a gateway that answers TCP for a peer that is gone: calls time out, and the association can be aborted', async () => {
    await using there = await serving()
    await using proxy = await FaultProxy.listen({ port: there.port })
    const mms = await connect({ ...loopback, port: proxy.port, requestTimeout: 200 })
    await reads(mms, 1)
    proxy.links[0]!.lose()
    await expect(mms.readValue('D/x')).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT' })
    expect(mms.connection.state).toBe('open')
    mms.abort()
    expect(await mms.ended).toMatchObject({ code: 'ABORTED' })
  })

  test('F-04: an association that is idle but alive is not closed', async () => {
    await using there = await serving()
    await using mms = await connect({ ...loopback, port: there.port })
    await pause(1_500)
    await reads(mms, 1)
  })

  test.each(['FIN', 'RST'])('F-05: a %s in the middle ends everything that is open, once, and frees the place', async how => {
    await using there = await serving()
    await using proxy = await FaultProxy.listen({ port: there.port })
    const mms = await connect({ ...loopback, port: proxy.port })
    proxy.links[0]!.stop('server')
    const asked = Promise.allSettled(Array.from({ length: 5 }, () => mms.readValue('D/x')))
    await pause(30)
    if (how === 'RST') proxy.links[0]!.reset()
    else for (const side of ['client', 'server'] as const) proxy.links[0]!.halfClose(side)
    proxy.links[0]!.resume()
    const results = await asked
    expect(results.map(({ status }) => status)).toEqual(new Array(5).fill('rejected'))
    expect(await mms.ended).toMatchObject({ name: 'DisconnectedError' })
    await expect.poll(() => there.server.server.associations.size).toBe(0)
    await expect.poll(() => there.server.listener.connections).toBe(0)
  })
})

describe('this side', () => {
  test('F-12: closing with clients, half of them busy: each gets a defined end, in time', async () => {
    const { server } = await serving({
      handlers: { status: () => pause(300).then(() => ({ response: { vmdLogicalStatus: 0, vmdPhysicalStatus: 0 } })) },
    })
    const clients = await Promise.all(Array.from({ length: 20 }, () => connect({ ...loopback, port: server.port })))
    const busy = Promise.allSettled(clients.slice(0, 10).map(mms => mms.status()))
    await pause(20)
    const before = performance.now()
    await server.close()
    expect(performance.now() - before).toBeLessThan(10_000)
    const ends = (await Promise.all(clients.map(mms => mms.ended))).map(({ name }) => name)
    expect(ends.slice(10)).toEqual(new Array(10).fill('ReleasedError'))
    // With a call under way the client refuses to conclude, and is aborted: defined, too.
    expect(ends.slice(0, 10).every(name => name === 'ReleasedError' || name === 'AbortedError')).toBe(true)
    expect(await busy).toHaveLength(10)
    await expect(connect({ ...loopback, port: server.port })).rejects.toMatchObject({ code: 'TCP_ECONNREFUSED' })
  })

  test('F-12: abort is at once, and so is a second close', async () => {
    for (const how of ['abort', 'twice'] as const) {
      const { server } = await serving()
      const mms = await connect({ ...loopback, port: server.port })
      const before = performance.now()
      if (how === 'abort') await server.close({ mode: 'abort' })
      else await Promise.all([server.close(), server.close()])
      expect(performance.now() - before).toBeLessThan(4_000)
      await mms.ended
    }
  })

  test('F-23: a program held up for two seconds loses no association; a deadline that passed meanwhile is held against what has arrived', async () => {
    await using there = await serving({ associateTimeout: 10_000 })
    const clients = await Promise.all(Array.from({ length: 20 }, () => connect({ ...loopback, port: there.port })))
    const { socket } = await raw(there.port)
    socket.write(CR.subarray(0, 9))
    await pause(50)
    const asked = clients.map(mms => mms.readValue('D/x'))
    // In time, but nobody looks: the packet had 300 ms.
    socket.write(CR.subarray(9))
    const until = performance.now() + 2_000
    while (performance.now() < until);
    const results = await Promise.allSettled(asked)
    expect(results.map(({ status }) => status)).toEqual(new Array(20).fill('fulfilled'))
    await pause(100)
    expect(there.ends).toEqual([])
    expect(there.server.listener.connections).toBe(21)
    await Promise.all(clients.map(mms => mms.close()))
  })
})
