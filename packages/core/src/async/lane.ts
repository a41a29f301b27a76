import type { Timers } from '../timers.js'

/** Something that waits in a lane. The links are the lane's. */
export interface Waiting<T> {
  deadline: number
  previous: T | undefined
  next: T | undefined
}

/**
 * A queue of things that wait equally long. They fall due in the order in which they began, so one timer, for the first, serves them
 * all: beginning and ending to wait costs a few links instead of a timer. Where the timers have no clock, a lane holds one at a time.
 */
export class Lane<T extends Waiting<T>> {
  readonly #timers: Timers
  readonly #delay: number
  readonly #expired: (waiting: T) => void
  readonly #lasting: boolean
  #first: T | undefined
  #last: T | undefined
  #stop: (() => void) | undefined

  /**
   * @param delay in milliseconds, for each that is added. @param expired told of each that has waited so long and is out again
   * @param lasting keeps its timer while it is empty, for whoever comes next; `stop` ends it
   */
  constructor(timers: Timers, delay: number, expired: (waiting: T) => void, lasting = false) {
    this.#timers = timers
    this.#delay = delay
    this.#expired = expired
    this.#lasting = lasting
  }

  add(waiting: T): void {
    waiting.deadline = (this.#timers.now ?? 0) + this.#delay
    waiting.previous = this.#last
    if (this.#last === undefined) this.#first = waiting
    else this.#last.next = waiting
    this.#last = waiting
    this.#stop ??= this.#timers.after(this.#delay, this.#fire)
  }

  /** @param waiting one that is in */
  remove(waiting: T): void {
    const { previous, next } = waiting
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    waiting.previous = waiting.next = undefined
    if (this.#first === undefined && !this.#lasting) this.stop()
  }

  /** Nothing falls due any more. */
  stop(): void {
    this.#stop?.()
    this.#stop = undefined
  }

  readonly #fire = (): void => {
    this.#stop = undefined
    const { now } = this.#timers
    // A timer may be early by the part of a millisecond that it does not count.
    const due = now === undefined ? Number.POSITIVE_INFINITY : now + 1
    for (let first = this.#first; first !== undefined && first.deadline < due; first = this.#first) {
      this.remove(first)
      this.#expired(first)
    }
    if (this.#first !== undefined) this.#stop ??= this.#timers.after(Math.ceil(this.#first.deadline - (now ?? 0)), this.#fire)
  }
}
