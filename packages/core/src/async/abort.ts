interface Waiting {
  readonly runs: Set<() => void>
  /** Takes the one listener off the signal. */
  readonly stop: () => void
}

const waitingFor = new WeakMap<AbortSignal, Waiting>()

/**
 * Runs `run` once when `signal` aborts, in the order of the calls. Many calls may share one signal, so it gets one listener for all.
 * @returns what takes it back; the signal keeps no listener when nothing waits any more
 */
export function whenAborted(signal: AbortSignal, run: () => void): () => void {
  const waiting = waitingFor.get(signal) ?? listen(signal)
  const entry = () => run()
  waiting.runs.add(entry)
  return () => {
    if (waiting.runs.delete(entry) && waiting.runs.size === 0) waiting.stop()
  }
}

function listen(signal: AbortSignal): Waiting {
  const runs = new Set<() => void>()
  const stop = () => {
    signal.removeEventListener('abort', onAbort)
    waitingFor.delete(signal)
  }
  const onAbort = () => {
    stop()
    // One that takes another back while they run is heeded: a set is iterated live.
    for (const run of runs) {
      runs.delete(run)
      run()
    }
  }
  signal.addEventListener('abort', onAbort)
  const waiting = { runs, stop }
  waitingFor.set(signal, waiting)
  return waiting
}
