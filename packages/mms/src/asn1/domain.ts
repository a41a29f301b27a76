import {
  BOOLEAN,
  CHOICE,
  type Choice,
  type EmbeddedPdv,
  type External,
  implicit,
  type Named,
  namedInteger,
  OCTET_STRING,
  SEQUENCE,
  SEQUENCE_OF,
  type Type,
} from '@x/ber'
import { ApplicationReference } from './application-reference.js'
import { ServiceError } from './error.js'
import { FileName } from './file.js'
import { BareMMSString, Identifier, IdentifierList, Integer8, Integer32 } from './identifiers.js'
import { OwnedEmbeddedPdv, OwnedExternal } from './owned.js'

/** SEQUENCE OF MMSString. */
export const MMSStringList: Type<readonly string[]> = SEQUENCE_OF(BareMMSString)

const domainStates = { 'non-existent': 0, loading: 1, ready: 2, 'in-use': 3, complete: 4, incomplete: 5 } as const

/** ISO 9506-1, DomainState. Transient states (7 to 15) have no names and stay numbers. */
export type DomainState = Named<keyof typeof domainStates>
export const DomainState: Type<DomainState> = namedInteger('DomainState', domainStates)

/** ISO 9506-2, LoadData: a piece of a domain's content. */
export type LoadData = Choice<{ nonCoded: Uint8Array; coded: External; embedded: EmbeddedPdv }>
export const LoadData: Type<LoadData> = CHOICE<LoadData>('LoadData', {
  nonCoded: implicit(0, OCTET_STRING, 'non-coded'),
  coded: OwnedExternal,
  embedded: OwnedEmbeddedPdv,
})

/** ISO 9506-2, InitiateDownloadSequence-Request. */
export interface InitiateDownloadSequenceRequest {
  readonly domainName: string
  readonly listOfCapabilities: readonly string[]
  /** Whether several program invocations may use it. */
  readonly sharable: boolean
}
export const InitiateDownloadSequenceRequest: Type<InitiateDownloadSequenceRequest> = SEQUENCE<InitiateDownloadSequenceRequest>(
  'InitiateDownloadSequence-Request',
  { domainName: implicit(0, Identifier), listOfCapabilities: implicit(1, MMSStringList), sharable: implicit(2, BOOLEAN) },
)

/** ISO 9506-2, DownloadSegment-Request: the domain's name. Sent by the server to whoever began the download. */
export const DownloadSegmentRequest: Type<string> = Identifier

/** ISO 9506-2, DownloadSegment-Response and UploadSegment-Response. */
export interface SegmentResponse {
  readonly loadData: LoadData
  /** @default true */
  readonly moreFollows: boolean
}
const segment = (name: string): Type<SegmentResponse> =>
  SEQUENCE<SegmentResponse>(name, { loadData: LoadData, moreFollows: implicit(1, BOOLEAN).default(true) })
export const DownloadSegmentResponse: Type<SegmentResponse> = segment('DownloadSegment-Response')
export const UploadSegmentResponse: Type<SegmentResponse> = segment('UploadSegment-Response')

/** ISO 9506-2, TerminateDownloadSequence-Request. */
export interface TerminateDownloadSequenceRequest {
  readonly domainName: string
  /** Why the domain was thrown away; absent: it is ready. */
  readonly discard?: ServiceError
}
export const TerminateDownloadSequenceRequest: Type<TerminateDownloadSequenceRequest> = SEQUENCE<TerminateDownloadSequenceRequest>(
  'TerminateDownloadSequence-Request',
  { domainName: implicit(0, Identifier), discard: implicit(1, ServiceError).optional() },
)

/** ISO 9506-2, InitiateUploadSequence-Request: the domain's name. */
export const InitiateUploadSequenceRequest: Type<string> = Identifier

/** ISO 9506-2, InitiateUploadSequence-Response. */
export interface InitiateUploadSequenceResponse {
  /** Of the upload state machine. */
  readonly ulsmID: number
  readonly listOfCapabilities: readonly string[]
}
export const InitiateUploadSequenceResponse: Type<InitiateUploadSequenceResponse> = SEQUENCE<InitiateUploadSequenceResponse>(
  'InitiateUploadSequence-Response',
  { ulsmID: implicit(0, Integer32), listOfCapabilities: implicit(1, MMSStringList) },
)

