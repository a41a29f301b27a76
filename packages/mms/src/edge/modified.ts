import type { Modifier } from '../asn1/modifier.js'
import { serviceError } from '../server/errors.js'
import type { Answer, Handler, ModifierHandler, ModifierOutcome, Modifiers, ServedCall } from '../server/handlers.js'
import type { Maybe } from '../server/maybe.js'
import type { MConfirmedIndication } from '../service.js'
import type { ConfirmedServiceName } from '../services.js'
import type { MmsPeer } from './peer.js'

/** What a side needs to serve requests with modifiers. */
export interface ModifierServing<A extends MmsPeer> {
  readonly modifiers: Modifiers<A>
  /** Asked before the first modifier: what the state of the side has against the service. The handler asks it again when it executes. */
  readonly gate: (service: ConfirmedServiceName, argument: unknown, peer: A) => Answer<ConfirmedServiceName> | undefined
  /** Modifiers of one request. */
  readonly maxModifiers: number
}

/** An answer, and which modifier gave it; absent: the service itself. */
export type PositionedAnswer = Answer<ConfirmedServiceName> & { readonly modifierPosition?: number }

/** What running modifiers needs to know of the request that carries them. */
export interface ModifiedCall extends ServedCall {
  /** The modifier that is run now, counted from 1; undefined: the service. That it counts from 1 is our own reading. */
  modifierPosition: number | undefined
  /** Run once it has been answered. */
  post: (() => void) | undefined
  /** Answered already: cancelled. Or nobody waits for it any more. */
  readonly isOver: boolean
}

/**
 * A request with modifiers, ISO 9506-1, 8.4: they are worked off in order, then the service is executed, then what they took is given back.
 * A request that has to wait holds nothing but its own place: requests after it are served meanwhile.
 */
export function serveModified<A extends MmsPeer>(
  request: MConfirmedIndication,
  handler: Handler<ConfirmedServiceName, A>,
  { modifiers, gate, maxModifiers }: ModifierServing<A>,
  peer: A,
  call: ModifiedCall,
): Maybe<PositionedAnswer> {
  const list = request.listOfModifiers!
  const refused = gate(request.service, request.argument, peer)
  if (refused !== undefined) return refused
  if (list.length > maxModifiers) return { error: serviceError('resource', 'capability-unavailable'), modifierPosition: maxModifiers + 1 }

  const taken: (() => void)[] = []
  const giveBack = () => {
    for (const release of taken.splice(0).reverse()) release()
  }
  call.post = giveBack
  call.suspend()

  const execute = (): Maybe<PositionedAnswer> => {
    call.modifierPosition = undefined
    call.cancelable = false
    call.restart()
    return handler(request.argument as never, peer, call)
  }
  const runFrom = (at: number): Maybe<PositionedAnswer> => {
    for (let i = at; i < list.length; i++) {
      call.modifierPosition = i + 1
      call.cancelable = true
      const outcome = run(modifiers, list[i]!, peer, call)
      if (outcome instanceof Promise) {
        return outcome
          .catch((): ModifierOutcome => FAILED)
          .then(given => {
            const failure = take(given, i + 1)
            if (failure !== undefined) return failure
            return runFrom(i + 1)
          })
      }
      const failure = take(outcome, i + 1)
      if (failure !== undefined) return failure
    }
    return execute()
  }
  const take = (outcome: ModifierOutcome, modifierPosition: number): PositionedAnswer | undefined => {
    if ('error' in outcome || 'reject' in outcome) return { ...outcome, modifierPosition }
    if (call.isOver) {
      // Cancelled meanwhile: what came too late goes back.
      outcome.release?.()
      return FAILED
    }
    if (outcome.release) taken.push(outcome.release)
    return undefined
  }
  return runFrom(0)
}

function run<A extends MmsPeer>(modifiers: Modifiers<A>, { type, value }: Modifier, peer: A, call: ServedCall): Maybe<ModifierOutcome> {
  try {
    return (modifiers[type] as ModifierHandler<Modifier['type'], A>)(value as never, peer, call)
  } catch {
    return FAILED
  }
}

/** What a modifier or handler that throws is answered with. */
export const FAILED = { error: serviceError('service', 'other') }
