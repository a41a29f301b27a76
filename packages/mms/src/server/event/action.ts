import type { ServiceError } from '../../asn1/error.js'
import type { ActionResult } from '../../asn1/event-action.js'
import { type ModifiedCall, type PositionedAnswer, serveModified } from '../../edge/modified.js'
import type { MConfirmedIndication } from '../../service.js'
import type { ConfirmedServiceName, ConfirmedServiceResponse } from '../../services.js'
import { serviceError } from '../errors.js'
import type { Handler } from '../handlers.js'
import { insideAssociation } from '../inside.js'
import type { Vmd } from '../vmd.js'
import type { EventAction } from './objects.js'

type Outcome = ActionResult['successOrFailure']

/**
 * Executes the service of an event action, as a transaction of the VMD itself: with the VMD's own handlers, and nobody as its user.
 * ISO 9506-1, 20.
 * @param timeout milliseconds; then it is cancelled, and service-preempt, timeout is what came of it
 */
export async function execute(vmd: Vmd, action: EventAction, timeout: number): Promise<Outcome> {
  const call = new ActionCall(vmd, action, timeout)
  const outcome = await Promise.race([serve(vmd, action, call), call.tooLate])
  call.end()
  return outcome
}

async function serve(vmd: Vmd, action: EventAction, call: ActionCall): Promise<Outcome> {
  const { type: service, value: argument } = action.request
  const handler = service === 'unknown' ? undefined : (vmd.served?.handlers[service] as Handler<ConfirmedServiceName> | undefined)
  // It was served when the action was defined.
  if (handler === undefined) return failure(serviceError('resource', 'capability-unknown'))
  const own = action.scope?.kind === 'aaSpecific' ? action.scope : undefined
  const association = insideAssociation(vmd, { negotiated: action.negotiated, own, signal: call.signal })
  const { modifiers } = action
  const modified = vmd.served?.modified
  let answer: PositionedAnswer
  try {
    answer =
      modifiers.length === 0 || modified === undefined
        ? await handler(argument as never, association, call)
        : await serveModified(
            { type: 'M-CONFIRMED.indication', invokeID: 0, service, argument, listOfModifiers: modifiers } as MConfirmedIndication,
            handler,
            modified,
            association,
            call,
          )
  } catch {
    return failure(serviceError('service', 'other'))
  }
  if ('response' in answer) {
    const confirmedServiceResponse = { type: service, value: answer.response } as ConfirmedServiceResponse
    const detail = answer.serviceExt && { csResponseDetail: answer.serviceExt }
    return { type: 'success', value: { confirmedServiceResponse, ...detail } }
  }
  // Nobody is there to be told of a reject: a definition that does not hold together is what it means.
  return failure('error' in answer ? answer.error : serviceError('definition', 'object-attribute-inconsistent'), answer.modifierPosition)
}

/** The transaction of an event action: its time counts from the event on, and nobody cancels it. */
class ActionCall implements ModifiedCall {
  readonly invokeID = 0
  readonly serviceExt: Uint8Array | undefined
  cancelable = false
  modifierPosition: number | undefined
  post: (() => void) | undefined
  isOver = false
  readonly tooLate: Promise<Outcome>
  readonly #controller = new AbortController()
  readonly #stopTimer: () => void

  constructor(vmd: Vmd, { csExtension }: EventAction, timeout: number) {
    this.serviceExt = csExtension
    let stop = () => {}
    this.tooLate = new Promise(resolve => {
      stop = vmd.timers.after(timeout, () => resolve(failure(serviceError('servicePreempt', 'timeout'), this.modifierPosition)))
    })
    this.#stopTimer = stop
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  restart(): void {}

  suspend(): void {}

  /** Gives back what modifiers have taken. */
  end(): void {
    this.isOver = true
    this.#stopTimer()
    this.#controller.abort()
    this.post?.()
  }
}

export function failure(error: ServiceError, modifierPosition?: number): Outcome {
  return { type: 'failure', value: { ...(modifierPosition !== undefined && { modifierPosition }), serviceError: error } }
}
