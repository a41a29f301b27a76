import { UsageError } from '@x/core'
import type { Data } from './asn1/data.js'
import type { TypeDescription, TypeSpecification } from './asn1/variable-access.js'
import { parseObjectName } from './names.js'

/** Type descriptions, built, looked into and printed. */

/** The description itself, or a name where a server refers to a named type. */
const described = (type: TypeDescription | TypeSpecification): TypeSpecification =>
  type.type === 'typeName' || type.type === 'typeDescription' ? type : { type: 'typeDescription', value: type }

/**
 * Builds type descriptions:
 *
 * ```ts
 * const measured = types.structure({ mag: types.structure({ f: types.float32 }), q: types.bitString(13), t: types.utcTime })
 * ```
 *
 * Sizes are those of the standard: negative means "up to".
 */
export const types = {
  boolean: { type: 'boolean', value: null },
  float32: { type: 'floatingPoint', value: { formatWidth: 32, exponentWidth: 8 } },
  float64: { type: 'floatingPoint', value: { formatWidth: 64, exponentWidth: 11 } },
  generalizedTime: { type: 'generalizedTime', value: null },
  /** 6 octets: day and time. */
  binaryTime: { type: 'binaryTime', value: true },
  /** 4 octets: time of day. */
  timeOfDay: { type: 'binaryTime', value: false },
  objId: { type: 'objId', value: null },
  utcTime: { type: 'utcTime', value: null },
  /** @param bits 8, 16, 32, 64 … */
  integer: (bits: number): TypeDescription => ({ type: 'integer', value: bits }),
  /** @param bits 8, 16, 24, 32 … */
  unsigned: (bits: number): TypeDescription => ({ type: 'unsigned', value: bits }),
  bitString: (bits: number): TypeDescription => ({ type: 'bitString', value: bits }),
  octetString: (octets: number): TypeDescription => ({ type: 'octetString', value: octets }),
  visibleString: (octets: number): TypeDescription => ({ type: 'visibleString', value: octets }),
  mMSString: (characters: number): TypeDescription => ({ type: 'mMSString', value: characters }),
  bcd: (digits: number): TypeDescription => ({ type: 'bcd', value: digits }),
  array: (numberOfElements: number, element: TypeDescription | TypeSpecification): TypeDescription => ({
    type: 'array',
    value: { packed: false, numberOfElements, elementType: described(element) },
  }),
  /** Components in the order of the keys. */
  structure: (components: Readonly<Record<string, TypeDescription | TypeSpecification>>): TypeDescription => ({
    type: 'structure',
    value: {
      packed: false,
      components: Object.entries(components).map(([componentName, type]) => ({ componentName, componentType: described(type) })),
    },
  }),
  /** A named type, for models and definitions of a server. @param name as text: `domain/item`, `vmd:item`, `aa:item` */
  named: (name: string): TypeSpecification => ({ type: 'typeName', value: parseObjectName(name) }),
} as const satisfies Record<string, TypeDescription | ((...parts: never[]) => TypeDescription | TypeSpecification)>

/** The description inside a specification. @throws UsageError MMS_TYPE_NAME for a type that is only named */
export function descriptionIn(specification: TypeSpecification): TypeDescription {
  if (specification.type === 'typeDescription') return specification.value
  throw new UsageError('mms', 'MMS_TYPE_NAME', 'expected a type description, found the name of a type: ask the server for it first')
}

/** One step of a path: the name of a component, or the index of an element. */
type Step = string | number

/**
 * A path into a structured type or value: components behind `.` or `$`, elements in parentheses: `phsA$cVal`, `.harm(3).mag`.
 *
 * @throws UsageError MMS_NAME
 */
function stepsOf(path: string): readonly Step[] {
  const steps: Step[] = []
  for (let at = 0; at < path.length; ) {
    if (path[at] === '(') {
      const close = path.indexOf(')', at)
      const index = close < 0 ? Number.NaN : indexOf(path.slice(at + 1, close))
      if (!Number.isInteger(index))
        throw new UsageError('mms', 'MMS_NAME', `path "${path}": expected an index in parentheses at character ${at}`)
      steps.push(index)
      at = close + 1
      continue
    }
    if (path[at] === '.' || path[at] === '$') at++
    let end = at
    while (end < path.length && !'.$('.includes(path[end]!)) end++
    if (end === at) throw new UsageError('mms', 'MMS_NAME', `path "${path}": expected a component name at character ${at}`)
    steps.push(path.slice(at, end))
    at = end
  }
  return steps
}

function indexOf(text: string): number {
  const index = Number(text)
  return text !== '' && String(index) === text && index >= 0 ? index : Number.NaN
}

/**
 * The type of a part: `typeAt(type, 'phsA$cVal$mag')`, `typeAt(type, 'har(3)')`.
 *
 * @returns undefined where there is no such part
 * @throws UsageError MMS_NAME for a path that is none, MMS_TYPE_NAME where a type on the way is only named
 */
