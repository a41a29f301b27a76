import { UsageError } from '@x/core'
import type { ObjectName } from './asn1/identifiers.js'
import type { AccessSelection, AlternateAccess, AlternateAccessEntry, AlternateAccessSelection } from './asn1/variable-access.js'

/**
 * Names of MMS objects as text, and back.
 *
 * | text              | name                                             |
 * | ----------------- | ------------------------------------------------ |
 * | `domain/item`     | domain-specific                                  |
 * | `vmd:item`        | VMD-specific; also `item` and `/item` when read  |
 * | `aa:item`         | association-specific; also `@item` when read     |
 *
 * Behind a variable's name an access path may follow, see `parseVariable`.
 */

/** A variable, and what of it. */
export interface VariableReference {
  readonly name: ObjectName
  /** Absent: the whole variable. */
  readonly alternateAccess?: AlternateAccess
}

/** @returns the object `item` of the domain, or of the VMD where `domainID` is undefined */
export function objectName(itemID: string, domainID?: string): ObjectName {
  return domainID === undefined ? { type: 'vmdSpecific', value: itemID } : { type: 'domainSpecific', value: { domainID, itemID } }
}

/**
 * Reads the name of an object of any class.
 *
 * @throws UsageError MMS_NAME where a part is empty
 */
export function parseObjectName(text: string): ObjectName {
  if (text.startsWith('vmd:')) return { type: 'vmdSpecific', value: filled(text.slice(4), text) }
  if (text.startsWith('aa:')) return { type: 'aaSpecific', value: filled(text.slice(3), text) }
  if (text.startsWith('@')) return { type: 'aaSpecific', value: filled(text.slice(1), text) }
  const slash = text.indexOf('/')
  if (slash <= 0) return { type: 'vmdSpecific', value: filled(text.slice(slash + 1), text) }
  return { type: 'domainSpecific', value: { domainID: text.slice(0, slash), itemID: filled(text.slice(slash + 1), text) } }
}

/** The name as `parseObjectName` reads it: `domain/item`, `vmd:item`, `aa:item`. */
export function formatObjectName(name: ObjectName): string {
  switch (name.type) {
    case 'vmdSpecific':
      return `vmd:${name.value}`
    case 'domainSpecific':
      return `${name.value.domainID}/${name.value.itemID}`
    case 'aaSpecific':
      return `aa:${name.value}`
    default:
      return name satisfies never
  }
}

/** Whether two names name the same object. On one association: an association-specific name means another object on another one. */
export function sameObjectName(a: ObjectName, b: ObjectName): boolean {
  if (a.type === 'domainSpecific') {
    return b.type === 'domainSpecific' && a.value.domainID === b.value.domainID && a.value.itemID === b.value.itemID
  }
  return a.type === b.type && a.value === b.value
}

/**
 * Reads a variable with an access path behind its name.
 *
 * | text                  | selects                                                             |
 * | --------------------- | ------------------------------------------------------------------- |
 * | `LD/LLN0$MX$A`        | the whole variable                                                  |
 * | `….phsA`              | a component of a structure                                          |
 * | `…(3)`                | an element of an array, from 0                                      |
 * | `…(2..4)`             | elements 2, 3 and 4, as an array                                    |
 * | `…(2..)`              | from element 2, with a number of 0 on the wire; `(0..)` means all   |
 * | `…(*)`                | all elements                                                        |
 * | `…(3).phsA.mag`       | one after the other                                                 |
 * | `…{.phsA,.q}`         | several, as a structure; with names of their own: `…{a=.phsA,b=(3)}` |
 *
 * @throws UsageError MMS_NAME – with what was expected and where
 */
export function parseVariable(text: string): VariableReference {
  const from = pathStart(text)
  const name = parseObjectName(text.slice(0, from))
  if (from === text.length) return { name }
  return { name, alternateAccess: parseAlternateAccess(text.slice(from)) }
}

/** The variable as `parseVariable` reads it. */
export function formatVariable(variable: VariableReference): string {
  return formatObjectName(variable.name) + (variable.alternateAccess ? formatAlternateAccess(variable.alternateAccess) : '')
}

/**
 * Reads the part of a variable behind its name, such as `(3).phsA`.
 *
 * @throws UsageError MMS_NAME
 */
export function parseAlternateAccess(text: string): AlternateAccess {
  const cursor = new Cursor(text)
  const access = cursor.access()
  if (cursor.at < text.length) cursor.fail('one of ". ( {"')
  return access
}

/** The access path as `parseAlternateAccess` reads it. */
export function formatAlternateAccess(access: AlternateAccess): string {
  const only = access.length === 1 ? access[0] : undefined
  if (only?.type === 'unnamed') return formatSelection(only.value)
  return `{${access.map(formatEntry).join(',')}}`
}

function formatEntry(entry: AlternateAccessEntry): string {
  if (entry.type === 'unnamed') return formatSelection(entry.value)
  return `${entry.value.componentName}=${formatSelection(entry.value.access)}`
}

function formatSelection(selection: AlternateAccessSelection): string {
  if (selection.type === 'selectAccess') return formatNode(selection.value)
  return formatNode(selection.value.accessSelection) + formatAlternateAccess(selection.value.alternateAccess)
}

