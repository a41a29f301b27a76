import { FunctionalUnit } from '@x/iso-session'
import { without } from './alteration.js'
import { WITH_TOKENS } from './bits.js'
import { DEFAULT_CONTEXT, isSupported } from './contexts.js'
import type { ARUEvent } from './events.js'
import type { PresentationMachine } from './machine.js'
import type { PresentationContext, PresentationDataValues } from './service.js'
import { areOf } from './user-data.js'

/** X.226, Table A.20, as far as kernel and context management need it. Those about user data are true when there is none. */

type Values = readonly PresentationDataValues[] | undefined

/** The values are of contexts proposed in the CP, or of the default context if it proposed none. */
export function p03(m: PresentationMachine, values: Values, proposed: readonly PresentationContext[] = m.variables.proposed): boolean {
  return values === undefined || areOf(values, new Map(proposed.map(({ presentationContextIdentifier: id }) => [id, {}])))
}

/** The values are of contexts that this CPA or CPR accepts, or of the default context if it accepts none. */
export function p04(values: Values, accepted: ReadonlyMap<number, unknown>): boolean {
  return areOf(values, accepted)
}

/** The values are of the DCS, or of the default context if that is empty. */
export function p05(m: PresentationMachine, values: Values): boolean {
  return areOf(values, m.variables.set)
}

/** The values are of the DCS, but for what the peer proposed to delete. p05 where nothing is pending. */
export function p06(m: PresentationMachine, values: Values): boolean {
  const { set, alter } = m.variables
  return areOf(values, without(set, alter?.indicated?.deletions), set.size === 0)
}

/** The values are of the DCS, but for what this side proposed to delete. p05 where nothing is pending. */
export function p07(m: PresentationMachine, values: Values): boolean {
  const { set, alter } = m.variables
  return areOf(values, without(set, alter?.asked?.deletions), set.size === 0)
}

/** The values are of the DCS that this ACA leaves, or of the default context if that is empty. */
export function p09(values: Values, resulting: ReadonlyMap<number, unknown>): boolean {
  return areOf(values, resulting)
}

/** Context management was selected. */
export function p11(m: PresentationMachine): boolean {
  return m.variables.alter !== undefined
}

/** Both users require the session's typed data. Without context management there is no other way to have it at all, so this is p14
 *  and the condition of A.6 in one. */
export function p14(m: PresentationMachine): boolean {
  return (m.variables.units & FunctionalUnit.typedData) !== 0
}

/** The values are of the DCS or of contexts that we propose; of the default context if the DCS is or may become empty. */
export function p24(m: PresentationMachine, values: Values): boolean {
  const { set, alter } = m.variables
  return areOf(values, abortable(m), without(set, alter?.asked?.deletions).size === 0)
}

/** The values are of the DCS, but for what the peer proposed to delete, or of contexts that we propose. */
export function p25(m: PresentationMachine, values: Values): boolean {
  return areOf(values, abortable(m), false)
}

/** Contexts that values of an ARU can be from, in any state: those proposed while there is no DCS; else the DCS, but for what the peer
 *  proposed to delete, with what we propose to add. */
export function abortable(m: PresentationMachine): ReadonlyMap<number, unknown> {
  const { set, proposed, alter } = m.variables
  if (m.state === 'STAI1' || m.state === 'STAI2') return new Map(proposed.map(item => [item.presentationContextIdentifier, {}]))
  if (!alter?.asked && !alter?.indicated) return set
  const additions = alter.asked?.additions ?? []
  return new Map<number, unknown>([
    ...without(set, alter.indicated?.deletions),
    ...additions.map(item => [item.presentationContextIdentifier, {}] as const),
  ])
}

/** p05 for the one value of a P-DATA request; false for a list, which has no identifier. */
export function isDefined(m: PresentationMachine, presentationContextIdentifier: number | undefined): boolean {
  const { set } = m.variables
  return set.has(presentationContextIdentifier!) || (set.size === 0 && presentationContextIdentifier === DEFAULT_CONTEXT)
}

/** p07 for the one value of a P-DATA request. */
export function isKept(m: PresentationMachine, presentationContextIdentifier: number): boolean {
  return isDefined(m, presentationContextIdentifier) && !m.variables.alter?.asked?.deletions.includes(presentationContextIdentifier)
}

/** Two releases collided. */
export function p08(m: PresentationMachine): boolean {
  return m.variables.cr
}

/** Every encoding in the ARU is supported here, as far as its identifier list says what it is. */
export function p23(m: PresentationMachine, { values, identifierList = [] }: ARUEvent): boolean {
  return values.every(({ presentationContextIdentifier: identifier }) => {
    const context = m.variables.proposed.find(item => item.presentationContextIdentifier === identifier)
    const item = identifierList.find(named => named.presentationContextIdentifier === identifier)
    return context === undefined || item === undefined || isSupported(context.abstractSyntaxName, item.transferSyntaxName, m.policy)
  })
}

/** Our P-RELEASE request is not confirmed. */
export function isRequested(m: PresentationMachine): boolean {
  return m.variables.requested
}

/** Of two releases that collided one is complete, so ours has been sent, whether rl says so or not. */
export function isHalfReleased(m: PresentationMachine): boolean {
  return m.variables.half
}

/** Guard: a negative response needs an indication, and the session's negotiated release. */
export function mayRefuseRelease(m: PresentationMachine): boolean {
  return m.variables.indicated && (m.variables.units & FunctionalUnit.negotiatedRelease) !== 0
}

/** Guard: nothing may be sent after a release request (X.225, 7.6.2). */
export function maySend(m: PresentationMachine): boolean {
  return !isRequested(m) && !isHalfReleased(m)
}

/** Whether the functional unit was agreed that an event belongs to; where it was not, the event is unexpected, whatever it holds. */
export function isAgreed(m: PresentationMachine, event: string): boolean {
  switch (event) {
    case 'AC':
    case 'ACA':
    case 'P-ALTER-CONTEXT.request':
      return p11(m)
    case 'TTD':
    case 'P-TYPED-DATA.request':
      return p14(m)
    case 'S-TOKEN-GIVE.indication':
    case 'S-TOKEN-PLEASE.indication':
    case 'P-TOKEN-GIVE.request':
    case 'P-TOKEN-PLEASE.request':
      return hasTokens(m)
    default:
      return true
  }
}

/** X.226, A.6: the session has tokens. */
export function hasTokens(m: PresentationMachine): boolean {
  return (m.variables.units & WITH_TOKENS) !== 0
}
