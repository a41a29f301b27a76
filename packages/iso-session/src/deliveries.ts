import { DisconnectedError } from '@x/core'
import type { TDisconnectIndication, TransportAddress } from '@x/cotp'
import { nothing, requirementsOf, userDataOf, versionsOf } from './negotiation.js'
import type { SConnectConfirm, SConnectIndication, SessionAddress, SessionDelivery } from './service.js'
import type { AB, AC, CN, RF } from './spdu.js'
import { RefuseReason, TransportDisconnect, tokenSettingOf } from './values.js'

/** The S-CONNECT.indication of a CN. X.225, 7.1.3. @param tokens available if all units that both have are selected */
export function connectIndication(
  cn: CN,
  version: 1 | 2,
  transport: { readonly called: TransportAddress; readonly calling: TransportAddress },
  tokens: number,
): SConnectIndication {
  const { callingSsUserReference, ...rest } = cn.connectionIdentifier ?? {}
  const identifier = { ...rest, ...(callingSsUserReference && { ssUserReference: callingSsUserReference }) }
  return {
    type: 'S-CONNECT.indication',
    called: withSelector(transport.called, cn.calledSessionSelector),
    calling: withSelector(transport.calling, cn.callingSessionSelector),
    ...(cn.connectionIdentifier && { sessionConnectionIdentifier: identifier }),
    sessionRequirements: requirementsOf(cn),
    version,
    ...(tokens !== 0 && { initialTokens: tokenSettingOf(cn.connectAcceptItem?.tokenSetting ?? 0) }),
    userData: userDataOf(cn),
  }
}

/** The S-CONNECT.confirm of an AC. X.225, 7.4.3. */
export function acceptConfirm(
  ac: AC,
  selected: {
    readonly version: 1 | 2
    readonly requirements: number
    readonly availableTokens: number
    readonly ownedTokens: number
  },
  responding: TransportAddress,
): SConnectConfirm {
  const { calledSsUserReference, ...rest } = ac.connectionIdentifier ?? {}
  const identifier = { ...rest, ...(calledSsUserReference && { ssUserReference: calledSsUserReference }) }
  return {
    type: 'S-CONNECT.confirm',
    result: 'accept',
    responding: withSelector(responding, ac.respondingSessionSelector),
    ...(ac.connectionIdentifier && { sessionConnectionIdentifier: identifier }),
    sessionRequirements: selected.requirements,
    ...(selected.availableTokens !== 0 && { ownedTokens: selected.ownedTokens }),
    version: selected.version,
    userData: ac.userData ?? nothing,
  }
}

/** The S-CONNECT.confirm of an RF; the responding address is the one that was called. X.225, 7.5.3. @param cn what we proposed */
export function rejectConfirm(rf: RF, called: SessionAddress, cn: CN): SConnectConfirm {
  const reason = rf.reasonCode?.code ?? RefuseReason.notSpecified
  return {
    type: 'S-CONNECT.confirm',
    result: 'reject',
    by: reason >= 128 ? 'peer provider' : 'peer',
    reason,
    ...(rf.reasonCode === undefined && { withoutReason: true }),
    responding: called,
    ...(rf.sessionUserRequirements !== undefined && { sessionRequirements: rf.sessionUserRequirements }),
    ...(rf.versionNumber !== undefined && { versions: rf.versionNumber }),
    offered: { sessionRequirements: requirementsOf(cn), versions: versionsOf(cn) },
    // With an enclosure item, in version 1, it is a part of more: what is there is not what was sent.
    userData: rf.enclosureItem === undefined ? (rf.reasonCode?.userData ?? nothing) : nothing,
  }
}

/** SxABind of the annex: only bit 2 of PI 17 tells whose abort it is (note 3 of Table A.16); without PI 17, user data does. */
export function abortIndication(ab: AB): SessionDelivery {
  const bits = ab.transportDisconnect
  const byUser = bits === undefined ? ab.userData !== undefined : (bits & TransportDisconnect.userAbort) !== 0
  if (!byUser) {
    const { reflectParameterValues: reflected } = ab
    return {
      type: 'S-P-ABORT.indication',
      by: 'peer provider',
      ...(bits !== undefined && { transportDisconnect: bits }),
      ...(reflected && { reflectParameterValues: reflected }),
    }
  }
  return { type: 'S-U-ABORT.indication', userData: ab.enclosureItem === undefined ? (ab.userData ?? nothing) : nothing }
}

/** The S-P-ABORT.indication of a T-DISCONNECT.indication; the reason of the transport is kept. */
export function lossIndication({ by, reason, cause }: TDisconnectIndication): SessionDelivery {
  if (cause) return { type: 'S-P-ABORT.indication', by, cause }
  const text = `the transport connection was closed by ${by}${reason === undefined ? '' : `, reason ${reason}`}`
  const closed = new DisconnectedError('cotp', 'COTP_DISCONNECTED', text, { by, ...(reason !== undefined && { reason }) })
  return { type: 'S-P-ABORT.indication', by, cause: closed }
}

function withSelector(address: TransportAddress, sessionSelector: Uint8Array | undefined): SessionAddress {
  return sessionSelector === undefined ? address : { ...address, sessionSelector }
}
