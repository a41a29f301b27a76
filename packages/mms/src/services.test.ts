import { print, type Type } from '@x/ber'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { AdditionalServiceRequest, AdditionalServiceResponse } from './asn1/additional-service.js'
import type { ReadRequest, ReadResponse } from './asn1/variable-access.js'
import { confirmedServiceName, confirmedServiceNames, unconfirmedServiceName } from './service-names.js'
import {
  type ConfirmedRequest,
  ConfirmedServiceRequest,
  ConfirmedServiceResponse,
  type ConfirmedServices,
  confirmedServices,
  type UnconfirmedRequest,
  UnconfirmedService,
  unconfirmedServices,
} from './services.js'

const alternativesOf = <T>({ shape }: Type<T>) => (shape.kind === 'choice' ? shape.alternatives.map(one => one.key) : [])

describe('the registry', () => {
  test('M-07: all 86 confirmed and 23 additional services and the three unconfirmed ones have types', () => {
    expect(Object.keys(confirmedServices)).toEqual(confirmedServiceNames.map(service => service.name))
    expect(confirmedServiceNames).toHaveLength(86)
    expect(Object.keys(unconfirmedServices)).toEqual(['informationReport', 'unsolicitedStatus', 'eventNotification'])
    expect(alternativesOf(AdditionalServiceRequest)).toHaveLength(23)
    expect(alternativesOf(AdditionalServiceResponse)).toEqual(alternativesOf(AdditionalServiceRequest))
  })

  test('a service is named as the standard names it', () => {
    const names: readonly string[] = confirmedServiceNames.map(service => service.name)
    expect(Object.keys(confirmedServices).filter(name => !names.includes(name))).toEqual([])
    expect(confirmedServiceName(4)).toBe('read')
    expect(confirmedServiceName(79)).toBeUndefined()
    expect(unconfirmedServiceName(2)).toBe('eventNotification')
    expect(unconfirmedServiceName(3)).toBeUndefined()
  })

  test('the CHOICEs are made of it, with the tags of the table', () => {
    const request = print(ConfirmedServiceRequest)
    expect(request).toMatch(/read +\[4\] IMPLICIT Read-Request/)
    expect(request).toMatch(/getVariableAccessAttributes +\[6\] GetVariableAccessAttributes-Request/)
    expect(request).toMatch(/getNamedVariableListAttributes +\[12\] ObjectName/)
    expect(print(ConfirmedServiceResponse)).toMatch(/write +\[5\] IMPLICIT Write-Response/)
    expect(print(UnconfirmedService)).toMatch(/unsolicitedStatus +\[1\] IMPLICIT StatusResponse/)
  })

  test('a request and its response are found by the name of the service', () => {
    expectTypeOf<ConfirmedServices['read']>().toEqualTypeOf<{ request: ReadRequest; response: ReadResponse }>()
    expectTypeOf<Extract<ConfirmedRequest, { service: 'read' }>['argument']>().toEqualTypeOf<ReadRequest>()
    expectTypeOf<UnconfirmedRequest['service']>().toEqualTypeOf<'informationReport' | 'unsolicitedStatus' | 'eventNotification'>()
  })
})