function formatNode(node: AccessSelection): string {
  switch (node.type) {
    case 'component':
      return `.${node.value}`
    case 'index':
      return `(${node.value})`
    case 'indexRange': {
      const { lowIndex, numberOfElements } = node.value
      return numberOfElements === 0 ? `(${lowIndex}..)` : `(${lowIndex}..${lowIndex + numberOfElements - 1})`
    }
    case 'allElements':
      return '(*)'
    default:
      return node satisfies never
  }
}

/** The first octet behind the name. `.` and `(` end it; so does `{`. */
function pathStart(text: string): number {
  for (let i = 0; i < text.length; i++) if (OPENERS.includes(text[i]!)) return i
  return text.length
}

const OPENERS = '.({'
/** What ends the name of a component. */
const ENDERS = '.({}),='
/** Deepest path that is read; a deeper one has no use and would only test the stack. */
const DEPTH = 64

function filled(part: string, whole: string): string {
  if (part === '') throw new UsageError('mms', 'MMS_NAME', `expected a name in "${whole}", found none`)
  return part
}

class Cursor {
  at = 0
  readonly #text: string
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  fail(expected: string): never {
    const found = this.at < this.#text.length ? `"${this.#text[this.at]}"` : 'the end'
    throw new UsageError('mms', 'MMS_NAME', `access path "${this.#text}": expected ${expected} at character ${this.at}, found ${found}`)
  }

  /** `{ entry, … }` or one selection. */
  access(): AlternateAccess {
    if (++this.#depth > DEPTH) this.fail(`at most ${DEPTH} selections inside each other`)
    const access = this.#take('{') ? this.#entries() : [{ type: 'unnamed' as const, value: this.#selection() }]
    this.#depth--
    return access
  }

  #entries(): AlternateAccess {
    const entries: AlternateAccessEntry[] = []
    do entries.push(this.#entry())
    while (this.#take(','))
    if (!this.#take('}')) this.fail('"," or "}"')
    return entries
  }

  #entry(): AlternateAccessEntry {
    if (OPENERS.includes(this.#next())) return { type: 'unnamed', value: this.#selection() }
    const componentName = this.#word()
    if (!this.#take('=')) this.fail('"="')
    return { type: 'named', value: { componentName, access: this.#selection() } }
  }

  #selection(): AlternateAccessSelection {
    const node = this.#node()
    const next = this.#next()
    if (next === '' || !OPENERS.includes(next)) return { type: 'selectAccess', value: node }
    return { type: 'selectAlternateAccess', value: { accessSelection: node, alternateAccess: this.access() } }
  }

  #node(): AccessSelection {
    if (this.#take('.')) return { type: 'component', value: this.#word() }
    if (!this.#take('(')) this.fail('"." or "("')
    let node: AccessSelection
    if (this.#take('*')) node = { type: 'allElements', value: null }
    else {
      const lowIndex = this.#number()
      node = this.#take('.') ? { type: 'indexRange', value: this.#range(lowIndex) } : { type: 'index', value: lowIndex }
    }
    if (!this.#take(')')) this.fail('")"')
    return node
  }

  #range(lowIndex: number): { lowIndex: number; numberOfElements: number } {
    if (!this.#take('.')) this.fail('".."')
    if (this.#next() === ')') return { lowIndex, numberOfElements: 0 }
    const from = this.at
    const high = this.#number()
    if (high < lowIndex) {
      this.at = from
      this.fail(`a number not below ${lowIndex}`)
    }
    return { lowIndex, numberOfElements: high - lowIndex + 1 }
  }

  #number(): number {
    let value = -1
    for (; this.at < this.#text.length; this.at++) {
      const digit = this.#text.charCodeAt(this.at) - 0x30
      if (digit < 0 || digit > 9) break
      value = Math.max(value, 0) * 10 + digit
      if (value > 0xffff_ffff) this.fail('a number below 2³²')
    }
    if (value < 0) this.fail('a number')
    return value
  }

  #word(): string {
    const from = this.at
    while (this.at < this.#text.length && !ENDERS.includes(this.#text[this.at]!)) this.at++
    if (this.at === from) this.fail('a component name')
    return this.#text.slice(from, this.at)
  }

  #next(): string {
    return this.#text[this.at] ?? ''
  }

  #take(character: string): boolean {
    if (this.#text[this.at] !== character) return false
    this.at++
    return true
  }
}

/**
 * The order in which getNameList and getCapabilityList return names. ISO 9506-1, 5.4.2, by the alphabet of Identifier: `A a B b … Z z $ _ 0 … 9`,
 * a prefix before its extensions. Characters outside that alphabet come before it, by code point.
 *
 * @returns negative, 0 or positive, as `Array.sort` wants it
 */
export function compareNames(a: string, b: string): number {
  const n = Math.min(a.length, b.length)
  for (let i = 0; i < n; i++) {
    const difference = rank(a.charCodeAt(i)) - rank(b.charCodeAt(i))
    if (difference) return difference
  }
  return a.length - b.length
}

const ALPHABET = 'AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZz$_0123456789'
const RANKS = Array.from({ length: 128 }, (_, code) => {
  const at = ALPHABET.indexOf(String.fromCharCode(code))
  return at < 0 ? code : 0x1_0000 + at
})

function rank(code: number): number {
  return code < 128 ? RANKS[code]! : code
}
