import type { OutcomeError } from '../errors.js'

/**
 * How a connection ended, and who is told. Promise and signal are made for those who ask: a signal alone is as large as all the layers
 * of an idle connection together.
 */
export class Ending {
  /** Undefined: it has not ended. */
  error: OutcomeError | undefined
  #waiting: readonly (() => void)[] = []
  #promise: Promise<OutcomeError> | undefined
  #controller: AbortController | undefined

  /** Never rejects. */
  get promise(): Promise<OutcomeError> {
    this.#promise ??= new Promise(resolve => this.when(() => resolve(this.error!)))
    return this.#promise
  }

  /** Fires with the error as reason. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.error) this.#controller.abort(this.error)
    }
    return this.#controller.signal
  }

  /** Calls `run` once, before the signal fires; at once if it has ended. It must not throw. */
  when(run: () => void): void {
    if (this.error) return run()
    // Neither `push` nor a spread: they make room for seventeen.
    this.#waiting = this.#waiting.concat(run)
  }

  /** To be called once, after `error` has been set. */
  tell(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const run of waiting) run()
    this.#controller?.abort(this.error)
  }

  /** The network connection is gone, too. */
  gone: boolean
  #waitingForGone: (() => void)[] = []

  /** @param gone the network connection is gone already */
  constructor(gone: boolean) {
    this.gone = gone
  }

  /** Calls `run` once the network connection is gone. */
  whenGone(run: () => void): void {
    if (this.gone) return run()
    this.#waitingForGone.push(run)
  }

  /** To be called once. */
  tellGone(): void {
    for (const run of this.#waitingForGone.splice(0)) run()
  }
}
