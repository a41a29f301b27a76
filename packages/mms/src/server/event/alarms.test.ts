import { expect, test } from 'vitest'
import { eventPair, outcomeOf } from '../../../test/event-pair.js'
import { settle } from '../../../test/pair.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'

const vmd = (value: string) => ({ type: 'vmdSpecific', value }) as const
const OTHER = { apTitle: '1.1.999.8' }

/** bad and worse are active and unacknowledged, over is idle and its idle is unacknowledged, calm is idle, quiet has no rule, theirs is another client's. */
async function alarming() {
  const rule = { rule: 'ack-all' } as const
  const made = await eventPair({
    eventConditions: {
      bad: { severity: 50 },
      worse: { severity: 5 },
      over: {},
      calm: {},
      quiet: {},
      summed: { alarmSummaryReports: true },
      theirs: {},
      t: { watches: 'triggered' },
    },
    domains: { D: { eventConditions: { inside: { severity: 50 } }, variables: {} }, E: {} },
    eventEnrollments: {
      bad: { condition: 'bad', ...rule },
      worse: { condition: 'worse', ...rule },
      over: { condition: 'over', ...rule },
      calm: { condition: 'calm', ...rule },
      quiet: { condition: 'quiet' },
      theirs: { condition: 'theirs', ...rule, client: OTHER },
      inside: { condition: 'D/inside', ...rule },
      t: { condition: 't' },
    },
  })
  const { server, mms, timers } = made
  for (const name of ['bad', 'worse', 'over', 'theirs', 'D/inside', 'quiet', 'summed']) server.events.set(name, true)
  await settle()
  await mms.events.acknowledgeEventNotification({
    eventEnrollmentName: 'over',
    acknowledgedState: 'active',
    timeOfAcknowledgedTransition: { type: 'undefined', value: null },
  })
  timers.advance(5)
  server.events.set('over', false)
  await settle()
  const conditions = async (filter: Parameters<typeof mms.events.alarms>[0]) => {
    const names: unknown[] = []
    for await (const { eventConditionName: name } of mms.events.alarms(filter))
      names.push(typeof name.value === 'string' ? name.value : name.value.itemID)
    return names
  }
  const enrollments = async (filter: Parameters<typeof mms.events.alarms>[0]) => {
    const names: unknown[] = []
    for await (const { eventEnrollmentName: name } of mms.events.alarmEnrollments(filter)) names.push(name.value)
    return names
  }
  return { ...made, conditions, enrollments }
}

test.each([
  ['by default: active, not acknowledged, enrolled for by the client', {}, ['bad', 'worse', 'inside']],
  ['idle ones, too', { activeAlarmsOnly: false }, ['bad', 'over', 'worse', 'inside']],
  ['acknowledged ones', { activeAlarmsOnly: false, acknowledgementFilter: 'acked' }, ['calm']],
  ['both', { activeAlarmsOnly: false, acknowledgementFilter: 'all' }, ['bad', 'calm', 'over', 'worse', 'inside']],
  ['anybody’s', { enrollmentsOnly: false }, ['bad', 'theirs', 'worse', 'inside']],
  [
    'anybody’s, acknowledged or not; those that always report',
    { enrollmentsOnly: false, acknowledgementFilter: 'all' },
    ['bad', 'summed', 'theirs', 'worse', 'inside'],
  ],
  ['severe ones', { severityFilter: { mostSevere: 0, leastSevere: 5 } }, ['worse']],
  ['less severe ones', { severityFilter: { mostSevere: 6, leastSevere: 50 } }, ['bad', 'inside']],
] as const)('getAlarmSummary has %s: of the VMD, of the domains, by name', async (_, filter, names) => {
  const { conditions } = await alarming()
  expect(await conditions(filter)).toEqual(names)
})

test('an entry of getAlarmSummary has the states and the times', async () => {
  const { mms, at } = await alarming()
  const { listOfAlarmSummary, moreFollows } = await mms.events.getAlarmSummary({ activeAlarmsOnly: false })
  expect(moreFollows).toBe(false)
  const over = listOfAlarmSummary.find(({ eventConditionName }) => eventConditionName.value === 'over')
  expect(over).toMatchObject({ severity: 64, currentState: 'idle', unacknowledgedState: 'idle', timeOfLastTransitionToIdle: at() })
  expect(listOfAlarmSummary[0]).toMatchObject({ eventConditionName: vmd('bad'), currentState: 'active', unacknowledgedState: 'active' })
})

