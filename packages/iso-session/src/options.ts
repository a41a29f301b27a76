import { remembered, type Timers, UsageError } from '@x/core'
import type { SConnectIndication } from './service.js'
import type { TsduTolerances } from './tsdu.js'
import { FunctionalUnit, type ProviderRefuseReason, Version } from './values.js'

/** What the machine lets pass though X.225 does not, because peers send it. Each is an option of its own. */
export interface SessionTolerances extends Omit<TsduTolerances, 'extendedConcatenation'> {
  /** AC whose requirements name neither half-duplex nor duplex: taken as a yes to what the CN proposed. @default true */
  readonly echoedRequirements?: boolean
  /** DT without user information: an SSDU of no octets, for the user to judge (8.3.11.4 forbids it). @default true */
  readonly emptyData?: boolean
  /** DT and TD with an enclosure item that says "whole SSDU", though no maximum TSDU size is selected. @default true */
  readonly enclosedWholeData?: boolean
  /** DT and TD without an enclosure item, though a maximum TSDU size is selected: a whole SSDU; one peer sends short ones so. @default true */
  readonly unenclosedData?: boolean
  /** AC with another token setting than the CN fixed: that of the CN holds (5.8.2). @default true */
  readonly otherTokenSetting?: boolean
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
   * Functional units we have, bits of `FunctionalUnit`: duplex or half-duplex, or both; negotiated release and typed data where the
   * user wants them. Half-duplex comes with the data token, negotiated release with the release token: only who holds it may send data,
   * only who holds all may ask for release. @default duplex
   */
  readonly functionalUnits?: number
  /** Versions we understand, bits of `Version`. @default both */
  readonly versions?: number
  /** Versions our CN proposes, a part of `versions`. Version 2 alone allows more than 512 octets of user data. @default version 2 where we have it */
  readonly proposedVersions?: number
  /**
   * Most user data of one primitive but data, in octets; 0 to 16 777 216. X.225, A.4.3.1.2. Above 10 240 a session may also be opened with
   * more than a CN holds (CDO), in version 2. What is sent may be as much, and in any case what one SPDU holds. @default 10_240
   */
  readonly maxUserData?: number
  /**
   * Maximum TSDU sizes in octets, 64 to 65 535, for what we send and what we receive; 0: no limit. Proposed in a CN, and answered in an AC
   * where the CN has sizes. In a direction where both sides name one, SSDUs go in segments of the smaller. X.225, 5.8.6. @default none
   */
  readonly tsduMaximumSize?: { readonly send?: number; readonly receive?: number }
  /** Largest SSDU we put together from segments, in octets. @default 1_048_576 */
  readonly maxSsduSize?: number
  /** We can receive up to three SPDUs behind a GT, and say so in CN and AC. With our units only tests see them. X.225, 6.3.7. @default false */
  readonly extendedConcatenation?: boolean
  /**
   * How long a transport connection waits for another session behind a release, a refusal or an abort, in milliseconds; both sides must
   * want it, and only the side that opened it may ask for the next session. 0: it is never kept. X.225, 6.2. @default 0
   */
  readonly keepTransport?: number
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
  readonly tsduMaximumSize: { readonly send: number; readonly receive: number }
  readonly maxSsduSize: number
  readonly extendedConcatenation: boolean
  readonly keepTransport: number
  readonly reflect: boolean
  readonly tolerate: Required<SessionTolerances>
  /** How TSDUs are taken apart. */
  readonly decoding: TsduTolerances
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
  unenclosedData: true,
  otherTokenSetting: true,
  disconnectInsteadOfDN: false,
}
const strict = Object.fromEntries(Object.keys(lenient).map(name => [name, false])) as unknown as Required<SessionTolerances>

const way = FunctionalUnit.duplex | FunctionalUnit.halfDuplex
const have = way | FunctionalUnit.negotiatedRelease | FunctionalUnit.typedData
const bothVersions = Version.version1 | Version.version2

/** One for all machines that are given these options. @throws UsageError `SESSION_OPTION` for a value outside its range */
export const settingsOf = remembered(makeSettings)

function makeSettings(options: SessionOptions): Settings {
  const tolerate = { ...(options.strict ? strict : lenient), ...options.tolerate }
  const extendedConcatenation = options.extendedConcatenation ?? false
  const { send = 0, receive = 0 } = options.tsduMaximumSize ?? {}
  const settings: Settings = {
    timers: options.timers,
    tim: options.tim ?? 5_000,
    accept: options.accept ?? (() => 'accept'),
    functionalUnits: options.functionalUnits ?? FunctionalUnit.duplex,
    versions: options.versions ?? bothVersions,
    proposedVersions: options.proposedVersions ?? ((options.versions ?? bothVersions) & Version.version2 || Version.version1),
    maxUserData: options.maxUserData ?? 10_240,
    tsduMaximumSize: { send, receive },
    maxSsduSize: options.maxSsduSize ?? 1_048_576,
    extendedConcatenation,
    keepTransport: options.keepTransport ?? 0,
    reflect: options.reflect ?? false,
    tolerate,
    decoding: { ...tolerate, extendedConcatenation },
  }
  const { functionalUnits: units, versions, proposedVersions, maxUserData, maxSsduSize, keepTransport, tim } = settings
  if ((units & way) === 0 || (units & ~have) !== 0) {
    throw wrong('functionalUnits', 'duplex or half-duplex, with or without negotiated release and typed data', `0x${units.toString(16)}`)
  }
  if (versions < 1 || versions > bothVersions) throw wrong('versions', '1, 2 or 3', versions)
  if (proposedVersions < 1 || (proposedVersions & ~versions) !== 0)
    throw wrong('proposedVersions', `a part of ${versions}`, proposedVersions)
  if (!(maxUserData >= 0 && maxUserData <= 16_777_216)) throw wrong('maxUserData', '0 to 16777216', maxUserData)
  for (const size of [send, receive]) {
    if (size !== 0 && !(size >= 64 && size <= 65_535)) throw wrong('tsduMaximumSize', '0, or 64 to 65535', size)
  }
  if (!(maxSsduSize >= 1)) throw wrong('maxSsduSize', 'at least 1', maxSsduSize)
  if (!(keepTransport >= 0)) throw wrong('keepTransport', 'a number of milliseconds, or 0', keepTransport)
  if (!(tim > 0)) throw wrong('tim', 'a number of milliseconds above 0', tim)
  return settings
}

function wrong(option: string, expected: string, found: string | number): UsageError {
  return new UsageError('session', 'SESSION_OPTION', `option ${option}: expected ${expected}, found ${found}`)
}
