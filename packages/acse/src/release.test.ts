import { Sdu, UsageError, unhex } from '@x/core'
import type { PresentationDataValues } from '@x/iso-presentation'
import { describe, expect, test } from 'vitest'
import {
  AARE,
  AARQ,
  ABRT_PROVIDER,
  ABRT_USER,
  acse,
  Bench,
  connectConfirm,
  connectIndication,
  inState,
  RLRE,
  RLRQ,
  request,
} from '../test/kit.js'
import { associationStates, buildAARE, buildAARQ, buildABRT } from './index.js'

const information = [{ indirectReference: 3, encoding: 'single-ASN1-type', octets: unhex('05 00') }] as const
const withInformation = 'be 09 28 07 02 01 03 a0 02 05 00'
/** An association with the authentication unit in force. */
const authenticated = (sessionVersion: 1 | 2 = 2) => {
  const bench = new Bench()
  bench.machine.submit({ ...request, authentication: {} })
  const values = acse(buildAARE({ applicationContextName: request.applicationContextName, result: 0, functionalUnits: ['authentication'] }))
  bench.hear(connectConfirm(values, { sessionVersion }))
  return bench.forget()
}

describe('release', () => {
  test('A-08: reasons and user information travel both ways', () => {
    const bench = inState('STA5')
    bench.machine.submit({ type: 'A-RELEASE.request', reason: 30, userInformation: information })
    expect(bench.take()).toEqual([`P-RELEASE.request 1: 62 0e 80 01 1e ${withInformation}`])
    expect(bench.hear({ type: 'P-RELEASE.confirm', result: 'affirmative', userData: acse(`63 0e 80 01 1e ${withInformation}`) })).toEqual([
      { type: 'A-RELEASE.confirm', result: 'affirmative', reason: 30, userInformation: information },
    ])
    const other = inState('STA4')
    other.machine.submit({ type: 'A-RELEASE.response', result: 'affirmative', reason: 0, userInformation: information })
    expect(other.take()).toEqual([`P-RELEASE.response affirmative 1: 63 0e 80 01 00 ${withInformation}`])
  })

  test('trap 16: an RLRQ is always sent', () => {
    const bench = inState('STA5')
    bench.machine.submit({ type: 'A-RELEASE.request' })
    expect(bench.take()).toEqual(['P-RELEASE.request 1: 62 00'])
  })

  test('trap 17: a reason is optional in both APDUs', () => {
    expect(inState('STA5').hear({ type: 'P-RELEASE.indication', userData: acse('62 00') })).toEqual([
      { type: 'A-RELEASE.indication', userInformation: [] },
    ])
    expect(inState('STA3').hear({ type: 'P-RELEASE.confirm', result: 'affirmative', userData: acse('63 00') })).toEqual([
      { type: 'A-RELEASE.confirm', result: 'affirmative', userInformation: [] },
    ])
  })

  test('RA-09 and open point 11: a reason outside the list is delivered as its number', () => {
    expect(inState('STA5').hear({ type: 'P-RELEASE.indication', userData: acse('62 03 80 01 63') })).toMatchObject([{ reason: 99 }])
    expect(inState('STA3').hear({ type: 'P-RELEASE.confirm', result: 'affirmative', userData: acse('63 03 80 01 ff') })).toMatchObject([
      { reason: -1 },
    ])
  })

  test('RA-09 and trap 13: not-finished in an affirmative confirm is a release all the same', () => {
    const bench = inState('STA3')
    expect(bench.hear({ type: 'P-RELEASE.confirm', result: 'affirmative', userData: acse('63 03 80 01 01') })).toMatchObject([
      { result: 'affirmative', reason: 1 },
    ])
    expect(bench.machine.state).toBe('STA0')
  })

  test('trap 15: a peer that answers a release by closing is a provider abort', () => {
    const bench = inState('STA3')
    expect(bench.hear({ type: 'P-P-ABORT.indication', by: 'peer' })).toEqual([{ type: 'A-P-ABORT.indication', by: 'peer' }])
  })

  test.each<[string, PresentationDataValues[], string]>([
    ['another APDU', acse('63 00'), 'ACSE_UNEXPECTED'],
    ['octets that are no APDU', acse('62 01 80'), 'BER_TRUNCATED_LENGTH'],
    ['a reason of length 0', acse('62 02 80 00'), 'BER_EMPTY'],
    ['user information of an unknown context', acse('62 0b be 09 28 07 02 01 09 a0 02 05 00'), 'ACSE_REFERENCE'],
    ['a value of another context', [{ presentationContextIdentifier: 3, octets: unhex(RLRQ) }], 'ACSE_USER_DATA'],
  ])('a P-RELEASE indication with %s is a protocol error', (_, userData, code) => {
    const bench = inState('STA5')
    expect(bench.hear({ type: 'P-RELEASE.indication', userData })).toMatchObject([
      { type: 'A-ABORT.indication', by: 'local provider', cause: { code } },
    ])
    expect(bench.take()).toEqual([`P-U-ABORT.request 1: ${ABRT_PROVIDER}`])
    expect(bench.machine.state).toBe('STA0')
  })

  test('a broken RLRE in an affirmative confirm is told to the user, but nobody is left to be aborted', () => {
    const bench = inState('STA3')
    expect(bench.hear({ type: 'P-RELEASE.confirm', result: 'affirmative', userData: acse('63 05') })).toMatchObject([
      { type: 'A-ABORT.indication', cause: { code: 'BER_LENGTH' } },
    ])
    expect(bench.sent).toEqual([])
    const collided = inState('STA7')
    collided.hear({ type: 'P-RELEASE.confirm', result: 'affirmative', userData: acse('63 05') })
    expect(collided.take()).toEqual([`P-U-ABORT.request 1: ${ABRT_PROVIDER}`])
    const negative = inState('STA3')
    negative.hear({ type: 'P-RELEASE.confirm', result: 'negative', userData: acse('63 05') })
    expect(negative.take()).toEqual([`P-U-ABORT.request 1: ${ABRT_PROVIDER}`])
  })

  test('what presentation refuses, such as a negative answer without negotiated release, changes nothing', () => {
    const bench = inState('STA4')
    const submit = bench.below.submit.bind(bench.below)
    bench.below.submit = () => {
      throw new UsageError('presentation', 'STATE', 'negotiated release is not in force')
    }
    expect(() => bench.machine.submit({ type: 'A-RELEASE.response', result: 'negative' })).toThrow(UsageError)
    expect(bench.machine.state).toBe('STA4')
    bench.below.submit = submit
    bench.machine.submit({ type: 'A-RELEASE.response', result: 'affirmative' })
    expect(bench.machine.state).toBe('STA0')
  })
})

