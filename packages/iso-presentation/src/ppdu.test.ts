import { decode, encode } from '@x/ber'
import { EncodeError, hex, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BER, harness, inState, LIST, MMS, sAccepted, sConnectIndication, tlv, value } from '../test/harness.js'
import { ARP, ARU, CP, CPA, type CPAType, CPR, type CPType, type ResultItem, UserData } from './asn1.js'
import { userSessionRequirements } from './bits.js'
import { encodeARP, encodeARU, encodeCP, encodeCPA, encodeCPR } from './ppdu.js'
import type { PConnectConfirm, PConnectIndication } from './service.js'
import { encodeUserData } from './user-data.js'

/** SS-user data of CN and AC, recorded from an independent implementation. */
const CPS: [string, string][] = [
  [
    'abort by client',
    '31 81 99 a0 03 80 01 01 a2 81 91 81 04 00 00 00 01 82 04 00 00 00 01 a4 23 30 0f 02 01 01 06 04 52 01 00 01 30 04 06 02 51 01 30 10 02 01 03 06 05 28 ca 22 02 01 30 04 06 02 51 01 61 5e 30 5c 02 01 01 a0 57 60 55 a1 07 06 05 28 ca 22 02 03 a2 07 06 05 29 01 87 67 01 a3 03 02 01 0c a6 06 06 04 29 01 87 67 a7 03 02 01 0c be 2f 28 2d 02 01 03 a0 28 a8 26 80 03 00 fd e8 81 01 05 82 01 05 83 01 0a a4 16 80 01 01 81 03 05 f1 00 82 0c 03 ee 1c 00 00 04 08 00 00 79 ef 18',
  ],
  [
    'auth password ok',
    '31 81 ad a0 03 80 01 01 a2 81 a5 81 04 00 00 00 01 82 04 00 00 00 01 a4 23 30 0f 02 01 01 06 04 52 01 00 01 30 04 06 02 51 01 30 10 02 01 03 06 05 28 ca 22 02 01 30 04 06 02 51 01 61 72 30 70 02 01 01 a0 6b 60 69 a1 07 06 05 28 ca 22 02 03 a2 07 06 05 29 01 87 67 01 a3 03 02 01 0c a6 06 06 04 29 01 87 67 a7 03 02 01 0c 8a 02 04 80 8b 03 52 03 01 ac 09 80 07 73 65 63 72 65 74 31 be 2f 28 2d 02 01 03 a0 28 a8 26 80 03 00 fd e8 81 01 05 82 01 05 83 01 0a a4 16 80 01 01 81 03 05 f1 00 82 0c 03 ee 1c 00 00 04 08 00 00 79 ef 18',
  ],
  [
    'auth password user1 restricted',
    '31 81 b2 a0 03 80 01 01 a2 81 aa 81 04 00 00 00 01 82 04 00 00 00 01 a4 23 30 0f 02 01 01 06 04 52 01 00 01 30 04 06 02 51 01 30 10 02 01 03 06 05 28 ca 22 02 01 30 04 06 02 51 01 61 77 30 75 02 01 01 a0 70 60 6e a1 07 06 05 28 ca 22 02 03 a2 07 06 05 29 01 87 67 01 a3 03 02 01 0c a6 06 06 04 29 01 87 67 a7 03 02 01 0c 8a 02 04 80 8b 03 52 03 01 ac 0e 80 0c 75 73 65 72 31 40 74 65 73 74 70 77 be 2f 28 2d 02 01 03 a0 28 a8 26 80 03 00 fd e8 81 01 05 82 01 05 83 01 0a a4 16 80 01 01 81 03 05 f1 00 82 0c 03 ee 1c 00 00 04 08 00 00 79 ef 18',
  ],
  [
    'auth password wrong',
    '31 81 aa a0 03 80 01 01 a2 81 a2 81 04 00 00 00 01 82 04 00 00 00 01 a4 23 30 0f 02 01 01 06 04 52 01 00 01 30 04 06 02 51 01 30 10 02 01 03 06 05 28 ca 22 02 01 30 04 06 02 51 01 61 6f 30 6d 02 01 01 a0 68 60 66 a1 07 06 05 28 ca 22 02 03 a2 07 06 05 29 01 87 67 01 a3 03 02 01 0c a6 06 06 04 29 01 87 67 a7 03 02 01 0c 8a 02 04 80 8b 03 52 03 01 ac 06 80 04 6e 6f 70 65 be 2f 28 2d 02 01 03 a0 28 a8 26 80 03 00 fd e8 81 01 05 82 01 05 83 01 0a a4 16 80 01 01 81 03 05 f1 00 82 0c 03 ee 1c 00 00 04 08 00 00 79 ef 18',
  ],
  [
    'selectors absent',
    '31 75 a0 03 80 01 01 a2 6e 81 00 82 00 a4 23 30 0f 02 01 01 06 04 52 01 00 01 30 04 06 02 51 01 30 10 02 01 03 06 05 28 ca 22 02 01 30 04 06 02 51 01 61 43 30 41 02 01 01 a0 3c 60 3a a1 07 06 05 28 ca 22 02 03 be 2f 28 2d 02 01 03 a0 28 a8 26 80 03 00 fd e8 81 01 05 82 01 05 83 01 0a a4 16 80 01 01 81 03 05 f1 00 82 0c 03 ee 1c 00 00 04 08 00 00 79 ef 18',
  ],
  [
    'selectors custom',
    '31 81 a7 a0 03 80 01 01 a2 81 9f 81 02 12 34 82 10 10 0f 0e 0d 0c 0b 0a 09 08 07 06 05 04 03 02 01 a4 23 30 0f 02 01 01 06 04 52 01 00 01 30 04 06 02 51 01 30 10 02 01 03 06 05 28 ca 22 02 01 30 04 06 02 51 01 61 62 30 60 02 01 01 a0 5b 60 59 a1 07 06 05 28 ca 22 02 03 a2 07 06 05 2b ce 0f 0d 02 a3 04 02 02 01 2c a6 07 06 05 2b ce 0f 0d 01 a7 05 02 03 01 11 70 be 2f 28 2d 02 01 03 a0 28 a8 26 80 03 00 fd e8 81 01 05 82 01 05 83 01 0a a4 16 80 01 01 81 03 05 f1 00 82 0c 03 ee 1c 00 00 04 08 00 00 79 ef 18',
  ],
  [
    'small pdu 1000',
    '31 81 98 a0 03 80 01 01 a2 81 90 81 04 00 00 00 01 82 04 00 00 00 01 a4 23 30 0f 02 01 01 06 04 52 01 00 01 30 04 06 02 51 01 30 10 02 01 03 06 05 28 ca 22 02 01 30 04 06 02 51 01 61 5d 30 5b 02 01 01 a0 56 60 54 a1 07 06 05 28 ca 22 02 03 a2 07 06 05 29 01 87 67 01 a3 03 02 01 0c a6 06 06 04 29 01 87 67 a7 03 02 01 0c be 2e 28 2c 02 01 03 a0 27 a8 25 80 02 03 e8 81 01 05 82 01 05 83 01 0a a4 16 80 01 01 81 03 05 f1 00 82 0c 03 ee 1c 00 00 04 08 00 00 79 ef 18',
  ],
  [
    'mms ctx id 9',
    '31 81 99 a0 03 80 01 01 a2 81 91 81 04 00 00 00 01 82 04 00 00 00 01 a4 23 30 0f 02 01 01 06 04 52 01 00 01 30 04 06 02 51 01 30 10 02 01 09 06 05 28 ca 22 02 01 30 04 06 02 51 01 61 5e 30 5c 02 01 01 a0 57 60 55 a1 07 06 05 28 ca 22 02 03 a2 07 06 05 29 01 87 67 01 a3 03 02 01 0c a6 06 06 04 29 01 87 67 a7 03 02 01 0c be 2f 28 2d 02 01 03 a0 28 a8 26 80 03 00 fd e8 81 01 05 82 01 05 83 01 0a a4 16 80 01 01 81 03 05 f1 00 82 0c 03 ee 1c 00 00 04 08 00 00 79 ef 18',
  ],
  [
    'unknown abstract syntax',
    '31 81 aa a0 03 80 01 01 a2 81 a2 81 04 00 00 00 01 82 04 00 00 00 01 a4 34 30 0f 02 01 01 06 04 52 01 00 01 30 04 06 02 51 01 30 10 02 01 03 06 05 28 ca 22 02 01 30 04 06 02 51 01 30 0f 02 01 05 06 04 2a 03 04 05 30 04 06 02 51 01 61 5e 30 5c 02 01 01 a0 57 60 55 a1 07 06 05 28 ca 22 02 03 a2 07 06 05 29 01 87 67 01 a3 03 02 01 0c a6 06 06 04 29 01 87 67 a7 03 02 01 0c be 2f 28 2d 02 01 03 a0 28 a8 26 80 03 00 fd e8 81 01 05 82 01 05 83 01 0a a4 16 80 01 01 81 03 05 f1 00 82 0c 03 ee 1c 00 00 04 08 00 00 79 ef 18',
  ],
]

