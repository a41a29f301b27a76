import type { AdditionalServiceError } from '../../asn1/error.js'
import { type EventConditionListReferences, EventConditionStatus } from '../../asn1/event-condition.js'
import type { ObjectName } from '../../asn1/identifiers.js'
import { compareNames } from '../../names.js'
import { refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent, serviceError } from '../errors.js'
import type { AdditionalAnswer, AdditionalHandlers } from '../handlers.js'
import { itemOf, objectNameOf, type Scope } from '../objects.js'
import { statusOf } from './condition-services.js'
import { eventsOf } from './events.js'
import type { EventCondition, EventConditionList } from './objects.js'
import { pageOf } from './page.js'
import { compareObjectNames, inconsistent, mayRefer, noRoom, placeFor, type Refused } from './places.js'

/** ISO 9506-1, 22. */
export const conditionListServices = {
  defineECL(request, association) {
    const { vmd } = association
    const events = eventsOf(vmd)
    if (!isAcceptable(request, association)) return invalidArgument
    const scope = placeFor(association, 'eventConditionList', request.eventConditionListName)
    if ('error' in scope) return scope
    const members = membersNamed(request, association)
    if (members.missing) return unknownMember({ type: 'defineEcl', value: members.missing.value })
    if (!members.all.every(member => mayRefer(scope, member))) return inconsistent
    if (members.all.length > events.limits.maxListMembers || !events.hasRoom('eventConditionList', scope)) return noRoom
    addMembers(events.addConditionList(scope, itemOf(request.eventConditionListName)), members)
    return { response: null }
  },

  deleteECL(name, association) {
    const list = association.vmd.find('eventConditionList', name, association.own)
    if (list === undefined) return nonExistent
    const refused = refusal(association, 'delete', list)
    if (refused) return refused
    if (list.referencing.size > 0) return { error: serviceError('service', 'object-constraint-conflict') }
    eventsOf(association.vmd).remove('eventConditionList', list)
    return { response: null }
  },

  addECLReference(request, association) {
    if (!isAcceptable(request, association)) return invalidArgument
    const list = guardedList(request.eventConditionListName, association)
    if ('error' in list) return list
    const members = membersNamed(request, association)
    if (members.missing) return unknownMember({ type: 'addECLReference', value: members.missing.value })
    if (!members.all.every(member => mayRefer(list.scope as Scope, member)) || members.lists.some(inner => holds(inner, list)))
      return inconsistent
    const conditions = new Set([...list.conditions, ...members.conditions])
    const lists = new Set([...list.lists, ...members.lists])
    if (conditions.size + lists.size > eventsOf(association.vmd).limits.maxListMembers) return noRoom
    addMembers(list, members)
    return { response: null }
  },

  removeECLReference(request, association) {
    if (!isAcceptable(request, association)) return invalidArgument
    const list = guardedList(request.eventConditionListName, association)
    if ('error' in list) return list
    const members = membersNamed(request, association, list)
    if (members.missing) return unknownMember({ type: 'removeECLReference', value: members.missing })
    for (const condition of members.conditions) {
      list.conditions.delete(condition)
      condition.lists.delete(list)
    }
    for (const inner of members.lists) {
      list.lists.delete(inner)
      inner.referencing.delete(list)
    }
    return { response: null }
  },

  getECLAttributes(name, association) {
    const list = association.vmd.find('eventConditionList', name, association.own)
    if (list === undefined) return nonExistent
    return {
      response: {
        listOfEventConditionName: sorted(list.conditions),
        ...(nests(association) && { listOfEventConditionListName: sorted(list.lists) }),
      },
    }
  },

  reportECLStatus({ eventConditionListName, continueAfter }, association): AdditionalAnswer<'reportECLStatus'> {
    const list = association.vmd.find('eventConditionList', eventConditionListName, association.own)
    if (list === undefined) return nonExistent
    const page = pageOf(byItem(list, continueAfter), EventConditionStatus, association)
    return 'error' in page ? page : { response: { listOfEventConditionStatus: page.entries, moreFollows: page.moreFollows } }
  },

  alterECLMonitoring({ eventConditionListName, enabled, priorityChange }, association) {
    const priority = priorityChange?.type === 'priorityValue' ? Number(priorityChange.value) : undefined
    if (priority !== undefined && !(priority >= 0 && priority <= 127)) {
      return { reject: { type: 'confirmedRequestPDU', value: 'value-out-of-range' } }
    }
    const list = guardedList(eventConditionListName, association)
    if ('error' in list) return list
    const events = eventsOf(association.vmd)
    for (const condition of expanded(list)) {
      if (priorityChange !== undefined) condition.groupPriorityOverride = priority
      if (condition.monitoring !== undefined) events.setEnabled(condition, enabled)
    }
    return { response: null }
  },
} satisfies AdditionalHandlers

