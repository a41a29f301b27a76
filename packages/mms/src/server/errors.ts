import type { ErrorClass, RejectReason, ServiceError } from '../asn1/error.js'

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

/** An additional service that nobody here serves. */
export const unrecognized: { readonly reject: RejectReason } = {
  reject: { type: 'confirmedRequestPDU', value: 'unrecognized-service' },
}
