import { hex, RefusedError } from '@x/core'
import { refuseReasonText } from '@x/iso-session'
import { nameOf, ProviderReason } from './codes.js'
import { describeNegotiation } from './contexts.js'
import type { PConnectConfirm } from './service.js'

type Refusal = Extract<PConnectConfirm, { by: unknown }>

/** How a negative P-CONNECT.confirm reads as an error: the layer that refused, who, the standard's reason, and what it was about.
 *  `offered` is the definition list, `answered` the result list, where there is one. */
export function connectionRefused(confirm: Refusal): RefusedError {
  const { layer, by, providerReason, cause, presentationContextDefinitionList, presentationContextDefinitionResultList } = confirm
  const text = [`refused by the ${by} at ${layer}: ${reasonOf(confirm)}`, ...detailsOf(confirm)].join('; ')
  return new RefusedError(
    layer,
    layer === 'session' ? 'SESSION_REFUSED' : 'PRESENTATION_REFUSED',
    cause === undefined ? text : `${text}: ${cause.message}`,
    {
      by,
      ...(providerReason !== undefined && { reason: providerReason }),
      ...(presentationContextDefinitionList && { offered: presentationContextDefinitionList }),
      ...(presentationContextDefinitionResultList && { answered: presentationContextDefinitionResultList }),
      ...(cause !== undefined && { cause }),
    },
  )
}

function reasonOf({ layer, providerReason, result }: Refusal): string {
  if (providerReason === undefined) return result
  if (layer === 'session') return `${refuseReasonText(providerReason)} (RF reason ${providerReason})`
  return `${nameOf(ProviderReason, providerReason)} (CPR provider-reason ${providerReason})`
}

/** The selector, when the address is at fault; the contexts that were refused; the default context. */
function detailsOf(confirm: Refusal): string[] {
  const { layer, called, providerReason, defaultContextResult, presentationContextDefinitionResultList: results } = confirm
  if (layer === 'session') return []
  const { calledPresentationAddressUnknown, noPsapAvailable } = ProviderReason
  const addressed = providerReason === calledPresentationAddressUnknown || providerReason === noPsapAvailable
  const selector = called?.presentationSelector
  const lines = results ? describeNegotiation(confirm.presentationContextDefinitionList ?? [], results) : []
  return [
    ...(addressed ? [selector?.length ? `presentation selector ${hex(selector)} was called` : 'no presentation selector was called'] : []),
    ...lines.filter((_, i) => results?.[i]?.result !== 'acceptance'),
    ...(defaultContextResult ? [`default context: ${defaultContextResult}`] : []),
  ]
}
