import { DEFAULT_CONTEXT, isSupported } from './contexts.js'
import type { ARUEvent } from './events.js'
import type { PresentationMachine } from './machine.js'
import type { PresentationContext, PresentationDataValues } from './service.js'
import { areOf } from './user-data.js'

/** X.226, Table A.20, as far as the kernel needs it. Those about user data are true when there is none. */

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

/** p05 for the one value of a P-DATA request. */
export function isDefined(m: PresentationMachine, presentationContextIdentifier: number): boolean {
  const { set } = m.variables
  return set.has(presentationContextIdentifier) || (set.size === 0 && presentationContextIdentifier === DEFAULT_CONTEXT)
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

/** Guard: our P-RELEASE request is not confirmed; nothing may be sent after it (X.225, 7.6.2). */
export function isRequested(m: PresentationMachine): boolean {
  return m.variables.requested
}

/** Guard: of two releases that collided one is complete, so ours has been sent, whether rl says so or not. */
export function isHalfReleased(m: PresentationMachine): boolean {
  return m.variables.half
}

/** Guard: a negative response needs an indication, and the session's negotiated release. */
export function mayRefuseRelease(m: PresentationMachine): boolean {
  return m.variables.indicated && m.variables.negotiatedRelease
}
