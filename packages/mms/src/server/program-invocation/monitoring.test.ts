import { RejectedError, ServiceError } from '@x/core'
import { expect, test } from 'vitest'
import { type Pair, pair, settle } from '../../../test/pair.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'
import type { MmsServerOptions } from '../server.js'

const watched = (more: Partial<MmsServerOptions> = {}): Promise<Pair> =>
  pair({
    model: { identity: { vendorName: 'v', modelName: 'm', revision: 'r' }, domains: { D: {} }, program: {} },
    services: 'all',
    initiate: WHOLE_OF_MMS,
    client: { initiate: WHOLE_OF_MMS },
    ...more,
  })
const NAME = { type: 'vmdSpecific', value: 'P' } as const
const objects = ({ server: { vmd } }: Pair) =>
  (['eventCondition', 'eventAction', 'eventEnrollment'] as const).map(
    each => vmd.vmdSpecific.of(each).names.filter(name => name === 'P').length,
  )

test('each end of a run is one notification, with the attributes of the invocation', async () => {
  const p = await watched()
  const { programInvocations: pi } = p.mms
  const heard: unknown[] = []
  p.mms.on('eventNotification', ({ eventEnrollmentName, actionResult }) => heard.push([eventEnrollmentName, actionResult]))
  await pi.createProgramInvocation('P', ['D'], { monitor: 'permanent' })
  expect(objects(p)).toEqual([1, 1, 1])
  expect((await pi.getProgramInvocationAttributes('P')).monitor).toBe(true)
  expect(heard).toEqual([])
  const runs: [end: () => Promise<unknown> | unknown, state: string][] = [
    [() => pi.stop('P'), 'stopped'],
    [() => p.server.vmd.vmdSpecific.get('programInvocation', 'P')!.ended(), 'idle'],
    [() => pi.kill('P'), 'unrunnable'],
  ]
  for (const [end, state] of runs) {
    await (state === 'idle' ? pi.resume('P') : pi.start('P'))
    await end()
    await settle()
    expect(heard).toHaveLength(1)
    const [[name, result]] = heard.splice(0) as [
      [unknown, { successOrFailure: { type: string; value: { confirmedServiceResponse: unknown } } }],
    ]
    expect(name).toEqual(NAME)
    expect(result).toMatchObject({
      eventActionName: NAME,
      successOrFailure: {
        type: 'success',
        value: { confirmedServiceResponse: { type: 'getProgramInvocationAttributes', value: { state } } },
      },
    })
  }
  await pi.deleteProgramInvocation('P')
  await settle()
  expect(objects(p)).toEqual([0, 0, 0])
  expect(heard).toEqual([])
  p.mms.abort()
})

test('a current monitor ends with the association, and the invocation stays; a permanent one stays, too (self-only)', async () => {
  for (const monitor of ['current', 'permanent'] as const) {
    const p = await watched()
    await p.mms.programInvocations.createProgramInvocation('P', ['D'], { monitor })
    p.mms.abort()
    await p.association.ended
    await settle()
    const program = p.server.vmd.vmdSpecific.get('programInvocation', 'P')!
    expect(program.monitor).toBe(monitor === 'permanent' ? 'permanent' : undefined)
    expect(objects(p)).toEqual(monitor === 'permanent' ? [1, 1, 1] : [0, 0, 0])
    await program.move('start')
    program.ended()
  }
})

test('the names of its condition, action and enrollment must be free', async () => {
  const p = await watched()
  await p.mms.programInvocations.createProgramInvocation('P', ['D'], { monitor: 'permanent' })
  const { vmd } = p.server
  const program = vmd.vmdSpecific.get('programInvocation', 'P')!
  vmd.vmdSpecific.rename('programInvocation', program, 'Q')
  const error = await p.mms.programInvocations
    .createProgramInvocation('P', ['D'], { monitor: 'current' })
    .catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ServiceError)
  expect((error as ServiceError).code).toBe('MMS_DEFINITION_OBJECT_EXISTS')
  p.mms.abort()
})

test('a server without events rejects a monitor', async () => {
  const p = await watched({ services: ['domains', 'programInvocations'] })
  const error = await p.mms.programInvocations
    .createProgramInvocation('P', ['D'], { monitor: 'current' })
    .catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(RejectedError)
  expect((error as RejectedError).code).toBe('MMS_REJECT_INVALID_ARGUMENT')
  expect(p.server.vmd.vmdSpecific.of('programInvocation').size).toBe(0)
  p.mms.abort()
})
