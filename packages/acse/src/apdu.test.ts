import { bitString } from '@x/ber'
import { DecodeError, EncodeError, hex, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Apdu,
  type ApplicationEntity,
  type AuthenticationValue,
  buildAARE,
  buildAARQ,
  buildABRT,
  buildRLRE,
  buildRLRQ,
  decodeApdu,
  encodeApdu,
  type RelativeDistinguishedName,
} from './index.js'

const mms = '1.0.9506.2.3'
const compact = (text: string) => hex(unhex(text))
const failure = (run: () => unknown): DecodeError | EncodeError => {
  try {
    run()
  } catch (error) {
    if (error instanceof DecodeError || error instanceof EncodeError) return error
    throw error
  }
  throw new EncodeError('acse', 'NOTHING', 'nothing was thrown')
}

/** An Initiate-Request of MMS, opaque here. */
const initiate = 'a8 26 80 03 00 fd e8 81 01 05 82 01 05 83 01 0a a4 16 80 01 01 81 03 05 f1 00 82 0c 03 ee 1c 00 00 04 08 00 00 79 ef 18'
const initiateResponse =
  'a9 26 80 03 00 fd e8 81 01 05 82 01 05 83 01 0a a4 16 80 01 01 81 03 05 f1 00 82 0c 03 ee 1c 00 00 00 02 00 00 40 ed 18'

