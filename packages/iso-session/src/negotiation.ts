import { EncodeError } from '@x/core'
import { invalid, type Spdu } from './codec.js'
import type { Settings } from './options.js'
import type { AC, CN } from './spdu.js'
import { absentRequirements, Enclosure, FunctionalUnit, namesOf, Token, Version } from './values.js'

const { duplex, halfDuplex, negotiatedRelease } = FunctionalUnit
const half = halfDuplex | duplex
const allTokens = Token.data | Token.synchronizeMinor | Token.majorActivity | Token.release
export const nothing = new Uint8Array(0)

/** The highest version that both name, or undefined. X.225, 5.8.5. */
export function highestVersion(proposed: number, ours: number): 1 | 2 | undefined {
  const common = proposed & ours
  if (common & Version.version2) return 2
  return common & Version.version1 ? 1 : undefined
}

/** The bit of PI 22 for a version. */
export function versionBit(version: 1 | 2): number {
  return version === 2 ? Version.version2 : Version.version1
}

/** Functional units that a CN or AC names. X.225, 8.3.1.16. */
export function requirementsOf(spdu: CN | AC): number {
  return spdu.sessionUserRequirements ?? absentRequirements
}

function versionsOf(spdu: CN | AC): number {
  return spdu.connectAcceptItem?.versionNumber ?? Version.version1
}

/** User data of a CN, from PGI 193 or 194; empty when there is none. */
export function userDataOf(cn: CN): Uint8Array {
  return cn.userData ?? cn.extendedUserData ?? nothing
}

/** The rules on the content of a CN that make it an invalid SPDU. @throws DecodeError */
export function checkCN(cn: CN): void {
  const versions = versionsOf(cn)
  if (cn.userData && cn.extendedUserData) {
    throw invalid('SESSION_USER_DATA', 'CN: expected user data or extended user data, found both', 0, 'CN', '8.3.1.20')
  }
  if (versions & Version.version1 && (cn.extendedUserData || cn.dataOverflow !== undefined)) {
    throw invalid('SESSION_USER_DATA', 'CN: proposes version 1, yet has extended user data or overflow', 0, 'CN', '8.3.1.21')
  }
  if ((requirementsOf(cn) & half) === 0) {
    throw invalid('SESSION_REQUIREMENTS', 'CN: expected half-duplex or duplex, found neither', 0, 'CN.sessionUserRequirements', '7.1.1')
  }
}

/** The version that an acceptance of this CN will use, or undefined: refused with 132. X.225, 5.8.5. */
export function versionFor(cn: CN, ours: Settings): 1 | 2 | undefined {
  return highestVersion(versionsOf(cn), ours.versions)
}

/** Whether this CN asks for what we do not have: duplex left out, a reserved place for a token, more user data than we take, overflow. Refused with 134. */
export function exceedsUs(cn: CN, ours: Settings): boolean {
  const selected = requirementsOf(cn) & ours.functionalUnits
  if ((selected & duplex) === 0) return true
  if (selected & negotiatedRelease && releasePlace(cn) === 3) return true
  return cn.dataOverflow !== undefined || (cn.userData?.length ?? 0) > 512 || userDataOf(cn).length > ours.maxUserData
}

/** Where the CN puts the release token: 0 initiator, 1 responder, 2 the called user's choice. X.225, 8.3.1.11. */
export function releasePlace(cn: CN): number {
  return ((cn.connectAcceptItem?.tokenSetting ?? 0) >> 6) & 3
}

/** What an AC settles. @throws DecodeError when it answers something that was not asked */
export function settleAC(
  ac: AC,
  proposed: { readonly versions: number; readonly requirements: number },
  echoedRequirements: boolean,
): { readonly version: 1 | 2; readonly requirements: number } {
  const version = highestVersion(versionsOf(ac), proposed.versions)
  if (version === undefined) {
    const text = `AC: expected one of ${namesOf(proposed.versions, Version)}, found ${namesOf(versionsOf(ac), Version).join(', ') || 'none'}`
    throw invalid('SESSION_VERSION', text, 0, 'AC.connectAcceptItem.versionNumber', '5.8.5')
  }
  const answered = requirementsOf(ac)
  if ((answered & half) === 0 && echoedRequirements) return { version, requirements: proposed.requirements }
  if ((answered & half) !== (proposed.requirements & half)) {
    const text = `AC: expected ${namesOf(proposed.requirements & half, FunctionalUnit)}, found ${namesOf(answered & half, FunctionalUnit).join(' and ') || 'neither half-duplex nor duplex'}`
    throw invalid('SESSION_REQUIREMENTS', text, 0, 'AC.sessionUserRequirements', '8.3.4.17')
  }
  return { version, requirements: proposed.requirements & answered }
}

