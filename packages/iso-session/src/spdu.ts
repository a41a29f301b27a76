import {
  digits,
  flags,
  flags16,
  group,
  mandatory,
  octet,
  octets,
  type Parameters,
  type ParameterTable,
  type Reason,
  reason,
  sizes,
  type TsduMaximumSize,
  userData,
} from './parameters.js'
import {
  DataOverflow,
  Enclosure,
  ExceptionReason,
  FunctionalUnit,
  nameOf,
  PrepareType,
  ProtocolOption,
  RefuseReason,
  Token,
  TransportDisconnect,
  tokenSettingOf,
  Version,
} from './values.js'

/** An SPDU as its table in X.225, 8.3 has it. What the table does not hold stands in `unknown`. */
export interface SpduFormat {
  /** The standard's abbreviation: the `type` of the decoded object. */
  readonly type: string
  readonly title: string
  readonly si: number
  /** X.225, 6.3.7: 0 alone or first, 1 alone, 2 never alone. EX has none: it travels on the expedited flow. */
  readonly category: 0 | 1 | 2 | 'expedited'
  readonly clause: string
  readonly parameters: ParameterTable
  /** Octets behind the parameters, which LI does not count. */
  readonly userInformation: boolean
}

/** A PI or PGI unit that was skipped, as X.225, 8.2.6 wants, and kept. */
export interface UnknownParameter {
  readonly code: number
  /** The value: a view. */
  readonly octets: Uint8Array
  /** The PGI it stood in; absent: directly in the SPDU. */
  readonly in?: number
}

interface Skipped {
  /** Units that the table of the SPDU does not hold, in the order of the wire. Encoded again where their codes belong. */
  readonly unknown?: readonly UnknownParameter[]
}

/** What the type of an SPDU declares beside its parameters. */
type Parameterless = 'type' | 'unknown' | 'userInformation'

/** Declares an SPDU: the table is checked against the type, member by member. */
export function spdu<T extends { readonly type: string }>(
  type: T['type'],
  title: string,
  si: number,
  category: SpduFormat['category'],
  clause: string,
  parameters: Parameters<Omit<T, Parameterless>>,
  more: { readonly userInformation?: true } = {},
): SpduFormat {
  return { type, title, si, category, clause, parameters: parameters as ParameterTable, userInformation: more.userInformation ?? false }
}

/** PGI 1 of CN. No effect on the protocol. */
export interface CallingConnectionIdentifier {
  /** Up to 64 octets. */
  readonly callingSsUserReference?: Uint8Array
  /** Up to 64 octets. */
  readonly commonReference?: Uint8Array
  /** Up to 4 octets. */
  readonly additionalReferenceInformation?: Uint8Array
}

/** PGI 1 of AC and RF. */
export interface CalledConnectionIdentifier {
  /** Up to 64 octets. */
  readonly calledSsUserReference?: Uint8Array
  /** Up to 64 octets. */
  readonly commonReference?: Uint8Array
  /** Up to 4 octets. */
  readonly additionalReferenceInformation?: Uint8Array
}

/** PGI 5. Every member has a default, also the two that the table calls mandatory (X.225, 8.3.1.7, 8.3.1.9). */
export interface ConnectAcceptItem {
  /** Bits of `ProtocolOption`. @default 0 */
  readonly protocolOptions?: number
  /** Absent: no limit either way. */
  readonly tsduMaximumSize?: TsduMaximumSize
  /** Bits of `Version`. @default version 1 alone */
  readonly versionNumber?: number
  readonly initialSerialNumber?: number
  /** See `tokenSettingOf`. @default 0, all tokens at the initiator */
  readonly tokenSetting?: number
  readonly secondInitialSerialNumber?: number
  readonly upperLimitSerialNumber?: number
  readonly largeInitialSerialNumber?: number
  readonly largeSecondInitialSerialNumber?: number
}

