import type { Timers } from '@x/core'
import { type AuthenticationFailure, type AuthenticationRules, mechanismFor, type ProofContext } from '../authentication.js'
import type { ApplicationEntity, Authentication } from '../service.js'

/** What came of a proof. */
export type Judgement =
  | { readonly failure: AuthenticationFailure }
  | { readonly failure?: undefined; readonly identity?: unknown; readonly responding?: Authentication }

/**
 * Judges a proof with mechanisms that may take time. Whatever goes wrong in a mechanism is a failure, told to `fault`; every failure looks
 * the same from outside, and comes no earlier than `failureDelay`.
 *
 * @param own titles of this side, for a proof in return
 */
export async function judgeProof(
  authentication: Authentication | undefined,
  peer: ApplicationEntity,
  rules: AuthenticationRules,
  context: ProofContext,
  own: ApplicationEntity,
  timers: Timers,
  fault: (error: unknown) => void,
): Promise<Judgement> {
  const { failureDelay = 0 } = rules
  const delay = failureDelay > 0 ? new Promise<void>(resolve => timers.after(failureDelay, resolve)) : undefined
  const judgement = await judge()
  if (judgement.failure !== undefined) await delay
  return judgement

  async function judge(): Promise<Judgement> {
    const found = mechanismFor(authentication, rules)
    if (found === undefined) return {}
    if (typeof found === 'string') return { failure: found }
    const { mechanism, value } = found
    try {
      const verification = await mechanism.verify(value, peer, context)
      const { verified, identity, responding } =
        typeof verification === 'boolean' ? { verified: verification, identity: undefined, responding: undefined } : verification
      if (verified !== true) return { failure: 'failure' }
      const answer = responding ?? (rules.respond ? await mechanism.prove(own, context) : undefined)
      return { identity, ...(answer !== undefined && { responding: answer }) }
    } catch (error) {
      ;(rules.onFault ?? fault)(error)
      return { failure: 'failure' }
    }
  }
}
