import { DecodeError, Explainer, hex, type Span } from '@x/core'
import { hasValidChecksum } from './checksum.js'
import { decodeTpdu, typeOf } from './decode.js'
import { decodeParameters, type Parameter, type ParameterContext, type ParameterName } from './parameters.js'
import { describeDisconnectReason, describeRejectCause } from './reasons.js'
import { formatSelector } from './selector.js'
import type { Tpdu } from './tpdu.js'
import { ccFault, crFault } from './validity.js'

export interface ExplainedTpdu {
  /** In the order of the octets: the header first, then its fields one level deeper. */
  readonly spans: readonly Span[]
  /** Where the user data of a DT lies, for the layer above; absent when there is none. */
  readonly userData?: { readonly from: number; readonly to: number }
  /** The TPDU; absent when it cannot be decoded: a span then has a `problem`. */
  readonly tpdu?: Tpdu
}

/** Names every octet of one TPDU, of a broken one too: each is in one span without inner spans, or in the user data of a DT. Never throws. */
export function explainTpdu(octets: Uint8Array): ExplainedTpdu {
  let tpdu: Tpdu | undefined
  let problem: DecodeError | undefined
  try {
    tpdu = decodeTpdu(octets)
    problem = procedureFault(tpdu, octets)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    problem = error
  }
  const type = typeOf(octets)
  const explainer = new Explainer('COTP', 'packages/cotp/src/tpdu.ts')
  if (type === undefined) explainer.add(0, octets.length, 'octets', 'X.224, 13', { value: hex(octets.subarray(0, 8)) })
  else explainKnown(explainer, octets, type, tpdu)
  const dataLength = tpdu?.type === 'DT' ? tpdu.userData.length : 0
  return {
    spans: problem === undefined ? explainer.spans : marked(explainer.spans, problem),
    ...(dataLength > 0 ? { userData: { from: octets.length - dataLength, to: octets.length } } : {}),
    ...(tpdu ? { tpdu } : {}),
  }
}

const LENIENT = { tolerates: () => true }

/** What no peer may send although it can be decoded. */
function procedureFault(tpdu: Tpdu, octets: Uint8Array): DecodeError | undefined {
  if (tpdu.type === 'CR') return crFault(tpdu, octets, LENIENT)
  return tpdu.type === 'CC' && tpdu.class === 0 ? ccFault(tpdu, octets, LENIENT) : undefined
}

function explainKnown(explainer: Explainer, octets: Uint8Array, type: Tpdu['type'], tpdu: Tpdu | undefined): void {
  const { length } = octets
  const header = Math.min(octets[0]! + 1, length)
  explainer.add(0, header, tpdu ? labelOf(tpdu) : `${type}, broken`, CLAUSES[type])
  if (type !== 'DT' || octets[0] !== 2) explainFields(explainer, octets, type, header)
  if (length === header || (type === 'DT' && tpdu !== undefined)) return
  const label = tpdu ? 'user data' : 'octets behind the header'
  explainer.add(header, length, label, CLAUSES[type], { value: `${length - header} octets`, depth: 1 })
}

