import type { TLSSocket } from 'node:tls'
import type { Channel, Timers } from '@x/core'
import { type EventLog, ending, type Finding } from './events.js'
import type { Verdict } from './gate.js'
import type { RevocationLists } from './revocation.js'
import type { CertificateFields } from './x509.js'

export interface SessionOptions {
  readonly events: EventLog
  readonly timers: Timers
  readonly renewAfter: number
  readonly endAfter: number
  readonly onRenewalDue: ((channel: Channel) => void) | undefined
}

/** Renegotiations that the peer may begin within the window. */
export const PEER_RENEGOTIATIONS = 3
const WINDOW = 600_000
/** For the peer to take part in a renegotiation of ours, in milliseconds. */
const RENEGOTIATION_TIMEOUT = 10_000

/** What is watched over a channel while it is open: its age, renegotiation, and that its peer stays trusted. */
export class Session {
  readonly channel: Channel
  readonly #socket: TLSSocket
  readonly #chain: readonly CertificateFields[]
  readonly #decideAgain: () => Verdict
  readonly #options: SessionOptions
  #stopTimer: (() => void) | undefined
  /** Moments of the renegotiations that the peer began. */
  #byPeer: number[] = []
  #renegotiating = false
  #over = false

  constructor(
    socket: TLSSocket,
    channel: Channel,
    chain: readonly CertificateFields[],
    decideAgain: () => Verdict,
    options: SessionOptions,
  ) {
    this.channel = channel
    this.#socket = socket
    this.#chain = chain
    this.#decideAgain = decideAgain
    this.#options = options
    socket.on('secure', () => this.#renegotiated())
    socket.on('error', error => this.#failed(error))
    socket.on('close', () => this.#finish())
    this.#after(options.renewAfter, () => this.#renew())
  }

  /** Ends the channel if the lists name its peer, or an authority above it. */
  look(lists: RevocationLists): void {
    if (!this.#chain.some(link => lists.status(link, 0) === 'revoked')) return
    this.#end({ id: 'session.revoked', seen: 'the certificate of the peer was revoked while it was connected' })
  }

  #after(delay: number, run: () => void): void {
    this.#stopTimer?.()
    this.#stopTimer = delay > 0 && !this.#over ? this.#options.timers.after(delay, run) : undefined
  }

  #renew(): void {
    const { events, renewAfter, endAfter, onRenewalDue } = this.#options
    if (this.#socket.getProtocol() === 'TLSv1.3') {
      events.report({ id: 'session.renewal-due', seen: 'the keys of this channel are to be renewed' }, this.channel.remote)
      this.#after(Math.max(1, endAfter - renewAfter), () => this.#end({ id: 'session.too-old', seen: 'the channel has reached its age' }))
      onRenewalDue?.(this.channel)
      return
    }
    this.#renegotiating = true
    this.#after(RENEGOTIATION_TIMEOUT, () => this.#end({ id: 'session.renegotiation-failed', seen: 'the peer did not renegotiate' }))
    this.#socket.renegotiate({}, error => {
      if (error) this.#end({ id: 'session.renegotiation-failed', seen: 'the renegotiation has failed', error })
    })
  }

  #renegotiated(): void {
    if (this.#over) return
    const { events, timers, renewAfter } = this.#options
    const finding = this.#changed()
    if (finding) return this.#end(finding)
    if (!this.#renegotiating) {
      const now = timers.now ?? 0
      this.#byPeer = [...this.#byPeer.filter(at => now - at < WINDOW), now]
      if (this.#byPeer.length > PEER_RENEGOTIATIONS) return this.#flooded()
    }
    this.#renegotiating = false
    events.report({ id: 'session.renegotiated', seen: 'the keys of this channel have been renewed' }, this.channel.remote)
    this.#after(renewAfter, () => this.#renew())
  }

  /** What speaks against the peer now that it has shown its certificate again. */
  #changed(): Finding | undefined {
    const verdict = this.#decideAgain()
    if (verdict.allow !== true) return verdict.finding
    const shown = this.#socket.getPeerX509Certificate()
    if (shown?.raw.equals(verdict.certificate.raw) === true) return undefined
    return { id: 'session.peer-changed', seen: 'the peer renegotiated with another certificate' }
  }

  #flooded(error?: Error): void {
    const seen = `the peer renegotiated more than ${PEER_RENEGOTIATIONS} times in ${WINDOW / 1000} s`
    this.#end({ id: 'session.renegotiation-flood', seen, ...(error ? { error } : {}) })
  }

  /** Node goes on after errors of TLS, also after the one that says that the peer attacks. */
  #failed(error: NodeJS.ErrnoException): void {
    if (this.#over) return
    if (error.code === 'ERR_TLS_SESSION_ATTACK') return this.#flooded(error)
    if (/^ERR_(SSL|TLS)_/.test(error.code ?? '')) {
      this.#options.events.report({ id: 'session.failed', seen: `the TLS connection failed (${error.code})`, error }, this.channel.remote)
    }
    this.#finish()
    this.#socket.destroy()
  }

  #end(finding: Finding): void {
    if (this.#over) return
    this.#finish()
    const { remote, security } = this.channel
    const subject = security?.peerCertificate.subject
    this.#options.events.report({ ...finding, subject }, remote)
    this.#socket.destroy(ending(finding, remote))
  }

  #finish(): void {
    this.#over = true
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }
}
