import type { Timers } from '../timers.js'

/** Timers moved by hand. */
export class HandTimers implements Timers {
  /** Milliseconds since the start. */
  now = 0
  #due: { at: number; run: () => void }[] = []

  /** Timers that are running. */
  get pending(): number {
    return this.#due.length
  }

  after(delay: number, run: () => void): () => void {
    const timer = { at: this.now + delay, run }
    this.#due.push(timer)
    return () => {
      this.#due = this.#due.filter(other => other !== timer)
    }
  }

  /** Lets `ms` milliseconds pass; what falls due runs in order. */
  advance(ms: number): void {
    const until = this.now + ms
    for (;;) {
      const next = this.#due.filter(timer => timer.at <= until).sort((x, y) => x.at - y.at)[0]
      if (!next) break
      this.now = Math.max(this.now, next.at)
      this.#due = this.#due.filter(timer => timer !== next)
      next.run()
    }
    this.now = until
  }
}
