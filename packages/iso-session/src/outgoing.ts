import { EncodeError, type Sdu } from '@x/core'
import { answeredSizes, checkRequirements, largestOfCN, requirementsOf, selectableOf, selectedSize, versionBit } from './negotiation.js'
import type { Settings } from './options.js'
import { largestSpdu } from './segments.js'
import type { SConnectRequest, SConnectResponse, SessionConnectionIdentifier } from './service.js'
import type { AB, AC, CalledConnectionIdentifier, CallingConnectionIdentifier, CDO, CN, DN, FN, GT, NF, PT, RF } from './spdu.js'
import { answeredSetting, checkTokens, tokensOf } from './tokens.js'
import {
  DataOverflow,
  Enclosure,
  FunctionalUnit,
  ProtocolOption,
  type ProviderRefuseReason,
  RefuseReason,
  TransportDisconnect,
  tokenSettingOctet,
  Version,
} from './values.js'

type Accept = Extract<SConnectResponse, { result: 'accept' }>
type Reject = Extract<SConnectResponse, { result: 'reject' }>

/**
 * The CN we send: options, version, functional units, selectors where given, and nothing that was not asked for. Known peers read
 * no more. User data above 512 octets goes as extended user data, which only version 2 alone allows; above 10 240 the rest
 * follows in CDOs. X.225, 7.1.1.
 *
 * @throws EncodeError SESSION_REQUIREMENTS, SESSION_TOKENS, SESSION_USER_DATA_SIZE
 */
export function connectSpdu(request: SConnectRequest, ours: Settings): CN {
  const { userData, called, calling } = request
  checkUserData(userData, 'CN', ours.proposedVersions & Version.version1 ? 1 : 2, ours)
  const id = request.sessionConnectionIdentifier && callingIdentifier(request.sessionConnectionIdentifier)
  const { duplex, halfDuplex } = FunctionalUnit
  const units = request.sessionRequirements ?? (ours.functionalUnits & duplex || halfDuplex)
  const requirements = checkRequirements(units, ours.functionalUnits, true, 'S-CONNECT.request')
  const tokenSetting = tokensOf(requirements) === 0 ? undefined : proposedSetting(request)
  const { send, receive } = ours.tsduMaximumSize
  return {
    type: 'CN',
    ...(id && { connectionIdentifier: id }),
    connectAcceptItem: {
      protocolOptions: protocolOptions(ours),
      ...((send > 0 || receive > 0) && { tsduMaximumSize: { fromInitiator: send, fromResponder: receive } }),
      versionNumber: ours.proposedVersions,
      ...(tokenSetting !== undefined && { tokenSetting }),
    },
    sessionUserRequirements: requirements,
    ...(calling?.sessionSelector && { callingSessionSelector: calling.sessionSelector }),
    ...(called?.sessionSelector && { calledSessionSelector: called.sessionSelector }),
    ...(userData && userDataOfCN(userData)),
  }
}

function userDataOfCN(userData: Uint8Array): Pick<CN, 'dataOverflow' | 'userData' | 'extendedUserData'> {
  if (userData.length <= 512) return { userData }
  if (userData.length <= largestOfCN) return { extendedUserData: userData }
  return { dataOverflow: DataOverflow.moreThan10240, extendedUserData: userData.subarray(0, largestOfCN) }
}

function proposedSetting({ initialTokens }: SConnectRequest): number | undefined {
  if (initialTokens === undefined) return undefined
  if (!Object.values(initialTokens).includes('reserved')) return tokenSettingOctet(initialTokens)
  throw new EncodeError('session', 'SESSION_TOKENS', 'S-CONNECT.request: expected a place for each token, found reserved', { path: 'CN' })
}

/** The CDOs behind a CN. X.225, 7.3, 8.3.3. @param limit the maximum TSDU size selected, in octets; 0: none is */
export function* overflowSpdus(rest: Uint8Array, limit: number): Generator<CDO> {
  const step = (limit || largestSpdu) - 11
  for (let at = 0; at < rest.length; at += step) {
    yield { type: 'CDO', enclosureItem: at + step < rest.length ? 0 : Enclosure.end, userData: rest.subarray(at, at + step) }
  }
}

