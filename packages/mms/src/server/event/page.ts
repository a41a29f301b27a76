import { encode, type Type } from '@x/ber'
import type { ServerAssociation } from '../association.js'
import { serviceError } from '../errors.js'
import type { Refused } from './places.js'

export interface Page<T> {
  readonly entries: readonly T[]
  readonly moreFollows: boolean
}

/**
 * As many entries as fit into a response. ISO 9506-1, 5.4.2.
 * @param groups entries that must be on one page, as no later request could ask for the rest of them
 * @returns an error when not even the first group fits
 */
export function pageOf<T>(groups: Iterable<readonly T[]>, type: Type<T>, { negotiated }: ServerAssociation): Page<T> | Refused {
  let room = negotiated.maxPduSize - ENVELOPE
  const entries: T[] = []
  for (const group of groups) {
    for (const entry of group) room -= encode(type, entry).length
    if (room < 0) return entries.length > 0 ? { entries, moreFollows: true } : { error: serviceError('resource', 'other') }
    entries.push(...group)
  }
  return { entries, moreFollows: false }
}

/** Octets of a response around its list: PDU, invoke identifier, service, list, moreFollows, with their lengths. */
const ENVELOPE = 40

/** Each entry by itself. */
export function* singly<T>(entries: Iterable<T>): Generator<readonly [T], void, void> {
  for (const entry of entries) yield [entry]
}
