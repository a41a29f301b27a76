import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { hasTshark } from './dissect.js'
import { type Peer, peers } from './peers.js'
import { type Machine, provide, thisMachine } from './programs.js'
import { type Column, list, matrix, pairOf, readingOf, reasons, servicesRun, wire } from './report.js'
import { type PairReport, type Result, runPair } from './run.js'
import { type Setup, setUp } from './setup.js'
import { paintFor } from './terminal.js'

const usage = `usage: interop [--all] [--servers a,b] [--clients a,b] [--verbose] [--json file] [--services file] [--captures folder] [--no-apt] [--setup]

Runs clients against servers over TCP on loopback, and prints what each pair can do. Names: ${peers.map(peer => peer.name).join(', ')}.
Installs what is missing: packages of registries into .peers/, and as root programs of the system by apt-get.
  (default)    every pair that includes ours
  --all        every pair
  --servers    only these; --clients likewise
  --verbose    say what is not offered, and why
  --json       write every result to a file
  --services   write to a file which services each peer and ours have run with each other
  --captures   keep a capture of each sequence
  --no-apt     install no packages of the system
  --setup      install the peers and end
Exit code: 0 all that ran passed, 1 something failed, 2 wrong usage. What cannot be installed is printed as NOT RUN, and is no failure.`

/** A pair to run. */
interface Pair {
  readonly client: Peer
  readonly server: Peer
}

