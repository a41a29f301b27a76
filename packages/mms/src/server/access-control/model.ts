import { UsageError } from '@x/core'
import type { AccessCondition, AccessControlListElements } from '../../asn1/access-control.js'
import { type AccessClass, MOST_NESTING, NON_DELETABLE, nestingOf } from '../access.js'
import type { MmsObject } from '../objects.js'
import type { Vmd } from '../vmd.js'

/** An access control list in a model: under which condition services of each class are let through. Absent: always. */
export type AccessControlListModel = { readonly [C in AccessClass]?: AccessCondition } & {
  /** The list that governs this one. @default `M_NonDeletable` */
  readonly accessControlList?: string
}

/** Access control in a model. */
export interface AccessControlModel {
  /**
   * By name. Besides these there are `M_Deletable`, `M_NonDeletable`, `M_ReadOnly` and `M_Never`. Where the services of access control are served,
   * any client may ask what a list says, passwords included.
   */
  readonly accessControlLists?: Readonly<Record<string, AccessControlListModel>>
  /** The list of the VMD itself: it guards services that make objects, and those that touch the VMD. @default `M_NonDeletable` */
  readonly accessControlList?: string
}

/** Makes the lists of the model. @throws UsageError `MMS_MODEL` for conditions too deep inside each other, or a name that is taken */
export function addLists(vmd: Vmd): void {
  const { accessControlLists = {}, accessControlList } = vmd.model
  for (const [name, { accessControlList: own = NON_DELETABLE, ...given }] of Object.entries(accessControlLists)) {
    const fault = Object.values(given).some(condition => nestingOf(condition) > MOST_NESTING)
      ? `expected at most ${MOST_NESTING} conditions inside each other`
      : vmd.vmdSpecific.of('accessControlList').has(name)
        ? 'there is one already'
        : undefined
    if (fault) throw new UsageError('mms', 'MMS_MODEL', `access control list ${name}: ${fault}`)
    const conditions = Object.fromEntries(
      Object.entries(given).map(([accessClass, condition]) => [`${accessClass}AccessCondition`, condition]),
    ) as AccessControlListElements
    vmd.vmdSpecific.add('accessControlList', { name, scope: vmd.vmdSpecific, accessControlList: own, conditions })
  }
  if (accessControlList !== undefined) vmd.accessControlList = accessControlList
}

/** @throws UsageError `MMS_MODEL` when an object of the model, or the VMD, names a list that is not there */
export function checkLists(vmd: Vmd): void {
  const lists = vmd.vmdSpecific.of('accessControlList')
  const check = (what: string, list: string) => {
    if (!lists.has(list)) throw new UsageError('mms', 'MMS_MODEL', `${what}: there is no access control list ${list}`)
  }
  check('the VMD', vmd.accessControlList)
  for (const scope of vmd.scopes()) {
    for (const objectClass of scope.classes) {
      for (const { name, accessControlList } of scope.of(objectClass) as Iterable<MmsObject>)
        check(`${objectClass} ${name}`, accessControlList)
    }
  }
}