const CPAS: [string, string][] = [
  [
    'abort by client',
    '31 72 a0 03 80 01 01 a2 6b 83 04 00 00 00 01 a5 12 30 07 80 01 00 81 02 51 01 30 07 80 01 00 81 02 51 01 61 4f 30 4d 02 01 01 a0 48 61 46 a1 07 06 05 28 ca 22 02 03 a2 03 02 01 00 a3 05 a1 03 02 01 00 be 2f 28 2d 02 01 03 a0 28 a9 26 80 03 00 fd e8 81 01 05 82 01 05 83 01 0a a4 16 80 01 01 81 03 05 f1 00 82 0c 03 ee 1c 00 00 00 02 00 00 40 ed 18',
  ],
  [
    'small pdu 1000',
    '31 71 a0 03 80 01 01 a2 6a 83 04 00 00 00 01 a5 12 30 07 80 01 00 81 02 51 01 30 07 80 01 00 81 02 51 01 61 4e 30 4c 02 01 01 a0 47 61 45 a1 07 06 05 28 ca 22 02 03 a2 03 02 01 00 a3 05 a1 03 02 01 00 be 2e 28 2c 02 01 03 a0 27 a9 25 80 02 03 e8 81 01 05 82 01 05 83 01 0a a4 16 80 01 01 81 03 05 f1 00 82 0c 03 ee 1c 00 00 00 02 00 00 40 ed 18',
  ],
  [
    'aare rejected no userinfo',
    '31 41 a0 03 80 01 01 a2 3a 83 04 00 00 00 01 a5 12 30 07 80 01 00 81 02 51 01 30 07 80 01 00 81 02 51 01 61 1e 30 1c 02 01 01 a0 17 61 15 a1 07 06 05 28 ca 22 02 03 a2 03 02 01 01 a3 05 a1 03 02 01 0d',
  ],
]

