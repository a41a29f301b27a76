import type { ApplicationReference } from '../../asn1/application-reference.js'
import type { EventTime } from '../../asn1/event.js'
import type { EEDuration } from '../../asn1/event-enrollment.js'
import type { Modifier } from '../../asn1/modifier.js'
import type { VariableSpecification } from '../../asn1/variable-access.js'
import type { Negotiated } from '../../service.js'
import type { ConfirmedServiceRequest } from '../../services.js'
import { timeOfDayOf } from '../../times.js'
import type { ServerAssociation } from '../association.js'
import { type MmsObject, objectNameOf } from '../objects.js'
import type { NamedVariable, ScatteredAccess, Variable } from '../variable/index.js'
import type { AckRule, AckState, ConditionState, ConditionTransition } from './states.js'

/** What is watched. ISO 9506-1, 19.1. */
export interface EventCondition extends MmsObject {
  /** 0 first, 127 last. */
  priority: number
  /** Counts instead of its own priority while it is set, through a condition list. */
  groupPriorityOverride: number | undefined
  /** 0 worst, 127 least. */
  severity: number
  /** Network-triggered ones are always disabled. */
  state: ConditionState
  readonly enrollments: Set<EventEnrollment>
  /** The condition lists that it is in. */
  readonly lists: Set<EventConditionList>
  /** Absent: network-triggered. */
  readonly monitoring: Monitoring | undefined
  /** Of any transition, or of the last trigger. */
  timeOfLast: EventTime | undefined
}

/** What a monitored condition has besides. */
export interface Monitoring {
  enabled: boolean
  alarmSummaryReports: boolean
  watched: Watched
  /** Milliseconds, at most, between two evaluations; absent: the server's usual one. */
  evaluationInterval: number | undefined
  timeToActive: EventTime | undefined
  timeToIdle: EventTime | undefined
  /** Stops waiting for the next evaluation. */
  stopTimer: (() => void) | undefined
  /** A value is being read; `again`: and must be read once more. */
  evaluating: 'no' | 'once' | 'again'
}

/** The boolean that makes a monitored condition active. */
export type Watched =
  /** The application's own: nobody reads it. */
  | { readonly type: 'local'; value: boolean }
  | { readonly type: 'named'; readonly variable: NamedVariable | ScatteredAccess }
  | { readonly type: 'unnamed'; readonly variable: Variable; readonly specification: VariableSpecification }
  /** There was a variable. */
  | { readonly type: 'undefined' }

/** What is executed when it happens. ISO 9506-1, 20. */
export interface EventAction extends MmsObject {
  readonly request: ConfirmedServiceRequest
  readonly modifiers: readonly Modifier[]
  readonly csExtension: Uint8Array | undefined
  /** What was agreed with the client that defined it; absent: of the model. */
  readonly negotiated: Negotiated | undefined
  readonly enrollments: Set<EventEnrollment>
}

/** Who is told. ISO 9506-1, 21.1. */
export interface EventEnrollment extends MmsObject {
  /** undefined: it is gone. */
  condition: EventCondition | undefined
  readonly isMonitored: boolean
  /** Empty for a network-triggered condition, which has none. */
  transitions: ReadonlySet<ConditionTransition>
  /** Who asked for it, while that association lives. */
  association: ServerAssociation | undefined
  readonly client: ApplicationReference
  readonly duration: EEDuration & string
  /** The request that waits for it; absent: the enrollment is one of class notification. */
  readonly modifier: WaitingRequest | undefined
  /** `gone`: there was one. */
  action: EventAction | 'gone' | undefined
  /** One could not be delivered since the last one that was. */
  notificationLost: boolean
  rule: AckRule
  ackState: AckState
  /** Of the condition, as this enrollment has been told. */
  lastState: ConditionState
  timeActiveAck: EventTime | undefined
  timeIdleAck: EventTime | undefined
  /** Notifications that wait for their actions. */
  waiting: number
  /** The last of them. */
  tail: Promise<void> | undefined
}

export interface WaitingRequest {
  readonly invokeID: number
  /** Milliseconds since 1970; absent: for ever. */
  readonly until: number | undefined
  /** Lets the request go on. */
  readonly release: () => void
  /** The condition is gone. */
  readonly invalidate: () => void
}

/** Conditions to be looked at and altered together. ISO 9506-1, 22. */
export interface EventConditionList extends MmsObject {
  readonly conditions: Set<EventCondition>
  /** Lists inside it. */
  readonly lists: Set<EventConditionList>
  /** Lists that it is inside of. */
  readonly referencing: Set<EventConditionList>
}

/** The events of a VMD bear the time of day in the form of 6 octets; a clock before 1984 has no such time. */
export function eventTimeOf(milliseconds: number): EventTime {
  return milliseconds < FIRST || milliseconds >= LAST
    ? { type: 'undefined', value: null }
    : { type: 'timeOfDay', value: timeOfDayOf(new Date(milliseconds)) }
}

const FIRST = Date.UTC(1984, 0, 1)
const LAST = FIRST + 0x1_0000 * 86_400_000

/** Whether they are the same moment; one that is undefined is any, which is our own reading. */
export function matches(time: EventTime, of: EventTime | undefined): boolean {
  if (time.type === 'undefined') return true
  if (of === undefined || of.type !== time.type) return false
  if (time.type === 'timeSequenceIdentifier') return of.value === time.value
  return of.type === 'timeOfDay' && of.value.milliseconds === time.value.milliseconds && of.value.days === time.value.days
}

/** The variable as the services name it. */
export function specificationOf(watched: Watched): VariableSpecification | undefined {
  if (watched.type === 'unnamed') return watched.specification
  return watched.type === 'named' ? { type: 'name', value: objectNameOf(watched.variable) } : undefined
}
