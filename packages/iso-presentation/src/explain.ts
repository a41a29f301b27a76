import { decodePart, explain } from '@x/ber'
import { DecodeError, type Span } from '@x/core'
import { AC, ACA, ARP, ARU, CP, CPA, CPR, RS, RSA, UserData, X410Components } from './asn1.js'
import { standardName } from './codes.js'
import type { PresentationContext } from './service.js'

/** A PPDU, explained. */
export interface PpduExplanation {
  /** Every octet lies in at least one span; inner spans come after the one that holds them. */
  readonly spans: readonly Span[]
  /** What it is: `CP`, `TD`, `ARP` …; user data of a primitive without a PPDU of its own is `User-data`. */
  readonly ppdu: string
  /** Where the values lie, for the user of the layer to go on: the first octet, and the first behind. */
  readonly userData: readonly UserDataPlace[]
  /** What a readable CP proposes, to explain what follows it. */
  readonly presentationContextDefinitionList?: readonly PresentationContext[]
}

export interface UserDataPlace {
  /** Absent where only the DCS could tell: simply encoded data, when `contexts` was not given. */
  readonly presentationContextIdentifier?: number
  readonly from: number
  readonly to: number
}

const SOURCE = 'packages/iso-presentation/src/asn1.ts'
const USER_DATA_SOURCE = 'packages/iso-presentation/src/user-data.ts'

type PpduType = Parameters<typeof explain>[0]

/** A PPDU's name and its declaration. */
interface Kind {
  readonly ppdu: string
  readonly type: PpduType
}

/**
 * Names every octet of the SS-user data of a session primitive, whole or broken. Never throws.
 *
 * @param carrier an SPDU (`CN`, `AC`, `RF`, `DT`, `AB`, `FN` …) or a session primitive (`S-CONNECT.request`, `S-DATA.indication` …);
 * `S-CONNECT.response` and `.confirm` stand for an acceptance or a rejection, as the octets say
 * @param contexts the DCS, if it is known: with one member, data is simply encoded. Unknown: data that begins with 61 is taken for
 * fully encoded, so a captured DT explains itself
 */
export function explainPpdu(
  octets: Uint8Array,
  carrier: string,
  contexts?: readonly { readonly presentationContextIdentifier: number }[],
): PpduExplanation {
  const kind = kindOf(octets[0], carrier)
  if (octets.length === 0) return { spans: [], ppdu: kind.ppdu, userData: [] }
  const only = contexts?.length === 1 ? contexts[0]!.presentationContextIdentifier : undefined
  if (kind.type === UserData && !WITH_TAG.has(kind.ppdu) && (only !== undefined || octets[0] !== 0x61))
    return simple(octets, kind.ppdu, only)
  const walk = new Walk(octets, kind, only)
  return { spans: walk.spans, ppdu: kind.ppdu, userData: walk.places, ...(kind.type === CP && proposal(octets)) }
}

/** PPDUs whose simply encoded user data keeps its tag, being one of several alternatives. X.226, 8.4.1.4. */
const WITH_TAG = new Set(['TTD'])

/** X.226, 8.4.1.4 c: whole SS-user data that is simply encoded has no header at all. */
function simple(octets: Uint8Array, ppdu: string, presentationContextIdentifier: number | undefined): PpduExplanation {
  const to = octets.length
  const span: Span = {
    from: 0,
    to,
    layer: 'presentation',
    depth: 0,
    label: `${ppdu}, simply encoded`,
    ...(presentationContextIdentifier !== undefined && { value: `of context ${presentationContextIdentifier}` }),
    clause: 'X.226, 8.4.1',
    source: USER_DATA_SOURCE,
  }
  return {
    spans: [span],
    ppdu,
    userData: [{ ...(presentationContextIdentifier !== undefined && { presentationContextIdentifier }), from: 0, to }],
  }
}

