import { UsageError } from '@x/core'
import type { ObjectName } from '../asn1/identifiers.js'
import type { EntryContent, InitializeJournalRequest, JournalEntry, ReadJournalRequest } from '../asn1/journal.js'
import type { RequestOptions } from '../edge/requests.js'
import { parseObjectName } from '../names.js'
import type { ConfirmedServices } from '../services.js'
import { timeOfDayOf } from '../times.js'
import type { ClientServices } from './services.js'

/** Which entries of a journal. */
export interface JournalRange extends RequestOptions {
  /** From this time on, included. @default the oldest */
  readonly from?: Date
  /** Up to this time, included. @default the newest */
  readonly to?: Date
  /** Only as many. The last ones, newest first, where negative. Not together with `to`. @default all */
  readonly count?: number
  /** Only behind this entry: where an earlier reading ended. */
  readonly after?: JournalEntry
  /** Only variables with these tags. @default all */
  readonly variables?: readonly string[]
  /** Goes on for ever: asks again after so many milliseconds when there is nothing new. Not together with `to` or `count`. @default does not */
  readonly follow?: number
}

/** Journal management of ISO 9506-1, 23, seen from the side that asks. */
export class MmsJournals {
  readonly #client: ClientServices

  /** @internal */
  constructor(client: ClientServices) {
    this.#client = client
  }

  /** One page of a journal. `entries` reads all pages. */
  readJournal(
    argument: ConfirmedServices['readJournal']['request'],
    options?: RequestOptions,
  ): Promise<ConfirmedServices['readJournal']['response']> {
    return this.#client.request('readJournal', argument, options)
  }

  /** Writes entries, all or none, in order. @param name `domain/name`, or `vmd:name` */
  async writeJournal(name: string | ObjectName, entries: readonly EntryContent[], options?: RequestOptions): Promise<void> {
    await this.#client.request('writeJournal', { journalName: nameOf(name), listOfJournalEntry: entries }, options)
  }

  /** Deletes all entries, or those that are not behind a limit. @returns how many were deleted */
  initializeJournal(
    name: string | ObjectName,
    limit?: InitializeJournalRequest['limitSpecification'],
    options?: RequestOptions,
  ): Promise<number> {
    const argument = { journalName: nameOf(name), ...(limit === undefined ? {} : { limitSpecification: limit }) }
    return this.#client.request('initializeJournal', argument, options)
  }

  /** How many entries there are, and whether MMS may delete the journal. */
  reportJournalStatus(name: string | ObjectName, options?: RequestOptions): Promise<ConfirmedServices['reportJournalStatus']['response']> {
    return this.#client.request('reportJournalStatus', nameOf(name), options)
  }

  async createJournal(name: string | ObjectName, options?: RequestOptions): Promise<void> {
    await this.#client.request('createJournal', { journalName: nameOf(name) }, options)
  }

  /** With its entries. */
  async deleteJournal(name: string | ObjectName, options?: RequestOptions): Promise<void> {
    await this.#client.request('deleteJournal', { journalName: nameOf(name) }, options)
  }

  /**
   * The entries of a range, page by page, in the order of the journal; against it where `count` is negative. An entry that does not fit the
   * PDU size ends it with the server's error, which says which one it is.
   * @throws UsageError `MMS_JOURNAL_RANGE` for what cannot be asked together
   */
  async *entries(name: string | ObjectName, range: JournalRange = {}): AsyncGenerator<JournalEntry, void, void> {
    const { from, to, count, after, variables, follow, ...request } = range
    if ((to !== undefined && count !== undefined) || (follow !== undefined && (to !== undefined || count !== undefined))) {
      throw new UsageError('mms', 'MMS_JOURNAL_RANGE', 'expected one of `to`, `count` and `follow`, found more')
    }
    const journalName = nameOf(name)
    let left = count
    let last = after
    while (left !== 0) {
      const argument: ReadJournalRequest = {
        journalName,
        ...(from && last === undefined ? { rangeStartSpecification: { type: 'startingTime', value: timeOfDayOf(from) } as const } : {}),
        ...(to && { rangeStopSpecification: { type: 'endingTime', value: timeOfDayOf(to) } as const }),
        ...(left === undefined ? {} : { rangeStopSpecification: { type: 'numberOfEntries', value: left } as const }),
        ...(variables && { listOfVariables: variables }),
        ...(last && { entryToStartAfter: positionOf(last) }),
      }
      const { listOfJournalEntry: page, moreFollows } = await this.readJournal(argument, request)
      for (const entry of page) {
        last = entry
        if (left !== undefined) left -= Math.sign(left)
        yield entry
        if (left === 0) return
      }
      // A page that promises more but holds nothing would be asked for forever.
      const more = moreFollows && page.length > 0
      if (!more && follow === undefined) return
      if (!more) await this.#wait(follow!, request.signal)
    }
  }

  #wait(delay: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const ends = signal === undefined ? this.#client.signal : AbortSignal.any([signal, this.#client.signal])
      if (ends.aborted) return reject(ends.reason)
      const onAbort = () => {
        stop()
        reject(ends.reason)
      }
      const stop = this.#client.after(delay, () => {
        ends.removeEventListener('abort', onAbort)
        resolve()
      })
      ends.addEventListener('abort', onAbort, { once: true })
    })
  }
}

function positionOf({ entryIdentifier, entryContent }: JournalEntry): NonNullable<ReadJournalRequest['entryToStartAfter']> {
  return { timeSpecification: entryContent.occurrenceTime, entrySpecification: entryIdentifier }
}

function nameOf(name: string | ObjectName): ObjectName {
  return typeof name === 'string' ? parseObjectName(name) : name
}
