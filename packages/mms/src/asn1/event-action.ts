import { ANY_COPY, BOOLEAN, CHOICE, type Choice, explicit, implicit, NULL, SEQUENCE, SEQUENCE_OF, type Type } from '@x/ber'
import type { ConfirmedServiceRequest, ConfirmedServiceResponse } from '../services.js'
import { anyService } from './any-service.js'
import { ServiceError } from './error.js'
import { AlarmAckRule, ECState, EventTime } from './event.js'
import { Identifier, ObjectName, Unsigned32 } from './identifiers.js'
import { Modifier, Priority } from './modifier.js'

/** ISO 9506-2, DefineEventAction-Request. */
export interface DefineEventActionRequest {
  readonly eventActionName: ObjectName
  readonly listOfModifier?: readonly Modifier[]
  /** What is done when the event happens. */
  readonly confirmedServiceRequest: ConfirmedServiceRequest
  /** Request-Detail of companion standards, as it came. */
  readonly csExtension?: Uint8Array
}
export const DefineEventActionRequest: Type<DefineEventActionRequest> = SEQUENCE<DefineEventActionRequest>('DefineEventAction-Request', {
  eventActionName: explicit(0, ObjectName),
  listOfModifier: implicit(1, SEQUENCE_OF(Modifier)).optional(),
  confirmedServiceRequest: explicit(2, () => anyService.request),
  csExtension: explicit(79, ANY_COPY, 'cs-extension').optional(),
})

/** ISO 9506-2, DeleteEventAction-Request. There is no alternative with the tag 2. */
export type DeleteEventActionRequest = Choice<{ specific: readonly ObjectName[]; aaSpecific: null; domain: string; vmd: null }>
export const DeleteEventActionRequest: Type<DeleteEventActionRequest> = CHOICE<DeleteEventActionRequest>('DeleteEventAction-Request', {
  specific: implicit(0, SEQUENCE_OF(ObjectName)),
  aaSpecific: implicit(1, NULL, 'aa-specific'),
  domain: implicit(3, Identifier),
  vmd: implicit(4, NULL),
})

/** The name of an event action: GetEventActionAttributes- and ReportEventActionStatus-Request. */
export const EventActionName: Type<ObjectName> = ObjectName

/** ISO 9506-2, GetEventActionAttributes-Response. */
export interface GetEventActionAttributesResponse {
  /** @default false */
  readonly mmsDeletable: boolean
  readonly listOfModifier: readonly Modifier[]
  readonly confirmedServiceRequest: ConfirmedServiceRequest
  readonly csExtension?: Uint8Array
  /** Only with `aco`, from minor version 3. */
  readonly accessControlList?: string
}
export const GetEventActionAttributesResponse: Type<GetEventActionAttributesResponse> = SEQUENCE<GetEventActionAttributesResponse>(
  'GetEventActionAttributes-Response',
  {
    mmsDeletable: implicit(0, BOOLEAN).default(false),
    listOfModifier: implicit(1, SEQUENCE_OF(Modifier)),
    confirmedServiceRequest: explicit(2, () => anyService.request),
    csExtension: explicit(79, ANY_COPY, 'cs-extension').optional(),
    accessControlList: implicit(3, Identifier).optional(),
  },
)

/** ISO 9506-2, ReportEventActionStatus-Response: how many enrollments refer to it. */
export const ReportEventActionStatusResponse: Type<number> = Unsigned32

/** What became of the action of an event. */
export interface ActionResult {
  readonly eventActionName: ObjectName
  readonly successOrFailure: Choice<{ success: ActionSuccess; failure: ActionFailure }>
}
export interface ActionSuccess {
  readonly confirmedServiceResponse: ConfirmedServiceResponse
  /** Response-Detail of companion standards, as it came. */
  readonly csResponseDetail?: Uint8Array
}
export interface ActionFailure {
  /** The modifier that failed, counted from 1; absent: the service itself. */
  readonly modifierPosition?: number
  readonly serviceError: ServiceError
}

/** ISO 9506-2, EventNotification. */
export interface EventNotification {
  readonly eventEnrollmentName: ObjectName
  readonly eventConditionName: ObjectName
  readonly severity: number
  /** Absent for an event that was triggered. */
  readonly currentState?: ECState
  readonly transitionTime: EventTime
  /** Whether earlier ones could not be delivered. @default false */
  readonly notificationLost: boolean
  readonly alarmAcknowledgmentRule?: AlarmAckRule
  readonly actionResult?: ActionResult
}
export const EventNotification: Type<EventNotification> = SEQUENCE<EventNotification>('EventNotification', {
  eventEnrollmentName: explicit(0, ObjectName),
  eventConditionName: explicit(1, ObjectName),
  severity: implicit(2, Priority),
  currentState: implicit(3, ECState).optional(),
  transitionTime: explicit(4, EventTime),
  notificationLost: implicit(6, BOOLEAN).default(false),
  alarmAcknowledgmentRule: implicit(7, AlarmAckRule).optional(),
  actionResult: implicit(
    8,
    SEQUENCE<ActionResult>('', {
      eventActionName: ObjectName,
      successOrFailure: CHOICE<ActionResult['successOrFailure']>('', {
        success: implicit(
          0,
          SEQUENCE<ActionSuccess>('', {
            confirmedServiceResponse: () => anyService.response,
            csResponseDetail: explicit(79, ANY_COPY, 'cs-Response-Detail').optional(),
          }),
        ),
        failure: implicit(
          1,
          SEQUENCE<ActionFailure>('', { modifierPosition: implicit(0, Unsigned32).optional(), serviceError: implicit(1, ServiceError) }),
        ),
      }),
    }),
  ).optional(),
})
