/**
 * `npm run walk -- [--steps 1000000] [--seed n] [--layer COTP] [--aborts 10000]`: every machine at random, the independent tables as oracle;
 * then whole associations, aborted behind every chunk of their dialogues.
 */
import { parseArgs } from 'node:util'
import { abortedDialogues } from './aborts.js'
import { machines } from './machines.js'
import { randomWalk } from './random-walk.js'

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
    layer: { type: 'string' },
    aborts: { type: 'string', default: '10000' },
  },
})
const steps = Number(values.steps)
const seed = values.seed === undefined ? Date.now() >>> 0 : Number(values.seed)
const aborts = values.layer === undefined ? Number(values.aborts) : 0
if (!Number.isInteger(steps) || steps < 1 || !Number.isInteger(seed) || !Number.isInteger(aborts)) {
  console.error('walk: --steps, --seed and --aborts are whole numbers')
  process.exit(2)
}
const chosen = machines.filter(({ table }) => values.layer === undefined || table.name.toLowerCase() === values.layer.toLowerCase())
if (chosen.length === 0) {
  console.error(`walk: --layer is one of ${machines.map(({ table }) => table.name).join(', ')}`)
  process.exit(2)
}
console.log(`seed ${seed}, ${steps} steps for each machine`)
let differences = 0
for (const { table, rig } of chosen) {
  const begun = performance.now()
  const { machines: made, configurations, difference, steps: done } = randomWalk(table, rig, { steps, seed })
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  console.log(`${table.name}: ${done} steps, ${made} machines, ${configurations} configurations, ${seconds} s`)
  if (difference === undefined) continue
  differences += 1
  const { comparison, path } = difference
  console.log(`  DIFFERS at ${comparison.where}`)
  console.log(`  table   ${JSON.stringify(comparison.expected)}`)
  console.log(`  machine ${JSON.stringify(comparison.found)}`)
  console.log(`  after   ${path.map(({ event, variant }) => (variant === '' ? event : `${event} (${variant})`)).join(' · ')}`)
}
if (aborts > 0) {
  const { run, broken } = await abortedDialogues(aborts)
  console.log(`F-07: ${run} associations aborted, ${broken === undefined ? 'nothing left of any' : `LEFT: ${broken}`}`)
  if (broken !== undefined) differences += 1
}
process.exit(differences === 0 ? 0 : 1)
