import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type DissectedPdu, dissect, hasTshark } from './dissect.js'
import { pcap } from './pcap.js'
import { loadVector, segmentsOf, type Vector, vectorsOf } from './vectors.js'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dissect-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The segments of several vectors as one capture. */
function captureOf(...read: readonly Vector[]): string {
  const file = join(folder, 'capture.pcap')
  writeFileSync(file, pcap(segmentsOf(...read), 10_102))
  return file
}

const key = (pdu: DissectedPdu | Vector['pdus'][number]): string =>
  `${pdu.layer} ${pdu.pdu} ${pdu.pdu === 'reject' ? '' : (pdu.service ?? '')} ${pdu.invokeId ?? ''}`

for (const group of ['association', 'browse', 'control', 'reports', 'scripted-server', 'segmentation', 'services']) {
  test.runIf(hasTshark())(
    `tshark names the PDUs of vectors/${group} as the vectors do, through our capture files`,
    { timeout: 60_000 },
    async () => {
      const read = vectorsOf(group)
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
  const dissection = await dissect(captureOf(loadVector('scripted-client', 'rawclient-reject-invalid-ber-in-read.json')), 10_102)
  expect(dissection?.malformed).toHaveLength(1)
})

test('a file that is no capture is no dissection', async () => {
  const file = join(folder, 'none.pcap')
  writeFileSync(file, 'no capture')
  expect(await dissect(file, 102)).toBeUndefined()
})
