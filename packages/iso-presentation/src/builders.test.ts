import { decode } from '@x/ber'
import { EncodeError, hex, unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import {
  ACSE,
  BER,
  CPA,
  connectedBy,
  cp,
  down,
  harness,
  inState,
  LIST,
  MMS,
  pdv,
  RLRQ,
  sAccepted,
  sConnectIndication,
  tlv,
  value,
} from '../test/harness.js'
import {
  AC,
  ACA,
  BER_TRANSFER_SYNTAX,
  CP,
  definitionListProblem,
  encodeAC,
  encodeACA,
  encodeCP,
  encodeRS,
  encodeTTD,
  encodeUserData,
  type PresentationSubmit,
  presentationContextIdentifier,
  proposeContexts,
  RS,
  readFull,
  singleValue,
  transferSyntaxNames,
} from './index.js'

const PER = '2.1.3.0.1'

describe('P-12: PPDUs and their parts without a machine', () => {
  test('P-12: a CP from a table of abstract syntaxes, read back by its declaration', () => {
    const list = proposeContexts({ [ACSE]: [BER], [MMS]: [BER, PER] })
    expect(definitionListProblem(list)).toBeUndefined()
    expect(presentationContextIdentifier(list, MMS)).toBe(3)
    expect(transferSyntaxNames(list, 3)).toEqual([BER, PER])
    expect(transferSyntaxNames(list, 5)).toEqual([])
    const octets = encodeCP({ presentationContextDefinitionList: list, userData: [value(1)] })
    expect(decode(CP, octets).normalModeParameters).toMatchObject({
      presentationContextDefinitionList: list,
      userData: { type: 'fullyEncodedData', value: [{ presentationContextIdentifier: 1 }] },
    })
  })

  test('P-12: user data is built simple or full, and the one value in it found again', () => {
    expect(hex(encodeUserData([value(1)], 'simple'))).toBe('62 03 80 01 00')
    expect(encodeUserData([value(1)], 'full')).toEqual(pdv(1))
    expect(singleValue(readFull(pdv(1)))).toEqual(RLRQ)
    expect(singleValue(readFull(pdv(1)), 1)).toEqual(RLRQ)
    expect(hex(encodeTTD([value(1)], 'simple'))).toBe('40 05 62 03 80 01 00')
    expect(() => encodeTTD([], 'full')).toThrow(EncodeError)
  })

  test.each<[string, Parameters<typeof singleValue>, RegExp]>([
    ['no value', [[]], /expected one value, found 0/],
    ['two values', [[value(1), value(3)]], /expected one value, found 2/],
    ['a value of another context', [[value(1)], 3], /expected a value of context 3, found one of 1/],
    ['another encoding', [[{ ...value(1), encoding: 'octet-aligned' }]], /expected single-ASN1-type, found octet-aligned/],
  ])('P-12: %s is not the one value', (_, parameters, text) => {
    expect(() => singleValue(...parameters)).toThrow(expect.objectContaining({ name: 'DecodeError', message: expect.stringMatching(text) }))
  })

  test('P-11, P-12: AC, ACA, RS and TTD by hand, and read back by their declarations', () => {
    const additions = proposeContexts(['1.2.4'], undefined, { used: [1, 3] })
    const ac = encodeAC({ presentationContextAdditionList: additions, presentationContextDeletionList: [1], userData: [value(1)] })
    expect(hex(ac)).toBe(
      'a0 24 a0 0f 30 0d 02 01 05 06 02 2a 04 30 04 06 02 51 01 a1 03 02 01 01 61 0c 30 0a 02 01 01 a0 05 62 03 80 01 00',
    )
    expect(decode(AC, ac)).toMatchObject({ presentationContextAdditionList: additions, presentationContextDeletionList: [1] })
    expect(hex(encodeAC({}))).toBe('a0 00')
    const aca = encodeACA({
      presentationContextAdditionResultList: [
        { result: 'acceptance', transferSyntaxName: BER_TRANSFER_SYNTAX },
        { result: 'user-rejection' },
        { result: 'provider-rejection', providerReason: 3 },
      ],
      presentationContextDeletionResultList: ['acceptance', 'user-rejection'],
      userData: [value(0)],
      form: 'simple',
    })
    expect(hex(aca)).toBe(
      'a1 27 a0 16 30 07 80 01 00 81 02 51 01 30 03 80 01 01 30 06 80 01 02 82 01 03 a1 06 02 01 00 02 01 01 40 05 62 03 80 01 00',
    )
    expect(decode(ACA, aca)).toMatchObject({ presentationContextDeletionResultList: ['acceptance', 'user-rejection'] })
    const identifierList = [{ presentationContextIdentifier: 1, transferSyntaxName: BER }]
    const rs = encodeRS({ presentationContextIdentifierList: identifierList, userData: [value(1)] })
    expect(hex(rs)).toBe('30 19 a0 09 30 07 02 01 01 06 02 51 01 61 0c 30 0a 02 01 01 a0 05 62 03 80 01 00')
    expect(decode(RS, rs)).toMatchObject({ presentationContextIdentifierList: identifierList })
    expect(hex(encodeRS())).toBe('30 00')
  })
})

describe('P-04: user data of a CP in several transfer syntaxes', () => {
  const list = [{ ...LIST[0]!, transferSyntaxNameList: [PER, BER] }]
  const inPer = { presentationContextIdentifier: 1, transferSyntaxName: PER, encoding: 'octet-aligned', octets: unhex('01 02') } as const
  const inBer = { ...value(1), transferSyntaxName: BER }

  test('P-04: CPC values follow the CP, and a peer that can read only one of them reads that', () => {
    const h = harness()
    h.machine.submit({
      type: 'P-CONNECT.request',
      presentationContextDefinitionList: list,
      userData: [inPer],
      alternativeUserData: [[inBer]],
    })
    const octets = h.session.take()[0]!.userData as Uint8Array
    expect(hex(octets, '')).toContain(hex(encodeTTD([inBer], 'full'), ''))
    for (const [syntaxes, read] of [
      [[BER], inBer],
      [[PER, BER], inPer],
    ] as const) {
      const peer = harness({ abstractSyntaxes: { [ACSE]: syntaxes } })
      peer.from(sConnectIndication(octets))
      expect(peer.delivered).toMatchObject([{ type: 'P-CONNECT.indication', userData: [read] }])
    }
    const none = harness({ abstractSyntaxes: { [ACSE]: ['2.1.2.1'] } })
    none.from(sConnectIndication(octets))
    expect(down(none)[0]).toMatch(/8a0106$/)
  })

  test('P-04: a CPC needs a context list and values', () => {
    expect(() => encodeCP({ presentationContextDefinitionList: [], alternativeUserData: [[value(0)]] })).toThrow(
      /needs a context definition list/,
    )
    expect(() => encodeCP({ presentationContextDefinitionList: list, alternativeUserData: [[]] })).toThrow(/at least one value/)
  })
})

describe('P-04: the default context, X.226, 6.2.6.2', () => {
  const name = { abstractSyntaxName: '1.3.9999.1', transferSyntaxName: BER }
  const request: PresentationSubmit = {
    type: 'P-CONNECT.request',
    presentationContextDefinitionList: [],
    defaultContextName: name,
    userData: [value(0)],
  }
  const octets = () => {
    const h = harness()
    h.machine.submit(request)
    return h.session.take()[0]!.userData as Uint8Array
  }

  test('P-04: proposed: named in the CP, whose values are simply encoded with their tag', () => {
    expect(hex(octets())).toBe('31 1a a0 03 80 01 01 a2 13 a6 0a 80 04 2b ce 0f 01 81 02 51 01 40 05 62 03 80 01 00')
  })

  test('P-04: accepted: a CPA has no field for it; data is the bare values', () => {
    const h = harness({ abstractSyntaxes: { [name.abstractSyntaxName]: [BER] } })
    h.from(sConnectIndication(octets()))
    expect(h.delivered).toMatchObject([{ defaultContextName: name, userData: [value(0)] }])
    h.machine.submit({ type: 'P-CONNECT.response', result: 'acceptance', userData: [value(0)] })
    expect(down(h)).toEqual(['S-CONNECT.response accept 310ea003800101a20740056203800100'])
    h.from({ type: 'S-DATA.indication', userData: RLRQ })
    expect(h.delivered.at(-1)).toEqual({ type: 'P-DATA.indication', userData: [value(0)] })
    h.machine.submit({ type: 'P-DATA.request', userData: [value(0), value(0)] })
    expect(down(h)).toEqual(['S-DATA.request 62038001006203800100'])
  })

  test('P-04, P-07: refused by the provider: CPR 5; by the user: without a reason; either with its default-context-result', () => {
    const provider = harness({ abstractSyntaxes: { [ACSE]: [BER] } })
    provider.from(sConnectIndication(octets()))
    const [byProvider] = down(provider)
    expect(byProvider).toBe('S-CONNECT.response reject 3006870102' + '8a0105')
    const user = harness()
    user.from(sConnectIndication(octets()))
    user.machine.submit({ type: 'P-CONNECT.response', result: 'user-rejection', defaultContextResult: 'user-rejection' })
    const [byUser] = down(user)
    expect(byUser).toBe('S-CONNECT.response reject 3003870101')
    for (const [sent, result, defaultContextResult] of [
      [byProvider, 'provider-rejection', 'provider-rejection'],
      [byUser, 'user-rejection', 'user-rejection'],
    ] as const) {
      const h = harness()
      h.machine.submit(request)
      h.from({ ...sAccepted(CPA), result: 'reject', by: 'peer', reason: 2, userData: unhex(sent!.split(' ').at(-1)!) } as never)
      expect(h.delivered).toMatchObject([{ type: 'P-CONNECT.confirm', result, defaultContextResult }])
    }
  })

  test('P-04: beside contexts it serves only where none of them is accepted', () => {
    const h = connectedBy(tlv(0x31, 'a0 03 80 01 01', tlv(0xa2, tlv(0xa5, '30 03 80 01 01', '30 03 80 01 01'))))
    h.machine.submit({ type: 'P-DATA.request', userData: [value(0)] })
    expect(down(h)).toEqual(['S-DATA.request 6203800100'])
    const both = inState('STAI0')
    both.from(sConnectIndication(cp('40 05 62 03 80 01 00')))
    expect(both.delivered).toMatchObject([{ userData: [value(0)] }])
  })
})

describe('P-05: several values of one context', () => {
  test('P-05: in one PDV-list they are octet-aligned, and in simple encoding one after the other', () => {
    const h = inState('STAt0')
    h.machine.submit({
      type: 'P-DATA.request',
      userData: [{ presentationContextIdentifier: 3, encoding: 'octet-aligned', octets: unhex('8b 00 8b 00') }],
    })
    expect(down(h)).toEqual(['S-DATA.request 610b3009020103810' + '48b008b00'])
    h.machine.submit({ type: 'P-DATA.request', userData: [value(3), value(1)] })
    expect(down(h)).toEqual([`S-DATA.request 6118${hex(pdv(3), '').slice(4)}${hex(pdv(1), '').slice(4)}`])
  })

  test('P-05: a list with a value of a context that is not defined is refused as a whole', () => {
    const h = inState('STAt0')
    expect(() => h.machine.submit({ type: 'P-DATA.request', userData: [value(3), value(5)] })).toThrow(
      expect.objectContaining({ name: 'UsageError', code: 'PRESENTATION_CONTEXT', message: expect.stringContaining('context 5') }),
    )
    expect(h.sent).toEqual([])
  })
})
