import { AbortedError, DisconnectedError, OsiError, type OutcomeError, RefusedError } from '@x/core'
import { refusalIn, withCause } from '@x/core/async'
import { describeAbortDiagnostic, describeDiagnostic } from '../codes.js'
import type { AAbortIndication, AAssociateConfirm, APAbortIndication, AssociationDelivery } from '../service.js'

/** How the deliveries that end an association read as errors. @param opening it was not established yet */
export function associationEnded(delivery: AssociationDelivery, opening: boolean): OutcomeError | undefined {
  switch (delivery.type) {
    case 'A-ASSOCIATE.confirm':
      return delivery.result === 'accepted' ? undefined : associationRefused(delivery)
    case 'A-ABORT.indication':
      return associationAborted(delivery)
    case 'A-P-ABORT.indication':
      return (opening ? refusalIn(delivery.cause) : undefined) ?? associationLost(delivery)
    default:
      return undefined
  }
}

/** How a negative A-ASSOCIATE.confirm reads as an error: who refused at which layer, and the standard's diagnostic. */
export function associationRefused(confirm: AAssociateConfirm, offered?: unknown): RefusedError {
  const { result, resultSource, diagnostic, cause } = confirm
  if (resultSource === 'presentation-service-provider') {
    const layer = cause?.layer ?? 'presentation'
    const { by = 'peer provider', reason } = cause instanceof RefusedError ? cause : {}
    return new RefusedError(layer, `${layer.toUpperCase()}_REFUSED`, cause?.message ?? 'refused by the presentation service provider', {
      by,
      ...(reason === undefined ? {} : { reason }),
      offered,
      answered: confirm,
      ...(cause === undefined ? {} : { cause }),
    })
  }
  const by = resultSource === 'acse-service-user' ? 'peer' : 'peer provider'
  const why =
    diagnostic === undefined ? 'no diagnostic given' : `${describeDiagnostic(resultSource, diagnostic)} (diagnostic ${diagnostic})`
  return new RefusedError(
    'acse',
    'ACSE_REFUSED',
    withCause(`association ${result.replace('-', ' ')} by the ${resultSource} of the peer: ${why}`, cause),
    {
      by,
      offered,
      answered: confirm,
      ...(diagnostic === undefined ? {} : { reason: diagnostic }),
      ...(cause === undefined ? {} : { cause }),
    },
  )
}

/** How an A-ABORT.indication reads as an error. */
export function associationAborted(indication: AAbortIndication): AbortedError {
  const { abortSource, by, diagnostic, cause } = indication
  const why = diagnostic === undefined ? '' : `: ${describeAbortDiagnostic(diagnostic)} (diagnostic ${diagnostic})`
  return new AbortedError('acse', 'ACSE_ABORTED', withCause(`aborted by the ${abortSource} (${by})${why}`, cause), {
    by,
    answered: indication,
    ...(diagnostic === undefined ? {} : { reason: diagnostic }),
    ...(cause === undefined ? {} : { cause }),
  })
}

/** How an A-P-ABORT.indication reads as an error: the connection below is gone. */
export function associationLost({ by, abortReason, cause }: APAbortIndication): OutcomeError {
  const options = { by, ...(abortReason === undefined ? {} : { reason: abortReason }), ...(cause === undefined ? {} : { cause }) }
  if (abortReason !== undefined) {
    return new AbortedError(
      'presentation',
      'PRESENTATION_PROVIDER_ABORT',
      withCause(`aborted by the ${by}, ARP reason ${abortReason}`, cause),
      options,
    )
  }
  return new DisconnectedError('acse', 'ACSE_DISCONNECTED', withCause('the connection below the association was lost', cause), options)
}

/**
 * The refusal that an initiator reads out of a peer that closes the connection instead of answering; undefined: that is not what happened.
 * libiec61850 does so when a password is wrong, or all its associations are taken.
 */
export function refusedByClosing({ abortReason, by, cause }: APAbortIndication): RefusedError | undefined {
  if (abortReason !== undefined || by === 'local provider') return undefined
  for (let why: unknown = cause; why instanceof OsiError; why = why.cause) if (!(why instanceof DisconnectedError)) return undefined
  const text = 'the peer closed the connection instead of answering the association request'
  return new RefusedError('acse', 'ACSE_CLOSED', text, { by })
}
