import { hex, unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import {
  decodeParameters,
  encodeParameters,
  type Parameter,
  type ParameterContext,
  parameterOffsets,
  parameterValue,
} from './parameters.js'

function decoded(context: ParameterContext, octets: string): Parameter[] {
  const all = unhex(octets)
  return decodeParameters(context, all, 0, all.length)
}

const bothWays = { callingToCalled: { target: 1, minimum: 2 }, calledToCalling: { target: 3, minimum: 4 } }

describe('C-05: every parameter of X.224 has a typed value', () => {
  test.each([
    ['CR', 'c0 01 07', 'tpduSize', 128],
    ['CC', 'c0 01 0d', 'tpduSize', 8192],
    ['CR', 'c1 00', 'callingTransportSelector', new Uint8Array()],
    ['CC', 'c2 03 01 02 03', 'calledTransportSelector', unhex('01 02 03')],
    ['ER', 'c1 02 02 f0', 'invalidTpdu', unhex('02 f0')],
    ['DT', 'c3 02 12 34', 'checksum', 0x1234],
    ['CR', 'c4 01 01', 'version', 1],
    ['CR', 'c5 01 ff', 'protection', unhex('ff')],
    ['CC', 'c6 01 03', 'additionalOptions', 3],
    ['CR', 'c7 03 00 20 40', 'alternativeClasses', [0, 2, 4]],
    ['CR', '85 02 01 00', 'acknowledgementTime', 256],
    ['CR', '86 03 01 02 03', 'residualErrorRate', { target: 1, minimum: 2, tsduSize: 3 }],
    ['CR', '87 02 00 01', 'priority', 1],
    [
      'CR',
      '88 08 00 01 00 02 00 03 00 04',
      'transitDelay',
      { callingToCalled: { target: 1, maximum: 2 }, calledToCalling: { target: 3, maximum: 4 } },
    ],
    ['CR', '89 0c 00 00 01 00 00 02 00 00 03 00 00 04', 'throughput', { maximum: bothWays }],
    [
      'CR',
      '89 18 00 00 01 00 00 02 00 00 03 00 00 04 00 00 01 00 00 02 00 00 03 00 00 04',
      'throughput',
      { maximum: bothWays, average: bothWays },
    ],
    ['CR', '8b 02 00 3c', 'reassignmentTime', 60],
    ['AK', '8a 02 00 01', 'subsequenceNumber', 1],
    ['AK', '8c 08 00 00 00 01 00 02 00 03', 'flowControlConfirmation', { lowerWindowEdge: 1, subsequenceNumber: 2, credit: 3 }],
    ['AK', '8f 02 01 02', 'selectiveAcknowledgement', [{ first: 1, last: 2 }]],
    ['AK extended', '8f 08 00 00 00 01 00 00 01 00', 'selectiveAcknowledgement', [{ first: 1, last: 256 }]],
    ['DR', 'e0 02 68 69', 'additionalInformation', unhex('68 69')],
    ['CR', 'f0 01 01', 'preferredTpduSize', 128],
    ['CR', 'f0 02 01 ff', 'preferredTpduSize', 65_408],
    ['CC', 'f0 03 01 00 00', 'preferredTpduSize', 0x10000 * 128],
    ['CC', 'f0 04 ff ff ff ff', 'preferredTpduSize', 0xffff_ffff * 128],
    ['CR', 'f2 04 00 00 27 10', 'inactivityTime', 10_000],
  ] as const)('in %s, %s is %s', (context, octets, type, value) => {
    expect(decoded(context, octets)).toEqual([{ type, value }])
    expect(hex(Uint8Array.from(encodeParameters(context, decoded(context, octets))))).toBe(octets)
  })

  test.each([
    ['CR', 'c0 01 06', 'tpduSize'],
    ['CR', 'c0 01 0e', 'tpduSize'],
    ['CR', 'c0 01 10', 'tpduSize'],
    ['CR', 'c0 01 ff', 'tpduSize'],
    ['CC', 'c0 00', 'tpduSize'],
    ['CC', 'c0 02 00 0a', 'tpduSize'],
    ['CR', 'f0 01 00', 'preferredTpduSize'],
    ['CR', 'f0 00', 'preferredTpduSize'],
    ['CR', 'f0 05 00 00 00 00 01', 'preferredTpduSize'],
    ['CR', 'c7 01 50', 'alternativeClasses'],
    ['CR', 'c7 01 01', 'alternativeClasses'],
    ['CC', 'c6 02 00 00', 'additionalOptions'],
    ['CR', '86 02 01 02', 'residualErrorRate'],
    ['CR', '89 0d 00 00 01 00 00 02 00 00 03 00 00 04 00', 'throughput'],
    ['AK', '8c 07 00 00 00 01 00 02 00', 'flowControlConfirmation'],
    ['AK', '8f 01 01', 'selectiveAcknowledgement'],
    ['AK', '8f 00', 'selectiveAcknowledgement'],
  ] as const)('RC-05: in %s, %s is no value of %s: kept as it is', (context, octets, name) => {
    const value = unhex(octets).subarray(2)
    expect(decoded(context, octets)).toEqual([{ type: 'invalid', name, code: unhex(octets)[0], value }])
    expect(hex(Uint8Array.from(encodeParameters(context, decoded(context, octets))))).toBe(octets)
  })

  test('RC-05: a size code is checked before it becomes a shift: all 256', () => {
    for (let code = 0; code < 256; code++) {
      const [parameter] = decodeParameters('CR', Uint8Array.of(0xc0, 1, code), 0, 3)
      expect(parameter).toEqual(
        code >= 7 && code <= 13
          ? { type: 'tpduSize', value: 2 ** code }
          : { type: 'invalid', name: 'tpduSize', code: 0xc0, value: Uint8Array.of(code) },
      )
    }
  })

  test('RC-04: unknown codes are kept raw, in their order among the others', () => {
    const octets = '9f 01 aa c0 01 0a 40 00'
    expect(decoded('CR', octets)).toEqual([
      { type: 'unknown', code: 0x9f, value: unhex('aa') },
      { type: 'tpduSize', value: 1024 },
      { type: 'unknown', code: 0x40, value: new Uint8Array() },
    ])
    expect(hex(Uint8Array.from(encodeParameters('CR', decoded('CR', octets))))).toBe(octets)
  })

  test('a code that another TPDU defines is unknown here: C1 is a selector in CR and CC, a TPDU in ER, nothing in DR', () => {
    expect(decoded('DR', 'c1 01 00')[0]?.type).toBe('unknown')
    expect(decoded('CC', 'c7 01 00')[0]?.type).toBe('unknown')
    expect(decoded('CR', '8a 02 00 00')[0]?.type).toBe('unknown')
  })

  test('RC-04: of a repeated parameter the last counts, also when the last is invalid', () => {
    expect(parameterValue(decoded('CR', 'c0 01 0a c0 01 09'), 'tpduSize')).toBe(512)
    expect(parameterValue(decoded('CR', 'c0 01 0a c0 01 10'), 'tpduSize')).toBeUndefined()
    expect(parameterValue(decoded('CR', 'c0 01 10 c0 01 0a'), 'tpduSize')).toBe(1024)
    expect(parameterValue(undefined, 'tpduSize')).toBeUndefined()
  })

  test('offsets of parameters are found again', () => {
    expect(parameterOffsets(unhex('ff ff c0 01 0a c1 02 00 01 c2 00'), 2, 3)).toEqual([2, 5, 9])
  })
})

describe('values without an encoding', () => {
  test.each([
    ['CR', { type: 'tpduSize', value: 64 }],
    ['CR', { type: 'preferredTpduSize', value: 100 }],
    ['CR', { type: 'preferredTpduSize', value: 0 }],
    ['CR', { type: 'alternativeClasses', value: [5] }],
    ['CR', { type: 'priority', value: 65_536 }],
    ['CR', { type: 'priority', value: -1 }],
    ['AK', { type: 'flowControlConfirmation', value: { lowerWindowEdge: 2 ** 32, subsequenceNumber: 0, credit: 0 } }],
    ['AK', { type: 'selectiveAcknowledgement', value: [] }],
    ['AK', { type: 'selectiveAcknowledgement', value: [{ first: 0, last: 256 }] }],
    ['CC', { type: 'version', value: 1 }],
    ['CR', { type: 'unknown', code: 0x40, value: new Uint8Array(253) }],
  ] as readonly (readonly [ParameterContext, Parameter])[])('%s: %o', (context, parameter) => {
    expect(() => encodeParameters(context, [parameter])).toThrow(
      expect.objectContaining({ name: 'EncodeError', code: 'COTP_PARAMETER', path: `${context}.${parameter.type}` }),
    )
  })
})
