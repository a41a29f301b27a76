import { bitString } from '@x/ber'
import { EncodeError, hex, type OsiError, UsageError, unhex } from '@x/core'
import type { PConnectConfirm, PresentationDataValues } from '@x/iso-presentation'
import { describe, expect, test } from 'vitest'
import {
  AARE,
  AARE_REJECTED,
  AARQ,
  ABRT_PROVIDER,
  accept,
  accepted,
  acse,
  apduOf,
  Bench,
  connectConfirm,
  connectIndication,
  connectRejection,
  contexts,
  echoContext,
  inState,
  request,
} from '../test/kit.js'
import {
  type AAssociateConfirm,
  type AssociateRequestFields,
  type AssociateResponseFields,
  type AuthenticationValue,
  buildAARE,
  buildAARQ,
  encodeApdu,
  type FunctionalUnit,
} from './index.js'

const aarq = (more: Partial<AssociateRequestFields> = {}) => acse(buildAARQ({ applicationContextName: echoContext, ...more }))
const aare = (more: Partial<AssociateResponseFields> = {}) => acse(buildAARE({ applicationContextName: echoContext, result: 0, ...more }))
const sentApdu = (bench: Bench) => apduOf(bench.below.take()[0]).value
const secret: AuthenticationValue = { type: 'charstring', value: 'secret' }
const password = { mechanismName: '2.2.3.1', authenticationValue: secret }
const refusedContext = [accepted[0]!, { result: 'provider-rejection', providerReason: 1 } as const]

