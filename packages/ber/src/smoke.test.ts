import { hex, unhex } from '@x/core'
import { expect, test } from 'vitest'
import {
  BOOLEAN,
  CHOICE,
  type Choice,
  decode,
  EXTERNAL,
  encode,
  explicit,
  INTEGER,
  type Integer,
  implicit,
  NULL,
  OCTET_STRING,
  SEQUENCE,
  SEQUENCE_OF,
  type Type,
  VisibleString,
} from './index.js'

interface DomainSpecific {
  domainId: string
  itemId: string
}
type ObjectName = Choice<{ vmdSpecific: string; domainSpecific: DomainSpecific; aaSpecific: string }>
const ObjectName = CHOICE<ObjectName>('ObjectName', {
  vmdSpecific: implicit(0, VisibleString, 'vmd-specific'),
  domainSpecific: implicit(1, SEQUENCE<DomainSpecific>('', { domainId: VisibleString, itemId: VisibleString }), 'domain-specific'),
  aaSpecific: implicit(2, VisibleString, 'aa-specific'),
})
type VariableAccessSpecification = Choice<{ listOfVariable: readonly ListedVariable[]; variableListName: ObjectName }>
interface ListedVariable {
  variableSpecification: VariableSpecification
}
type VariableSpecification = Choice<{ name: ObjectName; invalidated: null }>
const VariableSpecification = CHOICE<VariableSpecification>('VariableSpecification', {
  name: explicit(0, ObjectName),
  invalidated: implicit(5, NULL),
})
const VariableAccessSpecification = CHOICE<VariableAccessSpecification>('VariableAccessSpecification', {
  listOfVariable: implicit(0, SEQUENCE_OF(SEQUENCE<ListedVariable>('', { variableSpecification: VariableSpecification }))),
  variableListName: explicit(1, ObjectName),
})
interface ReadRequest {
  specificationWithResult: boolean
  variableAccessSpecification: VariableAccessSpecification
}
const ReadRequest = SEQUENCE<ReadRequest>('Read-Request', {
  specificationWithResult: implicit(0, BOOLEAN).default(false),
  variableAccessSpecification: explicit(1, VariableAccessSpecification),
})
type Data = Choice<{
  array: readonly Data[]
  structure: readonly Data[]
  boolean: boolean
  integer: Integer
  octetString: Uint8Array
  visibleString: string
}>
const Data: Type<Data> = CHOICE<Data>('Data', {
  array: implicit(
    1,
    SEQUENCE_OF(() => Data),
  ),
  structure: implicit(
    2,
    SEQUENCE_OF(() => Data),
  ),
  boolean: implicit(3, BOOLEAN),
  integer: implicit(5, INTEGER),
  octetString: implicit(9, OCTET_STRING, 'octet-string'),
  visibleString: implicit(10, VisibleString, 'visible-string'),
})

test('the declarations of the architecture document work', () => {
  const value: ReadRequest = {
    specificationWithResult: false,
    variableAccessSpecification: {
      type: 'listOfVariable',
      value: [
        { variableSpecification: { type: 'name', value: { type: 'domainSpecific', value: { domainId: 'IED', itemId: 'LLN0$ST$Mod' } } } },
      ],
    },
  }
  const octets = encode(ReadRequest, value)
  expect(hex(octets)).toBe('30 1c a1 1a a0 18 30 16 a0 14 a1 12 1a 03 49 45 44 1a 0b 4c 4c 4e 30 24 53 54 24 4d 6f 64')
  expect(decode(ReadRequest, octets)).toStrictEqual(value)
  const d: Data = {
    type: 'structure',
    value: [
      { type: 'array', value: [] },
      { type: 'integer', value: -129 },
      { type: 'integer', value: 2n ** 63n },
      { type: 'octetString', value: new Uint8Array(40) },
    ],
  }
  expect(decode(Data, encode(Data, d))).toStrictEqual(d)
  expect(decode(Data, unhex('a2 80 a1 80 83 01 01 00 00 85 01 ff 00 00'))).toStrictEqual({
    type: 'structure',
    value: [
      { type: 'array', value: [{ type: 'boolean', value: true }] },
      { type: 'integer', value: -1 },
    ],
  })
  expect(
    decode(EXTERNAL, unhex('28 0a 06 02 51 01 02 01 03 a0 01 05'.replace('28 0a', '28 0b').replace('a0 01 05', 'a0 02 05 00'))),
  ).toStrictEqual({ directReference: '2.1.1', indirectReference: 3, encoding: { type: 'single-ASN1-type', value: unhex('05 00') } })
})
