import { type BitString, bitAt, decode, encode } from '@x/ber'
import { DecodeError, EncodeError } from '@x/core'
import { type AARE, type AARQ, type ABRT, ACSEApdu, type Apdu, LaxACSEApdu, type RLRQ } from './asn1.js'
import { AcseRequirement, UserDiagnostic } from './codes.js'
import { defined } from './defined.js'
import type { FunctionalUnit } from './options.js'
import type { ApplicationEntity, AssociationInformation, Authentication } from './service.js'

/** How `decodeApdu` reads. */
export interface ApduOptions {
  /** Ignores undefined elements in all APDUs, not only in an AARQ. @default false: X.227, 7.4 */
  readonly undefinedElements?: boolean
}

/** APDUs of X.227 bis (09/98): named in errors, never taken. */
const laterApdus: Readonly<Record<number, string>> = { 101: 'A-DT', 102: 'ACRQ', 103: 'ACRP' }

/**
 * Reads one APDU. X.227, 9.
 *
 * @param octets the whole APDU and nothing else; octets of user information in the result are views into it
 * @throws DecodeError BER_…, ACSE_LATER_EDITION – with offset and path; the text never holds an authentication value
 */
export function decodeApdu(octets: Uint8Array, options: ApduOptions = {}): Apdu {
  const later = laterApdus[octets[0] ?? 0]
  if (later !== undefined) {
    throw new DecodeError('acse', 'ACSE_LATER_EDITION', `expected an APDU of X.227, found ${later}, which only X.227 bis has, at octet 0`)
  }
  try {
    return decode(options.undefinedElements ? LaxACSEApdu : ACSEApdu, octets, { layer: 'acse' })
  } catch (error) {
    throw discreet(error)
  }
}

/** Writes one APDU. @throws EncodeError BER_… with the path; the text never holds an authentication value */
export function encodeApdu(apdu: Apdu): Uint8Array {
  try {
    return encode(ACSEApdu, apdu)
  } catch (error) {
    throw discreet(error)
  }
}

/** What an AARQ is made of; the members of an A-ASSOCIATE request that travel in it. X.227, 7.1.4. */
export interface AssociateRequestFields {
  /** Dotted object identifier. */
  readonly applicationContextName: string
  /** Asks for the application context negotiation functional unit. */
  readonly applicationContextNameList?: readonly string[] | undefined
  readonly calling?: ApplicationEntity | undefined
  readonly called?: ApplicationEntity | undefined
  /** Asks for the authentication functional unit. */
  readonly authentication?: Authentication | undefined
  readonly implementationInformation?: string | undefined
  readonly userInformation?: readonly AssociationInformation[] | undefined
  /** @default absent: version 1 */
  readonly protocolVersion?: BitString | undefined
}

/** An AARQ of fields named as in the service. @throws EncodeError */
export function buildAARQ(fields: AssociateRequestFields): Uint8Array {
  const { calling, called, authentication } = fields
  const value: AARQ = defined<AARQ>({
    protocolVersion: fields.protocolVersion,
    applicationContextName: fields.applicationContextName,
    calledApTitle: called?.apTitle,
    calledAeQualifier: called?.aeQualifier,
    calledApInvocationIdentifier: called?.apInvocationIdentifier,
    calledAeInvocationIdentifier: called?.aeInvocationIdentifier,
    callingApTitle: calling?.apTitle,
    callingAeQualifier: calling?.aeQualifier,
    callingApInvocationIdentifier: calling?.apInvocationIdentifier,
    callingAeInvocationIdentifier: calling?.aeInvocationIdentifier,
    senderAcseRequirements: requirementBits({
      authentication: authentication !== undefined,
      'application-context-negotiation': fields.applicationContextNameList !== undefined,
    }),
    mechanismName: authentication?.mechanismName,
    callingAuthenticationValue: authentication?.authenticationValue,
    applicationContextNameList: fields.applicationContextNameList,
    implementationInformation: fields.implementationInformation,
    userInformation: someOf(fields.userInformation),
  })
  return encodeApdu({ type: 'AARQ', value })
}

/** What an AARE is made of. X.227, 7.1.5. */
export interface AssociateResponseFields {
  /** Associate-result. */
  readonly result: number
  /** @default 'acse-service-user' */
  readonly source?: 'acse-service-user' | 'acse-service-provider' | undefined
  /** Associate-source-diagnostic of that source. @default 0, null */
  readonly diagnostic?: number | undefined
  readonly applicationContextName: string
  readonly applicationContextNameList?: readonly string[] | undefined
  readonly responding?: ApplicationEntity | undefined
  /** Functional units agreed to. @default those that the fields `authentication` and `applicationContextNameList` belong to */
  readonly functionalUnits?: readonly FunctionalUnit[] | undefined
  readonly authentication?: Authentication | undefined
  readonly implementationInformation?: string | undefined
  readonly userInformation?: readonly AssociationInformation[] | undefined
  /** @default absent: version 1 */
  readonly protocolVersion?: BitString | undefined
}

