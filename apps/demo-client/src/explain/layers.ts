import { explainApdu } from '@x/acse'
import { Explainer, type Span } from '@x/core'
import { explainTpdu } from '@x/cotp'
import { explainPpdu } from '@x/iso-presentation'
import { explainTsdu } from '@x/iso-session'
import { explainMms } from '@x/mms'
import { explainTpkt } from '@x/tpkt'

/** Where explaining may begin, from the wire upwards. */
export const layerNames = ['tpkt', 'cotp', 'session', 'presentation', 'acse', 'mms'] as const
export type LayerName = (typeof layerNames)[number]

/** Octets that belong together, and what they mean. */
export interface Section {
  /** What it is, such as `packet 2, 22 octets` or `TSDU of 3 packets`. */
  readonly title: string
  /** Authentication values are asterisks. */
  readonly octets: Uint8Array
  /** Where the octets begin in what was explained; undefined for a unit put together from segments. */
  readonly at: number | undefined
  /** In the order of the octets, inner ones behind the one that holds them. */
  readonly spans: readonly Span[]
}

/** What one octet string from the presentation layer upwards comes to. */
interface Explained {
  readonly spans: readonly Span[]
  readonly secrets: readonly Range[]
}

interface Range {
  readonly from: number
  readonly to: number
}

const ACSE = '2.2.1.0.1'
const MMS = '1.0.9506.2.1'
/** Identifiers as every known peer uses them, for octets whose CP is not there. */
const USUAL_CONTEXTS: readonly (readonly [number, string])[] = [
  [1, ACSE],
  [3, MMS],
]

/**
 * Explains the octets of one direction of a connection, or of a few PDUs. It remembers what later octets need: the presentation
 * contexts of a CP, and the segments of a TSDU that is not complete.
 */
export class LayerExplainer {
  readonly #contexts = new Map<number, string>(USUAL_CONTEXTS)
  readonly #segments: Uint8Array[] = []

