import { unhex } from '@x/core'
import { joinedChannels } from '@x/core/testing'
import { describe, expect, test } from 'vitest'
import { Packets, tapChannel } from './tap.js'

const first = unhex('03 00 00 07 02 f0 80')
const second = unhex('03 00 00 09 02 f0 80 01 02')
const stream = Uint8Array.from([...first, ...second])

describe('Packets', () => {
  test('are put together out of any chunks', () => {
    for (let size = 1; size <= stream.length; size++) {
      const packets = new Packets()
      const found: Uint8Array[] = []
      for (let at = 0; at < stream.length; at += size) found.push(...packets.take(stream.subarray(at, at + size)))
      expect(found).toEqual([first, second])
    }
  })

  test('what is no TPKT is handed on as it is', () => {
    expect(new Packets().take(unhex('48 54 54 50'))).toEqual([unhex('48 54 54 50')])
    expect(new Packets().take(unhex('03 00 00 00 01'))).toEqual([unhex('03 00 00 00 01')])
  })
})

describe('tapChannel', () => {
  test('sees both directions and changes nothing', () => {
    const { a, b } = joinedChannels()
    const seen: [string, number][] = []
    const tapped = tapChannel(a, (way, octets) => seen.push([way, octets.length]))
    const received: number[] = []
    const ended: string[] = []
    tapped.onData = octets => received.push(octets.length)
    b.onData = octets => received.push(-octets.length)
    tapped.onEnd = () => ended.push('end')
    tapped.write(first)
    b.write(second)
    b.end()
    expect(seen).toEqual([
      ['out', 7],
      ['in', 9],
    ])
    expect(received.sort((x, y) => x - y)).toEqual([-7, 9])
    expect(ended).toEqual(['end'])
    expect(tapped.remote).toBe(a.remote)
  })
})
