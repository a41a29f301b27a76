import { DecodeError, hex, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeTpdu, describeDisconnectReason, describeRejectCause, encodeTpdu, isPersistent, rejectCause, type Tpdu } from './tpdu.js'

const selector = (name: 'calling' | 'called', octets: string) => ({ type: `${name}TransportSelector` as const, value: unhex(octets) })
const connect = { credit: 0, class: 0, options: 0 } as const

/** Octets that an independent dissector reads the same way, and the TPDUs of a recorded conversation. */
const VECTORS: readonly (readonly [string, string, Tpdu])[] = [
  [
    'CR, size 1024, both selectors',
    '11 e0 00 00 00 01 00 c0 01 0a c1 02 00 01 c2 02 00 01',
    {
      type: 'CR',
      ...connect,
      destinationReference: 0,
      sourceReference: 1,
      parameters: [{ type: 'tpduSize', value: 1024 }, selector('calling', '00 01'), selector('called', '00 01')],
    },
  ],
  [
    'CC to it',
    '11 d0 00 01 00 02 00 c0 01 0a c1 02 00 01 c2 02 00 01',
    {
      type: 'CC',
      ...connect,
      destinationReference: 1,
      sourceReference: 2,
      parameters: [{ type: 'tpduSize', value: 1024 }, selector('calling', '00 01'), selector('called', '00 01')],
    },
  ],
  [
    'CR with both size parameters',
    '15 e0 00 00 00 01 00 c0 01 0b f0 02 01 ff c1 02 00 01 c2 02 00 01',
    {
      type: 'CR',
      ...connect,
      destinationReference: 0,
      sourceReference: 1,
      parameters: [
        { type: 'tpduSize', value: 2048 },
        { type: 'preferredTpduSize', value: 65_408 },
        selector('calling', '00 01'),
        selector('called', '00 01'),
      ],
    },
  ],
  [
    'CC that takes F0',
    '0a d0 00 01 00 02 00 f0 02 01 ff',
    { type: 'CC', ...connect, destinationReference: 1, sourceReference: 2, parameters: [{ type: 'preferredTpduSize', value: 65_408 }] },
  ],
  [
    'CR of libiec61850, called in front of calling',
    '14 e0 00 00 00 01 00 c0 01 0d c2 04 54 53 45 4c c1 03 aa bb cc',
    {
      type: 'CR',
      ...connect,
      destinationReference: 0,
      sourceReference: 1,
      parameters: [{ type: 'tpduSize', value: 8192 }, selector('called', '54 53 45 4c'), selector('calling', 'aa bb cc')],
    },
  ],
  [
    'CR of class 4 with alternatives, options, credit and user data',
    '0a ef 00 00 12 34 42 c7 02 00 10 ab cd',
    {
      type: 'CR',
      credit: 15,
      destinationReference: 0,
      sourceReference: 0x1234,
      class: 4,
      options: 2,
      parameters: [{ type: 'alternativeClasses', value: [0, 1] }],
      userData: unhex('ab cd'),
    },
  ],
  ['DR, address unknown', '06 80 00 01 00 00 03', { type: 'DR', destinationReference: 1, sourceReference: 0, reason: 3, parameters: [] }],
  [
    'DR with additional information and user data',
    '0a 80 00 01 00 02 80 e0 02 68 69 00',
    {
      type: 'DR',
      destinationReference: 1,
      sourceReference: 2,
      reason: 128,
      parameters: [{ type: 'additionalInformation', value: unhex('68 69') }],
      userData: unhex('00'),
    },
  ],
  ['DC', '05 c0 00 01 00 02', { type: 'DC', destinationReference: 1, sourceReference: 2, parameters: [] }],
  ['DT, last of its TSDU', '02 f0 80 01 00 01 00', { type: 'DT', endOfTsdu: true, number: 0, userData: unhex('01 00 01 00') }],
  ['DT, more to come', '02 f0 00 01 00 01 00', { type: 'DT', endOfTsdu: false, number: 0, userData: unhex('01 00 01 00') }],
  ['DT, empty', '02 f0 80', { type: 'DT', endOfTsdu: true, number: 0, userData: new Uint8Array() }],
  ['DT, number and ROA', '02 f1 85 00', { type: 'DT', endOfTsdu: true, number: 5, userData: unhex('00'), credit: 1 }],
  ['DT with DST-REF', '04 f0 00 07 85 aa', { type: 'DT', endOfTsdu: true, number: 5, userData: unhex('aa'), destinationReference: 7 }],
  [
    'DT with DST-REF and checksum',
    '08 f0 00 07 05 c3 02 12 34 aa',
    {
      type: 'DT',
      endOfTsdu: false,
      number: 5,
      userData: unhex('aa'),
      destinationReference: 7,
      parameters: [{ type: 'checksum', value: 0x1234 }],
    },
  ],
  [
    'DT, extended',
    '07 f0 00 07 80 01 00 02 aa',
    { type: 'DT', endOfTsdu: true, number: 0x1_0002, userData: unhex('aa'), destinationReference: 7, extended: true },
  ],
  ['ED of RFC 1006', '02 10 80 01', { type: 'ED', endOfTsdu: true, number: 0, userData: unhex('01') }],
  ['ED', '04 10 00 07 81 01', { type: 'ED', endOfTsdu: true, number: 1, userData: unhex('01'), destinationReference: 7 }],
  [
    'ED, extended',
    '07 10 00 07 80 00 00 01 02',
    { type: 'ED', endOfTsdu: true, number: 1, userData: unhex('02'), destinationReference: 7, extended: true },
  ],
  ['AK', '04 63 00 07 05', { type: 'AK', destinationReference: 7, number: 5, credit: 3, parameters: [] }],
  [
    'AK, extended, with every parameter',
    '25 60 00 07 00 00 00 05 01 00 8a 02 00 01 8c 08 00 00 00 05 00 02 00 03 8f 08 00 00 00 01 00 00 00 02 c3 02 00 00',
    {
      type: 'AK',
      destinationReference: 7,
      number: 5,
      credit: 256,
      extended: true,
      parameters: [
        { type: 'subsequenceNumber', value: 1 },
        { type: 'flowControlConfirmation', value: { lowerWindowEdge: 5, subsequenceNumber: 2, credit: 3 } },
        { type: 'selectiveAcknowledgement', value: [{ first: 1, last: 2 }] },
        { type: 'checksum', value: 0 },
      ],
    },
  ],
  [
    'AK with selective acknowledgement',
    '0a 60 00 07 05 8f 04 01 02 04 05',
    {
      type: 'AK',
      destinationReference: 7,
      number: 5,
      credit: 0,
      parameters: [
        {
          type: 'selectiveAcknowledgement',
          value: [
            { first: 1, last: 2 },
            { first: 4, last: 5 },
          ],
        },
      ],
    },
  ],
  ['EA', '04 20 00 07 05', { type: 'EA', destinationReference: 7, number: 5, parameters: [] }],
  ['EA, extended', '07 20 00 07 00 00 00 05', { type: 'EA', destinationReference: 7, number: 5, extended: true, parameters: [] }],
  ['RJ', '04 5a 00 07 05', { type: 'RJ', destinationReference: 7, number: 5, credit: 10 }],
  ['RJ, extended', '09 50 00 07 00 00 01 00 00 0a', { type: 'RJ', destinationReference: 7, number: 256, credit: 10, extended: true }],
  [
    'ER: octet 2 is 70, not e0; the bad octet is the 8th of a CC',
    '0e 70 00 02 01 c1 08 11 d0 00 01 00 02 00 c0',
    {
      type: 'ER',
      destinationReference: 2,
      cause: 1,
      parameters: [{ type: 'invalidTpdu', value: unhex('11 d0 00 01 00 02 00 c0') }],
    },
  ],
  ['ER without its parameter, as ISODE sends it', '04 70 00 01 00', { type: 'ER', destinationReference: 1, cause: 0, parameters: [] }],
]

