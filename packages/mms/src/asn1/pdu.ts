import { ANY_COPY, CHOICE, type Choice, decode, encodeTo, explicit, implicit, SEQUENCE, SEQUENCE_OF, type Type } from '@x/ber'
import { DecodeError, type Sdu } from '@x/core'
import { confirmedServiceName, unconfirmedServiceName } from '../service-names.js'
import {
  ConfirmedServiceRequest,
  ConfirmedServiceResponse,
  confirmedServices,
  UnconfirmedService,
  unconfirmedServices,
} from '../services.js'
import { type BrokenPdu, contextNumber, diagnose } from './broken.js'
import { setNestingLimit } from './data-read.js'
import { CancelPDU, ConcludePDU, InitiateRequestPDU, InitiateResponsePDU } from './environment.js'
import { CancelErrorPDU, ConfirmedErrorPDU, RejectPDU, ServiceError } from './error.js'
import { InvokeID } from './identifiers.js'
import { Modifier } from './modifier.js'
import { readUsual } from './usual-read.js'
import { writeUsual } from './usual-write.js'

export type { BrokenPdu } from './broken.js'
export { CancelErrorPDU, ConfirmedErrorPDU, RejectPDU, RejectReason } from './error.js'
export { Modifier } from './modifier.js'

/** ISO 9506-2, Confirmed-RequestPDU. */
export interface ConfirmedRequestPDU {
  readonly invokeID: number
  /** What the service waits for, in order. */
  readonly listOfModifiers?: readonly Modifier[]
  readonly service: ConfirmedServiceRequest
  /** Request-Detail of `csr` and `cspi`, as its octets. */
  readonly serviceExt?: Uint8Array
}
export const ConfirmedRequestPDU: Type<ConfirmedRequestPDU> = SEQUENCE<ConfirmedRequestPDU>('Confirmed-RequestPDU', {
  invokeID: InvokeID,
  listOfModifiers: SEQUENCE_OF(Modifier).optional(),
  service: ConfirmedServiceRequest,
  serviceExt: explicit(79, ANY_COPY, 'service-ext').optional(),
})

/** ISO 9506-2, Confirmed-ResponsePDU. */
export interface ConfirmedResponsePDU {
  readonly invokeID: number
  readonly service: ConfirmedServiceResponse
  /** Response-Detail of `csr` and `cspi`, as its octets. */
  readonly serviceExt?: Uint8Array
}
export const ConfirmedResponsePDU: Type<ConfirmedResponsePDU> = SEQUENCE<ConfirmedResponsePDU>('Confirmed-ResponsePDU', {
  invokeID: InvokeID,
  service: ConfirmedServiceResponse,
  serviceExt: explicit(79, ANY_COPY, 'service-ext').optional(),
})

/** ISO 9506-2, Unconfirmed-PDU. */
export interface UnconfirmedPDU {
  readonly service: UnconfirmedService
  /** Unconfirmed-Detail of `cspi`, as its octets. */
  readonly serviceExt?: Uint8Array
}
export const UnconfirmedPDU: Type<UnconfirmedPDU> = SEQUENCE<UnconfirmedPDU>('Unconfirmed-PDU', {
  service: UnconfirmedService,
  serviceExt: explicit(79, ANY_COPY, 'service-ext').optional(),
})

/** ISO 9506-2, MMSpdu. */
export type MmsPdu = Choice<{
  confirmedRequestPDU: ConfirmedRequestPDU
  confirmedResponsePDU: ConfirmedResponsePDU
  confirmedErrorPDU: ConfirmedErrorPDU
  unconfirmedPDU: UnconfirmedPDU
  rejectPDU: RejectPDU
  cancelRequestPDU: number
  cancelResponsePDU: number
  cancelErrorPDU: CancelErrorPDU
  initiateRequestPDU: InitiateRequestPDU
  initiateResponsePDU: InitiateResponsePDU
  initiateErrorPDU: ServiceError
  concludeRequestPDU: null
  concludeResponsePDU: null
  concludeErrorPDU: ServiceError
}>
export type MmsPduType = MmsPdu['type']
export const MmsPdu: Type<MmsPdu> = CHOICE<MmsPdu>('MMSpdu', {
  confirmedRequestPDU: implicit(0, ConfirmedRequestPDU, 'confirmed-RequestPDU'),
  confirmedResponsePDU: implicit(1, ConfirmedResponsePDU, 'confirmed-ResponsePDU'),
  confirmedErrorPDU: implicit(2, ConfirmedErrorPDU, 'confirmed-ErrorPDU'),
  unconfirmedPDU: implicit(3, UnconfirmedPDU, 'unconfirmed-PDU'),
  rejectPDU: implicit(4, RejectPDU),
  cancelRequestPDU: implicit(5, CancelPDU, 'cancel-RequestPDU'),
  cancelResponsePDU: implicit(6, CancelPDU, 'cancel-ResponsePDU'),
  cancelErrorPDU: implicit(7, CancelErrorPDU, 'cancel-ErrorPDU'),
  initiateRequestPDU: implicit(8, InitiateRequestPDU, 'initiate-RequestPDU'),
  initiateResponsePDU: implicit(9, InitiateResponsePDU, 'initiate-ResponsePDU'),
  initiateErrorPDU: implicit(10, ServiceError, 'initiate-ErrorPDU'),
  concludeRequestPDU: implicit(11, ConcludePDU, 'conclude-RequestPDU'),
  concludeResponsePDU: implicit(12, ConcludePDU, 'conclude-ResponsePDU'),
  concludeErrorPDU: implicit(13, ServiceError, 'conclude-ErrorPDU'),
})

