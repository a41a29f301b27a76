import {
  BOOLEAN,
  CHOICE,
  type Choice,
  explicit,
  implicit,
  LooseVisibleString,
  leaf,
  type Named,
  NULL,
  named,
  namedInteger,
  OCTET_STRING,
  SEQUENCE,
  SEQUENCE_OF,
  type Type,
} from '@x/ber'
import { type AccessResult, AccessResultList, type Data, DataAccessError, DataList } from './data.js'
import { BareMMSString, Identifier, Integer32, ObjectName, Unsigned8, Unsigned32 } from './identifiers.js'

/** ISO 9506-1, Address: where an unnamed variable lies. */
export type Address = Choice<{
  numericAddress: number
  symbolicAddress: string
  /** Free octets; their meaning is a matter of the server. */
  unconstrainedAddress: Uint8Array
}>
export const Address = CHOICE<Address>('Address', {
  numericAddress: implicit(0, Unsigned32),
  symbolicAddress: explicit(1, BareMMSString),
  unconstrainedAddress: implicit(2, OCTET_STRING),
})

/** ISO 9506-2, TypeSpecification. The alternatives of TypeDescription have no tag of their own around them. */
export type TypeSpecification = Choice<{ typeName: ObjectName; typeDescription: TypeDescription }>

/** ISO 9506-1, TypeDescription. Sizes that are negative mean "varying, up to the absolute value". */
export type TypeDescription = Choice<{
  array: ArrayType
  structure: StructureType
  boolean: null
  /** Bits. */
  bitString: number
  /** Bits, sign included: 8, 16, 32, 64 … */
  integer: number
  /** Bits. */
  unsigned: number
  floatingPoint: FloatingPointType
  /** Octets. */
  octetString: number
  /** Octets. */
  visibleString: number
  generalizedTime: null
  /** True: with the date, 6 octets. False: time of day only, 4 octets. */
  binaryTime: boolean
  /** Decimal digits. */
  bcd: number
  objId: null
  /** Characters. */
  mMSString: number
  utcTime: null
}>
export interface ArrayType {
  /** A hint about storage; it changes nothing on the wire. @default false */
  readonly packed: boolean
  readonly numberOfElements: number
  readonly elementType: TypeSpecification
}
export interface StructureType {
  /** A hint about storage; it changes nothing on the wire. @default false */
  readonly packed: boolean
  readonly components: readonly StructureComponent[]
}
export interface StructureComponent {
  /** A component without a name can be reached only as part of the whole. */
  readonly componentName?: string
  readonly componentType: TypeSpecification
}
export interface FloatingPointType {
  /** Bits in all: 32 or 64. */
  readonly formatWidth: number
  /** Bits of the exponent: 8 for 32, 11 for 64. */
  readonly exponentWidth: number
}

const ArrayType = SEQUENCE<ArrayType>('', {
  packed: implicit(0, BOOLEAN).default(false),
  numberOfElements: implicit(1, Unsigned32),
  elementType: explicit(2, () => TypeSpecification),
})
const StructureComponent = SEQUENCE<StructureComponent>('', {
  componentName: implicit(0, Identifier).optional(),
  componentType: explicit(1, () => TypeSpecification),
})
const StructureType = SEQUENCE<StructureType>('', {
  packed: implicit(0, BOOLEAN).default(false),
  components: implicit(1, SEQUENCE_OF(StructureComponent)),
})
const FloatingPointType = SEQUENCE<FloatingPointType>('', {
  formatWidth: named(Unsigned8, 'format-width'),
  exponentWidth: named(Unsigned8, 'exponent-width'),
})

const shortSize = implicit(16, Integer32)
const longSize = explicit(16, Integer32)
/** `[16] Integer32` in the standard, without IMPLICIT; every known peer sends it implicit, so do we. Both are understood. */
const MMSStringSize: Type<number> = leaf<number>({
  name: '',
  as: shortSize,
  tags: [0x90, 0xb0],
  get: (reader, tag) => (tag === 0x90 ? shortSize : longSize).codec().get(reader, tag),
  put: (sdu, value) => shortSize.codec().put(sdu, value, 0x90),
})

