import { Sdu, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accept, acse, joinedPresentations, request } from '../test/kit.js'
import {
  type AAssociateConfirm,
  type AAssociateIndication,
  type ApplicationEntity,
  type AssociationDelivery,
  AssociationMachine,
  type AssociationOptions,
  type AssociationSubmit,
  acceptWhen,
  passwordMechanism,
} from './index.js'

/** Two machines on presentation in memory: `one` asks, `two` accepts unless `answer` does something else. */
function pair(
  options: {
    one?: AssociationOptions
    two?: AssociationOptions
    manual?: boolean
    answer?: (heard: AAssociateIndication) => AssociationSubmit
  } = {},
) {
  const { a, b, flush } = joinedPresentations(options.manual)
  const one = new AssociationMachine(a, options.one)
  const two = new AssociationMachine(b, options.two)
  const heard: { one: AssociationDelivery[]; two: AssociationDelivery[] } = { one: [], two: [] }
  one.onDeliver = delivery => heard.one.push(delivery)
  two.onDeliver = delivery => {
    heard.two.push(delivery)
    if (delivery.type === 'A-ASSOCIATE.indication') two.submit(options.answer?.(delivery) ?? accept)
  }
  const types = () => ({ one: heard.one.splice(0).map(one => one.type), two: heard.two.splice(0).map(one => one.type) })
  return { a, b, one, two, heard, flush, types }
}

/** An open association, with nothing heard yet. */
function associated(options: Parameters<typeof pair>[0] = {}) {
  const open = pair(options)
  open.one.submit(request)
  open.flush()
  expect([open.one.state, open.two.state]).toEqual(['STA5', 'STA5'])
  open.types()
  return open
}

describe('two machines', () => {
  test('N-02: associate, exchange data, release', () => {
    const { one, two, heard, types } = pair()
    one.submit(request)
    expect(types()).toEqual({ one: ['A-ASSOCIATE.confirm'], two: ['A-ASSOCIATE.indication'] })
    one.submit({ type: 'P-DATA.request', presentationContextIdentifier: 3, userData: Sdu.of([4, 1, 7]) })
    expect(heard.two).toEqual([{ type: 'P-DATA.indication', userData: [{ presentationContextIdentifier: 3, octets: unhex('04 01 07') }] }])
    one.submit({ type: 'A-RELEASE.request' })
    two.submit({ type: 'A-RELEASE.response', result: 'affirmative' })
    expect(heard.one.at(-1)).toMatchObject({ type: 'A-RELEASE.confirm', result: 'affirmative' })
    expect([one.state, two.state]).toEqual(['STA0', 'STA0'])
    expect([one.association.role, two.association.role]).toEqual(['initiator', 'responder'])
  })

  test('A-08: a refused release goes on as if none had been asked for; the other side may then release', () => {
    const { one, two, heard } = associated()
    one.submit({ type: 'A-RELEASE.request', reason: 0 })
    two.submit({ type: 'A-RELEASE.response', result: 'negative', reason: 1 })
    expect(heard.one).toEqual([{ type: 'A-RELEASE.confirm', result: 'negative', reason: 1, userInformation: [] }])
    expect([one.state, two.state]).toEqual(['STA5', 'STA5'])
    two.submit({ type: 'A-RELEASE.request' })
    one.submit({ type: 'A-RELEASE.response', result: 'affirmative' })
    expect([one.state, two.state]).toEqual(['STA0', 'STA0'])
  })

  test.each(['initiator', 'responder'] as const)(
    'N-11 and RA-09: releases collide, the %s asking first; the initiator answers first',
    first => {
      const { one, two, flush, types } = associated({ manual: true })
      const ask = { type: 'A-RELEASE.request', reason: 0 } as const
      const answer = { type: 'A-RELEASE.response', result: 'affirmative' } as const
      for (const machine of first === 'initiator' ? [one, two] : [two, one]) machine.submit(ask)
      flush()
      expect([one.state, two.state]).toEqual(['STA6', 'STA7'])
      expect(types()).toEqual({ one: ['A-RELEASE.indication'], two: ['A-RELEASE.indication'] })
      expect(() => two.submit(answer)).toThrow('not allowed in state STA7')
      one.submit(answer)
      flush()
      expect([one.state, two.state]).toEqual(['STA3', 'STA4'])
      expect(types()).toEqual({ one: [], two: ['A-RELEASE.confirm'] })
      two.submit(answer)
      flush()
      expect([one.state, two.state]).toEqual(['STA0', 'STA0'])
      expect(types()).toEqual({ one: ['A-RELEASE.confirm'], two: [] })
    },
  )

  test('N-11: a collision answered inside the deliveries ends the same way', () => {
    const { one, two, flush, heard } = associated({ manual: true })
    const answer = { type: 'A-RELEASE.response', result: 'affirmative' } as const
    one.onDeliver = delivery => {
      heard.one.push(delivery)
      if (delivery.type === 'A-RELEASE.indication') one.submit(answer)
    }
    two.onDeliver = delivery => {
      heard.two.push(delivery)
      if (delivery.type === 'A-RELEASE.confirm') two.submit(answer)
    }
    one.submit({ type: 'A-RELEASE.request' })
    two.submit({ type: 'A-RELEASE.request' })
    flush()
    expect([one.state, two.state]).toEqual(['STA0', 'STA0'])
    expect(heard.one.map(one => one.type)).toEqual(['A-RELEASE.indication', 'A-RELEASE.confirm'])
    expect(heard.two.map(two => two.type)).toEqual(['A-RELEASE.indication', 'A-RELEASE.confirm'])
  })

  test('N-13: data on its way while a release is asked for still arrives', () => {
    const { one, two, flush, types } = associated({ manual: true })
    one.submit({ type: 'A-RELEASE.request' })
    two.submit({ type: 'P-DATA.request', presentationContextIdentifier: 3, userData: Sdu.of([5, 0]) })
    flush()
    two.submit({ type: 'P-DATA.request', presentationContextIdentifier: 3, userData: Sdu.of([5, 0]) })
    two.submit({ type: 'A-RELEASE.response', result: 'affirmative' })
    flush()
    expect(types().one).toEqual(['P-DATA.indication', 'P-DATA.indication', 'A-RELEASE.confirm'])
  })

  test('aborts that cross end both sides once', () => {
    const { one, two, flush, types } = associated({ manual: true })
    one.submit({ type: 'A-ABORT.request' })
    two.submit({ type: 'A-ABORT.request' })
    flush()
    expect(types()).toEqual({ one: [], two: [] })
    expect([one.state, two.state]).toEqual(['STA0', 'STA0'])
  })

  test('N-10: an abort while a release waits for its answer ends both sides', () => {
    const { one, two, types } = associated()
    one.submit({ type: 'A-RELEASE.request' })
    two.submit({ type: 'A-ABORT.request' })
    expect(types()).toEqual({ one: ['A-ABORT.indication'], two: ['A-RELEASE.indication'] })
  })

  test('an abort before the answer reaches a user who has not answered yet', () => {
    const { one, two, heard, flush } = pair({ manual: true, answer: () => ({ type: 'A-ABORT.request' }) })
    one.submit(request)
    flush()
    expect(heard.one).toMatchObject([{ type: 'A-ABORT.indication', abortSource: 'acse-service-user', by: 'peer' }])
    expect([one.state, two.state]).toEqual(['STA0', 'STA0'])
  })
})

