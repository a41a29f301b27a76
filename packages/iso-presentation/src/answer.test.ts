import { unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import {
  ACCEPTED,
  BER,
  CONNECT,
  CPA_ONE,
  CPR_USER,
  connectedBy,
  cpa,
  down,
  forget,
  type Harness,
  harness,
  inState,
  LIST,
  NORMAL,
  pdv,
  RLRQ,
  sAccepted,
  sRejected,
  tlv,
  value,
} from '../test/harness.js'
import type { PresentationOptions } from './machine.js'
import type { PConnectConfirm } from './service.js'

const results = (...items: (Uint8Array | string)[]) => tlv(0xa5, ...items)
const BOTH = results(ACCEPTED, ACCEPTED)
const ONE = results(ACCEPTED, '30 06 80 01 02 82 01 01')
const NEITHER = results('30 03 80 01 01', '30 03 80 01 01')

function initiate(octets: Uint8Array, options: PresentationOptions = {}): Harness {
  const h = inState('STAI1', options)
  h.from(sAccepted(octets))
  return h
}

function expectARP(h: Harness, reason: number, event: string): void {
  expect(down(h)).toEqual([`S-U-ABORT.request ${event ? `300680010${reason}8101${event}` : `300380010${reason}`}`])
  expect(h.delivered).toMatchObject([{ type: 'P-P-ABORT.indication', by: 'local provider', abortReason: reason }])
  expect(h.machine.state).toBe('STAI0')
}

describe('CPA that are refused with an ARP', () => {
  test.each<[string, Uint8Array, number]>([
    ['user data absent from the session, so there is no CPA', unhex(''), 1],
    ['a SEQUENCE', unhex('30 00'), 1],
    ['X.410 mode', tlv(0x31, 'a0 03 80 01 00'), 6],
    ['a mode of 5', tlv(0x31, 'a0 03 80 01 05'), 6],
    ['no mode selector', tlv(0x31, tlv(0xa2, BOTH)), 6],
    ['parameters of X.410 mode', tlv(0x31, NORMAL, 'a1 00', tlv(0xa2, BOTH)), 5],
    ['a version we did not offer', cpa('80 02 06 40', BOTH), 6],
    ['our version and another', cpa('80 02 06 c0', BOTH), 6],
    ['an undefined element', cpa(BOTH, tlv(0xab, '03 02 05 80')), 4],
    ['an undefined element in the SET', tlv(0x31, NORMAL, 'a7 00'), 4],
    ['an element in the wrong place', cpa(BOTH, '83 01 01'), 5],
    ['RP-04: no result list', cpa(pdv(1)), 6],
    ['RP-04: no parameters at all', tlv(0x31, NORMAL), 6],
    ['RP-04: a result list too short', cpa(results(ACCEPTED)), 6],
    ['RP-04: a result list too long', cpa(results(ACCEPTED, ACCEPTED, ACCEPTED)), 6],
    ['RP-04: an acceptance without a transfer syntax', cpa(results(ACCEPTED, '30 03 80 01 00')), 6],
    ['RP-04: an acceptance with a transfer syntax not offered', cpa(results(ACCEPTED, '30 07 80 01 00 81 02 53 03')), 6],
    ['a result of 3', cpa(results(ACCEPTED, '30 03 80 01 03')), 6],
    ['a provider-reason of 4', cpa(results(ACCEPTED, '30 06 80 01 02 82 01 04')), 6],
    ['a functional unit we did not offer', cpa(BOTH, '88 02 06 80'), 6],
    ['a session unit without a name', cpa(BOTH, '89 03 01 00 02'), 6],
    ['a selector of 17 octets', cpa(tlv(0x83, new Uint8Array(17)), BOTH), 6],
    ['RP-05: a value of a context that was not proposed', cpa(BOTH, pdv(5)), 6],
    ['a value of a context that was refused', cpa(ONE, pdv(3)), 6],
    ['a value in another transfer syntax than the one agreed', cpa(BOTH, pdv(1, '06 02 53 03')), 6],
    ['RP-05: simply encoded data although two contexts are accepted', cpa(BOTH, '40 05 62 03 80 01 00'), 6],
  ])('%s', (_, octets, reason) => {
    expectARP(initiate(octets), reason, reason === 1 ? '' : '01')
    expectARP(initiate(octets, { strict: true }), reason, reason === 1 ? '' : '01')
  })
})

describe('CPA that are accepted', () => {
  test('RP-09: without user data; its absence is for the user to judge', () => {
    expect(initiate(cpa(BOTH)).delivered).toMatchObject([{ result: 'acceptance', userData: [] }])
  })

  test('a rejecting APDU in a CPA is user data like any other', () => {
    expect(initiate(cpa(BOTH, pdv(1))).delivered).toMatchObject([{ result: 'acceptance', userData: [value(1)] }])
  })

  test('RP-08: the responding selector need not be the one called', () => {
    const h = harness()
    h.machine.submit({ ...CONNECT, called: { presentationSelector: unhex('00 00 00 01') } })
    h.from(sAccepted(cpa('83 02 be ef', BOTH)))
    expect(h.delivered).toMatchObject([{ result: 'acceptance', responding: { presentationSelector: unhex('be ef') } }])
  })

  test('the version encoded although it is the default, and all session units', () => {
    expect(initiate(cpa('80 02 07 80', BOTH, '89 03 03 ff f8'), { strict: true }).machine.state).toBe('STAt0')
  })

  test('RP-04, P-06: refused contexts are for the user to judge, and no data goes out in them', () => {
    const h = initiate(cpa(results('30 03 80 01 01', ACCEPTED)))
    const confirm = h.delivered[0] as Extract<PConnectConfirm, { result: 'acceptance' }>
    expect(confirm.presentationContextDefinitionResultList).toEqual([
      { result: 'user-rejection' },
      { result: 'acceptance', transferSyntaxName: BER },
    ])
    expect([...h.machine.definedContextSet.keys()]).toEqual([3])
    expect(() => h.machine.submit({ type: 'P-RELEASE.request', userData: [value(1)] })).toThrow(
      expect.objectContaining({ code: 'PRESENTATION_CONTEXT', message: expect.stringContaining('the defined context set is 3') }),
    )
  })

  test('P-06: all contexts refused: legal, the DCS is empty', () => {
    const h = initiate(cpa(results('30 03 80 01 01', '30 06 80 01 02 82 01 03')))
    expect(h.machine.state).toBe('STAt0')
    expect(() => h.machine.submit({ type: 'P-RELEASE.request', userData: [value(1)] })).toThrow(/the defined context set is empty/)
  })

  test('one context of two accepted: everything is simply encoded, in the CPA with its tag and later without', () => {
    const h = initiate(CPA_ONE)
    expect(h.delivered).toMatchObject([{ userData: [value(1, unhex('61 08 a2 06 02 01 00 02 01 00'))] }])
    h.machine.submit({ type: 'P-RELEASE.request', userData: [value(1)] })
    expect(down(h)).toEqual(['S-RELEASE.request 6203800100'])
    forget(h)
    h.from({ type: 'S-DATA.indication', userData: RLRQ })
    expect(h.delivered).toEqual([{ type: 'P-DATA.indication', userData: [value(1)] }])
    h.machine.submit({ type: 'P-U-ABORT.request', userData: [value(1)] })
    expect(down(h)).toEqual(['S-U-ABORT.request a012a009300702010106025101' + '40056203800100'])
  })
})

describe('tolerances towards a CPA', () => {
  test.each<[string, Uint8Array, number]>([
    ['missingContextReason', cpa(results(ACCEPTED, '30 03 80 01 02')), 6],
    ['emptyRequirements', cpa(BOTH, '88 02 06 00'), 5],
  ])('%s', (tolerance, octets, reason) => {
    const lenient = initiate(octets)
    expect(lenient.machine.state).toBe('STAt0')
    expect(lenient.deviations).toEqual([tolerance])
    expectARP(initiate(octets, { strict: true }), reason, '01')
    expectARP(initiate(octets, { tolerate: { [tolerance]: false } }), reason, '01')
  })

  test('missingContextReason: the missing reason counts as not specified', () => {
    expect(initiate(cpa(results(ACCEPTED, '30 03 80 01 02'))).delivered).toMatchObject([
      { presentationContextDefinitionResultList: [{ result: 'acceptance' }, { result: 'provider-rejection', providerReason: 0 }] },
    ])
  })

  test('fullEncodingOfSingleContext: in the CPA and in data', () => {
    const octets = cpa(ONE, pdv(1))
    const lenient = initiate(octets)
    expect(lenient.delivered).toMatchObject([{ userData: [value(1)] }])
    expect(lenient.deviations).toEqual(['fullEncodingOfSingleContext'])
    expectARP(initiate(octets, { strict: true }), 6, '01')
    forget(lenient).from({ type: 'S-DATA.indication', userData: pdv(1) })
    expect(lenient.delivered).toEqual([{ type: 'P-DATA.indication', userData: [value(1)] }])
    expect(lenient.deviations).toEqual(['fullEncodingOfSingleContext'])
    const strict = connectedBy(CPA_ONE, { strict: true })
    strict.from({ type: 'S-DATA.indication', userData: pdv(1) })
    expect(strict.delivered).toEqual([{ type: 'P-DATA.indication', userData: [value(1, pdv(1))] }])
  })

  test('fullEncodingOfSingleContext: what is not full encoding of that context is a value beginning with 61', () => {
    for (const octets of [pdv(3), unhex('61 03 a2 01 00'), unhex('61 10 30')]) {
      const h = connectedBy(CPA_ONE)
      h.from({ type: 'S-DATA.indication', userData: octets })
      expect(h.delivered).toEqual([{ type: 'P-DATA.indication', userData: [value(1, octets)] }])
      expect(h.deviations).toEqual([])
    }
  })
})

describe('CPR', () => {
  const refuse = (octets: Uint8Array, options: PresentationOptions = {}) => {
    const h = inState('STAI1', options)
    h.from(sRejected(octets))
    expect(h.machine.state).toBe('STAI0')
    expect(h.sent).toEqual([])
    return h
  }

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 99])('P-07: provider-reason %i reaches the user', reason => {
    expect(refuse(tlv(0x30, tlv(0x8a, Uint8Array.of(reason)))).delivered).toMatchObject([
      { result: 'provider-rejection', layer: 'presentation', by: 'peer provider', providerReason: reason },
    ])
  })

  test.each([
    [0, 'acceptance'],
    [1, 'user-rejection'],
    [2, 'provider-rejection'],
  ])('default-context-result %i is %s', (code, name) => {
    expect(refuse(tlv(0x30, tlv(0x87, Uint8Array.of(code)))).delivered).toMatchObject([
      { result: 'user-rejection', defaultContextResult: name },
    ])
  })

  test('a CPR of nothing is a refusal by the user without more', () => {
    expect(refuse(unhex('30 00')).delivered).toEqual([
      {
        type: 'P-CONNECT.confirm',
        result: 'user-rejection',
        layer: 'presentation',
        by: 'peer',
        responding: {},
        presentationContextDefinitionList: LIST,
        userData: [],
      },
    ])
  })

  test('its user data is simply encoded when its own list accepts one context', () => {
    expect(refuse(tlv(0x30, ONE, '40 05 62 03 80 01 00'), { strict: true }).delivered).toMatchObject([{ userData: [value(1)] }])
  })

  test.each<[string, Uint8Array, boolean]>([
    ['no result list, so no context for its user data', tlv(0x30, pdv(1)), true],
    ['user data of a context that its list refuses', tlv(0x30, NEITHER, pdv(3)), true],
    ['a result list of another length', tlv(0x30, results(ACCEPTED), pdv(1)), false],
  ])('refusalContexts: %s', (_, octets, hasCPR) => {
    const lenient = refuse(octets)
    expect(lenient.delivered).toMatchObject([{ result: 'user-rejection', layer: 'presentation', userData: [{ octets: RLRQ }] }])
    expect(lenient.deviations).toContain('refusalContexts')
    const strict = refuse(octets, { strict: true })
    expect(strict.delivered).toMatchObject(
      hasCPR
        ? [{ type: 'P-P-ABORT.indication', abortReason: 6, eventIdentifier: 2 }]
        : [{ result: 'provider-rejection', layer: 'session' }],
    )
  })

  test('user data of a context that was never proposed is an error even so', () => {
    expect(refuse(tlv(0x30, pdv(5))).delivered).toMatchObject([{ type: 'P-P-ABORT.indication', abortReason: 6, eventIdentifier: 2 }])
  })

  test('the reject of a session provider is the session’s, whatever it carries', () => {
    const h = inState('STAI1')
    h.from(sRejected(CPR_USER, 'peer provider', 131))
    expect(h.delivered).toMatchObject([{ layer: 'session', by: 'peer provider', providerReason: 131, userData: [] }])
  })
})
