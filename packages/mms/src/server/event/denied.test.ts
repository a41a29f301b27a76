import { describe, expect, test } from 'vitest'
import { eventPair, outcomeOf } from '../../../test/event-pair.js'
import type { Pair } from '../../../test/pair.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'

const model = {
  eventConditions: { c: {} },
  eventActions: { a: { request: { type: 'identify', value: null } } },
  eventEnrollments: { e: { condition: 'c', action: 'a' } },
} as const
const enrollment = { eventEnrollmentName: 'new', eventConditionName: 'c', eventConditionTransitions: ['idle-to-active'] as const }
const request = { type: 'identify', value: null } as const

describe('what an access control list forbids is object-access-denied, and nothing has changed', () => {
  const asked: [service: string, guarded: 'vmd' | 'e', ask: (mms: Pair['mms']) => Promise<unknown>][] = [
    ['defineEventCondition', 'vmd', ({ events }) => events.defineEventCondition({ eventConditionName: 'new', class: 'network-triggered' })],
    ['defineEventAction', 'vmd', ({ events }) => events.defineEventAction({ eventActionName: 'new', confirmedServiceRequest: request })],
    ['defineEventEnrollment', 'vmd', ({ events }) => events.defineEventEnrollment(enrollment)],
    [
      'defineEventConditionList',
      'vmd',
      ({ eventConditionLists }) => eventConditionLists.defineEventConditionList('new', { conditions: ['c'] }),
    ],
    [
      'alterEventEnrollment',
      'e',
      ({ events }) => events.alterEventEnrollment({ eventEnrollmentName: 'e', eventConditionTransitions: ['idle-to-active'] }),
    ],
  ]

  test.each(asked)('%s, by the list of the %s', async (_, guarded, ask) => {
    const p = await eventPair(model, { initiate: WHOLE_OF_MMS })
    const { vmd } = p.server
    const conditions = { loadAccessCondition: { type: 'never', value: null } }
    vmd.vmdSpecific.add('accessControlList', { name: 'Forbids', scope: undefined, accessControlList: 'M_Never', conditions } as never)
    const object = guarded === 'vmd' ? vmd : vmd.vmdSpecific.get('eventEnrollment', 'e')!
    const before = object.accessControlList
    object.accessControlList = 'Forbids'
    const state = async () => [
      vmd.vmdSpecific.classes.map(each => [...vmd.vmdSpecific.of(each).names]),
      await p.mms.events.reportEventEnrollmentStatus('e'),
    ]
    const was = await state()
    expect(await outcomeOf(ask(p.mms))).toBe('MMS_ACCESS_OBJECT_ACCESS_DENIED')
    expect(await state()).toEqual(was)
    object.accessControlList = before
    expect(await outcomeOf(ask(p.mms))).toBe('ok')
  })
})
