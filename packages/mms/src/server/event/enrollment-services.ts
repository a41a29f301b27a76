import type { BitString } from '@x/ber'
import type { ServiceError } from '../../asn1/error.js'
import { EEAttributes, type GetEventEnrollmentAttributesRequest } from '../../asn1/event-enrollment.js'
import type { ObjectName } from '../../asn1/identifiers.js'
import { Transitions } from '../../asn1/modifier.js'
import { mmsDeletable, refusal } from '../access.js'
import { applicationOf, isApplication, sameApplication } from '../application.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent, serviceError } from '../errors.js'
import type { Answer, Handlers } from '../handlers.js'
import { isInside } from '../inside.js'
import { itemOf, objectNameOf } from '../objects.js'
import { eventsOf } from './events.js'
import { type EventCondition, type EventEnrollment, eventTimeOf, matches } from './objects.js'
import { pageOf, singly } from './page.js'
import { behind, deleteEach, inconsistent, mayRefer, noRoom, placeFor, type Refused, visible } from './places.js'
import { type AckEvent, type AckRule, ackTable, type ConditionTransition, type EnrollmentState, enrollmentStates } from './states.js'

/** ISO 9506-1, 21.2 to 21.6 and 18.4. */
export const enrollmentServices = {
  defineEventEnrollment(request, association) {
    const { vmd, own } = association
    const { eventEnrollmentName, eventConditionName, eventActionName, clientApplication } = request
    const rule = ruleOf(request.alarmAcknowledgmentRule)
    if (rule === undefined || (clientApplication !== undefined && !association.agreed('tpy'))) return invalidArgument
    const scope = placeFor(association, 'eventEnrollment', eventEnrollmentName)
    if ('error' in scope) return scope
    const condition = vmd.find('eventCondition', eventConditionName, own)
    if (condition === undefined) return missing(eventConditionName)
    const action = eventActionName && vmd.find('eventAction', eventActionName, own)
    if (eventActionName && action === undefined) return missing(eventActionName)
    if (!mayRefer(scope, condition) || (action && !mayRefer(scope, action))) return inconsistent
    const transitions = Transitions.names(request.eventConditionTransitions)
    if (!isSound(condition, transitions, rule)) return inconsistent
    const events = eventsOf(vmd)
    if (!events.hasRoom('eventEnrollment', scope)) return noRoom
    const isOwn = clientApplication === undefined && !isInside(association)
    events.addEnrollment(scope, {
      name: itemOf(eventEnrollmentName),
      condition,
      transitions,
      rule,
      action,
      // No parameter says it. Our own reading: what is named for the association is for the association.
      duration: scope === own ? 'current' : 'permanent',
      client: clientApplication ?? applicationOf(association),
      association: isOwn ? association : undefined,
    })
    return { response: null }
  },

  deleteEventEnrollment(scope, association) {
    const { vmd, own } = association
    const events = eventsOf(vmd)
    let candidates: Iterable<EventEnrollment | undefined>
    if (scope.type === 'specific') candidates = scope.value.map(name => vmd.find('eventEnrollment', name, own))
    else {
      const object = vmd.find(scope.type === 'ec' ? 'eventCondition' : 'eventAction', scope.value, own)
      if (object === undefined) return nonExistent
      candidates = object.enrollments
    }
    // Those of class modifier go with the request that waits.
    const isFree = (object: unknown) => (object as EventEnrollment).modifier === undefined
    return { response: deleteEach(events, association, 'eventEnrollment', candidates, isFree) }
  },

  alterEventEnrollment({ eventEnrollmentName, eventConditionTransitions, alarmAcknowledgmentRule }, association) {
    if (eventConditionTransitions === undefined && alarmAcknowledgmentRule === undefined) return invalidArgument
    const enrollment = association.vmd.find('eventEnrollment', eventEnrollmentName, association.own)
    const rule = alarmAcknowledgmentRule === undefined ? enrollment?.rule : ruleOf(alarmAcknowledgmentRule)
    if (alarmAcknowledgmentRule !== undefined && rule === undefined) return invalidArgument
    if (enrollment === undefined || rule === undefined) return nonExistent
    const refused = refusal(association, 'load', enrollment)
    if (refused) return refused
    if (enrollment.modifier !== undefined) return inconsistent
    const { condition } = enrollment
    const transitions = eventConditionTransitions ? Transitions.names(eventConditionTransitions) : [...enrollment.transitions]
    if (condition !== undefined && !isSound(condition, transitions, rule)) return inconsistent
    enrollment.transitions = new Set(transitions)
    enrollment.rule = rule
    // What the new rule does not know needs no acknowledgement any more.
    if (rule === 'none' || (rule !== 'ack-all' && enrollment.ackState === 'noAckI')) enrollment.ackState = 'acked'
    if (rule !== 'ack-all' && enrollment.ackState === 'noAckA, idle acknowledged') enrollment.ackState = 'noAckA'
    const state = enrollmentStateOf(enrollment)
    return {
      response: {
        currentState: state === 'undefined' ? { type: 'undefined', value: null } : { type: 'state', value: state },
        transitionTime: condition?.timeOfLast ?? { type: 'undefined', value: null },
      },
    }
  },

  reportEventEnrollmentStatus(name, { vmd, own }) {
    const enrollment = vmd.find('eventEnrollment', name, own)
    if (enrollment === undefined) return nonExistent
    const { transitions, notificationLost, duration, isMonitored, modifier, rule } = enrollment
    return {
      response: {
        eventConditionTransitions: bitsOf(transitions),
        notificationLost,
        duration,
        ...(isMonitored && modifier === undefined && { alarmAcknowledgmentRule: rule }),
        currentState: enrollmentStateOf(enrollment),
      },
    }
  },

  getEventEnrollmentAttributes(request, association): Answer<'getEventEnrollmentAttributes'> {
    const chosen = chosenBy(request, association)
    if (!Array.isArray(chosen)) return chosen as Exclude<typeof chosen, readonly EventEnrollment[]>
    const entries = function* () {
      for (const enrollment of behind(chosen as readonly EventEnrollment[], request.continueAfter))
        yield attributesOf(enrollment, association)
    }
    const page = pageOf(singly(entries()), EEAttributes, association)
    return 'error' in page ? page : { response: { listOfEEAttributes: page.entries, moreFollows: page.moreFollows } }
  },

  acknowledgeEventNotification({ eventEnrollmentName, acknowledgedState, timeOfAcknowledgedTransition: time }, association) {
    const enrollment = association.vmd.find('eventEnrollment', eventEnrollmentName, association.own)
    if (enrollment === undefined) return nonExistent
    if (enrollment.modifier !== undefined || !enrollment.isMonitored) return inconsistent
    if (!isClientOf(association, enrollment)) return { error: serviceError('access', 'object-access-denied') }
    const { condition, rule, lastState } = enrollment
    const monitoring = condition?.monitoring
    // Whatever does not match anything that waits for an acknowledgement is answered all the same, and changes nothing.
    if (monitoring === undefined || rule === 'none') return { response: null }
    const event = ACKNOWLEDGEMENTS[`${acknowledgedState}, ${lastState}`]
    const transitionTime = acknowledgedState === 'active' ? monitoring.timeToActive : monitoring.timeToIdle
    const next = event && matches(time, transitionTime) ? ackTable[event][rule][enrollment.ackState] : undefined
    if (next === undefined) return { response: null }
    enrollment.ackState = next
    const now = eventTimeOf(association.vmd.now())
    if (acknowledgedState === 'active') enrollment.timeActiveAck = now
    else enrollment.timeIdleAck = now
    return { response: null }
  },
} satisfies Handlers

