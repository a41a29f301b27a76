import { owned } from '@x/core'
import type { TConnectConfirm, TConnectIndication } from '@x/cotp'
import { encodeSpdu } from './codec.js'
import { acceptConfirm, rejectConfirm } from './deliveries.js'
import type { JudgedAC, JudgedCN } from './events.js'
import { answeredSizes, largestOfCN, selectableOf, selectedSize } from './negotiation.js'
import { connectSpdu, overflowSpdus, refuseSpdu } from './outgoing.js'
import type { S } from './predicates.js'
import { disconnect, forget, keep, sendEncoded } from './procedures.js'
import type { SConnectRequest, SConnectResponse, SessionAddress, SessionDelivery } from './service.js'
import type { CDO, OA, RF } from './spdu.js'
import { answeredSetting, tokensAt, tokensOf } from './tokens.js'
import { type ProviderRefuseReason, Version } from './values.js'

// What the rows of Table A.8 do.

/** Nothing of an earlier session. */
function begin(s: S): void {
  forget(s)
  s.requirements = 0
  s.availableTokens = 0
  s.vtrr = false
  s.settleSizes(0, 0, 0)
}

// --- we ask

export function openTransport(s: S, request: SConnectRequest): void {
  s.vtca = false
  ask(s, request)
  const called = transportPart(request.called)
  const calling = transportPart(request.calling)
  s.opening!.waiting = s.takeEncoded()
  s.transport.submit({ type: 'T-CONNECT.request', ...(called && { called }), ...(calling && { calling }) })
}

/** Over a transport connection that an earlier session has left. */
export function reuseTransport(s: S, request: SConnectRequest): void {
  ask(s, request)
  sendEncoded(s)
}

function ask(s: S, request: SConnectRequest): void {
  begin(s)
  s.version = s.ours.proposedVersions & Version.version2 ? 2 : 1
  const { userData, ...rest } = request
  const overflow = userData !== undefined && userData.length > largestOfCN ? userData.subarray(largestOfCN) : undefined
  s.opening = { called: request.called ?? {}, cn: connectSpdu(rest, s.ours), overflow, waiting: undefined }
}

export function sendCN(s: S, confirm: TConnectConfirm): void {
  s.ends = confirm
  const { waiting } = s.opening!
  s.opening!.waiting = undefined
  s.sendAll(waiting!)
}

/** Specific action [51]. */
export function sendCDOs(s: S, oa: OA): void {
  const { cn, overflow: rest } = s.opening!
  s.opening = { ...s.opening!, overflow: undefined }
  const proposed = cn.connectAcceptItem?.tsduMaximumSize
  const limit = selectedSize(proposed?.fromInitiator, oa.tsduMaximumSize?.fromInitiator)
  for (const cdo of overflowSpdus(rest!, limit)) s.send(encodeSpdu(cdo))
}

/** Specific actions [5] and [11]. */
export function confirmAccept(s: S, ac: JudgedAC): SessionDelivery {
  const { responding } = s.ends as TConnectConfirm
  const { version, requirements, ownedTokens, out, cap, in: incoming } = ac.settled!
  s.version = version
  s.select(requirements, ownedTokens)
  s.settleSizes(out, cap, incoming)
  return acceptConfirm(ac, s, responding)
}

export function confirmReject(s: S, rf: RF): SessionDelivery {
  const confirm = rejected(s, rf)
  disconnect(s)
  return confirm
}

export function confirmRejectKept(s: S, rf: RF): SessionDelivery {
  const confirm = rejected(s, rf)
  keep(s)
  return confirm
}

function rejected(s: S, rf: RF): SessionDelivery {
  const { called, cn } = s.opening!
  return rejectConfirm(rf, called, cn)
}

// --- the peer asks

export function acceptTransport(s: S, indication: TConnectIndication): void {
  s.vtca = true
  begin(s)
  s.ends = indication
  s.transport.submit({ type: 'T-CONNECT.response' })
}

export function indicateConnect(s: S, cn: JudgedCN): SessionDelivery {
  heard(s, cn)
  return cn.indication!
}

/** Specific action [50]: what has come is kept for the S-CONNECT.indication. */
export function acceptOverflow(s: S, cn: JudgedCN): void {
  heard(s, cn)
  const tsduMaximumSize = answeredSizes(cn, s.ours)
  const indication = owned(cn.indication!)
  s.opening!.parts = [indication.userData]
  s.opening!.indication = indication
  s.send(encodeSpdu({ type: 'OA', ...(tsduMaximumSize && { tsduMaximumSize }), versionNumber: Version.version2 }))
}

function heard(s: S, cn: JudgedCN): void {
  begin(s)
  const { indication, userData: _, extendedUserData: __, ...asked } = cn
  s.version = indication!.version
  s.opening = owned({ called: indication!.called, cn: asked })
}

export function keepPart(s: S, cdo: CDO): void {
  if (cdo.userData) s.opening!.parts!.push(cdo.userData.slice())
}

export function indicateWhole(s: S, cdo: CDO): SessionDelivery {
  keepPart(s, cdo)
  const { parts, indication } = s.opening!
  const userData = new Uint8Array(parts!.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts!) {
    userData.set(part, at)
    at += part.length
  }
  s.opening!.parts = undefined
  s.opening!.indication = undefined
  return { ...indication!, userData }
}

export function refuse(s: S, reason: ProviderRefuseReason): void {
  s.startTIM()
  s.send(encodeSpdu(refuseSpdu(reason, s.ours, false)))
}

export function refuseKept(s: S, reason: ProviderRefuseReason): void {
  keep(s)
  s.send(encodeSpdu(refuseSpdu(reason, s.ours, true)))
}

/** Specific actions [5] and [11]. */
export function sendAC(s: S, response: Extract<SConnectResponse, { result: 'accept' }>): void {
  const { cn } = s.opening!
  const requirements = response.sessionRequirements ?? selectableOf(cn, s.ours)
  const tokens = tokensOf(requirements)
  const setting = answeredSetting(cn.connectAcceptItem?.tokenSetting ?? 0, tokens, response.initialTokens)
  const proposed = cn.connectAcceptItem?.tsduMaximumSize
  const answered = answeredSizes(cn, s.ours)
  s.select(requirements, tokensAt(setting, 1, tokens))
  s.settleSizes(
    selectedSize(proposed?.fromResponder, answered?.fromResponder),
    proposed?.fromResponder ?? 0,
    selectedSize(proposed?.fromInitiator, answered?.fromInitiator),
  )
  sendEncoded(s)
}

function transportPart(address: SessionAddress | undefined): { readonly transportSelector?: Uint8Array } | undefined {
  return address && (address.transportSelector === undefined ? {} : { transportSelector: address.transportSelector })
}
