import { describe, expect, test } from 'vitest'
import { stayAbove } from '../channel.js'
import { HandTimers, joinedChannels } from '../testing/index.js'
import { Pressure } from './pressure.js'

/** A side that answers every chunk tenfold, to a peer that reads when it is told to. */
function pair() {
  const { a, b, flush } = joinedChannels({ manual: true, highWaterMark: 16 })
  const timers = new HandTimers()
  const heard: number[] = []
  let stalled = 0
  let drained = 0
  b.onData = octets => {
    heard.push(octets.length)
    for (let i = 0; i < 10; i++) b.write(octets)
  }
  const pressure = new Pressure(b, timers, { maxPending: 100, stallTimeout: 30_000 }, () => (stalled += 1))
  stayAbove(b, {
    channelHeard: () => pressure.chunkHeard(),
    channelDrained() {
      pressure.drained()
      drained += 1
    },
    channelEnding() {},
    channelEnded() {},
  })
  return { a, b, flush, timers, heard, release: () => pressure.release(), stalled: () => stalled, drained: () => drained }
}

describe('F-10: a peer that does not read', () => {
  test('is not heard above the limit, and heard again once it has read', () => {
    const { b, a, timers, heard, flush, drained } = pair()
    a.pause()
    for (let i = 0; i < 5; i++) a.write(new Uint8Array(8))
    flush()
    // 80 octets wait after the first chunk, 160 after the second.
    expect(heard).toEqual([8, 8])
    expect(b.paused).toBe(true)
    expect(timers.pending).toBe(1)
    a.resume()
    flush()
    expect(heard).toEqual([8, 8, 8, 8, 8])
    expect(timers.pending).toBe(0)
    expect(drained()).toBeGreaterThan(0)
  })

  test('is told of once when the time is over', () => {
    const { a, timers, flush, stalled } = pair()
    a.pause()
    for (let i = 0; i < 5; i++) a.write(new Uint8Array(8))
    flush()
    timers.advance(29_999)
    expect(stalled()).toBe(0)
    timers.advance(60_000)
    expect(stalled()).toBe(1)
  })

  test('leaves no timer when it is let go', () => {
    const { a, timers, flush, release, stalled } = pair()
    a.pause()
    for (let i = 0; i < 5; i++) a.write(new Uint8Array(8))
    flush()
    release()
    timers.advance(60_000)
    expect(timers.pending).toBe(0)
    expect(stalled()).toBe(0)
  })

  test('one that reads is never held', () => {
    const { a, b, heard, flush, timers } = pair()
    for (let i = 0; i < 50; i++) {
      a.write(new Uint8Array(8))
      flush()
    }
    expect(heard).toHaveLength(50)
    expect(b.paused).toBe(false)
    expect(timers.pending).toBe(0)
  })
})
