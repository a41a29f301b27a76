import { hex } from '@x/core'
import { CONTEXT, tagOf, tagText } from './identifier.js'
import type { AnyType, BitString, MemberShape } from './type.js'

/** Names that ASN.1 itself defines. */
const RESERVED = new Set(['EXTERNAL', 'EMBEDDED PDV'])

/**
 * A type as an ASN.1 assignment, to be laid beside the standard. Types with a name of their own are printed as references.
 *
 * ```text
 * Read-Request ::= SEQUENCE {
 *   specificationWithResult      [0] IMPLICIT BOOLEAN DEFAULT FALSE,
 *   variableAccessSpecification  [1] VariableAccessSpecification
 * }
 * ```
 */
export function print(type: AnyType): string {
  return `${type.name || 'Unnamed'} ::= ${definition(type, '')}\n`
}

/** A whole module: these types, and every named type they are made of, each once, in the order of first use. */
export function printModule(name: string, types: readonly AnyType[]): string {
  const found = new Map<string, AnyType>()
  const visit = (type: AnyType): void => {
    if (isReference(type) && !RESERVED.has(type.name)) {
      if (found.has(type.name)) return
      found.set(type.name, type)
    }
    for (const part of partsOf(type)) visit(part)
  }
  types.forEach(visit)
  return `${name} DEFINITIONS ::= BEGIN\n\n${[...found.values()].map(print).join('\n')}\nEND\n`
}

function isReference(type: AnyType): boolean {
  const { name, shape } = type
  if (name === '' || shape.kind === 'tagged' || shape.kind === 'sized') return false
  return shape.kind !== 'builtin' || shape.asn1 !== name
}

function partsOf({ shape }: AnyType): readonly AnyType[] {
  switch (shape.kind) {
    case 'builtin':
      return []
    case 'tagged':
    case 'sized':
      return [shape.type()]
    case 'leaf':
      return shape.as ? partsOf(shape.as()) : []
    case 'sequence of':
    case 'set of':
      return [shape.element()]
    case 'sequence':
    case 'set':
      return shape.members.map(member => member.type())
    case 'choice':
      return shape.alternatives.map(alternative => alternative.type())
  }
}

function reference(type: AnyType, indent: string): string {
  return isReference(type) ? type.name : definition(type, indent)
}

function definition(type: AnyType, indent: string): string {
  const { shape } = type
  switch (shape.kind) {
    case 'builtin':
      return shape.asn1 + namesText(shape.names)
    case 'tagged': {
      const tag = tagOf(shape.tagClass, shape.number)
      const text = shape.tagClass === CONTEXT ? `[${shape.number}]` : tagText(tag)
      return `${text} ${shape.explicit ? '' : 'IMPLICIT '}${reference(shape.type(), indent)}`
    }
    case 'sized':
      return sizedText(shape.type(), shape.least, shape.most, indent)
    case 'leaf':
      return shape.as ? definition(shape.as(), indent) : 'ANY -- written by hand'
    case 'sequence of':
    case 'set of':
      return `${shape.kind.toUpperCase()} ${reference(shape.element(), indent)}`
    case 'sequence':
    case 'set':
      return `${shape.kind.toUpperCase()} ${block(shape.members, indent, shape.extensible)}`
    case 'choice':
      return `CHOICE ${block(shape.alternatives, indent, false)}`
  }
}

function sizedText(type: AnyType, least: number, most: number, indent: string): string {
  const size = `SIZE (${least === most ? least : `${least}..${most === Number.MAX_SAFE_INTEGER ? 'MAX' : most}`})`
  const { shape } = type
  if (shape.kind === 'sequence of' || shape.kind === 'set of') {
    return `${shape.kind.slice(0, -3).toUpperCase()} (${size}) OF ${reference(shape.element(), indent)}`
  }
  return `${reference(type, indent)} (${size})`
}

function block(members: readonly MemberShape[], indent: string, extensible: boolean): string {
  const inner = `${indent}  `
  const width = Math.max(0, ...members.map(member => member.asn1Name.length))
  const lines = members.map(member => `${inner}${member.asn1Name.padEnd(width)}  ${reference(member.type(), inner)}${presenceText(member)}`)
  if (extensible) lines.push(`${inner}...`)
  return lines.length === 0 ? '{ }' : `{\n${lines.join(',\n')}\n${indent}}`
}

function presenceText(member: MemberShape): string {
  if (member.presence === 'required') return ''
  return member.presence === 'optional' ? ' OPTIONAL' : ` DEFAULT ${valueText(member.value, hasNames(member.type()))}`
}

function namesText(names: Readonly<Record<string, number>> | undefined): string {
  if (!names) return ''
  return ` { ${Object.entries(names)
    .map(([name, number]) => `${name}(${number})`)
    .join(', ')} }`
}

/** Whether text stands for names of the declaration, which have no quotes. */
function hasNames({ shape }: AnyType): boolean {
  if (shape.kind === 'builtin') return shape.names !== undefined
  return (shape.kind === 'tagged' || shape.kind === 'sized') && hasNames(shape.type())
}

/** A DEFAULT in value notation. */
function valueText(value: unknown, names = false): string {
  if (typeof value === 'string') return names ? value : JSON.stringify(value)
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (value === null) return 'NULL'
  if (value instanceof Uint8Array) return `'${hex(value, '').toUpperCase()}'H`
  if (Array.isArray(value)) return `{ ${value.map(one => valueText(one)).join(', ')} }`
  if (typeof value !== 'object') return String(value)
  if ('octets' in value && 'size' in value) return `'${bitsText(value as BitString)}'B`
  if ('type' in value && 'value' in value) return `${value.type} : ${valueText(value.value)}`
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key} ${valueText(inner)}`)
    .join(', ')} }`
}

/** A BIT STRING as zeros and ones. */
export function bitsText({ octets, size }: BitString): string {
  let text = ''
  for (let i = 0; i < size; i++) text += octets[i >> 3]! & (0x80 >> (i & 7)) ? '1' : '0'
  return text
}
