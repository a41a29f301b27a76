import { X509Certificate } from 'node:crypto'
import type { SecureContextOptions, TLSSocket } from 'node:tls'
import { type Channel, type ChannelSecurity, UsageError } from '@x/core'
import { systemTimers } from '@x/core/async'
import {
  type ChannelTransport,
  type ConnectTcpOptions,
  ISO_TSAP_TLS_PORT,
  type ListenTcpOptions,
  type SocketOptions,
  socketChannel,
  type TcpListener,
} from '@x/core/node'
import type { Admission, Admitted, PeerChain } from './admit.js'
import { connectSecure } from './connect.js'
import { contextOptions } from './context.js'
import { EventLog, type SecurityEventId } from './events.js'
import { connectionFailure } from './failures.js'
import { decide, listOf, Policy } from './gate.js'
import { listenSecure } from './listen.js'
import type { Credentials, Pem, SecureOptions } from './options.js'
import { RevocationLists } from './revocation.js'
import { Session, type SessionOptions } from './sessions.js'

/** TLS with one set of credentials and one idea of whom to trust; opens and accepts any number of channels. */
export interface SecureTransport extends ChannelTransport {
  /**
   * Opens a TCP connection, makes it secure, and asks the gate about the server.
   * @param options `port` is 3782 by default
   * @throws RefusedError, layer `tls`, with the identity of the security event in `code`; those of `connectTcp`; the signal's reason
   */
  connect(options: ConnectTcpOptions): Promise<Channel>
  /** Listens; only peers that have passed the gate become channels. @param options `port` is 3782 by default @throws RefusedError */
  listen(options: ListenTcpOptions, onChannel: (channel: Channel) => void): Promise<TcpListener>
  /**
   * New revocation lists, of one authority or several. Open channels whose peers they name end at once, and no session is resumed any more.
   * @throws UsageError `TLS_CRL`: all stays as it was
   */
  updateCrl(lists: Pem | readonly Pem[]): void
  /** A renewed certificate, for channels to come; open ones stay. @throws UsageError `TLS_CREDENTIALS`: all stays as it was */
  setCredentials(credentials: Credentials): void
  /** Channels open now. */
  readonly channels: ReadonlySet<Channel>
  /** How often each security event has occurred; exact. */
  readonly counts: Partial<Record<SecurityEventId, number>>
}

/**
 * A transport for `connect` and `listen` of every layer.
 *
 * ```ts
 * const over = secureTransport({ certificate, key, ca })
 * const mms = await connect({ host: '192.0.2.7', over })
 * ```
 * @throws UsageError `TLS_TRUST`, `TLS_CREDENTIALS`, `TLS_CRL`, `TLS_SUITE`, `TLS_RESUMPTION`, `TLS_OPTION`
 */
export function secureTransport(options: SecureOptions): SecureTransport {
  const transport = new Transport(options)
  // Not the transport itself: whoever prints this object prints no key.
  return {
    connect: where => connectSecure(transport, { port: ISO_TSAP_TLS_PORT, ...where }),
    listen: (where, onChannel) => listenSecure(transport, { port: ISO_TSAP_TLS_PORT, ...where }, onChannel),
    updateCrl: lists => transport.updateCrl(lists),
    setCredentials: credentials => transport.setCredentials(credentials),
    get channels() {
      return transport.channels
    },
    get counts() {
      return transport.events.counts
    },
  }
}

/** Who listens is told when credentials or lists have changed. */
export type OnContext = (context: SecureContextOptions) => void

/** A session that may be resumed. */
export interface Resumable {
  readonly session: Buffer
  /** Milliseconds since 1970. */
  readonly until: number
  /** What the peer has shown in the full handshake. */
  readonly chain: PeerChain
}

/** What connecting and listening need of the transport. */
export class Transport {
  readonly options: SecureOptions
  readonly events: EventLog
  readonly admission: Admission
  /** Those of `ca`. */
  readonly authorities: readonly X509Certificate[]
  readonly handshakeTimeout: number
  readonly maxHandshakes: number
  readonly onContext = new Set<OnContext>()
  /** Of the client: sessions to resume, by host and port. */
  readonly resumable = new Map<string, Resumable>()
  context: SecureContextOptions
  /** Changes when no session from before may be resumed any more. */
  epoch = 0
  readonly #lists: RevocationLists
  readonly #sessions = new Map<Channel, Session>()
  readonly #sessionOptions: SessionOptions

