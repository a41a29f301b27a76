import { describe, expect, test } from 'vitest'
import { int } from '../../../test/pair.js'
import { types } from '../../value-types.js'
import { Vmd } from '../vmd.js'
import { createProgramInvocation, deleteProgramInvocation } from './create.js'
import { ProgramFailure, type ProgramHooks, type ProgramRun } from './hooks.js'
import type { ProgramInvocation } from './program-invocation.js'
import { nextState, type ProgramEvent, type ProgramState } from './states.js'

/**
 * An independent copy of the table, as the rows of the document have it. `.`: refused, or no event of that state. `*`: idle if reusable, else
 * unrunnable. Columns: unrunnable, idle, running, stopped, starting, stopping, resuming, resetting.
 */
const STATES: readonly ProgramState[] = ['unrunnable', 'idle', 'running', 'stopped', 'starting', 'stopping', 'resuming', 'resetting']
const ROWS: Record<ProgramEvent, string> = {
  start: '. starting . . . . . .',
  stop: '. . stopping . . . . .',
  resume: '. . . resuming . . . .',
  reset: '. . . resetting . . . .',
  kill: 'unrunnable unrunnable unrunnable unrunnable unrunnable unrunnable unrunnable unrunnable',
  delete: 'gone gone . gone . . . .',
  done: '. . . . running stopped running *',
  failed: '. . . . idle running stopped stopped',
  ended: '. . * . . . . .',
  halted: '. . stopped . . . . .',
  broken: 'unrunnable unrunnable unrunnable unrunnable unrunnable unrunnable unrunnable unrunnable',
  vMDStop: '. . stopped . . . . .',
}
/** Cells that no public text has: our own reading. */
const SELF_ONLY = new Set<ProgramEvent>(['kill', 'delete', 'ended', 'halted', 'vMDStop'])
const cells = (Object.keys(ROWS) as ProgramEvent[]).flatMap(event =>
  ROWS[event].split(' ').map((target, i) => ({ event, state: STATES[i]!, target, tag: SELF_ONLY.has(event) ? ' (self-only)' : '' })),
)

test.each(cells)('program invocation, $state: $event leads to $target$tag', ({ state, event, target }) => {
  for (const reusable of [true, false]) {
    const expected = target === '.' ? undefined : target === '*' ? (reusable ? 'idle' : 'unrunnable') : target
    expect(nextState(state, event, reusable)).toBe(expected)
  }
})

function vmdWith(program: ProgramHooks = {}): Vmd {
  return new Vmd({
    identity: { vendorName: 'v', modelName: 'm', revision: 'r' },
    domains: { D: { variables: { x: { type: types.integer(8), value: int(1) } } }, E: {} },
    program,
  })
}

function made(vmd: Vmd, name = 'P', more: { reusable?: boolean; control?: 'controlling' | 'controlled' } = {}): ProgramInvocation {
  const made = createProgramInvocation(vmd, { name, domains: ['D'], reusable: true, ...more })
  if ('error' in made) throw new TypeError(JSON.stringify(made))
  return made.program
}

const isStart = { start: 'idle', stop: 'running', resume: 'stopped', reset: 'stopped' } as const
const between = { start: 'starting', stop: 'stopping', resume: 'resuming', reset: 'resetting' } as const
const after = { start: 'running', stop: 'stopped', resume: 'running', reset: 'idle' } as const
type Moving = keyof typeof between
const MOVING = Object.keys(between) as Moving[]

/** A program in the state from which a service leads on, whose hook for it hangs until it is told. */
function hanging(service: Moving, reusable = true) {
  let settle!: (failure?: unknown) => void
  let run: ProgramRun | undefined
  const hook = (_: ProgramInvocation, given: ProgramRun) => {
    run = given
    return new Promise<void>((resolve, reject) => {
      settle = failure => (failure === undefined ? resolve() : reject(failure))
    })
  }
  const vmd = vmdWith({ [service]: hook })
  const program = made(vmd, 'P', { reusable })
  if (isStart[service] !== 'idle') {
    // Ways there that do not use the hook that hangs.
    program.move('start')
    if (isStart[service] === 'stopped') program.halted()
  }
  expect(program.state).toBe(isStart[service])
  const answer = Promise.resolve(program.move(service))
  return { program, answer, settle: (failure?: unknown) => settle(failure), run: () => run! }
}