/** By the state that is acknowledged, and the one that the condition is in. */
const ACKNOWLEDGEMENTS: Readonly<Record<string, AckEvent>> = {
  'active, active': 'acknowledge active, condition active',
  'active, idle': 'acknowledge active, condition idle',
  'idle, idle': 'acknowledge idle, condition idle',
}

/** EE-State. ISO 9506-1, 21.5.1.2.5. */
export function enrollmentStateOf({ condition, lastState, rule, ackState }: EventEnrollment): EnrollmentState | 'undefined' {
  return condition === undefined ? 'undefined' : enrollmentStates[lastState][rule][ackState]
}

/** Whether an association is one of the client that is enrolled. */
export function isClientOf(association: ServerAssociation, enrollment: EventEnrollment): boolean {
  return enrollment.association === association || isApplication(association, enrollment.client)
}

const RULES: readonly unknown[] = ['none', 'simple', 'ack-active', 'ack-all'] satisfies AckRule[]
function ruleOf(rule: unknown): AckRule | undefined {
  return RULES.includes(rule) ? (rule as AckRule) : undefined
}

function missing(name: ObjectName): Refused {
  const error: ServiceError = {
    ...serviceError('definition', 'object-undefined'),
    serviceSpecificInfo: { type: 'defineEventEnrollmentError', value: name },
  }
  return { error }
}

