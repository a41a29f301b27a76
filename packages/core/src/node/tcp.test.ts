import { connect as netConnect } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { Channel, OsiError } from '../index.js'
import { connectTcp, listenTcp } from './index.js'

async function pair() {
  let arrived!: (channel: Channel) => void
  const arriving = new Promise<Channel>(resolve => {
    arrived = resolve
  })
  const listener = await listenTcp({ port: 0, host: '127.0.0.1' }, channel => arrived(channel))
  const client = await connectTcp({ host: '127.0.0.1', port: listener.port })
  return { listener, client, server: await arriving }
}

const received = (channel: Channel) => {
  const chunks: Uint8Array[] = []
  const ended = new Promise<OsiError | undefined>(resolve => {
    channel.onEnd = resolve
  })
  channel.onData = chunk => chunks.push(chunk)
  return { chunks, ended, text: () => Buffer.concat(chunks).toString() }
}

describe('TCP', () => {
  test('what is written in one turn leaves as one write, in order', async () => {
    const { listener, client, server } = await pair()
    const there = received(server)
    for (const text of ['one ', 'two ', 'three']) client.write(Buffer.from(text))
    expect(client.pending).toBe(13)
    client.end()
    expect(await there.ended).toBeUndefined()
    expect(there.text()).toBe('one two three')
    expect(there.chunks).toHaveLength(1)
    await listener.close()
  })

  test('an end is seen once on each side, and nothing goes out after it', async () => {
    const { listener, client, server } = await pair()
    const here = received(client)
    const there = received(server)
    server.end()
    expect(await here.ended).toBeUndefined()
    expect(await there.ended).toBeUndefined()
    expect(client.write(Buffer.from('late'))).toBe(true)
    await listener.close()
    await expect.poll(() => listener.connections).toBe(0)
  })

  test('a full channel says so, pauses and drains', async () => {
    const { listener, client, server } = await pair()
    server.pause()
    const there = received(server)
    let full = 0
    while (client.write(new Uint8Array(100_000))) full += 1
    expect(full).toBeLessThan(100)
    const drained = new Promise<void>(resolve => {
      client.onDrain = resolve
    })
    server.resume()
    await drained
    client.destroy()
    await there.ended
    await listener.close()
  })

  test('a reset is an end with a cause', async () => {
    const { listener, client, server } = await pair()
    const there = received(server)
    client.write(Buffer.from('x'))
    await new Promise(resolve => setTimeout(resolve, 20))
    const raw = netConnect(listener.port, '127.0.0.1')
    await new Promise(resolve => raw.once('connect', resolve))
    raw.resetAndDestroy()
    client.destroy()
    await there.ended
    await listener.close({ mode: 'abort' })
    expect(there.text()).toBe('x')
  })
})
