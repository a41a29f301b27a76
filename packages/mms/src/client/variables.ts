import { encode } from '@x/ber'
import { type AccessResult, Data } from '../asn1/data.js'
import { ObjectName } from '../asn1/identifiers.js'
import { type DeletedNumbers, ListedVariable, type ReadResponse, type WriteResponse, type WriteResult } from '../asn1/variable-access.js'
import type { RequestOptions } from '../edge/requests.js'
import { parseObjectName } from '../names.js'
import type { Negotiated } from '../service.js'
import type { ConfirmedServiceName, ConfirmedServices } from '../services.js'
import { accessFailed, wrongCount } from './errors.js'
import { ServiceGroups } from './groups.js'
import { ItemReader, type VariableItem } from './specify.js'
import { ENVELOPE, inParts, isRequestTooLong, isTooMuch } from './splitting.js'
import { MmsValues } from './values.js'

/** A value and the variable, or the part of one, that takes it. */
export interface WrittenItem {
  readonly item: VariableItem
  readonly value: Data
}

interface WrittenVariable {
  readonly variable: ListedVariable
  readonly value: Data
}

/** Access to variables and to lists of them, ISO 9506-1, 14, seen from the side that asks. */
export abstract class VariableAccess extends ServiceGroups {
  abstract readonly negotiated: Negotiated
  abstract readonly maxOutstanding: number
  /** Variables in one read or write. */
  abstract readonly maxItems: number
  readonly #items = new ItemReader()

  /** Values as plain JavaScript. */
  get values(): MmsValues {
    return this.group(MmsValues)
  }

  /** As `request`. @param pick what of the response the caller gets */
  protected abstract send<S extends ConfirmedServiceName, T>(
    service: S,
    argument: ConfirmedServices[S]['request'],
    options: RequestOptions,
    pick: (response: ConfirmedServices[S]['response']) => T,
  ): Promise<T>

  /** The type of a variable. @param name as text (`domain/item`, `vmd:item`, `aa:item`) or as an ObjectName */
  getVariableAccessAttributes(
    name: string | ObjectName,
    options?: RequestOptions,
  ): Promise<ConfirmedServices['getVariableAccessAttributes']['response']> {
    return this.request('getVariableAccessAttributes', { type: 'name', value: nameOf(name) }, options)
  }

  /**
   * Reads variables. @returns one result for each, in order; a failure of one does not fail the others
   *
   * One request, unless it or its answer is too long for the negotiated PDU size, or the server does not answer so many at a time: then as
   * many as it takes, several open at a time. `request('read', …)` sends one in any case.
   * @param items as text, with an access path behind the name where only a part is meant: `IED1/v(3).phsA`
   */
  read(items: readonly VariableItem[], options: RequestOptions = {}): Promise<readonly AccessResult[]> {
    let variables: readonly ListedVariable[]
    try {
      variables = this.#items.specificationsOf(items)
    } catch (error) {
      return Promise.reject(error)
    }
    if (items.length === 1) return this.#read(variables, options, resultsOf)
    return this.readListed(variables, options)
  }

