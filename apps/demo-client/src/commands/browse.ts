import { collectScope, type Entry, type ScopeView } from '../browse/collect.js'
import { filtered, globMatcher, type Row, rowOf } from '../browse/rows.js'
import { treeJson } from '../browse/values.js'
import type { Context } from '../context.js'
import { BadUsage } from '../errors.js'
import { typeJson } from '../render/json.js'
import { counted, safe } from '../render/text.js'
import { renderTree } from '../render/tree.js'

export interface BrowseOptions {
  readonly values?: boolean
  /** Levels below a domain. */
  readonly depth?: number
  readonly filter?: string
  /** False: names and values only. */
  readonly types: boolean
  /** A line for each simple value, with its whole name. */
  readonly flat?: boolean
}

/** `mms browse [scope…]`: what the device holds, as a tree. A scope is a domain, `domain/item` or `vmd:`. */
export async function browse(context: Context, scopes: readonly string[], options: BrowseOptions): Promise<void> {
  const { settings } = context
  await context.associated(async (mms, request) => {
    const wanted: readonly Scope[] =
      scopes.length > 0 ? scopes.map(parseScope) : [{ domain: undefined }, ...(await mms.domainNames(request)).map(domain => ({ domain }))]
    const views: object[] = []
    let shown = 0
    for (const scope of wanted) {
      const { item } = scope
      const inItem = item === undefined ? () => true : (entry: Entry) => isPartOf(entry, item)
      const glob = options.filter === undefined ? () => true : globMatcher(options.filter)
      const matches = (path: string) =>
        (item === undefined || path === item || path.startsWith(`${item}$`) || path.startsWith(`${item}(`)) && glob(path)
      const keep = (entry: Entry) => inItem(entry) && rowsOf([entry], { types: true }, matches).length > 0
      const view = await collectScope(mms, scope.domain, request, {
        values: options.values === true,
        keep,
        optional: scopes.length === 0 && scope.domain === undefined,
      })
      const found = item === undefined ? view : narrowed(view, item)
      if (settings.json) {
        views.push(scopeJson(found))
        continue
      }
      // The VMD often has no objects of its own: nothing is said of it then, unless it was asked for.
      if (scopes.length === 0 && scope.domain === undefined && view.names === 0 && view.lists.length === 0) continue
      if (options.filter !== undefined && found.entries.length === 0) continue
      if (shown++ > 0 && !options.flat) context.print('')
      printScope(context, found, options, matches)
    }
    if (settings.json) context.printJson(views)
    else if (shown === 0) context.talk('nothing found')
  })
}

interface Scope {
  /** Absent: the VMD. */
  readonly domain: string | undefined
  readonly item?: string
}

function parseScope(text: string): Scope {
  if (text === '') throw new BadUsage('browse: expected a domain, domain/item or vmd:, found nothing')
  if (text.startsWith('vmd:')) return { domain: undefined, ...(text.length > 4 ? { item: text.slice(4) } : {}) }
  const slash = text.indexOf('/')
  return slash < 0 || slash === text.length - 1
    ? { domain: slash < 0 ? text : text.slice(0, -1) }
    : { domain: text.slice(0, slash), item: text.slice(slash + 1) }
}

/** Whether an entry is the item, lies below it, or holds it. */
function isPartOf({ item }: Entry, wanted: string): boolean {
  return item === wanted || item.startsWith(`${wanted}$`) || wanted.startsWith(`${item}$`)
}

/** The view without its lists, which an item has none of. */
function narrowed(view: ScopeView, item: string): ScopeView {
  if (view.entries.length === 0)
    throw new BadUsage(
      `browse: there is no ${view.domain === undefined ? `vmd:${item}` : `${view.domain}/${item}`}`,
      'what there is: mms names',
    )
  return { ...view, lists: [] }
}

function rowsOf(
  entries: readonly Entry[],
  options: Pick<BrowseOptions, 'depth' | 'types'>,
  matches: (path: string) => boolean,
): readonly Row[] {
  const depth = options.depth === undefined ? undefined : options.depth - 1
  const rows = entries.map(({ item, type, value }): Row => {
    if ('failure' in type) return { label: item, path: item, type: 'type not told', value: type.failure, failed: true, below: [] }
    return rowOf(item, item, type, value, depth === undefined ? {} : { depth })
  })
  return filtered(rows, matches)
}

function printScope(context: Context, view: ScopeView, options: BrowseOptions, matches: (path: string) => boolean): void {
  const { colours, io } = context
  const rows = rowsOf(view.entries, options, matches)
  if (options.flat) return printFlat(context, view, rows)
  const title = view.domain === undefined ? '(VMD)' : safe(view.domain)
  const names = counted(view.names, 'variable name')
  context.print(
    `${colours.bold(colours.underline(title))}  ${colours.dim(`${names}${view.lists.length > 0 ? `, ${counted(view.lists.length, 'list')}` : ''}`)}`,
  )
  const lists = options.filter === undefined ? view.lists.map(listRow) : []
  if (rows.length + lists.length === 0) return
  const top: Row = {
    label: '',
    path: '',
    type: '',
    below: [...rows, ...(options.depth === 1 ? lists.map(row => ({ ...row, below: [] })) : lists)],
  }
  context.print(...renderTree([top], { colours, width: io.columns, types: options.types }).slice(1))
}

function listRow({ item, members }: ScopeView['lists'][number]): Row {
  if ('failure' in members) return { label: item, path: item, type: 'list', value: members.failure, failed: true, below: [] }
  return {
    label: item,
    path: item,
    type: `list of ${members.length}`,
    below: members.map(member => ({ label: member, path: member, type: '', below: [] })),
  }
}

function printFlat({ colours, print }: Context, { domain }: ScopeView, rows: readonly Row[]): void {
  const prefix = domain === undefined ? 'vmd:' : `${safe(domain)}/`
  for (const row of rows.flatMap(leavesOf)) {
    const value = row.value === undefined ? '' : `\t${row.failed ? colours.red(row.value) : row.value}`
    print(`${prefix}${safe(row.path)}\t${colours.dim(row.type)}${value}`)
  }
}

function leavesOf(row: Row): readonly Row[] {
  return row.below.length === 0 || row.failed ? [row] : row.below.flatMap(leavesOf)
}

function scopeJson({ domain, entries, lists }: ScopeView): object {
  return {
    ...(domain === undefined ? { vmd: true } : { domain }),
    variables: entries.map(({ item, type, value }) =>
      'failure' in type
        ? { name: item, error: type.failure }
        : { name: item, type: typeJson(type), ...(value === undefined ? {} : { value: treeJson(value, type) }) },
    ),
    lists: lists.map(({ item, members }) => ('failure' in members ? { name: item, error: members.failure } : { name: item, members })),
  }
}
