import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DissectedPdu, dissect, hasTshark } from './dissect.js'
import { pcap, type Segment, segmentFlags } from './pcap.js'

interface Vector {
  readonly name: string
  readonly segments: readonly { readonly stream?: number; readonly dir: string; readonly octets: string }[]
  readonly pdus: readonly { readonly layer: string; readonly pdu: string; readonly service?: string; readonly invokeId?: number }[]
}

const vectors = fileURLToPath(new URL('../../../vectors/', import.meta.url))
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dissect-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The segments of several vectors as one capture; each TCP connection gets a number of its own. */
function captureOf(...read: readonly Vector[]): string {
  const segments: Segment[] = []
  read.forEach((vector, number) => {
    for (const { stream, dir, octets } of vector.segments) {
      if (octets === '') continue
      const at = 1_700_000_000_000 + segments.length
      segments.push({
        at,
        stream: number * 4 + (stream ?? 0),
        fromClient: dir === 'c2s',
        octets: Uint8Array.from(Buffer.from(octets, 'hex')),
        flags: segmentFlags.data,
      })
    }
  })
  const file = join(folder, 'capture.pcap')
  writeFileSync(file, pcap(segments, 10_102))
  return file
}

function load(group: string, file: string): Vector {
  return JSON.parse(readFileSync(join(vectors, group, file), 'utf8')) as Vector
}

const key = (pdu: DissectedPdu | Vector['pdus'][number]): string =>
  `${pdu.layer} ${pdu.pdu} ${pdu.pdu === 'reject' ? '' : (pdu.service ?? '')} ${pdu.invokeId ?? ''}`

for (const group of ['association', 'browse', 'control', 'reports', 'scripted-server', 'segmentation', 'services']) {
  test.runIf(hasTshark())(
    `tshark names the PDUs of vectors/${group} as the vectors do, through our capture files`,
    { timeout: 60_000 },
    async () => {
      const read = readdirSync(join(vectors, group)).map(file => load(group, file))
      const dissection = await dissect(captureOf(...read), 10_102)
      expect(dissection?.malformed).toEqual([])
      expect(dissection?.unreassembled).toEqual([])
      expect(
        dissection?.frames
          .flatMap(frame => frame.pdus)
          .map(key)
          .sort(),
      ).toEqual(read.flatMap(vector => vector.pdus.map(key)).sort())
    },
  )
}

test.runIf(hasTshark())('a broken PDU is reported as malformed', async () => {
  const dissection = await dissect(captureOf(load('scripted-client', 'rawclient-reject-invalid-ber-in-read.json')), 10_102)
  expect(dissection?.malformed).toHaveLength(1)
})

test('a file that is no capture is no dissection', async () => {
  const file = join(folder, 'none.pcap')
  writeFileSync(file, 'no capture')
  expect(await dissect(file, 102)).toBeUndefined()
})
