import { collectScope, type ScopeView } from '../browse/collect.js'
import { filtered, type Row, rowOf } from '../browse/rows.js'
import { counted, safe } from '../render/text.js'
import { renderTree } from '../render/tree.js'
import type { Stage } from './stage.js'

/** What is shown of each domain; the rest is counted. */
const SHOWN: readonly (readonly [domain: string, paths: readonly string[]])[] = [
  ['BAY1CTRL', ['XCBR1$ST$Pos', 'XCBR1$ST$OpCnt$stVal', 'CSWI1$CO$Pos$Oper$ctlVal', 'PTOC1$SP$StrVal$setMag$f']],
  ['BAY1MEAS', ['f', 'P', 'Phases(0)', 'Harmonics', 'Alarms', 'LastEvent$text', 'Kind_mms_string', 'Kind_octet_string']],
]

/** Reads everything that the device holds, and shows a part of it as a tree. */
export async function overview({ context, mms }: Stage): Promise<void> {
  const started = performance.now()
  const domains = await mms.domainNames()
  const views = await Promise.all([undefined, ...domains].map(domain => collectScope(mms, domain, {}, { values: true })))
  const ms = performance.now() - started
  for (const [domain, paths] of SHOWN) {
    const view = views.find(one => one.domain === domain)
    if (view !== undefined) context.print(...treeOf(context, view, paths))
  }
  const names = views.reduce((sum, view) => sum + view.names, 0)
  const read = views.reduce((sum, view) => sum + view.entries.filter(({ value }) => value !== undefined && !('failure' in value)).length, 0)
  context.talk(
    `${counted(domains.length, 'domain')}, ${counted(names, 'variable name')}; types and values of all ${read} variables and their parts read in ${Math.round(ms)} ms`,
  )
}

function treeOf({ colours, io }: Stage['context'], { domain, entries, names }: ScopeView, paths: readonly string[]): string[] {
  const rows = entries.flatMap(({ item, type, value }) => ('failure' in type ? [] : [rowOf(item, item, type, value)]))
  const shown = filtered(rows, path => paths.includes(path))
  const more: Row = { label: `… ${names - shown.length} more names`, path: '', type: '', below: [] }
  const top: Row = { label: '', path: '', type: '', below: [...shown, more] }
  return [colours.bold(safe(domain ?? '')), ...renderTree([top], { colours, width: io.columns }).slice(1)]
}