/** Limits for one PDU. */
export interface PduLimits {
  /** Octets of the whole PDU: what has been negotiated. @default unlimited */
  readonly maxPduSize?: number
  /** Arrays and structures inside each other: the negotiated data structure nesting level. @default unlimited, up to `depth` */
  readonly nesting?: number
  /** Constructed elements inside each other. @default 16, and 4 for each level of nesting: a type description needs as many */
  readonly depth?: number
  /** Elements in all. @default 16 384, or one for every 3 octets if that is more: the least that a value takes */
  readonly elements?: number
  /**
   * Refuses what the standard does not allow but devices send: integers beyond their range, names beyond 32 characters and the alphabet,
   * visible strings with other octets, texts that are no UTF-8, negative unsigned, lengths and integers in more octets than needed. @default false
   */
  readonly strict?: boolean
}

/** Levels of nesting that `depth` allows for where no level is agreed. */
const NESTING = 24

/**
 * Decodes one MMS PDU for a protocol machine.
 *
 * @param octets the whole PDU; the PDU shares nothing with them, so they may be written over
 * @returns the PDU, or what of it can still be answered. Never throws
 */
export function decodePdu(octets: Uint8Array, limits: PduLimits = {}): { readonly type: 'pdu'; readonly pdu: MmsPdu } | BrokenPdu {
  try {
    const pdu = decodeMmsPdu(octets, limits)
    const fault = misshapen(pdu)
    return fault === undefined ? { type: 'pdu', pdu } : diagnose(octets, fault)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return diagnose(octets, error)
  }
}

/**
 * Decodes one MMS PDU. A service without a type is no error: it comes as `unknown`, with its octets.
 *
 * @throws DecodeError BER_… MMS_… with offset and path
 */
export function decodeMmsPdu(octets: Uint8Array, limits: PduLimits = {}): MmsPdu {
  const { nesting = 1_000_000, maxPduSize } = limits
  if (maxPduSize !== undefined && octets.length > maxPduSize) {
    throw new DecodeError('mms', 'MMS_PDU_SIZE', `expected a PDU of at most ${maxPduSize} octets, found ${octets.length}`, {
      path: 'MMSpdu',
    })
  }
  const depth = limits.depth ?? 16 + 4 * Math.min(nesting, NESTING)
  const elements = limits.elements ?? Math.max(16_384, Math.ceil(octets.length / 3))
  const strict = limits.strict ?? false
  const before = setNestingLimit(nesting)
  try {
    const usual = strict ? undefined : readUsual(octets, depth, elements)
    if (usual !== undefined) return usual
    setNestingLimit(nesting)
    return decode(MmsPdu, octets, { layer: 'mms', strict, depth, elements })
  } finally {
    setNestingLimit(before)
  }
}

/** Prepends the encoding of a PDU: definite lengths, fewest octets. @throws EncodeError BER_… MMS_… and then `sdu` is as it was */
export function encodeMmsPdu(pdu: MmsPdu, sdu: Sdu): void {
  if (!writeUsual(pdu, sdu)) encodeTo(MmsPdu, pdu, sdu)
}

/** A service that has a type but came in the wrong form, primitive for constructed: unknown to the decoder, but no unknown service. */
function misshapen(pdu: MmsPdu): DecodeError | undefined {
  if (pdu.type !== 'confirmedRequestPDU' && pdu.type !== 'confirmedResponsePDU' && pdu.type !== 'unconfirmedPDU') return undefined
  const { service } = pdu.value
  if (service.type !== 'unknown') return undefined
  const number = contextNumber(service.value)
  const name =
    number === undefined ? undefined : pdu.type === 'unconfirmedPDU' ? unconfirmedServiceName(number) : confirmedServiceName(number)
  if (name === undefined || !(name in confirmedServices || name in unconfirmedServices)) return undefined
  return new DecodeError('mms', 'BER_TAG', `expected the other form of [${number}] for ${name}`, { path: `MMSpdu.service.${name}` })
}
