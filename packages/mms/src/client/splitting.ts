import { EncodeError, RejectedError, ServiceError } from '@x/core'
import { isErrorOf } from './errors.js'

/** How items become requests that are short enough, with answers that are. */
export interface Parting<I, R> {
  /** Asks for some of the items in one request. @returns one result for each, in order */
  readonly ask: (items: readonly I[]) => Promise<readonly R[]>
  /** Octets that an item takes in the request, or in the answer if that is known and more. */
  readonly sizeOf: (item: I) => number
  /** Octets that the items of one request may take together. */
  readonly room: number
  /** Items in one request. @default any number */
  readonly most?: number
  /** Requests open at a time: others have their turn in between. */
  readonly atATime: number
  /** Whether asking for less may help. */
  readonly isTooLong: (error: unknown) => boolean
  /** The peer has refused to answer all of them in one go. @default false */
  readonly refused?: boolean
}

/** Octets around the items of a read or write, at most: tags and lengths of four, the invoke identifier, the choices of the service. */
export const ENVELOPE = 48

/**
 * Asks for items in as few requests as fit, and for less when the peer says that it was too much: half of it, until it answers, and the rest
 * in parts of the size that it has answered. One result for each item, in their order; the first error ends it.
 */
export async function inParts<I, R>(items: readonly I[], parting: Parting<I, R>): Promise<readonly R[]> {
  const splitter = new Splitter(parting)
  if (parting.refused) return splitter.halves(items)
  return (await inTurn(groups(items, parting), parting.atATime, part => splitter.ask(part))).flat()
}

class Splitter<I, R> {
  readonly #parting: Parting<I, R>
  /** Items that the peer could not answer in one go are at least twice as many. */
  #most = Number.POSITIVE_INFINITY

  constructor(parting: Parting<I, R>) {
    this.#parting = parting
  }

  async ask(items: readonly I[]): Promise<readonly R[]> {
    const { ask, isTooLong } = this.#parting
    if (items.length > this.#most) return this.#pieces(items)
    try {
      return await ask(items)
    } catch (error) {
      if (items.length < 2 || !isTooLong(error)) throw error
      return this.halves(items)
    }
  }

  /** What is learned from the first half spares the second half the same refusals. */
  async halves(items: readonly I[]): Promise<readonly R[]> {
    const half = Math.ceil(items.length / 2)
    this.#most = Math.min(this.#most, half)
    const first = await this.ask(items.slice(0, half))
    return [...first, ...(await this.#pieces(items.slice(half)))]
  }

  async #pieces(items: readonly I[]): Promise<readonly R[]> {
    const size = this.#most
    const pieces = Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size))
    return (await inTurn(pieces, this.#parting.atATime, piece => this.ask(piece))).flat()
  }
}

/** The items in groups that fit, each with as many as possible. One that does not fit alone is alone. */
function groups<I, R>(items: readonly I[], { sizeOf, room, most = Number.POSITIVE_INFINITY }: Parting<I, R>): I[][] {
  const all: I[][] = []
  let left = 0
  for (const item of items) {
    const size = sizeOf(item)
    const group = all.at(-1)
    if (group === undefined || size > left || group.length >= most) {
      all.push([item])
      left = room - size
    } else {
      group.push(item)
      left -= size
    }
  }
  return all
}

/** Runs something for each part, some at a time, in order. @returns the results in order @throws the first error; nothing is begun after it */
export async function inTurn<P, R>(parts: readonly P[], atATime: number, run: (part: P) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(parts.length)
  let next = 0
  const work = async () => {
    while (next < parts.length) {
      const at = next++
      try {
        results[at] = await run(parts[at]!)
      } catch (error) {
        next = parts.length
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atATime, parts.length) }, work))
  return results
}

/** The request is longer than the negotiated PDU size. Nothing has been sent. */
export function isRequestTooLong(error: unknown): boolean {
  return error instanceof EncodeError && error.code === 'MMS_PDU_SIZE'
}

/**
 * A request that may have been too much at once, for its own length or that of its answer. Peers say so in many ways: service, pdu-size of
 * IEC 61850-8-1, any error of resources, a reject of the PDU or of its argument. Our reading; only for services that change nothing.
 */
export function isTooMuch(error: unknown): boolean {
  if (error instanceof ServiceError) return isErrorOf(error, 'service', 'pdu-size') || isErrorOf(error, 'resource')
  if (error instanceof RejectedError) return TOO_MUCH.has(error.code)
  return isRequestTooLong(error)
}

const TOO_MUCH = new Set(['MMS_REJECT_INVALID_PDU', 'MMS_REJECT_INVALID_ARGUMENT', 'MMS_REJECT_VALUE_OUT_OF_RANGE', 'MMS_REJECT_OTHER'])
