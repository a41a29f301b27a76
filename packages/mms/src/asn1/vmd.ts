import {
  BIT_STRING,
  type BitString,
  BOOLEAN,
  CHOICE,
  type Choice,
  explicit,
  implicit,
  type Named,
  NULL,
  namedInteger,
  OBJECT_IDENTIFIER,
  SEQUENCE,
  SEQUENCE_OF,
  type Type,
} from '@x/ber'
import { BareMMSString, Identifier, IdentifierList, MMSString, ObjectClass, ObjectName } from './identifiers.js'

const logicalStatus = {
  'state-changes-allowed': 0,
  'no-state-changes-allowed': 1,
  'limited-services-permitted': 2,
  'support-services-allowed': 3,
} as const
const physicalStatus = { operational: 0, 'partially-operational': 1, inoperable: 2, 'needs-commissioning': 3 } as const

export type VmdLogicalStatus = keyof typeof logicalStatus
export type VmdPhysicalStatus = keyof typeof physicalStatus

/** ISO 9506-2, Status-Request: whether the more thorough way of finding the status is wanted. */
export const StatusRequest: Type<boolean> = BOOLEAN

/** ISO 9506-2, StatusResponse; also what unsolicitedStatus reports. */
export interface StatusResponse {
  readonly vmdLogicalStatus: Named<VmdLogicalStatus>
  readonly vmdPhysicalStatus: Named<VmdPhysicalStatus>
  /** Up to 128 bits with a meaning of the vendor's. */
  readonly localDetail?: BitString
}
export const StatusResponse: Type<StatusResponse> = SEQUENCE<StatusResponse>('StatusResponse', {
  vmdLogicalStatus: implicit(0, namedInteger('', logicalStatus)),
  vmdPhysicalStatus: implicit(1, namedInteger('', physicalStatus)),
  localDetail: implicit(2, BIT_STRING).optional(),
})

/** Where names are looked for. */
export type ObjectScope = Choice<{ vmdSpecific: null; domainSpecific: string; aaSpecific: null }>

/** ISO 9506-2, GetNameList-Request. */
export interface GetNameListRequest {
  readonly objectClass: ObjectClass
  readonly objectScope: ObjectScope
  /** Only names behind this one. */
  readonly continueAfter?: string
}
export const GetNameListRequest: Type<GetNameListRequest> = SEQUENCE<GetNameListRequest>('GetNameList-Request', {
  objectClass: explicit(0, ObjectClass),
  objectScope: explicit(
    1,
    CHOICE<ObjectScope>('', { vmdSpecific: implicit(0, NULL), domainSpecific: implicit(1, Identifier), aaSpecific: implicit(2, NULL) }),
  ),
  continueAfter: implicit(2, Identifier).optional(),
})

/** ISO 9506-2, GetNameList-Response. */
export interface GetNameListResponse {
  readonly listOfIdentifier: readonly string[]
  /** Whether there are names behind the last one. @default true */
  readonly moreFollows: boolean
}
export const GetNameListResponse: Type<GetNameListResponse> = SEQUENCE<GetNameListResponse>('GetNameList-Response', {
  listOfIdentifier: implicit(0, IdentifierList),
  moreFollows: implicit(1, BOOLEAN).default(true),
})

/** ISO 9506-2, Identify-Request. */
export const IdentifyRequest: Type<null> = NULL

/** ISO 9506-2, Identify-Response. Some peers have room for 99 octets in each text. */
export interface IdentifyResponse {
  readonly vendorName: string
  readonly modelName: string
  readonly revision: string
  /** Dotted object identifiers of abstract syntaxes besides that of MMS. */
  readonly listOfAbstractSyntaxes?: readonly string[]
}
export const IdentifyResponse: Type<IdentifyResponse> = SEQUENCE<IdentifyResponse>('Identify-Response', {
  vendorName: implicit(0, MMSString),
  modelName: implicit(1, MMSString),
  revision: implicit(2, MMSString),
  listOfAbstractSyntaxes: implicit(3, SEQUENCE_OF(OBJECT_IDENTIFIER)).optional(),
})

/** ISO 9506-2, Rename-Request. */
export interface RenameRequest {
  readonly objectClass: ObjectClass
  readonly currentName: ObjectName
  /** The scope stays. */
  readonly newIdentifier: string
}
export const RenameRequest: Type<RenameRequest> = SEQUENCE<RenameRequest>('Rename-Request', {
  objectClass: explicit(0, ObjectClass),
  currentName: explicit(1, ObjectName),
  newIdentifier: implicit(2, Identifier),
})

/** ISO 9506-2, GetCapabilityList-Request. */
export interface GetCapabilityListRequest {
  /** Only capabilities behind this one. */
  readonly continueAfter?: string
}
export const GetCapabilityListRequest: Type<GetCapabilityListRequest> = SEQUENCE<GetCapabilityListRequest>('GetCapabilityList-Request', {
  continueAfter: BareMMSString.optional(),
})

/** ISO 9506-2, GetCapabilityList-Response. */
export interface GetCapabilityListResponse {
  readonly listOfCapabilities: readonly string[]
  /** @default true */
  readonly moreFollows: boolean
}
export const GetCapabilityListResponse: Type<GetCapabilityListResponse> = SEQUENCE<GetCapabilityListResponse>(
  'GetCapabilityList-Response',
  {
    listOfCapabilities: implicit(0, SEQUENCE_OF(BareMMSString)),
    moreFollows: implicit(1, BOOLEAN).default(true),
  },
)
