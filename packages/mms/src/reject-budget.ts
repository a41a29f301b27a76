import type { Timers } from '@x/core'

/** How many rejects may still be sent. Without it two stacks that misread each other reject for ever. */
export class RejectBudget {
  readonly #timers: Timers
  readonly limit: number
  #sent = 0
  #stop: (() => void) | undefined
  /** More was asked for than there was. */
  overdrawn = false

  /** @param limit rejects in a minute */
  constructor(timers: Timers, limit: number) {
    this.#timers = timers
    this.limit = limit
  }

  /** @returns whether one more may be sent */
  take(): boolean {
    if (this.#sent === 0) {
      this.#stop = this.#timers.after(60_000, () => {
        this.#sent = 0
      })
    }
    this.#sent += 1
    this.overdrawn = this.#sent > this.limit
    return !this.overdrawn
  }

  /** The association is over: no timer outlives it. */
  stop(): void {
    this.#stop?.()
    this.#stop = undefined
  }
}
