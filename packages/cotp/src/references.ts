/** References that connections of this process have: one bit each. */
const taken = new Uint32Array(2_048)
let last = 0

/**
 * The SRC-REF of one connection after another, over one network connection. X.224, 6.5.4 a): not 0, and not in use. References of class 0
 * need not be frozen (6.18.2.1), so one that is given back may be chosen again at once.
 *
 * @param fixed what to choose always, for those who want a certain one
 * @returns the next that no connection has; any, when all 65 535 are taken
 */
export function chooseReference(fixed?: number): number {
  if (fixed !== undefined) return fixed
  for (let tried = 0; tried < 65_535; tried++) {
    last = (last % 65_535) + 1
    if (((taken[last >>> 5]! >>> (last & 31)) & 1) === 0) break
  }
  return last
}

/** Keeps others from choosing it. */
export function takeReference(reference: number): void {
  taken[reference >>> 5]! |= 1 << (reference & 31)
}

export function giveBackReference(reference: number): void {
  taken[reference >>> 5]! &= ~(1 << (reference & 31))
}
