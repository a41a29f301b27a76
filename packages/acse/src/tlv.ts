import { CONSTRUCTED, tagText } from '@x/ber'

/** One element as far as it is there: explain reads what a decoder refuses. */
export interface Element {
  /** Identifier octet; in high form the number is in `number`. */
  readonly octet: number
  readonly number: number
  readonly constructed: boolean
  readonly from: number
  /** First octet of the contents. */
  readonly contents: number
  /** First octet behind the contents. */
  readonly end: number
  /** First octet behind the element; two more than `end` where end-of-contents octets follow. */
  readonly next: number
  readonly indefinite: boolean
  /** Why it is broken. */
  readonly problem?: string
}

/** Reads the element at `at`, which must be below `limit`. Never throws, and always moves on by at least one octet. */
export function elementAt(octets: Uint8Array, at: number, limit: number): Element {
  const octet = octets[at]!
  const base = { octet, constructed: (octet & CONSTRUCTED) !== 0, from: at, indefinite: false }
  let number = octet & 0x1f
  let position = at + 1
  if (number === 0x1f) {
    number = 0
    let more = true
    while (more && position < limit && position < at + 5) {
      number = number * 128 + (octets[position]! & 0x7f)
      more = octets[position++]! >= 0x80
    }
    if (more) return { ...base, number, contents: position, end: limit, next: limit, problem: 'the tag number does not end' }
  }
  const rest = (problem: string): Element => ({ ...base, number, contents: Math.min(position, limit), end: limit, next: limit, problem })
  if (position >= limit) return rest('expected a length octet, found the end')
  let length = octets[position++]!
  if (length === 0x80) {
    if (!base.constructed) return rest('an indefinite length, but the element is primitive')
    const end = endOfContents(octets, position, limit)
    if (end === undefined) return { ...rest('an indefinite length, but no end-of-contents octets'), indefinite: true }
    return { ...base, number, contents: position, end, next: end + 2, indefinite: true }
  }
  if (length > 0x80) {
    const count = length & 0x7f
    if (count > 8 || position + count > limit) return rest(`expected ${count} octets of length, found ${limit - position}`)
    length = 0
    for (let i = 0; i < count; i++) length = length * 256 + octets[position++]!
  }
  if (length > limit - position) return rest(`expected ${length} octets, found ${limit - position}`)
  return { ...base, number, contents: position, end: position + length, next: position + length }
}

/** Where the contents of an indefinite length end. Definite elements are jumped over, indefinite ones counted: linear, no recursion. */
function endOfContents(octets: Uint8Array, from: number, limit: number): number | undefined {
  let open = 1
  let at = from
  while (at + 1 < limit) {
    if (octets[at] === 0 && octets[at + 1] === 0) {
      if (--open === 0) return at
      at += 2
      continue
    }
    const header = headerAt(octets, at, limit)
    if (header === undefined) return undefined
    if (header.length === undefined) open++
    at = header.contents + (header.length ?? 0)
  }
  return undefined
}

/** Where contents begin and how long they are. @returns undefined: broken; without `length`: indefinite */
function headerAt(octets: Uint8Array, at: number, limit: number): { contents: number; length?: number } | undefined {
  let position = at + 1
  if ((octets[at]! & 0x1f) === 0x1f) while (position < limit && octets[position++]! >= 0x80);
  let length = octets[position++]
  if (length === undefined || position > limit) return undefined
  if (length === 0x80) return { contents: position }
  if (length > 0x80) {
    const count = length & 0x7f
    length = 0
    for (let i = 0; i < count && position < limit; i++) length = length * 256 + octets[position++]!
  }
  return { contents: position, length }
}

/** The elements one behind the other between `from` and `to`. */
export function elementsIn(octets: Uint8Array, from: number, to: number): readonly Element[] {
  const elements: Element[] = []
  for (let at = from; at < to; at = elements.at(-1)!.next) elements.push(elementAt(octets, at, to))
  return elements
}

/** The tag for people: `INTEGER`, `[3]`. */
export function elementName(element: Element): string {
  return tagText((element.octet & 0x1f) === 0x1f ? element.number * 256 + element.octet : element.octet)
}
