import { RejectedError, ServiceError } from '@x/core'
import { describe, expect, test } from 'vitest'
import { int, type Pair, pair, settle } from '../../../test/pair.js'
import type { AccessCondition } from '../../asn1/access-control.js'
import type { ServiceError as ServiceErrorValue } from '../../asn1/error.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'
import { types } from '../../value-types.js'
import type { MmsServerOptions, ServerLimits } from '../index.js'
import type { VmdModel } from '../model.js'
import { ProgramFailure, type ProgramHooks } from './hooks.js'

const NEVER: AccessCondition = { type: 'never', value: null }

const model = (program: ProgramHooks = {}, more: Partial<VmdModel> = {}): VmdModel => ({
  identity: { vendorName: 'v', modelName: 'm', revision: 'r' },
  domains: { A: { variables: { x: { type: types.integer(8), value: int(1) } } }, B: {}, Own: {} },
  programInvocations: { Fixed: { domains: ['A'] } },
  program,
  ...more,
})

/** A client and a server with `csr`, unless told otherwise; `Own` is a domain that programs do not share. */
async function programs(
  program: ProgramHooks = {},
  options: Partial<MmsServerOptions> & { initiate?: typeof WHOLE_OF_MMS; limits?: Partial<ServerLimits> } = {},
  more: Partial<VmdModel> = {},
): Promise<Pair> {
  const { initiate = WHOLE_OF_MMS, ...server } = options
  const made = await pair({ model: model(program, more), services: 'all', initiate: WHOLE_OF_MMS, client: { initiate }, ...server })
  const { vmd } = made.server
  vmd.domain('Own')!.attributes = { sharable: false }
  vmd.vmdSpecific.add('accessControlList', list('NoRun', { executeAccessCondition: NEVER, loadAccessCondition: NEVER }))
  vmd.vmdSpecific.add('accessControlList', list('NoLoad', { loadAccessCondition: NEVER, executeAccessCondition: NEVER }))
  return made
}
const list = (name: string, conditions: object) => ({ name, scope: undefined, accessControlList: 'M_Never', conditions })

async function collected<T>(from: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const each of from) all.push(each)
  return all
}

const programOf = ({ server }: Pair, name: string) => server.vmd.vmdSpecific.get('programInvocation', name)!

/** Everything about the programs of a server, to see that nothing has changed. */
const dump = ({ server: { vmd } }: Pair) =>
  JSON.stringify([
    [...vmd.vmdSpecific.of('programInvocation')].map(p => [
      p.name,
      p.state,
      p.executionArgument,
      p.remaining,
      p.controlledBy?.name,
      p.controlled.length,
    ]),
    [...vmd.domains].map(domain => [domain.name, domain.programInvocations.size]),
  ])

async function refused(answer: Promise<unknown>): Promise<ServiceErrorValue> {
  const error = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ServiceError)
  return (error as ServiceError).answered as ServiceErrorValue
}
async function rejected(answer: Promise<unknown>): Promise<unknown> {
  const error = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(RejectedError)
  return ((error as RejectedError).answered as { value: unknown }).value
}