function explainFields(explainer: Explainer, octets: Uint8Array, type: Tpdu['type'], header: number): void {
  let at = 0
  /** The next octets of the header; what is left of it when they are not all there. */
  const field = (length: number, label: string, value: (number: number) => string = String) => {
    const from = at
    at = Math.min(from + length, header)
    if (from === at) return
    const cut = at < from + length
    let number = 0
    for (let i = from; i < at; i++) number = number * 256 + octets[i]!
    explainer.add(from, at, cut ? `${label}, cut off` : label, CLAUSES[type], {
      value: cut ? hex(octets.subarray(from, at)) : value(number),
      depth: 1,
    })
  }
  const extended = header % 2 === 0
  const short = octets[0] === 2 && type === 'ED'
  const hasSource = type === 'CR' || type === 'CC' || type === 'DR' || type === 'DC'
  field(1, 'length indicator')
  const low = type === 'DT' || type === 'ED' ? 'low bits' : 'credit'
  field(1, 'code', octet => `${hex(Uint8Array.of(octet))}: ${type}${octet % 16 ? `, ${low} ${octet % 16}` : ''}`)
  if (!short) field(2, 'DST-REF')
  if (hasSource) field(2, 'SRC-REF')
  switch (type) {
    case 'CR':
    case 'CC':
      field(1, type === 'CR' ? 'preferred class' : 'class', octet => `${octet >> 4}${octet % 16 ? `, options ${octet % 16}` : ''}`)
      break
    case 'DR':
      field(1, 'reason', reason => `${reason}: ${describeDisconnectReason(reason)}`)
      break
    case 'ER':
      field(1, 'reject cause', cause => `${cause}: ${describeRejectCause(cause)}`)
      break
    case 'DC':
      break
    default: {
      const wide = extended && !short
      field(wide ? 4 : 1, type === 'DT' || type === 'ED' ? 'EOT and TPDU number' : 'YR-TU-NR', numberText(wide ? 0x8000_0000 : 0x80))
      if (wide && (type === 'AK' || type === 'RJ')) field(2, 'credit')
    }
  }
  explainParameters(explainer, octets, type === 'AK' && extended ? 'AK extended' : type, at, header)
}

function explainParameters(explainer: Explainer, octets: Uint8Array, context: ParameterContext, from: number, header: number): void {
  const inner = new Explainer('COTP', 'packages/cotp/src/parameters.ts')
  for (let at = from; at < header; ) {
    const end = at + 2 + (octets[at + 1] ?? 0)
    if (at + 1 >= header || end > header) {
      inner.add(at, header, `parameter ${hex(octets.subarray(at, at + 1))}, broken`, 'X.224, 13.2.3', { depth: 1 })
      break
    }
    const [parameter] = decodeParameters(context, octets, at, end)
    const { label, value, clause, problem } = describe(parameter!, octets)
    inner.add(at, end, label, clause, { value, depth: 1, ...(problem ? { problem } : {}) })
    at = end
  }
  explainer.within(0, inner.spans)
}

function labelOf(tpdu: Tpdu): string {
  switch (tpdu.type) {
    case 'DT':
    case 'ED': {
      const number = tpdu.number === 0 && tpdu.destinationReference === undefined ? '' : `, number ${tpdu.number}`
      return `${tpdu.type}, ${tpdu.endOfTsdu ? 'last of its TSDU' : 'more to come'}${number}`
    }
    case 'CR':
      return `CR, connection request${creditText(tpdu.credit)}`
    case 'CC':
      return `CC, connection confirm${creditText(tpdu.credit)}`
    case 'DR':
      return 'DR, disconnect request'
    case 'DC':
      return 'DC, disconnect confirm'
    case 'AK':
      return `AK, data acknowledgement${creditText(tpdu.credit)}`
    case 'EA':
      return 'EA, expedited data acknowledgement'
    case 'RJ':
      return `RJ, reject${creditText(tpdu.credit)}`
    case 'ER':
      return 'ER, TPDU error'
    default:
      return tpdu satisfies never
  }
}

function creditText(credit: number): string {
  return credit === 0 ? '' : `, credit ${credit}`
}

/** @param end the bit that says whether a TSDU ends; in an acknowledgement it is 0 */
function numberText(end: number): (number: number) => string {
  return number => (number >= end ? `last, ${number - end}` : String(number))
}