const accepted = { result: 'acceptance', transferSyntaxName: BER } as const
/** AARE rejected-permanent, authentication-failure. */
const AARE = '61 15 a1 07 06 05 28 ca 22 02 03 a2 03 02 01 01 a3 05 a1 03 02 01 0d'
const RESULTS = 'a5 12 30 07 80 01 00 81 02 51 01 30 07 80 01 00 81 02 51 01'

describe('octets worked out by hand', () => {
  const rejected = value(1, unhex(AARE))

  test('CPR with a rejecting APDU in a context that its list accepts', () => {
    expect(hex(encodeCPR({ presentationContextDefinitionResultList: [accepted, accepted], userData: [rejected] }))).toBe(
      `30 34 ${RESULTS} 61 1e 30 1c 02 01 01 a0 17 ${AARE}`,
    )
  })

  test('CPA that accepts context 1 and refuses context 3: a DCS of one, so simple encoding', () => {
    expect(
      hex(
        encodeCPA({
          respondingPresentationSelector: unhex('00 00 00 01'),
          presentationContextDefinitionResultList: [accepted, { result: 'provider-rejection', providerReason: 1 }],
          userData: [rejected],
        }),
      ),
    ).toBe(`31 39 a0 03 80 01 01 a2 32 83 04 00 00 00 01 a5 11 30 07 80 01 00 81 02 51 01 30 06 80 01 02 82 01 01 40 17 ${AARE}`)
  })

  test('P-07: CPR, version not supported', () => {
    expect(hex(encodeCPR({ providerReason: 4 }))).toBe('30 03 8a 01 04')
  })

  test('P-08: ARU with identifier list, ARP with event', () => {
    const presentationContextIdentifierList = [{ presentationContextIdentifier: 1, transferSyntaxName: BER }]
    const userData = [value(1, unhex('64 03 80 01 00'))]
    expect(hex(encodeARU({ presentationContextIdentifierList, userData }))).toBe(
      'a0 19 a0 09 30 07 02 01 01 06 02 51 01 61 0c 30 0a 02 01 01 a0 05 64 03 80 01 00',
    )
    expect(hex(encodeARU())).toBe('a0 00')
    expect(hex(encodeARP(6, 7))).toBe('30 06 80 01 06 81 01 07')
    expect(hex(encodeARP(1))).toBe('30 03 80 01 01')
  })

  test('user data of a release', () => {
    expect(hex(encodeUserData([value(1)], 'full'))).toBe('61 0c 30 0a 02 01 01 a0 05 62 03 80 01 00')
    expect(hex(encodeUserData([value(1, unhex('63 00'))], 'full'))).toBe('61 09 30 07 02 01 01 a0 02 63 00')
  })
})