describe('what the responder says, seen by the initiator', () => {
  const outcome = (options: Parameters<typeof pair>[0], more = {}) => {
    const { one, two, heard } = pair(options)
    one.submit({ ...request, ...more })
    expect(one.state).toBe(two.state)
    return heard.one[0] as AAssociateConfirm
  }

  test.each(Array.from({ length: 15 }, (_, diagnostic) => diagnostic))(
    'N-07: diagnostic %i of the user arrives with its result and source',
    diagnostic => {
      for (const result of ['rejected-permanent', 'rejected-transient'] as const) {
        const confirm = outcome({ answer: () => ({ type: 'A-ASSOCIATE.response', result, diagnostic }) })
        expect(confirm).toMatchObject({ type: 'A-ASSOCIATE.confirm', result, resultSource: 'acse-service-user' })
        expect(confirm.diagnostic).toBe(diagnostic === 0 ? undefined : diagnostic)
      }
    },
  )

  test.each([1, 2])('N-07: diagnostic %i of the provider', diagnostic => {
    const accept = () => ({ type: 'reject', source: 'acse-service-provider', diagnostic }) as const
    expect(outcome({ two: { accept } })).toMatchObject({ result: 'rejected-permanent', resultSource: 'acse-service-provider', diagnostic })
  })

  test('open point 3: a rejection inside an acceptance arrives as the same rejection', () => {
    const answer = () => ({ type: 'A-ASSOCIATE.response', result: 'rejected-permanent', diagnostic: 3 }) as const
    expect(outcome({ answer, two: { rejectionCarrier: 'acceptance' } })).toMatchObject({ result: 'rejected-permanent', diagnostic: 3 })
  })

  test('A-10 and A-11: both sides prove themselves and verify each other', () => {
    const client = passwordMechanism({ own: 'from client', peer: 'from server' })
    const server = passwordMechanism({ own: 'from server', peer: 'from client' })
    const two = { accept: acceptWhen({ authentication: { mechanisms: [server] } }) }
    const answer = () => ({ ...accept, authentication: server.prove({}) })
    const confirm = outcome({ two, answer }, { authentication: client.prove({}) })
    expect(confirm).toMatchObject({ result: 'accepted', authentication: { mechanismName: '2.2.3.1' } })
    expect(client.verify(confirm.authentication!.authenticationValue!, confirm.responding)).toBe(true)
    expect(outcome({ two, answer }, { authentication: passwordMechanism({ own: 'guess' }).prove({}) })).toMatchObject({ diagnostic: 13 })
    expect(outcome({ two, answer })).toMatchObject({ diagnostic: 14 })
  })
})

