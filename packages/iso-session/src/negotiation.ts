import { EncodeError } from '@x/core'
import { invalid } from './codec.js'
import type { SessionTolerances, Settings } from './options.js'
import type { TsduMaximumSize } from './parameters.js'
import type { AC, CN, OA } from './spdu.js'
import { leavesOpen, tokensAt, tokensOf } from './tokens.js'
import { absentRequirements, DataOverflow, FunctionalUnit, namesOf, Version } from './values.js'

const { duplex, halfDuplex } = FunctionalUnit
const half = halfDuplex | duplex
export const nothing = new Uint8Array(0)
/** Octets of user data that a CN holds; the rest goes in CDOs. X.225, 7.1.1. */
export const largestOfCN = 10_240
/** Below it a maximum TSDU size is of no use: ours, for X.225 has no minimum. */
const smallestTsdu = 64

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

/** Versions that a CN or AC names. X.225, 8.3.1.9. */
export function versionsOf(spdu: CN | AC): number {
  return spdu.connectAcceptItem?.versionNumber ?? Version.version1
}

/** User data of a CN, from PGI 193 or 194; empty when there is none. */
export function userDataOf(cn: CN): Uint8Array {
  return cn.userData ?? cn.extendedUserData ?? nothing
}

/** Units of this CN that we have too; duplex where it may be either. X.225, 5.8.1. */
export function selectableOf(cn: CN, ours: Settings): number {
  const common = requirementsOf(cn) & ours.functionalUnits
  return common & duplex ? common & ~halfDuplex : common
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
  if (cn.dataOverflow !== undefined && (cn.dataOverflow & DataOverflow.moreThan10240) === 0) {
    throw invalid('SESSION_USER_DATA', 'CN: expected bit 1 of the data overflow set, found it clear', 0, 'CN.dataOverflow', '8.3.1.19')
  }
  if ((requirementsOf(cn) & half) === 0) {
    throw invalid('SESSION_REQUIREMENTS', 'CN: expected half-duplex or duplex, found neither', 0, 'CN.sessionUserRequirements', '7.1.1')
  }
}

/** The version that an acceptance of this CN will use, or undefined: refused with 132. X.225, 5.8.5. */
export function versionFor(cn: CN, ours: Settings): 1 | 2 | undefined {
  return highestVersion(versionsOf(cn), ours.versions)
}

/** Whether this CN asks for what we do not have, and is refused with 134: its way of data flow, a reserved place for a token, too small a TSDU, more user data than we take. */
export function exceedsUs(cn: CN, ours: Settings): boolean {
  const common = requirementsOf(cn) & ours.functionalUnits
  if ((common & half) === 0) return true
  if (tokensAt(cn.connectAcceptItem?.tokenSetting ?? 0, 3, tokensOf(common)) !== 0) return true
  const proposed = cn.connectAcceptItem?.tsduMaximumSize
  const answered = answeredSizes(cn, ours)
  if (tooSmall(selectedSize(proposed?.fromInitiator, answered?.fromInitiator))) return true
  if (tooSmall(selectedSize(proposed?.fromResponder, answered?.fromResponder))) return true
  if (cn.dataOverflow !== undefined && ours.maxUserData <= largestOfCN) return true
  return (cn.userData?.length ?? 0) > 512 || userDataOf(cn).length > Math.min(largestOfCN, ours.maxUserData)
}

// --- maximum TSDU size, X.225, 5.8.6: each direction on its own

/** The size selected for one direction; 0: none, for one side has named none. */
export function selectedSize(a = 0, b = 0): number {
  return a > 0 && b > 0 ? Math.min(a, b) : 0
}

/** PI 21 of our AC and OA: left out where the CN has none, or we have nothing to say. */
export function answeredSizes(cn: CN, ours: Settings): TsduMaximumSize | undefined {
  const { send, receive } = ours.tsduMaximumSize
  if (cn.connectAcceptItem?.tsduMaximumSize === undefined || (send === 0 && receive === 0)) return undefined
  return { fromInitiator: receive, fromResponder: send }
}

function tooSmall(selected: number): boolean {
  return selected > 0 && selected < smallestTsdu
}

/** What an OA says. @throws DecodeError unless it is version 2, which alone has overflow. X.225, 8.3.2.4 */
export function checkOA(oa: OA, cn: CN): void {
  if ((oa.versionNumber & (Version.version1 | Version.version2)) !== Version.version2) {
    const text = `OA: expected version2, found ${namesOf(oa.versionNumber, Version).join(', ') || 'none'}`
    throw invalid('SESSION_VERSION', text, 0, 'OA.versionNumber', '8.3.2.4')
  }
  const { fromInitiator } = cn.connectAcceptItem?.tsduMaximumSize ?? { fromInitiator: 0 }
  checkSize(selectedSize(fromInitiator, oa.tsduMaximumSize?.fromInitiator), 'OA')
}

