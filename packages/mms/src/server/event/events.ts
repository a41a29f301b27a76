import type { ApplicationReference } from '../../asn1/application-reference.js'
import { DELETABLE } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { type MmsObject, objectNameOf, type Scope, whenDeleted } from '../objects.js'
import type { Variable } from '../variable/index.js'
import type { Vmd } from '../vmd.js'
import { Delivery, type Occurrence } from './delivery.js'
import { Evaluation } from './evaluation.js'
import { type EventLimits, USUAL_EVENT_LIMITS } from './limits.js'
import {
  type EventAction,
  type EventCondition,
  type EventConditionList,
  type EventEnrollment,
  eventTimeOf,
  type Monitoring,
  type WaitingRequest,
  type Watched,
} from './objects.js'
import {
  type AckRule,
  ackEventOf,
  ackTable,
  type ConditionEvent,
  type ConditionMove,
  type ConditionTransition,
  conditionTable,
} from './states.js'

const NORMAL = 64

/** What a condition is made of; the rest follows. */
export interface ConditionParts {
  readonly name: string
  readonly accessControlList?: string
  readonly priority?: number
  readonly severity?: number
  /** Absent: network-triggered. */
  readonly monitoring?: {
    readonly watched: Watched
    readonly enabled?: boolean
    readonly alarmSummaryReports?: boolean
    readonly evaluationInterval?: number | undefined
  }
}

export interface EnrollmentParts {
  readonly name: string
  readonly accessControlList?: string
  readonly condition: EventCondition
  readonly transitions: Iterable<ConditionTransition>
  readonly rule?: AckRule
  readonly action?: EventAction | undefined
  readonly duration: 'current' | 'permanent'
  readonly client: ApplicationReference
  /** Who asks for it, where that is the client. */
  readonly association?: ServerAssociation | undefined
  readonly modifier?: WaitingRequest
}

/** Classes of which clients may not define any number. */
export type CountedClass = 'eventCondition' | 'eventAction' | 'eventEnrollment' | 'eventConditionList'

/** The events of one VMD: its objects, and the processing of what happens to them. ISO 9506-1, 18 to 22. */
export class Events {
  readonly vmd: Vmd
  readonly limits: EventLimits
  readonly delivery: Delivery
  readonly evaluation: Evaluation
  #pending: Occurrence[] = []
  #isScheduled = false
  /** Enrollments whose client is the one who asked for them, by its association. */
  readonly #asked = new WeakMap<ServerAssociation, Set<EventEnrollment>>()
  /** Objects in the VMD and its domains that count. */
  readonly #counts: Record<CountedClass, number> = { eventCondition: 0, eventAction: 0, eventEnrollment: 0, eventConditionList: 0 }

