import {
  ANY_COPY,
  application,
  BIT_STRING,
  type BitString,
  CHOICE,
  type Choice,
  EXTERNAL,
  type External,
  explicit,
  extensible,
  GraphicString,
  implicit,
  integerRange,
  leaf,
  named,
  namedBits,
  OBJECT_IDENTIFIER,
  SEQUENCE,
  SEQUENCE_OF,
  SET_OF,
  type Type,
} from '@x/ber'
import { AcseRequirement } from './codes.js'
import type { AeQualifier, ApTitle, AssociationInformation, AuthenticationValue, RelativeDistinguishedName } from './service.js'

/*
 * Module ACSE-1 of X.227 (04/95), 9.1, explicit tags. Value ranges and extension markers of Amendment 1 (10/96) are left out: X.227, 7.4
 * says what becomes of elements that nobody defined. What X.227 bis (09/98) adds is undefined here; explain names it.
 */

/** INTEGER has no range in the standard; here it goes as far as a number is exact. */
export const Int = integerRange('INTEGER', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)

/** Values of `inner` under another face, which is the one of the service. */
function mapped<T, U>(inner: Type<U>, read: (value: U) => T, write: (value: T) => U): Type<T> {
  return leaf<T>({
    name: inner.name,
    tags: inner.tags() ?? [],
    get: (reader, tag) => read(inner.codec().get(reader, tag)),
    put: (sdu, value, tag) => inner.codec().put(sdu, write(value), tag),
    as: inner as unknown as Type<T>,
    otherValues: true,
  })
}

type Attribute = RelativeDistinguishedName[number]
const AttributeTypeAndValue = SEQUENCE<Attribute>('AttributeTypeAndValue', { type: OBJECT_IDENTIFIER, value: ANY_COPY })
const Rdn = SET_OF<Attribute>(AttributeTypeAndValue, 'RelativeDistinguishedName')
const Name = SEQUENCE_OF<RelativeDistinguishedName>(Rdn, 'Name')

type Forms<One, Two> = Choice<{ form1: One; form2: Two }>

/** AP-title: form 1 a directory name, form 2 an OBJECT IDENTIFIER. Both must be understood: X.227, 10.3.1. */
export const APTitle: Type<ApTitle> = mapped<ApTitle, Forms<readonly RelativeDistinguishedName[], string>>(
  CHOICE('AP-title', { form1: Name, form2: OBJECT_IDENTIFIER }),
  title => title.value,
  title => (typeof title === 'object' ? { type: 'form1', value: title } : { type: 'form2', value: title }),
)

/** AE-qualifier: form 1 one level of a directory name, form 2 an INTEGER. */
export const AEQualifier: Type<AeQualifier> = mapped<AeQualifier, Forms<RelativeDistinguishedName, number>>(
  CHOICE('AE-qualifier', { form1: Rdn, form2: Int }),
  qualifier => qualifier.value,
  qualifier => (typeof qualifier === 'object' ? { type: 'form1', value: qualifier } : { type: 'form2', value: qualifier }),
)

/** ACSE-requirements. Bits 2 and 3 are of X.227 bis. */
export const AcseRequirements = namedBits('ACSE-requirements', AcseRequirement)

/** The protocol versions; version 1 is bit 0. */
export const ProtocolVersion = namedBits('protocol-version', { version1: 0 })

/** One EXTERNAL of user information: all three encodings, with their octets as views. */
export const AssociationData: Type<AssociationInformation> = mapped(EXTERNAL, informationOf, externalOf)

