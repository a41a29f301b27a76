import { EncodeError, type Sdu } from '@x/core'
import { type DecodeTolerances, decodeSpdu, encodeSpdu, formatAt, formatOf, invalid, type Spdu } from './codec.js'
import type { GT, PT } from './spdu.js'
import { Enclosure } from './values.js'

export interface TsduTolerances extends DecodeTolerances {
  /**
   * A lone `01 00` with octets behind it that are no SPDU of category 2: DT without the GT in front. Two peers send and take it.
   * Off by default, because it takes any nonsense behind `01 00` for data. @default false
   */
  readonly dataWithoutGiveTokens?: boolean
  /** Up to three SPDUs behind a GT: this side has said that it can receive extended concatenation. X.225, 6.3.7. @default false */
  readonly extendedConcatenation?: boolean
}

/** One SPDU, or GT or PT followed by one of category 2, or by up to three: in the order of the wire. X.225, 6.3.7. */
export type Tsdu = readonly [Spdu] | readonly [GT | PT, Spdu, ...Spdu[]]

/** What may stand behind GT and behind PT. X.225, 6.3.7, Table 7; an asterisk there: GT only without a token item. */
const behindGT = ['DT', 'MIP', 'MAP', 'RS*', 'AS', 'AD*', 'AI*', 'AE', 'CD*']
const behindPT = ['MIA', 'MAA', 'RA', 'AR', 'ADA', 'AIA', 'AEA', 'CDA', 'ER', 'ED']

/** GT without parameters, then DT without parameters: how nearly every TSDU begins. */
export function isPlainData(tsdu: Uint8Array): boolean {
  return tsdu.length >= 4 && tsdu[0] === 1 && tsdu[1] === 0 && tsdu[2] === 1 && tsdu[3] === 0
}

/**
 * X.225, Table 8: what extended concatenation allows behind a GT, each place filled or not: the start of an activity, then a
 * synchronization point (an acknowledgement only without a start), then DT.
 */
const starts = ['AS', 'AR']
const points = ['MIP', 'MAP', 'AE']
const acknowledgements = ['MIA', 'MAA', 'AEA']

/**
 * Takes a TSDU apart. X.225, 6.3.7 and 8: basic concatenation, and extended by option.
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
    return [spdu, ...introduced(tsdu, end, spdu, tolerances)]
  } catch (error) {
    if (spdu.type === 'GT' && end === 2 && tolerances.dataWithoutGiveTokens) return [{ type: 'DT', userInformation: tsdu.subarray(end) }]
    throw error
  }
}

/** The SPDUs of category 2 behind a GT or PT. */
function introduced(tsdu: Uint8Array, from: number, before: GT | PT, tolerances: TsduTolerances): [Spdu, ...Spdu[]] {
  const types: string[] = []
  const spdus: Spdu[] = []
  for (let at = from; at < tsdu.length; ) {
    if (spdus.length === 1 && !tolerances.extendedConcatenation) {
      throw concatenation(`expected at most two SPDUs, found more octets at octet ${at}`, at)
    }
    const format = formatOfSi(tsdu, at, 'second')
    types.push(format.type)
    const bare = concatenationFault(before, types, undefined, tolerances.extendedConcatenation)
    if (bare) throw concatenation(`${bare}, found at octet ${at}`, at)
    const { spdu, end } = decodeSpdu(tsdu, at, format, tolerances)
    const fault = concatenationFault(before, types, spdu, tolerances.extendedConcatenation)
    if (fault) throw concatenation(`${fault}, found at octet ${at}`, at)
    spdus.push(spdu)
    at = end
  }
  return spdus as [Spdu, ...Spdu[]]
}

/** Why these types may not share a TSDU, or undefined. @param last the last of them, where it is known */
function concatenationFault(before: GT | PT, types: readonly string[], last: Spdu | undefined, extended = false): string | undefined {
  const type = types.at(-1)!
  const allowed = before.type === 'GT' ? behindGT : behindPT
  const bare = allowed.includes(`${type}*`)
  const basic = types.length === 1 && (bare || allowed.includes(type))
  if (!basic && !(extended && before.type === 'GT' && isExtended(types))) {
    return `${type} may not stand behind ${[before.type, ...types.slice(0, -1)].join(', ')}`
  }
  if (before.userData !== undefined) return `${before.type} with user data may not introduce another SPDU`
  if (before.tokenItem === undefined) return undefined
  if (bare) return `${type} may not stand behind ${before.type} with a token item`
  const enclosureItem = last !== undefined && 'enclosureItem' in last ? last.enclosureItem : undefined
  if (enclosureItem !== undefined && (enclosureItem & Enclosure.end) === 0) {
    return `${type} that is not the last segment may not stand behind ${before.type} with a token item`
  }
  return undefined
}

function isExtended(types: readonly string[]): boolean {
  let at = starts.includes(types[0]!) ? 1 : 0
  if (points.includes(types[at]!) || (at === 0 && acknowledgements.includes(types[at]!))) at += 1
  if (types[at] === 'DT') at += 1
  return at === types.length
}

/** The order in which a receiver takes the SPDUs of one TSDU. X.225, 6.3.7.1: start of an activity, DT, point or acknowledgement, GT or PT. */
export function processingOrder(spdus: readonly Spdu[]): readonly Spdu[] {
  if (spdus.length === 1) return spdus
  const rank = ({ type }: Spdu) => (type === 'GT' || type === 'PT' ? 3 : type === 'DT' ? 1 : starts.includes(type) ? 0 : 2)
  return [...spdus].sort((a, b) => rank(a) - rank(b))
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
 * @param extended what the peer has said it can receive. @default false
 * @throws EncodeError SESSION_CONCATENATION when X.225, 6.3.7 does not allow these SPDUs in one TSDU; and those of `encodeSpdu`
 */
export function encodeTsdu(spdus: Tsdu, extended = false): Sdu {
  const [spdu, ...behind] = spdus as readonly [Spdu, ...Spdu[]]
  const fault = faultOf(spdu, behind, extended)
  if (fault) throw new EncodeError('session', 'SESSION_CONCATENATION', fault, { path: 'TSDU' })
  let sdu: Sdu | undefined
  for (const each of [...behind.reverse(), spdu]) sdu = encodeSpdu(each, sdu)
  return sdu!
}

function faultOf(spdu: Spdu, behind: readonly Spdu[], extended: boolean): string | undefined {
  if (behind.length === 0) return formatOf(spdu.type).category === 2 ? `${spdu.type} never stands alone` : undefined
  if (spdu.type !== 'GT' && spdu.type !== 'PT') return `${spdu.type} introduces nothing`
  for (const [i, last] of behind.entries()) {
    const fault = concatenationFault(
      spdu,
      behind.slice(0, i + 1).map(({ type }) => type),
      last,
      extended,
    )
    if (fault) return fault
  }
  return undefined
}
