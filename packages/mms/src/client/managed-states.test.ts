import { describe, expect, test } from 'vitest'
import { Managed } from '../../test/managed.js'
import { settle } from '../../test/pair.js'
import { type ManagedEvent, type ManagedState, managedEvents, managedStates, managedTable } from './managed-states.js'

/** Brings a managed client into a state; what it left behind on the way may still speak. */
async function inState(state: ManagedState): Promise<Managed & { restoring?: () => void }> {
  let hopeless = false
  let restored = () => {}
  const h = new Managed({
    retry: () => !hopeless,
    restore: () =>
      new Promise<void>(resolve => {
        restored = resolve
      }),
  })
  Object.assign(h, { giveUp: () => (hopeless = true), restored: () => restored() })
  h.hold = true
  if (state === 'idle') return h
  h.managed.open()
  if (state === 'connecting') return h
  if (state === 'waiting') {
    h.held[0]!.fail(new Error('no route'))
    await settle()
    return h
  }
  await h.held[0]!.succeed()
  await settle()
  restored()
  await settle()
  if (state === 'closed') void h.managed.close()
  await settle()
  return h
}

/** Makes an event happen, as far as it can in the state: what belongs to an attempt or an association that is over comes late. */
async function happens(h: Managed, event: ManagedEvent, state: ManagedState): Promise<void> {
  const hand = h as Managed & { giveUp: () => void; restored: () => void }
  const associated = async () => {
    await h.held.at(-1)?.succeed()
    await settle()
  }
  switch (event) {
    case 'open':
      h.managed.open()
      break
    case 'close':
      void h.managed.close()
      break
    case 'due':
      h.timers.advance(60_000)
      break
    case 'opened':
      await associated()
      hand.restored()
      break
    case 'failed':
      h.held.at(-1)?.fail(new Error('no route'))
      break
    case 'lost':
      if (state === 'connecting') await associated()
      h.client?.abort()
      break
    case 'given up':
      hand.giveUp()
      h.held.at(-1)?.fail(new Error('no route'))
      h.client?.abort()
      break
  }
  await settle()
}

describe('F-14: the states of a managed client', () => {
  test.each(managedStates.flatMap(state => managedEvents.map(event => [state, event] as const)))('in %s: %s', async (state, event) => {
    const h = await inState(state)
    expect(h.managed.state).toBe(state)
    const before = h.changes.length
    await happens(h, event, state)
    const next = managedTable[state][event]
    expect(h.managed.state).toBe(next ?? state)
    expect(h.changes.slice(before)).toMatchObject(next === undefined ? [] : [{ from: state, to: next, because: event }])
  })

  test('nothing is left in any state once it is closed', async () => {
    for (const state of managedStates) {
      const h = await inState(state)
      await h.managed.close()
      expect(h.held.every(({ signal }) => state === 'connected' || state === 'closed' || signal.aborted)).toBe(true)
      if (state === 'connecting') await h.held[0]!.succeed()
      await h.advance(60_000)
      expect([state, h.server.associations.size, h.timers.pending]).toEqual([state, 0, 0])
    }
  })
})