describe('what the builders leave out, and refuse', () => {
  test('P-01: optional parameters that are empty are not sent', () => {
    const none = new Uint8Array(0)
    expect(
      hex(
        encodeCP({
          callingPresentationSelector: none,
          calledPresentationSelector: none,
          presentationContextDefinitionList: [],
          presentationRequirements: 0,
          userData: [],
        }),
      ),
    ).toBe('31 07 a0 03 80 01 01 a2 00')
    expect(hex(encodeCPA({ presentationContextDefinitionResultList: [], presentationRequirements: 0 }))).toBe('31 07 a0 03 80 01 01 a2 00')
    expect(hex(encodeCPR({}))).toBe('30 00')
  })

  test('P-04: every parameter of a CP', () => {
    const octets = encodeCP({
      callingPresentationSelector: unhex('01'),
      calledPresentationSelector: unhex('02 03'),
      presentationContextDefinitionList: LIST.slice(1),
      defaultContextName: { abstractSyntaxName: MMS, transferSyntaxName: BER },
      presentationRequirements: 3,
      userSessionRequirements: 0x0402,
      userData: [value(3)],
    })
    expect(hex(octets)).toBe(
      '31 46 a0 03 80 01 01 a2 3f 81 01 01 82 02 02 03 a4 12 30 10 02 01 03 06 05 28 ca 22 02 01 30 04 06 02 51 01 ' +
        'a6 0b 80 05 28 ca 22 02 01 81 02 51 01 88 02 06 c0 89 03 05 40 20 61 0c 30 0a 02 01 03 a0 05 62 03 80 01 00',
    )
  })

  test('a CPA may name functional units, a CPR a default context and a user rejection', () => {
    expect(hex(encodeCPA({ presentationContextDefinitionResultList: [], presentationRequirements: 1 }))).toBe(
      '31 0b a0 03 80 01 01 a2 04 88 02 07 80',
    )
    expect(
      hex(encodeCPR({ presentationContextDefinitionResultList: [{ result: 'user-rejection' }], defaultContextResult: 'user-rejection' })),
    ).toBe('30 0a a5 05 30 03 80 01 01 87 01 01')
  })

  test('P-05: a value of a context proposed with several transfer syntaxes names its own, the first by default', () => {
    const presentationContextDefinitionList = [{ ...LIST[0]!, transferSyntaxNameList: [BER, '2.1.3.0.1'] }]
    const named = (transferSyntaxName?: string) =>
      encodeCP({ presentationContextDefinitionList, userData: [{ ...value(1), ...(transferSyntaxName && { transferSyntaxName }) }] })
    expect(hex(named('2.1.3.0.1'))).toContain('61 12 30 10 06 04 51 03 00 01 02 01 01 a0 05')
    expect(hex(named())).toContain('61 10 30 0e 06 02 51 01 02 01 01 a0 05')
    expect(() => named('2.1.2.1')).toThrow(expect.objectContaining({ code: 'PRESENTATION_USER_DATA', path: 'userData.transferSyntaxName' }))
    expect(hex(encodeCP({ presentationContextDefinitionList: LIST, userData: [{ ...value(1), transferSyntaxName: BER }] }))).toContain(
      '61 0c 30 0a 02 01 01 a0 05',
    )
  })

  test('RP-08: a selector of 17 octets, a list with a mistake, a wrong object identifier have no encoding', () => {
    const selector = new Uint8Array(17)
    expect(() => encodeCPA({ respondingPresentationSelector: selector, presentationContextDefinitionResultList: [] })).toThrow(
      expect.objectContaining({ name: 'EncodeError', code: 'PRESENTATION_SELECTOR', path: 'respondingPresentationSelector' }),
    )
    expect(() => encodeCP({ presentationContextDefinitionList: [LIST[0]!, LIST[0]!] })).toThrow(
      expect.objectContaining({ name: 'EncodeError', code: 'PRESENTATION_CONTEXTS', path: 'presentationContextDefinitionList' }),
    )
    expect(() => encodeCP({ presentationContextDefinitionList: [{ ...LIST[0]!, abstractSyntaxName: 'MMS' }] })).toThrow(EncodeError)
  })
})

