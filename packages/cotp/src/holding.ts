import { OutletMachine } from './outlet.js'
import { giveBackReference, takeReference } from './references.js'
import type { TransportTimer } from './states.js'

/** What a connection, or an attempt at one, holds and gives back: its reference, and the one timer that it may need. */
export abstract class HoldingMachine extends OutletMachine {
  /** SRC-REF of this side; 0 before there is a connection. */
  localReference = 0
  /** It is kept from others. */
  #isTaken = false
  #stopTimer: (() => void) | undefined

  protected takeReference(reference: number): void {
    this.#giveBackReference()
    takeReference(reference)
    this.localReference = reference
    this.#isTaken = true
  }

  #giveBackReference(): void {
    if (this.#isTaken) giveBackReference(this.localReference)
    this.#isTaken = false
  }

  /** What ends with a connection, or an attempt at one. */
  protected leave(): void {
    this.cancelTimer()
    this.#giveBackReference()
  }

  protected startTimer(delay: number, type: TransportTimer['type']): void {
    this.cancelTimer()
    // Only when it is given timers can a machine have a timer at all: `settingsOf` sees to it.
    this.#stopTimer = this.settings.timers!.after(delay, () => this.step({ type }))
  }

  protected cancelTimer(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }
}
