import { remembered } from '@x/core'
import type { AAssociateIndication } from './service.js'

/**
 * What is taken from peers although the standard does not have it so. Each by its own name; `strict` turns all of them off.
 */
export interface AssociationTolerances {
  /** An EXTERNAL in an AARQ that has only the presentation context identifier. X.680, 37.6 wants the transfer syntax beside it while
   *  contexts are being negotiated; libiec61850 leaves it out. @default true */
  readonly indirectReferenceAlone: boolean
  /** A P-RELEASE without RLRQ or RLRE is taken as an empty one. @default true */
  readonly releaseWithoutApdu: boolean
  /** A rejecting AARE that travels in an accepting P-CONNECT, as go-mms sends it. Confirmed as a rejection, then the presentation
   *  connection is aborted. Else: protocol error. @default true */
  readonly rejectionInAcceptance: boolean
  /** Mechanism name and authentication value in an AARQ or AARE without an ACSE-requirements field are taken as if it said
   *  authentication. Else: left out of an indication, a protocol error in an AARE. @default true */
  readonly requirementsAbsent: boolean
  /** An AARE agrees to functional units nobody asked for; they stay unused. Else: protocol error. @default true */
  readonly unrequestedRequirements: boolean
  /** AP title and AE qualifier of one entity in different forms. X.227, 9.1 forbids it and names no reaction. Else: rejected with
   *  user diagnostic 5 or 9, a protocol error in an AARE. @default true */
  readonly mixedTitleForms: boolean
  /** An accepting AARE names an application context that was not proposed. What it means is not said; taken for a peer that
   *  speaks something else. @default false: protocol error */
  readonly otherApplicationContext: boolean
  /** Elements and bits that X.227 does not define, in an AARE, RLRQ, RLRE or ABRT, are ignored. X.227, 7.4 has them ignored in an AARQ
   *  alone, the extension markers of Amendment 1 notwithstanding. @default false: protocol error */
  readonly undefinedElements: boolean
}

/** What is tolerated unless an option says otherwise. */
export const lenientTolerances: AssociationTolerances = {
  indirectReferenceAlone: true,
  releaseWithoutApdu: true,
  rejectionInAcceptance: true,
  requirementsAbsent: true,
  unrequestedRequirements: true,
  mixedTitleForms: true,
  otherApplicationContext: false,
  undefinedElements: false,
}

/** X.227 to the letter. */
export const strictTolerances: AssociationTolerances = {
  indirectReferenceAlone: false,
  releaseWithoutApdu: false,
  rejectionInAcceptance: false,
  requirementsAbsent: false,
  unrequestedRequirements: false,
  mixedTitleForms: false,
  otherApplicationContext: false,
  undefinedElements: false,
}

/** The functional units beyond the kernel. X.227, 6.2. */
export type FunctionalUnit = 'authentication' | 'application-context-negotiation'

/** Refuses with an AARE. */
export interface RejectVerdict {
  readonly type: 'reject'
  /** @default 'rejected-permanent' */
  readonly result?: 'rejected-permanent' | 'rejected-transient'
  /** @default 'acse-service-user' */
  readonly source?: 'acse-service-user' | 'acse-service-provider'
  /** Associate-source-diagnostic of that source. */
  readonly diagnostic: number
  /** Put into the AARE. @default the one of the AARQ */
  readonly applicationContextName?: string
  /** Contexts this side supports; sent when negotiation is in force. */
  readonly applicationContextNameList?: readonly string[]
}

/** Refuses with an ABRT of the user, as X.227, B.3.2 has it for a wrong password. */
export interface AbortVerdict {
  readonly type: 'abort'
  /** ABRT-diagnostic; sent when authentication was asked for. */
  readonly diagnostic?: number
}

/** What a policy says to an association that is asked for. */
export type Verdict = 'accept' | RejectVerdict | AbortVerdict

/** Options of an {@link AssociationMachine}. */
export interface AssociationOptions {
  /** Decides, before the user hears of it, whether an association is let through to the user. It must not act, and answers at once; a
   *  decision that takes time is the user's, in answer to the indication. @default everything is let through */
  readonly accept?: (indication: AAssociateIndication) => Verdict
  /** The units this ACPM has; others are struck from what a peer asks for. @default both */
  readonly functionalUnits?: readonly FunctionalUnit[]
  /** Sends the protocol version although it is the default. @default false */
  readonly sendProtocolVersion?: boolean
  /** Puts the transfer syntax into each EXTERNAL of an AARQ that has none, as X.680, 37.6 wants; four octets each. @default true */
  readonly sendDirectReference?: boolean
  /** What carries a rejecting AARE. X.227, 7.1.3.3: `user-rejection`. `acceptance`, followed by an abort, is for peers that cannot read
   *  the other. @default 'user-rejection' */
  readonly rejectionCarrier?: 'user-rejection' | 'acceptance'
  /** Longest authentication value of a peer, in octets or characters; above it: authentication-failure. @default 8192 */
  readonly authenticationValueLimit?: number
  /** No tolerances, except those named in `tolerate`. @default false */
  readonly strict?: boolean
  /** Single tolerances, by name. */
  readonly tolerate?: Partial<AssociationTolerances>
}

/** The tolerances that the options amount to; one for all machines that are given these options. */
export const tolerancesOf = remembered(({ strict, tolerate }: Pick<AssociationOptions, 'strict' | 'tolerate'>): AssociationTolerances => {
  const usual = strict ? strictTolerances : lenientTolerances
  return tolerate === undefined ? usual : { ...usual, ...tolerate }
})
