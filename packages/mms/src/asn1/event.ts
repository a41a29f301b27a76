import {
  BOOLEAN,
  CHOICE,
  type Choice,
  explicit,
  INTEGER,
  type Integer,
  implicit,
  LooseVisibleString,
  type Named,
  NULL,
  namedInteger,
  SEQUENCE,
  SEQUENCE_OF,
  type Type,
} from '@x/ber'
import { ApplicationReference } from './application-reference.js'
import { ObjectName, Unsigned8, Unsigned32 } from './identifiers.js'
import { Priority } from './modifier.js'
import { TimeOfDay } from './time.js'

/** What the event services have in common, and the services that concern conditions and enrollments at once. */

/** ISO 9506-1, EventTime: when, or at least in which order. */
export type EventTime = Choice<{ timeOfDay: TimeOfDay; timeSequenceIdentifier: number; undefined: null }>
export const EventTime: Type<EventTime> = CHOICE<EventTime>('EventTime', {
  timeOfDay: implicit(0, TimeOfDay),
  timeSequenceIdentifier: implicit(1, Unsigned32),
  undefined: implicit(2, NULL),
})

/** ISO 9506-1, EC-State. */
export type ECState = Named<'disabled' | 'idle' | 'active'>
export const ECState: Type<ECState> = namedInteger('EC-State', { disabled: 0, idle: 1, active: 2 })

/** ISO 9506-1, EC-Class. */
export type ECClass = Named<'network-triggered' | 'monitored'>
export const ECClass: Type<ECClass> = namedInteger('EC-Class', { 'network-triggered': 0, monitored: 1 })

/** ISO 9506-1, AlarmAckRule: what of an alarm must be acknowledged. */
export type AlarmAckRule = Named<'none' | 'simple' | 'ack-active' | 'ack-all'>
export const AlarmAckRule: Type<AlarmAckRule> = namedInteger('AlarmAckRule', { none: 0, simple: 1, 'ack-active': 2, 'ack-all': 3 })

/** 0 is the worst, 64 the usual one. */
export const NORMAL_SEVERITY = 64

/** ISO 9506-2, EE-State. */
const eeStates = {
  disabled: 0,
  idle: 1,
  active: 2,
  activeNoAckA: 3,
  idleNoAckI: 4,
  idleNoAckA: 5,
  idleAcked: 6,
  activeAcked: 7,
  undefined: 8,
} as const
export type EEState = Named<keyof typeof eeStates>
export const EEState: Type<EEState> = namedInteger('EE-State', eeStates)

/** A text or a number by which an event is shown to people. */
export type DisplayEnhancement = Choice<{ string: string; index: Integer; noEnhancement: null }>
export const DisplayEnhancement: Type<DisplayEnhancement> = CHOICE<DisplayEnhancement>('', {
  string: implicit(0, LooseVisibleString),
  index: implicit(1, INTEGER),
  noEnhancement: NULL,
})

/** ISO 9506-2, EN-Additional-Detail; without `csr` or `cspi` a NULL stands in its place. */
export type ENAdditionalDetail = Choice<{ detail: DisplayEnhancement; none: null }>
export const ENAdditionalDetail: Type<ENAdditionalDetail> = CHOICE<ENAdditionalDetail>('EN-Additional-Detail', {
  detail: explicit(0, DisplayEnhancement),
  none: NULL,
})

/** ISO 9506-2, TriggerEvent-Request. */
export interface TriggerEventRequest {
  readonly eventConditionName: ObjectName
  /** Instead of the condition's own. */
  readonly priority?: number
}
export const TriggerEventRequest: Type<TriggerEventRequest> = SEQUENCE<TriggerEventRequest>('TriggerEvent-Request', {
  eventConditionName: explicit(0, ObjectName),
  priority: implicit(1, Priority).optional(),
})

/** ISO 9506-2, AcknowledgeEventNotification-Request. */
export interface AcknowledgeEventNotificationRequest {
  readonly eventEnrollmentName: ObjectName
  readonly acknowledgedState: ECState
  readonly timeOfAcknowledgedTransition: EventTime
}
export const AcknowledgeEventNotificationRequest: Type<AcknowledgeEventNotificationRequest> = SEQUENCE<AcknowledgeEventNotificationRequest>(
  'AcknowledgeEventNotification-Request',
  {
    eventEnrollmentName: explicit(0, ObjectName),
    acknowledgedState: implicit(2, ECState),
    timeOfAcknowledgedTransition: explicit(3, EventTime),
  },
)

