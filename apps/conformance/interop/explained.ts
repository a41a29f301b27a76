import { explainApdu } from '@x/acse'
import type { Span } from '@x/core'
import { explainTpdu } from '@x/cotp'
import { explainPpdu } from '@x/iso-presentation'
import { explainTsdu } from '@x/iso-session'
import { explainMms, MMS_ABSTRACT_SYNTAX } from '@x/mms'
import { explainTpkt } from '@x/tpkt'
import { type DissectedPdu, mmsPdu } from './dissect.js'
import type { Segment } from './pcap.js'

/** What this stack's `explain` makes of a recording. */
export interface Explanation {
  /** In the order in which they were complete. */
  readonly pdus: readonly DissectedPdu[]
  /** What it finds broken, and who sent that. */
  readonly problems: readonly { readonly fromClient: boolean; readonly text: string }[]
}

/** Has this stack explain what passed, as `dissect` has tshark do it. */
export function explainSegments(segments: readonly Segment[]): Explanation {
  const streams = new Map<number, Stream>()
  const pdus: DissectedPdu[] = []
  const problems: { fromClient: boolean; text: string }[] = []
  for (const { stream, fromClient, octets } of segments) {
    let found = streams.get(stream)
    if (found === undefined) {
      found = new Stream()
      streams.set(stream, found)
    }
    const reading = found.take(octets, fromClient)
    pdus.push(...reading.pdus)
    problems.push(...reading.problems.map(text => ({ fromClient, text })))
  }
  return { pdus, problems }
}

const ACSE = '2.2.1.0.1'

/** One TCP connection. The contexts are of both directions, the rest is of one. */
class Stream {
  /** As every known peer numbers them, where the CP was not seen. */
  readonly #contexts = new Map([
    [1, ACSE],
    [3, MMS_ABSTRACT_SYNTAX],
  ])
  readonly #ways = {
    true: { rest: new Uint8Array(), segments: [] as Uint8Array[] },
    false: { rest: new Uint8Array(), segments: [] as Uint8Array[] },
  }
  #pdus: DissectedPdu[] = []
  #problems: string[] = []

  take(octets: Uint8Array, fromClient: boolean): { readonly pdus: readonly DissectedPdu[]; readonly problems: readonly string[] } {
    this.#pdus = []
    this.#problems = []
    const way = this.#ways[`${fromClient}`]
    way.rest = joined([way.rest, octets])
    while (way.rest.length >= 4) {
      const length = (way.rest[2]! << 8) | way.rest[3]!
      if (way.rest.length < length) break
      const packet = way.rest.subarray(0, Math.max(length, 4))
      way.rest = way.rest.slice(packet.length)
      this.#packet(packet, way.segments)
    }
    return { pdus: this.#pdus, problems: this.#problems }
  }

  #packet(packet: Uint8Array, segments: Uint8Array[]): void {
    const { spans, userData } = explainTpkt(packet)
    this.#note(spans)
    if (userData === undefined) return
    const octets = packet.subarray(userData.from, userData.to)
    const explained = explainTpdu(octets)
    this.#note(explained.spans)
    const { tpdu } = explained
    if (tpdu === undefined) return
    if (tpdu.type !== 'DT') {
      this.#pdus.push({ layer: 'cotp', pdu: tpdu.type })
      return
    }
    segments.push(tpdu.userData)
    if (tpdu.endOfTsdu) this.#tsdu(joined(segments.splice(0)))
  }

  #tsdu(octets: Uint8Array): void {
    const { spans, spdu, userData } = explainTsdu(octets)
    this.#note(spans)
    if (spdu !== undefined && spdu !== 'DT') this.#pdus.push({ layer: 'spdu', pdu: spdu })
    if (spdu === undefined || userData === undefined) return
    const ppdu = octets.subarray(userData.from, userData.to)
    const explained = explainPpdu(ppdu, spdu)
    this.#note(explained.spans)
    for (const { presentationContextIdentifier, abstractSyntaxName } of explained.presentationContextDefinitionList ?? [])
      this.#contexts.set(presentationContextIdentifier, abstractSyntaxName)
    for (const { presentationContextIdentifier: context, from, to } of explained.userData) this.#value(ppdu.subarray(from, to), context)
  }

  #value(octets: Uint8Array, context: number | undefined): void {
    const syntax = this.#contexts.get(context ?? 0)
    if (syntax === ACSE) {
      const { spans, userInformation } = explainApdu(octets)
      this.#note(spans)
      this.#pdus.push({ layer: 'acse', pdu: spans[0]?.label ?? '' })
      for (const { indirectReference, from, to } of userInformation) this.#value(octets.subarray(from, to), indirectReference)
    } else if (syntax === MMS_ABSTRACT_SYNTAX) this.#mms(explainMms(octets))
    else this.#problems.push(`a value in context ${context}, which nobody defined`)
  }

  #mms(spans: readonly Span[]): void {
    this.#note(spans)
    const service = spans.find(span => span.label.startsWith('service: '))?.label.slice('service: '.length)
    const invokeId = spans.find(span => span.label === 'invokeID' || span.label === 'originalInvokeID')?.value
    this.#pdus.push({
      layer: 'mms',
      pdu: mmsPdu(spans[0]?.label ?? ''),
      ...(service === undefined ? {} : { service }),
      ...(invokeId === undefined ? {} : { invokeId: Number(invokeId) }),
    })
  }

  #note(spans: readonly Span[]): void {
    for (const { layer, label, problem } of spans) if (problem !== undefined) this.#problems.push(`${layer} ${label}: ${problem}`)
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** A protocol unit in short: `mms confirmed-Request read 7`. */
export function nameOf(pdu: DissectedPdu): string {
  return [pdu.layer, pdu.pdu, pdu.service, pdu.invokeId].filter(part => part !== undefined).join(' ')
}

/** Where two readers of one recording differ first; undefined: nowhere. */
export function firstDifference(ours: readonly DissectedPdu[], theirs: readonly DissectedPdu[]): string | undefined {
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    const [own, other] = [ours[i], theirs[i]].map(pdu => (pdu === undefined ? 'nothing' : nameOf(pdu)))
    if (own !== other) return `unit ${i + 1}: explain says ${own}, tshark ${other}`
  }
  return undefined
}