test('active of one enrollment and idle of another are both', async () => {
  const { mms, server } = await alarming()
  await mms.events.defineEventEnrollment({
    eventEnrollmentName: 'second',
    eventConditionName: 'over',
    eventConditionTransitions: ['disabled-to-active', 'idle-to-active'],
    alarmAcknowledgmentRule: 'ack-active',
  })
  server.events.set('over', true)
  server.events.set('over', false)
  await settle()
  await mms.events.acknowledgeEventNotification({
    eventEnrollmentName: 'over',
    acknowledgedState: 'active',
    timeOfAcknowledgedTransition: { type: 'undefined', value: null },
  })
  const { listOfAlarmSummary } = await mms.events.getAlarmSummary({ activeAlarmsOnly: false })
  expect(listOfAlarmSummary.find(({ eventConditionName }) => eventConditionName.value === 'over')).toMatchObject({
    unacknowledgedState: 'both',
  })
})

test.each([
  ['by default', {}, ['bad', 'worse']],
  ['idle ones, too', { activeAlarmsOnly: false }, ['bad', 'over', 'worse']],
  ['acknowledged ones', { activeAlarmsOnly: false, acknowledgementFilter: 'acked' }, ['calm']],
  ['anybody’s', { enrollmentsOnly: false }, ['bad', 'theirs', 'worse']],
  ['severe ones', { severityFilter: { mostSevere: 0, leastSevere: 5 } }, ['worse']],
] as const)('getAlarmEnrollmentSummary, %s', async (_, filter, names) => {
  const { enrollments } = await alarming()
  expect((await enrollments(filter)).filter(name => name !== 'inside')).toEqual(names)
})

test('an entry of getAlarmEnrollmentSummary has what an operator needs', async () => {
  const { mms, at } = await alarming()
  const { listOfAlarmEnrollmentSummary } = await mms.events.getAlarmEnrollmentSummary({ activeAlarmsOnly: false })
  const over = listOfAlarmEnrollmentSummary.find(({ eventEnrollmentName }) => eventEnrollmentName.value === 'over')
  expect(over).toMatchObject({
    clientApplication: {},
    severity: 64,
    currentState: 'idle',
    notificationLost: false,
    alarmAcknowledgmentRule: 'ack-all',
    enrollmentState: 'idleNoAckI',
    timeOfLastTransitionToIdle: at(),
  })
  expect(over).toHaveProperty('timeActiveAcknowledged')
  expect(over).not.toHaveProperty('timeIdleAcknowledged')
})

test('RM-12: both come in pages that fit the PDU', async () => {
  const names = Array.from({ length: 40 }, (_, i) => `condition${i}`)
  const { mms, server } = await eventPair(
    {
      eventConditions: Object.fromEntries(names.map(name => [name, {}])),
      eventEnrollments: Object.fromEntries(names.map(name => [name, { condition: name, rule: 'ack-active' } as const])),
    },
    { client: { initiate: { ...WHOLE_OF_MMS, maxPduSize: 512 } } },
  )
  for (const name of names) server.events.set(name, true)
  await settle()
  expect((await mms.events.getAlarmSummary()).moreFollows).toBe(true)
  const conditions = new Set<unknown>()
  for await (const { eventConditionName } of mms.events.alarms()) conditions.add(eventConditionName.value)
  expect(conditions).toEqual(new Set(names))
  const enrollments: unknown[] = []
  for await (const { eventEnrollmentName } of mms.events.alarmEnrollments()) enrollments.push(eventEnrollmentName.value)
  expect(enrollments).toHaveLength(40)
})

test('a filter that does not exist is rejected', async () => {
  const { mms } = await eventPair()
  expect(await outcomeOf(mms.events.getAlarmSummary({ acknowledgementFilter: 5 }))).toBe('MMS_REJECT_INVALID_ARGUMENT')
  expect(await outcomeOf(mms.events.getAlarmEnrollmentSummary({ acknowledgementFilter: 5 }))).toBe('MMS_REJECT_INVALID_ARGUMENT')
})
