import { expect, test } from 'vitest'
import type { TypeDescription } from '../../asn1/variable-access.js'
import { mismatchOf } from '../../value-check.js'
import { types } from '../../value-types.js'
import { zeroOf } from './zero.js'

const all: Record<TypeDescription['type'], TypeDescription> = {
  array: types.array(3, types.boolean),
  structure: types.structure({ a: types.integer(8), b: types.array(0, types.float64) }),
  boolean: types.boolean,
  bitString: types.bitString(13),
  integer: types.integer(64),
  unsigned: types.unsigned(8),
  floatingPoint: types.float32,
  octetString: types.octetString(4),
  visibleString: types.visibleString(5),
  generalizedTime: types.generalizedTime,
  binaryTime: types.binaryTime,
  bcd: types.bcd(4),
  objId: types.objId,
  mMSString: types.mMSString(3),
  utcTime: types.utcTime,
}

test.each(Object.entries(all))('D-01: the zero of %s is a value of its type', (_, type) => {
  expect(mismatchOf(zeroOf(type), type)).toBeUndefined()
})

test('where a length is only bounded, the zero is empty', () => {
  for (const type of [types.bitString(-13), types.octetString(-4), types.visibleString(-5), types.mMSString(-3), types.timeOfDay]) {
    expect(mismatchOf(zeroOf(type), type)).toBeUndefined()
  }
  expect(zeroOf(types.octetString(-4))).toEqual({ type: 'octetString', value: new Uint8Array() })
})
