import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Anything JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** `[type, value]`, or `[type[n], values]` for an array of n. Types are the basic types of IEC 61850-7-3; README.md has their MMS types. */
export type Leaf = readonly [type: string, value: Json]

/** An array of structures, element by element. */
export interface Elements {
  readonly '[]': readonly Tree[]
}

/** A structure: components in the order of the wire. */
export interface Tree {
  readonly [name: string]: Node
}

/** What a name of the model stands for. */
export type Node = Leaf | Elements | Tree

/** A report control block of IEC 61850-8-1, whose attributes stand beside the variables of the tree. */
export interface ReportControl {
  readonly rptId: string
  /** Named variable list of the same domain. */
  readonly list: string
  readonly confRev: number
  /** Ten bits, as text. */
  readonly optFlds: string
  /** Six bits, as text. */
  readonly trgOps: string
}

/** `model.json`: what every server of an interop run holds. */
export interface Model {
  /** In front of each domain's name. */
  readonly ied: string
  readonly identify: { readonly vendor: string; readonly model: string; readonly revision: string }
  /** Functional constraints whose variables may be written; a write of any other is refused with object-access-denied. */
  readonly writable: readonly string[]
  readonly domains: { readonly [domain: string]: Tree }
  readonly lists: { readonly [domain: string]: { readonly [list: string]: readonly string[] } }
  readonly reports: { readonly [domain: string]: { readonly [item: string]: ReportControl } }
}

/** Path of the fixture: beside this file, or where this file was before it was built. */
export const modelFile: string = ['./model.json', '../../interop/model.json']
  .map(path => fileURLToPath(new URL(path, import.meta.url)))
  .find(existsSync)!

/** The fixture. */
export function loadModel(): Model {
  return JSON.parse(readFileSync(modelFile, 'utf8')) as Model
}

/** Whether a node is a leaf. */
export function isLeaf(node: Node): node is Leaf {
  return Array.isArray(node)
}

/** Whether a node is an array of structures. */
export function isElements(node: Node): node is Elements {
  return !Array.isArray(node) && '[]' in node
}

/** The node of an item identifier such as `GGIO1$MX$AnIn1`; undefined when there is none. */
export function nodeOf(model: Model, domain: string, item: string): Node | undefined {
  let node: Node | undefined = model.domains[domain]
  for (const name of item.split('$')) {
    if (node === undefined || isLeaf(node) || isElements(node)) return undefined
    node = (node as Tree)[name]
  }
  return node
}

/** Every variable name of a domain: each node of the tree, its path joined by `$`. Report control blocks are not among them. */
export function variableNames(model: Model, domain: string): string[] {
  const names: string[] = []
  const walk = (tree: Tree, prefix: string): void => {
    for (const [name, node] of Object.entries(tree)) {
      names.push(prefix + name)
      if (!isLeaf(node) && !isElements(node)) walk(node, `${prefix}${name}$`)
    }
  }
  const domainTree = model.domains[domain]
  if (domainTree) walk(domainTree, '')
  return names
}

/** A leaf's type without its array count, and the count. */
export function splitType(type: string): { readonly base: string; readonly count: number | undefined } {
  const open = type.indexOf('[')
  if (open < 0) return { base: type, count: undefined }
  return { base: type.slice(0, open), count: Number(type.slice(open + 1, -1)) }
}

/** The MMS type of a basic type, spelt as in the answers of `describe`. */
export function mmsType(base: string): { readonly [kind: string]: Json } {
  if (base === 'BOOLEAN') return { boolean: null }
  if (base === 'Enum') return { integer: 8 }
  if (base === 'FLOAT32') return { 'floating-point': 32, exponent: 8 }
  if (base === 'FLOAT64') return { 'floating-point': 64, exponent: 11 }
  if (base === 'Quality') return { 'bit-string': -13 }
  if (base === 'Timestamp') return { 'utc-time': null }
  const digits = [...base].filter(c => c >= '0' && c <= '9').join('')
  if (base.startsWith('INT')) return base.endsWith('U') ? { unsigned: Number(digits) } : { integer: Number(digits) }
  if (base.startsWith('Unicode')) return { mMSString: -Number(digits) }
  if (base.startsWith('Octet')) return { 'octet-string': -Number(digits) }
  return { 'visible-string': -Number(digits) }
}

/** Name of the Data alternative a basic type is sent as. */
export function dataKind(base: string): string {
  return Object.keys(mmsType(base))[0]!
}

/** The value of a node, spelt as in the answers of `read`. */
export function dataOf(node: Node): Json {
  if (isElements(node)) return { array: node['[]'].map(dataOf) }
  if (!isLeaf(node)) return { structure: Object.values(node).map(dataOf) }
  const { base, count } = splitType(node[0])
  const kind = dataKind(base)
  return count === undefined ? { [kind]: node[1] } : { array: (node[1] as readonly Json[]).map(value => ({ [kind]: value })) }
}

/** The type of a node, spelt as in the answers of `describe`. */
export function typeOf(node: Node): Json {
  if (isElements(node)) return { array: typeOf(node['[]'][0]!), count: node['[]'].length }
  if (!isLeaf(node)) return { structure: Object.fromEntries(Object.entries(node).map(([name, child]) => [name, typeOf(child)])) }
  const { base, count } = splitType(node[0])
  return count === undefined ? mmsType(base) : { array: mmsType(base), count }
}

/** Every leaf of the model: one line per value, elements of arrays numbered in parentheses. */
export function leaves(model: Model): { readonly path: string; readonly type: string; readonly value: Json }[] {
  const found: { path: string; type: string; value: Json }[] = []
  const walk = (node: Node, path: string): void => {
    if (isElements(node)) for (const [i, element] of node['[]'].entries()) walk(element, `${path}(${i})`)
    else if (!isLeaf(node)) for (const [name, child] of Object.entries(node)) walk(child, `${path}$${name}`)
    else {
      const { base, count } = splitType(node[0])
      if (count === undefined) found.push({ path, type: base, value: node[1] })
      else for (const [i, value] of (node[1] as readonly Json[]).entries()) found.push({ path: `${path}(${i})`, type: base, value })
    }
  }
  for (const [domain, tree] of Object.entries(model.domains))
    for (const [name, node] of Object.entries(tree)) walk(node, `${domain}/${name}`)
  return found
}
