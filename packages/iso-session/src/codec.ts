import { DecodeError, EncodeError, Sdu } from '@x/core'
import { type Parameter, type ParameterTable, prependUnit, type Unit, unitAt } from './parameters.js'
import { type KernelSpdu, kernelSpdus, type SpduFormat, type UnknownParameter } from './spdu.js'
import { type UnitSpdu, unitSpdus } from './units.js'
import { Enclosure } from './values.js'

/** Any SPDU, decoded. Parameters that are absent on the wire, or there with LI = 0 (X.225, 8.2.6), are absent here. */
export type Spdu = KernelSpdu | UnitSpdu

/** What a decoder lets pass though X.225 does not. Each is right by default; `strict` in the machine turns all off. */
export interface DecodeTolerances {
  /** PI and PGI units in any order (8.2.6 wants rising codes); one peer sends PI 22 before 19 and 52 before 51. @default true */
  readonly anyParameterOrder?: boolean
  /** LI in three octets below 255 (8.2.5). @default true */
  readonly longLengthIndicators?: boolean
  /** A known parameter in an SPDU or group that does not define it is skipped like an unknown one. @default true */
  readonly misplacedParameters?: boolean
  /** AB without PI 17; one peer sends it so. @default true */
  readonly abortWithoutTransportDisconnect?: boolean
}

export const spduFormats: readonly SpduFormat[] = [...kernelSpdus, ...unitSpdus]

const byType = new Map(spduFormats.map(format => [format.type, format]))
const first = new Map<number, SpduFormat>()
const second = new Map<number, SpduFormat>()
for (const format of spduFormats) {
  const place = format.category === 2 ? second : first
  if (!place.has(format.si)) place.set(format.si, format)
}

/**
 * The format of an SI, by its place: 1 is GT as the first SPDU of a TSDU and DT behind GT, 25 AB or AI, 26 AA or AIA.
 * X.225, 6.3.7. MAP and MAA stand for AE and AEA too, which differ from them only where activities are selected.
 *
 * @param place `first` in the TSDU, or `second`: behind a GT or PT
 */
export function formatAt(si: number, place: 'first' | 'second'): SpduFormat | undefined {
  return place === 'first' ? (first.get(si) ?? second.get(si)) : (second.get(si) ?? first.get(si))
}

/** The format of a decoded SPDU. */
export function formatOf(type: Spdu['type']): SpduFormat {
  return byType.get(type)!
}

