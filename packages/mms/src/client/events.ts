import { UsageError } from '@x/core'
import type { AlarmEnrollmentSummary, AlarmFilter, AlarmSummary } from '../asn1/event.js'
import type { EventNotification } from '../asn1/event-action.js'
import type { EEAttributes } from '../asn1/event-enrollment.js'
import type { ObjectName } from '../asn1/identifiers.js'
import { Transitions } from '../asn1/modifier.js'
import type { RequestOptions } from '../edge/requests.js'
import { sameObjectName } from '../names.js'
import type { ConfirmedServices } from '../services.js'
import { type PagingOptions, paged } from './paging.js'
import type { ReportOptions, ReportQueue } from './reports.js'
import type { ClientServices } from './services.js'
import { nameOf } from './variables.js'

/** A name as text (`domain/item`, `vmd:item`, `aa:item`) or as an ObjectName. */
export type Name = string | ObjectName
type Argument<S extends keyof ConfirmedServices> = ConfirmedServices[S]['request']
type Response<S extends keyof ConfirmedServices> = Promise<ConfirmedServices[S]['response']>
/** An argument whose fields with defaults may be left out, and whose name of the object may be text. */
type Loose<T, Field extends keyof T, Default extends keyof T = never> = Omit<T, Field | Default> &
  Partial<Pick<T, Default>> & { readonly [F in Field]: Name }

/** Transitions of a condition, by name. */
export type TransitionName = ReturnType<typeof Transitions.names>[number]
const ALL_ALARMS: AlarmFilter = {
  enrollmentsOnly: true,
  activeAlarmsOnly: true,
  acknowledgementFilter: 'not-acked',
  severityFilter: { mostSevere: 0, leastSevere: 127 },
}

/** The event services, 47 to 64, of ISO 9506-1, 18 to 21, and what the server notifies. Conditions, actions and enrollments are named as text or as ObjectNames. */
export class MmsEvents {
  readonly #client: ClientServices

  constructor(client: ClientServices) {
    this.#client = client
  }

  /** @param argument `priority` and `severity` default to 64 */
  async defineEventCondition(
    argument: Loose<Argument<'defineEventCondition'>, 'eventConditionName', 'priority' | 'severity'>,
    options?: RequestOptions,
  ): Promise<void> {
    const eventConditionName = nameOf(argument.eventConditionName)
    await this.#client.request('defineEventCondition', { priority: 64, severity: 64, ...argument, eventConditionName }, options)
  }

  /** @returns how many of those that were meant are left: they may not be deleted, are enrolled for, in a list, or never were */
  deleteEventCondition(scope: DeleteScope, options?: RequestOptions): Promise<number> {
    return this.#client.request('deleteEventCondition', scopeOf(scope), options)
  }

  getEventConditionAttributes(name: Name, options?: RequestOptions): Response<'getEventConditionAttributes'> {
    return this.#client.request('getEventConditionAttributes', nameOf(name), options)
  }

  reportEventConditionStatus(name: Name, options?: RequestOptions): Response<'reportEventConditionStatus'> {
    return this.#client.request('reportEventConditionStatus', nameOf(name), options)
  }

  /** What is left out stays as it is. */
  async alterEventConditionMonitoring(
    argument: Loose<Argument<'alterEventConditionMonitoring'>, 'eventConditionName'>,
    options?: RequestOptions,
  ): Promise<void> {
    const eventConditionName = nameOf(argument.eventConditionName)
    await this.#client.request('alterEventConditionMonitoring', { ...argument, eventConditionName }, options)
  }

  /** Makes a network-triggered condition happen. @param priority 0 first, 127 last; takes the place of the condition's own */
  async triggerEvent(name: Name, priority?: number, options?: RequestOptions): Promise<void> {
    const argument = { eventConditionName: nameOf(name), ...(priority !== undefined && { priority }) }
    await this.#client.request('triggerEvent', argument, options)
  }

  async defineEventAction(argument: Loose<Argument<'defineEventAction'>, 'eventActionName'>, options?: RequestOptions): Promise<void> {
    await this.#client.request('defineEventAction', { ...argument, eventActionName: nameOf(argument.eventActionName) }, options)
  }

  /** @returns how many of those that were meant are left */
  deleteEventAction(scope: DeleteScope, options?: RequestOptions): Promise<number> {
    return this.#client.request('deleteEventAction', scopeOf(scope), options)
  }

