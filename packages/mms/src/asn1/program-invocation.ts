import {
  BOOLEAN,
  CHOICE,
  type Choice,
  type EmbeddedPdv,
  type External,
  explicit,
  INTEGER,
  type Integer,
  implicit,
  type Named,
  NULL,
  namedInteger,
  SEQUENCE,
  type Type,
} from '@x/ber'
import { Identifier, IdentifierList, MMSString } from './identifiers.js'
import { OwnedEmbeddedPdv, OwnedExternal } from './owned.js'

/** ISO 9506-1, ProgramInvocationState. */
export const ProgramInvocationState = namedInteger('ProgramInvocationState', {
  'non-existent': 0,
  unrunnable: 1,
  idle: 2,
  running: 3,
  stopped: 4,
  starting: 5,
  stopping: 6,
  resuming: 7,
  resetting: 8,
})
export type ProgramInvocationState = Named<
  'non-existent' | 'unrunnable' | 'idle' | 'running' | 'stopped' | 'starting' | 'stopping' | 'resuming' | 'resetting'
>

/** What a program invocation is started or resumed with. */
export type ExecutionArgument = Choice<{ simpleString: string; encodedString: External; embeddedString: EmbeddedPdv }>
/** @param tag of `simpleString`, which differs from place to place */
export const executionArgument = (tag: 1 | 5): Type<ExecutionArgument> =>
  CHOICE<ExecutionArgument>('', { simpleString: implicit(tag, MMSString), encodedString: OwnedExternal, embeddedString: OwnedEmbeddedPdv })

/** ISO 9506-2, CreateProgramInvocation-Request. */
export interface CreateProgramInvocationRequest {
  readonly programInvocationName: string
  readonly listOfDomainNames: readonly string[]
  /** Whether it can be started again when it has ended. @default true */
  readonly reusable: boolean
  /** Events of its changes of state: for as long as this association lives (false) or for ever (true). Absent: none. */
  readonly monitorType?: boolean
}
export const CreateProgramInvocationRequest: Type<CreateProgramInvocationRequest> = SEQUENCE<CreateProgramInvocationRequest>(
  'CreateProgramInvocation-Request',
  {
    programInvocationName: implicit(0, Identifier),
    listOfDomainNames: implicit(1, IdentifierList),
    reusable: implicit(2, BOOLEAN).default(true),
    monitorType: implicit(3, BOOLEAN).optional(),
  },
)

/** ISO 9506-2, DeleteProgramInvocation-Request and GetProgramInvocationAttributes-Request: its name. */
export const ProgramInvocationName: Type<string> = Identifier

/** ISO 9506-2, Start-Request and Resume-Request. */
export interface StartRequest {
  readonly programInvocationName: string
  readonly executionArgument?: ExecutionArgument
}
const withArgument = (name: string): Type<StartRequest> =>
  SEQUENCE<StartRequest>(name, { programInvocationName: implicit(0, Identifier), executionArgument: executionArgument(1).optional() })
export const StartRequest: Type<StartRequest> = withArgument('Start-Request')
export const ResumeRequest: Type<StartRequest> = withArgument('Resume-Request')

/** ISO 9506-2, Stop-Request, Reset-Request and Kill-Request. */
export interface StopRequest {
  readonly programInvocationName: string
}
const withoutArgument = (name: string): Type<StopRequest> => SEQUENCE<StopRequest>(name, { programInvocationName: implicit(0, Identifier) })
export const StopRequest: Type<StopRequest> = withoutArgument('Stop-Request')
export const ResetRequest: Type<StopRequest> = withoutArgument('Reset-Request')
export const KillRequest: Type<StopRequest> = withoutArgument('Kill-Request')

/** ISO 9506-2, GetProgramInvocationAttributes-Response. */
export interface GetProgramInvocationAttributesResponse {
  readonly state: ProgramInvocationState
  readonly listOfDomainNames: readonly string[]
  readonly mmsDeletable: boolean
  readonly reusable: boolean
  readonly monitor: boolean
  /** What it was started with; edition 1 has the text alone. Its alternatives have no tag around them. */
  readonly executionArgument: ExecutionArgument
  /** Only with `aco`, from minor version 3. */
  readonly accessControlList?: string
}
export const GetProgramInvocationAttributesResponse: Type<GetProgramInvocationAttributesResponse> =
  SEQUENCE<GetProgramInvocationAttributesResponse>('GetProgramInvocationAttributes-Response', {
    state: implicit(0, ProgramInvocationState),
    listOfDomainNames: implicit(1, IdentifierList),
    mmsDeletable: implicit(2, BOOLEAN),
    reusable: implicit(3, BOOLEAN),
    monitor: implicit(4, BOOLEAN),
    executionArgument: executionArgument(5),
    accessControlList: implicit(6, Identifier).optional(),
  })

/** ISO 9506-2, StartCount: how often a controlling program invocation runs. */
export type StartCount = Choice<{ noLimit: null; cycleCount: Integer; stepCount: Integer }>
export const StartCount: Type<StartCount> = CHOICE<StartCount>('StartCount', {
  noLimit: implicit(0, NULL),
  cycleCount: implicit(1, INTEGER),
  stepCount: implicit(2, INTEGER),
})

/** ISO 9506-2, Select-Request. */
export interface SelectRequest {
  /** The one selected; absent: none is any more. */
  readonly controlling?: string
  readonly controlled?: readonly string[]
}
export const SelectRequest: Type<SelectRequest> = SEQUENCE<SelectRequest>('Select-Request', {
  controlling: implicit(0, Identifier).optional(),
  controlled: implicit(1, IdentifierList).optional(),
})

/** ISO 9506-2, AlterProgramInvocationAttributes-Request. */
export interface AlterProgramInvocationAttributesRequest {
  readonly programInvocation: string
  /** @default one cycle */
  readonly startCount: StartCount
}
export const AlterProgramInvocationAttributesRequest: Type<AlterProgramInvocationAttributesRequest> =
  SEQUENCE<AlterProgramInvocationAttributesRequest>('AlterProgramInvocationAttributes-Request', {
    programInvocation: implicit(0, Identifier),
    startCount: explicit(1, StartCount).default({ type: 'cycleCount', value: 1 }),
  })

/** ISO 9506-2, ReconfigureProgramInvocation-Request. No PDU has a place for it: the standard gives it a support bit and no tag. */
export interface ReconfigureProgramInvocationRequest {
  readonly oldProgramInvocationName: string
  readonly newProgramInvocationName?: string
  readonly domainsToAdd: readonly string[]
  readonly domainsToRemove: readonly string[]
}
export const ReconfigureProgramInvocationRequest: Type<ReconfigureProgramInvocationRequest> = SEQUENCE<ReconfigureProgramInvocationRequest>(
  'ReconfigureProgramInvocation-Request',
  {
    oldProgramInvocationName: implicit(0, Identifier),
    newProgramInvocationName: implicit(1, Identifier).optional(),
    domainsToAdd: implicit(2, IdentifierList),
    domainsToRemove: implicit(3, IdentifierList),
  },
)
