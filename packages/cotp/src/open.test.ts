import { hex, RefusedError } from '@x/core'
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

  test('C-08: a refusal says who refused and why, on both sides', async () => {
    const refused: unknown[] = []
    const options = { ...loopback, port: 0, transport: { accept: () => 3 as const }, onRefused: (error: unknown) => refused.push(error) }
    await using listener = await listen(options, () => {})
    await expect(connect({ ...loopback, port: listener.port })).rejects.toMatchObject({
      name: 'RefusedError',
      layer: 'cotp',
      by: 'peer provider',
      reason: 3,
      message: 'refused by the peer provider at transport: address unknown (DR reason 3)',
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
    await expect(connect({ ...loopback, port: closing.port })).rejects.toMatchObject({ layer: 'cotp' })
    await using silent = await listenTcp({ ...loopback, port: 0 }, () => {})
    await expect(connect({ ...loopback, port: silent.port, timeout: 50 })).rejects.toMatchObject({
      name: 'TimeoutError',
      message: 'not established within 50 ms: transport is in WFCC',
    })
  })
})

test('a DR after the connection was open is a goodbye, before it a refusal', () => {
  const cause = new RefusedError('cotp', 'COTP_REFUSED', 'refused', { by: 'peer', reason: 128 })
  expect(disconnected({ type: 'T-DISCONNECT.indication', by: 'peer', reason: 128, cause }, true)).toBe(cause)
  expect(disconnected({ type: 'T-DISCONNECT.indication', by: 'peer', reason: 128 }, false)).toMatchObject({
    name: 'ReleasedError',
    message: expect.stringContaining('normal disconnect'),
  })
})
