import type { RenameRequest } from '../../asn1/vmd.js'
import { accessDenied, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { accessUnsupported, invalidArgument, nonExistent, serviceError } from '../errors.js'
import type { Answer } from '../handlers.js'
import { type HeldClass, itemOf, type MmsObject, type Scope } from '../objects.js'
import type { Vmd } from '../vmd.js'
import { classMeant } from './classes.js'
import { PREDEFINED } from './predefined.js'

const EXISTS = { error: serviceError('definition', 'object-exists') }

/** ISO 9506-1, 10.7: another identifier in the same scope; whatever refers to the object goes on doing so. */
export function rename({ objectClass, currentName, newIdentifier }: RenameRequest, association: ServerAssociation): Answer<'rename'> {
  if (newIdentifier === '') return invalidArgument
  const { vmd, own } = association
  const wanted = classMeant(objectClass, currentName.type, association)
  if (wanted === undefined) return accessUnsupported
  const scope = vmd.scopeOf(currentName, own)
  const object: MmsObject | undefined = scope?.get(wanted, itemOf(currentName))
  if (scope === undefined || object === undefined) return nonExistent
  const denied = refusal(association, 'edit', object)
  if (denied) return denied
  if (scope.isTaken(wanted, newIdentifier)) return EXISTS
  if ((scope === vmd.vmdSpecific && PREDEFINED.has(object.name)) || sharesItsName(scope, wanted, object)) return accessDenied
  const before = object.name
  scope.rename(wanted, object as never, newIdentifier)
  // Lists are the one thing that objects refer to by name.
  if (wanted === 'accessControlList') guardBy(vmd, before, newIdentifier)
  return { response: null }
}

/**
 * Whether the standard wants the name to be that of another object as well: a semaphore and its event condition, a monitored program
 * invocation and its three event objects. Our own reading: neither of them can be renamed.
 */
function sharesItsName(scope: Scope, objectClass: string, { name }: MmsObject): boolean {
  const has = (other: string) => scope.of(other as HeldClass).has(name)
  const isMonitored = scope.get('programInvocation', name)?.monitor !== undefined
  switch (objectClass) {
    case 'programInvocation':
      return isMonitored
    case 'semaphore':
      return has('eventCondition')
    case 'eventCondition':
      return isMonitored || has('semaphore')
    case 'eventAction':
    case 'eventEnrollment':
      return isMonitored
    default:
      return false
  }
}

function guardBy(vmd: Vmd, before: string, now: string): void {
  if (vmd.accessControlList === before) vmd.accessControlList = now
  for (const variable of vmd.unnamed) if (variable.accessControlList === before) variable.accessControlList = now
  const scopes = [...vmd.scopes(), ...[...vmd.associations].map(({ own }) => own)]
  for (const scope of scopes) {
    for (const objectClass of scope.classes) {
      for (const object of scope.of(objectClass) as Iterable<MmsObject>) {
        if (object.accessControlList === before) object.accessControlList = now
      }
    }
  }
}
