import { UsageError } from '@x/core'
import { parseObjectName } from '../../names.js'
import { NON_DELETABLE } from '../access.js'
import type { Domain } from '../domain/domain.js'
import type { VmdModel } from '../model.js'
import { type HeldClass, type ObjectsByClass, Scope } from '../objects.js'
import type { Vmd } from '../vmd.js'
import { isSound } from './enrollment-services.js'
import { type Events, eventsOf } from './events.js'
import { addMembers, holds } from './list-services.js'
import type { EventConditionModel, EventModel } from './model.js'
import type { Watched } from './objects.js'
import { CONDITION_TRANSITIONS } from './states.js'

/** Makes the events that a model describes. @throws UsageError `MMS_MODEL` */
export function buildEvents(vmd: Vmd, model: VmdModel): void {
  addViolation(eventsOf(vmd))
  buildParts(vmd, [
    [vmd.vmdSpecific, model],
    ...Object.entries(model.domains ?? {}).map(([name, domain]) => [vmd.domain(name)!.objects, domain] as const),
  ])
}

/** Those of a domain that has been loaded. @throws UsageError `MMS_MODEL` */
export function buildDomainEvents(vmd: Vmd, domain: Domain, model: EventModel): void {
  buildParts(vmd, [[domain.objects, model]])
  buildLists(vmd, entriesOf(domain.objects, model))
}

/** The predefined condition that an access has been refused: once in a turn, whatever was refused in it. That each refusal is meant is our own reading. */
function addViolation(events: Events): void {
  const violation = events.addCondition(events.vmd.vmdSpecific, { name: 'M_Violation', accessControlList: 'M_Never' })
  let isTold = false
  events.vmd.onViolation = () => {
    if (isTold || violation.enrollments.size === 0) return
    isTold = true
    events.trigger(violation)
    void Promise.resolve().then(() => {
      isTold = false
    })
  }
}

function buildParts(vmd: Vmd, parts: readonly (readonly [Scope, EventModel])[]): void {
  const events = eventsOf(vmd)
  for (const [scope, { eventConditions, eventActions }] of parts) {
    for (const [name, condition] of Object.entries(eventConditions ?? {})) addCondition(events, scope, name, condition)
    for (const [name, { request, modifiers = [], accessControlList = NON_DELETABLE }] of Object.entries(eventActions ?? {})) {
      events.addAction(scope, { name, accessControlList, request, modifiers, csExtension: undefined, negotiated: undefined })
    }
  }
  for (const [scope, { eventEnrollments }] of parts) {
    for (const [name, { transitions, rule = 'none', client = {}, accessControlList = NON_DELETABLE, ...given }] of Object.entries(
      eventEnrollments ?? {},
    )) {
      const condition = named(vmd, 'eventCondition', given.condition, name)
      const action = given.action === undefined ? undefined : named(vmd, 'eventAction', given.action, name)
      const wanted = transitions ?? (condition.monitoring === undefined ? [] : CONDITION_TRANSITIONS)
      if (!isSound(condition, wanted, rule)) throw wrong(name, 'its transitions do not fit its condition or its rule')
      events.addEnrollment(scope, { name, accessControlList, condition, transitions: wanted, rule, action, duration: 'permanent', client })
    }
  }
}

/** The lists, when every condition is there. @throws UsageError `MMS_MODEL` */
export function buildConditionLists(vmd: Vmd, model: VmdModel): void {
  buildLists(vmd, [
    ...entriesOf(vmd.vmdSpecific, model),
    ...Object.entries(model.domains ?? {}).flatMap(([name, domain]) => entriesOf(vmd.domain(name)!.objects, domain)),
  ])
}

function buildLists(vmd: Vmd, entries: ReturnType<typeof entriesOf>): void {
  const events = eventsOf(vmd)
  const lists = entries.map(({ scope, name, list }) => ({
    name,
    list,
    made: events.addConditionList(scope, name, list.accessControlList ?? NON_DELETABLE),
  }))
  for (const { name, list, made } of lists) {
    const inner = (list.lists ?? []).map(text => named(vmd, 'eventConditionList', text, name))
    if (inner.some(each => holds(each, made))) throw wrong(name, 'it is inside itself')
    addMembers(made, { conditions: list.conditions.map(text => named(vmd, 'eventCondition', text, name)), lists: inner })
  }
}

function entriesOf(scope: Scope, { eventConditionLists }: EventModel) {
  return Object.entries(eventConditionLists ?? {}).map(([name, list]) => ({ scope, name, list }))
}

function addCondition(events: Events, scope: Scope, name: string, model: EventConditionModel): void {
  const { watches = 'local', enabled = true, alarmSummaryReports = false, evaluationInterval, priority = 64, severity = 64 } = model
  const { accessControlList = NON_DELETABLE } = model
  if (watches === 'triggered') {
    events.addCondition(scope, { name, accessControlList, priority, severity })
    return
  }
  const watched = watches === 'local' ? ({ type: 'local', value: false } as const) : watchedVariable(events.vmd, watches.variable, name)
  const monitoring = { watched, enabled, alarmSummaryReports, evaluationInterval }
  events.addCondition(scope, { name, accessControlList, priority, severity, monitoring })
}

function watchedVariable(vmd: Vmd, text: string, by: string): Watched {
  const variable = named(vmd, 'namedVariable', text, by)
  if (variable.type.type !== 'boolean') throw wrong(by, `${text} is no boolean`)
  return { type: 'named', variable }
}

function named<C extends HeldClass>(vmd: Vmd, objectClass: C, text: string, by: string): ObjectsByClass[C] {
  const object = vmd.find(objectClass, parseObjectName(text), NOWHERE)
  if (object === undefined) throw wrong(by, `${text} is not in the model`)
  return object
}

const NOWHERE = new Scope('aaSpecific')

function wrong(name: string, what: string): UsageError {
  return new UsageError('mms', 'MMS_MODEL', `event object ${name}: ${what}`)
}
