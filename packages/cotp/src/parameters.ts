import { EncodeError } from '@x/core'
import { fault } from './faults.js'

/** The values of the parameters of X.224 by name. Sizes are in octets, times in the unit named. */
export interface ParameterValues {
  /** C0. 13.3.4 b): 128, 256 … 8192, header included. 4096 and 8192 are not for class 0 by the letter. */
  tpduSize: number
  /** C1 in CR and CC. 13.3.4 a). */
  callingTransportSelector: Uint8Array
  /** C2 in CR and CC. 13.3.4 a). */
  calledTransportSelector: Uint8Array
  /** C1 in ER: the octets of the rejected TPDU up to and including the bad one. 13.12.4 a). */
  invalidTpdu: Uint8Array
  /** C3. 6.17: the two octets of the checksum as one number. */
  checksum: number
  /** C4. 13.3.4 d). */
  version: number
  /** C5. 13.3.4 e). */
  protection: Uint8Array
  /** C6. 13.3.4 g): bits as `AdditionalOption` names them. */
  additionalOptions: number
  /** C7. 13.3.4 h): class numbers, 0 to 4. */
  alternativeClasses: readonly number[]
  /** 85. 13.3.4 i): milliseconds. */
  acknowledgementTime: number
  /** 86. 13.3.4 k). */
  residualErrorRate: ResidualErrorRate
  /** 87. 13.3.4 l): 0 is the highest. */
  priority: number
  /** 88. 13.3.4 m). */
  transitDelay: TransitDelay
  /** 89. 13.3.4 j). */
  throughput: Throughput
  /** 8A in AK. */
  subsequenceNumber: number
  /** 8B. 13.3.4 n): seconds. */
  reassignmentTime: number
  /** 8C in AK. */
  flowControlConfirmation: FlowControlConfirmation
  /** 8F in AK. */
  selectiveAcknowledgement: readonly NumberRange[]
  /** E0 in DR: anything the sender wants to say. 13.5.4 a). */
  additionalInformation: Uint8Array
  /** F0. 13.3.4 c): octets, a multiple of 128. */
  preferredTpduSize: number
  /** F2. 13.3.4 o): milliseconds. */
  inactivityTime: number
}

/** Powers of 10 for the two rates, of 2 for the size, as they stand on the wire. */
export interface ResidualErrorRate {
  readonly target: number
  readonly minimum: number
  readonly tsduSize: number
}

/** Milliseconds. */
export interface TransitDelay {
  readonly callingToCalled: { readonly target: number; readonly maximum: number }
  readonly calledToCalling: { readonly target: number; readonly maximum: number }
}

/** Octets per second. */
export interface Throughput {
  readonly maximum: ThroughputBothWays
  readonly average?: ThroughputBothWays
}

export interface ThroughputBothWays {
  readonly callingToCalled: { readonly target: number; readonly minimum: number }
  readonly calledToCalling: { readonly target: number; readonly minimum: number }
}

export interface FlowControlConfirmation {
  readonly lowerWindowEdge: number
  readonly subsequenceNumber: number
  readonly credit: number
}

/** TPDU numbers, both ends included. */
export interface NumberRange {
  readonly first: number
  readonly last: number
}

/** Bits of C6. X.224, 13.3.4 g). */
export const AdditionalOption = {
  expeditedData: 0x01,
  noChecksum: 0x02,
  receiptConfirmation: 0x04,
  networkExpedited: 0x08,
  selectiveAcknowledgement: 0x10,
  requestAcknowledgement: 0x20,
} as const

export type ParameterName = keyof ParameterValues

/**
 * One parameter of the variable part. A list keeps the order of the wire, and repeats; of repeats the last counts
 * (X.224, 13.2.3), which is what `parameterValue` looks for.
 */
export type Parameter =
  | { [Name in ParameterName]: { readonly type: Name; readonly value: ParameterValues[Name] } }[ParameterName]
  | UnknownParameter
  | InvalidParameter

/** A code that X.224 does not define for this TPDU. */
export interface UnknownParameter {
  readonly type: 'unknown'
  readonly code: number
  readonly value: Uint8Array
}

