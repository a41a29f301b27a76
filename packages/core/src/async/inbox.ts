import type { Channel } from '../channel.js'

/** Holds deliveries for a reader. At the limit it pauses the channel; when half is consumed it lets it run again. */
export class Inbox<T> {
  #limit: number
  readonly #channel: Pick<Channel, 'pause' | 'resume'>
  readonly #keep: (item: T) => T
  #items: T[] = []
  #readers: ((item: T | undefined) => void)[] = []
  #paused = false
  #ended: boolean

  /** @param ended nothing will come */
  constructor(limit: number, channel: Pick<Channel, 'pause' | 'resume'>, keep: (item: T) => T = item => item, ended = false) {
    this.#limit = limit
    this.#channel = channel
    this.#keep = keep
    this.#ended = ended
  }

  put(item: T): void {
    if (this.#ended) return
    const reader = this.#readers.shift()
    if (reader) return reader(this.#keep(item))
    this.#items.push(this.#keep(item))
    if (!this.#paused && this.#items.length >= this.#limit) {
      this.#paused = true
      this.#channel.pause()
    }
  }

  /** @returns undefined once it has ended and is empty */
  take(): Promise<T | undefined> {
    const item = this.#items.shift()
    if (item === undefined) return this.#ended ? Promise.resolve(undefined) : new Promise(resolve => this.#readers.push(resolve))
    if (this.#paused && this.#items.length <= this.#limit / 2) {
      this.#paused = false
      this.#channel.resume()
    }
    return Promise.resolve(item)
  }

  /** Raises the limit; a channel that was paused runs again. */
  holdMore(more: number): void {
    this.#limit = this.#items.length + more
    if (!this.#paused) return
    this.#paused = false
    this.#channel.resume()
  }

  /** Lets go of what is held and not wanted. */
  filter(wanted: (item: T) => boolean): void {
    this.#items = this.#items.filter(wanted)
  }

  /** What is held can still be taken. */
  end(): void {
    this.#ended = true
    for (const reader of this.#readers.splice(0)) reader(undefined)
  }
}

/** What an inbox, made when it is first looked for, holds and will hold; it ends with it, or throws what `failed` says then. `leave` runs when the reader breaks off. */
export function iterate<T>(inbox: () => Inbox<T>, failed: () => Error | undefined, leave: () => Promise<unknown>): AsyncIterator<T> {
  return {
    next: async () => {
      const value = await inbox().take()
      if (value !== undefined) return { done: false, value }
      const error = failed()
      if (error) throw error
      return { done: true, value: undefined }
    },
    return: async () => {
      await leave()
      return { done: true, value: undefined }
    },
  }
}
