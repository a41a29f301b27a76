import { DisconnectedError, hex, Sdu, UsageError, unhex } from '@x/core'
import { HandTimers, joinedChannels, recordDeliveries } from '@x/core/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TpktMachine } from './machine.js'
import { encodeTpkt } from './packet.js'
import type { NetworkDelivery } from './service.js'

/** A machine on one end of a pair of channels; the test holds the other end. */
function machine(options?: { maxLength?: number }) {
  const { a, b } = joinedChannels()
  const tpkt = new TpktMachine(a, options)
  const delivered = recordDeliveries(tpkt)
  return { tpkt, delivered, channel: a, peer: b, feed: (text: string) => a.onData(unhex(text)) }
}

function textOf(delivery: NetworkDelivery): string {
  if (delivery.type === 'N-DATA.indication') return hex(delivery.userData)
  return `disconnect ${delivery.cause?.code ?? 'in order'}`
}

function packets(...tpdus: Uint8Array[]): Uint8Array {
  return Uint8Array.from(tpdus.flatMap(tpdu => [...encodeTpkt({ reserved: 0, tpdu })]))
}

/** Feeds `octets` cut at `cuts` and says what came up. */
function fed(octets: Uint8Array, cuts: readonly number[]): string[] {
  const { delivered, channel } = machine()
  let from = 0
  for (const cut of [...cuts, octets.length]) {
    channel.onData(octets.subarray(from, cut))
    from = cut
  }
  return delivered.map(textOf)
}

const STREAM = packets(unhex('11 e0 00 00 00 01 00'), unhex('02 f0 80'), unhex('02 f0 80 01 02 03'), new Uint8Array(40).fill(7))

describe('T-02, T-03: packets out of any chunking', () => {
  test('RT-06: every cut, and every pair of cuts, of four packets gives the same', () => {
    const whole = fed(STREAM, [])
    expect(whole).toHaveLength(4)
    for (let first = 1; first < STREAM.length; first++) {
      expect(fed(STREAM, [first])).toEqual(whole)
      for (let second = first + 1; second < STREAM.length; second++) expect(fed(STREAM, [first, second])).toEqual(whole)
    }
  })

  test('RT-06: one octet at a time, and in chunks of every other size', () => {
    const whole = fed(STREAM, [])
    for (let size = 1; size <= STREAM.length; size++) {
      const cuts = Array.from({ length: Math.ceil(STREAM.length / size) - 1 }, (_, i) => (i + 1) * size)
      expect(fed(STREAM, cuts)).toEqual(whole)
    }
  })

  test('RT-06: any packets in any chunks come out as they went in', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 3, maxLength: 90 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(600), { maxLength: 12 }),
        (tpdus, points) => {
          const octets = packets(...tpdus)
          const cuts = [...new Set(points.map(point => point % octets.length))].sort((x, y) => x - y)
          expect(fed(octets, cuts)).toEqual(tpdus.map(tpdu => hex(tpdu)))
        },
      ),
    )
  })

  test('RT-07: many packets in one chunk and half of one behind: all whole ones at once, the rest when it is whole', () => {
    const { delivered, feed } = machine()
    feed('03 00 00 07 02 f0 80 03 00 00 08 02 f0 80 aa 03 00 00 09 02')
    expect(delivered.map(textOf)).toEqual(['02 f0 80', '02 f0 80 aa'])
    feed('f0 80 bb cc 03')
    expect(delivered.map(textOf)).toEqual(['02 f0 80', '02 f0 80 aa', '02 f0 80 bb cc'])
  })

  test('a packet inside a chunk is a view of it; one that straddles chunks has a buffer of exactly its size', () => {
    const { delivered, channel } = machine()
    const chunk = unhex('03 00 00 08 02 f0 80 aa 03 00 00 09 02')
    channel.onData(chunk)
    channel.onData(unhex('f0 80 bb cc'))
    const [inside, straddling] = delivered.map(delivery => (delivery as { userData: Uint8Array }).userData)
    expect(inside!.buffer).toBe(chunk.buffer)
    expect(straddling!.buffer.byteLength).toBe(5)
  })

  test('views of a Node Buffer are plain, so that their slice copies', () => {
    const { delivered, channel } = machine()
    const chunk = Buffer.from(unhex('03 00 00 08 02 f0 80 aa'))
    channel.onData(chunk)
    const { userData } = delivered[0] as { userData: Uint8Array }
    expect(userData.constructor).toBe(Uint8Array)
    expect(userData.slice().buffer).not.toBe(chunk.buffer)
  })

  test('a delivered packet stays as it was when more octets come', () => {
    const { delivered, channel } = machine()
    for (const octet of STREAM) channel.onData(Uint8Array.of(octet))
    const before = delivered.map(textOf)
    for (const octet of packets(new Uint8Array(40).fill(9))) channel.onData(Uint8Array.of(octet))
    expect(delivered.slice(0, 4).map(textOf)).toEqual(before)
  })

  test('the longest packet, octet by octet, is put together once', () => {
    const tpdu = new Uint8Array(65_531).map((_, i) => i)
    const { delivered, channel } = machine()
    for (const octet of encodeTpkt({ reserved: 0, tpdu })) channel.onData(Uint8Array.of(octet))
    expect(delivered).toEqual([{ type: 'N-DATA.indication', userData: tpdu }])
    expect((delivered[0] as { userData: Uint8Array }).userData.buffer.byteLength).toBe(65_531)
  })
})

