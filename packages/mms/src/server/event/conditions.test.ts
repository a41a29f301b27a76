import { describe, expect, test } from 'vitest'
import { eventPair, heardBy, outcomeOf, START, truth } from '../../../test/event-pair.js'
import { model, pair, settle } from '../../../test/pair.js'
import { parseObjectName } from '../../names.js'
import { USUAL_PARAMETERS } from '../../negotiation.js'
import { types } from '../../value-types.js'
import { eventTimeOf } from './objects.js'

const named = (text: string) => ({ type: 'name', value: parseObjectName(text) }) as const
const monitored = (eventConditionName: string, more: object = {}) => ({
  eventConditionName,
  class: 'monitored' as const,
  monitoredVariable: named('D/alarm'),
  ...more,
})
const triggered = (eventConditionName: string, more: object = {}) => ({ eventConditionName, class: 'network-triggered' as const, ...more })
const AT = (milliseconds: number) => eventTimeOf(START + milliseconds)

describe('defineEventCondition', () => {
  test('makes a condition that is disabled, and that getEventConditionAttributes shows', async () => {
    const { mms } = await eventPair()
    await mms.events.defineEventCondition(
      monitored('D/c', { severity: 3, priority: 4, alarmSummaryReports: true, evaluationInterval: 500 }),
    )
    expect(await mms.events.getEventConditionAttributes('D/c')).toEqual({
      mmsDeletable: true,
      class: 'monitored',
      priority: 4,
      severity: 3,
      alarmSummaryReports: true,
      monitoredVariable: { type: 'variableReference', value: named('D/alarm') },
      evaluationInterval: 500,
      accessControlList: 'M_Deletable',
    })
    expect(await mms.events.reportEventConditionStatus('D/c')).toEqual({
      currentState: 'disabled',
      numberOfEventEnrollments: 0,
      enabled: false,
    })
    await mms.events.defineEventCondition(triggered('t'))
    expect(await mms.events.getEventConditionAttributes('vmd:t')).toMatchObject({ class: 'network-triggered', priority: 64, severity: 64 })
    expect(await mms.events.reportEventConditionStatus('t')).toEqual({ currentState: 'disabled', numberOfEventEnrollments: 0 })
  })

  test('variables without a name are watched by their address', async () => {
    const { mms, timers } = await eventPair({ unnamedVariables: [{ address: 7, type: types.boolean, value: truth(true) }] } as never)
    const address = { type: 'address', value: { type: 'numericAddress', value: 7 } } as const
    await mms.events.defineEventCondition(monitored('c', { monitoredVariable: address }))
    await mms.events.alterEventConditionMonitoring({ eventConditionName: 'c', enabled: true })
    timers.advance(1)
    expect(await mms.events.reportEventConditionStatus('c')).toMatchObject({ currentState: 'active' })
    expect(await mms.events.getEventConditionAttributes('c')).toMatchObject({ monitoredVariable: { value: address } })
  })

  test.each([
    ['a network-triggered one that reports alarms', triggered('c', { alarmSummaryReports: true }), 'MMS_REJECT_INVALID_ARGUMENT'],
    ['a network-triggered one with a variable', triggered('c', { monitoredVariable: named('D/alarm') }), 'MMS_REJECT_INVALID_ARGUMENT'],
    ['a network-triggered one with an interval', triggered('c', { evaluationInterval: 100 }), 'MMS_REJECT_INVALID_ARGUMENT'],
    ['a monitored one without a variable', { ...monitored('c'), monitoredVariable: undefined }, 'MMS_REJECT_INVALID_ARGUMENT'],
    ['a class that does not exist', { eventConditionName: 'c', class: 7 }, 'MMS_REJECT_INVALID_ARGUMENT'],
    ['a domain that does not exist', monitored('none/c'), 'MMS_ACCESS_OBJECT_NON_EXISTENT'],
    ['a name that is taken', monitored('taken'), 'MMS_DEFINITION_OBJECT_EXISTS'],
    ['a variable that does not exist', monitored('c', { monitoredVariable: named('D/none') }), 'MMS_DEFINITION_OBJECT_UNDEFINED'],
    ['a variable that is no boolean', monitored('c', { monitoredVariable: named('number') }), 'MMS_DEFINITION_TYPE_INCONSISTENT'],
    [
      'an address where nothing is',
      monitored('c', { monitoredVariable: { type: 'address', value: { type: 'numericAddress', value: 1 } } }),
      'MMS_DEFINITION_INVALID_ADDRESS',
    ],
    ['an interval that is too short', monitored('c', { evaluationInterval: 9 }), 'MMS_TIME_RESOLUTION_UNSUPPORTABLE_TIME_RESOLUTION'],
  ])('refuses %s, and makes nothing', async (_, argument, code) => {
    const { mms, server } = await eventPair({ eventConditions: { taken: {} } })
    expect(await outcomeOf(mms.events.defineEventCondition(argument as never))).toBe(code)
    expect(server.vmd.vmdSpecific.of('eventCondition').names.filter(name => !name.startsWith('M_'))).toEqual(['taken'])
  })

  test('without cei there is no evaluation interval, in a request or a response', async () => {
    const { mms } = await eventPair(
      { eventConditions: { c: { watches: { variable: 'D/alarm' }, evaluationInterval: 300 } } },
      { client: { initiate: { versionNumber: 3, parameterCBB: USUAL_PARAMETERS } } },
    )
    expect(await mms.events.getEventConditionAttributes('c')).not.toHaveProperty('evaluationInterval')
    expect(await outcomeOf(mms.events.defineEventCondition(monitored('d', { evaluationInterval: 300 })))).toBe(
      'MMS_REJECT_INVALID_ARGUMENT',
    )
    expect(await outcomeOf(mms.events.alterEventConditionMonitoring({ eventConditionName: 'c', evaluationInterval: 300 }))).toBe(
      'MMS_REJECT_INVALID_ARGUMENT',
    )
  })

  test('the VMD may forbid it, and its limits bind the association and everybody', async () => {
    const { mms, server } = await eventPair({}, { eventLimits: { maxConditions: 1, maxPerAssociation: 1 } })
    await mms.events.defineEventCondition(triggered('one'))
    expect(await outcomeOf(mms.events.defineEventCondition(triggered('D/two')))).toBe('MMS_RESOURCE_CAPABILITY_UNAVAILABLE')
    await mms.events.defineEventCondition(triggered('aa:one'))
    expect(await outcomeOf(mms.events.defineEventCondition(triggered('aa:two')))).toBe('MMS_RESOURCE_CAPABILITY_UNAVAILABLE')
    expect(await mms.events.deleteEventCondition(['one'])).toBe(0)
    await mms.events.defineEventCondition(triggered('D/two'))
    server.vmd.accessControlList = 'closed'
    server.vmd.vmdSpecific.add('accessControlList', {
      name: 'closed',
      scope: undefined,
      accessControlList: 'M_Never',
      conditions: { loadAccessCondition: { type: 'never', value: null } },
    })
    expect(await outcomeOf(mms.events.defineEventCondition(triggered('three')))).toBe('MMS_ACCESS_OBJECT_ACCESS_DENIED')
  })

  test('RM-16: one of an association goes with it, and leans on its own objects alone', async () => {
    const { mms, server, association } = await eventPair()
    await mms.events.defineEventCondition(triggered('aa:c'))
    expect(association.own.of('eventCondition').size).toBe(1)
    mms.abort()
    await association.ended
    expect(association.own.of('eventCondition').size).toBe(0)
    expect(server.vmd.vmdSpecific.of('eventCondition').has('c')).toBe(false)
  })
})

