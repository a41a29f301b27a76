import { renderTable, type Span, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  AC,
  ARP,
  ARU,
  CP,
  CPA,
  CPA_MANAGED,
  CPA_ONE,
  CPR_PROVIDER,
  CPR_USER,
  cp,
  LIST,
  MMS_ITEM,
  pdv,
  RELEASE,
  TD,
  tlv,
} from '../test/harness.js'
import { explainPpdu } from './explain.js'

const meanings = (octets: Uint8Array, carrier: string, contexts?: Parameters<typeof explainPpdu>[2]) =>
  explainPpdu(octets, carrier, contexts).spans.map(
    ({ from, to, depth, label, value, problem }) =>
      `${from}-${to} ${'  '.repeat(depth)}${label}${value === undefined ? '' : ` ${value}`}${problem === undefined ? '' : ` ! ${problem}`}`,
  )

const carriers = [
  'CN',
  'AC',
  'RF',
  'AB',
  'TD',
  'RS',
  'RA',
  'DT',
  'EX',
  'CD',
  'CDA',
  'FN',
  'S-CONNECT.confirm',
  'S-U-ABORT.indication',
  'other',
]
const X410_CP = tlv(0x31, 'a0 03 80 01 00', tlv(0xa1, '80 01 00 a2 02 05 00'))
const X410_ABORT = unhex('31 07 80 01 00 a2 02 05 00')
const ACA = unhex('a1 10 a0 09 30 07 80 01 00 81 02 51 01 a1 03 02 01 00')
const RS = unhex('30 19 a0 09 30 07 02 01 01 06 02 51 01 61 0c 30 0a 02 01 01 a0 05 62 03 80 01 00')
const LISTS = unhex('61 24 30 07 02 01 03 a0 02 8b 00 30 09 02 01 01 81 04 63 00 63 00 30 0e 06 02 51 01 02 01 03 82 05 04 8b 00 00 f0')
const CPC = Uint8Array.from([...cp(tlv(0xa4, MMS_ITEM), '89 02 06 40', 'ab 04 03 02 05 20'), ...pdv(3), ...pdv(3)])
const INDEFINITE = unhex('31 80 a0 80 80 01 01 00 00 a2 80 61 80 30 80 02 01 01 a0 80 8b 00 00 00 00 00 00 00 00 00 00 00')
/** Every PPDU of the layer in every mode, and the session primitives that carry it. */
const samples = [
  ...[CP, CPA, CPA_ONE, CPA_MANAGED, CPR_USER, CPR_PROVIDER, ARU, ARP, TD, RELEASE],
  ...[X410_CP, X410_ABORT, AC, ACA, RS, LISTS, CPC, INDEFINITE],
]

/** Octets that do not lie in exactly one innermost span: in none, or in two of which neither holds the other. */
function strayOctets(octets: Uint8Array, spans: readonly Span[]): number[] {
  const innermost: (Span | undefined)[] = Array(octets.length).fill(undefined)
  const stray = new Set<number>()
  for (const span of spans) {
    for (let at = span.from; at < span.to; at++) {
      const outer = innermost[at]
      if (outer && !(outer.from <= span.from && span.to <= outer.to && outer.depth < span.depth)) stray.add(at)
      innermost[at] = span
    }
  }
  return [...octets.keys()].filter(at => innermost[at] === undefined || stray.has(at))
}

