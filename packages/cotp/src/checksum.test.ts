import { hex, unhex } from '@x/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { transport } from '../test/harness.js'
import { checksumOf, encodeWithChecksum, hasValidChecksum } from './checksum.js'
import { explainTpdu } from './explain.js'
import { asciiSelector, formatSelector } from './selector.js'
import { decodeTpdu } from './tpdu.js'

test('C-13: a checksum makes both sums of X.224, 6.17 zero', () => {
  const octets = encodeWithChecksum({ type: 'DC', destinationReference: 0x1234, sourceReference: 0x5678, parameters: [] })
  expect(hex(octets.subarray(0, 8))).toBe('09 c0 12 34 56 78 c3 02')
  let [first, second] = [0, 0]
  for (const octet of octets) second += first += octet
  expect([first % 255, second % 255]).toEqual([0, 0])
  expect(hasValidChecksum(octets)).toBe(true)
  expect(decodeTpdu(octets)).toMatchObject({ parameters: [{ type: 'checksum' }] })
})

test('C-13: whatever the TPDU, its checksum holds, and any changed octet breaks it', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.nat(0xffff),
      fc.nat(),
      fc.integer({ min: 1, max: 254 }),
      (userData, destinationReference, at, change) => {
        const octets = encodeWithChecksum({ type: 'DT', endOfTsdu: true, number: 0, userData, destinationReference })
        expect(hasValidChecksum(octets)).toBe(true)
        const index = at % octets.length
        const before = octets[index]!
        octets[index] = (before + change) % 256
        // 00 and ff are the same number modulo 255.
        if ((octets[index] - before) % 255 !== 0) expect(hasValidChecksum(octets)).toBe(false)
      },
    ),
  )
})

test('C-13: class 0 has no checksums (X.224, 8.2.2, over the row): in a CR that class 0 can answer, one is ignored, right or wrong', () => {
  const parameters = [{ type: 'alternativeClasses', value: [0] }] as const
  const cr = { type: 'CR', credit: 0, destinationReference: 0, sourceReference: 2, class: 4, options: 0, parameters } as const
  const octets = encodeWithChecksum(cr)
  const wrong = octets.slice()
  wrong[wrong.length - 1]! ^= 1
  for (const one of [octets, wrong]) {
    const { machine, feed } = transport({ strict: true, tpduSize: 1024 })
    feed(one)
    expect(machine.state).toBe('WFTRESP')
  }
})

test('C-13: in an explanation, a checksum is verified, and one that is wrong is marked', () => {
  const octets = encodeWithChecksum({ type: 'DC', destinationReference: 1, sourceReference: 2, parameters: [] })
  const problems = () => explainTpdu(octets).spans.flatMap(({ problem }) => problem ?? [])
  expect(problems()).toEqual([])
  octets[3] = 9
  expect(problems()).toEqual(['the checksum does not fit the octets'])
})

test('what stands in the place of the checksum does not count', () => {
  const octets = unhex('08 f0 00 07 80 c3 02 00 00 aa bb')
  const checksum = checksumOf(octets, 7)
  octets.set([0x55, 0x66], 7)
  expect(checksumOf(octets, 7)).toBe(checksum)
})

test('C-06: selectors from text, and for people', () => {
  expect(hex(asciiSelector('TSEL'))).toBe('54 53 45 4c')
  expect(() => asciiSelector('Ä')).toThrow(expect.objectContaining({ name: 'EncodeError', code: 'COTP_SELECTOR' }))
  expect([undefined, new Uint8Array(), unhex('00 01'), unhex('54 31')].map(formatSelector)).toEqual([
    'absent',
    'nil',
    '00 01',
    '54 31 "T1"',
  ])
})
