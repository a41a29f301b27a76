import { hex, Sdu, sameOctets, tap, unhex } from '@x/core'
import { joinedChannels, recordDeliveries } from '@x/core/testing'
import { type NetworkService, TpktMachine } from '@x/tpkt'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CALLED, CALLING, heard, joined, transport, written } from '../test/harness.js'
import { TransportMachine } from './machine.js'
import { decodeTpdu } from './tpdu.js'

const counting = (length: number) => new Uint8Array(length).map((_, i) => i)

describe('C-11: a TSDU leaves as one or more DTs; X.224, 6.3', () => {
  test('a TSDU that fits gets three octets in front, in its own buffer', () => {
    const { machine, network } = transport().to('OPEN')
    const userData = Sdu.of(unhex('01 00 01 00'))
    machine.submit({ type: 'T-DATA.request', userData })
    expect(network.submitted).toEqual([{ type: 'N-DATA.request', userData }])
    expect(hex(userData.octets())).toBe('02 f0 80 01 00 01 00')
  })

  test('a DT longer than the negotiated TPDU size is split, and only the last part ends the TSDU', () => {
    const { send, take } = transport({ tpduSize: 128 }).to('OPEN')
    send(counting(300))
    const [first, second, third, ...more] = take().map(text => unhex(text))
    expect([first!.length, second!.length, third!.length, more]).toEqual([128, 128, 53, []])
    expect([first!, second!, third!].map(octets => hex(octets.subarray(0, 4)))).toEqual(['02 f0 00 00', '02 f0 00 7d', '02 f0 80 fa'])
  })

  test.each([128, 256, 8192, 65_531])('TSDUs around multiples of what a TPDU of %i octets carries', tpduSize => {
    const most = tpduSize - 3
    for (const length of [1, most - 1, most, most + 1, 2 * most - 1, 2 * most, 2 * most + 1]) {
      const { left, right, a } = joined({ left: { tpduSize }, right: { tpduSize } })
      const heardRight = recordDeliveries(right, delivery => {
        if (delivery.type === 'T-CONNECT.indication') right.submit({ type: 'T-CONNECT.response' })
      })
      left.submit({ type: 'T-CONNECT.request' })
      expect(left.tpduSize).toBe(tpduSize)
      const before = a.written.length
      left.submit({ type: 'T-DATA.request', userData: Sdu.of(counting(length)) })
      expect(a.written.length - before).toBe(Math.ceil(length / most))
      for (const octets of a.written.slice(before)) {
        expect(octets.length).toBeLessThanOrEqual(tpduSize + 4)
        expect(decodeTpdu(octets.subarray(4))).toMatchObject({ type: 'DT', number: 0, endOfTsdu: octets === a.written.at(-1) })
      }
      const last = heardRight.at(-1)
      expect(last?.type === 'T-DATA.indication' && sameOctets(last.userData, counting(length))).toBe(true)
    }
  })

  test('an empty TSDU has no encoding: X.224, 6.3.3 wins over "one DT with EOT"', () => {
    const { machine, send, take } = transport().to('OPEN')
    expect(() => send(new Uint8Array())).toThrow(expect.objectContaining({ name: 'EncodeError', code: 'COTP_EMPTY_TSDU' }))
    expect([machine.state, take()]).toEqual(['OPEN', []])
  })

  test('a peer that closes from inside the first segment gets no second one', () => {
    const { left, right, a } = joined({ left: { tpduSize: 128 }, right: { tpduSize: 128 } })
    recordDeliveries(right, delivery => {
      if (delivery.type === 'T-CONNECT.indication') right.submit({ type: 'T-CONNECT.response' })
    })
    const heardLeft = recordDeliveries(left)
    left.submit({ type: 'T-CONNECT.request' })
    const write = a.write.bind(a)
    a.write = octets => {
      const more = write(octets)
      right.submit({ type: 'T-DISCONNECT.request' })
      return more
    }
    left.submit({ type: 'T-DATA.request', userData: Sdu.of(counting(1000)) })
    expect(heardLeft.map(heard)).toEqual(['T-CONNECT.confirm', 'disconnect by peer'])
    expect(left.state).toBe('CLOSED')
  })
})