describe('every PPDU, named to the last octet', () => {
  test('a TD on its own', () => {
    const { spans, userData, ppdu } = explainPpdu(TD, 'DT')
    expect(renderTable(TD, spans)).toBe(
      [
        'at  octets       layer         meaning                                standard    source',
        ' 0  61 09        presentation  TD: fully-encoded-data                 X.226, 8.4  packages/iso-presentation/src/user-data.ts',
        ' 2  30 07        presentation    PDV-list                             X.226, 8.4  packages/iso-presentation/src/user-data.ts',
        ' 4  02 01 03     presentation      presentation-context-identifier 3  X.226, 8.4  packages/iso-presentation/src/user-data.ts',
        ' 7  a0 02 8b 00  presentation      single-ASN1-type                   X.226, 8.4  packages/iso-presentation/src/user-data.ts',
        '',
      ].join('\n'),
    )
    expect(userData).toEqual([{ presentationContextIdentifier: 3, from: 9, to: 11 }])
    expect(ppdu).toBe('TD')
  })

  test('a CP, with what it proposes', () => {
    const { userData, presentationContextDefinitionList, spans } = explainPpdu(CP, 'S-CONNECT.request')
    expect(userData).toEqual([{ presentationContextIdentifier: 1, from: 55, to: 65 }])
    expect(presentationContextDefinitionList).toEqual(LIST)
    expect(meanings(CP, 'CN')).toEqual([
      '0-65 CP',
      '2-7   mode-selector',
      '4-7     mode-value normal-mode (1)',
      '7-65   normal-mode-parameters',
      '9-46     presentation-context-definition-list',
      '11-28       context',
      '13-16         presentation-context-identifier 1',
      '16-22         abstract-syntax-name 2.2.1.0.1',
      '22-28         transfer-syntax-name-list',
      '24-28           transfer-syntax-name 2.1.1',
      '28-46       context',
      '30-33         presentation-context-identifier 3',
      '33-40         abstract-syntax-name 1.0.9506.2.1',
      '40-46         transfer-syntax-name-list',
      '42-46           transfer-syntax-name 2.1.1',
      '46-65     fully-encoded-data',
      '48-65       PDV-list',
      '50-53         presentation-context-identifier 1',
      '53-65         single-ASN1-type',
    ])
    const sources = new Set(spans.map(({ clause, source }) => `${clause} ${source}`))
    expect(sources).toEqual(
      new Set(['X.226, 8.2 packages/iso-presentation/src/asn1.ts', 'X.226, 8.4 packages/iso-presentation/src/user-data.ts']),
    )
  })

  test('CPC values behind a CP', () => {
    const octets = Uint8Array.from([...cp(tlv(0xa4, MMS_ITEM)), ...pdv(3), ...pdv(3)])
    const { userData } = explainPpdu(octets, 'CN')
    const first = octets.length - 28
    expect(userData).toEqual([
      { presentationContextIdentifier: 3, from: first + 9, to: first + 14 },
      { presentationContextIdentifier: 3, from: first + 23, to: first + 28 },
    ])
    expect(meanings(octets, 'CN')).toContain(`${first}-${first + 14} CPC-type: fully-encoded-data`)
  })

  test('a CPA with a refusal and simply encoded data, whose context only the DCS tells', () => {
    expect(meanings(CPA_ONE, 'AC').slice(7)).toEqual([
      '16-20         transfer-syntax-name 2.1.1',
      '20-28       result',
      '22-25         result provider-rejection (2)',
      '25-28         provider-reason abstract-syntax-not-supported (1)',
      '28-40     simply-encoded-data',
    ])
    expect(explainPpdu(CPA_ONE, 'AC').userData).toEqual([{ from: 30, to: 40 }])
    expect(explainPpdu(CPA_ONE, 'AC', [{ presentationContextIdentifier: 1 }]).userData).toEqual([
      { presentationContextIdentifier: 1, from: 30, to: 40 },
    ])
  })

  test('ARP, ARU and CPR with their codes', () => {
    expect(meanings(ARP, 'AB')).toEqual([
      '0-8 ARP',
      '2-5   provider-reason invalid-ppdu-parameter-value (6)',
      '5-8   event-identifier TD (7)',
    ])
    expect(meanings(unhex('30 06 80 01 03 81 01 0e'), 'AB')[2]).toBe('5-8   event-identifier S-RELEASE.indication (14)')
    expect(meanings(unhex('30 03 80 01 63'), 'AB')[1]).toBe('2-5   provider-reason 99')
    expect(meanings(CPR_PROVIDER, 'RF')).toEqual(['0-5 CPR', '2-5   provider-reason protocol-version-not-supported (4)'])
    expect(explainPpdu(ARU, 'AB').userData).toEqual([{ presentationContextIdentifier: 1, from: 22, to: 27 }])
  })

  test('several PDV-lists in every form', () => {
    const octets = LISTS
    expect(explainPpdu(octets, 'DT').userData).toEqual([
      { presentationContextIdentifier: 3, from: 9, to: 11 },
      { presentationContextIdentifier: 1, from: 18, to: 22 },
    ])
    expect(meanings(octets, 'DT').slice(7)).toEqual([
      '22-38   PDV-list',
      '24-28     transfer-syntax-name 2.1.1',
      '28-31     presentation-context-identifier 3',
      '31-38     arbitrary 1000101100000000000000001111',
    ])
  })

  test('simply encoded data: known from the DCS, or from octets that are nothing else', () => {
    const one = [{ presentationContextIdentifier: 5 }]
    expect(explainPpdu(TD, 'DT', one)).toMatchObject({ userData: [{ presentationContextIdentifier: 5, from: 0, to: 11 }] })
    expect(meanings(TD, 'DT', one)).toEqual(['0-11 TD, simply encoded of context 5'])
    expect(explainPpdu(unhex('62 00'), 'FN').userData).toEqual([{ from: 0, to: 2 }])
    expect(meanings(unhex('62 00'), 'FN')).toEqual(['0-2 User-data, simply encoded'])
  })

  test.each<[string, string, string]>([
    ['TD', 'a0 00', 'AC'],
    ['TD', 'a1 00', 'ACA'],
    ['S-TYPED-DATA.indication', '40 01 00', 'TTD'],
    ['RS', '30 00', 'RS'],
    ['S-RESYNCHRONIZE.confirm', '30 00', 'RSA'],
    ['EX', '61 00', 'TE'],
    ['S-CAPABILITY-DATA.indication', '61 00', 'TC'],
    ['CDA', '61 00', 'TCC'],
    ['NF', '61 00', 'User-data'],
    ['S-CONNECT.confirm', '31 00', 'CPA'],
    ['S-CONNECT.response', '30 00', 'CPR'],
    ['RF', '31 00', 'CPR, X.410 mode'],
    ['AB', '31 00', 'ARU, X.410 mode'],
    ['S-U-ABORT.request', 'a0 00', 'ARU'],
    ['CN', '', 'CP'],
  ])('P-11: %s with %s is %s', (carrier, octets, ppdu) => {
    expect(explainPpdu(unhex(octets), carrier).ppdu).toBe(ppdu)
  })
})

