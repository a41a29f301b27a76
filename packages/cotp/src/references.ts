/** References that connections of this process have: one bit each. */
const taken = new Uint32Array(2_048)
let last = 0

/**
 * The SRC-REF of one connection after another, over one network connection. X.224, 6.5.4 a): not 0, and not in use. References of class 0
 * need not be frozen (6.18.2.1), so one that is given back may be chosen again at once.
 */
export class OwnReference {
  /** What is taken; 0: nothing. */
  #taken = 0
  readonly #fixed: number | undefined

  /** @param fixed what to choose always, for those who want a certain one */
  constructor(fixed: number | undefined) {
    this.#fixed = fixed
  }

  /** The next that no connection has; any, when all 65 535 are taken. */
  choose(): number {
    if (this.#fixed !== undefined) return this.#fixed
    for (let tried = 0; tried < 65_535; tried++) {
      last = (last % 65_535) + 1
      if (((taken[last >>> 5]! >>> (last & 31)) & 1) === 0) break
    }
    return last
  }

  /** Keeps others from choosing it. */
  take(reference: number): number {
    this.giveBack()
    taken[reference >>> 5]! |= 1 << (reference & 31)
    this.#taken = reference
    return reference
  }

  giveBack(): void {
    // 0 is never chosen, so its bit may be cleared as often as one likes.
    taken[this.#taken >>> 5]! &= ~(1 << (this.#taken & 31))
    this.#taken = 0
  }
}
