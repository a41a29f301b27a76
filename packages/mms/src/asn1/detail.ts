import {
  type BitString,
  CHOICE,
  type Choice,
  decode,
  encode,
  explicit,
  INTEGER,
  type Integer,
  implicit,
  type Named,
  NULL,
  namedBits,
  namedInteger,
  SEQUENCE,
  SEQUENCE_OF,
  type Type,
} from '@x/ber'
import { DecodeError } from '@x/core'
import { Identifier, MMSString } from './identifiers.js'
import { StartCount } from './program-invocation.js'

/** ISO 9506-2, CS-CreateProgramInvocation-Request. */
export const ProgramInvocationControl = namedInteger('CS-CreateProgramInvocation-Request', { normal: 0, controlling: 1, controlled: 2 })
export type ProgramInvocationControl = Named<'normal' | 'controlling' | 'controlled'>

/** How a controlling program invocation is to be started. */
export interface ControllingStart {
  /** In the syntax of the server. @default where it begins */
  readonly startLocation?: string
  /** @default one cycle */
  readonly startCount: StartCount
}
/** ISO 9506-2, CS-Start-Request. */
export type StartDetail = Choice<{ normal: null; controlling: ControllingStart }>
const StartDetail: Type<StartDetail> = CHOICE<StartDetail>('CS-Start-Request', {
  normal: NULL,
  controlling: SEQUENCE<ControllingStart>('', {
    startLocation: implicit(0, MMSString).optional(),
    startCount: explicit(1, StartCount).default({ type: 'cycleCount', value: 1 }),
  }),
})

/** ISO 9506-2, CS-Resume-Request. */
export type ResumeDetail = Choice<{
  normal: null
  controlling: { readonly modeType: Choice<{ continueMode: null; changeMode: StartCount }> }
}>
const ResumeDetail: Type<ResumeDetail> = CHOICE<ResumeDetail>('CS-Resume-Request', {
  normal: NULL,
  controlling: SEQUENCE('', { modeType: CHOICE('', { continueMode: implicit(0, NULL), changeMode: explicit(1, StartCount) }) }),
})

/** ISO 9506-2, Request-Detail: what `csr` and `cspi` add to requests. */
export type RequestDetail = Choice<{
  otherRequests: null
  createProgramInvocation: ProgramInvocationControl
  start: StartDetail
  resume: ResumeDetail
}>
export const RequestDetail: Type<RequestDetail> = CHOICE<RequestDetail>('Request-Detail', {
  otherRequests: NULL,
  createProgramInvocation: implicit(38, ProgramInvocationControl),
  start: explicit(40, StartDetail),
  resume: explicit(42, ResumeDetail),
})

/** ISO 9506-2, OperationState. */
export const OperationState = namedInteger('OperationState', {
  idle: 0,
  loaded: 1,
  ready: 2,
  executing: 3,
  'motion-paused': 4,
  manualInterventionRequired: 5,
})
export type OperationState = Named<'idle' | 'loaded' | 'ready' | 'executing' | 'motion-paused' | 'manualInterventionRequired'>

/** ISO 9506-2, ExtendedStatus. */
export const ExtendedStatus = namedBits(
  'safetyInterlocksViolated',
  'anyPhysicalResourcePowerOn',
  'allPhysicalResourcesCalibrated',
  'localControl',
)

/** ISO 9506-2, CS-Status-Response. */
export type StatusDetail = Choice<{
  fullResponse: {
    readonly operationState: OperationState
    readonly extendedStatus: BitString
    /** Which bits of `extendedStatus` mean something. @default all */
    readonly extendedStatusMask: BitString
    readonly selectedProgramInvocation: Choice<{ programInvocation: string; noneSelected: null }>
  }
  noExtraResponse: null
}>
const StatusDetail: Type<StatusDetail> = CHOICE<StatusDetail>('CS-Status-Response', {
  fullResponse: SEQUENCE('', {
    operationState: implicit(0, OperationState),
    extendedStatus: implicit(1, ExtendedStatus),
    extendedStatusMask: implicit(2, ExtendedStatus).default(
      ExtendedStatus.of('safetyInterlocksViolated', 'anyPhysicalResourcePowerOn', 'allPhysicalResourcesCalibrated', 'localControl'),
    ),
    selectedProgramInvocation: CHOICE('', { programInvocation: implicit(3, Identifier), noneSelected: implicit(4, NULL) }),
  }),
  noExtraResponse: NULL,
})

