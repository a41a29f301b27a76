import type { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import type { EventLog, Finding } from './events.js'
import { decide, type Policy, type Presented, type Verdict } from './gate.js'
import type { AuthenticatedPeer, SecureOptions } from './options.js'
import type { RevocationLists } from './revocation.js'

export interface Admission {
  readonly policy: Policy
  readonly lists: RevocationLists
  readonly authorize: SecureOptions['authorize']
  readonly events: EventLog
}

export type Admitted = Extract<Verdict, { allow: true }>

/** The certificates of a peer, its own first; none when it has shown none. */
export interface PeerChain {
  readonly certificates: readonly X509Certificate[]
  /** Whether they lead to a root authority, which is not one of them. */
  readonly complete: boolean
}

/** More issuers than anybody has. */
const MAX_ISSUERS = 8

/**
 * The certificate of the peer and those of the issuers between it and a root authority, out of what Node tells and of `authorities`. Which
 * issuers Node tells differs from version to version and with resumption; a server of Node 24 hears of none.
 */
export function chainOf(socket: TLSSocket, authorities: readonly X509Certificate[]): PeerChain {
  // Not getPeerCertificate: its objects are not made for every curve.
  const own = socket.getPeerX509Certificate()
  if (own === undefined) return { certificates: [], complete: false }
  const candidates: X509Certificate[] = []
  for (let told = own.issuerCertificate; told !== undefined && candidates.length < MAX_ISSUERS; told = told.issuerCertificate) {
    candidates.push(told)
  }
  candidates.push(...authorities)
  const certificates = [own]
  for (let link = own; certificates.length <= MAX_ISSUERS; ) {
    const issuer = candidates.find(candidate => link.checkIssued(candidate) && link.verify(candidate.publicKey))
    if (issuer === undefined) break
    if (issuer.checkIssued(issuer)) return { certificates, complete: true }
    certificates.push(issuer)
    link = issuer
  }
  return { certificates, complete: false }
}

/** What the handshake of this socket has brought to light. */
export function presentedBy(
  socket: TLSSocket,
  role: Presented['role'],
  serverName: string | undefined,
  { certificates: [certificate, ...intermediates], complete }: PeerChain,
): Presented {
  return {
    role,
    certificate,
    intermediates,
    complete,
    chained: socket.authorized === true,
    chainError: socket.authorizationError ? String(socket.authorizationError) : undefined,
    serverName,
  }
}

/**
 * Asks the gate, then the hook. Nothing but an explicit yes of both is a yes: an exception or a hook that answers something else is a no.
 * Who calls it has handed on no octet yet, and destroys the socket on anything but `allow`.
 */
export async function admit(present: () => Presented, remote: string, { policy, lists, authorize, events }: Admission): Promise<Verdict> {
  let presented: Presented
  let verdict: Verdict
  try {
    presented = present()
    verdict = decide(presented, policy, lists, Date.now())
  } catch (error) {
    return no({
      id: 'certificate.unreadable',
      seen: `its certificate cannot be read: ${error instanceof Error ? error.message : error}`,
      error,
    })
  }
  if (verdict.allow !== true) return verdict
  if (authorize !== undefined) {
    const { certificate } = verdict
    const subject = certificate.subject
    try {
      const peer: AuthenticatedPeer = { certificate, remote, role: presented.role }
      if ((await authorize(peer)) !== true) {
        return no({ id: 'certificate.not-authorized', seen: 'the authorize hook has not accepted the peer', subject })
      }
    } catch (error) {
      return no({ id: 'gate.failed', seen: 'the authorize hook has failed', subject, error })
    }
    // The hook may have taken its time, and a list may have come meanwhile.
    const again = decide(presented, policy, lists, Date.now())
    if (again.allow !== true) return again
  }
  for (const warning of verdict.warnings) events.report(warning, remote)
  return verdict
}

function no(finding: Finding): Verdict {
  return { allow: false, finding }
}
