import { afterEach, expect, test, vi } from 'vitest'
import { heldRead, model } from '../test/pair.js'
import { connect, listen } from './node.js'

afterEach(() => {
  vi.useRealTimers()
})

test.each([
  ['an hour ahead', (now: number) => now + 3_600_000],
  ['an hour back', (now: number) => now - 3_600_000],
  ['to 1970', () => 0],
  ['past 2038', () => Date.UTC(2038, 0, 20)],
])('F-22: the clock of the day jumps %s: nothing times out, and what should does in its own time', async (_, jump) => {
  const { slow } = heldRead()
  const held = model({ domains: { LD: { variables: { slow } } } })
  await using server = await listen({ host: '127.0.0.1', port: 0, model: held, limits: { callTimeout: 400 } })
  await using mms = await connect({ host: '127.0.0.1', port: server.port, requestTimeout: 2_000 })
  const before = performance.now()
  const reading = mms.readValue('LD/slow').catch((error: { code: string }) => error.code)
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(jump(Date.now()))
  expect((await mms.identify()).vendorName).toBe('vendor')
  expect(await reading).toBe('MMS_SERVICE_PREEMPT_TIMEOUT')
  expect(performance.now() - before).toBeGreaterThanOrEqual(390)
  expect((await mms.identify()).vendorName).toBe('vendor')
  expect(mms.connection.endedWith).toBeUndefined()
})
