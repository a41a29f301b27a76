import { DecodeError, renderTable, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { spdus, variants } from '../test/harness.js'
import { spduFormats } from './codec.js'
import { explainTsdu } from './explain.js'
import { decodeTsdu } from './tsdu.js'

const lines = (text: string) =>
  explainTsdu(unhex(text)).spans.map(
    span =>
      `${'  '.repeat(span.depth)}${span.from}-${span.to} ${span.label}${span.value === undefined ? '' : `: ${span.value}`}${span.problem ? ` ! ${span.problem}` : ''}`,
  )
const rest = (text: string) => {
  const { spans, ...found } = explainTsdu(unhex(text))
  return found
}

describe('explain', () => {
  test('a CN, octet by octet', () => {
    expect(lines('0d 1a 01 04 0a 02 ca 11 05 06 13 01 00 16 01 03 14 02 00 02 34 02 00 01 c1 02 31 80')).toEqual([
      '0-28 CN: CONNECT',
      '  2-8 connection identifier',
      '    4-8 calling SS-user reference: ca 11',
      '  8-16 connect/accept item',
      '    10-13 protocol options: none',
      '    13-16 version number: version1, version2',
      '  16-20 session user requirements: duplex',
      '  20-24 called session selector: 00 01',
      '  24-28 user data: 2 octets',
    ])
  })

  test('data is one line, and the octets behind it are left to the presentation layer', () => {
    expect(lines('01 00 01 00 61 00')).toEqual(['0-6 GT, then DT'])
    expect(rest('01 00 01 00 61 00')).toEqual({ spdu: 'DT', userData: { from: 4, to: 6 } })
    expect(rest('01 00 01 00')).toEqual({ spdu: 'DT' })
    expect(rest('01 00')).toEqual({ spdu: 'GT' })
    expect(rest('')).toEqual({})
  })

  test.each([
    ['user data of a CN', '0d 04 c1 02 31 80', 'CN', 4, 6],
    ['extended user data', '0d 08 05 03 16 01 02 c2 01 31', 'CN', 9, 10],
    ['user data of an AC', '0e 04 c1 02 31 80', 'AC', 4, 6],
    ['what stands behind reason 2 of an RF', '0c 05 32 03 02 31 80', 'RF', 5, 7],
    ['user data of an AB', '19 07 11 01 0b c1 02 a0 80', 'AB', 7, 9],
    ['user information of a TD', '21 00 61', 'TD', 2, 3],
    ['user information of an enclosed TD', '21 03 19 01 03 61', 'TD', 5, 6],
    ['user information of an enclosed DT', '01 00 01 03 19 01 03 61', 'DT', 7, 8],
    ['what is there of user data cut short', '0a 06 c1 04 31 80', 'DN', 4, 6],
  ])('finds %s', (_, octets, spdu, from, to) => expect(rest(octets)).toEqual({ spdu, userData: { from, to } }))

  test('RF with another reason has no user data', () => {
    expect(rest('0c 04 32 02 81 00')).toEqual({ spdu: 'RF' })
    expect(lines('0c 04 32 02 81 00')[1]).toBe('  2-6 reason code: selectorUnknown, 1 octet of user data')
  })

  test('values have names', () => {
    expect(lines('19 03 11 01 15')[1]).toBe('  2-5 transport disconnect: released, protocolError, implementationRestriction')
    expect(lines('0d 05 05 03 1a 01 1b')[2]).toBe(
      "    4-7 token setting: release: initiator, majorActivity: responder, synchronizeMinor: called user's choice, data: reserved",
    )
    expect(lines('10 09 15 04 00 80 01 00 16 01 02')[1]).toBe('  2-8 TSDU maximum size: 128 from the initiator, 256 from the responder')
    expect(lines('07 03 18 01 04')[1]).toBe('  2-5 prepare type: abort')
    expect(lines('01 00 35 09 1a 01 00 2a 01 37 10 01 00').slice(2)).toEqual([
      '  4-7 token setting: {"release":"initiator","majorActivity":"initiator","synchronizeMinor":"initiator","data":"initiator"}',
      '  7-10 serial number: 7',
      '  10-13 token item: none ! RS.tokenItem: expected a code above 42 at octet 10, found 16',
    ])
    expect(lines('0d 04 08 00 33 00')).toEqual(['0-6 CN: CONNECT', '  2-4 parameter 8: ', '  4-6 calling session selector: absent'])
  })

  test.each([
    ['an unknown identifier', '40 00 61', ['0-3 not an SPDU: identifier 64 ! TSDU: expected an SPDU identifier at octet 0, found 64']],
    [
      'an unknown identifier behind GT',
      '01 00 40 61',
      ['0-2 GT: GIVE TOKENS', '2-4 not an SPDU: identifier 64 ! TSDU: expected an SPDU identifier at octet 2, found 64'],
    ],
    [
      'a length that runs over',
      '0a 05 c1 02',
      ['0-4 DN: DISCONNECT ! DN: expected a length of at most 2, found 5 at octet 1', '  2-4 user data: absent'],
    ],
    ['a lone SI', '0a', ['0-1 DN: DISCONNECT ! DN: expected a code and a length of 1 octet at octet 0, found 1 octet']],
    [
      'a value of the wrong length',
      '0d 05 14 03 00 02 00',
      ['0-7 CN: CONNECT', '  2-7 session user requirements: 00 02 00 ! CN.sessionUserRequirements: expected 2 octets at octet 4, found 3'],
    ],
    [
      'a parameter that runs over its group',
      '0d 06 05 03 13 01 00 00',
      [
        '0-8 CN: CONNECT',
        '  2-7 connect/accept item',
        '    4-7 protocol options: none',
        '  7-8 parameter 0:  ! CN.0: expected a code and a length of 1 octet at octet 7, found 1 octet',
      ],
    ],
    [
      'octets behind the SPDU',
      '1a 00 ff',
      ['0-2 AA: ABORT ACCEPT', '2-3 octets behind AA ! AA: expected the end of the TSDU at octet 2, found 1 more octets'],
    ],
    [
      'a third SPDU',
      '01 00 31 00 ff',
      [
        '0-2 GT: GIVE TOKENS',
        '2-4 MIP: MINOR SYNC POINT',
        '4-5 not an SPDU: identifier 255 ! TSDU: expected at most two SPDUs, found more octets at octet 4',
      ],
    ],
    [
      'an SPDU that may not follow',
      '02 00 01 00 61',
      [
        '0-2 PT: PLEASE TOKENS',
        '2-5 DT: DATA TRANSFER ! TSDU: DT may not stand behind PT, found at octet 2',
        '  4-5 user information: 1 octet',
      ],
    ],
    [
      'an SPDU of its own behind GT',
      '01 00 0d 00',
      ['0-2 GT: GIVE TOKENS', '2-4 CN, which may not stand here: identifier 13 ! TSDU: CN may not stand behind GT, found at octet 2'],
    ],
    ['an SPDU that never stands alone', '31 00', ['0-2 MIP: MINOR SYNC POINT ! TSDU: MIP never stands alone, found at octet 0']],
    [
      'a length longer than it need be',
      '0a ff 00 00',
      ['0-4 DN: DISCONNECT ! DN: expected a length of one octet for 0, found three at octet 1'],
    ],
    [
      'what only a lenient machine takes',
      '19 03 c1 01 a0',
      ['0-5 AB: ABORT ! AB.transportDisconnect: expected parameter 17, found none', '  2-5 user data: 1 octet'],
    ],
  ])('%s is named where it breaks', (_, octets, expected) => expect(lines(octets)).toEqual(expected))

  test('spans print as a table with clause and source', () => {
    const octets = unhex('19 03 11 01 05')
    expect(renderTable(octets, explainTsdu(octets).spans)).toContain('session  AB ABORT')
    expect(explainTsdu(octets).spans[1]).toMatchObject({
      clause: 'X.225, 8.3.9',
      source: 'packages/iso-session/src/spdu.ts',
      layer: 'session',
    })
  })

  test('S-07: extended concatenation is a fault, unless the receiver has agreed to it', () => {
    const octets = unhex('01 00 2d 03 29 01 61 31 03 2a 01 31 01 00 62')
    const labels = explainTsdu(octets, true).spans.filter(span => span.depth === 0)
    expect(labels.map(span => span.label)).toEqual(['GT', 'AS', 'MIP', 'DT'])
    expect(explainTsdu(octets, true)).toMatchObject({ spdu: 'DT', userData: { from: 14, to: 15 } })
    expect(explainTsdu(octets, true).spans.filter(span => span.problem)).toEqual([])
    expect(explainTsdu(octets).spans.find(span => span.problem)?.problem).toContain('expected at most two SPDUs')
  })

  test.each([
    ['the first segment of DT', '01 00 01 03 19 01 01 61', 'DT'],
    ['the last segment of FN', '09 06 19 01 02 c1 01 61', 'FN'],
    ['a CDO', '0f 06 19 01 02 c1 01 61', 'CDO'],
    ['a CN that announces more', '0d 0b 05 03 16 01 02 3c 01 01 c2 01 61', 'CN'],
    ['the first segment of RF', '0c 07 19 01 01 32 02 02 61', 'RF'],
  ])('S-12: %s holds a part of the user data: nothing for the presentation layer to read', (_, octets, spdu) => {
    expect(rest(octets)).toEqual({ spdu })
    expect(explainTsdu(unhex(octets)).spans.filter(span => span.problem)).toEqual([])
  })

  test('S-12: a segment of RF behind the first has data where the first has the reason', () => {
    expect(lines('0c 07 19 01 02 32 02 81 61')).toEqual(['0-9 RF: REFUSE', '  2-5 enclosure item: end', '  5-9 user data: 2 octets'])
  })

  /** Sound SPDUs of all kinds, cut, changed, and behind GT or PT. */
  const si = fc.constantFrom(...spduFormats.map(format => format.si), 64, 255)
  const codes = fc.constantFrom(1, 5, 16, 17, 20, 21, 22, 23, 25, 26, 33, 49, 50, 51, 52, 60, 193, 194, 77)
  const units = fc.array(
    fc.tuple(codes, fc.uint8Array({ maxLength: 5 })).map(([code, value]) => [code, value.length, ...value]),
    { maxLength: 5 },
  )
  const made = fc.tuple(si, units, fc.boolean()).map(([code, inner, long]) => {
    const octets = inner.flat()
    return Uint8Array.from([code, ...(long ? [0xff, 0] : []), octets.length, ...octets])
  })
  const vectors = fc.constantFrom(...Object.values({ ...spdus, ...variants }).map(octets => unhex(octets)))
  const sound = fc.oneof(made, vectors)
  const truncated = fc.tuple(sound, fc.nat()).map(([octets, at]) => octets.subarray(0, at % (octets.length + 1)))
  const broken = fc.tuple(sound, fc.nat(), fc.nat(255)).map(([octets, at, value]) => octets.with(at % octets.length, value))
  const behindGT = fc
    .tuple(fc.constantFrom(1, 2), fc.array(fc.oneof(sound, broken), { maxLength: 3 }))
    .map(([code, octets]) => Uint8Array.from([code, 0, ...octets.flatMap(each => [...each])]))
  const anything = fc.oneof(sound, truncated, broken, behindGT, fc.uint8Array({ maxLength: 30 }))

  test('every octet of anything has one innermost span; a span that holds others has only its own code and length besides', () => {
    fc.assert(
      fc.property(anything, fc.boolean(), (octets, extended) => {
        const { spans, userData } = explainTsdu(octets, extended)
        const holders = spans.map((span, i) => spans.slice(0, i).findLast(other => other.depth < span.depth))
        const starts = new Map<unknown, number>([[undefined, 0]])
        const ends = new Map<unknown, number>([[undefined, 0]])
        for (const [i, span] of spans.entries()) {
          expect(span.from).toBeLessThan(span.to)
          const holder = span.depth === 0 ? undefined : holders[i]
          if (holder) expect([holder.depth, holder.from < span.from && span.to <= holder.to]).toEqual([span.depth - 1, true])
          // Those of one holder stand side by side, without a gap.
          if (holder && !starts.has(holder)) starts.set(holder, span.from)
          else expect(span.from).toBe(ends.get(holder))
          ends.set(holder, span.to)
        }
        expect(ends.get(undefined)).toBe(octets.length)
        for (const [holder, from] of starts) {
          if (holder === undefined) continue
          const span = holder as (typeof spans)[number]
          expect(from - span.from).toBe(octets[span.from + 1] === 0xff ? 4 : 2)
          expect(ends.get(holder)).toBe(span.to)
        }
        if (userData) expect(userData.from < userData.to && userData.to <= octets.length).toBe(true)
      }),
      { numRuns: 3_000 },
    )
  })

  test('what does not decode has one problem, and what does has none', () => {
    fc.assert(
      fc.property(anything, octets => {
        const problems = explainTsdu(octets).spans.filter(span => span.problem)
        let decodes = true
        try {
          decodeTsdu(octets, {
            anyParameterOrder: false,
            longLengthIndicators: false,
            misplacedParameters: false,
            abortWithoutTransportDisconnect: false,
          })
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error
          decodes = octets.length === 0
        }
        expect(problems.length).toBe(decodes ? 0 : 1)
      }),
      { numRuns: 2_000 },
    )
  })
})
