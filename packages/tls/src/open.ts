import type { Channel } from '@x/core'
import type { ConnectTcpOptions, ListenTcpOptions, TcpListener } from '@x/core/node'
import type { SecureOptions } from './options.js'
import { type SecureTransport, secureTransport } from './transport.js'

export interface ConnectTlsOptions extends ConnectTcpOptions, SecureOptions {}
export interface ListenTlsOptions extends ListenTcpOptions, SecureOptions {}

/** A listening port with its transport, for new revocation lists and credentials. */
export interface SecureListener extends TcpListener {
  readonly transport: SecureTransport
}

/**
 * Opens one secure channel. Who opens many, or must follow revocation lists, keeps a `secureTransport`.
 * @throws as `secureTransport` and `SecureTransport.connect`
 */
export async function connectTls(options: ConnectTlsOptions): Promise<Channel> {
  return secureTransport(options).connect(options)
}

/** Listens, and hands each secure channel whose peer has passed the gate to `onChannel`. @throws as `secureTransport`; RefusedError */
export async function listenTls(options: ListenTlsOptions, onChannel: (channel: Channel) => void): Promise<SecureListener> {
  const transport = secureTransport(options)
  return Object.assign(await transport.listen(options, onChannel), { transport })
}
