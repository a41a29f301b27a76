import { type ChannelSecurity, UsageError } from '@x/core'
import { AbortDiagnostic, AcseOid, UserDiagnostic } from './codes.js'
import type { ApplicationEntity, Authentication, AuthenticationValue } from './service.js'

/** What is wrong with a peer's proof. Its two numbers, in an AARE and in an ABRT: {@link authenticationDiagnostics}. */
export type AuthenticationFailure = 'mechanism-name-not-recognized' | 'mechanism-name-required' | 'failure' | 'required'

/** X.227, 9.1: the same four findings have other numbers in an ABRT than in an AARE. */
export const authenticationDiagnostics: Readonly<Record<AuthenticationFailure, { readonly aare: number; readonly abrt: number }>> = {
  'mechanism-name-not-recognized': {
    aare: UserDiagnostic.authenticationMechanismNameNotRecognized,
    abrt: AbortDiagnostic.authenticationMechanismNameNotRecognized,
  },
  'mechanism-name-required': {
    aare: UserDiagnostic.authenticationMechanismNameRequired,
    abrt: AbortDiagnostic.authenticationMechanismNameRequired,
  },
  failure: { aare: UserDiagnostic.authenticationFailure, abrt: AbortDiagnostic.authenticationFailure },
  required: { aare: UserDiagnostic.authenticationRequired, abrt: AbortDiagnostic.authenticationRequired },
}

/** What is known of a peer besides what it says of itself. */
export interface ProofContext {
  /** What a secure channel has made sure of, such as the peer's certificate. */
  readonly security?: ChannelSecurity
  /** Network address of the peer, such as `192.0.2.7:49152`. */
  readonly remote?: string
}

/** What a mechanism finds. */
export interface AuthenticationVerdict {
  readonly verified: boolean
  /** Who it is, in the terms of the application; handed to the hook that decides, and kept with the association. */
  readonly identity?: unknown
  /** What this side proves itself with in return. */
  readonly responding?: Authentication
}

export type Verification = boolean | AuthenticationVerdict

/** How one side proves who it is and the other checks it. X.227, 12.3: what the value means is the mechanism's affair. */
export interface AuthenticationMechanism {
  /** Dotted object identifier. */
  readonly mechanismName: string
  /** Further names taken for this mechanism: some peers write a wrong one. */
  readonly alsoNamed?: readonly string[]
  /** What this side puts into its AARQ or AARE; `own` is what it calls itself there. May take time. */
  prove(own: ApplicationEntity, context?: ProofContext): Authentication | PromiseLike<Authentication>
  /**
   * Whether the value is the proof of that peer; may take time where an association waits for it, not in `acceptWhen`.
   * Must take the same time for an unknown peer and for a wrong secret, or leave that to `failureDelay` of the rules.
   */
  verify(value: AuthenticationValue, peer: ApplicationEntity, context?: ProofContext): Verification | PromiseLike<Verification>
}

/** A mechanism that answers at once. */
export interface ImmediateMechanism extends AuthenticationMechanism {
  prove(own: ApplicationEntity): Authentication
  verify(value: AuthenticationValue, peer: ApplicationEntity): boolean
}

/** How a peer's proof is judged. */
export interface AuthenticationRules {
  /** The registry: a proof goes to the mechanism that has its name. */
  readonly mechanisms: readonly AuthenticationMechanism[]
  /** A peer without any proof is refused. @default true */
  readonly required?: boolean
  /** A proof without mechanism name is refused. @default false: with one mechanism it is that one, by prior agreement */
  readonly nameRequired?: boolean
  /** Longest authentication value, in octets or characters. @default 8192 */
  readonly valueLimit?: number
  /** An acceptor proves itself in return, with the mechanism that the peer used. @default false */
  readonly respond?: boolean
  /**
   * Milliseconds from the proof to the answer of a failure, at least: whoever looks secrets up somewhere hides there how long that took,
   * and guessing gets slow. @default 0
   */
  readonly failureDelay?: number
  /** Told what a mechanism threw; the peer is refused then. @default an association tells it as `fault` */
  readonly onFault?: (error: unknown) => void
}

/** Longest authentication value that is looked at, in octets or characters, unless an option says otherwise. */
export const AUTHENTICATION_VALUE_LIMIT = 8192

/**
 * Judges what a peer proves itself with; either direction. X.227, 9.1 and Annex B.3.2.
 *
 * @param authentication of the indication or confirm; undefined: the peer did not use the functional unit
 * @param peer the titles it calls itself by: `calling` of an indication, `responding` of a confirm
 * @returns undefined when all is well
 */