describe('abort', () => {
  test('A-09: the diagnostic of the user is sent with the authentication unit in force, and only then', () => {
    const bench = authenticated()
    bench.machine.submit({ type: 'A-ABORT.request', diagnostic: 5, userInformation: information })
    expect(bench.take()).toEqual([`P-U-ABORT.request 1: 64 11 80 01 00 81 01 05 ${withInformation}`])
    const kernel = inState('STA5')
    kernel.machine.submit({ type: 'A-ABORT.request', diagnostic: 5 })
    expect(kernel.take()).toEqual([`P-U-ABORT.request 1: ${ABRT_USER}`])
  })

  test('B.3.2: an acceptor may abort a bad password in answer to the indication, with the diagnostic', () => {
    const bench = new Bench()
    bench.hear(connectIndication(acse(buildAARQ({ applicationContextName: '1.2.3', authentication: {} }))))
    bench.machine.submit({ type: 'A-ABORT.request', diagnostic: 5 })
    expect(bench.take()).toEqual(['P-U-ABORT.request 1: 64 06 80 01 00 81 01 05'])
  })

  test('A-12 and open point 5: the provider says protocol-error with a unit beyond the kernel in force', () => {
    const bench = authenticated()
    expect(bench.hear({ type: 'P-DATA.indication', userData: acse(RLRQ) })).toMatchObject([{ type: 'A-ABORT.indication' }])
    expect(bench.take()).toEqual(['P-U-ABORT.request 1: 64 06 80 01 01 81 01 02'])
  })

  test('an ABRT with everything in it', () => {
    const octets = buildABRT({ abortSource: 0, diagnostic: 5, userInformation: information })
    expect(inState('STA5').hear({ type: 'P-U-ABORT.indication', userData: acse(octets) })).toEqual([
      { type: 'A-ABORT.indication', abortSource: 'acse-service-user', by: 'peer', diagnostic: 5, userInformation: information },
    ])
  })

  test('N-33: a source without a meaning is the provider, a diagnostic without one is its number', () => {
    expect(inState('STA5').hear({ type: 'P-U-ABORT.indication', userData: acse('64 06 80 01 05 81 01 63') })).toMatchObject([
      { abortSource: 'acse-service-provider', by: 'peer provider', diagnostic: 99 },
    ])
  })

  test('RA-10: an abort without ABRT is the user of the peer, its values the user information', () => {
    expect(inState('STA5').hear({ type: 'P-U-ABORT.indication', userData: [] })).toEqual([
      { type: 'A-ABORT.indication', abortSource: 'acse-service-user', by: 'peer', userInformation: [] },
    ])
    const values: PresentationDataValues[] = [
      { presentationContextIdentifier: 3, encoding: 'arbitrary', octets: unhex('f0'), unusedBits: 4 },
    ]
    expect(inState('STA5').hear({ type: 'P-U-ABORT.indication', userData: values })).toMatchObject([
      {
        abortSource: 'acse-service-user',
        userInformation: [{ indirectReference: 3, encoding: 'arbitrary', octets: unhex('f0'), unusedBits: 4 }],
      },
    ])
  })

  test.each(['64 00', '64 02 80 00', '63 00', ''])(
    'RA-10: an unreadable ABRT (%s) is indicated once, with its cause, and never answered',
    text => {
      const bench = inState('STA5')
      expect(bench.hear({ type: 'P-U-ABORT.indication', userData: acse(text) })).toMatchObject([
        { type: 'A-ABORT.indication', abortSource: 'acse-service-provider', by: 'peer', cause: { name: 'DecodeError', layer: 'acse' } },
      ])
      expect(bench.sent).toEqual([])
      expect(bench.machine.state).toBe('STA0')
    },
  )

  test('session version 1: no ABRT; user information of the user is the user data itself', () => {
    const bench = authenticated(1)
    bench.machine.submit({ type: 'A-ABORT.request', diagnostic: 5, userInformation: information })
    expect(bench.take()).toEqual(['P-U-ABORT.request 3: 05 00'])
    const bare = authenticated(1)
    bare.machine.submit({ type: 'A-ABORT.request' })
    expect(bare.take()).toEqual(['P-U-ABORT.request'])
    const provider = authenticated(1)
    provider.hear({ type: 'P-DATA.indication', userData: acse(RLRQ) })
    expect(provider.take()).toEqual(['P-U-ABORT.request'])
    const unreferenced = authenticated(1)
    const noContext = [{ directReference: '2.1.1', octets: unhex('05 00') }]
    expect(() => unreferenced.machine.submit({ type: 'A-ABORT.request', userInformation: noContext })).toThrow(
      expect.objectContaining({ code: 'ACSE_REFERENCE' }),
    )
    expect(unreferenced.machine.state).toBe('STA5')
  })

  test('N-14: a second abort is a usage error, as Table A.5 has no cell for it', () => {
    const bench = inState('STA5')
    bench.machine.submit({ type: 'A-ABORT.request' })
    expect(() => bench.machine.submit({ type: 'A-ABORT.request' })).toThrow(UsageError)
    expect(bench.sent).toHaveLength(1)
  })

  test('N-14: an abort inside a delivery is safe', () => {
    const bench = inState('STA1')
    bench.machine.onDeliver = delivery => {
      if (delivery.type === 'A-ASSOCIATE.confirm') bench.machine.submit({ type: 'A-ABORT.request' })
    }
    bench.below.deliver(connectConfirm(acse(AARE)))
    expect(bench.machine.state).toBe('STA0')
    expect(bench.take()).toEqual([`P-U-ABORT.request 1: ${ABRT_USER}`])
  })

  test('the idle machine drops what belongs to an association that has ended', () => {
    const bench = inState('STA0')
    bench.hear({ type: 'P-DATA.indication', userData: acse(RLRQ) })
    bench.hear({ type: 'P-RELEASE.indication', userData: acse('ff') })
    bench.hear({ type: 'P-RELEASE.confirm', result: 'affirmative', userData: acse('ff') })
    bench.hear({ type: 'P-U-ABORT.indication', userData: acse('ff') })
    bench.hear({ type: 'P-P-ABORT.indication', by: 'peer' })
    bench.hear(connectConfirm(acse('ff')))
    expect([bench.delivered, bench.sent]).toEqual([[], []])
  })

  test('a machine whose association has ended takes the next one', () => {
    const bench = inState('STA5')
    bench.machine.submit({ type: 'A-ABORT.request' })
    expect(bench.hear(connectIndication(acse(AARQ)))).toMatchObject([{ type: 'A-ASSOCIATE.indication' }])
    expect(bench.machine.association).toMatchObject({ role: 'responder', answered: undefined })
  })
})

