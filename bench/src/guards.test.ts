import { Socket } from 'node:net'
import { acceptAssociation, associateOver } from '@x/acse/open'
import type { Channel } from '@x/core'
import { connectTcp } from '@x/core/node'
import { HandTimers, joinedChannels } from '@x/core/testing'
import { listen } from '@x/cotp/node'
import { openTransport } from '@x/cotp/open'
import { TpktMachine } from '@x/tpkt'
import { describe, expect, test, vi } from 'vitest'
import { holdingOfOne } from './idle/run.js'
import { payload, segments, TSDU, wireLength } from './transfer/protocol.js'

/** What the goals rest on, without a clock: these hold on any machine, or something has been lost. */
describe('goal 16: sending', () => {
  test('a TSDU of 64 KB in segments of 1 KB leaves in one write to the socket', async () => {
    let arrived: (octets: Uint8Array) => void = () => {}
    const received = new Promise<Uint8Array>(resolve => {
      arrived = resolve
    })
    const listener = await listen({ host: '127.0.0.1', port: 0, transport: { tpduSize: 1_024 } }, async connection => {
      for await (const octets of connection) arrived(octets)
    })
    const connection = await openTransport(await connectTcp({ host: '127.0.0.1', port: listener.port }), { transport: { tpduSize: 1_024 } })
    const write = vi.spyOn(Socket.prototype, 'write')
    try {
      await connection.send(payload())
      expect(await received).toEqual(payload())
      expect(write.mock.calls.map(([octets]) => (octets as Uint8Array).length)).toEqual([wireLength(1_024)])
    } finally {
      write.mockRestore()
      await connection.close()
      await listener.close()
    }
  })
})

describe('goals 17 and 18: framing', () => {
  test.each([
    { size: 1_460, what: 'frames of Ethernet' },
    { size: 1, what: 'single octets' },
  ])('a packet of 64 KB in $what costs one buffer, not one for each chunk', ({ size }) => {
    const [packet] = segments(payload().subarray(0, 65_528), TSDU) as [Uint8Array]
    const chunks = Array.from({ length: Math.ceil(packet.length / size) }, (_, i) => packet.slice(i * size, (i + 1) * size))
    const channel = { write: () => true, destroy() {} } as unknown as Channel
    const machine = new TpktMachine(channel)
    const delivered: number[] = []
    machine.onDeliver = primitive => {
      if (primitive.type === 'N-DATA.indication') delivered.push(primitive.userData.length)
    }
    let made = 0
    class CountedArray extends Uint8Array {
      constructor(...args: [number]) {
        super(...args)
        if (typeof args[0] === 'number') made += 1
      }
    }
    vi.stubGlobal('Uint8Array', CountedArray)
    try {
      for (const chunk of chunks) channel.onData(chunk)
    } finally {
      vi.unstubAllGlobals()
    }
    expect(delivered).toEqual([packet.length - 4])
    expect(made).toBe(1)
  })
})

describe('goals 19 and 26: idle associations', () => {
  test('each side has at most one timer running', async () => {
    const { a, b } = joinedChannels()
    const sides = { calling: new HandTimers(), called: new HandTimers() }
    const optionsWith = (timers: HandTimers) => ({ timers, network: { timers }, transport: { timers }, session: { timers } })
    const accepted = acceptAssociation(b, optionsWith(sides.called))
    const proposal = { applicationContext: '1.0.9506.2.3', contexts: ['1.0.9506.2.1'] }
    await associateOver(a, { ...proposal, ...optionsWith(sides.calling) })
    await accepted
    expect(sides.calling.pending).toBeLessThanOrEqual(1)
    expect(sides.called.pending).toBeLessThanOrEqual(1)
  })

  // Measured: 2.9 and 4.6 KB. What fails here has added a quarter.
  test.each([
    { subject: 'acse', what: 'TPKT to ACSE', most: 3_700 },
    { subject: 'mms', what: 'TPKT to MMS', most: 5_800 },
  ] as const)('an association from $what holds at most $most octets, and no timer', { timeout: 120_000 }, async ({ subject, most }) => {
    const { heap, buffers, timers } = await holdingOfOne(subject, 400)
    expect(heap + buffers).toBeLessThanOrEqual(most)
    // One may belong to the process as a whole, such as that of a listener.
    expect(timers).toBeLessThanOrEqual(1)
  })
})