function describe(parameter: Parameter, tpdu: Uint8Array): { label: string; value: string; clause: string; problem?: string } {
  if (parameter.type === 'unknown') {
    const code = hex(Uint8Array.of(parameter.code))
    return { label: `parameter ${code}, unknown`, value: hex(parameter.value), clause: 'X.224, 13.2.3' }
  }
  if (parameter.type === 'invalid') {
    return { ...LABELS[parameter.name], value: hex(parameter.value), problem: 'no value of this parameter' }
  }
  const wrong = parameter.type === 'checksum' && !hasValidChecksum(tpdu)
  return { ...LABELS[parameter.type], value: valueText(parameter), ...(wrong ? { problem: 'the checksum does not fit the octets' } : {}) }
}

function valueText(parameter: Exclude<Parameter, { type: 'unknown' | 'invalid' }>): string {
  const { type, value } = parameter
  if (type === 'callingTransportSelector' || type === 'calledTransportSelector') return formatSelector(value)
  if (value instanceof Uint8Array) return hex(value)
  return typeof value === 'number' ? String(value) : JSON.stringify(value).replaceAll('"', '')
}

/** The spans with the error at the innermost one that holds its offset. */
function marked(spans: readonly Span[], error: DecodeError): readonly Span[] {
  const at = spans.findLastIndex(({ from, to }) => from <= error.offset && error.offset < to)
  return spans.map((span, index) => (index === Math.max(at, 0) ? { ...span, problem: error.message } : span))
}

const CLAUSES: Readonly<Record<Tpdu['type'], string>> = {
  CR: 'X.224, 13.3',
  CC: 'X.224, 13.4',
  DR: 'X.224, 13.5',
  DC: 'X.224, 13.6',
  DT: 'X.224, 13.7',
  ED: 'X.224, 13.8',
  AK: 'X.224, 13.9',
  EA: 'X.224, 13.10',
  RJ: 'X.224, 13.11',
  ER: 'X.224, 13.12',
}

const LABELS: Readonly<Record<ParameterName, { readonly label: string; readonly clause: string }>> = {
  tpduSize: { label: 'TPDU size', clause: 'X.224, 13.3.4 b)' },
  callingTransportSelector: { label: 'calling TSAP-ID', clause: 'X.224, 13.3.4 a)' },
  calledTransportSelector: { label: 'called TSAP-ID', clause: 'X.224, 13.3.4 a)' },
  invalidTpdu: { label: 'invalid TPDU', clause: 'X.224, 13.12.4 a)' },
  checksum: { label: 'checksum', clause: 'X.224, 6.17' },
  version: { label: 'version number', clause: 'X.224, 13.3.4 d)' },
  protection: { label: 'protection parameters', clause: 'X.224, 13.3.4 e)' },
  additionalOptions: { label: 'additional option selection', clause: 'X.224, 13.3.4 g)' },
  alternativeClasses: { label: 'alternative protocol classes', clause: 'X.224, 13.3.4 h)' },
  acknowledgementTime: { label: 'acknowledgement time, ms', clause: 'X.224, 13.3.4 i)' },
  residualErrorRate: { label: 'residual error rate', clause: 'X.224, 13.3.4 k)' },
  priority: { label: 'priority', clause: 'X.224, 13.3.4 l)' },
  transitDelay: { label: 'transit delay, ms', clause: 'X.224, 13.3.4 m)' },
  throughput: { label: 'throughput, octets/s', clause: 'X.224, 13.3.4 j)' },
  subsequenceNumber: { label: 'subsequence number', clause: 'X.224, 13.9.4' },
  reassignmentTime: { label: 'reassignment time, s', clause: 'X.224, 13.3.4 n)' },
  flowControlConfirmation: { label: 'flow control confirmation', clause: 'X.224, 13.9.4' },
  selectiveAcknowledgement: { label: 'selective acknowledgement', clause: 'X.224, 13.9.4' },
  additionalInformation: { label: 'additional information on clearing', clause: 'X.224, 13.5.4 a)' },
  preferredTpduSize: { label: 'preferred maximum TPDU size', clause: 'X.224, 13.3.4 c)' },
  inactivityTime: { label: 'inactivity time, ms', clause: 'X.224, 13.3.4 o)' },
}
