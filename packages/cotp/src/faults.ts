import { DecodeError } from '@x/core'
import { RejectCause } from './reasons.js'

/** What can be wrong with a TPDU. X.224 has no table from finding to reject cause; this one is ours. */
const CAUSE_OF = {
  /** The length indicator, or a TPDU longer than may be. */
  COTP_LENGTH: RejectCause.notSpecified,
  /** User data where none may be, or too much. */
  COTP_USER_DATA: RejectCause.notSpecified,
  /** A DT longer than the TPDU size agreed. */
  COTP_TPDU_SIZE: RejectCause.notSpecified,
  /** A TSDU longer than the limit of this side. */
  COTP_TSDU_SIZE: RejectCause.notSpecified,
  /** A DT without user data where one must have some. */
  COTP_EMPTY_DT: RejectCause.notSpecified,
  /** A parameter code that is unknown, or not allowed in this TPDU. */
  COTP_PARAMETER_CODE: RejectCause.invalidParameterCode,
  /** A TPDU code that is unknown, or not of class 0. */
  COTP_CODE: RejectCause.invalidTpduType,
  /** A TPDU that must not come in this state. */
  COTP_UNEXPECTED: RejectCause.invalidTpduType,
  /** A wrong value in the fixed part. */
  COTP_VALUE: RejectCause.invalidParameterValue,
  /** A wrong value or length of a parameter. */
  COTP_PARAMETER: RejectCause.invalidParameterValue,
  /** The network connection ended inside a TSDU: nothing to answer. */
  COTP_UNFINISHED_TSDU: RejectCause.notSpecified,
  /** An answer that was not offered; never answered by an ER. */
  COTP_NEGOTIATION: RejectCause.notSpecified,
} as const

export type FaultCode = keyof typeof CAUSE_OF

/** A DecodeError of this layer. @param offset of the octet that is wrong, counted from 0 in the TPDU */
export function fault(code: FaultCode, message: string, offset: number, clause: string): DecodeError {
  return new DecodeError('cotp', code, message, { offset, clause })
}

/** The procedure has no place for a TPDU of this type in this state. */
export function unexpected(type: string, state: string): DecodeError {
  return fault('COTP_UNEXPECTED', `${type} is not expected in state ${state}`, 1, 'X.224, A.2.3 b)')
}

/** Class 0 has no TPDU of this type. */
export function notOfClass0(type: string): DecodeError {
  return fault('COTP_CODE', `TPDU code: expected a TPDU of class 0 at octet 1, found ${type}`, 1, 'X.224, Table 8')
}

/** The reject cause of the ER that answers this error of `decodeTpdu`. X.224, 13.12.3. */
export function rejectCause(error: DecodeError): number {
  return (CAUSE_OF as Readonly<Record<string, number>>)[error.code] ?? RejectCause.notSpecified
}
