import {
  CHOICE,
  type Choice,
  explicit,
  INTEGER,
  type Integer,
  implicit,
  LooseVisibleString,
  leaf,
  type Named,
  NULL,
  namedInteger,
  SEQUENCE,
  type Type,
} from '@x/ber'
import { Identifier, InvokeID, ObjectName, Unsigned32 } from './identifiers.js'
import { ProgramInvocationState } from './program-invocation.js'

/**
 * ISO 9506-2, ServiceError, errorClass: the class is the alternative, the code its value by its ASN.1 name. A code that has no name
 * stays a number.
 */
export type ErrorClass = Choice<{
  vmdState: Named<VmdStateError>
  applicationReference: Named<ApplicationReferenceError>
  definition: Named<DefinitionError>
  resource: Named<ResourceError>
  service: Named<ServiceClassError>
  servicePreempt: Named<ServicePreemptError>
  timeResolution: Named<TimeResolutionError>
  access: Named<AccessError>
  initiate: Named<InitiateClassError>
  conclude: Named<ConcludeClassError>
  cancel: Named<CancelClassError>
  file: Named<FileError>
  others: Integer
}>

const vmdState = {
  other: 0,
  'vmd-state-conflict': 1,
  'vmd-operational-problem': 2,
  'domain-transfer-problem': 3,
  'state-machine-id-invalid': 4,
} as const
const applicationReference = {
  other: 0,
  'application-unreachable': 1,
  'connection-lost': 2,
  'application-reference-invalid': 3,
  'context-unsupported': 4,
} as const
const definition = {
  other: 0,
  'object-undefined': 1,
  'invalid-address': 2,
  'type-unsupported': 3,
  'type-inconsistent': 4,
  'object-exists': 5,
  'object-attribute-inconsistent': 6,
} as const
const resource = {
  other: 0,
  'memory-unavailable': 1,
  'processor-resource-unavailable': 2,
  'mass-storage-unavailable': 3,
  'capability-unavailable': 4,
  'capability-unknown': 5,
} as const
/** Value 3 is reserved by ISO 9506-2; IEC 61850-8-1 gives it to responses that do not fit. */
const service = {
  other: 0,
  'primitives-out-of-sequence': 1,
  'object-state-conflict': 2,
  'pdu-size': 3,
  'continuation-invalid': 4,
  'object-constraint-conflict': 5,
} as const
const servicePreempt = { other: 0, timeout: 1, deadlock: 2, cancel: 3 } as const
const timeResolution = { other: 0, 'unsupportable-time-resolution': 1 } as const
const access = {
  other: 0,
  'object-access-unsupported': 1,
  'object-non-existent': 2,
  'object-access-denied': 3,
  'object-invalidated': 4,
} as const
/** Values 1 and 2 are reserved. */
const initiate = {
  other: 0,
  'max-services-outstanding-calling-insufficient': 3,
  'max-services-outstanding-called-insufficient': 4,
  'service-CBB-insufficient': 5,
  'parameter-CBB-insufficient': 6,
  'nesting-level-insufficient': 7,
} as const
const conclude = { other: 0, 'further-communication-required': 1 } as const
const cancel = { other: 0, 'invoke-id-unknown': 1, 'cancel-not-possible': 2 } as const
const file = {
  other: 0,
  'filename-ambiguous': 1,
  'file-busy': 2,
  'filename-syntax-error': 3,
  'content-type-invalid': 4,
  'position-invalid': 5,
  'file-access-denied': 6,
  'file-non-existent': 7,
  'duplicate-filename': 8,
  'insufficient-space-in-filestore': 9,
} as const

export type VmdStateError = keyof typeof vmdState
export type ApplicationReferenceError = keyof typeof applicationReference
export type DefinitionError = keyof typeof definition
export type ResourceError = keyof typeof resource
export type ServiceClassError = keyof typeof service
export type ServicePreemptError = keyof typeof servicePreempt
export type TimeResolutionError = keyof typeof timeResolution
export type AccessError = keyof typeof access
export type InitiateClassError = keyof typeof initiate
export type ConcludeClassError = keyof typeof conclude
export type CancelClassError = keyof typeof cancel
export type FileError = keyof typeof file

