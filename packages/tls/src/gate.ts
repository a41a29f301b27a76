import { createHash, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { type ChannelSecurity, UsageError } from '@x/core'
import { type Finding, subjectText } from './events.js'
import type { Pem, SecureOptions } from './options.js'
import type { RevocationLists } from './revocation.js'
import { curves } from './suites.js'
import { type CertificateFields, readCertificate, signatureKind } from './x509.js'

/** IEC 62351-3, as our notes have it. */
export const MAX_CERTIFICATE_OCTETS = 8192
export const MIN_RSA_BITS = 2048

/** What a handshake has brought to light. */
export interface Presented {
  /** What this side is. */
  readonly role: 'client' | 'server'
  readonly certificate: X509Certificate | undefined
  /** The issuers between it and the authority, as far as they are known. */
  readonly intermediates: readonly X509Certificate[]
  /** Whether there are no others between. */
  readonly complete: boolean
  /** Whether OpenSSL found a valid chain to an authority in `ca`, for this purpose. */
  readonly chained: boolean
  /** Its reason when not, such as `CERT_HAS_EXPIRED`. */
  readonly chainError: string | undefined
  /** Whose certificate it must be; undefined: anybody's. */
  readonly serverName: string | undefined
}

export type Verdict =
  | {
      readonly allow: true
      readonly certificate: X509Certificate
      readonly presented: Presented
      readonly authorizedBy: ChannelSecurity['authorizedBy']
      /** The chain, for looking it up in later lists. */
      readonly chain: readonly CertificateFields[]
      readonly warnings: readonly Finding[]
    }
  | { readonly allow: false; readonly finding: Finding }

/** Extended key usages. RFC 5280, 4.2.1.12. */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'

/** What is asked of peers, from the options. */
export class Policy {
  readonly chain: boolean
  readonly known: ReadonlySet<string> | undefined
  readonly subjects: ReadonlySet<string> | undefined
  readonly onExpiredCrl: 'warn' | 'refuse'
  readonly onMissingCrl: 'warn' | 'refuse'

  /** @throws UsageError `TLS_TRUST`: nobody would be trusted, or everybody; a fingerprint is none */
  constructor(options: SecureOptions) {
    this.chain = listOf(options.ca).length > 0
    this.known = options.knownCertificates && new Set(options.knownCertificates.map(fingerprint))
    if (!this.chain && this.known === undefined) {
      throw new UsageError('tls', 'TLS_TRUST', 'expected ca or knownCertificates, found neither: it must be said who is trusted')
    }
    this.subjects = options.subjects && new Set(options.subjects)
    this.onExpiredCrl = options.onExpiredCrl ?? 'warn'
    this.onMissingCrl = options.onMissingCrl ?? 'warn'
  }
}

/**
 * The gate: whether a peer may be heard. Everything is asked here and nowhere else, anew for each handshake, whatever OpenSSL has
 * asked already: it tells only one of several reasons, and resumed sessions it does not ask about at all.
 *
 * A certificate that is revoked is refused as such, however many other faults it has.
 */
export function decide(presented: Presented, policy: Policy, lists: RevocationLists, now: number): Verdict {
  const { certificate } = presented
  if (certificate === undefined) return refuse('certificate.missing', 'the peer has shown no certificate')
  const subject = certificate.subject
  const links = [certificate, ...presented.intermediates]
  for (const link of links) {
    if (link.raw.length > MAX_CERTIFICATE_OCTETS) {
      const seen = `expected a certificate of at most ${MAX_CERTIFICATE_OCTETS} octets, found one of ${link.raw.length}`
      return refuse('certificate.too-large', seen, subject)
    }
  }
  const chain = links.map(link => readCertificate(link.raw))
  const warnings: Finding[] = []
  const finding =
    revoked(chain, presented.complete, policy, lists, now, warnings) ??
    unknown(certificate, policy) ??
    links.map(weak).find(found => found !== undefined) ??
    links.map(link => outdated(link, now)).find(found => found !== undefined) ??
    misused(certificate, presented.role) ??
    unchained(presented, policy) ??
    misnamed(certificate, presented.serverName) ??
    unwanted(certificate, policy)
  if (finding) return { allow: false, finding: { subject, ...finding } }
  const authorizedBy = policy.known === undefined ? 'chain' : policy.chain ? 'chain and fingerprint' : 'fingerprint'
  return { allow: true, certificate, presented, authorizedBy, chain, warnings: warnings.map(warning => ({ subject, ...warning })) }
}

function refuse(id: Finding['id'], seen: string, subject?: string): Verdict {
  return { allow: false, finding: { id, seen, subject } }
}

function revoked(
  chain: readonly CertificateFields[],
  complete: boolean,
  policy: Policy,
  lists: RevocationLists,
  now: number,
  warnings: Finding[],
): Finding | undefined {
  if (lists.size === 0) return undefined
  const statuses = chain.map(link => lists.status(link, now))
  if (statuses.includes('revoked')) {
    const which = statuses[0] === 'revoked' ? 'its certificate' : 'an authority between its certificate and ours'
    return { id: 'certificate.revoked', seen: `${which} is revoked` }
  }
  const doubts: Finding[] = []
  if (statuses.includes('good by an expired list')) {
    const finding: Finding = { id: 'crl.expired', seen: 'the revocation list of the authority has expired' }
    if (policy.onExpiredCrl === 'refuse') return finding
    doubts.push(finding)
  }
  if (statuses.includes('no list') || !complete) {
    const seen = complete
      ? 'there is no revocation list of the authority'
      : 'an authority between its certificate and a root is not in ca, so it cannot be looked up'
    const finding: Finding = { id: 'crl.missing', seen }
    if (policy.onMissingCrl === 'refuse') return finding
    doubts.push(finding)
  }
  warnings.push(...doubts)
  return undefined
}

function unknown(certificate: X509Certificate, { known }: Policy): Finding | undefined {
  if (known === undefined || known.has(fingerprint(certificate.raw))) return undefined
  return { id: 'certificate.unknown', seen: `its certificate ${certificate.fingerprint256} is none of knownCertificates` }
}

function weak(certificate: X509Certificate): Finding | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey
  if (type === 'rsa' || type === 'rsa-pss') {
    const bits = details?.modulusLength ?? 0
    if (bits < MIN_RSA_BITS) return { id: 'certificate.weak-key', seen: `expected RSA of at least ${MIN_RSA_BITS} bits, found ${bits}` }
  } else if (type === 'ec') {
    const curve = details?.namedCurve ?? 'an unnamed one'
    if (!curves.includes(curve))
      return { id: 'certificate.weak-curve', seen: `expected one of the curves ${curves.join(', ')}, found ${curve}` }
  } else return { id: 'certificate.weak-key', seen: `expected a key for RSA or an elliptic curve, found ${type ?? 'another'}` }
  const { strong, name } = signatureKind(readCertificate(certificate.raw).signatureAlgorithm)
  return strong ? undefined : { id: 'certificate.weak-signature', seen: `expected a signature with SHA-256 or better, found ${name}` }
}