function informationOf({ directReference, indirectReference, dataValueDescriptor, encoding }: External): AssociationInformation {
  const { type } = encoding
  const octets = encoding.type === 'arbitrary' ? encoding.value.octets : encoding.value
  const information: Writable<AssociationInformation> = { encoding: type, octets }
  // One by one: gathering the rest of an object takes a fifth of the time for a whole AARQ.
  if (directReference !== undefined) information.directReference = directReference
  if (indirectReference !== undefined) information.indirectReference = indirectReference
  if (dataValueDescriptor !== undefined) information.dataValueDescriptor = dataValueDescriptor
  if (encoding.type === 'arbitrary') information.unusedBits = 8 * octets.length - encoding.value.size
  return information
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function externalOf(information: AssociationInformation): External {
  const { directReference, indirectReference, dataValueDescriptor, octets } = information
  const type = information.encoding ?? 'single-ASN1-type'
  return {
    ...(directReference !== undefined && { directReference }),
    ...(indirectReference !== undefined && { indirectReference }),
    ...(dataValueDescriptor !== undefined && { dataValueDescriptor }),
    encoding:
      type === 'arbitrary' ? { type, value: { octets, size: 8 * octets.length - (information.unusedBits ?? 0) } } : { type, value: octets },
  }
}

type Other = Extract<AuthenticationValue, { readonly type: 'other' }>['value']

/** Authentication-value. X.227, 9.1. */
export const AuthenticationValueType: Type<AuthenticationValue> = CHOICE<AuthenticationValue>('Authentication-value', {
  charstring: implicit(0, GraphicString),
  bitstring: implicit(1, BIT_STRING),
  external: implicit(2, AssociationData),
  other: implicit(
    3,
    SEQUENCE<Other>('', {
      mechanismName: named(OBJECT_IDENTIFIER, 'other-mechanism-name'),
      value: named(ANY_COPY, 'other-mechanism-value'),
    }),
  ),
})

const Oids = SEQUENCE_OF(OBJECT_IDENTIFIER)
const Externals = SEQUENCE_OF(AssociationData, 'Association-information')

/** A-ASSOCIATE-REQUEST. X.227, 9.1. */
export interface AARQ {
  /** DEFAULT version 1; kept apart from its absence so that what was received is encoded again as it was. */
  protocolVersion?: BitString
  applicationContextName: string
  calledApTitle?: ApTitle
  calledAeQualifier?: AeQualifier
  calledApInvocationIdentifier?: number
  calledAeInvocationIdentifier?: number
  callingApTitle?: ApTitle
  callingAeQualifier?: AeQualifier
  callingApInvocationIdentifier?: number
  callingAeInvocationIdentifier?: number
  /** Absent: only the kernel. */
  senderAcseRequirements?: BitString
  mechanismName?: string
  callingAuthenticationValue?: AuthenticationValue
  applicationContextNameList?: readonly string[]
  implementationInformation?: string
  userInformation?: readonly AssociationInformation[]
}
/** A-ASSOCIATE-REQUEST. Undefined elements are ignored: X.227, 7.4. */
export const AARQ: Type<AARQ> = extensible(
  SEQUENCE<AARQ>('AARQ-apdu', {
    protocolVersion: implicit(0, ProtocolVersion, 'protocol-version').optional(),
    applicationContextName: explicit(1, OBJECT_IDENTIFIER, 'application-context-name'),
    calledApTitle: explicit(2, APTitle, 'called-AP-title').optional(),
    calledAeQualifier: explicit(3, AEQualifier, 'called-AE-qualifier').optional(),
    calledApInvocationIdentifier: explicit(4, Int, 'called-AP-invocation-identifier').optional(),
    calledAeInvocationIdentifier: explicit(5, Int, 'called-AE-invocation-identifier').optional(),
    callingApTitle: explicit(6, APTitle, 'calling-AP-title').optional(),
    callingAeQualifier: explicit(7, AEQualifier, 'calling-AE-qualifier').optional(),
    callingApInvocationIdentifier: explicit(8, Int, 'calling-AP-invocation-identifier').optional(),
    callingAeInvocationIdentifier: explicit(9, Int, 'calling-AE-invocation-identifier').optional(),
    senderAcseRequirements: implicit(10, AcseRequirements, 'sender-acse-requirements').optional(),
    mechanismName: implicit(11, OBJECT_IDENTIFIER, 'mechanism-name').optional(),
    callingAuthenticationValue: explicit(12, AuthenticationValueType, 'calling-authentication-value').optional(),
    applicationContextNameList: implicit(13, Oids, 'application-context-name-list').optional(),
    implementationInformation: implicit(29, GraphicString, 'implementation-information').optional(),
    userInformation: implicit(30, Externals, 'user-information').optional(),
  }),
)

/** Associate-source-diagnostic. X.227, 9.1. */
export type AssociateSourceDiagnostic = Choice<{ 'acse-service-user': number; 'acse-service-provider': number }>
const AssociateSourceDiagnostic = CHOICE<AssociateSourceDiagnostic>('Associate-source-diagnostic', {
  'acse-service-user': explicit(1, Int),
  'acse-service-provider': explicit(2, Int),
})

/** A-ASSOCIATE-RESPONSE. X.227, 9.1. */
export interface AARE {
  protocolVersion?: BitString
  applicationContextName: string
  /** Associate-result. */
  result: number
  resultSourceDiagnostic: AssociateSourceDiagnostic
  respondingApTitle?: ApTitle
  respondingAeQualifier?: AeQualifier
  respondingApInvocationIdentifier?: number
  respondingAeInvocationIdentifier?: number
  responderAcseRequirements?: BitString
  mechanismName?: string
  respondingAuthenticationValue?: AuthenticationValue
  applicationContextNameList?: readonly string[]
  implementationInformation?: string
  userInformation?: readonly AssociationInformation[]
}
/** A-ASSOCIATE-RESPONSE. */
export const AARE: Type<AARE> = SEQUENCE<AARE>('AARE-apdu', {
  protocolVersion: implicit(0, ProtocolVersion, 'protocol-version').optional(),
  applicationContextName: explicit(1, OBJECT_IDENTIFIER, 'application-context-name'),
  result: explicit(2, Int),
  resultSourceDiagnostic: explicit(3, AssociateSourceDiagnostic, 'result-source-diagnostic'),
  respondingApTitle: explicit(4, APTitle, 'responding-AP-title').optional(),
  respondingAeQualifier: explicit(5, AEQualifier, 'responding-AE-qualifier').optional(),
  respondingApInvocationIdentifier: explicit(6, Int, 'responding-AP-invocation-identifier').optional(),
  respondingAeInvocationIdentifier: explicit(7, Int, 'responding-AE-invocation-identifier').optional(),
  responderAcseRequirements: implicit(8, AcseRequirements, 'responder-acse-requirements').optional(),
  mechanismName: implicit(9, OBJECT_IDENTIFIER, 'mechanism-name').optional(),
  respondingAuthenticationValue: explicit(10, AuthenticationValueType, 'responding-authentication-value').optional(),
  applicationContextNameList: implicit(11, Oids, 'application-context-name-list').optional(),
  implementationInformation: implicit(29, GraphicString, 'implementation-information').optional(),
  userInformation: implicit(30, Externals, 'user-information').optional(),
})

/** A-RELEASE-REQUEST. X.227, 9.1. */
export interface RLRQ {
  /** Release-request-reason. */
  reason?: number
  userInformation?: readonly AssociationInformation[]
}
/** A-RELEASE-REQUEST. */
export const RLRQ: Type<RLRQ> = releaseApdu('RLRQ-apdu')

/** A-RELEASE-RESPONSE. X.227, 9.1. */
export interface RLRE {
  /** Release-response-reason; the result is P-RELEASE's. */
  reason?: number
  userInformation?: readonly AssociationInformation[]
}
/** A-RELEASE-RESPONSE. */
export const RLRE: Type<RLRE> = releaseApdu('RLRE-apdu')

function releaseApdu(name: string): Type<RLRQ> {
  return SEQUENCE<RLRQ>(name, {
    reason: implicit(0, Int).optional(),
    userInformation: implicit(30, Externals, 'user-information').optional(),
  })
}

/** A-ABORT. X.227, 9.1. */
export interface ABRT {
  /** ABRT-source. */
  abortSource: number
  /** ABRT-diagnostic, ENUMERATED; under its tag the octets are those of an INTEGER. */
  abortDiagnostic?: number
  userInformation?: readonly AssociationInformation[]
}
/** A-ABORT. */
export const ABRT: Type<ABRT> = SEQUENCE<ABRT>('ABRT-apdu', {
  abortSource: implicit(0, Int, 'abort-source'),
  abortDiagnostic: implicit(1, Int, 'abort-diagnostic').optional(),
  userInformation: implicit(30, Externals, 'user-information').optional(),
})

/** The five APDUs by name. */
export interface Apdus {
  AARQ: AARQ
  AARE: AARE
  RLRQ: RLRQ
  RLRE: RLRE
  ABRT: ABRT
}
/** One of the five APDUs. */
export type Apdu = Choice<Apdus>

/** ACSE-apdu. X.227, 9.1. Undefined elements are an error, except in an AARQ. */
export const ACSEApdu: Type<Apdu> = CHOICE<Apdu>('ACSE-apdu', {
  AARQ: application(0, AARQ),
  AARE: application(1, AARE),
  RLRQ: application(2, RLRQ),
  RLRE: application(3, RLRE),
  ABRT: application(4, ABRT),
})

/** The same, with undefined elements ignored in all five. */
export const LaxACSEApdu: Type<Apdu> = CHOICE<Apdu>('ACSE-apdu', {
  AARQ: application(0, AARQ),
  AARE: application(1, extensible(AARE)),
  RLRQ: application(2, extensible(RLRQ)),
  RLRE: application(3, extensible(RLRE)),
  ABRT: application(4, extensible(ABRT)),
})