/** Every class of ServiceError with its codes: name to number. `others` has no names. */
export const errorCodes = {
  vmdState,
  applicationReference,
  definition,
  resource,
  service,
  servicePreempt,
  timeResolution,
  access,
  initiate,
  conclude,
  cancel,
  file,
} as const

const initiateClass = implicit(8, namedInteger('', initiate))
/** libiec61850 1.5 writes the tag as 08, without the class bits. */
const InitiateClass: Type<Named<InitiateClassError>> = leaf({
  name: '',
  as: initiateClass,
  tags: [0x88, 0x08],
  get(reader, tag) {
    if (reader.strict && tag === 0x08) throw reader.error('BER_TAG', 'expected [8], found EXTERNAL')
    return initiateClass.codec().get(reader, tag)
  },
  put: (sdu, value) => initiateClass.codec().put(sdu, value, 0x88),
})

export const ErrorClass: Type<ErrorClass> = CHOICE<ErrorClass>('ErrorClass', {
  vmdState: implicit(0, namedInteger('', vmdState), 'vmd-state'),
  applicationReference: implicit(1, namedInteger('', applicationReference), 'application-reference'),
  definition: implicit(2, namedInteger('', definition)),
  resource: implicit(3, namedInteger('', resource)),
  service: implicit(4, namedInteger('', service)),
  servicePreempt: implicit(5, namedInteger('', servicePreempt), 'service-preempt'),
  timeResolution: implicit(6, namedInteger('', timeResolution), 'time-resolution'),
  access: implicit(7, namedInteger('', access)),
  initiate: InitiateClass,
  conclude: implicit(9, namedInteger('', conclude)),
  cancel: implicit(10, namedInteger('', cancel)),
  file: implicit(11, namedInteger('', file)),
  others: implicit(12, INTEGER),
})

/** ISO 9506-2, ServiceError.serviceSpecificInfo: what some services add to an error. */
export type ServiceSpecificInfo = Choice<{
  obtainFile: Named<FileSide>
  start: ProgramInvocationState
  stop: ProgramInvocationState
  resume: ProgramInvocationState
  reset: ProgramInvocationState
  /** How many were deleted before the error. */
  deleteVariableAccess: number
  deleteNamedVariableList: number
  deleteNamedType: number
  /** The object that is wrong. */
  defineEventEnrollmentError: ObjectName
  fileRename: Named<FileSide>
  additionalService: AdditionalServiceError
  /** How many were changed before the error. */
  changeAccessControl: number
}>
export type FileSide = 'source-file' | 'destination-file'

/** ISO 9506-2, AdditionalService-Error. */
export type AdditionalServiceError = Choice<{
  defineEcl: ObjectName
  addECLReference: ObjectName
  removeECLReference: Choice<{ eventCondition: ObjectName; eventConditionList: ObjectName }>
  initiateUC: UnitControlPart
  startUC: UnitControlState
  stopUC: UnitControlState
  deleteUC: UnitControlPart
  loadUCFromFile: Choice<{ none: null; domain: string; programInvocation: string }>
}>
/** The element of a unit control that is wrong. */
export type UnitControlPart = Choice<{ domain: string; programInvocation: string }>
export interface UnitControlState {
  readonly programInvocationName: string
  readonly programInvocationState: ProgramInvocationState
}

const FileSide = namedInteger<FileSide>('', { 'source-file': 0, 'destination-file': 1 })
const UnitControlPart = CHOICE<UnitControlPart>('', { domain: implicit(0, Identifier), programInvocation: implicit(1, Identifier) })
const UnitControlState = SEQUENCE<UnitControlState>('', {
  programInvocationName: implicit(0, Identifier),
  programInvocationState: implicit(1, ProgramInvocationState),
})