/** The values that @x/ber comes upon while it explains a declared type. */
class Walk {
  readonly spans: Span[] = []
  readonly places: UserDataPlace[] = []
  readonly #octets: Uint8Array
  readonly #only: number | undefined
  /** More than one element may follow; each is explained by itself. */
  readonly #several: boolean

  constructor(octets: Uint8Array, kind: Kind, only: number | undefined) {
    this.#octets = octets
    this.#only = only
    // X.226, 8.2: the values of a CP in other transfer syntaxes follow its SET.
    this.#several = kind.type === CP
    let at = this.#explain(0, kind)
    while (at < octets.length) at = this.#explain(at, { ppdu: 'CPC-type', type: UserData })
  }

  /** @returns the first octet behind what was explained */
  #explain(offset: number, { ppdu, type }: Kind): number {
    const rest = this.#octets.subarray(offset)
    const found: { from: number; to: number; label: string }[] = []
    const own = type === UserData ? { clause: 'X.226, 8.4', source: USER_DATA_SOURCE } : { clause: 'X.226, 8.2', source: SOURCE }
    let spans = explain(type, rest, {
      ...own,
      layer: 'presentation',
      label: ppdu,
      open: (view, label) => {
        if (!VALUE_LABELS.some(one => label.endsWith(one))) return undefined
        const from = view.byteOffset - rest.byteOffset
        found.push({ from, to: from + view.length, label })
        return []
      },
    })
    let end = rest.length
    const behind = spans.findIndex(span => span.depth === 0 && span.from > 0)
    if (this.#several && behind > 0) {
      end = spans[behind]!.from
      spans = spans.slice(0, behind)
    }
    for (const place of found) this.#place(place, spans, offset)
    const path: string[] = []
    for (const span of spans) {
      const label = labelOf(span, path[span.depth - 1])
      path.length = span.depth
      path.push(label)
      const inUserData = path.some(one => USER_DATA.has(one))
      this.spans.push({
        ...span,
        ...(inUserData && { clause: 'X.226, 8.4', source: USER_DATA_SOURCE }),
        ...(span.value !== undefined && CODES.has(label) && { value: spelled(span.value) }),
        from: span.from + offset,
        to: span.to + offset,
        label,
      })
    }
    return offset + end
  }

  /** The context is named in the PDV-list that holds the value, in front of it. */
  #place({ from, to, label }: { from: number; to: number; label: string }, spans: readonly Span[], offset: number): void {
    const inside = (span: Span): boolean => span.from <= from && to <= span.to
    const list = label.endsWith(SIMPLE) ? undefined : spans.findLast(span => inside(span) && this.#octets[offset + span.from] === 0x30)
    const named = list && spans.find(span => span.label === 'presentation-context-identifier' && span.from > list.from && span.to <= from)
    const identifier = list ? Number(named?.value) : this.#only
    const known = identifier !== undefined && Number.isSafeInteger(identifier) && identifier > 0
    if (from < to) this.places.push({ ...(known && { presentationContextIdentifier: identifier }), from: offset + from, to: offset + to })
  }
}

const SIMPLE = 'simply-encoded-data'
const USER_DATA = new Set([SIMPLE, 'fully-encoded-data'])
const VALUE_LABELS = ['ANY', 'octet-aligned', SIMPLE]

/** Members whose values are codes with names. */
const CODES = new Set(['provider-reason', 'event-identifier', 'result', 'default-context-result'])
/** What the items of a list are, by the name of the list. */
const ITEMS = new Map([
  ['fully-encoded-data', 'PDV-list'],
  ['presentation-context-definition-list', 'context'],
  ['presentation-context-addition-list', 'context'],
  ['presentation-context-definition-result-list', 'result'],
  ['presentation-context-addition-result-list', 'result'],
  ['presentation-context-deletion-result-list', 'result'],
  ['presentation-context-identifier-list', 'context'],
  ['presentation-context-deletion-list', 'presentation-context-identifier'],
  ['transfer-syntax-name-list', 'transfer-syntax-name'],
])

