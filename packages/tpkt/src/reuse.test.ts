import { hex } from '@x/core'
import { joinedChannels } from '@x/core/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TpktMachine } from './machine.js'
import { encodeTpkt } from './packet.js'

const packet = (fill: number, length: number) => encodeTpkt({ reserved: 0, tpdu: new Uint8Array(length).fill(fill) })

/** A machine whose user needs octets during the delivery only; what it heard is kept as text. */
function reader() {
  const { a } = joinedChannels()
  const tpkt = new TpktMachine(a, { reuseBuffers: true })
  const heard: string[] = []
  const buffers: ArrayBufferLike[] = []
  tpkt.onDeliver = delivery => {
    if (delivery.type !== 'N-DATA.indication') return
    heard.push(hex(delivery.userData))
    buffers.push(delivery.userData.buffer)
  }
  return { channel: a, heard, buffers, tpkt }
}

test('T-02: packets that straddle chunks share a buffer where their user says so', () => {
  const { channel, heard, buffers } = reader()
  for (const fill of [1, 2, 3]) {
    const octets = packet(fill, 100)
    channel.onData(octets.subarray(0, 50))
    channel.onData(octets.subarray(50))
  }
  expect(heard).toEqual([1, 2, 3].map(fill => hex(new Uint8Array(100).fill(fill))))
  expect(new Set(buffers).size).toBe(1)
})

test('T-02: any number of connections at once, each cut anywhere, do not disturb each other', () => {
  const cuts = fc.array(fc.record({ connection: fc.nat(4), octets: fc.integer({ min: 1, max: 90 }) }), { minLength: 20, maxLength: 120 })
  fc.assert(
    fc.property(cuts, steps => {
      const readers = [0, 1, 2, 3, 4].map(reader)
      const streams = readers.map((_, i) => Uint8Array.from([1, 2, 3, 4, 5, 6].flatMap(n => [...packet(16 * i + n, 3 + 17 * n)])))
      const at = readers.map(() => 0)
      const feed = (i: number, octets: number) => {
        // A chunk is a buffer of its own, as a socket gives it.
        if (at[i]! < streams[i]!.length) readers[i]!.channel.onData(streams[i]!.slice(at[i], at[i]! + octets))
        at[i]! += octets
      }
      for (const { connection, octets } of steps) feed(connection, octets)
      for (const i of readers.keys()) feed(i, 1_000)
      for (const [i, { heard }] of readers.entries()) {
        expect(heard).toEqual([1, 2, 3, 4, 5, 6].map(n => hex(new Uint8Array(3 + 17 * n).fill(16 * i + n))))
      }
    }),
  )
})

test('T-02: a connection that ends inside a packet gives the buffer back', () => {
  const broken = reader()
  broken.channel.onData(packet(1, 100).subarray(0, 50))
  broken.tpkt.submit({ type: 'N-DISCONNECT.request' })
  const next = reader()
  const again = reader()
  for (const [fill, { channel }] of [next, again].entries()) channel.onData(packet(fill, 100).subarray(0, 50))
  for (const [fill, { channel }] of [next, again].entries()) channel.onData(packet(fill, 100).subarray(50))
  expect(next.heard).toEqual([hex(new Uint8Array(100))])
  expect(again.heard).toEqual([hex(new Uint8Array(100).fill(1))])
  // The first had the one that is shared, the second one of its own size.
  expect([next.buffers[0]!.byteLength, again.buffers[0]!.byteLength]).toEqual([65_535, 100])
})
