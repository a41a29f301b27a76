import { joinedChannels } from '@x/core/testing'
import { describe, expect, test } from 'vitest'
import { eventPair, heardBy, outcomeOf, truth } from '../../../test/event-pair.js'
import { settle } from '../../../test/pair.js'
import { USUAL_PARAMETERS, WHOLE_OF_MMS } from '../../negotiation.js'
import { openMms } from '../../open.js'
import { CONDITION_TRANSITIONS } from './states.js'

const vmd = (value: string) => ({ type: 'vmdSpecific', value }) as const
const NO_TIME = { type: 'undefined', value: null } as const
const ALARM = ['disabled-to-active', 'idle-to-active', 'disabled-to-idle', 'active-to-idle'] as const
const TITLES = { apTitle: '1.1.999.7', aeQualifier: 12 }
const enrolling = (eventEnrollmentName: string, more: object = {}) => ({
  eventEnrollmentName,
  eventConditionName: 'c',
  eventConditionTransitions: ALARM,
  ...more,
})
const conditions = { eventConditions: { c: { severity: 20, accessControlList: 'M_Deletable' }, t: { watches: 'triggered' } } } as const

describe('defineEventEnrollment', () => {
  test('enrolls the client, permanently unless the name is the association’s', async () => {
    const { mms } = await eventPair(conditions, { client: { initiate: WHOLE_OF_MMS, association: { calling: TITLES } } })
    await mms.events.defineEventEnrollment(enrolling('e', { alarmAcknowledgmentRule: 'ack-all' }))
    await mms.events.defineEventEnrollment({ eventEnrollmentName: 'aa:e', eventConditionName: 't', eventConditionTransitions: [] })
    expect(await mms.events.reportEventEnrollmentStatus('e')).toMatchObject({
      notificationLost: false,
      duration: 'permanent',
      alarmAcknowledgmentRule: 'ack-all',
      currentState: 'idleAcked',
    })
    const status = await mms.events.reportEventEnrollmentStatus('aa:e')
    expect(status).toMatchObject({ duration: 'current', currentState: 'disabled' })
    expect(status).not.toHaveProperty('alarmAcknowledgmentRule')
    const all = []
    for await (const attributes of mms.events.enrollments()) all.push(attributes)
    expect(all).toMatchObject([
      {
        eventEnrollmentName: vmd('e'),
        eventConditionName: { value: vmd('c') },
        clientApplication: TITLES,
        mmsDeletable: true,
        enrollmentClass: 'notification',
        duration: 'permanent',
      },
      { eventEnrollmentName: { type: 'aaSpecific', value: 'e' }, eventConditionName: { value: vmd('t') }, duration: 'current' },
    ])
  })

  test.each([
    ['the whole of MMS', WHOLE_OF_MMS, undefined],
    ['csr alone', { versionNumber: 3, parameterCBB: [...USUAL_PARAMETERS, 'csr'] }, undefined],
    ['neither csr nor cspi', { versionNumber: 3, parameterCBB: USUAL_PARAMETERS }, { type: 'noEnhancement', value: null }],
    ['minor version 1', { versionNumber: 1, parameterCBB: USUAL_PARAMETERS }, undefined],
  ] as const)(
    'a NULL stands for the display enhancement only where no enhancement can be agreed on: %s',
    async (...[, initiate, expected]) => {
      const { mms } = await eventPair(conditions, { initiate: WHOLE_OF_MMS, client: { initiate } })
      await mms.events.defineEventEnrollment(enrolling('e'))
      for await (const { displayEnhancement } of mms.events.enrollments()) expect(displayEnhancement).toEqual(expected)
      expect.assertions(1)
    },
  )

  test.each([
    ['a domain that does not exist', enrolling('none/e'), 'MMS_ACCESS_OBJECT_NON_EXISTENT'],
    ['a name that is taken', enrolling('taken'), 'MMS_DEFINITION_OBJECT_EXISTS'],
    [
      'no transition of a monitored condition',
      enrolling('e', { eventConditionTransitions: [] }),
      'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT',
    ],
    [
      'a rule without the transitions to active',
      enrolling('e', { eventConditionTransitions: ['idle-to-active'], alarmAcknowledgmentRule: 'simple' }),
      'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT',
    ],
    [
      'ack-all without the transitions to idle',
      enrolling('e', { eventConditionTransitions: ['idle-to-active', 'disabled-to-active'], alarmAcknowledgmentRule: 'ack-all' }),
      'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT',
    ],
    [
      'transitions of a network-triggered condition',
      enrolling('e', { eventConditionName: 't' }),
      'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT',
    ],
    [
      'a rule for a network-triggered condition (self-only)',
      enrolling('e', { eventConditionName: 't', eventConditionTransitions: [], alarmAcknowledgmentRule: 'simple' }),
      'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT',
    ],
    [
      'a wider one on the association’s condition',
      enrolling('e', { eventConditionName: 'aa:mine' }),
      'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT',
    ],
    ['a rule that does not exist', enrolling('e', { alarmAcknowledgmentRule: 9 }), 'MMS_REJECT_INVALID_ARGUMENT'],
  ])('refuses %s, and makes nothing', async (_, argument, code) => {
    const { mms, server } = await eventPair({ ...conditions, eventEnrollments: { taken: { condition: 'c' } } })
    await mms.events.defineEventCondition({
      eventConditionName: 'aa:mine',
      class: 'monitored',
      monitoredVariable: { type: 'name', value: vmd('flag') },
    })
    expect(await outcomeOf(mms.events.defineEventEnrollment(argument as never))).toBe(code)
    expect(server.vmd.vmdSpecific.of('eventEnrollment').names).toEqual(['taken'])
    expect(server.events.condition('c')?.enrollments).toEqual(['vmd:taken'])
  })

  test('names the condition or the action that is missing', async () => {
    const { mms } = await eventPair(conditions)
    for (const [argument, value] of [
      [enrolling('e', { eventConditionName: 'none' }), vmd('none')],
      [enrolling('e', { eventActionName: 'gone' }), vmd('gone')],
    ] as const) {
      await expect(mms.events.defineEventEnrollment(argument as never)).rejects.toMatchObject({
        code: 'MMS_DEFINITION_OBJECT_UNDEFINED',
        answered: { serviceSpecificInfo: { type: 'defineEventEnrollmentError', value } },
      })
    }
  })

  test('another client needs tpy, and so does seeing who is enrolled', async () => {
    const { mms } = await eventPair(conditions, { client: { initiate: { versionNumber: 3, parameterCBB: USUAL_PARAMETERS } } })
    expect(await outcomeOf(mms.events.defineEventEnrollment(enrolling('e', { clientApplication: TITLES }) as never))).toBe(
      'MMS_REJECT_INVALID_ARGUMENT',
    )
    expect(await outcomeOf(mms.events.getEventEnrollmentAttributes({ scopeOfRequest: 'client', clientApplication: TITLES }))).toBe(
      'MMS_REJECT_INVALID_ARGUMENT',
    )
    await mms.events.defineEventEnrollment(enrolling('e'))
    for await (const attributes of mms.events.enrollments()) expect(attributes).not.toHaveProperty('clientApplication')
  })

  test('there are no more than the limit', async () => {
    const { mms } = await eventPair(conditions, { eventLimits: { maxEnrollments: 1 } })
    await mms.events.defineEventEnrollment(enrolling('e'))
    expect(await outcomeOf(mms.events.defineEventEnrollment(enrolling('f')))).toBe('MMS_RESOURCE_CAPABILITY_UNAVAILABLE')
  })
})

