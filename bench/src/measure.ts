/** Something to be timed. */
export interface Candidate {
  readonly name: string
  /** One operation; its result is kept alive until the next one, so that nothing is optimised away. */
  readonly run: () => unknown
}

/** Candidates that are compared with each other: each round times all of them. */
export interface Group {
  readonly name: string
  readonly candidates: readonly Candidate[]
}

export interface Timing {
  readonly rounds: number
  /** Length of one batch, in milliseconds. */
  readonly batch: number
}

/** Nanoseconds for one operation, by group and candidate, one figure for each round. */
export type Timings = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>

/**
 * Times candidates so that their ratios can be trusted on a machine that is not quiet: all of them are warm before any is timed;
 * batches are as long as a clock needs; within a round the candidates of a group follow each other closely, in a new order each time.
 */
export function measure(groups: readonly Group[], { rounds, batch }: Timing): Timings {
  const all = groups.flatMap(group => group.candidates)
  for (let pass = 0; pass < 2; pass++) for (const candidate of all) repeatFor(candidate, 3 * batch)
  const counts = new Map(all.map(candidate => [candidate, Math.max(1, Math.round(repeatFor(candidate, batch)))]))
  const timings = new Map(groups.map(group => [group.name, new Map(group.candidates.map(({ name }) => [name, [] as number[]]))]))
  for (let round = 0; round < rounds; round++) {
    for (const group of shuffled(groups)) {
      for (const candidate of shuffled(group.candidates)) {
        const count = counts.get(candidate)!
        timings
          .get(group.name)!
          .get(candidate.name)!
          .push(repeat(candidate, count) / count)
      }
    }
  }
  return timings
}

let sink: unknown

/** The result of the operation timed last. */
export function lastResult(): unknown {
  return sink
}

/**
 * Processor time of all threads, so that what else the machine has to do does not count, and collecting the garbage does.
 *
 * @returns nanoseconds for `count` operations
 */
function repeat({ run }: Candidate, count: number): number {
  const begin = process.cpuUsage()
  for (let i = 0; i < count; i++) sink = run()
  const { user, system } = process.cpuUsage(begin)
  return Math.max(1, 1_000 * (user + system))
}

/** @param duration in milliseconds. @returns how many operations fit into it */
function repeatFor(candidate: Candidate, duration: number): number {
  let count = 1
  for (;;) {
    const took = repeat(candidate, count) / 1e6
    if (took >= duration / 2) return (count * duration) / took
    count = took < duration / 100 ? 10 * count : Math.ceil((count * duration) / took)
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  const order = [...items]
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1))
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}
