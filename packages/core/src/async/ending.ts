import type { OutcomeError } from '../errors.js'

/** Told of an end, as a function or as a method: of somebody who is there anyway an idle connection then holds no closure. */
export type Ender = (() => void) | { connectionEnded(): void }

/** For those who ask: a signal alone is as large as all the layers of an idle connection together. */
interface Asked {
  promise?: Promise<OutcomeError>
  controller?: AbortController
  gone?: (() => void)[]
}

/** How a connection ended, and who is told. */
export class Ending {
  /** Undefined: it has not ended. */
  error: OutcomeError | undefined
  /** The network connection is gone, too. */
  gone: boolean
  #waiting: Ender | readonly Ender[] | undefined
  #asked: Asked | undefined

  /** @param gone the network connection is gone already */
  constructor(gone: boolean) {
    this.gone = gone
  }

  /** Never rejects. */
  get promise(): Promise<OutcomeError> {
    this.#asked ??= {}
    this.#asked.promise ??= new Promise(resolve => this.when(() => resolve(this.error!)))
    return this.#asked.promise
  }

  /** Fires with the error as reason. */
  get signal(): AbortSignal {
    this.#asked ??= {}
    if (this.#asked.controller === undefined) {
      this.#asked.controller = new AbortController()
      if (this.error) this.#asked.controller.abort(this.error)
    }
    return this.#asked.controller.signal
  }

  /** Tells `ender` once, before the signal fires; at once if it has ended. It must not throw. */
  when(ender: Ender): void {
    if (this.error) return tell(ender)
    const waiting = this.#waiting
    // Neither `push` nor a spread: they make room for seventeen.
    this.#waiting = waiting === undefined ? ender : isList(waiting) ? waiting.concat(ender) : [waiting, ender]
  }

  /** To be called once, after `error` has been set. */
  tell(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting !== undefined) for (const ender of isList(waiting) ? waiting : [waiting]) tell(ender)
    this.#asked?.controller?.abort(this.error)
  }

  /** Calls `run` once the network connection is gone. */
  whenGone(run: () => void): void {
    if (this.gone) return run()
    this.#asked ??= {}
    this.#asked.gone ??= []
    this.#asked.gone.push(run)
  }

  /** To be called once. */
  tellGone(): void {
    for (const run of this.#asked?.gone?.splice(0) ?? []) run()
  }
}

function isList(waiting: Ender | readonly Ender[]): waiting is readonly Ender[] {
  return Array.isArray(waiting)
}

function tell(ender: Ender): void {
  if (typeof ender === 'function') ender()
  else ender.connectionEnded()
}
