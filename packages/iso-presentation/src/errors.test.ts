import { DecodeError, EncodeError, hex, Sdu, UsageError, unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import {
  ACCEPT,
  ACSE,
  BER,
  CONCLUDE,
  CONNECT,
  CP,
  CPA_ONE,
  connectedBy,
  down,
  type Harness,
  harness,
  inState,
  pdv,
  sAccepted,
  sConnectIndication,
  TD,
  tlv,
  value,
} from '../test/harness.js'
import type { PresentationOptions } from './machine.js'
import type { PPAbortIndication, PresentationSubmit } from './service.js'

const NAMED = 'a0 09 30 07 02 01 01 06 02 51 01'

function expectARP(h: Harness, reason: number, event?: number): void {
  const identifier = event === undefined ? '' : `8101${event.toString(16).padStart(2, '0')}`
  expect(down(h)).toEqual([`S-U-ABORT.request 30${identifier ? '06' : '03'}80010${reason}${identifier}`])
  expect(h.delivered).toMatchObject([
    { type: 'P-P-ABORT.indication', by: 'local provider', abortReason: reason, cause: { name: 'DecodeError' } },
  ])
  expect(h.machine.state).toBe('STAI0')
}

function expectGone(h: Harness): void {
  expect(h.sent).toEqual([])
  expect(h.delivered).toMatchObject([{ type: 'P-P-ABORT.indication', by: 'local provider', cause: { name: 'DecodeError' } }])
  expect(h.machine.state).toBe('STAI0')
}

describe('user data that is no user data, or of other contexts', () => {
  test.each<[string, Uint8Array, number, number?]>([
    ['RP-05: a context that is not defined', pdv(5), 6, 7],
    ['RP-05: a transfer syntax that was not agreed', pdv(3, '06 02 53 03'), 6, 7],
    ['RP-05: simple encoding although two contexts are defined', unhex('40 02 8b 00'), 6, 7],
    ['RP-05: constructed simple encoding', unhex('60 04 04 02 8b 00'), 6, 7],
    ['RP-05: no PDV-list', unhex('61 00'), 6, 7],
    ['a PDV-list without a value', unhex('61 07 30 05 02 01 03 a0 00'), 6, 7],
    ['octet-aligned without octets', unhex('61 07 30 05 02 01 03 81 00'), 6, 7],
    ['two values as a single one', unhex('61 0b 30 09 02 01 03 a0 04 8b 00 8b 00'), 4, 7],
    ['context 0', unhex('61 09 30 07 02 01 00 a0 02 8b 00'), 6, 7],
    ['a negative context', unhex('61 09 30 07 02 01 83 a0 02 8b 00'), 6, 7],
    ['an undefined encoding', unhex('61 09 30 07 02 01 03 a3 02 8b 00'), 6, 7],
    ['an element behind the values', unhex('61 0b 30 09 02 01 03 a0 02 8b 00 83 00'), 4, 7],
    ['the context twice', unhex('61 0c 30 0a 02 01 03 02 01 03 a0 02 8b 00'), 5, 7],
    ['octets behind it', Uint8Array.from([...TD, 0]), 6, 7],
    ['a length that is too long', unhex('61 0a 30 07 02 01 03 a0 02 8b 00'), 6, 7],
    ['RP-11: a length of the greatest size', unhex('61 84 ff ff ff ff 30 07'), 6, 7],
    ['octets of another tag', unhex('a0 02 8b 00'), 1],
    ['no octets', unhex(''), 1],
  ])('in a TD: %s', (_, userData, reason, event) => {
    const h = inState('STAt0')
    h.from({ type: 'S-DATA.indication', userData })
    expectARP(h, reason, event)
  })

  test('in a TD to the default context: of any other', () => {
    const h = inState('STAI0')
    h.from(sConnectIndication(tlv(0x31, 'a0 03 80 01 01')))
    h.machine.submit({ type: 'P-CONNECT.response', result: 'acceptance' })
    h.session.take()
    h.machine.submit({ type: 'P-DATA.request', presentationContextIdentifier: 0, userData: Sdu.of(CONCLUDE) })
    expect(down(h)).toEqual(['S-DATA.request 8b00'])
    expect(() => h.machine.submit({ type: 'P-DATA.request', presentationContextIdentifier: 1, userData: Sdu.of(CONCLUDE) })).toThrow(
      UsageError,
    )
  })

  test('in an S-RELEASE indication: ARP for event 14, and 1 when it is not user data', () => {
    const h = inState('STAt0')
    h.from({ type: 'S-RELEASE.indication', userData: pdv(5) })
    expectARP(h, 6, 14)
    const other = inState('STAt0')
    other.from({ type: 'S-RELEASE.indication', userData: unhex('62 00') })
    expectARP(other, 1)
  })

  test('in a negative S-RELEASE confirm: ARP for event 15; in an affirmative one the session is gone', () => {
    const h = inState('STAt0')
    h.machine.submit({ type: 'P-RELEASE.request' })
    h.session.take()
    h.from({ type: 'S-RELEASE.confirm', result: 'negative', userData: pdv(5) })
    expectARP(h, 6, 15)
    const other = inState('STAt0')
    other.machine.submit({ type: 'P-RELEASE.request' })
    other.session.take()
    other.from({ type: 'S-RELEASE.confirm', result: 'affirmative', userData: pdv(5) })
    expectGone(other)
  })

  test.each(['STAI0', 'STAI1', 'STAI2'] as const)('a negative S-RELEASE confirm in %s is unexpected: ARP 3, event 15', state => {
    const h = inState(state)
    h.from({ type: 'S-RELEASE.confirm', result: 'negative', userData: unhex('') })
    expect(down(h)).toEqual(['S-U-ABORT.request 300680010381010f'])
  })
})

describe('RP-07: PPDUs in the wrong state (every blank cell is in machine.test.ts)', () => {
  test.each<[string, 'STAI1' | 'STAI2' | 'STAt0', (h: Harness) => void, number]>([
    ['a CP', 'STAt0', h => h.from(sConnectIndication(CP)), 0],
    ['a CPA', 'STAI2', h => h.from(sAccepted(CPA_ONE)), 1],
    ['an AC', 'STAt0', h => h.from({ type: 'S-TYPED-DATA.indication', userData: unhex('a0 00') }), 5],
    ['a TD', 'STAI1', h => h.from({ type: 'S-DATA.indication', userData: TD }), 7],
    ['a TTD', 'STAt0', h => h.from({ type: 'S-TYPED-DATA.indication', userData: TD }), 8],
  ])('%s in %s', (_, state, bring, event) => {
    const h = inState(state)
    bring(h)
    expectARP(h, 2, event)
  })
})

describe('octets that are no PPDU of their primitive: reason 1, in every state', () => {
  test.each(['STAI1', 'STAI2', 'STAt0'] as const)('%s', state => {
    for (const type of ['S-TYPED-DATA.indication', 'S-RESYNCHRONIZE.indication', 'S-RESYNCHRONIZE.confirm']) {
      const h = inState(state)
      h.from({ type, userData: unhex('04 00') })
      expectARP(h, 1)
    }
    const connect = inState(state)
    connect.from(sConnectIndication(unhex('04 00')))
    expectARP(connect, 1)
    const accept = inState(state)
    accept.from({ type: 'S-CONNECT.confirm', ...({ result: 'accept', userData: unhex('04 00') } as object) })
    expectARP(accept, 1)
  })

  test('a primitive that no session service has: ARP 0', () => {
    const h = inState('STAt0')
    h.from({ type: 'S-OTHER.indication' })
    expectARP(h, 0)
  })
})

describe('ARU that only a tolerance accepts', () => {
  const cases: [string, string, Uint8Array, number[]][] = [
    ['abortIdentifierList', 'no identifier list', unhex('a0 0e 61 0c 30 0a 02 01 01 a0 05 64 03 80 01 00'), [1]],
    ['abortIdentifierList', 'an identifier list without the context', tlv(0xa0, NAMED, pdv(3)), [3]],
    ['abortContexts', 'a value of a context that is not defined', tlv(0xa0, pdv(5)), []],
    ['emptyAbort', 'no ARU at all', unhex(''), []],
  ]
  describe.each(cases)('%s: %s', (tolerance, _, userData, contexts) => {
    test.each(['STAI1', 'STAI2', 'STAt0'] as const)('in %s', state => {
      const lenient = inState(state)
      lenient.from({ type: 'S-U-ABORT.indication', userData })
      expect(lenient.deviations).toEqual([tolerance])
      expect(lenient.delivered).toMatchObject([
        { type: 'P-U-ABORT.indication', userData: contexts.map(presentationContextIdentifier => ({ presentationContextIdentifier })) },
      ])
      const strict = inState(state, { strict: true })
      strict.from({ type: 'S-U-ABORT.indication', userData })
      expectGone(strict)
      const single = inState(state, { tolerate: { [tolerance]: false } })
      single.from({ type: 'S-U-ABORT.indication', userData })
      expectGone(single)
    })
  })

  test('without user data nothing needs a tolerance', () => {
    const h = inState('STAt0', { strict: true })
    h.from({ type: 'S-U-ABORT.indication', userData: unhex('a0 00') })
    expect(h.delivered).toEqual([{ type: 'P-U-ABORT.indication', userData: [] }])
  })

  test.each([
    ['neither ARU nor ARP', '04 00'],
    ['an ARU of X.410 mode', '31 00'],
    ['a broken ARU', 'a0 05 a0'],
    ['a broken ARP', '30 03 80 02 00'],
  ])('%s: the session is gone, and the user told', (_, octets) => {
    const h = inState('STAt0')
    h.from({ type: 'S-U-ABORT.indication', userData: unhex(octets) })
    expectGone(h)
  })

  test('p23: before the connection is accepted, values in a transfer syntax that we do not have', () => {
    const list = 'a0 09 30 07 02 01 01 06 02 53 03'
    const h = inState('STAI2')
    h.from({ type: 'S-U-ABORT.indication', userData: tlv(0xa0, list, pdv(1)) })
    expectGone(h)
  })

  test('simple encoding of the one context that the identifier list names', () => {
    const h = connectedBy(CPA_ONE, { strict: true })
    h.from({ type: 'S-U-ABORT.indication', userData: tlv(0xa0, NAMED, '40 05 62 03 80 01 00') })
    expect(h.delivered).toEqual([{ type: 'P-U-ABORT.indication', userData: [value(1)] }])
  })
})

describe('requests that are refused', () => {
  const refused = (h: Harness, primitive: PresentationSubmit, code: string, text: RegExp) => {
    const { state } = h.machine
    expect(() => h.machine.submit(primitive)).toThrow(
      expect.objectContaining({ name: 'UsageError', layer: 'presentation', code, message: expect.stringMatching(text) }),
    )
    expect(h.machine.state).toBe(state)
    expect(h.sent).toEqual([])
  }
  const reject = { result: 'provider-rejection', providerReason: 1 } as const
  const accepted = { result: 'acceptance', transferSyntaxName: BER } as const

  test.each<[string, PresentationSubmit, string, RegExp, PresentationOptions?]>([
    [
      'user data of a context that is not proposed',
      { ...CONNECT, userData: [value(5)] },
      'PRESENTATION_CONTEXT',
      /context 5, which is not proposed/,
    ],
    [
      'P-11: context restoration, which needs session units that ours does not have',
      { ...CONNECT, presentationRequirements: 3 },
      'PRESENTATION_REQUIREMENTS',
      /expected 0 or 1, context management, found 3/,
    ],
    [
      'a default context that is not supported here',
      { ...CONNECT, defaultContextName: { abstractSyntaxName: ACSE, transferSyntaxName: '2.1.2.1' } },
      'PRESENTATION_REQUIREMENTS',
      /2\.2\.1\.0\.1 in 2\.1\.2\.1 is not supported here/,
    ],
  ])('P-CONNECT request: %s', (_, primitive, code, text) => {
    refused(inState('STAI0'), primitive, code, text)
  })

  test.each<[string, Partial<PresentationSubmit>, string, RegExp]>([
    [
      'a result list too short',
      { presentationContextDefinitionResultList: [accepted] },
      'PRESENTATION_RESULTS',
      /expected 2 context results, found 1/,
    ],
    [
      'a context that the provider refused',
      { presentationContextDefinitionResultList: [accepted, accepted] },
      'PRESENTATION_RESULTS',
      /the user cannot accept it/,
    ],
    [
      'a transfer syntax that was not offered',
      { presentationContextDefinitionResultList: [{ ...accepted, transferSyntaxName: '2.1.3' }, reject] },
      'PRESENTATION_RESULTS',
      /offered, found 2\.1\.3/,
    ],
    ['user data of a refused context', { userData: [value(3)] }, 'PRESENTATION_CONTEXT', /context 3, which is not accepted/],
  ])('P-CONNECT response: %s', (_, more, code, text) => {
    for (const result of ['acceptance', 'user-rejection'] as const) {
      const h = inState('STAI2', { abstractSyntaxes: { [ACSE]: [BER] } })
      refused(h, { ...more, type: 'P-CONNECT.response', result } as PresentationSubmit, code, text)
    }
  })

  test('P-CONNECT response: a transfer syntax that was offered, but is not ours', () => {
    const offered = '30 16 02 01 01 06 04 52 01 00 01 30 0b 06 02 53 03 06 02 51 01 06 01 2a'
    const h = inState('STAI0')
    h.from(sConnectIndication(tlv(0x31, 'a0 03 80 01 01', tlv(0xa2, tlv(0xa4, offered)))))
    refused(
      h,
      {
        type: 'P-CONNECT.response',
        result: 'acceptance',
        presentationContextDefinitionResultList: [{ result: 'acceptance', transferSyntaxName: '2.3.3' }],
      },
      'PRESENTATION_RESULTS',
      /this provider has no transfer syntax 2\.3\.3/,
    )
  })

  test('P-06: data of a context that is not defined, and an abort with it', () => {
    const h = inState('STAt0')
    refused(
      h,
      { type: 'P-DATA.request', presentationContextIdentifier: 5, userData: Sdu.of(CONCLUDE) },
      'PRESENTATION_CONTEXT',
      /context 5 is not defined, the defined context set is 1, 3/,
    )
    refused(h, { type: 'P-U-ABORT.request', userData: [value(5)] }, 'PRESENTATION_CONTEXT', /context 5, which is not defined/)
    refused(
      inState('STAI1'),
      { type: 'P-U-ABORT.request', userData: [value(5)] },
      'PRESENTATION_CONTEXT',
      /context 5, which is not proposed/,
    )
  })

  test('an Sdu that is refused has not been written to', () => {
    const h = inState('STAt0')
    const userData = Sdu.of(CONCLUDE)
    expect(() => h.machine.submit({ type: 'P-DATA.request', presentationContextIdentifier: 5, userData })).toThrow(UsageError)
    expect(userData.octets()).toEqual(CONCLUDE)
  })

  test('a primitive of another service', () => {
    const h = inState('STAt0')
    expect(() => h.machine.submit({ type: 'A-RELEASE.request' } as unknown as PresentationSubmit)).toThrow(EncodeError)
    expect(h.machine.state).toBe('STAt0')
  })
})

describe('what the session refuses', () => {
  const refusing = (h: Harness, error: Error): void => {
    h.session.submit = () => {
      throw error
    }
  }

  test.each<[PresentationSubmit, 'STAI0' | 'STAI2' | 'STAt0']>([
    [CONNECT, 'STAI0'],
    [ACCEPT, 'STAI2'],
    [{ type: 'P-CONNECT.response', result: 'user-rejection' }, 'STAI2'],
    [{ type: 'P-RELEASE.request' }, 'STAt0'],
  ])('%o in %s leaves everything as it was', (primitive, state) => {
    for (const error of [new EncodeError('session', 'SESSION_USER_DATA', 'too long'), new UsageError('cotp', 'STATE', 'not now')]) {
      const h = inState(state)
      const { variables } = h.machine
      refusing(h, error)
      expect(() => h.machine.submit(primitive)).toThrow(error)
      expect(h.machine.state).toBe(state)
      expect(h.machine.variables).toBe(variables)
    }
  })

  test('any other error is a mistake in the program and passes through', () => {
    const h = inState('STAI0')
    refusing(h, new RangeError('bug'))
    expect(() => h.machine.submit(CONNECT)).toThrow(RangeError)
  })

  test('an abort for which the session has no room goes out without user data', () => {
    const h = inState('STAt0')
    const sent: string[] = []
    h.session.submit = primitive => {
      const octets = primitive.userData as Uint8Array
      if (octets.length > 9) throw new EncodeError('session', 'SESSION_USER_DATA', 'at most 9 octets')
      sent.push(hex(octets))
    }
    h.machine.submit({ type: 'P-U-ABORT.request', userData: [value(1)] })
    expect(sent).toEqual(['a0 00'])
    expect(h.machine.state).toBe('STAI0')
  })

  test('an abort that the session refuses for another reason has not happened', () => {
    const h = inState('STAt0')
    refusing(h, new UsageError('session', 'STATE', 'not now'))
    expect(() => h.machine.submit({ type: 'P-U-ABORT.request' })).toThrow(UsageError)
    expect(h.machine.state).toBe('STAt0')
  })
})

describe('a machine after a connection', () => {
  test('serves the next one, as initiator or responder, with nothing left of the last', () => {
    const h = harness()
    h.machine.submit(CONNECT)
    h.from({ type: 'S-P-ABORT.indication', by: 'peer provider' })
    h.from(sConnectIndication(CP))
    h.machine.submit(ACCEPT)
    h.from({ type: 'S-RELEASE.indication', userData: unhex('') })
    h.machine.submit({ type: 'P-U-ABORT.request' })
    expect(h.machine.variables).toMatchObject({ rl: false, indicated: false })
    h.machine.submit(CONNECT)
    expect(h.machine.state).toBe('STAI1')
  })

  test('onDeviation need not be set', () => {
    const h = inState('STAt0')
    h.machine.onDeviation = undefined
    h.from({ type: 'S-U-ABORT.indication', userData: unhex('') })
    expect(h.delivered).toEqual([{ type: 'P-U-ABORT.indication', userData: [] }])
  })

  test('what is wrong with an event from below is told with its clause', () => {
    const h = inState('STAI1')
    h.from({ type: 'S-DATA.indication', userData: TD })
    const { cause } = h.delivered[0] as PPAbortIndication & { cause: DecodeError }
    expect(cause).toBeInstanceOf(DecodeError)
    expect(cause.message).toBe('TD is not allowed in state STAI1')
    expect(cause.clause).toBe('X.226, A.4.1.2')
  })
})

describe('P-09: what a user reads of an error from below', () => {
  const cause = (octets: string) => {
    const h = inState('STAt0')
    h.from({ type: 'S-DATA.indication', userData: unhex(octets) })
    return (h.delivered[0] as PPAbortIndication).cause
  }

  test('P-09: the context that a value is of, and those that are defined', () => {
    expect(cause('61 09 30 07 02 01 05 a0 02 8b 00')?.message).toBe(
      'TD: expected user data of the contexts agreed (1, 3), found a value of context 5, in state STAt0',
    )
    expect(cause('61 0d 30 0b 06 02 53 03 02 01 03 a0 02 8b 00')?.message).toBe(
      'TD: expected user data of the contexts agreed (1, 3), found a value of context 3 in transfer syntax 2.3.3, in state STAt0',
    )
  })

  test('P-09: user data that cannot be read: where it breaks, by offset and path', () => {
    expect(cause('61 0b 30 09 02 01 03 a0 04 8b 03 00 00')).toMatchObject({ name: 'DecodeError', offset: 10 })
    expect(cause('61 10 30 07 02 01 03 a0 02 8b 00 30 05 02 01 03 81 00')?.message).toMatch(
      /PDV-list 2, of context 3, octet-aligned: expected at least one value, found none/,
    )
  })
})

describe('P-11: units that this provider does not have, the session giving it none of their primitives', () => {
  test.each([
    ['K34: a TE', 'S-EXPEDITED-DATA.indication', TD, '2810109'],
    ['K36: a TC', 'S-CAPABILITY-DATA.indication', TD, '281010a'],
    ['K38: a TCC', 'S-CAPABILITY-DATA.confirm', TD, '281010b'],
    ['an RS', 'S-RESYNCHRONIZE.indication', unhex('30 00'), '281010c'],
    ['an RSA', 'S-RESYNCHRONIZE.confirm', unhex('30 00'), '281010d'],
  ])('%s is named and refused as unexpected', (_, type, userData, sent) => {
    const h = inState('STAt0')
    h.from({ type, userData })
    expect(down(h)).toEqual([`S-U-ABORT.request 300680010${sent}`])
  })

  test.each(['P-EXPEDITED-DATA.request', 'P-CAPABILITY-DATA.request', 'P-CAPABILITY-DATA.response'])(
    'K33, K35, K37: %s is no primitive of this service',
    type => {
      const h = inState('STAt0')
      expect(() => h.machine.submit({ type, userData: [value(1)] } as unknown as PresentationSubmit)).toThrow(
        expect.objectContaining({ name: 'EncodeError', code: 'PRESENTATION_PRIMITIVE' }),
      )
      expect(h.machine.state).toBe('STAt0')
    },
  )
})
