import { DELETABLE } from '../access.js'
import { applicationOf } from '../application.js'
import type { ServerAssociation } from '../association.js'
import { isInside } from '../inside.js'
import { whenDeleted } from '../objects.js'
import type { Vmd } from '../vmd.js'
import { eventsOf } from './events.js'

/** The condition, action and enrollment by which clients are told of the end of each run of a program invocation. ISO 9506-1, 12.2. */
export interface Monitor {
  /** Active while the invocation runs. */
  setRunning(isRunning: boolean): void
  /** Takes all three away. */
  remove(): void
}

/** Whether the three names are free. */
export function mayMonitor(vmd: Vmd, name: string): boolean {
  return (['eventCondition', 'eventAction', 'eventEnrollment'] as const).every(objectClass => !vmd.vmdSpecific.of(objectClass).has(name))
}

/**
 * Monitors a program invocation by objects with its name, which must be free.
 * @param association of the client that is told
 * @param whenOver called once when monitoring ends by itself: a current one with its association
 */
export function monitorInvocation(
  name: string,
  association: ServerAssociation,
  duration: 'current' | 'permanent',
  whenOver: () => void,
): Monitor {
  const { vmd } = association
  const events = eventsOf(vmd)
  const scope = vmd.vmdSpecific
  const condition = events.addCondition(scope, { name, monitoring: { watched: { type: 'local', value: false }, enabled: true } })
  const action = events.addAction(scope, {
    name,
    accessControlList: DELETABLE,
    request: { type: 'getProgramInvocationAttributes', value: name },
    modifiers: [],
    csExtension: undefined,
    negotiated: association.negotiated,
  })
  const enrollment = events.addEnrollment(scope, {
    name,
    condition,
    transitions: ['active-to-idle'],
    action,
    duration,
    client: applicationOf(association),
    association: isInside(association) ? undefined : association,
  })
  let isOver = false
  const remove = () => {
    if (isOver) return
    isOver = true
    events.remove('eventEnrollment', enrollment)
    events.remove('eventCondition', condition)
    events.remove('eventAction', action)
  }
  whenDeleted(enrollment, () => {
    if (isOver || duration !== 'current') return
    remove()
    whenOver()
  })
  return { setRunning: isRunning => events.setLocal(condition, isRunning), remove }
}
