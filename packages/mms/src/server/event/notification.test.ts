import { expect, test } from 'vitest'
import { eventPair, heardBy, truth } from '../../../test/event-pair.js'

test('a client defines a condition on a variable, enrolls, is told of both transitions and acknowledges', async () => {
  const made = await eventPair()
  const { mms, at } = made
  const told = await heardBy(made)
  await mms.events.defineEventCondition({
    eventConditionName: 'D/high',
    class: 'monitored',
    severity: 10,
    monitoredVariable: { type: 'name', value: { type: 'domainSpecific', value: { domainID: 'D', itemID: 'alarm' } } },
  })
  await mms.events.defineEventEnrollment({
    eventEnrollmentName: 'aa:mine',
    eventConditionName: 'D/high',
    eventConditionTransitions: ['disabled-to-active', 'idle-to-active', 'disabled-to-idle', 'active-to-idle'],
    alarmAcknowledgmentRule: 'ack-all',
  })
  await mms.events.alterEventConditionMonitoring({ eventConditionName: 'D/high', enabled: true })
  expect(await told()).toMatchObject([
    { enrollment: 'aa:mine', condition: 'D/high', currentState: 'idle', severity: 10, notificationLost: false },
  ])
  await mms.writeValue('D/alarm', truth(true))
  const [active] = await told()
  expect(active).toMatchObject({ currentState: 'active', transitionTime: at(), alarmAcknowledgmentRule: 'ack-all' })
})
