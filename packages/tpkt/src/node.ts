import type { ConnectionOptions } from '@x/core/async'
import { type ConnectChannelOptions, connectChannel, type ListenChannelOptions, serveTcp, type TcpListener } from '@x/core/node'
import type { TpktOptions } from './machine.js'
import { type NetworkConnection, openNetwork } from './open.js'

/** Opens a TCP connection that carries TPKTs. @throws RefusedError, TimeoutError, the signal's reason */
export async function connect(options: ConnectChannelOptions & ConnectionOptions & TpktOptions): Promise<NetworkConnection> {
  return openNetwork(await connectChannel(options), options)
}

/** Listens on TCP and hands each connection to `handle`. @throws RefusedError when the port cannot be had */
export function listen(
  options: ListenChannelOptions & TpktOptions,
  handle: (connection: NetworkConnection) => unknown,
): Promise<TcpListener> {
  return serveTcp(options, async channel => [openNetwork(channel, options)], handle)
}