describe('P-CONNECT indication, decided in the order of X.227, 7.1.3.2', () => {
  test.each<[string, PresentationDataValues[], string]>([
    ['no user data', [], 'ACSE_USER_DATA'],
    ['another APDU', acse(AARE), 'ACSE_UNEXPECTED'],
    ['a value of another context', [{ presentationContextIdentifier: 3, octets: AARQ }], 'ACSE_USER_DATA'],
    ['two values', [...acse(AARQ), ...acse(AARQ)], 'ACSE_USER_DATA'],
    ['an arbitrary encoding', [{ presentationContextIdentifier: 1, encoding: 'arbitrary', octets: AARQ }], 'ACSE_USER_DATA'],
    ['an AARQ without application context name', acse('60 00'), 'BER_MISSING'],
    ['RA-01: an unknown APDU', acse('6f 00'), 'BER_CHOICE'],
    ['RA-01: an empty value', acse(''), 'BER_TRUNCATED_TAG'],
  ])('row 1: %s is aborted; nobody here hears of it', (_, values, code) => {
    const bench = new Bench()
    let cause: OsiError | undefined
    bench.machine.onTransition = event => {
      if (event.type === 'protocol error') cause = event.cause
    }
    expect(bench.hear(connectIndication(values))).toEqual([])
    expect(bench.take()).toEqual([`P-U-ABORT.request 1: ${ABRT_PROVIDER}`])
    expect(bench.machine.state).toBe('STA0')
    expect(cause).toMatchObject({ name: 'DecodeError', layer: 'acse', code })
  })

  test('row 1 in session version 1: the abort carries nothing', () => {
    const bench = new Bench()
    bench.hear(connectIndication([], { sessionVersion: 1 }))
    expect(bench.take()).toEqual(['P-U-ABORT.request'])
  })

  test('an octet-aligned AARQ is read like any other', () => {
    const bench = new Bench()
    const [value] = acse(AARQ)
    expect(bench.hear(connectIndication([{ ...value!, encoding: 'octet-aligned' }]))).toHaveLength(1)
  })

  test('row 2: undefined elements and unknown bits are ignored', () => {
    const octets = unhex('60 18 80 02 04 f0 a1 07 06 05 28ca220203 8a 02 04 f0 8e 00 bf 48 02 05 00')
    const [heard] = new Bench().hear(connectIndication(acse(octets)))
    expect(heard).toMatchObject({ type: 'A-ASSOCIATE.indication', authentication: {}, applicationContextNameList: [] })
  })

  test('RA-11 and row 3: without version 1 the ACPM rejects as provider, no-common-acse-version', () => {
    for (const version of [bitString([false, true]), bitString([])]) {
      const bench = new Bench()
      expect(bench.hear(connectIndication(aarq({ protocolVersion: version })))).toEqual([])
      expect(bench.machine.state).toBe('STA0')
      expect(sentApdu(bench)).toEqual({
        applicationContextName: echoContext,
        result: 1,
        resultSourceDiagnostic: { type: 'acse-service-provider', value: 2 },
      })
    }
  })

  test('7.2: version 1 among others, or no version at all, is version 1', () => {
    for (const version of [bitString([true]), bitString([true, true]), undefined]) {
      expect(new Bench().hear(connectIndication(aarq({ protocolVersion: version })))).toHaveLength(1)
    }
  })

  test('trap 18 and row 5: units that this ACPM lacks are struck, not refused', () => {
    const asking = aarq({ authentication: password, applicationContextNameList: ['1.2.3'] })
    const units = (functionalUnits: FunctionalUnit[]) => {
      const bench = new Bench({ functionalUnits })
      const [heard] = bench.hear(connectIndication(asking))
      bench.machine.submit({ ...accept, authentication: password, applicationContextNameList: ['1.2.3'] })
      return { heard, sent: sentApdu(bench), agreed: bench.machine.association.functionalUnits }
    }
    const none = units([])
    expect(none.heard).not.toHaveProperty('authentication')
    expect(none.heard).not.toHaveProperty('applicationContextNameList')
    expect(none.sent).toEqual({
      applicationContextName: echoContext,
      result: 0,
      resultSourceDiagnostic: { type: 'acse-service-user', value: 0 },
    })
    const both = units(['authentication', 'application-context-negotiation'])
    expect(both.heard).toMatchObject({ authentication: password, applicationContextNameList: ['1.2.3'] })
    expect(both.sent).toMatchObject({ responderAcseRequirements: bitString([true, true]), mechanismName: '2.2.3.1' })
    expect(both.sent).not.toHaveProperty('applicationContextNameList')
    expect(both.agreed).toEqual(['authentication', 'application-context-negotiation'])
  })

  test('trap 6: requirements are bits; a bit string of four of them is still authentication alone', () => {
    const octets = unhex('60 16 a1 07 06 05 28ca220203 8a 02 04 80 ac 07 80 05 68656c6c6f')
    const [heard] = new Bench().hear(connectIndication(acse(octets)))
    expect(heard).toMatchObject({ authentication: { authenticationValue: { type: 'charstring', value: 'hello' } } })
    expect(heard).not.toHaveProperty('applicationContextNameList')
  })

  test('open point 8: user information of a context that was refused is rejected by the user, no reason', () => {
    const information = aarq({ userInformation: [{ directReference: '2.1.1', indirectReference: 3, octets: unhex('05 00') }] })
    const bench = new Bench()
    expect(bench.hear(connectIndication(information, { presentationContextDefinitionResultList: refusedContext }))).toEqual([])
    expect(sentApdu(bench)).toMatchObject({ result: 1, resultSourceDiagnostic: { type: 'acse-service-user', value: 1 } })
  })

  test('RA-03: an EXTERNAL without any reference, or of a context nobody proposed, is rejected; several are all delivered', () => {
    for (const references of [{}, { indirectReference: 7 }]) {
      const bench = new Bench()
      expect(bench.hear(connectIndication(aarq({ userInformation: [{ ...references, octets: unhex('05 00') }] })))).toEqual([])
      expect(sentApdu(bench)).toMatchObject({ result: 1, resultSourceDiagnostic: { type: 'acse-service-user', value: 1 } })
    }
    const several = [
      { directReference: '2.1.1', octets: unhex('05 00') },
      { indirectReference: 3, octets: unhex('05 00') },
    ]
    expect(new Bench().hear(connectIndication(aarq({ userInformation: several })))).toMatchObject([{ userInformation: several }])
    expect(new Bench().hear(connectIndication(aarq({ userInformation: [] })))).toMatchObject([{ userInformation: [] }])
  })

  test('open point 9: without a context for ACSE the refusal says nothing, since nothing could carry it', () => {
    for (const more of [
      { presentationContextDefinitionList: contexts.slice(1), presentationContextDefinitionResultList: accepted.slice(1) },
      { presentationContextDefinitionResultList: [...refusedContext].reverse() },
      { presentationContextDefinitionResultList: [{ result: 'acceptance', transferSyntaxName: '2.1.2.0' } as const, accepted[1]!] },
    ]) {
      const bench = new Bench()
      expect(bench.hear(connectIndication(acse(AARQ), more))).toEqual([])
      expect(bench.take()).toEqual(['P-CONNECT.response user-rejection'])
      expect(bench.machine.state).toBe('STA0')
    }
  })

  test('N-32: the context of ACSE is known by its abstract syntax, whatever its identifier', () => {
    const list = [contexts[1]!, { ...contexts[0]!, presentationContextIdentifier: 77 }]
    const bench = new Bench()
    const values = [{ presentationContextIdentifier: 77, octets: AARQ }]
    expect(bench.hear(connectIndication(values, { presentationContextDefinitionList: list }))).toHaveLength(1)
    bench.machine.submit(accept)
    expect(bench.take()).toEqual([`P-CONNECT.response acceptance 77: ${hex(AARE)}`])
  })

  test('RA-06: an authentication value above the limit is authentication-failure', () => {
    for (const [length, heard] of [
      [16, 1],
      [17, 0],
    ] as const) {
      const bench = new Bench({ authenticationValueLimit: 16 })
      const authentication = { authenticationValue: { type: 'charstring', value: 'x'.repeat(length) } } as const
      expect(bench.hear(connectIndication(aarq({ authentication })))).toHaveLength(heard)
      if (heard === 0) expect(sentApdu(bench)).toMatchObject({ resultSourceDiagnostic: { type: 'acse-service-user', value: 13 } })
    }
  })
})

