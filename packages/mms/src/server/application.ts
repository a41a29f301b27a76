import { AEQualifier, type AeQualifier, APTitle, type ApplicationEntity, type ApTitle } from '@x/acse'
import { encode, type Type } from '@x/ber'
import { sameOctets } from '@x/core'
import { ApplicationReference } from '../asn1/application-reference.js'
import type { ServerAssociation } from './association.js'

/** The titles by which the client of an association has named itself; empty: it has not. Invocation identifiers are not part of who it is. */
export function applicationOf({ association }: Pick<ServerAssociation, 'association'>): ApplicationReference {
  const { apTitle, aeQualifier } = association.calling
  return { ...(apTitle !== undefined && { apTitle }), ...(aeQualifier !== undefined && { aeQualifier }) }
}

/**
 * Whether the client of an association is the application that a reference means: the parts that are in the reference are compared. A
 * reference without any means a client without titles; nothing tells those apart. Both are our own reading.
 */
export function isApplication({ association }: Pick<ServerAssociation, 'association'>, reference: ApplicationReference): boolean {
  return isMeant(association.calling, reference)
}

/** The same of one that has been a client. @param calling how it named itself */
export function isMeant(calling: ApplicationEntity, reference: ApplicationReference): boolean {
  const { apTitle, aeQualifier, apInvocationIdentifier, aeInvocationIdentifier } = calling
  const { apTitle: title, aeQualifier: qualifier, apInvocationID, aeInvocationID } = reference
  if (title === undefined && qualifier === undefined && apInvocationID === undefined && aeInvocationID === undefined) {
    return apTitle === undefined && aeQualifier === undefined
  }
  return (
    (title === undefined || same<ApTitle>(APTitle, title, apTitle)) &&
    (qualifier === undefined || same<AeQualifier>(AEQualifier, qualifier, aeQualifier)) &&
    (apInvocationID === undefined || apInvocationID === apInvocationIdentifier) &&
    (aeInvocationID === undefined || aeInvocationID === aeInvocationIdentifier)
  )
}

function same<T>(type: Type<T>, a: NoInfer<T>, b: NoInfer<T> | undefined): boolean {
  if (b === undefined || typeof a !== typeof b) return false
  return typeof a === 'object' ? sameOctets(encode(type, a), encode(type, b)) : a === b
}

/** Whether two references mean the same application: they have the same parts. */
export function sameApplication(a: ApplicationReference, b: ApplicationReference): boolean {
  return sameOctets(encode(ApplicationReference, a), encode(ApplicationReference, b))
}
