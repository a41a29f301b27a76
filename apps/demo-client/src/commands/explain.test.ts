import { describe, expect, test } from 'vitest'
import { mms } from '../testing/harness.js'

const CR = '0300001611e00000000100c0010dc2020001c1020001'
const IDENTIFY = '0300001b02f08001000100610e300c020103a007a0050201018200'

describe('explain', () => {
  test('a packet, octet by octet through the layers, with the place in the code', async () => {
    const { code, out, err } = await mms(['explain', IDENTIFY])
    expect([code, err]).toEqual([0, ''])
    expect(out).toBe(`at  octets                   layer         meaning                                standard      source
 0  03 00 00 1b              TPKT          version 3, length 27                   RFC 1006, 6   packages/tpkt/src/packet.ts
 4  02 f0 80                 COTP          DT, last of its TSDU                   X.224, 13.7   packages/cotp/src/tpdu.ts
 7  01 00 01 00              session       GT, then DT                            X.225, 6.3.7  packages/iso-session/src/spdu.ts
11  61 0e                    presentation  TD: fully-encoded-data                 X.226, 8.4    packages/iso-presentation/src/user-data.ts
13  30 0c                    presentation    PDV-list                             X.226, 8.4    packages/iso-presentation/src/user-data.ts
15  02 01 03                 presentation      presentation-context-identifier 3  X.226, 8.4    packages/iso-presentation/src/user-data.ts
18  a0 07                    presentation      single-ASN1-type                   X.226, 8.4    packages/iso-presentation/src/user-data.ts
20  a0 05                    MMS           confirmed-RequestPDU                   ISO 9506-2    packages/mms/src/asn1/pdu.ts
22  02 01 01                 MMS             invokeID 1                           ISO 9506-2    packages/mms/src/asn1/pdu.ts
25  82 00                    MMS             service: identify null               ISO 9506-2    packages/mms/src/asn1/vmd.ts
`)
  })

  test('fits the terminal: fewer columns, fewer octets in a line, nothing left out', async () => {
    for (const columns of [60, 80, 100, 140]) {
      const { out } = await mms(['explain', IDENTIFY], { columns, env: { NO_COLOR: '1' } })
      const lines = out.trimEnd().split('\n')
      expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(columns)
      const octets = lines.slice(1).map(line => line.slice(4, line.slice(4).search('  ') + 4))
      expect(octets.join('').replaceAll(' ', '')).toBe(IDENTIFY)
    }
    expect((await mms(['explain', CR, '--no-sources'])).out).not.toContain('packages/')
    expect((await mms(['explain', CR, '--sources'], { columns: 80 })).out).toContain('packages/cotp/src/tpdu.ts')
  })

  test('several packets in one string, one after the other', async () => {
    const { code, out } = await mms(['explain', CR, IDENTIFY])
    expect(code).toBe(0)
    expect(out).toContain('packet 1, 22 octets at 0\n')
    expect(out).toContain('packet 2, 27 octets at 22\n')
    expect(out).toContain('\n22  03 00 00 1b ')
  })

  test('a segmented TSDU is put together', async () => {
    const tsdu = IDENTIFY.slice(14)
    const first = `0300000c02f000${tsdu.slice(0, 10)}`
    const second = `0300001602f080${tsdu.slice(10)}`
    const { code, out } = await mms(['explain', `${first} ${second}`])
    expect(code).toBe(0)
    expect(out).toContain('segment 1 of a TSDU, 5 octets')
    expect(out).toContain('segment 2 of a TSDU, 15 octets')
    expect(out).toContain('TSDU put together from 2 segments, 20 octets\n')
    expect(out).toContain('service: identify null')
  })

  test('PDUs of upper layers, when told so', async () => {
    const { out } = await mms(['explain', '--layer', 'mms', 'a0', '05', '02', '01', '01', '82', '00', '--no-sources'])
    expect(out).toBe(`at  octets                   layer  meaning                   standard
 0  a0 05                    MMS    confirmed-RequestPDU      ISO 9506-2
 2  02 01 01                 MMS      invokeID 1              ISO 9506-2
 5  82 00                    MMS      service: identify null  ISO 9506-2
`)
    expect((await mms(['explain', '-l', 'session', IDENTIFY.slice(14)])).out).toContain('service: identify null')
    expect((await mms(['explain', '-l', 'presentation', IDENTIFY.slice(22)])).out).toContain('service: identify null')
    expect((await mms(['explain', '-l', 'acse', '6203800100'])).out).toContain('RLRQ')
    expect((await mms(['explain', '-l', 'cotp', CR.slice(8)])).out).toContain('CR, connection request')
  })

  test('reads standard input: hex, a dump, or the octets themselves', async () => {
    const expected = (await mms(['explain', CR])).out
    const dump =
      '00000000: 0300 0016 11e0 0000 0001 00c0 010d c202  ................\n00000010: 0001 c102 0001                           ......\n'
    for (const stdin of [CR, Buffer.from(CR, 'hex'), dump]) {
      expect((await mms(['explain'], { stdin })).out).toBe(expected)
      expect((await mms(['explain', '-'], { stdin })).out).toBe(expected)
    }
  })

  test('X-07: a broken PDU is shown where it breaks, with exit code 1', async () => {
    const cut = await mms(['explain', IDENTIFY.slice(0, 44)])
    expect(cut.code).toBe(1)
    expect(cut.out).toContain('^ broken: packet: expected 27 octets, found 22')
    expect(cut.err).toBe('this packet is broken\n')
    const mixed = await mms(['explain', CR, '0400'])
    expect(mixed.code).toBe(1)
    expect(mixed.out).toContain('called TSAP-ID 00 01')
    expect(mixed.out).toContain('^ broken: version: expected 03 at octet 0, found 04')
    expect(mixed.err).toBe('1 of 2 parts broken\n')
    expect((await mms(['explain', '03000000'])).out).toContain('^ broken: packet length: expected 7 to 65535')
  })

  test('as JSON: every span with its octets', async () => {
    const { code, out } = await mms(['explain', IDENTIFY, '--json'])
    expect(code).toBe(0)
    const { octets, sections } = JSON.parse(out)
    expect(octets).toBe(IDENTIFY)
    expect(sections[0].spans.at(-1)).toEqual({
      from: 25,
      to: 27,
      octets: '8200',
      layer: 'MMS',
      depth: 1,
      label: 'service: identify',
      value: 'null',
      clause: 'ISO 9506-2',
      source: 'packages/mms/src/asn1/vmd.ts',
    })
  })

  test('bad usage: no hex, half an octet, no octets, no layer', async () => {
    for (const [args, why] of [
      [['zz'], 'expected hex digits, found "z"'],
      [['030'], 'expected pairs of hex digits, found 3 digits'],
      [[''], 'expected octets as hex, found none'],
      [['00', '--layer', 'tls'], 'Allowed choices are tpkt, cotp'],
    ] as const) {
      const { code, err } = await mms(['explain', ...args])
      expect(code).toBe(2)
      expect(err).toContain(why)
    }
  })
})
