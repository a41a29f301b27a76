import { renderTable, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildAARE, buildAARQ, decodeApdu, explainApdu, maskAuthentication } from './index.js'

const secret = 'TopSecret42'
const full = buildAARQ({
  protocolVersion: { octets: Uint8Array.of(0xe0), size: 3 },
  applicationContextName: '1.0.9506.2.3',
  applicationContextNameList: ['1.2.3', '1.2.4'],
  called: {
    apTitle: [[{ type: '2.5.4.6', value: unhex('13 02 44 45') }]],
    aeQualifier: [{ type: '2.5.4.6', value: unhex('13 02 44 45') }],
  },
  calling: { apTitle: '1.1.1.999', aeQualifier: 12, apInvocationIdentifier: 1, aeInvocationIdentifier: 2 },
  authentication: { mechanismName: '2.2.3.1', authenticationValue: { type: 'charstring', value: secret } },
  implementationInformation: 'ours',
  userInformation: [
    { directReference: '2.1.1', indirectReference: 3, octets: unhex('a8 02 80 00') },
    { indirectReference: 5, dataValueDescriptor: 'text', encoding: 'octet-aligned', octets: unhex('01 02') },
    { directReference: '2.1.1', encoding: 'arbitrary', octets: unhex('f0'), unusedBits: 4 },
  ],
})
const lines = (octets: Uint8Array, options = {}) =>
  explainApdu(octets, options).spans.map(
    ({ from, to, depth, label, value, problem }) =>
      `${from}–${to} ${'  '.repeat(depth)}${label}${value === undefined ? '' : `: ${value}`}${problem ? ` ← ${problem}` : ''}`,
  )

describe('an APDU octet by octet', () => {
  test('every field of an AARQ with its value', () => {
    expect(lines(full)).toEqual([
      '0–153 AARQ: A-ASSOCIATE-REQUEST',
      '3–7   protocol-version: version 1, version 2, version 3',
      '7–16   application-context-name',
      '9–16     OBJECT IDENTIFIER: 1.0.9506.2.3',
      '16–33   called-AP-title',
      '18–33     form 1, directory name',
      '20–33       SET',
      '22–33         SEQUENCE',
      '24–29           OBJECT IDENTIFIER: 2.5.4.6',
      '29–33           PrintableString',
      '33–48   called-AE-qualifier',
      '35–48     form 1, directory name',
      '37–48       SEQUENCE',
      '39–44         OBJECT IDENTIFIER: 2.5.4.6',
      '44–48         PrintableString',
      '48–56   calling-AP-title',
      '50–56     form 2, OBJECT IDENTIFIER: 1.1.1.999',
      '56–61   calling-AE-qualifier',
      '58–61     form 2, INTEGER: 12',
      '61–66   calling-AP-invocation-identifier',
      '63–66     INTEGER: 1',
      '66–71   calling-AE-invocation-identifier',
      '68–71     INTEGER: 2',
      '71–75   sender-acse-requirements: authentication, application-context-negotiation',
      '75–80   mechanism-name: 2.2.3.1 password-1',
      '80–95   calling-authentication-value',
      '82–95     charstring: hidden',
      '95–105   application-context-name-list',
      '97–101     OBJECT IDENTIFIER: 1.2.3',
      '101–105     OBJECT IDENTIFIER: 1.2.4',
      '105–111   implementation-information: "ours"',
      '111–153   user-information',
      '113–128     EXTERNAL',
      '115–119       direct-reference: 2.1.1 BER',
      '119–122       indirect-reference: 3',
      '122–128       single-ASN1-type',
      '128–143     EXTERNAL',
      '130–133       indirect-reference: 5',
      '133–139       data-value-descriptor: "text"',
      '139–143       octet-aligned',
      '143–153     EXTERNAL',
      '145–149       direct-reference: 2.1.1 BER',
      '149–153       arbitrary',
    ])
  })

  test('where user information stands, so that its owner can go on', () => {
    expect(explainApdu(full).userInformation).toEqual([
      { indirectReference: 3, from: 124, to: 128 },
      { indirectReference: 5, from: 141, to: 143 },
      { from: 152, to: 153 },
    ])
  })

  test('diagnostics in the words of their source', () => {
    const rejection = buildAARE({ applicationContextName: '1.2.3', result: 1, source: 'acse-service-provider', diagnostic: 2 })
    expect(lines(rejection).slice(3)).toEqual([
      '8–13   result',
      '10–13     INTEGER: 1 rejected-permanent',
      '13–20   result-source-diagnostic',
      '15–20     acse-service-provider',
      '17–20       INTEGER: 2 no-common-acse-version',
    ])
    expect(lines(buildAARE({ applicationContextName: '1.2.3', result: 1, diagnostic: 13 })).at(-1)).toMatch('13 authentication-failure')
  })

  test('releases and aborts', () => {
    expect(lines(unhex('62 03 80 01 01'))).toEqual(['0–5 RLRQ: A-RELEASE-REQUEST', '2–5   reason: 1 urgent'])
    expect(lines(unhex('63 03 80 01 01'))).toEqual(['0–5 RLRE: A-RELEASE-RESPONSE', '2–5   reason: 1 not-finished'])
    expect(lines(unhex('64 06 80 01 01 81 01 02'))).toEqual([
      '0–8 ABRT: A-ABORT',
      '2–5   abort-source: 1 acse-service-provider',
      '5–8   abort-diagnostic: 2 protocol-error',
    ])
  })

  test('indefinite lengths and their ends', () => {
    expect(lines(unhex('62 80 80 01 00 be 80 28 80 02 01 03 a0 80 30 80 05 00 00 00 00 00 00 00 00 00 00 00'))).toEqual([
      '0–28 RLRQ: A-RELEASE-REQUEST',
      '2–5   reason: 0 normal',
      '5–26   user-information',
      '7–24     EXTERNAL',
      '9–12       indirect-reference: 3',
      '12–22       single-ASN1-type',
      '20–22       end-of-contents',
      '22–24     end-of-contents',
      '24–26   end-of-contents',
      '26–28 end-of-contents',
    ])
    const explicit = lines(unhex('61 80 a1 80 06 02 2a 03 00 00 a2 03 02 01 00 a3 80 a1 80 02 01 00 00 00 00 00 00 00'))
    expect(explicit).toContain('17–24     acse-service-user')
    expect(explicit.slice(-4)).toEqual([
      '19–22       INTEGER: 0 null',
      '22–24     end-of-contents',
      '24–26   end-of-contents',
      '26–28 end-of-contents',
    ])
  })

  test('N-34: as a table beside its octets', () => {
    const octets = unhex('62 03 80 01 00')
    expect(renderTable(octets, explainApdu(octets).spans)).toContain('X.227, 9.1  packages/acse/src/asn1.ts')
  })
})

