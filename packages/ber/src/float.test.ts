import { Sdu, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BerReader, prependFloat32, prependFloat64, readFloat32, readFloat64 } from './index.js'

describe('RB-18: floating point', () => {
  const wide = (value: number): number => {
    const sdu = new Sdu()
    prependFloat64(sdu, value)
    return readFloat64(new BerReader(sdu.octets()), 0)
  }
  const narrow = (value: number): number => {
    const sdu = new Sdu()
    prependFloat32(sdu, value)
    return readFloat32(new BerReader(sdu.octets()), 0)
  }

  test('every number of 64 and of 32 bits keeps its value: infinities, −0, subnormals, NaN', () => {
    for (const value of [0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]) {
      expect(wide(value)).toBe(value)
      expect(narrow(value)).toBe(value)
    }
    fc.assert(
      fc.property(fc.double(), value => {
        expect(wide(value)).toBe(value)
      }),
    )
    fc.assert(
      fc.property(fc.float(), value => {
        expect(narrow(value)).toBe(value)
      }),
    )
    expect(wide(Number.MIN_VALUE)).toBe(Number.MIN_VALUE)
  })

  test('octets are big-endian', () => {
    const octets = unhex('ff 43 65 80 00 40 6c b0 00 00 00 00 00')
    expect(readFloat32(new BerReader(octets), 1)).toBe(229.5)
    expect(readFloat64(new BerReader(octets), 5)).toBe(229.5)
    const sdu = new Sdu()
    prependFloat64(sdu, 229.5)
    prependFloat32(sdu, 229.5)
    sdu.prependOctet(0xff)
    expect(sdu.octets()).toStrictEqual(octets)
  })
})