  /** Reads one variable. @throws ServiceError with the DataAccessError as `reason` when the access failed */
  readValue(item: VariableItem, options: RequestOptions = {}): Promise<Data> {
    let variables: readonly ListedVariable[]
    try {
      variables = this.#items.specificationsOf([item])
    } catch (error) {
      return Promise.reject(error)
    }
    return this.#read(variables, options, ({ listOfAccessResult: [result] }) => {
      if (result?.type === 'success') return result.value
      throw accessFailed('read', item, result?.value)
    })
  }

  /** As `read`. @param sizes octets of the values, where they are known, so that no answer is too long. @internal */
  async readListed(
    variables: readonly ListedVariable[],
    options: RequestOptions,
    sizes?: readonly (number | undefined)[],
  ): Promise<readonly AccessResult[]> {
    const ask = (some: readonly number[]) =>
      this.#read(
        some.map(i => variables[i]!),
        options,
        resultsOf,
      )
    let refused = false
    if (sizes === undefined && variables.length <= this.maxItems) {
      try {
        return await this.#read(variables, options, resultsOf)
      } catch (error) {
        if (variables.length < 2 || !isTooMuch(error)) throw error
        refused = !isRequestTooLong(error)
      }
    }
    const sizeOf = (i: number) => Math.max(encode(ListedVariable, variables[i]!).length, sizes?.[i] ?? 0)
    return inParts([...variables.keys()], { ask, sizeOf, refused, ...this.#parting, isTooLong: isTooMuch })
  }

  get #parting() {
    return { room: this.negotiated.maxPduSize - ENVELOPE, most: this.maxItems, atATime: this.maxOutstanding }
  }

  #read<T>(value: readonly ListedVariable[], options: RequestOptions, pick: (response: ReadResponse, asked: number) => T): Promise<T> {
    const argument = { specificationWithResult: false, variableAccessSpecification: { type: 'listOfVariable', value } } as const
    return this.send('read', argument, options, response => pick(response, value.length))
  }

  /**
   * Reads a named variable list: one result for each member, in order. Where the values do not fit an answer, the members are asked for, and
   * then read like any variables.
   */
  async readVariableList(name: string | ObjectName, options: RequestOptions = {}): Promise<readonly AccessResult[]> {
    const value = nameOf(name)
    try {
      const argument = { specificationWithResult: false, variableAccessSpecification: { type: 'variableListName', value } } as const
      return await this.send('read', argument, options, response => response.listOfAccessResult)
    } catch (error) {
      if (!isTooMuch(error)) throw error
      const { listOfVariable } = await this.getNamedVariableListAttributes(value, options).catch(() => {
        throw error
      })
      return this.readListed(listOfVariable, options)
    }
  }

  /**
   * Writes variables. @returns one result for each, in order
   *
   * One request, unless it is longer than the negotiated PDU size or has more than `maxItems`: then as many as it takes, one after the other.
   * What the server has refused as a whole is not sent again: some of it may have been written.
   */
  async write(items: readonly WrittenItem[], options: RequestOptions = {}): Promise<WriteResponse> {
    const variables = this.#items.specificationsOf(items.map(({ item }) => item))
    const all = variables.map((variable, i): WrittenVariable => ({ variable, value: items[i]!.value }))
    const ask = (some: readonly WrittenVariable[]) => this.#write(some, options)
    if (all.length <= this.maxItems) {
      try {
        return await ask(all)
      } catch (error) {
        if (all.length < 2 || !isRequestTooLong(error)) throw error
      }
    }
    const sizeOf = ({ variable, value }: WrittenVariable) => encode(ListedVariable, variable).length + encode(Data, value).length
    const parting = { ...this.#parting, atATime: 1, isTooLong: isRequestTooLong }
    return inParts<WrittenVariable, WriteResult>(all, { ask, sizeOf, ...parting })
  }

  #write(items: readonly WrittenVariable[], options: RequestOptions): Promise<WriteResponse> {
    const argument = {
      variableAccessSpecification: { type: 'listOfVariable', value: items.map(({ variable }) => variable) },
      listOfData: items.map(({ value }) => value),
    } as const
    return this.send('write', argument, options, response => {
      if (response.length !== items.length) throw wrongCount('write', items.length, response.length)
      return response
    })
  }

  /** Writes one variable. @throws ServiceError with the DataAccessError as `reason` when the access failed */
  async writeValue(item: VariableItem, value: Data, options?: RequestOptions): Promise<void> {
    const [result] = await this.write([{ item, value }], options)
    if (result?.type !== 'success') throw accessFailed('write', item, result?.value)
  }

  /** Makes a list of variables with a name. */
  async defineNamedVariableList(name: string | ObjectName, items: readonly VariableItem[], options?: RequestOptions): Promise<void> {
    await this.request(
      'defineNamedVariableList',
      { variableListName: nameOf(name), listOfVariable: this.#items.specificationsOf(items) },
      options,
    )
  }

  /** The members of a list, and whether MMS may delete it. */
  getNamedVariableListAttributes(
    name: string | ObjectName,
    options?: RequestOptions,
  ): Promise<ConfirmedServices['getNamedVariableListAttributes']['response']> {
    return this.request('getNamedVariableListAttributes', nameOf(name), options)
  }

  /** Deletes lists by name, in one request unless it is too long for the PDU size. @returns how many were found and how many deleted */
  async deleteNamedVariableList(names: readonly (string | ObjectName)[], options?: RequestOptions): Promise<DeletedNumbers> {
    const ask = async (some: readonly ObjectName[]) => [
      await this.request('deleteNamedVariableList', { scopeOfDelete: 'specific', listOfVariableListName: some }, options),
    ]
    if (names.length === 0) return (await ask([]))[0]!
    const sizeOf = (name: ObjectName) => encode(ObjectName, name).length
    const parts = await inParts(names.map(nameOf), { ask, sizeOf, ...this.#parting, atATime: 1, isTooLong: isRequestTooLong })
    return parts.reduce((sum, part) => ({
      numberMatched: sum.numberMatched + part.numberMatched,
      numberDeleted: sum.numberDeleted + part.numberDeleted,
    }))
  }
}

function resultsOf({ listOfAccessResult: results }: ReadResponse, asked: number): readonly AccessResult[] {
  if (results.length !== asked) throw wrongCount('read', asked, results.length)
  return results
}

/** A name as text or as it is. */
export function nameOf(name: string | ObjectName): ObjectName {
  return typeof name === 'string' ? parseObjectName(name) : name
}
