import type { DecodeError } from '@x/core'
import { type FaultCode, fault } from './faults.js'
import { class0Answers } from './negotiation.js'
import type { Leniency } from './options.js'
import { type CC, type CR, type DT, type Parameter, type ParameterName, parameterOffsets, parameterValue } from './tpdu.js'

/** Asked for each leniency that is needed; counts it when it is granted. */
export interface Tolerant {
  tolerates(leniency: Leniency): boolean
}

/** A CR has at most so many octets. X.224, 13.3. */
export const MAX_CR = 128
/** User data of a CR or CC, where the class or RFC 1006 has any. X.224, 13.3.5. */
const MAX_CONNECT_DATA = 32
/** Octets of CR and CC in front of their parameters. */
const FIXED = 7

/**
 * What makes a CR that could be decoded invalid: those findings of X.224 that are answered with an ER. The order is ours.
 * X.224, 13.2.3, 13.3; whether class 0 can be agreed on is not asked here.
 */
export function crFault(cr: CR, octets: Uint8Array, tolerant: Tolerant): DecodeError | undefined {
  const value = (message: string, offset: number, clause: string) => fault('COTP_VALUE', `CR: ${message}`, offset, clause)
  if (octets.length > MAX_CR) return fault('COTP_LENGTH', `CR: expected at most ${MAX_CR} octets, found ${octets.length}`, 0, 'X.224, 13.3')
  if (cr.destinationReference !== 0) {
    return value(`DST-REF: expected 0 at octet 2, found ${cr.destinationReference}`, octets[2] ? 2 : 3, 'X.224, 13.3.3 c)')
  }
  if (cr.class > 4) return value(`class: expected 0 to 4 at octet 6, found ${cr.class}`, 6, 'X.224, 13.2.3')
  if (cr.credit !== 0 && cr.class < 2 && !tolerant.tolerates('creditBits')) {
    return value(`credit: expected 0 in class ${cr.class} at octet 1, found ${cr.credit}`, 1, 'X.224, 13.3.3 b)')
  }
  if (cr.sourceReference === 0 && !tolerant.tolerates('zeroReference')) {
    return value('SRC-REF: expected a reference other than 0 at octet 4', 5, 'X.224, 6.5.4 a)')
  }
  const alternatives = lastOf(cr.parameters, 'alternativeClasses')
  if (alternatives !== undefined) {
    const list = parameterValue(cr.parameters, 'alternativeClasses')
    const allowed =
      cr.class === 0 && list !== undefined ? tolerant.tolerates('alternativeClasses') : list && class0Answers(cr.class, list) !== 'invalid'
    if (!allowed) {
      const message = `CR: alternative classes: expected a combination of X.224, Table 3 with class ${cr.class}, found ${list?.join(', ') ?? 'no classes'}`
      return fault('COTP_PARAMETER', message, valueOffset(cr, octets, alternatives), 'X.224, 6.5.4 i)')
    }
  }
  return connectDataFault(cr, octets, tolerant)
}

