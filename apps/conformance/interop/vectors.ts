import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Segment, segmentFlags } from './pcap.js'

/** A recorded conversation, as vectors/README.md has it. */
export interface Vector {
  readonly name: string
  readonly irregular?: readonly string[]
  readonly segments: readonly { readonly stream?: number; readonly dir: string; readonly octets: string }[]
  readonly pdus: readonly { readonly layer: string; readonly pdu: string; readonly service?: string; readonly invokeId?: number }[]
}

const folder = fileURLToPath(new URL('../../../vectors/', import.meta.url))

/** Every vector of a folder. */
export function vectorsOf(group: string): Vector[] {
  return readdirSync(join(folder, group)).map(file => loadVector(group, file))
}

export function loadVector(group: string, file: string): Vector {
  return JSON.parse(readFileSync(join(folder, group, file), 'utf8')) as Vector
}

/** The segments of several vectors, as if they had been recorded in one go; each TCP connection gets a number of its own. */
export function segmentsOf(...read: readonly Vector[]): Segment[] {
  const segments: Segment[] = []
  for (const [number, vector] of read.entries()) {
    for (const { stream, dir, octets } of vector.segments) {
      if (octets === '') continue
      segments.push({
        at: 1_700_000_000_000 + segments.length,
        stream: number * 4 + (stream ?? 0),
        fromClient: dir === 'c2s',
        octets: Uint8Array.from(Buffer.from(octets, 'hex')),
        flags: segmentFlags.data,
      })
    }
  }
  return segments
}