describe('A-ASSOCIATE request', () => {
  test('A-02: what belongs to presentation and session goes straight through, there and back', () => {
    const through = {
      defaultContextName: { abstractSyntaxName: '1.2.3', transferSyntaxName: '2.1.1' },
      presentationRequirements: 1,
      sessionRequirements: 0x82,
      sessionConnectionIdentifier: { commonReference: Uint8Array.of(7) },
    }
    const bench = new Bench()
    const called = { presentationSelector: Uint8Array.of(1) }
    const calling = { presentationSelector: Uint8Array.of(2) }
    bench.machine.submit({ ...request, calledPresentationAddress: called, callingPresentationAddress: calling, ...through })
    expect(bench.below.take()).toMatchObject([
      { type: 'P-CONNECT.request', called, calling, presentationContextDefinitionList: contexts, ...through },
    ])
    const { presentationRequirements: _, defaultContextName: __, ...back } = through
    const answer = { responding: called, ...back }
    expect(bench.hear(connectConfirm(acse(AARE), answer))).toMatchObject([{ respondingPresentationAddress: called, ...back }])

    const responder = new Bench()
    const { presentationRequirements: ___, ...there } = through
    expect(responder.hear(connectIndication(acse(AARQ), { called, calling, ...there }))).toMatchObject([
      { calledPresentationAddress: called, callingPresentationAddress: calling, ...there },
    ])
    responder.machine.submit({ ...accept, respondingPresentationAddress: called, ...back })
    expect(responder.below.take()).toMatchObject([{ type: 'P-CONNECT.response', ...answer }])
  })

  test('A-02: a rejection names the default context as its reason, and tells what was proposed', () => {
    const responder = inState('STA2')
    responder.machine.submit({ ...accept, result: 'rejected-permanent', defaultContextResult: 'user-rejection' })
    expect(responder.below.take()).toMatchObject([{ result: 'user-rejection', defaultContextResult: 'user-rejection' }])
    const bench = inState('STA1')
    const responding = { presentationSelector: Uint8Array.of(1) }
    const rejection = {
      ...connectRejection(acse(AARE_REJECTED)),
      responding,
      defaultContextResult: 'user-rejection',
      presentationContextDefinitionList: [],
    } as const
    expect(bench.hear(rejection as PConnectConfirm)).toMatchObject([
      { respondingPresentationAddress: responding, defaultContextResult: 'user-rejection', presentationContextDefinitionList: [] },
    ])
  })

  test('trap 5 and open point 7: an EXTERNAL gets the transfer syntax of its context, unless an option says otherwise', () => {
    const userInformation = [{ indirectReference: 3, octets: unhex('05 00') }]
    const bench = new Bench()
    bench.machine.submit({ ...request, userInformation })
    expect(sentApdu(bench)).toMatchObject({ userInformation: [{ directReference: '2.1.1', indirectReference: 3 }] })
    const short = new Bench({ sendDirectReference: false })
    short.machine.submit({ ...request, userInformation })
    expect(sentApdu(short)).toMatchObject({
      userInformation: [{ indirectReference: 3, encoding: 'single-ASN1-type', octets: unhex('05 00') }],
    })
    expect(hex(buildAARE({ applicationContextName: echoContext, result: 0, userInformation }))).not.toContain('06 02 51 01')
  })

  test('trap 20: nothing optional is sent by default; the protocol version by option', () => {
    const bench = new Bench({ sendProtocolVersion: true })
    bench.machine.submit(request)
    expect(sentApdu(bench)).toEqual({ protocolVersion: bitString([true]), applicationContextName: echoContext })
    const responder = new Bench({ sendProtocolVersion: true })
    responder.hear(connectIndication(acse(AARQ)))
    responder.machine.submit(accept)
    expect(sentApdu(responder)).toMatchObject({ protocolVersion: bitString([true]) })
  })

  test('N-03: without a context for ACSE there is no request; the state is unchanged', () => {
    for (const list of [[], contexts.slice(1), [{ ...contexts[0]!, transferSyntaxNameList: ['2.1.2.0'] }]]) {
      const bench = new Bench()
      expect(() => bench.machine.submit({ ...request, presentationContextDefinitionList: list })).toThrow(
        expect.objectContaining({ name: 'EncodeError', code: 'ACSE_CONTEXT', message: expect.stringContaining('2.2.1.0.1') }),
      )
      expect(bench.machine.state).toBe('STA0')
      expect(bench.sent).toEqual([])
    }
  })

  test.each([
    ['a context that is not proposed', { indirectReference: 5 }],
    ['no reference', {}],
  ])('user information with %s has no encoding', (_, references) => {
    const bench = new Bench()
    const userInformation = [{ ...references, octets: unhex('05 00') }]
    expect(() => bench.machine.submit({ ...request, userInformation })).toThrow(
      expect.objectContaining({ code: 'ACSE_REFERENCE', path: 'userInformation[0]' }),
    )
  })

  test('a context with several transfer syntaxes must be told which; ACSE names BER in its own value then', () => {
    const list = contexts.map(context => ({ ...context, transferSyntaxNameList: ['2.1.1', '2.1.2.0'] }))
    const bench = new Bench()
    const several = { ...request, presentationContextDefinitionList: list }
    expect(() => bench.machine.submit({ ...several, userInformation: [{ indirectReference: 3, octets: unhex('05 00') }] })).toThrow(
      EncodeError,
    )
    bench.machine.submit({ ...several, userInformation: [{ directReference: '2.1.2.0', indirectReference: 3, octets: unhex('05 00') }] })
    expect(bench.below.take()).toMatchObject([{ userData: [{ presentationContextIdentifier: 1, transferSyntaxName: '2.1.1' }] }])
  })

  test('9.1: titles of two forms for one entity are not sent', () => {
    const mixed = { apTitle: '1.2.3', aeQualifier: [] }
    for (const path of ['calling', 'called'] as const) {
      expect(() => new Bench().machine.submit({ ...request, [path]: mixed })).toThrow(
        expect.objectContaining({ code: 'ACSE_TITLE_FORMS', path }),
      )
    }
    expect(() => inState('STA2').machine.submit({ ...accept, responding: mixed })).toThrow(expect.objectContaining({ path: 'responding' }))
  })

  test('what presentation refuses leaves the machine idle, and it can be asked again', () => {
    const bench = new Bench()
    const submit = bench.below.submit.bind(bench.below)
    bench.below.submit = () => {
      throw new EncodeError('presentation', 'PRESENTATION_CONTEXTS', 'identifiers are not odd')
    }
    expect(() => bench.machine.submit(request)).toThrow(EncodeError)
    expect(bench.machine.state).toBe('STA0')
    bench.below.submit = () => {
      throw new RangeError('a bug, not a refusal')
    }
    expect(() => bench.machine.submit(request)).toThrow(RangeError)
    bench.machine.state = 'STA0'
    bench.below.submit = submit
    bench.machine.submit(request)
    expect(bench.machine.state).toBe('STA1')
  })
})

