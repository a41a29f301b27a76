import type {
  AccessCondition,
  ChangeAccessControlRequest,
  ControlledObjects,
  GetAccessControlListAttributesRequest,
} from '../../asn1/access-control.js'
import { type ObjectClass, ObjectName } from '../../asn1/identifiers.js'
import { type AccessControlList, DELETABLE, MOST_NESTING, nestingOf, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent, serviceError, tooDeep, valueOutOfRange } from '../errors.js'
import type { Handlers } from '../handlers.js'
import { type HeldClass, type MmsObject, mayHold, type Scope } from '../objects.js'
import { pageOf } from '../paging.js'
import { listNameFor } from '../variable/attributes.js'
import { countsOf, governedBy, namesGovernedBy } from './controlled.js'

/** ISO 9506-1, 9. Codes of errors are our own reading. */
export const accessControlHandlers = {
  defineAccessControlList({ accessControlListName: name, accessControlListElements: conditions }, association) {
    const { vmd, limits } = association
    const each = Object.values(conditions) as AccessCondition[]
    if (each.some(condition => nestingOf(condition) > MOST_NESTING)) return tooDeep
    const lists = vmd.vmdSpecific.of('accessControlList')
    if (lists.has(name)) return { error: serviceError('definition', 'object-exists') }
    const refused = refusal(association, 'load', vmd)
    if (refused) return refused
    const all = each.flatMap(withMembers)
    const isMissing = all.some(({ type, value }) => type === 'semaphore' && !vmd.vmdSpecific.of('semaphore').has(value as string))
    if (isMissing) return { error: serviceError('definition', 'object-undefined') }
    if (lists.size >= limits.maxAccessControlLists || all.length > limits.maxAccessConditions) {
      return { error: serviceError('resource', 'capability-unavailable') }
    }
    vmd.vmdSpecific.add('accessControlList', { name, scope: vmd.vmdSpecific, accessControlList: DELETABLE, conditions })
    return { response: null }
  },

  /** Counts are of the objects that the client can see: the VMD's, those of domains and its own. */
  getAccessControlListAttributes(request, association) {
    const { vmd } = association
    const list = listMeant(request, association)
    if ('reject' in list || 'error' in list) return list
    const { name, conditions } = list
    return {
      response: {
        name,
        accessControlListElements: conditions,
        vMDuse: vmd.accessControlList === name,
        references: [...countsOf(association, name)].map(([held, objectCount]) => ({ objectClass: objectClassOf(held), objectCount })),
        ...listNameFor(association, list),
      },
    }
  },

  reportAccessControlledObjects({ accessControlList, objectClass, continueAfter }, association) {
    const held = heldClassOf(objectClass, association)
    if (typeof held !== 'string') return held
    if (!association.vmd.vmdSpecific.of('accessControlList').has(accessControlList)) return nonExistent
    const { page, moreFollows } = pageOf(namesGovernedBy(association, accessControlList, held, continueAfter), ObjectName, association)
    return { response: { listOfNames: page, moreFollows } }
  },

  deleteAccessControlList(name, association) {
    const { vmd } = association
    const list = vmd.vmdSpecific.get('accessControlList', name)
    if (list === undefined) return nonExistent
    const refused = refusal(association, 'delete', list)
    if (refused) return refused
    if (vmd.accessControlList === name || !governedBy(vmd, name).next().done) {
      return { error: serviceError('service', 'object-constraint-conflict') }
    }
    vmd.vmdSpecific.remove('accessControlList', list)
    return { response: null }
  },

  /** The edit condition that counts is that of the old list; objects whose list forbids it are matched and skipped. */
  changeAccessControl({ scopeOfChange, accessControlListName }, association) {
    const { vmd } = association
    const objects = objectsMeant(scopeOfChange, association)
    if ('reject' in objects) return objects
    if (!vmd.vmdSpecific.of('accessControlList').has(accessControlListName)) return withNoneChanged(nonExistent)
    if ('error' in objects) return withNoneChanged(objects)
    const refused = refusal(association, 'edit', vmd)
    if (refused) return withNoneChanged(refused)
    let numberChanged = 0
    for (const object of objects.matched) {
      if (refusal(association, 'edit', object)) continue
      object.accessControlList = accessControlListName
      numberChanged += 1
    }
    return { response: { numberMatched: objects.matched.length, numberChanged } }
  },
} satisfies Handlers

type Refused = typeof nonExistent
type Rejected = typeof invalidArgument

/** A condition, and all that are inside it. */
function withMembers(condition: AccessCondition): readonly AccessCondition[] {
  if (condition.type !== 'joint' && condition.type !== 'alternate') return [condition]
  return [condition, ...condition.value.flatMap(withMembers)]
}

function listMeant(request: GetAccessControlListAttributesRequest, association: ServerAssociation): AccessControlList | Refused | Rejected {
  const { vmd, own } = association
  let name: string | undefined
  if (request.type === 'accessControlListName') name = request.value
  else if (request.type === 'vMD') name = vmd.accessControlList
  else {
    const held = heldClassOf(request.value.objectClass, association)
    if (typeof held !== 'string') return held
    name = vmd.find(held, request.value.objectName, own)?.accessControlList
  }
  return (name === undefined ? undefined : vmd.vmdSpecific.get('accessControlList', name)) ?? nonExistent
}

/** What a change is to change; a name that is not there is not matched, one that is given twice is matched once. */
function objectsMeant(
  scopeOfChange: ChangeAccessControlRequest['scopeOfChange'],
  association: ServerAssociation,
): { readonly matched: readonly { accessControlList: string }[] } | Refused | Rejected {
  if (scopeOfChange.type === 'vMDOnly') return { matched: [association.vmd] }
  const { objectClass, objectScope } = scopeOfChange.value
  const held = heldClassOf(objectClass, association)
  if (typeof held !== 'string') return held
  if (objectScope.type === 'specific') {
    const found = objectScope.value.map(name => association.vmd.find(held, name, association.own) as MmsObject | undefined)
    return { matched: [...new Set(found.filter(object => object !== undefined))] }
  }
  const scope = scopeMeant(objectScope, association)
  if (scope === undefined) return nonExistent
  return { matched: mayHold(scope.kind, held) ? [...(scope.of(held) as Iterable<MmsObject>)] : [] }
}

function scopeMeant(
  objectScope: Exclude<ControlledObjects['objectScope'], { type: 'specific' }>,
  { vmd, own }: ServerAssociation,
): Scope | undefined {
  if (objectScope.type === 'domain') return vmd.domain(objectScope.value)?.objects
  return objectScope.type === 'vmd' ? vmd.vmdSpecific : own
}

/** The class by its name here. Classes that the server has no objects of are empty. */
function heldClassOf({ type, value }: ObjectClass, association: ServerAssociation): HeldClass | Rejected {
  if (typeof value !== 'string') return valueOutOfRange
  return type === 'csObjectClass' && !association.agreed('cspi') ? invalidArgument : (value as HeldClass)
}

function objectClassOf(held: HeldClass): ObjectClass {
  return { type: CS_CLASSES.has(held) ? 'csObjectClass' : 'basicObjectClass', value: held } as ObjectClass
}
const CS_CLASSES: ReadonlySet<string> = new Set(['eventConditionList', 'unitControl'])

/** An error says how many were changed before it. */
function withNoneChanged({ error }: Refused): Refused {
  return { error: { ...error, serviceSpecificInfo: { type: 'changeAccessControl', value: 0 } } }
}