export const TypeDescription: Type<TypeDescription> = CHOICE<TypeDescription>('TypeDescription', {
  array: implicit(1, ArrayType),
  structure: implicit(2, StructureType),
  boolean: implicit(3, NULL),
  bitString: implicit(4, Integer32, 'bit-string'),
  integer: implicit(5, Unsigned8),
  unsigned: implicit(6, Unsigned8),
  floatingPoint: implicit(7, FloatingPointType, 'floating-point'),
  octetString: implicit(9, Integer32, 'octet-string'),
  visibleString: implicit(10, Integer32, 'visible-string'),
  generalizedTime: implicit(11, NULL, 'generalized-time'),
  binaryTime: implicit(12, BOOLEAN, 'binary-time'),
  bcd: implicit(13, Unsigned8),
  objId: implicit(15, NULL),
  mMSString: MMSStringSize,
  utcTime: implicit(17, NULL, 'utc-time'),
})

export const TypeSpecification: Type<TypeSpecification> = CHOICE<TypeSpecification>('TypeSpecification', {
  typeName: explicit(0, ObjectName),
  typeDescription: TypeDescription,
})

/** ISO 9506-2, AlternateAccess: selections applied to one variable. One: the selected thing itself. More: a structure of them. */
export type AlternateAccess = readonly AlternateAccessEntry[]
export type AlternateAccessEntry = Choice<{ unnamed: AlternateAccessSelection; named: NamedSelection }>
export interface NamedSelection {
  readonly componentName: string
  readonly access: AlternateAccessSelection
}
/** Take a node whole (selectAccess), or go to it and select there (selectAlternateAccess). */
export type AlternateAccessSelection = Choice<{ selectAlternateAccess: SelectAlternateAccess; selectAccess: AccessSelection }>
export interface SelectAlternateAccess {
  readonly accessSelection: AccessSelection
  readonly alternateAccess: AlternateAccess
}
/** One node. The same four kinds carry tags 0 to 3 on the way and 1 to 4 at the end. */
export type AccessSelection = Choice<{
  component: string
  /** From 0. */
  index: number
  indexRange: IndexRange
  allElements: null
}>
export interface IndexRange {
  readonly lowIndex: number
  /** 0 with lowIndex 0 means all elements. */
  readonly numberOfElements: number
}

const IndexRange = SEQUENCE<IndexRange>('', { lowIndex: implicit(0, Unsigned32), numberOfElements: implicit(1, Unsigned32) })
/** @param first tag of `component`; the others follow */
function accessSelection(first: 0 | 1): Type<AccessSelection> {
  return CHOICE<AccessSelection>('', {
    component: implicit(first, Identifier),
    index: implicit(first + 1, Unsigned32),
    indexRange: implicit(first + 2, IndexRange),
    allElements: implicit(first + 3, NULL),
  })
}

export const AlternateAccessSelection: Type<AlternateAccessSelection> = CHOICE<AlternateAccessSelection>('AlternateAccessSelection', {
  selectAlternateAccess: implicit(
    0,
    SEQUENCE<SelectAlternateAccess>('', { accessSelection: accessSelection(0), alternateAccess: () => AlternateAccess }),
  ),
  selectAccess: accessSelection(1),
})

export const AlternateAccess: Type<AlternateAccess> = SEQUENCE_OF(
  CHOICE<AlternateAccessEntry>('', {
    unnamed: AlternateAccessSelection,
    named: implicit(5, SEQUENCE<NamedSelection>('', { componentName: implicit(0, Identifier), access: AlternateAccessSelection })),
  }),
  'AlternateAccess',
)

/** ISO 9506-2, VariableSpecification. */
export type VariableSpecification = Choice<{
  name: ObjectName
  address: Address
  /** A variable for this access only. */
  variableDescription: VariableDescription
  scatteredAccessDescription: ScatteredAccessDescription
  /** In responses only: what was once named is gone. */
  invalidated: null
}>
export interface VariableDescription {
  readonly address: Address
  readonly typeSpecification: TypeSpecification
}
/** ISO 9506-2, annex E. */
export type ScatteredAccessDescription = readonly ScatteredComponent[]
export interface ScatteredComponent {
  readonly componentName?: string
  readonly variableSpecification: VariableSpecification
  readonly alternateAccess?: AlternateAccess
}

export const ScatteredAccessDescription: Type<ScatteredAccessDescription> = SEQUENCE_OF(
  SEQUENCE<ScatteredComponent>('', {
    componentName: implicit(0, Identifier).optional(),
    variableSpecification: explicit(1, () => VariableSpecification),
    alternateAccess: implicit(2, AlternateAccess).optional(),
  }),
  'ScatteredAccessDescription',
)