test('a client makes a program, runs it through its states, and deletes it', async () => {
  const seen: unknown[] = []
  const told =
    (what: string) =>
    ({ name }: { name: string }, { executionArgument }: { executionArgument?: unknown }) => {
      seen.push([what, name, executionArgument])
    }
  const p = await programs({ start: told('start'), stop: told('stop'), resume: told('resume'), reset: told('reset'), kill: told('kill') })
  const { mms, server } = p
  const pi = mms.programInvocations
  await pi.createProgramInvocation('P', ['A', 'B', 'A'])
  expect([...server.vmd.domain('B')!.programInvocations].map(({ name }) => name)).toEqual(['P'])
  expect(await pi.getProgramInvocationAttributes('P')).toEqual({
    state: 'idle',
    listOfDomainNames: ['A', 'B'],
    mmsDeletable: true,
    reusable: true,
    monitor: false,
    executionArgument: { type: 'simpleString', value: '' },
    accessControlList: 'M_Deletable',
    errorCode: 0,
    control: { type: 'normal', value: null },
  })
  const state = async () => (await pi.getProgramInvocationAttributes('P')).state
  await pi.start('P', 'fast')
  expect(await state()).toBe('running')
  await pi.stop('P')
  expect(await state()).toBe('stopped')
  await pi.resume('P')
  expect((await pi.getProgramInvocationAttributes('P')).executionArgument).toEqual({ type: 'simpleString', value: 'fast' })
  await pi.stop('P')
  const coded = {
    type: 'encodedString',
    value: { directReference: '1.2.3', encoding: { type: 'octet-aligned', value: Uint8Array.of(1, 2) } },
  } as const
  await pi.resume('P', coded)
  expect((await pi.getProgramInvocationAttributes('P')).executionArgument).toEqual(coded)
  await pi.stop('P')
  await pi.reset('P')
  expect(await state()).toBe('idle')
  await pi.kill('P')
  expect(await state()).toBe('unrunnable')
  expect(seen.map(entry => (entry as unknown[])[0])).toEqual(['start', 'stop', 'resume', 'stop', 'resume', 'stop', 'reset', 'kill'])
  expect(seen[0]).toEqual(['start', 'P', { type: 'simpleString', value: 'fast' }])
  expect(
    await collected(mms.names({ type: 'basicObjectClass', value: 'programInvocation' }, { type: 'vmdSpecific', value: null })),
  ).toEqual(['Fixed', 'P'])
  await pi.deleteProgramInvocation('P')
  expect(server.vmd.domain('B')!.programInvocations.size).toBe(0)
  mms.abort()
})

test('a program of the model is there, and is not deleted by MMS', async () => {
  const p = await programs()
  const pi = p.mms.programInvocations
  expect(await pi.getProgramInvocationAttributes('Fixed')).toMatchObject({
    state: 'idle',
    mmsDeletable: false,
    accessControlList: 'M_NonDeletable',
  })
  expect((await refused(pi.deleteProgramInvocation('Fixed'))).errorClass).toEqual({ type: 'access', value: 'object-access-denied' })
  p.mms.abort()
})

test('a model whose program has a domain that is not there is refused', async () => {
  await expect(pair({ model: model({}, { programInvocations: { P: { domains: ['None'] } } }) })).rejects.toThrow('program invocation P')
  await expect(pair({ model: model({}, { programInvocations: { P: { domains: [] } } }) })).rejects.toThrow('program invocation P')
})

/** What is done first, what is asked, and how it is refused. Errors are ours where the document says so: it fixes acc/3 alone. */
type Refusal = [title: string, before: (p: Pair) => unknown, ask: (p: Pair) => Promise<unknown>, errorClass: string, info?: unknown]
const nothing = () => {}
const create = (domains: string[]) => (p: Pair) => p.mms.programInvocations.createProgramInvocation('New', domains)
const guard = (name: string, accessControlList: string) => (p: Pair) => {
  programOf(p, name).accessControlList = accessControlList
}
const move = (service: 'start' | 'stop' | 'resume' | 'reset', name: string) => (p: Pair) => p.mms.programInvocations[service](name)

