import {
  formatObjectName,
  type InformationReport,
  type MmsClient,
  type ObjectName,
  type TypeDescription,
  type VariableReference,
} from '@x/mms'
import { memberReference, memberText } from '../browse/collect.js'
import { type Outcome, outcomeOf, refusalText } from './bulk.js'
import { typesOfParts } from './types.js'

/** An information report with names to its values. */
export interface Report {
  /** The list, or what it reports. */
  readonly name: string
  readonly at: Date
  readonly values: readonly { readonly item: string; readonly outcome: Outcome; readonly type: TypeDescription | undefined }[]
}

interface Members {
  readonly items: readonly string[]
  readonly types: readonly (TypeDescription | undefined)[]
}

/** Reads information reports, and asks the device once for the members of each list. */
export class ReportReader {
  readonly #mms: MmsClient
  readonly #lists = new Map<string, Promise<Members | undefined>>()

  constructor(mms: MmsClient) {
    this.#mms = mms
  }

  /** @throws how the association ended, TimeoutError */
  async read({ variableAccessSpecification, listOfAccessResult }: InformationReport): Promise<Report> {
    const at = new Date()
    const isList = variableAccessSpecification.type === 'variableListName'
    const members = isList ? await this.#members(variableAccessSpecification.value) : await this.#typed(variableAccessSpecification.value)
    const values = listOfAccessResult.map((result, i) => ({
      item: members?.items[i] ?? `value ${i + 1}`,
      outcome: outcomeOf(result),
      type: members?.types[i],
    }))
    return { name: isList ? formatObjectName(variableAccessSpecification.value) : 'variables', at, values }
  }

  /** The members of a list; undefined: it is no list that the device lets look at, such as the RPT of IEC 61850. */
  #members(name: ObjectName): Promise<Members | undefined> {
    const key = formatObjectName(name)
    const known = this.#lists.get(key) ?? this.#ask(name)
    this.#lists.set(key, known)
    return known
  }

  async #ask(name: ObjectName): Promise<Members | undefined> {
    try {
      return await this.#typed((await this.#mms.getNamedVariableListAttributes(name)).listOfVariable)
    } catch (error) {
      if (refusalText(error) === undefined) throw error
      return undefined
    }
  }

  async #typed(variables: readonly Parameters<typeof memberReference>[0][]): Promise<Members> {
    const references = variables.map(memberReference)
    const known = references.filter((reference): reference is VariableReference => reference !== undefined)
    const types = await typesOfParts(this.#mms, known, {})
    return {
      items: variables.map(memberText),
      types: references.map(reference => (reference === undefined ? undefined : types[known.indexOf(reference)])),
    }
  }
}
