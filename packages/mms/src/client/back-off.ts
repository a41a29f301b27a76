/** How long to wait before the next attempt: longer each time, and never as long as everybody else. */
export interface BackOff {
  /** Milliseconds before the second attempt, at least. @default 500 */
  readonly least?: number
  /** Milliseconds, at most. @default 30_000 */
  readonly most?: number
  /** How much longer each time. @default 2 */
  readonly factor?: number
  /** @returns 0 to 1, 1 excluded. @default `Math.random` */
  readonly random?: () => number
}

/**
 * Milliseconds before an attempt: anything from `least` to a bound that grows with each one that failed. Thousands of clients that have lost
 * the same server come back spread over that time.
 *
 * @param failed attempts that failed one after the other, from 1
 */
export function backOff(failed: number, { least = 500, most = 30_000, factor = 2, random = Math.random }: BackOff = {}): number {
  const bound = Math.max(least, Math.min(most, least * factor ** failed))
  return Math.round(least + random() * (bound - least))
}
