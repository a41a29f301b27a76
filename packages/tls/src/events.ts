import { type By, DisconnectedError, RefusedError, type Timers } from '@x/core'

export type Severity = 'info' | 'warning' | 'alarm'

/**
 * Everything that is told of, with what to do about it, where there is something to do. The identities are ours: the catalogue of IEC 62351-14 has numbers for many of
 * these, and an application that must report those maps them.
 */
export const securityEvents = {
  'configuration.insecure': ['alarm', 'take allowInsecure out as soon as the peers allow it'],
  'handshake.not-tls': ['warning', 'check that both sides use TLS on this port: cleartext has port 102'],
  'handshake.version': ['warning', 'the older side must learn TLS 1.2'],
  'handshake.no-common-suite': ['warning', 'compare cipherSuites, and the kinds of key in the certificates, of both sides'],
  'handshake.timeout': ['warning', 'the peer is silent, slow, or not there to speak TLS'],
  'handshake.closed': ['warning', 'the peer may not speak TLS here, or may refuse this side: see its log'],
  'handshake.refused-by-peer': ['warning', 'the log of the peer says what it did not like'],
  'handshake.failed': ['warning', 'the cause is what OpenSSL said'],
  'certificate.missing': ['alarm', 'give the peer a certificate and its key'],
  'certificate.too-large': ['alarm', 'issue a certificate of at most 8192 octets'],
  'certificate.unreadable': ['alarm', 'issue the certificate anew'],
  'certificate.revoked': ['alarm', 'issue a new certificate if the peer is to be trusted again'],
  'certificate.unknown': ['alarm', 'add its fingerprint to knownCertificates if the peer is to be trusted'],
  'certificate.untrusted': ['alarm', 'add the authority that issued it to ca, or its intermediate to what the peer sends'],
  'certificate.expired': ['alarm', 'renew the certificate, and check the clocks of both sides'],
  'certificate.not-yet-valid': ['alarm', 'check the clocks of both sides'],
  'certificate.weak-key': ['alarm', 'issue a certificate with RSA of 2048 bits or more, or with an elliptic curve'],
  'certificate.weak-curve': ['alarm', 'issue a certificate for P-256 or a larger or Brainpool curve'],
  'certificate.weak-signature': ['alarm', 'have it signed with SHA-256 or better'],
  'certificate.wrong-purpose': ['alarm', 'issue a certificate with the extended key usage that its role needs'],
  'certificate.wrong-host': ['alarm', 'put the name into the certificate, or name the expected one with serverName'],
  'certificate.wrong-subject': ['alarm', 'add the subject to subjects if the peer is to be trusted'],
  'certificate.not-authorized': ['alarm', 'the authorize hook of this side decided so'],
  'gate.failed': ['alarm', 'the authorize hook failed; look for its error'],
  'gate.timeout': ['alarm', 'the authorize hook must answer within handshakeTimeout'],
  'crl.expired': ['warning', 'fetch a new revocation list and pass it to updateCrl'],
  'crl.missing': ['warning', 'pass the revocation list of this authority as crl or to updateCrl'],
  'crl.updated': ['info', ''],
  'crl.not-taken': ['alarm', 'fetch the revocation list anew; the last good one stays in force'],
  'credentials.replaced': ['info', ''],
  'session.revoked': ['alarm', 'issue a new certificate if the peer is to be trusted again'],
  'session.renegotiated': ['info', ''],
  'session.renegotiation-flood': ['alarm', 'the peer behaves as an attacker would'],
  'session.renegotiation-failed': ['warning', 'the peer must take part in renegotiation, or speak TLS 1.3'],
  'session.peer-changed': ['alarm', 'the peer showed another certificate than it began with'],
  'session.renewal-due': ['info', 'associate anew before endAfter: TLS 1.3 has no renegotiation'],
  'session.too-old': ['warning', 'associate anew in time, at session.renewal-due'],
  'session.failed': ['warning', 'the cause is what OpenSSL said'],
} as const satisfies Record<string, readonly [Severity, string]>

export type SecurityEventId = keyof typeof securityEvents