/** ISO 9506-1, 21.1.1: which transitions a rule needs; a condition that is triggered has none, and nothing to acknowledge. */
export function isSound(condition: EventCondition, transitions: readonly ConditionTransition[], rule: AckRule): boolean {
  if (condition.monitoring === undefined) return transitions.length === 0 && rule === 'none'
  const needed: ConditionTransition[] = [
    ...(rule === 'none' ? [] : (['disabled-to-active', 'idle-to-active'] as const)),
    ...(rule === 'ack-all' ? (['disabled-to-idle', 'active-to-idle'] as const) : []),
  ]
  return transitions.length > 0 && needed.every(transition => transitions.includes(transition))
}

function bitsOf(transitions: ReadonlySet<ConditionTransition>): BitString {
  return Transitions.of(...transitions)
}

/** The enrollments that a request asks about; each scope has its own parameter, and no other. */
function chosenBy(
  request: GetEventEnrollmentAttributesRequest,
  association: ServerAssociation,
): readonly EventEnrollment[] | typeof nonExistent | typeof invalidArgument {
  const { vmd, own } = association
  const { scopeOfRequest, eventEnrollmentNames, clientApplication, eventConditionName, eventActionName } = request
  const given = { specific: eventEnrollmentNames, client: clientApplication, ec: eventConditionName, ea: eventActionName }
  for (const [scope, parameter] of Object.entries(given)) {
    const isWanted = scope === scopeOfRequest
    if (!isWanted && parameter !== undefined) return invalidArgument
    if (isWanted && parameter === undefined && scope !== 'client') return invalidArgument
  }
  if (clientApplication !== undefined && !association.agreed('tpy')) return invalidArgument
  const seen = [...visible(association, 'eventEnrollment')]
  switch (scopeOfRequest) {
    case 'specific': {
      const named = new Set(eventEnrollmentNames!.map(name => vmd.find('eventEnrollment', name, own)))
      return named.has(undefined) ? nonExistent : seen.filter(enrollment => named.has(enrollment))
    }
    case 'client':
      if (clientApplication === undefined) return seen.filter(enrollment => isClientOf(association, enrollment))
      return seen.filter(({ client }) => sameApplication(client, clientApplication))
    case 'ec':
    case 'ea': {
      const object = vmd.find(scopeOfRequest === 'ec' ? 'eventCondition' : 'eventAction', (eventConditionName ?? eventActionName)!, own)
      return object === undefined ? nonExistent : seen.filter(enrollment => object.enrollments.has(enrollment))
    }
    default:
      return invalidArgument
  }
}

function attributesOf(enrollment: EventEnrollment, association: ServerAssociation): EEAttributes {
  const { condition, action, client, modifier, duration } = enrollment
  const gone = { type: 'undefined', value: null } as const
  const { vmd } = association
  return {
    eventEnrollmentName: objectNameOf(enrollment),
    eventConditionName: condition === undefined ? gone : { type: 'eventCondition', value: objectNameOf(condition) },
    ...(action !== undefined && {
      eventActionName: action === 'gone' ? gone : ({ type: 'eventAction', value: objectNameOf(action) } as const),
    }),
    ...(association.agreed('tpy') && { clientApplication: client }),
    mmsDeletable: mmsDeletable(vmd, enrollment),
    enrollmentClass: modifier ? 'modifier' : 'notification',
    duration,
    ...(modifier && { invokeID: modifier.invokeID }),
    ...(modifier?.until !== undefined && { remainingAcceptableDelay: Math.max(0, Math.ceil((modifier.until - vmd.now()) / 1_000)) }),
    ...(hasNullForDisplay(association) && { displayEnhancement: { type: 'noEnhancement', value: null } as const }),
  }
}

/**
 * ISO 9506-2, EEAttributes: without `csr` and `cspi` a NULL stands where the display enhancement would be; with them none at all is left out.
 * Minor version 1, where the field is unknown, has neither: our reading.
 */
function hasNullForDisplay({ negotiated: { versionNumber, parameterCBB } }: ServerAssociation): boolean {
  return versionNumber > 1 && !parameterCBB.includes('csr') && !parameterCBB.includes('cspi')
}