const callingConnectionIdentifier = group<CallingConnectionIdentifier>(1, {
  callingSsUserReference: octets(10, 64),
  commonReference: octets(11, 64),
  additionalReferenceInformation: octets(12, 4),
})
const calledConnectionIdentifier = group<CalledConnectionIdentifier>(1, {
  calledSsUserReference: octets(9, 64),
  commonReference: octets(11, 64),
  additionalReferenceInformation: octets(12, 4),
})
const connectAcceptItem = group<ConnectAcceptItem>(5, {
  protocolOptions: flags(19, ProtocolOption),
  tsduMaximumSize: sizes(21),
  versionNumber: flags(22, Version),
  initialSerialNumber: digits(23),
  tokenSetting: octet(26, showTokenSetting),
  secondInitialSerialNumber: digits(55),
  upperLimitSerialNumber: digits(56),
  largeInitialSerialNumber: digits(57),
  largeSecondInitialSerialNumber: digits(58),
})
const enclosureItem = flags(25, Enclosure)
const tokenItem = flags(16, Token)

/** CONNECT. X.225, 8.3.1, Table 11. */
export interface CN extends Skipped {
  readonly type: 'CN'
  readonly connectionIdentifier?: CallingConnectionIdentifier
  readonly connectAcceptItem?: ConnectAcceptItem
  /** Bits of `FunctionalUnit`. @default `absentRequirements`: half-duplex, not duplex */
  readonly sessionUserRequirements?: number
  /** Up to 16 octets. */
  readonly callingSessionSelector?: Uint8Array
  /** Up to 16 octets. */
  readonly calledSessionSelector?: Uint8Array
  /** Bits of `DataOverflow`. */
  readonly dataOverflow?: number
  /** Up to 512 octets; never together with `extendedUserData`. */
  readonly userData?: Uint8Array
  /** 513 to 10 240 octets, only when version 1 is not proposed. */
  readonly extendedUserData?: Uint8Array
}
export const CN = spdu<CN>('CN', 'CONNECT', 13, 1, '8.3.1', {
  connectionIdentifier: callingConnectionIdentifier,
  connectAcceptItem,
  sessionUserRequirements: flags16(20, FunctionalUnit),
  callingSessionSelector: octets(51, 16),
  calledSessionSelector: octets(52, 16),
  dataOverflow: flags(60, DataOverflow),
  userData: userData(193, 512),
  extendedUserData: userData(194, 10_240),
})

/** OVERFLOW ACCEPT. X.225, 8.3.2, Table 12. */
export interface OA extends Skipped {
  readonly type: 'OA'
  readonly tsduMaximumSize?: TsduMaximumSize
  readonly versionNumber: number
}
export const OA = spdu<OA>('OA', 'OVERFLOW ACCEPT', 16, 1, '8.3.2', {
  tsduMaximumSize: sizes(21),
  versionNumber: mandatory(flags(22, Version)),
})

/** CONNECT DATA OVERFLOW. X.225, 8.3.3, Table 13. */
export interface CDO extends Skipped {
  readonly type: 'CDO'
  readonly enclosureItem: number
  readonly userData?: Uint8Array
}
export const CDO = spdu<CDO>('CDO', 'CONNECT DATA OVERFLOW', 15, 1, '8.3.3', {
  enclosureItem: mandatory(enclosureItem),
  userData: userData(193, 65_528),
})

/** ACCEPT. X.225, 8.3.4, Table 14. It has no extended user data. */
export interface AC extends Skipped {
  readonly type: 'AC'
  readonly connectionIdentifier?: CalledConnectionIdentifier
  readonly connectAcceptItem?: ConnectAcceptItem
  /** Tokens asked for, bits of `Token`. */
  readonly tokenItem?: number
  /** Bits of `FunctionalUnit`. @default `absentRequirements` */
  readonly sessionUserRequirements?: number
  readonly enclosureItem?: number
  /** Up to 16 octets. */
  readonly callingSessionSelector?: Uint8Array
  /** Up to 16 octets. */
  readonly respondingSessionSelector?: Uint8Array
  readonly userData?: Uint8Array
}
export const AC = spdu<AC>('AC', 'ACCEPT', 14, 1, '8.3.4', {
  connectionIdentifier: calledConnectionIdentifier,
  connectAcceptItem,
  tokenItem,
  sessionUserRequirements: flags16(20, FunctionalUnit),
  enclosureItem,
  callingSessionSelector: octets(51, 16),
  respondingSessionSelector: octets(52, 16),
  userData: userData(193),
})

