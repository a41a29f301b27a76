import { execFileSync, spawnSync } from 'node:child_process'
import { clientOf, type Finding, ms, type Scenario, serverOf, sleep } from './scenario.js'

const AS2 = 1_000
const AS3 = AS2 + 10_000
const WAIT = AS3 + 4_000

/**
 * F-03: the cable is cut. Server and client are in network namespaces of their own, joined by a pair of interfaces; one is taken down. That
 * needs Linux, root, and `ip`, `unshare` and `nsenter`.
 */
export const lostLink: Scenario = async () => {
  const what = 'a link is lost without a word: noticed after'
  const goal = `≤ ${AS3 + 1_000} ms on both sides`
  const missing = whatIsMissing()
  if (missing !== undefined) return [{ id: 'F-03', what, found: `not run: ${missing}`, goal, met: undefined }]
  using server = serverOf({ host: '0.0.0.0', port: 102, keepAlive: AS2 }, [], ['unshare', '-n'])
  using client = clientOf(102, '10.77.0.1', ['unshare', '-n'])
  await server.ask('port')
  await client.ask('lives')
  ip('link', 'add', 'faults0', 'netns', String(server.pid), 'type', 'veth', 'peer', 'name', 'faults1', 'netns', String(client.pid))
  for (const [pid, name, address] of [
    [server.pid, 'faults0', '10.77.0.1/24'],
    [client.pid, 'faults1', '10.77.0.2/24'],
  ] as const) {
    inside(pid, 'addr', 'add', address, 'dev', name)
    inside(pid, 'link', 'set', name, 'up')
  }
  // Awaited here, as both processes end with this block.
  return await findings(what, goal, server, client)
}

async function findings(
  what: string,
  goal: string,
  server: ReturnType<typeof serverOf>,
  client: ReturnType<typeof clientOf>,
): Promise<readonly Finding[]> {
  const { held, why } = await client.ask('hold', 1)
  if (held !== 1) return [{ id: 'F-03', what, found: `no association: ${why}`, goal, met: false }]
  await sleep(200)
  const since = performance.now()
  const noticed = client.ask('untilLost', WAIT)
  inside(server.pid, 'link', 'set', 'faults0', 'down')
  let atServer = Number.POSITIVE_INFINITY
  while (performance.now() - since < WAIT && atServer === Number.POSITIVE_INFINITY) {
    if ((await server.ask('look')).connections === 0) atServer = performance.now() - since
    await sleep(50)
  }
  const { ms: atClient, error } = await noticed
  return [
    {
      id: 'F-03',
      what: `${what}, by the client`,
      found: `${ms(atClient)}: ${error ?? 'not at all'}`,
      goal,
      met: error !== undefined && atClient <= AS3 + 1_000,
    },
    { id: 'F-03', what: `${what}, by the server; its place is free`, found: ms(atServer), goal, met: atServer <= AS3 + 1_000 },
  ]
}

function whatIsMissing(): string | undefined {
  if (process.platform !== 'linux') return 'it needs network namespaces of Linux'
  if (process.getuid?.() !== 0) return 'it needs root'
  const missing = ['ip', 'unshare', 'nsenter'].filter(name => spawnSync(name, ['--version']).error !== undefined)
  if (missing.length > 0) return `there is no ${missing.join(', ')}`
  return spawnSync('unshare', ['-n', 'true']).status === 0 ? undefined : 'network namespaces cannot be made here'
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args)
}

function inside(pid: number, ...args: readonly string[]): void {
  execFileSync('nsenter', ['-t', String(pid), '-n', 'ip', ...args])
}
