import { readFile } from 'node:fs/promises'
import { OsiError } from '@x/core'
import { type DomainModel, type ListModel, type TypeDescription, toData, types, type UtcTime, Vmd, type VmdModel } from '@x/mms'
import { parseType } from '../client/type-text.js'
import { type Attribute, fixed, type Group, held, variableOf } from '../device/attributes.js'
import { BadUsage } from '../errors.js'
import type { Json, ModelFile } from './format.js'

/** Reads a model from a file. @throws BadUsage – with the path in the file and what was expected there */
export async function loadModelFile(path: string): Promise<VmdModel> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw new BadUsage(`model ${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
  try {
    return modelOf(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError) throw new BadUsage(`model ${path}: not JSON: ${error.message}`)
    if (error instanceof BadUsage) throw new BadUsage(`model ${path}: ${error.message}`, ...error.advice)
    throw error
  }
}

/** A model from JSON that has been read. @throws BadUsage */
export function modelOf(json: Json): VmdModel {
  const file = json as unknown as ModelFile
  const { identify, domains } = record(json, '') as unknown as ModelFile
  const model: VmdModel = {
    identity: {
      vendorName: text(identify?.vendor, 'identify.vendor'),
      modelName: text(identify?.model, 'identify.model'),
      revision: text(identify?.revision, 'identify.revision'),
    },
    domains: Object.fromEntries(
      Object.entries(record(domains as Json, 'domains')).map(([name, tree]) => [
        name,
        domainOf(file, name, record(tree, `domains.${name}`)),
      ]),
    ),
  }
  try {
    new Vmd(model)
  } catch (error) {
    if (!(error instanceof OsiError)) throw error
    throw new BadUsage(error.message)
  }
  return model
}

function domainOf(file: ModelFile, domain: string, tree: { readonly [name: string]: Json }): DomainModel {
  const path = `domains.${domain}`
  const groups = Object.entries(tree).map(([name, node]) => [name, nodeOf(node, `${path}.${name}`, [name], file.writable)] as const)
  return {
    componentsAsVariables: true,
    variables: Object.fromEntries(groups.map(([name, group]) => [name, variableOf(group)])),
    lists: Object.fromEntries(Object.entries(file.lists?.[domain] ?? {}).map(([name, items]) => [name, listOf(domain, items)])),
  }
}

function listOf(domain: string, items: readonly string[]): ListModel {
  return { items: items.map(item => (item.includes('/') || item.startsWith('vmd:') ? item : `${domain}/${item}`)) }
}

/** @param names of the node, from the top; the second one decides on writing */
function nodeOf(node: Json, path: string, names: readonly string[], writable: ModelFile['writable']): Attribute | Group {
  const mayWrite = writable === undefined || writable.includes(names[1] ?? '')
  if (Array.isArray(node)) return leafOf(node, path, mayWrite)
  const group = record(node, path)
  if ('[]' in group) return elementsOf(group['[]'] ?? null, path, mayWrite)
  const parts = Object.entries(group).map(([name, part]) => [name, nodeOf(part, `${path}.${name}`, [...names, name], writable)] as const)
  if (parts.length === 0) throw new BadUsage(`${path}: expected components, found none`)
  return Object.fromEntries(parts)
}

function leafOf(node: readonly Json[], path: string, mayWrite: boolean): Attribute {
  const [name, value] = node
  if (typeof name !== 'string' || node.length !== 2)
    throw new BadUsage(`${path}: expected [type, value], found ${JSON.stringify(node).slice(0, 40)}`)
  const open = name.endsWith(']') ? name.lastIndexOf('[') : -1
  const element = basicType(open < 0 ? name : name.slice(0, open), path)
  const type = open < 0 ? element : types.array(Number(name.slice(open + 1, -1)), element)
  return attribute(type, plain(value ?? null, type), path, mayWrite)
}

function elementsOf(elements: Json, path: string, mayWrite: boolean): Attribute {
  if (!Array.isArray(elements) || elements.length === 0) throw new BadUsage(`${path}.[]: expected a list of elements`)
  const [first] = elements.map((element, i) => partOf(element, `${path}.[${i}]`))
  return attribute(
    types.array(elements.length, first!.type),
    elements.map((element, i) => partOf(element, `${path}.[${i}]`).value),
    path,
    mayWrite,
  )
}

/** Type and value of an element of an array of structures. */
function partOf(node: Json, path: string): { readonly type: TypeDescription; readonly value: unknown } {
  if (Array.isArray(node)) {
    const leaf = leafOf(node, path, false)
    return { type: leaf.type, value: leaf.read() }
  }
  const parts = Object.entries(record(node, path)).map(([name, part]) => [name, partOf(part, `${path}.${name}`)] as const)
  return {
    type: types.structure(Object.fromEntries(parts.map(([name, part]) => [name, part.type]))),
    value: Object.fromEntries(parts.map(([name, part]) => [name, part.value])),
  }
}

function attribute(type: TypeDescription, value: unknown, path: string, mayWrite: boolean): Attribute {
  try {
    const data = toData(value, type)
    return mayWrite ? held(type, data) : fixed(type, data)
  } catch (error) {
    if (!(error instanceof OsiError)) throw error
    throw new BadUsage(`${path}: ${error.message}`)
  }
}

/** Basic types of IEC 61850-7-3 as IEC 61850-8-1 maps them on MMS; beside them the types of `parseType`. */
function basicType(name: string, path: string): TypeDescription {
  const simple = BASIC[name]
  if (simple !== undefined) return simple
  for (const [start, make] of SIZED) {
    const size = Number(name.slice(start.length))
    if (name.startsWith(start) && Number.isInteger(size) && size > 0) return make(size)
  }
  if (name.startsWith('INT') && name.endsWith('U') && Number(name.slice(3, -1)) > 0) return types.unsigned(Number(name.slice(3, -1)))
  try {
    return parseType(name)
  } catch (error) {
    if (!(error instanceof BadUsage)) throw error
    throw new BadUsage(`${path}: ${error.message}`, ...error.advice)
  }
}

const BASIC: Readonly<Record<string, TypeDescription>> = {
  BOOLEAN: types.boolean,
  Enum: types.integer(8),
  FLOAT32: types.float32,
  FLOAT64: types.float64,
  Quality: types.bitString(-13),
  Timestamp: types.utcTime,
  EntryTime: types.binaryTime,
}

const SIZED: readonly (readonly [string, (size: number) => TypeDescription])[] = [
  ['INT', types.integer],
  ['VisString', size => types.visibleString(-size)],
  ['Unicode', size => types.mMSString(-size)],
  ['Octet', size => types.octetString(-size)],
]

/** A Timestamp of eight octets in hex keeps its fraction and its quality; everything else is as `toData` takes it. */
function plain(value: Json, type: TypeDescription): unknown {
  if (type.type !== 'utcTime' || typeof value !== 'string' || value.length !== 16 || value.includes('-')) return value
  const octets = Buffer.from(value, 'hex')
  if (octets.length !== 8) return value
  return { seconds: octets.readUInt32BE(0), fraction: octets.readUIntBE(4, 3), quality: octets[7]! } satisfies UtcTime
}

function record(json: Json | undefined, path: string): { readonly [name: string]: Json } {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new BadUsage(`${path || 'the file'}: expected an object, found ${found(json)}`)
  return json as { readonly [name: string]: Json }
}

function text(json: unknown, path: string): string {
  if (typeof json !== 'string') throw new BadUsage(`${path}: expected text, found ${found(json)}`)
  return json
}

function found(json: unknown): string {
  return json === undefined ? 'nothing' : Array.isArray(json) ? 'a list' : json === null ? 'null' : typeof json
}