/** REFUSE. X.225, 8.3.5, Table 15. There is no PGI 193: user data stands behind the reason code. */
export interface RF extends Skipped {
  readonly type: 'RF'
  readonly connectionIdentifier?: CalledConnectionIdentifier
  /** Bits of `TransportDisconnect`. @default released */
  readonly transportDisconnect?: number
  /** Only with reason 2. */
  readonly sessionUserRequirements?: number
  /** The versions that the sender has. */
  readonly versionNumber?: number
  readonly enclosureItem?: number
  readonly reasonCode?: Reason
}
export const RF = spdu<RF>('RF', 'REFUSE', 12, 1, '8.3.5', {
  connectionIdentifier: calledConnectionIdentifier,
  transportDisconnect: flags(17, TransportDisconnect),
  sessionUserRequirements: flags16(20, FunctionalUnit),
  versionNumber: flags(22, Version),
  enclosureItem,
  reasonCode: reason(50, RefuseReason),
})

/** FINISH. X.225, 8.3.6, Table 16. */
export interface FN extends Skipped {
  readonly type: 'FN'
  /** Bits of `TransportDisconnect`. @default released */
  readonly transportDisconnect?: number
  readonly enclosureItem?: number
  readonly userData?: Uint8Array
}
export const FN = spdu<FN>('FN', 'FINISH', 9, 1, '8.3.6', {
  transportDisconnect: flags(17, TransportDisconnect),
  enclosureItem,
  userData: userData(193),
})

/** DISCONNECT. X.225, 8.3.7, Table 17. */
export interface DN extends Skipped {
  readonly type: 'DN'
  readonly enclosureItem?: number
  readonly userData?: Uint8Array
}
export const DN = spdu<DN>('DN', 'DISCONNECT', 10, 1, '8.3.7', { enclosureItem, userData: userData(193) })

/** NOT FINISHED. X.225, 8.3.8, Table 18. */
export interface NF extends Skipped {
  readonly type: 'NF'
  readonly enclosureItem?: number
  readonly userData?: Uint8Array
}
export const NF = spdu<NF>('NF', 'NOT FINISHED', 8, 1, '8.3.8', { enclosureItem, userData: userData(193) })

/** ABORT. X.225, 8.3.9, Table 19. */
export interface AB extends Skipped {
  readonly type: 'AB'
  /** Bits of `TransportDisconnect`. Mandatory in the standard; one peer leaves it out. */
  readonly transportDisconnect?: number
  readonly enclosureItem?: number
  /** Only with a protocol error. Up to 9 octets of the sender's own choice. */
  readonly reflectParameterValues?: Uint8Array
  /** Only with a user abort. */
  readonly userData?: Uint8Array
}
export const AB = spdu<AB>('AB', 'ABORT', 25, 1, '8.3.9', {
  transportDisconnect: mandatory(flags(17, TransportDisconnect)),
  enclosureItem,
  reflectParameterValues: octets(49, 9),
  userData: userData(193),
})

/** ABORT ACCEPT. X.225, 8.3.10. */
export interface AA extends Skipped {
  readonly type: 'AA'
}
export const AA = spdu<AA>('AA', 'ABORT ACCEPT', 26, 1, '8.3.10', {})

