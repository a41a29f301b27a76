import { type ConnectChannelOptions, connectChannel, type ListenChannelOptions, serveTcp, type TcpListener } from '@x/core/node'
import { acceptTransport, type OpenTransportOptions, openTransport, type TransportConnection, type TransportStackOptions } from './open.js'
import type { TConnectConfirm, TConnectIndication, TransportSubmit } from './service.js'

/**
 * Opens a TCP connection and a transport connection on it.
 *
 * @throws RefusedError, TimeoutError, DisconnectedError, the signal's reason
 */
export async function connect(options: ConnectChannelOptions & OpenTransportOptions): Promise<TransportConnection<TConnectConfirm>> {
  return openTransport(await connectChannel(options), options)
}

export interface ListenOptions extends ListenChannelOptions, TransportStackOptions {
  /** The answer to each request to connect. @default accepts */
  readonly decide?: (indication: TConnectIndication) => TransportSubmit | Promise<TransportSubmit>
}

/** Listens on TCP and hands each transport connection to `handle`. @throws RefusedError when the port cannot be had */
export function listen(
  options: ListenOptions,
  handle: (connection: TransportConnection<TConnectIndication>) => unknown,
): Promise<TcpListener> {
  return serveTcp(options, async channel => [await acceptTransport(channel, options, options.decide)], handle)
}
