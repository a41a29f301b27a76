import { expect, test } from 'vitest'
import { eventPair, outcomeOf } from '../../../test/event-pair.js'
import { model, pair, settle } from '../../../test/pair.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'

const vmd = (value: string) => ({ type: 'vmdSpecific', value }) as const
const open = { accessControlList: 'M_Deletable' }
const objects = {
  eventConditions: { a: {}, b: {}, t: { watches: 'triggered' } },
  domains: { D: { eventConditions: { a: {}, c: {} }, variables: {} } },
  eventConditionLists: {
    inner: { conditions: ['b', 'D/a'], ...open },
    outer: { conditions: ['a'], lists: ['inner'], ...open },
    fixed: { conditions: ['a'] },
  },
} as const

test('defineECL, getECLAttributes, addECLReference, removeECLReference, deleteECL', async () => {
  const { mms } = await eventPair(objects)
  const lists = mms.eventConditionLists
  await lists.defineEventConditionList('l', { conditions: ['a'] })
  await lists.addEventConditionListReference('l', { conditions: ['D/c', 'a'], lists: ['inner'] })
  expect(await lists.getEventConditionListAttributes('l')).toEqual({
    listOfEventConditionName: [vmd('a'), { type: 'domainSpecific', value: { domainID: 'D', itemID: 'c' } }],
    listOfEventConditionListName: [vmd('inner')],
  })
  await lists.removeEventConditionListReference('l', { conditions: ['a'], lists: ['inner'] })
  expect(await lists.getEventConditionListAttributes('l')).toMatchObject({
    listOfEventConditionName: [{ type: 'domainSpecific' }],
    listOfEventConditionListName: [],
  })
  await lists.deleteEventConditionList('l')
  expect(await outcomeOf(lists.getEventConditionListAttributes('l'))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
})

test.each([
  ['a domain that does not exist', 'none/l', { conditions: ['a'] }, 'MMS_ACCESS_OBJECT_NON_EXISTENT'],
  ['a name that is taken', 'inner', { conditions: ['a'] }, 'MMS_DEFINITION_OBJECT_EXISTS'],
  ['a condition that does not exist', 'l', { conditions: ['a', 'none'] }, 'MMS_DEFINITION_OBJECT_UNDEFINED'],
  ['a list that does not exist', 'l', { lists: ['l'] }, 'MMS_DEFINITION_OBJECT_UNDEFINED'],
  ['a condition of the association in a wider list', 'l', { conditions: ['aa:mine'] }, 'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT'],
  ['more members than the limit', 'l', { conditions: ['a', 'b', 't', 'D/a', 'D/c'] }, 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE'],
])('defineECL refuses %s, and makes nothing', async (_, name, members, code) => {
  const { mms, server } = await eventPair(objects, { eventLimits: { maxListMembers: 4 } })
  await mms.events.defineEventCondition({ eventConditionName: 'aa:mine', class: 'network-triggered' })
  expect(await outcomeOf(mms.eventConditionLists.defineEventConditionList(name, members))).toBe(code)
  expect(server.vmd.vmdSpecific.of('eventConditionList').names).toEqual(['fixed', 'inner', 'outer'])
})

test('the errors name what is missing', async () => {
  const { mms } = await eventPair(objects)
  const lists = mms.eventConditionLists
  const info = (value: object) => ({
    code: 'MMS_DEFINITION_OBJECT_UNDEFINED',
    answered: { serviceSpecificInfo: { type: 'additionalService', value } },
  })
  await expect(lists.defineEventConditionList('l', { conditions: ['none'] })).rejects.toMatchObject(
    info({ type: 'defineEcl', value: vmd('none') }),
  )
  await expect(lists.addEventConditionListReference('inner', { lists: ['none'] })).rejects.toMatchObject(
    info({ type: 'addECLReference', value: vmd('none') }),
  )
  await expect(lists.removeEventConditionListReference('inner', { conditions: ['a'] })).rejects.toMatchObject(
    info({ type: 'removeECLReference', value: { type: 'eventCondition', value: vmd('a') } }),
  )
  await expect(lists.removeEventConditionListReference('inner', { conditions: ['b'], lists: ['outer'] })).rejects.toMatchObject(
    info({ type: 'removeECLReference', value: { type: 'eventConditionList', value: vmd('outer') } }),
  )
  // All or nothing.
  expect(await lists.getEventConditionListAttributes('inner')).toMatchObject({
    listOfEventConditionName: [vmd('b'), { type: 'domainSpecific' }],
  })
})

test('no list is inside itself, however far', async () => {
  const { mms } = await eventPair(objects)
  for (const [list, member] of [
    ['inner', 'inner'],
    ['inner', 'outer'],
  ] as const) {
    expect(await outcomeOf(mms.eventConditionLists.addEventConditionListReference(list, { lists: [member] }))).toBe(
      'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT',
    )
  }
})

test('what may not be changed or deleted is not: by its access control list, or since it is inside another one', async () => {
  const { mms } = await eventPair(objects)
  const lists = mms.eventConditionLists
  expect(await outcomeOf(lists.deleteEventConditionList('fixed'))).toBe('MMS_ACCESS_OBJECT_ACCESS_DENIED')
  expect(await outcomeOf(lists.deleteEventConditionList('inner'))).toBe('MMS_SERVICE_OBJECT_CONSTRAINT_CONFLICT')
  await lists.deleteEventConditionList('outer')
  await lists.deleteEventConditionList('inner')
  for (const call of [
    lists.deleteEventConditionList('none'),
    lists.addEventConditionListReference('none', { conditions: ['a'] }),
    lists.removeEventConditionListReference('none', { conditions: ['a'] }),
    lists.reportEventConditionListStatus('none'),
    lists.alterEventConditionListMonitoring('none', true),
  ]) {
    expect(await outcomeOf(call)).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
  }
})

test('reportECLStatus has each condition once, those of inner lists as well, in pages', async () => {
  const { mms, server } = await eventPair(objects)
  server.events.set('b', true)
  await settle()
  const { listOfEventConditionStatus, moreFollows } = await mms.eventConditionLists.reportEventConditionListStatus('outer')
  expect(moreFollows).toBe(false)
  expect(listOfEventConditionStatus).toMatchObject([
    { eventConditionName: vmd('a'), currentState: 'idle', enabled: true, numberOfEventEnrollments: 0 },
    { eventConditionName: { type: 'domainSpecific' }, currentState: 'idle' },
    { eventConditionName: vmd('b'), currentState: 'active' },
  ])
  const after = await mms.eventConditionLists.reportEventConditionListStatus('outer', 'a')
  expect(after.listOfEventConditionStatus).toMatchObject([{ eventConditionName: vmd('b') }])
})

test('RM-12: pages fit the PDU, and those of one identifier in several scopes are on one of them', async () => {
  const names = Array.from({ length: 30 }, (_, i) => `condition${i}`)
  const eventConditions = Object.fromEntries(names.map(name => [name, {}]))
  const { mms } = await eventPair(
    {
      eventConditions,
      domains: { D: { eventConditions, variables: {} } },
      eventConditionLists: { l: { conditions: [...names, ...names.map(name => `D/${name}`)] } },
    },
    { client: { initiate: { ...WHOLE_OF_MMS, maxPduSize: 512 } } },
  )
  expect((await mms.eventConditionLists.reportEventConditionListStatus('l')).moreFollows).toBe(true)
  const all: string[] = []
  for await (const { eventConditionName } of mms.eventConditionLists.status('l')) all.push(JSON.stringify(eventConditionName))
  expect(all).toHaveLength(60)
  expect(new Set(all).size).toBe(60)
})

test('alterECLMonitoring enables and disables every monitored member; network-triggered ones get the priority alone', async () => {
  const { mms, server } = await eventPair({
    ...objects,
    eventConditionLists: { ...objects.eventConditionLists, all: { conditions: ['t'], lists: ['outer'], ...open } },
  })
  await mms.eventConditionLists.alterEventConditionListMonitoring('all', false, 3)
  expect(['a', 'b', 'D/a', 'D/c'].map(name => server.events.condition(name)?.state)).toEqual(['disabled', 'disabled', 'disabled', 'idle'])
  expect(server.vmd.vmdSpecific.get('eventCondition', 't')?.groupPriorityOverride).toBe(3)
  await mms.eventConditionLists.alterEventConditionListMonitoring('all', true)
  expect(server.events.condition('a')?.state).toBe('idle')
  expect(server.vmd.vmdSpecific.get('eventCondition', 't')?.groupPriorityOverride).toBe(3)
  expect(await outcomeOf(mms.eventConditionLists.alterEventConditionListMonitoring('all', true, 128))).toBe('MMS_REJECT_VALUE_OUT_OF_RANGE')
})

test('without recl there are no lists inside, and a list has members', async () => {
  const { mms } = await eventPair(objects, { client: { initiate: { ...WHOLE_OF_MMS, additionalCBB: [] } } })
  const lists = mms.eventConditionLists
  expect(await outcomeOf(lists.defineEventConditionList('l', { conditions: [] }))).toBe('MMS_REJECT_INVALID_ARGUMENT')
  expect(await outcomeOf(lists.addEventConditionListReference('inner', { conditions: ['a'], lists: ['outer'] }))).toBe(
    'MMS_REJECT_INVALID_ARGUMENT',
  )
  expect(await outcomeOf(lists.removeEventConditionListReference('outer', { conditions: [], lists: ['inner'] }))).toBe(
    'MMS_REJECT_INVALID_ARGUMENT',
  )
  expect(await lists.getEventConditionListAttributes('outer')).not.toHaveProperty('listOfEventConditionListName')
})

test('RM-05: they are announced by the bits of additional services, and rejected where cspi is not agreed on', async () => {
  const { server, mms } = await pair({ model: model({ eventConditions: { a: {} }, eventConditionLists: { l: { conditions: ['a'] } } }) })
  expect(server.additionalSupported).toEqual(
    expect.arrayContaining([
      'defineECL',
      'deleteECL',
      'addECLReference',
      'removeECLReference',
      'getECLAttributes',
      'reportECLStatus',
      'alterECLMonitoring',
    ]),
  )
  expect(await outcomeOf(mms.eventConditionLists.getEventConditionListAttributes('l'))).toMatch(/^MMS_REJECT/)
})

test('RM-16: a condition that goes leaves its lists, and a list that goes leaves its conditions', async () => {
  const { mms, server, association } = await eventPair(objects)
  await mms.events.defineEventCondition({ eventConditionName: 'aa:c', class: 'network-triggered' })
  await mms.eventConditionLists.defineEventConditionList('aa:l', { conditions: ['aa:c', 'a'], lists: ['inner'] })
  expect(server.vmd.vmdSpecific.get('eventCondition', 'a')!.lists.size).toBe(3)
  mms.abort()
  await association.ended
  expect(server.vmd.vmdSpecific.get('eventCondition', 'a')!.lists.size).toBe(2)
  expect(server.vmd.vmdSpecific.get('eventConditionList', 'inner')!.referencing.size).toBe(1)
})
