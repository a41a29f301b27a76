import type { Channel } from '../channel.js'
import type { TcpListener } from './tcp.js'
import { type ListenChannelOptions, listenChannel } from './transport.js'

/** What happened to a client that got no connection of the layer; for a log. */
export type OnRefused = (error: unknown, remote: string) => void

/**
 * Listens, lets a layer accept each connection, and hands what it made to `handle`.
 * A client that the layer refuses, or that is lost on the way, is told to `onRefused` and otherwise leaves no trace.
 * What `handle` throws ends that connection only.
 */
export function serveTcp<C extends AsyncDisposable>(
  options: ListenChannelOptions & { readonly onRefused?: OnRefused },
  accept: (channel: Channel) => Promise<C>,
  handle: (connection: C) => unknown,
): Promise<TcpListener> {
  return listenChannel(options, channel => {
    accept(channel).then(
      async connection => {
        try {
          await handle(connection)
        } catch (error) {
          options.onRefused?.(error, channel.remote)
          await connection[Symbol.asyncDispose]()
        }
      },
      error => options.onRefused?.(error, channel.remote),
    )
  })
}