describe('octets built by hand, both ways', () => {
  test('A-01: the APDUs are APPLICATION 0 to 4', () => {
    const fields = { applicationContextName: mms }
    expect(
      [buildAARQ(fields), buildAARE({ ...fields, result: 0 }), buildRLRQ(), buildRLRE(), buildABRT()].map(octets => octets[0]),
    ).toEqual([0x60, 0x61, 0x62, 0x63, 0x64])
  })

  test('A-05: an AARQ with the password "secret" and user information in context 3', () => {
    const octets = buildAARQ({
      protocolVersion: bitString([true]),
      applicationContextName: mms,
      authentication: { mechanismName: '2.2.3.1', authenticationValue: { type: 'charstring', value: 'secret' } },
      userInformation: [{ directReference: '2.1.1', indirectReference: 3, octets: unhex(initiate) }],
    })
    expect(hex(octets)).toBe(
      compact(`60 55 80 02 07 80 a1 07 06 05 28ca220203 8a 02 07 80 8b 03 520301 ac 08 80 06 736563726574
        be 33 28 31 06 02 5101 02 01 03 a0 28 ${initiate}`),
    )
    expect(encodeApdu(decodeApdu(octets))).toEqual(octets)
  })

  test('A-05: an AARE that rejects for authentication-failure', () => {
    const octets = buildAARE({ applicationContextName: mms, result: 1, diagnostic: 13 })
    expect(hex(octets)).toBe(compact('61 15 a1 07 06 05 28ca220203 a2 03 02 01 01 a3 05 a1 03 02 01 0d'))
    expect(decodeApdu(octets)).toEqual({
      type: 'AARE',
      value: { applicationContextName: mms, result: 1, resultSourceDiagnostic: { type: 'acse-service-user', value: 13 } },
    })
  })

  test.each([
    ['RLRQ normal', buildRLRQ({ reason: 0 }), '62 03 80 01 00'],
    ['RLRE empty', buildRLRE(), '63 00'],
    ['ABRT by the user', buildABRT(), '64 03 80 01 00'],
    ['ABRT by the provider, protocol-error', buildABRT({ abortSource: 1, diagnostic: 2 }), '64 06 80 01 01 81 01 02'],
  ])('A-05: %s', (_, octets, text) => {
    expect(hex(octets)).toBe(text)
    expect(encodeApdu(decodeApdu(octets))).toEqual(octets)
  })

  test('A-04: every field of an AARQ has its tag of X.227', () => {
    const entity: ApplicationEntity = { apTitle: '1.1.1.999', aeQualifier: 12, apInvocationIdentifier: 1, aeInvocationIdentifier: -2 }
    const octets = buildAARQ({
      protocolVersion: bitString([true]),
      applicationContextName: mms,
      applicationContextNameList: [mms, '1.2.3'],
      called: entity,
      calling: entity,
      authentication: { mechanismName: '2.2.3.1', authenticationValue: { type: 'charstring', value: 'x' } },
      implementationInformation: 'v1',
      userInformation: [{ indirectReference: 3, octets: unhex('05 00') }],
    })
    const titles = (tag: number) => `a${tag} 06 06 04 29 01 87 67 a${tag + 1} 03 02 01 0c a${tag + 2} 03 02 01 01 a${tag + 3} 03 02 01 fe`
    expect(hex(octets)).toBe(
      compact(`60 65 80 02 07 80 a1 07 06 05 28ca220203 ${titles(2)} ${titles(6)} 8a 02 06 c0 8b 03 520301 ac 03 80 01 78
        ad 0b 06 05 28ca220203 06 02 2a 03 9d 02 76 31 be 09 28 07 02 01 03 a0 02 05 00`),
    )
    expect(decodeApdu(octets).value).toMatchObject({
      calledApTitle: '1.1.1.999',
      calledAeInvocationIdentifier: -2,
      callingAeQualifier: 12,
      callingApInvocationIdentifier: 1,
      applicationContextNameList: [mms, '1.2.3'],
      implementationInformation: 'v1',
    })
  })

  test('A-04: every field of an AARE has its tag of X.227', () => {
    const octets = buildAARE({
      applicationContextName: mms,
      result: 2,
      source: 'acse-service-provider',
      diagnostic: 1,
      responding: { apTitle: '1.1.1.999', aeQualifier: 12, apInvocationIdentifier: 1, aeInvocationIdentifier: 2 },
      authentication: { mechanismName: '2.2.3.1', authenticationValue: { type: 'charstring', value: 'x' } },
      applicationContextNameList: ['1.2.3'],
      implementationInformation: 'v1',
      userInformation: [{ indirectReference: 3, octets: unhex('05 00') }],
    })
    expect(hex(octets)).toBe(
      compact(`61 4f a1 07 06 05 28ca220203 a2 03 02 01 02 a3 05 a2 03 02 01 01 a4 06 06 04 29018767 a5 03 02 01 0c a6 03 02 01 01
        a7 03 02 01 02 88 02 06 c0 89 03 520301 aa 03 80 01 78 ab 04 06 02 2a 03 9d 02 76 31 be 09 28 07 02 01 03 a0 02 05 00`),
    )
    expect(encodeApdu(decodeApdu(octets))).toEqual(octets)
  })

  test('a long AARQ has a length of two octets', () => {
    const octets = buildAARQ({ applicationContextName: mms, implementationInformation: 'x'.repeat(300) })
    expect(hex(octets.subarray(0, 4))).toBe('60 82 01 39')
    expect(decodeApdu(octets).value).toMatchObject({ implementationInformation: 'x'.repeat(300) })
  })

  test('an absent field stays absent, and an empty list of user information is no field', () => {
    expect(hex(buildAARQ({ applicationContextName: mms, userInformation: [] }))).toBe('60 09 a1 07 06 05 28 ca 22 02 03')
    expect(decodeApdu(unhex('62 00'))).toEqual({ type: 'RLRQ', value: {} })
  })
})

/** What libiec61850 1.5 sends, taken from the wire. */
const recorded = {
  'AARQ with titles': `60 55 a1 07 06 05 28ca220203 a2 07 06 05 2901876701 a3 03 02 01 0c a6 06 06 04 29018767 a7 03 02 01 0c be 2f 28 2d 02 01 03 a0 28 ${initiate}`,
  'AARQ without titles': `60 3a a1 07 06 05 28ca220203 be 2f 28 2d 02 01 03 a0 28 ${initiate}`,
  'AARQ with other titles': `60 59 a1 07 06 05 28ca220203 a2 07 06 05 2bce0f0d02 a3 04 02 02 012c a6 07 06 05 2bce0f0d01 a7 05 02 03 011170 be 2f 28 2d 02 01 03 a0 28 ${initiate}`,
  'AARQ with password': `60 69 a1 07 06 05 28ca220203 a2 07 06 05 2901876701 a3 03 02 01 0c a6 06 06 04 29018767 a7 03 02 01 0c 8a 02 04 80 8b 03 520301 ac 09 80 07 73656372657431 be 2f 28 2d 02 01 03 a0 28 ${initiate}`,
  'AARE accepted': `61 46 a1 07 06 05 28ca220203 a2 03 02 01 00 a3 05 a1 03 02 01 00 be 2f 28 2d 02 01 03 a0 28 ${initiateResponse}`,
  'AARE accepted with an MMS error':
    '61 25 a1 07 06 05 28ca220203 a2 03 02 01 00 a3 05 a1 03 02 01 00 be 0e 28 0c 02 01 03 a0 07 aa 05 a0 03 88 01 04',
  'RLRQ normal': '62 03 80 01 00',
  'RLRE empty': '63 00',
  'ABRT by the user': '64 03 80 01 00',
}