  /** Explains octets that begin at a layer. Never throws. */
  explain(octets: Uint8Array, from: LayerName = 'tpkt'): readonly Section[] {
    switch (from) {
      case 'tpkt':
        return this.#packets(octets)
      case 'cotp':
        return this.#tpdu(octets, { spans: [], tpdu: { from: 0, to: octets.length } }, 'TPDU', octets, 0)
      case 'session':
        return [section('TSDU', octets, 0, this.#tsdu(octets))]
      case 'presentation':
        return [section('PPDU', octets, 0, this.#ppdu(octets, 'DT'))]
      case 'acse':
        return [section('APDU', octets, 0, this.#apdu(octets))]
      case 'mms':
        return [section('MMS PDU', octets, 0, { spans: explainMms(octets), secrets: [] })]
      default:
        return from satisfies never
    }
  }

  #packets(octets: Uint8Array): readonly Section[] {
    const sections: Section[] = []
    for (let at = 0, number = 1; at < octets.length || number === 1; number++) {
      const rest = octets.subarray(at)
      const { spans, userData, to } = explainTpkt(rest)
      const packet = rest.subarray(0, to)
      sections.push(...this.#tpdu(packet, { spans, tpdu: userData }, `packet ${number}`, packet, at))
      if (to <= 0) break
      at += to
    }
    return sections
  }

  /** @param lower what the layer below says, and where the TPDU lies in `octets` */
  #tpdu(
    octets: Uint8Array,
    lower: { readonly spans: readonly Span[]; readonly tpdu: Range | undefined },
    title: string,
    whole: Uint8Array,
    at: number,
  ): readonly Section[] {
    const spans = [...lower.spans]
    const { tpdu: place } = lower
    if (place === undefined) return [{ title, octets: whole, at, spans }]
    const tpdu = octets.subarray(place.from, place.to)
    const explained = explainTpdu(tpdu)
    spans.push(...shifted(place.from, explained.spans))
    if (explained.tpdu?.type !== 'DT') return [{ title, octets: whole, at, spans }]
    const data = explained.userData ?? { from: tpdu.length, to: tpdu.length }
    const offset = place.from + data.from
    const part = octets.subarray(offset, place.from + data.to)
    if (explained.tpdu.endOfTsdu && this.#segments.length === 0) {
      if (part.length === 0) return [{ title, octets: whole, at, spans }]
      const upper = this.#tsdu(part)
      return [section(title, whole, at, { spans: [...spans, ...shifted(offset, upper.spans)], secrets: moved(offset, upper.secrets) })]
    }
    this.#segments.push(part)
    if (part.length > 0) {
      const { length } = this.#segments
      spans.push(
        ...new Explainer('COTP', 'packages/cotp/src/machine.ts').add(offset, offset + part.length, 'segment', 'X.224, 6.3', {
          value: `${length} of a TSDU, ${part.length} octets`,
        }).spans,
      )
    }
    const sections: Section[] = [{ title, octets: whole, at, spans }]
    if (!explained.tpdu.endOfTsdu) return sections
    const segments = this.#segments.splice(0)
    const tsdu = joined(segments)
    return [...sections, section(`TSDU put together from ${segments.length} segments`, tsdu, undefined, this.#tsdu(tsdu))]
  }

  #tsdu(octets: Uint8Array): Explained {
    const { spans, userData, spdu } = explainTsdu(octets)
    if (userData === undefined || spdu === undefined) return { spans, secrets: [] }
    const upper = this.#ppdu(octets.subarray(userData.from, userData.to), spdu)
    return { spans: [...spans, ...shifted(userData.from, upper.spans)], secrets: moved(userData.from, upper.secrets) }
  }

  /** @param carrier the SPDU that carries it */
  #ppdu(octets: Uint8Array, carrier: string): Explained {
    const { spans, userData, presentationContextDefinitionList = [] } = explainPpdu(octets, carrier)
    for (const { presentationContextIdentifier, abstractSyntaxName } of presentationContextDefinitionList) {
      this.#contexts.set(presentationContextIdentifier, abstractSyntaxName)
    }
    const found: Explained[] = [{ spans, secrets: [] }]
    for (const { presentationContextIdentifier, from, to } of userData) {
      found.push(this.#value(octets.subarray(from, to), presentationContextIdentifier, from))
    }
    return { spans: inOrder(found.flatMap(one => one.spans)), secrets: found.flatMap(one => one.secrets) }
  }

  #apdu(octets: Uint8Array): Explained {
    const { spans, userInformation, secrets } = explainApdu(octets)
    const found: Explained[] = [{ spans, secrets }]
    for (const { indirectReference, from, to } of userInformation) {
      found.push(this.#value(octets.subarray(from, to), indirectReference ?? 3, from))
    }
    return { spans: inOrder(found.flatMap(one => one.spans)), secrets: found.flatMap(one => one.secrets) }
  }

  /** A value in its presentation context. @param offset of the octets in the unit around them */
  #value(octets: Uint8Array, context: number | undefined, offset: number): Explained {
    const syntax = context === undefined ? undefined : this.#contexts.get(context)
    if (syntax === ACSE) {
      const { spans, secrets } = this.#apdu(octets)
      return { spans: shifted(offset, spans), secrets: moved(offset, secrets) }
    }
    if (syntax === MMS) return { spans: shifted(offset, explainMms(octets)), secrets: [] }
    const label = syntax === undefined ? `value of context ${context ?? 'unknown'}` : `value in ${syntax}`
    const { spans } = new Explainer('presentation', 'packages/iso-presentation/src/user-data.ts').add(0, octets.length, label, 'X.226, 8.4')
    return { spans: shifted(offset, spans), secrets: [] }
  }
}

/** Whether anything in it is broken. */
export function isBroken(sections: readonly Section[]): boolean {
  return sections.some(({ spans }) => spans.some(span => span.problem !== undefined))
}

function section(title: string, octets: Uint8Array, at: number | undefined, { spans, secrets }: Explained): Section {
  return { title, octets: masked(octets, secrets), at, spans }
}

function masked(octets: Uint8Array, secrets: readonly Range[]): Uint8Array {
  if (secrets.length === 0) return octets
  const copy = Uint8Array.from(octets)
  for (const { from, to } of secrets) copy.fill(0x2a, from, to)
  return copy
}

function shifted(offset: number, spans: readonly Span[]): readonly Span[] {
  return new Explainer('', '').within(offset, spans).spans
}

function moved(offset: number, ranges: readonly Range[]): readonly Range[] {
  return ranges.map(({ from, to }) => ({ from: from + offset, to: to + offset }))
}

/** By the first octet; spans of the lower layer stay in front of those of the upper one. */
function inOrder(spans: readonly Span[]): readonly Span[] {
  return [...spans].sort((a, b) => a.from - b.from || b.to - a.to)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
