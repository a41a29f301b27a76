import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Channel } from '../index.js'
import { connectTcp, listenTcp } from './index.js'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

/** Two channels over TCP, both of them ours. */
async function pair(): Promise<{ calling: Channel; called: Channel }> {
  let arrived: (channel: Channel) => void = () => {}
  const arriving = new Promise<Channel>(resolve => {
    arrived = resolve
  })
  const listener = await listenTcp({ port: 0, host: '127.0.0.1' }, channel => arrived(channel))
  cleanups.push(() => listener.close({ mode: 'abort' }))
  const calling = await connectTcp({ port: listener.port, host: '127.0.0.1' })
  return { calling, called: await arriving }
}

/** What comes, chunk by chunk, as it was handed over. */
function heard(channel: Channel): Uint8Array[] {
  const chunks: Uint8Array[] = []
  channel.onData = octets => chunks.push(octets)
  return chunks
}

describe('what sockets read into', () => {
  test.each(['called', 'calling'] as const)(
    'goal 15: the %s side that needs octets for a moment only is lent the buffer of all sockets',
    async side => {
      const ends = await pair()
      const [reader, writer] = side === 'called' ? [ends.called, ends.calling] : [ends.calling, ends.called]
      reader.lends = true
      const chunks = heard(reader)
      for (const octet of [1, 2]) {
        writer.write(Uint8Array.of(octet))
        await expect.poll(() => chunks.length).toBe(octet)
        expect([...chunks.at(-1)!]).toEqual([octet])
      }
      expect(chunks[0]!.buffer).toBe(chunks[1]!.buffer)
      expect(chunks[0]!.buffer.byteLength).toBe(65_536)
      // Written over by the second: this is what being lent means.
      expect([...chunks[0]!]).toEqual([2])
    },
  )

  test.each(['called', 'calling'] as const)('octets that come to the %s side stay as they are unless it takes them as lent', async side => {
    const ends = await pair()
    const [reader, writer] = side === 'called' ? [ends.called, ends.calling] : [ends.calling, ends.called]
    const chunks = heard(reader)
    for (const octet of [1, 2]) {
      writer.write(Uint8Array.of(octet))
      await expect.poll(() => chunks.length).toBe(octet)
    }
    expect(chunks.map(chunk => [...chunk])).toEqual([[1], [2]])
    expect(chunks.map(chunk => chunk.buffer.byteLength)).toEqual([1, 1])
  })

  test('sockets that read in turn hear each their own', async () => {
    const pairs = await Promise.all([pair(), pair(), pair()])
    const texts = pairs.map(() => '')
    pairs.forEach(({ called }, i) => {
      called.lends = true
      called.onData = octets => {
        texts[i] += Buffer.from(octets).toString()
      }
    })
    for (let round = 0; round < 20; round++) {
      pairs.forEach(({ calling }, i) => void calling.write(Buffer.from(`${i}${i}`)))
      await new Promise(resolve => setImmediate(resolve))
    }
    await expect.poll(() => texts.map(text => text.length)).toEqual([40, 40, 40])
    expect(texts).toEqual(['0'.repeat(40), '1'.repeat(40), '2'.repeat(40)])
  })

  test('a channel that is paused hears nothing, and everything in order after that', async () => {
    const { calling, called } = await pair()
    called.lends = true
    let text = ''
    called.onData = octets => {
      text += Buffer.from(octets).toString()
    }
    calling.write(Buffer.from('a'))
    await expect.poll(() => text).toBe('a')
    called.pause()
    calling.write(Buffer.from('b'))
    await new Promise(resolve => setTimeout(resolve, 30))
    expect(text).toBe('a')
    called.resume()
    await expect.poll(() => text).toBe('ab')
    calling.write(Buffer.from('c'))
    const ended = new Promise<void>(resolve => {
      called.onEnd = () => resolve()
    })
    calling.end()
    await ended
    expect(text).toBe('abc')
  })

  test('without that member of Node a socket is read as ever', async () => {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    cleanups.push(() => server.close())
    const arriving = new Promise<Socket>(resolve => server.once('connection', resolve))
    const { port } = server.address() as AddressInfo
    const channel = await connectTcp({ port, host: '127.0.0.1' })
    const peer = await arriving
    const handle = Object.getPrototypeOf((peer as unknown as { _handle: object })._handle) as { useUserBuffer?: unknown }
    const { useUserBuffer } = handle
    handle.useUserBuffer = undefined
    cleanups.push(() => {
      handle.useUserBuffer = useUserBuffer
    })
    channel.lends = true
    const listened = vi.fn()
    channel.onData = octets => listened(Buffer.from(octets).toString(), octets.buffer.byteLength)
    peer.write('plain')
    await expect.poll(() => listened.mock.calls).toEqual([['plain', 5]])
    channel.destroy()
  })
})
