/** Time as machines see it: something that calls back later. No machine reads a clock. */
export interface Timers {
  /** Calls `run` once after `delay` milliseconds. @returns stops it; calling it later or twice does nothing */
  after(delay: number, run: () => void): () => void
}
