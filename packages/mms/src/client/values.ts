import { EncodeError, RejectedError, ServiceError, UsageError } from '@x/core'
import { whenAborted } from '@x/core/async'
import type { AccessResult, Data, DataAccessError } from '../asn1/data.js'
import type { ListedVariable, TypeDescription, WriteResponse } from '../asn1/variable-access.js'
import type { RequestOptions } from '../edge/requests.js'
import { select } from '../server/variable/select.js'
import { mismatchOf } from '../value-check.js'
import { sizeOfType } from '../value-size.js'
import { fromData, type Plain, toData } from '../values.js'
import { accessFailed, nameOfItem } from './errors.js'
import { KnownTypes } from './known-types.js'
import { ItemReader, type VariableItem } from './specify.js'
import { inTurn } from './splitting.js'
import type { VariableAccess } from './variables.js'

/** What became of one variable. */
export type PlainResult =
  | { readonly type: 'success'; readonly value: Plain }
  | { readonly type: 'failure'; readonly value: DataAccessError }

/** Types remembered. */
const REMEMBERED = 10_000

/** Failures after which the type may be another one. */
const CHANGED = new Set<DataAccessError>([
  'object-invalidated',
  'type-unsupported',
  'type-inconsistent',
  'object-attribute-inconsistent',
  'object-non-existent',
  'object-undefined',
])

/**
 * The values of variables as plain JavaScript, see `Plain`: structures are objects by the names of their components, arrays are arrays, and
 * what a value must be is known from the type that the server tells. A type is asked for once and remembered, until a value or the
 * server says that it has changed.
 *
 * ```ts
 * await mms.values.set('PUMP/limits', { low: 10, high: 1800 })
 * console.log(await mms.values.get('PUMP/limits.high'))
 * ```
 */
export class MmsValues {
  readonly #client: VariableAccess
  readonly #types: KnownTypes
  readonly #items = new ItemReader()

  /** @internal */
  constructor(client: VariableAccess) {
    this.#client = client
    this.#types = new KnownTypes(client, REMEMBERED)
  }

  /**
   * Reads a variable, or a part of one. Where the server does not tell the type, structures come as lists.
   * @throws ServiceError with the DataAccessError as `reason` when the access failed
   */
  async get(item: VariableItem, options?: RequestOptions): Promise<Plain> {
    const [result] = await this.getAll([item], options)
    if (result?.type === 'success') return result.value
    throw accessFailed('read', item, result?.value)
  }

  /** Reads variables, in as many requests as it takes. @returns one result for each, in order */
  async getAll(items: readonly VariableItem[], options: RequestOptions = {}): Promise<readonly PlainResult[]> {
    const variables = this.#items.specificationsOf(items)
    const remembered = variables.map(variable => this.#isKnown(variable))
    // Types that are not known yet are asked for beside the values: most answers fit whatever their type.
    const sizes = remembered.every(isKnown => isKnown) ? await this.#each(variables, variable => this.#sizeOf(variable)) : undefined
    const [results, types] = await Promise.all([
      this.#client.readListed(variables, options, sizes),
      this.#each(variables, variable => this.#typeOrNone(variable, options)),
    ])
    return Promise.all(results.map((result, i) => this.#plain(variables[i]!, result, types[i], remembered[i]!, options)))
  }

  /**
   * Writes a variable, or a part of one. A value that is not of the type is refused here, before anything is sent. A `Data` is sent as it is.
   * @throws EncodeError `MMS_TYPE_MISMATCH` with the path that does not fit; ServiceError with the DataAccessError as `reason` when the access
   * failed; UsageError `MMS_TYPE_UNKNOWN` where the server does not tell the type
   */
  async set(item: VariableItem, value: unknown, options?: RequestOptions): Promise<void> {
    const [result] = await this.setAll([{ item, value }], options)
    if (result?.type !== 'success') throw accessFailed('write', item, result?.value)
  }

  /**
   * Writes variables, in as many requests as it takes, one after the other. Nothing is written unless every value is of its type.
   * @returns one result for each, in order
   */
  async setAll(
    items: readonly { readonly item: VariableItem; readonly value: unknown }[],
    options: RequestOptions = {},
  ): Promise<WriteResponse> {
    const variables = this.#items.specificationsOf(items.map(({ item }) => item))
    const datas = await this.#each(variables, (variable, i) => this.#data(variable, items[i]!, options))
    const written = variables.map((item, i) => ({ item, value: datas[i]! }))
    const results = await this.#client.write(written, options)
    for (const [i, result] of results.entries()) if (result.type === 'failure') this.#heed(variables[i]!, result.value)
    return results
  }

  /** The type of a variable, or of the part of one. @throws ServiceError, RejectedError where the server does not tell */
  async typeOf(item: VariableItem, options: RequestOptions = {}): Promise<TypeDescription> {
    return this.#typeOf(this.#items.specificationsOf([item])[0]!, options)
  }

  /** Has types asked for anew. @param item absent: all of them */
  forget(item?: VariableItem): void {
    if (item === undefined) this.#types.forget()
    else this.#forget(this.#items.specificationsOf([item])[0]!)
  }

  /** As many at a time as may be open: a thousand types that are asked for do not keep others waiting. */
  #each<R>(variables: readonly ListedVariable[], run: (variable: ListedVariable, index: number) => Promise<R>): Promise<R[]> {
    return inTurn([...variables.entries()], this.#client.maxOutstanding, ([i, variable]) => run(variable, i))
  }

  #isKnown({ variableSpecification: { type, value } }: ListedVariable): boolean {
    return type === 'name' && this.#types.has(value)
  }

  #forget({ variableSpecification: { type, value } }: ListedVariable): void {
    if (type === 'name') this.#types.forget(value)
  }

  #heed(variable: ListedVariable, failure: DataAccessError): void {
    if (CHANGED.has(failure)) this.#forget(variable)
  }