describe('C-01, C-14: ten TPDUs as typed plain objects', () => {
  test.each(VECTORS)('%s, both ways', (_, octets, tpdu) => {
    expect(decodeTpdu(unhex(octets))).toEqual(tpdu)
    expect(hex(encodeTpdu(tpdu))).toBe(octets)
  })

  const reference = fc.nat(0xffff)
  const parameters = fc.array(
    fc.oneof(
      fc.record({ type: fc.constant('tpduSize' as const), value: fc.constantFrom(128, 256, 512, 1024, 2048, 4096, 8192) }),
      fc.record({ type: fc.constant('preferredTpduSize' as const), value: fc.integer({ min: 1, max: 0xffff_ffff }).map(n => n * 128) }),
      fc.record({ type: fc.constant('calledTransportSelector' as const), value: fc.uint8Array({ maxLength: 32 }) }),
      fc.record({
        type: fc.constant('unknown' as const),
        code: fc.integer({ min: 0x40, max: 0x4f }),
        value: fc.uint8Array({ maxLength: 8 }),
      }),
    ),
    { maxLength: 4 },
  )
  const userData = fc.uint8Array({ minLength: 1, maxLength: 40 })
  const connection = <Type extends 'CR' | 'CC'>(type: Type) =>
    fc.record(
      {
        type: fc.constant(type),
        credit: fc.nat(15),
        destinationReference: reference,
        sourceReference: reference,
        class: fc.nat(15),
        options: fc.nat(15),
        parameters,
        userData,
      },
      { requiredKeys: ['type', 'credit', 'destinationReference', 'sourceReference', 'class', 'options', 'parameters'] },
    )
  const none = fc.constant([] as const)
  const extendedNumber = { extended: fc.constant(true as const), number: fc.nat(0x7fff_ffff) }
  const data = <Type extends 'DT' | 'ED'>(type: Type) =>
    fc.oneof(
      fc.record({ type: fc.constant(type), endOfTsdu: fc.boolean(), number: fc.nat(127), userData }),
      fc.record({ type: fc.constant(type), endOfTsdu: fc.boolean(), number: fc.nat(127), userData, destinationReference: reference }),
      fc.record({ type: fc.constant(type), endOfTsdu: fc.boolean(), ...extendedNumber, userData, destinationReference: reference }),
    )
  const anyTpdu: fc.Arbitrary<Tpdu> = fc.oneof(
    connection('CR'),
    connection('CC'),
    fc.record({
      type: fc.constant('DR' as const),
      destinationReference: reference,
      sourceReference: reference,
      reason: fc.nat(255),
      parameters: none,
      userData,
    }),
    fc.record({ type: fc.constant('DC' as const), destinationReference: reference, sourceReference: reference, parameters: none }),
    data('DT'),
    data('ED'),
    fc.record({
      type: fc.constant('AK' as const),
      destinationReference: reference,
      number: fc.nat(127),
      credit: fc.nat(15),
      parameters: none,
    }),
    fc.record({
      type: fc.constant('AK' as const),
      destinationReference: reference,
      ...extendedNumber,
      credit: fc.nat(0xffff),
      parameters: none,
    }),
    fc.record({ type: fc.constant('EA' as const), destinationReference: reference, number: fc.nat(127), parameters: none }),
    fc.record({ type: fc.constant('EA' as const), destinationReference: reference, ...extendedNumber, parameters: none }),
    fc.record({ type: fc.constant('RJ' as const), destinationReference: reference, number: fc.nat(127), credit: fc.nat(15) }),
    fc.record({ type: fc.constant('RJ' as const), destinationReference: reference, ...extendedNumber, credit: fc.nat(0xffff) }),
    fc.record({ type: fc.constant('ER' as const), destinationReference: reference, cause: fc.nat(255), parameters: none }),
  )

  test('whatever is encoded decodes to itself', () => {
    fc.assert(
      fc.property(anyTpdu, tpdu => {
        expect(decodeTpdu(encodeTpdu(tpdu))).toEqual(tpdu)
      }),
      { numRuns: 500 },
    )
  })

  test('any octets decode, and then encode to the same octets, or are refused by a DecodeError of this layer with an offset inside them', () => {
    const seeds = VECTORS.map(([, octets]) => unhex(octets))
    const mutated = fc
      .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(40), fc.nat(255)), { maxLength: 3 }), fc.integer({ min: -3, max: 3 }))
      .map(([seed, changes, more]) => {
        const octets = new Uint8Array(Math.max(0, seed.length + more))
        octets.set(seed.subarray(0, octets.length))
        for (const [at, value] of changes) if (at < octets.length) octets[at] = value
        return octets
      })
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 40 })), octets => {
        let tpdu: Tpdu
        try {
          tpdu = decodeTpdu(octets)
        } catch (error) {
          expect(error).toMatchObject({ name: 'DecodeError', layer: 'cotp' })
          expect((error as DecodeError).offset).toBeLessThanOrEqual(Math.max(0, octets.length - 1))
          return
        }
        // F0 may be written longer than it need be.
        const isMinimal = !('parameters' in tpdu && tpdu.parameters?.some(({ type }) => type === 'preferredTpduSize'))
        if (isMinimal) expect(hex(encodeTpdu(tpdu))).toBe(hex(octets))
      }),
      { numRuns: 2_000 },
    )
  })

  test('user data and selectors are views', () => {
    const octets = unhex('02 f0 80 01 02')
    const tpdu = decodeTpdu(octets)
    expect(tpdu.type === 'DT' && tpdu.userData.buffer).toBe(octets.buffer)
  })
})