describe('octets of another implementation', () => {
  test.each(Object.entries(recorded))('%s: decoded and encoded again, the same octets', (_, text) => {
    const octets = unhex(text)
    expect(hex(encodeApdu(decodeApdu(octets)))).toBe(hex(octets))
  })

  test('all values of an AARQ with password have names', () => {
    expect(decodeApdu(unhex(recorded['AARQ with password']))).toEqual({
      type: 'AARQ',
      value: {
        applicationContextName: mms,
        calledApTitle: '1.1.1.999.1',
        calledAeQualifier: 12,
        callingApTitle: '1.1.1.999',
        callingAeQualifier: 12,
        senderAcseRequirements: { octets: Uint8Array.of(0x80), size: 4 },
        mechanismName: '2.2.3.1',
        callingAuthenticationValue: { type: 'charstring', value: 'secret1' },
        userInformation: [{ indirectReference: 3, encoding: 'single-ASN1-type', octets: unhex(initiate) }],
      },
    })
  })

  test('an AARQ whose length is seven octets too long is refused with a place', () => {
    const octets = unhex(`60 60 a1 07 06 05 28ca220203 8a 02 04 00 be 2f 28 2d 02 01 03 a0 28 ${initiate}`)
    expect(failure(() => decodeApdu(octets))).toMatchObject({ layer: 'acse', code: 'BER_LENGTH', offset: 1 })
  })

  test('indefinite lengths and long forms of lengths are understood', () => {
    expect(
      decodeApdu(
        unhex(
          '61 80 a1 81 07 06 05 28ca220203 a2 80 02 01 00 00 00 a3 80 a1 03 02 01 00 00 00 be 80 28 80 02 01 03 a0 80 05 00 00 00 00 00 00 00 00 00',
        ),
      ),
    ).toMatchObject({
      type: 'AARE',
      value: { result: 0, userInformation: [{ indirectReference: 3, octets: unhex('05 00') }] },
    })
  })
})

describe('titles', () => {
  const level: RelativeDistinguishedName = [{ type: '2.5.4.6', value: unhex('13 02 44 45') }]
  test('RA-05: form 1 and form 2 are read and written', () => {
    const octets = buildAARQ({ applicationContextName: mms, calling: { apTitle: [level, level], aeQualifier: level } })
    expect(hex(octets)).toBe(
      compact(
        `60 36 a1 07 06 05 28ca220203 a6 1c 30 1a ${'31 0b 30 09 06 03 55 04 06 13 02 44 45 '.repeat(2)} a7 0d 31 0b 30 09 06 03 55 04 06 13 02 44 45`,
      ),
    )
    expect(decodeApdu(octets).value).toMatchObject({ callingApTitle: [level, level], callingAeQualifier: level })
  })

  test.each([
    ['an AE qualifier that is text', 'a7 04 1a 02 34 32', 'BER_TAG'],
    ['an AP title that is an integer', 'a6 03 02 01 01', 'BER_TAG'],
    ['an invocation identifier that is an object identifier', 'a8 04 06 02 2a 03', 'BER_TAG'],
    ['two titles in one field', 'a6 08 06 02 2a 03 06 02 2a 03', 'BER_UNKNOWN'],
  ])('RA-05: %s is refused', (_, field, code) => {
    const length = unhex(field).length + 9
    expect(failure(() => decodeApdu(unhex(`60 ${hex(Uint8Array.of(length))} a1 07 06 05 28ca220203 ${field}`)))).toMatchObject({ code })
  })
})

