import type { AccessResult, Data, DataAccessError } from '../src/asn1/data.js'
import type { ObjectName } from '../src/asn1/identifiers.js'
import type { ListedVariable, TypeDescription } from '../src/asn1/variable-access.js'
import type { GetNameListRequest } from '../src/asn1/vmd.js'
import { formatObjectName, objectName, parseObjectName } from '../src/names.js'
import type { VmdModel, VmdStatus } from '../src/server/model.js'
import type { VariableModel } from '../src/server/variable/index.js'
import { descriptionIn, mismatchOf, types } from '../src/values.js'
import { type Exchange, essenceOf, exchangesIn, responseOf } from './exchanges.js'
import { type Recording, recordings } from './recordings.js'

/** A type that a value could be of: nobody says how long its strings may grow, so it is generous. */
export function typeOfData(data: Data): TypeDescription {
  switch (data.type) {
    case 'array':
      return types.array(data.value.length, data.value[0] ? typeOfData(data.value[0]) : types.boolean)
    case 'structure':
      return {
        type: 'structure',
        value: {
          packed: false,
          components: data.value.map(value => ({ componentType: { type: 'typeDescription', value: typeOfData(value) } })),
        },
      }
    case 'boolean':
    case 'generalizedTime':
    case 'objId':
    case 'utcTime':
      return types[data.type]
    case 'bitString':
      return types.bitString(data.value.size)
    case 'integer':
      return types.integer(64)
    case 'unsigned':
      return types.unsigned(64)
    case 'floatingPoint':
      return data.value.formatWidth === 32 ? types.float32 : types.float64
    case 'octetString':
      return types.octetString(-255)
    case 'visibleString':
      return types.visibleString(-255)
    case 'mMSString':
      return types.mMSString(-255)
    case 'binaryTime':
      return data.value.days === undefined ? types.timeOfDay : types.binaryTime
    case 'bcd':
      return types.bcd(16)
    case 'booleanArray':
      return types.array(data.value.size, types.boolean)
    default:
      return data satisfies never
  }
}

/** What became of one access to a variable. */
interface Access {
  readonly kind: 'read' | 'write'
  /** A part of the variable, by alternate access. */
  readonly part: boolean
  /** The value read or to be written; the reason why not. */
  readonly value?: Data
  readonly failure?: DataAccessError
}

/** What all recordings together say of the recorded server: it is the same program, with the same objects. */
interface Known {
  readonly types: Map<string, TypeDescription>
  readonly values: Map<string, Data>
  readonly members: Map<string, readonly ListedVariable[]>
}

let everything: Known | undefined

function known(): Known {
  if (everything) return everything
  const found: Known = { types: new Map(), values: new Map(), members: new Map() }
  const all = recordings.filter(({ server }) => server === 'libiec61850').flatMap(recording => exchangesIn(recording))
  for (const exchange of all) {
    const { request } = exchange
    const described = responseOf(exchange, 'getVariableAccessAttributes')
    if (described && request.type === 'getVariableAccessAttributes' && request.value.type === 'name')
      learnType(found.types, formatObjectName(request.value.value), described.typeDescription)
    const attributes = responseOf(exchange, 'getNamedVariableListAttributes')
    if (attributes && request.type === 'getNamedVariableListAttributes')
      found.members.set(formatObjectName(request.value), attributes.listOfVariable)
  }
  for (const exchange of all)
    for (const [name, { kind, part, value }] of accessesOf(exchange, found))
      if (kind === 'read' && !part && value && !found.values.has(name)) found.values.set(name, value)
  everything = found
  return found
}

/** A structure tells the types of its components, which the recorded server has as variables of their own. */
function learnType(found: Map<string, TypeDescription>, name: string, type: TypeDescription): void {
  if (found.has(name)) return
  found.set(name, type)
  if (type.type !== 'structure') return
  for (const { componentName, componentType } of type.value.components)
    if (componentName !== undefined) learnType(found, `${name}$${componentName}`, descriptionIn(componentType))
}