/**
 * The AC we send: it names the version used, and the selector we were called by.
 *
 * @returns it, and the maximum TSDU size that it selects for our direction, in octets; 0: none
 * @throws EncodeError as `connectSpdu`
 */
export function acceptSpdu(response: Accept, cn: CN, version: 1 | 2, ours: Settings): { readonly ac: AC; readonly largest: number } {
  const { pleaseTokens, userData } = response
  checkUserData(userData, 'AC', version, ours)
  const common = requirementsOf(cn) & ours.functionalUnits
  const wanted = response.sessionRequirements ?? selectableOf(cn, ours)
  const requirements = checkRequirements(wanted, common, false, 'S-CONNECT.response')
  const tokens = tokensOf(requirements)
  if (pleaseTokens !== undefined) checkTokens(pleaseTokens, 'AC')
  const id = response.sessionConnectionIdentifier && calledIdentifier(response.sessionConnectionIdentifier)
  const selector = response.responding?.sessionSelector ?? cn.calledSessionSelector
  const sizes = answeredSizes(cn, ours)
  const tokenSetting = answeredSetting(cn.connectAcceptItem?.tokenSetting ?? 0, tokens, response.initialTokens)
  const ac: AC = {
    type: 'AC',
    ...(id && { connectionIdentifier: id }),
    connectAcceptItem: {
      protocolOptions: protocolOptions(ours),
      ...(sizes && { tsduMaximumSize: sizes }),
      versionNumber: versionBit(version),
      ...(tokens !== 0 && { tokenSetting }),
    },
    ...(pleaseTokens !== undefined && { tokenItem: pleaseTokens }),
    sessionUserRequirements: requirements,
    ...(selector && { respondingSessionSelector: selector }),
    ...(userData && { userData }),
  }
  return { ac, largest: selectedSize(cn.connectAcceptItem?.tsduMaximumSize?.fromResponder, sizes?.fromResponder) }
}

function protocolOptions(ours: Settings): number {
  return ours.extendedConcatenation ? ProtocolOption.extendedConcatenation : 0
}

/** The RF of our user. @throws EncodeError SESSION_REASON when there is user data without reason 2; SESSION_USER_DATA_SIZE */
export function rejectSpdu(response: Reject, version: 1 | 2, ours: Settings, keeps: boolean): RF {
  const { userData } = response
  checkUserData(userData, 'RF', version, ours)
  const reason = response.reason ?? (userData ? RefuseReason.userData : RefuseReason.notSpecified)
  if (userData && userData.length > 0 && reason !== RefuseReason.userData) {
    throw new EncodeError('session', 'SESSION_REASON', `RF: expected reason 2 with user data, found ${reason}`, { path: 'RF.reasonCode' })
  }
  const id = response.sessionConnectionIdentifier && calledIdentifier(response.sessionConnectionIdentifier)
  return {
    type: 'RF',
    ...(id && { connectionIdentifier: id }),
    transportDisconnect: bit1(keeps),
    ...(reason === RefuseReason.userData && { sessionUserRequirements: ours.functionalUnits }),
    versionNumber: ours.versions,
    reasonCode: { code: reason, ...(userData && { userData }) },
  }
}

/** The RF of our SPM. */
export function refuseSpdu(reason: ProviderRefuseReason, ours: Settings, keeps: boolean): RF {
  return {
    type: 'RF',
    transportDisconnect: bit1(keeps),
    versionNumber: ours.versions,
    reasonCode: { code: reason },
  }
}

/** Bit 1 of PI 17. */
function bit1(keeps: boolean): number {
  return keeps ? 0 : TransportDisconnect.released
}