describe('C-02: what cannot be decoded, with the cause of the ER that answers it', () => {
  test.each([
    ['RC-01: nothing', '', 'COTP_LENGTH', 0, 0, 'TPDU: expected at least 2 octets, found 0'],
    ['RC-01: LI 0', '00 e0 00', 'COTP_LENGTH', 0, 0, 'length indicator: expected 1 to 2 for 3 octets, found 0'],
    ['RC-01: LI 255 is reserved', 'ff e0 00', 'COTP_LENGTH', 0, 0, 'length indicator: expected 1 to 2 for 3 octets, found 255'],
    ['RC-01: LI as long as the TPDU', '03 f0 80', 'COTP_LENGTH', 0, 0, 'length indicator: expected 1 to 2 for 3 octets, found 3'],
    [
      'RC-01: LI below the fixed part of a CR',
      '05 e0 00 00 00 01 00',
      'COTP_LENGTH',
      0,
      0,
      'CR: length indicator: expected at least 6, found 5 at octet 0',
    ],
    [
      'RC-01: LI below the fixed part of a DT',
      '01 f0 80',
      'COTP_LENGTH',
      0,
      0,
      'DT: length indicator: expected at least 4, found 1 at octet 0',
    ],
    [
      'RC-01: LI below the fixed part of an extended AK',
      '07 60 00 07 00 00 00 05',
      'COTP_LENGTH',
      0,
      0,
      'AK: length indicator: expected at least 9, found 7 at octet 0',
    ],
    ['RC-02: code 30 belongs to somebody else', '02 30 80', 'COTP_CODE', 1, 2, 'TPDU code: expected one of X.224, found 30 at octet 1'],
    ['RC-02: code 00', '02 00 80', 'COTP_CODE', 1, 2, 'TPDU code: expected one of X.224, found 00 at octet 1'],
    ['a DR with a credit', '06 81 00 01 00 00 03', 'COTP_VALUE', 1, 3, 'DR: low nibble of the code: expected 0, found 1 at octet 1'],
    [
      'an extended AK with a credit in its code',
      '09 61 00 07 00 00 00 05 00 00',
      'COTP_VALUE',
      1,
      3,
      'AK: low nibble of the code: expected 0, found 1 at octet 1',
    ],
    [
      'RC-04: a parameter over the header',
      '09 e0 00 00 00 01 00 c0 02 0a',
      'COTP_PARAMETER',
      8,
      3,
      'parameter c0: expected to end at octet 10 with the header, found 11',
    ],
    [
      'RC-04: one octet left over',
      '07 e0 00 00 00 01 00 c0',
      'COTP_PARAMETER',
      7,
      3,
      'parameter c0: expected to end at octet 8 with the header, found 9',
    ],
    ['octets behind an ER', '04 70 00 01 00 aa', 'COTP_USER_DATA', 5, 0, 'ER: expected the end at octet 5, found 1 more octets'],
    ['an AK whose number has bit 8', '04 60 00 07 85', 'COTP_VALUE', 4, 3, 'TPDU number: expected bit 8 of octet 4 to be 0, found 85'],
    ['an RJ with parameters', '08 50 00 07 05 c3 02 00 00', 'COTP_LENGTH', 0, 0, 'RJ: length indicator: expected 4, found 8'],
  ])('%s: %s', (_, octets, code, offset, cause, message) => {
    let error: unknown
    try {
      decodeTpdu(unhex(octets))
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ name: 'DecodeError', code, offset, message, clause: expect.stringMatching(/^X\.224, 13/) })
    expect(rejectCause(error as DecodeError)).toBe(cause)
  })

  test('RC-01, RC-02: every LI and every code, on a short TPDU, is decoded or refused by its place', () => {
    const known = [1, 2, 5, 6, 7, 8, 12, 13, 14, 15]
    const verdict = (octets: Uint8Array): string => {
      try {
        return decodeTpdu(octets).type
      } catch (error) {
        return error instanceof DecodeError ? `${error.code} ${error.offset}` : String(error)
      }
    }
    const wrong: string[] = []
    for (let indicator = 0; indicator < 256; indicator++) {
      for (let code = 0; code < 256; code++) {
        const found = verdict(Uint8Array.of(indicator, code, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        const expected =
          indicator === 0 || indicator > 11
            ? /^COTP_LENGTH 0$/
            : known.includes(code >> 4)
              ? /^([A-Z]{2}|COTP_(LENGTH|VALUE|PARAMETER|USER_DATA) \d+)$/
              : /^COTP_CODE 1$/
        if (!expected.test(found)) wrong.push(`${indicator} ${code}: ${found}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('a foreign error has the cause "not specified"', () => {
    expect(rejectCause(new DecodeError('mms', 'MMS_X', ''))).toBe(0)
  })
})

describe('what cannot be encoded', () => {
  const cr = { type: 'CR', ...connect, destinationReference: 0, sourceReference: 1, parameters: [] } as const
  test.each([
    [{ ...cr, sourceReference: 65_536 }, 'COTP_VALUE', 'CR.sourceReference: expected 0 to 65535, found 65536'],
    [{ ...cr, sourceReference: 0.5 }, 'COTP_VALUE', 'CR.sourceReference: expected 0 to 65535, found 0.5'],
    [{ ...cr, class: 16 }, 'COTP_VALUE', 'CR.class: expected 0 to 15, found 16'],
    [{ ...cr, credit: -1 }, 'COTP_VALUE', 'CR.credit: expected 0 to 15, found -1'],
    [{ type: 'DT', endOfTsdu: true, number: 128, userData: unhex('00') }, 'COTP_VALUE', 'DT.number: expected 0 to 127, found 128'],
    [
      { type: 'DR', destinationReference: 1, sourceReference: 0, reason: 256, parameters: [] },
      'COTP_VALUE',
      'DR.reason: expected 0 to 255, found 256',
    ],
    [
      { ...cr, parameters: [selector('called', '00'.repeat(252))] },
      'COTP_LENGTH',
      'CR: header: expected at most 254 octets behind its first, found 260',
    ],
    [
      { ...cr, parameters: [selector('called', '00'.repeat(253))] },
      'COTP_PARAMETER',
      'calledTransportSelector: expected a value that X.224, 13 allows, found 253 octets',
    ],
    [
      { ...cr, parameters: [{ type: 'tpduSize', value: 1000 }] },
      'COTP_PARAMETER',
      'tpduSize: expected a value that X.224, 13 allows, found 1000',
    ],
    [{ ...cr, parameters: [{ type: 'subsequenceNumber', value: 1 }] }, 'COTP_PARAMETER', 'subsequenceNumber is no parameter of CR'],
  ] as readonly (readonly [Tpdu, string, string])[])('%o: %s', (tpdu, code, message) => {
    expect(() => encodeTpdu(tpdu)).toThrow(expect.objectContaining({ name: 'EncodeError', code, message }))
  })
})

test('C-09, C-10: every reason and cause has a text, and says whether trying again is in vain', () => {
  expect(describeDisconnectReason(3)).toBe('address unknown')
  expect(describeDisconnectReason(77)).toBe('reason 77, not defined')
  expect(describeRejectCause(2)).toBe('invalid TPDU type')
  expect(describeRejectCause(200)).toBe('cause 200, not defined')
  expect([0, 1, 2, 3, 130].map(isPersistent)).toEqual([false, false, true, true, true])
})
