import type { ObjectClass } from '../../asn1/identifiers.js'
import type { ServerAssociation } from '../association.js'
import { type HeldClass, mayHold, type ScopeKind } from '../objects.js'

/**
 * The class that a request means; undefined: there is none such in what was negotiated, or not in that scope. That this is answered with
 * object-access-unsupported is what running servers do.
 */
export function classMeant({ type, value }: ObjectClass, kind: ScopeKind, { negotiated }: ServerAssociation): HeldClass | undefined {
  if (typeof value !== 'string' || !mayHold(kind, value)) return undefined
  const { versionNumber, parameterCBB } = negotiated
  const exists =
    type === 'csObjectClass'
      ? parameterCBB.includes('cspi')
      : value === 'dataExchange'
        ? versionNumber >= 2
        : value !== 'accessControlList' || versionNumber >= 3
  return exists ? (value as HeldClass) : undefined
}
