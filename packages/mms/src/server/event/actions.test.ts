import { describe, expect, test } from 'vitest'
import { eventPair, heardBy, outcomeOf, truth } from '../../../test/event-pair.js'
import { int, settle } from '../../../test/pair.js'
import type { ConfirmedServiceRequest } from '../../services.js'
import { types } from '../../value-types.js'

const identify: ConfirmedServiceRequest = { type: 'identify', value: null }
const vmd = (value: string) => ({ type: 'vmdSpecific', value }) as const
const readOf = (name: string): ConfirmedServiceRequest => ({
  type: 'read',
  value: {
    specificationWithResult: false,
    variableAccessSpecification: { type: 'listOfVariable', value: [{ variableSpecification: { type: 'name', value: vmd(name) } }] },
  },
})

describe('defineEventAction', () => {
  test('makes an action that getEventActionAttributes shows, with the number of enrollments', async () => {
    const { mms } = await eventPair({ eventConditions: { c: {} } })
    await mms.events.defineEventAction({ eventActionName: 'a', confirmedServiceRequest: readOf('number') })
    expect(await mms.events.getEventActionAttributes('a')).toEqual({
      mmsDeletable: true,
      listOfModifier: [],
      confirmedServiceRequest: readOf('number'),
      accessControlList: 'M_Deletable',
    })
    expect(await mms.events.reportEventActionStatus('a')).toBe(0)
    await mms.events.defineEventEnrollment({
      eventEnrollmentName: 'e',
      eventConditionName: 'c',
      eventConditionTransitions: ['idle-to-active'],
      eventActionName: 'a',
    })
    expect(await mms.events.reportEventActionStatus('a')).toBe(1)
    expect(await mms.events.deleteEventAction(['a', 'none'])).toBe(2)
    expect(await mms.events.deleteEventEnrollment(['e'])).toBe(0)
    expect(await mms.events.deleteEventAction(['a'])).toBe(0)
    expect(await outcomeOf(mms.events.reportEventActionStatus('a'))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
    expect(await outcomeOf(mms.events.getEventActionAttributes('a'))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
  })

  test.each([
    ['a domain that does not exist', { eventActionName: 'none/a', confirmedServiceRequest: identify }, 'MMS_ACCESS_OBJECT_NON_EXISTENT'],
    ['a name that is taken', { eventActionName: 'taken', confirmedServiceRequest: identify }, 'MMS_DEFINITION_OBJECT_EXISTS'],
    [
      'a service that is not served',
      {
        eventActionName: 'a',
        confirmedServiceRequest: {
          type: 'rename',
          value: { objectClass: { type: 'basicObjectClass', value: 'domain' }, currentName: vmd('D'), newIdentifier: 'F' },
        },
      },
      'MMS_RESOURCE_CAPABILITY_UNKNOWN',
    ],
    [
      'a step that needs the client',
      { eventActionName: 'a', confirmedServiceRequest: { type: 'uploadSegment', value: 1 } },
      'MMS_RESOURCE_CAPABILITY_UNAVAILABLE',
    ],
    [
      'a modifier that is not served',
      {
        eventActionName: 'a',
        confirmedServiceRequest: identify,
        listOfModifier: [{ type: 'semaphoreModifier', value: { semaphoreName: vmd('s'), priority: 64, relinquishIfConnectionLost: true } }],
      },
      'MMS_REJECT_INVALID_MODIFIER',
    ],
  ])('refuses %s, and makes nothing', async (_, argument, code) => {
    const { mms, server } = await eventPair(
      { eventActions: { taken: { request: identify } } },
      {
        handlers: { rename: false, uploadSegment: () => ({ error: { errorClass: { type: 'service', value: 'other' } } }) },
        modifiers: { semaphoreModifier: false },
      },
    )
    expect(await outcomeOf(mms.events.defineEventAction(argument as never))).toBe(code)
    expect(server.vmd.vmdSpecific.of('eventAction').names).toEqual(['taken'])
  })

  test('there are no more than the limit', async () => {
    const { mms } = await eventPair({}, { eventLimits: { maxActions: 1 } })
    await mms.events.defineEventAction({ eventActionName: 'a', confirmedServiceRequest: identify })
    expect(await outcomeOf(mms.events.defineEventAction({ eventActionName: 'b', confirmedServiceRequest: identify }))).toBe(
      'MMS_RESOURCE_CAPABILITY_UNAVAILABLE',
    )
    expect(await mms.events.deleteEventAction('vmd')).toBe(0)
    await mms.events.defineEventAction({ eventActionName: 'b', confirmedServiceRequest: identify })
  })
})

describe('what an action does', () => {
  const acting = (request: ConfirmedServiceRequest, more: object = {}, options: object = {}) =>
    eventPair(
      {
        eventConditions: { t: { watches: 'triggered' } },
        eventActions: { a: { request } },
        eventEnrollments: { e: { condition: 't', action: 'a' } },
        ...more,
      },
      options,
    )

  test('its response is in the notification', async () => {
    const made = await acting(readOf('vmdWide'), { variables: { vmdWide: { type: types.integer(16), value: int(5) } } })
    const told = await heardBy(made)
    made.server.events.trigger('t')
    const [notification] = await told()
    expect(notification!.actionResult).toEqual({
      eventActionName: vmd('a'),
      successOrFailure: {
        type: 'success',
        value: { confirmedServiceResponse: { type: 'read', value: { listOfAccessResult: [{ type: 'success', value: int(5) }] } } },
      },
    })
  })

  test('its error is in the notification, and so is what a handler throws', async () => {
    const made = await acting({ type: 'getEventConditionAttributes', value: vmd('none') })
    const told = await heardBy(made)
    made.server.events.trigger('t')
    expect((await told())[0]!.actionResult!.successOrFailure).toEqual({
      type: 'failure',
      value: { serviceError: { errorClass: { type: 'access', value: 'object-non-existent' } } },
    })
    const throwing = await acting(
      identify,
      {},
      {
        handlers: {
          identify: () => {
            throw new Error('broken')
          },
        },
      },
    )
    const heard = await heardBy(throwing)
    throwing.server.events.trigger('t')
    expect((await heard())[0]!.actionResult!.successOrFailure).toEqual({
      type: 'failure',
      value: { serviceError: { errorClass: { type: 'service', value: 'other' } } },
    })
  })

  test('F-23: one that does not end is given up after its time, and holds nothing', async () => {
    const made = await acting(identify, {}, { handlers: { identify: () => new Promise(() => {}) } })
    const told = await heardBy(made)
    const before = made.timers.pending
    made.server.events.trigger('t')
    made.server.events.trigger('t')
    expect(await told()).toEqual([])
    made.timers.advance(10_000)
    const given = await told()
    expect(given.map(({ actionResult }) => actionResult!.successOrFailure)).toEqual(
      Array(2).fill({ type: 'failure', value: { serviceError: { errorClass: { type: 'servicePreempt', value: 'timeout' } } } }),
    )
    expect(made.timers.pending).toBe(before)
  })

  test('notifications of one enrollment keep their order, and more than the limit are lost: the next one says so', async () => {
    const answers: ((answer: unknown) => void)[] = []
    const made = await acting(
      identify,
      {},
      { handlers: { identify: () => new Promise(resolve => answers.push(resolve)) }, eventLimits: { maxWaitingNotifications: 2 } },
    )
    const told = await heardBy(made)
    for (let i = 0; i < 3; i++) made.server.events.trigger('t')
    await settle()
    expect(answers).toHaveLength(2)
    const answer = (modelName: string) => ({ response: { vendorName: '', modelName, revision: '' } })
    answers[1]!(answer('second'))
    expect(await told()).toEqual([])
    answers[0]!(answer('first'))
    const given = await told()
    expect(given.map(each => [JSON.stringify(each.actionResult).match(/first|second/)![0], each.notificationLost])).toEqual([
      ['first', true],
      ['second', false],
    ])
    expect(made.server.events.enrollment('e')?.notificationLost).toBe(false)
  })

  test('it is nobody’s request: no association, and no conditions of a user are met', async () => {
    let seen: unknown
    const made = await acting(
      identify,
      {},
      {
        handlers: {
          identify: async (
            _: null,
            association: { remote: string; request: (service: 'status', argument: boolean) => Promise<unknown> },
          ) => {
            seen = [association.remote, await association.request('status', false).catch(error => error.code)]
            return { response: { vendorName: '', modelName: '', revision: '' } }
          },
        },
      },
    )
    const told = await heardBy(made)
    made.server.events.trigger('t')
    await told()
    expect(seen).toEqual(['this VMD', 'MMS_NO_CLIENT'])
  })

  test('a result for which the PDU has no room is an error instead', async () => {
    const long = 'x'.repeat(600)
    const made = await acting(
      readOf('long'),
      { variables: { long: { type: types.visibleString(-600), value: { type: 'visibleString', value: long } } } },
      { client: { initiate: { maxPduSize: 512, minPduSize: 128 } } },
    )
    const told = await heardBy(made)
    made.server.events.trigger('t')
    expect((await told())[0]!.actionResult!.successOrFailure).toMatchObject({
      type: 'failure',
      value: { serviceError: { errorClass: { type: 'resource', value: 'other' } } },
    })
  })

  test('it waits in its modifiers first, and their failure has its position', async () => {
    const made = await eventPair({
      eventConditions: { t: { watches: 'triggered' }, other: { watches: 'triggered' } },
      eventActions: {
        a: {
          request: identify,
          modifiers: [
            {
              type: 'eventModifier',
              value: {
                eventEnrollmentName: vmd('w'),
                eventConditionName: vmd('other'),
                causingTransitions: { octets: new Uint8Array(1), size: 7 },
                acceptableDelay: 1,
              },
            },
          ],
        },
      },
      eventEnrollments: { e: { condition: 't', action: 'a' } },
    })
    const told = await heardBy(made)
    made.server.events.trigger('t')
    expect(await told()).toEqual([])
    made.server.events.trigger('other')
    expect((await told())[0]!.actionResult!.successOrFailure.type).toBe('success')
    made.server.events.trigger('t')
    await settle()
    made.timers.advance(1_000)
    expect((await told())[0]!.actionResult!.successOrFailure).toEqual({
      type: 'failure',
      value: { modifierPosition: 1, serviceError: { errorClass: { type: 'servicePreempt', value: 'timeout' } } },
    })
  })

  test('an action writes: journals and variables may follow an event', async () => {
    const made = await acting({
      type: 'write',
      value: {
        variableAccessSpecification: { type: 'listOfVariable', value: [{ variableSpecification: { type: 'name', value: vmd('flag') } }] },
        listOfData: [truth(true)],
      },
    })
    made.server.events.trigger('t')
    await settle()
    expect(await made.mms.readValue('flag')).toEqual(truth(true))
  })

  test('one that goes with its domain leaves its enrollments without a result', async () => {
    const made = await eventPair({
      domains: { D: { eventActions: { a: { request: identify } }, variables: {} } },
      eventConditions: { t: { watches: 'triggered' } },
      eventEnrollments: { e: { condition: 't', action: 'D/a' } },
    })
    const told = await heardBy(made)
    made.server.vmd.domain('D')!.objects.clear()
    made.server.events.trigger('t')
    expect((await told())[0]).not.toHaveProperty('actionResult')
    const [attributes] = (
      await made.mms.events.getEventEnrollmentAttributes({ scopeOfRequest: 'specific', eventEnrollmentNames: [vmd('e')] })
    ).listOfEEAttributes
    expect(attributes!.eventActionName).toEqual({ type: 'undefined', value: null })
  })
})
