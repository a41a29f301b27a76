import { Child, cpuTimeOf } from '../processes.js'
import { atLeast, atMost, figure, type Row } from '../report.js'
import { ratiosOf, spreadOf } from '../statistics.js'
import { Device, DOMAIN, FILE, FILE_SIZE, ITEM, LIST, MEMBERS } from './device.js'
import { installedPeer, PEER, Program } from './program.js'
import type { Done, Task } from './protocol.js'

export interface PeerTiming {
  readonly rounds: number
  /** Of each task, in a round. */
  readonly seconds: number
}

/** A client and its server, by whose they are. */
type Name = 'ours' | 'theirs' | typeof MIXED
const MIXED = 'our client, their server'

/** One figure for each round: times a second, and microseconds of processor time for one. */
interface Series {
  readonly rate: number[]
  readonly clientCpu: number[]
  /** Empty where the system does not tell. */
  readonly serverCpu: number[]
}

interface Side {
  readonly pid: number | undefined
  stop(): void
}

interface Contestant {
  readonly client: Side & { ask<T>(message: object): Promise<T> }
  readonly server: Side
}

/** Reads one at a time and ten, and a list: our client against our server, and the peer's against its own, in turn. */
export async function peerRows(timing: PeerTiming): Promise<Row[]> {
  const python = await installedPeer('goals 20 to 22 are')
  if (python === undefined) return []
  const { seconds } = timing
  const one = { domain: DOMAIN, item: ITEM, seconds } as const
  const read: Task = { task: 'read', ...one }
  const ahead: Task = { task: 'read ahead', outstanding: 10, ...one }
  const list: Task = { task: 'list', domain: DOMAIN, list: LIST, members: MEMBERS, seconds }
  using device = new Device(1)
  return await withContestants(python, device, ['ours', 'theirs', MIXED], async contestants => {
    const seriesOf = await contest(contestants, [read, ahead, list], timing, (name, task) => name !== MIXED || task === ahead)
    const python = await contestants.get('theirs')!.client.ask<Done>({ task: 'overhead', ...one })
    const overhead = `${figure((1e6 * python.seconds) / python.count)} µs of it Python`
    const against = (goal: number, what: string, task: Task, target: Row['target'], remark = ''): Row =>
      row(goal, what, seriesOf('ours', task), `${PEER}${remark}`, seriesOf('theirs', task), target)
    const mixed = seriesOf(MIXED, ahead)
    return [
      against(20, 'one variable, one at a time', read, atLeast(0.85, 1), `, ${overhead}`),
      against(21, 'one variable, 10 outstanding', ahead, atLeast(2, 3), ', each answer through Python'),
      row(21, 'one variable, 10 outstanding, our client on both sides', seriesOf('ours', ahead), 'its server', mixed),
      against(22, `list of ${MEMBERS} members`, list, atLeast(1.5, 2.5)),
    ]
  })
}

/** Downloads of a file, likewise. */
export async function fileRows(timing: PeerTiming): Promise<Row[]> {
  const python = await installedPeer('goal 24 is')
  if (python === undefined) return []
  const task: Task = { task: 'file', file: FILE, size: FILE_SIZE, seconds: timing.seconds }
  using device = new Device(1).withFile()
  return await withContestants(python, device, ['ours', 'theirs'], async contestants => {
    const seriesOf = await contest(contestants, [task], timing)
    return [row(24, 'file download', seriesOf('ours', task), PEER, seriesOf('theirs', task), atLeast(0.8, 1.2), ' MB/s')]
  })
}

/** Logical nodes of the device that is browsed, and its names: each node, its MX, and five for each measured value; LLN0 has four. */
const NODES = 20
const VARIABLES = NODES * (2 + 5 * MEMBERS) + 4