interface Members {
  readonly conditions: readonly EventCondition[]
  readonly lists: readonly EventConditionList[]
  readonly all: readonly (EventCondition | EventConditionList)[]
  /** The first name that names nothing. */
  readonly missing: Missing | undefined
}
type Missing = Extract<AdditionalServiceError, { type: 'removeECLReference' }>['value']

const nests = ({ negotiated }: ServerAssociation) => negotiated.additionalCBB.includes('recl')

/** Lists inside lists are for those who have agreed on them; without them a list has at least one condition. */
function isAcceptable(
  { listOfEventConditionName: conditions, listOfEventConditionListName: lists }: EventConditionListReferences,
  association: ServerAssociation,
): boolean {
  return nests(association) || (lists === undefined && conditions.length > 0)
}

/** @param from a list of which they must be members @param own lookup of the asking association */
function membersNamed(request: EventConditionListReferences, { vmd, own }: ServerAssociation, from?: EventConditionList): Members {
  const conditions: EventCondition[] = []
  const lists: EventConditionList[] = []
  let missing: Missing | undefined
  for (const name of request.listOfEventConditionName) {
    const condition = vmd.find('eventCondition', name, own)
    if (condition !== undefined && (from === undefined || from.conditions.has(condition))) conditions.push(condition)
    else missing ??= { type: 'eventCondition', value: name }
  }
  for (const name of request.listOfEventConditionListName ?? []) {
    const list = vmd.find('eventConditionList', name, own)
    if (list !== undefined && (from === undefined || from.lists.has(list))) lists.push(list)
    else missing ??= { type: 'eventConditionList', value: name }
  }
  return { conditions, lists, all: [...conditions, ...lists], missing }
}

export function addMembers(list: EventConditionList, { conditions, lists }: Pick<Members, 'conditions' | 'lists'>): void {
  for (const condition of conditions) {
    list.conditions.add(condition)
    condition.lists.add(list)
  }
  for (const inner of lists) {
    list.lists.add(inner)
    inner.referencing.add(list)
  }
}

function guardedList(name: ObjectName, association: ServerAssociation): EventConditionList | Refused {
  const list = association.vmd.find('eventConditionList', name, association.own)
  return list === undefined ? nonExistent : (refusal(association, 'load', list) ?? list)
}

function unknownMember(value: AdditionalServiceError): Refused {
  return { error: { ...serviceError('definition', 'object-undefined'), serviceSpecificInfo: { type: 'additionalService', value } } }
}

/** Every list that is in a list, itself first. There are no circles. */
function within(list: EventConditionList): ReadonlySet<EventConditionList> {
  const found = new Set([list])
  // A set gives what is added while it is gone through.
  for (const each of found) for (const inner of each.lists) found.add(inner)
  return found
}

/** Whether a list is another one, or holds it. */
export function holds(list: EventConditionList, other: EventConditionList): boolean {
  return within(list).has(other)
}

/** Each condition of the list and of the lists in it, once. */
function expanded(list: EventConditionList): ReadonlySet<EventCondition> {
  const conditions = new Set<EventCondition>()
  for (const each of within(list)) for (const condition of each.conditions) conditions.add(condition)
  return conditions
}

/**
 * The conditions in the order of their identifiers, which alone a request can name to go on behind: those with the same identifier in
 * several scopes are on one page.
 */
function* byItem(list: EventConditionList, continueAfter: string | undefined): Generator<readonly EventConditionStatus[], void, void> {
  const conditions = [...expanded(list)]
    .filter(({ name }) => continueAfter === undefined || compareNames(name, continueAfter) > 0)
    .sort((a, b) => compareNames(a.name, b.name) || compareObjectNames(objectNameOf(a), objectNameOf(b)))
  for (let i = 0; i < conditions.length; ) {
    const { name } = conditions[i]!
    const group: EventConditionStatus[] = []
    for (; conditions[i]?.name === name; i++) group.push({ eventConditionName: objectNameOf(conditions[i]!), ...statusOf(conditions[i]!) })
    yield group
  }
}

function sorted(objects: Iterable<EventCondition | EventConditionList>): ObjectName[] {
  return Array.from(objects, objectNameOf).sort(compareObjectNames)
}
