import {
  type BitString,
  BOOLEAN,
  CHOICE,
  type Choice,
  explicit,
  implicit,
  type Named,
  NULL,
  namedInteger,
  SEQUENCE,
  SEQUENCE_OF,
  type Type,
} from '@x/ber'
import { ApplicationReference } from './application-reference.js'
import { AlarmAckRule, DisplayEnhancement, EEState, EventTime } from './event.js'
import { ObjectName, Unsigned32 } from './identifiers.js'
import { Transitions } from './modifier.js'

/** ISO 9506-1, EE-Duration: for this association, or for ever. */
export type EEDuration = Named<'current' | 'permanent'>
export const EEDuration: Type<EEDuration> = namedInteger('EE-Duration', { current: 0, permanent: 1 })

/** ISO 9506-1, EE-Class. */
export type EEClass = Named<'modifier' | 'notification'>
export const EEClass: Type<EEClass> = namedInteger('EE-Class', { modifier: 0, notification: 1 })

/** ISO 9506-2, DefineEventEnrollment-Request. */
export interface DefineEventEnrollmentRequest {
  readonly eventEnrollmentName: ObjectName
  readonly eventConditionName: ObjectName
  readonly eventConditionTransitions: BitString
  readonly alarmAcknowledgmentRule: AlarmAckRule
  readonly eventActionName?: ObjectName
  /** Who is told; absent: whoever asks. Needs `tpy`. */
  readonly clientApplication?: ApplicationReference
}
export const DefineEventEnrollmentRequest: Type<DefineEventEnrollmentRequest> = SEQUENCE<DefineEventEnrollmentRequest>(
  'DefineEventEnrollment-Request',
  {
    eventEnrollmentName: explicit(0, ObjectName),
    eventConditionName: explicit(1, ObjectName),
    eventConditionTransitions: implicit(2, Transitions),
    alarmAcknowledgmentRule: implicit(3, AlarmAckRule),
    eventActionName: explicit(4, ObjectName).optional(),
    clientApplication: explicit(5, ApplicationReference).optional(),
  },
)

/** ISO 9506-2, DeleteEventEnrollment-Request: by name, or all of a condition or of an action. */
export type DeleteEventEnrollmentRequest = Choice<{ specific: readonly ObjectName[]; ec: ObjectName; ea: ObjectName }>
export const DeleteEventEnrollmentRequest: Type<DeleteEventEnrollmentRequest> = CHOICE<DeleteEventEnrollmentRequest>(
  'DeleteEventEnrollment-Request',
  { specific: implicit(0, SEQUENCE_OF(ObjectName)), ec: explicit(1, ObjectName), ea: explicit(2, ObjectName) },
)

/** ISO 9506-2, GetEventEnrollmentAttributes-Request. */
export interface GetEventEnrollmentAttributesRequest {
  /** @default 'client' */
  readonly scopeOfRequest: Named<'specific' | 'client' | 'ec' | 'ea'>
  readonly eventEnrollmentNames?: readonly ObjectName[]
  readonly clientApplication?: ApplicationReference
  readonly eventConditionName?: ObjectName
  readonly eventActionName?: ObjectName
  readonly continueAfter?: ObjectName
}
export const GetEventEnrollmentAttributesRequest: Type<GetEventEnrollmentAttributesRequest> = SEQUENCE<GetEventEnrollmentAttributesRequest>(
  'GetEventEnrollmentAttributes-Request',
  {
    scopeOfRequest: implicit(0, namedInteger('', { specific: 0, client: 1, ec: 2, ea: 3 })).default('client'),
    eventEnrollmentNames: implicit(1, SEQUENCE_OF(ObjectName)).optional(),
    clientApplication: explicit(2, ApplicationReference).optional(),
    eventConditionName: explicit(3, ObjectName).optional(),
    eventActionName: explicit(4, ObjectName).optional(),
    continueAfter: explicit(5, ObjectName).optional(),
  },
)