const refusals: readonly Refusal[] = [
  ['create, the name is taken', nothing, p => p.mms.programInvocations.createProgramInvocation('Fixed', ['A']), 'definition/object-exists'],
  [
    'create, the VMD forbids it',
    p => {
      p.server.vmd.accessControlList = 'NoLoad'
    },
    create(['A']),
    'access/object-access-denied',
  ],
  [
    'create, the name is taken, whatever the VMD forbids',
    p => {
      p.server.vmd.accessControlList = 'NoLoad'
    },
    p => p.mms.programInvocations.createProgramInvocation('Fixed', ['A']),
    'definition/object-exists',
  ],
  ['create, a domain does not exist', nothing, create(['A', 'None']), 'definition/object-undefined'],
  [
    'create, a domain is in use and not sharable',
    p => p.mms.programInvocations.createProgramInvocation('Owner', ['Own']),
    create(['A', 'Own']),
    'service/object-constraint-conflict',
  ],
  [
    'create, too many',
    nothing,
    async p => {
      for (const name of ['P1', 'P2', 'P3']) await p.mms.programInvocations.createProgramInvocation(name, ['A'])
    },
    'resource/capability-unavailable',
  ],
  ['delete, it does not exist', nothing, p => p.mms.programInvocations.deleteProgramInvocation('None'), 'access/object-non-existent'],
  ['delete, its list forbids it', nothing, p => p.mms.programInvocations.deleteProgramInvocation('Fixed'), 'access/object-access-denied'],
  [
    'delete, it runs',
    async p => {
      await p.mms.programInvocations.createProgramInvocation('P', ['A'])
      await p.mms.programInvocations.start('P')
    },
    p => p.mms.programInvocations.deleteProgramInvocation('P'),
    'service/object-state-conflict',
  ],
  ...(['start', 'stop', 'resume', 'reset'] as const).flatMap((service): Refusal[] => [
    [`${service}, it does not exist`, nothing, move(service, 'None'), 'access/object-non-existent', 'non-existent'],
    [`${service}, its list forbids it`, guard('Fixed', 'NoRun'), move(service, 'Fixed'), 'access/object-access-denied', 'idle'],
    [
      `${service}, the state forbids it`,
      p => p.mms.programInvocations.kill('Fixed'),
      move(service, 'Fixed'),
      'service/object-state-conflict',
      'unrunnable',
    ],
  ]),
  [
    'start, the argument is none for it',
    nothing,
    p => p.mms.programInvocations.start('Fixed', 'bad'),
    'definition/object-attribute-inconsistent',
    'idle',
  ],
  [
    'start, the argument is too long',
    nothing,
    p => p.mms.programInvocations.start('Fixed', 'x'.repeat(200)),
    'resource/memory-unavailable',
    'idle',
  ],
  [
    'start, running comes before a wrong argument',
    p => p.mms.programInvocations.start('Fixed'),
    p => p.mms.programInvocations.start('Fixed', 'bad'),
    'service/object-state-conflict',
    'running',
  ],
  [
    'start, a count for one that does not control',
    nothing,
    p => p.mms.programInvocations.start('Fixed', undefined, { startCount: { type: 'cycleCount', value: 2 } }),
    'definition/object-attribute-inconsistent',
    'idle',
  ],
  ['kill, it does not exist', nothing, p => p.mms.programInvocations.kill('None'), 'access/object-non-existent'],
  ['kill, its list forbids it', guard('Fixed', 'NoRun'), p => p.mms.programInvocations.kill('Fixed'), 'access/object-access-denied'],
  [
    'attributes, it does not exist',
    nothing,
    p => p.mms.programInvocations.getProgramInvocationAttributes('None'),
    'access/object-non-existent',
  ],
]

test.each(refusals)('%s: refused, and nothing has changed', async (...[title, before, ask, errorClass, info]: Refusal) => {
  const hooks: ProgramHooks = { accepts: argument => argument.value !== 'bad' }
  const p = await programs(
    hooks,
    { limits: { maxProgramInvocations: 3, maxExecutionArgument: 100 } },
    { programInvocations: { Fixed: { domains: ['A'], ...hooks } } },
  )
  await before(p)
  const was = dump(p)
  const error = await refused(ask(p))
  expect(`${error.errorClass.type}/${error.errorClass.value}`).toBe(errorClass)
  expect(error.serviceSpecificInfo?.value).toBe(info)
  if (!title.includes('too many')) expect(dump(p)).toBe(was)
  p.mms.abort()
})

