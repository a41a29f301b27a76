import { renderTable, type Span, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explainTpdu } from './explain.js'

/** The two octets that every TPDU begins with are left out where there is nothing wrong with them. */
function lines(octets: string): string[] {
  const { spans } = explainTpdu(unhex(octets))
  return allLines(spans.filter(({ depth, to, problem }) => depth === 0 || to > 2 || problem))
}

function allLines(spans: readonly Span[]): string[] {
  return spans.map(
    ({ from, to, depth, label, value, problem }) =>
      `${'  '.repeat(depth)}${from}–${to} ${label}${value === undefined ? '' : ` ${value}`}${problem ? ` ← ${problem}` : ''}`,
  )
}

describe('every octet of a TPDU has a name', () => {
  test('CR', () => {
    expect(allLines(explainTpdu(unhex('17 e0 00 00 00 01 00 c0 01 0d c1 00 c2 04 54 53 45 4c f0 02 01 ff 9f 00')).spans)).toEqual([
      '0–24 CR, connection request',
      '  0–1 length indicator 23',
      '  1–2 code e0: CR',
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
      [
        '0–9 EA, expedited data acknowledgement',
        '  2–4 DST-REF 7',
        '  4–5 YR-TU-NR 5',
        '  5–9 checksum 4660 ← the checksum does not fit the octets',
      ],
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
    [
      '00 e0 00',
      [
        '0–1 CR, broken',
        '  0–1 length indicator 0 ← length indicator: expected 1 to 2 for 3 octets, found 0',
        '  1–3 octets behind the header 2 octets',
      ],
    ],
    [
      '09 e0 00 00 00 01',
      [
        '0–6 CR, broken',
        '  0–1 length indicator 9 ← length indicator: expected 1 to 5 for 6 octets, found 9',
        '  2–4 DST-REF 0',
        '  4–6 SRC-REF 1',
      ],
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
    [
      '01 f0 80',
      [
        '0–2 DT, broken',
        '  0–1 length indicator 1 ← DT: length indicator: expected at least 4, found 1 at octet 0',
        '  2–3 octets behind the header 1 octets',
      ],
    ],
    [
      '04 d0 00 01 00',
      [
        '0–5 CC, broken',
        '  0–1 length indicator 4 ← CC: length indicator: expected at least 6, found 4 at octet 0',
        '  2–4 DST-REF 1',
        '  4–5 SRC-REF, cut off 00',
      ],
    ],
    [
      '06 e0 00 05 00 02 50',
      [
        '0–7 CR, connection request',
        '  2–4 DST-REF 5 ← CR: DST-REF: expected 0 at octet 2, found 5',
        '  4–6 SRC-REF 2',
        '  6–7 preferred class 5',
      ],
    ],
    [
      '09 d0 00 01 00 02 00 c5 01 01',
      [
        '0–10 CC, connection confirm',
        '  2–4 DST-REF 1',
        '  4–6 SRC-REF 2',
        '  6–7 class 0',
        '  7–10 protection parameters 01 ← CC: expected a parameter of class 0 at octet 7, found protection',
      ],
    ],
  ])('%s', (octets, expected) => {
    expect(lines(octets)).toEqual(expected)
  })

  /** Each octet is in one span that holds no other, or in the user data of a DT; what cannot be decoded has a problem, at an octet. */
  const expectExplained = (octets: Uint8Array) => {
    const { spans, userData, tpdu } = explainTpdu(octets)
    const leaves = spans.filter(span => !spans.some(other => other.depth > span.depth && other.from >= span.from && other.to <= span.to))
    const times = new Uint8Array(octets.length)
    for (const { from, to } of [...leaves, ...(userData ? [userData] : [])]) for (let at = from; at < to; at++) times[at]!++
    expect([...times].every(n => n === 1)).toBe(true)
    for (const span of spans) expect(span.from <= span.to && span.to <= octets.length).toBe(true)
    const problems = spans.filter(span => span.problem)
    if (!tpdu) expect(problems.length).toBeGreaterThan(0)
    if (octets.length > 0) for (const span of problems) expect(span.to).toBeGreaterThan(span.from)
  }

  test('whatever the octets: nothing throws, and each is in exactly one leaf', () => {
    const like = fc
      .tuple(
        fc.nat(20),
        fc.constantFrom(0xe0, 0xd0, 0x80, 0xc0, 0xf0, 0x10, 0x60, 0x20, 0x50, 0x70, 0x30),
        fc.nat(15),
        fc.uint8Array({ maxLength: 24 }),
      )
      .map(([indicator, code, low, rest]) => Uint8Array.of(indicator, code | low, ...rest))
    fc.assert(fc.property(fc.oneof(like, fc.uint8Array({ maxLength: 30 })), expectExplained), { numRuns: 2_000 })
  })

  test('each TPDU, cut after any octet, and with any one octet changed to a few others', () => {
    for (const vector of VECTORS.map(octets => unhex(octets))) {
      for (let at = 0; at <= vector.length; at++) {
        expectExplained(vector.subarray(0, at))
        for (const value of [0, 1, 2, 0x7f, 0x80, 0xc0, 0xff, (vector[at] ?? 0) ^ 1, (vector[at] ?? 0) ^ 0x10]) {
          const changed = vector.slice()
          changed[at] = value
          expectExplained(changed)
        }
      }
    }
  })
})

/** One of each TPDU and format, with parameters. */
const VECTORS = [
  '17 e0 00 00 00 01 00 c0 01 0d c1 00 c2 04 54 53 45 4c f0 02 01 ff 9f 00 aa',
  '11 d0 00 01 00 02 00 c0 01 0a c1 02 00 01 c2 02 00 01',
  '0a 80 00 01 00 00 03 e0 02 68 69 aa',
  '09 c0 00 01 00 02 c3 02 12 34',
  '02 f0 80 aa bb',
  '08 f0 00 07 85 c3 02 12 34 aa',
  '0b f0 00 07 80 00 00 05 c3 02 12 34 aa',
  '02 10 80 aa',
  '04 10 00 07 80 aa',
  '0f 63 00 07 05 c3 02 12 34 8a 02 00 01 8f 02 01 02',
  '13 60 00 07 00 00 00 05 00 09 8c 08 00 00 00 01 00 02 00 03',
  '04 20 00 07 05',
  '04 53 00 07 05',
  '09 50 00 07 00 00 00 05 00 00',
  '0e 70 00 02 01 c1 08 11 d0 00 01 00 02 00 c0',
]
