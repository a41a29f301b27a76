import { owned, shared } from '@x/core'
import type { FunctionalUnit } from './options.js'
import type { AAssociateConfirm, AAssociateIndication, AAssociateRequest, AAssociateResponse } from './service.js'

/** The functional units beyond the kernel that this ACPM has. */
export const allUnits: readonly FunctionalUnit[] = ['authentication', 'application-context-negotiation']

/** What an ACPM knows of its association; it stays readable when the association was rejected or has ended. */
export interface AssociationRecord {
  /** Which side asked for it; undefined: nobody yet. Predicate p2 of Table A.5. */
  role: 'initiator' | 'responder' | undefined
  /** What was asked for. A copy; the authentication value is left out. */
  requested: AAssociateRequest | AAssociateIndication | undefined
  /** What was answered, kept in the same way. */
  answered: AAssociateResponse | AAssociateConfirm | undefined
  /** Units beyond the kernel: asked for, and from the answer on agreed to. */
  functionalUnits: readonly FunctionalUnit[]
  /** Identifier of the presentation context of ACSE; -1: there is none. */
  context: number
  /** Identifiers of all contexts in use; those proposed, until they are answered. */
  contexts: ReadonlySet<number>
  /** 1 changes how aborts travel: X.227, 7.3.3. */
  sessionVersion: 1 | 2
}

/** Before anything is known. */
export function newAssociation(): AssociationRecord {
  return {
    role: undefined,
    requested: undefined,
    answered: undefined,
    functionalUnits: [],
    context: -1,
    contexts: new Set(),
    sessionVersion: 2,
  }
}

/** The units that a request asks for, or an indication lets through: each has a member of its own. */
export function unitsIn(primitive: AAssociateRequest | AAssociateIndication): readonly FunctionalUnit[] {
  return allUnits.filter(unit => primitive[unit === 'authentication' ? unit : 'applicationContextNameList'] !== undefined)
}

type Establishing = AAssociateRequest | AAssociateIndication | AAssociateResponse | AAssociateConfirm

/** A copy without the authentication value, which is nobody's business any more, and with octets of its own. */
export function kept<T extends Establishing>(primitive: T): T {
  return owned(withoutValue(primitive))
}

/** The primitive without the authentication value. */
export function withoutValue<T extends Establishing>(primitive: T): T {
  const { authentication } = primitive
  if (authentication?.authenticationValue === undefined) return primitive
  const { authenticationValue: _, ...name } = authentication
  return { ...primitive, authentication: name }
}

/** The same as an equal one of before, if it holds no authentication value: those are kept nowhere. */
export function sharedUnlessSecret<T extends Establishing>(primitive: T): T {
  return withoutValue(primitive) === primitive ? shared(primitive) : primitive
}

/** The primitive with the authentication value still to be read, but not to be printed, copied or listed. */
export function discreet<T extends Establishing>(primitive: T): T {
  const { authentication } = primitive
  if (authentication?.authenticationValue === undefined) return primitive
  const hidden = { ...withoutValue(primitive).authentication }
  Object.defineProperty(hidden, 'authenticationValue', { value: authentication.authenticationValue, enumerable: false })
  return { ...primitive, authentication: hidden }
}
