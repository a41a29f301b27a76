import type { Row } from '../browse/rows.js'
import type { Colours } from '../io.js'
import { cellLine, displayWidth, safe, truncated, widest } from './text.js'

export interface TreeOptions {
  readonly colours: Colours
  /** Columns that lines may have; undefined: as many as they take. */
  readonly width?: number | undefined
  /** Shows the types. @default true */
  readonly types?: boolean
  /** In front of every line. @default '' */
  readonly indent?: string
}

/** Columns that values get before types do: a time to the millisecond fits. */
const ROOM_FOR_VALUES = 24
/** Columns below which nothing is told. */
const NARROW = 10

interface Line {
  readonly lead: string
  readonly row: Row
}

/** Rows as a tree in three columns: names, types, values. */
export function renderTree(rows: readonly Row[], options: TreeOptions): string[] {
  const { colours, width, indent = '' } = options
  const lines = linesOf(rows, indent)
  const limit = width === undefined ? 64 : Math.max(24, Math.floor(width * 0.5))
  const labels = Math.min(limit, widest(lines.map(({ lead, row }) => lead + safe(row.label))))
  const withTypes = options.types !== false
  const mostTypes = width === undefined ? 48 : Math.max(NARROW, Math.min(32, width - labels - 4 - ROOM_FOR_VALUES))
  const types = withTypes ? Math.min(mostTypes, widest(lines.map(({ row }) => safe(row.type)))) : 0
  const values = width === undefined ? Number.POSITIVE_INFINITY : Math.max(NARROW, width - labels - 2 - (types === 0 ? 0 : types + 2))
  return lines.map(({ lead, row }) => {
    const name = truncated(safe(row.label), Math.max(8, labels - displayWidth(lead)))
    return cellLine([
      {
        text: lead + name,
        width: labels,
        paint: () => (lead === '' ? '' : colours.dim(lead)) + (row.below.length > 0 ? colours.bold(name) : name),
      },
      ...(withTypes ? [{ text: truncated(safe(row.type), types), width: types, paint: colours.dim }] : []),
      { text: truncated(safe(row.value ?? ''), values), width: 0, paint: row.failed ? colours.red : colours.cyan },
    ])
  })
}

function linesOf(rows: readonly Row[], lead: string, top = true): Line[] {
  return rows.flatMap((row, i) => {
    const last = i === rows.length - 1
    const own = top ? lead : `${lead}${last ? '└─ ' : '├─ '}`
    const below = top ? lead : `${lead}${last ? '   ' : '│  '}`
    return [{ lead: own, row }, ...linesOf(row.below, below, false)]
  })
}