/** A code that is defined, with a value or length that its definition does not allow. */
export interface InvalidParameter {
  readonly type: 'invalid'
  readonly name: ParameterName
  readonly code: number
  readonly value: Uint8Array
}

/** The TPDUs, with AK of the extended format apart: it numbers with four octets. */
export type ParameterContext = 'CR' | 'CC' | 'DR' | 'DC' | 'DT' | 'ED' | 'AK' | 'AK extended' | 'EA' | 'RJ' | 'ER'

interface Codec<Value> {
  /** @returns undefined when the octets are no value of this parameter */
  readonly decode: (octets: Uint8Array) => Value | undefined
  /** @returns undefined when the value has no encoding */
  readonly encode: (value: Value) => ArrayLike<number> | undefined
}

interface Definition {
  readonly name: ParameterName
  readonly code: number
  // biome-ignore lint/suspicious/noExplicitAny: `define` ties the codec to the name
  readonly codec: Codec<any>
}

function define<Name extends ParameterName>(code: number, name: Name, codec: Codec<ParameterValues[Name]>): Definition {
  return { code, name, codec }
}

const octets: Codec<Uint8Array> = { decode: value => value, encode: value => (value.length <= 252 ? value : undefined) }

/** One number of `length` octets, high octet first. */
function number(length: number): Codec<number> {
  return {
    decode: value => (value.length === length ? split(value, length)[0] : undefined),
    encode: value => join([value], length),
  }
}

/** Several numbers of `length` octets each, as `read` and `write` arrange them. */
function numbers<Value>(length: number, counts: readonly number[], read: (list: number[]) => Value, write: (value: Value) => number[]) {
  const codec: Codec<Value> = {
    decode: value => (counts.includes(value.length / length) ? read(split(value, length)) : undefined),
    encode: value => join(write(value), length),
  }
  return codec
}

function ranges(length: number): Codec<readonly NumberRange[]> {
  return {
    decode: value => {
      if (value.length === 0 || value.length % (2 * length)) return undefined
      const list = split(value, length)
      return Array.from({ length: list.length / 2 }, (_, i) => ({ first: list[2 * i]!, last: list[2 * i + 1]! }))
    },
    encode: value =>
      value.length === 0
        ? undefined
        : join(
            value.flatMap(({ first, last }) => [first, last]),
            length,
          ),
  }
}

/** The value is the base-2 logarithm of the size in octets: 07 … 0D. Checked before it is used as a shift. */
const size: Codec<number> = {
  decode: value => (value.length === 1 && value[0]! >= 0x07 && value[0]! <= 0x0d ? 2 ** value[0]! : undefined),
  encode: value => {
    const code = Math.log2(value)
    return Number.isInteger(code) && code >= 0x07 && code <= 0x0d ? [code] : undefined
  },
}

/** One to four octets, units of 128 octets, not 0. */
const preferredSize: Codec<number> = {
  decode: value => {
    if (value.length < 1 || value.length > 4) return undefined
    const n = split(value, value.length)[0]!
    return n === 0 ? undefined : n * 128
  },
  encode: value => {
    const n = value / 128
    if (!(Number.isInteger(n) && n >= 1 && n <= 0xffff_ffff)) return undefined
    return join([n], n > 0xff_ffff ? 4 : n > 0xffff ? 3 : n > 0xff ? 2 : 1)
  },
}

/** Each octet like the class octet of the CR, its low nibble 0. */
const classes: Codec<readonly number[]> = {
  decode: value => (value.every(octet => octet % 16 === 0 && octet <= 0x40) ? [...value].map(octet => octet >> 4) : undefined),
  encode: value => (value.every(one => Number.isInteger(one) && one >= 0 && one <= 4) ? value.map(one => one << 4) : undefined),
}

const bothWays = ([a, b, c, d]: readonly number[]): ThroughputBothWays => ({
  callingToCalled: { target: a!, minimum: b! },
  calledToCalling: { target: c!, minimum: d! },
})
const bothWaysList = ({ callingToCalled: to, calledToCalling: back }: ThroughputBothWays) => [
  to.target,
  to.minimum,
  back.target,
  back.minimum,
]

