import type { Timers } from '../timers.js'
import { whenAborted } from './abort.js'
import { isOn } from './timer.js'

/** Settles an opening. */
export interface Opening<Delivery> {
  resolve(delivery: Delivery): void
  reject(error: unknown): void
}

export interface OpeningOptions<Delivery> {
  readonly timers: Timers
  readonly timeout: number
  readonly signal: AbortSignal | undefined
  readonly start: (opening: Opening<Delivery>) => void
  readonly onTimeout: () => void
  readonly onSignal: () => void
  /** What is not an end already has to become one. */
  readonly onFailure: (error: unknown) => void
}

/** Waits until a connection is open or has ended, at most for a time, and as long as the signal does not say otherwise. */
export async function establish<Delivery>(options: OpeningOptions<Delivery>): Promise<Delivery> {
  const { signal, timeout } = options
  signal?.throwIfAborted()
  let stop: (() => void) | undefined
  let unlisten: (() => void) | undefined
  try {
    return await new Promise<Delivery>((resolve, reject) => {
      stop = isOn(timeout) ? options.timers.after(timeout, options.onTimeout) : undefined
      unlisten = signal && whenAborted(signal, options.onSignal)
      options.start({ resolve, reject })
    })
  } catch (error) {
    options.onFailure(error)
    if (signal?.aborted) throw signal.reason
    throw error
  } finally {
    stop?.()
    unlisten?.()
  }
}

/** Runs a decision that may take time, and what follows from it; `failed` hears of whatever goes wrong. */
export function whenDecided<T>(decide: () => T | Promise<T>, decided: (answer: T) => void, failed: (error: unknown) => void): void {
  try {
    const answer = decide()
    if (answer instanceof Promise) answer.then(decided).catch(failed)
    else decided(answer)
  } catch (error) {
    failed(error)
  }
}
