import { rowsFor } from '@x/core'
import type { SessionEvent } from './events.js'
import type { SessionMachine } from './machine.js'
import { largestOfCN } from './negotiation.js'
import type { SessionDelivery } from './service.js'
import type { AB, FN, RF } from './spdu.js'
import { namedTokens } from './tokens.js'
import { DataOverflow, Enclosure, FunctionalUnit, Token, TransportDisconnect } from './values.js'

/**
 * X.225, Table A.2, as far as our functional units reach: 01 idle, no transport connection · 01A await AA · 01B await
 * T-CONNECT.confirm · 01C idle, transport connected · 01D await CDO · 02A await AC · 02B await OA · 03 await DN · 08 await
 * S-CONNECT.response · 09 await S-RELEASE.response · 16 await T-DISCONNECT.indication · 713 data transfer.
 */
export const sessionStates = [
  'STA01',
  'STA01A',
  'STA01B',
  'STA01C',
  'STA01D',
  'STA02A',
  'STA02B',
  'STA03',
  'STA08',
  'STA09',
  'STA16',
  'STA713',
] as const
export type SessionState = (typeof sessionStates)[number]

export type S = SessionMachine
export const on = rowsFor<S, SessionState, SessionEvent, SessionDelivery>()

/** States in which a user is attached: an end reaches it, an error is answered with AB. */
export const attached = ['STA02A', 'STA02B', 'STA03', 'STA08', 'STA09', 'STA713'] as const

// X.225, Table A.7, for transport without an expedited flow (TEXP false). I(t): t is not available or ours; A(t): not available or not ours.

/** We asked for the transport connection. */
export const p01 = (s: S) => !s.vtca
/** Our local choice: keep the transport connection. */
export const p02 = (s: S) => s.keeps
/** I(data token). */
export const p03 = (s: S) => (s.availableTokens & ~s.ownedTokens & Token.data) === 0
export const p04 = (s: S) => p70(s) && !s.vcoll
/** A(data token). */
export const p05 = (s: S) => (s.availableTokens & s.ownedTokens & Token.data) === 0
/** FU(typed data). */
export const p06 = (s: S) => (s.requirements & FunctionalUnit.typedData) !== 0
export const p07 = (s: S) => p06(s) && !s.vcoll
export const p10 = (s: S) => !s.vcoll
/** All tokens asked for are available. */
export const p53 = (s: S, tokens: number) => (namedTokens(tokens) & ~s.availableTokens) === 0
/** All tokens given are available and ours. */
export const p54 = (s: S, tokens: number) => (namedTokens(tokens) & ~(s.availableTokens & s.ownedTokens)) === 0
/** All tokens given are available and the peer's. */
export const p59 = (s: S, tokens: number) => (namedTokens(tokens) & ~(s.availableTokens & ~s.ownedTokens)) === 0
/** I(t) for all tokens. */
export const p63 = (s: S) => (s.availableTokens & ~s.ownedTokens) === 0
/** We offer to keep the transport connection, which we asked for. */
export const p64 = (s: S) => s.keeps && p01(s)
/** Some token is available. */
export const p65 = (s: S) => s.availableTokens !== 0
/** Vtrr. */
export const p66 = (s: S) => s.vtrr
/** FU(negotiated release). */
export const p67 = (s: S) => (s.requirements & FunctionalUnit.negotiatedRelease) !== 0
/** A(t) for all tokens. */
export const p68 = (s: S) => (s.availableTokens & s.ownedTokens) === 0
export const p69 = (s: S) => s.vcoll
/** FU(duplex). */
export const p70 = (s: S) => (s.requirements & FunctionalUnit.duplex) !== 0
export const p75 = (s: S) => !s.vcoll || s.vdnr
/** More than 10 240 octets of user data go with our CN. */
export const p204 = (s: S) => s.opening?.overflow !== undefined

/** FN-nr, or FN-r to the acceptor of the transport: only the initiator may offer to keep it. */
export const finishes = (s: S, fn: FN) => released(fn) || !p01(s)

/** Bit 1 of PI 17, set when it is absent. X.225, 8.3.5.6, 8.3.6.3. */
export function released(spdu: FN | RF | AB): boolean {
  return ((spdu.transportDisconnect ?? TransportDisconnect.released) & TransportDisconnect.released) !== 0
}

/** p204 of a request: more user data than a CN holds. */
export const exceedsCN = (e: { readonly userData?: Uint8Array }) => (e.userData?.length ?? 0) > largestOfCN

/** The peer's CN announces more user data than it holds. */
export function overflows(cn: { readonly dataOverflow?: number }): boolean {
  return ((cn.dataOverflow ?? 0) & DataOverflow.moreThan10240) !== 0
}

/** The last of a sequence. */
export function isEnd(enclosureItem: number): boolean {
  return (enclosureItem & Enclosure.end) !== 0
}
