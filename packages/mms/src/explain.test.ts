import { renderTable, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explainMms } from './explain.js'

const lines = (text: string) => explainMms(unhex(text)).map(({ depth, label, value, problem }) => [depth, label, value ?? problem])

describe('explainMms', () => {
  test('every octet of a read has its ASN.1 name, its value and the file that declares it', () => {
    const octets = unhex(
      'a0 28 02 02 03 e9 a4 22 a1 20 a0 1e 30 1c a0 1a a1 18 1a 07 49 45 44 31 4c 44 30 1a 0d 4d 4d 58 55 31 24 4d 58 24 54 6f 74 57',
    )
    const table = renderTable(octets, explainMms(octets))
    expect(table).toContain('confirmed-RequestPDU')
    expect(table).toMatch(/2 +02 02 03 e9 +MMS +invokeID 1001 +ISO 9506-2 +packages\/mms\/src\/asn1\/pdu.ts/)
    expect(table).toMatch(/a4 22 +MMS +service: read +ISO 9506-2 +packages\/mms\/src\/asn1\/variable-access.ts/)
    expect(table).toContain('domainID "IED1LD0"')
    expect(table).toContain('itemID "MMXU1$MX$TotW"')
  })

  test('values read as MMS prints them', () => {
    expect(lines('a1 20 02 02 03 e9 a4 1a a1 18 a2 16 87 05 08 43 65 80 00 84 03 03 00 00 91 08 68 3c 40 c0 20 00 00 0a')).toEqual([
      [0, 'confirmed-ResponsePDU', undefined],
      [1, 'invokeID', '1001'],
      [1, 'service: read', undefined],
      [2, 'listOfAccessResult', undefined],
      [3, '[0]: success: structure', undefined],
      [4, '[0]: floating-point', '229.5'],
      [4, '[1]: bit-string', '0000000000000'],
      [4, '[2]: utc-time', '2025-06-01T12:00:00.125Z'],
    ])
  })

  test('a type description has members of the same names, which stay what they are', () => {
    expect(lines('a1 13 02 01 01 a6 0e 80 01 00 a2 09 a7 07 02 01 20 02 02 00 08').at(-3)).toEqual([3, 'floating-point', undefined])
  })

  test('sources follow the members', () => {
    const source = (text: string, label: string) =>
      explainMms(unhex(text))
        .find(span => span.label === label)
        ?.source.split('/')
        .at(-1)
    expect(source('a2 0a 80 01 07 a2 05 a0 03 8c 01 00', 'invokeID')).toBe('error.ts')
    expect(source('a1 09 02 01 07 a4 04 a1 02 83 00', '[0]: success: boolean')).toBe('data.ts')
    expect(source('a1 09 02 01 07 a4 04 a1 02 83 00', 'invokeID')).toBe('pdu.ts')
    expect(source('85 01 07', 'cancel-RequestPDU')).toBe('environment.ts')
  })

  test('a service is named, and what it lacks; one that is not in the standard is unknown', () => {
    expect(lines('a0 0e 02 01 07 bf 48 08 a0 03 19 01 66 81 01 00').map(line => line[1])).toContain('service: fileOpen')
    expect(lines('a0 09 02 01 07 bf 48 03 a0 01 05')[2]?.[2]).toContain('expected')
    expect(lines('a0 07 02 01 07 9f 4a 01 05').at(-1)?.[1]).toBe('service: fileClose')
    expect(lines('a3 02 a2 00')[1]?.[1]).toBe('service: eventNotification')
    expect(lines('a0 06 02 01 07 bf 64 00').at(-1)?.[1]).toBe('service: unknown')
    expect(lines('a0 05 02 01 07 04 00').at(-1)?.[1]).toBe('service: unknown')
  })

  test('what is broken has a problem, and a broken time has no value', () => {
    const spans = explainMms(unhex('a1 0c 02 01 07 a4 07 a1 05 91 03 00 00 00'))
    expect(spans.at(-1)).toMatchObject({ label: '[0]: success: utc-time', problem: expect.stringContaining('expected 8 octets') })
    expect(explainMms(unhex('ae 00'))[0]!.problem).toContain('MMSpdu')
    expect(explainMms(new Uint8Array())[0]!.problem).toContain('found no octets')
  })

  test('arbitrary octets are explained to the last, and never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(13), (octets, number) => {
        for (const pdu of [octets, Uint8Array.of(0xa0 | number, octets.length, 0x02, 0x01, 0x01, ...octets)]) {
          const spans = explainMms(pdu)
          expect(spans.reduce((most, span) => Math.max(most, span.to), 0)).toBe(pdu.length)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