describe('deleteEventEnrollment', () => {
  test('by name, by condition, by action; counts what is left', async () => {
    const { mms, server } = await eventPair({
      ...conditions,
      eventActions: { a: { request: { type: 'identify', value: null } } },
      eventEnrollments: { fixed: { condition: 'c' } },
    })
    for (const name of ['one', 'two', 'three'])
      await mms.events.defineEventEnrollment(enrolling(name, name === 'two' ? { eventActionName: 'a' } : {}))
    expect(await mms.events.deleteEventEnrollment(['one', 'none', 'fixed'])).toBe(2)
    expect(await mms.events.deleteEventEnrollment({ action: 'a' })).toBe(0)
    expect(await mms.events.deleteEventEnrollment({ condition: 'c' })).toBe(1)
    expect(server.events.condition('c')?.enrollments).toEqual(['vmd:fixed'])
    for (const scope of [{ condition: 'none' }, { action: 'none' }]) {
      expect(await outcomeOf(mms.events.deleteEventEnrollment(scope))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
    }
  })
})

describe('alterEventEnrollment', () => {
  test('changes transitions and rule; the answer has the state and the time of the last transition', async () => {
    const { mms, server, at } = await eventPair(conditions)
    await mms.events.defineEventEnrollment(enrolling('e', { alarmAcknowledgmentRule: 'ack-active' }))
    server.events.set('c', true)
    await settle()
    expect(
      await mms.events.alterEventEnrollment({
        eventEnrollmentName: 'e',
        eventConditionTransitions: ['idle-to-active', 'disabled-to-active'],
      }),
    ).toEqual({
      currentState: { type: 'state', value: 'activeNoAckA' },
      transitionTime: at(),
    })
    // The rule none leaves nothing to acknowledge, also when it is altered back.
    expect(await mms.events.alterEventEnrollment({ eventEnrollmentName: 'e', alarmAcknowledgmentRule: 'none' })).toMatchObject({
      currentState: { value: 'active' },
    })
    expect(await mms.events.alterEventEnrollment({ eventEnrollmentName: 'e', alarmAcknowledgmentRule: 'simple' })).toMatchObject({
      currentState: { value: 'activeAcked' },
    })
  })

  test.each([
    ['nothing to change', { eventEnrollmentName: 'e' }, 'MMS_REJECT_INVALID_ARGUMENT'],
    ['no such enrollment', { eventEnrollmentName: 'none', alarmAcknowledgmentRule: 'none' }, 'MMS_ACCESS_OBJECT_NON_EXISTENT'],
    [
      'a rule that the transitions do not fit',
      { eventEnrollmentName: 'e', eventConditionTransitions: ['idle-to-active'] },
      'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT',
    ],
  ] as const)('refuses %s, and changes nothing', async (_, argument, code) => {
    const { mms } = await eventPair(conditions)
    await mms.events.defineEventEnrollment(enrolling('e', { alarmAcknowledgmentRule: 'simple' }))
    const before = await mms.events.reportEventEnrollmentStatus('e')
    expect(await outcomeOf(mms.events.alterEventEnrollment(argument))).toBe(code)
    expect(await mms.events.reportEventEnrollmentStatus('e')).toEqual(before)
  })

  test('of one whose condition is gone the state is undefined', async () => {
    const { mms, server } = await eventPair(conditions)
    await mms.events.defineEventEnrollment(enrolling('e'))
    server.vmd.vmdSpecific.remove('eventCondition', server.vmd.vmdSpecific.get('eventCondition', 'c')!)
    expect(await mms.events.alterEventEnrollment({ eventEnrollmentName: 'e', alarmAcknowledgmentRule: 'simple' })).toEqual({
      currentState: NO_TIME,
      transitionTime: NO_TIME,
    })
    expect(await mms.events.reportEventEnrollmentStatus('e')).toMatchObject({ currentState: 'undefined' })
    expect(server.events.enrollment('e')).toMatchObject({ condition: undefined, state: 'undefined' })
  })
})

describe('getEventEnrollmentAttributes', () => {
  test.each([
    ['names without their scope', { scopeOfRequest: 'client', eventEnrollmentNames: [vmd('e')] }],
    ['a scope without its names', { scopeOfRequest: 'specific' }],
    ['a condition with another scope', { scopeOfRequest: 'ea', eventConditionName: vmd('c') }],
    ['two of them', { scopeOfRequest: 'ec', eventConditionName: vmd('c'), eventActionName: vmd('a') }],
  ] as const)('rejects %s', async (_, argument) => {
    const { mms } = await eventPair(conditions)
    expect(await outcomeOf(mms.events.getEventEnrollmentAttributes(argument))).toBe('MMS_REJECT_INVALID_ARGUMENT')
  })

  test.each([
    ['enrollment', { scopeOfRequest: 'specific', eventEnrollmentNames: [vmd('none')] }],
    ['condition', { scopeOfRequest: 'ec', eventConditionName: vmd('none') }],
    ['action', { scopeOfRequest: 'ea', eventActionName: vmd('none') }],
  ] as const)('an %s that is not there is non-existent', async (_, argument) => {
    const { mms } = await eventPair(conditions)
    expect(await outcomeOf(mms.events.getEventEnrollmentAttributes(argument))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
  })

  test('RM-12: comes in pages that fit the PDU, in order, none twice', async () => {
    const { mms } = await eventPair(conditions, { client: { initiate: { ...WHOLE_OF_MMS, maxPduSize: 512 } } })
    const names = Array.from({ length: 30 }, (_, i) => `enrollment${String.fromCharCode(97 + (i % 26))}${i}`)
    for (const name of names) await mms.events.defineEventEnrollment(enrolling(name))
    const page = await mms.events.getEventEnrollmentAttributes({ scopeOfRequest: 'client' })
    expect(page.moreFollows).toBe(true)
    const all: string[] = []
    for await (const { eventEnrollmentName } of mms.events.enrollments()) all.push(eventEnrollmentName.value as string)
    expect(all).toHaveLength(30)
    expect(new Set(all)).toEqual(new Set(names))
    // The key of a page need not exist any more.
    const rest = await mms.events.getEventEnrollmentAttributes({ scopeOfRequest: 'client', continueAfter: vmd(`${all[27]}A`) })
    expect(rest.listOfEEAttributes).toHaveLength(2)
  })

  test('tpy: by another application’s titles', async () => {
    const { mms } = await eventPair({ ...conditions, eventEnrollments: { theirs: { condition: 'c', client: TITLES } } })
    const { listOfEEAttributes } = await mms.events.getEventEnrollmentAttributes({ scopeOfRequest: 'client', clientApplication: TITLES })
    expect(listOfEEAttributes).toMatchObject([{ eventEnrollmentName: vmd('theirs'), clientApplication: TITLES }])
    expect((await mms.events.getEventEnrollmentAttributes({ scopeOfRequest: 'client' })).listOfEEAttributes).toEqual([])
  })
})

describe('notifications', () => {
  test('only of the transitions that were asked for; the state is followed all the same', async () => {
    const made = await eventPair(conditions)
    const told = await heardBy(made)
    await made.mms.events.defineEventEnrollment(enrolling('e', { eventConditionTransitions: ['active-to-idle', 'any-to-deleted'] }))
    made.server.events.set('c', true)
    expect(await told()).toEqual([])
    expect(made.server.events.enrollment('e')?.state).toBe('active')
    made.server.events.set('c', false)
    expect(await told()).toMatchObject([{ enrollment: 'vmd:e', currentState: 'idle', alarmAcknowledgmentRule: 'none', severity: 20 }])
    made.server.vmd.vmdSpecific.remove('eventCondition', made.server.vmd.vmdSpecific.get('eventCondition', 'c')!)
    const [last] = await told()
    expect(last).toMatchObject({ condition: 'vmd:c', alarmAcknowledgmentRule: 'none' })
    expect(last).not.toHaveProperty('currentState')
  })

  test.each(CONDITION_TRANSITIONS)('each transition by itself: %s', async transition => {
    const made = await eventPair({ eventConditions: { c: { enabled: false } } })
    const told = await heardBy(made)
    const { events, vmd: device } = made.server
    await made.mms.events.defineEventEnrollment(enrolling('e', { eventConditionTransitions: [transition] }))
    events.enable('c')
    events.set('c', true)
    events.enable('c', false)
    events.enable('c')
    events.set('c', false)
    events.enable('c', false)
    await settle()
    device.vmdSpecific.remove('eventCondition', device.vmdSpecific.get('eventCondition', 'c')!)
    const wanted: Record<string, string> = { disabled: 'disabled', idle: 'idle', active: 'active', deleted: 'undefined' }
    const heard = await told()
    expect(heard.map(({ currentState = 'undefined' }) => currentState)).toEqual([wanted[transition.split('-to-')[1]!]])
  })

  test('what happens in one turn is told by priority, then by time; a group priority counts before a condition’s own', async () => {
    const made = await eventPair({
      eventConditions: {
        low: { watches: 'triggered', priority: 100 },
        mid: { watches: 'triggered' },
        mid2: { watches: 'triggered' },
        high: { watches: 'triggered', priority: 0 },
      },
      eventEnrollments: { low: { condition: 'low' }, mid: { condition: 'mid' }, mid2: { condition: 'mid2' }, high: { condition: 'high' } },
      eventConditionLists: { l: { conditions: ['high'], accessControlList: 'M_Deletable' } },
    })
    const told = await heardBy(made)
    const all = () => {
      for (const name of ['low', 'mid2', 'mid', 'high']) made.server.events.trigger(name)
    }
    all()
    expect((await told()).map(({ condition }) => condition)).toEqual(['vmd:high', 'vmd:mid2', 'vmd:mid', 'vmd:low'])
    await made.mms.eventConditionLists.alterEventConditionListMonitoring('l', true, 127)
    all()
    expect((await told()).map(({ condition }) => condition)).toEqual(['vmd:mid2', 'vmd:mid', 'vmd:low', 'vmd:high'])
    await made.mms.eventConditionLists.alterEventConditionListMonitoring('l', true, null)
    all()
    expect((await told())[0]?.condition).toBe('vmd:high')
  })

  test('F-10: to a client that does not read, notifications are lost, not held; the next one that goes out says so', async () => {
    const made = await eventPair({ ...conditions, eventEnrollments: { e: { condition: 't' } } })
    const told = await heardBy(made)
    made.b.inFlight = 262_145
    made.server.events.trigger('t')
    await settle()
    expect(made.server.events.enrollment('e')?.notificationLost).toBe(true)
    expect(made.association.droppedReports).toBe(1)
    made.b.inFlight = 0
    made.server.events.trigger('t')
    made.server.events.trigger('t')
    expect((await told()).map(({ notificationLost }) => notificationLost)).toEqual([true, false])
  })

  test('a client that has not announced eventNotification gets none', async () => {
    const made = await eventPair(
      { ...conditions, eventEnrollments: { e: { condition: 't' } } },
      { client: { initiate: WHOLE_OF_MMS, mms: { serves: [] } } },
    )
    const told = await heardBy(made)
    made.server.events.trigger('t')
    expect(await told()).toEqual([])
    expect(made.server.events.enrollment('e')?.notificationLost).toBe(true)
  })

  test('RM-16: current enrollments go with the association; permanent ones wait for the application to come back, and tell what was lost', async () => {
    const client = { initiate: WHOLE_OF_MMS, association: { calling: TITLES } }
    const first = await eventPair(conditions, { client })
    await first.mms.events.defineEventEnrollment(enrolling('e'))
    await first.mms.events.defineEventEnrollment(enrolling('aa:e'))
    await first.mms.close()
    await settle()
    expect(first.server.events.condition('c')?.enrollments).toEqual(['vmd:e'])
    first.server.events.set('c', true)
    await settle()
    expect(first.server.events.enrollment('e')?.notificationLost).toBe(true)

    const again = async (options: object) => {
      const { a, b } = joinedChannels()
      const accepting = first.server.accept(b)
      const mms = await openMms(a, { timers: first.timers, session: { timers: first.timers }, mms: { timers: first.timers }, ...options })
      await accepting
      return mms
    }
    const stranger = await again({ initiate: WHOLE_OF_MMS })
    const heardByStranger = await heardBy({ mms: stranger })
    const second = await again(client)
    const told = await heardBy({ mms: second })
    first.server.events.set('c', false)
    expect(await told()).toMatchObject([{ enrollment: 'vmd:e', currentState: 'idle', notificationLost: true }])
    expect(await heardByStranger()).toEqual([])
    expect(
      await outcomeOf(
        stranger.events.acknowledgeEventNotification({
          eventEnrollmentName: 'e',
          acknowledgedState: 'idle',
          timeOfAcknowledgedTransition: NO_TIME,
        }),
      ),
    ).toBe('MMS_ACCESS_OBJECT_ACCESS_DENIED')
    expect(
      await outcomeOf(
        second.events.acknowledgeEventNotification({
          eventEnrollmentName: 'e',
          acknowledgedState: 'idle',
          timeOfAcknowledgedTransition: NO_TIME,
        }),
      ),
    ).toBe('ok')
  })
})

describe('acknowledgeEventNotification', () => {
  const alarmed = async (alarmAcknowledgmentRule: string) => {
    const made = await eventPair(conditions)
    const notifications = made.mms.events.notifications()
    await made.mms.events.defineEventEnrollment(enrolling('e', { alarmAcknowledgmentRule }))
    const state = async () => (await made.mms.events.reportEventEnrollmentStatus('e')).currentState
    const next = async () => (await notifications.next()).value
    const set = (value: boolean) => {
      made.timers.advance(1_000)
      made.server.events.set('c', value)
    }
    return { ...made, state, next, set }
  }

  test('ack-all: active, then idle, by the notifications', async () => {
    const { mms, set, next, state } = await alarmed('ack-all')
    set(true)
    const active = await next()
    expect(await state()).toBe('activeNoAckA')
    await mms.events.acknowledge(active)
    expect(await state()).toBe('activeAcked')
    set(false)
    expect(await state()).toBe('idleNoAckI')
    const idle = await next()
    // The second time, and what does not match: positive, and nothing changes.
    await mms.events.acknowledge(active)
    await mms.events.acknowledgeEventNotification({
      eventEnrollmentName: 'e',
      acknowledgedState: 'idle',
      timeOfAcknowledgedTransition: active.transitionTime,
    })
    await mms.events.acknowledgeEventNotification({
      eventEnrollmentName: 'e',
      acknowledgedState: 'disabled',
      timeOfAcknowledgedTransition: NO_TIME,
    })
    expect(await state()).toBe('idleNoAckI')
    await mms.events.acknowledge(idle)
    expect(await state()).toBe('idleAcked')
  })

  test('ack-all: idle before active (self-only)', async () => {
    const { mms, set, next, state } = await alarmed('ack-all')
    set(true)
    const active = await next()
    set(false)
    await mms.events.acknowledge(await next())
    expect(await state()).toBe('idleNoAckA')
    await mms.events.acknowledge(active)
    expect(await state()).toBe('idleAcked')
  })

  test('ack-active: when the condition is idle again (self-only); simple: ignored then', async () => {
    const { mms, set, next, state } = await alarmed('ack-active')
    set(true)
    const active = await next()
    set(false)
    expect(await state()).toBe('idleNoAckA')
    await mms.events.acknowledge(active)
    expect(await state()).toBe('idleAcked')
    const simple = await alarmed('simple')
    simple.set(true)
    const notification = await simple.next()
    expect(await simple.state()).toBe('activeNoAckA')
    simple.set(false)
    await simple.mms.events.acknowledge(notification)
    expect(await simple.state()).toBe('idle')
  })

  test('rule none takes it, and nothing changes', async () => {
    const { mms, set, next, state } = await alarmed('none')
    set(true)
    await mms.events.acknowledge(await next())
    expect(await state()).toBe('active')
  })

  test('refuses what is not there, and what was triggered', async () => {
    const { mms } = await eventPair({ ...conditions, eventEnrollments: { e: { condition: 't' } } })
    const acknowledgement = (eventEnrollmentName: string) =>
      mms.events.acknowledgeEventNotification({ eventEnrollmentName, acknowledgedState: 'active', timeOfAcknowledgedTransition: NO_TIME })
    expect(await outcomeOf(acknowledgement('none'))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
    expect(await outcomeOf(acknowledgement('e'))).toBe('MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT')
    expect(await outcomeOf(mms.events.reportEventEnrollmentStatus('none'))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
    await expect(
      mms.events.acknowledge({
        eventEnrollmentName: vmd('e'),
        eventConditionName: vmd('t'),
        severity: 1,
        transitionTime: NO_TIME,
        notificationLost: false,
      }),
    ).rejects.toMatchObject({ name: 'UsageError', code: 'MMS_EVENT' })
  })
})

test('a variable of the VMD that becomes true by a write of any client is told to who is enrolled', async () => {
  const made = await eventPair({
    eventConditions: { c: { watches: { variable: 'D/alarm' } } },
    eventEnrollments: { e: { condition: 'c', transitions: ['idle-to-active'] } },
  })
  const told = await heardBy(made)
  await made.mms.write([
    { item: 'D/alarm', value: truth(true) },
    { item: 'flag', value: truth(true) },
  ])
  expect(await told()).toHaveLength(1)
})