describe('every field arrives', () => {
  const oid = fc.constantFrom('1.1.1.999', '2.5.4', '1.0.9506.2.3', '1.3.6.1.4.1.99999.7')
  const name = fc.array(fc.record({ type: oid, value: fc.constant(unhex('0c 01 41')) }), { minLength: 1, maxLength: 2 })
  const form1 = fc.record({ apTitle: fc.array(name, { minLength: 1, maxLength: 2 }), aeQualifier: name }, { requiredKeys: [] })
  const form2 = fc.record({ apTitle: oid, aeQualifier: fc.integer() }, { requiredKeys: [] })
  const identifiers = fc.record({ apInvocationIdentifier: fc.integer(), aeInvocationIdentifier: fc.nat() }, { requiredKeys: [] })
  const entity: fc.Arbitrary<ApplicationEntity> = fc
    .tuple(fc.oneof(form1, form2), identifiers)
    .map(([titles, more]) => ({ ...titles, ...more }))
  const information = fc.array(
    fc.record({ indirectReference: fc.constant(3), octets: fc.nat(40).map(n => Uint8Array.of(4, n, ...new Uint8Array(n))) }),
    { maxLength: 3 },
  )
  const authentication = fc.record(
    {
      mechanismName: oid,
      authenticationValue: fc.record({ type: fc.constant('charstring' as const), value: fc.stringMatching(/^[ -~]{0,20}$/) }),
    },
    { requiredKeys: [] },
  )

  test('A-04: in an indication and in a confirm, what was given in the request and the response', () => {
    const asking = fc.record(
      {
        calling: entity,
        called: entity,
        authentication,
        applicationContextNameList: fc.array(oid, { maxLength: 2 }),
        implementationInformation: fc.stringMatching(/^[ -~]{0,9}$/),
        userInformation: information,
      },
      { requiredKeys: [] },
    )
    const answering = fc.record(
      {
        responding: entity,
        authentication,
        implementationInformation: fc.stringMatching(/^[ -~]{0,9}$/),
        userInformation: information,
        diagnostic: fc.nat(20),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(asking, answering, (asked, answered) => {
        const { one, heard } = pair({ answer: () => ({ ...accept, ...answered }) })
        one.submit({ ...request, ...asked })
        const { calling = {}, called = {}, userInformation = [], ...others } = asked
        expect(heard.two[0]).toMatchObject({ calling, called, ...others, userInformation })
        const confirm = heard.one[0] as AAssociateConfirm
        expect(confirm).toMatchObject({ responding: answered.responding ?? {}, userInformation: answered.userInformation ?? [] })
        expect(confirm.authentication).toEqual(asked.authentication && (answered.authentication ?? {}))
        expect(confirm.implementationInformation).toBe(answered.implementationInformation)
        expect(confirm.diagnostic).toBe(answered.diagnostic || undefined)
      }),
      { numRuns: 200 },
    )
  })
})

describe('N-23: whatever one side sends', () => {
  test('arbitrary octets in any primitive never throw and end in a known state', () => {
    const octets = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom('6100', '6200', '6300', '64038001', '62030000').map(text => unhex(text)),
    )
    const kinds = fc.constantFrom('data', 'release', 'answer', 'abort', 'connect', 'confirm')
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, octets), { maxLength: 4 }), steps => {
        const { a, one } = associated()
        for (const [kind, value] of steps) {
          const userData = acse(value)
          if (kind === 'data')
            a.onDeliver({ type: 'P-DATA.indication', userData: [{ presentationContextIdentifier: value[0] ?? 3, octets: value }] })
          else if (kind === 'release') a.onDeliver({ type: 'P-RELEASE.indication', userData })
          else if (kind === 'answer') a.onDeliver({ type: 'P-RELEASE.confirm', result: 'negative', userData })
          else if (kind === 'abort') a.onDeliver({ type: 'P-U-ABORT.indication', userData })
          if (one.state === 'STA0') break
        }
        expect(one.state).toMatch(/^STA[0-7]$/)
      }),
      { numRuns: 300 },
    )
  })
})