/** Where a controlling program invocation is, and what it controls. */
export interface ControllingDetail {
  readonly controlledPI: readonly string[]
  readonly programLocation?: string
  /** With what is left. */
  readonly runningMode: Choice<{ freeRunning: null; cycleLimited: Integer; stepLimited: Integer }>
}

/** ISO 9506-2, CS-GetProgramInvocationAttributes-Response. */
export interface ProgramInvocationDetail {
  /** 0: nothing is wrong. */
  readonly errorCode: Integer
  readonly control: Choice<{
    controlling: ControllingDetail
    controlled: Choice<{ controllingPI: string; none: null }>
    normal: null
  }>
}
const ProgramInvocationDetail: Type<ProgramInvocationDetail> = SEQUENCE<ProgramInvocationDetail>(
  'CS-GetProgramInvocationAttributes-Response',
  {
    errorCode: implicit(0, INTEGER),
    control: explicit(
      1,
      CHOICE('', {
        controlling: implicit(
          0,
          SEQUENCE<ControllingDetail>('', {
            controlledPI: implicit(0, SEQUENCE_OF(Identifier)),
            programLocation: implicit(1, MMSString).optional(),
            runningMode: explicit(
              2,
              CHOICE('', { freeRunning: implicit(0, NULL), cycleLimited: implicit(1, INTEGER), stepLimited: implicit(2, INTEGER) }),
            ),
          }),
        ),
        controlled: explicit(1, CHOICE('', { controllingPI: implicit(0, Identifier), none: implicit(1, NULL) })),
        normal: implicit(2, NULL),
      }),
    ),
  },
)

/** ISO 9506-2, Response-Detail: what `csr` and `cspi` add to responses. */
export type ResponseDetail = Choice<{
  otherRequests: null
  status: StatusDetail
  getProgramInvocationAttributes: ProgramInvocationDetail
}>
export const ResponseDetail: Type<ResponseDetail> = CHOICE<ResponseDetail>('Response-Detail', {
  otherRequests: NULL,
  status: explicit(0, StatusDetail),
  getProgramInvocationAttributes: implicit(45, ProgramInvocationDetail),
})

export type RequestDetailName = Exclude<RequestDetail['type'], 'otherRequests'>
export type ResponseDetailName = Exclude<ResponseDetail['type'], 'otherRequests'>
export type RequestDetailOf<N extends RequestDetailName> = Extract<RequestDetail, { type: N }>['value']
export type ResponseDetailOf<N extends ResponseDetailName> = Extract<ResponseDetail, { type: N }>['value']

/** The octets of `serviceExt` in a request. */
export function encodeRequestDetail<N extends RequestDetailName>(type: N, value: RequestDetailOf<N>): Uint8Array {
  return encode(RequestDetail, { type, value } as RequestDetail)
}

/** The octets of `serviceExt` in a response. */
export function encodeResponseDetail<N extends ResponseDetailName>(type: N, value: ResponseDetailOf<N>): Uint8Array {
  return encode(ResponseDetail, { type, value } as ResponseDetail)
}

/**
 * What a request brings besides its argument; undefined: nothing for that service.
 * @throws DecodeError for octets that are no Request-Detail, or one of another service
 */
export function requestDetail<N extends RequestDetailName>(service: N, serviceExt: Uint8Array | undefined): RequestDetailOf<N> | undefined {
  return detailOf(RequestDetail, service, serviceExt) as RequestDetailOf<N> | undefined
}

/** As `requestDetail`, of a response. @throws DecodeError */
export function responseDetail<N extends ResponseDetailName>(
  service: N,
  serviceExt: Uint8Array | undefined,
): ResponseDetailOf<N> | undefined {
  return detailOf(ResponseDetail, service, serviceExt) as ResponseDetailOf<N> | undefined
}

function detailOf<T extends { readonly type: string; readonly value: unknown }>(
  type: Type<T>,
  service: string,
  serviceExt: Uint8Array | undefined,
): unknown {
  if (serviceExt === undefined) return undefined
  const detail = decode(type, serviceExt)
  if (detail.type === 'otherRequests') return undefined
  if (detail.type === service) return detail.value
  throw new DecodeError('mms', 'MMS_DETAIL', `expected a detail of ${service}, found one of ${detail.type}`)
}
