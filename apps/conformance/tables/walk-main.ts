/** `npm run walk -- [--steps 1000000] [--seed n] [--layer COTP]`: every machine at random, the independent tables as oracle. */
import { parseArgs } from 'node:util'
import { machines } from './machines.js'
import { randomWalk } from './random-walk.js'

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '1000000' }, seed: { type: 'string' }, layer: { type: 'string' } },
})
const steps = Number(values.steps)
const seed = values.seed === undefined ? Date.now() >>> 0 : Number(values.seed)
if (!Number.isInteger(steps) || steps < 1 || !Number.isInteger(seed)) {
  console.error('walk: --steps and --seed are whole numbers')
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
process.exit(differences === 0 ? 0 : 1)
