import { describe, expect, test, vi } from 'vitest'
import { HandTimers } from '../testing/index.js'
import { Emitter, type Fault, isThenable } from './emitter.js'
import { Timer } from './timer.js'

const clock = () => new HandTimers()

describe('N-21: a timer', () => {
  test('starts, expires once, starts anew, and says what is left', () => {
    const timers = clock()
    const run = vi.fn()
    const timer = new Timer(timers, 100, run)
    expect([timer.running, timer.expired, timer.remaining]).toEqual([false, false, Number.POSITIVE_INFINITY])
    timer.start()
    timers.advance(60)
    expect([timer.running, timer.remaining]).toEqual([true, 40])
    timer.start()
    timers.advance(60)
    expect(run).not.toHaveBeenCalled()
    timers.advance(40)
    expect(run).toHaveBeenCalledTimes(1)
    expect([timer.running, timer.expired]).toEqual([false, true])
    timer.start()
    expect(timer.expired).toBe(false)
    timer.stop()
    timer.stop()
    timers.advance(1_000)
    expect(run).toHaveBeenCalledTimes(1)
    expect(timers.pending).toBe(0)
  })

  test('takes another length while it runs, counted from its start; off is undefined, 0 and Infinity', () => {
    const timers = clock()
    const run = vi.fn()
    const timer = new Timer(timers, 100, run)
    timer.timeout = 50
    timer.start()
    timers.advance(30)
    for (const off of [undefined, 0, Number.POSITIVE_INFINITY]) {
      timer.timeout = off
      expect([timer.timeout, timers.pending, timer.remaining]).toEqual([off, 0, Number.POSITIVE_INFINITY])
    }
    timer.timeout = 20
    timers.advance(0)
    expect(run).toHaveBeenCalledTimes(1)
    timer.start(timers.now - 5)
    timers.advance(15)
    expect(run).toHaveBeenCalledTimes(2)
  })

  test('works with timers that have no clock', () => {
    const timers = clock()
    const run = vi.fn()
    const timer = new Timer({ after: timers.after.bind(timers) }, 10, run)
    timer.start()
    expect(timer.remaining).toBe(10)
    timers.advance(10)
    expect(run).toHaveBeenCalledTimes(1)
  })
})

interface Events {
  readonly note: { readonly text: string }
  readonly fault: Fault
}

describe('N-28: an emitter', () => {
  test('tells here, then at the parent; a listener may take itself or others off while it is told', () => {
    const parent = new Emitter<Events>()
    const child = new Emitter<Events>(parent)
    const heard: string[] = []
    expect(child.hears('note')).toBe(false)
    parent.on('note', ({ text, event }) => heard.push(`parent ${event} ${text}`))
    const off = child.on('note', () => {
      heard.push('one')
      off()
    })
    child.on('note', () => heard.push('two'))
    child.emit('note', { text: 'a' })
    child.emit('note', { text: 'b' })
    expect(heard).toEqual(['one', 'two', 'parent note a', 'two', 'parent note b'])
    expect(parent.hears('note') && child.hears('note')).toBe(true)
  })

  test('knows promises of any make', () => {
    expect([Promise.resolve(), Object.fromEntries([['then', () => {}]]), {}, null].map(isThenable)).toEqual([true, true, false, false])
  })
})
