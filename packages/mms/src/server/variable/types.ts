import type { ObjectName } from '../../asn1/identifiers.js'
import type { StructureComponent, TypeDescription, TypeSpecification } from '../../asn1/variable-access.js'
import { descriptionIn } from '../../value-types.js'

/** Types as a server needs them: without names inside, measured, held against what it supports. */

/**
 * A type without names of types inside. ISO 9506-1, 14.3: later changes of a named type do not touch what was made with it (our reading).
 * @param typeNamed the description of a named type
 * @returns undefined: one of the names is not known. What has no names inside is returned as it is.
 */
export function resolveType(
  specification: TypeSpecification,
  typeNamed: (name: ObjectName) => TypeDescription | undefined,
): TypeDescription | undefined {
  if (specification.type === 'typeName') return typeNamed(specification.value)
  const type = specification.value
  if (type.type === 'array') {
    const elementType = resolveInside(type.value.elementType, typeNamed)
    if (elementType === undefined || elementType === type.value.elementType) return elementType && type
    return { type: 'array', value: { ...type.value, elementType } }
  }
  if (type.type !== 'structure') return type
  let changed = false
  const components: StructureComponent[] = []
  for (const component of type.value.components) {
    const componentType = resolveInside(component.componentType, typeNamed)
    if (componentType === undefined) return undefined
    changed ||= componentType !== component.componentType
    components.push(componentType === component.componentType ? component : { ...component, componentType })
  }
  return changed ? { type: 'structure', value: { ...type.value, components } } : type
}

function resolveInside(
  specification: TypeSpecification,
  typeNamed: (name: ObjectName) => TypeDescription | undefined,
): TypeSpecification | undefined {
  const type = resolveType(specification, typeNamed)
  if (type === undefined) return undefined
  return specification.type === 'typeDescription' && specification.value === type ? specification : { type: 'typeDescription', value: type }
}

export interface Measure {
  /** Arrays and structures inside each other, on the longest path. ISO 9506-1, 8.2: what the nesting level of an association limits. */
  readonly depth: number
  /** Values in it: each array, structure and simple value counts one. */
  readonly values: number
  /** Octets that no encoding of a value goes below. */
  readonly leastOctets: number
}

const known = new WeakMap<TypeDescription, Measure>()

/** How large values of a type are. A type that stands in another many times is measured once. */
export function measureOf(type: TypeDescription): Measure {
  if (type.type !== 'array' && type.type !== 'structure') return { depth: 0, values: 1, leastOctets: leastOctetsOf(type) }
  let measure = known.get(type)
  if (measure === undefined) {
    measure = type.type === 'array' ? measureOfArray(type.value) : measureOfStructure(type.value)
    known.set(type, measure)
  }
  return measure
}

/** What a limit on the size of types counts: octets of a value, at least one for each value in it. */
export function sizeOf(type: TypeDescription): number {
  const { values, leastOctets } = measureOf(type)
  return Math.max(values, leastOctets)
}

function measureOfArray({ numberOfElements, elementType }: Extract<TypeDescription, { type: 'array' }>['value']): Measure {
  const element = descriptionIn(elementType)
  const { depth, values, leastOctets } = measureOf(element)
  return {
    depth: depth + 1,
    values: 1 + Math.max(1, numberOfElements) * values,
    // An array of boolean may go as bits.
    leastOctets: element.type === 'boolean' ? 3 + Math.ceil(numberOfElements / 8) : 2 + numberOfElements * leastOctets,
  }
}

function measureOfStructure({ components }: Extract<TypeDescription, { type: 'structure' }>['value']): Measure {
  let depth = 0
  let values = 1
  let leastOctets = 2
  for (const { componentType } of components) {
    const component = measureOf(descriptionIn(componentType))
    depth = Math.max(depth, component.depth)
    values += component.values
    leastOctets += component.leastOctets
  }
  return { depth: depth + 1, values, leastOctets }
}

function leastOctetsOf(type: TypeDescription): number {
  switch (type.type) {
    case 'bitString':
      return 3 + Math.ceil(Math.max(0, type.value) / 8)
    case 'floatingPoint':
      return 3 + Math.ceil(type.value.formatWidth / 8)
    case 'octetString':
    case 'visibleString':
    case 'mMSString':
      return 2 + Math.max(0, type.value)
    case 'binaryTime':
      return type.value ? 8 : 6
    case 'utcTime':
      return 10
    default:
      return 3
  }
}

/** Whether values of such a type can be held and coded here: the widths of floating point are those of IEEE 754 that peers have. */
export function isSupported(type: TypeDescription): boolean {
  switch (type.type) {
    case 'array':
      return isSupported(descriptionIn(type.value.elementType))
    case 'structure':
      return type.value.components.every(({ componentType }) => isSupported(descriptionIn(componentType)))
    case 'integer':
    case 'unsigned':
    case 'bcd':
      return type.value >= 1
    case 'floatingPoint': {
      const { formatWidth, exponentWidth } = type.value
      return (formatWidth === 32 && exponentWidth === 8) || (formatWidth === 64 && exponentWidth === 11)
    }
    default:
      return true
  }
}

/** Whether values of one type are values of the other: names of components and packing are no part of a value. */
export function sameValues(a: TypeDescription, b: TypeDescription): boolean {
  if (a === b) return true
  if (a.type === 'array') {
    if (b.type !== 'array' || a.value.numberOfElements !== b.value.numberOfElements) return false
    return sameValues(descriptionIn(a.value.elementType), descriptionIn(b.value.elementType))
  }
  if (a.type === 'structure') {
    if (b.type !== 'structure' || a.value.components.length !== b.value.components.length) return false
    const others = b.value.components
    return a.value.components.every(({ componentType }, i) =>
      sameValues(descriptionIn(componentType), descriptionIn(others[i]!.componentType)),
    )
  }
  if (a.type === 'floatingPoint') {
    if (b.type !== 'floatingPoint') return false
    return a.value.formatWidth === b.value.formatWidth && a.value.exponentWidth === b.value.exponentWidth
  }
  return a.type === b.type && a.value === b.value
}
