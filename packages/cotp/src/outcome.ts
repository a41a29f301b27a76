import { type By, DecodeError, hex, type OsiError, OutcomeError, RefusedError, RejectedError, TimeoutError } from '@x/core'
import { fault } from './faults.js'
import { parameterOffsets, parameterValue } from './parameters.js'
import { DisconnectReason, describeDisconnectReason, describeRejectCause } from './reasons.js'
import { formatSelector } from './selector.js'
import type { TDisconnectIndication } from './service.js'
import type { CR, DR, ER } from './tpdu.js'

/** A DR ended it. */
export function disconnectedByDR(dr: DR): TDisconnectIndication {
  const information = parameterValue(dr.parameters, 'additionalInformation')
  return {
    type: 'T-DISCONNECT.indication',
    reason: dr.reason,
    by: senderOf(dr),
    ...(information ? { additionalInformation: information } : {}),
    ...(dr.userData ? { userData: dr.userData } : {}),
  }
}

/** A DR answers our CR, and the cause says so to every layer above. */
export function refusedByDR(dr: DR, offered: CR): TDisconnectIndication & { readonly cause: OsiError } {
  const by = senderOf(dr)
  const called = formatSelector(parameterValue(offered.parameters, 'calledTransportSelector'))
  const text = `refused by the ${by} at transport: ${describeDisconnectReason(dr.reason)} (DR reason ${dr.reason}); ${adviceOn(dr.reason, called)}`
  const cause = new RefusedError('cotp', 'COTP_REFUSED', text, { by, reason: dr.reason, offered, answered: dr })
  return { ...disconnectedByDR(dr), cause }
}

/** Reasons of the session entity are the peer's user speaking, all others its transport entity. */
function senderOf({ reason }: DR): By {
  return reason === DisconnectReason.notSpecified || reason === DisconnectReason.normal ? 'peer' : 'peer provider'
}

function adviceOn(reason: number, called: string): string {
  switch (reason) {
    case DisconnectReason.addressUnknown:
    case DisconnectReason.sessionEntityNotAttached:
      return `check the called TSAP-ID, which was ${called}`
    case DisconnectReason.congestionAtTsap:
    case DisconnectReason.remoteCongestion:
    case DisconnectReason.referenceOverflow:
      return 'it has no room for another connection now: close one, or try again later'
    case DisconnectReason.negotiationFailed:
      return 'it does not serve class 0'
    default:
      return `the called TSAP-ID was ${called}`
  }
}

/** An ER ended it. Its parameter is mandatory in class 0; ISODE leaves it out. */
export function disconnectedByER(er: ER): TDisconnectIndication & { readonly cause: OsiError } {
  const text = `the peer rejected a TPDU of ours: ${describeRejectCause(er.cause)} (ER cause ${er.cause})${shown(er, '')}`
  const cause = new RejectedError('cotp', 'COTP_REJECTED', text, { by: 'peer provider', reason: er.cause, answered: er })
  return { type: 'T-DISCONNECT.indication', by: 'peer provider', cause }
}

/** An ER answers our CR: a refusal, too. @param octets of that CR */
export function refusedByER(er: ER, offered: CR, octets: Uint8Array): TDisconnectIndication & { readonly cause: OsiError } {
  const field = fieldAt(offered, octets, (parameterValue(er.parameters, 'invalidTpdu')?.length ?? 0) - 1)
  const why = `${describeRejectCause(er.cause)} (ER cause ${er.cause})${shown(er, field === undefined ? '' : `, ${field},`)}`
  const advice = field === 'tpduSize' || field === 'preferredTpduSize' ? `; try a smaller ${field}` : ''
  const text = `refused by the peer provider at transport: it rejected the connection request: ${why}${advice}`
  const cause = new RefusedError('cotp', 'COTP_REJECTED', text, { by: 'peer provider', reason: er.cause, offered, answered: er })
  return { type: 'T-DISCONNECT.indication', by: 'peer provider', cause }
}

/** Where the peer found it, and what it says it got: the last octet is the bad one. @param field what that octet belongs to */
function shown({ parameters }: ER, field: string): string {
  const rejected = parameterValue(parameters, 'invalidTpdu')
  if (!rejected?.length) return ''
  return `, at octet ${rejected.length - 1}${field} of ${hex(rejected.subarray(0, 32))}${rejected.length > 32 ? ' …' : ''}`
}

/** The field of a CR of ours that holds an octet. @returns undefined: outside the CR */
function fieldAt(cr: CR, octets: Uint8Array, offset: number): string | undefined {
  if (offset < 0 || offset >= octets.length) return undefined
  const fixed = FIXED_FIELDS[offset]
  if (fixed !== undefined) return fixed
  const index = parameterOffsets(octets, FIXED_FIELDS.length, cr.parameters.length).findLastIndex(from => from <= offset)
  return cr.parameters[index]?.type
}

/** X.224, 13.3.3: octet by octet. */
const FIXED_FIELDS = ['length indicator', 'code and credit', 'DST-REF', 'DST-REF', 'SRC-REF', 'SRC-REF', 'class'] as const

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