export const AdditionalServiceError: Type<AdditionalServiceError> = CHOICE<AdditionalServiceError>('AdditionalService-Error', {
  defineEcl: explicit(0, ObjectName),
  addECLReference: explicit(1, ObjectName),
  removeECLReference: explicit(2, CHOICE('', { eventCondition: explicit(0, ObjectName), eventConditionList: explicit(1, ObjectName) })),
  initiateUC: explicit(3, UnitControlPart),
  startUC: implicit(4, UnitControlState),
  stopUC: implicit(5, UnitControlState),
  deleteUC: explicit(6, UnitControlPart),
  loadUCFromFile: explicit(
    7,
    CHOICE('', { none: implicit(0, NULL), domain: implicit(1, Identifier), programInvocation: implicit(2, Identifier) }),
  ),
})

export const ServiceSpecificInfo: Type<ServiceSpecificInfo> = CHOICE<ServiceSpecificInfo>('', {
  obtainFile: implicit(0, FileSide),
  start: implicit(1, ProgramInvocationState),
  stop: implicit(2, ProgramInvocationState),
  resume: implicit(3, ProgramInvocationState),
  reset: implicit(4, ProgramInvocationState),
  deleteVariableAccess: implicit(5, Unsigned32),
  deleteNamedVariableList: implicit(6, Unsigned32),
  deleteNamedType: implicit(7, Unsigned32),
  defineEventEnrollmentError: explicit(8, ObjectName, 'defineEventEnrollment-Error'),
  fileRename: implicit(9, FileSide),
  additionalService: explicit(10, AdditionalServiceError),
  changeAccessControl: implicit(11, Unsigned32),
})

/** ISO 9506-2, ServiceError: why a confirmed service, an initiate, a conclude or a cancel failed. */
export interface ServiceError {
  readonly errorClass: ErrorClass
  readonly additionalCode?: Integer
  /** Any octet as a character U+0000 to U+00FF. */
  readonly additionalDescription?: string
  readonly serviceSpecificInfo?: ServiceSpecificInfo
}
export const ServiceError: Type<ServiceError> = SEQUENCE<ServiceError>('ServiceError', {
  errorClass: explicit(0, ErrorClass),
  additionalCode: implicit(1, INTEGER).optional(),
  additionalDescription: implicit(2, LooseVisibleString).optional(),
  serviceSpecificInfo: explicit(3, ServiceSpecificInfo).optional(),
})

const confirmedRequestPDU = {
  other: 0,
  'unrecognized-service': 1,
  'unrecognized-modifier': 2,
  'invalid-invokeID': 3,
  'invalid-argument': 4,
  'invalid-modifier': 5,
  'max-serv-outstanding-exceeded': 6,
  'max-recursion-exceeded': 8,
  'value-out-of-range': 9,
} as const
const confirmedResponsePDU = {
  other: 0,
  'unrecognized-service': 1,
  'invalid-invokeID': 2,
  'invalid-result': 3,
  'max-recursion-exceeded': 5,
  'value-out-of-range': 6,
} as const
const confirmedErrorPDU = {
  other: 0,
  'unrecognized-service': 1,
  'invalid-invokeID': 2,
  'invalid-serviceError': 3,
  'value-out-of-range': 4,
} as const
const unconfirmedPDU = {
  other: 0,
  'unrecognized-service': 1,
  'invalid-argument': 2,
  'max-recursion-exceeded': 3,
  'value-out-of-range': 4,
} as const
const pduError = { 'unknown-pdu-type': 0, 'invalid-pdu': 1, 'illegal-acse-mapping': 2 } as const
const cancelRequestPDU = { other: 0, 'invalid-invokeID': 1 } as const
const cancelResponsePDU = { other: 0, 'invalid-invokeID': 1 } as const
const cancelErrorPDU = { other: 0, 'invalid-invokeID': 1, 'invalid-serviceError': 2, 'value-out-of-range': 3 } as const
const concludeRequestPDU = { other: 0, 'invalid-argument': 1 } as const
const concludeResponsePDU = { other: 0, 'invalid-result': 1 } as const
const concludeErrorPDU = { other: 0, 'invalid-serviceError': 1, 'value-out-of-range': 2 } as const

