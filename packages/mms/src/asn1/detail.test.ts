import { hex } from '@x/core'
import { describe, expect, test } from 'vitest'
import { ExtendedStatus, encodeRequestDetail, encodeResponseDetail, requestDetail, responseDetail } from './detail.js'

describe('what csr adds to requests and responses has the tags of ISO 9506-2', () => {
  test.each([
    ['9F 26 01 01', 'createProgramInvocation', 'controlling'],
    ['BF 28 02 05 00', 'start', { type: 'normal', value: null }],
    [
      'BF 28 09 30 07 80 01 61 A1 02 80 00',
      'start',
      { type: 'controlling', value: { startLocation: 'a', startCount: { type: 'noLimit', value: null } } },
    ],
    ['BF 28 02 30 00', 'start', { type: 'controlling', value: { startCount: { type: 'cycleCount', value: 1 } } }],
    [
      'BF 2A 07 30 05 A1 03 82 01 09',
      'resume',
      { type: 'controlling', value: { modeType: { type: 'changeMode', value: { type: 'stepCount', value: 9 } } } },
    ],
  ] as const)('%s: %s', (octets, service, value) => {
    expect(
      hex(encodeRequestDetail(service, value as never))
        .toUpperCase()
        .replaceAll(' ', ''),
    ).toBe(octets.replaceAll(' ', ''))
    expect(requestDetail(service, encodeRequestDetail(service, value as never))).toEqual(value)
  })

  test.each([
    ['A0 02 05 00', 'status', { type: 'noExtraResponse', value: null }],
    [
      'A0 0D 30 0B 80 01 03 81 02 04 80 83 02 50 49',
      'status',
      {
        type: 'fullResponse',
        value: {
          operationState: 'executing',
          extendedStatus: ExtendedStatus.of('safetyInterlocksViolated'),
          extendedStatusMask: ExtendedStatus.of(
            'safetyInterlocksViolated',
            'anyPhysicalResourcePowerOn',
            'allPhysicalResourcesCalibrated',
            'localControl',
          ),
          selectedProgramInvocation: { type: 'programInvocation', value: 'PI' },
        },
      },
    ],
    ['BF 2D 07 80 01 00 A1 02 82 00', 'getProgramInvocationAttributes', { errorCode: 0, control: { type: 'normal', value: null } }],
    [
      'BF 2D 09 80 01 02 A1 04 A1 02 81 00',
      'getProgramInvocationAttributes',
      { errorCode: 2, control: { type: 'controlled', value: { type: 'none', value: null } } },
    ],
  ] as const)('%s: %s', (octets, service, value) => {
    expect(
      hex(encodeResponseDetail(service, value as never))
        .toUpperCase()
        .replaceAll(' ', ''),
    ).toBe(octets.replaceAll(' ', ''))
    expect(responseDetail(service, encodeResponseDetail(service, value as never))).toEqual(value)
  })
})

test('a detail of another service is none; one for other services says nothing', () => {
  expect(() => requestDetail('start', Uint8Array.of(0x9f, 0x26, 1, 1))).toThrow(
    'expected a detail of start, found one of createProgramInvocation',
  )
  expect(requestDetail('start', Uint8Array.of(5, 0))).toBeUndefined()
  expect(requestDetail('start', undefined)).toBeUndefined()
})
