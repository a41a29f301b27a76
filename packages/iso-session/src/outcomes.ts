import { AbortedError, DisconnectedError, hex, type OutcomeError, RefusedError } from '@x/core'
import { refusalIn, withCause } from '@x/core/async'
import { refuseReasonText } from './reasons.js'
import type { SConnectConfirm, SessionDelivery, SPAbortIndication } from './service.js'
import { FunctionalUnit, namesOf, RefuseReason, TransportDisconnect, Version } from './values.js'

/** How a delivery ends a connection; undefined when it does not. @param opening it has not been open yet */
export function ended(delivery: SessionDelivery, opening: boolean): OutcomeError | undefined {
  switch (delivery.type) {
    case 'S-CONNECT.confirm':
      return delivery.result === 'accept' ? undefined : refused(delivery)
    case 'S-U-ABORT.indication': {
      const answered = delivery.userData.length > 0 ? { answered: { userData: delivery.userData } } : {}
      return new AbortedError('session', 'SESSION_ABORTED', 'the peer aborted the session', { by: 'peer', ...answered })
    }
    case 'S-P-ABORT.indication':
      return (opening ? refusalIn(delivery.cause) : undefined) ?? providerAborted(delivery)
    default:
      return undefined
  }
}

type Rejected = Extract<SConnectConfirm, { result: 'reject' }>

function refused(confirm: Rejected): RefusedError {
  const { by, reason, withoutReason, offered, sessionRequirements, versions, userData } = confirm
  const why = withoutReason ? 'without a reason' : `${refuseReasonText(reason)} (RF reason ${reason})`
  const answered = {
    ...(sessionRequirements !== undefined && { sessionRequirements }),
    ...(versions !== undefined && { versions }),
    ...(userData.length > 0 && { userData }),
  }
  const advice = adviceFor(confirm)
  return new RefusedError('session', 'SESSION_REFUSED', `refused by the ${by}: ${why}${advice && `; ${advice}`}`, {
    by,
    reason,
    offered: { ...offered, called: confirm.responding },
    answered,
  })
}

/** What was offered beside what would do, and what to try. */
function adviceFor({ reason, offered, sessionRequirements, versions, responding }: Rejected): string {
  const called = responding.sessionSelector === undefined ? 'without a session selector' : `as ${hex(responding.sessionSelector)}`
  switch (reason) {
    case RefuseReason.selectorUnknown:
    case RefuseReason.userNotAttached:
      return `it was called ${called}`
    case RefuseReason.userCongestion:
    case RefuseReason.spmCongestion:
      return 'it may have room later'
    case RefuseReason.versionNotSupported:
      return offered && versions !== undefined ? `proposed ${list(offered.versions, Version)}, it has ${list(versions, Version)}` : ''
    default:
      if (!offered || sessionRequirements === undefined || (offered.sessionRequirements & sessionRequirements & WAYS) !== 0) return ''
      return `proposed ${list(offered.sessionRequirements, FunctionalUnit)}, it has ${list(sessionRequirements, FunctionalUnit)}`
  }
}

const WAYS = FunctionalUnit.duplex | FunctionalUnit.halfDuplex

function list(bits: number, table: Readonly<Record<string, number>>): string {
  return namesOf(bits, table).join(', ') || 'none'
}

/** How an S-P-ABORT.indication reads as an error. */
export function providerAborted(indication: SPAbortIndication): OutcomeError {
  const { by, transportDisconnect, reflectParameterValues: reflected, cause } = indication
  const options = {
    by,
    ...(transportDisconnect === undefined ? {} : { reason: transportDisconnect }),
    ...(reflected && { answered: { reflectParameterValues: reflected } }),
    ...(cause === undefined ? {} : { cause }),
  }
  if (by === 'peer provider' && cause === undefined) {
    const why = abortReasonText(transportDisconnect ?? 0)
    const where = reflected ? `; it gave back ${hex(reflected)}` : ''
    return new AbortedError('session', 'SESSION_PROVIDER_ABORT', `the peer’s session provider aborted: ${why}${where}`, options)
  }
  if (cause?.layer === 'session')
    return new AbortedError('session', 'SESSION_PROTOCOL', withCause('the peer broke the session protocol', cause), options)
  return new DisconnectedError('session', 'SESSION_DISCONNECTED', withCause('the connection below the session was lost', cause), options)
}

/** PI 17 of an AB for people. X.225, 8.3.9.3. */
function abortReasonText(bits: number): string {
  const reasons = [
    bits & TransportDisconnect.protocolError ? 'it found a protocol error' : '',
    bits & TransportDisconnect.implementationRestriction ? 'a restriction of its implementation' : '',
  ].filter(text => text !== '')
  return reasons.join(', ') || 'no reason given'
}