export const VariableSpecification: Type<VariableSpecification> = CHOICE<VariableSpecification>('VariableSpecification', {
  name: explicit(0, ObjectName),
  address: explicit(1, Address),
  variableDescription: implicit(2, SEQUENCE<VariableDescription>('', { address: Address, typeSpecification: TypeSpecification })),
  scatteredAccessDescription: implicit(3, ScatteredAccessDescription),
  invalidated: implicit(4, NULL),
})

/** One variable of a list, or a part of it. */
export interface ListedVariable {
  readonly variableSpecification: VariableSpecification
  readonly alternateAccess?: AlternateAccess
}
export const ListedVariable: Type<ListedVariable> = SEQUENCE<ListedVariable>('', {
  variableSpecification: VariableSpecification,
  alternateAccess: implicit(5, AlternateAccess).optional(),
})

/** ISO 9506-2, VariableAccessSpecification. */
export type VariableAccessSpecification = Choice<{ listOfVariable: readonly ListedVariable[]; variableListName: ObjectName }>
export const VariableAccessSpecification: Type<VariableAccessSpecification> = CHOICE<VariableAccessSpecification>(
  'VariableAccessSpecification',
  {
    listOfVariable: implicit(0, SEQUENCE_OF(ListedVariable)),
    variableListName: explicit(1, ObjectName),
  },
)

/** ISO 9506-2, Read-Request. */
export interface ReadRequest {
  /** Asks the server to repeat `variableAccessSpecification` in its response. @default false */
  readonly specificationWithResult: boolean
  readonly variableAccessSpecification: VariableAccessSpecification
}
export const ReadRequest: Type<ReadRequest> = SEQUENCE<ReadRequest>('Read-Request', {
  specificationWithResult: implicit(0, BOOLEAN).default(false),
  variableAccessSpecification: explicit(1, VariableAccessSpecification),
})

/** ISO 9506-2, Read-Response. */
export interface ReadResponse {
  readonly variableAccessSpecification?: VariableAccessSpecification
  /** One for each variable of the list, in its order. */
  readonly listOfAccessResult: readonly AccessResult[]
}
export const ReadResponse: Type<ReadResponse> = SEQUENCE<ReadResponse>('Read-Response', {
  variableAccessSpecification: explicit(0, VariableAccessSpecification).optional(),
  listOfAccessResult: implicit(1, AccessResultList),
})

/** ISO 9506-2, Write-Request. */
export interface WriteRequest {
  readonly variableAccessSpecification: VariableAccessSpecification
  /** One for each variable, in the order of the specification. */
  readonly listOfData: readonly Data[]
}
export const WriteRequest: Type<WriteRequest> = SEQUENCE<WriteRequest>('Write-Request', {
  variableAccessSpecification: VariableAccessSpecification,
  listOfData: implicit(0, DataList),
})

/** ISO 9506-2, Write-Response: one for each variable, in the order of the request. */
export type WriteResponse = readonly WriteResult[]
export type WriteResult = Choice<{ failure: DataAccessError; success: null }>
export const WriteResponse: Type<WriteResponse> = SEQUENCE_OF(
  CHOICE<WriteResult>('', { failure: implicit(0, DataAccessError), success: implicit(1, NULL) }),
  'Write-Response',
)

/** ISO 9506-2, InformationReport. */
export interface InformationReport {
  readonly variableAccessSpecification: VariableAccessSpecification
  /** One for each variable, in the order of the specification. */
  readonly listOfAccessResult: readonly AccessResult[]
}
export const InformationReport: Type<InformationReport> = SEQUENCE<InformationReport>('InformationReport', {
  variableAccessSpecification: VariableAccessSpecification,
  listOfAccessResult: implicit(0, AccessResultList),
})

/** ISO 9506-2, GetVariableAccessAttributes-Request. */
export type GetVariableAccessAttributesRequest = Choice<{ name: ObjectName; address: Address }>
export const GetVariableAccessAttributesRequest: Type<GetVariableAccessAttributesRequest> = CHOICE<GetVariableAccessAttributesRequest>(
  'GetVariableAccessAttributes-Request',
  { name: explicit(0, ObjectName), address: explicit(1, Address) },
)

