import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { whenAborted } from './abort.js'

describe('whenAborted', () => {
  test('a hundred that share a signal run once, in order, behind one listener', () => {
    const { signal, abort } = controller()
    const ran: number[] = []
    for (let i = 0; i < 100; i++) whenAborted(signal, () => ran.push(i))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    abort()
    abort()
    expect(ran).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('one taken back does not run, and the last one takes the listener with it', () => {
    const { signal, abort } = controller()
    const ran: string[] = []
    const first = whenAborted(signal, () => ran.push('first'))
    const second = whenAborted(signal, () => ran.push('second'))
    first()
    first()
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    second()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    whenAborted(signal, () => ran.push('third'))
    abort()
    expect(ran).toEqual(['third'])
  })

  test('one that is taken back by another while they run does not run', () => {
    const { signal, abort } = controller()
    const ran: string[] = []
    whenAborted(signal, () => {
      ran.push('first')
      second()
    })
    const second = whenAborted(signal, () => ran.push('second'))
    abort()
    expect(ran).toEqual(['first'])
  })
})

function controller() {
  const made = new AbortController()
  return { signal: made.signal, abort: () => made.abort() }
}
