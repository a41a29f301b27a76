import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Data } from '../../asn1/data.js'
import type { AccessSelection, AlternateAccess, AlternateAccessSelection, TypeDescription } from '../../asn1/variable-access.js'
import { mismatchOf } from '../../value-check.js'
import { descriptionIn, types } from '../../value-types.js'
import { type Selection, select } from './select.js'

/** Makes one thing after the other out of a list of numbers. */
class Source {
  readonly #numbers: readonly number[]
  #at = 0

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers
  }

  below(limit: number): number {
    const number = this.#numbers[this.#at % this.#numbers.length]!
    this.#at++
    return (number + this.#at) % limit
  }
}

function someType(source: Source, depth: number): TypeDescription {
  const kind = depth === 0 ? 0 : source.below(3)
  if (kind === 0) return types.integer(32)
  if (kind === 1) return types.array(1 + source.below(4), someType(source, depth - 1))
  const names = ['a', 'b', 'c', 'd'].slice(0, 1 + source.below(4))
  return types.structure(Object.fromEntries(names.map(name => [name, someType(source, depth - 1)])))
}

/** Each integer is another one, so that nothing can be mistaken. */
function someValue(type: TypeDescription, next: () => number): Data {
  if (type.type === 'array') {
    const element = descriptionIn(type.value.elementType)
    return { type: 'array', value: Array.from({ length: type.value.numberOfElements }, () => someValue(element, next)) }
  }
  if (type.type === 'structure') {
    return { type: 'structure', value: type.value.components.map(({ componentType }) => someValue(descriptionIn(componentType), next)) }
  }
  return { type: 'integer', value: next() }
}

/** What an access means, place by place: the plain model against which `select` is held. */
type Shape = { readonly at: readonly number[] } | { readonly as: 'array' | 'structure'; readonly parts: readonly Shape[] }

function someAccess(
  source: Source,
  type: TypeDescription,
  places: readonly (readonly number[])[],
): { access: AlternateAccess; shapes: readonly Shape[] } {
  const count = source.below(3) === 0 ? 2 + source.below(2) : 1
  const made = Array.from({ length: count }, () => someSelection(source, type, places))
  const named = count > 1 && source.below(2) === 0
  return {
    access: made.map(({ selection }, i) =>
      named ? { type: 'named', value: { componentName: `n${i}`, access: selection } } : { type: 'unnamed', value: selection },
    ),
    shapes: places.map((_, i) => {
      const parts = made.map(({ shapes }) => shapes[i]!)
      return count === 1 ? parts[0]! : { as: 'structure', parts }
    }),
  }
}

/** @param places where the node stands in the whole value; there are several of them behind a range */
function someSelection(
  source: Source,
  type: TypeDescription,
  places: readonly (readonly number[])[],
): { selection: AlternateAccessSelection; shapes: readonly Shape[] } {
  let node: AccessSelection
  let inner: TypeDescription
  let indexes: readonly number[]
  let isRange = false
  if (type.type === 'structure') {
    const at = source.below(type.value.components.length)
    const { componentName, componentType } = type.value.components[at]!
    node = { type: 'component', value: componentName! }
    inner = descriptionIn(componentType)
    indexes = [at]
  } else if (type.type === 'array') {
    const { numberOfElements, elementType } = type.value
    inner = descriptionIn(elementType)
    const low = source.below(numberOfElements)
    const many = 1 + source.below(numberOfElements - low)
    const kind = source.below(4)
    isRange = kind > 0
    if (kind === 0) node = { type: 'index', value: low }
    else if (kind === 1) node = { type: 'indexRange', value: { lowIndex: low, numberOfElements: many } }
    else node = kind === 2 ? { type: 'allElements', value: null } : { type: 'indexRange', value: { lowIndex: 0, numberOfElements: 0 } }
    const [from, length] = kind === 0 ? [low, 1] : kind === 1 ? [low, many] : [0, numberOfElements]
    indexes = Array.from({ length }, (_, i) => from + i)
  } else throw new Error('a simple type has no parts')
  const below = places.map(place => indexes.map(index => [...place, index]))
  const deeper = (inner.type === 'array' || inner.type === 'structure') && source.below(3) > 0
  const further = deeper ? someAccess(source, inner, below.flat()) : undefined
  let at = 0
  const shapes = below.map((those): Shape => {
    const parts = those.map((place): Shape => further?.shapes[at++] ?? { at: place })
    return isRange ? { as: 'array', parts } : parts[0]!
  })
  return {
    selection: further
      ? { type: 'selectAlternateAccess', value: { accessSelection: node, alternateAccess: further.access } }
      : { type: 'selectAccess', value: node },
    shapes,
  }
}

