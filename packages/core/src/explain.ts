import { hex } from './octets.js'

/** The meaning of a run of octets. Spans of inner layers and inner fields come after the span that holds them. */
export interface Span {
  /** First octet, counted from 0 in the octets explained. */
  readonly from: number
  /** First octet behind the span. */
  readonly to: number
  /** Layer as printed, such as `COTP`. */
  readonly layer: string
  /** 0 for a field of the layer itself, 1 for a field inside it, and so on. */
  readonly depth: number
  /** What it is, in the words of the standard. */
  readonly label: string
  /** The decoded value, for people. */
  readonly value?: string
  /** Where the standard says so, such as `X.224, 13.7`. */
  readonly clause: string
  /** Where our code says so, from the root of the repository. */
  readonly source: string
  /** Present where the encoding breaks: why. */
  readonly problem?: string
}

/** Collects spans; `within` shifts what an inner layer explains of its own octets. */
export class Explainer {
  readonly spans: Span[] = []
  readonly layer: string
  readonly source: string

  constructor(layer: string, source: string) {
    this.layer = layer
    this.source = source
  }

  add(from: number, to: number, label: string, clause: string, more: { value?: string; depth?: number; problem?: string } = {}): this {
    this.spans.push({ from, to, layer: this.layer, label, clause, source: this.source, depth: 0, ...more })
    return this
  }

  /** Takes over the spans of an inner layer whose octets begin at `offset` here. */
  within(offset: number, spans: readonly Span[]): this {
    for (const span of spans) this.spans.push({ ...span, from: span.from + offset, to: span.to + offset })
    return this
  }
}

/** Spans as a table: offset, octets, layer, meaning, clause, source. */
export function renderTable(octets: Uint8Array, spans: readonly Span[]): string {
  const cells = spans.map(span => {
    const own = ownOctets(span, spans)
    const shown = hex(octets.subarray(own.from, Math.min(own.to, own.from + 8))) + (own.to - own.from > 8 ? ' …' : '')
    const text = `${'  '.repeat(span.depth)}${span.label}${span.value === undefined ? '' : ` ${span.value}`}${span.problem ? ` ← ${span.problem}` : ''}`
    return [String(own.from), shown, span.layer, text, span.clause, span.source]
  })
  const head = ['at', 'octets', 'layer', 'meaning', 'standard', 'source']
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map(row => [...row[i]!].length)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === 0 ? cell.padStart(widths[0]!) : cell + ' '.repeat(widths[i]! - [...cell].length)))
      .join('  ')
      .trimEnd()
  return `${[head, ...cells].map(line).join('\n')}\n`
}

/** The octets of a span in front of the first that a later span inside it explains: its header. */
function ownOctets(span: Span, spans: readonly Span[]): { from: number; to: number } {
  let to = span.to
  for (let i = spans.indexOf(span) + 1; i < spans.length; i++) {
    const other = spans[i]!
    if (other.from >= span.from && other.from < to && other.to <= span.to) to = other.from
  }
  return { from: span.from, to }
}
