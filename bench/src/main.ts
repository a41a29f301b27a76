import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { allocationRows } from './codec/allocation-rows.js'
import { codecRows } from './codec/run.js'
import { framingRows } from './framing.js'
import { readRows } from './reads/run.js'
import { type Row, reached, table } from './report.js'

const USAGE = `usage: npm run bench -- [--only codec|reads|framing] [--json] [--quick]

  --only   one part instead of all three
  --json   the rows as JSON
  --quick  fewer and shorter rounds: shows that it runs, not how fast`

const parts = ['codec', 'reads', 'framing'] as const
type Part = (typeof parts)[number]

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  let values: { only?: string; json?: boolean; quick?: boolean; help?: boolean }
  try {
    const options = { only: { type: 'string' }, json: { type: 'boolean' }, quick: { type: 'boolean' }, help: { type: 'boolean' } } as const
    values = parseArgs({ args: [...args], options }).values
    if (values.only !== undefined && !parts.includes(values.only as Part)) throw new TypeError(`no part is called ${values.only}`)
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`)
    return 2
  }
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  const { quick = false } = values
  const begin = performance.now()
  const rows: Row[] = []
  for (const part of values.only === undefined ? parts : [values.only as Part]) rows.push(...(await run(part, quick)))
  rows.sort((one, other) => one.goal - other.goal)
  const where = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${process.platform}`
  if (values.json) {
    console.log(JSON.stringify({ where, rows: rows.map(row => ({ ...row, reached: reached(row) })) }, undefined, 2))
  } else {
    const missed = rows.filter(row => reached(row) === false).length
    const asked = rows.filter(row => row.must !== undefined).length
    console.log(`${table(rows)}\n`)
    console.log(`${where}. ${asked - missed} of ${asked} reached, in ${Math.round((performance.now() - begin) / 1_000)} s.`)
    console.log('Only the ratios mean anything: both figures of a row are from the same rounds of the same run. See bench/README.md.')
  }
  return 0
}

async function run(part: Part, quick: boolean): Promise<Row[]> {
  switch (part) {
    case 'codec':
      return [...(await codecRows(quick ? { rounds: 3, batch: 2 } : { rounds: 21, batch: 12 })), ...(await allocationRows())]
    case 'reads':
      return readRows(quick ? { rounds: 1, warm: 30, measured: 70 } : { rounds: 11, warm: 150, measured: 350 })
    case 'framing':
      return framingRows(quick ? { rounds: 3, batch: 5 } : { rounds: 9, batch: 20 })
    default:
      return part satisfies never
  }
}