test('arguments that break a rule are rejected: no domains, a detail of another service, a count below one', async () => {
  const p = await programs({}, {}, { programInvocations: { Main: { domains: ['A'], control: 'controlling' } } })
  const pi = p.mms.programInvocations
  const was = dump(p)
  expect(await rejected(pi.createProgramInvocation('P', []))).toBe('invalid-argument')
  const request = { programInvocationName: 'Main' }
  expect(await rejected(p.mms.request('start', request, { serviceExt: Uint8Array.of(0x9f, 0x26, 1, 0) }))).toBe('invalid-argument')
  expect(await rejected(p.mms.request('start', request, { serviceExt: Uint8Array.of(0x80, 1, 0) }))).toBe('invalid-argument')
  expect(await rejected(p.mms.request('resume', request, { serviceExt: Uint8Array.of(0x80, 1, 0) }))).toBe('invalid-argument')
  expect(await rejected(pi.start('Main', undefined, { startCount: { type: 'cycleCount', value: 0 } }))).toBe('value-out-of-range')
  expect(await rejected(pi.resume('Main', undefined, { startCount: { type: 'stepCount', value: -1 } }))).toBe('value-out-of-range')
  expect(await rejected(pi.alterProgramInvocationAttributes('Main', { type: 'stepCount', value: 0 }))).toBe('value-out-of-range')
  expect(await rejected(p.mms.additional('select', { controlled: ['Main'] }))).toBe('invalid-argument')
  expect(dump(p)).toBe(was)
  p.mms.abort()
})

test('without csr a detail is a wrong argument, there is none in responses, and the additional services are unrecognized', async () => {
  const p = await programs({}, { initiate: {} })
  const pi = p.mms.programInvocations
  expect(await rejected(pi.createProgramInvocation('P', ['A'], { control: 'controlled' }))).toBe('invalid-argument')
  expect(await pi.getProgramInvocationAttributes('Fixed')).toEqual({
    state: 'idle',
    listOfDomainNames: ['A'],
    mmsDeletable: false,
    reusable: true,
    monitor: false,
    executionArgument: { type: 'simpleString', value: '' },
  })
  expect(await rejected(pi.select('Fixed'))).toBe('unrecognized-service')
  p.mms.abort()
})

describe('while a hook works', () => {
  function held() {
    let settleHook!: (failure?: unknown) => void
    const start = () =>
      new Promise<void>((resolve, reject) => {
        settleHook = failure => (failure === undefined ? resolve() : reject(failure))
      })
    return { hooks: { start }, done: (failure?: unknown) => settleHook(failure) }
  }

  test('other clients see the state between, and are refused with it; a kill ends the start', async () => {
    const { hooks, done } = held()
    const p = await programs(hooks)
    const pi = p.mms.programInvocations
    await pi.createProgramInvocation('P', ['A'])
    const starting = refused(pi.start('P'))
    expect((await pi.getProgramInvocationAttributes('P')).state).toBe('starting')
    expect((await refused(pi.stop('P'))).serviceSpecificInfo).toEqual({ type: 'stop', value: 'starting' })
    expect((await refused(pi.deleteProgramInvocation('P'))).errorClass.value).toBe('object-state-conflict')
    await pi.kill('P')
    done()
    expect(await starting).toEqual({
      errorClass: { type: 'service', value: 'object-state-conflict' },
      serviceSpecificInfo: { type: 'start', value: 'unrunnable' },
    })
    p.mms.abort()
  })

  test('a hook that fails gives its own error, with the state after it', async () => {
    const { hooks, done } = held()
    const p = await programs(hooks)
    const pi = p.mms.programInvocations
    await pi.createProgramInvocation('P', ['A'])
    const starting = pi.start('P')
    await settle()
    done(
      new ProgramFailure({ unrunnable: true, errorCode: 5, error: { errorClass: { type: 'vmdState', value: 'vmd-operational-problem' } } }),
    )
    await expect(starting).rejects.toThrow('vmd-state: vmd-operational-problem (start: unrunnable)')
    expect(await pi.getProgramInvocationAttributes('P')).toMatchObject({ state: 'unrunnable', errorCode: 5 })
    p.mms.abort()
  })

  test('one that takes longer than a call may is answered with time-out; the state stays true, and what it comes to is seen', async () => {
    const { hooks, done } = held()
    const p = await programs(hooks, { limits: { callTimeout: 1_000 } })
    const pi = p.mms.programInvocations
    await pi.createProgramInvocation('P', ['A'])
    const starting = refused(pi.start('P', undefined, { timeout: 0 }))
    await settle()
    p.timers.advance(1_000)
    expect((await starting).errorClass).toEqual({ type: 'servicePreempt', value: 'timeout' })
    expect((await pi.getProgramInvocationAttributes('P')).state).toBe('starting')
    done()
    await settle()
    expect((await pi.getProgramInvocationAttributes('P')).state).toBe('running')
    p.mms.abort()
  })

  test('it goes on when the client that asked has gone, and so does what it has started (self-only)', async () => {
    const { hooks, done } = held()
    const p = await programs(hooks)
    await p.mms.programInvocations.createProgramInvocation('P', ['A'])
    p.mms.programInvocations.start('P').catch(nothing)
    await settle()
    p.mms.abort()
    await p.association.ended
    expect(programOf(p, 'P').state).toBe('starting')
    done()
    await settle()
    expect(programOf(p, 'P').state).toBe('running')
  })
})