describe('what is broken, or of another edition', () => {
  test.each([
    ['', '0–0 no APDU of ACSE ← expected an APDU, found no octets'],
    ['ff', '0–1 no APDU of ACSE ← expected 60 to 64'],
    ['60', '0–1 AARQ: A-ASSOCIATE-REQUEST ← expected a length octet, found the end'],
    ['62 05 80 01', '0–4 RLRQ: A-RELEASE-REQUEST ← expected 5 octets, found 2'],
    ['62 82 01', '0–3 RLRQ: A-RELEASE-REQUEST ← expected 2 octets of length, found 1'],
    ['62 89 01 01 01 01 01 01 01 01 01', '0–11 RLRQ: A-RELEASE-REQUEST ← expected 9 octets of length, found 9'],
    ['62 80 80 01', '0–4 RLRQ: A-RELEASE-REQUEST ← an indefinite length, but no end-of-contents octets'],
    ['64 00', '0–2 ABRT: A-ABORT ← expected abort-source, found it absent'],
    ['61 00', '0–2 AARE: A-ASSOCIATE-RESPONSE ← expected application-context-name, result, result-source-diagnostic, found it absent'],
    ['65 00', '0–2 A-DT ← only in X.227 bis, refused'],
  ])('%s', (text, first) => {
    expect(lines(unhex(text))[0]).toBe(first)
  })

  test.each([
    ['octets behind the APDU', '63 00 05 00', '2–4 octets behind the APDU ← expected the end'],
    [
      'a value that has no meaning in its type',
      '62 02 80 00',
      '2–4   reason ← expected at least 1 octet for an INTEGER, found none, at octet 4',
    ],
    ['a primitive element of indefinite length', '62 02 80 80', '2–4   reason ← an indefinite length, but the element is primitive'],
    ['a field again', '62 06 80 01 00 80 01 01', '5–8   reason: 1 urgent ← out of order, or again'],
    ['an element X.227 does not define', '62 02 8e 00', '2–4   asoi-identifier (X.227 bis) ← not defined in X.227'],
    ['a tag in the form of no field', '60 08 a1 04 06 02 2a 03 81 00', '8–10   [1], not defined: ignored'],
    ['a reason in constructed form', '62 05 a0 03 02 01 00', '2–7   [0], not defined ← not defined in X.227'],
    ['a universal element', '62 02 05 00', '2–4   NULL, not defined ← not defined in X.227'],
    [
      'the same in an AARQ, where it is ignored',
      '60 06 a1 04 06 02 2a 03 8f 01 07'.replace('60 06', '60 09'),
      '8–11   called-asoi-tag (X.227 bis): ignored',
    ],
    ['an AARQ field with nothing inside', '60 02 a1 00', '2–4   application-context-name ← expected one element inside, found none'],
    ['a title in neither form', '60 0a a1 04 06 02 2a 03 a6 02 05 00', '10–12     NULL ← expected form 1 or form 2'],
    ['a diagnostic of no source', '61 04 a3 02 a4 00', '4–6     [4] ← expected [1] or [2]'],
    ['an EXTERNAL that is none', '62 04 be 02 30 00', '4–6     SEQUENCE ← expected an EXTERNAL'],
    ['an EXTERNAL of unknown encoding', '62 06 be 04 28 02 a4 00', '6–8       [4] ← expected one of three encodings'],
    ['an object identifier of another tag', '60 05 a1 03 02 01 01', '4–7     OBJECT IDENTIFIER ← found INTEGER'],
    ['an unfinished tag number', '62 03 bf ff ff', '2–5   [16383], not defined ← the tag number does not end'],
    ['a high tag number', '62 04 bf 48 01 05', '2–6   [72], not defined ← not defined in X.227'],
  ])('%s', (_, text, line) => {
    expect(lines(unhex(text))).toContain(line)
  })

  test('what only the decoder notices is said of the whole APDU', () => {
    expect(lines(unhex('62 07 be 05 28 03 02 01 03'))[0]).toBe(
      '0–9 RLRQ: A-RELEASE-REQUEST ← expected encoding [0], found it absent, at octet 9',
    )
  })

  test('elements nobody declared are taken apart to a depth, and no further', () => {
    const deep = (levels: number) =>
      Array.from({ length: levels }).reduce<string>(inner => `30 ${unhex(inner).length.toString(16).padStart(2, '0')} ${inner}`, '05 00')
    const octets = unhex(`62 ${(unhex(deep(30)).length + 2).toString(16)} ae ${unhex(deep(30)).length.toString(16)} ${deep(30)}`)
    const depths = explainApdu(octets).spans.map(span => span.depth)
    expect(Math.max(...depths)).toBe(16)
  })

  test('long texts and long bit strings are shortened', () => {
    const octets = buildAARQ({
      applicationContextName: '1.2',
      implementationInformation: 'x'.repeat(500),
      protocolVersion: { octets: new Uint8Array(100).fill(255), size: 800 },
    })
    for (const { value } of explainApdu(octets).spans) expect(value?.length ?? 0).toBeLessThan(500)
  })

  test('arbitrary octets are named, every one of them in exactly one leaf, and never throw', () => {
    const start = fc.constantFrom(0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67)
    const mutated = fc.tuple(fc.nat(full.length - 1), fc.nat(255), fc.nat(full.length)).map(([at, value, length]) => {
      const copy = Uint8Array.from(full.subarray(0, length))
      if (at < copy.length) copy[at] = value
      return copy
    })
    const any = fc.tuple(start, fc.uint8Array({ maxLength: 60 })).map(([first, rest]) => Uint8Array.of(first, ...rest))
    fc.assert(
      fc.property(fc.oneof(mutated, any, fc.uint8Array({ maxLength: 20 })), octets => {
        const { spans, userInformation, secrets } = explainApdu(octets)
        const named = new Uint8Array(octets.length)
        for (const span of spans) {
          expect(span.from).toBeGreaterThanOrEqual(0)
          expect(span.to).toBeLessThanOrEqual(octets.length)
          expect(span.to).toBeGreaterThanOrEqual(span.from)
          named.fill(1, span.from, span.to)
        }
        expect(named.every(one => one === 1)).toBe(true)
        // What is innermost at an octet is one: no two spans of a level share it, and each lies within the one it belongs to.
        const open: { from: number; to: number; depth: number }[] = []
        for (const span of spans.filter(({ from, to }) => to > from)) {
          while (open.length > 0 && open.at(-1)!.depth >= span.depth) expect(open.pop()!.to).toBeLessThanOrEqual(span.from)
          const around = open.at(-1)
          if (around) expect(around.from <= span.from && span.to <= around.to).toBe(true)
          open.push(span)
        }
        for (const { from, to } of [...userInformation, ...secrets]) expect(0 <= from && from <= to && to <= octets.length).toBe(true)
        const problems = spans.filter(span => span.problem !== undefined)
        // A decoder does not look into elements of any type; explain does.
        if (decodes(octets)) expect(problems.filter(span => span.depth < 2)).toEqual([])
        else expect(problems).not.toEqual([])
      }),
      { numRuns: 3000 },
    )
  })

  test('each octet of an AARQ in turn, changed to tags of all kinds: what the decoder takes is not called broken', () => {
    for (let at = 0; at < full.length; at++) {
      for (const tag of [0x00, 0x80, 0x8d, 0x8e, 0x8f, 0x90, 0x9f, 0xa0, 0xae, 0xaf, 0xb0, 0xbf, 0x5f, 0xff]) {
        const octets = Uint8Array.from(full)
        octets[at] = tag
        const problems = explainApdu(octets).spans.filter(span => span.problem !== undefined)
        if (decodes(octets)) expect(problems.filter(span => span.depth < 2)).toEqual([])
        else expect(problems).not.toEqual([])
      }
    }
  })

  test('a nest of indefinite lengths takes linear time', () => {
    const octets = new Uint8Array(65_000)
    octets.set(unhex('62 80'))
    for (let i = 2; i < octets.length; i += 2) octets.set([0x30, 0x80], i)
    expect(explainApdu(octets).spans.length).toBeLessThan(100)
  })
})