/** ISO 9506-2, UploadSegment-Request and TerminateUploadSequence-Request: the `ulsmID`. */
export const UlsmIdentifier: Type<number> = Integer32

/** ISO 9506-2, RequestDomainDownload-Request: the server asks a client to begin a download. */
export interface RequestDomainDownloadRequest {
  readonly domainName: string
  readonly listOfCapabilities?: readonly string[]
  readonly sharable: boolean
  readonly fileName: FileName
}
export const RequestDomainDownloadRequest: Type<RequestDomainDownloadRequest> = SEQUENCE<RequestDomainDownloadRequest>(
  'RequestDomainDownload-Request',
  {
    domainName: implicit(0, Identifier),
    listOfCapabilities: implicit(1, MMSStringList).optional(),
    sharable: implicit(2, BOOLEAN),
    fileName: implicit(4, FileName),
  },
)

/** ISO 9506-2, RequestDomainUpload-Request. */
export interface RequestDomainUploadRequest {
  readonly domainName: string
  readonly fileName: FileName
}
export const RequestDomainUploadRequest: Type<RequestDomainUploadRequest> = SEQUENCE<RequestDomainUploadRequest>(
  'RequestDomainUpload-Request',
  { domainName: implicit(0, Identifier), fileName: implicit(1, FileName) },
)

/** ISO 9506-2, LoadDomainContent-Request: from a file. */
export interface LoadDomainContentRequest {
  readonly domainName: string
  readonly listOfCapabilities?: readonly string[]
  readonly sharable: boolean
  readonly fileName: FileName
  /** Where the file lies; absent: in the VMD's own file store. */
  readonly thirdParty?: ApplicationReference
}
export const LoadDomainContentRequest: Type<LoadDomainContentRequest> = SEQUENCE<LoadDomainContentRequest>('LoadDomainContent-Request', {
  domainName: implicit(0, Identifier),
  listOfCapabilities: implicit(1, MMSStringList).optional(),
  sharable: implicit(2, BOOLEAN),
  fileName: implicit(4, FileName),
  thirdParty: implicit(5, ApplicationReference).optional(),
})

/** ISO 9506-2, StoreDomainContent-Request: to a file. */
export interface StoreDomainContentRequest {
  readonly domainName: string
  readonly fileName: FileName
  readonly thirdParty?: ApplicationReference
}
export const StoreDomainContentRequest: Type<StoreDomainContentRequest> = SEQUENCE<StoreDomainContentRequest>(
  'StoreDomainContent-Request',
  {
    domainName: implicit(0, Identifier),
    fileName: implicit(1, FileName),
    thirdParty: implicit(2, ApplicationReference).optional(),
  },
)

/** ISO 9506-2, DeleteDomain-Request and GetDomainAttributes-Request: the domain's name. */
export const DomainName: Type<string> = Identifier

/** ISO 9506-2, GetDomainAttributes-Response. */
export interface GetDomainAttributesResponse {
  readonly listOfCapabilities: readonly string[]
  readonly state: DomainState
  readonly mmsDeletable: boolean
  readonly sharable: boolean
  readonly listOfProgramInvocations: readonly string[]
  /** How many uploads are going on. */
  readonly uploadInProgress: number
  /** Only with `aco`, from minor version 3. */
  readonly accessControlList?: string
}
export const GetDomainAttributesResponse: Type<GetDomainAttributesResponse> = SEQUENCE<GetDomainAttributesResponse>(
  'GetDomainAttributes-Response',
  {
    listOfCapabilities: implicit(0, MMSStringList),
    state: implicit(1, DomainState),
    mmsDeletable: implicit(2, BOOLEAN),
    sharable: implicit(3, BOOLEAN),
    listOfProgramInvocations: implicit(4, IdentifierList),
    uploadInProgress: implicit(5, Integer8),
    accessControlList: implicit(6, Identifier).optional(),
  },
)