/** What Amendment 1 of 1997 adds to a CP, and what is skipped here. */
const AMENDMENT = new Map([
  ['[11] not declared', 'protocol-options, of Amendment 1'],
  ['[12] not declared', 'initiators-nominated-context, of Amendment 1'],
  ['[14] not declared', 'extensions, of Amendment 1'],
])

/** The standard's word: an item of a list by what it is, a CHOICE by the alternative alone. */
function labelOf({ label, depth }: Span, parent: string | undefined): string {
  const item = label.startsWith('[') ? ITEMS.get(parent?.slice(parent.lastIndexOf(': ') + 1).trim() ?? '') : undefined
  if (item !== undefined) return item
  if (depth === 0) return label
  const name = label.slice(label.lastIndexOf(': ') + 1).trim()
  return (parent === 'normal-mode-parameters' && AMENDMENT.get(name)) || name
}

/** `invalidPpduParameterValue (6)` → `invalid-ppdu-parameter-value (6)`. */
function spelled(value: string): string {
  const end = value.indexOf(' (')
  return end < 0 ? value : standardName(value.slice(0, end)) + value.slice(end)
}

function proposal(octets: Uint8Array): { presentationContextDefinitionList?: readonly PresentationContext[] } {
  try {
    const list = decodePart(CP, octets).value.normalModeParameters?.presentationContextDefinitionList
    return list ? { presentationContextDefinitionList: list } : {}
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return {}
  }
}

/** X.226, clause 7: which PPDU a session primitive carries; where there are several, the first octet decides. */
function kindOf(first: number | undefined, carrier: string): Kind {
  switch (carrier) {
    case 'CN':
    case 'S-CONNECT.request':
    case 'S-CONNECT.indication':
      return { ppdu: 'CP', type: CP }
    case 'AC':
      return { ppdu: 'CPA', type: CPA }
    case 'RF':
      return first === 0x31 ? { ppdu: 'CPR, X.410 mode', type: X410Components } : { ppdu: 'CPR', type: CPR }
    case 'S-CONNECT.response':
    case 'S-CONNECT.confirm':
      return first === 0x31 ? { ppdu: 'CPA', type: CPA } : { ppdu: 'CPR', type: CPR }
    case 'AB':
    case 'S-U-ABORT.request':
    case 'S-U-ABORT.indication':
      if (first === 0xa0) return { ppdu: 'ARU', type: ARU }
      return first === 0x31 ? { ppdu: 'ARU, X.410 mode', type: X410Components } : { ppdu: 'ARP', type: ARP }
    case 'TD':
    case 'S-TYPED-DATA.request':
    case 'S-TYPED-DATA.indication':
      if (first === 0xa0) return { ppdu: 'AC', type: AC }
      return first === 0xa1 ? { ppdu: 'ACA', type: ACA } : { ppdu: 'TTD', type: UserData }
    case 'RS':
    case 'S-RESYNCHRONIZE.request':
    case 'S-RESYNCHRONIZE.indication':
      return { ppdu: 'RS', type: RS }
    case 'RA':
    case 'S-RESYNCHRONIZE.response':
    case 'S-RESYNCHRONIZE.confirm':
      return { ppdu: 'RSA', type: RSA }
    default:
      return { ppdu: DATA.get(carrier) ?? 'User-data', type: UserData }
  }
}

/** PPDUs that are user data and nothing else. */
const DATA = new Map([
  ['DT', 'TD'],
  ['S-DATA.request', 'TD'],
  ['S-DATA.indication', 'TD'],
  ['EX', 'TE'],
  ['S-EXPEDITED-DATA.request', 'TE'],
  ['S-EXPEDITED-DATA.indication', 'TE'],
  ['CD', 'TC'],
  ['S-CAPABILITY-DATA.request', 'TC'],
  ['S-CAPABILITY-DATA.indication', 'TC'],
  ['CDA', 'TCC'],
  ['S-CAPABILITY-DATA.response', 'TCC'],
  ['S-CAPABILITY-DATA.confirm', 'TCC'],
])
