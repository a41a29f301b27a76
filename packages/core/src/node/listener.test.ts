import { connect as netConnect, type Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test, vi } from 'vitest'
import { type Channel, type OsiError, RefusedError } from '../index.js'
import { connectTcp, heapAbove, type ListenTcpOptions, listenTcp, serveTcp, type TcpListener } from './index.js'

const loopback = { host: '127.0.0.1', port: 0 } as const

const GREETING = Uint8Array.of(1)

/** A listener that hears its channels and notes whom it refused. */
async function listening(options: Partial<ListenTcpOptions> = {}) {
  const channels: Channel[] = []
  const refused: string[] = []
  const listener = await listenTcp({ ...loopback, onRefused: error => refused.push((error as OsiError).message), ...options }, channel => {
    channel.onData = () => {}
    channel.write(GREETING)
    channels.push(channel)
  })
  return { listener, channels, refused, port: listener.port, [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose]() }
}

/** A client, once it knows whether it may stay: it is greeted, or it is closed. */
async function client(port: number, localAddress?: string): Promise<{ socket: Socket; open: boolean }> {
  const socket = netConnect({ host: '127.0.0.1', port, ...(localAddress ? { localAddress } : {}) })
  socket.on('error', () => {})
  const open = await new Promise<boolean>(resolve => socket.once('data', () => resolve(true)).once('close', () => resolve(false)))
  return { socket, open }
}

/** Warnings of the process, kept from the screen. */
function warnings(): { texts: string[]; [Symbol.dispose](): void } {
  const texts: string[] = []
  const spy = vi.spyOn(process, 'emitWarning').mockImplementation(warning => {
    texts.push(warning instanceof Error ? warning.message : warning)
  })
  return { texts, [Symbol.dispose]: () => spy.mockRestore() }
}

const clients = (count: number, port: number, localAddress?: string) =>
  Promise.all(Array.from({ length: count }, () => client(port, localAddress)))
const openOf = (all: readonly { open: boolean }[]) => all.filter(({ open }) => open).length

describe('who gets in', () => {
  test('RN-02: connections over the limit are closed, counted by reason and told', async () => {
    await using there = await listening({ maxConnections: 3 })
    const all = await clients(5, there.port)
    expect(openOf(all)).toBe(3)
    expect(there.listener).toMatchObject({ connections: 3, refused: 2, maxConnections: 3, refusals: { limit: 2, rate: 0 } })
    expect(there.refused).toHaveLength(2)
    expect(there.refused[0]).toMatch(/^refused 127\.0\.0\.1:\d+: 3 connections are open already$/)
    for (const { socket } of all) socket.destroy()
    await expect.poll(() => there.listener.connections).toBe(0)
    expect((await client(there.port)).open).toBe(true)
  })

  test('RN-02: the limit stays below the descriptors that the process may have', async () => {
    await using there = await listening({ maxConnections: 1e9 })
    expect(there.listener.maxConnections).toBeLessThan(1e9)
    expect(there.listener.maxConnections).toBeGreaterThan(0)
  })

  test('F-16: one address has its share, another still gets in', async () => {
    await using there = await listening({ maxPerAddress: 2 })
    expect(openOf(await clients(6, there.port))).toBe(2)
    expect((await client(there.port, '127.0.0.2')).open).toBe(true)
    expect(there.listener.refusals).toMatchObject({ 'address limit': 4, limit: 0 })
    expect(there.refused[0]).toContain('127.0.0.1 has 2 connections already')
  })

  test('F-16: reserved places are free for their address, however many others come', async () => {
    await using there = await listening({ maxConnections: 5, reserved: { addresses: ['127.0.0.9'], places: 2 } })
    expect(openOf(await clients(8, there.port))).toBe(3)
    expect(openOf(await clients(3, there.port, '127.0.0.9'))).toBe(2)
    expect(there.listener.refusals.limit).toBe(6)
    expect(there.refused[0]).toContain('the other places are reserved')
  })

  test('F-14: a storm from one address is slowed down to its rate; what is open, and other addresses, are served', async () => {
    await using there = await listening({ acceptRate: { perSecond: 4, burst: 5 } })
    const first = await client(there.port, '127.0.0.3')
    const storm = await clients(40, there.port)
    const admitted = openOf(storm)
    expect(admitted).toBeGreaterThanOrEqual(5)
    expect(admitted).toBeLessThan(40)
    expect(there.listener.refusals.rate).toBe(40 - admitted)
    expect(first.socket.destroyed).toBe(false)
    expect((await client(there.port, '127.0.0.3')).open).toBe(true)
    // Tokens come back with time.
    await new Promise(resolve => setTimeout(resolve, 300))
    expect((await client(there.port)).open).toBe(true)
  })

  test('F-26: what `admit` says keeps a newcomer out, with its words', async () => {
    let full = false
    await using there = await listening({ admit: ({ host }) => (full ? `no room for ${host}` : undefined) })
    expect((await client(there.port)).open).toBe(true)
    full = true
    expect((await client(there.port)).open).toBe(false)
    expect(there.refused[0]).toMatch(/no room for 127\.0\.0\.1$/)
    expect(there.listener.refusals['not admitted']).toBe(1)
    expect(there.listener.connections).toBe(1)
  })

  test('RN-03: a hook that throws refuses that client, becomes a warning, and the others are served', async () => {
    using warned = warnings()
    const hooks = { admit: true, onRefused: true }
    const failIf = (hook: 'admit' | 'onRefused') => {
      if (hooks[hook]) throw new RangeError(`${hook} is broken`)
      return undefined
    }
    await using there = await listening({ admit: () => failIf('admit'), onRefused: () => failIf('onRefused') })
    expect((await client(there.port)).open).toBe(false)
    expect(there.listener.refusals['not admitted']).toBe(1)
    expect(warned.texts).toEqual(['admit is broken', 'onRefused is broken'])
    hooks.admit = hooks.onRefused = false
    expect((await client(there.port)).open).toBe(true)
  })

  test('F-26: `heapAbove` speaks up when the share of the heap is exceeded, and not before', () => {
    expect(heapAbove(0)()).toMatch(/^memory is short: \d+ of \d+ MiB/)
    expect(heapAbove(1)()).toBeUndefined()
  })

  test('RN-05: a client that resets at once, or that is refused and resets, ends nothing', async () => {
    await using there = await listening({ maxPerAddress: 1 })
    for (let i = 0; i < 20; i++) {
      const socket = netConnect(there.port, '127.0.0.1')
      socket.on('error', () => {})
      await new Promise(resolve => socket.once('connect', resolve).once('close', resolve))
      socket.resetAndDestroy()
    }
    await expect.poll(() => there.listener.connections).toBe(0)
    expect((await client(there.port)).open).toBe(true)
  })
})

