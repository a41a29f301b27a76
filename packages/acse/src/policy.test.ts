import { describe, expect, test } from 'vitest'
import { AARQ, accept, acse, apduOf, Bench, connectIndication, contexts, echoContext } from '../test/kit.js'
import {
  type AAssociateIndication,
  type AssociationPolicy,
  acceptWhen,
  buildAARQ,
  chooseApplicationContext,
  passwordMechanism,
  type RelativeDistinguishedName,
  sameTitle,
} from './index.js'

const indication: AAssociateIndication = {
  type: 'A-ASSOCIATE.indication',
  applicationContextName: echoContext,
  calling: { apTitle: '1.1.1.999', aeQualifier: 12, apInvocationIdentifier: 1, aeInvocationIdentifier: 2 },
  called: { apTitle: '1.1.1.999.1', aeQualifier: 22, apInvocationIdentifier: 3, aeInvocationIdentifier: 4 },
  userInformation: [],
  calledPresentationAddress: {},
  callingPresentationAddress: {},
  presentationContextDefinitionList: contexts,
  presentationContextDefinitionResultList: [],
}
const judge = (policy: AssociationPolicy, more: Partial<AAssociateIndication> = {}) => acceptWhen(policy)({ ...indication, ...more })
const rejected = (diagnostic: number) => ({ type: 'reject', diagnostic })

describe('what an acceptor wants', () => {
  test('N-05: nothing, unless it says so', () => {
    expect(judge({})).toBe('accept')
    expect(judge({}, { authentication: { authenticationValue: { type: 'charstring', value: 'x' } } })).toBe('accept')
  })

  test('RA-02: an application context that is not known gets diagnostic 2 and the list of those that are', () => {
    expect(judge({ applicationContexts: [echoContext] })).toBe('accept')
    expect(judge({ applicationContexts: ['1.2.3'] })).toEqual({ ...rejected(2), applicationContextNameList: ['1.2.3'] })
    expect(judge({ applicationContexts: ['1.2.3'] }, { applicationContextNameList: ['1.2.4', '1.2.3'] })).toBe('accept')
  })

  test('N-25: of several application contexts the proposed one comes first, then the order of the peer', () => {
    const choice = (supported: string[]) =>
      chooseApplicationContext({ ...indication, applicationContextNameList: ['1.2.3', '1.2.4'] }, supported)
    expect([choice([echoContext, '1.2.3']), choice(['1.2.4', '1.2.3']), choice(['1.2.5'])]).toEqual([echoContext, '1.2.3', undefined])
  })

  test.each([
    ['apTitles', '9.9', 3, 7, 'apTitle'],
    ['apInvocationIdentifiers', 99, 4, 8, 'apInvocationIdentifier'],
    ['aeQualifiers', 99, 5, 9, 'aeQualifier'],
    ['aeInvocationIdentifiers', 99, 6, 10, 'aeInvocationIdentifier'],
  ] as const)('RA-05: %s that are not known have a diagnostic each', (list, other, calling, called, field) => {
    expect(judge({ calling: { [list]: [other] } })).toEqual(rejected(calling))
    expect(judge({ called: { [list]: [other] } })).toEqual(rejected(called))
    expect(judge({ calling: { [list]: [other, indication.calling[field]] }, called: { [list]: [indication.called[field]] } })).toBe(
      'accept',
    )
  })

  test('RA-05: a name that is left out counts as unknown for the peer, and as any for us, unless the rule says otherwise', () => {
    const policy = { apTitles: ['1.1.1.999'] }
    expect(judge({ calling: policy }, { calling: {} })).toEqual(rejected(3))
    expect(judge({ called: policy }, { called: {} })).toBe('accept')
    expect(judge({ calling: { ...policy, absent: 'accept' } }, { calling: {} })).toBe('accept')
    expect(judge({ called: { ...policy, absent: 'refuse' } }, { called: {} })).toEqual(rejected(7))
  })

  test('RA-05: titles of form 1 are compared level by level', () => {
    const country: RelativeDistinguishedName = [{ type: '2.5.4.6', value: Uint8Array.of(0x13, 1, 0x41) }]
    const two: RelativeDistinguishedName = [...country, { type: '2.5.4.10', value: Uint8Array.of(0x13, 1, 0x42) }]
    expect(sameTitle([country, two], [country, [...two].reverse()])).toBe(true)
    expect(sameTitle([country], [country, two])).toBe(false)
    expect(sameTitle([...country, ...country], two)).toBe(false)
    expect(sameTitle(two, [...country, ...country])).toBe(false)
    expect(sameTitle(country, two)).toBe(false)
    expect(sameTitle(country, country)).toBe(true)
    expect(sameTitle([country], country)).toBe(false)
    expect(sameTitle([], [])).toBe(true)
    expect(sameTitle([country], '2.5.4.6')).toBe(false)
    expect(sameTitle(12, 12)).toBe(true)
    expect(sameTitle([], [country])).toBe(false)
  })

  test('RA-06: a bad proof is rejected with 11 to 14, or aborted with 3 to 6', () => {
    const authentication = { mechanisms: [passwordMechanism({ peer: 'right' })] }
    const wrong = { authentication: { mechanismName: '2.2.3.1', authenticationValue: { type: 'charstring', value: 'wrong' } } } as const
    expect(judge({ authentication }, wrong)).toEqual(rejected(13))
    expect(judge({ authentication, onBadAuthentication: 'abort' }, wrong)).toEqual({ type: 'abort', diagnostic: 5 })
    expect(judge({ authentication })).toEqual(rejected(14))
    expect(judge({ authentication: 'refuse' }, wrong)).toEqual(rejected(11))
    expect(judge({ authentication: 'refuse' })).toBe('accept')
  })

  test('RA-03: user information that is left out is refused where the policy wants some', () => {
    expect(judge({ requireUserInformation: true })).toEqual(rejected(1))
    expect(judge({ requireUserInformation: true }, { userInformation: [{ indirectReference: 3, octets: new Uint8Array(0) }] })).toBe(
      'accept',
    )
  })

  test('N-05: no room is said first, as transient and by the provider', () => {
    expect(judge({ full: () => true, applicationContexts: [] })).toEqual({
      type: 'reject',
      result: 'rejected-transient',
      source: 'acse-service-provider',
      diagnostic: 1,
    })
    expect(judge({ full: () => false })).toBe('accept')
  })

  test('the order is room, context, called, calling, proof, user information', () => {
    const all: AssociationPolicy = {
      applicationContexts: [],
      called: { apTitles: [] },
      calling: { apTitles: [] },
      authentication: { mechanisms: [] },
      requireUserInformation: true,
    }
    const order: unknown[] = []
    for (const drop of ['applicationContexts', 'called', 'calling', 'authentication', 'requireUserInformation'] as const) {
      order.push((judge(all) as { diagnostic: number }).diagnostic)
      delete (all as Record<string, unknown>)[drop]
    }
    expect(order).toEqual([2, 7, 3, 14, 1])
  })
})

