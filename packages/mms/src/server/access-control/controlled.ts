import type { ObjectName } from '../../asn1/identifiers.js'
import { compareNames } from '../../names.js'
import type { ServerAssociation } from '../association.js'
import { type HeldClass, itemOf, type MmsObject, type Scope } from '../objects.js'
import type { Vmd } from '../vmd.js'

/** What a list governs, of any class and wherever it is: objects of other associations and unnamed variables as well. */
export function* governedBy(vmd: Vmd, list: string): Generator<{ readonly accessControlList: string }, void, void> {
  for (const variable of vmd.unnamed) if (variable.accessControlList === list) yield variable
  for (const scope of [...vmd.scopes(), ...[...vmd.associations].map(({ own }) => own)]) {
    for (const objectClass of scope.classes) {
      for (const object of scope.of(objectClass) as Iterable<MmsObject>) if (object.accessControlList === list) yield object
    }
  }
}

/** How many objects of each class a list governs, of those that an association can see. */
export function countsOf(association: ServerAssociation, list: string): ReadonlyMap<HeldClass, number> {
  const counts = new Map<HeldClass, number>()
  for (const scope of [...association.vmd.scopes(), association.own]) {
    for (const objectClass of scope.classes) {
      let count = counts.get(objectClass) ?? 0
      for (const object of scope.of(objectClass) as Iterable<MmsObject>) if (object.accessControlList === list) count += 1
      if (count > 0) counts.set(objectClass, count)
    }
  }
  return counts
}

/**
 * The names of the objects of one class that a list governs, of those that an association can see: the VMD's, then those of each domain, then its
 * own, each in collating order.
 * @param after only those behind it; it need not be there
 */
export function* namesGovernedBy(
  { vmd, own }: ServerAssociation,
  list: string,
  objectClass: HeldClass,
  after: ObjectName | undefined,
): Generator<ObjectName, void, void> {
  const scopes: [Place, Scope, (item: string) => ObjectName][] = [
    [{ kind: 0, domain: '' }, vmd.vmdSpecific, value => ({ type: 'vmdSpecific', value })],
    ...vmd.domains.names.map((domainID): [Place, Scope, (item: string) => ObjectName] => [
      { kind: 1, domain: domainID },
      vmd.domain(domainID)!.objects,
      itemID => ({ type: 'domainSpecific', value: { domainID, itemID } }),
    ]),
    [{ kind: 2, domain: '' }, own, value => ({ type: 'aaSpecific', value })],
  ]
  for (const [place, scope, named] of scopes) {
    const order = after === undefined ? 1 : comparePlaces(place, placeOf(after))
    if (order < 0) continue
    const objects = scope.of(objectClass)
    for (const item of objects.names) {
      if (order === 0 && compareNames(item, itemOf(after!)) <= 0) continue
      if ((objects.get(item) as MmsObject).accessControlList === list) yield named(item)
    }
  }
}

/** Where a name is in that order. */
interface Place {
  /** VMD, domain, association. */
  readonly kind: 0 | 1 | 2
  readonly domain: string
}

function placeOf(name: ObjectName): Place {
  if (name.type === 'domainSpecific') return { kind: 1, domain: name.value.domainID }
  return { kind: name.type === 'vmdSpecific' ? 0 : 2, domain: '' }
}

function comparePlaces(a: Place, b: Place): number {
  return a.kind - b.kind || compareNames(a.domain, b.domain)
}
