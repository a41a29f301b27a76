import type { AAssociateConfirm } from '@x/acse'
import { describeDiagnostic } from '@x/acse'
import { type OsiError, OutcomeError } from '@x/core'
import { describeServiceError, type ServiceError } from '@x/mms'
import { selectorText } from './association.js'

type Pairs = readonly (readonly [name: string, value: string])[]

/** What the device answered to a request that failed, in words. */
export function answeredBy(error: OsiError): Pairs {
  if (!(error instanceof OutcomeError)) return []
  const { answered } = error
  if (isConfirm(answered)) return confirmPairs(answered)
  if (isServiceError(answered)) return [['error', describeServiceError(answered)]]
  return typeof answered === 'string' ? [['error', answered]] : []
}

function isConfirm(answered: unknown): answered is AAssociateConfirm {
  return typeof answered === 'object' && answered !== null && (answered as { type?: unknown }).type === 'A-ASSOCIATE.confirm'
}

function isServiceError(answered: unknown): answered is ServiceError {
  return typeof answered === 'object' && answered !== null && 'errorClass' in answered
}

function confirmPairs(confirm: AAssociateConfirm): Pairs {
  const { result, resultSource, diagnostic, responding, respondingPresentationAddress: address } = confirm
  // Without an AARE there is nothing but what the message says.
  if (resultSource === 'presentation-service-provider') return []
  const pairs: (readonly [string, string])[] = [['result', `${result}, source ${resultSource}`]]
  if (diagnostic !== undefined) pairs.push(['diagnostic', `${describeDiagnostic(resultSource, diagnostic)} (${diagnostic})`])
  if (address.presentationSelector !== undefined) pairs.push(['PSEL', selectorText(address.presentationSelector)])
  if (typeof responding.apTitle === 'string') pairs.push(['AP title', responding.apTitle])
  if (typeof responding.aeQualifier === 'number') pairs.push(['AE qualifier', String(responding.aeQualifier)])
  return pairs
}