/** DATA TRANSFER. X.225, 8.3.11, Table 20. */
export interface DT extends Skipped {
  readonly type: 'DT'
  /** Bits of `Enclosure`; only when a maximum TSDU size is selected. */
  readonly enclosureItem?: number
  /** The SSDU or a segment of it: a view. */
  readonly userInformation: Uint8Array
}
export const DT = spdu<DT>('DT', 'DATA TRANSFER', 1, 2, '8.3.11', { enclosureItem }, { userInformation: true })

/** EXPEDITED. X.225, 8.3.12, Table 21. */
export interface EX extends Skipped {
  readonly type: 'EX'
  /** Up to 14 octets. */
  readonly userInformation: Uint8Array
}
export const EX = spdu<EX>('EX', 'EXPEDITED', 5, 'expedited', '8.3.12', {}, { userInformation: true })

/** TYPED DATA. X.225, 8.3.13, Table 22. */
export interface TD extends Skipped {
  readonly type: 'TD'
  readonly enclosureItem?: number
  readonly userInformation: Uint8Array
}
export const TD = spdu<TD>('TD', 'TYPED DATA', 33, 1, '8.3.13', { enclosureItem }, { userInformation: true })

/** GIVE TOKENS. Without `tokenItem` it is no event and only introduces a concatenation. X.225, 8.3.16. */
export interface GT extends Skipped {
  readonly type: 'GT'
  readonly tokenItem?: number
  readonly enclosureItem?: number
  readonly userData?: Uint8Array
}
export const GT = spdu<GT>('GT', 'GIVE TOKENS', 1, 0, '8.3.16', { tokenItem, enclosureItem, userData: userData(193) })

/** PLEASE TOKENS. X.225, 8.3.17. */
export interface PT extends Skipped {
  readonly type: 'PT'
  readonly tokenItem?: number
  readonly enclosureItem?: number
  readonly userData?: Uint8Array
}
export const PT = spdu<PT>('PT', 'PLEASE TOKENS', 2, 0, '8.3.17', { tokenItem, enclosureItem, userData: userData(193) })

/** PREPARE. X.225, 8.3.26. Only on the expedited flow. */
export interface PR extends Skipped {
  readonly type: 'PR'
  /** One of `PrepareType`. */
  readonly prepareType: number
  readonly resyncType?: number
  readonly secondResyncType?: number
}
export const PR = spdu<PR>('PR', 'PREPARE', 7, 1, '8.3.26', {
  prepareType: mandatory(octet(24, value => nameOf(value, PrepareType))),
  resyncType: octet(27),
  secondResyncType: octet(53),
})

/** EXCEPTION REPORT. X.225, 8.3.27. */
export interface ER extends Skipped {
  readonly type: 'ER'
  /** The SPDU in error, up to the error. */
  readonly reflectParameterValues: Uint8Array
}
export const ER = spdu<ER>('ER', 'EXCEPTION REPORT', 0, 2, '8.3.27', { reflectParameterValues: mandatory(userData(49)) })

/** EXCEPTION DATA. X.225, 8.3.28. */
export interface ED extends Skipped {
  readonly type: 'ED'
  readonly enclosureItem?: number
  /** One of `ExceptionReason`. */
  readonly reasonCode: Reason
  readonly userData?: Uint8Array
}
export const ED = spdu<ED>('ED', 'EXCEPTION DATA', 48, 2, '8.3.28', {
  enclosureItem,
  reasonCode: mandatory(reason(50, ExceptionReason)),
  userData: userData(193),
})

/** The SPDUs of kernel, duplex, half-duplex, typed data, expedited data, negotiated release and exceptions. */
export type KernelSpdu = CN | OA | CDO | AC | RF | FN | DN | NF | AB | AA | DT | EX | TD | GT | PT | PR | ER | ED
export const kernelSpdus: readonly SpduFormat[] = [CN, OA, CDO, AC, RF, FN, DN, NF, AB, AA, DT, EX, TD, GT, PT, PR, ER, ED]

function showTokenSetting(value: number): string {
  return Object.entries(tokenSettingOf(value))
    .map(([token, place]) => `${token}: ${place}`)
    .join(', ')
}
