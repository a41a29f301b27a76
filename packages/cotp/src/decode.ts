import { hex } from '@x/core'
import { fault } from './faults.js'
import { decodeParameters, type ParameterContext } from './parameters.js'
import type { Tpdu } from './tpdu.js'

/** Octets of the header in front of the variable part, the length indicator not counted. X.224, 13.3 to 13.12. */
const FIXED = { CR: 6, CC: 6, DR: 6, DC: 5, DT: 4, ED: 4, AK: 4, EA: 4, RJ: 4, ER: 4 } as const
/** The same in the extended format. */
const FIXED_EXTENDED = { DT: 7, ED: 7, AK: 9, EA: 7, RJ: 9 } as const
/** DT and ED without DST-REF: classes 0 and 1; RFC 1006, 6. */
const FIXED_SHORT = 2

/** High nibble of octet 2. X.224, Table 8; the nibbles left out belong to other protocols, or to nobody. */
const NAMES: readonly (Tpdu['type'] | undefined)[] = [
  undefined,
  'ED',
  'EA',
  undefined,
  undefined,
  'RJ',
  'AK',
  'ER',
  'DR',
  undefined,
  undefined,
  undefined,
  'DC',
  'CC',
  'CR',
  'DT',
]

/** What the code of a TPDU says it is; undefined when it has none, or one that X.224 does not define. */
export function typeOf(octets: Uint8Array): Tpdu['type'] | undefined {
  return octets.length < 2 ? undefined : NAMES[octets[1]! >> 4]
}

/**
 * Reads one TPDU, which fills its octets: class 0 does not concatenate. X.224, 13.
 *
 * Whether a DT, ED, AK, EA or RJ has the normal or the extended format is agreed on, not written. It is read from the length
 * indicator: every parameter that these TPDUs may have is of even length, so it is even in the normal format (2 without
 * DST-REF), odd in the extended one.
 *
 * @returns user data and octets in parameters are views
 * @throws DecodeError COTP_LENGTH, COTP_CODE, COTP_VALUE, COTP_PARAMETER, COTP_USER_DATA – with the offset in `octets`;
 *   `rejectCause` tells what to answer
 */
