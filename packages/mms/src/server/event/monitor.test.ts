import { describe, expect, test } from 'vitest'
import { eventPair, heardBy, outcomeOf, truth } from '../../../test/event-pair.js'
import { model, pair, settle } from '../../../test/pair.js'
import { types } from '../../value-types.js'
import { objectNameOf } from '../objects.js'

const ENDS = ['P', 'Q'] as const
const create = (monitorType: boolean | undefined) => ({
  programInvocationName: 'P',
  listOfDomainNames: ['D'],
  reusable: true,
  ...(monitorType !== undefined && { monitorType }),
})
const started = { executionArgument: { type: 'simpleString', value: '' } } as const

describe('a program invocation that is monitored', () => {
  test('has a condition, an action and an enrollment with its name; each end of a run is told, with its attributes', async () => {
    const made = await eventPair()
    const { mms } = made
    const told = await heardBy(made)
    await mms.request('createProgramInvocation', create(true))
    expect(await mms.events.getEventActionAttributes('P')).toMatchObject({
      confirmedServiceRequest: { type: 'getProgramInvocationAttributes', value: 'P' },
    })
    expect(await mms.events.reportEventEnrollmentStatus('P')).toMatchObject({
      duration: 'permanent',
      currentState: 'idle',
      alarmAcknowledgmentRule: 'none',
    })
    expect(await mms.request('getProgramInvocationAttributes', 'P')).toMatchObject({ monitor: true })
    await mms.request('start', { programInvocationName: 'P', ...started })
    expect(await told()).toEqual([])
    expect(made.server.events.condition('P')?.state).toBe('active')
    await mms.request('stop', { programInvocationName: 'P' })
    const [notification] = await told()
    expect(notification).toMatchObject({ enrollment: 'vmd:P', condition: 'vmd:P', currentState: 'idle', severity: 64 })
    expect(notification!.actionResult!.successOrFailure).toMatchObject({
      type: 'success',
      value: { confirmedServiceResponse: { value: { state: 'stopped', monitor: true } } },
    })
    await mms.request('deleteProgramInvocation', 'P')
    for (const name of ENDS) expect(made.server.events.condition(name)).toBeUndefined()
    expect(made.server.vmd.vmdSpecific.of('eventAction').size + made.server.vmd.vmdSpecific.of('eventEnrollment').size).toBe(0)
  })

  test('RM-16: current monitoring ends with the association, the invocation stays (self-only)', async () => {
    const { mms, server, association } = await eventPair()
    await mms.request('createProgramInvocation', create(false))
    expect(server.events.enrollment('P')?.duration).toBe('current')
    mms.abort()
    await association.ended
    await settle()
    expect(server.events.condition('P')).toBeUndefined()
    const program = server.vmd.vmdSpecific.get('programInvocation', 'P')
    expect(program?.name).toBe('P')
    expect(program?.monitor).toBeUndefined()
  })

  test('its names must be free, and events be served', async () => {
    const { mms, server } = await eventPair({ eventConditions: { P: {} } })
    expect(await outcomeOf(mms.request('createProgramInvocation', create(true)))).toBe('MMS_DEFINITION_OBJECT_EXISTS')
    expect(server.vmd.vmdSpecific.of('programInvocation').size).toBe(0)
    const without = await pair({ model: model(), services: ['programInvocations'] })
    expect(await outcomeOf(without.mms.request('createProgramInvocation', { ...create(true), listOfDomainNames: ['LD'] }))).toBe(
      'MMS_REJECT_INVALID_ARGUMENT',
    )
  })
})

test('M_Violation tells of accesses that were refused, once in a turn (self-only)', async () => {
  const made = await eventPair({ eventConditions: { a: {}, b: {} }, eventEnrollments: { e: { condition: 'M_Violation' } } })
  const told = await heardBy(made)
  expect(await made.mms.events.deleteEventCondition(['a', 'b'])).toBe(2)
  expect(await told()).toMatchObject([{ condition: 'vmd:M_Violation' }])
  expect(await made.mms.events.deleteEventCondition(['a'])).toBe(1)
  expect(await told()).toHaveLength(1)
  expect(await made.mms.events.getEventConditionAttributes('M_Violation')).toMatchObject({
    class: 'network-triggered',
    mmsDeletable: false,
  })
  expect(await made.mms.events.reportEventConditionStatus('M_Violation')).toMatchObject({ currentState: 'disabled' })
})

test('a domain that is loaded brings its events', async () => {
  const { server } = await eventPair()
  const domain = server.vmd.domain('E')!
  server.vmd.populate(domain, {
    variables: { v: { type: types.boolean, value: truth(true) } },
    eventConditions: { c: { watches: { variable: 'E/v' } } },
    eventConditionLists: { l: { conditions: ['E/c'] } },
  })
  expect(server.events.condition('E/c')?.state).toBe('active')
  expect(objectNameOf(domain.objects.get('eventConditionList', 'l')!)).toMatchObject({ type: 'domainSpecific' })
})