describe('the states of a condition on the wire: every event in every state', () => {
  const states = ['disabled', 'idle', 'active'] as const
  const made = async (state: (typeof states)[number]) => {
    let value = state === 'active'
    let fails = false
    const read = () => (fails ? ({ failure: 'hardware-fault' } as const) : truth(value))
    const all = await eventPair({
      variables: { watched: { type: types.boolean, read } },
      eventConditions: { c: { watches: { variable: 'watched' }, enabled: state !== 'disabled', accessControlList: 'M_Deletable' } },
    })
    const set = (to: boolean | 'unreadable') => {
      fails = to === 'unreadable'
      if (to !== 'unreadable') value = to
      all.timers.advance(1_000)
    }
    expect(all.server.events.condition('c')?.state).toBe(state)
    return { ...all, set, alter: (enabled: boolean) => all.mms.events.alterEventConditionMonitoring({ eventConditionName: 'c', enabled }) }
  }
  const act = {
    'variable becomes TRUE': async ({ set }: Awaited<ReturnType<typeof made>>) => set(true),
    'variable becomes FALSE': async ({ set }: Awaited<ReturnType<typeof made>>) => set(false),
    'variable cannot be read (self-only)': async ({ set }: Awaited<ReturnType<typeof made>>) => set('unreadable'),
    'enabled with TRUE': async ({ set, alter }: Awaited<ReturnType<typeof made>>) => [set(true), await alter(true)],
    'enabled with FALSE': async ({ set, alter }: Awaited<ReturnType<typeof made>>) => [set(false), await alter(true)],
    disabled: async ({ alter }: Awaited<ReturnType<typeof made>>) => alter(false),
    'variable deleted (self-only)': async ({ server }: Awaited<ReturnType<typeof made>>) =>
      server.vmd.vmdSpecific.remove('namedVariable', server.vmd.vmdSpecific.get('namedVariable', 'watched')!),
    deleted: async ({ mms }: Awaited<ReturnType<typeof made>>) => expect(await mms.events.deleteEventCondition(['c'])).toBe(0),
  }
  const table: Record<keyof typeof act, readonly string[]> = {
    'variable becomes TRUE': ['disabled', 'active', 'active'],
    'variable becomes FALSE': ['disabled', 'idle', 'idle'],
    'variable cannot be read (self-only)': ['disabled', 'idle', 'active'],
    'enabled with TRUE': ['active', 'active', 'active'],
    'enabled with FALSE': ['idle', 'idle', 'idle'],
    disabled: ['disabled', 'disabled', 'disabled'],
    'variable deleted (self-only)': ['disabled', 'disabled', 'disabled'],
    deleted: ['gone', 'gone', 'gone'],
  }
  const cells = (Object.keys(act) as (keyof typeof act)[]).flatMap(event =>
    states.map((state, i) => ({ event, state, to: table[event][i]! })),
  )
  test.each(cells)('$state, $event: $to', async ({ event, state, to }) => {
    const all = await made(state)
    await act[event](all)
    await settle()
    expect(all.server.events.condition('c')?.state ?? 'gone').toBe(to)
    if (!event.startsWith('variable deleted')) return
    expect(await all.mms.events.getEventConditionAttributes('c')).toMatchObject({ monitoredVariable: { type: 'undefined' } })
    expect(await all.mms.events.reportEventConditionStatus('c')).toMatchObject({ enabled: false })
  })
})