function checkSize(selected: number, path: string): number {
  if (!tooSmall(selected)) return selected
  const text = `${path}: expected a maximum TSDU size of at least ${smallestTsdu} octets, found ${selected}`
  throw invalid('SESSION_TSDU_SIZE', text, 0, `${path}.tsduMaximumSize`, '5.8.6')
}

/** What an AC settles. */
export interface Settled {
  readonly version: 1 | 2
  readonly requirements: number
  readonly ownedTokens: number
  /** Sizes as `SessionMachine.settleSizes` wants them. */
  readonly out: number
  readonly cap: number
  readonly in: number
}

/** @param cn what we proposed @throws DecodeError when the AC answers something that was not asked */
export function settleAC(ac: AC, cn: CN, tolerate: Required<SessionTolerances>): Settled {
  const proposed = versionsOf(cn)
  const version = highestVersion(versionsOf(ac), proposed)
  if (version === undefined) {
    const text = `AC: expected one of ${namesOf(proposed, Version)}, found ${namesOf(versionsOf(ac), Version).join(', ') || 'none'}`
    throw invalid('SESSION_VERSION', text, 0, 'AC.connectAcceptItem.versionNumber', '5.8.5')
  }
  const requirements = settledRequirements(ac, requirementsOf(cn), tolerate.echoedRequirements)
  const ours = cn.connectAcceptItem?.tsduMaximumSize
  const theirs = ac.connectAcceptItem?.tsduMaximumSize
  return {
    version,
    requirements,
    ownedTokens: settledTokens(ac, cn, tokensOf(requirements), tolerate.otherTokenSetting),
    out: checkSize(selectedSize(ours?.fromInitiator, theirs?.fromInitiator), 'AC'),
    cap: theirs?.fromInitiator ?? 0,
    in: checkSize(selectedSize(ours?.fromResponder, theirs?.fromResponder), 'AC'),
  }
}

/** CN AND AC, with exactly one of half-duplex and duplex, which the CN has named. X.225, 8.3.4.17. */
function settledRequirements(ac: AC, proposed: number, echo: boolean): number {
  const answered = requirementsOf(ac)
  const way = answered & half
  if (way === 0 && (proposed & half) !== half && echo) return proposed
  if (way !== 0 && way !== half && (way & proposed) !== 0) return proposed & answered
  const text = `AC: expected ${namesOf(proposed & half, FunctionalUnit).join(' or ')}, found ${namesOf(way, FunctionalUnit).join(' and ') || 'neither half-duplex nor duplex'}`
  throw invalid('SESSION_REQUIREMENTS', text, 0, 'AC.sessionUserRequirements', '8.3.4.17')
}

/** X.225, 5.8.2: the setting of the CN holds; the AC decides where the CN left it open. */
function settledTokens(ac: AC, cn: CN, tokens: number, otherSetting: boolean): number {
  const proposed = cn.connectAcceptItem?.tokenSetting ?? 0
  const answered = ac.connectAcceptItem?.tokenSetting ?? 0
  const open = tokensAt(proposed, 2, tokens)
  const kept = tokens & ~open
  if (leavesOpen(answered, open) || (!otherSetting && tokensAt(answered, 0, kept) !== tokensAt(proposed, 0, kept))) {
    const text = 'AC: its token setting leaves a token open, or moves one that the CN has placed'
    throw invalid('SESSION_TOKENS', text, 0, 'AC.connectAcceptItem.tokenSetting', '7.4.1')
  }
  return tokensAt(proposed, 0, tokens) | tokensAt(answered, 0, open)
}

/**
 * The units that a request or response may name: half-duplex or duplex, and of the others only what is allowed.
 *
 * @param both whether half-duplex and duplex may stand side by side, for the peer to choose
 * @throws EncodeError SESSION_REQUIREMENTS
 */
export function checkRequirements(requirements: number, allowed: number, both: boolean, path: string): number {
  const way = requirements & half
  if (way !== 0 && (both || way !== half) && (requirements & ~allowed) === 0) return requirements
  const text = `${path}: expected half-duplex or duplex${both ? '' : ', not both'}, and nothing beside ${namesOf(allowed, FunctionalUnit).join(', ')}, found ${namesOf(requirements, FunctionalUnit).join(', ') || 'none'}`
  throw new EncodeError('session', 'SESSION_REQUIREMENTS', text, { path })
}
