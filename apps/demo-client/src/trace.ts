import type { Span } from '@x/core'
import { LayerExplainer, type Section } from './explain/layers.js'
import type { Colours, Io } from './io.js'
import { painter, renderSpans } from './render/spans.js'
import { safe, truncated } from './render/text.js'
import { Packets, type Way } from './tap.js'

export interface TraceOptions {
  /** A line for each PDU, or every octet below it. */
  readonly detail: 'lines' | 'octets'
  /** Shows the seconds since the trace began. @default true */
  readonly times?: boolean
}

/** Writes what goes over a channel to standard error. */
export class Trace {
  readonly #io: Io
  readonly #colours: Colours
  readonly #options: TraceOptions
  readonly #started = performance.now()
  readonly #packets = { out: new Packets(), in: new Packets() }
  readonly #layers = { out: new LayerExplainer(), in: new LayerExplainer() }

  constructor(io: Io, colours: Colours, options: TraceOptions) {
    this.#io = io
    this.#colours = colours
    this.#options = options
  }

  see(way: Way, octets: Uint8Array): void {
    const ms = performance.now() - this.#started
    for (const packet of this.#packets[way].take(octets)) {
      for (const section of this.#layers[way].explain(packet)) this.#write(way, ms, section)
    }
  }

  #write(way: Way, ms: number, section: Section): void {
    const { dim, bold } = this.#colours
    const arrow = bold(way === 'out' ? '→' : '←')
    const parts = summaryOf(section).map(([layer, text]) => `${dim(layer)} ${painter(layer, this.#colours)(text)}`)
    const time = this.#options.times === false ? '' : `${dim((ms / 1_000).toFixed(3).padStart(7))} `
    this.#io.err(`${time}${arrow} ${dim(String(section.octets.length).padStart(5))}  ${parts.join(dim(' · '))}\n`)
    if (this.#options.detail === 'lines') return
    const lines = renderSpans(
      { ...section, at: section.at === undefined ? undefined : 0 },
      { colours: this.#colours, width: this.#io.columns === undefined ? undefined : this.#io.columns - INDENT.length },
    )
    this.#io.err(`${lines.map(line => INDENT + line).join('\n')}\n`)
  }
}

const INDENT = '    '

/** The PDU of each layer in a few words; data transfer headers, which say nothing, are left out where an upper layer speaks. */
export function summaryOf({ spans }: Section): readonly (readonly [layer: string, text: string])[] {
  const parts: [string, string][] = []
  for (const layer of new Set(spans.map(span => span.layer))) {
    if (layer === 'TPKT') continue
    const text = layer === 'MMS' ? mmsSummary(spans) : topOf(spans, layer)
    if (text !== undefined) parts.push([layer, text])
  }
  const telling = parts.filter(([layer, text]) => !(DATA_TRANSFER[layer]?.some(start => text.startsWith(start)) ?? false))
  return telling.length > 0 ? telling : parts.slice(-1)
}

const DATA_TRANSFER: Readonly<Record<string, readonly string[]>> = {
  COTP: ['DT, last'],
  session: ['GT, then DT'],
  presentation: ['TD', 'User-data'],
}

function topOf(spans: readonly Span[], layer: string): string | undefined {
  const span = spans.find(one => one.layer === layer && one.depth === 0)
  if (span === undefined) return undefined
  const problem = spans.find(one => one.layer === layer && one.problem !== undefined)?.problem
  return `${safe(span.label)}${problem === undefined ? '' : `, broken: ${safe(problem)}`}`
}

/** PDU, invoke identifier and service, and what is named in it first. */
function mmsSummary(spans: readonly Span[]): string | undefined {
  const own = spans.filter(span => span.layer === 'MMS')
  const top = own.find(span => span.depth === 0)
  if (top === undefined) return undefined
  const invokeID = own.find(span => span.label.toLowerCase().endsWith('invokeid'))?.value
  const service = own.find(span => span.label.startsWith('service: '))?.label.slice('service: '.length)
  const names = own.filter(
    span =>
      span.label.endsWith('domainId') || span.label.endsWith('itemId') || span.label.endsWith('itemID') || span.label.endsWith('domainID'),
  )
  const name = names
    .slice(0, 2)
    .map(span => span.value?.replaceAll('"', '') ?? '')
    .join('/')
  const problem = own.find(span => span.problem !== undefined)?.problem
  return [
    safe(top.label),
    ...(invokeID === undefined ? [] : [`#${invokeID}`]),
    ...(service === undefined ? [] : [safe(service)]),
    ...(name === '' ? [] : [truncated(safe(name), 60)]),
    ...(problem === undefined ? [] : [`broken: ${safe(problem)}`]),
  ].join(' ')
}