describe('programs that control others', () => {
  const controlling = { domains: ['A'], control: 'controlling' } as const
  const controlled = { domains: ['A'], control: 'controlled' } as const
  const robots = {
    programInvocations: {
      Main: { ...controlling, hasLocation: (at: string) => at === 'step 3' },
      Other: controlling,
      Arm: controlled,
      Belt: controlled,
      Plain: { domains: ['B'] },
    },
  }

  test('one is selected with those that it controls, and moves them; directly they can only be stopped and killed', async () => {
    const p = await programs({}, {}, robots)
    const pi = p.mms.programInvocations
    await pi.select('Main', ['Arm', 'Belt', 'Arm'])
    expect(await pi.getProgramInvocationAttributes('Main')).toMatchObject({
      control: { type: 'controlling', value: { controlledPI: ['Arm', 'Belt'], runningMode: { type: 'freeRunning', value: null } } },
    })
    expect(await pi.getProgramInvocationAttributes('Arm')).toMatchObject({
      control: { type: 'controlled', value: { type: 'controllingPI', value: 'Main' } },
    })
    expect((await refused(pi.start('Arm'))).errorClass).toEqual({ type: 'service', value: 'object-constraint-conflict' })
    await pi.start('Main', undefined, { startLocation: 'step 3', startCount: { type: 'cycleCount', value: 2 } })
    expect((await pi.getProgramInvocationAttributes('Belt')).state).toBe('running')
    programOf(p, 'Main').programLocation = 'step 4'
    expect(await pi.getProgramInvocationAttributes('Main')).toMatchObject({
      control: { value: { programLocation: 'step 4', runningMode: { type: 'cycleLimited', value: 2 } } },
    })
    await pi.stop('Arm')
    await pi.alterProgramInvocationAttributes('Main', { type: 'stepCount', value: 9 })
    expect(await pi.getProgramInvocationAttributes('Main')).toMatchObject({
      control: { value: { runningMode: { type: 'stepLimited', value: 9 } } },
    })
    await pi.stop('Main')
    expect((await pi.getProgramInvocationAttributes('Belt')).state).toBe('stopped')
    await pi.resume('Main', undefined, { startCount: { type: 'noLimit', value: null } })
    expect((await pi.getProgramInvocationAttributes('Arm')).state).toBe('running')
    expect(await pi.getProgramInvocationAttributes('Main')).toMatchObject({ control: { value: { runningMode: { type: 'freeRunning' } } } })
    p.mms.abort()
  })

  test('without names nothing is selected any more; those that were controlled stay so', async () => {
    const p = await programs({}, {}, robots)
    const pi = p.mms.programInvocations
    await pi.select('Main', ['Arm'])
    await pi.select()
    await pi.select('Main', ['Belt'])
    expect(await pi.getProgramInvocationAttributes('Arm')).toMatchObject({
      control: { type: 'controlled', value: { type: 'none', value: null } },
    })
    p.mms.abort()
  })

  test('a client makes them, and one that is controlled is deleted only while its controlling one is idle', async () => {
    const p = await programs()
    const pi = p.mms.programInvocations
    await pi.createProgramInvocation('Main', ['A'], { control: 'controlling' })
    await pi.createProgramInvocation('Arm', ['A'], { control: 'controlled' })
    await pi.select('Main', ['Arm'])
    await pi.start('Main')
    await pi.stop('Arm')
    expect((await refused(pi.deleteProgramInvocation('Arm'))).errorClass).toEqual({ type: 'service', value: 'object-constraint-conflict' })
    programOf(p, 'Main').ended()
    await pi.deleteProgramInvocation('Arm')
    expect(await pi.getProgramInvocationAttributes('Main')).toMatchObject({ control: { value: { controlledPI: [] } } })
    p.mms.abort()
  })

  const wrong: readonly Refusal[] = [
    ['select, the controlling one does not exist', nothing, p => p.mms.programInvocations.select('None'), 'access/object-non-existent'],
    [
      'select, the VMD forbids it',
      p => {
        p.server.vmd.accessControlList = 'NoRun'
      },
      p => p.mms.programInvocations.select('Main'),
      'access/object-access-denied',
    ],
    [
      'select, a controlled one does not exist',
      nothing,
      p => p.mms.programInvocations.select('Main', ['None']),
      'definition/object-undefined',
    ],
    [
      'select, it is not of the kind that controls',
      nothing,
      p => p.mms.programInvocations.select('Plain'),
      'definition/object-attribute-inconsistent',
    ],
    [
      'select, a member is not of the kind that is controlled',
      nothing,
      p => p.mms.programInvocations.select('Main', ['Plain']),
      'definition/object-attribute-inconsistent',
    ],
    [
      'select, it runs',
      p => p.mms.programInvocations.start('Main'),
      p => p.mms.programInvocations.select('Main'),
      'service/object-state-conflict',
    ],
    [
      'select, the one selected before runs',
      async p => {
        await p.mms.programInvocations.select('Main')
        await p.mms.programInvocations.start('Main')
      },
      p => p.mms.programInvocations.select('Other'),
      'service/object-state-conflict',
    ],
    [
      'select, a member has another controlling one',
      p => p.mms.programInvocations.select('Main', ['Arm']),
      p => p.mms.programInvocations.select('Other', ['Arm']),
      'service/object-constraint-conflict',
    ],
    [
      'alter, it does not exist',
      nothing,
      p => p.mms.programInvocations.alterProgramInvocationAttributes('None'),
      'access/object-non-existent',
    ],
    [
      'alter, its list forbids it',
      guard('Main', 'NoLoad'),
      p => p.mms.programInvocations.alterProgramInvocationAttributes('Main'),
      'access/object-access-denied',
    ],
    [
      'alter, it is not of the kind that controls',
      nothing,
      p => p.mms.programInvocations.alterProgramInvocationAttributes('Plain'),
      'definition/object-attribute-inconsistent',
    ],
    [
      'start, there is no such place',
      nothing,
      p => p.mms.programInvocations.start('Main', undefined, { startLocation: 'nowhere' }),
      'definition/object-attribute-inconsistent',
      'idle',
    ],
    [
      'resume, a count for one that does not control',
      async p => {
        await p.mms.programInvocations.start('Plain')
        await p.mms.programInvocations.stop('Plain')
      },
      p => p.mms.programInvocations.resume('Plain', undefined, { startCount: { type: 'cycleCount', value: 2 } }),
      'definition/object-attribute-inconsistent',
      'stopped',
    ],
  ]
  test.each(wrong)('%s: refused, and nothing has changed', async (...[, before, ask, errorClass, info]: Refusal) => {
    const p = await programs({}, {}, robots)
    await before(p)
    const was = dump(p)
    const error = await refused(ask(p))
    expect(`${error.errorClass.type}/${error.errorClass.value}`).toBe(errorClass)
    expect(error.serviceSpecificInfo?.value).toBe(info)
    expect(dump(p)).toBe(was)
    p.mms.abort()
  })
})
