import type { ConnectionOptions } from '@x/core/async'
import { type ConnectChannelOptions, connectChannel, type ListenChannelOptions, serveTcp, type TcpListener } from '@x/core/node'
import { type AssociationConnection, type AssociationStackOptions, acceptAssociation, openAssociation } from './open.js'
import type { AAssociateConfirm, AAssociateIndication, AAssociateRequest, AAssociateResponse } from './service.js'

/**
 * Opens a TCP connection and an association on it.
 *
 * @throws RefusedError, TimeoutError, DisconnectedError, AbortedError, the signal's reason
 */
export async function connect(
  options: ConnectChannelOptions & ConnectionOptions & AssociationStackOptions & { readonly request: Omit<AAssociateRequest, 'type'> },
): Promise<{ connection: AssociationConnection; confirm: AAssociateConfirm }> {
  return openAssociation(await connectChannel(options), options.request, options)
}

export interface ListenOptions extends ListenChannelOptions, AssociationStackOptions {
  /** The answer to each request to associate. @default accepts */
  readonly decide?: (indication: AAssociateIndication) => AAssociateResponse | Promise<AAssociateResponse>
}

/** Listens on TCP and hands each association to `handle`. @throws RefusedError when the port cannot be had */
export function listen(
  options: ListenOptions,
  handle: (connection: AssociationConnection, indication: AAssociateIndication) => unknown,
): Promise<TcpListener> {
  const opened = new WeakMap<AssociationConnection, AAssociateIndication>()
  return serveTcp(
    options,
    async channel => {
      const { connection, indication } = await acceptAssociation(channel, options, options.decide)
      opened.set(connection, indication)
      return connection
    },
    connection => handle(connection, opened.get(connection)!),
  )
}
