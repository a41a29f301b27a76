import { Child } from '../processes.js'
import { figure } from '../report.js'
import { spreadOf } from '../statistics.js'
import { type Case, type Count, type Subject, SWAPPED } from './protocol.js'

export interface ReadTiming {
  readonly rounds: number
  /** Milliseconds of each case that do not count, and that do. */
  readonly warm: number
  readonly measured: number
}

/** How many connections, and how many requests outstanding on each. */
export type Load = Pick<Case, 'connections' | 'outstanding'>

/** One figure for each round: reads a second, and microseconds of processor time for one. */
export interface Series {
  readonly rate: number[]
  readonly clientCpu: number[]
  readonly serverCpu: number[]
}

/** Processor time of both sides for one read, for each round. */
export function cpuOf({ clientCpu, serverCpu }: Series): number[] {
  return clientCpu.map((time, round) => time + serverCpu[round]!)
}

/** A rate, and processor time of client and server for one. */
export function told({ rate, clientCpu, serverCpu }: Series): string {
  return `${figure(spreadOf(rate).median)}/s, ${figure(spreadOf(clientCpu).median)} + ${figure(spreadOf(serverCpu).median)} µs`
}

/** A server process and a client process. */
export class Pair {
  static async start(subject: Subject): Promise<Pair> {
    const codec = subject === SWAPPED ? ['--import', new URL('./swapped-codec/register.js', import.meta.url).href] : []
    const server = await Child.start<number>(new URL('./server.js', import.meta.url), [subject], codec)
    try {
      const client = await Child.start(new URL('./client.js', import.meta.url), [subject, server.first], codec)
      return new Pair(server.child, client.child, server.first)
    } catch (error) {
      server.child.stop()
      throw error
    }
  }

  /** The server's. */
  readonly port: number
  readonly #server: Child
  readonly #client: Child
  #total = 0

  private constructor(server: Child, client: Child, port: number) {
    this.#server = server
    this.#client = client
    this.port = port
  }

  async run(one: Case): Promise<{ rate: number; clientCpu: number; serverCpu: number }> {
    const before = await this.#server.ask<number>('cpu')
    const { rate, cpu, total } = await this.#client.ask<Count>(one)
    // Of the server the warm-up counts as well: it cannot know when that is over.
    const spent = (await this.#server.ask<number>('cpu')) - before
    const serverCpu = spent / (total - this.#total)
    this.#total = total
    return { rate, clientCpu: cpu, serverCpu }
  }

  stop(): void {
    this.#client.stop()
    this.#server.stop()
  }
}

/**
 * Lets pairs read under each load in turn: those that are compared follow each other closely, in an order that turns with each round.
 *
 * @returns the series of a pair under a load
 */
export async function contest<Name extends string>(
  pairs: ReadonlyMap<Name, Pair>,
  loads: readonly Load[],
  { rounds, warm, measured }: ReadTiming,
): Promise<(name: Name, load: Load) => Series> {
  const all = new Map<string, Series>()
  const seriesOf = (name: Name, { connections, outstanding }: Load): Series => {
    const key = `${name} ${connections} ${outstanding}`
    const known = all.get(key) ?? { rate: [], clientCpu: [], serverCpu: [] }
    all.set(key, known)
    return known
  }
  // Three times through everything before it counts: the compiler works beside us, and on a busy machine it is late.
  for (let i = 0; i < 3; i++) {
    for (const pair of pairs.values()) for (const load of loads) await pair.run({ ...load, warm: 0, measured: warm + measured })
  }
  const names = [...pairs.keys()]
  for (let round = 0; round < rounds; round++) {
    for (const load of loads) {
      for (let i = 0; i < names.length; i++) {
        const name = names[(i + round) % names.length]!
        const { rate, clientCpu, serverCpu } = await pairs.get(name)!.run({ ...load, warm, measured })
        const series = seriesOf(name, load)
        series.rate.push(rate)
        series.clientCpu.push(clientCpu)
        series.serverCpu.push(serverCpu)
      }
    }
  }
  return seriesOf
}

/** Starts a pair for each subject and ends them when `use` has. */
export async function withPairs<Name extends string, T>(
  subjects: readonly (readonly [Name, Subject])[],
  use: (pairs: ReadonlyMap<Name, Pair>) => Promise<T>,
): Promise<T> {
  const pairs = new Map<Name, Pair>()
  try {
    for (const [name, subject] of subjects) pairs.set(name, await Pair.start(subject))
    return await use(pairs)
  } finally {
    for (const pair of pairs.values()) pair.stop()
  }
}