/** Each access of a read or write, with the full name of its variable. */
function accessesOf(exchange: Exchange, { members }: Known): readonly (readonly [string, Access])[] {
  const { request } = exchange
  if (request.type !== 'read' && request.type !== 'write') return []
  const specification = request.value.variableAccessSpecification
  const items = specification.type === 'listOfVariable' ? specification.value : (members.get(formatObjectName(specification.value)) ?? [])
  const results = responseOf(exchange, 'read')?.listOfAccessResult ?? responseOf(exchange, 'write') ?? []
  return items.flatMap(({ variableSpecification: variable, alternateAccess }, i) => {
    const result = results[i]
    if (variable.type !== 'name' || result === undefined) return []
    const value = request.type === 'write' ? request.value.listOfData[i] : result.type === 'success' ? (result.value as Data) : undefined
    const access: Access = {
      kind: request.type,
      part: alternateAccess !== undefined,
      ...(value === undefined ? {} : { value }),
      ...(result.type === 'failure' ? { failure: result.value } : {}),
    }
    return [[formatObjectName(variable.value), access] as const]
  })
}

/** What a recording does not tell of its server. */
export interface Extra {
  readonly variables?: Readonly<Record<string, VariableModel & { readonly type: TypeDescription }>>
  /** Lists, and their members. */
  readonly lists?: Readonly<Record<string, readonly string[]>>
}

/**
 * A server's model with everything in it that a recorded connection touches, and with the values and refusals that it shows.
 *
 * @returns makes a fresh one each time: a model remembers how far in the recording it is
 */
export function modelOf(recording: Recording, stream: number, extra: Extra = {}): () => VmdModel {
  const builder = new ModelBuilder(known(), extra)
  const exchanges = exchangesIn(recording, [stream])
  for (const exchange of exchanges) builder.see(exchange)
  const identity = exchanges.map(exchange => responseOf(exchange, 'identify')).find(Boolean)
  const recordedStatus = exchanges.flatMap(exchange => responseOf(exchange, 'status') ?? [])
  return () => {
    const statuses = [...recordedStatus]
    return {
      identity: identity ?? { vendorName: 'vendor', modelName: 'model', revision: '0' },
      ...(statuses.length > 0 && { status: () => statuses.shift() as VmdStatus }),
      ...builder.build(),
    }
  }
}

class ModelBuilder {
  readonly #known: Known
  readonly #extra: Extra
  readonly #accesses = new Map<string, Access[]>()
  readonly #objects = new Map<string, ObjectName>()
  readonly #lists = new Map<string, readonly string[]>()
  readonly #domains = new Set<string>()
  /** Lists that the client makes itself. */
  readonly #defined = new Set<string>()

  constructor(server: Known, extra: Extra) {
    this.#known = server
    this.#extra = extra
    for (const [name, items] of Object.entries(extra.lists ?? {})) {
      this.#lists.set(name, items)
      for (const item of items) this.#add(parseObjectName(item))
    }
    for (const name of Object.keys(extra.variables ?? {})) this.#add(parseObjectName(name))
  }

  see(exchange: Exchange): void {
    const { request, answer } = exchange
    const essence = essenceOf(exchange)
    for (const [name, access] of accessesOf(exchange, this.#known)) {
      const seen = this.#accesses.get(name)
      if (seen) seen.push(access)
      else this.#accesses.set(name, [access])
    }
    const found = answer?.type === 'confirmedResponsePDU'
    switch (request.type) {
      case 'read':
      case 'write': {
        const specification = request.value.variableAccessSpecification
        if (specification.type === 'listOfVariable') this.#addItems(specification.value)
        else if (found) this.#addList(specification.value, responseOf(exchange, 'read')?.listOfAccessResult)
        return
      }
      case 'getVariableAccessAttributes':
        if (found && request.value.type === 'name') this.#add(request.value.value)
        return
      case 'getNamedVariableListAttributes':
        if (found) this.#addList(request.value)
        return
      case 'defineNamedVariableList': {
        const name = request.value.variableListName
        if (name.type === 'domainSpecific' && essence !== 'error access: object-non-existent') this.#domains.add(name.value.domainID)
        if (essence === 'error definition: object-exists') this.#addList(name)
        if (!found) return
        this.#defined.add(formatObjectName(name))
        return this.#addItems(request.value.listOfVariable)
      }
      case 'deleteNamedVariableList':
        if (request.value.domainName !== undefined) this.#domains.add(request.value.domainName)
        if (responseOf(exchange, 'deleteNamedVariableList')?.numberMatched)
          for (const name of request.value.listOfVariableListName ?? []) this.#addList(name)
        return
      case 'getNameList': {
        const names = responseOf(exchange, 'getNameList')
        if (names) this.#addNames(request.value, names.listOfIdentifier)
      }
    }
  }

  #add(name: ObjectName): void {
    this.#objects.set(formatObjectName(name), name)
  }

