import { UsageError } from '@x/core'

/** What a queue does with a report for which it has no room. */
export type Overflow =
  /** The oldest makes room: the newest state matters most. */
  | 'drop-oldest'
  /** The new one is not kept: nothing is missing among those that are. */
  | 'drop-newest'
  /** The queue ends: its reader gets what is held, and then a UsageError `MMS_REPORTS_LOST`. */
  | 'end'

/** What a report iterator holds for a slow reader. */
export interface ReportOptions {
  /** Reports held. @default 1_000 */
  readonly limit?: number
  /** What happens beyond the limit. @default 'drop-oldest' */
  readonly overflow?: Overflow
}

/** Holds what arrives for a reader who may be slow. What is lost is counted. */
export class ReportQueue<T> implements AsyncIterableIterator<T> {
  readonly #limit: number
  readonly #overflow: Overflow
  readonly #onReturn: () => void
  #items: T[] = []
  #readers: { resolve: (result: IteratorResult<T>) => void; reject: (error: unknown) => void }[] = []
  #end: { error?: unknown } | undefined
  /** Reports lost because nobody read them in time. */
  dropped = 0

  constructor({ limit = 1_000, overflow = 'drop-oldest' }: ReportOptions, onReturn: () => void) {
    this.#limit = limit
    this.#overflow = overflow
    this.#onReturn = onReturn
  }

  put(item: T): void {
    if (this.#end) return
    const reader = this.#readers.shift()
    if (reader) return reader.resolve({ done: false, value: item })
    if (this.#items.length >= this.#limit && !this.#makeRoom()) return
    this.#items.push(item)
  }

  /** What is held can still be read. @param error thrown to readers behind it; absent: they see the end */
  end(error?: unknown): void {
    if (this.#end) return
    this.#end = error === undefined ? {} : { error }
    for (const reader of this.#readers.splice(0)) this.#settle(reader)
  }

  next(): Promise<IteratorResult<T>> {
    const item = this.#items.shift()
    if (item !== undefined) return Promise.resolve({ done: false, value: item })
    return new Promise((resolve, reject) => {
      if (this.#end) this.#settle({ resolve, reject })
      else this.#readers.push({ resolve, reject })
    })
  }

  return(): Promise<IteratorResult<T>> {
    this.#items = []
    this.end()
    this.#onReturn()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** @returns false: there is none for the new one */
  #makeRoom(): boolean {
    this.dropped += 1
    if (this.#overflow === 'drop-oldest') this.#items.shift()
    if (this.#overflow === 'end') {
      this.end(
        new UsageError('mms', 'MMS_REPORTS_LOST', `the reader of reports is more than ${this.#limit} behind: read faster, or hold more`),
      )
      this.#onReturn()
    }
    return this.#overflow === 'drop-oldest'
  }

  #settle({ resolve, reject }: { resolve: (result: IteratorResult<T>) => void; reject: (error: unknown) => void }): void {
    if (this.#end && 'error' in this.#end) reject(this.#end.error)
    else resolve({ done: true, value: undefined })
  }
}
