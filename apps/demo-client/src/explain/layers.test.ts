import { readdirSync, readFileSync } from 'node:fs'
import { unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import { isBroken, LayerExplainer, layerNames, type Section } from './layers.js'

interface Recording {
  readonly segments: readonly { readonly dir: 'c2s' | 's2c'; readonly octets: string }[]
}

const vectors = new URL('../../../../vectors/', import.meta.url)

/** Every recorded conversation. */
function recordings(): readonly (readonly [string, Recording])[] {
  return readdirSync(vectors, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.json'))
    .map(file => [file, JSON.parse(readFileSync(new URL(file, vectors), 'utf8')) as Recording] as const)
    .filter(([, { segments }]) => Array.isArray(segments))
}

/** The octets of each direction, as they went over the connection. */
function directionsOf({ segments }: Recording): readonly Uint8Array[] {
  return (['c2s', 's2c'] as const).map(way =>
    unhex(
      segments
        .filter(({ dir }) => dir === way)
        .map(({ octets }) => octets)
        .join(''),
    ),
  )
}

/** Scripted peers send what no real one does; the other one is a fault of the recorded client: a length that is 7 too large. */
function isMadeBroken(name: string): boolean {
  return name.startsWith('scripted') || name.endsWith('assoc-auth-none-mechanism.json')
}

function coversAll({ octets, spans }: Section): boolean {
  const covered = new Uint8Array(octets.length)
  for (const { from, to } of spans) covered.fill(1, from, to)
  return covered.every(one => one === 1)
}

describe('LayerExplainer', () => {
  const all = recordings()

  test('there are recordings', () => {
    expect(all.length).toBeGreaterThan(20)
  })

  test.each(all)('names every octet of %s, and finds nothing broken but what was made so', (name, recording) => {
    for (const octets of directionsOf(recording)) {
      if (octets.length === 0) continue
      const sections = new LayerExplainer().explain(octets)
      expect(sections.filter(section => !coversAll(section))).toEqual([])
      const problems = sections.flatMap(({ spans }) => spans.filter(span => span.problem !== undefined))
      if (!isMadeBroken(name)) expect(problems).toEqual([])
      expect(sections.reduce((sum, section) => sum + (section.at === undefined ? 0 : section.octets.length), 0)).toBe(octets.length)
    }
  })

  test('every PDU of MMS in them is explained as one', () => {
    const labels = new Set(
      all
        .flatMap(([, recording]) => directionsOf(recording))
        .flatMap(octets => new LayerExplainer().explain(octets))
        .flatMap(({ spans }) => spans.filter(span => span.layer === 'MMS' && span.depth === 0).map(span => span.label)),
    )
    for (const pdu of [
      'initiate-RequestPDU',
      'initiate-ResponsePDU',
      'confirmed-RequestPDU',
      'confirmed-ResponsePDU',
      'confirmed-ErrorPDU',
      'unconfirmed-PDU',
      'conclude-RequestPDU',
    ]) {
      expect(labels).toContain(pdu)
    }
  })

  test('authentication values are neither in the octets nor in the spans', () => {
    const [, recording] = all.find(([name]) => name.endsWith('assoc-auth-password-ok.json'))!
    const [client] = directionsOf(recording)
    const text = Buffer.from(client!).toString('latin1')
    const at = text.indexOf(String.fromCharCode(0x8b, 3, 0x52, 3, 1, 0xac, 9, 0x80, 7)) + 9
    const secret = text.slice(at, at + 7)
    expect([...secret].every(character => character > ' ' && character < '~')).toBe(true)
    expect(secret).toHaveLength(7)
    const sections = new LayerExplainer().explain(client!)
    expect(sections.map(({ octets }) => Buffer.from(octets).toString('latin1')).join('')).not.toContain(secret)
    expect(JSON.stringify(sections.map(({ spans }) => spans))).not.toContain(secret)
    expect(sections.some(({ octets }) => Buffer.from(octets).toString('latin1').includes('*******'))).toBe(true)
  })

  test('a conversation cut at any octet is explained, broken only at its end', () => {
    const [, recording] = all.find(([name]) => name.endsWith('assoc-conclude-release.json'))!
    const [client] = directionsOf(recording)
    const whole = new LayerExplainer().explain(client!).length
    for (let length = 0; length < client!.length; length++) {
      const sections = new LayerExplainer().explain(client!.subarray(0, length))
      expect(sections.length).toBeLessThanOrEqual(whole)
      expect(sections.slice(0, -1).some(section => isBroken([section]))).toBe(false)
    }
  })

  test('arbitrary octets never throw, at any layer', () => {
    let seed = 7
    const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) >> 16
    for (let run = 0; run < 500; run++) {
      const octets = Uint8Array.from({ length: random() % 64 }, () => random() % 256)
      if (run % 2) octets.set([3, 0, 0, octets.length].slice(0, octets.length))
      for (const layer of layerNames) expect(() => new LayerExplainer().explain(octets, layer)).not.toThrow()
    }
  })
})