describe('a policy in a machine', () => {
  const aare = (bench: Bench) => {
    const [response] = bench.below.take()
    expect(response).toMatchObject({ type: 'P-CONNECT.response', result: 'user-rejection' })
    return apduOf(response).value
  }

  test('RA-12: user information is not shown to the user before titles and proof have been checked', () => {
    const bench = new Bench({ accept: acceptWhen({ authentication: { mechanisms: [passwordMechanism({ peer: 'right' })] } }) })
    const octets = buildAARQ({
      applicationContextName: echoContext,
      authentication: { mechanismName: '2.2.3.1', authenticationValue: { type: 'charstring', value: 'wrong' } },
      userInformation: [{ indirectReference: 3, octets: Uint8Array.of(5, 0) }],
    })
    expect(bench.hear(connectIndication(acse(octets)))).toEqual([])
    expect(aare(bench)).toEqual({
      applicationContextName: echoContext,
      result: 1,
      resultSourceDiagnostic: { type: 'acse-service-user', value: 13 },
    })
    expect(JSON.stringify(bench.machine.association)).not.toContain('wrong')
  })

  test('RA-02: a rejection for the application context names those supported, if the peer negotiates', () => {
    const policy = acceptWhen({ applicationContexts: ['1.2.3'] })
    const plain = new Bench({ accept: policy })
    plain.hear(connectIndication(acse(AARQ)))
    expect(aare(plain)).toEqual({
      applicationContextName: echoContext,
      result: 1,
      resultSourceDiagnostic: { type: 'acse-service-user', value: 2 },
    })
    const negotiating = new Bench({ accept: policy })
    negotiating.hear(connectIndication(acse(buildAARQ({ applicationContextName: echoContext, applicationContextNameList: ['1.2.4'] }))))
    expect(aare(negotiating)).toMatchObject({
      applicationContextNameList: ['1.2.3'],
      responderAcseRequirements: { octets: Uint8Array.of(0x40), size: 2 },
    })
  })

  test('N-06: a policy may abort instead; the diagnostic travels if authentication was asked for', () => {
    const options = { accept: () => ({ type: 'abort', diagnostic: 5 }) as const }
    const bench = new Bench(options)
    const authentication = { authenticationValue: { type: 'charstring', value: 'x' } } as const
    expect(bench.hear(connectIndication(acse(buildAARQ({ applicationContextName: echoContext, authentication }))))).toEqual([])
    expect(bench.take()).toEqual(['P-U-ABORT.request 1: 64 06 80 01 00 81 01 05'])
    const kernel = new Bench(options)
    kernel.hear(connectIndication(acse(AARQ)))
    expect(kernel.take()).toEqual(['P-U-ABORT.request 1: 64 03 80 01 00'])
    expect([bench.machine.state, kernel.machine.state]).toEqual(['STA0', 'STA0'])
  })

  test('A-10: a user who takes time to verify answers the indication later', () => {
    const bench = new Bench()
    const value = { type: 'charstring', value: 'right' } as const
    const [heard] = bench.hear(
      connectIndication(acse(buildAARQ({ applicationContextName: echoContext, authentication: { authenticationValue: value } }))),
    )
    expect(heard).toMatchObject({ authentication: { authenticationValue: value } })
    bench.machine.submit({
      ...accept,
      authentication: { mechanismName: '2.2.3.1', authenticationValue: { type: 'charstring', value: 'back' } },
    })
    const [response] = bench.below.take()
    expect(apduOf(response).value).toMatchObject({
      responderAcseRequirements: { octets: Uint8Array.of(0x80), size: 1 },
      mechanismName: '2.2.3.1',
      respondingAuthenticationValue: { type: 'charstring', value: 'back' },
    })
    expect(JSON.stringify(bench.machine.association)).not.toMatch(/right|back/)
  })
})
