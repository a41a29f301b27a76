import { BOOLEAN, CHOICE, type Choice, explicit, INTEGER, type Integer, implicit, NULL, SEQUENCE, SEQUENCE_OF, type Type } from '@x/ber'
import { ECClass, ECState, EventTime, NORMAL_SEVERITY } from './event.js'
import { Identifier, ObjectName, Unsigned8, Unsigned32 } from './identifiers.js'
import { NORMAL_PRIORITY, Priority } from './modifier.js'
import { VariableSpecification } from './variable-access.js'

/** ISO 9506-2, DefineEventCondition-Request. */
export interface DefineEventConditionRequest {
  readonly eventConditionName: ObjectName
  readonly class: ECClass
  /** @default 64 */
  readonly priority: number
  /** @default 64 */
  readonly severity: number
  readonly alarmSummaryReports?: boolean
  /** A BOOLEAN; absent: a condition of the VMD's own. */
  readonly monitoredVariable?: VariableSpecification
  /** Milliseconds; needs `cei`. */
  readonly evaluationInterval?: number
}
export const DefineEventConditionRequest: Type<DefineEventConditionRequest> = SEQUENCE<DefineEventConditionRequest>(
  'DefineEventCondition-Request',
  {
    eventConditionName: explicit(0, ObjectName),
    class: implicit(1, ECClass),
    priority: implicit(2, Priority).default(NORMAL_PRIORITY),
    severity: implicit(3, Unsigned8).default(NORMAL_SEVERITY),
    alarmSummaryReports: implicit(4, BOOLEAN).optional(),
    monitoredVariable: explicit(6, VariableSpecification).optional(),
    evaluationInterval: implicit(7, Unsigned32).optional(),
  },
)

/** ISO 9506-2, DeleteEventCondition-Request. */
export type DeleteEventConditionRequest = Choice<{ specific: readonly ObjectName[]; aaSpecific: null; domain: string; vmd: null }>
export const DeleteEventConditionRequest: Type<DeleteEventConditionRequest> = CHOICE<DeleteEventConditionRequest>(
  'DeleteEventCondition-Request',
  {
    specific: implicit(0, SEQUENCE_OF(ObjectName)),
    aaSpecific: implicit(1, NULL, 'aa-specific'),
    domain: implicit(2, Identifier),
    vmd: implicit(3, NULL),
  },
)

/** The name of an event condition: GetEventConditionAttributes- and ReportEventConditionStatus-Request. */
export const EventConditionName: Type<ObjectName> = ObjectName

/** ISO 9506-2, GetEventConditionAttributes-Response. */
export interface GetEventConditionAttributesResponse {
  /** @default false */
  readonly mmsDeletable: boolean
  readonly class: ECClass
  /** @default 64 */
  readonly priority: number
  /** @default 64 */
  readonly severity: number
  /** @default false */
  readonly alarmSummaryReports: boolean
  readonly monitoredVariable?: Choice<{ variableReference: VariableSpecification; undefined: null }>
  /** Milliseconds. */
  readonly evaluationInterval?: number
  /** Only with `aco`, from minor version 3. */
  readonly accessControlList?: string
}
export const GetEventConditionAttributesResponse: Type<GetEventConditionAttributesResponse> = SEQUENCE<GetEventConditionAttributesResponse>(
  'GetEventConditionAttributes-Response',
  {
    mmsDeletable: implicit(0, BOOLEAN).default(false),
    class: implicit(1, ECClass),
    priority: implicit(2, Priority).default(NORMAL_PRIORITY),
    severity: implicit(3, Unsigned8).default(NORMAL_SEVERITY),
    alarmSummaryReports: implicit(4, BOOLEAN).default(false),
    monitoredVariable: explicit(
      6,
      CHOICE<NonNullable<GetEventConditionAttributesResponse['monitoredVariable']>>('', {
        variableReference: explicit(0, VariableSpecification),
        undefined: implicit(1, NULL),
      }),
    ).optional(),
    evaluationInterval: implicit(7, Unsigned32).optional(),
    accessControlList: implicit(8, Identifier).optional(),
  },
)

/** ISO 9506-2, ReportEventConditionStatus-Response. */
export interface ReportEventConditionStatusResponse {
  readonly currentState: ECState
  readonly numberOfEventEnrollments: number
  readonly enabled?: boolean
  readonly timeOfLastTransitionToActive?: EventTime
  readonly timeOfLastTransitionToIdle?: EventTime
}
export const ReportEventConditionStatusResponse: Type<ReportEventConditionStatusResponse> = SEQUENCE<ReportEventConditionStatusResponse>(
  'ReportEventConditionStatus-Response',
  {
    currentState: implicit(0, ECState),
    numberOfEventEnrollments: implicit(1, Unsigned32),
    enabled: implicit(2, BOOLEAN).optional(),
    timeOfLastTransitionToActive: explicit(3, EventTime).optional(),
    timeOfLastTransitionToIdle: explicit(4, EventTime).optional(),
  },
)

