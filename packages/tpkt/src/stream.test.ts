import { readdirSync, readFileSync } from 'node:fs'
import { hex, unhex } from '@x/core'
import { joinedChannels, octetsOf, readRecording, recordDeliveries, streamsOf } from '@x/core/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explainTpkt } from './explain.js'
import { TpktMachine } from './machine.js'
import { encodeTpkt } from './packet.js'
import { strangerOf } from './strangers.js'

/** Feeds chunks to a machine. @returns the packets that came up, and why it closed */
function framesOf(chunks: Iterable<Uint8Array>, maxLength?: number): { frames: Uint8Array[]; machine: TpktMachine } {
  const { a } = joinedChannels()
  const machine = new TpktMachine(a, maxLength === undefined ? {} : { maxLength })
  const frames: Uint8Array[] = []
  machine.onDeliver = delivery => {
    if (delivery.type === 'N-DATA.indication') frames.push(delivery.userData)
  }
  for (const chunk of chunks) a.onData(chunk)
  return { frames, machine }
}

function cutAt(octets: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = []
  let from = 0
  for (const cut of [...cuts, octets.length]) {
    chunks.push(octets.subarray(from, cut))
    from = cut
  }
  return chunks
}

/** A number that tells lists of packets apart, without texts: there are many. */
function digestOf(frames: readonly Uint8Array[]): number {
  let digest = frames.length
  for (const frame of frames) {
    digest = (Math.imul(digest, 31) + frame.length) | 0
    for (let i = 0; i < frame.length; i++) digest = (Math.imul(digest, 31) + frame[i]!) | 0
  }
  return digest
}

/** Both ways of every TCP connection that was recorded. */
const recorded = readdirSync(new URL('../../../vectors/', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.json') && !path.startsWith('bench'))
  .map(path => readRecording(JSON.parse(readFileSync(new URL(`../../../vectors/${path}`, import.meta.url), 'utf8'))))
  .filter(recording => recording !== undefined)
  .flatMap(recording =>
    streamsOf(recording).flatMap(stream =>
      (['c2s', 's2c'] as const).map(dir => ({ name: `${recording.name} ${dir}`, octets: octetsOf(recording, stream, dir) })),
    ),
  )
  .filter(({ octets }) => octets.length > 0)

describe('T-03, RT-06, RT-07: any split and any coalescing gives the same packets', () => {
  test('T-03: packets of every size, short and the longest, in chunks of every size', () => {
    const tpdu = fc.oneof(
      fc.uint8Array({ minLength: 3, maxLength: 40 }),
      fc.integer({ min: 1_000, max: 65_531 }).map(length => new Uint8Array(length).map((_, i) => i * length)),
    )
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 9, max: 70_000 })), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fc.array(tpdu, { minLength: 1, maxLength: 5 }), sizes, (tpdus, steps) => {
        const octets = Buffer.concat(tpdus.map(one => encodeTpkt({ reserved: 0, tpdu: one })))
        const chunks: Uint8Array[] = []
        for (let at = 0, i = 0; at < octets.length; i++) {
          // Small steps first, then what is left in large ones, so that a case stays short.
          const step = i < 200 ? steps[i % steps.length]! : 70_000
          chunks.push(octets.subarray(at, at + step))
          at += step
        }
        const { frames } = framesOf(chunks)
        expect(frames.map(({ length }) => length)).toEqual(tpdus.map(({ length }) => length))
        expect(digestOf(frames)).toBe(digestOf(tpdus))
      }),
      { numRuns: 300 },
    )
  })

  test('F-08, RT-06: every cut, and every pair of cuts, of one side of a whole recorded dialogue', () => {
    const { octets } = recorded.find(({ name }) => name === 'assoc-identify-status c2s')!
    const whole = digestOf(framesOf([octets]).frames)
    let tried = 0
    for (let first = 0; first < octets.length; first++) {
      for (let second = first; second < octets.length; second++) {
        const { frames } = framesOf([octets.subarray(0, first), octets.subarray(first, second), octets.subarray(second)])
        if (digestOf(frames) !== whole) expect({ first, second, frames: frames.map(frame => hex(frame)) }).toBe('as in one piece')
        tried += 1
      }
    }
    expect(tried).toBeGreaterThan(50_000)
  })

  test('RT-06: everything recorded, at random cuts, gives what it gives in one piece', () => {
    expect(recorded.length).toBeGreaterThan(100)
    for (const { octets } of recorded) {
      const whole = framesOf([octets])
      fc.assert(
        fc.property(fc.uniqueArray(fc.nat(octets.length), { maxLength: 30 }), points => {
          const cut = framesOf(
            cutAt(
              octets,
              points.sort((x, y) => x - y),
            ),
          )
          expect(digestOf(cut.frames)).toBe(digestOf(whole.frames))
          expect(cut.machine.fault?.message).toBe(whole.machine.fault?.message)
        }),
        { numRuns: 10 },
      )
    }
  })

  test('RT-06: octet by octet costs the same per octet, however long the packet', () => {
    const timeOf = (length: number) => {
      const octets = encodeTpkt({ reserved: 0, tpdu: new Uint8Array(length) })
      const chunks = Array.from(octets, (_, i) => octets.subarray(i, i + 1))
      const times = Array.from({ length: 9 }, () => {
        const before = performance.now()
        for (let i = 0; i < 65_531; i += length) framesOf(chunks)
        return performance.now() - before
      })
      return Math.min(...times)
    }
    timeOf(65_531)
    const [short, long] = [timeOf(2_438), timeOf(65_531)]
    // Putting all together again for each octet takes 350 times as long.
    expect(long / short).toBeLessThan(10)
  })
})