describe('evaluation', () => {
  test('at a write of the whole or a part, at the application’s word, at the interval; with the times of the last transitions', async () => {
    let sensor = false
    const { mms, server, timers } = await eventPair({
      domains: {
        D: {
          componentsAsVariables: true,
          variables: { s: { type: types.structure({ on: types.boolean }) }, sensor: { type: types.boolean, read: () => truth(sensor) } },
        },
      },
      eventConditions: {
        part: { watches: { variable: 'D/s$on' } },
        slow: { watches: { variable: 'D/sensor' }, evaluationInterval: 60_000 },
      },
    })
    await mms.writeValue('D/s', { type: 'structure', value: [truth(true)] })
    expect(server.events.condition('part')?.state).toBe('active')
    timers.advance(10)
    await mms.writeValue('D/s$on', truth(false))
    expect(await mms.events.reportEventConditionStatus('part')).toEqual({
      currentState: 'idle',
      numberOfEventEnrollments: 0,
      enabled: true,
      timeOfLastTransitionToActive: AT(0),
      timeOfLastTransitionToIdle: AT(10),
    })
    sensor = true
    timers.advance(5_000)
    expect(server.events.condition('slow')?.state).toBe('idle')
    server.events.changed('D/sensor')
    expect(server.events.condition('slow')?.state).toBe('active')
    sensor = false
    timers.advance(59_999)
    expect(server.events.condition('slow')?.state).toBe('active')
    timers.advance(1)
    expect(server.events.condition('slow')?.state).toBe('idle')
  })

  test('a value that comes later counts when it is there; a change meanwhile is looked at again; a reading that fails changes nothing', async () => {
    const readings: ((value: boolean) => void)[] = []
    const read = () => new Promise<ReturnType<typeof truth>>(resolve => readings.push(value => resolve(truth(value))))
    const { server } = await eventPair({
      variables: { v: { type: types.boolean, read } },
      eventConditions: { c: { watches: { variable: 'v' } } },
    })
    expect(readings).toHaveLength(1)
    server.events.changed('v')
    expect(readings).toHaveLength(1)
    readings[0]!(false)
    await settle()
    expect(server.events.condition('c')?.state).toBe('idle')
    expect(readings).toHaveLength(2)
    readings[1]!(true)
    await settle()
    expect(server.events.condition('c')?.state).toBe('active')
  })

  test('nothing is watched that is disabled, deleted, or when the server has closed', async () => {
    const { mms, server, timers } = await eventPair({
      eventConditions: { c: { watches: { variable: 'flag' }, accessControlList: 'M_Deletable' } },
    })
    // The client has a timer of its own once it has asked for something.
    await mms.identify()
    const enabled = timers.pending
    server.events.enable('c', false)
    expect(timers.pending).toBe(enabled - 1)
    server.events.enable('c')
    expect(timers.pending).toBe(enabled)
    expect(await mms.events.deleteEventCondition(['c'])).toBe(0)
    expect(timers.pending).toBe(enabled - 1)
    await mms.events.defineEventCondition({ ...monitored('d'), monitoredVariable: named('flag') })
    server.events.enable('d')
    await server.close()
    expect(timers.pending).toBe(0)
  })
})