  constructor(vmd: Vmd, limits: Partial<EventLimits> = {}) {
    this.vmd = vmd
    this.limits = { ...USUAL_EVENT_LIMITS, ...limits }
    this.delivery = new Delivery(vmd, this.limits)
    this.evaluation = new Evaluation(vmd, this.limits, (condition, event) => this.#apply(condition, event))
    known.set(vmd, this)
  }

  /** Whether one more object may be made in a scope. */
  hasRoom(objectClass: CountedClass, scope: Scope): boolean {
    if (scope.kind === 'aaSpecific') return scope.of(objectClass).size < this.limits.maxPerAssociation
    return this.#counts[objectClass] < this.limits[MOST[objectClass]]
  }

  addCondition(
    scope: Scope,
    { name, accessControlList = DELETABLE, priority = NORMAL, severity = NORMAL, monitoring }: ConditionParts,
  ): EventCondition {
    const condition: EventCondition = {
      name,
      scope,
      accessControlList,
      priority,
      groupPriorityOverride: undefined,
      severity,
      state: 'disabled',
      enrollments: new Set(),
      lists: new Set(),
      monitoring: monitoring && monitoringOf(monitoring),
      timeOfLast: undefined,
    }
    this.#add('eventCondition', scope, condition)
    whenDeleted(condition, () => this.#deleted(condition))
    if (condition.monitoring !== undefined) {
      this.evaluation.watch(condition, condition.monitoring)
      if (condition.monitoring.enabled) this.evaluation.evaluate(condition)
    }
    return condition
  }

  addAction(scope: Scope, parts: Omit<EventAction, 'scope' | 'enrollments'>): EventAction {
    const action: EventAction = { ...parts, scope, enrollments: new Set() }
    this.#add('eventAction', scope, action)
    whenDeleted(action, () => {
      for (const enrollment of action.enrollments) enrollment.action = 'gone'
    })
    return action
  }

  addEnrollment(scope: Scope, parts: EnrollmentParts): EventEnrollment {
    const {
      name,
      accessControlList = DELETABLE,
      condition,
      transitions,
      rule = 'none',
      action,
      duration,
      client,
      association,
      modifier,
    } = parts
    const enrollment: EventEnrollment = {
      name,
      scope,
      accessControlList,
      condition,
      isMonitored: condition.monitoring !== undefined,
      transitions: new Set(transitions),
      association,
      client,
      duration,
      modifier,
      action,
      notificationLost: false,
      rule,
      ackState: 'acked',
      lastState: condition.state,
      timeActiveAck: undefined,
      timeIdleAck: undefined,
      waiting: 0,
      tail: undefined,
    }
    this.#add('eventEnrollment', scope, enrollment)
    condition.enrollments.add(enrollment)
    action?.enrollments.add(enrollment)
    const asked = association && this.#askedBy(association)
    asked?.add(enrollment)
    whenDeleted(enrollment, () => {
      enrollment.condition?.enrollments.delete(enrollment)
      if (typeof enrollment.action === 'object') enrollment.action.enrollments.delete(enrollment)
      asked?.delete(enrollment)
    })
    return enrollment
  }

  addConditionList(scope: Scope, name: string, accessControlList: string = DELETABLE): EventConditionList {
    const list: EventConditionList = { name, scope, accessControlList, conditions: new Set(), lists: new Set(), referencing: new Set() }
    this.#add('eventConditionList', scope, list)
    whenDeleted(list, () => {
      for (const condition of list.conditions) condition.lists.delete(list)
      for (const inner of list.lists) inner.referencing.delete(list)
      for (const outer of list.referencing) outer.lists.delete(list)
    })
    return list
  }

  /** Whether changes of a monitored condition are processed. ISO 9506-1, 19.6. */
  setEnabled(condition: EventCondition, enabled: boolean): void {
    const monitoring = condition.monitoring!
    // A variable that is gone cannot be looked at any more.
    monitoring.enabled = enabled && monitoring.watched.type !== 'undefined'
    if (enabled) return this.evaluation.evaluate(condition)
    this.evaluation.disabled(monitoring)
    this.#apply(condition, 'disabled')
  }

  /** The value of a local condition, told by whoever knows it. */
  setLocal(condition: EventCondition, value: boolean): void {
    const watched = condition.monitoring?.watched
    if (watched?.type !== 'local') return
    watched.value = value
    this.evaluation.evaluate(condition)
  }

  /** The value of a variable may have changed: conditions that watch it look at once. */
  changed(isMeant: (variable: Variable) => boolean): void {
    for (const condition of this.evaluation.watching(isMeant)) this.evaluation.evaluate(condition)
  }

  /** A network-triggered condition has happened; it is processed a little later, when whoever asked has been answered. */
  trigger(condition: EventCondition): void {
    const time = eventTimeOf(this.vmd.now())
    condition.timeOfLast = time
    this.#happened(condition, time, undefined)
  }

  /** Removes an object of any class, wherever it is. */
  remove(objectClass: CountedClass, object: MmsObject): void {
    object.scope?.remove(objectClass, object as never)
  }

  #add(objectClass: CountedClass, scope: Scope, object: MmsObject): void {
    scope.add(objectClass, object as never)
    // What services make is deletable; what a model has is so only when it says so, and then it counts as well.
    if (scope.kind === 'aaSpecific' || object.accessControlList !== DELETABLE) return
    this.#counts[objectClass] += 1
    whenDeleted(object, () => {
      this.#counts[objectClass] -= 1
    })
  }

  #apply(condition: EventCondition, event: ConditionEvent): void {
    const move = conditionTable[event][condition.state]
    if (move === undefined || move.to === 'deleted') return
    const time = eventTimeOf(this.vmd.now())
    condition.state = move.to
    condition.timeOfLast = time
    if (move.to === 'active') condition.monitoring!.timeToActive = time
    if (move.to === 'idle') condition.monitoring!.timeToIdle = time
    for (const enrollment of condition.enrollments) follow(enrollment, move)
    this.#happened(condition, time, move)
  }

