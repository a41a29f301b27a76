import { unhex } from '@x/core'
import type { SessionDelivery } from '@x/iso-session'
import { describe, expect, test } from 'vitest'
import {
  ACSE,
  ACSE_ITEM,
  BER,
  CP,
  CPA,
  cp,
  down,
  harness,
  inState,
  item,
  LIST,
  MMS,
  MMS_ITEM,
  NORMAL,
  pdv,
  RLRQ,
  sAccepted,
  sConnectIndication,
  tlv,
  value,
} from '../test/harness.js'
import type { PresentationOptions } from './machine.js'
import type { PConnectIndication } from './service.js'

const list = (...items: Uint8Array[]) => tlv(0xa4, ...items)
const BOTH = list(ACSE_ITEM, MMS_ITEM)
const PER = '06 02 53 03'

/** What a responder does with a CP: the PPDU it answers with, or the indication. */
function respond(octets: Uint8Array, options: PresentationOptions = {}) {
  const h = harness(options)
  h.from(sConnectIndication(octets))
  const [indication] = h.delivered as PConnectIndication[]
  const [sent] = down(h)
  return { sent, indication, state: h.machine.state, deviations: h.deviations }
}
const refused = (providerReason: number) => `S-CONNECT.response reject 30038a010${providerReason}`
const aborted = (reason: number, event = true) =>
  event ? `S-U-ABORT.request 300680010${reason}810100` : `S-U-ABORT.request 300380010${reason}`

describe('CP that are no CP', () => {
  test.each([
    ['no octets', unhex('')],
    ['a SEQUENCE', unhex('30 05 a0 03 80 01 01')],
    ['user data', pdv(1)],
    ['octets that are no BER', unhex('ff')],
  ])('%s: ARP 1, lenient or strict, and the session is free again', (_, octets) => {
    for (const strict of [false, true])
      expect(respond(octets, { strict })).toMatchObject({ sent: aborted(1, false), state: 'STAI0', deviations: [] })
  })
})

describe('CP with an invalid value: CPR 0, or ARP 6 when strict', () => {
  test.each<[string, Uint8Array, number?]>([
    ['RP-01: the mode selector is absent', tlv(0x31, tlv(0xa2, BOTH))],
    ['RP-01: the mode selector is there twice', tlv(0x31, NORMAL, NORMAL, tlv(0xa2, BOTH)), 5],
    ['RP-01: the mode is 2', tlv(0x31, 'a0 03 80 01 02', tlv(0xa2, BOTH))],
    ['a length runs out of the SET', unhex('31 08 a0 03 80 01 01 a2 10 81')],
    ['parameters of X.410 mode in normal mode', tlv(0x31, NORMAL, 'a1 00', tlv(0xa2, BOTH)), 5],
    ['RP-03: the context list is empty', cp(list())],
    ['RP-03: an identifier is even', cp(list(item(2)))],
    ['RP-03: an identifier is there twice', cp(list(item(1), item(1)))],
    ['RP-03: an identifier is negative', cp(list(item('ff')))],
    ['RP-03: an identifier is 0', cp(list(item(0)))],
    ['RP-03: an identifier takes five octets', cp(list(item('01 00 00 00 01')))],
    ['RP-03: an identifier has no octets', cp(list(item('')))],
    ['a context has no transfer syntax', cp(list(item(1, undefined, '')))],
    ['RP-08: the called selector takes 17 octets', cp(tlv(0x82, new Uint8Array(17)), BOTH)],
    ['RP-08: the calling selector takes 17 octets', cp(tlv(0x81, new Uint8Array(17)), BOTH)],
    ['a value of a context with two transfer syntaxes does not name one', cp(list(item(1, undefined, `06 02 51 01 ${PER}`)), pdv(1))],
    ['a value names a transfer syntax that was not proposed', cp(BOTH, pdv(1, PER))],
    ['a PDV-list has no value', cp(BOTH, '61 07 30 05 02 01 01 a0 00')],
    ['RP-05: fully encoded data without a PDV-list', cp(BOTH, '61 00')],
    ['RP-05: simply encoded data without octets', cp('40 00')],
    ['octets behind the SET that are no CPC', Uint8Array.from([...cp(BOTH), 0x02, 0x01, 0x00])],
    ['RP-11: a length that would reach back before its own element', cp(tlv(0x81, ''), '82 84 ff ff ff f0')],
  ])('%s', (_, octets, reason = 6) => {
    expect(respond(octets)).toMatchObject({ sent: refused(0), state: 'STAI0', deviations: ['refuseInvalidConnect'] })
    expect(respond(octets, { strict: true })).toMatchObject({ sent: aborted(reason), state: 'STAI0', deviations: [] })
    expect(respond(octets, { tolerate: { refuseInvalidConnect: false } }).sent).toBe(aborted(reason))
  })
})

