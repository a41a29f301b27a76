import { OutcomeError, ServiceError as ServiceErrorOutcome } from '@x/core'
import type { ServiceError } from '../../asn1/error.js'
import { serviceError } from '../errors.js'
import { FileStoreError } from '../file-store.js'

/** A load or an upload that did not come off, for no reason that has a code of its own. */
export const TRANSFER_PROBLEM = serviceError('vmdState', 'domain-transfer-problem')

/**
 * What was thrown while a domain was loaded or stored, as the error that a client is told: the error of the peer that was asked, that of a file
 * store, `{ error }` of a hook, and vmd-state, domain-transfer-problem for anything else.
 */
export function failureOf(thrown: unknown): ServiceError {
  if (thrown instanceof ServiceErrorOutcome && isServiceError(thrown.answered)) return thrown.answered
  if (thrown instanceof FileStoreError) return serviceError('file', thrown.fileError)
  if (typeof thrown === 'object' && thrown !== null && 'error' in thrown && isServiceError(thrown.error)) return thrown.error
  return TRANSFER_PROBLEM
}

/** The same of what a third party was asked for: it may also have been lost. ISO 9506-1, 11.10; the codes are our reading. */
export function thirdPartyFailureOf(thrown: unknown): ServiceError {
  const isLost = thrown instanceof OutcomeError && !(thrown instanceof ServiceErrorOutcome)
  return isLost ? serviceError('applicationReference', 'connection-lost') : failureOf(thrown)
}

function isServiceError(value: unknown): value is ServiceError {
  return typeof value === 'object' && value !== null && 'errorClass' in value
}