/** What makes a CC of class 0 that could be decoded invalid. X.224, 13.2.3, 13.4; whether it fits the CR is not asked here. */
export function ccFault(cc: CC, octets: Uint8Array, tolerant: Tolerant): DecodeError | undefined {
  const value = (message: string, offset: number, clause: string) => fault('COTP_VALUE', `CC: ${message}`, offset, clause)
  if (cc.credit !== 0 && !tolerant.tolerates('creditBits')) {
    return value(`credit: expected 0 in class 0 at octet 1, found ${cc.credit}`, 1, 'X.224, 13.4.3')
  }
  if (cc.sourceReference === 0 && !tolerant.tolerates('zeroReference')) {
    return value('SRC-REF: expected a reference other than 0 at octet 4', 5, 'X.224, 6.5.4')
  }
  if (cc.options !== 0 && !tolerant.tolerates('optionBits')) {
    return value(`options: expected 0 in class 0 at octet 6, found ${cc.options}`, 6, 'X.224, 13.2.2.1')
  }
  for (const [index, parameter] of cc.parameters.entries()) {
    if (ALLOWED_IN_CC.has(parameter.type)) continue
    // Invalid sizes are no protocol error but an unacceptable answer, as other wrong sizes are.
    if (parameter.type === 'invalid' && parameter.name !== 'additionalOptions' && ALLOWED_IN_CC.has(parameter.name)) continue
    const offset = parameterOffsets(octets, FIXED, index + 1)[index]!
    const wrongValue = parameter.type === 'invalid' && parameter.name === 'additionalOptions'
    const what = parameter.type === 'unknown' || parameter.type === 'invalid' ? `code ${parameter.code.toString(16)}` : parameter.type
    const [code, expected]: [FaultCode, string] = wrongValue
      ? ['COTP_PARAMETER', 'expected a parameter that X.224, 13.3.4 allows']
      : ['COTP_PARAMETER_CODE', 'expected a parameter of class 0']
    return fault(code, `CC: ${expected} at octet ${offset}, found ${what}`, wrongValue ? offset + 1 : offset, 'X.224, 13.2.3')
  }
  return connectDataFault(cc, octets, tolerant)
}

/** X.224, 8.2.2, and RFC 1006, 5, which allows the additional options for expedited data. */
const ALLOWED_IN_CC: ReadonlySet<string> = new Set<ParameterName>([
  'tpduSize',
  'callingTransportSelector',
  'calledTransportSelector',
  'preferredTpduSize',
  'additionalOptions',
])

function connectDataFault(tpdu: CR | CC, octets: Uint8Array, tolerant: Tolerant): DecodeError | undefined {
  const length = tpdu.userData?.length ?? 0
  if (length === 0) return undefined
  const regular = tpdu.type === 'CR' && tpdu.class !== 0
  if (length <= MAX_CONNECT_DATA && (regular || tolerant.tolerates('connectData'))) return undefined
  const expected = length > MAX_CONNECT_DATA ? `expected at most ${MAX_CONNECT_DATA} octets` : 'expected none in class 0'
  return fault('COTP_USER_DATA', `${tpdu.type}: user data: ${expected}, found ${length}`, octets.length - length, 'X.224, 13.3.5')
}

/**
 * What is wrong with the header of a DT on an open connection of class 0. X.224, 13.7. Limits of whole TSDUs are asked elsewhere.
 * @param receiveSize longest TPDU agreed, in octets
 */
export function dtFault(dt: DT, octets: Uint8Array, receiveSize: number, tolerant: Tolerant): DecodeError | undefined {
  if (dt.destinationReference !== undefined) {
    return fault('COTP_LENGTH', `DT: length indicator: expected 2 in class 0, found ${octets[0]}`, 0, 'X.224, 13.7.1 a)')
  }
  if (dt.number !== 0 && !tolerant.tolerates('dataNumber')) {
    return fault('COTP_VALUE', `DT: TPDU number: expected 0 in class 0, found ${dt.number} at octet 2`, 2, 'X.224, 13.7.3')
  }
  if (dt.credit !== undefined && !tolerant.tolerates('dataNumber')) {
    return fault('COTP_VALUE', `DT: low nibble of the code: expected 0 in class 0, found ${dt.credit} at octet 1`, 1, 'X.224, 13.7.3')
  }
  if (octets.length > receiveSize && !tolerant.tolerates('oversizedData')) {
    return fault('COTP_TPDU_SIZE', `DT: expected at most ${receiveSize} octets, found ${octets.length}`, 2, 'X.224, 13.7.5')
  }
  return undefined
}

function lastOf(parameters: readonly Parameter[], name: ParameterName): number | undefined {
  const index = parameters.findLastIndex(parameter => parameter.type === name || (parameter.type === 'invalid' && parameter.name === name))
  return index < 0 ? undefined : index
}

function valueOffset(tpdu: CR | CC, octets: Uint8Array, index: number): number {
  const offset = parameterOffsets(octets, FIXED, index + 1)[index]!
  const header = octets.length - (tpdu.userData?.length ?? 0)
  return Math.min(offset + 2, header - 1)
}
