import { BerReader, type BitString, bitAt, decode, GraphicString, implicit, OBJECT_IDENTIFIER, ObjectDescriptor, type Type } from '@x/ber'
import { DecodeError, Explainer, hex, type Span } from '@x/core'
import { decodeApdu } from './apdu.js'
import { AcseRequirements, Int, ProtocolVersion } from './asn1.js'
import { AcseOid, describeDiagnostic, describeRequirement } from './codes.js'
import { type ApduFields, apduFields, type Field } from './fields.js'
import { type Element, elementAt, elementName, elementsIn } from './tlv.js'

/** Options of {@link explainApdu}. */
export interface ExplainOptions {
  /** Shows authentication values. @default false */
  readonly revealAuthentication?: boolean
}

/** Where user information stands in an APDU, for the explainer of the user's own octets. */
export interface UserInformationPlace {
  /** The presentation context identifier. */
  readonly indirectReference?: number
  /** First octet of the value. */
  readonly from: number
  /** First octet behind it. */
  readonly to: number
}

/** What {@link explainApdu} finds. */
export interface ExplainedApdu {
  readonly spans: readonly Span[]
  readonly userInformation: readonly UserInformationPlace[]
  /** Where authentication values stand. Whoever prints octets beside the spans prints `maskAuthentication(octets)`. */
  readonly secrets: readonly { readonly from: number; readonly to: number }[]
}

const CLAUSE = 'X.227, 9.1'
const EXTERNAL_CLAUSE = 'X.690, 8.18'
/** Nesting of elements without a declaration that is still taken apart. */
const DEEPEST = 16

/**
 * Names every octet of one APDU, also of a broken one, and says where and why it breaks. Never throws.
 *
 * @param octets one APDU; offsets in the result count from its first octet
 */
export function explainApdu(octets: Uint8Array, options: ExplainOptions = {}): ExplainedApdu {
  return new ApduExplainer(octets, options).run()
}

/** A copy of an APDU in which the octets of authentication values are asterisks. */
export function maskAuthentication(octets: Uint8Array): Uint8Array {
  const masked = Uint8Array.from(octets)
  for (const { from, to } of explainApdu(octets).secrets) masked.fill(0x2a, from, to)
  return masked
}

class ApduExplainer {
  readonly #octets: Uint8Array
  readonly #reveal: boolean
  readonly #out = new Explainer('ACSE', 'packages/acse/src/asn1.ts')
  readonly #userInformation: UserInformationPlace[] = []
  readonly #secrets: { from: number; to: number }[] = []

  constructor(octets: Uint8Array, options: ExplainOptions) {
    this.#octets = octets
    this.#reveal = options.revealAuthentication ?? false
  }

  run(): ExplainedApdu {
    const octets = this.#octets
    const known = octets.length > 0 ? apduFields[octets[0]!] : undefined
    if (known === undefined) {
      const problem = octets.length > 0 ? 'expected 60 to 64' : 'expected an APDU, found no octets'
      this.#out.add(0, octets.length, 'no APDU of ACSE', CLAUSE, { problem })
    } else {
      this.#apdu(known, elementAt(octets, 0, octets.length))
      this.#judge()
    }
    return { spans: this.#out.spans, userInformation: this.#userInformation, secrets: this.#secrets }
  }

  /** What looks sound element by element may break a rule between them: the decoder has the last word. */
  #judge(): void {
    const { spans } = this.#out
    if (spans.some(span => span.problem !== undefined)) return
    try {
      decodeApdu(this.#octets)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      spans[0] = { ...spans[0]!, problem: error.message }
    }
  }

  #apdu(known: ApduFields, apdu: Element): void {
    const elements = elementsIn(this.#octets, apdu.contents, apdu.end)
    const present = (number: number) => elements.some(one => isContext(one) && one.number === number && fitting(one, known.fields[number]!))
    const missing = known.mandatory.filter(number => !present(number)).map(number => known.fields[number]!.label)
    const problem =
      apdu.problem ??
      (known.title === undefined
        ? 'only in X.227 bis, refused'
        : missing.length > 0
          ? `expected ${missing.join(', ')}, found it absent`
          : undefined)
    this.#add(apdu, known.name, 0, { value: known.title, problem })
    let last = -1
    for (const element of elements) {
      const declared = isContext(element) ? known.fields[element.number] : undefined
      const field = declared && fitting(element, declared)
      const disorder = field !== undefined && element.number <= last ? 'out of order, or again' : undefined
      // What X.227 does not define may stand anywhere.
      if (field && !field.later) last = Math.max(last, element.number)
      // A proof in a form that is no proof is not shown either.
      if (declared?.kind === 'authentication' && !field) this.#secrets.push({ from: element.contents, to: element.end })
      if (field === undefined || field.later)
        this.#undefinedElement(element, field, known.name === 'AARQ' ? undefined : 'not defined in X.227')
      else this.#field(element, field, disorder)
    }
    this.#endOfContents(apdu, 0)
    if (apdu.next < this.#octets.length) {
      this.#out.add(apdu.next, this.#octets.length, 'octets behind the APDU', CLAUSE, { problem: 'expected the end' })
    }
  }

  #undefinedElement(element: Element, field: Field | undefined, problem: string | undefined): void {
    const label = field ? `${field.label} (X.227 bis)` : `${elementName(element)}, not defined`
    this.#add(element, label, 1, { value: problem === undefined ? 'ignored' : undefined, problem: element.problem ?? problem })
    this.#inside(element, 2)
  }

