import { whenAborted } from '@x/core/async'
import {
  type CloseOptions,
  type ConnectChannelOptions,
  connectChannel,
  type ListenChannelOptions,
  listenChannel,
  type TcpListener,
} from '@x/core/node'
import type { MmsClient } from './client/client.js'
import { ManagedClient, type ManagedOptions } from './client/managed.js'
import { type OpenMmsOptions, openMms } from './open.js'
import { MmsServer, type MmsServerOptions } from './server/server.js'

/**
 * Opens a TCP connection and an MMS association on it.
 *
 * ```ts
 * await using mms = await connect({ host: '192.0.2.7' })
 * console.log(await mms.identify())
 * ```
 * @throws RefusedError naming the layer, who refused and why; TimeoutError, DisconnectedError, AbortedError, the signal's reason
 */
export async function connect(options: ConnectChannelOptions & OpenMmsOptions): Promise<MmsClient> {
  return openMms(await connectChannel(options), options)
}

/**
 * A client that keeps connecting: over TCP, with a back-off, until it is closed. It has begun when this returns; `whenConnected` waits.
 *
 * ```ts
 * await using mms = connectManaged({ host: '192.0.2.7', managed: { restore: client => client.values.set('IED/enable', true) } })
 * ```
 */
export function connectManaged(
  options: ConnectChannelOptions & OpenMmsOptions & { readonly managed?: Omit<ManagedOptions, 'connect'> },
): ManagedClient {
  const { managed, signal: whole, ...connecting } = options
  const { timers } = options
  const managedClient = new ManagedClient({
    ...(timers === undefined ? {} : { timers }),
    ...managed,
    connect: signal => connect({ ...connecting, signal }),
  })
  if (whole !== undefined) whenAborted(whole, () => void managedClient.close())
  managedClient.open()
  if (whole?.aborted) void managedClient.close()
  return managedClient
}

/** A server that listens. */
export interface ListeningServer extends AsyncDisposable {
  readonly server: MmsServer
  readonly listener: TcpListener
  /** The port in use, for `port: 0`. */
  readonly port: number
  /**
   * Stops listening and ends every association in order, or at once with `abort`; resolves when all connections are gone. A second call
   * ends what is left at once.
   */
  close(how?: CloseOptions): Promise<void>
}

/** Listens on TCP and serves a model. @throws RefusedError when the port cannot be had; UsageError `MMS_MODEL`, `MMS_OPTION` */
export async function listen(options: MmsServerOptions & ListenChannelOptions): Promise<ListeningServer> {
  const server = new MmsServer(options)
  // A client that gets no association has been told why, and so has `onEnd`.
  const listener = await listenChannel(options, channel => void server.accept(channel).catch(() => {}))
  const close = async (how?: CloseOptions) => {
    const stopped = listener.close(how)
    await server.close()
    await stopped
  }
  return { server, listener, port: listener.port, close, [Symbol.asyncDispose]: () => close() }
}

export { type DirectoryStoreOptions, directoryStore } from './node/directory-store.js'
export { type JournalLog, type JournalLogOptions, journalLog } from './node/journal-log/journal-log.js'
export { JournalDamagedError } from './node/journal-log/segment.js'
export { openFile } from './node/local-file.js'
