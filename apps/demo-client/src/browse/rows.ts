import type { TypeDescription } from '@x/mms'
import { shortType } from '../client/type-text.js'
import { failureText, valueLine } from '../render/values.js'
import { memberOf, type ValueTree } from './values.js'

/** A line of a tree, and those below it. */
export interface Row {
  readonly label: string
  /** Whole name of what it stands for, as `$` has it, for filters. */
  readonly path: string
  readonly type: string
  /** Absent: values are not shown, or stand in the rows below. */
  readonly value?: string
  readonly failed?: boolean
  readonly below: readonly Row[]
}

export interface RowOptions {
  /** Levels below this row that are shown. @default all */
  readonly depth?: number
}

/** A variable as a tree: components and elements below it, simple values beside their names. */
export function rowOf(label: string, path: string, type: TypeDescription, value: ValueTree | undefined, options: RowOptions = {}): Row {
  const depth = options.depth ?? Number.POSITIVE_INFINITY
  const failure = value !== undefined && 'failure' in value ? value.failure : undefined
  const base = { label, path, type: shortType(type) }
  if (failure !== undefined)
    return { ...base, value: failureText(failure), failed: true, below: depth > 0 ? partsOf(path, type, undefined, depth) : [] }
  const below = depth > 0 ? partsOf(path, type, value, depth) : []
  const data = value !== undefined && 'data' in value ? value.data : undefined
  return { ...base, ...(data === undefined || below.length > 0 ? {} : { value: valueLine(data, type) }), below }
}

function partsOf(path: string, type: TypeDescription, value: ValueTree | undefined, depth: number): readonly Row[] {
  if (type.type === 'structure') {
    return type.value.components.map(({ componentName, componentType }, i) => {
      const label = componentName ?? `(component ${i})`
      if (componentType.type === 'typeName') return { label, path: `${path}$${label}`, type: 'a named type', below: [] }
      return rowOf(label, `${path}$${label}`, componentType.value, memberOf(value, i), { depth: depth - 1 })
    })
  }
  if (type.type !== 'array' || type.value.elementType.type !== 'typeDescription') return []
  const { numberOfElements, elementType } = type.value
  const element = elementType.value
  // Simple elements stand on one line.
  if (element.type !== 'structure' && element.type !== 'array') return []
  if (value === undefined) return [rowOf(`(0…${numberOfElements - 1})`, path, element, undefined, { depth: depth - 1 })]
  return Array.from({ length: numberOfElements }, (_, i) =>
    rowOf(`(${i})`, `${path}(${i})`, element, memberOf(value, i), { depth: depth - 1 }),
  )
}

/** The rows that a filter keeps: what matches with all below it, and what leads there. */
export function filtered(rows: readonly Row[], matches: (path: string) => boolean): readonly Row[] {
  return rows.flatMap(row => {
    if (matches(row.path)) return [row]
    const below = filtered(row.below, matches)
    return below.length > 0 ? [{ ...row, below }] : []
  })
}

/** Whether a name matches a pattern with `*` and `?`; case does not matter. Without either: whether it contains it. */
export function globMatcher(pattern: string): (name: string) => boolean {
  const wanted = pattern.toLowerCase()
  if (!wanted.includes('*') && !wanted.includes('?')) return name => name.toLowerCase().includes(wanted)
  return name => globMatches(wanted, name.toLowerCase())
}

/** Linear in the product of the lengths, whatever the pattern. */
function globMatches(pattern: string, name: string): boolean {
  let p = 0
  let n = 0
  let star = -1
  let behindStar = 0
  while (n < name.length) {
    if (p < pattern.length && (pattern[p] === '?' || (pattern[p] !== '*' && pattern[p] === name[n]))) {
      p++
      n++
    } else if (pattern[p] === '*') {
      star = p++
      behindStar = n
    } else if (star >= 0) {
      p = star + 1
      n = ++behindStar
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}
