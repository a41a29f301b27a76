import { AuthenticationValueType } from '@x/acse'
import { encode } from '@x/ber'
import { sameOctets } from '@x/core'
import type { AccessCondition, AccessControlListElements } from '../asn1/access-control.js'
import type { ServiceError } from '../asn1/error.js'
import { isApplication } from './application.js'
import type { ServerAssociation } from './association.js'
import { serviceError } from './errors.js'
import { isInside } from './inside.js'
import type { MmsObject, Scope } from './objects.js'
import { ownsToken } from './semaphore/ownership.js'
import type { Vmd } from './vmd.js'

/** The classes of service that a condition guards. ISO 9506-1, 9.1.1. */
export type AccessClass = 'read' | 'store' | 'write' | 'load' | 'execute' | 'delete' | 'edit'

/** An access control list: when services of each class must fail with access, object-access-denied. ISO 9506-1, 9. What it says never changes. */
export interface AccessControlList extends MmsObject {
  readonly conditions: AccessControlListElements
}

const NEVER: AccessCondition = { type: 'never', value: null }

/** The lists that every VMD has. Objects of a model are `M_NonDeletable` unless it says otherwise, those made by services `M_Deletable`. */
const PREDEFINED: Readonly<Record<string, AccessControlListElements>> = {
  M_Deletable: {},
  M_NonDeletable: { deleteAccessCondition: NEVER },
  M_ReadOnly: { writeAccessCondition: NEVER, deleteAccessCondition: NEVER, editAccessCondition: NEVER },
  M_Never: { deleteAccessCondition: NEVER, editAccessCondition: NEVER },
}
export const DELETABLE = 'M_Deletable'
export const NON_DELETABLE = 'M_NonDeletable'

export function addPredefinedLists(scope: Scope): void {
  for (const [name, conditions] of Object.entries(PREDEFINED)) {
    scope.add('accessControlList', { name, scope, accessControlList: 'M_Never', conditions })
  }
}

export const accessDenied: { readonly error: ServiceError } = { error: serviceError('access', 'object-access-denied') }

/**
 * Gate 2 of ISO 9506-1, 9.1: the error with which a service must fail; undefined: its list does not forbid it. The condition is looked at now,
 * at each request.
 * @param guarded an object, or the VMD for a service that makes one or touches the VMD itself
 */
export function refusal(
  association: ServerAssociation,
  accessClass: AccessClass,
  guarded: { readonly accessControlList: string },
): typeof accessDenied | undefined {
  const condition = conditionOf(association.vmd, accessClass, guarded)
  if (condition === undefined || holds(condition, association, MOST_NESTING)) return undefined
  association.vmd.onViolation?.()
  return accessDenied
}

/** Whether an object's list ever lets a client delete it. ISO 9506-1, 9.1.4. */
export function mmsDeletable(vmd: Vmd, guarded: { readonly accessControlList: string }): boolean {
  return conditionOf(vmd, 'delete', guarded)?.type !== 'never'
}

/** Conditions inside each other, the outermost counted. That there is such a limit is our own reading. */
export const MOST_NESTING = 8

/** Levels of conditions inside each other. */
export function nestingOf(condition: AccessCondition): number {
  if (condition.type !== 'joint' && condition.type !== 'alternate') return 1
  return 1 + Math.max(0, ...condition.value.map(nestingOf))
}

/** A list that is not there lets nobody do anything: whoever named it meant to keep others out. */
function conditionOf(vmd: Vmd, accessClass: AccessClass, guarded: { readonly accessControlList: string }): AccessCondition | undefined {
  const list = vmd.vmdSpecific.get('accessControlList', guarded.accessControlList)
  return list === undefined ? NEVER : list.conditions[`${accessClass}AccessCondition`]
}

/** ISO 9506-1, 9.1.2 and 9.1.3. An empty `joint` holds, an empty `alternate` does not, and what is nested too deep does not: our own reading. */
function holds(condition: AccessCondition, association: ServerAssociation, levels: number): boolean {
  if (levels === 0) return false
  switch (condition.type) {
    case 'never':
      return false
    case 'semaphore': {
      const semaphore = association.vmd.vmdSpecific.get('semaphore', condition.value)
      return semaphore !== undefined && ownsToken(semaphore, association)
    }
    case 'user':
      if (condition.value.type === 'none') return isInside(association)
      return !isInside(association) && isApplication(association, condition.value.value)
    case 'password': {
      const given = association.association.authentication?.authenticationValue
      return given !== undefined && sameOctets(encode(AuthenticationValueType, given), encode(AuthenticationValueType, condition.value))
    }
    case 'joint':
      return condition.value.every(member => holds(member, association, levels - 1))
    case 'alternate':
      return condition.value.some(member => holds(member, association, levels - 1))
    default:
      return condition satisfies never
  }
}
