import { encode, type Type } from '@x/ber'
import { Sdu } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { confirmedServiceNames } from '../service-names.js'
import {
  type ConfirmedServiceName,
  type ConfirmedServiceRequest,
  type ConfirmedServiceResponse,
  confirmedServices,
  type UnconfirmedService,
  unconfirmedServices,
} from '../services.js'
import { arbitraryOf } from '../testing/arbitrary.js'
import { AdditionalServiceRequest, AdditionalServiceResponse } from './additional-service.js'
import { InitiateRequestPDU, InitiateResponsePDU } from './environment.js'
import { CancelErrorPDU, ConfirmedErrorPDU, RejectPDU, ServiceError } from './error.js'
import { decodePdu, encodeMmsPdu, type MmsPdu } from './pdu.js'

// biome-ignore lint/suspicious/noExplicitAny: a type of anything
type AnyType = Type<any>

const detail = Uint8Array.of(0x9f, 0x64, 2, 1, 2)
const request = (service: unknown): MmsPdu => ({
  type: 'confirmedRequestPDU',
  value: { invokeID: 7, service: service as ConfirmedServiceRequest, serviceExt: detail },
})
const response = (service: unknown): MmsPdu => ({
  type: 'confirmedResponsePDU',
  value: { invokeID: 7, service: service as ConfirmedServiceResponse, serviceExt: detail },
})
const pduOf =
  <T extends MmsPdu['type']>(type: T) =>
  (value: unknown) =>
    ({ type, value }) as MmsPdu

/** Every place of a PDU that has a value, and its type. */
const places: readonly (readonly [string, AnyType, (value: unknown) => MmsPdu])[] = [
  ...confirmedServiceNames.flatMap(({ name }): [string, AnyType, (value: unknown) => MmsPdu][] => {
    const types = confirmedServices[name as ConfirmedServiceName]
    return [
      [`the request of ${name}`, types.request as AnyType, value => request({ type: name, value })],
      [`the response of ${name}`, types.response as AnyType, value => response({ type: name, value })],
    ]
  }),
  ['an additional request', AdditionalServiceRequest, value => request({ type: 'additionalService', value })],
  ['an additional response', AdditionalServiceResponse, value => response({ type: 'additionalService', value })],
  ...Object.entries(unconfirmedServices).map(([name, type]): [string, AnyType, (value: unknown) => MmsPdu] => [
    `unconfirmed ${name}`,
    type as AnyType,
    value => ({ type: 'unconfirmedPDU', value: { service: { type: name, value } as UnconfirmedService, serviceExt: detail } }),
  ]),
  ['an error of a confirmed service', ConfirmedErrorPDU, pduOf('confirmedErrorPDU')],
  ['a reject', RejectPDU, pduOf('rejectPDU')],
  ['an error of a cancel', CancelErrorPDU, pduOf('cancelErrorPDU')],
  ['an initiate request', InitiateRequestPDU, pduOf('initiateRequestPDU')],
  ['an initiate response', InitiateResponsePDU, pduOf('initiateResponsePDU')],
  ['an initiate error', ServiceError, pduOf('initiateErrorPDU')],
  ['a conclude error', ServiceError, pduOf('concludeErrorPDU')],
]

/** What comes of octets that are written over as soon as they have been read, and what comes of the same that stay. */
function readBoth(octets: Uint8Array): readonly [unknown, unknown] {
  const lent = octets.slice()
  const found = decodePdu(lent)
  lent.fill(0xa5)
  return [found, decodePdu(octets)]
}

function octetsOf(pdu: MmsPdu): Uint8Array {
  const sdu = new Sdu()
  encodeMmsPdu(pdu, sdu)
  return sdu.octets()
}

describe('what a PDU is decoded to does not change when its octets are lent to the next one', () => {
  test.each(places)('%s', (_name, type, inPdu) => {
    fc.assert(
      fc.property(arbitraryOf(type), value => {
        const [found, expected] = readBoth(octetsOf(inPdu(value)))
        expect(found).toEqual(expected)
      }),
      { numRuns: 40 },
    )
  })

  test('a service that nobody knows, alone and as an event action', () => {
    const unknown = { type: 'unknown', value: Uint8Array.of(0x9f, 0x65, 3, 1, 2, 3) }
    const eventActionName = { type: 'vmdSpecific', value: 'a' }
    const action = { eventActionName, confirmedServiceRequest: unknown, csExtension: detail }
    for (const service of [unknown, { type: 'defineEventAction', value: action }]) {
      const [found, expected] = readBoth(octetsOf(request(service)))
      expect(found).toMatchObject({ type: 'pdu' })
      expect(found).toEqual(expected)
    }
  })

  test('a value that is refused: what is told of it', () => {
    for (const octets of [
      encode(ServiceError, { errorClass: { type: 'access', value: 3 } } as never),
      Uint8Array.of(0xa0, 5, 2, 1, 7, 0x84, 0),
    ]) {
      const [found, expected] = readBoth(octets)
      expect(found).toMatchObject({ type: 'broken' })
      expect(found).toEqual(expected)
    }
  })
})
