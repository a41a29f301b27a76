import { createServer, connect as netConnect, type Server, Socket } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Channel, OsiError } from '../index.js'
import { connectTcp, listenTcp, socketChannel } from './index.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A channel here and the bare socket of its peer. */
async function pair(): Promise<{ channel: Channel; peer: Socket }> {
  const server = createServer({ allowHalfOpen: true })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const arriving = new Promise<Socket>(resolve => server.once('connection', resolve))
  const channel = await connectTcp({ host: '127.0.0.1', port: (server.address() as { port: number }).port })
  const peer = await arriving
  peer.on('error', () => {})
  return { channel, peer }
}

const endOf = (channel: Channel) =>
  new Promise<OsiError | undefined>(resolve => {
    channel.onEnd = resolve
  })
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

describe('what comes before a stack is put on', () => {
  test('RT-09: octets wait in the network until somebody hears; none is lost', async () => {
    const { channel, peer } = await pair()
    peer.write('early')
    await pause(30)
    channel.resume()
    await pause(30)
    const heard = new Promise<string>(resolve => {
      channel.onData = octets => resolve(Buffer.from(octets).toString())
    })
    expect(await heard).toBe('early')
    channel.destroy()
  })

  test('a reset that came before is there to be read, with its cause', async () => {
    const { channel, peer } = await pair()
    peer.resetAndDestroy()
    await expect.poll(() => channel.ended).toBe(true)
    expect(channel.endCause).toMatchObject({ code: 'TCP_ECONNRESET', by: 'peer provider' })
  })

  test('an end in order that came before is heard as soon as somebody hears, after what was sent before it', async () => {
    const { channel, peer } = await pair()
    peer.end('last words')
    await pause(30)
    const heard: string[] = []
    const ended = endOf(channel)
    channel.onData = octets => heard.push(Buffer.from(octets).toString())
    expect(await ended).toBeUndefined()
    expect(heard).toEqual(['last words'])
    expect(channel).toMatchObject({ ended: true, endCause: undefined })
    peer.destroy()
  })
})

describe('F-05: the peer closes its way of sending only', () => {
  test('F-05: what is queued still leaves, then this side closes', async () => {
    const { channel, peer } = await pair()
    let received = 0
    const over = new Promise(resolve => peer.once('end', resolve))
    channel.onData = () => {}
    channel.onEnd = () => {
      // The network connection is over for the layers: nothing new goes out.
      channel.write(Buffer.from('too late'))
    }
    const octets = new Uint8Array(3_000_000)
    channel.write(octets)
    peer.end()
    await pause(30)
    peer.on('data', chunk => {
      received += chunk.length
    })
    await over
    expect(received).toBe(octets.length)
  })

  test('F-05: an answer written in the turn in which the FIN is read leaves, too', async () => {
    const { channel, peer } = await pair()
    const received: string[] = []
    peer.on('data', chunk => received.push(chunk.toString()))
    const over = new Promise(resolve => peer.once('end', resolve))
    channel.onData = () => process.nextTick(() => channel.write(Buffer.from('answer')))
    peer.end('question')
    await over
    expect(received).toEqual(['answer'])
  })

  test('F-05, F-10: a peer that takes nothing more is dropped five seconds after the end', async () => {
    const { channel, peer } = await pair()
    peer.pause()
    channel.onData = () => {}
    while (channel.write(new Uint8Array(1_000_000))) await pause(1)
    channel.write(new Uint8Array(10_000_000))
    await pause(10)
    const ended = endOf(channel)
    const before = performance.now()
    peer.end()
    expect(await ended).toBeUndefined()
    const gone = new Promise(resolve => peer.once('close', resolve))
    expect(channel.pending).toBeGreaterThan(0)
    peer.resume()
    peer.pause()
    await expect.poll(() => channel.pending, { timeout: 12_000, interval: 100 }).toBe(0)
    expect(performance.now() - before).toBeGreaterThan(4_900)
    expect(performance.now() - before).toBeLessThan(9_000)
    peer.destroy()
    await gone
  })
})

describe('every listener is set in one place', () => {
  test('RN-05: a channel over any socket hears errors, from the first moment on', async () => {
    const socket = netConnect({ port: 1, host: '127.0.0.1' })
    const channel = socketChannel(socket)
    const ended = endOf(channel)
    expect(socket.listenerCount('error')).toBeGreaterThan(0)
    expect(await ended).toMatchObject({ code: 'TCP_ECONNREFUSED', layer: 'network' })
  })
})

describe('F-03: a link that is lost without a word', () => {
  /** The arguments of each call, on the sockets of either role. */
  function keepAlives(): { calls: unknown[][]; [Symbol.dispose](): void } {
    const spy = vi.spyOn(Socket.prototype, 'setKeepAlive')
    return { calls: spy.mock.calls, [Symbol.dispose]: () => spy.mockRestore() }
  }

  test.each([
    ['by default after a second', {}, [true, 1_000]],
    ['after the time that is asked for', { keepAlive: 20_000 }, [true, 20_000]],
  ])('F-03: TCP asks %s of silence, on both sides', async (_, options, expected) => {
    using spied = keepAlives()
    await using listener = await listenTcp({ port: 0, host: '127.0.0.1', ...options }, () => {})
    const channel = await connectTcp({ port: listener.port, host: '127.0.0.1', ...options })
    await expect.poll(() => spied.calls).toEqual([expected, expected])
    channel.destroy()
  })

  test('F-03: 0 turns it off', async () => {
    using spied = keepAlives()
    await using listener = await listenTcp({ port: 0, host: '127.0.0.1', keepAlive: 0 }, () => {})
    const channel = await connectTcp({ port: listener.port, host: '127.0.0.1', keepAlive: 0 })
    await expect.poll(() => listener.connections).toBe(1)
    expect(spied.calls).toEqual([])
    channel.destroy()
  })

  test('F-03: what the system says then is an end with a cause in words', async () => {
    const socket = new Socket()
    const channel = socketChannel(socket)
    const ended = endOf(channel)
    socket.destroy(Object.assign(new Error('read ETIMEDOUT'), { code: 'ETIMEDOUT' }))
    expect(await ended).toMatchObject({ code: 'TCP_ETIMEDOUT', by: 'local provider', message: expect.stringContaining('is gone') })
  })
})