export function typeAt(type: TypeDescription, path: string): TypeDescription | undefined {
  let here: TypeDescription | undefined = type
  for (const step of stepsOf(path)) {
    here = here && partOf(here, step)?.type
  }
  return here
}

/** The value of a part. The type names the components. @returns undefined where there is no such part, in the type or in the value */
export function dataAt(data: Data, type: TypeDescription, path: string): Data | undefined {
  let here: Data | undefined = data
  let hereType: TypeDescription | undefined = type
  for (const step of stepsOf(path)) {
    const part: { type: TypeDescription; at: number } | undefined = hereType && partOf(hereType, step)
    hereType = part?.type
    here = part && (here?.type === 'array' || here?.type === 'structure') ? here.value[part.at] : undefined
  }
  return here
}

function partOf(type: TypeDescription, step: Step): { type: TypeDescription; at: number } | undefined {
  if (type.type === 'structure' && typeof step === 'string') {
    const at = type.value.components.findIndex(component => component.componentName === step)
    return at < 0 ? undefined : { type: descriptionIn(type.value.components[at]!.componentType), at }
  }
  if (type.type === 'array' && typeof step === 'number' && step < type.value.numberOfElements) {
    return { type: descriptionIn(type.value.elementType), at: step }
  }
  return undefined
}

/** Arrays and structures inside each other, on the longest path; 0 for a simple type. What the nesting level of an association limits. */
export function nestingOfType(type: TypeDescription): number {
  switch (type.type) {
    case 'array':
      return 1 + nestingOfSpecification(type.value.elementType)
    case 'structure':
      return 1 + type.value.components.reduce((most, component) => Math.max(most, nestingOfSpecification(component.componentType)), 0)
    default:
      return 0
  }
}

function nestingOfSpecification(specification: TypeSpecification): number {
  return specification.type === 'typeDescription' ? nestingOfType(specification.value) : 0
}

/** Arrays and structures inside each other, on the longest path; 0 for a simple value. */
export function nestingOfData(data: Data): number {
  if (data.type !== 'array' && data.type !== 'structure') return 0
  return 1 + data.value.reduce((most, element) => Math.max(most, nestingOfData(element)), 0)
}

/** A simple type in a few words, such as `integer 32`, `visible-string up to 255`. */
export function typeText(type: TypeDescription): string {
  switch (type.type) {
    case 'array':
      return `array of ${type.value.numberOfElements}${type.value.packed ? ', packed' : ''}`
    case 'structure':
      return `structure of ${type.value.components.length}${type.value.packed ? ', packed' : ''}`
    case 'boolean':
      return 'boolean'
    case 'bitString':
      return sizeText('bit-string', type.value)
    case 'integer':
      return `integer ${type.value}`
    case 'unsigned':
      return `unsigned ${type.value}`
    case 'floatingPoint':
      return `floating-point ${type.value.formatWidth}`
    case 'octetString':
      return sizeText('octet-string', type.value)
    case 'visibleString':
      return sizeText('visible-string', type.value)
    case 'generalizedTime':
      return 'generalized-time'
    case 'binaryTime':
      return type.value ? 'binary-time with date' : 'binary-time'
    case 'bcd':
      return `bcd ${type.value}`
    case 'objId':
      return 'objId'
    case 'mMSString':
      return sizeText('mMSString', type.value)
    case 'utcTime':
      return 'utc-time'
    default:
      return type satisfies never
  }
}

function sizeText(name: string, size: number): string {
  return size < 0 ? `${name} up to ${-size}` : `${name} ${size}`
}

/**
 * A type as a tree, a line for each part:
 *
 * ```text
 * structure of 2
 * ├─ mag: structure of 1
 * │  └─ f: floating-point 32
 * └─ q: bit-string 13
 * ```
 */
export function printType(type: TypeDescription): string {
  return lines('', described(type)).join('\n')
}

function lines(label: string, specification: TypeSpecification): string[] {
  if (specification.type === 'typeName') {
    const { value } = specification
    return [`${label}type ${value.type === 'domainSpecific' ? `${value.value.domainID}/${value.value.itemID}` : value.value}`]
  }
  const type = specification.value
  const head = `${label}${typeText(type)}`
  if (type.type === 'array') return [head, ...under([lines('', type.value.elementType)])]
  if (type.type !== 'structure') return [head]
  const parts = type.value.components.map(({ componentName, componentType }) =>
    lines(componentName === undefined ? '' : `${componentName}: `, componentType),
  )
  return [head, ...under(parts)]
}

function under(parts: readonly (readonly string[])[]): string[] {
  return parts.flatMap((part, i) => {
    const last = i === parts.length - 1
    return part.map((line, j) => `${j > 0 ? (last ? '   ' : '│  ') : last ? '└─ ' : '├─ '}${line}`)
  })
}
