import type { MmsClient, ObjectName, RequestOptions, StructureComponent, TypeDescription } from '@x/mms'
import { formatVariable, objectName, type parseVariable } from '@x/mms'
import { refusalText } from '../client/bulk.js'
import { typesOf } from '../client/types.js'
import { readTrees, type ValueTree } from './values.js'

/** A variable of a scope. Its components are in its type, also where the device has them as variables of their own. */
export interface Entry {
  /** Item identifier. */
  readonly item: string
  readonly name: ObjectName
  /** Its type, or why it is not known. */
  readonly type: TypeDescription | { readonly failure: string }
  readonly value?: ValueTree
}

export interface ListEntry {
  readonly item: string
  /** The members as text, or why they are not known. */
  readonly members: readonly string[] | { readonly failure: string }
}

/** A domain, or the VMD's own objects. */
export interface ScopeView {
  /** Absent: the VMD. */
  readonly domain?: string
  /** All variable names the device lists. */
  readonly names: number
  readonly entries: readonly Entry[]
  readonly lists: readonly ListEntry[]
}

export interface CollectOptions {
  readonly values: boolean
  /** A scope that the device refuses to list is an empty one. @default false */
  readonly optional?: boolean
  /** Which entries are wanted; their types are known, their values not yet. @default all */
  readonly keep?: (entry: Entry) => boolean
}

/** Looks at all variables and lists of a scope: names first, then types and values, many at a time. */
export async function collectScope(
  mms: MmsClient,
  domain: string | undefined,
  request: RequestOptions,
  options: CollectOptions,
): Promise<ScopeView> {
  const variables = mms.variableNames(domain, request)
  const [names, listNames] = await Promise.all([
    options.optional ? namesOrNone(variables) : variables,
    namesOrNone(mms.variableListNames(domain, request)),
  ])
  const [all, lists] = await Promise.all([
    entriesOf(mms, domain, names, request),
    Promise.all(listNames.map(item => listOf(mms, objectName(item, domain), item, request))),
  ])
  const entries = options.keep === undefined ? all : all.filter(options.keep)
  return {
    ...(domain === undefined ? {} : { domain }),
    names: names.length,
    entries: options.values ? await withValues(mms, entries, new Set(names), request) : entries,
    lists,
  }
}

/** Some devices serve no lists, or no objects of the VMD: there are none then. */
async function namesOrNone(names: Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await names
  } catch (error) {
    if (refusalText(error) === undefined) throw error
    return []
  }
}

/** The names that are no parts of others, with their types; where a type is not told, the names below it take its place. */
async function entriesOf(
  mms: MmsClient,
  domain: string | undefined,
  names: readonly string[],
  request: RequestOptions,
): Promise<readonly Entry[]> {
  const entries = new Map<string, Entry>()
  for (let open = new Set(names); open.size > 0; ) {
    const tops = topsOf(open)
    const types = await typesOf(
      mms,
      tops.map(item => objectName(item, domain)),
      request,
    )
    for (const [i, item] of tops.entries()) {
      const found = types[i]!
      entries.set(item, { item, name: objectName(item, domain), type: 'type' in found ? found.type : found })
      open.delete(item)
      if (!('type' in found)) continue
      for (const name of open) if (name.startsWith(`${item}$`) && hasPath(found.type, name.slice(item.length + 1))) open.delete(name)
    }
  }
  return names.flatMap(name => entries.get(name) ?? [])
}

/** Names of the set that have none of its names in front of them. */
function topsOf(open: ReadonlySet<string>): readonly string[] {
  return [...open].filter(name => {
    for (let at = name.indexOf('$'); at >= 0; at = name.indexOf('$', at + 1)) if (open.has(name.slice(0, at))) return false
    return true
  })
}

/** Whether `a$b$c` are components inside each other. */
function hasPath(type: TypeDescription, path: string): boolean {
  let here: TypeDescription | undefined = type
  for (const part of path.split('$')) {
    const components: readonly StructureComponent[] = here?.type === 'structure' ? here.value.components : []
    const component = components.find(one => one.componentName === part)
    here = component?.componentType.type === 'typeDescription' ? component.componentType.value : undefined
    if (component === undefined) return false
  }
  return true
}

async function withValues(
  mms: MmsClient,
  entries: readonly Entry[],
  known: ReadonlySet<string>,
  request: RequestOptions,
): Promise<readonly Entry[]> {
  const readable = entries.flatMap(({ name, type }) => ('failure' in type ? [] : [{ reference: { name }, type }]))
  const values = await readTrees(mms, readable, known, request)
  let next = 0
  return entries.map(entry => ('failure' in entry.type ? entry : { ...entry, value: values[next++]! }))
}

async function listOf(mms: MmsClient, name: ObjectName, item: string, request: RequestOptions): Promise<ListEntry> {
  try {
    const { listOfVariable } = await mms.getNamedVariableListAttributes(name, request)
    return { item, members: listOfVariable.map(memberText) }
  } catch (error) {
    const failure = refusalText(error)
    if (failure === undefined) throw error
    return { item, members: { failure } }
  }
}

/** A member of a list as text. */
export function memberText({ variableSpecification, alternateAccess }: Parameters<typeof memberReference>[0]): string {
  const reference = memberReference({ variableSpecification, ...(alternateAccess === undefined ? {} : { alternateAccess }) })
  return reference === undefined ? variableSpecification.type : formatVariable(reference)
}

/** A member of a list as a reference; undefined: it has no name. */
export function memberReference({
  variableSpecification,
  alternateAccess,
}: {
  readonly variableSpecification: { readonly type: string; readonly value: unknown }
  readonly alternateAccess?: ReturnType<typeof parseVariable>['alternateAccess']
}): ReturnType<typeof parseVariable> | undefined {
  if (variableSpecification.type !== 'name') return undefined
  return { name: variableSpecification.value as ObjectName, ...(alternateAccess === undefined ? {} : { alternateAccess }) }
}
