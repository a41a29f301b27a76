import { EncodeError, type Sdu } from '@x/core'
import { checkRequirements, checkTokens, checkUserData, releasePlace, requirementsOf, userDataLimit, versionBit } from './negotiation.js'
import type { Settings } from './options.js'
import type { SConnectRequest, SConnectResponse, SessionConnectionIdentifier } from './service.js'
import type { AB, AC, CalledConnectionIdentifier, CallingConnectionIdentifier, CN, DN, FN, GT, NF, PT, RF } from './spdu.js'
import { FunctionalUnit, type ProviderRefuseReason, RefuseReason, TransportDisconnect, Version } from './values.js'

type Accept = Extract<SConnectResponse, { result: 'accept' }>
type Reject = Extract<SConnectResponse, { result: 'reject' }>

/**
 * The CN we send: options 0, one version, the functional units, selectors where given, and nothing else. Known peers read no more.
 * User data above 512 octets goes as extended user data, which only version 2 alone allows. X.225, 7.1.1.
 *
 * @throws EncodeError SESSION_REQUIREMENTS, SESSION_USER_DATA_SIZE
 */
export function connectSpdu(request: SConnectRequest, ours: Settings): CN {
  const { userData, called, calling } = request
  checkUserData(userData, userDataLimit('CN', ours.proposedVersions & Version.version1 ? 1 : 2), 'CN')
  const id = request.sessionConnectionIdentifier && callingIdentifier(request.sessionConnectionIdentifier)
  const requirements = request.sessionRequirements ?? FunctionalUnit.duplex
  return {
    type: 'CN',
    ...(id && { connectionIdentifier: id }),
    connectAcceptItem: { protocolOptions: 0, versionNumber: ours.proposedVersions },
    sessionUserRequirements: checkRequirements(requirements, ours.functionalUnits, 'S-CONNECT.request'),
    ...(calling?.sessionSelector && { callingSessionSelector: calling.sessionSelector }),
    ...(called?.sessionSelector && { calledSessionSelector: called.sessionSelector }),
    ...(userData && (userData.length > 512 ? { extendedUserData: userData } : { userData })),
  }
}

/** The AC we send: it names the version used, and the selector we were called by. @throws EncodeError as `connectSpdu` */
export function acceptSpdu(response: Accept, cn: CN, version: 1 | 2, ours: Settings): AC {
  checkUserData(response.userData, userDataLimit('AC', version), 'AC')
  const common = requirementsOf(cn) & ours.functionalUnits
  const requirements = checkRequirements(response.sessionRequirements ?? common, common, 'S-CONNECT.response')
  const id = response.sessionConnectionIdentifier && calledIdentifier(response.sessionConnectionIdentifier)
  const selector = response.responding?.sessionSelector ?? cn.calledSessionSelector
  return {
    type: 'AC',
    ...(id && { connectionIdentifier: id }),
    connectAcceptItem: {
      protocolOptions: 0,
      versionNumber: versionBit(version),
      // 8.3.4.14: repeats the CN, or decides where it left the choice to us.
      ...(requirements & FunctionalUnit.negotiatedRelease && { tokenSetting: releasePlace(cn) === 1 ? 0x40 : 0x00 }),
    },
    sessionUserRequirements: requirements,
    ...(selector && { respondingSessionSelector: selector }),
    ...(response.userData && { userData: response.userData }),
  }
}

/** The RF of our user. @throws EncodeError SESSION_REASON when there is user data without reason 2; SESSION_USER_DATA_SIZE */
export function rejectSpdu(response: Reject, version: 1 | 2, ours: Settings): RF {
  const { userData } = response
  checkUserData(userData, userDataLimit('RF', version), 'RF')
  const reason = response.reason ?? (userData ? RefuseReason.userData : RefuseReason.notSpecified)
  if (userData && userData.length > 0 && reason !== RefuseReason.userData) {
    throw new EncodeError('session', 'SESSION_REASON', `RF: expected reason 2 with user data, found ${reason}`, { path: 'RF.reasonCode' })
  }
  const id = response.sessionConnectionIdentifier && calledIdentifier(response.sessionConnectionIdentifier)
  return {
    type: 'RF',
    ...(id && { connectionIdentifier: id }),
    transportDisconnect: TransportDisconnect.released,
    ...(reason === RefuseReason.userData && { sessionUserRequirements: ours.functionalUnits }),
    versionNumber: ours.versions,
    reasonCode: { code: reason, ...(userData && { userData }) },
  }
}

/** The RF of our SPM. */
export function refuseSpdu(reason: ProviderRefuseReason, ours: Settings): RF {
  return {
    type: 'RF',
    transportDisconnect: TransportDisconnect.released,
    versionNumber: ours.versions,
    reasonCode: { code: reason },
  }
}

/** FN, DN or NF. FN without PI 17: the transport is released. @throws EncodeError SESSION_USER_DATA_SIZE */
export function releaseSpdu(type: 'FN' | 'DN' | 'NF', userData: Uint8Array | undefined, version: 1 | 2): FN | DN | NF {
  checkUserData(userData, userDataLimit(type, version), type)
  return { type, ...(userData && { userData }) }
}

/** GT or PT with a token item. @throws EncodeError SESSION_TOKENS, SESSION_USER_DATA_SIZE */
export function tokenSpdu(
  type: 'GT' | 'PT',
  { tokens, userData }: { readonly tokens: number; readonly userData?: Uint8Array },
  version: 1 | 2,
): GT | PT {
  checkTokens(tokens, type)
  checkUserData(userData, userDataLimit(type, version), type)
  return { type, tokenItem: tokens, ...(userData && { userData }) }
}

/** The AB of our user. Version 1 leaves nine octets for user data. @throws EncodeError SESSION_USER_DATA_SIZE */
export function abortSpdu(userData: Uint8Array | undefined, version: 1 | 2): AB {
  checkUserData(userData, userDataLimit('AB', version), 'AB')
  return { type: 'AB', transportDisconnect: TransportDisconnect.released | TransportDisconnect.userAbort, ...(userData && { userData }) }
}

/**
 * X.225, 8.3.11.4: no SSDU of no octets. And where the peer gave a maximum TSDU size that we did not answer, we keep to it (open in 5.8.6).
 *
 * @param largest TSDU in octets with its four octets of GT and DT; 0: no limit
 * @throws EncodeError SESSION_USER_DATA_EMPTY, SESSION_USER_DATA_SIZE
 */
export function checkData(userData: Sdu, largest: number): void {
  if (userData.length === 0) {
    throw new EncodeError('session', 'SESSION_USER_DATA_EMPTY', 'DT: expected at least one octet of user data, found none', { path: 'DT' })
  }
  if (largest === 0 || userData.length + 4 <= largest) return
  const text = `DT: expected at most ${largest - 4} octets of user data, found ${userData.length}`
  throw new EncodeError('session', 'SESSION_USER_DATA_SIZE', text, { path: 'DT' })
}

function callingIdentifier(id: SessionConnectionIdentifier): CallingConnectionIdentifier {
  const { ssUserReference, ...rest } = id
  return { ...rest, ...(ssUserReference && { callingSsUserReference: ssUserReference }) }
}

function calledIdentifier(id: SessionConnectionIdentifier): CalledConnectionIdentifier {
  const { ssUserReference, ...rest } = id
  return { ...rest, ...(ssUserReference && { calledSsUserReference: ssUserReference }) }
}
