import { DecodeError, hex, Sdu, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diagnose } from './broken.js'
import type { Data } from './data.js'
import { decodeMmsPdu, decodePdu, encodeMmsPdu, type MmsPdu } from './pdu.js'

const octetsOf = (pdu: MmsPdu): Uint8Array => {
  const sdu = new Sdu()
  encodeMmsPdu(pdu, sdu)
  return sdu.octets()
}

const name = { type: 'vmdSpecific', value: 'v' } as const
const write = (...listOfData: Data[]): MmsPdu => ({
  type: 'confirmedRequestPDU',
  value: {
    invokeID: 7,
    service: { type: 'write', value: { variableAccessSpecification: { type: 'variableListName', value: name }, listOfData } },
  },
})
const nested = (levels: number): Data => (levels === 0 ? { type: 'integer', value: 1 } : { type: 'structure', value: [nested(levels - 1)] })

const broken = (text: string) => decodePdu(unhex(text))

describe('what can still be said of a PDU that cannot be read', () => {
  test.each([
    // octets, kind, invoke identifier, service, reject
    ['', undefined, undefined, undefined, 'pduError', 'invalid-pdu'],
    ['ae 00', undefined, undefined, undefined, 'pduError', 'unknown-pdu-type'],
    ['30 00', undefined, undefined, undefined, 'pduError', 'unknown-pdu-type'],
    ['80 03 02 01 01', undefined, undefined, undefined, 'pduError', 'unknown-pdu-type'],
    ['a0', 'confirmedRequestPDU', undefined, undefined, 'pduError', 'invalid-pdu'],
    ['a0 00', 'confirmedRequestPDU', undefined, undefined, 'pduError', 'invalid-pdu'],
    ['a0 05 82 00 02 01 01', 'confirmedRequestPDU', undefined, 'identify', 'pduError', 'invalid-pdu'],
    ['a0 04 02 00 82 00', 'confirmedRequestPDU', undefined, 'identify', 'pduError', 'invalid-pdu'],
    ['a0 05 02 01 ff 82 00', 'confirmedRequestPDU', undefined, 'identify', 'pduError', 'invalid-pdu'],
    ['a0 09 02 05 01 00 00 00 00 82 00', 'confirmedRequestPDU', undefined, 'identify', 'pduError', 'invalid-pdu'],
    ['a0 03 02 01 07', 'confirmedRequestPDU', 7, undefined, 'confirmedRequestPDU', 'invalid-argument'],
    ['a0 05 02 01 07 82 01', 'confirmedRequestPDU', 7, 'identify', 'confirmedRequestPDU', 'invalid-argument'],
    ['a0 06 02 01 07 82 01 00', 'confirmedRequestPDU', 7, 'identify', 'confirmedRequestPDU', 'invalid-argument'],
    ['a0 05 02 01 07 a2 00', 'confirmedRequestPDU', 7, 'identify', 'confirmedRequestPDU', 'invalid-argument'],
    ['a0 05 02 01 07 a4 00', 'confirmedRequestPDU', 7, 'read', 'confirmedRequestPDU', 'invalid-argument'],
    ['a0 05 02 01 07 84 00', 'confirmedRequestPDU', 7, 'read', 'confirmedRequestPDU', 'invalid-argument'],
    ['a0 08 02 01 07 82 00 9f 0a 00', 'confirmedRequestPDU', 7, 'identify', 'confirmedRequestPDU', 'invalid-argument'],
    ['a0 80 02 01 07 82 01 00 00 00', 'confirmedRequestPDU', 7, 'identify', 'confirmedRequestPDU', 'invalid-argument'],
    ['a0 81 06 02 01 07 82 01 00', 'confirmedRequestPDU', 7, 'identify', 'confirmedRequestPDU', 'invalid-argument'],
    ['a0 05 02 01 07 82 00 00', 'confirmedRequestPDU', 7, 'identify', 'pduError', 'invalid-pdu'],
    // a numeric address of 33 bits
    [
      'a0 12 02 01 07 a6 0d a1 0b 80 09 00 00 00 00 01 00 00 00 00',
      'confirmedRequestPDU',
      7,
      'getVariableAccessAttributes',
      'confirmedRequestPDU',
      'invalid-argument',
    ],
    [
      'a0 0e 02 01 07 a6 09 a1 07 80 05 01 00 00 00 00',
      'confirmedRequestPDU',
      7,
      'getVariableAccessAttributes',
      'confirmedRequestPDU',
      'value-out-of-range',
    ],
    // modifiers
    ['a0 09 02 01 07 30 02 a2 00 82 00', 'confirmedRequestPDU', 7, 'identify', 'confirmedRequestPDU', 'unrecognized-modifier'],
    ['a0 09 02 01 07 30 02 a1 00 82 00', 'confirmedRequestPDU', 7, 'identify', 'confirmedRequestPDU', 'invalid-modifier'],
    // responses
    ['a1 05 02 01 07 a4 00', 'confirmedResponsePDU', 7, 'read', 'confirmedResponsePDU', 'invalid-result'],
    ['a1 03 82 01 07', 'confirmedResponsePDU', undefined, 'identify', 'pduError', 'invalid-pdu'],
    [
      'a1 0f 02 01 07 ad 0a 80 05 01 00 00 00 00 81 01 00',
      'confirmedResponsePDU',
      7,
      'deleteNamedVariableList',
      'confirmedResponsePDU',
      'value-out-of-range',
    ],
    // errors
    ['a2 05 80 01 07 a2 00', 'confirmedErrorPDU', 7, undefined, 'confirmedErrorPDU', 'invalid-serviceError'],
    ['a2 0f 80 01 07 81 05 01 00 00 00 00 a2 03 8c 01 00', 'confirmedErrorPDU', 7, undefined, 'confirmedErrorPDU', 'value-out-of-range'],
    ['a2 02 a2 00', 'confirmedErrorPDU', undefined, undefined, 'pduError', 'invalid-pdu'],
    // unconfirmed
    ['a3 02 a0 00', 'unconfirmedPDU', undefined, 'informationReport', 'unconfirmedPDU', 'invalid-argument'],
    ['a3 02 80 00', 'unconfirmedPDU', undefined, 'informationReport', 'unconfirmedPDU', 'invalid-argument'],
    [
      'a3 0d a0 0b a0 09 30 07 a1 05 80 03 01 00 00',
      'unconfirmedPDU',
      undefined,
      'informationReport',
      'unconfirmedPDU',
      'invalid-argument',
    ],
    [
      'a3 11 a0 0f a0 0b 30 09 a1 07 80 05 01 00 00 00 00 a0 00',
      'unconfirmedPDU',
      undefined,
      'informationReport',
      'unconfirmedPDU',
      'value-out-of-range',
    ],
    ['a3 00', 'unconfirmedPDU', undefined, undefined, 'unconfirmedPDU', 'invalid-argument'],
    // cancel
    ['85 00', 'cancelRequestPDU', undefined, undefined, 'cancelRequestPDU', 'invalid-invokeID'],
    ['85 01 ff', 'cancelRequestPDU', undefined, undefined, 'cancelRequestPDU', 'invalid-invokeID'],
    ['86 00', 'cancelResponsePDU', undefined, undefined, 'cancelResponsePDU', 'invalid-invokeID'],
    ['a7 00', 'cancelErrorPDU', undefined, undefined, 'cancelErrorPDU', 'invalid-invokeID'],
    ['a7 03 80 01 07', 'cancelErrorPDU', 7, undefined, 'cancelErrorPDU', 'invalid-serviceError'],
    ['a7 12 80 01 07 a1 0d a0 0b 80 09 01 00 00 00 00 00 00 00 00', 'cancelErrorPDU', 7, undefined, 'cancelErrorPDU', 'value-out-of-range'],
    // environment
    ['a8 00', 'initiateRequestPDU', undefined, undefined, 'pduError', 'invalid-pdu'],
    ['a9 00', 'initiateResponsePDU', undefined, undefined, 'pduError', 'invalid-pdu'],
    ['aa 00', 'initiateErrorPDU', undefined, undefined, 'pduError', 'invalid-pdu'],
    ['8b 01 00', 'concludeRequestPDU', undefined, undefined, 'concludeRequestPDU', 'invalid-argument'],
    ['8c 01 00', 'concludeResponsePDU', undefined, undefined, 'concludeResponsePDU', 'invalid-result'],
    ['ad 00', 'concludeErrorPDU', undefined, undefined, 'concludeErrorPDU', 'invalid-serviceError'],
    ['ad 0d a0 0b 80 09 01 00 00 00 00 00 00 00 00', 'concludeErrorPDU', undefined, undefined, 'concludeErrorPDU', 'value-out-of-range'],
  ] as const)('RM-01: %s', (text, pduType, invokeID, service, kind, value) => {
    const found = broken(text)
    expect(found.type).toBe('broken')
    if (found.type !== 'broken') return
    expect([found.pduType, found.invokeID, found.service]).toEqual([pduType, invokeID, service])
    expect(found.rejectReason).toEqual({ type: kind, value })
    expect(found.error).toBeInstanceOf(DecodeError)
    expect(found.error.layer).toBe('mms')
  })

  test('a broken reject is never answered', () => {
    expect(broken('a4 00')).toMatchObject({ type: 'broken', pduType: 'rejectPDU' })
    expect(broken('a4 00')).not.toHaveProperty('rejectReason')
  })

  test('RM-05: a service that is not in the standard is no error: it comes with its octets, and goes out with them', () => {
    const octets = unhex('a0 08 02 01 07 bf 64 02 a0 00')
    const found = decodePdu(octets)
    expect(found).toEqual({
      type: 'pdu',
      pdu: { type: 'confirmedRequestPDU', value: { invokeID: 7, service: { type: 'unknown', value: unhex('bf 64 02 a0 00') } } },
    })
    if (found.type === 'pdu') expect(octetsOf(found.pdu)).toEqual(octets)
    expect(broken('a3 02 a3 00')).toMatchObject({ type: 'pdu', pdu: { value: { service: { type: 'unknown' } } } })
    // Not even a context tag.
    expect(broken('a0 05 02 01 07 04 00')).toMatchObject({ type: 'pdu', pdu: { value: { service: { type: 'unknown' } } } })
  })

  test('RM-06: invoke identifiers up to 2³²−1 are read and given back', () => {
    for (const invokeID of [0, 127, 128, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]) {
      const pdu: MmsPdu = { type: 'confirmedRequestPDU', value: { invokeID, service: { type: 'identify', value: null } } }
      expect(decodeMmsPdu(octetsOf(pdu))).toEqual(pdu)
      const octets = octetsOf(pdu)
      expect(decodePdu(octets.subarray(0, octets.length - 1))).toMatchObject({ type: 'broken', invokeID })
    }
    expect(() => octetsOf({ type: 'cancelRequestPDU', value: 2 ** 32 })).toThrow('expected a whole number from 0 to 4294967295')
  })

  test('RM-10: data at the negotiated nesting level is read, one level more is rejected with max-recursion-exceeded', () => {
    for (const nesting of [0, 1, 2, 10, 40]) {
      expect(decodePdu(octetsOf(write(nested(nesting))), { nesting, depth: 100 }).type).toBe('pdu')
      expect(decodePdu(octetsOf(write(nested(nesting + 1))), { nesting, depth: 100 })).toMatchObject({
        type: 'broken',
        invokeID: 7,
        service: 'write',
        rejectReason: { type: 'confirmedRequestPDU', value: 'max-recursion-exceeded' },
        error: { code: 'MMS_NESTING' },
      })
    }
    const report = (levels: number): MmsPdu => ({
      type: 'unconfirmedPDU',
      value: {
        service: {
          type: 'informationReport',
          value: {
            variableAccessSpecification: { type: 'variableListName', value: name },
            listOfAccessResult: [{ type: 'success', value: nested(levels) }],
          },
        },
      },
    })
    expect(decodePdu(octetsOf(report(3)), { nesting: 2 })).toMatchObject({
      rejectReason: { type: 'unconfirmedPDU', value: 'max-recursion-exceeded' },
    })
    expect(decodePdu(octetsOf(report(2)), { nesting: 2 }).type).toBe('pdu')
    // The limit of one PDU does not outlive it, whether that was read or not.
    expect(decodePdu(octetsOf(write(nested(20)))).type).toBe('pdu')
    const response: MmsPdu = {
      type: 'confirmedResponsePDU',
      value: { invokeID: 7, service: { type: 'read', value: { listOfAccessResult: [{ type: 'success', value: nested(5) }] } } },
    }
    expect(decodePdu(octetsOf(response), { nesting: 4 })).toMatchObject({
      rejectReason: { type: 'confirmedResponsePDU', value: 'max-recursion-exceeded' },
    })
  })

  test('RM-11: an alternate access that goes on for ever ends at the depth limit', () => {
    const head = unhex('a0 00 02 01 07 a4 00')
    expect(head.length).toBe(7)
    let access = unhex('84 00')
    const wrap = (tag: number, inner: Uint8Array): Uint8Array => {
      const sdu = Sdu.of(inner)
      sdu.prepend(inner.length < 128 ? [tag, inner.length] : [tag, 0x82, inner.length >> 8, inner.length & 255])
      return sdu.octets()
    }
    for (let i = 0; i < 200; i++) access = wrap(0xa0, Uint8Array.of(0x83, 0x00, ...wrap(0x30, access)))
    const variable = wrap(0x30, Uint8Array.of(0xa0, 0x03, 0x80, 0x01, 0x76, ...wrap(0xa5, access)))
    const request = wrap(0xa0, Uint8Array.of(0x02, 0x01, 0x07, ...wrap(0xa4, wrap(0xa1, wrap(0xa0, variable)))))
    expect(decodePdu(request)).toMatchObject({
      type: 'broken',
      invokeID: 7,
      service: 'read',
      rejectReason: { type: 'confirmedRequestPDU', value: 'max-recursion-exceeded' },
    })
    expect(decodePdu(request, { depth: 500 }).type).toBe('pdu')
  })

  test('RM-03: a PDU longer than negotiated is an invalid PDU', () => {
    const octets = octetsOf(write(nested(0)))
    expect(decodePdu(octets, { maxPduSize: octets.length }).type).toBe('pdu')
    expect(decodePdu(octets, { maxPduSize: octets.length - 1 })).toMatchObject({
      type: 'broken',
      invokeID: 7,
      rejectReason: { type: 'pduError', value: 'invalid-pdu' },
      error: { code: 'MMS_PDU_SIZE' },
    })
  })

  test('RM-07: a list of 20 000 values is read, one of more elements than the limit is not', () => {
    const many = write({ type: 'array', value: Array.from({ length: 20_000 }, () => ({ type: 'boolean', value: true })) })
    expect(decodePdu(octetsOf(many)).type).toBe('pdu')
    expect(decodePdu(octetsOf(many), { elements: 1000 })).toMatchObject({ type: 'broken', error: { code: 'BER_ELEMENTS' } })
    // Empty structures are the cheapest elements; there is no legal use for so many.
    const empty = write({ type: 'array', value: Array.from({ length: 30_000 }, () => ({ type: 'structure', value: [] })) })
    expect(decodePdu(octetsOf(empty))).toMatchObject({ type: 'broken', error: { code: 'BER_ELEMENTS' } })
  })

  test('arbitrary octets never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(15), (octets, number) => {
        expect(['pdu', 'broken']).toContain(decodePdu(octets).type)
        expect(['pdu', 'broken']).toContain(decodePdu(Uint8Array.of(0xa0 | number, octets.length, ...octets)).type)
        expect(diagnose(octets, new DecodeError('mms', 'TEST', 'test')).type).toBe('broken')
      }),
      { numRuns: 2000 },
    )
  })

  test('a fault of the program is not taken for one of the peer', () => {
    expect(() => decodePdu(undefined as unknown as Uint8Array)).toThrow(TypeError)
  })

  test('indefinite lengths are read, and written definite', () => {
    const pdu = decodeMmsPdu(unhex('a0 80 02 01 07 a4 80 a1 80 a1 80 80 01 76 00 00 00 00 00 00 00 00'))
    expect(pdu).toMatchObject({ value: { service: { type: 'read' } } })
    expect(hex(octetsOf(pdu))).toBe('a0 0c 02 01 07 a4 07 a1 05 a1 03 80 01 76')
  })
})