describe('C-11: DTs become TSDUs', () => {
  test('a TSDU in one DT is a view of what came; one in several has its own buffer', () => {
    const { delivered, feed } = transport().to('OPEN')
    const chunk = unhex('02 f0 80 01 02')
    feed(chunk)
    feed('02 f0 00 01')
    feed('02 f0 80 02')
    const [view, own] = delivered.map(delivery => (delivery as { userData: Uint8Array }).userData)
    expect(view!.buffer).toBe(chunk.buffer)
    expect(hex(own!)).toBe('01 02')
    expect(own!.buffer).not.toBe(chunk.buffer)
  })

  test('an empty last DT is legal, also for the strictest', () => {
    const { machine, delivered, feed } = transport({ strict: true }).to('OPEN')
    feed('02 f0 00 aa')
    feed('02 f0 80')
    expect(delivered.map(heard)).toEqual(['data aa'])
    expect(machine.tolerated).toEqual({})
  })

  test('TSDUs delivered stay as they are when more come', () => {
    const { delivered, feed } = transport().to('OPEN')
    for (const value of ['aa', 'bb', 'cc']) {
      feed(`02 f0 00 ${value}`)
      feed(`02 f0 80 ${value}`)
    }
    expect(delivered.map(heard)).toEqual(['data aa aa', 'data bb bb', 'data cc cc'])
  })

  test('reuseBuffers: one buffer serves TSDU after TSDU, also of other connections; one that comes during a delivery gets its own', () => {
    const [one, other] = [transport({ reuseBuffers: true }).to('OPEN'), transport({ reuseBuffers: true }).to('OPEN')]
    const buffers: ArrayBufferLike[] = []
    const seen: string[] = []
    let nested = false
    one.machine.onDeliver = delivery => {
      if (delivery.type !== 'T-DATA.indication') return
      buffers.push(delivery.userData.buffer)
      if (nested) {
        nested = false
        for (const part of ['02 f0 00 dd', '02 f0 80 dd']) one.feed(part)
      }
      seen.push(hex(delivery.userData))
    }
    other.machine.onDeliver = one.machine.onDeliver
    for (const part of ['02 f0 00 aa', '02 f0 80 aa']) one.feed(part)
    for (const part of ['02 f0 00 bb', '02 f0 80 bb']) other.feed(part)
    nested = true
    for (const part of ['02 f0 00 cc', '02 f0 80 cc']) one.feed(part)
    expect(seen).toEqual(['aa aa', 'bb bb', 'dd dd', 'cc cc'])
    expect(buffers[1]).toBe(buffers[0])
    expect(buffers[2]).toBe(buffers[0])
    expect(buffers[3]).not.toBe(buffers[0])
  })

  test('any cut of a TSDU into DTs gives the TSDU', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 8 }), parts => {
        const { delivered, feed } = transport().to('OPEN')
        for (const [index, part] of parts.entries()) feed(Uint8Array.of(2, 0xf0, index === parts.length - 1 ? 0x80 : 0, ...part))
        expect(delivered).toEqual([{ type: 'T-DATA.indication', userData: Uint8Array.from(parts.flatMap(part => [...part])) }])
      }),
    )
  })

  test('1 MiB in segments of 125 octets is put together with a bounded number of buffers', () => {
    const { delivered, feed } = transport({ tpduSize: 128 }).to('OPEN')
    const segment = Uint8Array.of(2, 0xf0, 0, ...counting(125))
    for (let i = 0; i < 8000; i++) feed(segment)
    feed('02 f0 80')
    const { userData } = delivered[0] as { userData: Uint8Array }
    expect(userData.length).toBe(1_000_000)
    expect(userData.buffer.byteLength).toBeLessThanOrEqual(2 * 1_000_000)
  })
})

/** A whole dialogue; everything either user hears, and everything either side writes. */
function dialogue(chunk?: number | ((octets: Uint8Array) => readonly Uint8Array[])) {
  const { left, right, a, b } = joined({
    left: { tpduSize: 256, preferredTpduSize: 384 },
    right: { preferredTpduSize: 65_408 },
    ...(chunk === undefined ? {} : { channels: { chunk } }),
  })
  const trace: string[] = []
  recordDeliveries(right, delivery => {
    trace.push(`right ${heard(delivery)}`)
    if (delivery.type === 'T-CONNECT.indication') right.submit({ type: 'T-CONNECT.response' })
    if (delivery.type === 'T-DATA.indication') right.submit({ type: 'T-DATA.request', userData: Sdu.of(delivery.userData) })
  })
  recordDeliveries(left, delivery => {
    trace.push(`left ${heard(delivery)}`)
  })
  left.submit({ type: 'T-CONNECT.request', called: CALLED, calling: CALLING })
  for (const length of [1, 381, 382]) left.submit({ type: 'T-DATA.request', userData: Sdu.of(counting(length)) })
  left.submit({ type: 'T-DISCONNECT.request' })
  const octets = (chunks: readonly Uint8Array[]) => chunks.map(one => hex(one)).join(' ')
  return {
    trace,
    states: [left.state, right.state],
    sizes: [left.tpduSize, right.tpduSize],
    written: [octets(a.written), octets(b.written)],
  }
}

