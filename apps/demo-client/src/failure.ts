import {
  AbortedError,
  DecodeError,
  DisconnectedError,
  EncodeError,
  hex,
  OsiError,
  OutcomeError,
  RefusedError,
  RejectedError,
  ReleasedError,
  ServiceError,
  TimeoutError,
  UsageError,
} from '@x/core'
import { adviceFor } from './advice.js'
import { answeredBy } from './answered.js'
import { BadUsage, Failed, NotAssociated, Untyped } from './errors.js'
import { ExitCode } from './exit-codes.js'
import { type Colours, Interrupted, type Io } from './io.js'
import { jsonLine } from './render/json.js'
import { safe, truncated, wrapped } from './render/text.js'

/** An error as it is shown: which layer, who, why, what was offered and answered, and what to try next. */
export interface Failure {
  readonly exitCode: number
  /** What went wrong, one sentence. */
  readonly message: string
  readonly layer?: string
  /** Stable identity, such as `COTP_REFUSED`. */
  readonly code?: string
  readonly by?: string
  /** The standard's number at that layer. */
  readonly reason?: number
  readonly offered?: readonly (readonly [name: string, value: string])[]
  readonly answered?: readonly (readonly [name: string, value: string])[]
  readonly advice?: readonly string[]
}

/** What an error of a command amounts to; undefined: the command has said it all. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failed) return { exitCode: error.code, message: '' }
  if (error instanceof Interrupted) return { exitCode: ExitCode.interrupted, message: 'interrupted' }
  if (error instanceof BadUsage) return { exitCode: ExitCode.usage, message: error.message, advice: error.advice }
  if (error instanceof Untyped) {
    return {
      exitCode: ExitCode.refused,
      message: error.message,
      by: byText('peer'),
      advice: ['what there is: mms names, mms browse', '--type says the type where the device does not'],
    }
  }
  if (error instanceof NotAssociated) {
    if (error.cause instanceof UsageError) return { ...failureOf(error.cause), exitCode: ExitCode.usage }
    const network = error.cause instanceof OsiError && error.cause.layer === 'network'
    return {
      ...(error.cause instanceof OsiError ? failureOfStack(error.cause, 'opening') : failureOf(error.cause)),
      exitCode: ExitCode.notConnected,
      ...(network ? {} : { offered: error.offered }),
    }
  }
  if (error instanceof OsiError) return failureOfStack(error, 'open')
  return {
    exitCode: ExitCode.internal,
    message: `fault of this program: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  }
}

function failureOfStack(error: OsiError, phase: 'opening' | 'open'): Failure {
  const deepest = rootOf(error)
  const outcome = error instanceof OutcomeError ? error : undefined
  const reason = outcome?.reason ?? (deepest instanceof OutcomeError ? deepest.reason : undefined)
  const answered = answeredBy(error)
  const advice = adviceFor(error, deepest, phase)
  return {
    exitCode: exitCodeOf(error),
    message: error.message,
    layer: deepest.layer,
    code: deepest.code,
    // Of a TCP connection it is not known who refused: a program, a host or a firewall.
    ...(outcome === undefined || deepest.layer === 'network' ? {} : { by: byText(outcome.by) }),
    ...(reason === undefined ? {} : { reason }),
    ...(isRequest(error) ? { offered: [['request', truncated(argumentText(error.offered), 300)]] } : {}),
    ...(answered.length === 0 ? {} : { answered }),
    ...(advice.length === 0 ? {} : { advice }),
  }
}

/** An argument of a service in a few words: `{ objectClass: basicObjectClass domain, objectScope: vmdSpecific }`. */
function argumentText(value: unknown): string {
  if (value instanceof Uint8Array) return hex(value)
  if (Array.isArray(value)) return `[${value.map(argumentText).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value)
  if (entries.length === 2 && 'type' in value && 'value' in value) {
    return value.value === null ? String(value.type) : `${String(value.type)} ${argumentText(value.value)}`
  }
  return `{ ${entries.map(([name, part]) => `${name}: ${argumentText(part)}`).join(', ')} }`
}

function isRequest(error: OsiError): error is ServiceError | RejectedError {
  return (error instanceof ServiceError || error instanceof RejectedError) && typeof error.offered === 'object' && error.offered !== null
}

function exitCodeOf(error: OsiError): number {
  if (error instanceof ServiceError || error instanceof RejectedError) return ExitCode.refused
  if (error instanceof RefusedError) return ExitCode.notConnected
  if (
    error instanceof TimeoutError ||
    error instanceof AbortedError ||
    error instanceof DisconnectedError ||
    error instanceof ReleasedError
  ) {
    return ExitCode.lost
  }
  if (error instanceof UsageError || error instanceof EncodeError || error instanceof DecodeError) return ExitCode.usage
  return ExitCode.internal
}

/** The error of the stack that everything began with. */
function rootOf(error: OsiError): OsiError {
  let root = error
  for (let depth = 0; root.cause instanceof OsiError && depth < 16; depth++) root = root.cause
  return root
}

function byText(by: OutcomeError['by']): string {
  switch (by) {
    case 'peer':
      return 'the device'
    case 'peer provider':
      return "the device's protocol machine"
    case 'local provider':
      return "this program's protocol machine"
    case 'user':
      return 'this side'
    default:
      return by satisfies never
  }
}

/** Shows a failure: one block on standard error, or an object on standard output with `--json`. @returns the exit code */
export function reportFailure(error: unknown, io: Io, colours: Colours, json: boolean): number {
  const failure = failureOf(error)
  if (failure.message === '') return failure.exitCode
  if (json) io.out(`${jsonLine({ error: { ...failure, ...namedPairs(failure) } })}\n`)
  else io.err(`${failureLines(failure, colours, io.columns ?? 100).join('\n')}\n`)
  return failure.exitCode
}

function namedPairs({ offered, answered }: Failure): object {
  return { ...(offered && { offered: Object.fromEntries(offered) }), ...(answered && { answered: Object.fromEntries(answered) }) }
}

function failureLines(failure: Failure, { red, bold, dim }: Colours, width: number): string[] {
  const { layer, code, by, reason, offered = [], answered = [], advice = [] } = failure
  const lines = wrapped(safeLines(`mms: ${failure.message}`), Math.max(60, width), '     ').map((line, i) =>
    i === 0 ? red(bold(line)) : red(line),
  )
  const row = (name: string, value: string): void => {
    const room = Math.max(40, width - 14)
    for (const [i, line] of wrapped(safe(value), room).entries()) lines.push(`  ${dim((i === 0 ? name : '').padEnd(10))}  ${line}`)
  }
  if (layer !== undefined) row('layer', `${layer}${code === undefined ? '' : ` (${code})`}`)
  if (by !== undefined) row('by', by)
  if (reason !== undefined) row('reason', String(reason))
  for (const [i, [name, value]] of offered.entries()) row(i === 0 ? 'offered' : '', `${name}: ${value}`)
  for (const [i, [name, value]] of answered.entries()) row(i === 0 ? 'answered' : '', `${name}: ${value}`)
  for (const [i, line] of advice.entries()) row(i === 0 ? 'try' : '', line)
  return lines
}

/** A message may have a stack behind it; each of its lines is made fit for a terminal. */
function safeLines(text: string): string {
  return text.split('\n').map(safe).join('\n')
}
