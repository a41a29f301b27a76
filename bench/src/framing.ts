import { deepStrictEqual } from 'node:assert/strict'
import type { Channel } from '@x/core'
import { TpktMachine } from '@x/tpkt'
import { measure } from './measure.js'
import { atLeast, atMost, duration, type Row } from './report.js'
import { ratiosOf, spreadOf } from './statistics.js'

/** The longest packet, and one as long as an answer with a hundred structures. */
const LONG = 65_535
const SHORT = 2_442
/** What one Ethernet frame brings. */
const CHUNK = 1_460

/** Packets out of a stream: ours, and putting all chunks together until a packet is whole. */
export function framingRows(timing: { readonly rounds: number; readonly batch: number }): Row[] {
  const long = packet(LONG)
  const short = packet(SHORT)
  const frames = chunked(long, CHUNK)
  const bytes = { long: chunked(long, 1), short: chunked(short, 1) }
  const receiver = tpktReceiver()
  for (const chunks of [frames, bytes.long, bytes.short]) deepStrictEqual(receiver(chunks), concatenating(chunks))
  const timings = measure(
    [
      {
        name: 'octets',
        candidates: [
          { name: 'long', run: () => receiver(bytes.long) },
          { name: 'short', run: () => receiver(bytes.short) },
        ],
      },
      {
        name: 'frames',
        candidates: [
          { name: 'ours', run: () => receiver(frames) },
          { name: 'concatenation', run: () => concatenating(frames) },
        ],
      },
    ],
    timing,
  )
  const perOctet = (name: string, length: number) =>
    timings
      .get('octets')!
      .get(name)!
      .map(time => time / length)
  const ours = timings.get('frames')!.get('ours')!
  const concatenation = timings.get('frames')!.get('concatenation')!
  return [
    {
      goal: 17,
      what: 'framing octet by octet, per octet: 64 KB ÷ 2.4 KB',
      ours: `${spreadOf(perOctet('long', LONG)).median.toFixed(1)} ns`,
      baseline: `${spreadOf(perOctet('short', SHORT)).median.toFixed(1)} ns`,
      ratio: ratiosOf(perOctet('long', LONG), perOctet('short', SHORT)),
      target: atMost(1.5, 1.1),
    },
    {
      goal: 18,
      what: 'framing 64 KB in chunks of 1 460',
      ours: duration(spreadOf(ours).median),
      baseline: `concatenation: ${duration(spreadOf(concatenation).median)}`,
      ratio: ratiosOf(concatenation, ours),
      target: atLeast(20, 40),
    },
  ]
}

/** A TPKT of so many octets, header included. */
function packet(length: number): Uint8Array {
  const octets = new Uint8Array(length)
  octets.set([3, 0, length >>> 8, length & 0xff, 2, 0xf0, 0x80])
  return octets
}

function chunked(octets: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(octets.length / size) }, (_, i) => octets.subarray(i * size, (i + 1) * size))
}

/** @returns feeds chunks to one TpktMachine and gives the length of what it delivered last */
function tpktReceiver(): (chunks: readonly Uint8Array[]) => number {
  const channel: Channel = {
    write: () => true,
    end() {},
    destroy() {},
    pause() {},
    resume() {},
    onData() {},
    onDrain() {},
    onEnd() {},
    pending: 0,
    remote: 'bench',
  }
  let delivered = 0
  const machine = new TpktMachine(channel)
  machine.onDeliver = primitive => {
    if (primitive.type === 'N-DATA.indication') delivered = primitive.userData.length
  }
  return chunks => {
    delivered = 0
    for (const chunk of chunks) channel.onData(chunk)
    return delivered
  }
}

/** The simple way, and a denial of service: what is there is copied again with each chunk. */
function concatenating(chunks: readonly Uint8Array[]): number {
  let held: Uint8Array = new Uint8Array(0)
  let delivered = 0
  for (const chunk of chunks) {
    held = Buffer.concat([held, chunk])
    while (held.length >= 4) {
      const length = (held[2]! << 8) | held[3]!
      if (held.length < length) break
      delivered = held.subarray(4, length).length
      held = held.subarray(length)
    }
  }
  return delivered
}
