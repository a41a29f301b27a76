import type { ObjectName } from '../asn1/identifiers.js'
import type { ListedVariable } from '../asn1/variable-access.js'
import { parseVariable, type VariableReference } from '../names.js'

/**
 * A variable, or a part of one, to be read, written or put on a list: as text (`IED1/LLN0$ST$Mod`, `vmd:v`, `IED1/a(3).phsA`, see
 * `parseVariable`), as a reference, or as a VariableSpecification of ISO 9506-2.
 */
export type VariableItem = string | ObjectName | VariableReference | ListedVariable

/** The items as ISO 9506-2 has them. @throws UsageError MMS_NAME for text that is no name */
export function variableSpecifications(items: readonly VariableItem[]): readonly ListedVariable[] {
  return items.map(variableSpecification)
}

function variableSpecification(item: VariableItem): ListedVariable {
  if (typeof item === 'string') return variableSpecification(parseVariable(item))
  if ('variableSpecification' in item) return item
  if ('type' in item) return { variableSpecification: { type: 'name', value: item } }
  const { name, alternateAccess } = item
  return { variableSpecification: { type: 'name', value: name }, ...(alternateAccess === undefined ? {} : { alternateAccess }) }
}
