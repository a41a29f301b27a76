import type { ServiceError } from '../../asn1/error.js'
import type { ExecutionArgument } from '../../asn1/program-invocation.js'
import type { Maybe } from '../maybe.js'
import type { ProgramInvocation } from './program-invocation.js'

/** What a hook is told of the change of state that it is to bring about. */
export interface ProgramRun {
  /** Of a start, or of a resume that has one. */
  readonly executionArgument?: ExecutionArgument
  /** Where to start, in the application's own syntax: with `csr`, of a start of a controlling invocation. */
  readonly startLocation?: string
  /** Fires when the invocation is killed or deleted meanwhile: what the hook answers then no longer counts. */
  readonly signal: AbortSignal
}

type Hook = (program: ProgramInvocation, run: ProgramRun) => Maybe<void>

/**
 * What the application does when a client moves a program. Sync or async; while a hook works the invocation is starting, stopping, resuming
 * or resetting, and the service is answered when it has ended. A hook that throws has failed: the invocation goes back to where it was, or to
 * unrunnable (`ProgramFailure`). A hook that is not there succeeds. ISO 9506-1, 12.4 to 12.8.
 */
export interface ProgramHooks {
  readonly start?: Hook
  readonly stop?: Hook
  readonly resume?: Hook
  readonly reset?: Hook
  /** The invocation stays as it is until this has ended, and altogether if it throws. */
  readonly kill?: Hook
  /** Whether it can make something of the argument; if not, definition, object-attribute-inconsistent is answered. @default yes */
  readonly accepts?: (argument: ExecutionArgument) => boolean
  /** Whether there is such a place to start from. @default no */
  readonly hasLocation?: (startLocation: string) => boolean
}

/** Thrown by a hook that wants to say more than that it has failed. */
export class ProgramFailure {
  /** The program can never run again. @default false */
  readonly unrunnable: boolean
  /** Shown to clients with `csr`; 0 says nothing is wrong. @default as it was */
  readonly errorCode: number | undefined
  /** @default service, other */
  readonly error: ServiceError | undefined

  constructor(
    given: { readonly unrunnable?: boolean; readonly errorCode?: number; readonly error?: Omit<ServiceError, 'serviceSpecificInfo'> } = {},
  ) {
    this.unrunnable = given.unrunnable ?? false
    this.errorCode = given.errorCode
    this.error = given.error
  }
}
