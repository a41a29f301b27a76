import { hex, RefusedError, unhex } from '@x/core'
import { connectTcp, listenTcp } from '@x/core/node'
import { describe, expect, test } from 'vitest'
import { connect, listen } from './node.js'
import { disconnected, type TransportConnection } from './open.js'

const loopback = { host: '127.0.0.1' } as const

describe('connect and listen', () => {
  test('TSDUs go both ways over TCP, whole, and an end is seen by the other side', async () => {
    const seen: string[] = []
    await using listener = await listen({ ...loopback, port: 0 }, async connection => {
      for await (const tsdu of connection) {
        seen.push(`${hex(connection.opened.called.transportSelector!)}: ${tsdu.length}`)
        await connection.send(tsdu)
      }
      seen.push('end')
    })
    const connection: TransportConnection = await connect({
      ...loopback,
      port: listener.port,
      called: { transportSelector: Uint8Array.of(0, 1) },
    })
    await connection.send(new Uint8Array(20_000).fill(7))
    for await (const tsdu of connection) {
      expect(tsdu.length).toBe(20_000)
      break
    }
    expect(await connection.ended).toMatchObject({ by: 'user' })
    await expect.poll(() => seen).toEqual(['00 01: 20000', 'end'])
  })

  test('what is sent belongs to its sender again at once, in one segment or in several', async () => {
    const seen: string[] = []
    await using listener = await listen({ ...loopback, port: 0 }, async connection => {
      for await (const tsdu of connection) seen.push(`${tsdu.length} of ${[...new Set(tsdu)]}`)
    })
    await using connection = await connect({ ...loopback, port: listener.port, transport: { tpduSize: 128 } })
    for (const length of [125, 126, 1_000]) {
      const octets = new Uint8Array(length).fill(7)
      const sent = connection.send(octets)
      octets.fill(0)
      await sent
    }
    await expect.poll(() => seen).toEqual(['125 of 7', '126 of 7', '1000 of 7'])
  })

  test('C-08: a refusal says who refused and why, on both sides', async () => {
    const refused: unknown[] = []
    const options = { ...loopback, port: 0, transport: { accept: () => 3 as const }, onRefused: (error: unknown) => refused.push(error) }
    await using listener = await listen(options, () => {})
    await expect(connect({ ...loopback, port: listener.port })).rejects.toMatchObject({
      name: 'RefusedError',
      layer: 'cotp',
      by: 'peer provider',
      reason: 3,
      message: 'refused by the peer provider at transport: address unknown (DR reason 3); check the called TSAP-ID, which was absent',
    })
    await expect.poll(() => refused.length).toBe(1)
  })

  test('the user of the listener may refuse, too', async () => {
    await using listener = await listen({ ...loopback, port: 0, decide: () => ({ type: 'T-DISCONNECT.request' }) }, () => {})
    await expect(connect({ ...loopback, port: listener.port })).rejects.toMatchObject({ layer: 'cotp', reason: 0 })
  })

  test('a handler that throws loses its connection only', async () => {
    const errors: unknown[] = []
    await using listener = await listen({ ...loopback, port: 0, onRefused: error => errors.push(error) }, () => {
      throw new Error('oops')
    })
    const connection = await connect({ ...loopback, port: listener.port })
    expect(await connection.ended).toMatchObject({ name: 'ReleasedError' })
    expect(errors).toEqual([new Error('oops')])
  })

  test('RT-01: a web browser on the port is told to the listener at once, with what came', async () => {
    let tell!: (error: unknown) => void
    const told = new Promise<unknown>(resolve => {
      tell = resolve
    })
    await using listener = await listen({ ...loopback, port: 0, onRefused: tell }, () => {})
    const socket = await connectTcp({ ...loopback, port: listener.port })
    socket.write(new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n'))
    expect(await told).toMatchObject({
      name: 'DisconnectedError',
      code: 'CLOSED_EARLY',
      by: 'local provider',
      cause: { layer: 'tpkt' },
      message: expect.stringContaining('HTTP'),
    })
    socket.destroy()
  })

  test('a server that closes, and one that is silent, each give their error', async () => {
    await using closing = await listenTcp({ ...loopback, port: 0 }, channel => channel.end())
    await expect(connect({ ...loopback, port: closing.port })).rejects.toMatchObject({
      name: 'DisconnectedError',
      layer: 'cotp',
      code: 'COTP_NOT_CONNECTED',
      message: expect.stringContaining('the peer closed the network connection instead of answering the connection request'),
    })
    await using silent = await listenTcp({ ...loopback, port: 0 }, () => {})
    const called = { transportSelector: Uint8Array.of(1, 2) }
    await expect(connect({ ...loopback, port: silent.port, timeout: 50, called })).rejects.toMatchObject({
      name: 'TimeoutError',
      message:
        'not established within 50 ms: the peer took the network connection, and did not answer the connection request to TSAP-ID 01 02',
    })
  })

  test('C-08, C-10: a peer that answers with an ER, and one that answers with another class, say so to whoever connects', async () => {
    const answering = (octets: string) =>
      listenTcp({ ...loopback, port: 0 }, channel => {
        channel.onData = () => channel.write(unhex(octets))
      })
    await using rejecting = await answering('03 00 00 14 0f 70 00 01 03 c1 09 09 e0 00 00 00 01 00 c0 0d')
    await expect(connect({ ...loopback, port: rejecting.port })).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'COTP_REJECTED',
      by: 'peer provider',
      reason: 3,
      message: expect.stringContaining('try a smaller tpduSize'),
    })
    await using class4 = await answering('03 00 00 0b 06 d0 00 01 00 02 40')
    await expect(connect({ ...loopback, port: class4.port })).rejects.toMatchObject({
      name: 'DisconnectedError',
      code: 'COTP_NOT_CONNECTED',
      message: 'no transport connection: CC: class: expected 0 at octet 6, found 4',
    })
  })

  test('C-12: what was agreed can be read, and raw TPDUs seen and sent, through the connection', async () => {
    const seen: string[] = []
    await using listener = await listen({ ...loopback, port: 0 }, async connection => {
      for await (const tsdu of connection) await connection.send(tsdu)
    })
    const onTpdu = (way: string, octets: Uint8Array) => seen.push(`${way} ${hex(octets.subarray(0, 3))}`)
    await using connection = await connect({ ...loopback, port: listener.port, transport: { tpduSize: 512, onTpdu } })
    expect(connection.machine).toMatchObject({ state: 'OPEN', tpduSize: 512, receiveSize: 512 })
    connection.machine.sendTpdu({ type: 'DT', endOfTsdu: true, number: 0, userData: Uint8Array.of(9) })
    for await (const tsdu of connection) {
      expect(tsdu).toEqual(Uint8Array.of(9))
      break
    }
    expect(seen).toEqual(['out 09 e0 00', 'in 09 d0 00', 'out 02 f0 80', 'in 02 f0 80'])
  })
})

test('a peer that gives up before our user has answered, and one that is lost then, read as such', () => {
  const text = (reason?: number) =>
    disconnected({ type: 'T-DISCONNECT.indication', by: 'peer', ...(reason === undefined ? {} : { reason }) }, true)
  expect(text(0).message).toBe('the peer gave up the connection it asked for: not specified (DR reason 0)')
  expect(text().message).toContain('instead of answering')
})

test('a DR after the connection was open is a goodbye, before it a refusal', () => {
  const cause = new RefusedError('cotp', 'COTP_REFUSED', 'refused', { by: 'peer', reason: 128 })
  expect(disconnected({ type: 'T-DISCONNECT.indication', by: 'peer', reason: 128, cause }, true)).toBe(cause)
  expect(disconnected({ type: 'T-DISCONNECT.indication', by: 'peer', reason: 128 }, false)).toMatchObject({
    name: 'ReleasedError',
    message: expect.stringContaining('normal disconnect'),
  })
})