describe('alterEventConditionMonitoring', () => {
  test('changes what is given and leaves the rest', async () => {
    const { mms } = await eventPair({
      eventConditions: { c: { watches: { variable: 'flag' }, enabled: false, accessControlList: 'M_Deletable' } },
    })
    await mms.events.alterEventConditionMonitoring({
      eventConditionName: 'c',
      priority: 1,
      alarmSummaryReports: true,
      evaluationInterval: 50,
    })
    expect(await mms.events.getEventConditionAttributes('c')).toMatchObject({
      priority: 1,
      severity: 64,
      alarmSummaryReports: true,
      evaluationInterval: 50,
    })
    expect(await mms.events.reportEventConditionStatus('c')).toMatchObject({ enabled: false })
  })

  test.each([
    ['nothing to change', { eventConditionName: 'c' }, 'MMS_REJECT_INVALID_ARGUMENT'],
    ['no such condition', { eventConditionName: 'none', enabled: true }, 'MMS_ACCESS_OBJECT_NON_EXISTENT'],
    ['a list that forbids', { eventConditionName: 'guarded', enabled: true }, 'MMS_ACCESS_OBJECT_ACCESS_DENIED'],
    ['a network-triggered one', { eventConditionName: 't', priority: 1 }, 'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT'],
    [
      'an interval that is too short',
      { eventConditionName: 'c', evaluationInterval: 1 },
      'MMS_TIME_RESOLUTION_UNSUPPORTABLE_TIME_RESOLUTION',
    ],
  ])('refuses %s, and changes nothing', async (_, argument, code) => {
    const { mms, server } = await eventPair({
      eventConditions: { c: { enabled: false }, t: { watches: 'triggered' }, guarded: { enabled: false } },
    })
    guard(server.vmd.vmdSpecific, 'load')
    const before = ['c', 't', 'guarded'].map(name => server.events.condition(name))
    expect(await outcomeOf(mms.events.alterEventConditionMonitoring(argument))).toBe(code)
    expect(['c', 't', 'guarded'].map(name => server.events.condition(name))).toEqual(before)
  })
})