/** ISO 9506-2, GetVariableAccessAttributes-Response. */
export interface GetVariableAccessAttributesResponse {
  readonly mmsDeletable: boolean
  /** Only with `vadr`, and only where the access method is public. */
  readonly address?: Address
  readonly typeDescription: TypeDescription
  /** Only with `aco`, from minor version 3. */
  readonly accessControlList?: string
  /** Only with `sem`. Any octet as a character U+0000 to U+00FF. */
  readonly meaning?: string
}
export const GetVariableAccessAttributesResponse: Type<GetVariableAccessAttributesResponse> = SEQUENCE<GetVariableAccessAttributesResponse>(
  'GetVariableAccessAttributes-Response',
  {
    mmsDeletable: implicit(0, BOOLEAN),
    address: explicit(1, Address).optional(),
    typeDescription: explicit(2, TypeDescription),
    accessControlList: implicit(3, Identifier).optional(),
    meaning: implicit(4, LooseVisibleString).optional(),
  },
)

/** ISO 9506-2, DefineNamedVariableList-Request. */
export interface DefineNamedVariableListRequest {
  readonly variableListName: ObjectName
  readonly listOfVariable: readonly ListedVariable[]
}
export const DefineNamedVariableListRequest: Type<DefineNamedVariableListRequest> = SEQUENCE<DefineNamedVariableListRequest>(
  'DefineNamedVariableList-Request',
  { variableListName: ObjectName, listOfVariable: implicit(0, SEQUENCE_OF(ListedVariable)) },
)

/** ISO 9506-2, GetNamedVariableListAttributes-Request. */
export type GetNamedVariableListAttributesRequest = ObjectName
export const GetNamedVariableListAttributesRequest: Type<ObjectName> = ObjectName

/** ISO 9506-2, GetNamedVariableListAttributes-Response. */
export interface GetNamedVariableListAttributesResponse {
  readonly mmsDeletable: boolean
  readonly listOfVariable: readonly ListedVariable[]
  /** Only with `aco`, from minor version 3. */
  readonly accessControlList?: string
}
export const GetNamedVariableListAttributesResponse: Type<GetNamedVariableListAttributesResponse> =
  SEQUENCE<GetNamedVariableListAttributesResponse>('GetNamedVariableListAttributes-Response', {
    mmsDeletable: implicit(0, BOOLEAN),
    listOfVariable: implicit(1, SEQUENCE_OF(ListedVariable)),
    accessControlList: implicit(2, Identifier).optional(),
  })

/** Which objects a delete means: those named, or all of a scope. */
export type ScopeOfDelete = Named<'specific' | 'aa-specific' | 'domain' | 'vmd'>
export const ScopeOfDelete: Type<ScopeOfDelete> = namedInteger('', { specific: 0, 'aa-specific': 1, domain: 2, vmd: 3 })

/** ISO 9506-2, DeleteNamedVariableList-Request. */
export interface DeleteNamedVariableListRequest {
  /** @default 'specific' */
  readonly scopeOfDelete: ScopeOfDelete
  /** Only with `specific`. */
  readonly listOfVariableListName?: readonly ObjectName[]
  /** Only with `domain`. */
  readonly domainName?: string
}
export const DeleteNamedVariableListRequest: Type<DeleteNamedVariableListRequest> = SEQUENCE<DeleteNamedVariableListRequest>(
  'DeleteNamedVariableList-Request',
  {
    scopeOfDelete: implicit(0, ScopeOfDelete).default('specific'),
    listOfVariableListName: implicit(1, SEQUENCE_OF(ObjectName)).optional(),
    domainName: implicit(2, Identifier).optional(),
  },
)

/** ISO 9506-2, DeleteNamedVariableList-, DeleteVariableAccess- and DeleteNamedType-Response. */
export interface DeletedNumbers {
  /** Objects that exist and fall under the request. */
  readonly numberMatched: number
  /** Those of them that are gone now. */
  readonly numberDeleted: number
}
const deletedNumbers = (name: string): Type<DeletedNumbers> =>
  SEQUENCE<DeletedNumbers>(name, { numberMatched: implicit(0, Unsigned32), numberDeleted: implicit(1, Unsigned32) })
export const DeleteNamedVariableListResponse: Type<DeletedNumbers> = deletedNumbers('DeleteNamedVariableList-Response')
export const DeleteVariableAccessResponse: Type<DeletedNumbers> = deletedNumbers('DeleteVariableAccess-Response')
export const DeleteNamedTypeResponse: Type<DeletedNumbers> = deletedNumbers('DeleteNamedType-Response')