  async #typeOf({ variableSpecification, alternateAccess }: ListedVariable, { signal }: RequestOptions): Promise<TypeDescription> {
    if (variableSpecification.type === 'variableDescription' && variableSpecification.value.typeSpecification.type === 'typeDescription') {
      return partOf(variableSpecification.value.typeSpecification.value, alternateAccess)
    }
    if (variableSpecification.type !== 'name') {
      throw new UsageError('mms', 'MMS_TYPE_UNKNOWN', `a ${variableSpecification.type} has no type that could be asked for`)
    }
    return partOf(await unlessAborted(this.#types.of(variableSpecification.value), signal), alternateAccess)
  }

  /** Undefined where nobody tells: the values can be read all the same. */
  async #typeOrNone(variable: ListedVariable, options: RequestOptions): Promise<TypeDescription | undefined> {
    try {
      return await this.#typeOf(variable, options)
    } catch (error) {
      if (error instanceof ServiceError || error instanceof RejectedError || error instanceof UsageError) return undefined
      throw error
    }
  }

  async #sizeOf(variable: ListedVariable): Promise<number | undefined> {
    const type = await this.#typeOrNone(variable, {})
    return type && sizeOfType(type)
  }

  async #plain(
    variable: ListedVariable,
    result: AccessResult,
    type: TypeDescription | undefined,
    remembered: boolean,
    options: RequestOptions,
  ): Promise<PlainResult> {
    if (result.type === 'failure') {
      this.#heed(variable, result.value)
      return result
    }
    const { value } = result
    if (type === undefined || !remembered || mismatchOf(value, type) === undefined) return { type: 'success', value: fromData(value, type) }
    // The variable has another type than it had: only the server knows it.
    this.#forget(variable)
    return { type: 'success', value: fromData(value, await this.#typeOrNone(variable, options)) }
  }

  async #data(variable: ListedVariable, { item, value }: { item: VariableItem; value: unknown }, options: RequestOptions): Promise<Data> {
    const remembered = this.#isKnown(variable)
    const type = await this.#typeToWrite(variable, item, options)
    try {
      return toData(value, type)
    } catch (error) {
      if (!(error instanceof EncodeError)) throw error
      if (!remembered) throw named(item, error)
    }
    // It may have been another type when it was asked for.
    this.#forget(variable)
    try {
      return toData(value, await this.#typeToWrite(variable, item, options))
    } catch (error) {
      throw error instanceof EncodeError ? named(item, error) : error
    }
  }

  async #typeToWrite(variable: ListedVariable, item: VariableItem, options: RequestOptions): Promise<TypeDescription> {
    try {
      return await this.#typeOf(variable, options)
    } catch (error) {
      if (!(error instanceof ServiceError || error instanceof RejectedError)) throw error
      const text = `${nameOfItem(item)}: the server does not tell the type, so the value must be written as Data (\`writeValue\`)`
      throw new UsageError('mms', 'MMS_TYPE_UNKNOWN', `${text}: ${error.message}`, '', { cause: error })
    }
  }
}

/** @throws UsageError `MMS_TYPE_PART` where the type has no such part */
function partOf(type: TypeDescription, alternateAccess: ListedVariable['alternateAccess']): TypeDescription {
  if (alternateAccess === undefined) return type
  const selection = select(type, alternateAccess)
  if (typeof selection === 'object') return selection.type
  throw new UsageError('mms', 'MMS_TYPE_PART', `the type of the variable has no such part: ${selection}`)
}

/** With the variable in front of the path: `PUMP/limits.low: expected integer 16, found "many"`. */
function named(item: VariableItem, error: EncodeError): EncodeError {
  const { path } = error
  const text = path === '' ? error.message : error.message.replace(` at ${path}`, '')
  return new EncodeError('mms', error.code, `${nameOfItem(item)}${path}: ${text}`, { path })
}

/** A promise that others wait for as well, as seen by one whose signal may fire first. */
function unlessAborted<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return shared
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const stop = whenAborted(signal, () => reject(signal.reason))
    shared.then(resolve, reject).finally(stop)
  })
}