describe.each(MOVING)('while the hook of %s works', service => {
  test('the invocation is between two states, and other services are refused with that state', async () => {
    const { program, answer, settle } = hanging(service)
    expect(program.state).toBe(between[service])
    for (const other of MOVING) {
      expect(program.move(other)).toEqual({
        error: {
          errorClass: { type: 'service', value: 'object-state-conflict' },
          serviceSpecificInfo: { type: other, value: between[service] },
        },
      })
    }
    settle()
    expect(await answer).toBeUndefined()
    expect(program.state).toBe(after[service])
    expect(program.settled).toBeUndefined()
  })

  test('a failure leads back, and the error has the state after it', async () => {
    const { program, answer, settle } = hanging(service)
    settle(new TypeError('no'))
    expect(await answer).toEqual({
      error: { errorClass: { type: 'service', value: 'other' }, serviceSpecificInfo: { type: service, value: isStart[service] } },
    })
    expect(program.state).toBe(isStart[service])
  })

  test('a failure beyond repair leads to unrunnable, with an error and a code of the application', async () => {
    const { program, answer, settle } = hanging(service)
    const error = { errorClass: { type: 'resource', value: 'memory-unavailable' } } as const
    settle(new ProgramFailure({ unrunnable: true, errorCode: 7, error }))
    expect(await answer).toEqual({ error: { ...error, serviceSpecificInfo: { type: service, value: 'unrunnable' } } })
    expect(program.state).toBe('unrunnable')
    expect(program.errorCode).toBe(7)
  })

  test('kill wins: the service ends with object-state-conflict, its hook is told, what it answers counts no more', async () => {
    const { program, answer, settle, run } = hanging(service)
    const { signal } = run()
    const settled = program.settled!
    expect(program.kill()).toBeUndefined()
    await settled
    expect(signal.aborted).toBe(true)
    expect(program.state).toBe('unrunnable')
    settle()
    expect(await answer).toEqual({
      error: {
        errorClass: { type: 'service', value: 'object-state-conflict' },
        serviceSpecificInfo: { type: service, value: 'unrunnable' },
      },
    })
    expect(program.state).toBe('unrunnable')
  })

  test('a program that breaks is unrunnable at once', async () => {
    const { program, answer, settle } = hanging(service)
    program.broken(3)
    expect([program.state, program.errorCode]).toEqual(['unrunnable', 3])
    settle()
    expect(await answer).toHaveProperty('error.serviceSpecificInfo.value', 'unrunnable')
  })

  test('one that is deleted meanwhile is non-existent to its service', async () => {
    const { program, answer, settle } = hanging(service)
    deleteProgramInvocation(program)
    settle()
    expect(await answer).toHaveProperty('error.serviceSpecificInfo.value', 'non-existent')
    expect(program.scope).toBeUndefined()
  })

  test('vMDStop waits for it, and then stops what runs (self-only)', async () => {
    const { program, answer, settle } = hanging(service)
    program.vMDStop()
    expect(program.state).toBe(between[service])
    settle()
    await answer
    expect(program.state).toBe(service === 'reset' ? 'idle' : 'stopped')
  })
})

test('a reset of one that is not reusable leads to unrunnable', async () => {
  const { program, answer, settle } = hanging('reset', false)
  settle()
  expect(await answer).toBeUndefined()
  expect(program.state).toBe('unrunnable')
})

test('a kill that fails leaves the state; one that takes its time is one for all who ask', async () => {
  let settle!: (failure?: unknown) => void
  let kills = 0
  const kill = () => {
    kills += 1
    return new Promise<void>((resolve, reject) => {
      settle = failure => (failure === undefined ? resolve() : reject(failure))
    })
  }
  const program = made(vmdWith({ kill }))
  program.move('start')
  const [one, two] = [program.kill(), program.kill()]
  expect(program.state).toBe('running')
  settle(new TypeError('no'))
  expect(await one).toEqual({ error: { errorClass: { type: 'service', value: 'other' } } })
  expect(await two).toEqual(await one)
  expect([program.state, kills]).toEqual(['running', 1])
  const again = program.kill()
  settle()
  expect(await again).toBeUndefined()
  expect(program.state).toBe('unrunnable')
  expect(program.kill()).toBeUndefined()
  expect(kills).toBe(2)
})

test('a controlling invocation counts its cycles: the last one is its end', () => {
  const program = made(vmdWith(), 'P', { control: 'controlling' })
  program.move('start')
  expect(program.remaining).toEqual({ type: 'cycleCount', value: 1 })
  program.stepEnded()
  expect(program.state).toBe('running')
  program.cycleEnded()
  expect(program.state).toBe('idle')
  program.move('start', { startCount: { type: 'stepCount', value: 2 } })
  program.stepEnded()
  expect(program.remaining).toEqual({ type: 'stepCount', value: 1 })
  program.stepEnded()
  expect(program.state).toBe('idle')
  program.move('start', { startCount: { type: 'noLimit', value: null } })
  program.cycleEnded()
  expect(program.state).toBe('running')
})

test('those that are controlled are moved by their controlling one; the first that fails ends it, those before it stay moved', async () => {
  const vmd = vmdWith({
    start: async program => {
      if (program.name === 'C') throw new ProgramFailure({ error: { errorClass: { type: 'resource', value: 'other' } } })
    },
  })
  const [a, b, c, d] = [
    made(vmd, 'A', { control: 'controlling' }),
    made(vmd, 'B', { control: 'controlled' }),
    made(vmd, 'C', { control: 'controlled' }),
    made(vmd, 'D', { control: 'controlled' }),
  ]
  a.controlled = [b, c, d]
  expect(await a.move('start')).toEqual({
    error: { errorClass: { type: 'resource', value: 'other' }, serviceSpecificInfo: { type: 'start', value: 'idle' } },
  })
  expect([a, b, c, d].map(({ state }) => state)).toEqual(['idle', 'running', 'idle', 'idle'])
  a.controlled = [b, d]
  expect(await a.move('start')).toBeUndefined()
  expect([a, b, c, d].map(({ state }) => state)).toEqual(['running', 'running', 'idle', 'running'])
  expect(await a.move('stop')).toBeUndefined()
  expect([a, b, d].map(({ state }) => state)).toEqual(['stopped', 'stopped', 'stopped'])
  expect(await a.move('reset')).toBeUndefined()
  expect([a, b, d].map(({ state }) => state)).toEqual(['idle', 'idle', 'idle'])
})

test('listeners hear of each change when it has happened', () => {
  const program = made(vmdWith())
  const heard: string[] = []
  program.listeners.add(({ state }, from) => heard.push(`${from} → ${state}`))
  program.move('start')
  program.halted()
  program.move('reset')
  deleteProgramInvocation(program)
  expect(heard).toEqual([
    'idle → starting',
    'starting → running',
    'running → stopped',
    'stopped → resetting',
    'resetting → idle',
    'idle → non-existent',
  ])
})