const known = new Set<number>()
for (const { parameters } of spduFormats) {
  for (const parameter of Object.values(parameters)) {
    known.add(parameter.code)
    for (const member of Object.values(parameter.members ?? {})) known.add(member.code)
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the member name and its parameter come from one checked table
type Entry = readonly [string, Parameter<any>]
const indexes = new WeakMap<ParameterTable, ReadonlyMap<number, Entry>>()

/** The entry of a table by its PI or PGI. */
export function entryOf(table: ParameterTable, code: number): Entry | undefined {
  let index = indexes.get(table)
  if (index === undefined) {
    index = new Map(Object.entries(table).map(entry => [entry[1].code, entry]))
    indexes.set(table, index)
  }
  return index.get(code)
}

/**
 * Decodes one SPDU.
 *
 * @param octets a TSDU, or what stands in front of the SPDU and behind it too
 * @param at offset of the SI
 * @returns the SPDU, whose octets are views, and the offset behind it
 * @throws DecodeError SESSION_TRUNCATED, SESSION_LENGTH, SESSION_PARAMETER_… with the offset in `octets`
 */
export function decodeSpdu(
  octets: Uint8Array,
  at: number,
  format: SpduFormat,
  tolerances: DecodeTolerances = {},
): { readonly spdu: Spdu; readonly end: number } {
  const unit = unitAt(octets, at, octets.length)
  check(unit, format.type, tolerances)
  const unknown: UnknownParameter[] = []
  const fields = readLevel(octets, unit, format.parameters, format.type, tolerances, unknown)
  const spdu: Record<string, unknown> = { type: format.type, ...fields }
  if (unknown.length > 0) spdu.unknown = unknown
  if (format.userInformation) spdu.userInformation = octets.subarray(unit.to)
  // The tables of `spdu.ts` and `units.ts` are checked against these types where they are declared.
  return { spdu: spdu as unknown as Spdu, end: format.userInformation ? octets.length : unit.to }
}

function readLevel(
  octets: Uint8Array,
  holder: Unit,
  table: ParameterTable,
  path: string,
  tolerances: DecodeTolerances,
  unknown: UnknownParameter[],
  group?: number,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  const seen = new Set<string>()
  let last = -1
  for (let at = holder.from; at < holder.to; ) {
    const unit = unitAt(octets, at, holder.to)
    const entry = entryOf(table, unit.code)
    const here = `${path}.${entry?.[0] ?? unit.code}`
    check(unit, here, tolerances)
    if (unit.code < last && tolerances.anyParameterOrder === false) {
      throw invalid(
        'SESSION_PARAMETER_ORDER',
        `${here}: expected a code above ${last} at octet ${at}, found ${unit.code}`,
        at,
        here,
        '8.2.6',
      )
    }
    last = unit.code
    at = unit.to
    if (entry === undefined) {
      if (known.has(unit.code) && tolerances.misplacedParameters === false) {
        throw invalid('SESSION_PARAMETER_MISPLACED', `${here}: ${path} does not define it, at octet ${unit.at}`, unit.at, here, '8.3')
      }
      const skipped = { code: unit.code, octets: octets.subarray(unit.from, unit.to) }
      unknown.push(group === undefined ? skipped : { ...skipped, in: group })
      continue
    }
    const [name, parameter] = entry
    if (seen.has(name)) {
      throw invalid('SESSION_PARAMETER_DUPLICATE', `${here}: expected once, found again at octet ${unit.at}`, unit.at, here, '8.2.6')
    }
    seen.add(name)
    if (unit.from === unit.to) continue
    fields[name] = parameter.members
      ? readLevel(octets, unit, parameter.members, here, tolerances, unknown, unit.code)
      : parameter.decode(octets.subarray(unit.from, unit.to), here, unit.from)
  }
  for (const [name, parameter] of Object.entries(table)) {
    if (!parameter.mandatory || name in fields || goesOn(path, fields)) continue
    if (path === 'AB' && tolerances.abortWithoutTransportDisconnect !== false) continue
    const here = `${path}.${name}`
    throw invalid('SESSION_PARAMETER_MISSING', `${here}: expected parameter ${parameter.code}, found none`, holder.at, here, '8.2.6')
  }
  return fields
}

function check(unit: Unit, path: string, tolerances: DecodeTolerances): void {
  if (unit.problem) throw invalid(unit.problem.code, `${path}: ${unit.problem.text}`, unit.problem.offset, path, '8.2.5')
  if (unit.long && unit.to - unit.from < 255 && tolerances.longLengthIndicators === false) {
    const text = `${path}: expected a length of one octet for ${unit.to - unit.from}, found three at octet ${unit.at + 1}`
    throw invalid('SESSION_LENGTH', text, unit.at + 1, path, '8.2.5')
  }
}

/** A `DecodeError` of this layer. */
export function invalid(code: string, text: string, offset: number, path: string, clause: string): DecodeError {
  return new DecodeError('session', code, text, { offset, path, clause: `X.225, ${clause}` })
}

/**
 * Encodes one SPDU in front of what `sdu` holds: every parameter that is there, in the order of the wire, each LI as short as it can be.
 * A value of no octets is left out (X.225, 8.2.6 recommends it); `unknown` goes where its codes belong.
 *
 * @returns `sdu`
 * @throws EncodeError SESSION_PARAMETER_LENGTH, SESSION_PARAMETER_VALUE, SESSION_PARAMETER_MISSING, SESSION_LENGTH
 */
export function encodeSpdu(spdu: Spdu, sdu: Sdu = new Sdu()): Sdu {
  const format = formatOf(spdu.type)
  if ('userInformation' in spdu) sdu.prepend(spdu.userInformation)
  const end = sdu.length
  writeLevel(spdu as unknown as Readonly<Record<string, unknown>>, format.parameters, format.type, sdu, spdu.unknown ?? [])
  prependUnit(sdu, format.si, sdu.length - end, format.type)
  return sdu
}

function writeLevel(
  fields: Readonly<Record<string, unknown>>,
  table: ParameterTable,
  path: string,
  sdu: Sdu,
  unknown: readonly UnknownParameter[],
  group?: number,
): void {
  const skipped = unknown.filter(unit => unit.in === group).sort((a, b) => a.code - b.code)
  for (const [name, parameter] of Object.entries(table).reverse()) {
    writeUnknown(skipped, parameter.code, path, sdu)
    const here = `${path}.${name}`
    const value = fields[name]
    const end = sdu.length
    if (parameter.members && (value !== undefined || unknown.some(unit => unit.in === parameter.code))) {
      writeLevel((value ?? {}) as Readonly<Record<string, unknown>>, parameter.members, here, sdu, unknown, parameter.code)
    } else if (value !== undefined) parameter.encode(value, sdu, here)
    if (sdu.length > end) prependUnit(sdu, parameter.code, sdu.length - end, here)
    else if (parameter.mandatory && !goesOn(path, fields)) {
      throw new EncodeError('session', 'SESSION_PARAMETER_MISSING', `${here}: expected a value, found none`, { path: here })
    }
  }
  writeUnknown(skipped, -1, path, sdu)
}

/** Those of a level whose codes are above that of the parameter in front of them: the order of the wire rises. */
function writeUnknown(skipped: UnknownParameter[], above: number, path: string, sdu: Sdu): void {
  for (let unit = skipped.at(-1); unit !== undefined && unit.code > above; unit = skipped.at(-1)) {
    sdu.prepend(unit.octets)
    prependUnit(sdu, unit.code, unit.octets.length, `${path}.${unit.code}`)
    skipped.pop()
  }
}

/** A segment of an AB behind the first: it has no transport disconnect. X.225, 7.9.1.2. */
function goesOn(path: string, { enclosureItem }: Readonly<Record<string, unknown>>): boolean {
  return path === 'AB' && typeof enclosureItem === 'number' && (enclosureItem & Enclosure.beginning) === 0
}
