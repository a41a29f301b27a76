import { connect as netConnect } from 'node:net'
import { hex, unhex } from '@x/core'
import { connectTcp } from '@x/core/node'
import { joinedChannels } from '@x/core/testing'
import { describe, expect, test } from 'vitest'
import { DEFAULT_PORT, DEFAULT_TLS_PORT } from './index.js'
import { connect, listen } from './node.js'
import { type NetworkConnection, openNetwork } from './open.js'

const loopback = { host: '127.0.0.1' } as const

/** A promise and what resolves it. */
function told<T>(): { promise: Promise<T>; tell: (value: T) => void } {
  let tell!: (value: T) => void
  const promise = new Promise<T>(resolve => {
    tell = resolve
  })
  return { promise, tell }
}

async function firstOf(connection: NetworkConnection): Promise<string> {
  for await (const tpdu of connection) return hex(tpdu)
  return 'nothing'
}

test('T-02: packets go both ways over TCP, and an end is seen by the other side', async () => {
  const seen: string[] = []
  await using listener = await listen({ ...loopback, port: 0 }, async connection => {
    for await (const tpdu of connection) {
      seen.push(hex(tpdu))
      await connection.send(tpdu)
    }
    seen.push(String(await connection.ended))
  })
  const connection = await connect({ ...loopback, port: listener.port })
  await connection.send(unhex('02 f0 80 01'))
  expect(await firstOf(connection)).toBe('02 f0 80 01')
  expect(connection.opened.state).toBe('CLOSED')
  await expect.poll(() => seen).toEqual(['02 f0 80 01', 'ReleasedError: the peer closed the network connection'])
})

test('T-02: packets go both ways in memory', async () => {
  const { a, b } = joinedChannels({ chunk: 3 })
  const [left, right] = [openNetwork(a), openNetwork(b)]
  await left.send(unhex('02 f0 80 01'))
  expect(await firstOf(right)).toBe('02 f0 80 01')
  expect(await left.ended).toMatchObject({ name: 'ReleasedError' })
})

test('T-02: a sender waits while the peer does not read, and nothing is lost', async () => {
  const { promise, tell } = told<NetworkConnection>()
  await using listener = await listen({ ...loopback, port: 0 }, tell)
  const connection = await connect({ ...loopback, port: listener.port })
  const reader = await promise
  let sent = 0
  const sending = (async () => {
    for (; sent < 400; sent++) await connection.send(new Uint8Array(65_000).fill(sent))
    await connection.close()
  })()
  await new Promise(resolve => setTimeout(resolve, 100))
  // 26 MB do not fit into the network and 64 packets of the inbox.
  expect(sent).toBeLessThan(400)
  let received = 0
  for await (const tpdu of reader) expect(tpdu[0]).toBe(received++ & 255)
  await sending
  expect(received).toBe(400)
})

describe('T-04: where it listens and connects', () => {
  test('T-04: the default ports are those of RFC 1006 and IEC 62351-4', () => {
    expect([DEFAULT_PORT, DEFAULT_TLS_PORT]).toEqual([102, 3782])
  })

  test.each(['127.0.0.1', '::1', 'localhost'])('T-04: packets go to %s', async host => {
    await using listener = await listen({ port: 0, ...(host === 'localhost' ? {} : { host }) }, async connection => {
      for await (const tpdu of connection) await connection.send(tpdu)
    })
    const connection = await connect({ host, port: listener.port })
    await connection.send(unhex('02 f0 80 01'))
    expect(await firstOf(connection)).toBe('02 f0 80 01')
  })
})

describe('octets that are no TPKT, over TCP', () => {
  test.each([
    ['a TLS ClientHello', '16 03 01 00 a5 01 00 00', 'TLS ClientHello'],
    ['an HTTP request', '47 45 54 20 2f 20 48 54', 'HTTP'],
    ['SSH', '53 53 48 2d 32 2e 30 2d', 'SSH'],
    ['S7 without TPKT', '32 01 00 00 00 00 00 08', 'S7'],
    ['a length of 4', '03 00 00 04', 'expected 7 to 65535'],
  ])('RT-01, RT-03: %s: closed at once, without an answer, with a reason that names it', async (_, text, words) => {
    const { promise, tell } = told<unknown>()
    await using listener = await listen({ ...loopback, port: 0 }, async connection => tell(await connection.ended))
    const socket = netConnect({ ...loopback, port: listener.port })
    let answered = 0
    socket.on('data', chunk => {
      answered += chunk.length
    })
    socket.on('error', () => {})
    const closed = new Promise(resolve => socket.once('close', resolve))
    socket.write(unhex(text))
    expect(await promise).toMatchObject({ name: 'DisconnectedError', by: 'local provider', message: expect.stringContaining(words) })
    await closed
    expect(answered).toBe(0)
  })

  test.each([
    ['FIN', 'end', 'expected 32 octets, found 7'],
    ['RST', 'resetAndDestroy', 'ECONNRESET'],
  ] as const)('RT-05: a %s inside a packet: nothing partial is delivered, and the end says so', async (_, how, words) => {
    const { promise, tell } = told<{ error: unknown; packets: number }>()
    await using listener = await listen({ ...loopback, port: 0 }, async connection => {
      let packets = 0
      try {
        for await (const _tpdu of connection) packets += 1
      } catch (error) {
        tell({ error, packets })
      }
    })
    const socket = netConnect({ ...loopback, port: listener.port })
    socket.on('error', () => {})
    socket.write(unhex('03 00 00 07 02 f0 80 03 00 00 20 02 f0 80'))
    await new Promise(resolve => setTimeout(resolve, 50))
    socket[how]()
    expect(await promise).toMatchObject({ packets: 1, error: { name: 'DisconnectedError', message: expect.stringContaining(words) } })
  })

  test('RT-09: a packet that comes before the stack is there is delivered when it is; none after the close', async () => {
    const { promise, tell } = told<string>()
    await using listener = await listen({ ...loopback, port: 0 }, async connection => {
      await connection.send(unhex('02 f0 80 01'))
      await connection.send(unhex('02 f0 80 02'))
      tell(String(await connection.ended))
    })
    const channel = await connectTcp({ ...loopback, port: listener.port })
    await new Promise(resolve => setTimeout(resolve, 50))
    const connection = openNetwork(channel)
    expect(await firstOf(connection)).toBe('02 f0 80 01')
    expect(connection.connection.state).toBe('ended')
    expect(await promise).toContain('closed the network connection')
  })

  test('RT-09: a connection that was lost before the stack came ends at once, not by a deadline', async () => {
    const { a, b } = joinedChannels()
    b.destroy()
    const connection = openNetwork(a)
    expect(await connection.ended).toMatchObject({ name: 'DisconnectedError', code: 'CLOSED_EARLY' })
    await expect(connection.send(unhex('02 f0 80'))).rejects.toMatchObject({ code: 'CLOSED_EARLY' })
  })
})
