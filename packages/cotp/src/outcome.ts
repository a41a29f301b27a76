import { type By, DecodeError, hex, type OsiError, OutcomeError, RefusedError, RejectedError, TimeoutError } from '@x/core'
import { fault } from './faults.js'
import { parameterValue } from './parameters.js'
import { DisconnectReason, describeDisconnectReason, describeRejectCause } from './reasons.js'
import type { TDisconnectIndication } from './service.js'
import type { DR, ER } from './tpdu.js'

/**
 * A DR ended it. Reasons of the session entity are the peer's user speaking, all others its transport entity.
 * @param what refused: it answers our CR, and the cause says so to every layer above
 */
export function disconnectedByDR(dr: DR, what: 'refused' | 'ended'): TDisconnectIndication {
  const byUser = dr.reason === DisconnectReason.notSpecified || dr.reason === DisconnectReason.normal
  const by = byUser ? 'peer' : 'peer provider'
  const information = parameterValue(dr.parameters, 'additionalInformation')
  const text = `refused by the ${by} at transport: ${describeDisconnectReason(dr.reason)} (DR reason ${dr.reason})`
  return {
    type: 'T-DISCONNECT.indication',
    reason: dr.reason,
    by,
    ...(what === 'refused' ? { cause: new RefusedError('cotp', 'COTP_REFUSED', text, { by, reason: dr.reason, answered: dr }) } : {}),
    ...(information ? { additionalInformation: information } : {}),
    ...(dr.userData ? { userData: dr.userData } : {}),
  }
}

/** An ER ended it. Its parameter is mandatory in class 0; ISODE leaves it out. */
export function disconnectedByER(er: ER): TDisconnectIndication & { readonly cause: OsiError } {
  const rejected = parameterValue(er.parameters, 'invalidTpdu')
  const what = rejected?.length
    ? `, at octet ${rejected.length - 1} of ${hex(rejected.subarray(0, 32))}${rejected.length > 32 ? ' …' : ''}`
    : ''
  const cause = new RejectedError('cotp', 'COTP_REJECTED', `the peer rejected a TPDU of ours: ${describeRejectCause(er.cause)}${what}`, {
    by: 'peer provider',
    reason: er.cause,
    answered: er,
  })
  return { type: 'T-DISCONNECT.indication', by: 'peer provider', cause }
}

/** The network connection is gone. @param unfinished octets of a TSDU whose end is missing */
export function disconnectedByNetwork(cause: OsiError | undefined, unfinished: number): TDisconnectIndication {
  const why =
    cause ??
    (unfinished > 0
      ? fault('COTP_UNFINISHED_TSDU', `the network connection ended inside a TSDU, after ${unfinished} octets of it`, 0, 'X.224, 6.3')
      : undefined)
  return { type: 'T-DISCONNECT.indication', by: byOf(cause), ...(why ? { cause: why } : {}) }
}

/** This side found a reason to end it. */
export function disconnectedLocally(cause: OsiError): TDisconnectIndication {
  return { type: 'T-DISCONNECT.indication', by: 'local provider', cause }
}

/** X.224, 6.5.4 note 2. */
export function ts1Expired(ts1: number): OsiError {
  return new TimeoutError('cotp', 'COTP_TS1', `TS1: no answer to the CR within ${ts1} ms`, { by: 'local provider' })
}

/** A TSDU whose segments take too long. */
export function tsduTooSlow(tsduTimeout: number): OsiError {
  return new TimeoutError('cotp', 'COTP_TSDU_TIMEOUT', `the peer did not end a TSDU within ${tsduTimeout} ms`, { by: 'local provider' })
}

/** Octets that are no TPKT are found here; everything else that ends a network connection comes from the peer's side, or is named. */
function byOf(cause: OsiError | undefined): By {
  if (cause instanceof OutcomeError) return cause.by
  return cause instanceof DecodeError && cause.code !== 'TPKT_TRUNCATED' ? 'local provider' : 'peer'
}