describe('user information', () => {
  const withInformation = (external: string) =>
    unhex(`62 ${hex(Uint8Array.of(unhex(external).length + 2))} be ${hex(Uint8Array.of(unhex(external).length))} ${external}`)
  const information = (external: string) => (decodeApdu(withInformation(external)) as Extract<Apdu, { type: 'RLRQ' }>).value.userInformation

  test('A-13: none, one and several EXTERNALs with any reference and any encoding', () => {
    expect(information('')).toEqual([])
    expect(information('28 07 02 01 03 a0 02 05 00')).toEqual([
      { indirectReference: 3, encoding: 'single-ASN1-type', octets: unhex('05 00') },
    ])
    const three = '28 0b 06 02 51 01 02 01 03 81 02 05 00 28 06 06 02 51 01 81 00 28 0b 02 01 05 07 01 41 82 03 04 aa b0'
    expect(information(three)).toEqual([
      { directReference: '2.1.1', indirectReference: 3, encoding: 'octet-aligned', octets: unhex('05 00') },
      { directReference: '2.1.1', encoding: 'octet-aligned', octets: new Uint8Array(0) },
      { indirectReference: 5, dataValueDescriptor: 'A', encoding: 'arbitrary', octets: unhex('aa b0'), unusedBits: 4 },
    ])
    expect(hex(encodeApdu(decodeApdu(withInformation(three))))).toBe(hex(withInformation(three)))
  })

  test.each([
    ['no encoding', '28 03 02 01 03', 'BER_MISSING'],
    ['an unknown encoding', '28 07 02 01 03 a4 02 05 00', 'BER_CHOICE'],
    ['no value in single-ASN1-type', '28 05 02 01 03 a0 00', 'BER_TRUNCATED_TAG'],
    ['something that is no EXTERNAL', '30 00', 'BER_TAG'],
  ])('RA-03: %s is refused', (_, external, code) => {
    expect(failure(() => decodeApdu(withInformation(external)))).toMatchObject({ layer: 'acse', code })
  })

  test('octets of user information are views into the APDU', () => {
    const octets = withInformation('28 07 02 01 03 a0 02 05 00')
    const [one] = (decodeApdu(octets) as Extract<Apdu, { type: 'RLRQ' }>).value.userInformation ?? []
    expect(one?.octets.buffer).toBe(octets.buffer)
  })

  test('a value that is not one element has no encoding as single-ASN1-type', () => {
    expect(() => buildRLRQ({ userInformation: [{ indirectReference: 3, octets: unhex('05 00 05') }] })).toThrow(EncodeError)
    expect(hex(buildRLRQ({ userInformation: [{ indirectReference: 3, encoding: 'octet-aligned', octets: unhex('05 00 05') }] }))).toBe(
      '62 0c be 0a 28 08 02 01 03 81 03 05 00 05',
    )
  })
})