describe('what an independent peer sends', () => {
  test.each(CPS)('CP, %s: every PDU decodes, and encodes to the same octets', (_, octets) => {
    expect(hex(encode(CP, decode(CP, unhex(octets))))).toBe(octets)
  })

  test.each(CPS)('CP, %s: reaches the user, who can accept it', (_, octets) => {
    const h = harness({ strict: true })
    h.from(sConnectIndication(unhex(octets)))
    const [{ presentationContextDefinitionList, userData }] = h.delivered as [PConnectIndication]
    expect(presentationContextDefinitionList[0]).toEqual(LIST[0])
    expect(presentationContextDefinitionList[1]!.abstractSyntaxName).toBe(MMS)
    expect(userData).toHaveLength(1)
    expect([userData[0]!.presentationContextIdentifier, userData[0]!.octets[0]]).toEqual([1, 0x60])
    h.machine.submit({ type: 'P-CONNECT.response', result: 'acceptance' })
    expect(h.machine.definedContextSet.size).toBe(presentationContextDefinitionList.length)
  })

  test('CP: what the machine builds from the same parameters is the same PDU', () => {
    const [, octets] = CPS[0]!
    const h = harness()
    h.from(sConnectIndication(unhex(octets)))
    const { called, calling, presentationContextDefinitionList, userData } = h.delivered[0] as PConnectIndication
    const built = encodeCP({
      calledPresentationSelector: called.presentationSelector,
      callingPresentationSelector: calling.presentationSelector,
      presentationContextDefinitionList,
      userData,
    })
    expect(hex(built)).toBe(octets)
  })

  test.each(CPAS)('CPA, %s: decodes, encodes to the same octets, and is accepted by a strict machine', (_, octets) => {
    expect(hex(encode(CPA, decode(CPA, unhex(octets))))).toBe(octets)
    const h = inState('STAI1', { strict: true })
    h.from(sAccepted(unhex(octets)))
    const confirm = h.delivered[0] as Extract<PConnectConfirm, { result: 'acceptance' }>
    expect(confirm).toMatchObject({ result: 'acceptance', responding: { presentationSelector: unhex('00 00 00 01') } })
    expect(confirm.userData[0]!.octets[0]).toBe(0x61)
    const built = encodeCPA({
      respondingPresentationSelector: confirm.responding.presentationSelector,
      presentationContextDefinitionResultList: confirm.presentationContextDefinitionResultList,
      userData: confirm.userData,
    })
    expect(hex(built)).toBe(octets)
  })

  test('three contexts, one of them of an abstract syntax that this provider does not have', () => {
    const [, octets] = CPS.find(([name]) => name === 'unknown abstract syntax')!
    const h = harness({ abstractSyntaxes: { '2.2.1.0.1': [BER], [MMS]: [BER] } })
    h.from(sConnectIndication(unhex(octets)))
    const { presentationContextDefinitionResultList: results } = h.delivered[0] as PConnectIndication
    expect(results).toEqual([accepted, accepted, { result: 'provider-rejection', providerReason: 1 }])
  })
})

