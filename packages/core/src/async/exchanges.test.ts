import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TimeoutError } from '../errors.js'
import { HandTimers } from '../testing/index.js'
import type { Timers } from '../timers.js'
import { Exchange, Exchanges } from './exchanges.js'

function exchangesWith(timers: Timers) {
  const settled: string[] = []
  const exchanges = new Exchanges<string>(timers, 100, 'mms')
  const add = (key: number, timeout = 100, signal?: AbortSignal) => {
    const settle = (how: string) => (value: unknown) =>
      settled.push(`${key} ${how} ${value instanceof TimeoutError ? `${key} timed out` : value}`)
    exchanges.add(new Exchange<string>(key, 'REQ', timeout, answer => answer.toUpperCase(), settle('got'), settle('failed:')), signal)
  }
  return { exchanges, settled, add }
}

describe('requests that wait for their answers', () => {
  test('share one timer, and each falls due at its own time', () => {
    const timers = new HandTimers()
    const { exchanges, settled, add } = exchangesWith(timers)
    add(1)
    timers.advance(40)
    add(2)
    add(3)
    expect(timers.pending).toBe(1)
    exchanges.answer(2, 'b')
    timers.advance(60)
    expect(settled).toEqual(['2 got B', '1 failed: 1 timed out'])
    timers.advance(39)
    expect(settled).toHaveLength(2)
    timers.advance(1)
    expect(settled.at(-1)).toBe('3 failed: 3 timed out')
  })

  test('a timer that was meant for one that has been answered is used for the next', () => {
    const timers = new HandTimers()
    const { exchanges, settled, add } = exchangesWith(timers)
    add(1)
    exchanges.answer(1, 'a')
    timers.advance(90)
    add(2)
    expect(timers.pending).toBe(1)
    timers.advance(99)
    expect(settled).toEqual(['1 got A'])
    timers.advance(1)
    expect(settled.at(-1)).toBe('2 failed: 2 timed out')
    timers.advance(500)
    expect(timers.pending).toBe(0)
  })

  test('another timeout than the usual one has a timer of its own, which ends with it', () => {
    const timers = new HandTimers()
    const { exchanges, settled, add } = exchangesWith(timers)
    add(1, 30)
    add(2, 20)
    expect(timers.pending).toBe(2)
    exchanges.answer(1, 'a')
    expect(timers.pending).toBe(1)
    timers.advance(20)
    expect(settled).toEqual(['1 got A', '2 failed: 2 timed out'])
    expect(timers.pending).toBe(0)
  })

  test('timers without a clock serve one wait each', () => {
    const hand = new HandTimers()
    const { exchanges, settled, add } = exchangesWith({ after: (delay, run) => hand.after(delay, run) })
    add(1)
    hand.advance(50)
    add(2)
    expect(hand.pending).toBe(2)
    hand.advance(50)
    expect(settled).toEqual(['1 failed: 1 timed out'])
    exchanges.answer(2, 'b')
    expect(hand.pending).toBe(0)
  })

  test('when all fail no timer stays, and no listener', () => {
    const timers = new HandTimers()
    const { exchanges, settled, add } = exchangesWith(timers)
    const stop = new AbortController()
    add(1, 100, stop.signal)
    add(2, 0)
    exchanges.failAll('lost')
    expect(settled).toEqual(['1 failed: lost', '2 failed: lost'])
    expect([timers.pending, exchanges.size]).toEqual([0, 0])
    stop.abort('late')
    expect(settled).toHaveLength(2)
  })

  test('after a timeout or a signal the key stays taken until the answer, which goes nowhere', () => {
    const timers = new HandTimers()
    const { exchanges, settled, add } = exchangesWith(timers)
    const stop = new AbortController()
    add(1, 10)
    add(2, 100, stop.signal)
    timers.advance(10)
    stop.abort('enough')
    expect(settled).toEqual(['1 failed: 1 timed out', '2 failed: enough'])
    expect([exchanges.has(1), exchanges.has(2)]).toEqual([true, true])
    expect([exchanges.answer(1, 'a'), exchanges.answer(2, 'b'), exchanges.answer(2, 'b')]).toEqual([true, true, false])
    expect(settled).toHaveLength(2)
  })
})

test('F-11: whatever the order of answers, timeouts, signals and reuse of keys, each request settles once, with its own answer or none', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('ask', 'answer', 'late', 'time', 'give up', 'unknown'), fc.nat(3)), { maxLength: 40 }),
      steps => {
        const timers = new HandTimers()
        const exchanges = new Exchanges<string>(timers, 100, 'mms')
        const settled = new Map<string, string[]>()
        const open = new Map<number, { name: string; stop: AbortController }>()
        let count = 0
        for (const [step, key] of steps) {
          if (step === 'ask' && !exchanges.has(key)) {
            const name = `${key}#${++count}`
            const stop = new AbortController()
            settled.set(name, [])
            const got = (value: unknown) => settled.get(name)!.push(String(value))
            exchanges.add(
              new Exchange<string>(
                key,
                'REQ',
                100,
                answer => answer,
                got,
                () => got('failed'),
              ),
              stop.signal,
            )
            open.set(key, { name, stop })
          }
          if (step === 'answer' || step === 'late') {
            const asked = open.get(key)
            const known = exchanges.has(key)
            expect(exchanges.answer(key, asked?.name ?? 'nobody')).toBe(known)
            if (known) open.delete(key)
          }
          if (step === 'unknown') expect(exchanges.answer(key + 10, 'nobody')).toBe(false)
          if (step === 'give up') open.get(key)?.stop.abort()
          if (step === 'time') timers.advance(60)
        }
        exchanges.failAll('over')
        for (const [name, values] of settled) {
          expect(values).toHaveLength(1)
          expect([name, 'failed']).toContain(values[0])
        }
        expect([exchanges.size, timers.pending]).toEqual([0, 0])
      },
    ),
    { numRuns: 3_000 },
  )
})