export function decodeTpdu(octets: Uint8Array): Tpdu {
  const { length } = octets
  // The hot path: DT of class 0.
  if (length > FIXED_SHORT && octets[0] === FIXED_SHORT && octets[1] === 0xf0) {
    const third = octets[2]!
    return { type: 'DT', endOfTsdu: third >= 0x80, number: third & 0x7f, userData: octets.subarray(3) }
  }
  const indicator = lengthIndicator(octets)
  const code = octets[1]!
  const type = NAMES[code >> 4]
  const lowNibble = code & 0x0f
  if (type === undefined) throw fault('COTP_CODE', `TPDU code: expected one of X.224, found ${hex2(code)} at octet 1`, 1, 'X.224, 13.2.2.2')
  const header = indicator + 1
  const { fixed, isExtended } = formatOf(type, indicator)
  if (indicator < fixed) {
    throw fault('COTP_LENGTH', `${type}: length indicator: expected at least ${fixed}, found ${indicator} at octet 0`, 0, 'X.224, 13.2.2.1')
  }
  const mayHaveCredit =
    type === 'CR' || type === 'CC' || type === 'DT' || type === 'ED' || ((type === 'AK' || type === 'RJ') && !isExtended)
  if (lowNibble !== 0 && !mayHaveCredit) {
    throw fault('COTP_VALUE', `${type}: low nibble of the code: expected 0, found ${lowNibble} at octet 1`, 1, 'X.224, 13.2.2.1')
  }
  const extended = isExtended ? ({ extended: true } as const) : {}
  if (type === 'DT' || type === 'ED') {
    const short = fixed === FIXED_SHORT
    const at = short ? 2 : 4
    const parameters = decodeParameters(type, octets, fixed + 1, header)
    return {
      type,
      endOfTsdu: octets[at]! >= 0x80,
      number: isExtended ? uint32(octets, at) % 0x8000_0000 : octets[at]! & 0x7f,
      userData: octets.subarray(header),
      ...(lowNibble ? { credit: lowNibble } : {}),
      ...(short ? {} : { destinationReference: uint16(octets, 2) }),
      ...extended,
      ...(parameters.length ? { parameters } : {}),
    }
  }

  const destinationReference = uint16(octets, 2)
  const context: ParameterContext = type === 'AK' && isExtended ? 'AK extended' : type
  const parameters = decodeParameters(context, octets, fixed + 1, header)
  if (length > header && type !== 'CR' && type !== 'CC' && type !== 'DR') {
    throw fault(
      'COTP_USER_DATA',
      `${type}: expected the end at octet ${header}, found ${length - header} more octets`,
      header,
      'X.224, 13.2',
    )
  }
  const userData = length > header ? { userData: octets.subarray(header) } : {}
  switch (type) {
    case 'CR':
    case 'CC': {
      const options = octets[6]! & 0x0f
      const head = { credit: lowNibble, destinationReference, sourceReference: uint16(octets, 4), class: octets[6]! >> 4, options }
      return { type, ...head, parameters, ...userData }
    }
    case 'DR':
      return { type, destinationReference, sourceReference: uint16(octets, 4), reason: octets[6]!, parameters, ...userData }
    case 'DC':
      return { type, destinationReference, sourceReference: uint16(octets, 4), parameters }
    case 'AK': {
      const credit = isExtended ? uint16(octets, 8) : lowNibble
      return { type, destinationReference, number: numberAt4(octets, isExtended), credit, ...extended, parameters }
    }
    case 'EA':
      return { type, destinationReference, number: numberAt4(octets, isExtended), ...extended, parameters }
    case 'RJ': {
      if (indicator !== fixed) throw fault('COTP_LENGTH', `RJ: length indicator: expected ${fixed}, found ${indicator}`, 0, 'X.224, 13.11')
      const credit = isExtended ? uint16(octets, 8) : lowNibble
      return { type, destinationReference, number: numberAt4(octets, isExtended), credit, ...extended }
    }
    case 'ER':
      return { type, destinationReference, cause: octets[4]!, parameters }
    default:
      return type satisfies never
  }
}

/** X.224, 13.2.1: the header without this octet; 255 is reserved, and the header must be here. */
function lengthIndicator(octets: Uint8Array): number {
  const { length } = octets
  if (length < 2) throw fault('COTP_LENGTH', `TPDU: expected at least 2 octets, found ${length}`, 0, 'X.224, 13.2.1')
  const indicator = octets[0]!
  if (indicator > 0 && indicator < 255 && indicator < length) return indicator
  const most = Math.min(254, length - 1)
  throw fault('COTP_LENGTH', `length indicator: expected 1 to ${most} for ${length} octets, found ${indicator}`, 0, 'X.224, 13.2.1')
}

function formatOf(type: Tpdu['type'], indicator: number): { fixed: number; isExtended: boolean } {
  if ((type === 'DT' || type === 'ED') && indicator === FIXED_SHORT) return { fixed: FIXED_SHORT, isExtended: false }
  const isExtended = type in FIXED_EXTENDED && indicator % 2 === 1 && indicator > FIXED[type]
  return { fixed: isExtended ? FIXED_EXTENDED[type as keyof typeof FIXED_EXTENDED] : FIXED[type], isExtended }
}

/** YR-TU-NR and its like: octet 5, or octets 5 to 8 in the extended format. Their highest bit is 0. */
function numberAt4(octets: Uint8Array, isExtended: boolean): number {
  if (octets[4]! < 0x80) return isExtended ? uint32(octets, 4) : octets[4]!
  throw fault('COTP_VALUE', `TPDU number: expected bit 8 of octet 4 to be 0, found ${hex2(octets[4]!)}`, 4, 'X.224, 13.9.3')
}

function uint16(octets: Uint8Array, at: number): number {
  return (octets[at]! << 8) | octets[at + 1]!
}

function uint32(octets: Uint8Array, at: number): number {
  return uint16(octets, at) * 0x1_0000 + uint16(octets, at + 2)
}

function hex2(octet: number): string {
  return hex(Uint8Array.of(octet))
}
