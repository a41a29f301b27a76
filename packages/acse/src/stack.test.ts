import { Sdu, unhex } from '@x/core'
import { joinedChannels } from '@x/core/testing'
import { describe, expect, test } from 'vitest'
import { accept, echoContext, request } from '../test/kit.js'
import type { AAssociateIndication, AssociationDelivery, AssociationMachine, AssociationOptions, AssociationSubmit } from './index.js'
import { type AssociationStackOptions, associationStack } from './open.js'

/** Two whole stacks down to TPKT, joined in memory. */
function stacks(
  options: {
    chunk?: number
    one?: AssociationOptions
    two?: AssociationOptions
    answer?: (heard: AAssociateIndication) => AssociationSubmit
    manual?: boolean
    session?: NonNullable<AssociationStackOptions['session']>
  } = {},
) {
  const { a, b, flush } = joinedChannels({ ...(options.chunk && { chunk: options.chunk }), manual: options.manual ?? false })
  const one = associationStack(a, { acse: options.one ?? {}, session: options.session ?? {} })
  const two = associationStack(b, { acse: options.two ?? {}, session: options.session ?? {} })
  const heard = { one: [] as AssociationDelivery[], two: [] as AssociationDelivery[] }
  one.onDeliver = delivery => heard.one.push(delivery)
  two.onDeliver = delivery => {
    heard.two.push(delivery)
    if (delivery.type === 'A-ASSOCIATE.indication') two.submit(options.answer?.(delivery) ?? accept)
  }
  const types = () => ({ one: heard.one.splice(0).map(one => one.type), two: heard.two.splice(0).map(one => one.type) })
  return { a, b, one, two, heard, flush, types }
}

const userInformation = [{ indirectReference: 3, octets: unhex('04 02 68 69') }]
const both = (...machines: AssociationMachine[]) => machines.map(machine => machine.state)

