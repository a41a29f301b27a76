import type { TDisconnectIndication } from '@x/cotp'
import { encodeSpdu } from './codec.js'
import { abortIndication, lossIndication } from './deliveries.js'
import type { ProtocolErrorEvent } from './events.js'
import { nothing } from './negotiation.js'
import { released, type S } from './predicates.js'
import { dataInSegments } from './segments.js'
import type { SDataRequest, SessionDelivery, STokenGiveRequest, STypedDataRequest } from './service.js'
import type { AB, DN, DT, FN, GT, NF, PT, TD } from './spdu.js'
import { namedTokens } from './tokens.js'
import { TransportDisconnect } from './values.js'

// What the rows of the tables do. A row that starts TIM starts it before it sends, for the answer may come at once.

/** What `submit` has encoded. */
export function sendEncoded(s: S): void {
  for (const tsdu of s.takeEncoded()) s.send(tsdu)
}

/** RF, DN or AB: who speaks last waits for the other to disconnect, or to answer. */
export function sendAndWait(s: S): void {
  s.startTIM()
  sendEncoded(s)
}

/** RF or DN behind which the transport connection stays. */
export function sendAndKeep(s: S): void {
  keep(s)
  sendEncoded(s)
}

/** The transport connection waits for another session, but not for ever: the standard has no timer here. */
export function keep(s: S): void {
  forget(s)
  s.startTimer(s.ours.keepTransport, 'kept too long')
}

export function disconnect(s: S): void {
  forget(s)
  s.transport.submit({ type: 'T-DISCONNECT.request' })
}

/** Nothing of a session is left. */
export function forget(s: S): void {
  s.stopTimer()
  s.assembly = undefined
  s.opening = undefined
}

// --- data, 7.11, 7.13

/** The hot path: four octets in front of what the user wrote. */
export function sendDT(s: S, request: SDataRequest): void {
  const sdu = request.userData
  if (s.segmentsOut) return s.sendAll(dataInSegments('DT', sdu, s.largest))
  sdu.reserve(4)
  sdu.buffer[--sdu.start] = 0
  sdu.buffer[--sdu.start] = 1 // DT
  sdu.buffer[--sdu.start] = 0
  sdu.buffer[--sdu.start] = 1 // GT
  s.send(sdu)
}

export function sendTD(s: S, request: STypedDataRequest): void {
  const sdu = request.userData
  if (s.segmentsOut) return s.sendAll(dataInSegments('TD', sdu, s.largest))
  sdu.prependOctet(0)
  sdu.prependOctet(33)
  s.send(sdu)
}

export function indicateData(_: S, dt: DT): SessionDelivery {
  return { type: 'S-DATA.indication', userData: dt.userInformation }
}

export function indicateTypedData(_: S, td: TD): SessionDelivery {
  return { type: 'S-TYPED-DATA.indication', userData: td.userInformation }
}

// --- tokens, 7.16, 7.17

export function giveTokens(s: S, request: STokenGiveRequest): void {
  s.ownedTokens &= ~request.tokens
  sendEncoded(s)
}

export function indicateGive(s: S, gt: GT): SessionDelivery {
  const tokens = namedTokens(gt.tokenItem!)
  s.ownedTokens |= tokens
  return { type: 'S-TOKEN-GIVE.indication', tokens, userData: gt.userData ?? nothing }
}

export function indicatePlease(_: S, pt: PT): SessionDelivery {
  return { type: 'S-TOKEN-PLEASE.indication', tokens: namedTokens(pt.tokenItem!), userData: pt.userData ?? nothing }
}

// --- release, 7.6 to 7.8

/** @param reuse the transport connection is offered for another session */
export function finish(s: S, reuse: boolean): void {
  s.vtrr = reuse
  sendEncoded(s)
}

export function collide(s: S): void {
  s.vcoll = true
  finish(s, false)
}

/** Specific action [9]: the offer to keep the transport is ours to take or to leave. */
export function indicateRelease(s: S, fn: FN): SessionDelivery {
  s.vtrr = s.keeps && !released(fn)
  return { type: 'S-RELEASE.indication', userData: fn.userData ?? nothing }
}

export function indicateCollision(s: S, fn: FN): SessionDelivery {
  s.vcoll = true
  s.vtrr = false
  return { type: 'S-RELEASE.indication', userData: fn.userData ?? nothing }
}

export function confirmRelease(s: S, dn: DN): SessionDelivery {
  disconnect(s)
  return affirmed(dn)
}

export function confirmReleaseKept(s: S, dn: DN): SessionDelivery {
  keep(s)
  return affirmed(dn)
}

/** Specific action [32]: our own answer may go now. */
export function confirmCollision(s: S, dn: DN): SessionDelivery {
  s.vdnr = true
  return affirmed(dn)
}

/** The end of the transport connection taken for a DN. */
export function confirmDisconnect(s: S): SessionDelivery {
  forget(s)
  return affirmed({ type: 'DN' })
}

export function confirmNegative(_: S, nf: NF): SessionDelivery {
  return { type: 'S-RELEASE.confirm', result: 'negative', userData: nf.userData ?? nothing }
}

function affirmed(dn: DN): SessionDelivery {
  return { type: 'S-RELEASE.confirm', result: 'affirmative', userData: dn.userData ?? nothing }
}

// --- abort, 7.9, 7.10

export function indicateAbort(s: S, ab: AB): SessionDelivery {
  disconnect(s)
  return abortIndication(ab)
}

export function indicateAbortKept(s: S, ab: AB): SessionDelivery {
  answerAbort(s)
  return abortIndication(ab)
}

export function answerAbort(s: S): void {
  keep(s)
  s.send(encodeSpdu({ type: 'AA' }))
}

/** X.225, A.4.1.2 a). Bit 3, or bit 5 where we could not rather than the peer should not. */
export function abortForError(s: S, { restriction, tsdu }: ProtocolErrorEvent): void {
  const why = restriction ? TransportDisconnect.implementationRestriction : TransportDisconnect.protocolError
  const reflect = s.ours.reflect && !restriction
  s.startTIM()
  s.send(
    encodeSpdu({
      type: 'AB',
      transportDisconnect: TransportDisconnect.released | why,
      ...(reflect && { reflectParameterValues: tsdu.subarray(0, 9) }),
    }),
  )
}

export function abortAndTell(s: S, event: ProtocolErrorEvent): SessionDelivery {
  abortForError(s, event)
  return { type: 'S-P-ABORT.indication', by: 'local provider', cause: event.error }
}

export function indicateLoss(s: S, event: TDisconnectIndication): SessionDelivery {
  forget(s)
  return lossIndication(event)
}

/** Whether this end of the transport stands for the DN we wait for. */
export function takenForDN(s: S, event: TDisconnectIndication): boolean {
  return s.ours.tolerate.disconnectInsteadOfDN && event.cause === undefined
}