/** Every reason for a reject, by the PDU that is rejected: name to number. */
export const rejectCodes = {
  confirmedRequestPDU,
  confirmedResponsePDU,
  confirmedErrorPDU,
  unconfirmedPDU,
  pduError,
  cancelRequestPDU,
  cancelResponsePDU,
  cancelErrorPDU,
  concludeRequestPDU,
  concludeResponsePDU,
  concludeErrorPDU,
} as const

/** ISO 9506-2, RejectPDU.rejectReason: the kind of PDU is the alternative, the reason its value by its ASN.1 name. */
export type RejectReason = Choice<{ [K in keyof typeof rejectCodes]: Named<keyof (typeof rejectCodes)[K] & string> }>
export const RejectReason: Type<RejectReason> = CHOICE<RejectReason>('', {
  confirmedRequestPDU: implicit(1, namedInteger('', confirmedRequestPDU), 'confirmed-requestPDU'),
  confirmedResponsePDU: implicit(2, namedInteger('', confirmedResponsePDU), 'confirmed-responsePDU'),
  confirmedErrorPDU: implicit(3, namedInteger('', confirmedErrorPDU), 'confirmed-errorPDU'),
  unconfirmedPDU: implicit(4, namedInteger('', unconfirmedPDU)),
  pduError: implicit(5, namedInteger('', pduError), 'pdu-error'),
  cancelRequestPDU: implicit(6, namedInteger('', cancelRequestPDU), 'cancel-requestPDU'),
  cancelResponsePDU: implicit(7, namedInteger('', cancelResponsePDU), 'cancel-responsePDU'),
  cancelErrorPDU: implicit(8, namedInteger('', cancelErrorPDU), 'cancel-errorPDU'),
  concludeRequestPDU: implicit(9, namedInteger('', concludeRequestPDU), 'conclude-requestPDU'),
  concludeResponsePDU: implicit(10, namedInteger('', concludeResponsePDU), 'conclude-responsePDU'),
  concludeErrorPDU: implicit(11, namedInteger('', concludeErrorPDU), 'conclude-errorPDU'),
})

/** ISO 9506-2, RejectPDU. */
export interface RejectPDU {
  /** Absent where the invoke identifier could not be read, or there is none. */
  readonly originalInvokeID?: number
  readonly rejectReason: RejectReason
}
export const RejectPDU: Type<RejectPDU> = SEQUENCE<RejectPDU>('RejectPDU', {
  originalInvokeID: implicit(0, InvokeID).optional(),
  rejectReason: RejectReason,
})

/** ISO 9506-2, Confirmed-ErrorPDU. */
export interface ConfirmedErrorPDU {
  readonly invokeID: number
  /** The modifier that failed, counted from 1; absent: the service itself. */
  readonly modifierPosition?: number
  readonly serviceError: ServiceError
}
export const ConfirmedErrorPDU: Type<ConfirmedErrorPDU> = SEQUENCE<ConfirmedErrorPDU>('Confirmed-ErrorPDU', {
  invokeID: implicit(0, InvokeID),
  modifierPosition: implicit(1, Unsigned32).optional(),
  serviceError: implicit(2, ServiceError),
})

/** ISO 9506-2, Cancel-ErrorPDU. */
export interface CancelErrorPDU {
  readonly originalInvokeID: number
  readonly serviceError: ServiceError
}
export const CancelErrorPDU: Type<CancelErrorPDU> = SEQUENCE<CancelErrorPDU>('Cancel-ErrorPDU', {
  originalInvokeID: implicit(0, InvokeID),
  serviceError: implicit(1, ServiceError),
})
