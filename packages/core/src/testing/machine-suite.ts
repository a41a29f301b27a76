import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UsageError } from '../errors.js'
import type { Machine } from '../machine.js'
import type { Primitive } from '../service.js'
import type { AnyRow, StateTable } from '../state-table.js'

/** A machine in a known state, with both its neighbours played by the test. */
export interface MachineHarness<Submit extends Primitive, Delivery extends Primitive> {
  readonly machine: { readonly state: string; submit(primitive: Submit): void }
  /** What the machine delivered upwards since it reached the state. */
  readonly delivered: Delivery[]
  /** What it submitted downwards since it reached the state. */
  readonly sent: readonly unknown[]
  /** Hands it octets as the layer below would. */
  feed(octets: Uint8Array): void
}

export interface MachineSuite<S extends string, Submit extends Primitive, Delivery extends Primitive> {
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: the suite does not look inside events
  readonly table: StateTable<any, S, any, Delivery>
  readonly states: readonly S[]
  /** A fresh machine brought into `state` by legal steps. */
  readonly inState: (state: S) => MachineHarness<Submit, Delivery>
  /** One primitive for each request and response of the service. */
  readonly fromAbove: readonly Submit[]
  /** For each event from below (PDU, primitive, timer) how to bring it about. */
  readonly fromBelow: Readonly<Record<string, (harness: MachineHarness<Submit, Delivery>) => void>>
  /** What the standard wants when an event from below meets an empty cell: expectations on the harness. */
  readonly invalidFromBelow: (harness: MachineHarness<Submit, Delivery>, state: S, event: string) => void
  /** Values without an encoding, and the state in which they would be allowed. */
  readonly unencodable: readonly { readonly state: S; readonly primitive: Submit }[]
  /** Octets that are valid PDUs, for mutation. */
  readonly seeds: readonly Uint8Array[]
  /** A whole dialogue over joined channels; returns its trace. `chunk` octets at a time, answering inside `onDeliver` or later. */
  readonly dialogue?: (options: { chunk: number | undefined; answer: 'inside' | 'later' }) => unknown
  /** Runs of each property. @default 100 */
  readonly runs?: number
}

/** The tests that every machine must pass. Call it once in the test file of the layer, before the layer's own tests. */
export function describeMachine<S extends string, Submit extends Primitive, Delivery extends Primitive>(
  suite: MachineSuite<S, Submit, Delivery>,
): void {
  const { table, states } = suite
  const taken = trackRows(table)
  afterAll(() => {
    const missing = table.rows.filter(row => !taken.has(row)).map(row => nameOf(table.rows, row))
    if (missing.length > 0)
      throw new Error(`${suite.name}: no test of this file took ${missing.length} of ${table.rows.length} rows:\n  ${missing.join('\n  ')}`)
  })

  describe(`${suite.name}: what every machine must do`, () => {
    test.each(states.flatMap(state => suite.fromAbove.map(primitive => [primitive.type, state, primitive] as const)))(
      'from above, an empty cell is a usage error that changes nothing: %s in %s',
      (event, state, primitive) => {
        if (table.cell(state, event).length > 0) return expect(table.events).toContain(event)
        const harness = suite.inState(state)
        expect(() => harness.machine.submit(primitive)).toThrow(UsageError)
        expect(harness.machine.state).toBe(state)
        expect(harness.sent).toEqual([])
        expect(harness.delivered).toEqual([])
      },
    )

    const below = Object.entries(suite.fromBelow)
    const empty = states.flatMap(state =>
      below.filter(([event]) => table.cell(state, event).length === 0).map(([event, run]) => [event, state, run] as const),
    )
    if (empty.length > 0) {
      test.each(empty)("from below, an empty cell takes the standard's procedure: %s in %s", (event, state, run) => {
        const harness = suite.inState(state)
        run(harness)
        suite.invalidFromBelow(harness, state, event)
      })
    }

    test.each(states)('octets of any kind, in state %s, never throw and leave a known state', state => {
      const seed = suite.seeds.length > 0 ? fc.constantFrom(...suite.seeds) : fc.uint8Array({ minLength: 1 })
      const mutated = fc
        .record({
          octets: seed,
          cuts: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
          length: fc.double({ min: 0, max: 1.2, noNaN: true }),
        })
        .map(({ octets, cuts, length }) => {
          const copy = new Uint8Array(Math.max(1, Math.round(octets.length * length)))
          copy.set(octets.subarray(0, copy.length))
          for (const [at, value] of cuts) copy[at % copy.length] = value
          return copy
        })
      fc.assert(
        fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 64 })), octets => {
          const harness = suite.inState(state)
          harness.feed(octets)
          expect(states).toContain(harness.machine.state)
        }),
        { numRuns: suite.runs ?? 100 },
      )
    })

    for (const { state, primitive } of suite.unencodable) {
      test(`a ${primitive.type} without an encoding leaves the state as it was: ${state}`, () => {
        const harness = suite.inState(state)
        expect(() => harness.machine.submit(primitive)).toThrow(expect.objectContaining({ name: 'EncodeError' }))
        expect(harness.machine.state).toBe(state)
        expect(harness.sent).toEqual([])
      })
    }

    const { dialogue } = suite
    if (dialogue) {
      const whole = () => dialogue({ chunk: undefined, answer: 'inside' })
      test.each([1, 2, 3, 5, 7, 64])('chunks of %i octets give the same deliveries', chunk => {
        expect(dialogue({ chunk, answer: 'inside' })).toEqual(whole())
      })
      test('a user who answers later gives the same trace as one who answers inside onDeliver', () => {
        expect(dialogue({ chunk: undefined, answer: 'later' })).toEqual(whole())
      })
    }
  })
}

/** Wraps `table.find` from now on and remembers every row that was taken. */
// biome-ignore lint/suspicious/noExplicitAny: works on any table
export function trackRows(table: StateTable<any, any, any, any>): Set<unknown> {
  const taken = new Set<unknown>()
  const find = table.find.bind(table)
  const restore = Object.getOwnPropertyDescriptor(table, 'find')
  beforeAll(() => {
    table.find = (machine, state, event) => {
      const row = find(machine, state, event)
      if (row) taken.add(row)
      return row
    }
  })
  afterAll(() => {
    if (!restore) Reflect.deleteProperty(table, 'find')
  })
  return taken
}

// biome-ignore lint/suspicious/noExplicitAny: names only
function nameOf(rows: readonly AnyRow<any, any, any>[], row: AnyRow<any, any, any>): string {
  const place = rows.filter(other => other.event === row.event && other.states[0] === row.states[0]).indexOf(row)
  return `${row.event} in ${row.states.join(', ')}${place > 0 ? `, row ${place + 1}` : ''}`
}

/** A machine type for suites that only need its state. */
export type AnyMachine = Machine<string, Primitive, Primitive, Primitive>
