import type { ObjectName } from '../asn1/identifiers.js'
import type { ListedVariable } from '../asn1/variable-access.js'
import { parseVariable, type VariableReference } from '../names.js'

/**
 * A variable, or a part of one, to be read, written or put on a list: as text (`IED1/LLN0$ST$Mod`, `vmd:v`, `IED1/a(3).phsA`, see
 * `parseVariable`), as a reference, or as a VariableSpecification of ISO 9506-2.
 */
export type VariableItem = string | ObjectName | VariableReference | ListedVariable

/** Texts that a reader remembers. */
const REMEMBERED = 1_000

/** Reads items as ISO 9506-2 has them. It remembers the first thousand texts: most clients read the same variables over and over. */
export class ItemReader {
  readonly #known = new Map<string, ListedVariable>()

  /** @throws UsageError MMS_NAME for text that is no name */
  specificationsOf(items: readonly VariableItem[]): readonly ListedVariable[] {
    return items.map(item => (typeof item === 'string' ? this.#ofText(item) : ofReference(item)))
  }

  #ofText(text: string): ListedVariable {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    const specification = ofReference(parseVariable(text))
    if (this.#known.size < REMEMBERED) this.#known.set(text, specification)
    return specification
  }
}

export function ofReference(item: Exclude<VariableItem, string>): ListedVariable {
  if ('variableSpecification' in item) return item
  if ('type' in item) return { variableSpecification: { type: 'name', value: item } }
  const { name, alternateAccess } = item
  return { variableSpecification: { type: 'name', value: name }, ...(alternateAccess === undefined ? {} : { alternateAccess }) }
}
