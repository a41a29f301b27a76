import { createHash } from 'node:crypto'
import { passwordMechanism } from '@x/acse'
import { OsiError, RejectedError, ReleasedError, ServiceError, unhex } from '@x/core'
import {
  type AccessResult,
  type AssociationRequest,
  type Data,
  formatAlternateAccess,
  type InformationReport,
  type MmsClient,
  type ObjectName,
  objectName,
  parseVariable,
  type RejectReason,
  type ReportQueue,
  type ServiceError as ServiceErrorValue,
  timeOfDayToDate,
  type WriteResult,
} from '@x/mms'
import { connect } from '@x/mms/node'
import { contentOf } from '../../file-steps.js'
import type { Json } from '../../model.js'
import { dataOfText, lineOf, typeLineOf } from '../../values.js'
import { argumentsOf, deadline, emit, Failed, NotOffered, type Operation, serveCommands } from './lines.js'

/** The client of this stack under the commands of ../../README.md. */
const options = argumentsOf(process.argv.slice(2))
const host = options.get('host') ?? '127.0.0.1'
const port = Number(options.get('port'))
let mms: MmsClient | undefined
let reports: ReportQueue<InformationReport> | undefined

async function journalOf(name: string): Promise<Json> {
  const found: Json[] = []
  for await (const { entryContent } of association().journals.entries(name)) {
    const { occurrenceTime, entryForm } = entryContent
    const variables = entryForm.type === 'data' ? (entryForm.value.listOfVariables ?? []) : []
    found.push({
      time: timeOfDayToDate(occurrenceTime)!.getTime(),
      variables: Object.fromEntries(variables.map(({ variableTag, valueSpecification }) => [variableTag, lineOf(valueSpecification)])),
    })
  }
  return found
}

const open: Operation = async (...given) => {
  const wanted = new Map(given.map(option => option.split('=', 2) as [string, string]))
  const pdu = wanted.get('pdu')
  const tpdu = wanted.get('tpdu')
  const outstanding = wanted.get('outstanding')
  mms = await connect({
    host,
    port,
    requestTimeout: 5_000,
    association: associationOf(wanted),
    ...(tpdu === undefined ? {} : { cotp: { tpduSize: Number(tpdu) } }),
    initiate: {
      minPduSize: 64,
      ...(pdu === undefined ? {} : { maxPduSize: Number(pdu) }),
      ...(outstanding === undefined ? {} : { maxServOutstanding: Number(outstanding) }),
    },
  })
  reports = mms.reports()
  return { pdu: mms.negotiated.maxPduSize, outstanding: mms.negotiated.maxServOutstandingOwn }
}

/** `password=TEXT`, and `selectors=absent` or `selectors=T/S/P` in hex, for both sides. */
function associationOf(wanted: ReadonlyMap<string, string>): AssociationRequest {
  const password = wanted.get('password')
  const selectors = wanted.get('selectors')
  const [transport, session, presentation] = selectors === 'absent' ? ['', '', ''] : (selectors?.split('/') ?? [])
  const address = {
    ...(transport ? { transportSelector: unhex(transport) } : {}),
    ...(session ? { sessionSelector: unhex(session) } : {}),
    ...(presentation ? { presentationSelector: unhex(presentation) } : {}),
  }
  return {
    ...(selectors === undefined ? {} : { calledPresentationAddress: address, callingPresentationAddress: address }),
    ...(password === undefined ? {} : { authentication: passwordMechanism({ own: password }).prove({}) }),
  }
}

function association(): MmsClient {
  if (mms === undefined) throw new Failed('connection-none')
  return mms
}

function named(scope: string, item: string): ObjectName {
  return scope === '@aa' ? { type: 'aaSpecific', value: item } : objectName(item, scope)
}

/** One request, whatever comes back: what is too long for one is for the steps to see. */
async function read(...items: readonly string[]): Promise<Json[]> {
  const value = items
    .map(text => parseVariable(text))
    .map(({ name, ...part }) => ({ variableSpecification: { type: 'name' as const, value: name }, ...part }))
  const variableAccessSpecification = { type: 'listOfVariable' as const, value }
  const { listOfAccessResult } = await association().request('read', { specificationWithResult: false, variableAccessSpecification })
  return listOfAccessResult.map(resultOf)
}

async function one(item: string): Promise<Json> {
  return (await read(item))[0]!
}