describe('initiator against responder over joined channels', () => {
  const whole = dialogue()

  test('the dialogue is the one meant', () => {
    expect(whole.states).toEqual(['CLOSED', 'CLOSED'])
    expect(whole.sizes).toEqual([384, 384])
    const short = whole.trace.map(line => line.slice(0, 23))
    expect(short).toEqual([
      'right T-CONNECT.indicat',
      'left T-CONNECT.confirm',
      'right data 00',
      'left data 00',
      'right data 00 01 02 03 ',
      'left data 00 01 02 03 0',
      'right data 00 01 02 03 ',
      'left data 00 01 02 03 0',
      'right disconnect by pee',
    ])
  })

  test('RT-06, F-08: every chunk size gives the same', () => {
    for (let size = 1; size <= 400; size++) expect(dialogue(size)).toEqual(whole)
  })

  test('RT-06, F-08: every single cut of every write gives the same', () => {
    for (let cut = 1; cut <= 392; cut++) {
      const cutOnce = (octets: Uint8Array) => (cut < octets.length ? [octets.subarray(0, cut), octets.subarray(cut)] : [octets])
      expect(dialogue(cutOnce)).toEqual(whole)
    }
  })

  test('any sizes, any data, any chunks: both users hear what was sent', () => {
    const size = fc.constantFrom(128, 256, 512, 8192, 65_531)
    fc.assert(
      fc.property(
        size,
        size,
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 600 }), { maxLength: 4 }),
        fc.integer({ min: 1, max: 900 }),
        (l, r, tsdus, chunk) => {
          const { left, right } = joined({ left: { tpduSize: l }, right: { tpduSize: r }, channels: { chunk } })
          const atRight = recordDeliveries(right, delivery => {
            if (delivery.type === 'T-CONNECT.indication') right.submit({ type: 'T-CONNECT.response' })
            if (delivery.type === 'T-DATA.indication') right.submit({ type: 'T-DATA.request', userData: Sdu.of(delivery.userData) })
          })
          const atLeft = recordDeliveries(left)
          left.submit({ type: 'T-CONNECT.request' })
          for (const tsdu of tsdus) left.submit({ type: 'T-DATA.request', userData: Sdu.of(tsdu) })
          const data = tsdus.map(tsdu => `data ${hex(tsdu)}`)
          expect(atRight.slice(1).map(heard)).toEqual(data)
          expect(atLeft.slice(1).map(heard)).toEqual(data)
          expect(left.tpduSize).toBe(right.tpduSize)
          expect(left.tpduSize).toBe(Math.min(l, r))
        },
      ),
    )
  })

  test('RT-01: octets that are no TPKT end it for the user, by this side, with the cause', () => {
    const { right, a } = joined()
    const delivered = recordDeliveries(right, delivery => {
      if (delivery.type === 'T-CONNECT.indication') right.submit({ type: 'T-CONNECT.response' })
    })
    a.write(unhex('03 00 00 0e 09 e0 00 00 00 01 00 c0 01 0a 47 45 54 20'))
    expect(delivered.map(heard)).toEqual(['T-CONNECT.indication', 'disconnect by local provider, TPKT_VERSION'])
    expect(right.fault?.message).toContain('HTTP')
  })

  test('RT-08: a TPKT that is longer or shorter than its TPDU is settled by the TPDU', () => {
    const sentBack = (octets: string) => {
      const { a, b } = joined()
      a.write(unhex(octets))
      return b.written.map(one => hex(one))
    }
    // An LI beyond the packet: ER 0. Octets behind the parameters are user data, and too much of it.
    expect(sentBack('03 00 00 0b 07 e0 00 00 00 02 00')).toEqual(['03 00 00 0c 07 70 00 02 00 c1 01 07'])
    expect(sentBack(`03 00 00 2c 06 e0 00 00 00 02 00 ${'00 '.repeat(33)}`)).toEqual([
      '03 00 00 12 0d 70 00 02 00 c1 07 06 e0 00 00 00 02 00',
    ])
  })
})

describe('C-12: raw TPDUs', () => {
  test('a tap sees every TPDU both ways, and anything can be sent beside the machine', () => {
    const { a, b } = joinedChannels()
    const seen: string[] = []
    const below = new TpktMachine(a)
    const network: NetworkService = tap(below, (way, primitive) => {
      if (primitive.type === 'N-DATA.request') seen.push(`${way} ${written(primitive)}`)
      if (primitive.type === 'N-DATA.indication') seen.push(`${way} ${hex(primitive.userData)}`)
    })
    const left = new TransportMachine(network, { reference: 1 })
    const right = new TransportMachine(new TpktMachine(b), { reference: 2 })
    const atRight = recordDeliveries(right, delivery => {
      if (delivery.type === 'T-CONNECT.indication') right.submit({ type: 'T-CONNECT.response' })
    })
    left.submit({ type: 'T-CONNECT.request' })
    expect(seen).toEqual(['down 09 e0 00 00 00 01 00 c0 01 0d', 'up 09 d0 00 01 00 02 00 c0 01 0d'])
    below.submit({ type: 'N-DATA.request', userData: Sdu.of(unhex('06 80 00 02 00 01 80')) })
    expect(atRight.map(heard)).toEqual(['T-CONNECT.indication', 'disconnect by peer, reason 128'])
  })
})