/** An AARE of fields named as in the service. @throws EncodeError */
export function buildAARE(fields: AssociateResponseFields): Uint8Array {
  const { responding, authentication, functionalUnits: units } = fields
  const value: AARE = defined<AARE>({
    protocolVersion: fields.protocolVersion,
    applicationContextName: fields.applicationContextName,
    result: fields.result,
    resultSourceDiagnostic: { type: fields.source ?? 'acse-service-user', value: fields.diagnostic ?? UserDiagnostic.null },
    respondingApTitle: responding?.apTitle,
    respondingAeQualifier: responding?.aeQualifier,
    respondingApInvocationIdentifier: responding?.apInvocationIdentifier,
    respondingAeInvocationIdentifier: responding?.aeInvocationIdentifier,
    responderAcseRequirements: requirementBits({
      authentication: units ? units.includes('authentication') : authentication !== undefined,
      'application-context-negotiation': units
        ? units.includes('application-context-negotiation')
        : fields.applicationContextNameList !== undefined,
    }),
    mechanismName: authentication?.mechanismName,
    respondingAuthenticationValue: authentication?.authenticationValue,
    applicationContextNameList: fields.applicationContextNameList,
    implementationInformation: fields.implementationInformation,
    userInformation: someOf(fields.userInformation),
  })
  return encodeApdu({ type: 'AARE', value })
}

/** What an RLRQ or RLRE is made of. X.227, 7.2. */
export interface ReleaseFields {
  /** @default absent */
  readonly reason?: number | undefined
  readonly userInformation?: readonly AssociationInformation[] | undefined
}

/** An RLRQ. @throws EncodeError */
export function buildRLRQ(fields: ReleaseFields = {}): Uint8Array {
  return encodeApdu({ type: 'RLRQ', value: defined<RLRQ>({ reason: fields.reason, userInformation: someOf(fields.userInformation) }) })
}

/** An RLRE. @throws EncodeError */
export function buildRLRE(fields: ReleaseFields = {}): Uint8Array {
  return encodeApdu({ type: 'RLRE', value: defined<RLRQ>({ reason: fields.reason, userInformation: someOf(fields.userInformation) }) })
}

/** What an ABRT is made of. X.227, 7.3. */
export interface AbortFields {
  /** ABRT-source. @default 0, the user */
  readonly abortSource?: number | undefined
  /** ABRT-diagnostic. Not with the kernel alone. @default absent */
  readonly diagnostic?: number | undefined
  readonly userInformation?: readonly AssociationInformation[] | undefined
}

/** An ABRT. @throws EncodeError */
export function buildABRT(fields: AbortFields = {}): Uint8Array {
  const { abortSource = 0, diagnostic } = fields
  const value = defined<ABRT>({ abortSource, abortDiagnostic: diagnostic, userInformation: someOf(fields.userInformation) })
  return encodeApdu({ type: 'ABRT', value })
}

/** Bits that are asked for, in as few bits as they take; undefined for none: the field is left out with the kernel alone. */
function requirementBits(units: Readonly<Record<FunctionalUnit, boolean>>): BitString | undefined {
  const negotiation = units['application-context-negotiation']
  if (!units.authentication && !negotiation) return undefined
  return { octets: Uint8Array.of((units.authentication ? 0x80 : 0) | (negotiation ? 0x40 : 0)), size: negotiation ? 2 : 1 }
}

/** Whether the field names the unit. Decided bit by bit: peers send bit strings longer than needed. */
export function requires(requirements: BitString | undefined, unit: FunctionalUnit): boolean {
  const bit = unit === 'authentication' ? AcseRequirement.authentication : AcseRequirement.applicationContextNegotiation
  return requirements !== undefined && bitAt(requirements, bit)
}

/** The lowest bit that is set and not below `known`; undefined: none. */
export function unknownBit(bits: BitString | undefined, known: number): number | undefined {
  for (let bit = known; bits !== undefined && bit < bits.size; bit++) if (bitAt(bits, bit)) return bit
  return undefined
}

/** Four fields of an AARQ or AARE as the entity they name. */
export function entityOf(
  apTitle: ApplicationEntity['apTitle'],
  aeQualifier: ApplicationEntity['aeQualifier'],
  apInvocationIdentifier: number | undefined,
  aeInvocationIdentifier: number | undefined,
): ApplicationEntity {
  return defined<ApplicationEntity>({ apTitle, aeQualifier, apInvocationIdentifier, aeInvocationIdentifier })
}

/** An empty list is left out: Amendment 1 wants one EXTERNAL or no field. */
function someOf<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list && list.length > 0 ? list : undefined
}

/** Errors about an authentication value keep code, path and place; the text, which may quote the value, is replaced. */
function discreet(error: unknown): unknown {
  if (!(error instanceof DecodeError || error instanceof EncodeError) || !error.path.includes('authentication-value')) return error
  if (error instanceof EncodeError) {
    return new EncodeError(error.layer, error.code, 'expected an authentication value that has an encoding', { path: error.path })
  }
  const { offset, path } = error
  return new DecodeError(error.layer, error.code, `the authentication value is no valid encoding, at octet ${offset}`, { offset, path })
}
