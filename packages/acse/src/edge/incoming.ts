import { AbortedError, RefusedError, UsageError } from '@x/core'
import type { PresentationContextResult } from '@x/iso-presentation'
import { describeDiagnostic } from '../codes.js'
import { defined } from '../defined.js'
import type {
  AAssociateIndication,
  AAssociateResponse,
  ApplicationEntity,
  AssociationInformation,
  Authentication,
  SessionConnectionIdentifier,
} from '../service.js'
import type { Association } from './association.js'
import type { AbortOptions } from './common.js'
import type { Peer } from './names.js'
import { checkRejection, type Rejection } from './rejection.js'

/** Yes, and with what. */
export interface Acceptance {
  /** @default the first proposed one that the policy has, else the proposed one */
  readonly applicationContextName?: string
  /** @default `entity` of the acceptor */
  readonly responding?: ApplicationEntity
  readonly userInformation?: readonly AssociationInformation[]
  /** @default what the mechanism that verified the peer answers, if anything */
  readonly authentication?: Authentication
  readonly implementationInformation?: string
  /** May refuse more than presentation has, never accept what it refused; the context of ACSE stays. @default as presentation has it */
  readonly contextResults?: readonly PresentationContextResult[]
  /** Functional units of session, as the bits of PI 20. */
  readonly sessionRequirements?: number
  readonly sessionConnectionIdentifier?: SessionConnectionIdentifier
}

/**
 * A peer that wants to associate and has passed the policy, to be answered once: with `accept`, `reject` or `abort`. An answer that cannot be
 * sent throws, and the peer still waits. Once the peer has gone an answer has no effect.
 */
export class IncomingAssociation {
  /** The authentication value can be read here, but it is not listed or printed. */
  readonly indication: AAssociateIndication
  readonly association: Association
  #defaults: Acceptance
  #answered = false

  /** @internal */
  constructor(association: Association, indication: AAssociateIndication, defaults: Acceptance) {
    this.association = association
    this.indication = indication
    this.#defaults = defaults
  }

  /** Network address, and the certificate if the channel is secure. */
  get peer(): Peer {
    return this.association.peer
  }

  /** Who the mechanism says that the peer is. */
  get identity(): unknown {
    return this.association.identity
  }

  /** @internal This side's proof, unless the answer has another. */
  respondWith(authentication: Authentication): void {
    this.#defaults = { ...this.#defaults, authentication }
  }

  /** No answer has an effect any more. */
  get answered(): boolean {
    return this.#answered || this.association.state === 'closed'
  }

  /** @throws UsageError `ACSE_ANSWERED`; EncodeError */
  accept(acceptance: Acceptance = {}): void {
    const { contextResults: presentationContextDefinitionResultList, ...rest } = { ...this.#defaults, ...acceptance }
    const { association } = this
    this.#once(() => {
      association.connection.respond(
        defined<AAssociateResponse>({ type: 'A-ASSOCIATE.response', result: 'accepted', presentationContextDefinitionResultList, ...rest }),
      )
      association.clock.stop('decision')
      association.emit('accepted', { association })
    })
  }

  /** @throws UsageError `ACSE_ANSWERED`, `ACSE_REJECTION`; EncodeError */
  reject(rejection: Rejection = {}): void {
    checkRejection(rejection)
    const { source: resultSource = 'acse-service-user', result = 'rejected-permanent', ...rest } = rejection
    const response = defined<AAssociateResponse>({ type: 'A-ASSOCIATE.response', result, resultSource, ...rest })
    this.#once(() => {
      this.association.connection.respond(response, rejected(response))
    })
  }

  /** With an ABRT. @throws UsageError `ACSE_ANSWERED` */
  abort(options: AbortOptions = {}): void {
    this.#once(() => {
      const { diagnostic } = options
      const reason = diagnostic === undefined ? {} : { reason: diagnostic }
      this.association.end(
        new AbortedError('acse', 'ABORTED', 'aborted by this side instead of an answer', { by: 'user', ...reason }),
        options,
      )
    })
  }

  #once(answer: () => void): void {
    const { state } = this.association
    if (this.#answered) throw new UsageError('acse', 'ACSE_ANSWERED', 'this peer has been answered already', state)
    if (state === 'closed') return
    this.#answered = true
    try {
      answer()
    } catch (error) {
      this.#answered = false
      throw error
    }
  }
}

/** How a rejection by this side reads as an error. */
export function rejected(response: Pick<AAssociateResponse, 'result' | 'resultSource' | 'diagnostic'>): RefusedError {
  const { resultSource = 'acse-service-user', diagnostic = 0, result } = response
  const text = `association ${result.replace('-', ' ')} by this side, in the name of the ${resultSource}: ${describeDiagnostic(resultSource, diagnostic)}`
  return new RefusedError('acse', 'ACSE_REJECTED', text, {
    by: resultSource === 'acse-service-user' ? 'user' : 'local provider',
    reason: diagnostic,
    answered: { ...response, resultSource },
  })
}
