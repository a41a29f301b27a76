import { remembered, type Timers } from '@x/core'
import { Timer } from '@x/core/async'

/** How long an association waits, in milliseconds. `undefined`, 0 and `Infinity` turn a timeout off; one that is left out is as before. */
export interface TimeoutSettings {
  /** For the network connection, TLS included. @default 10_000 */
  readonly connect?: number | undefined
  /** From the network connection to the association: an acceptor's half-open guard. @default 10_000, as acceptor 30_000 */
  readonly associate?: number | undefined
  /** Acceptor: for the proof to be judged and the hook to answer; then the peer is rejected, transient. @default 10_000 */
  readonly decision?: number | undefined
  /** For `receive`, and for what is built on it; nothing is aborted. @default 10_000 */
  readonly request?: number | undefined
  /** For the answer to a release, both ways: the peer's, then it is aborted; the own hook's, then it is affirmative. @default 5_000 */
  readonly release?: number | undefined
  /** Without data either way; then `onIdle`. @default off */
  readonly idle?: number | undefined
  /** For the peer to close the network connection when all is over; then this side does. @default 6_000 */
  readonly transportClose?: number | undefined
}
export type TimeoutName = keyof TimeoutSettings
export type Timeouts = { readonly [Name in TimeoutName]-?: number | undefined }

const defaults: Timeouts = {
  connect: 10_000,
  associate: 10_000,
  decision: 10_000,
  request: 10_000,
  release: 5_000,
  idle: undefined,
  transportClose: 6_000,
}

const NO_SETTINGS: TimeoutSettings = {}
const forRequestor = remembered((settings: TimeoutSettings): Timeouts => ({ ...defaults, ...settings }))
const forAcceptor = remembered((settings: TimeoutSettings): Timeouts => ({ ...defaults, associate: 30_000, ...settings }))

/** What the settings amount to; one object for all associations that are given the same. */
export function timeoutsOf(role: 'requestor' | 'acceptor', settings: TimeoutSettings = NO_SETTINGS): Timeouts {
  return role === 'acceptor' ? forAcceptor(settings) : forRequestor(settings)
}

/** The timers of one association: made when they are first started, and told when their settings change. */
export class AssociationTimers {
  readonly timers: Timers
  #settings: Timeouts
  #running: { [Name in TimeoutName]?: Timer } | undefined

  constructor(timers: Timers, settings: Timeouts) {
    this.timers = timers
    this.#settings = settings
  }

  get settings(): Timeouts {
    return this.#settings
  }

  /** Applies to timers that run, too: they count from when they were started. */
  set(settings: TimeoutSettings): void {
    if (Object.keys(settings).length === 0) return
    this.#settings = { ...this.#settings, ...settings }
    for (const name of Object.keys(settings) as TimeoutName[]) {
      const timer = this.#running?.[name]
      if (timer) timer.timeout = this.#settings[name]
    }
  }

  /** @param run called when it expires @param since a moment of the timers' clock to count from. @default now */
  start(name: TimeoutName, run: () => void, since?: number): void {
    this.stop(name)
    const timer = new Timer(this.timers, this.#settings[name], run)
    this.#running = { ...this.#running, [name]: timer }
    timer.start(since)
  }

  stop(name: TimeoutName): void {
    if (this.#running?.[name] === undefined) return
    const { [name]: timer, ...others } = this.#running
    timer?.stop()
    this.#running = Object.keys(others).length > 0 ? others : undefined
  }

  stopAll(): void {
    for (const name of Object.keys(this.#running ?? {}) as TimeoutName[]) this.stop(name)
  }
}