function resultOf(result: AccessResult): Json {
  return result.type === 'success' ? lineOf(result.value) : { failure: result.value }
}

function writeResultOf(result: WriteResult): Json {
  return result.type === 'success' ? 'success' : { failure: result.value }
}

function valueIn(text: string): Data {
  const data = dataOfText(text)
  if (data === undefined) throw new NotOffered(`no value ${text}`)
  return data
}

async function write(...pairs: readonly (readonly [item: string, value: string])[]): Promise<Json[]> {
  return (await association().write(pairs.map(([item, value]) => ({ item, value: valueIn(value) })))).map(writeResultOf)
}

async function names(kind: string, domain?: string): Promise<readonly string[]> {
  if (kind === 'domains') return association().domainNames()
  if (kind === 'variables') return association().variableNames(domain)
  if (domain !== '@aa') return association().variableListNames(domain)
  const found: string[] = []
  for await (const name of association().names(
    { type: 'basicObjectClass', value: 'namedVariableList' },
    { type: 'aaSpecific', value: null },
  ))
    found.push(name)
  return found
}

async function readListSpecified(scope: string, name: string): Promise<Json> {
  const { variableAccessSpecification, listOfAccessResult } = await association().request('read', {
    specificationWithResult: true,
    variableAccessSpecification: { type: 'variableListName', value: named(scope, name) },
  })
  // A server that leaves it out, as iec61850bean does, has told nothing wrong.
  const found = variableAccessSpecification
  if (found && (found.type !== 'variableListName' || itemOf(found.value) !== name))
    throw new Failed('the answer repeats another specification')
  return listOfAccessResult.map(resultOf)
}

function itemOf(name: ObjectName): string {
  return name.type === 'domainSpecific' ? name.value.itemID : name.value
}

function memberOf(name: ObjectName): string {
  return `${name.type === 'domainSpecific' ? name.value.domainID : name.type}/${itemOf(name)}`
}

async function listAttributes(scope: string, name: string): Promise<Json> {
  const { mmsDeletable, listOfVariable } = await association().getNamedVariableListAttributes(named(scope, name))
  return {
    deletable: mmsDeletable,
    members: listOfVariable.map(({ variableSpecification: { type, value }, alternateAccess }) =>
      type === 'name' ? `${memberOf(value)}${alternateAccess ? formatAlternateAccess(alternateAccess) : ''}` : type,
    ),
  }
}

async function report(seconds: string): Promise<Json> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Failed('timeout')), Number(seconds) * 1_000)
  })
  const { value, done } = await Promise.race([reports!.next(), late]).finally(() => clearTimeout(timer))
  if (done) throw new Failed('connection-lost')
  const { variableAccessSpecification: specification, listOfAccessResult } = value
  const isList = specification.type === 'variableListName'
  const name = isList ? specification.value : undefined
  return {
    domain: name?.type === 'domainSpecific' ? name.value.domainID : null,
    name: name === undefined ? null : itemOf(name),
    list: isList,
    value: { array: listOfAccessResult.map(resultOf) },
  }
}

/** An end that is not the orderly one is a failure: `close` falls back to an abort. */
async function conclude(): Promise<Json> {
  const closing = association()
  mms = undefined
  await closing.close()
  const end = await closing.ended
  if (!(end instanceof ReleasedError)) throw new Failed(`connection-${end.name}: ${end.message}`)
  return {}
}

async function abort(): Promise<Json> {
  const closing = association()
  mms = undefined
  closing.abort()
  await closing.ended
  return {}
}

/** How the other side ended the association: released, aborted, or the connection lost. */
async function ended(seconds: string): Promise<Json> {
  const { ended: end } = association()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Failed('timeout')), Number(seconds) * 1_000)
  })
  const { name } = await Promise.race([end, late]).finally(() => clearTimeout(timer))
  mms = undefined
  return name === 'ReleasedError' ? 'released' : name === 'AbortedError' ? 'aborted' : 'lost'
}