describe('properties', () => {
  const oid = fc.constantFrom(BER, MMS, '2.2.1.0.1', '1.3.9999.13', '2.999.4294967295')
  const octets = fc.uint8Array({ minLength: 1, maxLength: 16 })
  const element = octets.map(contents => tlv(0x04, contents))
  const pdvList = fc.record(
    {
      transferSyntaxName: oid,
      presentationContextIdentifier: fc.integer({ min: 1, max: 0x7fff_ffff }),
      presentationDataValues: fc.oneof(
        element.map(value => ({ type: 'single-ASN1-type', value }) as const),
        octets.map(value => ({ type: 'octet-aligned', value }) as const),
        octets.map(value => ({ type: 'arbitrary', value: { octets: value, size: 8 * value.length } }) as const),
      ),
    },
    { requiredKeys: ['presentationContextIdentifier', 'presentationDataValues'] },
  )
  const userData = fc.oneof(
    octets.map(value => ({ type: 'simplyEncodedData', value }) as const),
    fc.array(pdvList, { minLength: 1, maxLength: 3 }).map(value => ({ type: 'fullyEncodedData', value }) as const),
  )
  const modeSelector = fc.constant({ modeValue: 'normal-mode' } as const)
  const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 4 })
  const reasons: NonNullable<ResultItem['providerReason']>[] = ['reasonNotSpecified', 'localLimitOnDcsExceeded', 9]
  const resultItem = fc.oneof(
    oid.map(transferSyntaxName => ({ result: 'acceptance', transferSyntaxName }) as const),
    fc.constant({ result: 'user-rejection' } as const),
    fc.constantFrom(...reasons).map((providerReason): ResultItem => ({ result: 'provider-rejection', providerReason })),
  )

  test('a CP of any parameters is decoded to what was encoded', () => {
    const parameters = fc.record(
      {
        callingPresentationSelector: octets,
        calledPresentationSelector: octets,
        presentationContextDefinitionList: some(
          fc.record({
            presentationContextIdentifier: fc.integer({ min: -9, max: 300 }),
            abstractSyntaxName: oid,
            transferSyntaxNameList: some(oid),
          }),
        ),
        defaultContextName: fc.record({ abstractSyntaxName: oid, transferSyntaxName: oid }),
        userSessionRequirements: fc.nat(0x1fff).map(userSessionRequirements),
        userData,
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(modeSelector, parameters, (mode, normalModeParameters) => {
        const ppdu: CPType = { modeSelector: mode, normalModeParameters }
        expect(decode(CP, encode(CP, ppdu))).toEqual(ppdu)
      }),
    )
  })

  test('a CPA, a CPR, an ARU, an ARP of any parameters are decoded to what was encoded', () => {
    const presentationContextDefinitionResultList = some(resultItem)
    const cpa = fc.record(
      { respondingPresentationSelector: octets, presentationContextDefinitionResultList, userData },
      { requiredKeys: [] },
    )
    const cpr = fc.record(
      {
        respondingPresentationSelector: octets,
        presentationContextDefinitionResultList,
        defaultContextResult: fc.constantFrom('acceptance' as const, 'user-rejection' as const, 'provider-rejection' as const, 7),
        providerReason: fc.constantFrom('temporaryCongestion' as const, 'noPsapAvailable' as const, 42),
        userData,
      },
      { requiredKeys: [] },
    )
    const list = some(fc.record({ presentationContextIdentifier: fc.integer({ min: 1, max: 300 }), transferSyntaxName: oid }))
    const aru = fc.record({ presentationContextIdentifierList: list, userData }, { requiredKeys: [] })
    const arp = fc.record(
      { providerReason: fc.constantFrom('unexpectedPpdu' as const, 77), eventIdentifier: fc.constantFrom('TD' as const, 99) },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(cpa, cpr, aru, arp, userData, (normalModeParameters, refusal, userAbort, providerAbort, data) => {
        const acceptance: CPAType = { modeSelector: { modeValue: 'normal-mode' }, normalModeParameters }
        expect(decode(CPA, encode(CPA, acceptance))).toEqual(acceptance)
        expect(decode(CPR, encode(CPR, refusal))).toEqual(refusal)
        expect(decode(ARU, encode(ARU, userAbort))).toEqual(userAbort)
        expect(decode(ARP, encode(ARP, providerAbort))).toEqual(providerAbort)
        expect(decode(UserData, encode(UserData, data))).toEqual(data)
      }),
    )
  })
})
