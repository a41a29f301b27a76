import { EncodeError } from '@x/core'
import type { Unit } from './dissect.js'
import { encodeTsdu } from './layers.js'
import { packed, wireOctets } from './wire.js'

/** A number below `n`, from wherever the choices come from. */
export type Choose = (n: number) => number

/** Choices out of a list of numbers, 0 when it is used up: so that a property shrinks, and a seed says everything. */
export function choosing(numbers: readonly number[]): Choose {
  let at = 0
  return n => (n <= 1 ? 0 : (numbers[at++] ?? 0) % n)
}

/** A BER element: header and contents apart, or the elements in it. */
interface Element {
  tag: number[]
  /** Contents of an element that has no elements, or is not looked into. */
  octets: Uint8Array
  children: Element[] | undefined
  /** Length octets to write instead of the right ones. */
  length?: number[]
  /** Octets behind the contents: an end-of-contents. */
  tail?: number[]
}

/** Octets as elements, as deep as they go; undefined where they are none. */
function parse(octets: Uint8Array, depth = 0): Element[] | undefined {
  const elements: Element[] = []
  for (let at = 0; at < octets.length; ) {
    const from = at
    if ((octets[at++]! & 0x1f) === 0x1f) while (at < octets.length && octets[at++]! >= 0x80);
    const tag = [...octets.subarray(from, at)]
    let length = octets[at++]
    if (length === undefined || length === 0x80) return undefined
    if (length > 0x80) {
      const end = at + (length & 0x7f)
      if (end > octets.length || end > at + 3) return undefined
      for (length = 0; at < end; at++) length = length * 256 + octets[at]!
    }
    if (at + length > octets.length) return undefined
    const contents = octets.subarray(at, at + length)
    at += length
    // Octet strings of ACSE and EXTERNAL hold elements, too.
    const looked = depth < 24 && length > 1 && (tag[0]! & 0x20) !== 0
    elements.push({ tag, octets: contents, children: looked ? parse(contents, depth + 1) : undefined })
  }
  return elements
}

function write(elements: readonly Element[]): number[] {
  return elements.flatMap(({ tag, octets, children, length, tail = [] }) => {
    const contents = children ? write(children) : [...octets]
    return [...tag, ...(length ?? lengthOf(contents.length)), ...contents, ...tail]
  })
}

function lengthOf(length: number): number[] {
  return length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
}

/** An element somewhere in the tree, and the list that it is in. */
function pick(elements: Element[], choose: Choose): { list: Element[]; at: number } {
  let list = elements
  for (;;) {
    const at = choose(list.length)
    const children = list[at]!.children
    if (children === undefined || children.length === 0 || choose(4) === 0) return { list, at }
    list = children
  }
}

const TAGS = [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x30, 0x31, 0x60, 0x61, 0x80, 0x81, 0x82, 0xa0, 0xa1, 0xa2, 0xa4, 0xbe, 0xff]
const LENGTHS = [
  [0x00],
  [0x01],
  [0x7f],
  [0x80],
  [0xff],
  [0x81, 0x00],
  [0x82, 0xff, 0xff],
  [0x84, 0xff, 0xff, 0xff, 0xff],
  [0x88, 0, 0, 0, 0, 0, 0, 0, 1],
  [0x85, 0x7f, 0xff, 0xff, 0xff, 0xff],
]
const CONTENTS = [
  [],
  [0],
  [0xff],
  [0x80],
  [0x7f, 0xff, 0xff, 0xff],
  [0x80, 0, 0, 0],
  [0, 0, 0, 0, 0, 0, 0, 0, 1],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
]

/**
 * Changes one place of a BER encoding and keeps the lengths around it right: retag, resize, another form of length, indefinite, truncate,
 * duplicate, drop, swap, nest, splice, another value.
 */
