import { benchPdus } from '../pdus.js'
import { readOurs, writeOurs } from './ours.js'

/** A process of its own, with a young generation so large that nothing is collected while it counts: octets allocated for one operation. */
const collect = globalThis.gc as () => void
const pdus = benchPdus()
const counts = {
  decodeB: allocated(() => readOurs(pdus.b.mms), 20_000),
  decodeC: allocated(() => readOurs(pdus.c.mms), 500),
  decodeD: allocated(() => readOurs(pdus.d.mms), 1_000),
  encodeB: encoding('b', 20_000),
  encodeC: encoding('c', 1_000),
}
export type Allocations = typeof counts
process.send!(counts)

function encoding(letter: 'b' | 'c', times: number): number {
  const value = readOurs(pdus[letter].mms)
  return allocated(() => writeOurs(value), times) - pdus[letter].mms.length
}

/** The most of three counts: memory of buffers that nobody holds may be given back while we count. */
function allocated(run: () => unknown, times: number): number {
  let sink: unknown
  for (let i = 0; i < 5 * times; i++) sink = run()
  let most = 0
  for (let count = 0; count < 3; count++) {
    collect()
    const before = held()
    for (let i = 0; i < times; i++) sink = run()
    most = Math.max(most, held() - before)
  }
  return sink === undefined ? Number.NaN : most / times
}

function held(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