  #happened(condition: EventCondition, time: Occurrence['time'], move: ConditionMove | undefined): void {
    this.#pending.push({ condition, conditionName: objectNameOf(condition), severity: condition.severity, move, time })
    if (this.#isScheduled) return
    this.#isScheduled = true
    void this.#process()
  }

  /** Event-transition processing. ISO 9506-1, 18.1. What happens within one turn is taken in the order of priority. */
  async #process(): Promise<void> {
    // Whoever made it happen by a request is answered first.
    for (let i = 0; i < TURNS; i++) await undefined
    this.#isScheduled = false
    const pending = this.#pending.sort((a, b) => urgencyOf(a.condition) - urgencyOf(b.condition))
    this.#pending = []
    for (const occurrence of pending) this.#tell(occurrence)
  }

  #tell(occurrence: Occurrence): void {
    const transition = occurrence.move?.transition
    for (const enrollment of [...occurrence.condition.enrollments]) {
      const isMeant = transition === undefined || enrollment.transitions.has(transition)
      if (!isMeant) continue
      if (enrollment.modifier !== undefined) enrollment.modifier.release()
      else this.delivery.deliver(enrollment, occurrence)
    }
  }

  /** The last transition there is: at once, while it still has its name. */
  #deleted(condition: EventCondition): void {
    const move = conditionTable.deleted[condition.state]!
    const time = eventTimeOf(this.vmd.now())
    const occurrence: Occurrence = { condition, conditionName: objectNameOf(condition), severity: condition.severity, move, time }
    const earlier = this.#pending.filter(pending => pending.condition === condition)
    this.#pending = this.#pending.filter(pending => pending.condition !== condition)
    for (const each of earlier) this.#tell(each)
    for (const enrollment of condition.enrollments) {
      enrollment.condition = undefined
      const isMeant = enrollment.transitions.has(move.transition)
      if (enrollment.modifier !== undefined) {
        if (isMeant) enrollment.modifier.release()
        else enrollment.modifier.invalidate()
      } else if (isMeant) this.delivery.deliver(enrollment, occurrence)
    }
    condition.enrollments.clear()
    for (const list of condition.lists) list.conditions.delete(condition)
  }

  #askedBy(association: ServerAssociation): Set<EventEnrollment> {
    const known = this.#asked.get(association)
    if (known !== undefined) return known
    const asked = new Set<EventEnrollment>()
    this.#asked.set(association, asked)
    association.signal.addEventListener('abort', () => this.#ended(asked), { once: true })
    return asked
  }

  /** The association of their client is over: those that were for it alone go, the others wait for it to come back. */
  #ended(asked: ReadonlySet<EventEnrollment>): void {
    for (const enrollment of [...asked]) {
      enrollment.association = undefined
      if (enrollment.duration === 'current') this.remove('eventEnrollment', enrollment)
    }
  }
}

const known = new WeakMap<Vmd, Events>()

/** The events of a VMD. */
export function eventsOf(vmd: Vmd): Events {
  return known.get(vmd) ?? new Events(vmd)
}

/** Microtasks between what happens and its processing: more than lie between a handler and its answer. */
const TURNS = 4

const MOST = {
  eventCondition: 'maxConditions',
  eventAction: 'maxActions',
  eventEnrollment: 'maxEnrollments',
  eventConditionList: 'maxConditionLists',
} as const

function monitoringOf({
  watched,
  enabled = false,
  alarmSummaryReports = false,
  evaluationInterval,
}: NonNullable<ConditionParts['monitoring']>): Monitoring {
  return {
    enabled,
    alarmSummaryReports,
    watched,
    evaluationInterval,
    timeToActive: undefined,
    timeToIdle: undefined,
    stopTimer: undefined,
    evaluating: 'no',
  }
}

/** ISO 9506-1, 22.8: the priority that a list gives counts before its own. */
function urgencyOf({ groupPriorityOverride, priority }: EventCondition): number {
  return groupPriorityOverride ?? priority
}

/** The enrollment takes note of a transition, whether or not its client is told. */
function follow(enrollment: EventEnrollment, { to, transition }: ConditionMove): void {
  if (to === 'deleted' || transition === 'any-to-deleted') return
  enrollment.lastState = to
  if (enrollment.rule === 'none') return
  enrollment.ackState = ackTable[ackEventOf[transition]][enrollment.rule][enrollment.ackState] ?? enrollment.ackState
}
