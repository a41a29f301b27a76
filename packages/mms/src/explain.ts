import { decode, explain } from '@x/ber'
import { DecodeError, type Span } from '@x/core'
import { contextNumber } from './asn1/broken.js'
import { Data } from './asn1/data.js'
import { MmsPdu } from './asn1/pdu.js'
import { confirmedServiceName, unconfirmedServiceName } from './service-names.js'
import { printData } from './value-print.js'

const ROOT = 'packages/mms/src/asn1/'

/** The file that declares what a member holds, by the spelling of the member. */
const SOURCES: Readonly<Record<string, string>> = {
  'confirmed-ErrorPDU': 'error.ts',
  'initiate-RequestPDU': 'environment.ts',
  'initiate-ResponsePDU': 'environment.ts',
  'initiate-ErrorPDU': 'error.ts',
  rejectPDU: 'error.ts',
  'cancel-RequestPDU': 'environment.ts',
  'cancel-ResponsePDU': 'environment.ts',
  'cancel-ErrorPDU': 'error.ts',
  'conclude-RequestPDU': 'environment.ts',
  'conclude-ResponsePDU': 'environment.ts',
  'conclude-ErrorPDU': 'error.ts',
  listOfModifiers: 'modifier.ts',
  'service: status': 'vmd.ts',
  'service: getNameList': 'vmd.ts',
  'service: identify': 'vmd.ts',
  'service: unsolicitedStatus': 'vmd.ts',
  'service: read': 'variable-access.ts',
  'service: write': 'variable-access.ts',
  'service: informationReport': 'variable-access.ts',
  'service: getVariableAccessAttributes': 'variable-access.ts',
  'service: defineNamedVariableList': 'variable-access.ts',
  'service: getNamedVariableListAttributes': 'variable-access.ts',
  'service: deleteNamedVariableList': 'variable-access.ts',
  listOfData: 'data.ts',
  listOfAccessResult: 'data.ts',
}

/** Kinds of Data whose value reads better as MMS prints it. */
const PRINTED = ['floating-point', 'binary-time', 'utc-time']

/**
 * What each octet of an MMS PDU means: a span for each element with its ASN.1 name, its value and where it is declared; broken octets
 * have a `problem`. Never throws.
 */
export function explainMms(octets: Uint8Array): readonly Span[] {
  const spans = explain(MmsPdu, octets, { layer: 'MMS', clause: 'ISO 9506-2', source: `${ROOT}pdu.ts` })
  const sources: { readonly depth: number; readonly source: string }[] = []
  return spans.map(span => {
    while (sources.length > 0 && sources.at(-1)!.depth >= span.depth) sources.pop()
    const file = Object.hasOwn(SOURCES, span.label) ? SOURCES[span.label] : undefined
    if (file !== undefined) sources.push({ depth: span.depth, source: ROOT + file })
    const source = sources.at(-1)?.source ?? span.source
    if (span.label === 'service: unknown') return { ...span, label: serviceLabel(octets, span) }
    const value = PRINTED.some(kind => span.label.endsWith(kind)) && span.problem === undefined ? printed(octets, span) : undefined
    return { ...span, source, ...(value !== undefined && { value }) }
  })
}

/** A service without a type, by the name that its tag has in ISO 9506-2. */
function serviceLabel(octets: Uint8Array, { from, to }: Span): string {
  const number = contextNumber(octets.subarray(from, to))
  const name = number === undefined ? undefined : octets[0] === 0xa3 ? unconfirmedServiceName(number) : confirmedServiceName(number)
  return name === undefined ? 'service: unknown' : `service: ${name}`
}

function printed(octets: Uint8Array, { from, to }: Span): string | undefined {
  try {
    return printData(decode(Data, octets.subarray(from, to)))
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    // A type description has members of the same names.
    return undefined
  }
}
