import type { TConnectConfirm, TConnectIndication } from '@x/cotp'
import { encodeSpdu } from './codec.js'
import { acceptConfirm, rejectConfirm } from './deliveries.js'
import type { JudgedCN } from './events.js'
import { answeredSizes, largestOfCN, selectableOf, selectedSize } from './negotiation.js'
import { connectSpdu, overflowSpdus, refuseSpdu } from './outgoing.js'
import type { S } from './predicates.js'
import { disconnect, forget, keep, sendEncoded } from './procedures.js'
import type { SConnectRequest, SConnectResponse, SessionAddress, SessionDelivery } from './service.js'
import type { AC, CDO, OA, RF } from './spdu.js'
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
  if (userData !== undefined && userData.length > largestOfCN) s.overflow = userData.subarray(largestOfCN)
  s.opening = { called: request.called ?? {}, cn: connectSpdu(rest, s.ours) }
}

export function sendCN(s: S, confirm: TConnectConfirm): void {
  s.responding = confirm.responding
  const { waiting } = s.opening!
  s.opening!.waiting = undefined
  s.sendAll(waiting!)
}

/** Specific action [51]. */
export function sendCDOs(s: S, oa: OA): void {
  const rest = s.overflow!
  s.overflow = undefined
  const proposed = s.opening!.cn.connectAcceptItem?.tsduMaximumSize
  const limit = selectedSize(proposed?.fromInitiator, oa.tsduMaximumSize?.fromInitiator)
  for (const cdo of overflowSpdus(rest, limit)) s.send(encodeSpdu(cdo))
}

/** What the AC settles has been settled when it was judged. */
export function confirmAccept(s: S, ac: AC): SessionDelivery {
  s.opening = undefined
  return acceptConfirm(ac, s, s.responding)
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

export function acceptTransport(s: S, { called, calling }: TConnectIndication): void {
  s.vtca = true
  begin(s)
  s.called = called
  s.calling = calling
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
  s.opening!.parts = [cn.indication!.userData]
  s.opening!.indication = cn.indication!
  s.send(encodeSpdu({ type: 'OA', ...(tsduMaximumSize && { tsduMaximumSize }), versionNumber: Version.version2 }))
}

function heard(s: S, cn: JudgedCN): void {
  begin(s)
  s.version = cn.indication!.version
  s.opening = { called: s.called, cn }
}

export function keepPart(s: S, cdo: CDO): void {
  if (cdo.userData) s.opening!.parts!.push(cdo.userData)
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
  s.opening = undefined
  sendEncoded(s)
}

function transportPart(address: SessionAddress | undefined): { readonly transportSelector?: Uint8Array } | undefined {
  return address && (address.transportSelector === undefined ? {} : { transportSelector: address.transportSelector })
}
