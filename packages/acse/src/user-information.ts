import { EncodeError } from '@x/core'
import type { PresentationContext, PresentationDataValues } from '@x/iso-presentation'
import { defined } from './defined.js'
import type { AssociationInformation } from './service.js'

/**
 * User information for an AARQ: while contexts are being negotiated, the transfer syntax stands beside the context. X.680, 37.6.
 *
 * @throws EncodeError ACSE_REFERENCE – a context that is not proposed, no reference at all, or a context proposed with several transfer
 * syntaxes and no word which of them it is
 */
export function proposedInformation(
  information: readonly AssociationInformation[] | undefined,
  list: readonly PresentationContext[],
  sendDirectReference: boolean,
): readonly AssociationInformation[] {
  return (information ?? []).map((one, i) => {
    const { indirectReference: id, directReference } = one
    if (id === undefined) return directReference === undefined ? refuse(i, 'a reference', 'none') : one
    const context = list.find(context => context.presentationContextIdentifier === id)
    if (context === undefined) return refuse(i, 'a presentation context that is proposed', String(id))
    if (directReference !== undefined || !sendDirectReference) return one
    const [syntax, ...others] = context.transferSyntaxNameList
    if (syntax === undefined || others.length > 0)
      return refuse(i, `directReference, since context ${id} has several transfer syntaxes`, 'none')
    return { directReference: syntax, ...one }
  })
}

/** Checks the references of later user information. @throws EncodeError ACSE_REFERENCE */
export function checkedInformation(
  information: readonly AssociationInformation[] | undefined,
  contexts: ReadonlySet<number>,
): readonly AssociationInformation[] {
  return (information ?? []).map((one, i) => {
    const { indirectReference: id, directReference } = one
    if (id === undefined ? directReference !== undefined : contexts.has(id)) return one
    return refuse(i, `a presentation context in use (${[...contexts].join(', ')})`, id === undefined ? 'no reference' : String(id))
  })
}

function refuse(index: number, expected: string, found: string): never {
  throw new EncodeError('acse', 'ACSE_REFERENCE', `userInformation[${index}]: expected ${expected}, found ${found}`, {
    path: `userInformation[${index}]`,
  })
}

/** Session version 1: user information of an abort is the user data of P-U-ABORT itself. X.227, 7.3.3.1 a. */
export function bareValues(information: readonly AssociationInformation[]): readonly PresentationDataValues[] {
  return information.map((one, i) => {
    const { indirectReference, encoding, octets, unusedBits } = one
    if (indirectReference === undefined) return refuse(i, 'a presentation context', 'no reference')
    return defined<PresentationDataValues>({ presentationContextIdentifier: indirectReference, encoding, octets, unusedBits })
  })
}

/** The other way. X.227, 7.3.3.2 a. */
export function informationFrom(values: readonly PresentationDataValues[]): readonly AssociationInformation[] {
  return values.map(({ presentationContextIdentifier: indirectReference, encoding, octets, unusedBits }) =>
    defined<AssociationInformation>({ indirectReference, encoding, octets, unusedBits }),
  )
}