/** FN, DN or NF. FN without PI 17: the transport is released. @throws EncodeError SESSION_USER_DATA_SIZE */
export function releaseSpdu(
  type: 'FN' | 'DN' | 'NF',
  userData: Uint8Array | undefined,
  version: 1 | 2,
  ours: Settings,
  keeps = false,
): FN | DN | NF {
  checkUserData(userData, type, version, ours)
  return { type, ...(keeps && { transportDisconnect: 0 }), ...(userData && { userData }) }
}

/** GT or PT with a token item. @throws EncodeError SESSION_TOKENS, SESSION_USER_DATA_SIZE */
export function tokenSpdu(
  type: 'GT' | 'PT',
  { tokens, userData }: { readonly tokens: number; readonly userData?: Uint8Array },
  version: 1 | 2,
  ours: Settings,
): GT | PT {
  checkTokens(tokens, type)
  checkUserData(userData, type, version, ours)
  return { type, tokenItem: tokens, ...(userData && { userData }) }
}

/** The AB of our user. Version 1 leaves nine octets for user data. @throws EncodeError SESSION_USER_DATA_SIZE */
export function abortSpdu(userData: Uint8Array | undefined, version: 1 | 2, ours: Settings, keeps: boolean): AB {
  checkUserData(userData, 'AB', version, ours)
  return { type: 'AB', transportDisconnect: bit1(keeps) | TransportDisconnect.userAbort, ...(userData && { userData }) }
}

type WithUserData = 'CN' | 'AC' | 'RF' | 'FN' | 'DN' | 'NF' | 'AB' | 'GT' | 'PT'

/**
 * Most user data of an SPDU we send, in octets. Version 2: what a CN, or LI, can count; more where `maxUserData` allows more, for then
 * it goes in CDOs, or in segments. X.225, Table D.1.
 */
function userDataLimit(type: WithUserData, version: 1 | 2, ours: Settings): number {
  if (version === 1) return type === 'GT' ? 0 : type === 'AB' ? 9 : 512
  return Math.max(type === 'CN' ? largestOfCN : ONE_SPDU, ours.maxUserData)
}

/** What LI can count beside the code and the length of the user data. */
const ONE_SPDU = 65_531

/** @throws EncodeError SESSION_USER_DATA_SIZE */
function checkUserData(userData: Uint8Array | undefined, type: WithUserData, version: 1 | 2, ours: Settings): void {
  const limit = userDataLimit(type, version, ours)
  if (userData === undefined || userData.length <= limit) return
  const text = `${type}: expected at most ${limit} octets of user data, found ${userData.length}`
  throw new EncodeError('session', 'SESSION_USER_DATA_SIZE', text, { path: `${type}.userData` })
}

/**
 * X.225, 8.3.11.4: no SSDU of no octets. And where the peer gave a maximum TSDU size that we did not answer, we keep to it (open in 5.8.6).
 *
 * @param largest TSDU in octets with its header; 0: no limit, or what is above goes in segments
 * @throws EncodeError SESSION_USER_DATA_EMPTY, SESSION_USER_DATA_SIZE
 */
export function checkData(type: 'DT' | 'TD', userData: Sdu, largest: number): void {
  if (userData.length === 0) {
    throw new EncodeError('session', 'SESSION_USER_DATA_EMPTY', `${type}: expected at least one octet of user data, found none`, {
      path: type,
    })
  }
  const header = type === 'DT' ? 4 : 2
  if (largest === 0 || userData.length + header <= largest) return
  const text = `${type}: expected at most ${largest - header} octets of user data, found ${userData.length}`
  throw new EncodeError('session', 'SESSION_USER_DATA_SIZE', text, { path: type })
}

function callingIdentifier(id: SessionConnectionIdentifier): CallingConnectionIdentifier {
  const { ssUserReference, ...rest } = id
  return { ...rest, ...(ssUserReference && { callingSsUserReference: ssUserReference }) }
}

function calledIdentifier(id: SessionConnectionIdentifier): CalledConnectionIdentifier {
  const { ssUserReference, ...rest } = id
  return { ...rest, ...(ssUserReference && { calledSsUserReference: ssUserReference }) }
}
