import { AbortedError, type Channel, type OutcomeError, TimeoutError } from '@x/core'
import { type Emitter, isThenable } from '@x/core/async'
import { asResponder } from '@x/iso-presentation/open'
import { authenticationDiagnostics } from '../authentication.js'
import { defined } from '../defined.js'
import type { AbortVerdict, RejectVerdict } from '../options.js'
import { type AssociationPolicy, acceptWhen, chooseApplicationContext } from '../policy.js'
import { discreet, withoutValue } from '../record.js'
import type { AAssociateIndication, ApplicationEntity } from '../service.js'
import { type AssociationStackOptions, associationStack } from '../stack.js'
import { type AdmissionRules, withAdmission } from './admission.js'
import { Association } from './association.js'
import { judgeProof } from './authenticate.js'
import type { AssociationLimits, CommonOptions } from './common.js'
import type { AssociationEvents } from './events.js'
import { type Acceptance, IncomingAssociation, rejected } from './incoming.js'
import { peerOf } from './names.js'
import type { Rejection } from './rejection.js'
import type { TimeoutSettings } from './timeouts.js'

/**
 * What an acceptor wants of a peer before its hook is asked, in this order, and what the peer is told else: T-selector (DR 3), S-selector (RF
 * 129), `admit` (RF or CPR), P-selector (CPR 3), room (rejected-transient, provider 1), application context (2), called (7 to 10) and calling
 * entity (3 to 6), proof (11 to 14), user information (1). Only then is `onAssociate` asked.
 */
export interface AcceptorPolicy extends AssociationPolicy, AdmissionRules {}

/** Asked when the policy has let a peer through. Must answer once; what it throws, and silence until `timeouts.decision`, are rejections. */
export type OnAssociate = (incoming: IncomingAssociation) => unknown

export interface AcceptOptions extends AssociationStackOptions, CommonOptions, AssociationLimits {
  readonly policy?: AcceptorPolicy
  /** Titles of this side, for the AARE. @default none are sent */
  readonly entity?: ApplicationEntity
  /** @default accepts */
  readonly onAssociate?: OnAssociate
  /** Gives up as long as there is no association. */
  readonly signal?: AbortSignal
}

/**
 * Waits for a peer to associate over a channel that has arrived.
 * @returns the association, established @throws how it ended instead; `associationOf` has the rest
 */
export async function acceptAssociation(channel: Channel, options: AcceptOptions = {}, server: ForServer = {}): Promise<Association> {
  return new Acceptor(channel, options, server).run()
}

interface ForServer {
  /** Hears of everything, too. */
  readonly parent?: Emitter<AssociationEvents>
  /** Told of the association before anything happens on it. */
  readonly made?: (association: Association) => void
  /** In the place of those in the options, which are the same object for all associations so that they share what is made of it. */
  readonly policy?: AcceptorPolicy
  readonly timeouts?: TimeoutSettings
}

class Acceptor {
  readonly association: Association
  readonly #options: AcceptOptions
  readonly #policy: AcceptorPolicy

  constructor(channel: Channel, options: AcceptOptions, { parent, made, policy = options.policy ?? {}, timeouts }: ForServer) {
    this.#options = options
    this.#policy = policy
    const stack = withAdmission(asResponder(options), policy, peerOf(channel), {
      refused: error => this.association.refused(error),
      fault: error => this.association.emit('fault', { of: 'admit', error, association: this.association }),
    })
    const { authentication: _, requireUserInformation: __, ...atOnce } = policy
    const known = acceptWhen(atOnce)
    const machine = associationStack(channel, stack)
    machine.judge = known
    machine.onRefused = verdict => this.association.finish(outcomeOf(verdict))
    this.association = new Association({
      machine,
      channel,
      role: 'acceptor',
      options,
      ...(parent && { parent }),
      ...(timeouts && { timeouts }),
    })
    made?.(this.association)
  }

  async run(): Promise<Association> {
    const { association } = this
    await association.listen(indication => this.#asked(indication as AAssociateIndication))
    association.machine.judge = association.machine.onRefused = undefined
    return association
  }

  #asked(indication: AAssociateIndication): void {
    const { association } = this
    const { applicationContexts } = this.#policy
    const incoming = new IncomingAssociation(
      association,
      discreet(indication),
      defined<Acceptance>({
        applicationContextName: applicationContexts && chooseApplicationContext(indication, applicationContexts),
        responding: this.#options.entity,
      }),
    )
    association.emit('requested', { association, request: withoutValue(indication) })
    association.clock.start('decision', () => {
      const text = `no answer to the association request within ${association.timeouts.decision} ms`
      const error = new TimeoutError('acse', 'DECISION_TIMEOUT', text, { by: 'local provider' })
      association.emit('fault', { of: 'onAssociate', error, association })
      reject(incoming, { result: 'rejected-transient', diagnostic: 1 })
    })
    this.#decide(incoming, indication).catch(error => {
      association.emit('fault', { of: 'onAssociate', error, association })
      reject(incoming, { diagnostic: 1 })
    })
  }

  async #decide(incoming: IncomingAssociation, { authentication, calling, userInformation }: AAssociateIndication): Promise<void> {
    const { association } = this
    const { authentication: rules, requireUserInformation } = this.#policy
    if (rules !== undefined) {
      const { remote, security } = association.peer
      const fault = (error: unknown) => association.emit('fault', { of: 'authentication', error, association })
      const judgement =
        rules === 'refuse'
          ? authentication && ({ failure: 'mechanism-name-not-recognized' } as const)
          : await judgeProof(
              authentication,
              calling,
              rules,
              { remote, ...(security && { security }) },
              this.#options.entity ?? {},
              association.clock.timers,
              fault,
            )
      if (incoming.answered) return
      if (judgement?.failure !== undefined) {
        const { aare, abrt } = authenticationDiagnostics[judgement.failure]
        if (this.#policy.onBadAuthentication === 'abort') return incoming.abort({ diagnostic: abrt as 3 | 4 | 5 | 6 })
        return incoming.reject({ diagnostic: aare as 11 | 12 | 13 | 14 })
      }
      association.identity = judgement?.identity
      if (judgement?.responding) incoming.respondWith(judgement.responding)
    }
    if (requireUserInformation && userInformation.length === 0) return incoming.reject({ diagnostic: 1 })
    const { onAssociate } = this.#options
    if (!onAssociate) return incoming.accept()
    const answer = onAssociate(incoming)
    if (isThenable(answer)) await answer
  }
}

/** The last word of this side, when nobody has said one. */
function reject(incoming: IncomingAssociation, rejection: Rejection): void {
  if (!incoming.answered) incoming.reject(rejection)
}

function outcomeOf(verdict: RejectVerdict | AbortVerdict): OutcomeError {
  const { diagnostic } = verdict
  if (verdict.type === 'abort') {
    const reason = diagnostic === undefined ? {} : { reason: diagnostic }
    return new AbortedError('acse', 'ABORTED', 'aborted by this side’s policy', { by: 'user', ...reason })
  }
  const { result = 'rejected-permanent', source: resultSource = 'acse-service-user' } = verdict
  return rejected({ result, resultSource, ...(diagnostic !== undefined && { diagnostic }) })
}