describe('broken PPDUs', () => {
  test('the span that breaks says why', () => {
    expect(meanings(unhex('61 09 30 07 02 01 03 a0 03 8b 00'), 'DT').at(-1)).toMatch(
      /^7-11 .*broken element ! expected a length within the 2 octets/,
    )
    expect(meanings(unhex('30 03 99 01 04'), 'RF').at(-1)).toMatch(/^2-5 .*\[25\] ! expected a member/)
    expect(explainPpdu(unhex('61 09 30 07 02 01 03 a0 03 8b 00'), 'DT').userData).toEqual([])
  })

  test('an undefined element of a CP is named as such, and is no user data', () => {
    const octets = cp(tlv(0xa4, MMS_ITEM), '8f 02 05 20')
    expect(explainPpdu(octets, 'CN').userData).toEqual([])
    expect(meanings(octets, 'CN').at(-1)).toMatch(/\[15\] not declared 05 20$/)
  })

  test('P-04: what Amendment 1 adds to a CP has its name', () => {
    const octets = cp(tlv(0xa4, MMS_ITEM), 'ab 04 03 02 05 20', 'ac 03 02 01 03', 'ae 02 30 00')
    expect(
      meanings(octets, 'CN')
        .filter(line => line.includes('Amendment'))
        .map(line => line.trim()),
    ).toEqual([
      expect.stringContaining('protocol-options, of Amendment 1'),
      expect.stringContaining('initiators-nominated-context, of Amendment 1'),
      expect.stringContaining('extensions, of Amendment 1'),
    ])
  })

  test('a PDV-list without a context keeps its value, of no known context', () => {
    expect(explainPpdu(unhex('61 0f 30 07 02 01 03 a0 02 8b 00 30 04 a0 02 8b 00'), 'DT').userData).toEqual([
      { presentationContextIdentifier: 3, from: 9, to: 11 },
      { from: 15, to: 17 },
    ])
  })

  test('every PPDU, cut after each octet: each octet lies in exactly one innermost span, and what is cut says where it breaks', () => {
    for (const octets of samples) {
      for (const carrier of carriers) expect(strayOctets(octets, explainPpdu(octets, carrier).spans)).toEqual([])
      for (let length = 1; length < octets.length; length++) {
        const cut = octets.subarray(0, length)
        for (const carrier of carriers) {
          const { spans } = explainPpdu(cut, carrier)
          expect(strayOctets(cut, spans)).toEqual([])
          const simple = spans.length === 1 && spans[0]!.label.endsWith('simply encoded')
          // Without its CPC values a CP is still whole.
          const whole = octets === CPC && length >= octets.length - 28
          if (!simple && !whole) expect(spans.some(span => span.problem !== undefined)).toBe(true)
        }
      }
    }
  })

  test('RP-11: octets of any kind, from any carrier: nothing throws or goes on for ever, each octet lies in exactly one innermost span', () => {
    const mutated = fc
      .record({ octets: fc.constantFrom(...samples), at: fc.nat(), to: fc.nat(255), cut: fc.nat(12) })
      .map(({ octets, at, to, cut }) => {
        const copy = octets.slice(0, Math.max(1, octets.length - cut))
        copy[at % copy.length] = to
        return copy
      })
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 48 })), fc.constantFrom(...carriers), (octets, carrier) => {
        const { spans, userData } = explainPpdu(octets, carrier)
        expect(strayOctets(octets, spans)).toEqual([])
        for (const { from, to } of [...spans, ...userData]) {
          expect(from).toBeGreaterThanOrEqual(0)
          expect(to).toBeLessThanOrEqual(octets.length)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
