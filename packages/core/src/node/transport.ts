import type { Channel } from '../channel.js'
import { type ConnectTcpOptions, connectTcp } from './connect.js'
import { type ListenTcpOptions, listenTcp, type TcpListener } from './listener.js'

/** How channels come about: plain TCP, TLS (`secureTransport` of `@x/tls`), or anything else that connects and listens. */
export interface ChannelTransport {
  /** @throws RefusedError, TimeoutError, the signal's reason */
  connect(options: ConnectTcpOptions): Promise<Channel>
  /** @throws RefusedError when the port cannot be had */
  listen(options: ListenTcpOptions, onChannel: (channel: Channel) => void): Promise<TcpListener>
}

export interface ConnectChannelOptions extends ConnectTcpOptions {
  /** What carries the octets, with its own default port. @default TCP, port 102 */
  readonly over?: ChannelTransport
}

export interface ListenChannelOptions extends ListenTcpOptions {
  /** What carries the octets, with its own default port. @default TCP, port 102 */
  readonly over?: ChannelTransport
}

const tcp: ChannelTransport = { connect: connectTcp, listen: listenTcp }

/** Opens a channel over what the options name. @throws as `connect` of the transport */
export function connectChannel(options: ConnectChannelOptions): Promise<Channel> {
  return (options.over ?? tcp).connect(options)
}

/** Listens over what the options name. @throws RefusedError when the port cannot be had */
export function listenChannel(options: ListenChannelOptions, onChannel: (channel: Channel) => void): Promise<TcpListener> {
  return (options.over ?? tcp).listen(options, onChannel)
}