  #field(element: Element, field: Field, disorder: string | undefined): void {
    const problem = element.problem ?? disorder
    if (field.kind === 'authentication') return this.#authentication(element, field, problem)
    if (field.kind === 'externals' || field.kind === 'oids') {
      this.#add(element, field.label, 1, { problem })
      for (const inner of elementsIn(this.#octets, element.contents, element.end)) {
        if (field.kind === 'externals') this.#external(inner)
        else this.#value(inner, 'OBJECT IDENTIFIER', 2, OBJECT_IDENTIFIER, describeOid)
      }
      return this.#endOfContents(element, 1)
    }
    if (!field.explicit) return this.#primitive(element, field, problem)
    const inners = elementsIn(this.#octets, element.contents, element.end)
    const count = inners.length === 1 ? undefined : `expected one element inside, found ${inners.length || 'none'}`
    this.#add(element, field.label, 1, { problem: problem ?? count })
    for (const inner of inners) this.#explicit(inner, field)
    this.#endOfContents(element, 1)
  }

  /** A field whose own contents are the value. */
  #primitive(element: Element, field: Field, problem: string | undefined): void {
    const { label, kind, means } = field
    const tagged = <T>(type: Type<T>): Type<T> => implicit(element.number, type)
    if (kind === 'versions') this.#value(element, label, 1, tagged(ProtocolVersion), versions, problem)
    else if (kind === 'requirements') this.#value(element, label, 1, tagged(AcseRequirements), requirements, problem)
    else if (kind === 'oid') this.#value(element, label, 1, tagged(OBJECT_IDENTIFIER), describeOid, problem)
    else if (kind === 'text') this.#value(element, label, 1, tagged(GraphicString), quoted, problem)
    else this.#value(element, label, 1, tagged(Int), number => withMeaning(number, means), problem)
  }

  /** The element inside an explicit tag. */
  #explicit(inner: Element, { kind, means }: Field): unknown {
    if (kind === 'oid') return this.#value(inner, 'OBJECT IDENTIFIER', 2, OBJECT_IDENTIFIER, describeOid)
    if (kind === 'integer') return this.#value(inner, 'INTEGER', 2, Int, number => withMeaning(number, means))
    if (kind === 'diagnostic') return this.#diagnostic(inner)
    if (inner.octet === 0x06) return this.#value(inner, 'form 2, OBJECT IDENTIFIER', 2, OBJECT_IDENTIFIER, describeOid)
    if (inner.octet === 0x02) return this.#value(inner, 'form 2, INTEGER', 2, Int, String)
    const named = inner.octet === 0x30 || inner.octet === 0x31
    this.#add(inner, named ? 'form 1, directory name' : elementName(inner), 2, {
      problem: inner.problem ?? (named ? undefined : 'expected form 1 or form 2'),
    })
    return this.#inside(inner, 3)
  }

  #diagnostic(inner: Element): void {
    const source = inner.octet === 0xa1 ? 'acse-service-user' : inner.octet === 0xa2 ? 'acse-service-provider' : undefined
    this.#add(inner, source ?? elementName(inner), 2, { problem: inner.problem ?? (source ? undefined : 'expected [1] or [2]') })
    if (source === undefined) return this.#inside(inner, 3)
    for (const number of elementsIn(this.#octets, inner.contents, inner.end)) {
      this.#value(number, 'INTEGER', 3, Int, value => `${value} ${describeDiagnostic(source, value)}`)
    }
    this.#endOfContents(inner, 2)
  }

  #authentication(element: Element, field: Field, problem: string | undefined): void {
    this.#add(element, field.label, 1, { problem })
    for (const inner of elementsIn(this.#octets, element.contents, element.end)) {
      const alternative = isContext(inner) ? ['charstring', 'bitstring', 'external', 'other'][inner.number] : undefined
      this.#secrets.push({ from: inner.contents, to: inner.end })
      const octets = this.#octets.subarray(inner.contents, inner.end)
      this.#add(inner, alternative ?? elementName(inner), 2, {
        value: this.#reveal ? (inner.number === 0 ? JSON.stringify(latin1(octets)) : hex(octets)) : 'hidden',
        problem: inner.problem ?? (alternative ? undefined : 'expected [0] to [3]'),
      })
      if (this.#reveal) this.#inside(inner, 3)
    }
    this.#endOfContents(element, 1)
  }

  #external(external: Element): void {
    const is = external.octet === 0x28
    this.#out.add(external.from, external.next, is ? 'EXTERNAL' : elementName(external), EXTERNAL_CLAUSE, {
      depth: 2,
      ...problemOf(external.problem ?? (is ? undefined : 'expected an EXTERNAL')),
    })
    if (!is) return this.#inside(external, 3)
    let indirectReference: number | undefined
    for (const part of elementsIn(this.#octets, external.contents, external.end)) {
      if (part.octet === 0x06) this.#value(part, 'direct-reference', 3, OBJECT_IDENTIFIER, describeOid)
      else if (part.octet === 0x02) indirectReference = this.#value(part, 'indirect-reference', 3, Int, String)
      else if (part.octet === 0x07) this.#value(part, 'data-value-descriptor', 3, ObjectDescriptor, quoted)
      else this.#encoding(part, indirectReference)
    }
    this.#endOfContents(external, 2)
  }

  #encoding(part: Element, indirectReference: number | undefined): void {
    const label = { 160: 'single-ASN1-type', 129: 'octet-aligned', 130: 'arbitrary' }[part.octet]
    this.#add(part, label ?? elementName(part), 3, { problem: part.problem ?? (label ? undefined : 'expected one of three encodings') })
    if (label === undefined) return this.#inside(part, 4)
    const from = Math.min(part.end, part.contents + (part.octet === 0x82 ? 1 : 0))
    this.#userInformation.push({ ...(indirectReference !== undefined && { indirectReference }), from, to: part.end })
    this.#endOfContents(part, 3)
  }

  /** Elements nobody declared, down to a depth. */
  #inside(element: Element, depth: number): void {
    if (!element.constructed || depth > DEEPEST) return
    for (const inner of elementsIn(this.#octets, element.contents, element.end)) {
      const oid = inner.octet === 0x06 && inner.problem === undefined
      if (oid) this.#value(inner, elementName(inner), depth, OBJECT_IDENTIFIER, describeOid)
      else this.#add(inner, elementName(inner), depth, { problem: inner.problem })
      this.#inside(inner, depth + 1)
    }
    this.#endOfContents(element, depth - 1)
  }

  /** Decodes one element for its value; what is wrong becomes the span's problem. */
  #value<T>(element: Element, label: string, depth: number, type: Type<T>, show: (value: T) => string, problem?: string): T | undefined {
    const read = readElement(this.#octets, element, type)
    this.#add(element, label, depth, {
      value: 'value' in read ? show(read.value) : undefined,
      problem: problem ?? element.problem ?? ('problem' in read ? read.problem : undefined),
    })
    return 'value' in read ? read.value : undefined
  }

  #endOfContents(element: Element, depth: number): void {
    if (element.next > element.end) this.#out.add(element.end, element.next, 'end-of-contents', 'X.690, 8.1.5', { depth })
  }

  #add(element: Element, label: string, depth: number, more: { value?: string | undefined; problem?: string | undefined }): void {
    const { value, problem } = more
    this.#out.add(element.from, element.next, label, CLAUSE, { depth, ...(value !== undefined && { value }), ...problemOf(problem) })
  }
}

