import type { ErrorClass, RejectReason, ServiceError } from '../asn1/error.js'
import type { Negotiated } from '../service.js'

/** A ServiceError by class and code. */
export function serviceError<C extends ErrorClass['type']>(type: C, value: Extract<ErrorClass, { type: C }>['value']): ServiceError {
  return { errorClass: { type, value } as ErrorClass }
}

export const nonExistent = { error: serviceError('access', 'object-non-existent') }
export const accessUnsupported = { error: serviceError('access', 'object-access-unsupported') }

/** The argument breaks a rule that its type cannot express, such as counts that must be equal. */
export const invalidArgument: { readonly reject: RejectReason } = {
  reject: { type: 'confirmedRequestPDU', value: 'invalid-argument' },
}

/** The same of a modifier. */
export const invalidModifier: { readonly reject: RejectReason } = {
  reject: { type: 'confirmedRequestPDU', value: 'invalid-modifier' },
}

/** Something inside itself more often than there is a use for. */
export const tooDeep: { readonly reject: RejectReason } = {
  reject: { type: 'confirmedRequestPDU', value: 'max-recursion-exceeded' },
}

/** An additional service that nobody here serves. */
export const unrecognized: { readonly reject: RejectReason } = {
  reject: { type: 'confirmedRequestPDU', value: 'unrecognized-service' },
}

/** The response does not fit the PDU. IEC 61850-8-1 has a code for it, which peers of minor version 1 know. */
export function tooLong({ versionNumber }: Negotiated): { readonly error: ServiceError } {
  return { error: versionNumber === 1 ? serviceError('service', 'pdu-size') : serviceError('resource', 'other') }
}

/** A number of the argument that is outside its range. */
export const valueOutOfRange: { readonly reject: RejectReason } = {
  reject: { type: 'confirmedRequestPDU', value: 'value-out-of-range' },
}
