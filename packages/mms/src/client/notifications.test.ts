import { describe, expect, test } from 'vitest'
import { heldRead, int, model, pair, settle } from '../../test/pair.js'
import type { EventNotification } from '../asn1/event-action.js'
import { serviceError } from '../server/errors.js'
import type { MmsClient } from './client.js'

/** As if the peer had sent it: for services that the server of these tests does not send. */
const arrives = (mms: MmsClient, delivery: unknown) => mms.connection.provider.onDeliver(delivery as never)

const status = { vmdLogicalStatus: 'state-changes-allowed', vmdPhysicalStatus: 'operational' } as const
const notification: EventNotification = {
  eventEnrollmentName: { type: 'vmdSpecific', value: 'enrollment' },
  eventConditionName: { type: 'vmdSpecific', value: 'condition' },
  severity: 64,
  transitionTime: { type: 'timeSequenceIdentifier', value: 1 },
  notificationLost: false,
} as never

describe('M-08: what comes without being asked for', () => {
  test('M-08: reports reach every listener, in the order of the listeners, without any call waiting', async () => {
    const { mms, server } = await pair()
    const heard: string[] = []
    mms.on('informationReport', report => void heard.push(`first ${report.listOfAccessResult.length}`))
    const off = mms.on('informationReport', () => void heard.push('second'))
    await server.report('LD/set')
    expect(heard).toEqual(['first 2', 'second'])
    off()
    await server.report('LD/set')
    expect(heard).toEqual(['first 2', 'second', 'first 2'])
    mms.off('informationReport')
    await server.report('LD/set')
    expect(heard).toHaveLength(3)
  })

  test('M-08: a listener that throws, or rejects later, is told of as a fault and disturbs nobody', async () => {
    const { mms, server } = await pair()
    const faults: unknown[] = []
    const heard: string[] = []
    mms.on('fault', ({ of, error }) => void faults.push([of, (error as Error).message]))
    mms.on('informationReport', () => {
      throw new Error('now')
    })
    mms.on('informationReport', async () => {
      throw new Error('later')
    })
    mms.on('informationReport', () => void heard.push('sound'))
    await server.report('LD/set')
    await settle()
    expect(heard).toEqual(['sound'])
    expect(faults).toEqual([
      ['informationReport', 'now'],
      ['informationReport', 'later'],
    ])
    expect(await mms.readValue('LD/x')).toEqual(int(1))
  })

  test('M-08: unsolicitedStatus and eventNotification are events and iterators, too', async () => {
    const { mms } = await pair()
    const statuses = mms.notifications('unsolicitedStatus')
    const events = mms.notifications('eventNotification')
    const reports = mms.reports()
    const heard: unknown[] = []
    mms.on('eventNotification', event => void heard.push(event.severity))
    arrives(mms, { type: 'M-UNCONFIRMED.indication', service: 'unsolicitedStatus', argument: status })
    arrives(mms, { type: 'M-UNCONFIRMED.indication', service: 'eventNotification', argument: notification })
    expect((await statuses.next()).value).toEqual(status)
    expect((await events.next()).value).toEqual(notification)
    expect(heard).toEqual([64])
    await mms.close()
    for (const queue of [statuses, events, reports]) expect((await queue.next()).done).toBe(true)
    expect((await mms.reports().next()).done).toBe(true)
  })

  test('RM-25: what nobody listens to is dropped, and holds nothing', async () => {
    const { mms, server } = await pair()
    for (let i = 0; i < 1_000; i++) await server.report('LD/set')
    arrives(mms, { type: 'M-UNCONFIRMED.indication', service: 'unsolicitedStatus', argument: status })
    expect(await mms.readValue('LD/x')).toEqual(int(1))
    const reports = mms.reports()
    await server.report('LD/set')
    expect((await reports.next()).value.listOfAccessResult).toHaveLength(2)
  })

  test.each([
    { overflow: 'drop-oldest', kept: [4, 5], ends: false },
    { overflow: 'drop-newest', kept: [1, 2], ends: false },
    { overflow: 'end', kept: [1, 2], ends: true },
  ] as const)('M-08: a reader who is too slow: $overflow', async ({ overflow, kept, ends }) => {
    let value = 0
    const { mms, server } = await pair({
      model: model({
        domains: { D: { variables: { count: { type: { type: 'integer', value: 32 }, read: () => int(++value) } } } },
        lists: {},
      }),
    })
    const reports = mms.reports({ limit: 2, overflow })
    for (let i = 0; i < 5; i++) await server.report(['D/count'])
    for (const wanted of kept) expect((await reports.next()).value.listOfAccessResult).toMatchObject([{ value: int(wanted) }])
    expect(reports.dropped).toBe(ends ? 1 : 3)
    if (!ends) return
    await expect(reports.next()).rejects.toMatchObject({ name: 'UsageError', code: 'MMS_REPORTS_LOST' })
  })

  test('RM-18: what the peer says to a cancel is told, and so is a reject of something that was no request', async () => {
    const { slow, answer } = heldRead()
    const { mms } = await pair({ model: model({ domains: { D: { variables: { slow } } }, lists: {} }) })
    const heard: unknown[] = []
    mms.on('cancelled', what => void heard.push(what))
    mms.on('rejected', what => void heard.push(what))
    const aborter = new AbortController()
    const read = mms.readValue('D/slow', { signal: aborter.signal, cancel: true })
    await settle()
    aborter.abort(new Error('enough'))
    await expect(read).rejects.toThrow('enough')
    await settle()
    expect(heard).toMatchObject([{ event: 'cancelled', originalInvokeID: 1, error: serviceError('cancel', 'cancel-not-possible') }])
    arrives(mms, { type: 'M-REJECT.indication', rejectReason: { type: 'pduError', value: 'invalid-pdu' } })
    expect(heard[1]).toMatchObject({ event: 'rejected', rejectReason: { value: 'invalid-pdu' } })
    answer()
  })
})
