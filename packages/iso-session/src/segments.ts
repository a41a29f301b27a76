import { EncodeError, owned, Sdu } from '@x/core'
import { encodeSpdu, type Spdu } from './codec.js'
import type { AB, AC, DN, FN, GT, NF, PT, RF } from './spdu.js'
import { Enclosure } from './values.js'

/** The largest SPDU: SI, three octets of LI, and what they count. X.225, 8.2.5. */
export const largestSpdu = 65_539
/** SI, LI and PI 25 of a continuation, and the code and LI of its user data, each as long as it can be. */
const continuationHeader = 11

/** The SPDUs whose user data version 2 may segment. CN has CDO instead; DT and TD have a rule of their own. X.225, 6.3.5 b). */
export type Segmentable = AC | RF | FN | DN | NF | AB | GT | PT
const segmentable: ReadonlySet<string> = new Set<Segmentable['type']>(['AC', 'RF', 'FN', 'DN', 'NF', 'AB', 'GT', 'PT'])

export function isSegmentable(spdu: Spdu): spdu is Segmentable {
  return segmentable.has(spdu.type)
}

/**
 * One TSDU, or as many as its user data needs: version 2 segments what would exceed `limit`. X.225, 7.37, 8.4, Tables 44 and 45.
 *
 * @param limit the maximum TSDU size selected for our direction, in octets; 0: none is
 * @throws EncodeError SESSION_TSDU_SIZE when the parameters alone leave no room; and those of `encodeSpdu`
 */
export function encodeInSegments(spdu: Segmentable, version: 1 | 2, limit: number): readonly Sdu[] {
  const most = limit || largestSpdu
  const data = dataOf(spdu)
  if (version === 1 || data.length === 0 || wholeSize(spdu, data.length) <= most) return [encodeSpdu(spdu)]
  const head = withData({ ...spdu, enclosureItem: Enclosure.beginning }, undefined)
  // Without data its lengths are short; with data each of the two may need two octets more.
  const room = most - encodeSpdu(head).length - 6
  if (room < 1) {
    const text = `${spdu.type}: its parameters leave no room for user data in a TSDU of ${most} octets`
    throw new EncodeError('session', 'SESSION_TSDU_SIZE', text, { path: spdu.type })
  }
  const tsdus = [encodeSpdu(withData(head, data.subarray(0, room)))]
  const step = most - continuationHeader
  for (let at = room; at < data.length; at += step) {
    const part = data.subarray(at, at + step)
    tsdus.push(encodeSpdu(continuation(spdu.type, at + step < data.length ? 0 : Enclosure.end, part)))
  }
  return tsdus
}

/** Octets of the SPDU with that much user data. */
function wholeSize(spdu: Segmentable, size: number): number {
  const bare = encodeSpdu(withData(spdu, undefined)).octets()
  const field = bare.length - (bare[1] === 0xff ? 4 : 2)
  // In RF the data prolongs PI 50, which has three octets without.
  return unitSize(spdu.type === 'RF' ? field - 3 + unitSize(1 + size) : field + unitSize(size))
}

/** A code, LI, and what it counts. */
function unitSize(length: number): number {
  return length + (length < 0xff ? 2 : 4)
}

/** X.225, Tables 44 and 45: RF goes on in PI 50, without a reason in front; AB goes on without PI 17. */
function continuation(type: Segmentable['type'], enclosureItem: number, part: Uint8Array): Spdu {
  if (type === 'RF') return { type, enclosureItem, reasonCode: { code: part[0]!, userData: part.subarray(1) } }
  return { type, enclosureItem, userData: part } as Spdu
}

/**
 * DT or TD where a maximum TSDU size is selected: each says which part of the SSDU it holds. X.225, 6.3.5 a), 7.11.
 * A whole SSDU stays in the buffer it came in.
 */
export function dataInSegments(type: 'DT' | 'TD', userData: Sdu, limit: number): readonly Sdu[] {
  const room = limit - (type === 'DT' ? 7 : 5)
  if (userData.length <= room) return [withDataHeader(type, userData, Enclosure.beginning | Enclosure.end)]
  const octets = userData.octets()
  const tsdus: Sdu[] = []
  for (let at = 0; at < octets.length; at += room) {
    const which = (at === 0 ? Enclosure.beginning : 0) | (at + room >= octets.length ? Enclosure.end : 0)
    tsdus.push(withDataHeader(type, Sdu.of(octets.subarray(at, at + room)), which))
  }
  return tsdus
}

function withDataHeader(type: 'DT' | 'TD', sdu: Sdu, enclosureItem: number): Sdu {
  sdu.prepend(type === 'DT' ? [1, 0, 1, 3, 25, 1, enclosureItem] : [33, 3, 25, 1, enclosureItem])
  return sdu
}

/** Puts the segments of one SSDU together, from copies: the octets of a TSDU may be lent. */
export class Reassembly {
  /** The first segment: it has all the parameters. */
  readonly #first: Spdu
  readonly #parts: Uint8Array[] = []
  /** Octets of user data so far. */
  size = 0

  constructor(first: Spdu) {
    this.#first = owned(first)
    this.#push(dataOf(this.#first))
  }

  get type(): Spdu['type'] {
    return this.#first.type
  }

  /** A middle or the last segment. In RF what the decoder took for a reason is the first octet of data. */
  add(segment: Spdu): void {
    if (segment.type === 'RF' && segment.reasonCode) this.#push(Uint8Array.of(segment.reasonCode.code))
    this.#push(dataOf(segment).slice())
  }

  /** The SPDU as if it had come unsegmented. */
  whole(): Spdu {
    const octets = new Uint8Array(this.size)
    let at = 0
    for (const part of this.#parts) {
      octets.set(part, at)
      at += part.length
    }
    const { enclosureItem, ...first } = this.#first as Spdu & { readonly enclosureItem?: number }
    return withData(first as Spdu, octets)
  }

  #push(part: Uint8Array): void {
    this.#parts.push(part)
    this.size += part.length
  }
}

/** User data or user information of an SPDU; empty when there is none. */
export function dataOf(spdu: Spdu): Uint8Array {
  if ('userInformation' in spdu) return spdu.userInformation
  if (spdu.type === 'RF') return spdu.reasonCode?.userData ?? none
  return 'userData' in spdu ? (spdu.userData ?? none) : none
}

const none = new Uint8Array(0)

function withData<T extends Spdu>(spdu: T, data: Uint8Array | undefined): T {
  if ('userInformation' in spdu) return { ...spdu, userInformation: data ?? none }
  if (spdu.type === 'RF') {
    const { userData, ...code } = spdu.reasonCode ?? { code: 0 }
    return { ...spdu, reasonCode: data === undefined ? code : { ...code, userData: data } }
  }
  const { userData, ...rest } = spdu as T & { readonly userData?: Uint8Array }
  return (data === undefined ? rest : { ...rest, userData: data }) as T
}
