import { CONSTRUCTED, CONTEXT, tagClass, tagNumber } from '@x/ber'
import type { DecodeError } from '@x/core'
import { confirmedServiceName, unconfirmedServiceName } from '../service-names.js'
import type { RejectReason } from './error.js'
import type { MmsPduType } from './pdu.js'

/** A PDU that cannot be read, and what of it still can: enough to answer it with a reject. ISO 9506-2, RejectPDU. */
export interface BrokenPdu {
  readonly type: 'broken'
  /** Absent: none of the alternatives of MMSpdu. */
  readonly pduType?: MmsPduType
  /** Absent: it could not be read, or this kind of PDU has none. */
  readonly invokeID?: number
  /** Name of the service, as far as ISO 9506-2 has one for the tag. */
  readonly service?: string
  /** What to reject it with. Absent: a reject PDU, which is never answered. */
  readonly rejectReason?: RejectReason
  readonly error: DecodeError
}

interface Kind {
  readonly pduType: MmsPduType
  /** Identifier octet of a right one. */
  readonly tag: number
  /** Tag of the invoke identifier in front of all else; 0: the contents are the identifier. Absent: it has none. */
  readonly invokeID?: number
  readonly serviceName?: (tag: number) => string | undefined
  readonly reason: (fault: Fault, path: string) => RejectReason | undefined
}

/** What is wrong, as far as the reject reasons tell apart. */
type Fault = 'invoke identifier' | 'recursion' | 'range' | 'other'

const invalidPdu: RejectReason = { type: 'pduError', value: 'invalid-pdu' }

/** MMSpdu by tag number. */
const kinds: readonly Kind[] = [
  {
    pduType: 'confirmedRequestPDU',
    tag: 0xa0,
    invokeID: 0x02,
    serviceName: confirmedServiceName,
    reason: (fault, path) =>
      fault === 'invoke identifier'
        ? invalidPdu
        : {
            type: 'confirmedRequestPDU',
            value:
              fault === 'recursion'
                ? 'max-recursion-exceeded'
                : fault === 'range'
                  ? 'value-out-of-range'
                  : path.includes('.listOfModifiers')
                    ? 'invalid-modifier'
                    : 'invalid-argument',
          },
  },
  {
    pduType: 'confirmedResponsePDU',
    tag: 0xa1,
    invokeID: 0x02,
    serviceName: confirmedServiceName,
    reason: fault =>
      fault === 'invoke identifier'
        ? invalidPdu
        : {
            type: 'confirmedResponsePDU',
            value: fault === 'recursion' ? 'max-recursion-exceeded' : fault === 'range' ? 'value-out-of-range' : 'invalid-result',
          },
  },
  {
    pduType: 'confirmedErrorPDU',
    tag: 0xa2,
    invokeID: 0x80,
    reason: fault =>
      fault === 'invoke identifier'
        ? invalidPdu
        : { type: 'confirmedErrorPDU', value: fault === 'range' ? 'value-out-of-range' : 'invalid-serviceError' },
  },
  {
    pduType: 'unconfirmedPDU',
    tag: 0xa3,
    serviceName: unconfirmedServiceName,
    reason: fault => ({
      type: 'unconfirmedPDU',
      value: fault === 'recursion' ? 'max-recursion-exceeded' : fault === 'range' ? 'value-out-of-range' : 'invalid-argument',
    }),
  },
  { pduType: 'rejectPDU', tag: 0xa4, reason: () => undefined },
  { pduType: 'cancelRequestPDU', tag: 0x85, invokeID: 0, reason: () => ({ type: 'cancelRequestPDU', value: 'invalid-invokeID' }) },
  { pduType: 'cancelResponsePDU', tag: 0x86, invokeID: 0, reason: () => ({ type: 'cancelResponsePDU', value: 'invalid-invokeID' }) },
  {
    pduType: 'cancelErrorPDU',
    tag: 0xa7,
    invokeID: 0x80,
    reason: fault => ({
      type: 'cancelErrorPDU',
      value: fault === 'invoke identifier' ? 'invalid-invokeID' : fault === 'range' ? 'value-out-of-range' : 'invalid-serviceError',
    }),
  },
  { pduType: 'initiateRequestPDU', tag: 0xa8, reason: () => invalidPdu },
  { pduType: 'initiateResponsePDU', tag: 0xa9, reason: () => invalidPdu },
  { pduType: 'initiateErrorPDU', tag: 0xaa, reason: () => invalidPdu },
  { pduType: 'concludeRequestPDU', tag: 0x8b, reason: () => ({ type: 'concludeRequestPDU', value: 'invalid-argument' }) },
  { pduType: 'concludeResponsePDU', tag: 0x8c, reason: () => ({ type: 'concludeResponsePDU', value: 'invalid-result' }) },
  {
    pduType: 'concludeErrorPDU',
    tag: 0xad,
    reason: fault => ({ type: 'concludeErrorPDU', value: fault === 'range' ? 'value-out-of-range' : 'invalid-serviceError' }),
  },
]

/** Wrong with the PDU as a whole, not with what is in it. */
const WHOLE = new Set(['BER_TRAILING', 'MMS_PDU_SIZE'])

