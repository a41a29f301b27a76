import { DecodeError, Explainer, hex, type Span } from '@x/core'
import { entryOf, formatAt } from './codec.js'
import { type ParameterTable, type Unit, unitAt } from './parameters.js'
import type { SpduFormat } from './spdu.js'
import { decodeTsdu, isPlainData } from './tsdu.js'
import { Enclosure } from './values.js'

/** A TSDU, explained. */
export interface TsduExplanation {
  /**
   * Every octet lies in one span and in those that hold it; inner spans come after the one that holds them. A span that holds others has
   * its own code and length in front of them, and nothing between or behind them.
   */
  readonly spans: readonly Span[]
  /**
   * Where the SS-user data lies, for the presentation layer to go on: the first octet, and the first behind. Absent: there is none, or
   * what is there is a part of it.
   */
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
 *
 * @param extendedConcatenation agreed to by who receives it. @default false
 */
export function explainTsdu(octets: Uint8Array, extendedConcatenation = false): TsduExplanation {
  const explainer = new Explainer('session', 'packages/iso-session/src/spdu.ts')
  const found = explain(octets, explainer)
  const problem = problemOf(octets, extendedConcatenation)
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
  let { behind, found } = explainSpdu(octets, 0, format, explainer)
  if (behind < end && format.category !== 0) {
    explainer.add(behind, end, `octets behind ${format.type}`, 'X.225, 6.3.7')
    return found
  }
  // Also more than one, which extended concatenation allows.
  while (behind < end) {
    const next = formatAt(octets[behind]!, 'second')
    if (next === undefined || next.category !== 2) return unknownSpdu(octets, behind, explainer, next)
    ;({ behind, found } = explainSpdu(octets, behind, next, explainer))
  }
  return found
}

function unknownSpdu(octets: Uint8Array, at: number, explainer: Explainer, format?: SpduFormat): Found {
  const label = format ? `${format.type}, which may not stand here` : 'not an SPDU'
  explainer.add(at, octets.length, label, 'X.225, 8.3', { value: `identifier ${octets[at]}` })
  return {}
}

function explainSpdu(octets: Uint8Array, at: number, format: SpduFormat, explainer: Explainer): { behind: number; found: Found } {
  const unit = unitAt(octets, at, octets.length)
  const behind = format.userInformation ? octets.length : unit.to
  const clause = `X.225, ${format.clause}`
  explainer.add(at, behind, format.type, clause, { value: format.title })
  const level = explainLevel(octets, unit, format.parameters, clause, 1, explainer)
  if (unit.to < behind) explainer.add(unit.to, behind, 'user information', clause, { value: count(behind - unit.to), depth: 1 })
  const { userData, whole } = format.userInformation ? { ...level, ...range(unit.to, behind) } : level
  return { behind, found: { spdu: format.type, ...(userData && whole && { userData }) } }
}

interface Level {
  readonly userData?: { readonly from: number; readonly to: number }
  /** No enclosure item or data overflow says that user data is in other TSDUs, too. */
  readonly whole: boolean
}

function explainLevel(octets: Uint8Array, holder: Unit, table: ParameterTable, clause: string, depth: number, explainer: Explainer): Level {
  let found: Level = { whole: true }
  let goesOn = false
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
    if (name === 'enclosureItem' && value.length === 1) {
      goesOn = (value[0]! & Enclosure.beginning) === 0
      found = { ...found, whole: (value[0]! & 3) === 3 }
    }
    if (name === 'dataOverflow' && value.length > 0) found = { ...found, whole: false }
    // A segment of RF behind the first holds data where the first has the reason. X.225, Table 45.
    const isData = name === 'reasonCode' && goesOn
    explainer.add(unit.at, unit.to, isData ? 'user data' : wordsOf(name), clause, {
      value: isData ? count(value.length) : shown(parameter, value),
      depth,
    })
    if (name === 'userData' || name === 'extendedUserData') found = { ...found, ...range(unit.from, unit.to) }
    // RF: user data stands behind the reason, and only behind reason 2.
    if (name === 'reasonCode' && value[0] === 2) found = { ...found, ...range(unit.from + 1, unit.to) }
  }
  return found
}

function count(size: number): string {
  return `${size} octet${size === 1 ? '' : 's'}`
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

function range(from: number, to: number): Pick<TsduExplanation, 'userData'> {
  return from < to ? { userData: { from, to } } : {}
}

function problemOf(octets: Uint8Array, extendedConcatenation: boolean): DecodeError | undefined {
  try {
    decodeTsdu(octets, { ...strict, extendedConcatenation })
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