describe('ACSE over presentation, session, COTP and TPKT', () => {
  test.each([undefined, 1, 2, 3, 7, 64])('associates, carries data and releases, in chunks of %s octets', chunk => {
    const { one, two, heard, types } = stacks({ ...(chunk && { chunk }), answer: () => ({ ...accept, userInformation }) })
    one.submit({ ...request, userInformation })
    expect(heard.two[0]).toMatchObject({
      type: 'A-ASSOCIATE.indication',
      applicationContextName: echoContext,
      userInformation: [{ indirectReference: 3 }],
    })
    expect(heard.one[0]).toMatchObject({
      type: 'A-ASSOCIATE.confirm',
      result: 'accepted',
      userInformation: [{ octets: unhex('04 02 68 69') }],
    })
    types()
    one.submit({ type: 'P-DATA.request', presentationContextIdentifier: 3, userData: Sdu.of(unhex('04 01 07')) })
    two.submit({ type: 'P-DATA.request', presentationContextIdentifier: 3, userData: Sdu.of(unhex('04 01 08')) })
    expect(heard.two).toMatchObject([
      { type: 'P-DATA.indication', userData: [{ presentationContextIdentifier: 3, octets: unhex('04 01 07') }] },
    ])
    expect(heard.one).toMatchObject([{ type: 'P-DATA.indication', userData: [{ octets: unhex('04 01 08') }] }])
    one.submit({ type: 'A-RELEASE.request', reason: 0 })
    two.submit({ type: 'A-RELEASE.response', result: 'affirmative', reason: 0 })
    expect(heard.one.at(-1)).toMatchObject({ type: 'A-RELEASE.confirm', result: 'affirmative', reason: 0 })
    expect(both(one, two)).toEqual(['STA0', 'STA0'])
  })

  test.each([1, 2, 13, 14])('N-07: a rejection with diagnostic %i travels in a CPR in a REFUSE', diagnostic => {
    const { one, two, heard } = stacks({ answer: () => ({ type: 'A-ASSOCIATE.response', result: 'rejected-transient', diagnostic }) })
    one.submit(request)
    expect(heard.one).toMatchObject([
      { type: 'A-ASSOCIATE.confirm', result: 'rejected-transient', resultSource: 'acse-service-user', diagnostic },
    ])
    expect(both(one, two)).toEqual(['STA0', 'STA0'])
  })

  test('open point 3: a rejection in an acceptance, followed by an abort, is the same to our initiator', () => {
    const { one, two, heard } = stacks({
      two: { rejectionCarrier: 'acceptance' },
      answer: () => ({ type: 'A-ASSOCIATE.response', result: 'rejected-permanent', diagnostic: 3 }),
    })
    one.submit(request)
    expect(heard.one).toMatchObject([{ type: 'A-ASSOCIATE.confirm', result: 'rejected-permanent', diagnostic: 3 }])
    expect(both(one, two)).toEqual(['STA0', 'STA0'])
  })

  test('open point 8: user information of a context that the responder does not take', () => {
    const { one, heard } = stacks({ two: { accept: () => 'accept' } })
    const list = request.presentationContextDefinitionList.map((context, i) =>
      i === 1 ? { ...context, transferSyntaxNameList: ['2.1.9.9'] } : context,
    )
    one.submit({
      ...request,
      presentationContextDefinitionList: list,
      userInformation: [{ directReference: '2.1.9.9', indirectReference: 3, octets: unhex('05 00') }],
    })
    expect(heard.one).toMatchObject([{ type: 'A-ASSOCIATE.confirm', result: 'rejected-permanent', diagnostic: 1 }])
  })

  test.each(['initiator', 'responder'] as const)('N-11: releases collide on the wire, the %s asking first', first => {
    const { one, two, flush, types } = stacks({ manual: true })
    one.submit(request)
    flush()
    expect(both(one, two)).toEqual(['STA5', 'STA5'])
    types()
    const answer = { type: 'A-RELEASE.response', result: 'affirmative' } as const
    for (const machine of first === 'initiator' ? [one, two] : [two, one]) machine.submit({ type: 'A-RELEASE.request' })
    flush()
    expect(both(one, two)).toEqual(['STA6', 'STA7'])
    one.submit(answer)
    flush()
    expect(both(one, two)).toEqual(['STA3', 'STA4'])
    two.submit(answer)
    flush()
    expect(both(one, two)).toEqual(['STA0', 'STA0'])
    expect(types()).toEqual({ one: ['A-RELEASE.indication', 'A-RELEASE.confirm'], two: ['A-RELEASE.indication', 'A-RELEASE.confirm'] })
  })

  test('N-13: data sent while a release waits for its answer arrives', () => {
    const { one, two, types } = stacks()
    one.submit(request)
    types()
    one.submit({ type: 'A-RELEASE.request' })
    two.submit({ type: 'P-DATA.request', presentationContextIdentifier: 3, userData: Sdu.of(unhex('05 00')) })
    two.submit({ type: 'A-RELEASE.response', result: 'affirmative' })
    expect(types().one).toEqual(['P-DATA.indication', 'A-RELEASE.confirm'])
  })

  test.each(['one', 'two'] as const)('an abort by %s reaches the other with its user information', who => {
    const { one, two, heard } = stacks()
    one.submit(request)
    ;(who === 'one' ? one : two).submit({ type: 'A-ABORT.request', userInformation })
    expect(heard[who === 'one' ? 'two' : 'one'].at(-1)).toMatchObject({
      type: 'A-ABORT.indication',
      abortSource: 'acse-service-user',
      by: 'peer',
      userInformation: [{ indirectReference: 3, octets: unhex('04 02 68 69') }],
    })
    expect(both(one, two)).toEqual(['STA0', 'STA0'])
  })

  test('an abort in answer to the indication reaches the initiator', () => {
    const { one, two, heard } = stacks({ answer: () => ({ type: 'A-ABORT.request' }) })
    one.submit(request)
    expect(heard.one).toMatchObject([{ type: 'A-ABORT.indication', abortSource: 'acse-service-user' }])
    expect(both(one, two)).toEqual(['STA0', 'STA0'])
  })

  test('N-14: the initiator aborts before any answer', () => {
    const { one, two, flush, types } = stacks({ manual: true })
    one.submit(request)
    one.submit({ type: 'A-ABORT.request' })
    flush()
    expect(both(one, two)).toEqual(['STA0', 'STA0'])
    expect(types().one).toEqual([])
  })

  test('a refused release needs negotiated release in the session: without it the answer is a usage error and the release stands', () => {
    const { one, two } = stacks()
    one.submit(request)
    one.submit({ type: 'A-RELEASE.request' })
    expect(() => two.submit({ type: 'A-RELEASE.response', result: 'negative', reason: 1 })).toThrow(
      expect.objectContaining({ name: 'UsageError' }),
    )
    expect(both(one, two)).toEqual(['STA3', 'STA4'])
    two.submit({ type: 'A-RELEASE.response', result: 'affirmative' })
    expect(both(one, two)).toEqual(['STA0', 'STA0'])
  })

  test('A-08: with negotiated release a release is refused and the association goes on', () => {
    const { one, two, heard } = stacks({ session: { functionalUnits: 0x0082 }, answer: () => ({ ...accept, sessionRequirements: 0x0082 }) })
    one.submit({ ...request, sessionRequirements: 0x0082 })
    one.submit({ type: 'A-RELEASE.request' })
    two.submit({ type: 'A-RELEASE.response', result: 'negative', reason: 1 })
    expect(heard.one.at(-1)).toMatchObject({ type: 'A-RELEASE.confirm', result: 'negative', reason: 1 })
    expect(both(one, two)).toEqual(['STA5', 'STA5'])
  })

  test.each(['one', 'two'] as const)('N-17: the network goes away under an open association, noticed by %s', who => {
    const { a, b, one, two, heard } = stacks()
    one.submit(request)
    ;(who === 'one' ? b : a).destroy()
    expect(heard[who].at(-1)).toMatchObject({ type: 'A-P-ABORT.indication', cause: expect.anything() })
    expect((who === 'one' ? one : two).state).toBe('STA0')
  })
})
