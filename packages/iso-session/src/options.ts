import { remembered, type Timers, UsageError } from '@x/core'
import type { SConnectIndication } from './service.js'
import type { TsduTolerances } from './tsdu.js'
import { FunctionalUnit, type ProviderRefuseReason, Version } from './values.js'

/** What the machine lets pass though X.225 does not, because peers send it. Each is an option of its own. */
export interface SessionTolerances extends TsduTolerances {
  /** AC whose requirements name neither half-duplex nor duplex: taken as a yes to what the CN proposed. @default true */
  readonly echoedRequirements?: boolean
  /** DT without user information: an SSDU of no octets, for the user to judge (8.3.11.4 forbids it). @default true */
  readonly emptyData?: boolean
  /** DT with an enclosure item that says "whole SSDU", though no maximum TSDU size is selected. @default true */
  readonly enclosedWholeData?: boolean
  /**
   * The transport is closed in order where a DN should answer our FN: an affirmative S-RELEASE.confirm without user data.
   * Off by default, as Table A.16 has it: the users above would miss their own answer, and an S-P-ABORT tells them. @default false
   */
  readonly disconnectInsteadOfDN?: boolean
}

export interface SessionOptions {
  /** Runs TIM. */
  readonly timers: Timers
  /** TIM: how long an SPM that spoke last waits for the peer to disconnect, in milliseconds. X.225, 7.5.2, 7.7.2, 7.9.2. @default 5000 */
  readonly tim?: number
  /** Whom we talk to: asked for each CN that could be accepted. Refusals go out in the name of the SPM. @default everyone */
  readonly accept?: (request: SConnectIndication) => 'accept' | ProviderRefuseReason
  /**
   * Functional units we have, bits of `FunctionalUnit`: duplex, and negotiated release where the user wants it. With negotiated release
   * only the side that holds the release token may ask for release; tokens are not passed on. @default duplex
   */
  readonly functionalUnits?: number
  /** Versions we understand, bits of `Version`. @default both */
  readonly versions?: number
  /** Versions our CN proposes, a part of `versions`. Version 2 alone allows more than 512 octets of user data. @default version 2 where we have it */
  readonly proposedVersions?: number
  /** Most user data we take in CN, AC, FN, DN and NF, in octets; 0 to 65 535. X.225, A.4.3.1.2. @default 10_240 */
  readonly maxUserData?: number
  /** Give the first nine octets of what broke the protocol back in our AB. X.225, 8.3.9.5. @default false */
  readonly reflect?: boolean
  /** No tolerances, except those named in `tolerate`. @default false */
  readonly strict?: boolean
  readonly tolerate?: SessionTolerances
}

/** `SessionOptions` with every default filled in. */
export interface Settings {
  readonly timers: Timers
  readonly tim: number
  readonly accept: (request: SConnectIndication) => 'accept' | ProviderRefuseReason
  readonly functionalUnits: number
  readonly versions: number
  readonly proposedVersions: number
  readonly maxUserData: number
  readonly reflect: boolean
  readonly tolerate: Required<SessionTolerances>
}

const lenient: Required<SessionTolerances> = {
  anyParameterOrder: true,
  longLengthIndicators: true,
  misplacedParameters: true,
  abortWithoutTransportDisconnect: true,
  dataWithoutGiveTokens: false,
  echoedRequirements: true,
  emptyData: true,
  enclosedWholeData: true,
  disconnectInsteadOfDN: false,
}
const strict = Object.fromEntries(Object.keys(lenient).map(name => [name, false])) as unknown as Required<SessionTolerances>

const have = FunctionalUnit.duplex | FunctionalUnit.negotiatedRelease
const bothVersions = Version.version1 | Version.version2

/** One for all machines that are given these options. @throws UsageError `SESSION_OPTION` for a value outside its range */
export const settingsOf = remembered(makeSettings)

function makeSettings(options: SessionOptions): Settings {
  const settings: Settings = {
    timers: options.timers,
    tim: options.tim ?? 5_000,
    accept: options.accept ?? (() => 'accept'),
    functionalUnits: options.functionalUnits ?? FunctionalUnit.duplex,
    versions: options.versions ?? bothVersions,
    proposedVersions: options.proposedVersions ?? ((options.versions ?? bothVersions) & Version.version2 || Version.version1),
    maxUserData: options.maxUserData ?? 10_240,
    reflect: options.reflect ?? false,
    tolerate: { ...(options.strict ? strict : lenient), ...options.tolerate },
  }
  const { functionalUnits: units, versions, proposedVersions, maxUserData, tim } = settings
  if ((units & FunctionalUnit.duplex) === 0 || (units & ~have) !== 0) {
    throw wrong('functionalUnits', 'duplex, with or without negotiated release', `0x${units.toString(16)}`)
  }
  if (versions < 1 || versions > bothVersions) throw wrong('versions', '1, 2 or 3', versions)
  if (proposedVersions < 1 || (proposedVersions & ~versions) !== 0)
    throw wrong('proposedVersions', `a part of ${versions}`, proposedVersions)
  if (!(maxUserData >= 0 && maxUserData <= 65_535)) throw wrong('maxUserData', '0 to 65535', maxUserData)
  if (!(tim > 0)) throw wrong('tim', 'a number of milliseconds above 0', tim)
  return settings
}

function wrong(option: string, expected: string, found: string | number): UsageError {
  return new UsageError('session', 'SESSION_OPTION', `option ${option}: expected ${expected}, found ${found}`)
}
