import { type ConnectChannelOptions, connectChannel, type ListenChannelOptions, serveTcp, type TcpListener } from '@x/core/node'
import { acceptSession, type OpenSessionOptions, openSession, type SessionConnection, type SessionStackOptions } from './open.js'
import type { SConnectConfirm, SConnectIndication, SConnectResponse } from './service.js'

/**
 * Opens a TCP connection and a session on it.
 *
 * @throws RefusedError, TimeoutError, DisconnectedError, AbortedError, the signal's reason
 */
export async function connect(options: ConnectChannelOptions & OpenSessionOptions): Promise<SessionConnection<SConnectConfirm>> {
  return openSession(await connectChannel(options), options)
}

export interface ListenOptions extends ListenChannelOptions, SessionStackOptions {
  /** The answer to each request to connect. @default accepts */
  readonly decide?: (indication: SConnectIndication) => SConnectResponse | Promise<SConnectResponse>
}

/** Listens on TCP and hands each session to `handle`. @throws RefusedError when the port cannot be had */
export function listen(
  options: ListenOptions,
  handle: (connection: SessionConnection<SConnectIndication>) => unknown,
): Promise<TcpListener> {
  return serveTcp(options, async channel => [await acceptSession(channel, options, options.decide)], handle)
}
