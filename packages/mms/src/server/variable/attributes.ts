import type { GetVariableAccessAttributesRequest } from '../../asn1/variable-access.js'
import { mmsDeletable } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent, serviceError } from '../errors.js'
import type { Answer } from '../handlers.js'
import { findVariable } from './objects.js'

/** ISO 9506-1, 14.9: of a scattered access it gives the structure that it is seen as (our reading). */
export function getVariableAccessAttributes(
  request: GetVariableAccessAttributesRequest,
  association: ServerAssociation,
): Answer<'getVariableAccessAttributes'> {
  const { vmd } = association
  if (request.type === 'address') {
    if (!association.agreed('vadr')) return invalidArgument
    const variable = vmd.unnamed.at(request.value)
    if (typeof variable !== 'object') return { error: serviceError('definition', 'invalid-address') }
    return {
      response: {
        // No service deletes an unnamed variable.
        mmsDeletable: false,
        address: request.value,
        typeDescription: variable.type,
        ...listNameFor(association, variable),
      },
    }
  }
  if (!association.agreed('vnam')) return invalidArgument
  const variable = findVariable(request.value, association)
  if (variable === undefined) return nonExistent
  const address = 'address' in variable && association.agreed('vadr') ? variable.address : undefined
  const meaning = 'meaning' in variable && association.agreed('sem') ? variable.meaning : undefined
  return {
    response: {
      mmsDeletable: mmsDeletable(vmd, variable),
      ...(address === undefined ? {} : { address }),
      typeDescription: variable.type,
      ...listNameFor(association, variable),
      ...(meaning === undefined ? {} : { meaning }),
    },
  }
}

/** The field accessControlList of responses: from minor version 3 on, with `aco`. */
export function listNameFor(
  association: ServerAssociation,
  { accessControlList }: { readonly accessControlList: string },
): { readonly accessControlList?: string } {
  return association.negotiated.versionNumber >= 3 && association.agreed('aco') ? { accessControlList } : {}
}
