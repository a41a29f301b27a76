import type { ServiceSpecificInfo } from '../../asn1/error.js'
import type { ObjectName } from '../../asn1/identifiers.js'
import type { DeletedNumbers, ScopeOfDelete } from '../../asn1/variable-access.js'
import { refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent } from '../errors.js'
import type { HeldClass, MmsObject, Scope } from '../objects.js'
import { noteDeleted } from './objects.js'

/** What deleteVariableAccess, deleteNamedVariableList and deleteNamedType have in common. ISO 9506-1, 14.11, 14.14, 14.17. */
export interface DeleteRequest {
  readonly scopeOfDelete: ScopeOfDelete
  readonly names: readonly ObjectName[] | undefined
  readonly domainName: string | undefined
}

/**
 * Deletes objects by their names, or all of a scope. Those that their access control list keeps are matched and skipped; a name that is not
 * there is not matched.
 * @param service whose error says how many were deleted before it
 */
export function deleteMany(
  association: ServerAssociation,
  service: 'deleteVariableAccess' | 'deleteNamedVariableList' | 'deleteNamedType',
  classes: readonly HeldClass[],
  { scopeOfDelete, names, domainName }: DeleteRequest,
): { readonly response: DeletedNumbers } | typeof nonExistent | typeof invalidArgument {
  const { vmd, own } = association
  if ((scopeOfDelete === 'specific') !== (names !== undefined) || (scopeOfDelete === 'domain') !== (domainName !== undefined))
    return invalidArgument
  const candidates: Candidate[] = []
  switch (scopeOfDelete) {
    case 'specific':
      if (names!.length === 0) return invalidArgument
      for (const name of names!) {
        for (const objectClass of classes) {
          const object = vmd.find(objectClass, name, own)
          if (object !== undefined) candidates.push({ objectClass, object })
        }
      }
      break
    case 'aa-specific':
      addAll(own)
      break
    case 'domain': {
      const domain = vmd.domain(domainName!)
      if (domain === undefined)
        return { error: { ...nonExistent.error, serviceSpecificInfo: { type: service, value: 0 } satisfies ServiceSpecificInfo } }
      addAll(domain.objects)
      break
    }
    case 'vmd':
      addAll(vmd.vmdSpecific)
      break
    default:
      return invalidArgument
  }
  let numberDeleted = 0
  for (const { objectClass, object } of candidates) {
    // A name that is given twice is matched twice, and gone the second time.
    if (object.scope === undefined || refusal(association, 'delete', object)) continue
    noteDeleted(object)
    object.scope.remove(objectClass, object as never)
    numberDeleted += 1
  }
  return { response: { numberMatched: candidates.length, numberDeleted } }

  function addAll(scope: Scope): void {
    for (const objectClass of classes) for (const object of scope.of(objectClass)) candidates.push({ objectClass, object })
  }
}

interface Candidate {
  readonly objectClass: HeldClass
  readonly object: MmsObject
}
