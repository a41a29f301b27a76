/** Where a switch stands, with the bits that IEC 61850 gives a double point. */
export const positionBits = { intermediate: '00', open: '01', closed: '10', faulty: '11' } as const
export type Position = keyof typeof positionBits

/** A switch of the bay. It takes its time to move. */
export interface Switch {
  readonly name: string
  /** From the command to the new position, in milliseconds. */
  readonly travel: number
  position: Position
  operations: number
  /** Of the last change of position, in milliseconds since 1970. */
  changed: number
  moving: { readonly to: 'open' | 'closed'; readonly until: number } | undefined
}

/** One phase of the feeder. */
export interface Phase {
  /** Phase to earth, in volt. */
  readonly u: number
  /** In ampere. */
  readonly i: number
  /** Watt, volt-ampere reactive, volt-ampere. */
  readonly p: number
  readonly q: number
  readonly s: number
}

const NOMINAL_VOLTAGE = 20_000 / Math.sqrt(3)
const NOMINAL_CURRENT = 412
const MINUTE = 60_000

/**
 * What the virtual controller measures and moves: a 20 kV feeder with a breaker, an isolator and an earthing switch. Measurements
 * follow from the clock and the positions alone, so the same moment gives the same values.
 */
export class BayProcess {
  readonly breaker: Switch
  readonly isolator: Switch
  readonly earthingSwitch: Switch
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly started: number
  /** Energy since the start, in watt hours. */
  energy = 123_456_789
  #energyAt: number

  constructor(clock: () => number) {
    this.clock = clock
    this.started = clock()
    this.#energyAt = this.started
    this.breaker = makeSwitch('breaker', 300, 'closed', 1_874, this.started)
    this.isolator = makeSwitch('isolator', 800, 'closed', 212, this.started)
    this.earthingSwitch = makeSwitch('earthing switch', 800, 'open', 35, this.started)
  }

  get switches(): readonly Switch[] {
    return [this.breaker, this.isolator, this.earthingSwitch]
  }

  get live(): boolean {
    return this.breaker.position === 'closed' && this.isolator.position === 'closed'
  }

  /** Since the start, in milliseconds. */
  get uptime(): number {
    return this.clock() - this.started
  }

  /** In hertz. */
  get frequency(): number {
    return 50 + 0.02 * this.#wave(11) + 0.004 * this.#wave(1.7)
  }

  /** Load of the feeder, 1 being the nominal one. */
  get load(): number {
    return 0.72 + 0.12 * this.#wave(47) + 0.03 * this.#wave(3.1)
  }

  /** @param n 0, 1, 2 */
  phase(n: number): Phase {
    const u = NOMINAL_VOLTAGE * (1 + 0.006 * this.#wave(29 + n) + 0.001 * this.#wave(2.3 + n / 3))
    const i = this.live ? NOMINAL_CURRENT * this.load * (1 + 0.015 * this.#wave(5.3 + n)) : 0
    const s = u * i
    const p = s * this.powerFactor
    return { u, i, p, q: Math.sqrt(s * s - p * p), s }
  }

  get powerFactor(): number {
    return 0.962 + 0.012 * this.#wave(37)
  }

  /** A temperature sensor, in degrees Celsius. */
  temperature(n: number): number {
    return 28 + (n % 6) * 2.5 + (this.live ? 14 : 0) * this.load + 0.4 * this.#wave(7 + n)
  }

  /** A harmonic of the current, in percent of the fundamental; 1 is the fundamental. */
  harmonic(order: number): number {
    if (order === 1) return this.live ? 100 : 0
    return this.live ? ((order % 2 ? 6 : 0.4) / order) * (1 + 0.1 * this.#wave(3 + order)) : 0
  }

  /** Whether a command may be carried out now: the interlocking of the bay. */
  blocks(which: Switch, to: 'open' | 'closed'): boolean {
    if (which.moving) return true
    if (which === this.breaker) return to === 'closed' && this.earthingSwitch.position === 'closed'
    if (which === this.isolator) return this.breaker.position !== 'open'
    return this.breaker.position !== 'open' || this.isolator.position !== 'open'
  }

  /** Starts a movement. It ends in `tick`. */
  operate(which: Switch, to: 'open' | 'closed'): void {
    if (which.position === to) return
    const now = this.clock()
    which.moving = { to, until: now + which.travel }
    which.position = 'intermediate'
    which.changed = now
  }

  /** Lets time pass. @returns the switches that have arrived */
  tick(): readonly Switch[] {
    const now = this.clock()
    const watts = this.phase(0).p + this.phase(1).p + this.phase(2).p
    this.energy += (watts * (now - this.#energyAt)) / (60 * MINUTE)
    this.#energyAt = now
    const arrived = this.switches.filter(one => one.moving !== undefined && one.moving.until <= now)
    for (const one of arrived) {
      one.position = one.moving!.to
      one.operations += 1
      one.changed = now
      one.moving = undefined
    }
    return arrived
  }

  /** Between −1 and 1. @param period in seconds */
  #wave(period: number): number {
    return Math.sin((2 * Math.PI * (this.clock() % (period * 1_000))) / (period * 1_000))
  }
}

function makeSwitch(name: string, travel: number, position: Position, operations: number, changed: number): Switch {
  return { name, travel, position, operations, changed, moving: undefined }
}
