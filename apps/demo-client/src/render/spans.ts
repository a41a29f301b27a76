import { stripVTControlCharacters } from 'node:util'
import { hex, type Span } from '@x/core'
import type { Section } from '../explain/layers.js'
import type { Colours } from '../io.js'
import { cellLine, safe, widest, wrapped } from './text.js'

export interface SpanTableOptions {
  readonly colours: Colours
  /** Columns that lines may have; undefined: as many as they take. */
  readonly width?: number | undefined
  /** Shows where the code says so. @default true where it fits */
  readonly sources?: boolean | undefined
  /** Octets in a line. @default 8, less where the meaning needs the room */
  readonly octetsPerLine?: number
}

/** A run of octets that one span explains itself, not through a span inside it. */
interface Run {
  readonly from: number
  readonly to: number
  readonly span: Span
  /** The first run of its span names it; the others carry on. */
  readonly first: boolean
  readonly order: number
}

/**
 * Spans as a table: every octet once, beside the innermost span that holds it. Long runs take more than one line, so nothing is left
 * out. A broken span says why in a line of its own.
 */
export function renderSpans(section: Section, options: SpanTableOptions): string[] {
  const { octets, spans, at = 0 } = section
  const { colours } = options
  const runs = runsOf(octets.length, spans)
  const layout = layoutOf(section, runs, options)
  const { perLine } = layout
  const line = (cells: Partial<Record<ColumnName, string>>, paint?: (text: string) => string): string =>
    cellLine([
      { text: cells.at ?? '', width: layout.at, align: 'right', paint: colours.dim },
      { text: cells.octets ?? '', width: 3 * perLine - 1, ...(paint && { paint }) },
      { text: cells.layer ?? '', width: layout.layer, ...(paint && { paint }) },
      { text: cells.meaning ?? '', width: layout.meaning },
      { text: layout.standard > 0 ? (cells.standard ?? '') : '', width: layout.standard, paint: colours.dim },
      { text: layout.source > 0 ? (cells.source ?? '') : '', width: layout.source, paint: colours.dim },
    ])
  const lines = [
    colours.bold(
      cellTitles(line({ at: 'at', octets: 'octets', layer: 'layer', meaning: 'meaning', standard: 'standard', source: 'source' })),
    ),
  ]
  for (const run of runs) {
    const { span } = run
    const paint = painter(span.layer, colours)
    const label = run.first ? wrapped(labelOf(span), layout.meaning, '  '.repeat(indentOf(span) + 1)) : []
    for (let row = 0, from = run.from; row === 0 || from < run.to || row < label.length; row++, from += perLine) {
      const shown = hex(octets.subarray(Math.min(from, run.to), Math.min(run.to, from + perLine)))
      const named = row === 0 && run.first ? { layer: span.layer, standard: span.clause, source: span.source } : {}
      lines.push(line({ at: from < run.to ? String(at + from) : '', octets: shown, meaning: label[row] ?? '', ...named }, paint))
    }
    if (run.first && span.problem !== undefined) lines.push(...problemLines(span.problem, layout, options))
  }
  return lines
}

/** The head is bold as a whole; what `line` made dim would not be. */
function cellTitles(line: string): string {
  return stripVTControlCharacters(line)
}

type ColumnName = 'at' | 'octets' | 'layer' | 'meaning' | 'standard' | 'source'

/** Columns of the table; 0: not shown. */
interface Layout extends Readonly<Record<Exclude<ColumnName, 'octets'>, number>> {
  readonly perLine: number
}

/** Columns that the meaning should have; below the second number the clauses make room for it. */
const ROOMY = 44
const TIGHT = 36

function layoutOf({ octets, spans, at = 0 }: Section, runs: readonly Run[], options: SpanTableOptions): Layout {
  const { width } = options
  const layer = widest(
    spans.map(span => span.layer),
    5,
  )
  const position = Math.max(2, String(at + octets.length).length)
  const standard = widest(
    spans.map(span => span.clause),
    8,
  )
  const source = widest(
    spans.map(span => span.source),
    6,
  )
  const wanted = Math.min(
    64,
    widest(
      runs.filter(run => run.first).map(run => labelOf(run.span)),
      20,
    ),
  )
  const roomFor = (perLine: number): number => (width ?? Number.POSITIVE_INFINITY) - position - (3 * perLine - 1) - layer - 6
  const perLine = options.octetsPerLine ?? [8, 6].find(one => roomFor(one) - standard - 2 >= Math.min(wanted, ROOMY)) ?? 4
  const withStandard = roomFor(perLine) - standard - 2 >= Math.min(wanted, TIGHT)
  const left = roomFor(perLine) - (withStandard ? standard + 2 : 0)
  const withSource = options.sources ?? left - source - 2 >= wanted
  const meaning = Math.max(16, Math.min(wanted, left - (withSource ? source + 2 : 0)))
  return { at: position, perLine, layer, meaning, standard: withStandard ? standard : 0, source: withSource ? source : 0 }
}

function problemLines(problem: string, layout: Layout, { colours, width }: SpanTableOptions): string[] {
  const indent = layout.at + 2 + (3 * layout.perLine - 1) + 2 + layout.layer + 2
  const lines = wrapped(`^ broken: ${safe(problem)}`, Math.max(24, (width ?? Number.POSITIVE_INFINITY) - indent), '  ')
  return lines.map(line => ' '.repeat(indent) + colours.red(line))
}

function labelOf(span: Span): string {
  return `${'  '.repeat(indentOf(span))}${safe(span.label)}${span.value === undefined ? '' : ` ${safe(span.value)}`}`
}

function indentOf(span: Span): number {
  return Math.min(span.depth, 12)
}

/** Every octet given to the innermost span that holds it, and the runs that follow from it, in order. */
function runsOf(length: number, spans: readonly Span[]): readonly Run[] {
  const owners = new Int32Array(length).fill(-1)
  for (const [i, span] of spans.entries()) owners.fill(i, span.from, Math.min(span.to, length))
  const runs: Run[] = []
  const seen = new Set<number>()
  for (let from = 0; from < length; ) {
    const owner = owners[from]!
    let to = from + 1
    while (to < length && owners[to] === owner) to++
    if (owner >= 0) runs.push({ from, to, span: spans[owner]!, first: !seen.has(owner), order: owner })
    seen.add(owner)
    from = to
  }
  for (const [i, span] of spans.entries()) {
    if (!seen.has(i)) runs.push({ from: span.from, to: span.from, span, first: true, order: i })
  }
  return runs.sort((a, b) => a.from - b.from || a.order - b.order)
}

/** A colour for each layer, so that the eye finds the borders. */
export function painter(layer: string, colours: Colours): (text: string) => string {
  switch (layer) {
    case 'TPKT':
      return colours.gray
    case 'COTP':
      return colours.cyan
    case 'session':
      return colours.blue
    case 'presentation':
      return colours.magenta
    case 'ACSE':
      return colours.yellow
    default:
      return colours.green
  }
}
