import { AEQualifier, type AeQualifier, APTitle, type ApTitle } from '@x/acse'
import { explicit, integerRange, SEQUENCE, type Type } from '@x/ber'

/** Identifiers of invocations have no range in ACSE; here they go as far as a number is exact. */
const InvocationIdentifier = integerRange('INTEGER', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)

/** ISO 9506-2, ApplicationReference: another application, by the names that ACSE gives it. All absent: not known. */
export interface ApplicationReference {
  readonly apTitle?: ApTitle
  readonly apInvocationID?: number
  readonly aeQualifier?: AeQualifier
  readonly aeInvocationID?: number
}
export const ApplicationReference: Type<ApplicationReference> = SEQUENCE<ApplicationReference>('ApplicationReference', {
  apTitle: explicit(0, APTitle, 'ap-title').optional(),
  apInvocationID: explicit(1, InvocationIdentifier, 'ap-invocation-id').optional(),
  aeQualifier: explicit(2, AEQualifier, 'ae-qualifier').optional(),
  aeInvocationID: explicit(3, InvocationIdentifier, 'ae-invocation-id').optional(),
})
