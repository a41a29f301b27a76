import { type Data, type DomainModel, type TypeDescription, types, type VariableModel, type VmdModel } from '@x/mms'
import { isElements, isLeaf, type Model, type Node, splitType, type Tree } from './model.js'
import { ReportControlBlock } from './report-control.js'
import { dataOfLeaf, descriptionOf } from './values.js'

/** A node of the tree with its value: a leaf holds it, a structure asks its components. */
interface Part {
  readonly type: TypeDescription
  read(): Data
  write(value: Data): void
  /** In the order of the wire; none under a leaf. */
  readonly components: ReadonlyMap<string, Part>
}

/**
 * The fixture as a model for `MmsServer`: a variable for every node of the tree, whose values are held once, the lists, and the
 * report control blocks.
 */
export function vmdOf(model: Model): VmdModel {
  return {
    identity: { vendorName: model.identify.vendor, modelName: model.identify.model, revision: model.identify.revision },
    domains: Object.fromEntries(Object.keys(model.domains).map(domain => [domain, domainOf(model, domain)])),
  }
}

function domainOf(model: Model, domain: string): DomainModel {
  const variables: Record<string, VariableModel> = {}
  const walk = (part: Part, path: readonly string[]): void => {
    const writable = path[1] !== undefined && model.writable.includes(path[1])
    variables[path.join('$')] = {
      type: part.type,
      read: () => part.read(),
      ...(writable ? { write: (value: Data) => part.write(value) } : { writable: false }),
    }
    for (const [name, child] of part.components) walk(child, [...path, name])
  }
  const lists = model.lists[domain] ?? {}
  const blocks = Object.entries(model.reports[domain] ?? {}).map(([item, control]) => {
    const members = lists[control.list]!
    return new ReportControlBlock(item, domain, control, members.length, () => members.map(member => readOf(variables[member]!)))
  })
  for (const [name, tree] of Object.entries(model.domains[domain]!)) {
    const own = blocks.filter(block => block.item.startsWith(`${name}$`))
    const part = partOf(tree as Tree)
    walk(own.length === 0 ? part : withReports(part as StructurePart, own), [name])
  }
  // Behind the walk: a block's own attributes are written through its hooks, not as parts of the tree.
  for (const block of blocks) Object.assign(variables, block.variables())
  return {
    variables,
    lists: Object.fromEntries(Object.entries(lists).map(([name, members]) => [name, { items: members.map(item => `${domain}/${item}`) }])),
  }
}

function readOf(variable: VariableModel): Data {
  return variable.read!(undefined as never) as Data
}

/** `LLN0$RP$urcb01`: the functional constraint RP beside the others, one component for each block. */
function withReports(part: StructurePart, blocks: readonly ReportControlBlock[]): Part {
  const controls = new StructurePart(
    new Map(blocks.map(block => [block.item.split('$')[2]!, new LivePart(block.type, () => block.read())] as const)),
  )
  return new StructurePart(new Map<string, Part>([...part.components, [blocks[0]!.item.split('$')[1]!, controls]]))
}

function partOf(node: Node): Part {
  if (isElements(node)) {
    const elements = node['[]'].map(partOf)
    const value: Data = { type: 'array', value: elements.map(element => element.read()) }
    return new HeldPart(types.array(elements.length, elements[0]!.type), value)
  }
  if (!isLeaf(node)) return new StructurePart(new Map(Object.entries(node).map(([name, child]) => [name, partOf(child)])))
  const { base, count } = splitType(node[0])
  const value: Data =
    count === undefined
      ? dataOfLeaf(base, node[1])
      : { type: 'array', value: (node[1] as readonly string[]).map(element => dataOfLeaf(base, element)) }
  return new HeldPart(descriptionOf(node[0]), value)
}

class HeldPart implements Part {
  readonly type: TypeDescription
  readonly components: ReadonlyMap<string, Part> = new Map()
  #value: Data

  constructor(type: TypeDescription, value: Data) {
    this.type = type
    this.#value = value
  }

  read(): Data {
    return this.#value
  }

  write(value: Data): void {
    this.#value = value
  }
}

class LivePart implements Part {
  readonly type: TypeDescription
  readonly components: ReadonlyMap<string, Part> = new Map()
  readonly read: () => Data

  constructor(type: TypeDescription, read: () => Data) {
    this.type = type
    this.read = read
  }

  write(): void {}
}

class StructurePart implements Part {
  readonly type: TypeDescription
  readonly components: ReadonlyMap<string, Part>

  constructor(components: ReadonlyMap<string, Part>) {
    this.components = components
    this.type = types.structure(Object.fromEntries([...components].map(([name, part]) => [name, part.type])))
  }

  read(): Data {
    return { type: 'structure', value: [...this.components.values()].map(part => part.read()) }
  }

  write(value: Data): void {
    const values = value.type === 'structure' ? value.value : []
    for (const [i, part] of [...this.components.values()].entries()) part.write(values[i]!)
  }
}
