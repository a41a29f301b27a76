import { describe, expect, test } from 'vitest'
import type { Bench, Rig } from './bench.js'
import { type Comparison, compare } from './compare.js'
import { type Config, inWords, type LayerTable, Oracle, type Outcome, type Way } from './table.js'

/**
 * One test for each cell of an independent table. Our machine is brought into every configuration of the state by legal events only,
 * meets every kind of the event, and must do what the cell says: next state, what goes down, what goes up, in this order.
 */
export function describeTable(table: LayerTable, rig: Rig): void {
  const oracle = new Oracle(table)
  const reached = oracle.reach()
  const { states, allStates, events } = oracle
  const cells = allStates.flatMap(state => events.map(event => ({ state, event })))
  /** Every alternative that a machine has been led to: those of one entry are the same in all its states. */
  const taken = new Set<Outcome>()
  let walked = 0

  describe(`${table.name}: every cell of ${table.source}`, () => {
    for (const { state, event } of cells) {
      if (!states.includes(state)) {
        test(`${table.name} ${state} × ${event}: no such state: ${table.absent![state]}`, () => {
          walked += 1
          expect(rig.states).not.toContain(state)
        })
        continue
      }
      test(`${table.name} ${state} × ${event}: ${inWords(oracle.cell(state, event))}`, () => {
        walked += 1
        const ways = reached.filter(way => way.config.state === state)
        expect(ways.length, `no legal path leads to ${state}`).toBeGreaterThan(0)
        for (const way of ways) {
          for (const variant of oracle.variantsOf(event)) {
            const bench = replay(oracle, rig, way)
            taken.add(checked(compare(oracle, bench, way.config, { event, variant })).outcome)
          }
        }
      })
    }

    test(`${table.name}: ${allStates.length} states × ${events.length} events = ${oracle.size} cells, none left out`, () => {
      expect(cells.length).toBe(oracle.size)
      expect(walked).toBe(oracle.size)
      const machineStates = new Set([...states, ...rig.states])
      expect([...machineStates].sort(), 'states of the machine').toEqual([...states].sort())
      const idle = [...new Set(states.flatMap(state => events.flatMap(event => oracle.cell(state, event))))].filter(
        each => !taken.has(each),
      )
      expect(inWords(idle), 'alternatives that no legal path leads to').toBe('')
    })
  })
}

/** A machine that went the way of the oracle; each step was compared. */
export function replay(oracle: Oracle, rig: Rig, way: Way): Bench {
  const bench = rig.open(way.start)
  let config: Config = { state: oracle.table.initial, facts: way.start }
  for (const step of way.path) config = checked(compare(oracle, bench, config, step)).config
  return bench
}

/** @throws AssertionError when table and machine differ */
export function checked(comparison: Comparison): Comparison {
  const { where, expected, found, happened, outcome } = comparison
  expect(found, where).toEqual(expected)
  if (outcome.kind !== 'never' && outcome.kind !== 'kept away') expect(happened, `${where}: the event did not come about`).toBe(true)
  return comparison
}
