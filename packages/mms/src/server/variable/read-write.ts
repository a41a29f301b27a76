import type { AccessResult, Data, DataAccessError } from '../../asn1/data.js'
import type {
  ListedVariable,
  ReadRequest,
  ReadResponse,
  VariableAccessSpecification,
  WriteRequest,
  WriteResult,
} from '../../asn1/variable-access.js'
import { mismatchOf } from '../../value-check.js'
import { accessDenied, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent, serviceError, tooLong } from '../errors.js'
import type { Answer } from '../handlers.js'
import type { Maybe } from '../maybe.js'
import { partOfMember } from './item-access.js'
import { type Member, membersOfList } from './objects.js'
import { isAcceptable, partOfItem } from './specification.js'
import { writeInTurn } from './turns.js'
import type { Variable } from './variable.js'

/** ISO 9506-1, 14.6: one result for each item in order; positive as soon as every access was attempted. */
export function read(request: ReadRequest, association: ServerAssociation): Maybe<Answer<'read'>> {
  const items = itemsOf(request.variableAccessSpecification, association, 'read')
  if (!isItems(items)) return items
  const results = readItems(items, association)
  return results instanceof Promise ? results.then(given => readAnswer(request, given)) : readAnswer(request, results)
}

function readAnswer(
  { specificationWithResult, variableAccessSpecification }: ReadRequest,
  results: Results,
): { readonly response: ReadResponse } | ReturnType<typeof tooLong> {
  if ('error' in results) return results
  return {
    response: specificationWithResult ? { variableAccessSpecification, listOfAccessResult: results } : { listOfAccessResult: results },
  }
}

type Results = readonly AccessResult[] | ReturnType<typeof tooLong>

/**
 * Reads each item. What is there at once stays synchronous. What would not fit the PDU in any case is not read.
 * @returns the results in order, or the error of the whole
 */
export function readItems(items: readonly Item[], association: ServerAssociation): Maybe<Results> {
  const results: AccessResult[] = []
  let later: { readonly at: number; readonly value: Promise<Data | DataAccessError> }[] | undefined
  let room = association.negotiated.maxPduSize
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!
    const part = partFor(item, association, 'read')
    if (typeof part !== 'object') {
      results.push({ type: 'failure', value: part })
      continue
    }
    room -= part.leastOctets
    if (room < 0) return tooLong(association.negotiated)
    const value = part.read(association.context)
    if (value instanceof Promise) {
      later ??= []
      later.push({ at: i, value })
      results.push(NOT_IN_TIME)
    } else {
      if (typeof value !== 'object') room += part.leastOctets
      results.push(asResult(value))
    }
  }
  return later === undefined ? results : inTime(results, later, association)
}

/** Waits for the values that come later; those that do not come in time are temporarily unavailable. */
function inTime(
  results: AccessResult[],
  later: readonly { readonly at: number; readonly value: Promise<Data | DataAccessError> }[],
  association: ServerAssociation,
): Promise<AccessResult[]> {
  return new Promise(resolve => {
    let missing = later.length
    const stop = association.after(association.limits.accessTimeout, () => {
      missing = 0
      resolve(results)
    })
    for (const { at, value } of later) {
      value.then(given => {
        if (missing === 0) return
        results[at] = asResult(given)
        missing -= 1
        if (missing > 0) return
        stop()
        resolve(results)
      })
    }
  })
}

const NOT_IN_TIME: AccessResult = { type: 'failure', value: 'temporarily-unavailable' }

function asResult(value: Data | DataAccessError): AccessResult {
  return typeof value === 'object' ? { type: 'success', value } : { type: 'failure', value }
}

/** ISO 9506-1, 14.7: item by item in order; a failure does not stop the rest, unless the model wants all or none. */
export function write(request: WriteRequest, association: ServerAssociation): Maybe<Answer<'write'>> {
  const items = itemsOf(request.variableAccessSpecification, association, 'write')
  if (!isItems(items)) return items
  if (items.length !== request.listOfData.length) return invalidArgument
  if (association.vmd.model.atomicWrites) {
    const failures = items.map((item, i) => failureBefore(item, request.listOfData[i]!, association))
    if (failures.some(failure => failure !== undefined)) {
      return { response: failures.map(failure => asWriteResult(failure ?? 'temporarily-unavailable')) }
    }
  }
  const results: WriteResult[] = []
  const writeFrom = (at: number): Maybe<Answer<'write'>> => {
    for (let i = at; i < items.length; i++) {
      const outcome = writeItem(items[i]!, request.listOfData[i]!, association)
      if (outcome instanceof Promise) {
        return outcome.then(failure => {
          results.push(asWriteResult(failure))
          return writeFrom(i + 1)
        })
      }
      results.push(asWriteResult(outcome))
    }
    return { response: results }
  }
  return writeFrom(0)
}

/** Why an item would not be written, as far as that can be told without writing. */
function failureBefore(item: Item, value: Data, association: ServerAssociation): DataAccessError | undefined {
  const part = partFor(item, association, 'write')
  if (typeof part !== 'object') return part
  return mismatchOf(value, part.type) && 'type-inconsistent'
}

function writeItem(item: Item, value: Data, association: ServerAssociation): Maybe<DataAccessError | undefined> {
  const part = partFor(item, association, 'write')
  if (typeof part !== 'object') return part
  if (mismatchOf(value, part.type)) return 'type-inconsistent'
  const outcome = writeInTurn(part, value, association.context)
  return outcome instanceof Promise ? writtenInTime(outcome, association) : outcome
}

/** A write that takes too long may still come about: the client is told that it does not know. */
function writtenInTime(
  outcome: Promise<DataAccessError | undefined>,
  association: ServerAssociation,
): Promise<DataAccessError | undefined> {
  return new Promise(resolve => {
    const stop = association.after(association.limits.accessTimeout, () => resolve('temporarily-unavailable'))
    outcome.then(failure => {
      stop()
      resolve(failure)
    })
  })
}

function asWriteResult(failure: DataAccessError | undefined): WriteResult {
  return failure === undefined ? { type: 'success', value: null } : { type: 'failure', value: failure }
}

/** One variable of a specification, or a member of the list that it names. */
export type Item = ListedVariable | Member

function partFor(item: Item, association: ServerAssociation, access: 'read' | 'write'): Variable | DataAccessError {
  return 'part' in item ? partOfMember(association, access, item) : partOfItem(association, access, item)
}

/** The items that a specification means, or the answer where it means none. */
export function itemsOf(
  specification: VariableAccessSpecification,
  association: ServerAssociation,
  access: 'read' | 'write',
): readonly Item[] | NoItems {
  if (specification.type === 'variableListName') {
    if (!association.agreed('vlis')) return invalidArgument
    const list = association.vmd.find('namedVariableList', specification.value, association.own)
    if (list === undefined) return nonExistent
    return refusal(association, access, list) ? accessDenied : membersOfList(list)
  }
  const items = specification.value
  if (items.length === 0) return invalidArgument
  const namesAgreed = association.agreed('vnam')
  for (const item of items) {
    // A whole variable by its name is what nearly everyone asks for.
    if (namesAgreed && item.variableSpecification.type === 'name' && item.alternateAccess === undefined) continue
    if (!isAcceptable(item, association)) return invalidArgument
  }
  return items.length > association.limits.maxItems ? { error: serviceError('resource', 'capability-unavailable') } : items
}

export type NoItems = typeof invalidArgument | typeof accessDenied

export function isItems(items: readonly Item[] | NoItems): items is readonly Item[] {
  return Array.isArray(items)
}
