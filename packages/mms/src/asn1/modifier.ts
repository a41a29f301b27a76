import { type BitString, BOOLEAN, CHOICE, type Choice, explicit, implicit, integerRange, namedBits, SEQUENCE, type Type } from '@x/ber'
import { Identifier, ObjectName, Unsigned32 } from './identifiers.js'

/** ISO 9506-1, Transitions of an event condition. 7 bits. */
export const Transitions = namedBits(
  'idle-to-disabled',
  'active-to-disabled',
  'disabled-to-idle',
  'active-to-idle',
  'disabled-to-active',
  'idle-to-active',
  'any-to-deleted',
)

/** ISO 9506-1, Priority: 0 is the most urgent, 64 the usual one. */
export const Priority: Type<number> = integerRange('Priority', 0, 127)
export const NORMAL_PRIORITY = 64

/** ISO 9506-2, AttachToEventCondition: the service waits for an event. */
export interface AttachToEventCondition {
  readonly eventEnrollmentName: ObjectName
  readonly eventConditionName: ObjectName
  readonly causingTransitions: BitString
  /** Seconds; absent: for ever. */
  readonly acceptableDelay?: number
}
export const AttachToEventCondition: Type<AttachToEventCondition> = SEQUENCE<AttachToEventCondition>('AttachToEventCondition', {
  eventEnrollmentName: explicit(0, ObjectName),
  eventConditionName: explicit(1, ObjectName),
  causingTransitions: implicit(2, Transitions),
  acceptableDelay: implicit(3, Unsigned32).optional(),
})

/** ISO 9506-2, AttachToSemaphore: the service waits for control of a semaphore. */
export interface AttachToSemaphore {
  readonly semaphoreName: ObjectName
  readonly namedToken?: string
  /** @default 64 */
  readonly priority: number
  readonly acceptableDelay?: number
  readonly controlTimeOut?: number
  readonly abortOnTimeOut?: boolean
  /** @default true */
  readonly relinquishIfConnectionLost: boolean
}
export const AttachToSemaphore: Type<AttachToSemaphore> = SEQUENCE<AttachToSemaphore>('AttachToSemaphore', {
  semaphoreName: explicit(0, ObjectName),
  namedToken: implicit(1, Identifier).optional(),
  priority: implicit(2, Priority).default(NORMAL_PRIORITY),
  acceptableDelay: implicit(3, Unsigned32).optional(),
  controlTimeOut: implicit(4, Unsigned32).optional(),
  abortOnTimeOut: implicit(5, BOOLEAN).optional(),
  relinquishIfConnectionLost: implicit(6, BOOLEAN).default(true),
})

/** ISO 9506-1, Modifier: what a request waits for before its service is executed. */
export type Modifier = Choice<{ eventModifier: AttachToEventCondition; semaphoreModifier: AttachToSemaphore }>
export const Modifier: Type<Modifier> = CHOICE<Modifier>('Modifier', {
  eventModifier: implicit(0, AttachToEventCondition),
  semaphoreModifier: implicit(1, AttachToSemaphore),
})
