import {
  AbortedError,
  DecodeError,
  DisconnectedError,
  type Layer,
  OsiError,
  type OutcomeError,
  RefusedError,
  ReleasedError,
  TimeoutError,
} from '@x/core'
import { describeAbortDiagnostic, describeDiagnostic, type ResultSource } from '../codes.js'
import type { AAbortIndication, AAssociateConfirm, AAssociateResponse, AReleaseConfirm, AReleaseIndication } from '../service.js'
import type { TimeoutName } from './timeouts.js'

/** Why an association is over, or never was. */
export type CloseReason =
  /** In order. `by`: who asked for it. `reason`: of the RLRQ or RLRE that the peer sent. */
  | { readonly type: 'released'; readonly by: 'local' | 'remote'; readonly reason?: number }
  /** It was never established. `layer` says which layer refused, `diagnostic` is that layer's number. */
  | {
      readonly type: 'rejected'
      readonly by: 'local' | 'remote'
      readonly layer: Layer
      readonly result?: 'rejected-permanent' | 'rejected-transient'
      readonly source?: ResultSource
      readonly diagnostic?: number
    }
  /** By a user, with the diagnostic of its ABRT. */
  | { readonly type: 'u-abort'; readonly by: 'local' | 'remote'; readonly diagnostic?: number }
  /** By a protocol machine that met a protocol error: `layer` is where, `reason` that layer's number. */
  | { readonly type: 'p-abort'; readonly by: 'local' | 'remote'; readonly layer: Layer; readonly reason?: number }
  /** The network connection was closed or broke. */
  | { readonly type: 'transport-lost'; readonly by: 'local' | 'remote' }
  /** `which`: the setting that ran out; `stalled`: the peer did not read what was sent to it. */
  | { readonly type: 'timeout'; readonly which: TimeoutName | 'stalled' }

const timeouts: Readonly<Record<string, TimeoutName | 'stalled'>> = {
  TCP_TIMEOUT: 'connect',
  TLS_TIMEOUT: 'connect',
  OPEN_TIMEOUT: 'associate',
  REQUEST_TIMEOUT: 'request',
  RELEASE_TIMEOUT: 'release',
  IDLE_TIMEOUT: 'idle',
  STALLED: 'stalled',
}

/** What an error says about how an association ended; for whatever stands on an association, too. */
export function closeReasonOf(error: OutcomeError): CloseReason {
  const by = error.by === 'user' || error.by === 'local provider' ? 'local' : 'remote'
  if (error instanceof ReleasedError) {
    const { reason } = (error.answered ?? {}) as Partial<AReleaseIndication | AReleaseConfirm>
    return { type: 'released', by, ...(reason !== undefined && { reason }) }
  }
  if (error instanceof RefusedError) return rejection(error, by)
  if (error instanceof TimeoutError) return { type: 'timeout', which: timeouts[error.code] ?? 'request' }
  if (error instanceof AbortedError) {
    if (error.by === 'user' || error.by === 'peer')
      return { type: 'u-abort', by, ...(error.reason !== undefined && { diagnostic: error.reason }) }
    return { type: 'p-abort', by, layer: faultIn(error)?.layer ?? error.layer, ...(error.reason !== undefined && { reason: error.reason }) }
  }
  // What reads as a lost connection may be a layer of this side that gave up, or the peer's session that did.
  const fault = faultIn(error)
  if (fault) return { type: 'p-abort', by: fault instanceof AbortedError ? by : 'local', layer: fault.layer }
  if (error instanceof DisconnectedError && error.by === 'peer provider' && error.cause === undefined && error.code !== 'CLOSED_EARLY') {
    return { type: 'p-abort', by, layer: 'session' }
  }
  return { type: 'transport-lost', by }
}

function rejection(error: RefusedError, by: 'local' | 'remote'): CloseReason {
  const { result, resultSource: source } = (error.answered ?? {}) as Partial<AAssociateConfirm | AAssociateResponse>
  return {
    type: 'rejected',
    by,
    layer: error.layer,
    ...(result !== undefined && result !== 'accepted' && { result }),
    ...(source !== undefined && { source }),
    ...(error.reason !== undefined && { diagnostic: error.reason }),
  }
}

/** The protocol error at the bottom of it, if there is one. */
function faultIn(error: OsiError): OsiError | undefined {
  for (let cause: unknown = error.cause; cause instanceof OsiError; cause = cause.cause)
    if (cause instanceof DecodeError || cause instanceof AbortedError) return cause
  return undefined
}

/** A line for a log. */
export function describeCloseReason(reason: CloseReason): string {
  switch (reason.type) {
    case 'released':
      return `released by the ${reason.by} side`
    case 'rejected': {
      const { by, layer, source, diagnostic } = reason
      const why =
        diagnostic === undefined
          ? ''
          : layer === 'acse'
            ? `: ${describeDiagnostic(source ?? 'acse-service-user', diagnostic)}`
            : `, reason ${diagnostic}`
      return `rejected by the ${by} side at ${layer}${why}`
    }
    case 'u-abort':
      return `aborted by the ${reason.by} user${reason.diagnostic === undefined ? '' : `: ${describeAbortDiagnostic(reason.diagnostic)}`}`
    case 'p-abort':
      return `aborted by the ${reason.by} provider at ${reason.layer}${reason.reason === undefined ? '' : `, reason ${reason.reason}`}`
    case 'transport-lost':
      return `the network connection was closed by the ${reason.by} side`
    case 'timeout':
      return reason.which === 'stalled' ? 'the peer did not read what was sent to it' : `the ${reason.which} timeout ran out`
  }
}

/** User information that came with an end: of an ABRT, an RLRQ or an RLRE. */
export function informationOf(error: OutcomeError): AAbortIndication['userInformation'] {
  return ((error.answered ?? {}) as Partial<AAbortIndication>).userInformation ?? []
}
