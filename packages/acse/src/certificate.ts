import type { PeerCertificate } from '@x/core'
import type { AuthenticationMechanism, ProofContext, Verification } from './authentication.js'
import type { ApplicationEntity, AuthenticationValue } from './service.js'

/** A proof that stands on a certificate, as `verify` of {@link certificateMechanism} sees it. */
export interface CertificateProof {
  readonly value: AuthenticationValue
  /** The titles that the peer calls itself by. */
  readonly peer: ApplicationEntity
  /** The certificate that the peer has proved to own to the secure channel below; undefined over a plain one. */
  readonly certificate: PeerCertificate | undefined
  readonly context: ProofContext
}

/** Options of {@link certificateMechanism}. */
export interface CertificateOptions {
  /** Dotted object identifier that both sides have agreed on; X.227 has none for certificates. */
  readonly mechanismName: string
  /** The judgement; may take time, may throw (which is a no). */
  readonly verify: (proof: CertificateProof) => Verification | PromiseLike<Verification>
  /** What this side proves itself with; may take time. @default it sends no value */
  readonly prove?: (own: ApplicationEntity, context: ProofContext) => AuthenticationValue | PromiseLike<AuthenticationValue>
  /** A peer without a certificate at the channel below is refused before `verify` is asked. @default false */
  readonly requireSecureChannel?: boolean
}

/**
 * A mechanism whose proof stands on certificates: a signed token in the value, the certificate of the TLS connection below, or both.
 * The cryptography is that of `verify`; names, limits and the outcome are those of every mechanism.
 */
export function certificateMechanism(options: CertificateOptions): AuthenticationMechanism {
  const { mechanismName, requireSecureChannel = false } = options
  return {
    mechanismName,
    prove(own, context = {}) {
      const value = options.prove?.(own, context)
      if (value === undefined) return { mechanismName }
      if (!('then' in value)) return { mechanismName, authenticationValue: value }
      return value.then(authenticationValue => ({ mechanismName, authenticationValue }))
    },
    verify(value, peer, context = {}) {
      const certificate = context.security?.peerCertificate
      if (requireSecureChannel && certificate === undefined) return false
      return options.verify({ value, peer, certificate, context })
    },
  }
}
