import { AlarmEnrollmentSummary, type AlarmFilter, AlarmSummary } from '../../asn1/event.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument } from '../errors.js'
import type { Answer, Handlers } from '../handlers.js'
import { objectNameOf } from '../objects.js'
import { enrollmentStateOf, isClientOf } from './enrollment-services.js'
import type { EventCondition, EventEnrollment } from './objects.js'
import { pageOf, singly } from './page.js'
import { behind, visible } from './places.js'

/** ISO 9506-1, 18.5 and 18.6. */
export const alarmServices = {
  getAlarmSummary(filter, association): Answer<'getAlarmSummary'> {
    if (!isKnown(filter)) return invalidArgument
    const page = pageOf(singly(summaries(filter, association)), AlarmSummary, association)
    return 'error' in page ? page : { response: { listOfAlarmSummary: page.entries, moreFollows: page.moreFollows } }
  },

  getAlarmEnrollmentSummary(filter, association): Answer<'getAlarmEnrollmentSummary'> {
    if (!isKnown(filter)) return invalidArgument
    const page = pageOf(singly(enrollmentSummaries(filter, association)), AlarmEnrollmentSummary, association)
    return 'error' in page ? page : { response: { listOfAlarmEnrollmentSummary: page.entries, moreFollows: page.moreFollows } }
  },
} satisfies Handlers

function* summaries(filter: AlarmFilter, association: ServerAssociation): Generator<AlarmSummary, void, void> {
  for (const condition of behind(visible(association, 'eventCondition'), filter.continueAfter)) {
    const { monitoring, severity, state } = condition
    const alarms = [...condition.enrollments].filter(isAlarm)
    if (monitoring === undefined || (!monitoring.alarmSummaryReports && alarms.length === 0)) continue
    if (filter.enrollmentsOnly && ![...condition.enrollments].some(each => isNotification(each) && isClientOf(association, each))) continue
    const unacknowledged = unacknowledgedOf(alarms)
    if (!passes(filter, condition, unacknowledged !== 'none')) continue
    const { timeToActive, timeToIdle } = monitoring
    yield {
      eventConditionName: objectNameOf(condition),
      severity,
      currentState: state,
      unacknowledgedState: unacknowledged,
      ...(timeToActive && { timeOfLastTransitionToActive: timeToActive }),
      ...(timeToIdle && { timeOfLastTransitionToIdle: timeToIdle }),
    }
  }
}

function* enrollmentSummaries(filter: AlarmFilter, association: ServerAssociation): Generator<AlarmEnrollmentSummary, void, void> {
  for (const enrollment of behind(visible(association, 'eventEnrollment'), filter.continueAfter)) {
    const { condition, rule, notificationLost, timeActiveAck, timeIdleAck, client } = enrollment
    if (!isAlarm(enrollment) || condition?.monitoring === undefined) continue
    if (filter.enrollmentsOnly && !isClientOf(association, enrollment)) continue
    if (!passes(filter, condition, enrollment.ackState !== 'acked')) continue
    const { timeToActive, timeToIdle } = condition.monitoring
    yield {
      eventEnrollmentName: objectNameOf(enrollment),
      ...(association.agreed('tpy') && { clientApplication: client }),
      severity: condition.severity,
      currentState: condition.state,
      notificationLost,
      alarmAcknowledgmentRule: rule,
      enrollmentState: enrollmentStateOf(enrollment),
      ...(timeToActive && { timeOfLastTransitionToActive: timeToActive }),
      ...(timeActiveAck && { timeActiveAcknowledged: timeActiveAck }),
      ...(timeToIdle && { timeOfLastTransitionToIdle: timeToIdle }),
      ...(timeIdleAck && { timeIdleAcknowledged: timeIdleAck }),
    }
  }
}

const isNotification = ({ modifier }: EventEnrollment) => modifier === undefined
/** Whether it has anything to do with acknowledgements. */
const isAlarm = (enrollment: EventEnrollment) => isNotification(enrollment) && enrollment.rule !== 'none'

function unacknowledgedOf(alarms: readonly EventEnrollment[]): 'none' | 'active' | 'idle' | 'both' {
  const active = alarms.some(({ ackState }) => ackState === 'noAckA' || ackState === 'noAckA, idle acknowledged')
  const idle = alarms.some(({ ackState }) => ackState === 'noAckI')
  return active ? (idle ? 'both' : 'active') : idle ? 'idle' : 'none'
}

function passes(filter: AlarmFilter, { state, severity }: EventCondition, isUnacknowledged: boolean): boolean {
  const { activeAlarmsOnly, acknowledgementFilter, severityFilter } = filter
  if (activeAlarmsOnly && state !== 'active') return false
  if (acknowledgementFilter !== 'all' && isUnacknowledged !== (acknowledgementFilter === 'not-acked')) return false
  return severity >= severityFilter.mostSevere && severity <= severityFilter.leastSevere
}

function isKnown({ acknowledgementFilter: filter }: AlarmFilter): boolean {
  return filter === 'all' || filter === 'acked' || filter === 'not-acked'
}
