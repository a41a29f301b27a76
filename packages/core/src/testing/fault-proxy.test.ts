import { createServer, connect as netConnect, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { joinedChannels } from './channels.js'
import { FaultProxy, type LinkFaults } from './fault-proxy.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A client, the proxy, and the server's socket. */
async function linked(faults: LinkFaults = {}) {
  const server = createServer({ allowHalfOpen: true })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const arriving = new Promise<Socket>(resolve => server.once('connection', resolve))
  const proxy = await FaultProxy.listen({ port: (server.address() as { port: number }).port }, faults)
  const client = netConnect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true })
  const there = await arriving
  const errors: string[] = []
  for (const socket of [client, there]) socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code ?? ''))
  const heard: string[] = []
  there.on('data', chunk => heard.push(chunk.toString()))
  const link = proxy.links[0]!
  return { proxy, link, client, there, heard, errors, [Symbol.asyncDispose]: () => proxy.close() }
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const over = (socket: Socket) => new Promise(resolve => socket.once('end', resolve))

test('octets go through, both ways, in pieces and late', async () => {
  await using all = await linked({ chunk: 1, delay: 5 })
  const before = performance.now()
  all.client.end('abcdef')
  await over(all.there)
  expect(all.heard.join('')).toBe('abcdef')
  expect(all.heard.length).toBeGreaterThan(1)
  expect(performance.now() - before).toBeGreaterThan(25)
  const back = over(all.client.resume())
  all.there.end('answer')
  await back
  expect(all.link.sent).toEqual({ client: 6, server: 6 })
})

test('an end goes through one way, and the other way stays', async () => {
  await using all = await linked()
  all.client.end('question')
  await over(all.there)
  const answer: string[] = []
  all.client.on('data', chunk => answer.push(chunk.toString()))
  const back = over(all.client)
  all.there.end('answer')
  await back
  expect(answer).toEqual(['answer'])
})

test('a side that is stopped comes to a halt and goes on', async () => {
  await using all = await linked()
  all.link.stop('client')
  all.client.write('held')
  await pause(30)
  expect(all.heard).toEqual([])
  all.link.resume()
  await expect.poll(() => all.heard).toEqual(['held'])
})

test('what is lost never arrives, though TCP has taken it', async () => {
  await using all = await linked()
  all.link.lose()
  all.client.end('gone')
  await expect.poll(() => all.link.sent.client).toBe(4)
  await pause(30)
  expect(all.heard).toEqual([])
  expect(all.client.destroyed).toBe(false)
})

test('a FIN to one side only', async () => {
  await using all = await linked()
  const ended = over(all.client.resume())
  all.link.halfClose('client')
  await ended
  all.client.write('still')
  await expect.poll(() => all.heard).toEqual(['still'])
})

test('a reset of both sides', async () => {
  await using all = await linked()
  all.client.resume()
  all.link.reset()
  await all.link.closed
  await expect.poll(() => all.errors.sort()).toEqual(['ECONNRESET', 'ECONNRESET'])
})

test('channels in memory: after a cut nothing arrives, and nobody is told', () => {
  const { a, b } = joinedChannels()
  const heard: unknown[] = []
  b.onData = octets => heard.push(octets)
  b.onEnd = () => heard.push('end')
  a.cut()
  a.write(Uint8Array.of(1))
  a.destroy()
  b.resume()
  expect(heard).toEqual([])
})