async function main(): Promise<number> {
  const values = chosenOptions()
  if (values === undefined) {
    console.error(usage)
    return 2
  }
  if (values.help) {
    console.log(usage)
    return 0
  }
  const pairs = pairsOf(values.all === true || values.servers !== undefined || values.clients !== undefined, values.servers, values.clients)
  if (pairs === undefined) {
    console.error(usage)
    return 2
  }
  const machine = thisMachine(values.apt)
  const tshark = await provide(['tshark'], machine, say)
  const setups = await setUpAll(pairs, machine)
  if (values.setup) {
    for (const [peer, setup] of setups) console.log(`${peer.name}: ${'notRun' in setup ? `NOT RUN, ${setup.notRun}` : 'installed'}`)
    console.log(`tshark: ${tshark === undefined ? 'installed' : `NOT RUN, ${tshark}`}`)
    return 0
  }
  const started = performance.now()
  const reports = new Map<Pair, PairReport>()
  for (const pair of pairs) {
    const client = setups.get(pair.client)!
    const server = setups.get(pair.server)!
    if ('notRun' in client || 'notRun' in server) continue
    say(`${pair.client.name} → ${pair.server.name}`)
    reports.set(
      pair,
      await runPair(
        { peer: pair.server, folder: server.folder },
        { peer: pair.client, folder: client.folder },
        { captures: values.captures },
      ),
    )
  }
  const results = [...reports.values()].flatMap(report => report.results)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 1)}\n`)
  if (values.services !== undefined) writeFileSync(values.services, `${JSON.stringify(servicesRun(results), null, 2)}\n`)
  const failed = print(pairs, reports, { verbose: values.verbose === true, seconds: (performance.now() - started) / 1_000 })
  printNotRun(setups, tshark)
  return failed ? 1 : 0
}

/** The options of the command line; undefined when one is not known. */
function chosenOptions() {
  try {
    return parseArgs({
      allowNegative: true,
      options: {
        all: { type: 'boolean' },
        servers: { type: 'string' },
        clients: { type: 'string' },
        json: { type: 'string' },
        services: { type: 'string' },
        captures: { type: 'string' },
        verbose: { type: 'boolean' },
        apt: { type: 'boolean', default: true },
        setup: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    console.error(error.message)
    return undefined
  }
}

/** The pairs that were asked for; undefined for a name that nobody has, or none left. */
function pairsOf(all: boolean, servers: string | undefined, clients: string | undefined): Pair[] | undefined {
  const chosen = (names: string | undefined): Peer[] | undefined => {
    if (names === undefined) return [...peers]
    const found = names.split(',').map(name => peers.find(peer => peer.name === name))
    return found.every(peer => peer !== undefined) ? found : undefined
  }
  const found = chosen(servers)?.flatMap(server => chosen(clients)?.map(client => ({ client, server })) ?? [])
  const able = found?.filter(({ client, server }) => client.client !== undefined && server.server !== undefined)
  const wanted = able?.filter(({ client, server }) => all || client.name === 'ours' || server.name === 'ours')
  return wanted !== undefined && wanted.length > 0 ? wanted : undefined
}

async function setUpAll(pairs: readonly Pair[], machine: Machine): Promise<Map<Peer, Setup>> {
  const setups = new Map<Peer, Setup>()
  for (const peer of new Set(pairs.flatMap(({ client, server }) => [client, server]))) setups.set(peer, await setUp(peer, machine, say))
  return setups
}

/** @returns whether anything failed */
function print(
  pairs: readonly Pair[],
  reports: ReadonlyMap<Pair, PairReport>,
  { verbose, seconds }: { readonly verbose: boolean; readonly seconds: number },
): boolean {
  const paint = paintFor(process.stdout, process.env)
  const table = (title: string, wanted: readonly Pair[], name: (pair: Pair) => string): void => {
    if (wanted.length === 0) return
    const columns: Column[] = wanted.map(pair => ({ title: name(pair), results: reports.get(pair)?.results }))
    console.log(`\n${matrix(title, columns, paint)}`)
  }
  table(
    'our client → server of',
    pairs.filter(({ client }) => client.name === 'ours'),
    ({ server }) => server.name,
  )
  table(
    'client of → our server',
    pairs.filter(({ client, server }) => server.name === 'ours' && client.name !== 'ours'),
    ({ client }) => client.name,
  )
  table(
    'without ours',
    pairs.filter(({ client, server }) => client.name !== 'ours' && server.name !== 'ours'),
    ({ client, server }) => pairOf({ client: client.name, server: server.name }),
  )
  const results = [...reports.values()].flatMap(report => report.results)
  console.log(`\nn/o: not offered by one of the two${verbose ? '' : '; --verbose says why'}`)
  if (verbose) for (const line of reasons(results)) console.log(`  ${paint.faint(line)}`)
  const failures = [
    ...list(results, 'fail').map(line => `${paint.bad('FAIL')}  ${line}`),
    ...list(results, 'skipped').map(line => `skip  ${line}`),
  ]
  if (failures.length > 0) console.log(`\n${failures.join('\n')}`)
  console.log(`\n${wire([...reports.values()], paint).join('\n')}`)
  const wrong = [...reports.values()].reduce((sum, report) => sum + readingOf(report).wrong.length, 0)
  const count = (outcome: Result['outcome']): number => results.filter(result => result.outcome === outcome).length
  const verdict = `${count('pass')} steps passed, ${count('fail')} failed, ${count('skipped')} skipped, ${count('not offered')} not offered; ${wrong} faults on the wire; ${reports.size} of ${pairs.length} pairs in ${Math.round(seconds)} s`
  const failed = count('fail') + wrong > 0
  console.log(`\n${failed ? paint.bad(verdict) : paint.good(verdict)}`)
  return failed
}

/** Loud, since a run without a peer looks like one that passed. */
function printNotRun(setups: ReadonlyMap<Peer, Setup>, tshark: string | undefined): void {
  const paint = paintFor(process.stdout, process.env)
  const lines = [...setups].flatMap(([peer, setup]) => ('notRun' in setup ? [`${peer.name} (${peer.packaged}): ${setup.notRun}`] : []))
  if (tshark !== undefined || !hasTshark()) lines.push(`tshark: ${tshark ?? 'not found'}`)
  for (const line of lines) console.log(`\n${paint.warning(`*** NOT RUN: ${line} ***`)}`)
}

function say(line: string): void {
  console.error(`interop: ${line}`)
}

process.exitCode = await main()
