/** Median, least and greatest of some figures. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** @param figures at least one */
export function spreadOf(figures: readonly number[]): Spread {
  const sorted = [...figures].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const median = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  return { median, min: sorted[0]!, max: sorted.at(-1)! }
}

/** Each figure divided by the one of the same round. */
export function ratiosOf(above: readonly number[], below: readonly number[]): Spread {
  return spreadOf(above.map((figure, round) => figure / below[round]!))
}