describe('what is broken', () => {
  test.each(Array.from({ length: 256 }, (_, octet) => octet).filter(octet => octet < 0x60 || octet > 0x64))(
    'RA-01: an APDU that begins with octet %i is refused',
    octet => {
      expect(failure(() => decodeApdu(Uint8Array.of(octet, 0)))).toMatchObject({ layer: 'acse' })
    },
  )

  test('RA-01: an empty APDU is refused', () => {
    expect(failure(() => decodeApdu(new Uint8Array(0)))).toMatchObject({ code: 'BER_TRUNCATED_TAG' })
    expect(failure(() => decodeApdu(unhex('60 00')))).toMatchObject({
      code: 'BER_MISSING',
      path: expect.stringContaining('application-context-name'),
    })
  })

  test.each([
    ['65 00', 'A-DT'],
    ['66 00', 'ACRQ'],
    ['67 00', 'ACRP'],
  ])('an APDU of X.227 bis (%s) is refused by its name, %s', (text, name) => {
    expect(failure(() => decodeApdu(unhex(text)))).toMatchObject({ code: 'ACSE_LATER_EDITION', message: expect.stringContaining(name) })
  })

  const everyTag = Array.from({ length: 31 }, (_, number) => [0x80 + number, 0xa0 + number]).flat()
  test.each(everyTag.map(tag => [hex(Uint8Array.of(tag)), tag] as const))(
    'RA-04: a field %s of length 0 at the end of an AARQ is refused or ignored',
    (_, tag) => {
      const octets = Uint8Array.of(0x60, 11, ...unhex('a1 07 06 05 28ca220203'), tag, 0)
      let apdu: Apdu | undefined
      try {
        apdu = decodeApdu(octets)
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError)
        expect(error).toMatchObject({ layer: 'acse', offset: expect.any(Number) })
      }
      // Empty strings and lists are values; for all others nothing is not a value.
      const empty = {
        170: 'senderAcseRequirements',
        157: 'implementationInformation',
        189: 'implementationInformation',
        173: 'applicationContextNameList',
        190: 'userInformation',
      }[tag]
      if (apdu && empty) expect(Object.keys(apdu.value)).toEqual(['applicationContextName', empty])
      else if (apdu) expect(apdu.value).toEqual({ applicationContextName: mms })
      const fields = [0x80, 0x8a, 0x8b, ...Array.from({ length: 8 }, (_, i) => 0xa2 + i), 0xac]
      if (fields.includes(tag)) expect(apdu).toBeUndefined()
    },
  )

  test.each(['61', '62', '63', '64'])('RA-04: the same in APDU %s', first => {
    for (const tag of everyTag) {
      const octets = Uint8Array.of(...unhex(first), 2, tag, 0)
      try {
        decodeApdu(octets)
        expect(['be', 'ab', '9d', 'bd']).toContain(hex(Uint8Array.of(tag)))
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError)
      }
    }
  })

  test('7.4: an AARQ may hold elements nobody defined, also those of X.227 bis; the other APDUs may not', () => {
    const extra = '8f 01 07 bf 48 02 05 00'
    expect(decodeApdu(unhex(`60 11 a1 07 06 05 28ca220203 ${extra}`))).toEqual({ type: 'AARQ', value: { applicationContextName: mms } })
    for (const text of [`62 08 ${extra}`, '63 03 8e 01 00', '64 07 80 01 00 ad 02 05 00']) {
      expect(failure(() => decodeApdu(unhex(text)))).toMatchObject({ code: 'BER_UNKNOWN' })
      expect(decodeApdu(unhex(text), { undefinedElements: true }).type).toMatch(/RLRQ|RLRE|ABRT/)
    }
  })

  test('a field twice, or out of its place, is refused even in an AARQ', () => {
    for (const fields of ['8b 03 520301 8b 03 520302', '8b 03 520301 8a 02 07 80']) {
      const length = hex(Uint8Array.of(unhex(fields).length + 9))
      expect(failure(() => decodeApdu(unhex(`60 ${length} a1 07 06 05 28ca220203 ${fields}`)))).toMatchObject({ code: 'BER_ORDER' })
    }
  })

  test('octets behind the APDU are refused', () => {
    expect(failure(() => decodeApdu(unhex('63 00 00')))).toMatchObject({ code: 'BER_TRAILING', offset: 2 })
  })

  test('a depth bomb ends with an error', () => {
    const bomb = unhex(`62 80 ${'bf 48 80 '.repeat(5000)}`)
    expect(failure(() => decodeApdu(bomb, { undefinedElements: true }))).toBeInstanceOf(DecodeError)
  })
})