describe('strict', () => {
  test.each([
    ['B-10: a count beyond Unsigned32', 'a1 0f 02 01 07 ad 0a 80 05 00 80 00 00 00 81 01 00', 'BER_INTEGER_RANGE'],
    ['RM-13: a name with a full stop', 'a0 0c 02 01 07 a4 07 a1 05 a1 03 80 01 2e', 'MMS_IDENTIFIER'],
    ['RM-13: an empty name', 'a0 0b 02 01 07 a4 06 a1 04 a1 02 80 00', 'MMS_IDENTIFIER'],
    ['RM-13: a name of 33 characters', `a0 2c 02 01 07 a4 27 a1 25 a1 23 80 21 ${'61 '.repeat(33)}`, 'MMS_IDENTIFIER'],
    ['RM-13: such a name in a list', 'a1 0d 02 01 07 a1 08 a0 06 1a 01 61 1a 01 2e', 'MMS_IDENTIFIER'],
    ['RB-20: a visible string with another octet', 'a1 0a 02 01 07 a4 05 a1 03 8a 01 e9', 'BER_STRING'],
    ['RB-20: an mMSString that is no UTF-8', 'a1 0a 02 01 07 a4 05 a1 03 90 01 e9', 'BER_STRING'],
    ['a negative unsigned', 'a1 0a 02 01 07 a4 05 a1 03 86 01 ff', 'BER_INTEGER_RANGE'],
    ['a negative bcd', 'a1 0a 02 01 07 a4 05 a1 03 8d 01 ff', 'BER_INTEGER_RANGE'],
    ['an initiate error whose class has lost its class bits', 'aa 05 a0 03 08 01 00', 'BER_TAG'],
    ['RB-13: an integer with an octet that says nothing', 'a1 0b 02 01 07 a4 06 a1 04 85 02 00 01', 'BER_INTEGER'],
  ])('%s is read, and refused when strict', (_name, text, code) => {
    const octets = unhex(text)
    expect(decodePdu(octets).type).toBe('pdu')
    expect(decodePdu(octets, { strict: true })).toMatchObject({ type: 'broken', error: { code } })
  })

  test('what the standard allows is read', () => {
    for (const text of [
      'a0 0c 02 01 07 a4 07 a1 05 a1 03 80 01 76',
      'aa 05 a0 03 88 01 00',
      'a1 11 02 01 07 a4 0c a1 0a 8a 01 61 90 02 c3 a4 86 01 05',
    ]) {
      expect(decodePdu(unhex(text), { strict: true }).type).toBe('pdu')
    }
  })
})

describe('a value that has no encoding', () => {
  test('leaves what was written before as it was, and names the member', () => {
    const sdu = Sdu.of([1, 2, 3])
    const pdu = write({
      type: 'structure',
      value: [
        { type: 'unsigned', value: 1 },
        { type: 'unsigned', value: -1 },
      ],
    })
    expect(() => encodeMmsPdu(pdu, sdu)).toThrow(
      expect.objectContaining({
        name: 'EncodeError',
        code: 'MMS_INTEGER_RANGE',
        path: 'MMSpdu.confirmed-RequestPDU.service.write.listOfData[0][1]',
      }),
    )
    expect(hex(sdu.octets())).toBe('01 02 03')
  })
})
