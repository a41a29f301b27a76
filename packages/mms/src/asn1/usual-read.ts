import { BerReader } from '@x/ber'
import { DecodeError } from '@x/core'
import { type AccessResult, AccessResultList } from './data.js'
import { type ObjectName, readIdentifier } from './identifiers.js'
import type { MmsPdu } from './pdu.js'
import type { ListedVariable, VariableAccessSpecification } from './variable-access.js'

/*
 * Nine out of ten PDUs on a busy association are reads of named variables, their answers, and reports. These are read here in one go,
 * in just the form that nearly every peer gives them. Whatever is not exactly so, also what is wrong, is left to the schema, which then
 * begins again and finds the error where it is. Tests hold the two against each other.
 */

const REQUEST = 0xa0
const RESPONSE = 0xa1
const UNCONFIRMED = 0xa3
const READ = 0xa4
const INTEGER = 0x02
const SEQUENCE = 0x30
const VISIBLE_STRING = 0x1a

/** @returns undefined: it is another PDU, or another form of it, or it is wrong */
export function readUsual(octets: Uint8Array, depth: number, elements: number): MmsPdu | undefined {
  const type = octets[0]
  if (type !== RESPONSE && type !== REQUEST && type !== UNCONFIRMED) return undefined
  // A variable of a domain stands seven levels deep; where that is too much, the schema says so.
  if (depth < 7) return undefined
  const reader = new BerReader(octets, { layer: 'mms', depth, elements })
  try {
    reader.header(octets.length)
    const end = reader.end
    if (end !== octets.length) return undefined
    if (type === UNCONFIRMED) return readReport(reader, end)
    const invokeID = readInvokeID(reader, end)
    // The whole rest is the service: no modifiers in front of it and no details behind.
    if (invokeID < 0 || reader.header(end) !== READ || reader.end !== end) return undefined
    if (type === RESPONSE) {
      const listOfAccessResult = readResults(reader, 0xa1, end)
      if (listOfAccessResult === undefined) return undefined
      return { type: 'confirmedResponsePDU', value: { invokeID, service: { type: 'read', value: { listOfAccessResult } } } }
    }
    // Neither specificationWithResult nor the name of a list.
    if (reader.header(end) !== 0xa1 || reader.end !== end || reader.header(end) !== 0xa0 || reader.end !== end) return undefined
    const value = readVariables(reader, end)
    if (value === undefined) return undefined
    const argument = { specificationWithResult: false, variableAccessSpecification: { type: 'listOfVariable', value } } as const
    return { type: 'confirmedRequestPDU', value: { invokeID, service: { type: 'read', value: argument } } }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return undefined
  }
}

/** @returns −1: it is not there, or not a positive one of one to four octets */
function readInvokeID(reader: BerReader, limit: number): number {
  if (reader.header(limit) !== INTEGER) return -1
  const { octets, position, end } = reader
  const size = end - position
  if (size < 1 || size > 4 || octets[position]! > 0x7f) return -1
  let value = 0
  for (let at = position; at < end; at++) value = (value << 8) | octets[at]!
  reader.position = end
  return value
}

/** An information report of a list, or of named variables. */
function readReport(reader: BerReader, end: number): MmsPdu | undefined {
  if (reader.header(end) !== 0xa0 || reader.end !== end) return undefined
  const variableAccessSpecification = readSpecification(reader, reader.header(end), reader.end)
  if (variableAccessSpecification === undefined) return undefined
  const listOfAccessResult = readResults(reader, 0xa0, end)
  if (listOfAccessResult === undefined) return undefined
  const value = { variableAccessSpecification, listOfAccessResult }
  return { type: 'unconfirmedPDU', value: { service: { type: 'informationReport', value } } }
}

function readSpecification(reader: BerReader, tag: number, end: number): VariableAccessSpecification | undefined {
  if (tag === 0xa1) {
    const value = readName(reader, end)
    return value && { type: 'variableListName', value }
  }
  const value = tag === 0xa0 ? readVariables(reader, end) : undefined
  return value && { type: 'listOfVariable', value }
}

/** The list of results, if it is next and takes all that is left. */
function readResults(reader: BerReader, tag: number, end: number): readonly AccessResult[] | undefined {
  if (reader.header(end) !== tag || reader.end !== end) return undefined
  // The two levels above: the PDU and the service.
  reader.depth -= 2
  return AccessResultList.codec().get(reader, tag)
}

function readVariables(reader: BerReader, end: number): ListedVariable[] | undefined {
  const list: ListedVariable[] = []
  while (reader.position < end) {
    if (reader.header(end) !== SEQUENCE) return undefined
    const itemEnd = reader.end
    // An alternate access would stand behind the name.
    if (reader.header(itemEnd) !== 0xa0 || reader.end !== itemEnd) return undefined
    const value = readName(reader, itemEnd)
    if (value === undefined) return undefined
    list.push({ variableSpecification: { type: 'name', value } })
  }
  return list
}

function readName(reader: BerReader, end: number): ObjectName | undefined {
  const tag = reader.header(end)
  if (reader.end !== end) return undefined
  if (tag === 0x80) {
    const value = readIdentifier(reader, tag)
    reader.position = end
    return { type: 'vmdSpecific', value }
  }
  if (tag !== 0xa1 || reader.header(end) !== VISIBLE_STRING) return undefined
  const next = reader.end
  const domainID = readIdentifier(reader, VISIBLE_STRING)
  reader.position = next
  if (reader.header(end) !== VISIBLE_STRING || reader.end !== end) return undefined
  const itemID = readIdentifier(reader, VISIBLE_STRING)
  reader.position = end
  return { type: 'domainSpecific', value: { domainID, itemID } }
}
