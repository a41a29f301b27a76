import { type Channel, keepCount } from '../channel.js'
import { type TcpListener, tellRefused } from './listener.js'
import { type ListenChannelOptions, listenChannel } from './transport.js'

/**
 * Listens, lets a layer accept each connection, and hands what it made to `handle`.
 * A client that is refused, by the listener or by the layer, or that is lost on the way, is told to `onRefused` and otherwise leaves no
 * trace. What `handle` throws ends that connection only. Draining ends each connection in order, all at the same time.
 * @param accept resolves with the connection, and with what else `handle` should know
 */
export async function serveTcp<C extends AsyncDisposable, Also extends readonly unknown[] = []>(
  options: ListenChannelOptions,
  accept: (channel: Channel) => Promise<readonly [C, ...Also]>,
  handle: (connection: C, ...also: Also) => unknown,
): Promise<TcpListener> {
  const open = new Map<Channel, C>()
  const keeper = { lost: (channel: Channel) => void open.delete(channel) }
  const listener = await listenChannel(options, async channel => {
    try {
      const [connection, ...also] = await accept(channel)
      if (!channel.ended) {
        open.set(channel, connection)
        keepCount(channel, keeper)
      }
      try {
        await handle(connection, ...also)
      } catch (error) {
        tellRefused(options.onRefused, () => error, channel.remote)
        await connection[Symbol.asyncDispose]()
      }
    } catch (error) {
      tellRefused(options.onRefused, () => error, channel.remote)
    }
  })
  const { close } = listener
  listener.close = how => {
    const closed = close(how)
    if (how?.mode !== 'abort') for (const connection of open.values()) void connection[Symbol.asyncDispose]()
    return closed
  }
  return listener
}
