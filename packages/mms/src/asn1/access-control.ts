import { type AuthenticationValue, AuthenticationValueType } from '@x/acse'
import { BOOLEAN, CHOICE, type Choice, explicit, INTEGER, type Integer, implicit, NULL, SEQUENCE, SEQUENCE_OF, type Type } from '@x/ber'
import { ApplicationReference } from './application-reference.js'
import { BareIdentifier, Identifier, ObjectClass, ObjectName, Unsigned32 } from './identifiers.js'

/** ISO 9506-1, AccessCondition: when a service of a class must fail. */
export type AccessCondition = Choice<{
  never: null
  /** Control of this semaphore is needed. */
  semaphore: string
  user: Choice<{ association: ApplicationReference; none: null }>
  password: AuthenticationValue
  /** All of them. */
  joint: readonly AccessCondition[]
  /** One of them. */
  alternate: readonly AccessCondition[]
}>
export const AccessCondition: Type<AccessCondition> = CHOICE<AccessCondition>('AccessCondition', {
  never: implicit(0, NULL),
  semaphore: explicit(1, BareIdentifier),
  user: explicit(2, CHOICE('', { association: ApplicationReference, none: NULL })),
  password: explicit(3, AuthenticationValueType),
  joint: implicit(
    4,
    SEQUENCE_OF(() => AccessCondition),
  ),
  alternate: implicit(
    5,
    SEQUENCE_OF(() => AccessCondition),
  ),
})

/** The conditions of an access control list, by class of service. Absent: none. */
export interface AccessControlListElements {
  readonly readAccessCondition?: AccessCondition
  readonly storeAccessCondition?: AccessCondition
  readonly writeAccessCondition?: AccessCondition
  readonly loadAccessCondition?: AccessCondition
  readonly executeAccessCondition?: AccessCondition
  readonly deleteAccessCondition?: AccessCondition
  readonly editAccessCondition?: AccessCondition
}
const AccessControlListElements = SEQUENCE<AccessControlListElements>('', {
  readAccessCondition: explicit(0, AccessCondition).optional(),
  storeAccessCondition: explicit(1, AccessCondition).optional(),
  writeAccessCondition: explicit(2, AccessCondition).optional(),
  loadAccessCondition: explicit(3, AccessCondition).optional(),
  executeAccessCondition: explicit(4, AccessCondition).optional(),
  deleteAccessCondition: explicit(5, AccessCondition).optional(),
  editAccessCondition: explicit(6, AccessCondition).optional(),
})

/** An object of any class by its name. */
export interface NamedObject {
  readonly objectClass: ObjectClass
  readonly objectName: ObjectName
}

/** ISO 9506-2, DefineAccessControlList-Request. */
export interface DefineAccessControlListRequest {
  readonly accessControlListName: string
  readonly accessControlListElements: AccessControlListElements
}
export const DefineAccessControlListRequest: Type<DefineAccessControlListRequest> = SEQUENCE<DefineAccessControlListRequest>(
  'DefineAccessControlList-Request',
  { accessControlListName: implicit(0, Identifier), accessControlListElements: implicit(1, AccessControlListElements) },
)

/** ISO 9506-2, GetAccessControlListAttributes-Request: a list by its name, or the one of the VMD or of an object. */
export type GetAccessControlListAttributesRequest = Choice<{ accessControlListName: string; vMD: null; namedObject: NamedObject }>
export const GetAccessControlListAttributesRequest: Type<GetAccessControlListAttributesRequest> =
  CHOICE<GetAccessControlListAttributesRequest>('GetAccessControlListAttributes-Request', {
    accessControlListName: implicit(0, Identifier),
    vMD: implicit(1, NULL),
    namedObject: implicit(2, SEQUENCE<NamedObject>('', { objectClass: explicit(0, ObjectClass), objectName: explicit(1, ObjectName) })),
  })

