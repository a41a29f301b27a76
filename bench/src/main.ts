import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { type Part, parts } from './parts.js'
import { type Row, reached, table } from './report.js'
import { writeTable } from './write-table.js'

const USAGE = `usage: npm run bench -- [--only part,…] [--goal number,…] [--json] [--write] [--quick]

  --only   these parts: ${Object.entries(parts)
    .map(([name, { goals }]) => `${name} (${goals.length > 2 ? `${goals[0]}–${goals.at(-1)}` : goals.join(', ')})`)
    .join(', ')}
  --goal   the parts that these goals need, and their rows alone
  --json   the rows as JSON
  --write  puts the table into bench/README.md
  --quick  fewer and shorter rounds: shows that it runs, not how fast`

const options = {
  only: { type: 'string' },
  goal: { type: 'string' },
  json: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values']
  let chosen: readonly Part[]
  try {
    values = parseArgs({ args: [...args], options }).values
    chosen = choose(values.only, values.goal)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    console.error(`${error.message}\n\n${USAGE}`)
    return 2
  }
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  const begin = performance.now()
  const loadBefore = load()
  const rows: Row[] = []
  for (const part of chosen) rows.push(...(await part.rows(values.quick)))
  const wanted = goalsOf(values.goal)
  const shown = rows.filter(({ goal }) => wanted.length === 0 || wanted.includes(goal)).sort((one, other) => one.goal - other.goal)
  const when = new Date().toISOString().slice(0, 10)
  const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${process.platform}`
  const busy = `load average ${loadBefore} before, ${load()} after`
  if (values.json) {
    console.log(JSON.stringify({ when, machine, load: busy, rows: shown.map(row => ({ ...row, reached: reached(row) })) }, undefined, 2))
    return 0
  }
  const asked = shown.filter(row => row.target !== undefined)
  const missed = asked.filter(row => reached(row) === 'NO')
  const text = [
    table(shown),
    '',
    `${when}, ${machine}, ${busy}. ${asked.length - missed.length} of ${asked.length} reached, in ${Math.round((performance.now() - begin) / 1_000)} s.`,
  ].join('\n')
  console.log(text)
  console.log('Only the ratios mean anything: both figures of a row are from the same rounds of the same run. See bench/README.md.')
  if (values.write) writeTable(text)
  return 0
}

/** @throws TypeError for a part or a goal that there is none of */
function choose(only: string | undefined, goal: string | undefined): readonly Part[] {
  const names = only?.split(',') ?? Object.keys(parts)
  const goals = goalsOf(goal)
  for (const name of names) if (!Object.hasOwn(parts, name)) throw new TypeError(`no part is called ${name}`)
  for (const number of goals)
    if (!Object.values(parts).some(part => part.goals.includes(number))) throw new TypeError(`goal ${number} is not measured`)
  const chosen = names.map(name => parts[name]!)
  return goals.length === 0 ? chosen : chosen.filter(part => goals.some(number => part.goals.includes(number)))
}

function goalsOf(goal: string | undefined): number[] {
  return goal?.split(',').map(Number) ?? []
}

/** Of the last minute: above the number of processors, others wait for them. */
function load(): string {
  return loadavg()[0]!.toFixed(1)
}