/** Finds out what can still be said of octets that failed to decode. Never throws. */
export function diagnose(octets: Uint8Array, error: DecodeError): BrokenPdu {
  const outer = peek(octets, 0)
  const kind = kinds.find(({ tag }) => tag === octets[0])
  if (!kind) {
    return { type: 'broken', rejectReason: octets.length > 0 ? { type: 'pduError', value: 'unknown-pdu-type' } : invalidPdu, error }
  }
  const invokeID = outer && kind.invokeID !== undefined ? readInvokeID(octets, outer, kind.invokeID) : undefined
  const service = outer && kind.serviceName ? serviceOf(octets, outer.contents, kind.serviceName) : undefined
  const fault = kind.invokeID !== undefined && invokeID === undefined ? 'invoke identifier' : faultOf(error)
  const rejectReason = error.path === 'MMSpdu' && WHOLE.has(error.code) ? invalidPdu : refine(kind.reason(fault, error.path), error)
  return {
    type: 'broken',
    pduType: kind.pduType,
    ...(invokeID === undefined ? undefined : { invokeID }),
    ...(service === undefined ? undefined : { service }),
    ...(kind.pduType === 'rejectPDU' || rejectReason === undefined ? undefined : { rejectReason }),
    error,
  }
}

/** What to reject it with by a side that serves only some services: what is wrong inside another one is of no interest. */
export function rejectReasonFor(broken: BrokenPdu, serves: (service: string) => boolean): RejectReason | undefined {
  const { pduType, invokeID, service, rejectReason } = broken
  const unserved = pduType === 'confirmedRequestPDU' && invokeID !== undefined && service !== undefined && !serves(service)
  return unserved ? { type: 'confirmedRequestPDU', value: 'unrecognized-service' } : rejectReason
}

/** A modifier that is none of the two has a code of its own. */
function refine(reason: RejectReason | undefined, error: DecodeError): RejectReason | undefined {
  const unknown = error.code === 'BER_CHOICE' || error.code === 'BER_TAG'
  if (reason?.value === 'invalid-modifier' && unknown && error.path.endsWith(']')) {
    return { type: 'confirmedRequestPDU', value: 'unrecognized-modifier' }
  }
  return reason
}

function faultOf(error: DecodeError): Fault {
  switch (error.code) {
    case 'BER_DEPTH':
    case 'MMS_NESTING':
      return 'recursion'
    case 'BER_INTEGER_RANGE':
    case 'MMS_INTEGER_RANGE':
      return 'range'
    default:
      return 'other'
  }
}

interface Header {
  readonly tag: number
  /** First octet of the contents. */
  readonly contents: number
  /** First octet behind the contents, cut off where the octets end. */
  readonly end: number
}

/** The header at `at`, whatever its length promises; undefined where the header itself is cut off. */
function peek(octets: Uint8Array, at: number): Header | undefined {
  let next = at
  let tag = octets[next++]
  if (tag === undefined) return undefined
  if ((tag & 0x1f) === 0x1f) {
    let number = 0
    for (;;) {
      const octet = octets[next++]
      if (octet === undefined || number > 0xffff) return undefined
      number = number * 128 + (octet & 0x7f)
      if (octet < 0x80) break
    }
    tag += number * 256
  }
  let length = octets[next++]
  if (length === undefined) return undefined
  if (length === 0x80) length = octets.length
  else if (length > 0x80) {
    const n = length & 0x7f
    length = 0
    for (let i = 0; i < n; i++) length = length * 256 + (octets[next++] ?? 0)
  }
  return next > octets.length ? undefined : { tag, contents: next, end: Math.min(next + length, octets.length) }
}

/** 0 to 2³²−1, and all its octets there. @param tag 0: the contents of `outer` themselves */
function readInvokeID(octets: Uint8Array, outer: Header, tag: number): number | undefined {
  const header = tag === 0 ? outer : peek(octets, outer.contents)
  if (!header || (tag !== 0 && header.tag !== tag)) return undefined
  const size = header.end - header.contents
  const announced = octets[header.contents - 1]!
  if (size < 1 || size > 8 || announced !== size || octets[header.contents]! >= 0x80) return undefined
  let value = 0
  for (let at = header.contents; at < header.end; at++) value = value * 256 + octets[at]!
  return value <= 0xffff_ffff ? value : undefined
}

/** The name of the first element that has a context tag. */
function serviceOf(octets: Uint8Array, contents: number, nameOf: (tag: number) => string | undefined): string | undefined {
  for (let at = contents, i = 0; i < 3; i++) {
    const header = peek(octets, at)
    if (!header) return undefined
    if (tagClass(header.tag) === CONTEXT) return nameOf(tagNumber(header.tag))
    at = header.end
  }
  return undefined
}

/** The number of the context tag of an element, whatever its form; undefined: another class. */
export function contextNumber(element: Uint8Array): number | undefined {
  const tag = peek(element, 0)?.tag
  return tag === undefined || tagClass(tag) !== CONTEXT ? undefined : tagNumber(tag & ~CONSTRUCTED)
}