  getEventActionAttributes(name: Name, options?: RequestOptions): Response<'getEventActionAttributes'> {
    return this.#client.request('getEventActionAttributes', nameOf(name), options)
  }

  /** @returns how many enrollments refer to it */
  reportEventActionStatus(name: Name, options?: RequestOptions): Promise<number> {
    return this.#client.request('reportEventActionStatus', nameOf(name), options)
  }

  /**
   * Enrolls this client, or another application.
   * @param argument `eventConditionTransitions` by name; none for a network-triggered condition. `alarmAcknowledgmentRule` defaults to none
   */
  async defineEventEnrollment(
    argument: Loose<
      Omit<Argument<'defineEventEnrollment'>, 'eventConditionTransitions' | 'eventActionName'>,
      'eventEnrollmentName' | 'eventConditionName',
      'alarmAcknowledgmentRule'
    > & { readonly eventConditionTransitions: readonly TransitionName[]; readonly eventActionName?: Name },
    options?: RequestOptions,
  ): Promise<void> {
    const { eventActionName, ...rest } = argument
    await this.#client.request(
      'defineEventEnrollment',
      {
        alarmAcknowledgmentRule: 'none',
        ...rest,
        eventEnrollmentName: nameOf(rest.eventEnrollmentName),
        eventConditionName: nameOf(rest.eventConditionName),
        eventConditionTransitions: Transitions.of(...rest.eventConditionTransitions),
        ...(eventActionName !== undefined && { eventActionName: nameOf(eventActionName) }),
      },
      options,
    )
  }

  /** Enrollments by name, or all of a condition or of an action. @returns how many of them are left */
  deleteEventEnrollment(
    scope: readonly Name[] | { readonly condition: Name } | { readonly action: Name },
    options?: RequestOptions,
  ): Promise<number> {
    const argument: Argument<'deleteEventEnrollment'> =
      'condition' in scope
        ? { type: 'ec', value: nameOf(scope.condition) }
        : 'action' in scope
          ? { type: 'ea', value: nameOf(scope.action) }
          : { type: 'specific', value: scope.map(nameOf) }
    return this.#client.request('deleteEventEnrollment', argument, options)
  }

  /** What is left out stays as it is. */
  alterEventEnrollment(
    argument: Loose<Omit<Argument<'alterEventEnrollment'>, 'eventConditionTransitions'>, 'eventEnrollmentName'> & {
      readonly eventConditionTransitions?: readonly TransitionName[]
    },
    options?: RequestOptions,
  ): Response<'alterEventEnrollment'> {
    const { eventConditionTransitions, ...rest } = argument
    return this.#client.request(
      'alterEventEnrollment',
      {
        ...rest,
        eventEnrollmentName: nameOf(rest.eventEnrollmentName),
        ...(eventConditionTransitions && { eventConditionTransitions: Transitions.of(...eventConditionTransitions) }),
      },
      options,
    )
  }

  reportEventEnrollmentStatus(name: Name, options?: RequestOptions): Response<'reportEventEnrollmentStatus'> {
    return this.#client.request('reportEventEnrollmentStatus', nameOf(name), options)
  }

  /** One page. `enrollments` reads all pages. */
  getEventEnrollmentAttributes(
    argument: Argument<'getEventEnrollmentAttributes'>,
    options?: RequestOptions,
  ): Response<'getEventEnrollmentAttributes'> {
    return this.#client.request('getEventEnrollmentAttributes', argument, options)
  }

  /** Says that a transition has been seen. A server takes any answer to it as given: what does not match changes nothing. */
  async acknowledgeEventNotification(
    argument: Loose<Argument<'acknowledgeEventNotification'>, 'eventEnrollmentName'>,
    options?: RequestOptions,
  ): Promise<void> {
    const eventEnrollmentName = nameOf(argument.eventEnrollmentName)
    await this.#client.request('acknowledgeEventNotification', { ...argument, eventEnrollmentName }, options)
  }

  /** One page. `alarms` reads all pages. */
  getAlarmSummary(filter: Partial<AlarmFilter> = {}, options?: RequestOptions): Response<'getAlarmSummary'> {
    return this.#client.request('getAlarmSummary', { ...ALL_ALARMS, ...filter }, options)
  }

  /** One page. `alarmEnrollments` reads all pages. */
  getAlarmEnrollmentSummary(filter: Partial<AlarmFilter> = {}, options?: RequestOptions): Response<'getAlarmEnrollmentSummary'> {
    return this.#client.request('getAlarmEnrollmentSummary', { ...ALL_ALARMS, ...filter }, options)
  }

  /** Notifications from now on, in order. A slow reader loses the oldest, unless told otherwise. `mms.on('eventNotification', …)` is the same for listeners. */
  notifications(options: ReportOptions = {}): ReportQueue<EventNotification> {
    return this.#client.notifications('eventNotification', options)
  }

  /** Acknowledges the transition that a notification tells of. @throws UsageError `MMS_EVENT` for an event that was triggered, or a state `disabled`: there is nothing to acknowledge */
  async acknowledge(notification: EventNotification, options?: RequestOptions): Promise<void> {
    const { eventEnrollmentName, currentState, transitionTime } = notification
    if (currentState !== 'active' && currentState !== 'idle') {
      throw new UsageError(
        'mms',
        'MMS_EVENT',
        `expected a notification of a condition that is active or idle, found ${currentState ?? 'one of a trigger'}`,
      )
    }
    const argument = { eventEnrollmentName, acknowledgedState: currentState, timeOfAcknowledgedTransition: transitionTime }
    await this.acknowledgeEventNotification(argument, options)
  }

  /** Conditions that are alarms, page by page. @param filter as in ISO 9506-2; by default active ones of this client that are not acknowledged */
  alarms(filter: Partial<Omit<AlarmFilter, 'continueAfter'>> = {}, options: PagingOptions = {}): AsyncGenerator<AlarmSummary, void, void> {
    const { most, ...request } = options
    const page = async (after: AlarmSummary | undefined) => {
      const continueAfter = after && { continueAfter: after.eventConditionName }
      const { listOfAlarmSummary: entries, moreFollows } = await this.getAlarmSummary({ ...filter, ...continueAfter }, request)
      return { entries, moreFollows }
    }
    return paged(page, (a, b) => sameObjectName(a.eventConditionName, b.eventConditionName), most)
  }

  /** The same of enrollments. */
  alarmEnrollments(
    filter: Partial<Omit<AlarmFilter, 'continueAfter'>> = {},
    options: PagingOptions = {},
  ): AsyncGenerator<AlarmEnrollmentSummary, void, void> {
    const { most, ...request } = options
    const page = async (after: AlarmEnrollmentSummary | undefined) => {
      const continueAfter = after && { continueAfter: after.eventEnrollmentName }
      const { listOfAlarmEnrollmentSummary: entries, moreFollows } = await this.getAlarmEnrollmentSummary(
        { ...filter, ...continueAfter },
        request,
      )
      return { entries, moreFollows }
    }
    return paged(page, sameEnrollment, most)
  }

  /** Enrollments with their attributes, page by page. @param of by default those of this client */
  enrollments(
    of: Omit<Partial<Argument<'getEventEnrollmentAttributes'>>, 'continueAfter'> = {},
    options: PagingOptions = {},
  ): AsyncGenerator<EEAttributes, void, void> {
    const { most, ...request } = options
    const page = async (after: EEAttributes | undefined) => {
      const continueAfter = after && { continueAfter: after.eventEnrollmentName }
      const argument = { scopeOfRequest: 'client' as const, ...of, ...continueAfter }
      const { listOfEEAttributes: entries, moreFollows } = await this.getEventEnrollmentAttributes(argument, request)
      return { entries, moreFollows }
    }
    return paged(page, sameEnrollment, most)
  }
}

const sameEnrollment = (a: { readonly eventEnrollmentName: ObjectName }, b: typeof a) =>
  sameObjectName(a.eventEnrollmentName, b.eventEnrollmentName)

/** Which objects to delete: some by name, all of this association, of a domain, or those of the VMD that are in no domain. */
export type DeleteScope = readonly Name[] | 'aaSpecific' | 'vmd' | { readonly domain: string }

function scopeOf(scope: DeleteScope): Argument<'deleteEventCondition'> & Argument<'deleteEventAction'> {
  if (typeof scope === 'string') return { type: scope, value: null }
  return 'domain' in scope ? { type: 'domain', value: scope.domain } : { type: 'specific', value: scope.map(nameOf) }
}
