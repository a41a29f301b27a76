import { Explainer, OsiError, type Span } from '@x/core'
import { expected } from './codec.js'
import { definite } from './definite.js'
import { describeValue, universalType } from './describe.js'
import { CONSTRUCTED, tagText } from './identifier.js'
import { OCTET_STRING_VIEW } from './octet-string.js'
import { BerReader, DEFAULT_DEPTH, INDEFINITE, viewOf } from './reader.js'
import { type AnyType, accepts, type MemberShape } from './type.js'

/** How `explain` names what it finds. */
export interface ExplainOptions {
  /** Layer named in the spans. @default 'BER' */
  readonly layer?: string
  /** The file that declares the type, from the root of the repository. @default 'packages/ber/src/explain.ts' */
  readonly source?: string
  /** Where the standard declares it. @default 'X.690, 8.1' */
  readonly clause?: string
  /** What the outermost element is called. @default the name of the type, or its tag */
  readonly label?: string
  /**
   * Explains what the declaration leaves open: called with the octets of an ANY element, or with the contents of an
   * `OCTET_STRING_VIEW`. Its spans begin at 0 of what it was given. It must not throw.
   */
  readonly open?: (octets: Uint8Array, label: string) => readonly Span[] | undefined
  /** Spans at most; what follows is summed up. @default 16_384 */
  readonly spans?: number
}

/**
 * What each octet means: a span for each element, those inside it behind it and one deeper, so that a span and those it stands in are
 * the path of the member. Broken octets too: the span that breaks has a `problem`, and what cannot be read any further is one span.
 * Never throws.
 *
 * @param type undefined: nothing is known but the octets, and elements are named by their tags
 */
export function explain(type: AnyType | undefined, octets: Uint8Array, options: ExplainOptions = {}): readonly Span[] {
  return new Walk(octets, options).whole(type, options.label)
}

/** One element as it stands in the octets. */
interface Head {
  readonly tag: number
  readonly start: number
  readonly contents: number
  /** First octet behind the contents; of an indefinite length: the end of the parent, until its own is found. */
  readonly end: number
  readonly indefinite: boolean
}

/** How an element inside another is to be explained. */
interface Part {
  readonly type?: AnyType | undefined
  readonly label?: string | undefined
  readonly problem?: string | undefined
}

class Walk {
  readonly #octets: Uint8Array
  readonly #out: Explainer
  readonly #clause: string
  readonly #most: number
  readonly #open: ExplainOptions['open']

  constructor(octets: Uint8Array, options: ExplainOptions) {
    this.#octets = octets
    this.#out = new Explainer(options.layer ?? 'BER', options.source ?? 'packages/ber/src/explain.ts')
    this.#clause = options.clause ?? 'X.690, 8.1'
    this.#most = options.spans ?? 16_384
    this.#open = options.open
  }

  whole(type: AnyType | undefined, label: string | undefined): readonly Span[] {
    const limit = this.#octets.length
    const behind = this.#elements(0, limit, 0, index => (index === 0 ? { type, label } : undefined))
    if (behind < limit) this.#span(behind, limit, 'octets behind the value', 0, undefined, 'expected the end of the octets')
    if (limit === 0) this.#span(0, 0, label ?? type?.name ?? 'element', 0, undefined, 'expected an element, found no octets')
    return this.#out.spans
  }