function problemOf(problem: string | undefined): { problem?: string } {
  return problem === undefined ? {} : { problem }
}

function isContext(element: Element): boolean {
  return (element.octet & 0xc0) === 0x80
}

/** The field, if the element has the form of one: `81` is not `[1]` with an element inside. Strings and bit strings have either form. */
function fitting(element: Element, field: Field): Field | undefined {
  if (field.later) return field
  const constructed = field.explicit || field.kind === 'oids' || field.kind === 'externals'
  const primitive = !constructed && (field.kind === 'oid' || field.kind === 'integer')
  return (constructed && !element.constructed) || (primitive && element.constructed) ? undefined : field
}

/** Offsets in what goes wrong are those in `octets`. */
function readElement<T>(octets: Uint8Array, element: Element, type: Type<T>): { value: T } | { problem: string } {
  try {
    if (element.indefinite) return { value: decode(type, octets.subarray(element.from, element.next), { layer: 'acse' }) }
    const reader = new BerReader(octets, { layer: 'acse' })
    reader.position = element.from
    const tag = reader.header(element.next)
    const codec = type.codec()
    if (codec.tag !== tag && !codec.more?.has(tag)) return { problem: `found ${elementName(element)}` }
    return { value: codec.get(reader, tag) }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { problem: error.message }
  }
}

function withMeaning(value: number, means: Field['means']): string {
  return means ? `${value} ${means(value)}` : String(value)
}

const oidNames: Readonly<Record<string, string>> = {
  [AcseOid.password]: 'password-1',
  [AcseOid.basicEncoding]: 'BER',
  [AcseOid.abstractSyntax]: 'ACSE',
}

function describeOid(oid: string): string {
  const name = oidNames[oid]
  return name ? `${oid} ${name}` : oid
}

function versions(bits: BitString): string {
  return (
    setBits(bits)
      .map(bit => `version ${bit + 1}`)
      .join(', ') || 'none'
  )
}

function requirements(bits: BitString): string {
  return setBits(bits).map(describeRequirement).join(', ') || 'kernel'
}

/** The first 32 bits are enough for people. */
function setBits(bits: BitString): number[] {
  return Array.from({ length: Math.min(bits.size, 32) }, (_, bit) => bit).filter(bit => bitAt(bits, bit))
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text)
}

function latin1(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += String.fromCharCode(octet)
  return text
}