/** Names, types and values of a device: our client and the peer's, against the same server, which is the peer's. */
export async function browseRows(timing: PeerTiming): Promise<Row[]> {
  const python = await installedPeer('goal 27 is')
  if (python === undefined) return []
  using device = new Device(NODES)
  const task: Task = { task: 'browse', variables: VARIABLES, seconds: timing.seconds }
  const server = await Program.server(python, device.model, device.files)
  const stop: Side[] = [server.program]
  try {
    const { child: ours } = await Child.start(new URL('./client.js', import.meta.url), [server.port])
    stop.push(ours)
    const theirs = await Program.client(python, server.port)
    stop.push(theirs)
    const contestants = new Map<Name, Contestant>([
      ['ours', { client: ours, server: server.program }],
      ['theirs', { client: theirs, server: server.program }],
    ])
    const seriesOf = await contest(contestants, [task], timing)
    const [mine, its] = [seriesOf('ours', task), seriesOf('theirs', task)]
    const told = ({ rate, clientCpu }: Series) =>
      `${figure(1 / spreadOf(rate).median)} s, client ${figure(spreadOf(clientCpu).median / 1e6)} s`
    return [
      {
        goal: 27,
        what: `browse of ${VARIABLES} variables, seconds`,
        ours: told(mine),
        baseline: `${PEER}: ${told(its)}`,
        ratio: ratiosOf(its.rate, mine.rate),
        cpuRatio: ratiosOf(its.clientCpu, mine.clientCpu),
        target: atMost(0.7, 0.4),
      },
    ]
  } finally {
    for (const each of stop) each.stop()
  }
}

function row(goal: number, what: string, ours: Series, baseline: string, theirs: Series, target?: Row['target'], unit = '/s'): Row {
  const per = unit === '/s' ? 'µs' : 'µs/MB'
  const told = ({ rate, clientCpu, serverCpu }: Series) => {
    const server = serverCpu.length === 0 ? '' : ` + ${figure(spreadOf(serverCpu).median)}`
    return `${figure(spreadOf(rate).median)}${unit}, ${figure(spreadOf(clientCpu).median)}${server} ${per}`
  }
  const cpuOf = ({ clientCpu, serverCpu }: Series) => clientCpu.map((time, round) => time + (serverCpu[round] ?? 0))
  return {
    goal,
    what,
    ours: told(ours),
    baseline: `${baseline}: ${told(theirs)}`,
    ratio: ratiosOf(ours.rate, theirs.rate),
    cpuRatio: ratiosOf(cpuOf(theirs), cpuOf(ours)),
    ...(target && { target }),
  }
}

/** Each has a server of its own: an association beside it slows the peer's down. */
async function withContestants<T>(
  python: string,
  device: Device,
  names: readonly Name[],
  use: (contestants: ReadonlyMap<Name, Contestant>) => Promise<T>,
): Promise<T> {
  const stop: Side[] = []
  const contestants = new Map<Name, Contestant>()
  try {
    for (const name of names) {
      let server: { readonly side: Side; readonly port: number }
      if (name === 'ours') {
        const { child, first } = await Child.start<number>(new URL('./server.js', import.meta.url), [device.model, device.files])
        server = { side: child, port: first }
      } else {
        const { program, port } = await Program.server(python, device.model, device.files)
        server = { side: program, port }
      }
      stop.push(server.side)
      const client =
        name === 'theirs'
          ? await Program.client(python, server.port)
          : (await Child.start(new URL('./client.js', import.meta.url), [server.port])).child
      stop.push(client)
      contestants.set(name, { client, server: server.side })
    }
    return await use(contestants)
  } finally {
    for (const each of stop) each.stop()
  }
}

/** Rounds that do not count: the compiler works beside us, and on a busy machine it is late. */
const WARM_UP = 3

/** Lets all do each task in turn, in an order that turns with each round. @param does leaves some out */
async function contest(
  contestants: ReadonlyMap<Name, Contestant>,
  tasks: readonly Task[],
  { rounds }: PeerTiming,
  does: (name: Name, task: Task) => boolean = () => true,
): Promise<(name: Name, task: Task) => Series> {
  const all = new Map([...contestants.keys()].map(name => [name, new Map(tasks.map(task => [task, empty()]))]))
  const names = [...contestants.keys()]
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const task of tasks) {
      for (let i = 0; i < names.length; i++) {
        const name = names[(i + round + WARM_UP) % names.length]!
        if (!does(name, task)) continue
        const { client, server } = contestants.get(name)!
        const before = cpuTimeOf(server.pid)
        const { count, seconds, cpu } = await client.ask<Done>(task)
        const after = cpuTimeOf(server.pid)
        if (round < 0) continue
        const series = all.get(name)!.get(task)!
        series.rate.push(count / seconds)
        series.clientCpu.push((1e6 * cpu) / count)
        if (before !== undefined && after !== undefined) series.serverCpu.push((after - before) / count)
      }
    }
  }
  return (name, task) => all.get(name)!.get(task)!
}

function empty(): Series {
  return { rate: [], clientCpu: [], serverCpu: [] }
}
