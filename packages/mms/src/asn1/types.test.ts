import { decode, encode, explain as explainType, explicit, fromJson, implicit, print, type Type, toJson } from '@x/ber'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { confirmedServiceNames } from '../service-names.js'
import { type ConfirmedServiceName, confirmedServices, unconfirmedServices } from '../services.js'
import { arbitraryOf } from '../testing/arbitrary.js'
import * as data from './data.js'
import * as environment from './environment.js'
import * as error from './error.js'
import * as identifiers from './identifiers.js'
import * as modifier from './modifier.js'
import * as pdu from './pdu.js'
import { ReconfigureProgramInvocationRequest } from './program-invocation.js'
import * as variables from './variable-access.js'

// biome-ignore lint/suspicious/noExplicitAny: a type of anything
type AnyType = Type<any>

/** Every type of the module that can stand alone. */
const types: readonly (readonly [string, AnyType])[] = [
  ['ObjectName', identifiers.ObjectName],
  ['ObjectClass', identifiers.ObjectClass],
  ['Identifier', implicit(0, identifiers.Identifier)],
  ['bare Identifier', identifiers.BareIdentifier],
  ['SEQUENCE OF Identifier', identifiers.IdentifierList],
  ['MMSString', implicit(0, identifiers.MMSString)],
  ['bare MMSString', identifiers.BareMMSString],
  ['Integer8', identifiers.Integer8],
  ['Integer16', identifiers.Integer16],
  ['Integer32', identifiers.Integer32],
  ['Unsigned8', identifiers.Unsigned8],
  ['Unsigned16', identifiers.Unsigned16],
  ['Unsigned32', identifiers.Unsigned32],
  ['invoke identifier', identifiers.InvokeID],
  ['Data', data.Data],
  ['SEQUENCE OF Data', data.DataList],
  ['AccessResult', data.AccessResult],
  ['SEQUENCE OF AccessResult', data.AccessResultList],
  ['DataAccessError', data.DataAccessError],
  ['Initiate-RequestPDU', environment.InitiateRequestPDU],
  ['Initiate-ResponsePDU', environment.InitiateResponsePDU],
  ['AdditionalSupportOptions', environment.AdditionalSupportOptions],
  ['AdditionalCBBOptions', environment.AdditionalCBBOptions],
  ['ServiceError', error.ServiceError],
  ['RejectPDU', error.RejectPDU],
  ['Confirmed-ErrorPDU', error.ConfirmedErrorPDU],
  ['Cancel-ErrorPDU', error.CancelErrorPDU],
  ['Modifier', modifier.Modifier],
  ['Address', variables.Address],
  ['TypeDescription', variables.TypeDescription],
  ['TypeSpecification', variables.TypeSpecification],
  ['AlternateAccess', variables.AlternateAccess],
  ['ScatteredAccessDescription', variables.ScatteredAccessDescription],
  ['VariableSpecification', variables.VariableSpecification],
  ['VariableAccessSpecification', variables.VariableAccessSpecification],
  ...confirmedServiceNames.flatMap(({ name, tag, request, response }): [string, AnyType][] => {
    const types = confirmedServices[name as ConfirmedServiceName]
    return [
      [`${name} request`, (request === 'implicit' ? implicit : explicit)(tag, types.request as AnyType)],
      [`${name} response`, (response === 'implicit' ? implicit : explicit)(tag, types.response as AnyType)],
    ]
  }),
  ['ReconfigureProgramInvocation-Request', ReconfigureProgramInvocationRequest],
  ...Object.entries(unconfirmedServices).map(([name, type]): [string, AnyType] => [name, type as AnyType]),
  ['MMSpdu', pdu.MmsPdu],
]

/** All members are optional or have a default, so that any object is a value. */
function takesAnyObject({ shape }: AnyType): boolean {
  if (shape.kind === 'tagged') return takesAnyObject(shape.type())
  return shape.kind === 'sequence' && shape.members.every(({ presence }) => presence !== 'required')
}

describe('every type', () => {
  test.each(types)('%s: every value comes back as it was, through octets and through JSON', (_name, type) => {
    fc.assert(
      fc.property(arbitraryOf(type), value => {
        const octets = encode(type, value)
        expect(decode(type, octets)).toEqual(value)
        expect(encode(type, decode(type, octets))).toEqual(octets)
        expect(fromJson(type, JSON.parse(JSON.stringify(toJson(type, value))))).toEqual(value)
        expect(explainType(type, octets).filter(span => span.problem && !span.problem.includes('octets 20 to 7e'))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  test.each(types)('%s: a value of another kind has no encoding', (_name, type) => {
    const notOne = takesAnyObject(type) ? Symbol('strange') : { strange: Symbol('strange') }
    expect(() => encode(type, notOne)).toThrow(expect.objectContaining({ name: 'EncodeError' }))
    expect(() => encode(type, undefined)).toThrow(expect.objectContaining({ name: 'EncodeError' }))
  })
})

test('the hand-written Data and AccessResult are their declarations', () => {
  fc.assert(
    fc.property(arbitraryOf(data.Data), value => {
      const octets = encode(data.Data, value)
      expect(encode(data.DeclaredData, value)).toEqual(octets)
      expect(decode(data.DeclaredData, octets)).toEqual(value)
    }),
  )
  expect(print(data.Data)).toBe(print(data.DeclaredData))
  expect(print(data.AccessResult)).toContain('failure  [0] IMPLICIT DataAccessError')
})