export function mutateBer(octets: Uint8Array, choose: Choose): Uint8Array {
  const elements = parse(octets)
  if (elements === undefined || elements.length === 0) return mutateOctets(octets, choose)
  const { list, at } = pick(elements, choose)
  const element = list[at]!
  const bare = () => Uint8Array.from(element.children ? write(element.children) : element.octets)
  switch (choose(15)) {
    case 0:
      element.tag = [TAGS[choose(TAGS.length)]!]
      break
    case 1:
      element.tag[0] = element.tag[0]! ^ (1 << choose(8))
      break
    case 2:
      element.length = LENGTHS[choose(LENGTHS.length)]!
      break
    case 3: {
      const { length } = bare()
      element.length = [0x84, 0, length >> 16, (length >> 8) & 0xff, length & 0xff]
      break
    }
    case 4:
      element.length = [0x80]
      element.tail = choose(3) === 0 ? [] : [0, 0]
      break
    case 5: {
      const contents = bare()
      element.children = undefined
      element.octets = contents.subarray(0, choose(contents.length + 1))
      break
    }
    case 6:
      list.splice(at, 0, ...Array.from({ length: 1 + choose(3) }, () => element))
      break
    case 7:
      list.splice(at, 1)
      break
    case 8: {
      const other = choose(list.length)
      list[at] = list[other]!
      list[other] = element
      break
    }
    case 9: {
      let inner = element
      for (let depth = 1 + choose(80); depth > 0; depth--) inner = { tag: element.tag, octets: new Uint8Array(), children: [inner] }
      list[at] = inner
      break
    }
    case 10: {
      const from = pick(elements, choose)
      // A copy: an element that holds itself has no end.
      list[at] = parse(Uint8Array.from(write([from.list[from.at]!])))![0]!
      break
    }
    default:
      element.children = undefined
      element.octets = Uint8Array.from(CONTENTS[choose(CONTENTS.length)]!)
  }
  return Uint8Array.from(write(elements))
}

/** Flips, sets, inserts, removes and repeats octets, wherever. */
export function mutateOctets(octets: Uint8Array, choose: Choose): Uint8Array {
  let changed = [...octets]
  for (let times = 1 + choose(3); times > 0; times--) {
    const at = choose(changed.length + 1)
    switch (choose(5)) {
      case 0:
        if (changed[at] !== undefined) changed[at] ^= 1 << choose(8)
        break
      case 1:
        changed[at] = [0, 1, 0x7f, 0x80, 0xff][choose(5)]!
        break
      case 2:
        changed.splice(at, 0, choose(256))
        break
      case 3:
        changed.splice(at, 1 + choose(4))
        break
      default:
        changed = [...changed.slice(0, at), ...changed.slice(Math.max(0, at - choose(20)))]
    }
  }
  return Uint8Array.from(changed)
}

/** One unit of a conversation with something wrong in one of its layers; the layers below carry it faithfully. */
export function mutateUnit(unit: Unit, choose: Choose): Uint8Array {
  const session = unit.layers.find(({ layer }) => layer === 'session')
  const presentation = unit.layers.find(({ layer }) => layer === 'presentation')
  const { spdu } = unit
  switch (choose(8)) {
    case 0:
      return mutateOctets(unit.octets, choose)
    case 1:
      return Uint8Array.from([...mutateOctets(unit.octets.subarray(0, 12), choose), ...unit.octets.subarray(12)])
    case 2:
      if (session) return packed(mutateOctets(session.octets.subarray(0, 60), choose))
      break
    case 3: {
      // X.225: SI, LI, then parameters that look like BER with one octet of length.
      if (!session || spdu?.type === 'DT') break
      return packed(mutateBer(session.octets, choose))
    }
    case 4:
    case 5:
      if (unit.mmsOctets && spdu?.type === 'DT') return wireOctets(mutateBer(unit.mmsOctets, choose))
  }
  if (!presentation || !spdu) return mutateOctets(unit.octets, choose)
  let octets = presentation.octets
  for (let times = 1 + choose(2); times > 0; times--) octets = mutateBer(octets, choose)
  if (spdu.type === 'DT') return packed(Uint8Array.from([1, 0, 1, 0, ...octets]))
  if (!('userData' in spdu) || octets.length > 10_000) return packed(Uint8Array.from(octets))
  const { userData: _, ...rest } = spdu
  try {
    return packed(
      encodeTsdu([
        { ...rest, ...(octets.length > 512 && spdu.type === 'CN' ? { extendedUserData: octets } : { userData: octets }) },
      ]).octets(),
    )
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error
    return packed(octets)
  }
}
