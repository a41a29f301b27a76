import { DecodeError, Explainer, hex, type Span } from '@x/core'
import { entryOf, formatAt } from './codec.js'
import { type ParameterTable, type Unit, unitAt } from './parameters.js'
import type { SpduFormat } from './spdu.js'
import { decodeTsdu, isPlainData } from './tsdu.js'

/** A TSDU, explained. */
export interface TsduExplanation {
  /** Every octet lies in at least one span; inner spans come after the one that holds them. */
  readonly spans: readonly Span[]
  /** Where the SS-user data lies, for the presentation layer to go on: the first octet, and the first behind. Absent: there is none. */
  readonly userData?: { readonly from: number; readonly to: number }
  /** The SPDU that carries it: the last of the TSDU, such as `CN` or `DT`. Absent: not one of X.225. */
  readonly spdu?: string
}

const strict = {
  anyParameterOrder: false,
  longLengthIndicators: false,
  misplacedParameters: false,
  abortWithoutTransportDisconnect: false,
}

/**
 * Names every octet of a TSDU, whole or broken; the first rule of X.225 that it breaks stands in `problem` of the span it happens in,
 * also where the machine would be lenient. Never throws.
 */
export function explainTsdu(octets: Uint8Array): TsduExplanation {
  const explainer = new Explainer('session', 'packages/iso-session/src/spdu.ts')
  const found = explain(octets, explainer)
  const problem = problemOf(octets)
  const spans = explainer.spans
  if (problem) {
    const at = Math.min(problem.offset, octets.length - 1)
    const index = spans.findLastIndex(span => span.from <= at && at < span.to)
    const span = spans[index]
    if (span) spans[index] = { ...span, problem: problem.message }
  }
  return { spans, ...found }
}

type Found = Omit<TsduExplanation, 'spans'>

function explain(octets: Uint8Array, explainer: Explainer): Found {
  const end = octets.length
  if (end === 0) return {}
  if (isPlainData(octets)) {
    explainer.add(0, end, 'GT, then DT', 'X.225, 6.3.7')
    return { spdu: 'DT', ...range(4, end) }
  }
  const format = formatAt(octets[0]!, 'first')
  if (format === undefined) return unknownSpdu(octets, 0, explainer)
  const { behind, found } = explainSpdu(octets, 0, format, explainer)
  if (behind === end) return found
  if (format.category !== 0) {
    explainer.add(behind, end, `octets behind ${format.type}`, 'X.225, 6.3.7')
    return found
  }
  const second = formatAt(octets[behind]!, 'second')
  if (second === undefined) return unknownSpdu(octets, behind, explainer)
  const last = explainSpdu(octets, behind, second, explainer)
  if (last.behind < end) explainer.add(last.behind, end, `octets behind ${second.type}`, 'X.225, 6.3.7')
  return last.found
}

function unknownSpdu(octets: Uint8Array, at: number, explainer: Explainer): Found {
  explainer.add(at, octets.length, 'not an SPDU', 'X.225, 8.3', { value: `identifier ${octets[at]}` })
  return {}
}

function explainSpdu(octets: Uint8Array, at: number, format: SpduFormat, explainer: Explainer): { behind: number; found: Found } {
  const unit = unitAt(octets, at, octets.length)
  const behind = format.userInformation ? octets.length : unit.to
  const clause = `X.225, ${format.clause}`
  explainer.add(at, behind, format.type, clause, { value: format.title })
  const inParameters = explainLevel(octets, unit, format.parameters, clause, 1, explainer)
  return { behind, found: { spdu: format.type, ...(format.userInformation ? range(unit.to, behind) : inParameters) } }
}

/** @returns where user data was found */
function explainLevel(octets: Uint8Array, holder: Unit, table: ParameterTable, clause: string, depth: number, explainer: Explainer): Found {
  let found: Found = {}
  for (let at = holder.from; at < holder.to; ) {
    const unit = unitAt(octets, at, holder.to)
    const value = octets.subarray(unit.from, unit.to)
    const entry = entryOf(table, unit.code)
    at = unit.to
    if (entry === undefined) {
      explainer.add(unit.at, unit.to, `parameter ${unit.code}`, 'X.225, 8.2.6', { value: hex(value), depth })
      continue
    }
    const [name, parameter] = entry
    if (parameter.members) {
      explainer.add(unit.at, unit.to, wordsOf(name), clause, { depth })
      explainLevel(octets, unit, parameter.members, clause, depth + 1, explainer)
      continue
    }
    explainer.add(unit.at, unit.to, wordsOf(name), clause, { value: shown(parameter, value), depth })
    if (name === 'userData' || name === 'extendedUserData') found = range(unit.from, unit.to)
    // RF: user data stands behind the reason, and only behind reason 2.
    if (name === 'reasonCode' && value[0] === 2) found = range(unit.from + 1, unit.to)
  }
  return found
}

function shown(parameter: ParameterTable[string], value: Uint8Array): string {
  if (value.length === 0) return 'absent'
  try {
    return parameter.show(parameter.decode(value, '', 0))
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return hex(value)
  }
}

function range(from: number, to: number): Found {
  return from < to ? { userData: { from, to } } : {}
}

function problemOf(octets: Uint8Array): DecodeError | undefined {
  try {
    decodeTsdu(octets, strict)
    return undefined
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return error
  }
}

/** `callingSsUserReference` as `calling SS-user reference`. */
function wordsOf(name: string): string {
  let words = ''
  for (const letter of name) words += letter === letter.toLowerCase() ? letter : ` ${letter.toLowerCase()}`
  return words
    .replace(' ss user', ' SS-user')
    .replace('tsdu', 'TSDU')
    .replace(' in mia', ' in MIA')
    .replace('connect accept', 'connect/accept')
}