describe('triggerEvent', () => {
  test('the response comes first, then what is enrolled is processed, with the new priority', async () => {
    const made = await eventPair({
      eventConditions: { t: { watches: 'triggered', severity: 9 } },
      eventEnrollments: { e: { condition: 't' } },
    })
    const order: string[] = []
    made.mms.on('eventNotification', () => void order.push('notification'))
    const told = await heardBy(made)
    const answered = made.mms.events.triggerEvent('t', 5)
    answered.then(() => order.push('response'))
    made.timers.advance(0)
    expect(await told()).toEqual([
      { enrollment: 'vmd:e', condition: 'vmd:t', severity: 9, transitionTime: made.at(), notificationLost: false },
    ])
    expect(order).toEqual(['response', 'notification'])
    expect(made.server.events.condition('t')?.priority).toBe(5)
    made.server.events.trigger('t')
    expect(await told()).toHaveLength(1)
  })

  test.each([
    ['no such condition', 'none', 'MMS_ACCESS_OBJECT_NON_EXISTENT'],
    ['a list that forbids', 'guarded', 'MMS_ACCESS_OBJECT_ACCESS_DENIED'],
    ['a monitored one', 'c', 'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT'],
  ])('refuses %s', async (_, name, code) => {
    const { mms, server } = await eventPair({ eventConditions: { c: {}, guarded: { watches: 'triggered' } } })
    guard(server.vmd.vmdSpecific, 'load')
    expect(await outcomeOf(mms.events.triggerEvent(name))).toBe(code)
  })
})