describe('F-12, RN-06: closing', () => {
  test('F-12: with drain, who is open may end in order, nobody gets in any more, and the port is free at the end', async () => {
    const there = await listening()
    const { socket } = await client(there.port)
    let closed = false
    const closing = there.listener.close({ mode: 'drain' }).then(() => {
      closed = true
    })
    expect((await client(there.port)).open).toBe(false)
    expect(closed).toBe(false)
    socket.end()
    await closing
    await (await listenTcp({ ...loopback, port: there.port }, () => {})).close()
  })

  test('RN-06: clients that stay do not hold it up: after the timeout they are ended', async () => {
    const there = await listening()
    const { socket } = await client(there.port)
    const ended = new Promise(resolve => socket.once('close', resolve))
    const before = performance.now()
    await there.listener.close({ timeout: 100 })
    expect(performance.now() - before).toBeLessThan(5_000)
    await ended
    expect(there.listener.connections).toBe(0)
  })

  test('F-12: abort ends all at once, and a second close ends what the first lets drain', async () => {
    const aborted = await listening()
    await client(aborted.port)
    await aborted.listener.close({ mode: 'abort' })
    expect(aborted.channels[0]?.ended).toBe(true)
    const drained = await listening()
    await client(drained.port)
    const first = drained.listener.close()
    const before = performance.now()
    await drained.listener.close()
    await first
    expect(performance.now() - before).toBeLessThan(5_000)
  })

  test('F-12: a served layer is asked to end each connection in order', async () => {
    const ended: string[] = []
    const handled = vi.fn()
    const listener = await serveTcp(
      loopback,
      async channel => {
        channel.onData = () => {}
        channel.write(GREETING)
        const connection = {
          async [Symbol.asyncDispose]() {
            ended.push('in order')
            channel.end()
          },
        }
        return [connection, 'and more'] as const
      },
      handled,
    )
    const [first, second, gone] = await clients(3, listener.port)
    gone!.socket.destroy()
    await expect.poll(() => listener.connections).toBe(2)
    for (const { socket } of [first!, second!]) socket.on('end', () => socket.end())
    await listener.close()
    expect(ended).toEqual(['in order', 'in order'])
    expect(handled).toHaveBeenCalledTimes(3)
    expect(handled).toHaveBeenLastCalledWith(expect.anything(), 'and more')
  })
})

describe('F-21: starting and stopping', () => {
  test('a port in use, and an address of another machine, are refused in words, and leave nothing', async () => {
    await using there = await listening()
    const again = listenTcp({ ...loopback, port: there.port }, () => {})
    await expect(again).rejects.toBeInstanceOf(RefusedError)
    await expect(again).rejects.toThrow(`cannot listen on 127.0.0.1:${there.port}: another program listens there (EADDRINUSE)`)
    await expect(listenTcp({ host: '192.0.2.77', port: 0 }, () => {})).rejects.toThrow('192.0.2.77 is no address of this machine')
    expect(openOf([await client(there.port)])).toBe(1)
  })

  test('F-21: 1 000 cycles leave no handle and no memory behind', async () => {
    const handles = () => process.getActiveResourcesInfo().length
    const cycle = async () => {
      const listener: TcpListener = await listenTcp(loopback, channel => channel.end())
      const channel = await connectTcp({ host: '127.0.0.1', port: listener.port })
      channel.onData = () => {}
      channel.destroy()
      await listener.close({ mode: 'abort' })
    }
    // Until everything is compiled and every pool has its size.
    for (let i = 0; i < 600; i++) await cycle()
    await new Promise(resolve => setTimeout(resolve, 50))
    const before = { handles: handles(), heap: heapAfterCollection() }
    for (let i = 0; i < 1_000; i++) await cycle()
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(handles()).toBeLessThanOrEqual(before.handles)
    // Less than half a KB for each cycle: nothing of it is kept.
    expect(heapAfterCollection() - before.heap).toBeLessThan(500_000)
  })
})

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return process.memoryUsage().heapUsed
}
