import { encode, type Type } from '@x/ber'
import type { ServerAssociation } from './association.js'

/** Octets of a response around its list: PDU, invoke identifier, service, list and moreFollows, with their lengths. */
const ENVELOPE = 40

/**
 * As many items as fit into a response of the negotiated size, and at least one: if that does not fit alone, the response says so.
 * @param more octets of the response besides the list
 */
export function pageOf<T>(
  items: Iterable<T>,
  type: Type<T>,
  { negotiated }: ServerAssociation,
  more = 0,
): { readonly page: readonly T[]; readonly moreFollows: boolean } {
  let room = negotiated.maxPduSize - ENVELOPE - more
  const page: T[] = []
  for (const item of items) {
    room -= encode(type, item).length
    if (room < 0 && page.length > 0) return { page, moreFollows: true }
    page.push(item)
  }
  return { page, moreFollows: false }
}
