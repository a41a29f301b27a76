import type { AccessResult, Data, DataAccessError } from '../asn1/data.js'
import type {
  GetVariableAccessAttributesRequest,
  ListedVariable,
  ReadRequest,
  VariableAccessSpecification,
  WriteRequest,
  WriteResult,
} from '../asn1/variable-access.js'
import type { VariableReference } from '../names.js'
import { mismatchOf } from '../value-check.js'
import { mmsDeletable } from './access.js'
import type { ServerAssociation } from './association.js'
import { invalidArgument, nonExistent, serviceError } from './errors.js'
import type { Answer } from './handlers.js'
import type { Maybe } from './maybe.js'
import { partMeant, type Variable } from './vmd.js'

/** ISO 9506-1, 14.6: one result for each item in order; positive as soon as every access was attempted. */
export function read(request: ReadRequest, association: ServerAssociation): Maybe<Answer<'read'>> {
  const items = itemsOf(request.variableAccessSpecification, association)
  if (!Array.isArray(items)) return items as Exclude<typeof items, readonly ListedVariable[]>
  const results = readItems(items, association)
  return results instanceof Promise ? results.then(given => readAnswer(request, given)) : readAnswer(request, results)
}

function readAnswer(
  { specificationWithResult, variableAccessSpecification }: ReadRequest,
  listOfAccessResult: readonly AccessResult[],
): Answer<'read'> {
  return { response: specificationWithResult ? { variableAccessSpecification, listOfAccessResult } : { listOfAccessResult } }
}

/** Reads each item. What is there at once stays synchronous. */
export function readItems(items: readonly ListedVariable[], association: ServerAssociation): Maybe<readonly AccessResult[]> {
  let later = false
  const results = items.map(item => {
    const variable = variableOf(item, association)
    if (typeof variable !== 'object') return asResult(variable)
    const value = variable.read(association.context)
    if (!(value instanceof Promise)) return asResult(value)
    later = true
    return value.then(asResult)
  })
  return later ? Promise.all(results) : (results as AccessResult[])
}

function asResult(value: Data | DataAccessError): AccessResult {
  return typeof value === 'object' ? { type: 'success', value } : { type: 'failure', value }
}

/** ISO 9506-1, 14.7: item by item in order; a failure does not stop the rest. */
export function write(request: WriteRequest, association: ServerAssociation): Maybe<Answer<'write'>> {
  const items = itemsOf(request.variableAccessSpecification, association)
  if (!Array.isArray(items)) return items as Exclude<typeof items, readonly ListedVariable[]>
  if (items.length !== request.listOfData.length) return invalidArgument
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

function writeItem(item: ListedVariable, value: Data, association: ServerAssociation): Maybe<DataAccessError | undefined> {
  const variable = variableOf(item, association)
  if (typeof variable !== 'object') return variable
  if (mismatchOf(value, variable.type)) return 'type-inconsistent'
  return variable.write(value, association.context)
}

function asWriteResult(failure: DataAccessError | undefined): WriteResult {
  return failure === undefined ? { type: 'success', value: null } : { type: 'failure', value: failure }
}

/** ISO 9506-1, 14.9. */
export function getVariableAccessAttributes(
  request: GetVariableAccessAttributesRequest,
  association: ServerAssociation,
): Answer<'getVariableAccessAttributes'> {
  if (request.type !== 'name') return invalidArgument
  const variable = association.vmd.find('namedVariable', request.value, association.own)
  return variable === undefined
    ? nonExistent
    : { response: { mmsDeletable: mmsDeletable(association.vmd, variable), typeDescription: variable.type } }
}

/** The items that a specification means: those it lists, or the members of the list it names. */
export function itemsOf(
  specification: VariableAccessSpecification,
  association: ServerAssociation,
): readonly ListedVariable[] | typeof nonExistent | typeof invalidArgument | { readonly error: ReturnType<typeof serviceError> } {
  if (specification.type === 'variableListName') {
    if (!association.agreed('vlis')) return invalidArgument
    const list = association.vmd.find('namedVariableList', specification.value, association.own)
    return list === undefined ? nonExistent : list.items.map(listed)
  }
  const items = specification.value
  if (items.length === 0 || !items.every(item => isAcceptable(item, association))) return invalidArgument
  return items.length > association.limits.maxItems ? { error: serviceError('resource', 'capability-unavailable') } : items
}

/** Whether an item uses only what was negotiated and is served: named variables, alternate access. ISO 9506-1, 14.5. */
export function isAcceptable({ variableSpecification, alternateAccess }: ListedVariable, association: ServerAssociation): boolean {
  return variableSpecification.type === 'name' && (alternateAccess === undefined || association.agreed('valt'))
}

/** A member of a list as an item of a specification. */
export function listed({ name, alternateAccess }: VariableReference): ListedVariable {
  return { variableSpecification: { type: 'name', value: name }, ...(alternateAccess === undefined ? {} : { alternateAccess }) }
}

/** The variable, or the part of one, that an item means. */
function variableOf(item: ListedVariable, association: ServerAssociation): Variable | DataAccessError {
  if (item.variableSpecification.type !== 'name') return 'object-access-unsupported'
  const whole = association.vmd.find('namedVariable', item.variableSpecification.value, association.own)
  if (whole === undefined) return 'object-non-existent'
  const variable = partMeant(whole, item.alternateAccess)
  if (typeof variable !== 'object') return variable
  return variable.depth > association.negotiated.dataStructureNestingLevel ? 'object-access-unsupported' : variable
}