describe('CP that are refused', () => {
  test('RP-01, P-10: X.410 mode, which is decoded in outline: CPR 0', () => {
    expect(respond(unhex('31 09 a0 03 80 01 00 a1 02 80 00'))).toMatchObject({ sent: refused(0), deviations: [] })
  })

  test('RP-10: version 1 is not offered: CPR 4, our own version being the default', () => {
    expect(respond(cp('80 02 06 40', BOTH)).sent).toBe(refused(4))
  })

  test.each([3, 7])('RP-08: a policy on the address called refuses with %i', reason => {
    const seen: unknown[] = []
    const acceptAddress: PresentationOptions['acceptAddress'] = (called, calling) => {
      seen.push(called.presentationSelector, calling.presentationSelector)
      return reason
    }
    expect(respond(cp('81 01 07', '82 04 de ad be ef', BOTH), { acceptAddress }).sent).toBe(refused(reason))
    expect(seen).toEqual([unhex('de ad be ef'), unhex('07')])
  })

  test.each([1, 2])('P-07: a policy on load refuses with %i, having seen the whole indication', reason => {
    const seen: PConnectIndication[] = []
    const acceptConnection: PresentationOptions['acceptConnection'] = indication => {
      seen.push(indication)
      return reason
    }
    expect(respond(CP, { acceptConnection }).sent).toBe(refused(reason))
    expect(seen[0]!.presentationContextDefinitionList).toEqual(LIST)
  })

  test('a default context that is not supported: CPR 5 with its result', () => {
    const named = tlv(0xa6, '80 03 2a 03 04', '81 02 51 01')
    expect(respond(cp(named), { abstractSyntaxes: { [ACSE]: [BER] } }).sent).toBe('S-CONNECT.response reject 30068701028a0105')
    expect(respond(cp(tlv(0xa6, '80 03 2a 03 04', '81 02 53 03'))).sent).toBe('S-CONNECT.response reject 30068701028a0105')
  })

  test('user data in an abstract or transfer syntax we do not have: CPR 6 with the results', () => {
    const marked = 'a511300680010282010130078001008102' + '5101'
    const other = respond(cp(BOTH, pdv(1)), { abstractSyntaxes: { [MMS]: [BER] } })
    expect(other.sent).toBe(`S-CONNECT.response reject 3016${marked}8a0106`)
    expect(respond(cp(list(item(1, undefined, PER)), pdv(1))).sent).toBe('S-CONNECT.response reject 300da50830068001028201028a0106')
  })
})

describe('user data of other contexts: ARP, not CPR', () => {
  test.each([
    ['RP-05: a value of a context that was not proposed', cp(BOTH, pdv(5))],
    ['RP-05: simply encoded data although contexts are proposed', cp(BOTH, '40 05 62 03 80 01 00')],
    ['simply encoded data although one context is proposed', cp(list(ACSE_ITEM), '40 05 62 03 80 01 00')],
    ['a value of a context although none is proposed', cp(pdv(1))],
  ])('%s', (_, octets) => {
    expect(respond(octets)).toMatchObject({ sent: aborted(6), state: 'STAI0' })
  })
})

