import type { Timers } from '../timers.js'

/** Longest delay that platforms count without overflowing, in milliseconds. */
const LONGEST = 0x7fff_ffff

/** Whether a timeout is a number of milliseconds to wait; undefined, 0 and `Infinity` turn it off. */
export function isOn(timeout: number | undefined): timeout is number {
  return timeout !== undefined && timeout > 0 && timeout <= LONGEST
}

/** One deadline: it can be stopped, started anew, and given another length while it runs. */
export class Timer {
  readonly #timers: Timers
  readonly #run: () => void
  #timeout: number | undefined
  #stop: (() => void) | undefined
  #started = 0
  #wanted = false
  #expired = false

  /** @param timeout in milliseconds; undefined, 0 and `Infinity`: it never expires. @param run called once each time it expires */
  constructor(timers: Timers, timeout: number | undefined, run: () => void) {
    this.#timers = timers
    this.#timeout = timeout
    this.#run = run
  }

  /** In milliseconds. Set while it runs, the new length counts from when it was started. */
  get timeout(): number | undefined {
    return this.#timeout
  }

  set timeout(timeout: number | undefined) {
    this.#timeout = timeout
    if (this.#wanted) this.#arm()
  }

  /** Started, and neither expired nor stopped since. */
  get running(): boolean {
    return this.#wanted
  }

  /** It has run out since it was started last. */
  get expired(): boolean {
    return this.#expired
  }

  /** Milliseconds left, `Infinity` when it is not running or turned off; the whole timeout where the timers have no clock. */
  get remaining(): number {
    if (!this.#wanted || !isOn(this.#timeout)) return Number.POSITIVE_INFINITY
    return Math.max(0, this.#timeout - (this.#now() - this.#started))
  }

  /** From the beginning, also when it is running. @param since a moment of the timers' clock to count from. @default now */
  start(since = this.#now()): void {
    this.#wanted = true
    this.#expired = false
    this.#started = since
    this.#arm()
  }

  stop(): void {
    this.#wanted = false
    this.#stop?.()
    this.#stop = undefined
  }

  #arm(): void {
    this.#stop?.()
    this.#stop = undefined
    if (!isOn(this.#timeout)) return
    this.#stop = this.#timers.after(Math.ceil(this.remaining), () => {
      this.#stop = undefined
      this.#wanted = false
      this.#expired = true
      this.#run()
    })
  }

  #now(): number {
    return this.#timers.now ?? 0
  }
}
