import { hex, type Span } from '@x/core'
import type { Section } from '../explain/layers.js'
import type { Colours } from '../io.js'
import { displayWidth, safe, wrapped } from './text.js'

export interface SpanTableOptions {
  readonly colours: Colours
  /** Columns that lines may have; undefined: as many as they take. */
  readonly width?: number | undefined
  /** Shows where the code says so. @default true where it fits */
  readonly sources?: boolean | undefined
  /** Octets in a line. @default 8 */
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
export function renderSpans({ octets, spans, at }: Section, options: SpanTableOptions): string[] {
  const { colours, width } = options
  const perLine = options.octetsPerLine ?? 8
  const runs = runsOf(octets.length, spans)
  const layers = Math.max(5, ...spans.map(span => span.layer.length))
  const positions = Math.max(2, String((at ?? 0) + octets.length).length)
  const octetColumn = 3 * perLine - 1
  const clauses = Math.max(8, ...spans.map(span => span.clause.length))
  const fixedColumns = positions + 2 + octetColumn + 2 + layers + 2
  const sources = Math.max(6, ...spans.map(span => span.source.length))
  const labels = Math.min(64, Math.max(20, ...runs.filter(run => run.first).map(run => displayWidth(labelOf(run.span)))))
  const sourcesFit = width === undefined || fixedColumns + labels + 2 + clauses + 2 + sources <= width
  const withSources = options.sources ?? sourcesFit
  const room = width === undefined ? labels : Math.max(20, width - fixedColumns - 2 - clauses - (withSources ? sources + 2 : 0))
  const labelColumn = Math.min(labels, room)
  const line = (cells: readonly [string, string, string, string, string, string], paint: (text: string) => string): string => {
    const [position, shown, layer, label, clause, source] = cells
    const text = [
      colours.dim(position.padStart(positions)),
      paint(shown.padEnd(octetColumn)),
      paint(layer.padEnd(layers)),
      label + ' '.repeat(Math.max(0, labelColumn - displayWidth(label))),
      colours.dim(clause.padEnd(clauses)),
      ...(withSources ? [colours.dim(source)] : []),
    ].join('  ')
    return text.trimEnd()
  }
  const lines = [colours.bold(line(['at', 'octets', 'layer', 'meaning', 'standard', withSources ? 'source' : ''], text => text))]
  for (const run of runs) {
    const { span } = run
    const paint = painter(span.layer, colours)
    const label = run.first ? wrapped(labelOf(span), labelColumn, '  '.repeat(indentOf(span) + 1)) : []
    for (let row = 0, from = run.from; row === 0 || from < run.to || row < label.length; row++, from += perLine) {
      const named = row === 0 && run.first
      const position = from < run.to ? String((at ?? 0) + from) : ''
      const shown = hex(octets.subarray(Math.min(from, run.to), Math.min(run.to, from + perLine)))
      const [layer, clause, source] = named ? [span.layer, span.clause, span.source] : ['', '', '']
      lines.push(line([position, shown, layer, label[row] ?? '', clause, source], paint))
    }
    if (run.first && span.problem !== undefined) lines.push(`${' '.repeat(fixedColumns)}${colours.red(`^ broken: ${safe(span.problem)}`)}`)
  }
  return lines
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
