import { afterEach, describe, expect, test, vi } from 'vitest'
import { systemTimers } from './timers.js'

afterEach(() => vi.useRealTimers())

const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

function holdUp(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

describe('the timers of the platform', () => {
  test('call once, after the time, and not when stopped', async () => {
    const called: string[] = []
    const since = performance.now()
    systemTimers.after(20, () => called.push('one'))
    systemTimers.after(10, () => called.push('never'))()
    await sleep(60)
    expect(called).toEqual(['one'])
    expect(performance.now() - since).toBeGreaterThanOrEqual(19)
  })

  test('F-23: a timer that is late, since the program was held up, lets what has arrived be heard first, and can still be stopped', async () => {
    const order: string[] = []
    const stop = systemTimers.after(10, () => order.push('stopped in time'))
    systemTimers.after(10, () => order.push('deadline'))
    // Stands for the network: it is looked at after timers have run.
    setImmediate(() => {
      order.push('octets')
      stop()
    })
    holdUp(700)
    await sleep(50)
    expect(order).toEqual(['octets', 'deadline'])
  })

  test.each([
    ['an hour ahead', 3_600_000],
    ['back to 1970', -Date.now()],
    ['to 2038', Date.UTC(2038, 0, 19, 3, 14, 8) - Date.now()],
  ])('F-22: a clock that jumps %s moves no deadline', async (_, jump) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const since = systemTimers.now!
    let after = 0
    systemTimers.after(30, () => {
      after = systemTimers.now! - since
    })
    vi.setSystemTime(Date.now() + jump)
    await sleep(80)
    expect(after).toBeGreaterThanOrEqual(29)
    expect(after).toBeLessThan(10_000)
  })
})
