import { digits, flags, group, octet, octets, type Parameters, type Reason, reason, userData } from './parameters.js'
import { type SpduFormat, spdu, type UnknownParameter } from './spdu.js'
import { Enclosure, Token, tokenSettingOf } from './values.js'

/**
 * The SPDUs of the functional units that the machine does not have: synchronization, resynchronization, activities,
 * capability data. They are named and taken apart, then refused by X.225, A.4.1.2. One table of parameters serves all,
 * none of them mandatory: which of them belongs where is not checked.
 */
export interface UnitSpdu {
  readonly type: (typeof names)[number]
  readonly linkingInformation?: LinkingInformation
  /** Present in MAP: not the end of an activity. X.225, 8.3.22. */
  readonly syncTypeItem?: number
  readonly tokenItem?: number
  readonly enclosureItem?: number
  readonly tokenSetting?: number
  readonly resyncType?: number
  readonly activityIdentifier?: Uint8Array
  readonly serialNumber?: number
  readonly userDataInMia?: Uint8Array
  readonly reasonCode?: Reason
  readonly secondResyncType?: number
  readonly secondSerialNumber?: number
  readonly userData?: Uint8Array
  readonly unknown?: readonly UnknownParameter[]
}

/** PGI 33, of AR. */
export interface LinkingInformation {
  readonly calledSsUserReference?: Uint8Array
  readonly callingSsUserReference?: Uint8Array
  readonly commonReference?: Uint8Array
  readonly additionalReferenceInformation?: Uint8Array
  readonly activityIdentifier?: Uint8Array
  readonly serialNumber?: number
}

const parameters: Parameters<Omit<UnitSpdu, 'type' | 'unknown'>> = {
  syncTypeItem: octet(15),
  tokenItem: flags(16, Token),
  enclosureItem: flags(25, Enclosure),
  tokenSetting: octet(26, value => JSON.stringify(tokenSettingOf(value))),
  resyncType: octet(27),
  linkingInformation: group<LinkingInformation>(33, {
    calledSsUserReference: octets(9, 64),
    callingSsUserReference: octets(10, 64),
    commonReference: octets(11, 64),
    additionalReferenceInformation: octets(12, 4),
    activityIdentifier: octets(41, 6),
    serialNumber: digits(42),
  }),
  activityIdentifier: octets(41, 6),
  serialNumber: digits(42),
  userDataInMia: userData(46),
  reasonCode: reason(50, {}),
  secondResyncType: octet(53),
  secondSerialNumber: digits(54),
  userData: userData(193),
}

const names = [
  'GTC',
  'GTA',
  'AI',
  'AIA',
  'AR',
  'RA',
  'MAP',
  'AE',
  'MAA',
  'AEA',
  'AS',
  'MIP',
  'MIA',
  'RS',
  'AD',
  'ADA',
  'CD',
  'CDA',
] as const

function unit(type: UnitSpdu['type'], title: string, si: number, category: 1 | 2, clause = '8.3, Table C.1'): SpduFormat {
  return spdu<UnitSpdu>(type, title, si, category, clause, parameters)
}

/** X.225, 3.2 and Table C.1. MAP and AE, MAA and AEA share an SI: see `formatAt`. */
export const unitSpdus: readonly SpduFormat[] = [
  unit('GTC', 'GIVE TOKENS CONFIRM', 21, 1),
  unit('GTA', 'GIVE TOKENS ACK', 22, 1),
  unit('AI', 'ACTIVITY INTERRUPT', 25, 2),
  unit('AIA', 'ACTIVITY INTERRUPT ACK', 26, 2),
  unit('AR', 'ACTIVITY RESUME', 29, 2),
  unit('RA', 'RESYNCHRONIZE ACK', 34, 2),
  unit('MAP', 'MAJOR SYNC POINT', 41, 2, '8.3.22'),
  unit('AE', 'ACTIVITY END', 41, 2),
  unit('MAA', 'MAJOR SYNC ACK', 42, 2),
  unit('AEA', 'ACTIVITY END ACK', 42, 2),
  unit('AS', 'ACTIVITY START', 45, 2),
  unit('MIP', 'MINOR SYNC POINT', 49, 2),
  unit('MIA', 'MINOR SYNC ACK', 50, 2),
  unit('RS', 'RESYNCHRONIZE', 53, 2),
  unit('AD', 'ACTIVITY DISCARD', 57, 2),
  unit('ADA', 'ACTIVITY DISCARD ACK', 58, 2),
  unit('CD', 'CAPABILITY DATA', 61, 2),
  unit('CDA', 'CAPABILITY DATA ACK', 62, 2),
]
