import { UsageError } from '@x/core'
import type { EventTime } from '../../asn1/event.js'
import { formatObjectName, parseObjectName } from '../../names.js'
import { type HeldClass, type ObjectsByClass, objectNameOf, Scope } from '../objects.js'
import type { Vmd } from '../vmd.js'
import { enrollmentStateOf } from './enrollment-services.js'
import { Events, eventsOf } from './events.js'
import type { EventLimits } from './limits.js'
import type { ConditionState, EnrollmentState } from './states.js'

/** An event condition as it is now. */
export interface EventConditionView {
  /** As text. */
  readonly name: string
  readonly isMonitored: boolean
  readonly state: ConditionState
  readonly enabled: boolean
  readonly severity: number
  readonly priority: number
  /** Names of those who are told, as text. Association-specific ones are `aa:` of some association. */
  readonly enrollments: readonly string[]
  readonly timeOfLastTransitionToActive?: EventTime
  readonly timeOfLastTransitionToIdle?: EventTime
}

/** An event enrollment as it is now. */
export interface EventEnrollmentView {
  /** As text. */
  readonly name: string
  /** As text; undefined: it is gone. */
  readonly condition: string | undefined
  readonly state: EnrollmentState | 'undefined'
  readonly notificationLost: boolean
  readonly duration: 'current' | 'permanent'
}

/** The events of a server from the application's side. Names are text: `domain/item`, `vmd:item`. */
export class ServerEvents {
  readonly #vmd: Vmd

  /** @internal */
  constructor(vmd: Vmd, limits: Partial<EventLimits> | undefined) {
    this.#vmd = vmd
    if (limits !== undefined) new Events(vmd, limits)
  }

  /**
   * Says whether a local condition is active, one whose `watches` is `local`. Enabled ones are processed at once: enrolled clients are told.
   * @throws UsageError `MMS_EVENT`: there is no such condition, or a variable says it
   */
  set(name: string, isActive: boolean): void {
    const condition = this.#named('eventCondition', name)
    if (condition.monitoring?.watched.type !== 'local') throw wrong(name, 'no local condition')
    this.#events.setLocal(condition, isActive)
  }

  /** A network-triggered condition has happened. @throws UsageError `MMS_EVENT`: there is no such condition, or it is monitored */
  trigger(name: string): void {
    const condition = this.#named('eventCondition', name)
    if (condition.monitoring !== undefined) throw wrong(name, 'a monitored condition')
    this.#events.trigger(condition)
  }

  /** Starts or stops watching. @throws UsageError `MMS_EVENT`: there is no such condition, or it is network-triggered */
  enable(name: string, enabled = true): void {
    const condition = this.#named('eventCondition', name)
    if (condition.monitoring === undefined) throw wrong(name, 'a network-triggered condition')
    this.#events.setEnabled(condition, enabled)
  }

  /** The value of a variable has changed otherwise than by a write of a client: conditions that watch it look at once, not when their interval is over. */
  changed(variable: string): void {
    const changed = this.#vmd.find('namedVariable', parseObjectName(variable), NOWHERE)
    if (changed !== undefined) this.#events.changed(({ source }) => source === changed.source)
  }

  /** @returns undefined: there is none */
  condition(name: string): EventConditionView | undefined {
    const condition = this.#vmd.find('eventCondition', parseObjectName(name), NOWHERE)
    if (condition === undefined) return undefined
    const { monitoring, state, severity, priority, enrollments } = condition
    return {
      name: formatObjectName(objectNameOf(condition)),
      isMonitored: monitoring !== undefined,
      state,
      enabled: monitoring?.enabled ?? false,
      severity,
      priority,
      enrollments: Array.from(enrollments, each => formatObjectName(objectNameOf(each))),
      ...(monitoring?.timeToActive && { timeOfLastTransitionToActive: monitoring.timeToActive }),
      ...(monitoring?.timeToIdle && { timeOfLastTransitionToIdle: monitoring.timeToIdle }),
    }
  }

  /** @returns undefined: there is none */
  enrollment(name: string): EventEnrollmentView | undefined {
    const enrollment = this.#vmd.find('eventEnrollment', parseObjectName(name), NOWHERE)
    if (enrollment === undefined) return undefined
    const { condition, notificationLost, duration } = enrollment
    return {
      name: formatObjectName(objectNameOf(enrollment)),
      condition: condition && formatObjectName(objectNameOf(condition)),
      state: enrollmentStateOf(enrollment),
      notificationLost,
      duration,
    }
  }

  /** Watches nothing any more. @internal */
  end(): void {
    this.#events.evaluation.end()
  }

  get #events(): Events {
    return eventsOf(this.#vmd)
  }

  #named<C extends HeldClass>(objectClass: C, name: string): ObjectsByClass[C] {
    const object = this.#vmd.find(objectClass, parseObjectName(name), NOWHERE)
    if (object === undefined) throw wrong(name, 'nothing of that name')
    return object
  }
}

const NOWHERE = new Scope('aaSpecific')

function wrong(name: string, found: string): UsageError {
  return new UsageError('mms', 'MMS_EVENT', `expected an event condition that allows this, found ${found}: ${name}`)
}
