import { Transitions } from '../../asn1/modifier.js'
import { applicationOf } from '../application.js'
import { nonExistent, serviceError } from '../errors.js'
import type { ModifierHandler, ModifierOutcome } from '../handlers.js'
import { isInside } from '../inside.js'
import { itemOf } from '../objects.js'
import { eventsOf } from './events.js'
import type { EventEnrollment } from './objects.js'
import { exists, noRoom } from './places.js'

const invalidModifier: ModifierOutcome = { reject: { type: 'confirmedRequestPDU', value: 'invalid-modifier' } }
const tooLate: ModifierOutcome = { error: serviceError('servicePreempt', 'timeout') }
const invalidated: ModifierOutcome = { error: serviceError('access', 'object-invalidated') }

/**
 * The modifier attachToEventCondition: the service waits for an event, by an enrollment of class modifier, which is gone when the wait is
 * over, however it ends. ISO 9506-1, 21.1.1; the errors are our own reading.
 */
export const attachToEventCondition: ModifierHandler<'eventModifier'> = (modifier, association, call) => {
  const { vmd, own } = association
  const { eventEnrollmentName, eventConditionName, acceptableDelay } = modifier
  const events = eventsOf(vmd)
  const scope = vmd.scopeOf(eventEnrollmentName, own)
  const condition = vmd.find('eventCondition', eventConditionName, own)
  if (scope === undefined || condition === undefined) return nonExistent
  if (scope.of('eventEnrollment').has(itemOf(eventEnrollmentName))) return exists
  const transitions = Transitions.names(modifier.causingTransitions)
  if (condition.monitoring !== undefined && transitions.length === 0) return invalidModifier
  if (!events.hasRoom('eventEnrollment', scope)) return noRoom
  return new Promise<ModifierOutcome>(resolve => {
    let stop = () => {}
    const settle = (outcome: ModifierOutcome) => {
      stop()
      call.signal.removeEventListener('abort', abandon)
      events.remove('eventEnrollment', enrollment)
      resolve(outcome)
    }
    const abandon = () => settle({})
    const enrollment: EventEnrollment = events.addEnrollment(scope, {
      name: itemOf(eventEnrollmentName),
      condition,
      transitions,
      duration: 'current',
      client: isInside(association) ? {} : applicationOf(association),
      modifier: {
        invokeID: call.invokeID,
        until: acceptableDelay === undefined ? undefined : vmd.now() + acceptableDelay * 1_000,
        release: () => settle({}),
        invalidate: () => settle(invalidated),
      },
    })
    if (acceptableDelay !== undefined) stop = vmd.timers.after(acceptableDelay * 1_000, () => settle(tooLate))
    // Cancelled, or nobody waits any more.
    call.signal.addEventListener('abort', abandon, { once: true })
  })
}
