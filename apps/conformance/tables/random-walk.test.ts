import { describe, expect, test } from 'vitest'
import { machines } from './machines.js'
import { randomWalk } from './random-walk.js'

const STEPS = 4_000

describe('a short random walk, the independent table as oracle; `npm run walk` is the long one', () => {
  test.each(machines.map(({ table, rig }) => ({ name: table.name, table, rig })))('$name', ({ table, rig }) => {
    for (const seed of [1, 2]) {
      const { difference, steps } = randomWalk(table, rig, { steps: STEPS, seed })
      expect(difference && { where: difference.comparison.where, ...difference }, `seed ${seed}`).toBeUndefined()
      expect(steps).toBe(STEPS)
    }
  })

  test('finds a machine that does not keep to its table', () => {
    const { table, rig } = machines[0]!
    const deaf = { ...table, rows: { ...table.rows, DR: { CLOSED: 'ignored', '*': 'ignored' } } }
    const { difference } = randomWalk(deaf, rig, { steps: STEPS, seed: 1 })
    expect(difference?.comparison.where).toMatch(/ × DR$/)
  })
})
