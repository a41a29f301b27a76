import type { Span } from '@x/core'
import type { Context } from '../context.js'
import { BadUsage, Failed } from '../errors.js'
import { ExitCode } from '../exit-codes.js'
import { hexOctets } from '../explain/hex-text.js'
import { isBroken, LayerExplainer, type LayerName, layerNames, type Section } from '../explain/layers.js'
import { renderSpans } from '../render/spans.js'
import { counted } from '../render/text.js'

export interface ExplainOptions {
  /** Where the octets begin. @default the packets of RFC 1006 */
  readonly layer: string
  /** Shows where the code says so. @default where it fits */
  readonly sources?: boolean
}

/** `mms explain hex…`: what every octet means, layer by layer. Without hex, or with `-`, it reads standard input. */
export async function explain(context: Context, hex: readonly string[], options: ExplainOptions): Promise<void> {
  const layer = layerNames.find(name => name === options.layer)
  if (layer === undefined) throw new BadUsage(`explain: there is no layer "${options.layer}"`, `layers are ${layerNames.join(', ')}`)
  const fromStdin = hex.length === 0 || (hex.length === 1 && hex[0] === '-')
  if (fromStdin && context.io.inIsTerminal) context.talk('octets as hex, please; Ctrl-D ends them')
  const octets = fromStdin ? hexOctets(await context.io.read()) : hexOctets(hex.join(' '))
  if (octets.length === 0)
    throw new BadUsage('explain: expected octets as hex, found none', 'mms explain 0300001611e00000000100c0010dc2020001c1020001')
  const sections = new LayerExplainer().explain(octets, layer)
  if (context.settings.json) context.printJson({ layer, octets, sections: sections.map(sectionJson) })
  else printSections(context, sections, layer, options)
  if (isBroken(sections)) throw new Failed(ExitCode.refused)
}

function printSections(context: Context, sections: readonly Section[], layer: LayerName, { sources }: ExplainOptions): void {
  const { colours, io } = context
  for (const [i, section] of sections.entries()) {
    if (i > 0) context.print('')
    if (sections.length > 1) context.print(colours.underline(titleOf(section)))
    context.print(...renderSpans(section, { colours, width: io.columns, sources }))
  }
  const broken = sections.filter(section => isBroken([section])).length
  if (broken > 0)
    context.talk(
      sections.length === 1
        ? `this ${layer === 'tpkt' ? 'packet' : 'PDU'} is broken`
        : `${broken} of ${counted(sections.length, 'part')} broken`,
    )
}

function titleOf({ title, octets, at }: Section): string {
  return `${title}, ${counted(octets.length, 'octet')}${at === undefined ? '' : ` at ${at}`}`
}

function sectionJson({ title, octets, at, spans }: Section): object {
  return { title, ...(at === undefined ? {} : { at }), octets, spans: spans.map(span => spanJson(span, octets)) }
}

function spanJson({ from, to, layer, depth, label, value, clause, source, problem }: Span, octets: Uint8Array): object {
  return {
    from,
    to,
    octets: octets.subarray(from, to),
    layer,
    depth,
    label,
    ...(value === undefined ? {} : { value }),
    clause,
    source,
    ...(problem === undefined ? {} : { problem }),
  }
}
