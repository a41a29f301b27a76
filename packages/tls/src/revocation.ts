import { constants, verify, type X509Certificate } from 'node:crypto'
import { UsageError } from '@x/core'
import { type CertificateFields, type RevocationList, readCertificate, readRevocationList, signatureKind } from './x509.js'

/** What the lists say of one certificate. */
export type RevocationStatus = 'revoked' | 'good' | 'good by an expired list' | 'no list'

const PEM = /-----BEGIN (?:X509 )?CRL-----[^-]*-----END (?:X509 )?CRL-----/g

/** The last good revocation list of each authority, its signature checked. Old lists are kept: a certificate once revoked stays so. */
export class RevocationLists {
  readonly #authorities: readonly X509Certificate[]
  #byIssuer = new Map<string, RevocationList>()

  /** @param authorities whose lists are believed */
  constructor(authorities: readonly X509Certificate[]) {
    this.#authorities = authorities
  }

  get size(): number {
    return this.#byIssuer.size
  }

  /**
   * Takes all of the lists, or none. Authorities that are not among them keep their list.
   *
   * @param lists PEM, with one list or several, or DER
   * @throws UsageError `TLS_CRL`: not readable, not signed by an authority, older than the one that is held, or only part of a list
   */
  add(lists: readonly (string | Uint8Array)[]): void {
    const next = new Map(this.#byIssuer)
    for (const der of lists.flatMap(ders)) {
      const list = readable(der)
      this.#check(list, next.get(list.issuer))
      next.set(list.issuer, list)
    }
    this.#byIssuer = next
  }

  status({ issuer, serial }: CertificateFields, now: number): RevocationStatus {
    const list = this.#byIssuer.get(issuer)
    if (list === undefined) return 'no list'
    if (list.revoked.has(serial)) return 'revoked'
    return list.nextUpdate !== undefined && list.nextUpdate < now ? 'good by an expired list' : 'good'
  }

  #check(list: RevocationList, held: RevocationList | undefined): void {
    const issuers = this.#authorities.filter(authority => readCertificate(authority.raw).subject === list.issuer)
    if (issuers.length === 0) throw unusable('expected a list of one of the authorities in ca, found that of another')
    if (!issuers.some(issuer => isSigned(list, issuer))) throw unusable('expected a signature of its authority, found another')
    if (list.critical.length > 0) throw unusable(`expected a complete list, found one with critical extensions ${list.critical.join(', ')}`)
    if (Number.isNaN(list.thisUpdate) || Number.isNaN(list.nextUpdate)) throw unusable('expected times in UTC, found others')
    if (held && list.thisUpdate < held.thisUpdate) throw unusable('expected a list not older than the one that is held, found an older one')
  }
}

function isSigned(list: RevocationList, issuer: X509Certificate): boolean {
  const { hash, pss, strong } = signatureKind(list.signatureAlgorithm)
  if (!strong) return false
  const key = issuer.publicKey
  const how = pss ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO } : key
  return verify(hash, list.toBeSigned, how, list.signature)
}

function ders(list: string | Uint8Array): Uint8Array[] {
  const text = typeof list === 'string' ? list : list[0] === '-'.charCodeAt(0) ? Buffer.from(list).toString('latin1') : undefined
  if (text === undefined) return [list as Uint8Array]
  const found = text.match(PEM)
  if (found === null) throw unusable('expected PEM with X509 CRL, or DER, found other text')
  return found.map(pem => new Uint8Array(Buffer.from(pem.replaceAll(/-----[^-]*-----/g, ''), 'base64')))
}

function readable(der: Uint8Array): RevocationList {
  try {
    return readRevocationList(der)
  } catch (error) {
    throw unusable('it cannot be read', error)
  }
}

function unusable(message: string, cause?: unknown): UsageError {
  const why = cause instanceof Error ? `: ${cause.message}` : ''
  return new UsageError('tls', 'TLS_CRL', `the revocation list was not taken, the last good one stays: ${message}${why}`, '', { cause })
}
