import type { AccessCondition, AccessControlListElements } from '../asn1/access-control.js'
import type { ServiceError } from '../asn1/error.js'
import type { ServerAssociation } from './association.js'
import { serviceError } from './errors.js'
import type { MmsObject, Scope } from './objects.js'
import type { Vmd } from './vmd.js'

/** The classes of service that a condition guards. ISO 9506-1, 9.1.1. */
export type AccessClass = 'read' | 'store' | 'write' | 'load' | 'execute' | 'delete' | 'edit'

/** An access control list: when services of each class must fail with access, object-access-denied. ISO 9506-1, 9. */
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
 * Gate 2 of ISO 9506-1, 9.1: the error with which a service must fail; undefined: its list does not forbid it.
 * @param guarded an object, or the VMD for a service that makes one or touches the VMD itself
 */
export function refusal(
  association: ServerAssociation,
  accessClass: AccessClass,
  guarded: { readonly accessControlList: string },
): typeof accessDenied | undefined {
  const condition = conditionOf(association.vmd, accessClass, guarded)
  return condition === undefined || holds(condition) ? undefined : accessDenied
}

/** Whether an object's list ever lets a client delete it. ISO 9506-1, 9.1.4. */
export function mmsDeletable(vmd: Vmd, guarded: { readonly accessControlList: string }): boolean {
  return conditionOf(vmd, 'delete', guarded)?.type !== 'never'
}

function conditionOf(vmd: Vmd, accessClass: AccessClass, guarded: { readonly accessControlList: string }): AccessCondition | undefined {
  return vmd.vmdSpecific.get('accessControlList', guarded.accessControlList)?.conditions[`${accessClass}AccessCondition`]
}

function holds(condition: AccessCondition): boolean {
  return condition.type !== 'never'
}
