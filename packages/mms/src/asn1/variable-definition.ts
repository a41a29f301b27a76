import { BOOLEAN, explicit, implicit, LooseVisibleString, SEQUENCE, SEQUENCE_OF, type Type } from '@x/ber'
import { Identifier, ObjectName } from './identifiers.js'
import { Address, ScatteredAccessDescription, ScopeOfDelete, TypeSpecification } from './variable-access.js'

/** Services that define and delete named variables, scattered access and named types. */

/** ISO 9506-2, DefineNamedVariable-Request. */
export interface DefineNamedVariableRequest {
  readonly variableName: ObjectName
  readonly address: Address
  /** Absent: the type that the variable at this address has. */
  readonly typeSpecification?: TypeSpecification
}
export const DefineNamedVariableRequest: Type<DefineNamedVariableRequest> = SEQUENCE<DefineNamedVariableRequest>(
  'DefineNamedVariable-Request',
  {
    variableName: explicit(0, ObjectName),
    address: explicit(1, Address),
    typeSpecification: explicit(2, TypeSpecification).optional(),
  },
)

/** ISO 9506-2, DefineScatteredAccess-Request. */
export interface DefineScatteredAccessRequest {
  readonly scatteredAccessName: ObjectName
  readonly scatteredAccessDescription: ScatteredAccessDescription
}
export const DefineScatteredAccessRequest: Type<DefineScatteredAccessRequest> = SEQUENCE<DefineScatteredAccessRequest>(
  'DefineScatteredAccess-Request',
  { scatteredAccessName: explicit(0, ObjectName), scatteredAccessDescription: implicit(1, ScatteredAccessDescription) },
)

/** The name of an object: GetScatteredAccessAttributes-Request and GetNamedTypeAttributes-Request. */
export const DefinedName: Type<ObjectName> = ObjectName

/** ISO 9506-2, GetScatteredAccessAttributes-Response. */
export interface GetScatteredAccessAttributesResponse {
  readonly mmsDeletable: boolean
  readonly scatteredAccessDescription: ScatteredAccessDescription
  /** Only with `aco`, from minor version 3. */
  readonly accessControlList?: string
}
export const GetScatteredAccessAttributesResponse: Type<GetScatteredAccessAttributesResponse> =
  SEQUENCE<GetScatteredAccessAttributesResponse>('GetScatteredAccessAttributes-Response', {
    mmsDeletable: implicit(0, BOOLEAN),
    scatteredAccessDescription: implicit(1, ScatteredAccessDescription),
    accessControlList: implicit(2, Identifier).optional(),
  })

/** ISO 9506-2, DeleteVariableAccess-Request: named variables and scattered access. */
export interface DeleteVariableAccessRequest {
  /** @default 'specific' */
  readonly scopeOfDelete: ScopeOfDelete
  /** With `specific`. */
  readonly listOfName?: readonly ObjectName[]
  /** With `domain`. */
  readonly domainName?: string
}
export const DeleteVariableAccessRequest: Type<DeleteVariableAccessRequest> = SEQUENCE<DeleteVariableAccessRequest>(
  'DeleteVariableAccess-Request',
  {
    scopeOfDelete: implicit(0, ScopeOfDelete).default('specific'),
    listOfName: implicit(1, SEQUENCE_OF(ObjectName)).optional(),
    domainName: implicit(2, Identifier).optional(),
  },
)

/** ISO 9506-2, DefineNamedType-Request. */
export interface DefineNamedTypeRequest {
  readonly typeName: ObjectName
  readonly typeSpecification: TypeSpecification
}
export const DefineNamedTypeRequest: Type<DefineNamedTypeRequest> = SEQUENCE<DefineNamedTypeRequest>('DefineNamedType-Request', {
  typeName: ObjectName,
  typeSpecification: TypeSpecification,
})

/** ISO 9506-2, GetNamedTypeAttributes-Response. */
export interface GetNamedTypeAttributesResponse {
  readonly mmsDeletable: boolean
  readonly typeSpecification: TypeSpecification
  /** Only with `aco`, from minor version 3. */
  readonly accessControlList?: string
  /** Only with `sem`. Any octet as a character U+0000 to U+00FF. */
  readonly meaning?: string
}
export const GetNamedTypeAttributesResponse: Type<GetNamedTypeAttributesResponse> = SEQUENCE<GetNamedTypeAttributesResponse>(
  'GetNamedTypeAttributes-Response',
  {
    mmsDeletable: implicit(0, BOOLEAN),
    typeSpecification: TypeSpecification,
    accessControlList: implicit(1, Identifier).optional(),
    meaning: implicit(4, LooseVisibleString).optional(),
  },
)

/** ISO 9506-2, DeleteNamedType-Request. */
export interface DeleteNamedTypeRequest {
  /** @default 'specific' */
  readonly scopeOfDelete: ScopeOfDelete
  /** With `specific`. */
  readonly listOfTypeName?: readonly ObjectName[]
  /** With `domain`. */
  readonly domainName?: string
}
export const DeleteNamedTypeRequest: Type<DeleteNamedTypeRequest> = SEQUENCE<DeleteNamedTypeRequest>('DeleteNamedType-Request', {
  scopeOfDelete: implicit(0, ScopeOfDelete).default('specific'),
  listOfTypeName: implicit(1, SEQUENCE_OF(ObjectName)).optional(),
  domainName: implicit(2, Identifier).optional(),
})
