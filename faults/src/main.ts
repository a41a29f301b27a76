import { greedy, idle, memory, storm } from './crowds.js'
import { kills } from './kills.js'
import { largeFiles } from './large-files.js'
import { lostLink } from './lost-link.js'
import type { Finding, Scenario } from './scenario.js'
import { silent, slow } from './slow-peers.js'

const HELP = `npm run faults -- [--short] [--seconds <n>] [<id> …]

  --short        fewer peers, shorter deadlines, under a minute: shows that it runs
  --seconds <n>  how long storms, attacks and holds go on. Default 60, with --short 3
  <id>           only these rows, such as F-14`

const scenarios: Readonly<Record<string, Scenario>> = {
  'F-01': silent,
  'F-02': slow,
  'F-03': lostLink,
  'F-14': storm,
  'F-15': idle,
  'F-16': greedy,
  'F-19': kills,
  'F-26': memory,
  'U-45': largeFiles,
}

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const short = args.includes('--short')
  const at = args.indexOf('--seconds')
  const seconds = at < 0 ? (short ? 3 : 60) : Number(args[at + 1])
  const ids = args.filter((arg, i) => !arg.startsWith('--') && (at < 0 || i !== at + 1))
  if (args.includes('--help') || !(seconds > 0) || ids.some(id => scenarios[id] === undefined)) {
    console.log(HELP)
    return args.includes('--help') ? 0 : 2
  }
  const findings: Finding[] = []
  for (const [id, run] of Object.entries(scenarios)) {
    if (ids.length > 0 && !ids.includes(id)) continue
    for (const finding of await run({ short, seconds })) {
      findings.push(finding)
      console.log(`${finding.id}  ${mark(finding)}  ${finding.what}: ${finding.found}  (goal: ${finding.goal})`)
    }
  }
  const missed = findings.filter(({ met }) => met === false).length
  const skipped = findings.filter(({ met }) => met === undefined).length
  console.log(`${findings.length - missed - skipped} figures within their goals, ${missed} not, ${skipped} not run.`)
  return missed === 0 ? 0 : 1
}

function mark({ met }: Finding): string {
  return met === undefined ? 'not run' : met ? 'ok     ' : 'MISSED '
}