/** ISO 9506-2, GetAlarmSummary-Request and GetAlarmEnrollmentSummary-Request: which alarms. */
export interface AlarmFilter {
  /** Only conditions with an enrollment of whoever asks. @default true */
  readonly enrollmentsOnly: boolean
  /** @default true */
  readonly activeAlarmsOnly: boolean
  /** @default 'not-acked' */
  readonly acknowledgementFilter: Named<'not-acked' | 'acked' | 'all'>
  /** @default 0 to 127 */
  readonly severityFilter: SeverityFilter
  readonly continueAfter?: ObjectName
}
export interface SeverityFilter {
  readonly mostSevere: number
  readonly leastSevere: number
}
const alarmFilter = (name: string): Type<AlarmFilter> =>
  SEQUENCE<AlarmFilter>(name, {
    enrollmentsOnly: implicit(0, BOOLEAN).default(true),
    activeAlarmsOnly: implicit(1, BOOLEAN).default(true),
    acknowledgementFilter: implicit(2, namedInteger('', { 'not-acked': 0, acked: 1, all: 2 })).default('not-acked'),
    severityFilter: implicit(
      3,
      SEQUENCE<SeverityFilter>('', { mostSevere: implicit(0, Unsigned8), leastSevere: implicit(1, Unsigned8) }),
    ).default({ mostSevere: 0, leastSevere: 127 }),
    continueAfter: explicit(5, ObjectName).optional(),
  })
export const GetAlarmSummaryRequest: Type<AlarmFilter> = alarmFilter('GetAlarmSummary-Request')
export const GetAlarmEnrollmentSummaryRequest: Type<AlarmFilter> = alarmFilter('GetAlarmEnrollmentSummary-Request')

/** ISO 9506-2, AlarmSummary. */
export interface AlarmSummary {
  readonly eventConditionName: ObjectName
  readonly severity: number
  readonly currentState: ECState
  readonly unacknowledgedState: Named<'none' | 'active' | 'idle' | 'both'>
  readonly displayEnhancement?: ENAdditionalDetail
  readonly timeOfLastTransitionToActive?: EventTime
  readonly timeOfLastTransitionToIdle?: EventTime
}
export const AlarmSummary: Type<AlarmSummary> = SEQUENCE<AlarmSummary>('AlarmSummary', {
  eventConditionName: explicit(0, ObjectName),
  severity: implicit(1, Unsigned8),
  currentState: implicit(2, ECState),
  unacknowledgedState: implicit(3, namedInteger('', { none: 0, active: 1, idle: 2, both: 3 })),
  displayEnhancement: explicit(4, ENAdditionalDetail).optional(),
  timeOfLastTransitionToActive: explicit(5, EventTime).optional(),
  timeOfLastTransitionToIdle: explicit(6, EventTime).optional(),
})

/** ISO 9506-2, GetAlarmSummary-Response. */
export interface GetAlarmSummaryResponse {
  readonly listOfAlarmSummary: readonly AlarmSummary[]
  /** @default false */
  readonly moreFollows: boolean
}
export const GetAlarmSummaryResponse: Type<GetAlarmSummaryResponse> = SEQUENCE<GetAlarmSummaryResponse>('GetAlarmSummary-Response', {
  listOfAlarmSummary: implicit(0, SEQUENCE_OF(AlarmSummary)),
  moreFollows: implicit(1, BOOLEAN).default(false),
})

/** ISO 9506-2, AlarmEnrollmentSummary. */
export interface AlarmEnrollmentSummary {
  readonly eventEnrollmentName: ObjectName
  readonly clientApplication?: ApplicationReference
  readonly severity: number
  readonly currentState: ECState
  readonly displayEnhancement?: ENAdditionalDetail
  /** @default false */
  readonly notificationLost: boolean
  readonly alarmAcknowledgmentRule: AlarmAckRule
  readonly enrollmentState?: EEState
  readonly timeOfLastTransitionToActive?: EventTime
  readonly timeActiveAcknowledged?: EventTime
  readonly timeOfLastTransitionToIdle?: EventTime
  readonly timeIdleAcknowledged?: EventTime
}
export const AlarmEnrollmentSummary: Type<AlarmEnrollmentSummary> = SEQUENCE<AlarmEnrollmentSummary>('AlarmEnrollmentSummary', {
  eventEnrollmentName: explicit(0, ObjectName),
  clientApplication: explicit(2, ApplicationReference).optional(),
  severity: implicit(3, Unsigned8),
  currentState: implicit(4, ECState),
  displayEnhancement: explicit(5, ENAdditionalDetail).optional(),
  notificationLost: implicit(6, BOOLEAN).default(false),
  alarmAcknowledgmentRule: implicit(7, AlarmAckRule),
  enrollmentState: implicit(8, EEState).optional(),
  timeOfLastTransitionToActive: explicit(9, EventTime).optional(),
  timeActiveAcknowledged: explicit(10, EventTime).optional(),
  timeOfLastTransitionToIdle: explicit(11, EventTime).optional(),
  timeIdleAcknowledged: explicit(12, EventTime).optional(),
})

/** ISO 9506-2, GetAlarmEnrollmentSummary-Response. */
export interface GetAlarmEnrollmentSummaryResponse {
  readonly listOfAlarmEnrollmentSummary: readonly AlarmEnrollmentSummary[]
  /** @default false */
  readonly moreFollows: boolean
}
export const GetAlarmEnrollmentSummaryResponse: Type<GetAlarmEnrollmentSummaryResponse> = SEQUENCE<GetAlarmEnrollmentSummaryResponse>(
  'GetAlarmEnrollmentSummary-Response',
  { listOfAlarmEnrollmentSummary: implicit(0, SEQUENCE_OF(AlarmEnrollmentSummary)), moreFollows: implicit(1, BOOLEAN).default(false) },
)
