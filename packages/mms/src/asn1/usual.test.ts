import { decode, encode } from '@x/ber'
import { Sdu, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryOf } from '../testing/arbitrary.js'
import { AccessResultList } from './data.js'
import { ObjectName } from './identifiers.js'
import { decodePdu, MmsPdu } from './pdu.js'
import { readUsual } from './usual-read.js'
import { writeUsual } from './usual-write.js'
import { ListedVariable, type VariableAccessSpecification } from './variable-access.js'

const READ_REQUEST = unhex('a0 28 02 02 03 e9 a4 22 a1 20 a0 1e 30 1c a0 1a a1 18 1a 07 49454431 4c4430 1a 0d 4d4d58553124 4d5824 546f7457')
const READ_RESPONSE = unhex('a1 20 02 02 03 e9 a4 1a a1 18 a2 16 87 05 08 43658000 84 03 03 0000 91 08 683c40c0 200000 0a')

const REPORT = unhex('a3 1d a0 1b a1 05 80 03 525054 a0 12 8a 01 78 84 02 06 40 a2 06 83 01 ff 86 01 05 80 01 0a')

const usual = (octets: Uint8Array) => readUsual(octets, 56, 16_384)
const bySchema = (octets: Uint8Array) => decode(MmsPdu, octets, { layer: 'mms', depth: 56 })

const plain = fc.record({ variableSpecification: fc.record({ type: fc.constant('name' as const), value: arbitraryOf(ObjectName) }) })
const requests = fc.array(fc.oneof({ weight: 9, arbitrary: plain }, { weight: 1, arbitrary: arbitraryOf(ListedVariable) }), {
  maxLength: 5,
})
const specifications: fc.Arbitrary<VariableAccessSpecification> = fc.oneof(
  requests.map(value => ({ type: 'listOfVariable' as const, value: value as ListedVariable[] })),
  arbitraryOf(ObjectName).map(value => ({ type: 'variableListName' as const, value })),
)
const invokeIDs = fc.oneof(fc.nat(300), fc.nat(0xffff_ffff))
const pdus: fc.Arbitrary<MmsPdu> = fc.oneof(
  fc.record({ invokeID: invokeIDs, list: requests, specificationWithResult: fc.boolean() }).map(
    ({ invokeID, list, specificationWithResult }): MmsPdu => ({
      type: 'confirmedRequestPDU',
      value: {
        invokeID,
        service: {
          type: 'read',
          value: { specificationWithResult, variableAccessSpecification: { type: 'listOfVariable', value: list as ListedVariable[] } },
        },
      },
    }),
  ),
  fc.record({ invokeID: invokeIDs, listOfAccessResult: arbitraryOf(AccessResultList) }).map(
    ({ invokeID, listOfAccessResult }): MmsPdu => ({
      type: 'confirmedResponsePDU',
      value: { invokeID, service: { type: 'read', value: { listOfAccessResult } } },
    }),
  ),
  fc
    .record({ variableAccessSpecification: specifications, listOfAccessResult: arbitraryOf(AccessResultList) })
    .map((value): MmsPdu => ({ type: 'unconfirmedPDU', value: { service: { type: 'informationReport', value } } })),
  arbitraryOf(MmsPdu),
)

describe('the usual PDUs', () => {
  test('a read of a named variable, its answer and a report are read and written without the schema', () => {
    for (const octets of [READ_REQUEST, READ_RESPONSE, REPORT]) {
      const pdu = usual(octets)
      expect(pdu).toEqual(bySchema(octets))
      const sdu = new Sdu()
      expect(writeUsual(pdu!, sdu)).toBe(true)
      expect(sdu.octets()).toEqual(octets)
    }
  })

  test('what is read without the schema is what the schema reads, also where octets were changed, cut or put in', () => {
    const change = fc.record({ at: fc.nat(60), octet: fc.nat(255), how: fc.constantFrom('change', 'cut', 'insert') })
    fc.assert(
      fc.property(pdus, fc.array(change, { maxLength: 2 }), (pdu, changes) => {
        const octets = [...encode(MmsPdu, pdu)]
        for (const { at, octet, how } of changes) {
          octets.splice(at % octets.length, how === 'insert' ? 0 : 1, ...(how === 'cut' ? [] : [octet]))
          if (octets.length === 0) octets.push(octet)
        }
        const read = usual(Uint8Array.from(octets))
        if (read !== undefined) expect(read).toEqual(bySchema(Uint8Array.from(octets)))
      }),
      { numRuns: 2_000 },
    )
  })

  test('what is written without the schema is what the schema writes; where it writes nothing the Sdu is as it was', () => {
    fc.assert(
      fc.property(pdus, pdu => {
        const sdu = Sdu.of([1, 2, 3])
        const written = writeUsual(pdu, sdu)
        expect([...sdu.octets()]).toEqual(written ? [...encode(MmsPdu, pdu), 1, 2, 3] : [1, 2, 3])
      }),
      { numRuns: 1_000 },
    )
  })

  test('a value without an encoding is left to the schema, which knows the path', () => {
    for (const itemID of ['\u0000', 7 as never]) {
      const variable = {
        variableSpecification: { type: 'name', value: { type: 'domainSpecific', value: { domainID: 'd', itemID } } },
      } as const
      const value = { specificationWithResult: false, variableAccessSpecification: { type: 'listOfVariable', value: [variable] } } as const
      const sdu = new Sdu()
      expect(writeUsual({ type: 'confirmedRequestPDU', value: { invokeID: 1, service: { type: 'read', value } } }, sdu)).toBe(false)
      expect(sdu.length).toBe(0)
    }
    expect(
      writeUsual({ type: 'confirmedResponsePDU', value: { invokeID: 1, service: { type: 'read', value: undefined as never } } }, new Sdu()),
    ).toBe(false)
  })

  test('limits of depth and number hold, and the error is the one of the schema', () => {
    expect(readUsual(READ_REQUEST, 6, 100)).toBeUndefined()
    expect(readUsual(READ_REQUEST, 7, 9)).toBeUndefined()
    expect(readUsual(READ_REQUEST, 7, 10)).toEqual(bySchema(READ_REQUEST))
    const nested = unhex('a1 15 02 01 01 a4 10 a1 0e a2 0c a2 0a a2 08 a2 06 a2 04 a2 02 a2 00')
    expect(decodePdu(nested, { nesting: 6 })).toMatchObject({ type: 'broken', error: { code: 'MMS_NESTING' } })
    expect(decodePdu(nested, { nesting: 7 })).toMatchObject({ type: 'pdu' })
    expect(decodePdu(nested, { nesting: 7, depth: 9 })).toMatchObject({ type: 'broken', error: { code: 'BER_DEPTH' } })
    expect(decodePdu(nested, { nesting: 7, depth: 10 })).toMatchObject({ type: 'pdu' })
  })
})
