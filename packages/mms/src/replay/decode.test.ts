import { octetsOf, streamsOf } from '@x/core/testing'
import { describe, expect, test } from 'vitest'
import { type choices, type Difference, differencesOf } from '../../test/differences.js'
import { dissect } from '../../test/dissect.js'
import { grouped, listed } from '../../test/expected.js'
import { type Direction, recordings } from '../../test/recordings.js'
import { decodeMmsPdu } from '../asn1/pdu.js'

/** Every direction of every recorded TCP connection, taken apart. */
const directions = recordings.flatMap(recording =>
  streamsOf(recording).flatMap(stream =>
    (['c2s', 's2c'] as const).map((dir: Direction) => ({
      name: recording.name,
      stream,
      dir,
      irregular: recording.irregular.includes(dir),
      expected: grouped(recording.pdus.filter(pdu => pdu.stream === stream && pdu.dir === dir)),
      ...dissect(octetsOf(recording, stream, dir)),
    })),
  ),
)
const layered = directions.flatMap(({ name, dir, irregular, units }) =>
  units.flatMap(({ layers }) => layers.map(pdu => ({ place: `${name} ${dir}`, irregular, pdu }))),
)
const count = (keys: readonly string[]) =>
  Object.fromEntries([...new Set(keys)].sort().map(key => [key, keys.filter(k => k === key).length]))

describe('F-08, M-10: recorded conversations, every PDU of every layer', () => {
  test('there is enough of them to prove something', () => {
    expect(recordings.length).toBeGreaterThanOrEqual(132)
    expect(count(layered.map(({ pdu }) => pdu.layer))).toEqual({
      acse: 387,
      cotp: 1844,
      mms: 1340,
      presentation: 1489,
      session: 1494,
      tpkt: 1844,
    })
  })

  test.each(directions.map(direction => [`${direction.name}, stream ${direction.stream}, ${direction.dir}`, direction] as const))(
    '%s: decodes to what an independent decoder found',
    (_, { units, expected, irregular }) => {
      expect(units.length).toBe(expected.length)
      for (const [i, unit] of units.entries()) {
        const found = listed(unit)
        if (unit.error === undefined) expect(found).toEqual(expected[i])
        else {
          // What cannot be read is broken by the record's own word, and as much of it as could be read is right.
          expect(irregular).toBe(true)
          expect(expected[i]!.slice(0, found.length)).toEqual(found)
        }
      }
    },
  )

  test('what cannot be read is known, and why', () => {
    const broken = directions.flatMap(({ name, dir, units, rest, error }) => [
      ...units.flatMap(unit => (unit.error ? [`${name} ${dir}: ${unit.error.layer} ${unit.error.code}`] : [])),
      ...(rest.length > 0 ? [`${name} ${dir}: ${error?.code ?? `an end inside a packet, behind ${rest.length} octets`}`] : []),
    ])
    expect(broken).toEqual([
      // An AARQ whose length exceeds what is there.
      'assoc-auth-none-mechanism c2s: presentation BER_LENGTH',
      // A length octet ff.
      'rawclient-reject-invalid-ber-in-read c2s: mms BER_LENGTH',
      'rawclient-tpkt-bad-version c2s: TPKT_VERSION',
      'rawclient-tpkt-len-4 c2s: TPKT_LENGTH',
      'rawclient-tpkt-too-long c2s: an end inside a packet, behind 107 octets',
      // An informationReport without results.
      'rawclient-unconfirmed-and-reject-to-server c2s: mms BER_MISSING',
      // Services that the peer does not serve, without their arguments.
      'rawclient-unsupported-services-rejected c2s: mms BER_MISSING',
      'rawclient-unsupported-services-rejected c2s: mms BER_MISSING',
      'rawclient-unsupported-services-rejected c2s: mms BER_TAG',
      'rawclient-unsupported-services-rejected c2s: mms BER_TAG',
      // protocol-version of the CPR is a BIT STRING with an unused bit and no bits.
      'fakeserver-session-refuse-with-cpr s2c: presentation BER_BITS',
    ])
  })

  test('every PDU has a name; one scripted client asks for a service that there is not', () => {
    const names = count(layered.map(({ pdu }) => `${pdu.layer} ${pdu.name}`))
    expect(names).toMatchObject({ 'cotp DT': 1579, 'session RF': 2, 'presentation ARU': 3, 'mms rejectPDU': 15, 'mms unconfirmedPDU': 68 })
    const untyped = layered.filter(({ pdu }) => pdu.layer === 'mms' && JSON.stringify(pdu.value).includes('"type":"unknown"'))
    expect(count(untyped.map(({ place }) => place))).toEqual({ 'rawclient-unsupported-services-rejected c2s': 1 })
  })

  test('what a peer encoded minimally, our encoders encode to the same octets: every layer, all but the exceptions named here', () => {
    const found = new Map<Difference, string[]>()
    for (const { place, irregular, pdu } of layered) {
      if (irregular) continue
      for (const difference of new Set(differencesOf(pdu)))
        found.set(difference, [...(found.get(difference) ?? []), `${place}: ${pdu.name}`])
    }
    const { 'TRUE as 01': trues, ...others } = Object.fromEntries([...found].map(([difference, places]) => [difference, count(places)]))
    expect(others).toEqual({
      'DEFAULT written': {
        'getnamelist-nvl-vmd-and-aa c2s: confirmedRequestPDU': 2,
        'nvl-define-read-delete-aa c2s: confirmedRequestPDU': 2,
        'nvl-define-read-delete-domain c2s: confirmedRequestPDU': 2,
        'nvl-errors c2s: confirmedRequestPDU': 1,
        'rawclient-deletenvl-scopes c2s: confirmedRequestPDU': 1,
      },
      'INTEGER with octets to spare': { 'rawclient-read-by-address c2s: confirmedRequestPDU': 1 },
      'empty session parameter': { 'assoc-selectors-absent c2s: CN': 1, 'assoc-selectors-absent s2c: AC': 1 },
    } satisfies { [D in Exclude<keyof typeof choices, 'TRUE as 01'>]: Record<string, number> })
    // The recorded peer writes every TRUE as 01, in both roles.
    expect(Object.values(trues!).reduce((sum, n) => sum + n, 0)).toBe(100)
  })

  test('what a peer encoded otherwise has the same value in our octets', () => {
    const otherwise = layered.filter(({ irregular, pdu }) => !irregular && pdu.layer === 'mms' && differencesOf(pdu).length > 0)
    expect(otherwise.length).toBeGreaterThan(100)
    for (const { pdu } of otherwise) {
      expect(pdu.again.length).toBeLessThanOrEqual(pdu.octets.length)
      expect(decodeMmsPdu(pdu.again).value).toEqual(pdu.value)
    }
  })
})
