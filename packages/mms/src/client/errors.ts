import { type OutcomeError, RejectedError, ServiceError } from '@x/core'
import { type DataAccessError, dataAccessErrors } from '../asn1/data.js'
import { type ErrorClass, errorCodes, type RejectReason, rejectCodes, type ServiceError as ServiceErrorValue } from '../asn1/error.js'
import { formatObjectName, formatVariable } from '../names.js'
import type { MConfirmedConfirm } from '../service.js'
import type { VariableItem } from './specify.js'

/** A ServiceError of ISO 9506-2 for people, such as `access: object-non-existent`. */
export function describeServiceError({
  errorClass,
  additionalCode,
  additionalDescription,
  serviceSpecificInfo,
}: ServiceErrorValue): string {
  const more = [
    ...(serviceSpecificInfo === undefined ? [] : [`${serviceSpecificInfo.type}: ${infoText(serviceSpecificInfo.value)}`]),
    ...(additionalCode === undefined ? [] : [`additional code ${additionalCode}`]),
    ...(additionalDescription === undefined ? [] : [`"${additionalDescription}"`]),
  ]
  return `${spelled(errorClass.type)}: ${errorClass.value}${more.length ? ` (${more.join(', ')})` : ''}`
}

/** What a service adds to its error, such as the state of a program invocation, or the object that is wrong. */
function infoText(value: unknown): string {
  return typeof value === 'object'
    ? JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner))
    : String(value)
}

/** A reject reason for people, such as `confirmed-request: unrecognized-service`. */
export function describeRejectReason({ type, value }: RejectReason): string {
  return `${spelled(type.replace(/PDU$/, ''))}: ${value}`
}

/** camelCase as the standard's hyphens. */
function spelled(name: string): string {
  return name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

/** How a request that did not get its response reads as an error. */
export function outcomeOf(service: string, argument: unknown, confirm: Exclude<MConfirmedConfirm, { result: 'response' }>): OutcomeError {
  switch (confirm.result) {
    case 'error': {
      const { error, modifierPosition } = confirm
      const { errorClass } = error
      const where = modifierPosition === undefined ? service : `modifier ${modifierPosition} of ${service}`
      return new ServiceError(
        'mms',
        codeOf(errorClass.type, errorClass.value),
        `${where} refused by the peer: ${describeServiceError(error)}`,
        {
          by: 'peer',
          ...numbered(errorCodes, errorClass),
          offered: argument,
          answered: modifierPosition === undefined ? error : { ...error, modifierPosition },
        },
      )
    }
    case 'reject': {
      const reason = confirm.rejectReason
      return new RejectedError(
        'mms',
        codeOf('reject', reason.value),
        `${service} rejected by the peer's MMS provider: ${describeRejectReason(reason)}`,
        {
          by: 'peer provider',
          ...numbered(rejectCodes, reason),
          offered: argument,
          answered: reason,
        },
      )
    }
    case 'unreadable':
      return new RejectedError('mms', 'MMS_UNREADABLE', `the answer to ${service} could not be read: ${confirm.cause.message}`, {
        by: 'local provider',
        cause: confirm.cause,
        offered: argument,
      })
    default:
      return confirm satisfies never
  }
}

/** A ServiceError of ISO 9506-2 that answers a service, as an error. */
export function refusedByPeer(service: string, offered: unknown, answered: ServiceErrorValue): ServiceError {
  const { errorClass } = answered
  const text = `${service} refused by the peer: ${describeServiceError(answered)}`
  return new ServiceError('mms', codeOf(errorClass.type, errorClass.value), text, {
    by: 'peer',
    ...numbered(errorCodes, errorClass),
    offered,
    answered,
  })
}

/** Whether a ServiceError of the peer is of a class, and has a code. @param code absent: any */
export function isErrorOf<C extends ErrorClass['type']>(
  error: ServiceError,
  errorClass: C,
  code?: Extract<ErrorClass, { type: C }>['value'],
): boolean {
  const answered = error.answered as Partial<ServiceErrorValue> | undefined
  if (typeof answered !== 'object' || answered.errorClass?.type !== errorClass) return false
  return code === undefined || answered.errorClass.value === code
}

/** The peer answered with more or fewer results than there were items. */
export function wrongCount(service: 'read' | 'write', items: number, results: number): ServiceError {
  return new ServiceError('mms', 'MMS_RESULTS', `${service}: expected ${items} results, one for each item, found ${results}`, {
    by: 'peer',
    offered: items,
    answered: results,
  })
}

/** The failure of one item of a read or write as an error. */
export function accessFailed(service: 'read' | 'write', item: VariableItem, failure: DataAccessError | undefined): ServiceError {
  const name = nameOfItem(item)
  if (failure === undefined) {
    return new ServiceError('mms', 'MMS_RESULTS', `${service} of ${name}: the peer answered without a result for it`, {
      by: 'peer',
      offered: item,
    })
  }
  return new ServiceError('mms', codeOf('dataAccess', failure), `${service} of ${name} failed at the peer: ${failure}`, {
    by: 'peer',
    reason: typeof failure === 'number' ? failure : dataAccessErrors[failure],
    offered: item,
    answered: failure,
  })
}

/** A variable as messages have it. */
export function nameOfItem(item: VariableItem): string {
  if (typeof item === 'string') return item
  if ('type' in item) return formatObjectName(item)
  if ('name' in item) return formatVariable(item)
  return item.variableSpecification.type === 'name' ? formatObjectName(item.variableSpecification.value) : item.variableSpecification.type
}

/** `MMS_ACCESS_OBJECT_NON_EXISTENT` and the like. */
function codeOf(group: string, code: string | number | bigint): string {
  return `MMS_${spelled(group)}_${code}`.toUpperCase().replaceAll('-', '_')
}

function numbered(codes: object, { type, value }: { readonly type: string; readonly value: unknown }): { reason?: number } {
  if (typeof value === 'number') return { reason: value }
  const number = (codes as Record<string, Record<string, number>>)[type]?.[String(value)]
  return number === undefined ? {} : { reason: number }
}
