import type { ConnectionOptions } from '@x/core/async'
import { type ConnectChannelOptions, connectChannel, type ListenChannelOptions, serveTcp, type TcpListener } from '@x/core/node'
import { acceptPresentation, openPresentation, type PresentationConnection, type PresentationStackOptions } from './open.js'
import type { PConnectConfirm, PConnectIndication, PConnectRequest, PConnectResponse } from './service.js'

/**
 * Opens a TCP connection and a presentation connection on it.
 *
 * @throws RefusedError, TimeoutError, DisconnectedError, AbortedError, the signal's reason
 */
export async function connect(
  options: ConnectChannelOptions & ConnectionOptions & PresentationStackOptions & { readonly request: Omit<PConnectRequest, 'type'> },
): Promise<{ connection: PresentationConnection; confirm: PConnectConfirm }> {
  return openPresentation(await connectChannel(options), options.request, options)
}

export interface ListenOptions extends ListenChannelOptions, PresentationStackOptions {
  /** The answer to each request to connect. @default accepts with the provider's context results */
  readonly decide?: (indication: PConnectIndication) => PConnectResponse | Promise<PConnectResponse>
}

/** Listens on TCP and hands each presentation connection to `handle`. @throws RefusedError when the port cannot be had */
export function listen(
  options: ListenOptions,
  handle: (connection: PresentationConnection, indication: PConnectIndication) => unknown,
): Promise<TcpListener> {
  return serveTcp(
    options,
    async channel => {
      const { connection, indication } = await acceptPresentation(channel, options, options.decide)
      return [connection, indication] as const
    },
    handle,
  )
}