/** ISO 9506-2, AlterEventConditionMonitoring-Request: what is absent stays as it is. */
export interface AlterEventConditionMonitoringRequest {
  readonly eventConditionName: ObjectName
  readonly enabled?: boolean
  readonly priority?: number
  readonly alarmSummaryReports?: boolean
  /** Milliseconds; needs `cei`. */
  readonly evaluationInterval?: number
}
export const AlterEventConditionMonitoringRequest: Type<AlterEventConditionMonitoringRequest> =
  SEQUENCE<AlterEventConditionMonitoringRequest>('AlterEventConditionMonitoring-Request', {
    eventConditionName: explicit(0, ObjectName),
    enabled: implicit(1, BOOLEAN).optional(),
    priority: implicit(2, Priority).optional(),
    alarmSummaryReports: implicit(3, BOOLEAN).optional(),
    evaluationInterval: implicit(4, Unsigned32).optional(),
  })

/** ISO 9506-2, DefineEventConditionList- and AddEventConditionListReference-Request. */
export interface EventConditionListReferences {
  readonly eventConditionListName: ObjectName
  readonly listOfEventConditionName: readonly ObjectName[]
  /** Lists inside the list; needs `recl`. */
  readonly listOfEventConditionListName?: readonly ObjectName[]
}
const references = (name: string): Type<EventConditionListReferences> =>
  SEQUENCE<EventConditionListReferences>(name, {
    eventConditionListName: explicit(0, ObjectName),
    listOfEventConditionName: implicit(1, SEQUENCE_OF(ObjectName)),
    listOfEventConditionListName: implicit(2, SEQUENCE_OF(ObjectName)).optional(),
  })
export const DefineEventConditionListRequest: Type<EventConditionListReferences> = references('DefineEventConditionList-Request')
export const AddEventConditionListReferenceRequest: Type<EventConditionListReferences> = references(
  'AddEventConditionListReference-Request',
)
/** ISO 9506-2, RemoveEventConditionListReference-Request. */
export const RemoveEventConditionListReferenceRequest: Type<EventConditionListReferences> = references(
  'RemoveEventConditionListReference-Request',
)

/** The name of an event condition list: DeleteEventConditionList- and GetEventConditionListAttributes-Request. */
export const EventConditionListName: Type<ObjectName> = ObjectName

/** ISO 9506-2, GetEventConditionListAttributes-Response. */
export interface GetEventConditionListAttributesResponse {
  readonly listOfEventConditionName: readonly ObjectName[]
  readonly listOfEventConditionListName?: readonly ObjectName[]
}
export const GetEventConditionListAttributesResponse: Type<GetEventConditionListAttributesResponse> =
  SEQUENCE<GetEventConditionListAttributesResponse>('GetEventConditionListAttributes-Response', {
    listOfEventConditionName: implicit(1, SEQUENCE_OF(ObjectName)),
    listOfEventConditionListName: implicit(2, SEQUENCE_OF(ObjectName)).optional(),
  })

/** ISO 9506-2, ReportEventConditionListStatus-Request. */
export interface ReportEventConditionListStatusRequest {
  readonly eventConditionListName: ObjectName
  readonly continueAfter?: string
}
export const ReportEventConditionListStatusRequest: Type<ReportEventConditionListStatusRequest> =
  SEQUENCE<ReportEventConditionListStatusRequest>('ReportEventConditionListStatus-Request', {
    eventConditionListName: explicit(0, ObjectName),
    continueAfter: implicit(1, Identifier).optional(),
  })

/** ISO 9506-2, EventConditionStatus. */
export interface EventConditionStatus extends ReportEventConditionStatusResponse {
  readonly eventConditionName: ObjectName
}
export const EventConditionStatus: Type<EventConditionStatus> = SEQUENCE<EventConditionStatus>('EventConditionStatus', {
  eventConditionName: explicit(0, ObjectName),
  currentState: implicit(1, ECState),
  numberOfEventEnrollments: implicit(2, Unsigned32),
  enabled: implicit(3, BOOLEAN).optional(),
  timeOfLastTransitionToActive: explicit(4, EventTime).optional(),
  timeOfLastTransitionToIdle: explicit(5, EventTime).optional(),
})

/** ISO 9506-2, ReportEventConditionListStatus-Response. */
export interface ReportEventConditionListStatusResponse {
  readonly listOfEventConditionStatus: readonly EventConditionStatus[]
  /** @default true */
  readonly moreFollows: boolean
}
export const ReportEventConditionListStatusResponse: Type<ReportEventConditionListStatusResponse> =
  SEQUENCE<ReportEventConditionListStatusResponse>('ReportEventConditionListStatus-Response', {
    listOfEventConditionStatus: implicit(1, SEQUENCE_OF(EventConditionStatus)),
    moreFollows: implicit(2, BOOLEAN).default(true),
  })

/** ISO 9506-2, AlterEventConditionListMonitoring-Request. */
export interface AlterEventConditionListMonitoringRequest {
  readonly eventConditionListName: ObjectName
  readonly enabled: boolean
  readonly priorityChange?: Choice<{ priorityValue: Integer; priorityReset: null }>
}
export const AlterEventConditionListMonitoringRequest: Type<AlterEventConditionListMonitoringRequest> =
  SEQUENCE<AlterEventConditionListMonitoringRequest>('AlterEventConditionListMonitoring-Request', {
    eventConditionListName: explicit(0, ObjectName),
    enabled: implicit(1, BOOLEAN),
    priorityChange: explicit(
      2,
      CHOICE<NonNullable<AlterEventConditionListMonitoringRequest['priorityChange']>>('', {
        priorityValue: implicit(0, INTEGER),
        priorityReset: implicit(1, NULL),
      }),
    ).optional(),
  })
