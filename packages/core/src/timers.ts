/** Time as machines see it: something that calls back later. No machine reads a clock. */
export interface Timers {
  /** Calls `run` once after `delay` milliseconds. @returns stops it; calling it later or twice does nothing */
  after(delay: number, run: () => void): () => void
  /**
   * Milliseconds since some moment, never running backwards. The async edge uses it to serve many waits with one timer; where it is
   * absent, each wait has a timer of its own.
   */
  readonly now?: number
}
