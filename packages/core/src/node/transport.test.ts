import { expect, test } from 'vitest'
import { joinedChannels } from '../testing/index.js'
import { type ChannelTransport, connectChannel, connectTcp, listenChannel, listenTcp } from './index.js'

test('a transport of the user carries the channel, with the options of the call', async () => {
  const { a } = joinedChannels()
  const asked: unknown[] = []
  const over: ChannelTransport = {
    connect: async options => {
      asked.push(options.host)
      return a
    },
    listen: async (options, onChannel) => {
      asked.push(options.host)
      return listenTcp({ ...options, port: 0 }, onChannel)
    },
  }
  expect(await connectChannel({ host: 'there', over })).toBe(a)
  await using listener = await listenChannel({ host: '127.0.0.1', over }, channel => channel.end())
  const channel = await connectTcp({ host: '127.0.0.1', port: listener.port })
  await new Promise<void>(resolve => {
    channel.onEnd = () => resolve()
  })
  expect(asked).toEqual(['there', '127.0.0.1'])
})
