import { Device } from '../peer/device.js'
import { installedPeer, PEER, Program } from '../peer/program.js'
import type { Done } from '../peer/protocol.js'
import { Child } from '../processes.js'
import { atLeast, figure, type Row } from '../report.js'
import { ratiosOf, spreadOf } from '../statistics.js'

/** Associate, conclude and release, one after another: our client against our server, and the peer's against its own. */
export async function associateRows(timing: { readonly rounds: number; readonly seconds: number }): Promise<Row[]> {
  const python = await installedPeer('goal 23 is')
  if (python === undefined) return []
  using device = new Device(1)
  const stop: { stop(): void }[] = []
  try {
    const server = await Child.start<number>(new URL('../reads/server.js', import.meta.url), ['mms'])
    stop.push(server.child)
    const { child: client } = await Child.start(new URL('./client.js', import.meta.url), [server.first])
    stop.push(client)
    const peer = await Program.server(python, device.model, device.files)
    stop.push(peer.program)
    const peerClient = await Program.client(python, peer.port)
    stop.push(peerClient)
    const measured = { ours: [] as Done[], theirs: [] as Done[] }
    const runOurs = () => client.ask<Done>(timing.seconds)
    const runTheirs = () => peerClient.ask<Done>({ task: 'associate', seconds: timing.seconds })
    await runOurs()
    await runTheirs()
    for (let round = 0; round < timing.rounds; round++) {
      if (round % 2) measured.theirs.push(await runTheirs())
      measured.ours.push(await runOurs())
      if (round % 2 === 0) measured.theirs.push(await runTheirs())
    }
    const rates = (runs: readonly Done[]) => runs.map(({ count, seconds }) => count / seconds)
    const cpu = (runs: readonly Done[]) => runs.map(run => (1e6 * run.cpu) / run.count)
    const told = (runs: readonly Done[]) => `${figure(spreadOf(rates(runs)).median)}/s, client ${figure(spreadOf(cpu(runs)).median)} µs`
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