describe('A-ASSOCIATE response', () => {
  const answered = (more: object, asked: Partial<AssociateRequestFields> = {}, options = {}) => {
    const bench = new Bench(options)
    bench.hear(connectIndication(aarq(asked)))
    bench.machine.submit({ ...accept, ...more })
    return bench
  }

  test('N-08: an AARE with titles, information, another application context and results per context', () => {
    const results = [accepted[0]!, { result: 'user-rejection' } as const]
    const bench = answered({
      responding: { apTitle: '1.1.1.999.1', aeQualifier: 12 },
      applicationContextName: '1.2.3',
      implementationInformation: 'ours',
      presentationContextDefinitionResultList: results,
      respondingPresentationAddress: { presentationSelector: Uint8Array.of(9) },
      userInformation: [{ directReference: '2.1.1', octets: unhex('05 00') }],
    })
    expect(bench.sent).toMatchObject([
      { result: 'acceptance', responding: { presentationSelector: Uint8Array.of(9) }, presentationContextDefinitionResultList: results },
    ])
    expect(sentApdu(bench)).toMatchObject({
      applicationContextName: '1.2.3',
      respondingApTitle: '1.1.1.999.1',
      implementationInformation: 'ours',
      userInformation: [{ directReference: '2.1.1' }],
    })
    expect([...bench.machine.association.contexts]).toEqual([1])
  })

  test('9.1: the authentication unit is agreed to when it was asked for, and its fields never sent when it was not', () => {
    expect(sentApdu(answered({}, { authentication: {} }))).toMatchObject({ responderAcseRequirements: bitString([true]) })
    expect(sentApdu(answered({ authentication: password }))).not.toHaveProperty('mechanismName')
    const rejecting = answered({ result: 'rejected-permanent', diagnostic: 13 }, { authentication: password })
    expect(sentApdu(rejecting)).toEqual({
      applicationContextName: echoContext,
      result: 1,
      resultSourceDiagnostic: { type: 'acse-service-user', value: 13 },
    })
  })

  test('Table 4, note 2: a list of application contexts only with a rejection, and only with the unit', () => {
    const list = { applicationContextNameList: ['1.2.3'] }
    const rejecting = { result: 'rejected-permanent', diagnostic: 2, ...list }
    expect(sentApdu(answered(rejecting, list))).toMatchObject({ ...list, responderAcseRequirements: bitString([false, true]) })
    expect(sentApdu(answered(rejecting))).not.toHaveProperty('applicationContextNameList')
    expect(sentApdu(answered(list, list))).not.toHaveProperty('applicationContextNameList')
  })

  test('N-06: an association is answered exactly once', () => {
    const bench = answered({})
    for (const result of ['accepted', 'rejected-permanent'] as const)
      expect(() => bench.machine.submit({ ...accept, result })).toThrow(UsageError)
    expect(bench.sent).toHaveLength(1)
  })

  test('the AARE needs its context: refusing that in the result list has no encoding', () => {
    const bench = inState('STA2')
    const refusal = { ...accept, presentationContextDefinitionResultList: [{ result: 'user-rejection' } as const, accepted[1]!] }
    expect(() => bench.machine.submit(refusal)).toThrow(expect.objectContaining({ code: 'ACSE_CONTEXT' }))
    expect(bench.machine.state).toBe('STA2')
  })

  test('user information of a context that the answer refuses has no encoding', () => {
    const bench = inState('STA2')
    const userInformation = [{ indirectReference: 3, octets: unhex('05 00') }]
    expect(() => bench.machine.submit({ ...accept, userInformation, presentationContextDefinitionResultList: refusedContext })).toThrow(
      expect.objectContaining({ code: 'ACSE_REFERENCE' }),
    )
  })

  test('open point 3: a rejection may travel in an accepting P-CONNECT, followed by an abort, for peers that read no other', () => {
    const bench = answered({ result: 'rejected-permanent', diagnostic: 1 }, {}, { rejectionCarrier: 'acceptance' })
    expect(bench.take()).toEqual([`P-CONNECT.response acceptance 1: ${hex(AARE_REJECTED)}`, `P-U-ABORT.request 1: ${ABRT_PROVIDER}`])
    expect(bench.machine.state).toBe('STA0')
  })

  test('open point 3: no abort where the peer aborted while it was being told', () => {
    const bench = new Bench({ rejectionCarrier: 'acceptance' })
    bench.hear(connectIndication(acse(AARQ)))
    const submit = bench.below.submit.bind(bench.below)
    bench.below.submit = primitive => {
      submit(primitive)
      if (primitive.type === 'P-CONNECT.response') bench.below.deliver({ type: 'P-U-ABORT.indication', userData: [] })
    }
    bench.machine.submit({ ...accept, result: 'rejected-permanent' })
    expect(bench.take().map(line => line.split(' ')[0])).toEqual(['P-CONNECT.response'])
    expect(bench.heard()).toEqual([])
  })
})

