import type { Row } from '../browse/rows.js'
import type { Colours } from '../io.js'
import { displayWidth, safe, truncated } from './text.js'

export interface TreeOptions {
  readonly colours: Colours
  /** Columns that lines may have; undefined: as many as they take. */
  readonly width?: number | undefined
  /** Shows the types. @default true */
  readonly types?: boolean
  /** In front of every line. @default '' */
  readonly indent?: string
}

interface Line {
  readonly lead: string
  readonly row: Row
}

/** Rows as a tree in three columns: names, types, values. */
export function renderTree(rows: readonly Row[], options: TreeOptions): string[] {
  const { colours, width, indent = '' } = options
  const lines = linesOf(rows, indent)
  const limit = width === undefined ? 64 : Math.max(24, Math.floor(width * 0.5))
  const labels = Math.min(limit, Math.max(...lines.map(({ lead, row }) => displayWidth(lead) + displayWidth(safe(row.label)))))
  const types =
    options.types === false ? 0 : Math.min(width === undefined ? 48 : 30, Math.max(...lines.map(({ row }) => displayWidth(row.type))))
  const values = width === undefined ? Number.POSITIVE_INFINITY : Math.max(16, width - labels - 2 - (types === 0 ? 0 : types + 2))
  return lines.map(({ lead, row }) => {
    const name = truncated(safe(row.label), Math.max(8, labels - displayWidth(lead)))
    const gap = ' '.repeat(Math.max(0, labels - displayWidth(lead) - displayWidth(name)))
    const type = types === 0 ? '' : `  ${colours.dim(pad(truncated(safe(row.type), types), types))}`
    const shown = row.value === undefined ? '' : truncated(safe(row.value), values)
    const value = row.value === undefined ? '' : `  ${row.failed ? colours.red(shown) : colours.cyan(shown)}`
    return `${colours.dim(lead)}${row.below.length > 0 ? colours.bold(name) : name}${gap}${type}${value}`.trimEnd()
  })
}

function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)))
}

function linesOf(rows: readonly Row[], lead: string, top = true): Line[] {
  return rows.flatMap((row, i) => {
    const last = i === rows.length - 1
    const own = top ? lead : `${lead}${last ? '└─ ' : '├─ '}`
    const below = top ? lead : `${lead}${last ? '   ' : '│  '}`
    return [{ lead: own, row }, ...linesOf(row.below, below, false)]
  })
}
