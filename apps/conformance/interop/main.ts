import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Peer, peers } from './peers.js'
import { list, matrix, pairOf, readingOf } from './report.js'
import { type PairReport, type Result, runPair, type Side } from './run.js'
import { type Setup, setUp } from './setup.js'

const usage = `usage: interop [--servers a,b] [--clients a,b] [--verbose] [--json file] [--captures folder] [--setup]

Runs each client against each server over TCP on loopback. Names: ${peers.map(peer => peer.name).join(', ')}.
  --setup      install the peers and end
  --verbose    list what is not offered, too
  --json       write every result to a file
  --captures   keep a capture of each sequence
Exit code: 0 all that ran passed, 1 something failed, 2 wrong usage.`

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      servers: { type: 'string' },
      clients: { type: 'string' },
      json: { type: 'string' },
      captures: { type: 'string' },
      verbose: { type: 'boolean' },
      setup: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const chosen = (names: string | undefined): Peer[] =>
    names === undefined ? [...peers] : peers.filter(peer => names.split(',').includes(peer.name))
  const servers = chosen(values.servers).filter(peer => peer.server !== undefined)
  const clients = chosen(values.clients).filter(peer => peer.client !== undefined)
  if (servers.length === 0 || clients.length === 0) {
    console.error(usage)
    return 2
  }
  const setups = new Map<Peer, Setup>()
  for (const peer of new Set([...servers, ...clients])) setups.set(peer, await setUp(peer, say))
  if (values.setup) {
    for (const [peer, setup] of setups) console.log(`${peer.name}: ${'notRun' in setup ? `NOT RUN, ${setup.notRun}` : 'installed'}`)
    return 0
  }
  const reports: PairReport[] = []
  for (const server of servers) {
    for (const client of clients) {
      const pair = sides(setups, server, client)
      if (pair === undefined) continue
      say(`${client.name} → ${server.name}`)
      reports.push(await runPair(pair.server, pair.client, values.captures))
    }
  }
  const results = reports.flatMap(report => report.results)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 1)}\n`)
  print(results, reports, setups, values.verbose === true)
  return results.some(result => result.outcome === 'fail') ? 1 : 0
}

function sides(setups: ReadonlyMap<Peer, Setup>, server: Peer, client: Peer): { server: Side; client: Side } | undefined {
  const serverSetup = setups.get(server)!
  const clientSetup = setups.get(client)!
  if ('notRun' in serverSetup || 'notRun' in clientSetup) return undefined
  return { server: { peer: server, folder: serverSetup.folder }, client: { peer: client, folder: clientSetup.folder } }
}

function print(results: readonly Result[], reports: readonly PairReport[], setups: ReadonlyMap<Peer, Setup>, verbose: boolean): void {
  if (results.length > 0) console.log(`\n${matrix(results)}\n`)
  for (const line of list(results, 'fail')) console.log(`FAIL  ${line}`)
  if (verbose) for (const line of list(results, 'not offered')) console.log(`n/o   ${line}`)
  for (const report of reports) console.log(`tshark  ${pairOf(report.results[0]!)}: ${opinion(report)}`)
  for (const [peer, setup] of setups)
    if ('notRun' in setup) console.log(`\n*** NOT RUN: ${peer.name} (${peer.packaged}): ${setup.notRun} ***`)
}

function opinion(report: PairReport): string {
  const { units, explained, wrong, broken } = readingOf(report, {
    client: report.results[0]!.client === 'ours',
    server: report.results[0]!.server === 'ours',
  })
  const said = [...wrong, ...broken.own.map(t => `OWN ${t}`), ...broken.peer.map(t => `PEER ${t}`)]
  return `${units} units, explained ${explained}; ${[...new Set(said)].join('; ')}`
}

function say(line: string): void {
  console.error(`interop: ${line}`)
}

process.exitCode = await main()
