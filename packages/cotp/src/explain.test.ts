import { renderTable, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explainTpdu } from './explain.js'

function lines(octets: string): string[] {
  return explainTpdu(unhex(octets)).spans.map(
    ({ from, to, depth, label, value, problem }) =>
      `${'  '.repeat(depth)}${from}–${to} ${label}${value === undefined ? '' : ` ${value}`}${problem ? ` ← ${problem}` : ''}`,
  )
}

describe('every octet of a TPDU has a name', () => {
  test('CR', () => {
    expect(lines('17 e0 00 00 00 01 00 c0 01 0d c1 00 c2 04 54 53 45 4c f0 02 01 ff 9f 00')).toEqual([
      '0–24 CR, connection request',
      '  2–4 DST-REF 0',
      '  4–6 SRC-REF 1',
      '  6–7 preferred class 0',
      '  7–10 TPDU size 8192',
      '  10–12 calling TSAP-ID nil',
      '  12–18 called TSAP-ID 54 53 45 4c "TSEL"',
      '  18–22 preferred maximum TPDU size 65408',
      '  22–24 parameter 9f, unknown ',
    ])
  })

  test('the table names clause and source', () => {
    const octets = unhex('06 80 00 02 00 00 03')
    const table = renderTable(octets, explainTpdu(octets).spans)
    expect(table).toContain('reason 3: address unknown')
    expect(table).toContain('X.224, 13.5')
    expect(table).toContain('packages/cotp/src/tpdu.ts')
  })

  test.each([
    [
      'CC of class 4 with options and user data',
      '06 d5 00 01 00 02 42 aa',
      [
        '0–7 CC, connection confirm, credit 5',
        '  2–4 DST-REF 1',
        '  4–6 SRC-REF 2',
        '  6–7 class 4, options 2',
        '  7–8 user data 1 octets',
      ],
    ],
    ['DC', '05 c0 00 01 00 02', ['0–6 DC, disconnect confirm', '  2–4 DST-REF 1', '  4–6 SRC-REF 2']],
    ['DT of class 0', '02 f0 80 aa', ['0–3 DT, last of its TSDU']],
    ['DT of class 0 with a number', '02 f0 05 aa', ['0–3 DT, more to come, number 5']],
    [
      'DT, extended',
      '07 f0 00 07 80 00 00 05 aa',
      ['0–8 DT, last of its TSDU, number 5', '  2–4 DST-REF 7', '  4–8 EOT and TPDU number last, 5'],
    ],
    ['ED of RFC 1006', '02 10 80 aa', ['0–3 ED, last of its TSDU', '  2–3 EOT and TPDU number last, 0', '  3–4 user data 1 octets']],
    ['AK', '04 63 00 07 05', ['0–5 AK, data acknowledgement, credit 3', '  2–4 DST-REF 7', '  4–5 YR-TU-NR 5']],
    [
      'AK, extended',
      '09 60 00 07 00 00 00 05 00 09',
      ['0–10 AK, data acknowledgement, credit 9', '  2–4 DST-REF 7', '  4–8 YR-TU-NR 5', '  8–10 credit 9'],
    ],
    [
      'EA',
      '08 20 00 07 05 c3 02 12 34',
      ['0–9 EA, expedited data acknowledgement', '  2–4 DST-REF 7', '  4–5 YR-TU-NR 5', '  5–9 checksum 4660'],
    ],
    ['RJ, extended', '09 50 00 07 00 00 00 05 00 00', ['0–10 RJ, reject', '  2–4 DST-REF 7', '  4–8 YR-TU-NR 5', '  8–10 credit 0']],
    [
      'ER',
      '08 70 00 02 01 c1 02 02 30',
      ['0–9 ER, TPDU error', '  2–4 DST-REF 2', '  4–5 reject cause 1: invalid parameter code', '  5–9 invalid TPDU 02 30'],
    ],
    [
      'typed values',
      '0b e0 00 00 00 01 00 86 03 01 02 03',
      [
        '0–12 CR, connection request',
        '  2–4 DST-REF 0',
        '  4–6 SRC-REF 1',
        '  6–7 preferred class 0',
        '  7–12 residual error rate {target:1,minimum:2,tsduSize:3}',
      ],
    ],
  ])('%s', (_, octets, expected) => {
    expect(lines(octets)).toEqual(expected)
  })

  test('user data of a DT is left to the layer above, with the TPDU', () => {
    expect(explainTpdu(unhex('02 f0 80 aa bb'))).toMatchObject({ userData: { from: 3, to: 5 }, tpdu: { type: 'DT', endOfTsdu: true } })
    expect(explainTpdu(unhex('02 f0 80')).userData).toBeUndefined()
    expect(explainTpdu(unhex('06 e0 00 00 00 01 00 aa')).userData).toBeUndefined()
  })
})