describe('P-CONNECT confirm, X.227, 7.1.3.4', () => {
  const confirmed = (values: PresentationDataValues[], asked: Partial<typeof request> = {}) => {
    const bench = new Bench()
    bench.machine.submit({ ...request, ...asked })
    bench.forget()
    return { bench, heard: bench.hear(connectConfirm(values)) }
  }

  test('A-06: an acceptance with every field of the AARE and of P-CONNECT', () => {
    const userInformation = [{ indirectReference: 3, encoding: 'single-ASN1-type' as const, octets: unhex('05 00') }]
    const responding = { apTitle: '1.1.1.999', aeQualifier: 12, apInvocationIdentifier: 1, aeInvocationIdentifier: 2 }
    const { heard, bench } = confirmed(
      aare({ responding, userInformation, authentication: password, implementationInformation: 'theirs' }),
      { authentication: password },
    )
    expect(heard).toEqual([
      {
        type: 'A-ASSOCIATE.confirm',
        result: 'accepted',
        resultSource: 'acse-service-user',
        applicationContextName: echoContext,
        responding,
        authentication: password,
        implementationInformation: 'theirs',
        userInformation,
        respondingPresentationAddress: {},
        presentationContextDefinitionList: contexts,
        presentationContextDefinitionResultList: accepted,
        sessionRequirements: 2,
      },
    ])
    expect(bench.machine.association).toMatchObject({ functionalUnits: ['authentication'], context: 1 })
    expect(JSON.stringify(bench.machine.association)).not.toContain('secret')
  })

  test('A-03: what was asked and answered stays readable, accepted or rejected, and shares no octets with a delivery', () => {
    const octets = unhex('05 00')
    const { bench } = confirmed(aare({ userInformation: [{ indirectReference: 3, octets }] }))
    const { requested, answered } = bench.machine.association
    expect(requested).toMatchObject({ applicationContextName: echoContext })
    expect(answered).toMatchObject({ result: 'accepted', userInformation: [{ octets: unhex('05 00') }] })
    expect((answered as AAssociateConfirm).userInformation[0]!.octets.buffer.byteLength).toBe(2)
    const rejected = inState('STA1')
    rejected.hear(connectRejection(acse(AARE_REJECTED)))
    expect(rejected.machine.association).toMatchObject({ role: 'initiator', answered: { result: 'rejected-permanent', diagnostic: 1 } })
  })

  test('trap 3: an AARE without requirements is no failure; the unit is then not in force', () => {
    const { heard, bench } = confirmed(acse(AARE), { authentication: password })
    expect(heard).toMatchObject([{ result: 'accepted' }])
    expect(heard[0]).not.toHaveProperty('authentication')
    bench.machine.submit({ type: 'A-ABORT.request', diagnostic: 5 })
    expect(bench.take()).toEqual(['P-U-ABORT.request 1: 64 03 80 01 00'])
  })

  test.each<[string, PresentationDataValues[], string]>([
    ['no user data', [], 'ACSE_USER_DATA'],
    ['another APDU', acse('63 00'), 'ACSE_UNEXPECTED'],
    ['octets that are no APDU', acse('61 05'), 'BER_LENGTH'],
    ['RA-07: an AARE without result', acse('61 10 a1 07 06 05 28ca220203 a3 05 a1 03 02 01 00'), 'BER_MISSING'],
    ['RA-07: an AARE without diagnostic', acse('61 0e a1 07 06 05 28ca220203 a2 03 02 01 00'), 'BER_MISSING'],
    ['a result without a meaning', aare({ result: 3 }), 'ACSE_RESULT'],
    ['RA-07: another application context', aare({ applicationContextName: '1.2.3' }), 'ACSE_APPLICATION_CONTEXT'],
    ['a version that was not offered', aare({ protocolVersion: bitString([false, true]) }), 'ACSE_VERSION'],
    ['two versions', aare({ protocolVersion: bitString([true, true]) }), 'ACSE_VERSION'],
    ['7.4: an undefined element', acse('61 17 a1 07 06 05 28ca220203 a2 03 02 01 00 a3 05 a1 03 02 01 00 8e 00'), 'BER_UNKNOWN'],
    [
      'RA-03: user information of an unknown context',
      aare({ userInformation: [{ indirectReference: 9, octets: unhex('05 00') }] }),
      'ACSE_REFERENCE',
    ],
    ['RA-03: user information without reference', aare({ userInformation: [{ octets: unhex('05 00') }] }), 'ACSE_REFERENCE'],
  ])('acceptance with %s is a protocol error: abort', (_, values, code) => {
    const { bench, heard } = confirmed(values)
    expect(heard).toEqual([
      {
        type: 'A-ABORT.indication',
        abortSource: 'acse-service-provider',
        by: 'local provider',
        userInformation: [],
        cause: expect.objectContaining({ layer: 'acse', code }),
      },
    ])
    expect(bench.take()).toEqual([`P-U-ABORT.request 1: ${ABRT_PROVIDER}`])
    expect(bench.machine.state).toBe('STA0')
  })

  test('an undefined bit in the requirements of an AARE is a protocol error', () => {
    const value = {
      applicationContextName: echoContext,
      result: 0,
      resultSourceDiagnostic: { type: 'acse-service-user', value: 0 },
      responderAcseRequirements: bitString([false, false, true]),
    } as const
    const { heard } = confirmed(acse(encodeApdu({ type: 'AARE', value })))
    expect(heard).toMatchObject([{ cause: { code: 'ACSE_UNDEFINED_BIT' } }])
  })

  test('acceptance with the context of ACSE refused is aborted without an APDU', () => {
    const bench = inState('STA1')
    const results = [{ result: 'user-rejection' } as const, accepted[1]!]
    expect(bench.hear(connectConfirm([], { presentationContextDefinitionResultList: results }))).toMatchObject([
      { type: 'A-ABORT.indication' },
    ])
    expect(bench.take()).toEqual(['P-U-ABORT.request'])
  })

  test('RA-07: accepted with a diagnostic is legal (7.1.5.8) and delivers it', () => {
    expect(confirmed(aare({ diagnostic: 1 })).heard).toMatchObject([{ result: 'accepted', diagnostic: 1 }])
  })

  test('application context negotiation: one of the list may be answered', () => {
    const { heard, bench } = confirmed(aare({ applicationContextName: '1.2.3', functionalUnits: ['application-context-negotiation'] }), {
      applicationContextNameList: ['1.2.3'],
    })
    expect(heard).toMatchObject([{ result: 'accepted', applicationContextName: '1.2.3' }])
    expect(bench.machine.association.functionalUnits).toEqual(['application-context-negotiation'])
  })

  test('trap 19: a rejection needs no user information to be read', () => {
    const bench = inState('STA1')
    expect(
      bench.hear(
        connectRejection(aare({ result: 2, source: 'acse-service-provider', diagnostic: 1, applicationContextNameList: ['1.2.3'] })),
      ),
    ).toMatchObject([
      {
        result: 'rejected-transient',
        resultSource: 'acse-service-provider',
        diagnostic: 1,
        applicationContextNameList: ['1.2.3'],
        presentationContextDefinitionList: contexts,
      },
    ])
  })

  test.each<[string, PresentationDataValues[], string | undefined]>([
    ['an AARE that accepts', acse(AARE), 'ACSE_RESULT'],
    ['unreadable octets', acse('61 05'), 'BER_LENGTH'],
    ['no user data', [], undefined],
  ])('user-rejection with %s is a permanent rejection by the user', (_, values, code) => {
    const bench = inState('STA1')
    const [heard] = bench.hear(connectRejection(values))
    expect(heard).toMatchObject({
      type: 'A-ASSOCIATE.confirm',
      result: 'rejected-permanent',
      resultSource: 'acse-service-user',
      applicationContextName: echoContext,
    })
    expect((heard as AAssociateConfirm).cause?.code).toBe(code)
    expect(bench.machine.state).toBe('STA0')
    expect(bench.sent).toEqual([])
  })

  test('provider-rejection carries the cause of the layer that refused', () => {
    const bench = inState('STA1')
    const cause = new UsageError('session', 'SESSION_REFUSED', 'refused')
    const [heard] = bench.hear({
      type: 'P-CONNECT.confirm',
      result: 'provider-rejection',
      layer: 'session',
      by: 'peer provider',
      providerReason: 129,
      userData: [],
      cause,
    })
    expect(heard).toMatchObject({ result: 'rejected-permanent', resultSource: 'presentation-service-provider' })
    expect(heard).toMatchObject({
      cause: { name: 'RefusedError', layer: 'session', reason: 129, cause, message: expect.stringContaining('session selector unknown') },
    })
  })

  test('RA-08: an AARQ or AARE on an open association is aborted', () => {
    for (const primitive of [connectIndication(acse(AARQ)), connectConfirm(acse(AARE)), connectRejection(acse(AARE_REJECTED))]) {
      const bench = inState('STA5')
      expect(bench.hear(primitive)).toMatchObject([{ type: 'A-ABORT.indication', abortSource: 'acse-service-provider' }])
      expect(bench.take()).toEqual([`P-U-ABORT.request 1: ${ABRT_PROVIDER}`])
    }
  })
})
