import { isElements, isLeaf, leaves, type Model, type Node, type ReportControl, splitType, type Tree } from './model.js'

/**
 * The model as an SCL file (IEC 61850-6), for servers that are configured by one. It holds types, data sets and report control
 * blocks; `sclValues` holds the values, which SCL cannot express for arrays, times and qualities.
 */
export function sclOf(model: Model): string {
  const types: string[] = []
  const devices = Object.entries(model.domains).map(([domain, nodes]) => {
    const inst = domain.slice(model.ied.length)
    const logicalNodes = Object.entries(nodes).map(([name, tree]) => logicalNode(model, types, domain, inst, name, tree as Tree))
    return `<LDevice inst="${inst}">${logicalNodes.join('')}</LDevice>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<SCL xmlns="http://www.iec.ch/61850/2003/SCL"><Header id="interop" nameStructure="IEDName"/>',
    `<IED name="${model.ied}"><AccessPoint name="a"><Server><Authentication/>${devices.join('\n')}</Server></AccessPoint></IED>`,
    `<DataTypeTemplates>${inOrder(types).join('\n')}</DataTypeTemplates></SCL>`,
    '',
  ].join('\n')
}

/** The values: path, tab, basic type, tab, value. */
export function sclValues(model: Model): string {
  return leaves(model)
    .map(leaf => `${leaf.path}\t${leaf.type}\t${leaf.value}\n`)
    .join('')
}

/** LNodeType, DOType, DAType: the order the schema asks for. */
function inOrder(types: readonly string[]): string[] {
  return ['<LNodeType', '<DOType', '<DAType'].flatMap(start => types.filter(type => type.startsWith(start)))
}

function logicalNode(model: Model, types: string[], domain: string, inst: string, name: string, constraints: Tree): string {
  const objects = new Map<string, [constraint: string, attributes: Tree][]>()
  for (const [constraint, tree] of Object.entries(constraints)) {
    for (const [object, attributes] of Object.entries(tree as Tree))
      objects.set(object, [...(objects.get(object) ?? []), [constraint, attributes as Tree]])
  }
  const id = `${domain}.${name}`
  const dos = [...objects].map(([object, parts]) => {
    const attributes = parts.flatMap(([constraint, tree]) =>
      Object.entries(tree).map(([a, node]) => attribute(types, `${id}.${object}.${a}`, a, node, `fc="${constraint}"`)),
    )
    types.push(`<DOType id="${id}.${object}" cdc="${object}">${attributes.join('')}</DOType>`)
    return `<DO name="${object}" type="${id}.${object}"/>`
  })
  const first = name === 'LLN0'
  const digit = first ? name.length : [...name].findIndex(c => c >= '0' && c <= '9')
  const lnClass = first ? 'LLN0' : name.slice(0, digit)
  types.push(`<LNodeType id="${id}" lnClass="${lnClass}">${dos.join('')}</LNodeType>`)
  const tag = first ? 'LN0' : 'LN'
  return `<${tag} lnClass="${lnClass}" inst="${first ? '' : name.slice(digit)}" lnType="${id}" prefix="">${dataSets(model, domain, inst, name)}${reports(model, domain, name)}</${tag}>`
}

function attribute(types: string[], id: string, name: string, node: Node, more: string): string {
  const tag = more === '' ? 'BDA' : 'DA'
  const open = `<${tag} name="${name}" ${more}`
  if (isLeaf(node)) {
    const { base, count } = splitType(node[0])
    const type = base === 'Enum' ? 'INT8' : base
    return `${open} bType="${type}"${count === undefined ? '' : ` count="${count}"`}/>`
  }
  const members: Tree = isElements(node) ? node['[]'][0]! : node
  const parts = Object.entries(members).map(([child, sub]) => attribute(types, `${id}.${child}`, child, sub, ''))
  types.push(`<DAType id="${id}">${parts.join('')}</DAType>`)
  return `${open} bType="Struct" type="${id}"${isElements(node) ? ` count="${node['[]'].length}"` : ''}/>`
}

function dataSets(model: Model, domain: string, inst: string, name: string): string {
  return Object.entries(model.lists[domain] ?? {})
    .filter(([list]) => list.startsWith(`${name}$`))
    .map(
      ([list, members]) => `<DataSet name="${list.slice(name.length + 1)}">${members.map(member => fcda(inst, member)).join('')}</DataSet>`,
    )
    .join('')
}

function fcda(inst: string, member: string): string {
  const [node, constraint, object, ...attributes] = member.split('$') as [string, string, string]
  const digit = [...node].findIndex(c => c >= '0' && c <= '9')
  const daName = attributes.length > 0 ? ` daName="${attributes.join('.')}"` : ''
  return `<FCDA ldInst="${inst}" lnClass="${node.slice(0, digit)}" lnInst="${node.slice(digit)}" fc="${constraint}" doName="${object}"${daName}/>`
}

function reports(model: Model, domain: string, name: string): string {
  return Object.entries(model.reports[domain] ?? {})
    .filter(([item]) => item.startsWith(`${name}$`))
    .map(([item, report]) => reportControl(item.split('$')[2]!, report))
    .join('')
}

function reportControl(name: string, report: ReportControl): string {
  const flag = (bits: string, i: number): string => String(bits[i] === '1')
  const t = report.trgOps
  const o = report.optFlds
  return [
    `<ReportControl name="${name}" rptID="${report.rptId}" datSet="${report.list.split('$')[1]}" confRev="${report.confRev}">`,
    `<TrgOps dchg="${flag(t, 1)}" qchg="${flag(t, 2)}" dupd="${flag(t, 3)}" period="${flag(t, 4)}" gi="${flag(t, 5)}"/>`,
    `<OptFields seqNum="${flag(o, 1)}" timeStamp="${flag(o, 2)}" reasonCode="${flag(o, 3)}" dataSet="${flag(o, 4)}"/>`,
    '<RptEnabled max="1"/></ReportControl>',
  ].join('')
}