describe('RT-08: a packet length that is not the end of its TPDU', () => {
  test.each([
    ['too short by two', '03 00 00 07 02 f0 80 aa bb', ['02 f0 80'], 'found aa'],
    ['too long by the next packet', '03 00 00 0e 02 f0 80 03 00 00 07 02 f0 80', ['02 f0 80 03 00 00 07 02 f0 80'], undefined],
  ])('RT-08: %s: the packet ends where its length says, and what is behind must be a packet', (_, text, expected, fault) => {
    const { frames, machine } = framesOf([unhex(text)])
    expect(frames.map(frame => hex(frame))).toEqual(expected)
    if (fault === undefined) expect(machine.fault).toBeUndefined()
    else expect(machine.fault?.message).toContain(fault)
  })
})

describe('RT-04: what a peer can make us hold', () => {
  test('RT-04: 1 000 headers that announce more than the cap hold nothing, 1 000 at the cap no more than the cap each', () => {
    const hold = (length: number) => {
      const before = process.memoryUsage().arrayBuffers
      const machines = Array.from({ length: 1_000 }, () => framesOf([Uint8Array.of(3, 0, length >> 8, length & 255)], 16_384).machine)
      return { machines, octets: process.memoryUsage().arrayBuffers - before }
    }
    const above = hold(16_385)
    expect(above.machines.every(({ state }) => state === 'CLOSED')).toBe(true)
    expect(above.octets).toBeLessThan(1_000_000)
    const at = hold(16_384)
    expect(at.machines.every(({ state }) => state === 'OPEN')).toBe(true)
    expect(at.octets).toBeLessThanOrEqual(16_384 * 1_000 + 1_000_000)
  })
})

describe('RT-01: who is speaking', () => {
  test.each([
    ['16 03 01 02 00', 'TLS', 'the peer speaks TLS'],
    ['15 03 03 00 02', 'TLS', 'the peer wants TLS'],
    ['17 03 03 00 20', 'TLS', 'in the middle'],
    ['47 45 54 20 2f', 'HTTP', 'HTTP'],
    ['48 54 54 50 2f', 'HTTP', 'HTTP'],
    ['53 53 48 2d 32', 'SSH', 'SSH'],
    ['32 01 00 00 00', 'S7', 'without TPKT and COTP'],
    ['02 f0 80 32 01', 'COTP', 'without TPKT'],
    ['68 04 07 00 00', 'IEC 60870-5-104', '60870-5-104'],
    ['05 64 05 c0 01', 'DNP3', 'DNP3'],
    ['ff fd 03 ff fb', 'Telnet', 'Telnet'],
    ['01 00 00 0b 06', 'RFC 983', 'obsolete'],
  ])('RT-01: octets %s are taken for %s, in the fault too', (text, protocol, words) => {
    const octets = unhex(text)
    expect(strangerOf(octets[0]!)).toMatchObject({ protocol, text: expect.stringContaining(words) })
    expect(framesOf([octets]).machine.fault?.message).toContain(words)
    // TLS is the one that has a remedy.
    expect(strangerOf(octets[0]!)!.text.includes('3782')).toBe(protocol === 'TLS')
  })

  test('RT-01: a packet of TPKT is no stranger, and neither are octets without a known beginning', () => {
    expect(strangerOf(3)).toBeUndefined()
    expect(strangerOf(0x99)).toBeUndefined()
  })
})

describe('a channel that has ended before', () => {
  test('RT-09: the machine is closed from the start, with the cause, and starts no timer', () => {
    const { a, b } = joinedChannels()
    b.destroy()
    const machine = new TpktMachine(a, {
      firstOctetTimeout: 10,
      timers: { after: () => expect.unreachable('a timer on a channel that has ended') },
    })
    const delivered = recordDeliveries(machine)
    expect(machine.state).toBe('CLOSED')
    expect(machine.fault?.code).toBe('NETWORK_RESET')
    a.onData(unhex('03 00 00 07 02 f0 80'))
    expect(delivered).toEqual([])
  })
})

describe('T-01: explained', () => {
  /** How often each octet is named by a span that holds no other, or left to the layer above. */
  function namedBy(octets: Uint8Array): number[] {
    const counts = new Array<number>(octets.length).fill(0)
    for (let at = 0; at < octets.length; ) {
      const { spans, userData, to } = explainTpkt(octets.subarray(at))
      for (const { from, to: end } of [...spans, ...(userData ? [userData] : [])]) for (let i = from; i < end; i++) counts[at + i]! += 1
      if (to === 0) break
      at += to
    }
    return counts
  }

  test('T-01: in everything recorded, cut off and changed, each octet is in exactly one leaf or in the TPDU', () => {
    for (const { name, octets } of recorded) {
      const all = (changed: Uint8Array) =>
        expect([name, hex(changed), new Set(namedBy(changed))]).toEqual([name, hex(changed), new Set([1])])
      all(octets)
      fc.assert(
        fc.property(fc.integer({ min: 1, max: octets.length }), fc.nat(octets.length - 1), fc.nat(255), (length, at, value) => {
          const changed = Uint8Array.from(octets.subarray(0, length))
          if (at < length) changed[at] = value
          all(changed)
        }),
        { numRuns: 10 },
      )
    }
  })

  test('T-01: where it breaks, the span says why', () => {
    const problem = (text: string) => explainTpkt(unhex(text)).spans.find(span => span.problem)?.problem
    expect(problem('16 03 01 02 00 01')).toContain('ClientHello')
    expect(problem('03 00 00 06 02 f0')).toContain('expected 7 to 65535')
    expect(problem('03 00 00 09 02 f0')).toContain('expected 9 octets, found 6')
  })
})
