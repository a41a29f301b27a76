import { type ConnectChannelOptions, connectChannel, type ListenChannelOptions, listenChannel, type TcpListener } from '@x/core/node'
import { proposedContexts } from './edge/requestor.js'
import { timeoutsOf } from './edge/timeouts.js'
import { type AssociateOptions, type Association, AssociationServer, associateOver, type CloseOptions, type ServerOptions } from './open.js'

/**
 * Opens a network connection and an association on it.
 *
 * ```ts
 * await using association = await associate({ host: '192.0.2.7', applicationContext: '1.3.9999.1', contexts: ['1.3.9999.2'] })
 * ```
 * @throws RefusedError naming the layer, who refused and why; TimeoutError, DisconnectedError, AbortedError, UsageError, the signal's reason
 */
export async function associate(options: Omit<ConnectChannelOptions, 'timeout'> & AssociateOptions): Promise<Association> {
  // What cannot be proposed is told before anything is connected.
  proposedContexts(options.contexts)
  const timeout = timeoutsOf('requestor', options.timeouts).connect ?? Number.POSITIVE_INFINITY
  return associateOver(await connectChannel({ ...options, timeout }), options)
}

/** Milliseconds for a release and the closing after it, unless their timeouts are set much higher. */
const LONGER_THAN_A_RELEASE = 30_000

export interface ListenOptions extends ListenChannelOptions, ServerOptions {}

/** A server of associations with a port of its own. */
export class ListeningServer extends AssociationServer {
  #listener: TcpListener | undefined

  /** @internal */
  async listen(options: ListenOptions): Promise<this> {
    // Whoever gets no association has been told why, and so have the listeners.
    this.#listener = await listenChannel(options, channel => void this.accept(channel).catch(() => {}))
    return this
  }

  /** The port in use, for `port: 0`. */
  get port(): number {
    return this.#listener!.port
  }

  get address(): string {
    return this.#listener!.address
  }

  /** Stops listening, too. */
  override async close(options: CloseOptions = {}): Promise<void> {
    const { mode = 'release', timeout = 10_000 } = options
    // The associations end by their own timeouts; the sockets are not taken from under them meanwhile.
    const patience = (mode === 'drain' ? timeout : 0) + LONGER_THAN_A_RELEASE
    const stopped = this.#listener?.close(mode === 'abort' ? { mode } : { mode: 'drain', timeout: patience })
    await super.close(options)
    await stopped
  }
}

/** Listens and serves associations. @throws RefusedError when the port cannot be had */
export function listen(options: ListenOptions): Promise<ListeningServer> {
  return new ListeningServer(options).listen(options)
}
