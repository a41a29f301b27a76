import { print } from '@x/ber'
import { describe, expect, expectTypeOf, test } from 'vitest'
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

describe('the registry', () => {
  test('the everyday services have types', () => {
    expect(Object.keys(confirmedServices)).toEqual([
      ...['status', 'getNameList', 'identify', 'read', 'write', 'getVariableAccessAttributes'],
      ...['defineNamedVariableList', 'getNamedVariableListAttributes', 'deleteNamedVariableList'],
    ])
    expect(Object.keys(unconfirmedServices)).toEqual(['informationReport', 'unsolicitedStatus'])
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
    expectTypeOf<UnconfirmedRequest['service']>().toEqualTypeOf<'informationReport' | 'unsolicitedStatus'>()
  })
})