  #addItems(items: readonly ListedVariable[]): void {
    for (const { variableSpecification: variable } of items) if (variable.type === 'name') this.#add(variable.value)
  }

  /** @param results of a read, one for each member: where nobody tells the members, they get names */
  #addList(name: ObjectName, results?: readonly AccessResult[]): void {
    const text = formatObjectName(name)
    if (this.#defined.has(text) || name.type !== 'domainSpecific' || this.#lists.get(text)?.length) return
    const members = this.#known.members.get(text)
    if (members) this.#addItems(members)
    const invented = (results ?? []).map((_, i) => `${text}$${i}`)
    if (!members)
      for (const [i, item] of invented.entries()) {
        const result = results![i]!
        this.#add(parseObjectName(item))
        this.#accesses.set(item, [
          { kind: 'read', part: false, ...(result.type === 'success' ? { value: result.value } : { failure: result.value }) },
        ])
      }
    this.#lists.set(
      text,
      members
        ? members.flatMap(({ variableSpecification: variable }) => (variable.type === 'name' ? [formatObjectName(variable.value)] : []))
        : invented,
    )
  }

  #addNames({ objectClass, objectScope }: GetNameListRequest, names: readonly string[]): void {
    const domain = objectScope.type === 'domainSpecific' ? objectScope.value : undefined
    if (domain !== undefined) this.#domains.add(domain)
    for (const name of names) {
      if (objectClass.value === 'domain') this.#domains.add(name)
      else if (objectClass.value === 'namedVariable') this.#add(objectName(name, domain))
      else if (objectClass.value === 'namedVariableList' && objectScope.type !== 'aaSpecific') this.#addList(objectName(name, domain))
    }
  }

  build(): Pick<VmdModel, 'variables' | 'domains'> {
    const variables: Record<string, VariableModel> = {}
    const domains: Record<string, { variables: Record<string, VariableModel>; lists: Record<string, { items: readonly string[] }> }> = {}
    const domainOf = (name: string) => (domains[name] ??= { variables: {}, lists: {} })
    for (const name of this.#domains) domainOf(name)
    for (const [text, name] of this.#objects) {
      const variable = this.#variable(text)
      if (variable === undefined || name.type === 'aaSpecific') continue
      if (name.type === 'vmdSpecific') variables[name.value] = variable
      else domainOf(name.value.domainID).variables[name.value.itemID] = variable
    }
    for (const [text, items] of this.#lists) {
      const name = parseObjectName(text)
      if (name.type === 'domainSpecific') domainOf(name.value.domainID).lists[name.value.itemID] = { items }
    }
    return { variables, domains }
  }

  /** A variable that behaves as the recorded one did; undefined: the recorded server did not have it. */
  #variable(name: string): VariableModel | undefined {
    const given = this.#extra.variables?.[name]
    const accesses = this.#accesses.get(name) ?? []
    const absent = (access: Access) => access.failure === 'object-non-existent' && !access.part
    if (accesses.length > 0 && accesses.every(absent)) return undefined
    const { types: described, values } = this.#known
    const before = values.get(name)
    // A value that was refused for its type says nothing of it.
    const sample = accesses.find(({ value, part, failure }) => value && !part && failure !== 'type-inconsistent')?.value ?? before
    const type = given?.type ?? described.get(name) ?? (sample ? typeOfData(sample) : types.boolean)
    const stored = before && mismatchOf(before, type) === undefined ? { value: before } : {}
    if (given) return { ...stored, ...given }
    // What the server refuses by itself, a hook never sees.
    const seen = accesses.filter(({ failure }) => failure !== 'type-inconsistent' && failure !== 'object-non-existent')
    const reads = seen.filter(({ kind }) => kind === 'read')
    const writes = seen.filter(({ kind }) => kind === 'write').map(({ failure }) => failure)
    const write = () => {
      const failure = writes.shift()
      return failure === undefined ? undefined : { failure }
    }
    const last = reads.at(-1)
    if (last === undefined || accesses.some(({ part }) => part)) return { type, ...stored, write }
    const read = () => {
      const { value, failure } = reads.shift() ?? last
      return value ?? { failure: failure! }
    }
    return { type, read, write }
  }
}