  constructor(options: SecureOptions) {
    const { timers = systemTimers, renewAfter = 82_800_000, endAfter = DAY } = options
    const { handshakeTimeout = 10_000, maxHandshakes = 64 } = options
    checkRange('renewAfter', renewAfter, MIN_RENEW_AFTER, DAY)
    checkRange('endAfter', endAfter, renewAfter, DAY)
    checkRange('handshakeTimeout', handshakeTimeout, 1, 600_000)
    checkRange('maxHandshakes', maxHandshakes, 1, 65_536)
    this.options = options
    this.events = new EventLog(timers, options.onSecurityEvent)
    this.handshakeTimeout = handshakeTimeout
    this.maxHandshakes = maxHandshakes
    this.#sessionOptions = { events: this.events, timers, renewAfter, endAfter, onRenewalDue: options.onRenewalDue }
    const policy = new Policy(options)
    this.context = contextOptions(options, options)
    this.authorities = listOf(options.ca).flatMap(certificatesIn)
    this.#lists = new RevocationLists(this.authorities)
    this.#lists.add(listOf(options.crl))
    this.admission = { policy, lists: this.#lists, authorize: options.authorize, events: this.events }
    if (options.allowInsecure !== undefined) {
      this.events.report({ id: 'configuration.insecure', seen: `versions from ${options.allowInsecure.minVersion} on are allowed` })
    }
  }

  get channels(): ReadonlySet<Channel> {
    return new Set(this.#sessions.keys())
  }

  updateCrl(lists: Pem | readonly Pem[]): void {
    try {
      this.#lists.add(listOf(lists))
    } catch (error) {
      this.events.report({ id: 'crl.not-taken', seen: error instanceof Error ? error.message : 'the revocation list was not taken', error })
      throw error
    }
    this.events.report({ id: 'crl.updated', seen: 'revocation lists have been updated' })
    this.forgetSessions()
    for (const session of [...this.#sessions.values()]) session.look(this.#lists)
  }

  setCredentials(credentials: Credentials): void {
    this.context = contextOptions(this.options, credentials)
    this.forgetSessions()
    this.events.report({ id: 'credentials.replaced', seen: 'the credentials of this side have been replaced' })
  }

  /** A new context has new keys for tickets, so that nobody resumes what was begun before. */
  forgetSessions(): void {
    this.epoch += 1
    this.resumable.clear()
    for (const use of this.onContext) use(this.context)
  }

  /** The socket of a peer that the gate has accepted, as a channel; nothing of what the peer says has been read before. */
  open(socket: TLSSocket, { certificate, authorizedBy, chain, presented }: Admitted, { keepAlive, noDelay }: SocketOptions): Channel {
    const { policy, lists } = this.admission
    const security: ChannelSecurity = {
      protocol: socket.getProtocol() ?? 'unknown',
      cipher: socket.getCipher().standardName,
      peerCertificate: certificate,
      authorizedBy,
      resumed: socket.isSessionReused(),
    }
    const channel: Channel = Object.assign(socketChannel(socket, keepAlive, connectionFailure), { security })
    if (noDelay === false) socket.setNoDelay(false)
    this.#sessions.set(
      channel,
      new Session(socket, channel, chain, () => decide(presented, policy, lists, Date.now()), this.#sessionOptions),
    )

    socket.on('close', () => this.#sessions.delete(channel))
    return channel
  }
}

const DAY = 86_400_000
/** Node counts renegotiations within ten minutes, also those of its own side, and takes a few of them for an attack. */
const MIN_RENEW_AFTER = 900_000

function checkRange(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return
  throw new UsageError('tls', 'TLS_OPTION', `${name}: expected ${least} to ${most}, found ${value}`)
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/** @throws UsageError `TLS_TRUST` */
function certificatesIn(pem: Pem): X509Certificate[] {
  try {
    const certificates = Buffer.from(pem).toString('latin1').match(PEM) ?? [pem]
    return certificates.map(certificate => new X509Certificate(certificate))
  } catch (cause) {
    throw new UsageError('tls', 'TLS_TRUST', 'ca: expected certificates in PEM, found something else', '', { cause })
  }
}