describe('CP that reach the user', () => {
  test('RP-01: members of the SET in any order', () => {
    expect(respond(tlv(0x31, tlv(0xa2, BOTH), NORMAL)).indication?.presentationContextDefinitionList).toEqual(LIST)
  })

  test('RP-02: without normal-mode-parameters everything is absent, and the user decides', () => {
    expect(respond(tlv(0x31, NORMAL))).toMatchObject({
      state: 'STAI2',
      indication: { presentationContextDefinitionList: [], userData: [] },
    })
  })

  test('RP-09: without user data; its absence is for the user to judge', () => {
    expect(respond(cp(BOTH)).indication).toMatchObject({ presentationContextDefinitionList: LIST, userData: [] })
  })

  test('undefined elements and bits without a name are skipped', () => {
    const context = tlv(0x30, '02 01 01', '06 04 52 01 00 01', tlv(0x30, '06 02 51 01'), '9f 63 01 00')
    const octets = tlv(
      0x31,
      NORMAL,
      tlv(0xa2, '80 02 00 e1', list(context), '88 02 00 ff', tlv(0xab, '03 02 05 a0'), pdv(1), 'ae 00'),
      'bf 50 00',
    )
    expect(respond(octets)).toMatchObject({ state: 'STAI2', deviations: [], indication: { userData: [value(1)] } })
  })

  test('RP-08: a selector of no octets is no selector, one of 16 octets is taken', () => {
    const { indication } = respond(cp('81 00', tlv(0x82, new Uint8Array(16).fill(7)), BOTH))
    expect(indication?.calling).toEqual({})
    expect(indication?.called).toEqual({ presentationSelector: new Uint8Array(16).fill(7) })
  })

  test('P-04: user-session-requirements are those of the peer’s user, in the session’s bits', () => {
    expect(respond(cp(BOTH, '89 03 04 41 30')).indication?.sessionRequirements).toBe(0x0002 | 0x0080 | 0x0400 | 0x0800)
    expect(respond(cp(BOTH)).indication?.sessionRequirements).toBe(2)
  })

  test('P-11: context management and restoration asked for without typed data of the session are struck out: the CPA is without them', () => {
    const h = inState('STAI0')
    h.from(sConnectIndication(cp(BOTH, '88 02 06 c0')))
    expect(h.delivered[0]).not.toHaveProperty('presentationRequirements')
    h.machine.submit({ type: 'P-CONNECT.response', result: 'acceptance' })
    expect(down(h)).toEqual(['S-CONNECT.response accept 311ba003800101a214a512300780010081025101300780010081025101'])
  })

  test('P-04: of CPC values the first one that we can read stands for the user data', () => {
    const offered = list(item(1, undefined, `${PER} 06 02 51 01`))
    const inPer = pdv(1, PER)
    const inBer = tlv(0x61, tlv(0x30, '06 02 51 01 02 01 01', tlv(0xa0, '8b 00')))
    expect(respond(Uint8Array.from([...cp(offered, inPer), ...inPer, ...inBer])).indication?.userData).toEqual([
      { ...value(1, unhex('8b 00')), transferSyntaxName: BER },
    ])
    expect(respond(Uint8Array.from([...cp(offered, inPer), ...inPer])).sent).toBe(
      'S-CONNECT.response reject 300ea50930078001008102' + '51018a0106',
    )
  })

  test('a CPC without a context list has no meaning and is skipped', () => {
    expect(respond(Uint8Array.from([...cp('40 05 62 03 80 01 00'), 0x40, 0x01, 0x00])).indication?.userData).toEqual([value(0)])
  })

  test('without contexts, simply encoded data is of the default context, and so is all that follows', () => {
    const h = inState('STAI0')
    h.from(sConnectIndication(cp(tlv(0xa6, '80 04 52 01 00 01', '81 02 51 01'), '40 05 62 03 80 01 00')))
    expect(h.delivered).toMatchObject([
      {
        defaultContextName: { abstractSyntaxName: ACSE, transferSyntaxName: BER },
        presentationContextDefinitionList: [],
        userData: [value(0)],
      },
    ])
    h.machine.submit({ type: 'P-CONNECT.response', result: 'acceptance', userData: [value(0)] })
    h.machine.submit({ type: 'P-RELEASE.request', userData: [value(0)] })
    h.machine.submit({ type: 'P-U-ABORT.request', userData: [value(0)] })
    expect(down(h)).toEqual([
      'S-CONNECT.response accept 310ea003800101a20740056203800100',
      'S-RELEASE.request 6203800100',
      'S-U-ABORT.request a00740056203800100',
    ])
  })

  test('a BER element of indefinite length, at every level', () => {
    const octets = unhex(
      '31 80 a0 80 80 01 01 00 00 a2 80 a4 80 30 80 02 01 01 06 04 52 01 00 01 30 80 06 02 51 01 00 00 00 00 00 00 ' +
        '61 80 30 80 02 01 01 a0 80 62 80 80 01 00 00 00 00 00 00 00 00 00 00 00 00 00',
    )
    expect(respond(octets).indication?.userData).toEqual([value(1, RLRQ)])
  })
})

describe('what only passes through', () => {
  test('addresses, session requirements and session connection identifiers, both ways', () => {
    const reference = { ssUserReference: unhex('31') }
    const h = harness()
    h.machine.submit({
      type: 'P-CONNECT.request',
      presentationContextDefinitionList: LIST,
      calling: { transportSelector: unhex('01') },
      called: { sessionSelector: unhex('02') },
      sessionRequirements: 0x82,
      sessionConnectionIdentifier: reference,
    })
    expect(h.session.take()).toMatchObject([
      {
        calling: { transportSelector: unhex('01') },
        called: { sessionSelector: unhex('02') },
        sessionRequirements: 0x82,
        sessionConnectionIdentifier: reference,
      },
    ])
    h.from({ ...sAccepted(CPA, 0x82), sessionConnectionIdentifier: reference } as SessionDelivery)
    expect(h.delivered).toMatchObject([{ sessionRequirements: 0x82, sessionConnectionIdentifier: reference }])
    const refusing = inState('STAI2')
    refusing.machine.submit({ type: 'P-CONNECT.response', result: 'user-rejection', sessionConnectionIdentifier: reference })
    expect(refusing.session.take()).toMatchObject([{ result: 'reject', reason: 2, sessionConnectionIdentifier: reference }])
  })

  test('an error thrown by a policy of the user is the user’s', () => {
    const acceptConnection = () => {
      throw new RangeError('bug')
    }
    expect(() => respond(CP, { acceptConnection })).toThrow(RangeError)
  })
})
