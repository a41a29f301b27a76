import { EncodeError, type Sdu } from '@x/core'
import { type DecodeTolerances, decodeSpdu, encodeSpdu, formatAt, formatOf, invalid, type Spdu } from './codec.js'
import type { GT, PT } from './spdu.js'

export interface TsduTolerances extends DecodeTolerances {
  /**
   * A lone `01 00` with octets behind it that are no SPDU of category 2: DT without the GT in front. Two peers send and take it.
   * Off by default, because it takes any nonsense behind `01 00` for data. @default false
   */
  readonly dataWithoutGiveTokens?: boolean
}

/** One SPDU, or GT or PT followed by one of category 2: in the order of the wire. X.225, 6.3.7. */
export type Tsdu = readonly [Spdu] | readonly [GT | PT, Spdu]

/** What may stand behind GT and behind PT. X.225, 6.3.7, Table 7; an asterisk there: GT only without a token item. */
const behindGT = ['DT', 'MIP', 'MAP', 'RS*', 'AS', 'AD*', 'AI*', 'AE', 'CD*']
const behindPT = ['MIA', 'MAA', 'RA', 'AR', 'ADA', 'AIA', 'AEA', 'CDA', 'ER', 'ED']

/** GT without parameters, then DT without parameters: how nearly every TSDU begins. */
export function isPlainData(tsdu: Uint8Array): boolean {
  return tsdu.length >= 4 && tsdu[0] === 1 && tsdu[1] === 0 && tsdu[2] === 1 && tsdu[3] === 0
}

/**
 * Takes a TSDU apart. X.225, 6.3.7 and 8: basic concatenation. (Extended concatenation is never agreed to.)
 *
 * @param tsdu one whole TSDU; the octets of what is returned are views of it
 * @throws DecodeError SESSION_SI, SESSION_CONCATENATION, SESSION_TRAILING and those of `decodeSpdu`, with the offset in `tsdu`
 */
export function decodeTsdu(tsdu: Uint8Array, tolerances: TsduTolerances = {}): Tsdu {
  if (isPlainData(tsdu)) return [{ type: 'GT' }, { type: 'DT', userInformation: tsdu.subarray(4) }]
  if (tsdu.length === 0) throw invalid('SESSION_TRUNCATED', 'TSDU: expected an SPDU at octet 0, found none', 0, 'TSDU', '8.2')
  const format = formatOfSi(tsdu, 0, 'first')
  const { spdu, end } = decodeSpdu(tsdu, 0, format, tolerances)
  if (format.category === 2) throw concatenation(`${spdu.type} never stands alone, found at octet 0`, 0)
  if (end === tsdu.length) return [spdu]
  if (spdu.type !== 'GT' && spdu.type !== 'PT') {
    const text = `${spdu.type}: expected the end of the TSDU at octet ${end}, found ${tsdu.length - end} more octets`
    throw invalid('SESSION_TRAILING', text, end, spdu.type, '6.3.7')
  }
  try {
    return [spdu, secondSpdu(tsdu, end, spdu, tolerances)]
  } catch (error) {
    if (spdu.type === 'GT' && end === 2 && tolerances.dataWithoutGiveTokens) return [{ type: 'DT', userInformation: tsdu.subarray(end) }]
    throw error
  }
}

function secondSpdu(tsdu: Uint8Array, at: number, before: GT | PT, tolerances: DecodeTolerances): Spdu {
  const format = formatOfSi(tsdu, at, 'second')
  const fault = concatenationFault(before, format.type)
  if (fault) throw concatenation(`${fault}, found at octet ${at}`, at)
  const { spdu, end } = decodeSpdu(tsdu, at, format, tolerances)
  if (end < tsdu.length) throw concatenation(`expected at most two SPDUs, found more octets at octet ${end}`, end)
  return spdu
}

/** Why this pair may not share a TSDU, or undefined. */
function concatenationFault(before: GT | PT, type: string): string | undefined {
  const allowed = before.type === 'GT' ? behindGT : behindPT
  const bare = allowed.includes(`${type}*`)
  if (!bare && !allowed.includes(type)) return `${type} may not stand behind ${before.type}`
  if (bare && before.tokenItem !== undefined) return `${type} may not stand behind GT with a token item`
  if (before.userData !== undefined) return `${before.type} with user data may not introduce another SPDU`
  return undefined
}

function formatOfSi(tsdu: Uint8Array, at: number, place: 'first' | 'second') {
  const format = formatAt(tsdu[at]!, place)
  if (format) return format
  throw invalid('SESSION_SI', `TSDU: expected an SPDU identifier at octet ${at}, found ${tsdu[at]}`, at, 'TSDU', '8.3')
}

function concatenation(text: string, at: number) {
  return invalid('SESSION_CONCATENATION', `TSDU: ${text}`, at, 'TSDU', '6.3.7')
}

/**
 * Puts a TSDU together.
 *
 * @throws EncodeError SESSION_CONCATENATION when X.225, 6.3.7 does not allow these SPDUs in one TSDU; and those of `encodeSpdu`
 */
export function encodeTsdu(spdus: Tsdu): Sdu {
  const [spdu, behind] = spdus
  const last = behind ?? spdu
  let fault: string | undefined
  if (behind) fault = spdu.type === 'GT' || spdu.type === 'PT' ? concatenationFault(spdu, behind.type) : `${spdu.type} introduces nothing`
  else if (formatOf(spdu.type).category === 2) fault = `${spdu.type} never stands alone`
  if (fault) throw new EncodeError('session', 'SESSION_CONCATENATION', fault, { path: 'TSDU' })
  const sdu = encodeSpdu(last)
  return behind ? encodeSpdu(spdu, sdu) : sdu
}
