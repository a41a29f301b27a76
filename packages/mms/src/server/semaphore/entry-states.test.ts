import { HandTimers } from '@x/core/testing'
import { describe, expect, test } from 'vitest'
import type { ServerAssociation } from '../association.js'
import type { SemaphoreEntry } from './entry.js'
import { type EntryEvent, type EntryState, entryStates, events } from './entry-states.js'
import { type Asked, Semaphore } from './semaphore.js'

/**
 * The table once more, as text: what becomes of the entry, then what its request ends with, then what else is done. `free`: the next in the queue
 * has control. A cell that is not here changes nothing.
 */
const CELLS: Readonly<Record<EntryState, Partial<Record<EntryEvent, string>>>> = {
  queued: {
    'token free': 'owner, granted',
    'acceptable delay over': 'gone, servicePreempt timeout',
    cancelled: 'gone, servicePreempt cancel',
    'association lost, relinquish': 'gone, applicationReference connection-lost',
    'association lost, keep': 'gone, applicationReference connection-lost',
    reset: 'gone, servicePreempt other',
  },
  owner: {
    relinquished: 'gone, free',
    'service ended': 'gone, free',
    'control time over, abort': 'gone, abort, free',
    'control time over, keep': 'hung, trigger',
    'association lost, relinquish': 'gone, free',
    'association lost, keep': 'hung',
    reset: 'gone, free',
  },
  hung: {
    relinquished: 'gone, free',
    'service ended': 'gone, free',
    'control time over, abort': 'gone, free',
    preempted: 'gone',
    reset: 'gone, free',
  },
}

/** Cells that are our own reading: no public text or program confirms them. */
const SELF_ONLY = new Set([
  'hung relinquished',
  'hung service ended',
  'hung control time over, abort',
  'queued reset',
  'owner reset',
  'hung reset',
])

const name = { type: 'vmdSpecific', value: 's' } as const

/** A semaphore with one token, an entry in the wanted state, and what it and its surroundings do. */
function scene(state: EntryState) {
  const timers = new HandTimers()
  const log: string[] = []
  const controller = new AbortController()
  const association = (own: AbortController) =>
    ({
      vmd: { timers, now: () => 0 },
      association: { calling: {} },
      limits: {},
      signal: own.signal,
      get closeReason() {
        return own.signal.aborted ? 'lost' : undefined
      },
      holdOpen: () => () => {},
      abort: () => {
        log.push('abort')
        own.abort()
      },
    }) as unknown as ServerAssociation
  const semaphore = new Semaphore('s', 1, 'M_Deletable', {
    hasRoom: () => true,
    count: () => {},
    onTimeOut: () => void log.push('trigger'),
  })
  const ask = (own: AbortController): Asked => ({
    request: { semaphoreName: name, priority: 64, relinquishIfConnectionLost: true },
    entryClass: 'simple',
    association: association(own),
    call: { signal: own.signal, cancelable: false },
  })
  const first = state === 'queued' ? (semaphore.take(ask(new AbortController())) as { entry: SemaphoreEntry }).entry : undefined
  const taken = semaphore.take(ask(controller))
  const entry = taken instanceof Promise ? semaphore.entries('queued')[0]! : (taken as { entry: SemaphoreEntry }).entry
  if (taken instanceof Promise) {
    void taken.then(outcome => {
      const error = 'error' in outcome ? outcome.error.errorClass : undefined
      log.push(error === undefined ? 'granted' : `${error.type} ${error.value}`)
    })
  } else if (state === 'hung') {
    entry.take('association lost, keep')
  }
  if (first !== undefined) return { entry, log, give: () => first.take('relinquished'), timers }
  void (semaphore.take(ask(new AbortController())) as Promise<unknown>).then(() => log.push('free'))
  return { entry, log, give: () => {}, timers }
}

describe('entries of a semaphore, ISO 9506-1, 16.1.3.9', () => {
  for (const state of ['queued', 'owner', 'hung'] as const) {
    const cells = events.map(event => [event, CELLS[state][event], SELF_ONLY.has(`${state} ${event}`) ? 'self-only' : ''] as const)
    test.each(cells)(`${state}: %s → %s %s`, async (event, expected) => {
      const { entry, log, give } = scene(state)
      expect(entry.state).toBe(state)
      if (event === 'token free') give()
      else entry.take(event)
      await Promise.resolve()
      await Promise.resolve()
      const now = [entry.state ?? 'gone', ...log].join(', ')
      expect(now).toBe(expected ?? state)
    })
  }

  test('the table has no other cells', () => {
    const cells = (table: object) => Object.entries(table).map(([state, row]) => [state, Object.keys(row).sort()])
    expect(cells(entryStates)).toEqual(cells(CELLS))
  })

  test('control time goes on while an entry is hung, and timers go with the entry', () => {
    const { entry, timers } = scene('owner')
    entry.take('relinquished')
    expect(timers.pending).toBe(0)
  })
})