export interface SecurityEvent {
  readonly id: SecurityEventId
  readonly severity: Severity
  /** Counts all events of this transport, also those that were not told. */
  readonly sequence: number
  readonly time: Date
  /** What was seen, and what to do. Control characters are escaped. */
  readonly text: string
  /** Address and port of the peer; empty where the event is of no peer. */
  readonly peer: string
  /** Subject of its certificate, where it showed one. */
  readonly subject?: string
  /** What OpenSSL or Node called it. */
  readonly cause?: string
  /** Events of this identity that were not told since the last that was. */
  readonly suppressed: number
}

/** Something seen that is told of, and may be why a connection is refused. */
export interface Finding {
  readonly id: SecurityEventId
  readonly seen: string
  readonly subject?: string | undefined
  readonly error?: unknown
  readonly code?: string | undefined
}

/** Told of one identity in one minute; more are only counted. */
export const EVENTS_PER_MINUTE = 60
const MINUTE = 60_000

interface Tally {
  count: number
  told: number
  suppressed: number
  since: number
}

/** Tells of findings, not more than a log can take, and counts them all. */
export class EventLog {
  readonly #hear: ((event: SecurityEvent) => void) | undefined
  readonly #timers: Timers
  readonly #tallies = new Map<SecurityEventId, Tally>()
  #sequence = 0

  constructor(timers: Timers, hear?: (event: SecurityEvent) => void) {
    this.#timers = timers
    this.#hear = hear
  }

  /** How often each identity has occurred; exact. */
  get counts(): Partial<Record<SecurityEventId, number>> {
    return Object.fromEntries([...this.#tallies].map(([id, { count }]) => [id, count]))
  }

  report(finding: Finding, peer = ''): void {
    this.#sequence += 1
    const now = this.#timers.now ?? 0
    const tally = this.#tallies.get(finding.id) ?? { count: 0, told: 0, suppressed: 0, since: now }
    this.#tallies.set(finding.id, tally)
    tally.count += 1
    if (now - tally.since >= MINUTE) Object.assign(tally, { told: 0, since: now })
    if (tally.told >= EVENTS_PER_MINUTE) {
      tally.suppressed += 1
      return
    }
    tally.told += 1
    const { suppressed } = tally
    tally.suppressed = 0
    const [severity, advice] = securityEvents[finding.id]
    const cause = finding.code ?? codeOf(finding.error)
    try {
      this.#hear?.({
        id: finding.id,
        severity,
        sequence: this.#sequence,
        time: new Date(),
        text: escapeControls(advice === '' ? finding.seen : `${finding.seen}; ${advice}`),
        peer,
        ...(finding.subject === undefined ? {} : { subject: subjectText(finding.subject) }),
        ...(cause === undefined ? {} : { cause: escapeControls(cause) }),
        suppressed,
      })
    } catch {
      // A log that fails changes no decision.
    }
  }
}

/** Identity of the errors that a finding makes, such as `TLS_CERTIFICATE_REVOKED`. */
export function codeFor(id: SecurityEventId): string {
  return `TLS_${id.replaceAll(/[.-]/g, '_').toUpperCase()}`
}

/** Why a channel does not come about. */
export function refusal(finding: Finding, remote: string): RefusedError {
  return new RefusedError('tls', codeFor(finding.id), sentence(finding, remote), { by: byOf(finding), cause: finding.error })
}

/** Why a channel ends. */
export function ending(finding: Finding, remote: string): DisconnectedError {
  return new DisconnectedError('tls', codeFor(finding.id), sentence(finding, remote), { by: 'local provider', cause: finding.error })
}

function sentence({ id, seen }: Finding, remote: string): string {
  return escapeControls(`TLS with ${remote}: ${seen}; ${securityEvents[id][1]}`)
}

function byOf({ id }: Finding): By {
  return id === 'handshake.refused-by-peer' || id === 'handshake.closed' ? 'peer provider' : 'local provider'
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : undefined
}

/** A distinguished name on one line, of a length that a log can take. */
export function subjectText(subject: string): string {
  return escapeControls(subject.replaceAll('\n', ', ')).slice(0, 256)
}

/** Nobody writes lines of his own, or commands to a terminal, into a log. */
export function escapeControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, char => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
