import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Type } from '@x/ber'
import { hex, Sdu } from '@x/core'
import { joinedChannels } from '@x/core/testing'
import {
  type ConfirmedServiceName,
  confirmedServiceNames,
  confirmedServices,
  encodeMmsPdu,
  type MmsPdu,
  MmsServer,
  type UnconfirmedServiceName,
  unconfirmedServiceNames,
  unconfirmedServices,
} from '@x/mms'
import { openMms } from '@x/mms/open'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { arbitraryOf } from '../../../packages/mms/src/testing/arbitrary.js'
import { type DissectedFrame, type Dissection, dissect, hasTshark } from './dissect.js'
import { pcap, type Segment, segmentFlags } from './pcap.js'

const SAMPLES = 40
const PORT = 10_102

/** Services that tshark's description of MMS does not have, and what it lacks instead of them. */
const UNKNOWN_TO_TSHARK: Readonly<Record<string, string>> = {
  additionalService: 'it has none of the services inside',
  defineEventAction: 'it does not have the request inside',
  getEventActionAttributes: 'it does not have the request inside',
  ...Object.fromEntries(
    confirmedServiceNames.filter(({ tag }) => tag >= 80).map(({ name }) => [name, 'it has edition 1, without the services from 80 on']),
  ),
}

const names = [...confirmedServiceNames].filter(({ name }) => !(name in UNKNOWN_TO_TSHARK))
const absent = hasTshark() ? '' : ' – NOT RUN: tshark is not installed, `npm run interop` installs it'

/** PDUs of one service, and what they are. */
interface Case {
  readonly service: string
  readonly pdu: 'confirmed-Request' | 'confirmed-Response' | 'unconfirmed'
  readonly pdus: readonly MmsPdu[]
}

describe.skipIf(!hasTshark())(`another reader of MMS names what this one writes${absent}`, () => {
  const cases: readonly Case[] = [
    ...names.map(({ name }) => confirmed(name, 'request')),
    ...names.map(({ name }) => confirmed(name, 'response')),
    ...unconfirmedServiceNames.map(({ name }) => unconfirmed(name)),
  ]
  let read: { readonly frames: readonly DissectedFrame[]; readonly broken: ReadonlySet<number> }
  beforeAll(async () => {
    read = await readAll(cases)
  }, 120_000)

  test.each(cases.map((one, i) => [one.pdu, one.service, i] as const))('%s %s: tshark reads every value to its end', (pdu, service, at) => {
    const from = at * SAMPLES
    const frames = read.frames.slice(from, from + SAMPLES)
    expect(frames.map(frame => frame.pdus.at(-1))).toEqual(cases[at]!.pdus.map(() => expect.objectContaining({ layer: 'mms', pdu })))
    const called = pdu === 'confirmed-Response' ? (CALLED[service] ?? service) : service
    expect(new Set(frames.map(frame => serviceIn(frame)?.toLowerCase()))).toEqual(new Set([called.toLowerCase()]))
    const broken = cases[at]!.pdus.filter((_, i) => read.broken.has(from + i))
    expect(broken.map(one => hex(packet(one)))).toEqual([])
  })
})

function confirmed(name: ConfirmedServiceName, side: 'request' | 'response'): Case {
  const pdus = samplesOf(confirmedServices[name][side] as Type<unknown>).map((value, i): MmsPdu => {
    const pdu = { invokeID: i + 1, service: { type: name, value } }
    return { type: side === 'request' ? 'confirmedRequestPDU' : 'confirmedResponsePDU', value: pdu } as MmsPdu
  })
  return { service: name, pdu: side === 'request' ? 'confirmed-Request' : 'confirmed-Response', pdus }
}

function unconfirmed(name: UnconfirmedServiceName): Case {
  const values = samplesOf(unconfirmedServices[name] as Type<unknown>)
  return {
    service: name,
    pdu: 'unconfirmed',
    pdus: values.map(value => ({ type: 'unconfirmedPDU', value: { service: { type: name, value } } }) as MmsPdu),
  }
}

test('what tshark cannot judge is written down, each with the reason', () => {
  expect(Object.keys(UNKNOWN_TO_TSHARK)).toHaveLength(10)
})

function samplesOf(type: Type<unknown>): unknown[] {
  return fc.sample(arbitraryOf(type, 2).map(withoutAction).filter(isPlain), { numRuns: SAMPLES, seed: 9506 })
}