/** class/code as in ISO 9506-2 where the peer told them. */
function describe(error: unknown): string {
  if (error instanceof ServiceError) {
    const { errorClass } = error.answered as ServiceErrorValue
    return `${hyphened(errorClass.type)}/${errorClass.value}`
  }
  if (error instanceof RejectedError && error.answered !== undefined) return `reject/${(error.answered as RejectReason).value}`
  if (error instanceof OsiError) return error.name === 'TimeoutError' ? 'timeout' : `connection-${error.name}: ${error.message}`
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

function hyphened(name: string): string {
  return [...name].map(letter => (letter >= 'A' && letter <= 'Z' ? `-${letter.toLowerCase()}` : letter)).join('')
}

deadline(Number(options.get('deadline') ?? 120))
emit({ event: 'ready', role: 'client' })
await serveCommands(
  {
    open,
    identify: async () => {
      const { vendorName, modelName, revision } = await association().identify()
      return { vendor: vendorName, model: modelName, revision }
    },
    status: async () => {
      const { vmdLogicalStatus, vmdPhysicalStatus } = await association().status()
      return {
        logical: vmdLogicalStatus === 'state-changes-allowed' ? 0 : vmdLogicalStatus,
        physical: vmdPhysicalStatus === 'operational' ? 0 : vmdPhysicalStatus,
      }
    },
    names: async (kind, domain) => names(kind!, domain),
    describe: async (domain, item) => typeLineOf((await association().getVariableAccessAttributes(named(domain!, item!))).typeDescription),
    read: (domain, item) => one(`${domain}/${item}`),
    readElement: (domain, item, index) => one(`${domain}/${item}(${index})`),
    readRange: (domain, item, low, count) => one(`${domain}/${item}(${low}..${Number(low) + Number(count) - 1})`),
    readComponent: (domain, item, name) => one(`${domain}/${item}.${name!.replaceAll('$', '.')}`),
    readElementComponent: (domain, item, index, name) => one(`${domain}/${item}(${index}).${name!.replaceAll('$', '.')}`),
    readMany: (domain, ...items) => read(...items.map(item => `${domain}/${item}`)),
    pipeline: (count, domain, item) => Promise.all(Array.from({ length: Number(count) }, () => one(`${domain}/${item}`))),
    write: async (domain, item, value) => (await write([`${domain}/${item}`, value!]))[0]!,
    writeElement: async (domain, item, index, value) => (await write([`${domain}/${item}(${index})`, value!]))[0]!,
    writeRange: async (domain, item, low, count, value) =>
      (await write([`${domain}/${item}(${low}..${Number(low) + Number(count) - 1})`, value!]))[0]!,
    writeElementComponent: async (domain, item, index, name, value) =>
      (await write([`${domain}/${item}(${index}).${name!.replaceAll('$', '.')}`, value!]))[0]!,
    writeList: async (scope, name, ...values) =>
      (
        await association().request('write', {
          variableAccessSpecification: { type: 'variableListName', value: named(scope!, name!) },
          listOfData: values.map(valueIn),
        })
      ).map(writeResultOf),
    writeMany: (domain, ...pairs) =>
      write(...pairs.flatMap((item, i) => (i % 2 === 0 ? [[`${domain}/${item}`, pairs[i + 1]!] as const] : []))),
    defineList: async (scope, name, ...variables) => {
      await association().defineNamedVariableList(named(scope!, name!), variables)
      return 'defined'
    },
    listAttributes: (scope, name) => listAttributes(scope!, name!),
    readList: async (scope, name) => (await association().readVariableList(named(scope!, name!))).map(resultOf),
    readListSpecified: (scope, name) => readListSpecified(scope!, name!),
    deleteList: async (scope, name) => (await association().deleteNamedVariableList([named(scope!, name!)])).numberDeleted === 1,
    report: seconds => report(seconds!),
    fileDirectory: async () => Boolean(await association().files.fileDirectory('')),
    files: async () => {
      const found: [string, number][] = []
      for await (const { fileName, fileAttributes } of association().files.list())
        found.push([fileName.join('/'), fileAttributes.sizeOfFile])
      return found.sort(([a], [b]) => (a < b ? -1 : 1))
    },
    fileRead: async name => {
      const octets = await association().files.readWhole(name!)
      return { octets: octets.length, sha1: createHash('sha1').update(octets).digest('hex') }
    },
    fileSend: async (size, name) => {
      await association().files.write(name!, contentOf(Number(size)))
      return 'sent'
    },
    fileDelete: async name => {
      await association().files.fileDelete(name!)
      return 'deleted'
    },
    fileRename: async (from, to) => {
      await association().files.fileRename(from!, to!)
      return 'renamed'
    },
    journal: (domain, name) => journalOf(`${domain}/${name}`),
    ended: seconds => ended(seconds!),
    conclude,
    abort,
  },
  describe,
)
emit({ event: 'done' })
process.exit(0)
