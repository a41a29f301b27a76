import { describe, expect, test } from 'vitest'
import { abortedDialogue, abortKinds, courses } from './aborts.js'
import { compare } from './compare.js'
import { machines } from './machines.js'
import { type Config, Oracle, type Step } from './table.js'
import { checked, replay } from './walk.js'

/** What ends a connection at once, seen by each machine: our user, the peer, the loss of what is below. */
const aborts: Readonly<Record<string, { readonly local: Step; readonly remote: readonly Step[]; readonly loss: Step }>> = {
  COTP: {
    local: { event: 'T-DISCONNECT.request', variant: '' },
    remote: [
      { event: 'DR', variant: '' },
      { event: 'ER', variant: '' },
    ],
    loss: { event: 'N-DISCONNECT.indication', variant: '' },
  },
  Session: {
    local: { event: 'S-U-ABORT.request', variant: '' },
    remote: ['by the user', 'by the provider'].map(variant => ({ event: 'AB', variant })),
    loss: { event: 'T-DISCONNECT.indication', variant: '' },
  },
  Presentation: {
    local: { event: 'P-U-ABORT.request', variant: '' },
    remote: [
      { event: 'ARU', variant: 'DCS' },
      { event: 'ARP', variant: '' },
    ],
    loss: { event: 'S-P-ABORT.indication', variant: '' },
  },
  ACSE: {
    local: { event: 'A-ABORT.request', variant: '' },
    remote: ['ABRT', 'P-U-ABORT alone'].map(variant => ({ event: 'ABRT', variant })),
    loss: { event: 'P-P-ABORT.indication', variant: '' },
  },
  ...Object.fromEntries(
    ['Confirmed call, requester', 'Confirmed call, responder'].map(name => [
      name,
      {
        local: { event: 'abort', variant: '' },
        remote: [{ event: 'abort of the peer', variant: '' }],
        loss: { event: 'loss of the association', variant: '' },
      },
    ]),
  ),
  MMS: {
    local: { event: 'M-ABORT.request', variant: '' },
    remote: [{ event: 'A-ABORT.indication', variant: '' }],
    loss: { event: 'A-P-ABORT.indication', variant: '' },
  },
}

describe.each(machines.map(({ table, rig }) => ({ name: table.name, table, rig })))(
  'F-07: an abort in every state of $name',
  ({ name, table, rig }) => {
    const oracle = new Oracle(table)
    const { local, remote, loss } = aborts[name]!

    test.each(oracle.states)('%s: the user hears of one end at most, of none of its own making, and no timer outlives it', state => {
      for (const way of oracle.reach().filter(({ config }) => config.state === state)) {
        for (const abort of [local, ...remote, loss]) {
          if (oracle.predict(way.config, abort).kind === 'kept away') continue
          const bench = replay(oracle, rig, way)
          const heard: string[] = []
          let config: Config = way.config
          // The abort, what the peer may still have sent against it, and in the end the loss of everything below.
          for (const step of [abort, ...remote, loss, loss]) {
            if (oracle.predict(config, step).kind === 'usage' && step !== abort) continue
            const comparison = checked(compare(oracle, bench, config, step))
            heard.push(...comparison.found.actions.filter(action => action.startsWith('↑')))
            config = comparison.config
          }
          const wasRefused = oracle.predict(way.config, local).kind === 'usage'
          expect(heard.length, heard.join(', ')).toBeLessThanOrEqual(abort === local && !wasRefused ? 0 : 1)
          expect(bench.timers, 'timers').toBe(0)
        }
      }
    })
  },
)

describe('F-07: a whole association, aborted behind every chunk of its dialogue', () => {
  const visited = new Set<string>()

  test.each(courses.flatMap(course => abortKinds.map(kind => [course, kind] as const)))(
    '%s, %s: each call settles exactly once and nothing is left',
    async (course, kind) => {
      for (let steps = 0, complete = false; !complete; steps++) {
        const cycle = await abortedDialogue(course, kind, steps)
        for (const state of cycle.states) visited.add(state)
        expect({ steps, leaks: cycle.leaks, unsettled: cycle.calls - cycle.settled }).toEqual({ steps, leaks: [], unsettled: 0 })
        complete = cycle.complete
      }
    },
  )

  test('the dialogues pass through all states that two sides of this stack come to', () => {
    const elsewhere = [
      // Only a kept transport and overflow of user data lead there.
      ...['Session STA01A', 'Session STA01D', 'Session STA02B'],
      // Nobody alters contexts here.
      ...['Presentation STAac0', 'Presentation STAac1', 'Presentation STAac2'],
      // The layer above answers before the chunk is done.
      ...['COTP WFTRESP', 'ACSE STA4', 'ACSE STA6', 'MMS asked-to-conclude'],
      // Before the first event.
      'MMS idle',
    ]
    const all = machines
      .filter(({ table }) => !table.name.startsWith('Confirmed'))
      .flatMap(({ table }) => Object.keys(table.states).map(state => `${table.name} ${state}`))
    expect(all.filter(state => !visited.has(state) && !elsewhere.includes(state))).toEqual([])
  })
})
