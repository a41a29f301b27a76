import type { ApplicationEntity } from '@x/acse'
import { whenAborted } from '@x/core/async'
import type { ApplicationReference } from '../../asn1/application-reference.js'
import type { ServiceError } from '../../asn1/error.js'
import type { AttachToSemaphore } from '../../asn1/modifier.js'
import type { SemaphoreEntry as SemaphoreEntryReport } from '../../asn1/semaphore.js'
import { applicationOf } from '../application.js'
import type { ServerAssociation } from '../association.js'
import type { Vmd } from '../vmd.js'
import { type EntryEvent, type EntryState, type EntryStep, entryStates } from './entry-states.js'

/** Someone who has control of a token, or waits for it. ISO 9506-1, 16.1.3. */
export class SemaphoreEntry {
  /** Unique within its semaphore, counting up. */
  readonly id: number
  readonly entryClass: 'simple' | 'modifier'
  /** Who asked, by its titles. */
  readonly application: ApplicationReference
  /** All the names that it gave. */
  readonly calling: ApplicationEntity
  /** 0 first, 127 last. */
  readonly priority: number
  /** Over which it asked; undefined once that is lost. */
  association: ServerAssociation | undefined
  /** Of a pool semaphore: what it has, or, while it waits, the only one it wants. */
  namedToken: string | undefined
  /** Undefined: it has ended. */
  state: EntryState | undefined = 'queued'
  readonly #request: AttachToSemaphore
  readonly #onStep: (step: EntryStep) => void
  /** Told how the request ends that waits for control. */
  #settle: ((outcome: 'granted' | ServiceError) => void) | undefined
  #stopTimer: (() => void) | undefined
  /** When the timer ends, on the clock of the timers. */
  #due: number | undefined
  #stopWatch: (() => void) | undefined
  #letConclude: (() => void) | undefined

  /** @param onStep told of each step, after the entry has taken it */
  constructor(
    id: number,
    asked: { request: AttachToSemaphore; entryClass: 'simple' | 'modifier'; association: ServerAssociation },
    onStep: (step: EntryStep) => void,
  ) {
    this.id = id
    this.entryClass = asked.entryClass
    this.association = asked.association
    this.application = applicationOf(asked.association)
    this.calling = asked.association.association.calling
    this.#request = asked.request
    this.priority = asked.request.priority
    this.namedToken = asked.request.namedToken
    this.#onStep = onStep
  }

  /** Waits in the queue: for as long as is acceptable, until the request is cancelled or the association has ended. */
  wait(signal: AbortSignal, settle: (outcome: 'granted' | ServiceError) => void): void {
    this.#settle = settle
    this.#startTimer(this.#request.acceptableDelay, 'acceptable delay over')
    this.#stopWatch = whenAborted(signal, () => this.take(this.association?.closeReason === undefined ? 'cancelled' : this.#lost))
  }

  /** Has control from now on. @param namedToken which of a pool */
  own(namedToken: string | undefined): void {
    this.namedToken = namedToken
    this.take('token free')
  }

  /** Does what the table says; without a cell, nothing. */
  take(event: EntryEvent): void {
    const step = this.state && entryStates[this.state][event]
    if (step === undefined) return
    const before = this.state
    this.state = step.to
    if (step.to !== before) this.#leave(before!)
    if (before === 'queued' && step.to === 'owner') this.#becomeOwner()
    if (step.ends !== undefined) {
      this.#settle?.(step.ends)
      this.#settle = undefined
    }
    const { association } = this
    if (step.to === undefined) this.association = undefined
    this.#onStep(step)
    if (step.and === 'abort') {
      association?.abort('the time for which control of a semaphore was taken is over')
      // Where there is no association that could end, it is given back all the same.
      this.take(this.#lost)
    }
  }

  /** As reportSemaphoreEntryStatus shows it. @param now by the clock of `clockOf` */
  report(now: number): SemaphoreEntryReport {
    const { namedToken } = this
    const { abortOnTimeOut, relinquishIfConnectionLost } = this.#request
    return {
      entryID: Uint8Array.of(this.id >>> 24, this.id >>> 16, this.id >>> 8, this.id),
      entryClass: this.entryClass,
      applicationReference: this.application,
      ...(namedToken === undefined ? {} : { namedToken }),
      priority: this.priority,
      ...(this.#due === undefined ? {} : { remainingTimeOut: Math.max(0, Math.round(this.#due - now)) }),
      ...(abortOnTimeOut === undefined ? {} : { abortOnTimeOut }),
      relinquishIfConnectionLost,
    }
  }

  get #lost(): EntryEvent {
    return this.#request.relinquishIfConnectionLost ? 'association lost, relinquish' : 'association lost, keep'
  }

  #becomeOwner(): void {
    const association = this.association!
    this.#letConclude = association.holdOpen()
    this.#stopWatch = whenAborted(association.signal, () => this.take(this.#lost))
    const { controlTimeOut, abortOnTimeOut } = this.#request
    this.#startTimer(controlTimeOut, abortOnTimeOut ? 'control time over, abort' : 'control time over, keep')
  }

  #leave(state: EntryState): void {
    this.#stopWatch?.()
    this.#stopWatch = undefined
    this.#letConclude?.()
    this.#letConclude = undefined
    if (state === 'owner' && this.state === 'hung') {
      // Control time goes on: its end may still free the token. A client that is still there may give it back.
      const forget = () => {
        this.association = undefined
      }
      const { signal } = this.association!
      if (signal.aborted) forget()
      else this.#stopWatch = whenAborted(signal, forget)
      return
    }
    this.#stopTimer?.()
    this.#stopTimer = this.#due = undefined
  }

  #startTimer(delay: number | undefined, event: EntryEvent): void {
    if (delay === undefined) return
    const { vmd } = this.association!
    this.#due = clockOf(vmd) + delay
    this.#stopTimer = vmd.timers.after(delay, () => {
      this.#stopTimer = this.#due = undefined
      this.take(event)
    })
  }
}

/** Milliseconds by which what remains is measured: of the timers, where they have a clock, as time of day may be set. */
export function clockOf({ timers, now }: Vmd): number {
  return timers.now ?? now()
}
