import { hex } from '@x/core'
import { RFC1006_SIZE, type Settings } from './options.js'
import { type CC, type CR, type Parameter, parameterValue } from './tpdu.js'

/** What a CR or CC says about the TPDU size, in octets. */
export interface SizeOffer {
  /** C0. */
  readonly tpduSize?: number
  /** F0. */
  readonly preferredTpduSize?: number
}

type SizeSettings = Pick<Settings, 'tpduSize' | 'preferredTpduSize' | 'sizeWhenAbsent' | 'largeSizes'>

/** C0 and F0 of a TPDU; invalid values count as absent (X.224, 13.2.3 leaves that to us in a CR). */
export function sizeOfferOf(tpdu: CR | CC): SizeOffer {
  const tpduSize = parameterValue(tpdu.parameters, 'tpduSize')
  const preferredTpduSize = parameterValue(tpdu.parameters, 'preferredTpduSize')
  return { ...(tpduSize === undefined ? {} : { tpduSize }), ...(preferredTpduSize === undefined ? {} : { preferredTpduSize }) }
}

/** The parameters that say it, in the order in which peers send them. */
export function sizeParameters({ tpduSize, preferredTpduSize }: SizeOffer): Parameter[] {
  const parameters: Parameter[] = []
  if (tpduSize !== undefined) parameters.push({ type: 'tpduSize', value: tpduSize })
  if (preferredTpduSize !== undefined) parameters.push({ type: 'preferredTpduSize', value: preferredTpduSize })
  return parameters
}

/** What we propose. F0 goes with C0, since a peer that does not know F0 ignores it (X.224, 6.5.4 note 10). */
export function proposeSize({ tpduSize, preferredTpduSize }: SizeSettings): SizeOffer {
  return { ...(tpduSize === RFC1006_SIZE ? {} : { tpduSize }), ...(preferredTpduSize === undefined ? {} : { preferredTpduSize }) }
}

/**
 * What we answer to a CR. X.224, 6.5.4 j), k); RFC 1006, 5; RFC 2126, 6.4: the CC always says a size, unless both sides are silent.
 *
 * @returns the parameters of the CC, and the size that holds for both directions
 */
export function answerSize(offer: SizeOffer, settings: SizeSettings): { answer: SizeOffer; size: number } {
  if (offer.preferredTpduSize !== undefined && settings.preferredTpduSize !== undefined) {
    // Who uses F0 leaves C0 out of the CC.
    const size = Math.min(offer.preferredTpduSize, settings.preferredTpduSize)
    return { answer: { preferredTpduSize: size }, size }
  }
  // A strict side reads C0 of 4096 and 8192 as a wish for more than class 0 has: 2048.
  const offered = offer.tpduSize === undefined ? settings.sizeWhenAbsent : capped(offer.tpduSize, settings)
  const size = Math.min(offered, settings.tpduSize)
  return size === RFC1006_SIZE ? { answer: {}, size } : { answer: { tpduSize: size }, size }
}

/** The sizes that hold after a CC. */
export interface SizesAgreed {
  /** Longest TPDU we send, in octets. */
  readonly send: number
  /** Longest TPDU the peer may send. */
  readonly receive: number
}

/**
 * Holds the answer in a CC against what the CR proposed. X.224, 6.5.4 j), k).
 *
 * @param largerAnswer asked when the CC says more than was proposed: whether to go on with the proposal
 * @returns why the answer is unacceptable, or the sizes agreed
 */
export function settleSize(
  proposed: SizeOffer,
  cc: CC,
  settings: Pick<Settings, 'sizeWhenAbsent'>,
  largerAnswer: () => boolean,
): SizesAgreed | string {
  for (const name of ['tpduSize', 'preferredTpduSize'] as const) {
    const last = cc.parameters.findLast(parameter => parameter.type === name || (parameter.type === 'invalid' && parameter.name === name))
    if (last?.type === 'invalid') return `expected a value of parameter ${name} that X.224, 13.3.4 allows, found ${hex(last.value)}`
  }
  const { tpduSize, preferredTpduSize } = sizeOfferOf(cc)
  if (preferredTpduSize !== undefined) {
    const most = proposed.preferredTpduSize
    if (most === undefined) return 'expected no preferred maximum TPDU size, as none was proposed'
    if (tpduSize !== undefined) return 'expected either a TPDU size or a preferred maximum TPDU size, found both'
    if (preferredTpduSize > most) return `expected a preferred maximum TPDU size of at most ${most}, found ${preferredTpduSize}`
    return { send: preferredTpduSize, receive: preferredTpduSize }
  }
  const { sizeWhenAbsent } = settings
  if (tpduSize === undefined) {
    // Silence means 128 to X.224 and 65 531 to RFC 1006, against the rule "not more than proposed": take the larger, send the smaller.
    return { send: Math.min(proposed.tpduSize ?? sizeWhenAbsent, sizeWhenAbsent), receive: sizeWhenAbsent }
  }
  const most = proposed.tpduSize ?? sizeWhenAbsent
  if (tpduSize <= most) return { send: tpduSize, receive: tpduSize }
  return largerAnswer() ? { send: most, receive: most } : `expected a TPDU size of at most ${most}, found ${tpduSize}`
}

function capped(size: number, settings: SizeSettings): number {
  return settings.largeSizes ? size : Math.min(size, 2048)
}

/**
 * Whether class 0 answers a CR. X.224, Table 3 and 6.5.4 i).
 *
 * @returns `invalid`: the CR offers a combination that Table 3 does not have
 */
export function class0Answers(preferred: number, alternatives: readonly number[]): 'yes' | 'no' | 'invalid' {
  const valid = VALID_ALTERNATIVES[preferred]
  if (valid === undefined || alternatives.some(one => !valid.includes(one))) return 'invalid'
  if (preferred <= 1) return 'yes'
  return alternatives.some(one => one === 0 || (one === 1 && preferred >= 3)) ? 'yes' : 'no'
}

/** Columns of Table 3 that are not "not valid", by preferred class. */
const VALID_ALTERNATIVES: readonly (readonly number[])[] = [[], [0, 1], [0, 2], [0, 1, 2, 3], [0, 1, 2, 3, 4]]