/** ISO 9506-2, EEAttributes. */
export interface EEAttributes {
  readonly eventEnrollmentName: ObjectName
  readonly eventConditionName: Choice<{ eventCondition: ObjectName; undefined: null }>
  readonly eventActionName?: Choice<{ eventAction: ObjectName; undefined: null }>
  readonly clientApplication?: ApplicationReference
  /** @default false */
  readonly mmsDeletable: boolean
  readonly enrollmentClass: EEClass
  /** @default 'current' */
  readonly duration: EEDuration
  /** Of a modifier: the request that waits. */
  readonly invokeID?: number
  /** Of a modifier, in seconds; absent: for ever. */
  readonly remainingAcceptableDelay?: number
  /** Without `csr` and `cspi` a NULL, `noEnhancement`, in its place; with them absent rather than that. Absent with edition 1. */
  readonly displayEnhancement?: DisplayEnhancement
}
export const EEAttributes: Type<EEAttributes> = SEQUENCE<EEAttributes>('EEAttributes', {
  eventEnrollmentName: explicit(0, ObjectName),
  eventConditionName: explicit(
    1,
    CHOICE<EEAttributes['eventConditionName']>('', { eventCondition: explicit(0, ObjectName), undefined: implicit(1, NULL) }),
  ),
  eventActionName: explicit(
    2,
    CHOICE<NonNullable<EEAttributes['eventActionName']>>('', { eventAction: explicit(0, ObjectName), undefined: implicit(1, NULL) }),
  ).optional(),
  clientApplication: explicit(3, ApplicationReference).optional(),
  mmsDeletable: implicit(4, BOOLEAN).default(false),
  enrollmentClass: implicit(5, EEClass),
  duration: implicit(6, EEDuration).default('current'),
  invokeID: implicit(7, Unsigned32).optional(),
  remainingAcceptableDelay: implicit(8, Unsigned32).optional(),
  displayEnhancement: explicit(9, DisplayEnhancement).optional(),
})

/** ISO 9506-2, GetEventEnrollmentAttributes-Response. */
export interface GetEventEnrollmentAttributesResponse {
  readonly listOfEEAttributes: readonly EEAttributes[]
  /** @default false */
  readonly moreFollows: boolean
}
export const GetEventEnrollmentAttributesResponse: Type<GetEventEnrollmentAttributesResponse> =
  SEQUENCE<GetEventEnrollmentAttributesResponse>('GetEventEnrollmentAttributes-Response', {
    listOfEEAttributes: implicit(0, SEQUENCE_OF(EEAttributes)),
    moreFollows: implicit(1, BOOLEAN).default(false),
  })

/** ISO 9506-2, ReportEventEnrollmentStatus-Request: its name. */
export const EventEnrollmentName: Type<ObjectName> = ObjectName

/** ISO 9506-2, ReportEventEnrollmentStatus-Response. */
export interface ReportEventEnrollmentStatusResponse {
  readonly eventConditionTransitions: BitString
  /** @default false */
  readonly notificationLost: boolean
  readonly duration: EEDuration
  readonly alarmAcknowledgmentRule?: AlarmAckRule
  readonly currentState: EEState
}
export const ReportEventEnrollmentStatusResponse: Type<ReportEventEnrollmentStatusResponse> = SEQUENCE<ReportEventEnrollmentStatusResponse>(
  'ReportEventEnrollmentStatus-Response',
  {
    eventConditionTransitions: implicit(0, Transitions),
    notificationLost: implicit(1, BOOLEAN).default(false),
    duration: implicit(2, EEDuration),
    alarmAcknowledgmentRule: implicit(3, AlarmAckRule).optional(),
    currentState: implicit(4, EEState),
  },
)

/** ISO 9506-2, AlterEventEnrollment-Request: what is absent stays as it is. */
export interface AlterEventEnrollmentRequest {
  readonly eventEnrollmentName: ObjectName
  readonly eventConditionTransitions?: BitString
  readonly alarmAcknowledgmentRule?: AlarmAckRule
}
export const AlterEventEnrollmentRequest: Type<AlterEventEnrollmentRequest> = SEQUENCE<AlterEventEnrollmentRequest>(
  'AlterEventEnrollment-Request',
  {
    eventEnrollmentName: explicit(0, ObjectName),
    eventConditionTransitions: implicit(1, Transitions).optional(),
    alarmAcknowledgmentRule: implicit(2, AlarmAckRule).optional(),
  },
)

/** ISO 9506-2, AlterEventEnrollment-Response. */
export interface AlterEventEnrollmentResponse {
  readonly currentState: Choice<{ state: EEState; undefined: null }>
  readonly transitionTime: EventTime
}
export const AlterEventEnrollmentResponse: Type<AlterEventEnrollmentResponse> = SEQUENCE<AlterEventEnrollmentResponse>(
  'AlterEventEnrollment-Response',
  {
    currentState: explicit(
      0,
      CHOICE<AlterEventEnrollmentResponse['currentState']>('', { state: implicit(0, EEState), undefined: implicit(1, NULL) }),
    ),
    transitionTime: explicit(1, EventTime),
  },
)
