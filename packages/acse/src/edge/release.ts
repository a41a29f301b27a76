import { RefusedError, ReleasedError, TimeoutError, UsageError } from '@x/core'
import { isThenable } from '@x/core/async'
import { defined } from '../defined.js'
import type { AReleaseConfirm, AReleaseIndication, AReleaseRequest, AReleaseResponse, AssociationInformation } from '../service.js'
import type { Association } from './association.js'

export interface ReleaseOptions {
  /** Release-request-reason: 0 normal, 1 urgent, 30 user-defined. @default 0 */
  readonly reason?: number
  readonly userInformation?: readonly AssociationInformation[]
  /** For this release, in milliseconds. @default `timeouts.release` */
  readonly timeout?: number
  /** Aborts the association: a release that was sent cannot be taken back. */
  readonly signal?: AbortSignal
}

/** What the peer said to a release. */
export interface ReleaseResult {
  /** Release-response-reason: 0 normal, 1 not finished, 30 user-defined; the result decided all the same. X.227, 7.2.3.4. */
  readonly reason?: number
  readonly userInformation: readonly AssociationInformation[]
}

export interface ReleaseAnswer {
  /** Release-response-reason. @default 0 when affirmative, 1 (not finished) when negative */
  readonly reason?: number
  readonly userInformation?: readonly AssociationInformation[]
}

/** Asked before the peer's release is answered. What it throws, and silence until `timeouts.release`, count as affirmative. */
export type OnRelease = (release: IncomingRelease) => unknown

/** The peer's wish to release, to be answered once. */
export class IncomingRelease {
  readonly association: Association
  /** Release-request-reason. */
  readonly reason: number | undefined
  readonly userInformation: readonly AssociationInformation[]
  readonly #answer: (response: AReleaseResponse) => void
  #answered = false

  constructor(association: Association, { reason, userInformation }: AReleaseIndication, answer: (response: AReleaseResponse) => void) {
    this.association = association
    this.reason = reason
    this.userInformation = userInformation
    this.#answer = answer
  }

  get answered(): boolean {
    return this.#answered || this.association.state === 'closed'
  }

  /** Releases. @throws UsageError `ACSE_ANSWERED` */
  accept(answer: ReleaseAnswer = {}): void {
    this.#respond('affirmative', { reason: 0, ...answer })
  }

  /** The association goes on. @throws UsageError `ACSE_ANSWERED`, or `STATE` when negotiated release is not in force: then it still waits */
  refuse(answer: ReleaseAnswer = {}): void {
    this.#respond('negative', { reason: 1, ...answer })
  }

  /** Ends the association at once instead. */
  abort(): void {
    this.#answered = true
    void this.association.abort()
  }

  #respond(result: AReleaseResponse['result'], answer: ReleaseAnswer): void {
    if (this.association.state === 'closed') return
    if (this.#answered) throw new UsageError('acse', 'ACSE_ANSWERED', 'this release has been answered already', this.association.state)
    this.#answered = true
    try {
      this.#answer({ type: 'A-RELEASE.response', result, ...answer })
    } catch (error) {
      this.#answered = false
      throw error
    }
  }
}

/** X.227, 7.2: the release of one association, both directions, and both at once. */
export class ReleaseProcedure {
  readonly #association: Association
  readonly #hook: OnRelease | undefined
  /** This side has asked. */
  #pending: Promise<ReleaseResult> | undefined
  #settle: { resolve(result: ReleaseResult): void; reject(error: unknown): void } | undefined
  /** The peer has asked, too, and it is not this side's turn to answer: X.227, 7.2.3.5. */
  #owed = false
  #incoming: IncomingRelease | undefined

  constructor(association: Association, hook: OnRelease | undefined) {
    this.#association = association
    this.#hook = hook
  }

  get state(): 'none' | 'releasing' | 'release-requested' {
    if (this.#pending) return 'releasing'
    return this.#incoming ? 'release-requested' : 'none'
  }

  /** Resolves with the confirm. @throws RefusedError `ACSE_RELEASE_REFUSED`; how it ended otherwise */
  request(options: ReleaseOptions): Promise<ReleaseResult> {
    if (this.#pending) return this.#pending
    const association = this.#association
    const { reason = 0, userInformation, timeout } = options
    const promise = new Promise<ReleaseResult>((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    this.#pending = promise
    if (timeout !== undefined) association.setTimeouts({ release: timeout })
    association.clock.start('release', () => {
      const text = `the peer did not answer the release within ${association.timeouts.release} ms`
      association.end(new TimeoutError('acse', 'RELEASE_TIMEOUT', text, { by: 'local provider' }))
    })
    try {
      association.machine.submit(defined<AReleaseRequest>({ type: 'A-RELEASE.request', reason, userInformation }))
    } catch (error) {
      association.clock.stop('release')
      this.#pending = this.#settle = undefined
      throw error
    }
    // Data may stand in the way of the answer; the reader gets it all the same.
    association.connection.holdMore(HELD_DURING_RELEASE)
    return promise
  }

  confirmed(confirm: AReleaseConfirm): void {
    const association = this.#association
    association.clock.stop('release')
    if (confirm.result === 'negative') {
      this.#pending = undefined
      const text = 'the peer refused the release: the association goes on'
      const why = { by: 'peer', answered: confirm, ...(confirm.reason !== undefined && { reason: confirm.reason }) } as const
      return this.#settle?.reject(new RefusedError('acse', 'ACSE_RELEASE_REFUSED', text, why))
    }
    if (this.#owed) association.machine.submit({ type: 'A-RELEASE.response', result: 'affirmative', reason: 0 })
    this.#settle?.resolve(resultOf(confirm))
    association.finish(new ReleasedError('acse', 'RELEASED', 'released by this side', { by: 'user', answered: confirm }))
  }

  indicated(indication: AReleaseIndication): void {
    const association = this.#association
    association.emit('releaseRequested', { association, reason: indication.reason })
    if (association.state === 'closed') return
    if (this.#pending) {
      // Neither can be refused any more; the initiator answers first.
      if (association.role === 'acceptor') this.#owed = true
      else association.machine.submit({ type: 'A-RELEASE.response', result: 'affirmative', reason: 0 })
      return
    }
    const incoming = new IncomingRelease(association, indication, response => this.#respond(response, indication))
    this.#incoming = incoming
    if (!this.#hook) return incoming.accept()
    const hook = this.#hook
    const settle = () => incoming.answered || incoming.accept()
    association.clock.start('release', settle)
    association.guard('onRelease', () => {
      try {
        const result = hook(incoming)
        if (!isThenable(result)) return
        return result.then(undefined, error => {
          settle()
          throw error
        })
      } catch (error) {
        settle()
        throw error
      }
    })
  }

  /** The association is over. */
  ended(error: unknown): void {
    this.#settle?.reject(error)
    this.#pending = this.#settle = this.#incoming = undefined
  }

  #respond(response: AReleaseResponse, indication: AReleaseIndication): void {
    const association = this.#association
    association.machine.submit(response)
    association.clock.stop('release')
    this.#incoming = undefined
    if (response.result === 'negative') return
    association.finish(new ReleasedError('acse', 'RELEASED', 'released by the peer', { by: 'peer', answered: indication }))
  }
}

/** Deliveries kept beyond `queueLimit` while this side waits for the answer to its release. */
const HELD_DURING_RELEASE = 1_024

/** What the peer said when an association was released. */
export function resultOf({ reason, userInformation }: AReleaseConfirm | AReleaseIndication): ReleaseResult {
  return defined<ReleaseResult>({ reason, userInformation })
}
