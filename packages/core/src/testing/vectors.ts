import { unhex } from '../octets.js'

/** Which way octets went: `c2s` from the side that opened the TCP connection. */
export type Direction = 'c2s' | 's2c'

/** What one TCP segment carried, or how a side ended. */
export interface RecordedSegment {
  /** Number of the TCP connection. */
  readonly stream: number
  readonly dir: Direction
  readonly octets: Uint8Array
  readonly end?: 'fin' | 'rst'
}

/** A PDU as an independent decoder found it; the members are described in `vectors/README.md`. */
export interface RecordedPdu {
  readonly stream: number
  readonly dir: Direction
  readonly layer: 'cotp' | 'spdu' | 'acse' | 'mms'
  readonly pdu: string
  readonly service?: string
  readonly invokeId?: number
  readonly len?: number
  readonly tpdus?: number
}

/** A recorded conversation. */
export interface Recording {
  readonly name: string
  readonly holds: string
  readonly client: string
  readonly server: string
  /** Directions that hold something the standards do not allow. */
  readonly irregular: readonly Direction[]
  /** In the order of time. */
  readonly segments: readonly RecordedSegment[]
  /** In the order of time. */
  readonly pdus: readonly RecordedPdu[]
}

/** What one side sent before the other had its say. */
export interface Turn {
  readonly dir: Direction
  readonly octets: Uint8Array
  /** The side ended behind these octets. */
  readonly end?: 'fin' | 'rst'
}

interface File {
  readonly name?: unknown
  readonly holds?: string
  readonly client?: string
  readonly server?: string
  readonly irregular?: readonly Direction[]
  readonly segments?: readonly { stream?: number; dir: Direction; octets: string; end?: 'fin' | 'rst' }[]
  readonly pdus?: readonly (Omit<RecordedPdu, 'stream'> & { stream?: number })[]
}

/** A file of `vectors/` after `JSON.parse`, in full: octets instead of hex, defaults filled in. @returns undefined for one that is no conversation */
export function readRecording(parsed: unknown): Recording | undefined {
  const { name, holds = '', client = '', server = '', irregular = [], segments, pdus } = parsed as File
  if (typeof name !== 'string' || segments === undefined || pdus === undefined) return undefined
  return {
    name,
    holds,
    client,
    server,
    irregular,
    segments: segments.map(({ stream = 0, octets, ...rest }) => ({ stream, octets: unhex(octets), ...rest })),
    pdus: pdus.map(({ stream = 0, ...rest }) => ({ stream, ...rest })),
  }
}

/** Numbers of the TCP connections, in the order in which they began. */
export function streamsOf({ segments }: Recording): readonly number[] {
  return [...new Set(segments.map(({ stream }) => stream))]
}

/** All that one side sent on a TCP connection. */
export function octetsOf({ segments }: Recording, stream: number, dir: Direction): Uint8Array {
  return joined(segments.filter(segment => segment.stream === stream && segment.dir === dir).map(({ octets }) => octets))
}

/** A TCP connection as a dialogue: what one side sent in several segments without a word of the other is one turn. */
export function turnsOf({ segments }: Recording, stream: number): readonly Turn[] {
  const turns: { dir: Direction; parts: Uint8Array[]; end?: 'fin' | 'rst' }[] = []
  for (const { dir, octets, end, ...segment } of segments) {
    if (segment.stream !== stream) continue
    let turn = turns.at(-1)
    if (turn?.dir !== dir || turn.end !== undefined) turns.push((turn = { dir, parts: [] }))
    turn.parts.push(octets)
    if (end !== undefined) turn.end = end
  }
  return turns.map(({ parts, ...turn }) => ({ ...turn, octets: joined(parts) }))
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
