import { RefusedError } from '@x/core'
import { refuseReasonText } from '@x/iso-session'
import { nameOf, ProviderReason } from './codes.js'
import type { PConnectConfirm } from './service.js'

/** How a negative P-CONNECT.confirm reads as an error: the layer that refused, who, and the standard's reason. */
export function connectionRefused({ layer, by, providerReason, cause, result }: Extract<PConnectConfirm, { by: unknown }>): RefusedError {
  const reason =
    providerReason === undefined
      ? result
      : layer === 'session'
        ? `${refuseReasonText(providerReason)} (RF reason ${providerReason})`
        : `${nameOf(ProviderReason, providerReason)} (CPR provider-reason ${providerReason})`
  return new RefusedError(
    layer,
    layer === 'session' ? 'SESSION_REFUSED' : 'PRESENTATION_REFUSED',
    `refused by the ${by} at ${layer}: ${reason}${cause ? `: ${cause.message}` : ''}`,
    {
      by,
      ...(providerReason === undefined ? {} : { reason: providerReason }),
      ...(cause === undefined ? {} : { cause }),
    },
  )
}