  #span(from: number, to: number, label: string, depth: number, value?: string, problem?: string): number {
    const more = { depth, ...(value !== undefined && { value }), ...(problem !== undefined && { problem }) }
    this.#out.add(from, to, label, this.#clause, more)
    return this.#out.spans.length - 1
  }

  /** Adds what only the elements inside have shown to a span that is there already. */
  #amend(index: number, to: number, problem: string | undefined): void {
    const span = this.#out.spans[index]!
    const problems = [span.problem, problem].filter(one => one !== undefined).join('; ')
    this.#out.spans[index] = { ...span, to, ...(problems && { problem: problems }) }
  }

  /**
   * Explains elements from `at` on.
   *
   * @param part how to explain the one with this number; undefined: stop before it
   * @returns the first octet that was not explained
   */
  #elements(at: number, limit: number, depth: number, part: (index: number, head: Head) => Part | undefined): number {
    let next = at
    for (let index = 0; next < limit; index++) {
      if (this.#out.spans.length >= this.#most - 1) {
        this.#span(next, limit, 'further octets', depth, undefined, 'not explained: too many elements')
        return limit
      }
      const head = this.#head(next, limit)
      if (typeof head === 'string') {
        this.#span(next, limit, 'broken element', depth, undefined, head)
        return limit
      }
      const how = part(index, head)
      if (how === undefined) return next
      next = this.#element(head, how, depth)
    }
    return next
  }

  /** Reads a header. @returns what is wrong with it, as text */
  #head(at: number, limit: number): Head | string {
    const reader = new BerReader(this.#octets)
    reader.position = at
    try {
      const tag = reader.headerOfAnyForm(limit)
      const indefinite = reader.end === INDEFINITE
      return { tag, start: at, contents: reader.position, end: indefinite ? limit : reader.end, indefinite }
    } catch (error) {
      return messageOf(error)
    }
  }

  /** @returns the first octet behind the element */
  #element(head: Head, { type, label, problem }: Part, depth: number): number {
    if (type !== undefined && !accepts(type.codec(), head.tag)) {
      return this.#unknown(head, label || type.name, depth, `expected ${expected(type)}, found ${tagText(head.tag)}`)
    }
    if (type === undefined) return this.#unknown(head, label, depth, problem)
    return this.#known(head, type, label, depth)
  }

  /** An element whose tag has been checked already, or stands in place of the tag of `type`. */
  #known(head: Head, type: AnyType, label: string | undefined, depth: number): number {
    const { shape } = type
    switch (shape.kind) {
      case 'choice': {
        const alternative = shape.alternatives.find(one => accepts(one.type().codec(), head.tag))
        if (!alternative) return this.#unknown(head, label || type.name, depth, `expected ${expected(type)}, found ${tagText(head.tag)}`)
        return this.#element(
          head,
          { type: alternative.type(), label: label ? `${label}: ${alternative.asn1Name}` : alternative.asn1Name },
          depth,
        )
      }
      case 'sequence of':
      case 'set of': {
        const element = shape.element()
        return this.#constructed(head, label || type.name || tagText(head.tag), depth, index => ({ type: element, label: `[${index}]` }))
      }
      case 'sequence':
      case 'set': {
        const { part, missing } = memberParts(shape.members, shape.kind === 'set', shape.extensible)
        return this.#constructed(head, label || type.name || tagText(head.tag), depth, part, missing)
      }
      case 'tagged':
        if (shape.explicit)
          return this.#constructed(head, label || tagText(head.tag), depth, index => (index === 0 ? { type: shape.type() } : EXTRA))
        return this.#known(head, shape.type(), label, depth)
      case 'sized':
        return this.#known(head, shape.type(), label, depth)
      case 'leaf':
        return shape.as ? this.#known(head, shape.as(), label || type.name, depth) : this.#scalar(head, type, label || type.name, depth)
      case 'builtin':
        return this.#scalar(head, type, label || type.name || shape.asn1, depth)
    }
  }

  /** Builtin types and hand-written nodes: the codec says the value. */
  #scalar(head: Head, type: AnyType, label: string, depth: number): number {
    if (type.tags() === undefined) {
      const spans = head.indefinite ? undefined : this.#open?.(viewOf(this.#octets, head.start, head.end), label)
      if (!spans) return this.#unknown(head, label, depth)
      this.#out.within(head.start, spans)
      return head.end
    }
    if (head.tag & CONSTRUCTED) return this.#segments(head, type, label, depth)
    const spans = type.shape === OCTET_STRING_VIEW.shape ? this.#open?.(viewOf(this.#octets, head.contents, head.end), label) : undefined
    if (spans) {
      this.#span(head.start, head.end, label, depth)
      this.#out.within(head.contents, spans)
      return head.end
    }
    const reader = new BerReader(this.#octets)
    reader.start = head.start
    reader.position = head.contents
    reader.end = head.end
    try {
      this.#span(head.start, head.end, label, depth, describeValue(type, type.codec().get(reader, head.tag)))
    } catch (error) {
      this.#span(head.start, head.end, label, depth, undefined, messageOf(error))
    }
    return head.end
  }

  /** A string in segments: each of them, and the value they make together. */
  #segments(head: Head, type: AnyType, label: string, depth: number): number {
    const first = this.#out.spans.length
    const end = this.#unknown(head, label, depth)
    const spans = this.#out.spans
    if (spans.some((span, i) => i >= first && span.problem !== undefined)) return end
    try {
      const { octets } = definite(viewOf(this.#octets, head.start, end))
      const reader = new BerReader(octets)
      const value = type.codec().get(reader, reader.header(octets.length))
      spans[first] = { ...spans[first]!, value: describeValue(type, value) }
    } catch (error) {
      this.#amend(first, end, `expected segments of one string, found others${error instanceof OsiError ? ` (${error.code})` : ''}`)
    }
    return end
  }

  /** An element of a type nobody declared. */
  #unknown(head: Head, label: string | undefined, depth: number, problem?: string): number {
    const name = label || tagText(head.tag)
    if (head.tag & CONSTRUCTED)
      return this.#constructed(
        head,
        name,
        depth,
        () => UNDECLARED,
        () => problem,
      )
    if (problem === undefined) return this.#scalar(head, universalType(head.tag), name, depth)
    this.#span(head.start, head.end, name, depth, undefined, problem)
    return head.end
  }

  #constructed(
    head: Head,
    label: string,
    depth: number,
    part: (index: number, head: Head) => Part,
    problem: () => string | undefined = () => undefined,
  ): number {
    const span = this.#span(head.start, head.end, label, depth)
    if (!(head.tag & CONSTRUCTED)) {
      this.#amend(span, head.end, 'expected the constructed form, found the primitive')
      return head.end
    }
    if (depth >= DEFAULT_DEPTH) {
      this.#amend(span, head.end, 'not explained: nested too deeply')
      return head.end
    }
    if (!head.indefinite) {
      this.#elements(head.contents, head.end, depth + 1, part)
      this.#amend(span, head.end, problem())
      return head.end
    }
    const ends = (one: Head): boolean => one.tag === 0 && one.end === one.start + 2
    const contentsEnd = this.#elements(head.contents, head.end, depth + 1, (index, one) => (ends(one) ? undefined : part(index, one)))
    const found = contentsEnd < head.end
    if (found) this.#span(contentsEnd, contentsEnd + 2, 'end-of-contents', depth + 1)
    const end = found ? contentsEnd + 2 : head.end
    this.#amend(
      span,
      end,
      [problem(), found ? undefined : 'expected end-of-contents octets, found none'].filter(Boolean).join('; ') || undefined,
    )
    return end
  }
}

