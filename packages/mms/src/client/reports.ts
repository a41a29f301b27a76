/** Holds what arrives for a reader who may be slow. At the limit the oldest is dropped and counted: the newest state matters most. */
export class ReportQueue<T> implements AsyncIterableIterator<T> {
  readonly #limit: number
  readonly #onReturn: () => void
  #items: T[] = []
  #readers: { resolve: (result: IteratorResult<T>) => void; reject: (error: unknown) => void }[] = []
  #end: { error?: unknown } | undefined
  /** Reports lost because nobody read them in time. */
  dropped = 0

  constructor(limit: number, onReturn: () => void) {
    this.#limit = limit
    this.#onReturn = onReturn
  }

  put(item: T): void {
    if (this.#end) return
    const reader = this.#readers.shift()
    if (reader) return reader.resolve({ done: false, value: item })
    if (this.#items.length >= this.#limit) {
      this.#items.shift()
      this.dropped += 1
    }
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

  #settle({ resolve, reject }: { resolve: (result: IteratorResult<T>) => void; reject: (error: unknown) => void }): void {
    if (this.#end && 'error' in this.#end) reject(this.#end.error)
    else resolve({ done: true, value: undefined })
  }
}