/** The units that a request or response may name: duplex, and of the others only what is allowed. @throws EncodeError SESSION_REQUIREMENTS */
export function checkRequirements(requirements: number, allowed: number, path: string): number {
  if (requirements & duplex && (requirements & ~allowed) === 0) return requirements
  const text = `${path}: expected duplex and nothing beside ${namesOf(allowed, FunctionalUnit).join(', ')}, found ${namesOf(requirements, FunctionalUnit).join(', ') || 'none'}`
  throw new EncodeError('session', 'SESSION_REQUIREMENTS', text, { path })
}

/** @throws EncodeError SESSION_TOKENS unless `tokens` are bits of `Token`, at least one */
export function checkTokens(tokens: number, path: string): void {
  if (tokens > 0 && (tokens & ~allTokens) === 0) return
  const text = `${path}: expected at least one token, found ${namesOf(tokens, Token).join(', ') || 'none'}`
  throw new EncodeError('session', 'SESSION_TOKENS', text, { path: `${path}.tokenItem` })
}

/** Most user data of an SPDU we send, in octets. Version 2: what LI can count. X.225, Table D.1. */
export function userDataLimit(type: 'CN' | 'AC' | 'RF' | 'FN' | 'DN' | 'NF' | 'AB' | 'GT' | 'PT', version: 1 | 2): number {
  if (version === 1) return type === 'GT' ? 0 : type === 'AB' ? 9 : 512
  return type === 'CN' ? 10_240 : 65_535
}

/** @throws EncodeError SESSION_USER_DATA_SIZE */
export function checkUserData(userData: Uint8Array | undefined, limit: number, path: string): void {
  if (userData === undefined || userData.length <= limit) return
  const text = `${path}: expected at most ${limit} octets of user data, found ${userData.length}`
  throw new EncodeError('session', 'SESSION_USER_DATA_SIZE', text, { path: `${path}.userData` })
}

/** A rule beyond the encoding that an SPDU breaks. */
export interface Fault {
  readonly code: string
  readonly text: string
  /** We could not, rather than the peer should not: X.225, 8.3.9.3. */
  readonly restriction: boolean
}

/** What is wrong with an SPDU that decodes: parts of a segmented SSDU, which are never agreed to, or more user data than we take. */
export function faultOf(spdu: Spdu, version: 1 | 2, ours: Settings): Fault | undefined {
  switch (spdu.type) {
    case 'DT':
      return faultOfDT(spdu.enclosureItem, spdu.userInformation, ours)
    case 'AC':
    case 'FN':
    case 'DN':
    case 'NF': {
      if (spdu.enclosureItem !== undefined) {
        const text = `${spdu.type}: a segment of its user data came, expected it whole`
        return { code: 'SESSION_SEGMENT', text, restriction: version === 2 }
      }
      const found = spdu.userData?.length ?? 0
      if (found <= ours.maxUserData) return undefined
      const text = `${spdu.type}: expected at most ${ours.maxUserData} octets of user data, found ${found}`
      return { code: 'SESSION_USER_DATA_SIZE', text, restriction: true }
    }
    default:
      return undefined
  }
}

function faultOfDT(enclosureItem: number | undefined, userInformation: Uint8Array, ours: Settings): Fault | undefined {
  const whole = Enclosure.beginning | Enclosure.end
  if (enclosureItem !== undefined && !(ours.tolerate.enclosedWholeData && (enclosureItem & whole) === whole)) {
    return { code: 'SESSION_SEGMENT', text: 'DT: an enclosure item came, yet no maximum TSDU size is selected', restriction: false }
  }
  if (userInformation.length > 0 || ours.tolerate.emptyData) return undefined
  return { code: 'SESSION_USER_DATA', text: 'DT: expected user information, found none', restriction: false }
}
