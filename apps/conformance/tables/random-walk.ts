import type { Rig } from './bench.js'
import { agree, type Comparison, compare } from './compare.js'
import { type Config, keyOf, type LayerTable, Oracle, type Step } from './table.js'

export interface WalkResult {
  readonly steps: number
  /** Machines made. */
  readonly machines: number
  /** Configurations visited, state and facts. */
  readonly configurations: number
  /** The first place where table and machine differ, with the steps that led there; absent: none. */
  readonly difference?: Difference
}

export interface Difference {
  readonly comparison: Comparison
  readonly start: ReadonlySet<string>
  /** Made short: without any one of them there is no difference. */
  readonly path: readonly Step[]
}

/** Steps after which a machine is put away although it is still alive. */
const LONGEST = 400
/** Of the events drawn, those that must be legal where any is: else most walks would end at once. */
const LEGAL = 0.75

/** Walks a machine at random, with the independent table as oracle. The same seed gives the same walk. */
export function randomWalk(table: LayerTable, rig: Rig, { steps, seed }: { steps: number; seed: number }): WalkResult {
  const oracle = new Oracle(table)
  const random = mulberry32(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  const all: readonly Step[] = oracle.events.flatMap(event => oracle.variantsOf(event).map(variant => ({ event, variant })))
  /** The steps on which the connection lives, or comes to be, by configuration. */
  const legal = new Map<string, readonly Step[]>()
  const legalIn = (config: Config): readonly Step[] => {
    const key = keyOf(config)
    const known = legal.get(key)
    if (known !== undefined) return known
    const found = all.filter(step => oracle.predict(config, step).kind === 'valid')
    legal.set(key, found)
    return found
  }
  let done = 0
  let machines = 0
  while (done < steps) {
    const start = new Set(pick(table.starts))
    const bench = rig.open(start)
    const path: Step[] = []
    let config: Config = { state: table.initial, facts: start }
    machines += 1
    for (let i = 0; i < LONGEST && done < steps; i++) {
      const valid = legalIn(config)
      // Nothing can happen to it any more.
      if (valid.length === 0 && random() < 0.2) break
      const step = valid.length > 0 && random() < LEGAL ? pick(valid) : pick(all)
      path.push(step)
      done += 1
      const comparison = compare(oracle, bench, config, step)
      if (!agree(comparison)) {
        return { steps: done, machines, configurations: legal.size, difference: shortened(oracle, rig, { comparison, start, path }) }
      }
      config = comparison.config
    }
  }
  return { steps: done, machines, configurations: legal.size }
}

/** Leaves out steps, half of them first and single ones last, as long as there is a difference still. */
function shortened(oracle: Oracle, rig: Rig, found: Difference): Difference {
  let best = found
  for (let size = Math.ceil(found.path.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.path.length; ) {
      const shorter = differenceOn(oracle, rig, best.start, [...best.path.slice(0, from), ...best.path.slice(from + size)])
      if (shorter === undefined) from += size
      else best = shorter
    }
  }
  return best
}

function differenceOn(oracle: Oracle, rig: Rig, start: ReadonlySet<string>, path: readonly Step[]): Difference | undefined {
  const bench = rig.open(start)
  let config: Config = { state: oracle.table.initial, facts: start }
  for (const [i, step] of path.entries()) {
    const comparison = compare(oracle, bench, config, step)
    if (!agree(comparison)) return { comparison, start, path: path.slice(0, i + 1) }
    config = comparison.config
  }
  return undefined
}

/** A small generator whose whole state is its seed: 32 bits, evenly spread. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
