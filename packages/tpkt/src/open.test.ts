import { hex, unhex } from '@x/core'
import { connectTcp } from '@x/core/node'
import { expect, test } from 'vitest'
import { connect, listen } from './node.js'

const loopback = { host: '127.0.0.1' } as const

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
  for await (const tpdu of connection) {
    expect(hex(tpdu)).toBe('02 f0 80 01')
    break
  }
  expect(connection.opened.state).toBe('CLOSED')
  await expect.poll(() => seen).toEqual(['02 f0 80 01', 'ReleasedError: the peer closed the network connection'])
})

test('RT-01: octets that are no TPKT end it at once, with what came', async () => {
  let tell!: (error: unknown) => void
  const told = new Promise<unknown>(resolve => {
    tell = resolve
  })
  await using listener = await listen({ ...loopback, port: 0 }, async connection => tell(await connection.ended))
  const socket = await connectTcp({ ...loopback, port: listener.port })
  socket.write(unhex('16 03 01 00 a5 01 00 00'))
  expect(await told).toMatchObject({ name: 'DisconnectedError', by: 'local provider', message: expect.stringContaining('TLS') })
  socket.destroy()
})
