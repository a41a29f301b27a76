import { EncodeError, type Primitive, type Timers, UsageError } from '@x/core'
import { FakeProvider } from '@x/core/testing'
import type { Step } from './table.js'

/** One of our machines between two players: the test is its user, and the layer below it. */
export interface Bench {
  readonly state: string
  /** Brings the event about. @returns false when the machine has no such event in this state (a timer that is not running) */
  apply(step: Step): boolean
  /** What went down (`↓`) and up (`↑`) since the last call, in order. */
  take(): readonly string[]
  /** Timers that are running. */
  readonly timers: number
}

/** How the walker gets at one of our machines. */
export interface Rig {
  /** The states that our machine declares. */
  readonly states: readonly string[]
  /** A fresh machine that begins with these facts. */
  open(facts: ReadonlySet<string>): Bench
}

interface AnyMachine<Submit extends Primitive, Delivery extends Primitive> {
  readonly state: string
  submit(primitive: Submit): void
  onDeliver: (delivery: Delivery) => void
}

/** The common part of every bench: a machine on a provider that is played, timers moved by hand, one record of both ways. */
export class Played<
  Submit extends Primitive,
  Delivery extends Primitive,
  Below extends Primitive,
  FromBelow extends Primitive,
  M extends AnyMachine<Submit, Delivery> = AnyMachine<Submit, Delivery>,
> {
  readonly below = new FakeProvider<Below, FromBelow>()
  readonly clock = new TimersByDelay()
  readonly machine: M
  #seen: string[] = []

  constructor(
    make: (below: FakeProvider<Below, FromBelow>, clock: TimersByDelay) => M,
    down: (primitive: Below) => string,
    up: (delivery: Delivery) => string,
  ) {
    this.below.submit = primitive => {
      this.#seen.push(`↓${down(primitive)}`)
    }
    this.machine = make(this.below, this.clock)
    this.machine.onDeliver = delivery => {
      this.#seen.push(`↑${up(delivery)}`)
    }
  }

  get state(): string {
    return this.machine.state
  }

  get timers(): number {
    return this.clock.pending
  }

  take(): readonly string[] {
    const seen = this.#seen
    this.#seen = []
    return seen
  }
}

/** Timers that run out on demand. A bench gives each timer of its machine a delay of its own: the delay is its name. */
export class TimersByDelay implements Timers {
  #running: { readonly delay: number; readonly run: () => void }[] = []

  get pending(): number {
    return this.#running.length
  }

  after(delay: number, run: () => void): () => void {
    const timer = { delay, run }
    this.#running.push(timer)
    return () => {
      this.#running = this.#running.filter(other => other !== timer)
    }
  }

  /** @returns false when that timer is not running */
  expire(delay: number): boolean {
    const timer = this.#running.find(each => each.delay === delay)
    if (timer === undefined) return false
    this.#running = this.#running.filter(other => other !== timer)
    timer.run()
    return true
  }
}

/** Whether an error is the caller's mistake: the state does not allow it, or the value has no encoding. */
export function isMistake(error: unknown): boolean {
  return error instanceof UsageError || error instanceof EncodeError
}