describe('deleteEventCondition', () => {
  const objects = {
    eventConditions: { a: { accessControlList: 'M_Deletable' }, fixed: {}, used: { accessControlList: 'M_Deletable' } },
    eventEnrollments: { e: { condition: 'used' } },
  }

  test('counts what is left: names that are not there, those that may not go, those that are enrolled for', async () => {
    const { mms, server } = await eventPair(objects)
    expect(await mms.events.deleteEventCondition(['a', 'none', 'fixed', 'used'])).toBe(3)
    expect(server.vmd.vmdSpecific.of('eventCondition').names.filter(name => !name.startsWith('M_'))).toEqual(['fixed', 'used'])
  })

  test('deletes those of a domain, of the association, of the VMD alone', async () => {
    const { mms, server, association } = await eventPair()
    for (const name of ['v', 'D/d', 'aa:o']) await mms.events.defineEventCondition(triggered(name))
    expect(await mms.events.deleteEventCondition({ domain: 'D' })).toBe(0)
    expect(server.vmd.domain('D')!.objects.of('eventCondition').size).toBe(0)
    expect(association.own.of('eventCondition').size).toBe(1)
    expect(await mms.events.deleteEventCondition('aaSpecific')).toBe(0)
    expect(association.own.of('eventCondition').size).toBe(0)
    await mms.events.deleteEventCondition('vmd')
    expect(server.vmd.vmdSpecific.of('eventCondition').has('v')).toBe(false)
    expect(await outcomeOf(mms.events.deleteEventCondition({ domain: 'none' }))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
  })

  test('one that is in a list of conditions is left', async () => {
    const { mms } = await eventPair({ ...objects, eventConditionLists: { l: { conditions: ['a'] } } })
    expect(await mms.events.deleteEventCondition(['a'])).toBe(1)
  })
})

test('what is not there is non-existent, for each service that looks', async () => {
  const { mms } = await eventPair()
  expect(await outcomeOf(mms.events.getEventConditionAttributes('none'))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
  expect(await outcomeOf(mms.events.reportEventConditionStatus('none/c'))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
})

test('getNameList has conditions, actions, enrollments and condition lists', async () => {
  const { mms } = await eventPair({
    eventConditions: { c: {} },
    eventActions: { a: { request: { type: 'identify', value: null } } },
    eventEnrollments: { e: { condition: 'c' } },
    eventConditionLists: { l: { conditions: ['c'] } },
  })
  const names = async (objectClass: Parameters<typeof mms.getNameList>[0]['objectClass']) =>
    (await mms.getNameList({ objectClass, objectScope: { type: 'vmdSpecific', value: null } })).listOfIdentifier.filter(
      name => !name.startsWith('M_'),
    )
  expect(await names({ type: 'basicObjectClass', value: 'eventCondition' })).toEqual(['c'])
  expect(await names({ type: 'basicObjectClass', value: 'eventAction' })).toEqual(['a'])
  expect(await names({ type: 'basicObjectClass', value: 'eventEnrollment' })).toEqual(['e'])
  expect(await names({ type: 'csObjectClass', value: 'eventConditionList' })).toEqual(['l'])
})

test('RM-05: a server whose model has no events announces and serves none of it', async () => {
  const { server, mms } = await pair({ model: model() })
  expect(server.servicesSupported).not.toContain('defineEventCondition')
  expect(server.servicesSupported).not.toContain('eventNotification')
  expect(await outcomeOf(mms.events.triggerEvent('c'))).toBe('MMS_REJECT_UNRECOGNIZED_SERVICE')
  const { server: other } = await pair({ model: model({ eventConditions: { c: {} } }) })
  for (const bit of ['defineEventCondition', 'getAlarmEnrollmentSummary', 'eventNotification', 'attachToEventCondition'] as const) {
    expect(other.servicesSupported).toContain(bit)
  }
})

test.each([
  ['a condition on what is not there', { eventConditions: { c: { watches: { variable: 'none' } } } }],
  ['a condition on what is no boolean', { eventConditions: { c: { watches: { variable: 'number' } } } }],
  ['an enrollment for no condition', { eventEnrollments: { e: { condition: 'none' } } }],
  [
    'an enrollment with a rule that its transitions do not fit',
    { eventConditions: { c: {} }, eventEnrollments: { e: { condition: 'c', rule: 'ack-all', transitions: ['any-to-deleted'] } } },
  ],
  ['a list that is inside itself', { eventConditionLists: { l: { conditions: [], lists: ['l'] } } }],
] as const)('a model with %s is refused', async (_, part) => {
  await expect(eventPair(part as never)).rejects.toMatchObject({ name: 'UsageError', code: 'MMS_MODEL' })
})

test('the application cannot do to a condition what its class does not have', async () => {
  const { server } = await eventPair({ eventConditions: { local: {}, t: { watches: 'triggered' } } })
  for (const wrong of [
    () => server.events.set('t', true),
    () => server.events.set('none', true),
    () => server.events.trigger('local'),
    () => server.events.enable('t'),
  ]) {
    expect(wrong).toThrow(expect.objectContaining({ name: 'UsageError', code: 'MMS_EVENT' }))
  }
})

/** Puts the condition `guarded` under a list that forbids a class of services. */
function guard(scope: Awaited<ReturnType<typeof eventPair>>['server']['vmd']['vmdSpecific'], accessClass: 'load' | 'delete'): void {
  scope.add('accessControlList', {
    name: 'closed',
    scope: undefined,
    accessControlList: 'M_Never',
    conditions: { [`${accessClass}AccessCondition`]: { type: 'never', value: null } },
  } as never)
  scope.get('eventCondition', 'guarded')!.accessControlList = 'closed'
}