describe('octets that are no TPKT', () => {
  test.each(Array.from({ length: 256 }, (_, version) => version).filter(version => version !== 3))(
    'RT-01: version %i closes at once, without an answer, before a second octet is there',
    version => {
      const { tpkt, delivered, channel, peer } = machine()
      let reset: unknown
      peer.onEnd = cause => {
        reset = cause
      }
      channel.onData(Uint8Array.of(version))
      expect(delivered).toEqual([{ type: 'N-DISCONNECT.indication', cause: tpkt.fault }])
      expect(tpkt.fault).toMatchObject({ code: 'TPKT_VERSION', layer: 'tpkt', offset: 0 })
      expect(tpkt.state).toBe('CLOSED')
      expect(channel.written).toEqual([])
      expect(reset).toBeInstanceOf(DisconnectedError)
    },
  )

  test.each([
    ['16 03 01 02 00 01', 'TLS'],
    ['47 45 54 20 2f 20', 'HTTP'],
    ['53 53 48 2d 32 2e', 'SSH'],
    ['32 01 00 00 00 00', 'S7'],
    ['01 00 00 0b 06 e0', 'RFC 983'],
  ])('RT-01: octets %s: the cause says what the peer may be speaking: %s', (text, name) => {
    const whole = machine()
    whole.feed(text)
    expect(whole.tpkt.fault?.message).toContain(name)
    const slow = machine()
    slow.feed(text.slice(0, 2))
    expect(slow.tpkt.fault?.message).toBe(whole.tpkt.fault?.message)
  })

  test('RT-02: the reserved octet is ignored, whatever it is', () => {
    for (let reserved = 0; reserved < 256; reserved++) {
      const { delivered, channel } = machine()
      channel.onData(Uint8Array.of(3, reserved, 0, 7, 2, 0xf0, 0x80))
      expect(delivered.map(textOf)).toEqual(['02 f0 80'])
    }
  })

  test.each([0, 1, 2, 3, 4, 5, 6])('RT-03: packet length %i closes', length => {
    for (const cuts of [[], [1, 2, 3, 4]]) {
      expect(fed(Uint8Array.of(3, 0, 0, length, 2, 0xf0, 0x80), cuts)).toEqual(['disconnect TPKT_LENGTH'])
    }
    const { tpkt, feed } = machine()
    feed(`03 00 00 0${length}`)
    expect(tpkt.fault).toMatchObject({ offset: 2, message: `packet length: expected 7 to 65535 at octet 2, found ${length}` })
  })

  test.each([7, 100, 16_384])('RT-04: with maxLength %i, one more closes before any of its body is held', maxLength => {
    const atLimit = machine({ maxLength })
    atLimit.channel.onData(Uint8Array.of(3, 0, maxLength >> 8, maxLength & 255))
    expect(atLimit.delivered).toEqual([])
    atLimit.channel.onData(new Uint8Array(maxLength - 4))
    expect(atLimit.delivered).toHaveLength(1)
    const above = machine({ maxLength })
    above.channel.onData(Uint8Array.of(3, 0, (maxLength + 1) >> 8, (maxLength + 1) & 255))
    expect(above.delivered.map(textOf)).toEqual(['disconnect TPKT_LENGTH'])
  })

  test('RT-04: the cap may be raised once the peer is known', () => {
    const { tpkt, delivered, feed } = machine({ maxLength: 8 })
    feed('03 00 00 08 02 f0 80 aa')
    tpkt.maxLength = 65_535
    feed('03 00 00 09 02 f0 80 aa bb')
    expect(delivered.map(textOf)).toEqual(['02 f0 80 aa', '02 f0 80 aa bb'])
  })

  test.each([6, 65_536, Number.NaN])('RT-04: a cap of %d is a usage error', maxLength => {
    expect(() => new TpktMachine(joinedChannels().a, { maxLength })).toThrow(UsageError)
  })

  test('packets in front of the broken one are still delivered, what follows is not', () => {
    const { delivered, feed } = machine()
    feed('03 00 00 07 02 f0 80 04 00 00 07 02 f0 80')
    feed('03 00 00 07 02 f0 80')
    expect(delivered.map(textOf)).toEqual(['02 f0 80', 'disconnect TPKT_VERSION'])
  })

  test('any octets in any chunks: nothing throws, and one disconnect at most', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 8 }), chunks => {
        const { delivered, channel } = machine()
        for (const chunk of chunks) channel.onData(chunk)
        expect(delivered.filter(delivery => delivery.type === 'N-DISCONNECT.indication').length).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('the end', () => {
  test('the peer closes in order: one indication without a cause', () => {
    const { tpkt, delivered, peer } = machine()
    peer.end()
    expect(delivered).toEqual([{ type: 'N-DISCONNECT.indication' }])
    expect(tpkt.state).toBe('CLOSED')
    expect(tpkt.fault).toBeUndefined()
  })

  test.each([1, 3, 4, 6])('RT-05: a close after %i octets of a packet: nothing partial, and the cause says so', length => {
    const { delivered, channel, peer } = machine()
    channel.onData(unhex('03 00 00 08 02 f0 80 aa').subarray(0, length))
    peer.end()
    const [expected, what] = length < 4 ? [4, 'packet header'] : [8, 'packet']
    expect(delivered).toEqual([{ type: 'N-DISCONNECT.indication', cause: expect.objectContaining({ code: 'TPKT_TRUNCATED' }) }])
    expect((delivered[0] as { cause: Error }).cause.message).toBe(`${what}: expected ${expected} octets, found ${length}`)
  })

  test('RT-05: a reset inside a packet: the cause is the reset', () => {
    const { delivered, feed, peer } = machine()
    feed('03 00 00 08 02 f0')
    peer.destroy()
    expect(delivered).toEqual([{ type: 'N-DISCONNECT.indication', cause: expect.objectContaining({ code: 'NETWORK_RESET' }) }])
  })

  test('N-DISCONNECT sends what was submitted before it, then closes, and nothing is delivered any more', () => {
    const { tpkt, delivered, channel, peer } = machine()
    const seen: string[] = []
    peer.onData = octets => seen.push(hex(octets))
    peer.onEnd = cause => seen.push(cause ? 'reset' : 'end')
    tpkt.submit({ type: 'N-DATA.request', userData: Sdu.of(unhex('02 f0 80')) })
    tpkt.submit({ type: 'N-DISCONNECT.request' })
    expect(seen).toEqual(['03 00 00 07 02 f0 80', 'end'])
    channel.onData(unhex('03 00 00 07 02 f0 80'))
    expect(delivered).toEqual([])
  })

  test('RT-09: a user who closes from inside a delivery gets nothing of the rest of the chunk', () => {
    const { a } = joinedChannels()
    const tpkt = new TpktMachine(a)
    const delivered = recordDeliveries(tpkt, () => tpkt.submit({ type: 'N-DISCONNECT.request' }))
    a.onData(unhex('03 00 00 07 02 f0 80 03 00 00 07 02 f0 80 03 00'))
    a.onData(unhex('00 07 02 f0 80'))
    expect(delivered.map(textOf)).toEqual(['02 f0 80'])
  })

  test('RT-09: octets that come before anybody listens are dropped without harm', () => {
    const { a } = joinedChannels()
    const tpkt = new TpktMachine(a)
    a.onData(unhex('03 00 00 07 02 f0 80'))
    expect(tpkt.state).toBe('OPEN')
  })

  test('once closed, every submit is a usage error and nothing is written', () => {
    const { tpkt, channel, peer } = machine()
    peer.end()
    expect(() => tpkt.submit({ type: 'N-DATA.request', userData: Sdu.of(unhex('02 f0 80')) })).toThrow(UsageError)
    expect(() => tpkt.submit({ type: 'N-DISCONNECT.request' })).toThrow(
      expect.objectContaining({ code: 'STATE', state: 'CLOSED', message: 'N-DISCONNECT.request is not allowed in state CLOSED' }),
    )
    expect(channel.written).toEqual([])
  })
})

describe('sending', () => {
  test('a TPDU gets its four octets in front, in its own buffer, and is written at once', () => {
    const { tpkt, channel } = machine()
    const userData = Sdu.of(unhex('02 f0 80 aa'))
    const { buffer } = userData
    tpkt.submit({ type: 'N-DATA.request', userData })
    expect(channel.written.map(octets => hex(octets))).toEqual(['03 00 00 08 02 f0 80 aa'])
    expect(channel.written[0]!.buffer).toBe(buffer.buffer)
  })

  test('a TPDU that fits no packet is an EncodeError, and nothing changes', () => {
    const { tpkt, channel } = machine()
    expect(() => tpkt.submit({ type: 'N-DATA.request', userData: Sdu.of(unhex('02 f0')) })).toThrow(
      expect.objectContaining({ name: 'EncodeError', code: 'TPKT_LENGTH' }),
    )
    expect(tpkt.state).toBe('OPEN')
    expect(channel.written).toEqual([])
  })

  test('two machines on joined channels carry anything both ways, whatever the chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 3, maxLength: 60 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 70 }),
        (tpdus, chunk) => {
          const { a, b } = joinedChannels({ chunk })
          const [left, right] = [new TpktMachine(a), new TpktMachine(b)]
          const atLeft = recordDeliveries(left)
          const atRight = recordDeliveries(right, delivery => {
            if (delivery.type === 'N-DATA.indication') right.submit({ type: 'N-DATA.request', userData: Sdu.of(delivery.userData) })
          })
          for (const tpdu of tpdus) left.submit({ type: 'N-DATA.request', userData: Sdu.of(tpdu) })
          expect(atRight.map(textOf)).toEqual(tpdus.map(tpdu => hex(tpdu)))
          expect(atLeft).toEqual(atRight)
        },
      ),
    )
  })

  test('the machine leaves onDrain of the channel to others', () => {
    const { a } = joinedChannels()
    const onDrain = () => {}
    a.onDrain = onDrain
    new TpktMachine(a)
    expect(a.onDrain).toBe(onDrain)
  })
})

