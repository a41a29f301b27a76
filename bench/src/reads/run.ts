import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { atLeast, figure, type Row } from '../report.js'
import { ratiosOf, spreadOf } from '../statistics.js'
import { type Case, type Count, type Subject, subjects } from './protocol.js'

const OUTSTANDING = [1, 5, 10, 50] as const
/** Goal 11, by the number outstanding; goal 12 is about 50 alone. */
const MUST_OF_ONE_BUFFER = { 1: 0.78, 5: 0.7, 10: 0.6, 50: 0.35 } as const
const MUST_OF_ONE_WRITE = 1.3

/** One figure for each round. */
interface Series {
  readonly rate: number[]
  readonly clientCpu: number[]
  readonly serverCpu: number[]
}

/** Reads of one variable, our client and our server in two processes, against bare sockets in two processes each. */
export async function readRows(timing: { readonly rounds: number; readonly warm: number; readonly measured: number }): Promise<Row[]> {
  const pairs = new Map<Subject, Pair>()
  try {
    for (const subject of subjects) pairs.set(subject, await Pair.start(subject))
    // Once through everything before it counts.
    for (const pair of pairs.values()) {
      for (const outstanding of OUTSTANDING) await pair.run({ outstanding, warm: 0, measured: timing.warm + timing.measured })
    }
    const all = new Map<string, Series>()
    const seriesOf = (subject: Subject, outstanding: number): Series => {
      const key = `${subject} ${outstanding}`
      const known = all.get(key) ?? { rate: [], clientCpu: [], serverCpu: [] }
      all.set(key, known)
      return known
    }
    for (let round = 0; round < timing.rounds; round++) {
      for (const outstanding of OUTSTANDING) {
        // The baselines follow ours closely, in turning order.
        for (let i = 0; i < subjects.length; i++) {
          const subject = subjects[(i + round) % subjects.length]!
          const { rate, clientCpu, serverCpu } = await pairs.get(subject)!.run({ outstanding, ...timing })
          const series = seriesOf(subject, outstanding)
          series.rate.push(rate)
          series.clientCpu.push(clientCpu)
          series.serverCpu.push(serverCpu)
        }
      }
    }
    return rowsOf(seriesOf)
  } finally {
    for (const pair of pairs.values()) pair.stop()
  }
}

function rowsOf(seriesOf: (subject: Subject, outstanding: number) => Series): Row[] {
  const row = (goal: number, baseline: Subject, outstanding: (typeof OUTSTANDING)[number], must?: number): Row => {
    const ours = seriesOf('mms', outstanding)
    const theirs = seriesOf(baseline, outstanding)
    return {
      goal,
      what: `reads, ${outstanding} outstanding`,
      ours: told(ours),
      baseline: `${baseline}: ${told(theirs)}`,
      ratio: ratiosOf(ours.rate, theirs.rate),
      ...(must !== undefined && { must: atLeast(must) }),
    }
  }
  return [
    ...OUTSTANDING.map(outstanding => row(11, 'one buffer per chunk', outstanding, MUST_OF_ONE_BUFFER[outstanding])),
    ...OUTSTANDING.map(outstanding => row(12, 'one write per message', outstanding, outstanding === 50 ? MUST_OF_ONE_WRITE : undefined)),
  ]
}

/** Rate, and processor time of client and server for one. */
function told({ rate, clientCpu, serverCpu }: Series): string {
  return `${figure(spreadOf(rate).median)}/s, ${figure(spreadOf(clientCpu).median)} + ${figure(spreadOf(serverCpu).median)} µs`
}

/** A server process and a client process. */
class Pair {
  static async start(subject: Subject): Promise<Pair> {
    const server = fork(fileURLToPath(new URL('./server.js', import.meta.url)), [subject])
    const port = await answerOf<number>(server)
    const client = fork(fileURLToPath(new URL('./client.js', import.meta.url)), [subject, String(port)])
    await answerOf(client)
    return new Pair(server, client)
  }

  readonly #server: ChildProcess
  readonly #client: ChildProcess
  #total = 0

  private constructor(server: ChildProcess, client: ChildProcess) {
    this.#server = server
    this.#client = client
  }

  async run(one: Case): Promise<{ rate: number; clientCpu: number; serverCpu: number }> {
    const before = await ask<number>(this.#server, 'cpu')
    const { rate, cpu, total } = await ask<Count>(this.#client, one)
    // Of the server the warm-up counts as well: it cannot know when that is over.
    const spent = (await ask<number>(this.#server, 'cpu')) - before
    const serverCpu = spent / (total - this.#total)
    this.#total = total
    return { rate, clientCpu: cpu, serverCpu }
  }

  stop(): void {
    this.#client.kill()
    this.#server.kill()
  }
}

function ask<T>(child: ChildProcess, message: object | string): Promise<T> {
  child.send(message)
  return answerOf<T>(child)
}

/** The next message of a process. @throws when it ends instead */
function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: unknown) => {
      child.off('exit', onExit)
      resolve(answer as T)
    }
    const onExit = (code: number | null) => {
      child.off('message', onMessage)
      reject(new TypeError(`a process of the bench ended with ${code}`))
    }
    child.once('message', onMessage)
    child.once('exit', onExit)
  })
}
