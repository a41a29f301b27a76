import { expect, test } from 'vitest'
import { eventPair, outcomeOf } from '../../../test/event-pair.js'
import { settle } from '../../../test/pair.js'
import { type Modifier, Transitions } from '../../asn1/modifier.js'
import type { TransitionName } from '../../client/events.js'

const vmd = (value: string) => ({ type: 'vmdSpecific', value }) as const
const attached = (condition: string, transitions: readonly TransitionName[], more: object = {}): { listOfModifiers: Modifier[] } => ({
  listOfModifiers: [
    {
      type: 'eventModifier',
      value: {
        eventEnrollmentName: { type: 'aaSpecific', value: 'waiting' },
        eventConditionName: condition.includes('/')
          ? { type: 'domainSpecific', value: { domainID: 'D', itemID: condition.slice(2) } }
          : vmd(condition),
        causingTransitions: Transitions.of(...transitions),
        ...more,
      },
    },
  ],
})
const objects = { eventConditions: { c: { accessControlList: 'M_Deletable' }, t: { watches: 'triggered' } } } as const

test('a request waits for a transition that it names, seen as an enrollment of class modifier, and then the enrollment is gone', async () => {
  const { mms, server, association } = await eventPair(objects)
  const waiting = mms.identify(attached('c', ['idle-to-active'], { acceptableDelay: 60 }))
  await settle()
  const { listOfEEAttributes } = await mms.events.getEventEnrollmentAttributes({ scopeOfRequest: 'ec', eventConditionName: vmd('c') })
  expect(listOfEEAttributes).toMatchObject([
    { enrollmentClass: 'modifier', duration: 'current', invokeID: 1, remainingAcceptableDelay: 60 },
  ])
  expect(await mms.events.deleteEventEnrollment(['aa:waiting'])).toBe(1)
  expect(await outcomeOf(mms.events.alterEventEnrollment({ eventEnrollmentName: 'aa:waiting', alarmAcknowledgmentRule: 'none' }))).toBe(
    'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT',
  )
  expect(
    await outcomeOf(
      mms.events.acknowledgeEventNotification({
        eventEnrollmentName: 'aa:waiting',
        acknowledgedState: 'active',
        timeOfAcknowledgedTransition: { type: 'undefined', value: null },
      }),
    ),
  ).toBe('MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT')
  server.events.enable('c', false)
  await settle()
  expect(association.own.of('eventEnrollment').size).toBe(1)
  server.events.enable('c')
  server.events.set('c', true)
  expect(await waiting).toMatchObject({ modelName: 'model' })
  expect(association.own.of('eventEnrollment').size).toBe(0)
})

test('a trigger lets it go on, whatever it names', async () => {
  const { mms } = await eventPair(objects)
  const waiting = mms.identify(attached('t', []))
  await settle()
  await mms.events.triggerEvent('t')
  expect(await waiting).toMatchObject({ modelName: 'model' })
})

test('the delay is in seconds; over it, the request ends with its position and nothing is left', async () => {
  const { mms, timers, association } = await eventPair(objects)
  const waiting = mms.identify(attached('c', ['idle-to-active'], { acceptableDelay: 5 }))
  waiting.catch(() => {})
  await settle()
  timers.advance(4_999)
  await settle()
  expect(association.own.of('eventEnrollment').size).toBe(1)
  timers.advance(1)
  await expect(waiting).rejects.toMatchObject({ code: 'MMS_SERVICE_PREEMPT_TIMEOUT', answered: { modifierPosition: 1 } })
  expect(association.own.of('eventEnrollment').size).toBe(0)
})

test.each([
  ['no such condition', attached('none', ['idle-to-active']), 'MMS_ACCESS_OBJECT_NON_EXISTENT'],
  ['no transition of a monitored one', attached('c', []), 'MMS_REJECT_INVALID_MODIFIER'],
])('%s ends the request', async (_, modifier, code) => {
  const { mms } = await eventPair(objects)
  expect(await outcomeOf(mms.identify(modifier))).toBe(code)
})

test('a name that is taken, and more than the limit, end the request', async () => {
  const { mms } = await eventPair(objects, { eventLimits: { maxPerAssociation: 1 } })
  mms.identify(attached('c', ['idle-to-active'])).catch(() => {})
  await settle()
  expect(await outcomeOf(mms.identify(attached('c', ['idle-to-active'])))).toBe('MMS_DEFINITION_OBJECT_EXISTS')
  const other = attached('c', ['idle-to-active'], { eventEnrollmentName: { type: 'aaSpecific', value: 'more' } })
  expect(await outcomeOf(mms.identify(other))).toBe('MMS_RESOURCE_CAPABILITY_UNAVAILABLE')
})

test('when the condition is deleted, who waits for that goes on, and who does not is told that it is invalidated', async () => {
  const domains = { D: { eventConditions: { c: {} } } }
  for (const [transitions, code] of [
    [['any-to-deleted'], 'ok'],
    [['idle-to-active'], 'MMS_ACCESS_OBJECT_INVALIDATED'],
  ] as const) {
    const { mms, server } = await eventPair({ domains })
    const waiting = outcomeOf(mms.identify(attached('D/c', [...transitions])))
    await settle()
    server.vmd.domain('D')!.objects.clear()
    expect(await waiting).toBe(code)
  }
})

test('RM-18: a cancel, and the end of the association, take the enrollment away', async () => {
  const { mms, association } = await eventPair(objects)
  const stop = new AbortController()
  const waiting = mms.identify({ ...attached('c', ['idle-to-active']), signal: stop.signal, cancel: true })
  waiting.catch(() => {})
  await settle()
  stop.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await settle()
  expect(association.own.of('eventEnrollment').size).toBe(0)
  const last = mms.identify({ listOfModifiers: attached('c', ['idle-to-active'], { eventEnrollmentName: vmd('wide') }).listOfModifiers })
  last.catch(() => {})
  await settle()
  expect(association.vmd.vmdSpecific.of('eventEnrollment').size).toBe(1)
  mms.abort()
  await association.ended
  expect(association.vmd.vmdSpecific.of('eventEnrollment').size).toBe(0)
})