const UNDECLARED: Part = {}
const EXTRA: Part = { problem: 'expected one element inside an explicit tag, found another' }

/** Gives each element to the member that takes it, and remembers which are missing. */
function memberParts(members: readonly MemberShape[], anyOrder: boolean, extensible: boolean) {
  const seen = new Set<MemberShape>()
  let from = 0
  return {
    part(_index: number, { tag }: Head): Part {
      const takes = (member: MemberShape): boolean => accepts(member.type().codec(), tag)
      const at = members.findIndex((member, i) => i >= from && !seen.has(member) && takes(member))
      const member = members[at]
      if (member) {
        seen.add(member)
        if (!anyOrder) from = at + 1
        return { type: member.type(), label: member.asn1Name }
      }
      const known = members.find(takes)
      if (known) return { label: known.asn1Name, problem: 'expected once and in its place' }
      return extensible ? { label: `${tagText(tag)} not declared` } : { problem: 'expected a member, found an element that is none' }
    },
    missing(): string | undefined {
      const names = members.filter(member => member.presence === 'required' && !seen.has(member)).map(member => member.asn1Name)
      return names.length > 0 ? `expected ${names.join(', ')}, found nothing of it` : undefined
    },
  }
}

/** A hand-written node may fail in any way; here it must not stop the explanation. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unreadable'
}