const TPDU_SIZE = define(0xc0, 'tpduSize', size)
const CALLING = define(0xc1, 'callingTransportSelector', octets)
const CALLED = define(0xc2, 'calledTransportSelector', octets)
const INVALID_TPDU = define(0xc1, 'invalidTpdu', octets)
const CHECKSUM = define(0xc3, 'checksum', number(2))
const VERSION = define(0xc4, 'version', number(1))
const PROTECTION = define(0xc5, 'protection', octets)
const OPTIONS = define(0xc6, 'additionalOptions', number(1))
const CLASSES = define(0xc7, 'alternativeClasses', classes)
const ACKNOWLEDGEMENT_TIME = define(0x85, 'acknowledgementTime', number(2))
const ERROR_RATE = define(
  0x86,
  'residualErrorRate',
  numbers(
    1,
    [3],
    ([target, minimum, tsduSize]): ResidualErrorRate => ({ target: target!, minimum: minimum!, tsduSize: tsduSize! }),
    ({ target, minimum, tsduSize }) => [target, minimum, tsduSize],
  ),
)
const PRIORITY = define(0x87, 'priority', number(2))
const TRANSIT_DELAY = define(
  0x88,
  'transitDelay',
  numbers(
    2,
    [4],
    ([a, b, c, d]): TransitDelay => ({ callingToCalled: { target: a!, maximum: b! }, calledToCalling: { target: c!, maximum: d! } }),
    ({ callingToCalled: to, calledToCalling: back }) => [to.target, to.maximum, back.target, back.maximum],
  ),
)
const THROUGHPUT = define(
  0x89,
  'throughput',
  numbers(
    3,
    [4, 8],
    (list): Throughput => ({ maximum: bothWays(list), ...(list.length > 4 ? { average: bothWays(list.slice(4)) } : {}) }),
    ({ maximum, average }) => [...bothWaysList(maximum), ...(average ? bothWaysList(average) : [])],
  ),
)
const SUBSEQUENCE = define(0x8a, 'subsequenceNumber', number(2))
const REASSIGNMENT_TIME = define(0x8b, 'reassignmentTime', number(2))
const FLOW_CONTROL: Definition = define(0x8c, 'flowControlConfirmation', {
  decode: value => {
    if (value.length !== 8) return undefined
    const [subsequenceNumber, credit] = split(value.subarray(4), 2)
    return { lowerWindowEdge: split(value, 4)[0]!, subsequenceNumber: subsequenceNumber!, credit: credit! }
  },
  encode: ({ lowerWindowEdge, subsequenceNumber, credit }) => {
    const [edge, rest] = [join([lowerWindowEdge], 4), join([subsequenceNumber, credit], 2)]
    return edge && rest ? [...edge, ...rest] : undefined
  },
})
const SELECTIVE = define(0x8f, 'selectiveAcknowledgement', ranges(1))
const SELECTIVE_EXTENDED = define(0x8f, 'selectiveAcknowledgement', ranges(4))
const INFORMATION = define(0xe0, 'additionalInformation', octets)
const PREFERRED_SIZE = define(0xf0, 'preferredTpduSize', preferredSize)
const INACTIVITY_TIME = define(0xf2, 'inactivityTime', number(4))

const QUALITY = [ACKNOWLEDGEMENT_TIME, ERROR_RATE, PRIORITY, TRANSIT_DELAY, THROUGHPUT]
const BOTH = [TPDU_SIZE, CALLING, CALLED, CHECKSUM, PROTECTION, OPTIONS, ...QUALITY, PREFERRED_SIZE, INACTIVITY_TIME]
const AK = [CHECKSUM, SUBSEQUENCE, FLOW_CONTROL]

/** X.224, 13.3.4 to 13.12.4: which parameters each TPDU may have. C1 means one thing in CR and CC, another in ER. */
const DEFINITIONS: Readonly<Record<ParameterContext, readonly Definition[]>> = {
  CR: [...BOTH, VERSION, CLASSES, REASSIGNMENT_TIME],
  CC: BOTH,
  DR: [CHECKSUM, INFORMATION],
  DC: [CHECKSUM],
  DT: [CHECKSUM],
  ED: [CHECKSUM],
  AK: [...AK, SELECTIVE],
  'AK extended': [...AK, SELECTIVE_EXTENDED],
  EA: [CHECKSUM],
  RJ: [],
  ER: [INVALID_TPDU, CHECKSUM],
}