describe('a broken TPDU: what can be named is, and the problem stands where it is', () => {
  test.each([
    ['', ['0–0 octets  ← TPDU: expected at least 2 octets, found 0']],
    ['02 30 80', ['0–3 octets 02 30 80 ← TPDU code: expected one of X.224, found 30 at octet 1']],
    ['00 e0 00', ['0–1 CR, broken ← length indicator: expected 1 to 2 for 3 octets, found 0', '  1–3 octets behind the header 2 octets']],
    [
      '09 e0 00 00 00 01',
      ['0–6 CR, broken ← length indicator: expected 1 to 5 for 6 octets, found 9', '  2–4 DST-REF 0', '  4–6 SRC-REF 1'],
    ],
    [
      '08 e0 00 00 00 01 00 c0 05',
      [
        '0–9 CR, broken',
        '  2–4 DST-REF 0',
        '  4–6 SRC-REF 1',
        '  6–7 preferred class 0',
        '  7–9 parameter c0, broken ← parameter c0: expected to end at octet 9 with the header, found 14',
      ],
    ],
    [
      '09 e0 00 00 00 01 00 c0 01 10',
      [
        '0–10 CR, connection request',
        '  2–4 DST-REF 0',
        '  4–6 SRC-REF 1',
        '  6–7 preferred class 0',
        '  7–10 TPDU size 10 ← no value of this parameter',
      ],
    ],
    [
      '04 70 00 01 00 aa',
      [
        '0–5 ER, broken',
        '  2–4 DST-REF 1',
        '  4–5 reject cause 0: not specified',
        '  5–6 octets behind the header 1 octets ← ER: expected the end at octet 5, found 1 more octets',
      ],
    ],
    ['01 f0 80', ['0–2 DT, broken ← DT: length indicator: expected at least 4, found 1 at octet 0', '2–3 user data of a broken TPDU']],
  ])('%s', (octets, expected) => {
    expect(lines(octets)).toEqual(expected)
  })

  test('whatever the octets: nothing throws, each octet is in a span or in the user data, and a TPDU or a problem comes back', () => {
    const like = fc
      .tuple(
        fc.nat(20),
        fc.constantFrom(0xe0, 0xd0, 0x80, 0xc0, 0xf0, 0x10, 0x60, 0x20, 0x50, 0x70, 0x30),
        fc.nat(15),
        fc.uint8Array({ maxLength: 24 }),
      )
      .map(([indicator, code, low, rest]) => Uint8Array.of(indicator, code | low, ...rest))
    fc.assert(
      fc.property(fc.oneof(like, fc.uint8Array({ maxLength: 30 })), octets => {
        const { spans, userData, tpdu } = explainTpdu(octets)
        const named = new Set<number>()
        for (const span of [...spans, ...(userData ? [userData] : [])]) for (let at = span.from; at < span.to; at++) named.add(at)
        expect(named.size).toBe(octets.length)
        if (!tpdu) expect(spans.filter(span => span.problem).length).toBeGreaterThan(0)
      }),
      { numRuns: 1_000 },
    )
  })
})
