import { renderTable, unhex } from '@x/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { explainTpkt } from './explain.js'

test('the header is one span, and the TPDU is left to the layer above', () => {
  const octets = unhex('03 00 00 07 02 f0 80')
  const { spans, userData, to } = explainTpkt(octets)
  expect(spans).toEqual([
    {
      from: 0,
      to: 4,
      layer: 'TPKT',
      depth: 0,
      label: 'version 3, length 7',
      clause: 'RFC 1006, 6',
      source: 'packages/tpkt/src/packet.ts',
    },
  ])
  expect(userData).toEqual({ from: 4, to: 7 })
  expect(to).toBe(7)
  expect(renderTable(octets, spans)).toContain('03 00 00 07')
})

test('only the first packet is explained; `to` says where the next one begins', () => {
  expect(explainTpkt(unhex('03 05 00 07 02 f0 80 03 00'))).toMatchObject({ to: 7, spans: [{ label: 'version 3, reserved 5, length 7' }] })
})

test.each([
  ['', 'packet header: expected 4 octets, found 0'],
  ['03 00', 'packet header: expected 4 octets, found 2'],
  [
    '16 03 01 00',
    'version: expected 03 at octet 0, found 16: this looks like a TLS ClientHello: the peer speaks TLS, and this side does not; use @x/tls on both sides, whose port is 3782',
  ],
  ['03 00 00 05', 'packet length: expected 7 to 65535 at octet 2, found 5'],
  ['03 00 00 05 aa bb', 'packet length: expected 7 to 65535 at octet 2, found 5'],
  ['03 00 00 08 02 f0', 'packet: expected 8 octets, found 6'],
  ['03 00 00 08', 'packet: expected 8 octets, found 4'],
])('octets %s: the problem is named: %s', (text, problem) => {
  expect(explainTpkt(unhex(text)).spans.find(span => span.problem)?.problem).toBe(problem)
})

test('whatever the octets, each of the packet is in a span or in the TPDU, and nothing throws', () => {
  const packetLike = fc
    .tuple(fc.nat(255), fc.nat(1), fc.nat(24), fc.uint8Array({ maxLength: 24 }))
    .map(([reserved, high, low, body]) => Uint8Array.of(3, reserved, high, low, ...body))
  fc.assert(
    fc.property(fc.oneof(packetLike, fc.uint8Array({ maxLength: 24 })), octets => {
      const { spans, userData, to } = explainTpkt(octets)
      const named = new Set<number>()
      for (const span of [...spans, ...(userData ? [userData] : [])]) for (let at = span.from; at < span.to; at++) named.add(at)
      expect(named.size).toBe(to)
      expect(Math.max(-1, ...named)).toBe(to - 1)
    }),
  )
})
