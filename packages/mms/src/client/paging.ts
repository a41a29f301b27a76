import { type OutcomeError, RejectedError, ServiceError, UsageError } from '@x/core'
import type { ObjectName } from '../asn1/identifiers.js'
import type { GetNamedVariableListAttributesResponse } from '../asn1/variable-access.js'
import type { RequestOptions } from '../edge/requests.js'

/** What is read page by page. */
export interface PagingOptions extends RequestOptions {
  /** Entries at most: a server that has more, or whose pages never end, is given up. @default 1_000_000 */
  readonly most?: number
}

/** One page: entries, and whether there are more behind the last of them. */
export interface Page<T> {
  readonly entries: readonly T[]
  readonly moreFollows: boolean
}

/**
 * The entries of all pages, one page held at a time.
 *
 * @param ask for the page behind an entry. @param same whether two entries are the same one: a page that ends where it began ends it all
 * @throws UsageError `MMS_TOO_MANY` beyond `most`
 */
export async function* paged<T>(
  ask: (after: T | undefined) => Promise<Page<T>>,
  same: (one: T, other: T) => boolean,
  most = 1_000_000,
): AsyncGenerator<T, void, void> {
  let after: T | undefined
  for (let count = 0; ; ) {
    const { entries, moreFollows } = await ask(after)
    count += entries.length
    if (count > most)
      throw new UsageError('mms', 'MMS_TOO_MANY', `expected at most ${most} entries on all pages, found more: raise \`most\``)
    yield* entries
    const last = entries.at(-1)
    // A page that promises more but holds nothing new would be asked for forever.
    if (!moreFollows || last === undefined || (after !== undefined && same(last, after))) return
    after = last
  }
}

/** A named variable list, and what it holds, or why the server does not say. */
export type ListedList =
  | ({ readonly name: ObjectName } & GetNamedVariableListAttributesResponse)
  | { readonly name: ObjectName; readonly error: OutcomeError }

/** What a request gives, or the refusal of the peer; how the association ended is thrown. */
export async function orRefusal<T>(request: Promise<T>): Promise<T | { readonly error: OutcomeError }> {
  try {
    return await request
  } catch (error) {
    if (error instanceof ServiceError || error instanceof RejectedError) return { error }
    throw error
  }
}

/** Results of something that is done for each entry, some entries ahead, in order. @param ahead begun at a time */
export async function* ahead<T, R>(entries: AsyncIterable<T>, ahead: number, run: (entry: T) => Promise<R>): AsyncGenerator<R, void, void> {
  const begun: Promise<R>[] = []
  for await (const entry of entries) {
    const result = run(entry)
    // Who leaves the loop early does not hear of the rest.
    result.catch(() => {})
    begun.push(result)
    if (begun.length >= ahead) yield await begun.shift()!
  }
  while (begun.length > 0) yield await begun.shift()!
}

export async function collect<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const entry of entries) all.push(entry)
  return all
}
