import { X509Certificate } from 'node:crypto'
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

/** The certificates of a peer, its own first. */
export type PeerChain = readonly X509Certificate[]

/**
 * The certificate of the peer and those of the issuers between it and the authority, without the authority itself; empty when it has shown none.
 * Of a resumed session a server gets only the first, and a client nothing: it keeps what the full handshake brought.
 */
export function chainOf(socket: TLSSocket): PeerChain {
  // Not getPeerX509Certificate: where that has been called, the issuers are not told any more.
  const chain: X509Certificate[] = []
  let link = socket.getPeerCertificate(true)
  // The last issuer is its own; the length is bounded by what OpenSSL takes as a chain.
  while (link?.raw !== undefined && (chain.length === 0 || link.issuerCertificate !== link)) {
    chain.push(new X509Certificate(link.raw))
    if (link.issuerCertificate === link) break
    link = link.issuerCertificate
  }
  return chain
}

/** What the handshake of this socket has brought to light. */
export function presentedBy(
  socket: TLSSocket,
  role: Presented['role'],
  serverName: string | undefined,
  [certificate, ...intermediates] = chainOf(socket),
): Presented {
  return {
    role,
    certificate,
    intermediates,
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
