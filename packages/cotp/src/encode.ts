import { EncodeError, type Sdu } from '@x/core'
import { encodeParameters } from './parameters.js'
import { type DT, type ED, type Tpdu, TpduCode } from './tpdu.js'

/**
 * The octets of one TPDU. X.224, 13. What the standard forbids but the format can say is encoded, so that a test can send it.
 *
 * @throws EncodeError COTP_VALUE: a number that has no room in its field; COTP_PARAMETER; COTP_LENGTH: a header above 255 octets
 */
export function encodeTpdu(tpdu: Tpdu): Uint8Array {
  const { type } = tpdu
  switch (type) {
    case 'CR':
    case 'CC': {
      const classOctet = (bits(tpdu.class, 4, `${type}.class`) << 4) | bits(tpdu.options, 4, `${type}.options`)
      const fixed = [code(type, tpdu.credit), ...reference(tpdu, 'destination'), ...reference(tpdu, 'source'), classOctet]
      return join(tpdu, fixed, encodeParameters(type, tpdu.parameters), tpdu.userData)
    }
    case 'DR': {
      const fixed = [code(type, 0), ...reference(tpdu, 'destination'), ...reference(tpdu, 'source'), bits(tpdu.reason, 8, 'DR.reason')]
      return join(tpdu, fixed, encodeParameters(type, tpdu.parameters), tpdu.userData)
    }
    case 'DC': {
      const fixed = [code(type, 0), ...reference(tpdu, 'destination'), ...reference(tpdu, 'source')]
      return join(tpdu, fixed, encodeParameters(type, tpdu.parameters))
    }
    case 'DT':
    case 'ED':
      return encodeData(tpdu)
    case 'AK':
    case 'RJ': {
      const format = tpdu.extended
        ? [code(type, 0), ...reference(tpdu, 'destination'), ...number(tpdu, 31), ...uint16(tpdu.credit, `${type}.credit`)]
        : [code(type, tpdu.credit), ...reference(tpdu, 'destination'), ...number(tpdu, 7)]
      const context = type === 'AK' && tpdu.extended ? 'AK extended' : type
      return join(tpdu, format, type === 'AK' ? encodeParameters(context, tpdu.parameters) : [])
    }
    case 'EA': {
      const fixed = [code(type, 0), ...reference(tpdu, 'destination'), ...number(tpdu, tpdu.extended ? 31 : 7)]
      return join(tpdu, fixed, encodeParameters(type, tpdu.parameters))
    }
    case 'ER': {
      const fixed = [code(type, 0), ...reference(tpdu, 'destination'), bits(tpdu.cause, 8, 'ER.cause')]
      return join(tpdu, fixed, encodeParameters(type, tpdu.parameters))
    }
    default:
      return type satisfies never
  }
}

/** Puts the header of a class 0 DT in front of its user data: the hot path of sending. X.224, 13.7. */
export function prependDT(userData: Sdu, endOfTsdu: boolean): void {
  userData.reserve(3)
  const { buffer } = userData
  let at = userData.start
  buffer[--at] = endOfTsdu ? 0x80 : 0
  buffer[--at] = TpduCode.DT
  buffer[--at] = 2
  userData.start = at
}

function encodeData(tpdu: DT | ED): Uint8Array {
  const short = tpdu.destinationReference === undefined
  const fixed = [code(tpdu.type, tpdu.credit ?? 0)]
  if (!short) fixed.push(...uint16(tpdu.destinationReference, `${tpdu.type}.destinationReference`))
  const extended = !short && tpdu.extended
  const octets = number(tpdu, extended ? 31 : 7)
  octets[0]! |= tpdu.endOfTsdu ? 0x80 : 0
  return join(tpdu, [...fixed, ...octets], encodeParameters(tpdu.type, tpdu.parameters), tpdu.userData)
}

function join(tpdu: Tpdu, fixed: readonly number[], variable: readonly number[], userData?: Uint8Array): Uint8Array {
  const indicator = fixed.length + variable.length
  if (indicator > 254) {
    throw new EncodeError('cotp', 'COTP_LENGTH', `${tpdu.type}: header: expected at most 254 octets behind its first, found ${indicator}`, {
      path: tpdu.type,
    })
  }
  const octets = new Uint8Array(1 + indicator + (userData?.length ?? 0))
  octets[0] = indicator
  octets.set(fixed, 1)
  octets.set(variable, 1 + fixed.length)
  if (userData) octets.set(userData, 1 + indicator)
  return octets
}

function code(type: Tpdu['type'], credit: number): number {
  return TpduCode[type] | bits(credit, 4, `${type}.credit`)
}

function reference<Which extends 'destination' | 'source'>(
  tpdu: { readonly type: string } & { readonly [Name in `${Which}Reference`]: number },
  which: Which,
): number[] {
  return uint16(tpdu[`${which}Reference`], `${tpdu.type}.${which}Reference`)
}

function number(tpdu: { readonly type: string; readonly number: number }, size: 7 | 31): number[] {
  const value = bits(tpdu.number, size, `${tpdu.type}.number`)
  return size === 7 ? [value] : [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]
}

function uint16(value: number, path: string): number[] {
  bits(value, 16, path)
  return [value >>> 8, value & 0xff]
}

function bits(value: number, size: number, path: string): number {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** size) return value
  throw new EncodeError('cotp', 'COTP_VALUE', `${path}: expected 0 to ${2 ** size - 1}, found ${value}`, { path })
}
