import { readdirSync, readFileSync } from 'node:fs'
import { hex, unhex } from '@x/core'
import { joinedChannels, recordDeliveries } from '@x/core/testing'
import { TpktMachine } from '@x/tpkt'
import { describe, expect, test } from 'vitest'
import { explainTpdu } from './explain.js'
import { TransportMachine } from './machine.js'
import { decodeTpdu, encodeTpdu } from './tpdu.js'

interface Recording {
  readonly name: string
  readonly segments: readonly { readonly stream?: number; readonly dir: 'c2s' | 's2c'; readonly octets: string }[]
}

/** Both directions of each TCP connection of each recorded conversation. */
const STREAMS = recordings().flatMap(({ name, segments }) => {
  const streams = new Map<string, string>()
  for (const { stream = 0, dir, octets } of segments) streams.set(`${stream} ${dir}`, `${streams.get(`${stream} ${dir}`) ?? ''}${octets}`)
  return [...streams].map(([key, octets]) => ({ name, key, octets: unhex(octets) }))
})
/** These are made to be no TPKT. */
const broken = new Set(['rawclient-tpkt-bad-version', 'rawclient-tpkt-len-4', 'rawclient-tpkt-too-long'])

function recordings(): Recording[] {
  const root = new URL('../../../vectors/', import.meta.url)
  return readdirSync(root, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && entry.name !== 'bench')
    .flatMap(({ name }) => readdirSync(new URL(`${name}/`, root)).map(file => new URL(`${name}/${file}`, root)))
    .filter(url => url.pathname.endsWith('.json'))
    .map(url => JSON.parse(readFileSync(url, 'utf8')) as Recording)
    .filter(recording => Array.isArray(recording.segments))
}

/** The TPDUs of a stream, which is fed in chunks of a size. */
function tpdusOf(octets: Uint8Array, size = octets.length): Uint8Array[] {
  const { a } = joinedChannels()
  const tpdus: Uint8Array[] = []
  const tpkt = new TpktMachine(a)
  tpkt.onDeliver = delivery => {
    if (delivery.type === 'N-DATA.indication') tpdus.push(delivery.userData)
  }
  for (let at = 0; at < octets.length; at += size) a.onData(octets.subarray(at, at + size))
  return tpdus
}

describe('recorded conversations of an independent peer', () => {
  test('there are some', () => {
    expect(STREAMS.length).toBeGreaterThan(100)
  })

  test.each(STREAMS)('$name, $key: every TPDU decodes, encodes to the same octets, and each octet has a name', ({ name, octets }) => {
    const tpdus = tpdusOf(octets)
    if (!broken.has(name)) expect(tpdus.reduce((sum, { length }) => sum + length + 4, 0)).toBe(octets.length)
    expect(tpdusOf(octets, 7)).toEqual(tpdus)
    for (const tpdu of tpdus) {
      const decoded = decodeTpdu(tpdu)
      expect(hex(encodeTpdu(decoded))).toBe(hex(tpdu))
      const { spans, userData } = explainTpdu(tpdu)
      expect(spans.some(span => span.problem && !span.label.startsWith('TPDU size'))).toBe(false)
      expect(spans[0]!.to + (userData ? userData.to - userData.from : 0)).toBe(tpdu.length)
    }
  })

  test('our responder takes every recorded client to its first data, whatever the chunks', () => {
    const clients = STREAMS.filter(({ key, name, octets }) => key.endsWith('c2s') && octets[5] === 0xe0 && !broken.has(name))
    expect(clients.length).toBeGreaterThan(40)
    for (const { octets, name } of clients) {
      for (const size of [1, 5, octets.length]) {
        const { a } = joinedChannels()
        const machine = new TransportMachine(new TpktMachine(a), { reference: 1 })
        const delivered = recordDeliveries(machine, delivery => {
          if (delivery.type === 'T-CONNECT.indication') machine.submit({ type: 'T-CONNECT.response' })
        })
        for (let at = 0; at < octets.length; at += size) a.onData(octets.subarray(at, at + size))
        const first = name.includes('class4') ? undefined : 'T-CONNECT.indication'
        expect(delivered[0]?.type).toBe(first)
      }
    }
  })

  test('our initiator takes every recorded server, and puts its segmented TSDUs together', () => {
    // One client asked for 64 octets and for a second connection; no server says either to us.
    const odd = ['rawclient-cr-tpdu-64', 'rawclient-second-cr']
    const servers = STREAMS.filter(
      ({ key, name, octets }) => key.endsWith('s2c') && octets[5] === 0xd0 && octets[10] === 0 && !odd.includes(name),
    )
    expect(servers.length).toBeGreaterThan(40)
    for (const { octets } of servers) {
      const { a } = joinedChannels()
      const machine = new TransportMachine(new TpktMachine(a), { reference: 1 })
      const delivered = recordDeliveries(machine)
      machine.submit({ type: 'T-CONNECT.request' })
      for (let at = 0; at < octets.length; at += 11) a.onData(octets.subarray(at, at + 11))
      expect(delivered[0]?.type).toBe('T-CONNECT.confirm')
      const tsdus = tpdusOf(octets).filter(tpdu => tpdu[1] === 0xf0 && tpdu[2]! >= 0x80).length
      expect(delivered.filter(({ type }) => type === 'T-DATA.indication')).toHaveLength(tsdus)
    }
  })
})
