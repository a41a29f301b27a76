import type { Data, MmsClient, RequestOptions, TypeDescription, TypeSpecification, VariableReference } from '@x/mms'
import { formatVariable, parseVariable } from '@x/mms'
import { type Outcome, readAll } from '../client/bulk.js'
import { valueJson } from '../render/json.js'

/** The value of a variable, or, where the device does not give it as a whole, those of its components in order. */
export type ValueTree = Outcome | { readonly parts: readonly ValueTree[] }

/** A variable whose type is known. */
export interface Typed {
  readonly reference: VariableReference
  readonly type: TypeDescription
}

/**
 * Reads variables whole; a structure that the device does not give as a whole is read component by component, and so on.
 *
 * @param known item identifiers of the scope: a component that is a variable of its own is read by its name
 */
export async function readTrees(
  mms: MmsClient,
  wanted: readonly Typed[],
  known: ReadonlySet<string>,
  request: RequestOptions,
): Promise<readonly ValueTree[]> {
  if (wanted.length === 0) return []
  const outcomes = await readAll(mms, wanted, request)
  const open = outcomes.flatMap((outcome, i) =>
    'failure' in outcome ? componentsOf(wanted[i]!, known).map(part => ({ of: i, part })) : [],
  )
  const parts = await readTrees(
    mms,
    open.map(one => one.part),
    known,
    request,
  )
  return outcomes.map((outcome, i) => {
    const own = parts.filter((_, n) => open[n]!.of === i)
    // Where nothing can be read below either, one error says it all.
    return own.some(isReadable) ? { parts: own } : outcome
  })
}

function isReadable(tree: ValueTree): boolean {
  return 'parts' in tree ? tree.parts.some(isReadable) : 'data' in tree
}

function componentsOf({ reference, type }: Typed, known: ReadonlySet<string>): readonly Typed[] {
  if (type.type !== 'structure') return []
  const parts: Typed[] = []
  for (const { componentName, componentType } of type.value.components) {
    if (componentName === undefined || componentType.type !== 'typeDescription') return []
    parts.push({ reference: componentReference(reference, componentName, known), type: componentType.value })
  }
  return parts
}

function componentReference(reference: VariableReference, component: string, known: ReadonlySet<string>): VariableReference {
  const { name, alternateAccess } = reference
  const item = name.type === 'domainSpecific' ? name.value.itemID : name.value
  const own = `${item}$${component}`
  if (alternateAccess === undefined && known.has(own)) {
    return name.type === 'domainSpecific'
      ? { name: { type: 'domainSpecific', value: { domainID: name.value.domainID, itemID: own } } }
      : { name: { type: name.type, value: own } }
  }
  return parseVariable(`${formatVariable(reference)}.${component}`)
}

/** The value of a component of a structure, or of an element of an array. */
export function memberOf(tree: ValueTree | undefined, at: number): ValueTree | undefined {
  if (tree === undefined) return undefined
  if ('parts' in tree) return tree.parts[at]
  if ('failure' in tree) return undefined
  const data: Data = tree.data
  const member = data.type === 'structure' || data.type === 'array' ? data.value[at] : undefined
  return member === undefined ? undefined : { data: member }
}

/** A value as JSON, with `{ error }` where there is none. */
export function treeJson(tree: ValueTree, type: TypeDescription): unknown {
  if ('data' in tree) return valueJson(tree.data, type)
  if ('failure' in tree) return { error: tree.failure }
  const components = type.type === 'structure' ? type.value.components : []
  return Object.fromEntries(
    components.map(({ componentName, componentType }, i) => [
      componentName ?? String(i),
      treeJson(tree.parts[i]!, described(componentType)),
    ]),
  )
}

function described(specification: TypeSpecification): TypeDescription {
  return specification.type === 'typeDescription' ? specification.value : { type: 'boolean', value: null }
}
