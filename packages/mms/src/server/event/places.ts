import type { ServiceError } from '../../asn1/error.js'
import type { ObjectName } from '../../asn1/identifiers.js'
import { compareNames } from '../../names.js'
import { accessDenied, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { nonExistent, serviceError } from '../errors.js'
import { itemOf, type MmsObject, objectNameOf, type Scope } from '../objects.js'
import type { CountedClass, Events } from './events.js'

export type Refused = { readonly error: ServiceError }

export const exists: Refused = { error: serviceError('definition', 'object-exists') }
export const inconsistent: Refused = { error: serviceError('definition', 'object-attribute-inconsistent') }
export const undefinedObject: Refused = { error: serviceError('definition', 'object-undefined') }
export const noRoom: Refused = { error: serviceError('resource', 'capability-unavailable') }

/** Where a new object goes: its domain exists, the name is free, and the VMD lets this client make objects. */
export function placeFor(association: ServerAssociation, objectClass: CountedClass, name: ObjectName): Scope | Refused {
  const scope = association.vmd.scopeOf(name, association.own)
  if (scope === undefined) return nonExistent
  if (scope.of(objectClass).has(itemOf(name))) return exists
  return refusal(association, 'load', association.vmd) ?? scope
}

/** Whether an object of one scope may refer to one of another: what outlives the association must not lean on what does not. */
export function mayRefer(from: Scope, to: MmsObject): boolean {
  return from.kind === 'aaSpecific' || to.scope?.kind !== 'aaSpecific'
}

/** Which objects a deleting service means. */
export type DeleteScope =
  | { readonly type: 'specific'; readonly value: readonly ObjectName[] }
  | { readonly type: 'aaSpecific' | 'vmd'; readonly value: null }
  | { readonly type: 'domain'; readonly value: string }

/**
 * Deletes what may be deleted. ISO 9506-1, 19.3. @returns how many of those that were meant are left; a name that is not there counts
 * @param isFree no other object refers to it
 */
export function deleteObjects<C extends 'eventCondition' | 'eventAction'>(
  events: Events,
  association: ServerAssociation,
  objectClass: C,
  scope: DeleteScope,
  isFree: (object: MmsObject) => boolean,
): { readonly response: number } | Refused {
  const { vmd, own } = association
  let candidates: Iterable<MmsObject | undefined>
  switch (scope.type) {
    case 'specific':
      candidates = scope.value.map(name => vmd.find(objectClass, name, own))
      break
    case 'aaSpecific':
      candidates = own.of(objectClass)
      break
    case 'domain': {
      const domain = vmd.domain(scope.value)
      if (domain === undefined) return nonExistent
      candidates = domain.objects.of(objectClass)
      break
    }
    default:
      candidates = vmd.vmdSpecific.of(objectClass)
  }
  return { response: deleteEach(events, association, objectClass, candidates, isFree) }
}

/** @returns how many are left */
export function deleteEach(
  events: Events,
  association: ServerAssociation,
  objectClass: CountedClass,
  candidates: Iterable<MmsObject | undefined>,
  isFree: (object: MmsObject) => boolean,
): number {
  let left = 0
  for (const object of [...candidates]) {
    if (object?.scope === undefined || refusal(association, 'delete', object) === accessDenied || !isFree(object)) left += 1
    else events.remove(objectClass, object)
  }
  return left
}

/** Every object of a class that an association sees: of the VMD, of the domains, its own; each by name. */
export function* visible<C extends CountedClass>(association: ServerAssociation, objectClass: C) {
  const { vmd, own } = association
  const scopes = [vmd.vmdSpecific, ...vmd.domains.names.map(name => vmd.domain(name)!.objects), own]
  for (const scope of scopes) {
    const objects = scope.of(objectClass)
    for (const name of objects.names) yield objects.get(name)!
  }
}

/** The order of `visible`. */
export function compareObjectNames(a: ObjectName, b: ObjectName): number {
  if (a.type !== b.type) return RANKS.indexOf(a.type) - RANKS.indexOf(b.type)
  if (a.type === 'domainSpecific' && b.type === 'domainSpecific') {
    const byDomain = compareNames(a.value.domainID, b.value.domainID)
    if (byDomain !== 0) return byDomain
  }
  return compareNames(itemOf(a), itemOf(b))
}

const RANKS: readonly ObjectName['type'][] = ['vmdSpecific', 'domainSpecific', 'aaSpecific']

/** Leaves out what has been given on the pages before. @param continueAfter need not exist any more */
export function* behind<T extends MmsObject>(objects: Iterable<T>, continueAfter: ObjectName | undefined): Generator<T, void, void> {
  for (const object of objects) {
    if (continueAfter === undefined || compareObjectNames(objectNameOf(object), continueAfter) > 0) yield object
  }
}