function outdated({ validFrom, validTo }: X509Certificate, now: number): Finding | undefined {
  if (now > Date.parse(validTo)) return { id: 'certificate.expired', seen: `its certificate has expired on ${validTo}` }
  // Not the opposite comparison: a date that is none must refuse.
  if (now >= Date.parse(validFrom) && now <= Date.parse(validTo)) return undefined
  return { id: 'certificate.not-yet-valid', seen: `its certificate is not valid before ${validFrom}` }
}

function misused({ keyUsage }: X509Certificate, role: Presented['role']): Finding | undefined {
  const needed = role === 'server' ? CLIENT_AUTH : SERVER_AUTH
  if (keyUsage === undefined || keyUsage.includes(needed)) return undefined
  const what = role === 'server' ? 'clients' : 'servers'
  return { id: 'certificate.wrong-purpose', seen: `its certificate is not for ${what}` }
}

/** Why OpenSSL found no chain, where that is more exact than that there is none. */
const chainFaults: Readonly<Record<string, Finding['id']>> = {
  CERT_HAS_EXPIRED: 'certificate.expired',
  CERT_NOT_YET_VALID: 'certificate.not-yet-valid',
  INVALID_PURPOSE: 'certificate.wrong-purpose',
  EE_KEY_TOO_SMALL: 'certificate.weak-key',
  CA_KEY_TOO_SMALL: 'certificate.weak-key',
  CA_MD_TOO_WEAK: 'certificate.weak-signature',
}

function unchained({ chained, chainError }: Presented, policy: Policy): Finding | undefined {
  if (!policy.chain || chained) return undefined
  const code = chainError ?? 'UNSPECIFIED'
  return {
    id: chainFaults[code] ?? 'certificate.untrusted',
    seen: `its certificate has no valid chain to an authority in ca (${code})`,
    code,
  }
}

function misnamed(certificate: X509Certificate, serverName: string | undefined): Finding | undefined {
  if (serverName === undefined) return undefined
  const has = isIP(serverName) ? certificate.checkIP(serverName) : certificate.checkHost(serverName)
  if (has !== undefined) return undefined
  const names = certificate.subjectAltName ?? 'none'
  return { id: 'certificate.wrong-host', seen: `expected a certificate for ${serverName}, found names: ${names.slice(0, 200)}` }
}

function unwanted(certificate: X509Certificate, { subjects }: Policy): Finding | undefined {
  const subject = subjectText(certificate.subject)
  if (subjects === undefined || subjects.has(subject)) return undefined
  return { id: 'certificate.wrong-subject', seen: `its subject ${subject} is none of subjects` }
}

/** One or several, as a list. */
export function listOf<T extends string | Uint8Array>(some: T | readonly T[] | undefined): readonly T[] {
  if (some === undefined) return []
  return typeof some === 'string' || some instanceof Uint8Array ? [some] : some
}

const HEX_256 = /^[0-9a-f]{64}$/

/** SHA-256 of a certificate, from the certificate or from what is that already. @throws UsageError `TLS_TRUST` */
export function fingerprint(known: Pem): string {
  const digits = typeof known === 'string' ? known.replaceAll(/[:\s]/g, '').toLowerCase() : ''
  if (HEX_256.test(digits)) return digits
  try {
    return createHash('sha256').update(new X509Certificate(known).raw).digest('hex')
  } catch (cause) {
    throw new UsageError('tls', 'TLS_TRUST', 'knownCertificates: expected 64 hexadecimal digits or a certificate, found neither', '', {
      cause,
    })
  }
}
