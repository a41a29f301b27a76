import type { X509Certificate } from 'node:crypto'
import type { Channel, Timers } from '@x/core'
import type { SecurityEvent } from './events.js'
import type { CipherSuiteName } from './suites.js'

/** PEM or DER. */
export type Pem = string | Uint8Array

/** Who this side is. */
export interface Credentials {
  /** PEM: the certificate, with those of intermediate authorities behind it. */
  readonly certificate: Pem
  /** PEM: the private key of the certificate. */
  readonly key: Pem
  /** Of the key, when it is encrypted. */
  readonly passphrase?: string
}

/** The peer, for a decision about it. */
export interface AuthenticatedPeer {
  readonly certificate: X509Certificate
  /** Address and port. */
  readonly remote: string
  /** What this side is. */
  readonly role: 'client' | 'server'
}

/** Who is trusted, what is offered and who is told. One of `ca` and `knownCertificates` is needed; with both, both must be content. */
export interface SecureOptions extends Credentials {
  /**
   * PEM: root authorities whose certificates are accepted; the authorities that Node brings are never used. Intermediate ones here help to
   * find the way to a root, and are needed to look them up in revocation lists where Node does not tell what the peer sent (servers of Node 24).
   */
  readonly ca?: Pem | readonly Pem[]
  /** SHA-256 fingerprints (hexadecimal, with or without colons) or PEM of the only certificates that are accepted. */
  readonly knownCertificates?: readonly Pem[]
  /** Subjects that are accepted, such as `CN=station, O=Example`, in the order of the certificate. @default any */
  readonly subjects?: readonly string[]
  /**
   * Name or address that the server's certificate must have; `false`: it need not. For the client.
   * @default the host that is connected to; `false` with `knownCertificates`
   */
  readonly serverName?: string | false
  /** Has the last word on a peer that everything else accepts. Only `true` accepts; an error, or no answer in time, does not. */
  readonly authorize?: (peer: AuthenticatedPeer) => boolean | Promise<boolean>

  /** PEM or DER of revocation lists, signed by authorities in `ca`. @default none, and nothing is known to be revoked */
  readonly crl?: Pem | readonly Pem[]
  /** A certificate that an expired list does not name. What a list names is revoked however old the list. @default 'warn' */
  readonly onExpiredCrl?: 'warn' | 'refuse'
  /** A certificate of an authority without a list, or below one that is not known, when there are lists. @default 'warn' */
  readonly onMissingCrl?: 'warn' | 'refuse'

  /** Names from `cipherSuites`. @default `defaultCipherSuites` */
  readonly cipherSuites?: readonly CipherSuiteName[]
  /** @default 'TLSv1.3'. The lowest is TLS 1.2. */
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3'
  /** Below the profile, for peers that cannot be changed; told as an alarm. @default nothing */
  readonly allowInsecure?: { readonly minVersion: 'TLSv1' | 'TLSv1.1' }
  /** Session resumption: for how many seconds after a full handshake, at most 86 400; never across a change of lists or credentials. @default false */
  readonly resumption?: false | { readonly lifetime: number }

  /** For the handshake and the decision about the peer, in milliseconds. @default 10_000 */
  readonly handshakeTimeout?: number
  /** Handshakes under way at once, as the side that listens; more wait, within their time. @default 64 */
  readonly maxHandshakes?: number
  /**
   * Milliseconds after which the keys are renewed: on TLS 1.2 by renegotiation. TLS 1.3 of Node cannot: there `onRenewalDue` is called, and
   * who associates anew has new keys. 15 minutes to a day. @default 82_800_000, that is 23 h
   */
  readonly renewAfter?: number
  /** Milliseconds after which a channel of TLS 1.3 is ended. Up to a day. @default 86_400_000, that is 24 h */
  readonly endAfter?: number
  readonly onRenewalDue?: (channel: Channel) => void

  /** Told of each refusal and of all else in `securityEvents`; of one identity at most 60 times a minute. Never of keys. */
  readonly onSecurityEvent?: (event: SecurityEvent) => void
  /** @default the timers of the platform */
  readonly timers?: Timers
}
