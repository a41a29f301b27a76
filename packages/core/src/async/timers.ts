import type { Timers } from '../timers.js'

/** Milliseconds by which a timer must be late before the program is taken to have been held up. */
const HELD_UP = 500

/**
 * The timers of the machine we run on. When the program was held up, so that a timer runs late, it waits until what has arrived in the
 * meantime has been heard: else every deadline would be missed by everybody at once.
 */
export const systemTimers: Timers = {
  after(delay, run) {
    const due = performance.now() + delay
    let handle = setTimeout(() => {
      if (performance.now() - due < HELD_UP) run()
      // After the next look at the network.
      else handle = setTimeout(run, 1)
    }, delay)
    return () => clearTimeout(handle)
  },
  get now() {
    return performance.now()
  },
}

/** Time of day: milliseconds since 1970-01-01, UTC. */
export function systemTime(): number {
  return Date.now()
}