describe('secrets', () => {
  test('no error text holds an authentication value, whichever octet is broken', () => {
    const secret = 'TopSecret42'
    const authentication = { mechanismName: '2.2.3.1', authenticationValue: { type: 'charstring', value: secret } } as const
    const octets = buildAARQ({ applicationContextName: mms, authentication })
    fc.assert(
      fc.property(fc.nat(octets.length - 1), fc.nat(255), (at, value) => {
        const copy = Uint8Array.from(octets)
        copy[at] = value
        try {
          decodeApdu(copy)
        } catch (error) {
          expect(String(error)).not.toMatch(/TopSecret|Secret42/)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test.each<[string, AuthenticationValue]>([
    ['charstring', { type: 'charstring', value: 'π is no Latin-1 secret' }],
    ['bitstring', { type: 'bitstring', value: { octets: unhex('01 02'), size: 3 } }],
    ['external', { type: 'external', value: { octets: unhex('01') } }],
    ['other', { type: 'other', value: { mechanismName: 'secret', value: unhex('05 00') } }],
  ])('an authentication value without an encoding (%s) is not quoted', (_, authenticationValue) => {
    const error = failure(() => buildAARQ({ applicationContextName: mms, authentication: { authenticationValue } }))
    expect(error).toBeInstanceOf(EncodeError)
    expect(error).toMatchObject({ path: expect.stringContaining('calling-authentication-value') })
    expect(error.message).toBe('expected an authentication value that has an encoding')
  })

  test('a broken authentication value is named by its place alone', () => {
    const error = failure(() => decodeApdu(unhex('60 11 a1 07 06 05 28ca220203 ac 06 9f 04 73 65 63 72')))
    expect(error.message).toBe('the authentication value is no valid encoding, at octet 13')
  })
})

describe('properties', () => {
  const oid = fc
    .tuple(fc.integer({ min: 0, max: 2 }), fc.nat(39), fc.array(fc.nat(2 ** 31), { maxLength: 6 }))
    .map(([a, b, rest]) => [a, b, ...rest].join('.'))
  const element = fc.uint8Array({ maxLength: 100 }).map(octets => Uint8Array.of(4, octets.length, ...octets))
  const rdn = fc.array(fc.record({ type: oid, value: element }), { minLength: 1, maxLength: 2 })
  const apTitle = fc.oneof(oid, fc.array(rdn, { maxLength: 3 }))
  const aeQualifier = fc.oneof(fc.integer(), rdn)
  const entity = fc.record(
    { apTitle, aeQualifier, apInvocationIdentifier: fc.integer(), aeInvocationIdentifier: fc.integer() },
    { requiredKeys: [] },
  )
  const information = fc.oneof(
    fc.record({ indirectReference: fc.nat(), encoding: fc.constant('single-ASN1-type' as const), octets: element }),
    fc.record({
      directReference: oid,
      indirectReference: fc.nat(),
      encoding: fc.constant('octet-aligned' as const),
      octets: fc.uint8Array({ maxLength: 300 }),
    }),
  )
  const authenticationValue: fc.Arbitrary<AuthenticationValue> = fc.oneof(
    fc.record({ type: fc.constant('charstring' as const), value: fc.string({ maxLength: 40 }).filter(text => !/[^\0-\xff]/.test(text)) }),
    fc.record({ type: fc.constant('bitstring' as const), value: fc.array(fc.boolean(), { maxLength: 30 }).map(bitString) }),
    fc.record({ type: fc.constant('external' as const), value: information }),
    fc.record({ type: fc.constant('other' as const), value: fc.record({ mechanismName: oid, value: element }) }),
  )
  const fields = fc.record(
    {
      applicationContextName: oid,
      applicationContextNameList: fc.array(oid, { maxLength: 3 }),
      calling: entity,
      called: entity,
      authentication: fc.record({ mechanismName: oid, authenticationValue }, { requiredKeys: [] }),
      implementationInformation: fc.string({ maxLength: 20 }).filter(text => !/[^\0-\xff]/.test(text)),
      userInformation: fc.array(information, { maxLength: 3 }),
    },
    { requiredKeys: ['applicationContextName'] },
  )

  test('an AARQ of any fields is read as it was written', () => {
    fc.assert(
      fc.property(fields, given => {
        const octets = buildAARQ(given)
        const apdu = decodeApdu(octets) as Extract<Apdu, { type: 'AARQ' }>
        expect(apdu.value.applicationContextName).toBe(given.applicationContextName)
        expect(apdu.value.callingApTitle).toEqual(given.calling?.apTitle)
        expect(apdu.value.calledAeQualifier).toEqual(given.called?.aeQualifier)
        expect(apdu.value.callingAuthenticationValue).toEqual(given.authentication?.authenticationValue)
        expect(apdu.value.userInformation ?? []).toEqual(given.userInformation ?? [])
        expect(encodeApdu(apdu)).toEqual(octets)
      }),
      { numRuns: 500 },
    )
  })

  test('arbitrary octets are an APDU or a DecodeError of this layer', () => {
    fc.assert(
      fc.property(fc.constantFrom(0x60, 0x61, 0x62, 0x63, 0x64), fc.uint8Array({ maxLength: 60 }), (first, rest) => {
        try {
          decodeApdu(Uint8Array.of(first, rest.length, ...rest))
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError)
          expect(error).toMatchObject({ layer: 'acse' })
        }
      }),
      { numRuns: 2000 },
    )
  })
})