function at(value: Data, place: readonly number[]): Data {
  return place.reduce((here, index) => (here.value as readonly Data[])[index]!, value)
}

function readAs(shape: Shape, value: Data): Data {
  return 'at' in shape ? at(value, shape.at) : { type: shape.as, value: shape.parts.map(part => readAs(part, value)) }
}

/** Writes place by place, in order, into a copy. */
function writeAs(shape: Shape, value: Data, part: Data): Data {
  const copy = structuredClone(value)
  const put = (where: Shape, what: Data): void => {
    if (!('at' in where)) {
      where.parts.forEach((each, i) => {
        put(each, (what.value as readonly Data[])[i]!)
      })
      return
    }
    const parent = at(copy, where.at.slice(0, -1)) as unknown as { value: Data[] }
    parent.value[where.at.at(-1)!] = structuredClone(what)
  }
  put(shape, part)
  return copy
}

describe('alternate access against a plain model that goes place by place', () => {
  const numbers = fc.array(fc.nat(1_000_000), { minLength: 60, maxLength: 60 })
  const made = (given: readonly number[]) => {
    const source = new Source(given)
    const inner = someType(source, 3)
    const type = inner.type === 'integer' ? types.array(3, inner) : inner
    const { access, shapes } = someAccess(source, type, [[]])
    let count = 0
    const next = () => count++
    return { type, access, shape: shapes[0]!, value: someValue(type, next), next }
  }

  test('RM-11: reads what the model reads, and the value is of the type of the selection', () => {
    fc.assert(
      fc.property(numbers, given => {
        const { type, access, shape, value } = made(given)
        const selection = select(type, access) as Selection
        expect(typeof selection).toBe('object')
        const read = selection.read(value)
        expect(read).toEqual(readAs(shape, value))
        expect(mismatchOf(read, selection.type)).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  test('writes what the model writes: selected places take the new value, in order, all others keep theirs', () => {
    fc.assert(
      fc.property(numbers, given => {
        const { type, access, shape, value, next } = made(given)
        const selection = select(type, access) as Selection
        const part = someValue(selection.type, next)
        const before = structuredClone(value)
        expect(selection.write(value, part)).toEqual(writeAs(shape, value, part))
        expect(value).toEqual(before)
      }),
      { numRuns: 500 },
    )
  })

  test('the selections that are made are of every kind', () => {
    const seen = new Set<string>()
    const look = (access: AlternateAccess): void => {
      if (access.length > 1) seen.add('several')
      for (const entry of access) {
        seen.add(entry.type)
        const selection = entry.type === 'named' ? entry.value.access : entry.value
        seen.add(selection.type)
        const node = selection.type === 'selectAccess' ? selection.value : selection.value.accessSelection
        seen.add(`${selection.type} ${node.type}`)
        if (selection.type === 'selectAlternateAccess') look(selection.value.alternateAccess)
      }
    }
    for (const given of fc.sample(numbers, 300)) look(made(given).access)
    const nodes = ['component', 'index', 'indexRange', 'allElements']
    expect([...seen].sort()).toEqual(
      [
        ...['several', 'named', 'unnamed', 'selectAccess', 'selectAlternateAccess'],
        ...nodes.flatMap(node => [`selectAccess ${node}`, `selectAlternateAccess ${node}`]),
      ].sort(),
    )
  })
})