describe('data', () => {
  const indication = { type: 'P-DATA.indication', userData: [{ presentationContextIdentifier: 3, octets: unhex('05 00') }] } as const

  test.each(['STA3', 'STA4', 'STA5', 'STA6', 'STA7'] as const)('N-13: P-DATA that comes in %s goes up untouched', state => {
    const bench = inState(state)
    expect(bench.hear(indication)[0]).toBe(indication)
    expect(bench.machine.state).toBe(state)
  })

  test.each(associationStates)(
    'N-13: P-DATA is sent, untouched, while associated and until a release is answered; in %s as the table of data says',
    state => {
      const bench = inState(state)
      const primitive = { type: 'P-DATA.request', presentationContextIdentifier: 3, userData: Sdu.of([5, 0]) } as const
      if (state === 'STA4' || state === 'STA5') {
        bench.machine.submit(primitive)
        expect(bench.sent[0]).toBe(primitive)
      } else {
        expect(() => bench.machine.submit(primitive)).toThrow(UsageError)
        expect(bench.sent).toEqual([])
      }
      expect(bench.machine.state).toBe(state)
    },
  )

  test('P-DATA passes without allocating: the same object, no event, no transition', () => {
    const bench = inState('STA5')
    let events = 0
    bench.machine.onTransition = () => events++
    bench.machine.submit({ type: 'P-DATA.request', presentationContextIdentifier: 3, userData: Sdu.of([5, 0]) })
    bench.hear(indication)
    expect(events).toBe(0)
  })

  test.each(['STA3', 'STA4', 'STA5', 'STA6', 'STA7'] as const)(
    'open point 10: an APDU of ACSE on P-DATA in %s is a protocol error',
    state => {
      const bench = inState(state)
      const userData = [...indication.userData, ...acse(RLRE)]
      expect(bench.hear({ type: 'P-DATA.indication', userData })).toMatchObject([
        { type: 'A-ABORT.indication', by: 'local provider', cause: { code: 'ACSE_UNEXPECTED' } },
      ])
      expect(bench.take()).toEqual([`P-U-ABORT.request 1: ${ABRT_PROVIDER}`])
      expect(bench.machine.state).toBe('STA0')
    },
  )

  test.each(['STA1', 'STA2'] as const)('P-DATA before the association, in %s, is a protocol error', state => {
    const bench = inState(state)
    expect(bench.hear(indication)).toMatchObject([{ type: 'A-ABORT.indication', by: 'local provider' }])
    expect(bench.machine.state).toBe('STA0')
  })

  test('the user cannot send in the context of ACSE', () => {
    const bench = inState('STA5')
    expect(() => bench.machine.submit({ type: 'P-DATA.request', presentationContextIdentifier: 1, userData: Sdu.of([0x62, 0]) })).toThrow(
      expect.objectContaining({ name: 'UsageError', code: 'ACSE_CONTEXT' }),
    )
    expect(bench.machine.state).toBe('STA5')
  })
})
