import { Child } from '../processes.js'
import { atLeast, figure, type Row } from '../report.js'
import { ratiosOf, spreadOf } from '../statistics.js'
import { PEER, Program, peerAbsent } from './peer.js'

/** What a client did in its time. */
export interface Associated {
  readonly count: number
  /** What they took; attempts that came to nothing are left out. */
  readonly seconds: number
  /** Seconds of processor time of the client. */
  readonly cpu: number
}

/** Associate, conclude and release, one after another: our client against our server, and the peer's against its own. */
export async function associateRows(timing: { readonly rounds: number; readonly seconds: number }): Promise<Row[]> {
  const absent = peerAbsent()
  if (absent !== undefined) {
    console.error(`goal 23 is not measured: ${absent}`)
    return []
  }
  const stop: { stop(): void }[] = []
  try {
    const server = await Child.start<number>(new URL('../reads/server.js', import.meta.url), ['mms'])
    stop.push(server.child)
    const { child: client } = await Child.start(new URL('./client.js', import.meta.url), [server.first])
    stop.push(client)
    const peer = await Program.server()
    stop.push(peer.program)
    const peerClient = await Program.client(peer.port)
    stop.push(peerClient)
    const measured = { ours: [] as Associated[], theirs: [] as Associated[] }
    const runOurs = () => client.ask<Associated>(timing.seconds)
    const runTheirs = () => peerClient.ask<Associated>(String(timing.seconds))
    await runOurs()
    await runTheirs()
    for (let round = 0; round < timing.rounds; round++) {
      if (round % 2) measured.theirs.push(await runTheirs())
      measured.ours.push(await runOurs())
      if (round % 2 === 0) measured.theirs.push(await runTheirs())
    }
    const rates = (runs: readonly Associated[]) => runs.map(({ count, seconds }) => count / seconds)
    const cpu = (runs: readonly Associated[]) => runs.map(run => (1e6 * run.cpu) / run.count)
    const told = (runs: readonly Associated[]) =>
      `${figure(spreadOf(rates(runs)).median)}/s, client ${figure(spreadOf(cpu(runs)).median)} µs`
    return [
      {
        goal: 23,
        what: 'associate, conclude and release, one after another',
        ours: told(measured.ours),
        baseline: `${PEER}: ${told(measured.theirs)}`,
        ratio: ratiosOf(rates(measured.ours), rates(measured.theirs)),
        cpuRatio: ratiosOf(cpu(measured.theirs), cpu(measured.ours)),
        target: atLeast(5, 10),
      },
    ]
  } finally {
    for (const each of stop) each.stop()
  }
}