export function verifyAuthentication(
  authentication: Authentication | undefined,
  peer: ApplicationEntity,
  rules: AuthenticationRules,
): AuthenticationFailure | undefined {
  const found = mechanismFor(authentication, rules)
  if (found === undefined || typeof found === 'string') return found
  try {
    const verification = found.mechanism.verify(found.value, peer)
    if (typeof verification === 'boolean') return verification ? undefined : 'failure'
    if ('verified' in verification) return verification.verified ? undefined : 'failure'
    const text = `mechanism ${found.mechanism.mechanismName} takes time, which acceptWhen has not: give it to an association's policy`
    throw new UsageError('acse', 'ACSE_MECHANISM_TAKES_TIME', text)
  } catch (error) {
    // A mechanism is foreign code that reads what a stranger sent: whatever it throws, the stranger is not let in.
    rules.onFault?.(error)
    return 'failure'
  }
}

/**
 * The mechanism of the registry that a proof is for. X.227, 9.1 and Annex B.3.2.
 * @returns what is wrong instead; undefined when there is no proof and none is wanted
 */
export function mechanismFor(
  authentication: Authentication | undefined,
  rules: AuthenticationRules,
): { readonly mechanism: AuthenticationMechanism; readonly value: AuthenticationValue } | AuthenticationFailure | undefined {
  const name = authentication?.mechanismName
  const value = authentication?.authenticationValue
  if (value === undefined) return name === undefined && rules.required === false ? undefined : 'required'
  if (name === undefined && (rules.nameRequired || value.type === 'other' || rules.mechanisms.length !== 1))
    return 'mechanism-name-required'
  const mechanism = name === undefined ? rules.mechanisms[0] : rules.mechanisms.find(known => isNamed(known, name))
  if (mechanism === undefined) return 'mechanism-name-not-recognized'
  if (value.type === 'other' && value.value.mechanismName !== name) return 'failure'
  if (authenticationValueLength(value) > (rules.valueLimit ?? AUTHENTICATION_VALUE_LIMIT)) return 'failure'
  return { mechanism, value }
}

/** Octets, or characters of a charstring. */
export function authenticationValueLength(value: AuthenticationValue): number {
  switch (value.type) {
    case 'charstring':
      return value.value.length
    case 'bitstring':
      return value.value.octets.length
    case 'external':
      return value.value.octets.length
    case 'other':
      return value.value.value.length
  }
}

/** Options of {@link passwordMechanism}. */
export interface PasswordOptions {
  /** What this side proves itself with. @default it sends no value */
  readonly own?: string
  /** What the peer must send: one password, several, or by its titles; undefined or none: that peer is refused. @default nobody is let in */
  readonly peer?: string | readonly string[] | ((peer: ApplicationEntity) => string | readonly string[] | undefined)
  /** Whether the mechanism name is sent. X.227, B.3.1 leaves it to agreement. @default true */
  readonly sendName?: boolean
  /** Further names taken for 2.2.3.1. iec61850-rs writes 2.2.3.0.1. @default none */
  readonly alsoNamed?: readonly string[]
}

/**
 * Mechanism password-1, 2.2.3.1: the value is a charstring, and the titles say whose it is. X.227, Annex B.
 *
 * The comparison takes the same time wherever the first difference is, and for a peer nobody knows.
 */
export function passwordMechanism(options: PasswordOptions): ImmediateMechanism {
  const { own, peer: expected } = options
  return {
    mechanismName: AcseOid.password,
    alsoNamed: options.alsoNamed ?? [],
    prove: () => ({
      ...(options.sendName === false ? {} : { mechanismName: AcseOid.password }),
      ...(own === undefined ? {} : { authenticationValue: { type: 'charstring', value: own } }),
    }),
    verify(value, peer) {
      if (value.type !== 'charstring') return false
      const allowed = typeof expected === 'function' ? expected(peer) : expected
      const passwords = allowed === undefined ? [] : typeof allowed === 'string' ? [allowed] : allowed
      // All are compared, and one even when there is none, so that time tells neither which matched nor who is known.
      let matched = 0
      for (const password of passwords.length > 0 ? passwords : [NOBODY]) matched |= sameSecret(codes(value.value), codes(password)) ? 1 : 0
      return passwords.length > 0 && matched === 1
    },
  }
}

const NOBODY = '\0'

/**
 * Whether two secrets are equal. The time depends on the length of `received` alone: not on the first difference, and not on
 * `expected`. Numbers are compared one by one, so octets and character codes both do.
 */
export function sameSecret(received: ArrayLike<number>, expected: ArrayLike<number>): boolean {
  let difference = received.length ^ expected.length
  const length = expected.length || 1
  for (let i = 0; i < received.length; i++) difference |= received[i]! ^ (expected[i % length] ?? 0)
  return difference === 0
}

function codes(text: string): Uint16Array {
  const codes = new Uint16Array(text.length)
  for (let i = 0; i < text.length; i++) codes[i] = text.charCodeAt(i)
  return codes
}

function isNamed(mechanism: AuthenticationMechanism, name: string): boolean {
  return mechanism.mechanismName === name || (mechanism.alsoNamed?.includes(name) ?? false)
}
