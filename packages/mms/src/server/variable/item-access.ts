import type { DataAccessError } from '../../asn1/data.js'
import { DELETABLE, NON_DELETABLE, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { isGone, type Member } from './objects.js'
import type { GuardedVariable, Variable } from './variable.js'

/** What of a member of a list, or of a component of a scattered access, may be read or written by an association. ISO 9506-1, 14.4.3. */
export function partOfMember(association: ServerAssociation, access: 'read' | 'write', member: Member): Variable | DataAccessError {
  if (isGone(member)) return 'object-invalidated'
  const refused = refusalOf(association, access, member.refersTo.variable)
  return refused ?? notTooDeep(association, member.part)
}

/** Why an association may not read or write a variable: its access method has no such thing, or its access control list forbids it. */
export function refusalOf(
  association: ServerAssociation,
  access: 'read' | 'write',
  variable: GuardedVariable,
): DataAccessError | undefined {
  const refused = access === 'read' ? variable.unreadable : variable.unwritable
  if (refused !== undefined) return refused
  return isGuarded(variable) && refusal(association, access, variable) ? 'object-access-denied' : undefined
}

/** Whether its list may forbid reading or writing: the two that nearly all variables have never do, and no service changes what a list says. */
function isGuarded({ accessControlList }: GuardedVariable): boolean {
  return accessControlList !== NON_DELETABLE && accessControlList !== DELETABLE
}

/** Our reading: a variable deeper than the negotiated nesting level is reached by alternate access only. */
export function notTooDeep(association: ServerAssociation, part: Variable | DataAccessError): Variable | DataAccessError {
  if (typeof part !== 'object') return part
  return part.depth > association.negotiated.dataStructureNestingLevel ? 'object-access-unsupported' : part
}