/** The value of the parameter of this name, the last one where it is repeated. Undefined when absent, or invalid. */
export function parameterValue<Name extends ParameterName>(
  parameters: readonly Parameter[] | undefined,
  name: Name,
): ParameterValues[Name] | undefined {
  for (let i = (parameters?.length ?? 0) - 1; i >= 0; i--) {
    const parameter = parameters![i]!
    if (parameter.type === name) return parameter.value as ParameterValues[Name]
    if (parameter.type === 'invalid' && parameter.name === name) return undefined
  }
  return undefined
}

/**
 * Reads a variable part. X.224, 13.2.3. Values are views.
 * @throws DecodeError COTP_PARAMETER: a parameter runs over the end
 */
export function decodeParameters(context: ParameterContext, tpdu: Uint8Array, from: number, to: number): Parameter[] {
  const parameters: Parameter[] = []
  for (let at = from; at < to; ) {
    const code = tpdu[at]!
    const end = at + 2 + (at + 1 < to ? tpdu[at + 1]! : 0)
    if (end > to) {
      const message = `parameter ${code.toString(16).padStart(2, '0')}: expected to end at octet ${to} with the header, found ${end}`
      throw fault('COTP_PARAMETER', message, Math.min(at + 1, to - 1), 'X.224, 13.2.3')
    }
    parameters.push(decodeParameter(context, code, tpdu.subarray(at + 2, end)))
    at = end
  }
  return parameters
}

function decodeParameter(context: ParameterContext, code: number, value: Uint8Array): Parameter {
  const definition = DEFINITIONS[context].find(candidate => candidate.code === code)
  if (!definition) return { type: 'unknown', code, value }
  const decoded: unknown = definition.codec.decode(value)
  if (decoded === undefined) return { type: 'invalid', name: definition.name, code, value }
  return { type: definition.name, value: decoded } as Parameter
}

/** The octets of a variable part. @throws EncodeError COTP_PARAMETER: not of this TPDU, or a value without an encoding */
export function encodeParameters(context: ParameterContext, parameters: readonly Parameter[] = []): number[] {
  const octets: number[] = []
  for (const parameter of parameters) {
    const raw = parameter.type === 'unknown' || parameter.type === 'invalid'
    const definition = raw ? undefined : DEFINITIONS[context].find(({ name }) => name === parameter.type)
    const code = raw ? parameter.code : definition?.code
    const value: ArrayLike<number> | undefined = raw ? parameter.value : definition?.codec.encode(parameter.value)
    if (code === undefined || value === undefined || value.length > 252) {
      const message =
        code === undefined
          ? `${parameter.type} is no parameter of ${context}`
          : `${parameter.type}: expected a value that X.224, 13 allows, found ${printed(parameter.value)}`
      throw new EncodeError('cotp', 'COTP_PARAMETER', message, { path: `${context}.${parameter.type}` })
    }
    octets.push(code, value.length)
    for (let i = 0; i < value.length; i++) octets.push(value[i]!)
  }
  return octets
}

/** Where each parameter of a variable part that has been decoded begins. */
export function parameterOffsets(tpdu: Uint8Array, from: number, count: number): number[] {
  const offsets: number[] = []
  for (let at = from; offsets.length < count; at += 2 + tpdu[at + 1]!) offsets.push(at)
  return offsets
}

function printed(value: unknown): string {
  return value instanceof Uint8Array ? `${value.length} octets` : (JSON.stringify(value) ?? String(value))
}

function split(value: Uint8Array, length: number): number[] {
  const list: number[] = []
  for (let at = 0; at + length <= value.length; at += length) {
    let one = 0
    for (let i = 0; i < length; i++) one = one * 256 + value[at + i]!
    list.push(one)
  }
  return list
}

function join(list: readonly number[], length: number): number[] | undefined {
  const octets: number[] = []
  for (const one of list) {
    if (!(Number.isInteger(one) && one >= 0 && one < 256 ** length)) return undefined
    for (let i = length - 1; i >= 0; i--) octets.push(Math.floor(one / 256 ** i) % 256)
  }
  return octets
}
