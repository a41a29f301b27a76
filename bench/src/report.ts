import type { Spread } from './statistics.js'

/** What a ratio must reach. `more`: at least so much; `less`: at most. */
export interface Must {
  readonly kind: 'more' | 'less'
  readonly value: number
}

/** One line of the table. */
export interface Row {
  /** Number of the goal; several rows may belong to one. */
  readonly goal: number
  readonly what: string
  /** The absolute figure of ours, with its unit; it holds for this machine at this hour only. */
  readonly ours: string
  readonly baseline: string
  readonly ratio: Spread
  /** Absent: measured for information. */
  readonly must?: Must
}

export function atLeast(value: number): Must {
  return { kind: 'more', value }
}

export function atMost(value: number): Must {
  return { kind: 'less', value }
}

/** Whether the median reaches what it must; undefined where nothing is asked. */
export function reached({ ratio, must }: Row): boolean | undefined {
  if (must === undefined) return undefined
  return must.kind === 'more' ? ratio.median >= must.value : ratio.median <= must.value
}

const HEAD = ['goal', 'what', 'ours', 'baseline', 'ratio: median (min–max)', 'must', 'reached']

/** The rows as a Markdown table whose columns also line up in a terminal. */
export function table(rows: readonly Row[]): string {
  const cells = [HEAD, ...rows.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...cells.map(row => row[column]!.length)))
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const rule = `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`
  return [line(HEAD), rule, ...cells.slice(1).map(line)].join('\n')
}

function cellsOf(row: Row): string[] {
  const { goal, what, ours, baseline, ratio, must } = row
  const verdict = reached(row)
  return [
    String(goal),
    what,
    ours,
    baseline,
    `${figure(ratio.median)} (${figure(ratio.min)}–${figure(ratio.max)})`,
    must === undefined ? '' : `${must.kind === 'more' ? '≥' : '≤'} ${must.value}`,
    verdict === undefined ? '' : verdict ? 'yes' : 'NO',
  ]
}

/** Three significant digits or so. */
export function figure(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en').replaceAll(',', ' ')
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** A time in the unit that suits it. @param nanoseconds */
export function duration(nanoseconds: number): string {
  if (nanoseconds < 10_000) return `${Math.round(nanoseconds)} ns`
  return nanoseconds < 10_000_000 ? `${figure(nanoseconds / 1_000)} µs` : `${figure(nanoseconds / 1_000_000)} ms`
}
