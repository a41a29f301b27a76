import { BOOLEAN, CHOICE, type Choice, explicit, INTEGER, type Integer, implicit, SEQUENCE, SEQUENCE_OF, type Type } from '@x/ber'
import { ApplicationReference } from './application-reference.js'
import { LoadData, MMSStringList } from './domain.js'
import { FileName } from './file.js'
import { Identifier, IdentifierList } from './identifiers.js'
import { type ExecutionArgument, executionArgument, ProgramInvocationState } from './program-invocation.js'

/** ISO 9506-2, ControlElement: a step in which a unit control is loaded or uploaded. */
export type ControlElement = Choice<{
  beginDomainDef: BeginDomainDefinition
  continueDomainDef: ContinueDomainDefinition
  /** The domain's name. */
  endDomainDef: string
  piDefinition: ProgramInvocationDefinition
}>
export interface BeginDomainDefinition {
  readonly domainName: string
  readonly capabilities: readonly string[]
  readonly sharable: boolean
  readonly loadData?: LoadData
}
export interface ContinueDomainDefinition {
  readonly domainName: string
  readonly loadData: LoadData
}
export interface ProgramInvocationDefinition {
  readonly piName: string
  readonly listOfDomains: readonly string[]
  /** @default true */
  readonly reusable: boolean
  readonly monitorType?: boolean
  readonly pIState?: ProgramInvocationState
}
export const ControlElement: Type<ControlElement> = CHOICE<ControlElement>('ControlElement', {
  beginDomainDef: explicit(
    0,
    SEQUENCE<BeginDomainDefinition>('', {
      domainName: implicit(1, Identifier),
      capabilities: implicit(2, MMSStringList),
      sharable: implicit(3, BOOLEAN),
      loadData: explicit(4, LoadData).optional(),
    }),
  ),
  continueDomainDef: explicit(
    1,
    SEQUENCE<ContinueDomainDefinition>('', { domainName: implicit(1, Identifier), loadData: explicit(3, LoadData) }),
  ),
  endDomainDef: implicit(2, Identifier),
  piDefinition: implicit(
    3,
    SEQUENCE<ProgramInvocationDefinition>('', {
      piName: implicit(0, Identifier),
      listOfDomains: implicit(1, IdentifierList),
      reusable: implicit(2, BOOLEAN).default(true),
      monitorType: implicit(3, BOOLEAN).optional(),
      pIState: implicit(4, ProgramInvocationState).optional(),
    }),
  ),
})

/** The name of a unit control: InitiateUnitControlLoad-, UnitControlLoadSegment-, StopUnitControl-, GetUnitControlAttributes- and DeleteUnitControl-Request. */
export const UnitControlName: Type<string> = Identifier

/** ISO 9506-2, UnitControlLoadSegment-Response. */
export interface UnitControlLoadSegmentResponse {
  readonly controlElements: readonly ControlElement[]
  /** @default true */
  readonly moreFollows: boolean
}
export const UnitControlLoadSegmentResponse: Type<UnitControlLoadSegmentResponse> = SEQUENCE<UnitControlLoadSegmentResponse>(
  'UnitControlLoadSegment-Response',
  { controlElements: implicit(0, SEQUENCE_OF(ControlElement)), moreFollows: implicit(1, BOOLEAN).default(true) },
)

/** Where an upload of a unit control goes on. */
export type UnitControlPosition = Choice<{ domain: string; ulsmID: Integer; programInvocation: string }>
const UnitControlPosition = CHOICE<UnitControlPosition>('', {
  domain: implicit(1, Identifier),
  ulsmID: implicit(2, INTEGER),
  programInvocation: implicit(3, Identifier),
})

/** ISO 9506-2, UnitControlUpload-Request. */
export interface UnitControlUploadRequest {
  readonly unitControlName: string
  /** What the last response gave as `nextElement`; absent: from the beginning. */
  readonly continueAfter?: UnitControlPosition
}
export const UnitControlUploadRequest: Type<UnitControlUploadRequest> = SEQUENCE<UnitControlUploadRequest>('UnitControlUpload-Request', {
  unitControlName: implicit(0, Identifier),
  continueAfter: UnitControlPosition.optional(),
})

/** ISO 9506-2, UnitControlUpload-Response. */
export interface UnitControlUploadResponse {
  readonly controlElements: readonly ControlElement[]
  /** Absent: that was all. */
  readonly nextElement?: UnitControlPosition
}
export const UnitControlUploadResponse: Type<UnitControlUploadResponse> = SEQUENCE<UnitControlUploadResponse>(
  'UnitControlUpload-Response',
  {
    controlElements: implicit(0, SEQUENCE_OF(ControlElement)),
    nextElement: UnitControlPosition.optional(),
  },
)

/** ISO 9506-2, StartUnitControl-Request. */
export interface StartUnitControlRequest {
  readonly unitControlName: string
  readonly executionArgument?: ExecutionArgument
}
export const StartUnitControlRequest: Type<StartUnitControlRequest> = SEQUENCE<StartUnitControlRequest>('StartUnitControl-Request', {
  unitControlName: implicit(0, Identifier),
  executionArgument: executionArgument(1).optional(),
})

/** ISO 9506-2, CreateUnitControl-, AddToUnitControl- and RemoveFromUnitControl-Request. */
export interface UnitControlMembers {
  readonly unitControl: string
  readonly domains: readonly string[]
  readonly programInvocations: readonly string[]
}
const members = (name: string): Type<UnitControlMembers> =>
  SEQUENCE<UnitControlMembers>(name, {
    unitControl: implicit(0, Identifier),
    domains: implicit(1, IdentifierList),
    programInvocations: implicit(2, IdentifierList),
  })
export const CreateUnitControlRequest: Type<UnitControlMembers> = members('CreateUnitControl-Request')
export const AddToUnitControlRequest: Type<UnitControlMembers> = members('AddToUnitControl-Request')
export const RemoveFromUnitControlRequest: Type<UnitControlMembers> = members('RemoveFromUnitControl-Request')

/** ISO 9506-2, GetUnitControlAttributes-Response. */
export interface GetUnitControlAttributesResponse {
  readonly domains: readonly string[]
  readonly programInvocations: readonly string[]
}
export const GetUnitControlAttributesResponse: Type<GetUnitControlAttributesResponse> = SEQUENCE<GetUnitControlAttributesResponse>(
  'GetUnitControlAttributes-Response',
  { domains: implicit(0, IdentifierList), programInvocations: implicit(1, IdentifierList) },
)

/** ISO 9506-2, LoadUnitControlFromFile- and StoreUnitControlToFile-Request. */
export interface UnitControlFileRequest {
  readonly unitControlName: string
  readonly fileName: FileName
  /** Where the file lies; absent: in the VMD's own file store. */
  readonly thirdParty?: ApplicationReference
}
const file = (name: string): Type<UnitControlFileRequest> =>
  SEQUENCE<UnitControlFileRequest>(name, {
    unitControlName: implicit(0, Identifier),
    fileName: implicit(1, FileName),
    thirdParty: implicit(2, ApplicationReference).optional(),
  })
export const LoadUnitControlFromFileRequest: Type<UnitControlFileRequest> = file('LoadUnitControlFromFile-Request')
export const StoreUnitControlToFileRequest: Type<UnitControlFileRequest> = file('StoreUnitControlToFile-Request')
