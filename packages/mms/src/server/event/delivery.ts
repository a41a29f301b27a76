import { encode } from '@x/ber'
import type { EventTime } from '../../asn1/event.js'
import { type ActionResult, EventNotification } from '../../asn1/event-action.js'
import type { ObjectName } from '../../asn1/identifiers.js'
import { isApplication } from '../application.js'
import type { ServerAssociation } from '../association.js'
import { serviceError } from '../errors.js'
import { objectNameOf } from '../objects.js'
import type { Vmd } from '../vmd.js'
import { execute, failure } from './action.js'
import type { EventLimits } from './limits.js'
import type { EventCondition, EventEnrollment } from './objects.js'
import type { ConditionMove } from './states.js'

/** Something has happened to a condition, with the names and numbers that were in force then. */
export interface Occurrence {
  readonly condition: EventCondition
  readonly conditionName: ObjectName
  readonly severity: number
  /** Absent: it was triggered. */
  readonly move: ConditionMove | undefined
  readonly time: EventTime
}

/**
 * Executes the actions of enrollments and sends their notifications, those of one enrollment in the order in which things happened.
 *
 * One that cannot be sent is lost, and the next one of that enrollment says so: the client has no association, or does not read, or too many
 * are waiting for their actions. Nothing is held for clients that are away. ISO 9506-1, 18.3; the bound is our own.
 */
export class Delivery {
  readonly #vmd: Vmd
  readonly #limits: EventLimits

  constructor(vmd: Vmd, limits: EventLimits) {
    this.#vmd = vmd
    this.#limits = limits
  }

  /** The association on which a client is told; undefined: there is none. */
  clientOf({ association, client, duration }: EventEnrollment): ServerAssociation | undefined {
    if (association !== undefined) return hears(association) ? association : undefined
    if (duration === 'current') return undefined
    for (const other of this.#vmd.associations) if (hears(other) && isApplication(other, client)) return other
    return undefined
  }

  deliver(enrollment: EventEnrollment, occurrence: Occurrence): void {
    const { action, tail } = enrollment
    // Our own reading: nothing is executed for a condition that is gone, since no notification could tell of it.
    const isActing = typeof action === 'object' && occurrence.move?.transition !== 'any-to-deleted'
    if (!isActing && tail === undefined) return this.#send(enrollment, occurrence)
    if (enrollment.waiting >= this.#limits.maxWaitingNotifications) {
      enrollment.notificationLost = true
      return
    }
    enrollment.waiting += 1
    const executing = isActing
      ? execute(this.#vmd, action, this.#limits.actionTimeout).then(
          (successOrFailure): ActionResult => ({
            eventActionName: action.scope ? objectNameOf(action) : { type: 'vmdSpecific', value: action.name },
            successOrFailure,
          }),
        )
      : undefined
    const last: Promise<void> = Promise.all([executing, tail]).then(([actionResult]) => {
      enrollment.waiting -= 1
      if (enrollment.tail === last) enrollment.tail = undefined
      this.#send(enrollment, occurrence, actionResult)
    })
    enrollment.tail = last
  }

  #send(enrollment: EventEnrollment, { conditionName, severity, move, time }: Occurrence, actionResult?: ActionResult): void {
    if (enrollment.scope === undefined) return
    const association = this.clientOf(enrollment)
    const notification: EventNotification = {
      eventEnrollmentName: objectNameOf(enrollment),
      eventConditionName: conditionName,
      severity,
      ...(move !== undefined && move.to !== 'deleted' && { currentState: move.to }),
      transitionTime: time,
      notificationLost: enrollment.notificationLost,
      ...(move !== undefined && { alarmAcknowledgmentRule: enrollment.rule }),
      ...(actionResult && { actionResult }),
    }
    enrollment.notificationLost = !(association?.send('eventNotification', fitting(notification, association)) ?? false)
  }
}

function hears({ negotiated }: ServerAssociation): boolean {
  return negotiated.servicesSupportedPeer.includes('eventNotification')
}

/** A result for which there is no room in a PDU is an error instead. */
function fitting(notification: EventNotification, { negotiated }: ServerAssociation): EventNotification {
  const { actionResult } = notification
  if (actionResult === undefined || encode(EventNotification, notification).length + ENVELOPE <= negotiated.maxPduSize) return notification
  return { ...notification, actionResult: { ...actionResult, successOrFailure: failure(serviceError('resource', 'other')) } }
}

/** Octets of an unconfirmed PDU around the notification. */
const ENVELOPE = 16
