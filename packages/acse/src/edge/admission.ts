import { type Layer, type OutcomeError, RefusedError, sameOctets } from '@x/core'
import type { AssociationStackOptions } from '../stack.js'
import type { Peer } from './names.js'
import { type Admission, type Arrival, checkAdmission } from './rejection.js'

/** Which selectors are those of this side. A list that is absent is not looked at; an empty selector in it stands for none. */
export interface SelectorRule {
  /** Else CPR, called-presentation-address-unknown (3). */
  readonly presentation?: readonly Uint8Array[]
  /** Else RF, SSAP identifier unknown (129). */
  readonly session?: readonly Uint8Array[]
  /** Else DR, address unknown (3). */
  readonly transport?: readonly Uint8Array[]
}

export interface AdmissionRules {
  readonly selectors?: SelectorRule
  /** Asked when the session connection is; must not take time. What it throws counts as RF, not specified (133). @default everyone */
  readonly admit?: (arrival: Arrival) => Admission
}

/** What an acceptor's rules mean for the layers below ACSE; options of those layers, where the user has set them, are asked afterwards. */
export function withAdmission<O extends AssociationStackOptions>(
  options: O,
  rules: AdmissionRules,
  peer: Peer,
  told: { readonly refused: (error: OutcomeError) => void; readonly fault: (error: unknown) => void },
): O {
  // Options that are the same for all associations are shared by their machines.
  if (!rules.selectors && !rules.admit) return options
  const { selectors = {}, admit } = rules
  /** A presentation refusal waits until presentation is asked. */
  let below: Admission = 'accept'
  const refuse = <R extends number>(layer: Layer, reason: R, text: string): R => {
    told.refused(
      new RefusedError(layer, `${layer.toUpperCase()}_REFUSED`, `refused by this side at ${layer}: ${text}`, {
        by: 'local provider',
        reason,
      }),
    )
    return reason
  }
  const asked = (arrival: Arrival): Admission => {
    if (!admit) return 'accept'
    try {
      const admission = admit(arrival)
      checkAdmission(admission)
      return admission
    } catch (error) {
      told.fault(error)
      return { source: 'session-service-provider', reason: 133 }
    }
  }
  const { transport, session, presentation } = options
  return {
    ...options,
    transport: {
      ...transport,
      accept: request => {
        if (!knows(selectors.transport, request.called.transportSelector)) return refuse('cotp', 3, 'T-selector unknown')
        return transport?.accept?.(request) ?? 'accept'
      },
    },
    session: {
      ...session,
      accept: request => {
        const { called, calling } = request
        if (!knows(selectors.session, called.sessionSelector)) return refuse('session', 129, 'S-selector unknown')
        below = asked({ peer, called, calling })
        if (below !== 'accept' && below.source === 'session-service-provider') return refuse('session', below.reason, 'not admitted')
        return session?.accept?.(request) ?? 'accept'
      },
    },
    presentation: {
      ...presentation,
      acceptAddress: (called, calling) => {
        if (!knows(selectors.presentation, called.presentationSelector)) return refuse('presentation', 3, 'P-selector unknown')
        if (below !== 'accept') return refuse('presentation', below.reason, 'not admitted')
        return presentation?.acceptAddress?.(called, calling) ?? 'accept'
      },
    },
  }
}

const none = new Uint8Array(0)

function knows(list: readonly Uint8Array[] | undefined, selector: Uint8Array = none): boolean {
  return list === undefined || list.some(one => sameOctets(one, selector))
}
