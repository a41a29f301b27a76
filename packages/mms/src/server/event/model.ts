import type { ApplicationReference } from '../../asn1/application-reference.js'
import type { Modifier } from '../../asn1/modifier.js'
import type { ConfirmedServiceRequest } from '../../services.js'
import type { AckRule, ConditionTransition } from './states.js'

/** The events of the VMD or of a domain, by name. Clients cannot delete them unless their access control list lets them. */
export interface EventModel {
  readonly eventConditions?: Readonly<Record<string, EventConditionModel>>
  readonly eventActions?: Readonly<Record<string, EventActionModel>>
  readonly eventEnrollments?: Readonly<Record<string, EventEnrollmentModel>>
  readonly eventConditionLists?: Readonly<Record<string, EventConditionListModel>>
}

/** What is watched. ISO 9506-1, 19.1. Objects of other scopes are named as text: `domain/item`, `vmd:item`. */
export interface EventConditionModel {
  /**
   * What makes it active: a boolean variable, as text; `local`, what the application says by `server.events.set`; `triggered`, nothing: it is
   * network-triggered, and has no states. @default 'local'
   */
  readonly watches?: 'triggered' | 'local' | { readonly variable: string }
  /** Whether it is watched from the start; a network-triggered one is never. @default true */
  readonly enabled?: boolean
  /** 0 first, 127 last. @default 64 */
  readonly priority?: number
  /** 0 worst, 127 least. @default 64 */
  readonly severity?: number
  /** Whether alarm summaries have it even if nobody must acknowledge it. @default false */
  readonly alarmSummaryReports?: boolean
  /** Milliseconds, at most, between two looks at the variable. @default the server's `evaluationInterval` */
  readonly evaluationInterval?: number
  /** @default 'M_NonDeletable' */
  readonly accessControlList?: string
}

/** A confirmed service that the VMD executes itself. ISO 9506-1, 20. */
export interface EventActionModel {
  readonly request: ConfirmedServiceRequest
  /** @default none */
  readonly modifiers?: readonly Modifier[]
  /** @default 'M_NonDeletable' */
  readonly accessControlList?: string
}

/** Who is told of what. ISO 9506-1, 21.1. */
export interface EventEnrollmentModel {
  /** As text. */
  readonly condition: string
  /** @default all of a monitored condition */
  readonly transitions?: readonly ConditionTransition[]
  /** @default 'none' */
  readonly rule?: AckRule
  /** Name of an action, as text. @default none */
  readonly action?: string
  /** Titles of the client. @default a client without titles */
  readonly client?: ApplicationReference
  /** @default 'M_NonDeletable' */
  readonly accessControlList?: string
}

/** Conditions that belong together. ISO 9506-1, 22. */
export interface EventConditionListModel {
  /** As text. */
  readonly conditions: readonly string[]
  /** Lists inside it, as text. @default none */
  readonly lists?: readonly string[]
  /** @default 'M_NonDeletable' */
  readonly accessControlList?: string
}
