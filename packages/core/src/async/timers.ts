import type { Timers } from '../timers.js'

/** The timers of the machine we run on. */
export const systemTimers: Timers = {
  after(delay, run) {
    const handle = setTimeout(run, delay)
    return () => clearTimeout(handle)
  },
  get now() {
    return performance.now()
  },
}
