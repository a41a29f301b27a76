import type { WriteRequest } from '../../asn1/variable-access.js'
import type { ServerAssociation } from '../association.js'
import type { ServiceGroup } from '../groups.js'
import { isItems, itemsOf } from '../variable/read-write.js'
import { variableMeant } from '../variable/specification.js'
import { actionServices } from './action-services.js'
import { alarmServices } from './alarm-services.js'
import { attachToEventCondition } from './attach.js'
import { buildConditionLists, buildEvents } from './build.js'
import { conditionServices } from './condition-services.js'
import { enrollmentServices } from './enrollment-services.js'
import { eventsOf } from './events.js'
import { conditionListServices } from './list-services.js'
import type { EventModel } from './model.js'

/** Whether there is one in the VMD or in a domain. */
const has = (model: EventModel & { readonly domains?: Readonly<Record<string, EventModel>> }, fields: readonly (keyof EventModel)[]) =>
  [model, ...Object.values(model.domains ?? {})].some(part => fields.some(field => part[field] !== undefined))

/** Event conditions, actions and enrollments: services 47 to 64, eventNotification, and the modifier attachToEventCondition. */
export const eventsGroup: ServiceGroup = {
  handlers: { ...conditionServices, ...actionServices, ...enrollmentServices, ...alarmServices },
  modifiers: { eventModifier: attachToEventCondition },
  after: { write: written },
  sends: ['eventNotification'],
  parameters: ['cei', 'tpy', 'aco'],
  isUsedBy: model => has(model, ['eventConditions', 'eventActions', 'eventEnrollments', 'eventConditionLists']),
  build: buildEvents,
}

/** Event condition lists: the additional services 16 to 22. */
export const eventConditionListsGroup: ServiceGroup = {
  additional: conditionListServices,
  parameters: ['cspi', 'aco'],
  additionalCBB: ['recl'],
  version: 3,
  isUsedBy: model => has(model, ['eventConditionLists']),
  build: buildConditionLists,
}

/** Conditions that watch what was written look at it at once; those that watch a part of it, or the whole of it, as well. */
function written({ variableAccessSpecification }: WriteRequest, association: ServerAssociation): void {
  const items = itemsOf(variableAccessSpecification, association, 'write')
  if (!isItems(items)) return
  const sources = new Set<object>()
  for (const item of items) {
    const variable = 'part' in item ? item.part : variableMeant(item.variableSpecification, association)
    if (typeof variable === 'object') sources.add(variable.source)
  }
  eventsOf(association.vmd).changed(({ source }) => sources.has(source))
}
