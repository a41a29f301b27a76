import type { Spread } from './statistics.js'

/** What a ratio should be. `more`: at least so much; `less`: at most. */
export interface Target {
  readonly kind: 'more' | 'less'
  readonly must: number
  /** What the best prototypes and generated code show to be possible. */
  readonly stretch?: number
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
  /** The same comparison by processor time, which other programs disturb less; above 1, ours needs less for one operation. */
  readonly cpuRatio?: Spread
  /** Absent: measured for information. */
  readonly target?: Target
}

export function atLeast(must: number, stretch?: number): Target {
  return { kind: 'more', must, ...(stretch !== undefined && { stretch }) }
}

export function atMost(must: number, stretch?: number): Target {
  return { kind: 'less', must, ...(stretch !== undefined && { stretch }) }
}

/** What the median reaches; undefined where nothing is asked. */
export function reached({ ratio, target }: Row): 'stretch' | 'yes' | 'NO' | undefined {
  if (target === undefined) return undefined
  const { kind, must, stretch } = target
  const reaches = (value: number) => (kind === 'more' ? ratio.median >= value : ratio.median <= value)
  return stretch !== undefined && reaches(stretch) ? 'stretch' : reaches(must) ? 'yes' : 'NO'
}

const HEAD = ['goal', 'what', 'ours', 'baseline', 'ratio: median (min–max)', 'by processor time', 'must', 'stretch', 'reached']

/** The rows as a Markdown table whose columns also line up in a terminal. */
export function table(rows: readonly Row[]): string {
  const cells = [HEAD, ...rows.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...cells.map(row => row[column]!.length)))
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const rule = `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`
  return [line(HEAD), rule, ...cells.slice(1).map(line)].join('\n')
}

function cellsOf(row: Row): string[] {
  const { goal, what, ours, baseline, ratio, cpuRatio, target } = row
  const sign = target?.kind === 'more' ? '≥' : '≤'
  return [
    String(goal),
    what,
    ours,
    baseline,
    spread(ratio),
    cpuRatio === undefined ? '' : figure(cpuRatio.median),
    target === undefined ? '' : `${sign} ${grouped(target.must)}`,
    target?.stretch === undefined ? '' : `${sign} ${grouped(target.stretch)}`,
    reached(row) ?? '',
  ]
}

function spread({ median, min, max }: Spread): string {
  return `${figure(median)} (${figure(min)}–${figure(max)})`
}

/** Three significant digits or so. */
export function figure(value: number): string {
  if (value >= 100) return grouped(Math.round(value))
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

function grouped(value: number): string {
  return value.toLocaleString('en').replaceAll(',', ' ')
}

/** A time in the unit that suits it. @param nanoseconds */
export function duration(nanoseconds: number): string {
  if (nanoseconds < 10_000) return `${Math.round(nanoseconds)} ns`
  return nanoseconds < 10_000_000 ? `${figure(nanoseconds / 1_000)} µs` : `${figure(nanoseconds / 1_000_000)} ms`
}
