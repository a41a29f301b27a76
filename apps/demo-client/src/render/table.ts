import Table from 'cli-table3'
import type { Colours } from '../io.js'
import { displayWidth, truncated, widest, wrapped } from './text.js'

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/** One column: its title, and whether it holds numbers. */
export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/**
 * Rows under a head, columns two blanks apart, no borders. The last column is cut where it does not fit.
 * @param width columns that lines may have; undefined: as many as they take
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  colours: Colours,
  width: number | undefined,
): string[] {
  const widths = columns.map(({ title }, i) =>
    widest(
      rows.map(row => row[i] ?? ''),
      displayWidth(title),
    ),
  )
  const before = widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0)
  const room = width === undefined ? Number.POSITIVE_INFINITY : Math.max(12, width - before)
  const table = new Table({
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: columns.map(column => column.align ?? 'left'),
    head: columns.map(({ title }) => colours.bold(title)),
  })
  for (const row of rows) table.push(row.map((cell, i) => (i === columns.length - 1 ? truncated(cell, room) : cell)))
  return table
    .toString()
    .split('\n')
    .map(line => line.trimEnd())
}

/** Names and values, a line each; long values go on below. */
export function renderPairs(
  pairs: readonly (readonly [name: string, value: string])[],
  colours: Colours,
  width: number | undefined,
): string[] {
  const names = widest(pairs.map(([name]) => name))
  const room = width === undefined ? Number.POSITIVE_INFINITY : Math.max(20, width - names - 2)
  return pairs.flatMap(([name, value]) =>
    wrapped(value, room).map((line, i) => `${colours.dim((i === 0 ? name : '').padEnd(names))}  ${line}`.trimEnd()),
  )
}