/** A notification may have a whole response or an error inside: those are judged by themselves. */
function withoutAction(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'actionResult' in value ? { ...value, actionResult: undefined } : value
}

/** Members that edition 1 does not have, where every value with them is one that tshark does not know. */
const SINCE_EDITION_2 = ['accessControlList', 'displayEnhancement', 'meaning', 'csExtension', 'identification']
/** Alternatives of which it has another idea, or that have PDUs inside which are judged by themselves. */
const ELSEWHERE = [
  // It stops at an empty NULL that is all there is inside an explicit tag.
  'undefined',
  'floatingPoint',
  'embeddedString',
]
/** What it calls otherwise. */
const CALLED: Readonly<Record<string, string>> = { reportEventActionStatus: 'reportActionStatus' }

/**
 * Whether edition 1 has such a value, too, and tshark looks into it: names in ASCII, numbers of up to 32 bits, the usual floating point formats, times
 * that are times, nothing external.
 */
function isPlain(value: unknown): boolean {
  if (typeof value === 'string')
    return value !== '' && !['1984010100', 'no time at all'].includes(value) && [...value].every(c => c >= ' ' && c <= '~')
  if (typeof value === 'bigint') return false
  if (typeof value === 'number') return !Number.isInteger(value) || Math.abs(value) <= 0x7fff_ffff
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return true
  if ('exponentWidth' in value) return !('octets' in value)
  if ('encoding' in value || SINCE_EDITION_2.some(name => name in value)) return false
  if ('type' in value && ELSEWHERE.includes(value.type as string)) return false
  return Object.values(value).every(isPlain)
}

/** Has tshark read all PDUs behind a real association, one frame for each. */
async function readAll(
  cases: readonly Case[],
): Promise<{ readonly frames: readonly DissectedFrame[]; readonly broken: ReadonlySet<number> }> {
  const opening = await association()
  const data = cases.flatMap(({ pdu, pdus }) => pdus.map(one => segment(packet(one), pdu === 'confirmed-Request')))
  const { frames, malformed, unreassembled } = await readBy([...opening, ...data])
  return {
    frames: frames.slice(opening.length),
    broken: new Set([...malformed, ...unreassembled].map(frame => frame - opening.length - 1)),
  }
}

function serviceIn(frame: DissectedFrame): string | undefined {
  return frame.pdus.at(-1)?.service
}

async function readBy(segments: readonly Segment[]): Promise<Dissection> {
  const folder = mkdtempSync(join(tmpdir(), 'oracle-'))
  const file = join(folder, 'all.pcap')
  writeFileSync(file, pcap(segments, PORT))
  const found = await dissect(file, PORT)
  rmSync(folder, { recursive: true })
  if (found === undefined) throw new TypeError('tshark could not read the capture')
  return found
}

/** What opens an association, as our own client and server send it. */
async function association(): Promise<Segment[]> {
  const { a, b } = joinedChannels()
  const server = new MmsServer({ model: { identity: { vendorName: 'v', modelName: 'm', revision: '1' } } })
  const accepted = server.accept(b)
  const mms = await openMms(a)
  await accepted
  const [sent, answered] = [a.written.slice(), b.written.slice()]
  mms.abort()
  return [
    { ...segment(new Uint8Array(), true), flags: segmentFlags.open },
    { ...segment(new Uint8Array(), false), flags: segmentFlags.opened },
    ...sent.flatMap((octets, i) => [segment(octets, true), ...(answered[i] === undefined ? [] : [segment(answered[i], false)])]),
  ]
}

function segment(octets: Uint8Array, fromClient: boolean): Segment {
  return { at: 1_700_000_000_000, stream: 0, fromClient, octets, flags: segmentFlags.data }
}

/** A PDU in P-DATA of context 3, S-DATA, a whole TSDU and a packet, put together here by hand. */
function packet(pdu: MmsPdu): Uint8Array {
  const sdu = new Sdu()
  encodeMmsPdu(pdu, sdu)
  const ppdu = element(0x61, element(0x30, new Uint8Array([2, 1, 3, ...element(0xa0, sdu.octets())])))
  const tsdu = [2, 0xf0, 0x80, 1, 0, 1, 0, ...ppdu]
  const length = tsdu.length + 4
  return new Uint8Array([3, 0, length >> 8, length & 0xff, ...tsdu])
}

function element(identifier: number, content: Uint8Array): Uint8Array {
  const { length } = content
  const octets = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return new Uint8Array([identifier, ...octets, ...content])
}
