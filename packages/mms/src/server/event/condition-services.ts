import type { VariableSpecification } from '../../asn1/variable-access.js'
import { accessDenied, mmsDeletable, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent, serviceError } from '../errors.js'
import type { Handlers } from '../handlers.js'
import { itemOf, type Scope } from '../objects.js'
import { refusalOf } from '../variable/item-access.js'
import { findVariable } from '../variable/objects.js'
import { isAcceptable, variableMeant } from '../variable/specification.js'
import { eventsOf } from './events.js'
import { type EventCondition, specificationOf, type Watched } from './objects.js'
import { deleteObjects, inconsistent, mayRefer, noRoom, placeFor, type Refused, undefinedObject } from './places.js'

const tooFine: Refused = { error: serviceError('timeResolution', 'unsupportable-time-resolution') }

/** ISO 9506-1, 19.2 to 19.6 and 18.2. */
export const conditionServices = {
  defineEventCondition(request, association) {
    const { vmd } = association
    const events = eventsOf(vmd)
    const { class: ecClass, alarmSummaryReports, monitoredVariable, evaluationInterval, priority, severity } = request
    if (evaluationInterval !== undefined && !association.agreed('cei')) return invalidArgument
    if (ecClass === 'monitored') {
      if (monitoredVariable === undefined || !isAcceptable({ variableSpecification: monitoredVariable }, association))
        return invalidArgument
    } else if (
      ecClass !== 'network-triggered' ||
      alarmSummaryReports !== undefined ||
      monitoredVariable ||
      evaluationInterval !== undefined
    ) {
      return invalidArgument
    }
    const scope = placeFor(association, 'eventCondition', request.eventConditionName)
    if ('error' in scope) return scope
    const watched = monitoredVariable && watchedBy(scope, monitoredVariable, association)
    if (watched && 'error' in watched) return watched
    if (evaluationInterval !== undefined && evaluationInterval < events.limits.minEvaluationInterval) return tooFine
    if (!events.hasRoom('eventCondition', scope)) return noRoom
    events.addCondition(scope, {
      name: itemOf(request.eventConditionName),
      priority,
      severity,
      ...(watched && { monitoring: { watched, alarmSummaryReports: alarmSummaryReports ?? false, evaluationInterval } }),
    })
    return { response: null }
  },

  deleteEventCondition(scope, association) {
    const isFree = (object: unknown) => (object as EventCondition).enrollments.size === 0 && (object as EventCondition).lists.size === 0
    return deleteObjects(eventsOf(association.vmd), association, 'eventCondition', scope, isFree)
  },

  getEventConditionAttributes(name, association) {
    const condition = association.vmd.find('eventCondition', name, association.own)
    if (condition === undefined) return nonExistent
    const { priority, severity, monitoring, accessControlList } = condition
    const variable = monitoring && specificationOf(monitoring.watched)
    return {
      response: {
        mmsDeletable: mmsDeletable(association.vmd, condition),
        class: monitoring ? 'monitored' : 'network-triggered',
        priority,
        severity,
        alarmSummaryReports: monitoring?.alarmSummaryReports ?? false,
        ...(variable && { monitoredVariable: { type: 'variableReference', value: variable } as const }),
        ...(monitoring?.watched.type === 'undefined' && { monitoredVariable: { type: 'undefined', value: null } as const }),
        ...(monitoring?.evaluationInterval !== undefined &&
          association.agreed('cei') && { evaluationInterval: monitoring.evaluationInterval }),
        ...(association.agreed('aco') && { accessControlList }),
      },
    }
  },

  reportEventConditionStatus(name, { vmd, own }) {
    const condition = vmd.find('eventCondition', name, own)
    return condition === undefined ? nonExistent : { response: statusOf(condition) }
  },

  alterEventConditionMonitoring(request, association) {
    const { enabled, priority, alarmSummaryReports, evaluationInterval } = request
    if (enabled === undefined && priority === undefined && alarmSummaryReports === undefined && evaluationInterval === undefined) {
      return invalidArgument
    }
    if (evaluationInterval !== undefined && !association.agreed('cei')) return invalidArgument
    const events = eventsOf(association.vmd)
    const condition = association.vmd.find('eventCondition', request.eventConditionName, association.own)
    if (condition === undefined) return nonExistent
    const refused = refusal(association, 'load', condition)
    if (refused) return refused
    const { monitoring } = condition
    if (monitoring === undefined) return inconsistent
    if (evaluationInterval !== undefined && evaluationInterval < events.limits.minEvaluationInterval) return tooFine
    if (priority !== undefined) condition.priority = priority
    if (alarmSummaryReports !== undefined) monitoring.alarmSummaryReports = alarmSummaryReports
    if (evaluationInterval !== undefined) {
      monitoring.evaluationInterval = evaluationInterval
      // The wait for the next evaluation may be longer than that.
      if (enabled === undefined) events.evaluation.evaluate(condition)
    }
    if (enabled !== undefined) events.setEnabled(condition, enabled)
    return { response: null }
  },

  triggerEvent({ eventConditionName, priority }, association) {
    const condition = association.vmd.find('eventCondition', eventConditionName, association.own)
    if (condition === undefined) return nonExistent
    const refused = refusal(association, 'load', condition)
    if (refused) return refused
    if (condition.monitoring !== undefined) return inconsistent
    if (priority !== undefined) condition.priority = priority
    eventsOf(association.vmd).trigger(condition)
    return { response: null }
  },
} satisfies Handlers

/** What reportEventConditionStatus says of a condition. */
export function statusOf({ state, enrollments, monitoring }: EventCondition) {
  return {
    currentState: state,
    numberOfEventEnrollments: enrollments.size,
    ...(monitoring && {
      enabled: monitoring.enabled,
      ...(monitoring.timeToActive && { timeOfLastTransitionToActive: monitoring.timeToActive }),
      ...(monitoring.timeToIdle && { timeOfLastTransitionToIdle: monitoring.timeToIdle }),
    }),
  }
}

/** The boolean variable that a specification means; what a client may not read it may not watch either, which is our own reading. */
function watchedBy(scope: Scope, specification: VariableSpecification, association: ServerAssociation): Watched | Refused {
  const variable = variableMeant(specification, association)
  if (variable === 'invalid-address') return { error: serviceError('definition', 'invalid-address') }
  if (variable === 'object-non-existent' || variable === 'object-undefined') return undefinedObject
  if (typeof variable !== 'object' || variable.type.type !== 'boolean') return { error: serviceError('definition', 'type-inconsistent') }
  if (refusalOf(association, 'read', variable)) return accessDenied
  if (specification.type !== 'name') return { type: 'unnamed', variable, specification }
  const named = findVariable(specification.value, association)!
  return mayRefer(scope, named) ? { type: 'named', variable: named } : inconsistent
}
