import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { type Channel, ISO_TSAP_PORT, ISO_TSAP_TLS_PORT, RefusedError, TimeoutError, UsageError } from '../index.js'
import { connectTcp, listenTcp } from './index.js'

/** A listener that keeps what arrives. */
async function listening(host: string) {
  const channels: Channel[] = []
  const listener = await listenTcp({ port: 0, host }, channel => channels.push(channel))
  return { listener, channels, port: listener.port, [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose]() }
}

describe('T-04: where a connection leads', () => {
  test('T-04: the ports of RFC 1006 and of its secure form are the defaults', () => {
    expect([ISO_TSAP_PORT, ISO_TSAP_TLS_PORT]).toEqual([102, 3782])
  })

  test.each([
    ['IPv4', '127.0.0.1', 4, '127.0.0.1'],
    ['IPv6', '::1', 6, '[::1]'],
  ] as const)('T-04: %s: both ends have addresses in parts and as text', async (_, host, family, text) => {
    await using there = await listening(host)
    const channel = await connectTcp({ host, port: there.port })
    expect(channel.remoteAddress).toEqual({ host, port: there.port, family })
    expect(channel.remote).toBe(`${text}:${there.port}`)
    await expect.poll(() => there.channels[0]?.remoteAddress).toEqual(channel.localAddress)
    expect(channel.localAddress).toMatchObject({ host, family })
    channel.destroy()
  })

  test('T-04: an IPv4 client of a listener for both kinds has an IPv4 address', async () => {
    await using there = await listening('::')
    const channel = await connectTcp({ host: '127.0.0.1', port: there.port })
    await expect.poll(() => there.channels[0]?.remoteAddress).toMatchObject({ host: '127.0.0.1', family: 4 })
    channel.destroy()
  })

  test('T-04: a host name is looked up, and each of its addresses tried', async () => {
    await using there = await listening('127.0.0.1')
    const channel = await connectTcp({ host: 'localhost', port: there.port })
    expect(channel.remoteAddress?.host).toBe('127.0.0.1')
    channel.destroy()
    await there.listener.close()
    await expect(connectTcp({ host: 'localhost', port: there.port, family: 4 })).rejects.toThrow(
      `no TCP connection to localhost:${there.port}: nothing listens there (ECONNREFUSED); tried 127.0.0.1`,
    )
  })

  test('T-04: address and port of this side can be chosen; what is not ours is an error that says so', async () => {
    await using there = await listening('127.0.0.1')
    const free = await listening('127.0.0.1')
    const localPort = free.port
    await free.listener.close()
    const options = { host: '127.0.0.1', port: there.port }
    const channel = await connectTcp({ ...options, localAddress: '127.0.0.2', localPort })
    expect(channel.localAddress).toEqual({ host: '127.0.0.2', port: localPort, family: 4 })
    await expect(connectTcp({ ...options, localAddress: '192.0.2.77' })).rejects.toThrow('192.0.2.77 is no address of this machine')
    await expect(connectTcp({ ...options, localAddress: '127.0.0.2', localPort })).rejects.toThrow(`the local port ${localPort} is in use`)
    channel.destroy()
  })

  test.each([0, 65_536, 1.5, Number.NaN])('port %d is a usage error', async port => {
    await expect(connectTcp({ host: '127.0.0.1', port })).rejects.toBeInstanceOf(UsageError)
    await expect(connectTcp({ host: '127.0.0.1', localPort: port || -1 })).rejects.toBeInstanceOf(UsageError)
  })
})

describe('connecting takes no longer than it may', () => {
  /** A port whose queue is full: the system lets further clients wait without an answer. */
  async function deaf() {
    const server = createServer()
    await new Promise<void>(resolve => server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, resolve))
    return server
  }

  test('nobody answers: TimeoutError with the time, and a signal ends it earlier with its reason', async () => {
    // Where the network says at once that there is no way to that address, that is the error.
    const silent = await connectTcp({ host: '192.0.2.1', timeout: 20 }).catch(error => error)
    expect([TimeoutError, RefusedError]).toContain(silent.constructor)
    expect(silent.message).toContain('no TCP connection to 192.0.2.1:102')
    const stop = new AbortController()
    const opening = connectTcp({ host: '192.0.2.1', signal: stop.signal })
    stop.abort('enough')
    await expect(opening).rejects.toBe('enough')
    await expect(connectTcp({ host: '127.0.0.1', signal: AbortSignal.abort('no') })).rejects.toBe('no')
  })

  test('nothing listens: RefusedError that names address and reason, by the peer', async () => {
    const server = await deaf()
    const { port } = server.address() as { port: number }
    await new Promise(resolve => server.close(resolve))
    const error = await connectTcp({ host: '127.0.0.1', port }).catch(caught => caught)
    expect(error).toBeInstanceOf(RefusedError)
    expect(error).toMatchObject({ code: 'TCP_ECONNREFUSED', by: 'peer provider', layer: 'network' })
    expect(error.message).toBe(`no TCP connection to 127.0.0.1:${port}: nothing listens there (ECONNREFUSED)`)
  })

  test('a timeout of Infinity is none', async () => {
    await using there = await listening('127.0.0.1')
    const channel = await connectTcp({ host: '127.0.0.1', port: there.port, timeout: Number.POSITIVE_INFINITY })
    expect(channel.ended).toBe(false)
    channel.destroy()
  })

  test('a name that does not exist is an error of this side', async () => {
    await expect(connectTcp({ host: 'no-such-host.invalid', port: 1 })).rejects.toMatchObject({ layer: 'network', by: 'local provider' })
  })
})
