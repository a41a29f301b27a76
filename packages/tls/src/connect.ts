import { isIP, type Socket } from 'node:net'
import { createSecureContext, type TLSSocket, connect as tlsConnect } from 'node:tls'
import type { Channel } from '@x/core'
import { type ConnectTcpOptions, connectSocket, hostAndPort } from '@x/core/node'
import { admit, chainOf, type PeerChain, presentedBy } from './admit.js'
import { type Finding, refusal } from './events.js'
import { handshakeFailure } from './failures.js'
import type { Transport } from './transport.js'

/** Where to, with the port settled. */
export type SecurePeer = ConnectTcpOptions & { readonly port: number }

export function connectSecure(transport: Transport, options: SecurePeer): Promise<Channel> {
  return connectSocket(options, socket => handshake(transport, options, socket))
}

function handshake(transport: Transport, options: SecurePeer, raw: Socket): Promise<Channel> {
  const { handshakeTimeout, admission, events, authorities } = transport
  const { host, signal } = options
  const remote = hostAndPort(host, options.port)
  const wanted = transport.options.serverName ?? (admission.policy.known === undefined ? host : false)
  const earlier = transport.resumable.get(remote)
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({
      socket: raw,
      secureContext: createSecureContext(transport.context),
      // The gate decides, and can say why; see `decide`.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(isIP(host) ? {} : { servername: host }),
      ...(earlier !== undefined && earlier.until > Date.now() ? { session: earlier.session } : {}),
    })
    const keepSession = sessionKeeper(transport, remote, socket)
    let settled = false
    const settle = (): boolean => {
      if (settled) return false
      settled = true
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      return true
    }
    const fail = (error: unknown) => {
      if (!settle()) return
      socket.destroy()
      reject(error)
    }
    const refuse = (finding: Finding) => {
      if (settled) return
      events.report(finding, remote)
      fail(refusal(finding, remote))
    }
    const onAbort = () => fail(signal!.reason)
    const timer = setTimeout(() => refuse(tooSlow(handshakeTimeout, decided)), handshakeTimeout)
    let decided: 'handshake' | 'gate' = 'handshake'
    signal?.addEventListener('abort', onAbort, { once: true })
    socket.on('error', error => refuse(handshakeFailure(error)))
    socket.on('close', () => refuse({ id: 'handshake.closed', seen: 'the peer has closed the connection during the handshake' }))
    socket.once('secureConnect', async () => {
      decided = 'gate'
      let chain: PeerChain = { certificates: [], complete: false }
      const present = () => {
        chain = socket.isSessionReused() && earlier !== undefined ? earlier.chain : chainOf(socket, authorities)
        return presentedBy(socket, 'client', wanted === false ? undefined : wanted, chain)
      }
      const verdict = await admit(present, remote, admission)
      if (verdict.allow !== true) return refuse(verdict.finding)
      if (socket.destroyed || !settle()) return
      keepSession(chain)
      resolve(transport.open(socket, verdict, options))
    })
  })
}

export function tooSlow(timeout: number, at: 'handshake' | 'gate'): Finding {
  return at === 'gate'
    ? { id: 'gate.timeout', seen: `there was no decision about the peer within ${timeout} ms` }
    : { id: 'handshake.timeout', seen: `the handshake did not end within ${timeout} ms` }
}

/**
 * Keeps what the next connection may resume, once the gate has accepted the peer. The lifetime counts from the full handshake: a session
 * that was resumed is not kept anew.
 * @returns to be called when the gate has accepted
 */
function sessionKeeper(transport: Transport, remote: string, socket: TLSSocket): (chain: PeerChain) => void {
  const { resumption = false } = transport.options
  if (resumption === false) return () => {}
  const { epoch } = transport
  const until = Date.now() + resumption.lifetime * 1000
  let chain: PeerChain | undefined
  let held: Buffer | undefined
  const keep = () => {
    if (chain === undefined || held === undefined || socket.isSessionReused()) return
    if (transport.epoch === epoch) transport.resumable.set(remote, { session: held, until, chain })
  }
  socket.on('session', (session: Buffer) => {
    held = session
    keep()
  })
  return accepted => {
    chain = accepted
    keep()
  }
}