/** ISO 9506-2, GetAccessControlListAttributes-Response. */
export interface GetAccessControlListAttributesResponse {
  readonly name: string
  readonly accessControlListElements: AccessControlListElements
  /** Whether it is the list of the VMD itself. */
  readonly vMDuse: boolean
  /** How many objects of each class it governs. */
  readonly references: readonly AccessControlReferences[]
  /** The list that governs this list; only with `aco`. */
  readonly accessControlList?: string
}
export interface AccessControlReferences {
  readonly objectClass: ObjectClass
  readonly objectCount: Integer
}
export const GetAccessControlListAttributesResponse: Type<GetAccessControlListAttributesResponse> =
  SEQUENCE<GetAccessControlListAttributesResponse>('GetAccessControlListAttributes-Response', {
    name: explicit(0, BareIdentifier),
    accessControlListElements: implicit(1, AccessControlListElements),
    vMDuse: implicit(2, BOOLEAN),
    references: implicit(
      3,
      SEQUENCE_OF(SEQUENCE<AccessControlReferences>('', { objectClass: explicit(0, ObjectClass), objectCount: implicit(1, INTEGER) })),
    ),
    accessControlList: implicit(4, Identifier).optional(),
  })

/** ISO 9506-2, ReportAccessControlledObjects-Request. */
export interface ReportAccessControlledObjectsRequest {
  readonly accessControlList: string
  readonly objectClass: ObjectClass
  readonly continueAfter?: ObjectName
}
export const ReportAccessControlledObjectsRequest: Type<ReportAccessControlledObjectsRequest> =
  SEQUENCE<ReportAccessControlledObjectsRequest>('ReportAccessControlledObjects-Request', {
    accessControlList: implicit(0, Identifier),
    objectClass: explicit(1, ObjectClass),
    continueAfter: explicit(2, ObjectName).optional(),
  })

/** ISO 9506-2, ReportAccessControlledObjects-Response. */
export interface ReportAccessControlledObjectsResponse {
  readonly listOfNames: readonly ObjectName[]
  /** @default false */
  readonly moreFollows: boolean
}
export const ReportAccessControlledObjectsResponse: Type<ReportAccessControlledObjectsResponse> =
  SEQUENCE<ReportAccessControlledObjectsResponse>('ReportAccessControlledObjects-Response', {
    listOfNames: implicit(0, SEQUENCE_OF(ObjectName)),
    moreFollows: implicit(1, BOOLEAN).default(false),
  })

/** ISO 9506-2, DeleteAccessControlList-Request: its name. */
export const DeleteAccessControlListRequest: Type<string> = Identifier

/** ISO 9506-2, ChangeAccessControl-Request. */
export interface ChangeAccessControlRequest {
  readonly scopeOfChange: Choice<{ vMDOnly: null; listOfObjects: ControlledObjects }>
  /** The list that governs them from now on. */
  readonly accessControlListName: string
}
export interface ControlledObjects {
  readonly objectClass: ObjectClass
  readonly objectScope: Choice<{ specific: readonly ObjectName[]; aaSpecific: null; domain: string; vmd: null }>
}
export const ChangeAccessControlRequest: Type<ChangeAccessControlRequest> = SEQUENCE<ChangeAccessControlRequest>(
  'ChangeAccessControl-Request',
  {
    scopeOfChange: CHOICE<ChangeAccessControlRequest['scopeOfChange']>('', {
      vMDOnly: implicit(0, NULL),
      listOfObjects: implicit(
        1,
        SEQUENCE<ControlledObjects>('', {
          objectClass: explicit(0, ObjectClass),
          objectScope: explicit(
            1,
            CHOICE<ControlledObjects['objectScope']>('', {
              specific: implicit(0, SEQUENCE_OF(ObjectName)),
              aaSpecific: implicit(1, NULL, 'aa-specific'),
              domain: implicit(2, Identifier),
              vmd: implicit(3, NULL),
            }),
          ),
        }),
      ),
    }),
    accessControlListName: implicit(2, Identifier),
  },
)

/** ISO 9506-2, ChangeAccessControl-Response. */
export interface ChangeAccessControlResponse {
  readonly numberMatched: number
  readonly numberChanged: number
}
export const ChangeAccessControlResponse: Type<ChangeAccessControlResponse> = SEQUENCE<ChangeAccessControlResponse>(
  'ChangeAccessControl-Response',
  { numberMatched: implicit(0, Unsigned32), numberChanged: implicit(1, Unsigned32) },
)