function decodes(octets: Uint8Array): boolean {
  try {
    decodeApdu(octets)
    return true
  } catch {
    return false
  }
}

describe('authentication values', () => {
  const shown = (octets: Uint8Array, options = {}) =>
    JSON.stringify(explainApdu(octets, options)) + renderTable(maskAuthentication(octets), explainApdu(octets).spans)

  test('are hidden, unless an option asks', () => {
    expect(shown(full)).not.toContain(secret)
    expect(lines(full, { revealAuthentication: true })).toContain(`82–95     charstring: "${secret}"`)
    expect(lines(unhex('60 0c ac 0a a3 08 06 02 2a 03 04 02 01 02'), { revealAuthentication: true })).toEqual(
      expect.arrayContaining(['4–14     other: 06 02 2a 03 04 02 01 02', '10–14       OCTET STRING']),
    )
  })

  test('are hidden in a broken APDU too', () => {
    for (let length = 0; length < full.length; length++) {
      const masked = maskAuthentication(full.subarray(0, length))
      expect(String.fromCharCode(...masked)).not.toContain('TopS')
      expect(shown(full.subarray(0, length))).not.toContain('TopS')
    }
  })

  test('their octets become asterisks, all others stay', () => {
    const masked = maskAuthentication(full)
    expect(String.fromCharCode(...masked.subarray(84, 95))).toBe('*'.repeat(secret.length))
    expect([...masked].filter((octet, i) => octet !== full[i])).toHaveLength(secret.length)
    expect(lines(unhex('60 04 ac 02 05 00'))).toContain('4–6     NULL: hidden ← expected [0] to [3]')
    expect(maskAuthentication(unhex('60 05 8c 03 61 62 63'))).toEqual(unhex('60 05 8c 03 2a 2a 2a'))
    for (const [tag, name] of [
      ['81', 'bitstring'],
      ['a2', 'external'],
      ['a3', 'other'],
    ]) {
      expect(lines(unhex(`60 05 ac 03 ${tag} 01 00`))).toContain(`4–7     ${name}: hidden`)
    }
  })
})
