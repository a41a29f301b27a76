import { EncodeError, hex, Sdu, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeTpkt, encodeTpkt, prependHeader } from './packet.js'

/** Whole packets, as the examples of COTP need them. */
const VECTORS = [
  '03 00 00 07 02 f0 80',
  '03 00 00 0b 02 f0 80 01 00 01 00',
  '03 00 00 16 11 e0 00 00 00 01 00 c0 01 0a c1 02 00 01 c2 02 00 01',
  '03 00 00 0b 06 80 00 01 00 00 03',
]

describe('T-01: a packet is decoded and encoded by pure functions', () => {
  test.each(VECTORS)('both ways: %s', text => {
    const octets = unhex(text)
    const packet = decodeTpkt(octets)
    expect(packet).toEqual({ reserved: 0, tpdu: octets.subarray(4) })
    expect(hex(encodeTpkt(packet))).toBe(text)
  })

  test('what is encoded decodes to itself', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.uint8Array({ minLength: 3, maxLength: 70 }), (reserved, tpdu) => {
        expect(decodeTpkt(encodeTpkt({ reserved, tpdu }))).toEqual({ reserved, tpdu })
      }),
    )
  })

  test('the TPDU decoded is a view, not a copy', () => {
    const octets = unhex(VECTORS[1]!)
    expect(decodeTpkt(octets).tpdu.buffer).toBe(octets.buffer)
  })

  test('any octets decode or are refused by a DecodeError of this layer, with an offset inside them', () => {
    const packetLike = fc
      .tuple(fc.constantFrom(3, 3, 3, 0, 0x16), fc.nat(255), fc.nat(1), fc.nat(24), fc.uint8Array({ maxLength: 24 }))
      .map(([version, reserved, high, low, body]) => Uint8Array.of(version, reserved, high, low, ...body))
    fc.assert(
      fc.property(fc.oneof(packetLike, fc.uint8Array({ maxLength: 40 })), octets => {
        try {
          expect(hex(encodeTpkt(decodeTpkt(octets)))).toBe(hex(octets))
        } catch (error) {
          expect(error).toMatchObject({ name: 'DecodeError', layer: 'tpkt', clause: 'RFC 1006, 6' })
          expect((error as { offset: number }).offset).toBeLessThanOrEqual(octets.length)
        }
      }),
    )
  })

  test.each([
    ['', 'TPKT_TRUNCATED', 0, 'packet header: expected 4 octets, found 0'],
    ['03 00 00', 'TPKT_TRUNCATED', 3, 'packet header: expected 4 octets, found 3'],
    ['03 00 00 08 02 f0 80', 'TPKT_TRUNCATED', 7, 'packet: expected 8 octets, found 7'],
    ['03 00 00 07 02 f0 80 00', 'TPKT_LENGTH', 2, 'packet length: expected 8, the octets that are here, found 7'],
    ['03 00 00 06 02 f0', 'TPKT_LENGTH', 2, 'packet length: expected 7 to 65535 at octet 2, found 6'],
    ['04 00 00 07 02 f0 80', 'TPKT_VERSION', 0, 'version: expected 03 at octet 0, found 04'],
  ])('octets %s are refused as %s at octet %i', (text, code, offset, message) => {
    expect(() => decodeTpkt(unhex(text))).toThrow(expect.objectContaining({ code, offset, message }))
  })

  test.each([0, 1, 2, 65_532])('a TPDU of %i octets has no packet', length => {
    const tpdu = new Uint8Array(length)
    expect(() => encodeTpkt({ reserved: 0, tpdu })).toThrow(EncodeError)
    const sdu = Sdu.of(tpdu)
    expect(() => prependHeader(sdu)).toThrow(
      expect.objectContaining({ code: 'TPKT_LENGTH', message: `TPDU: expected 3 to 65531 octets, found ${length}` }),
    )
    expect(sdu.length).toBe(length)
  })

  test.each([3, 251, 252, 253, 65_530, 65_531])('a TPDU of %i octets fits, and a unit on its way down gets the same header', length => {
    const tpdu = new Uint8Array(length).fill(0xaa)
    const octets = encodeTpkt({ reserved: 0, tpdu })
    expect(octets.length).toBe(length + 4)
    expect((octets[2]! << 8) | octets[3]!).toBe(length + 4)
    const sdu = Sdu.of(tpdu, 0)
    prependHeader(sdu)
    expect(sdu.octets()).toEqual(octets)
  })
})
