import { type BitString, extensible, implicit, LooseVisibleString, NULL, namedBits, SEQUENCE, type Type } from '@x/ber'
import { serviceSupportBits } from '../service-names.js'
import { Integer8, Integer16, Integer32, InvokeID } from './identifiers.js'

/** ISO 9506-2, ServiceSupportOptions: what a side serves. 93 bits; IEC 61850 peers and edition 1 send 85. Any length is read. */
export const ServiceSupportOptions = namedBits(...serviceSupportBits)
/** Length of ServiceSupportOptions where the negotiated minor version is 1. */
export const SERVICE_SUPPORT_SIZE_VERSION_1 = 85

/** ISO 9506-2, ParameterSupportOptions: the parameter conformance building blocks (CBB). 18 bits; edition 1 and IEC 61850 have 11. */
export const ParameterSupportOptions = namedBits(
  /** Arrays. */
  'str1',
  /** Structures. */
  'str2',
  /** Named variables. */
  'vnam',
  /** Alternate access. */
  'valt',
  /** Variables by address. */
  'vadr',
  /** Scattered access. */
  'vsca',
  /** Third parties. */
  'tpy',
  /** Named variable lists. */
  'vlis',
  /** Edition 1; reserved since. */
  'real',
  /** Reserved. */
  'reserved9',
  /** Evaluation interval. */
  'cei',
  /** Access control lists in responses. */
  'aco',
  /** Semantics: the meaning texts. */
  'sem',
  /** Companion standard features for robots, numerical control … in the base since 2003. */
  'csr',
  'csnc',
  'csplc',
  'cspi',
  /** UTF-8 in names and strings. */
  'char',
)
/** Length of ParameterSupportOptions where the negotiated minor version is 1. */
export const PARAMETER_SUPPORT_SIZE_VERSION_1 = 11

/** ISO 9506-2, AdditionalSupportOptions: the services inside additionalService. */
export const AdditionalSupportOptions = namedBits(
  'vMDStop',
  'vMDReset',
  'select',
  'alterProgramInvocationAttributes',
  'initiateUnitControlLoad',
  'unitControlLoadSegment',
  'unitControlUpload',
  'startUnitControl',
  'stopUnitControl',
  'createUnitControl',
  'addToUnitControl',
  'removeFromUnitControl',
  'getUnitControlAttributes',
  'loadUnitControlFromFile',
  'storeUnitControlToFile',
  'deleteUnitControl',
  'defineEventConditionList',
  'deleteEventConditionList',
  'addEventConditionListReference',
  'removeEventConditionListReference',
  'getEventConditionListAttributes',
  'reportEventConditionListStatus',
  'alterEventConditionListMonitoring',
)

/** ISO 9506-2, AdditionalCBBOptions: display enhancement text and index, nested event condition lists. */
export const AdditionalCBBOptions = namedBits('des', 'dei', 'recl')

/** ISO 9506-2, Initiate-RequestPDU. */
export interface InitiateRequestPDU {
  /** By use: the longest MMS PDU the calling side takes, in octets. Absent: no proposal. */
  readonly localDetailCalling?: number
  readonly proposedMaxServOutstandingCalling: number
  readonly proposedMaxServOutstandingCalled: number
  /** Absent: unlimited. 0: simple types only. */
  readonly proposedDataStructureNestingLevel?: number
  readonly initRequestDetail: InitRequestDetail
}
export interface InitRequestDetail {
  /** n: all minor versions 1 to n are understood. */
  readonly proposedVersionNumber: number
  readonly proposedParameterCBB: BitString
  readonly servicesSupportedCalling: BitString
  /** Only with `csr` or `cspi`. */
  readonly additionalSupportedCalling?: BitString
  /** Only with `cspi`. */
  readonly additionalCbbSupportedCalling?: BitString
  /** Only with `cspi`. */
  readonly privilegeClassIdentityCalling?: string
}
export const InitiateRequestPDU: Type<InitiateRequestPDU> = SEQUENCE<InitiateRequestPDU>('Initiate-RequestPDU', {
  localDetailCalling: implicit(0, Integer32).optional(),
  proposedMaxServOutstandingCalling: implicit(1, Integer16),
  proposedMaxServOutstandingCalled: implicit(2, Integer16),
  proposedDataStructureNestingLevel: implicit(3, Integer8).optional(),
  initRequestDetail: implicit(
    4,
    extensible(
      SEQUENCE<InitRequestDetail>('', {
        proposedVersionNumber: implicit(0, Integer16),
        proposedParameterCBB: implicit(1, ParameterSupportOptions),
        servicesSupportedCalling: implicit(2, ServiceSupportOptions),
        additionalSupportedCalling: implicit(3, AdditionalSupportOptions).optional(),
        additionalCbbSupportedCalling: implicit(4, AdditionalCBBOptions).optional(),
        privilegeClassIdentityCalling: implicit(5, LooseVisibleString).optional(),
      }),
    ),
  ),
})

/** ISO 9506-2, Initiate-ResponsePDU. */
export interface InitiateResponsePDU {
  /** By use: the longest MMS PDU of the association, in octets. */
  readonly localDetailCalled?: number
  readonly negotiatedMaxServOutstandingCalling: number
  readonly negotiatedMaxServOutstandingCalled: number
  readonly negotiatedDataStructureNestingLevel?: number
  readonly initResponseDetail: InitResponseDetail
}
export interface InitResponseDetail {
  readonly negotiatedVersionNumber: number
  readonly negotiatedParameterCBB: BitString
  readonly servicesSupportedCalled: BitString
  readonly additionalSupportedCalled?: BitString
  readonly additionalCbbSupportedCalled?: BitString
  readonly privilegeClassIdentityCalled?: string
}
export const InitiateResponsePDU: Type<InitiateResponsePDU> = SEQUENCE<InitiateResponsePDU>('Initiate-ResponsePDU', {
  localDetailCalled: implicit(0, Integer32).optional(),
  negotiatedMaxServOutstandingCalling: implicit(1, Integer16),
  negotiatedMaxServOutstandingCalled: implicit(2, Integer16),
  negotiatedDataStructureNestingLevel: implicit(3, Integer8).optional(),
  initResponseDetail: implicit(
    4,
    extensible(
      SEQUENCE<InitResponseDetail>('', {
        negotiatedVersionNumber: implicit(0, Integer16),
        negotiatedParameterCBB: implicit(1, ParameterSupportOptions),
        servicesSupportedCalled: implicit(2, ServiceSupportOptions),
        additionalSupportedCalled: implicit(3, AdditionalSupportOptions).optional(),
        additionalCbbSupportedCalled: implicit(4, AdditionalCBBOptions).optional(),
        privilegeClassIdentityCalled: implicit(5, LooseVisibleString).optional(),
      }),
    ),
  ),
})

/** ISO 9506-2, Conclude-RequestPDU and Conclude-ResponsePDU. */
export const ConcludePDU: Type<null> = NULL

/** ISO 9506-2, Cancel-RequestPDU and Cancel-ResponsePDU: the invoke identifier of the request that is to be cancelled. */
export const CancelPDU: Type<number> = InvokeID