describe('F-02: a packet that does not come to its end', () => {
  const open = () => {
    const { a, b } = joinedChannels()
    const timers = new HandTimers()
    const machine = new TpktMachine(a, { timers })
    const delivered = recordDeliveries(machine)
    return { a, b, timers, machine, delivered }
  }

  test('is given up after ten seconds, however many octets come meanwhile', () => {
    const { b, timers, machine, delivered } = open()
    for (const octet of unhex('03 00 00 20 01 02 03 04 05')) {
      b.write(Uint8Array.of(octet))
      timers.advance(1_000)
    }
    expect(delivered).toEqual([])
    timers.advance(1_000)
    expect(delivered).toMatchObject([{ type: 'N-DISCONNECT.indication', cause: { name: 'TimeoutError', code: 'TPKT_TIMEOUT' } }])
    expect(machine.state).toBe('CLOSED')
    expect(timers.pending).toBe(0)
  })

  test('each packet has its own time, and none runs between packets', () => {
    const { b, timers, delivered } = open()
    b.write(unhex('03 00 00 08 02'))
    timers.advance(9_000)
    b.write(unhex('f0 80 01 03 00'))
    timers.advance(9_000)
    b.write(unhex('00 07 02 f0 80'))
    expect(delivered).toHaveLength(2)
    expect(timers.pending).toBe(0)
    b.write(unhex('03'))
    expect(timers.pending).toBe(1)
    b.end()
    expect(timers.pending).toBe(0)
  })
})

test('F-01: a peer that sends nothing is given up, one that sends an octet is not', () => {
  for (const [octets, code] of [
    ['', 'TPKT_SILENT'],
    ['03 00 00 07 02 f0 80', undefined],
  ] as const) {
    const { a, b } = joinedChannels()
    const timers = new HandTimers()
    const machine = new TpktMachine(a, { timers, firstOctetTimeout: 10_000 })
    const delivered = recordDeliveries(machine)
    timers.advance(9_999)
    b.write(unhex(octets))
    timers.advance(60_000)
    expect(machine.fault?.code).toBe(code)
    expect(delivered).toHaveLength(1)
    expect(timers.pending).toBe(0)
  }
})
