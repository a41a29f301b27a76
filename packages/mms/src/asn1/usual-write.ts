import { prependHeader } from '@x/ber'
import { EncodeError, type Sdu } from '@x/core'
import { AccessResultList } from './data.js'
import { InvokeID, type ObjectName, prependIdentifier } from './identifiers.js'
import type { MmsPdu, UnconfirmedPDU } from './pdu.js'
import type { ListedVariable, ReadRequest } from './variable-access.js'

/*
 * The counterpart of `usual-read.ts`: reads of named variables, their answers and reports, written in one go. Everything else, and what cannot
 * be encoded, is left to the schema, which then says what is wrong and where.
 */

/** @returns false: it is another PDU, or has no encoding; `sdu` is then as it was */
export function writeUsual(pdu: MmsPdu, sdu: Sdu): boolean {
  const before = sdu.length
  try {
    if (writeAny(pdu, sdu, before)) return true
  } catch (error) {
    if (!(error instanceof EncodeError || error instanceof TypeError)) throw error
  }
  sdu.start = sdu.end - before
  return false
}

function writeAny(pdu: MmsPdu, sdu: Sdu, before: number): boolean {
  if (pdu.type === 'confirmedResponsePDU') {
    const { invokeID, service, serviceExt } = pdu.value
    if (service.type !== 'read' || serviceExt !== undefined || service.value.variableAccessSpecification !== undefined) return false
    AccessResultList.codec().put(sdu, service.value.listOfAccessResult, 0xa1)
    finish(sdu, invokeID, 0xa1, before)
    return true
  }
  if (pdu.type === 'unconfirmedPDU') return writeReport(sdu, pdu.value, before)
  if (pdu.type !== 'confirmedRequestPDU') return false
  const { invokeID, service, serviceExt, listOfModifiers } = pdu.value
  if (service.type !== 'read' || serviceExt !== undefined || listOfModifiers !== undefined) return false
  if (!writeRequest(sdu, service.value, before)) return false
  finish(sdu, invokeID, 0xa0, before)
  return true
}

/** The service around what is written, the invoke identifier in front of it, and the PDU around both. */
function finish(sdu: Sdu, invokeID: number, tag: number, before: number): void {
  prependHeader(sdu, 0xa4, sdu.length - before)
  InvokeID.codec().put(sdu, invokeID, 0x02)
  prependHeader(sdu, tag, sdu.length - before)
}

function writeReport(sdu: Sdu, { service, serviceExt }: UnconfirmedPDU, before: number): boolean {
  if (service.type !== 'informationReport' || serviceExt !== undefined) return false
  const { variableAccessSpecification: specification, listOfAccessResult } = service.value
  AccessResultList.codec().put(sdu, listOfAccessResult, 0xa0)
  const results = sdu.length
  if (specification.type === 'listOfVariable') {
    if (!writeVariables(sdu, specification.value)) return false
    prependHeader(sdu, 0xa0, sdu.length - results)
  } else {
    if (!writeName(sdu, specification.value)) return false
    prependHeader(sdu, 0xa1, sdu.length - results)
  }
  prependHeader(sdu, 0xa0, sdu.length - before)
  prependHeader(sdu, 0xa3, sdu.length - before)
  return true
}

function writeRequest(sdu: Sdu, { specificationWithResult, variableAccessSpecification }: ReadRequest, before: number): boolean {
  if (specificationWithResult !== false || variableAccessSpecification.type !== 'listOfVariable') return false
  if (!writeVariables(sdu, variableAccessSpecification.value)) return false
  prependHeader(sdu, 0xa0, sdu.length - before)
  prependHeader(sdu, 0xa1, sdu.length - before)
  return true
}

function writeVariables(sdu: Sdu, list: readonly ListedVariable[]): boolean {
  if (!Array.isArray(list)) return false
  for (let i = list.length - 1; i >= 0; i--) if (!writeVariable(sdu, list[i])) return false
  return true
}

function writeVariable(sdu: Sdu, { variableSpecification, alternateAccess }: ListedVariable): boolean {
  if (variableSpecification.type !== 'name' || alternateAccess !== undefined) return false
  const before = sdu.length
  if (!writeName(sdu, variableSpecification.value)) return false
  prependHeader(sdu, 0xa0, sdu.length - before)
  prependHeader(sdu, 0x30, sdu.length - before)
  return true
}

function writeName(sdu: Sdu, name: ObjectName): boolean {
  if (name.type === 'vmdSpecific') {
    prependIdentifier(sdu, name.value, 0x80)
    return true
  }
  if (name.type !== 'domainSpecific') return false
  const before = sdu.length
  prependIdentifier(sdu, name.value.itemID, 0x1a)
  prependIdentifier(sdu, name.value.domainID, 0x1a)
  prependHeader(sdu, 0xa1, sdu.length - before)
  return true
}
