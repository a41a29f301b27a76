import { expect, test } from 'vitest'
import { Adapter, AdapterFailure } from './adapter.js'

/** An adapter written on the spot; `pid` is told in `ready`. */
const script = (body: string): string[] => [process.execPath, '-e', body]
const ready = `console.log(JSON.stringify({ event: 'ready', role: 'client', port: process.pid }));`

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('commands are answered in order, and the process is gone after stop', async () => {
  const body = `${ready} require('readline').createInterface({ input: process.stdin }).on('line', l => console.log(JSON.stringify({ event: 'answer', value: l.split('\\t') })))`
  const started = await Adapter.start(script(body))
  expect(await started.adapter.ask(['read', 'a', 'b'])).toEqual({ value: ['read', 'a', 'b'] })
  await started.adapter.stop()
  expect(alive(started.ready.port!)).toBe(false)
})

test('an adapter that never becomes ready fails in time', async () => {
  await expect(Adapter.start(script('setInterval(() => {}, 1000)'), 200)).rejects.toThrow(AdapterFailure)
})

test('an adapter that cannot be started fails with the reason', async () => {
  await expect(Adapter.start(['/nowhere/program'])).rejects.toThrow('ENOENT')
})

test('an adapter that dies fails the command it was asked, with the last line it complained in', async () => {
  const { adapter } = await Adapter.start(
    script(`${ready} process.stdin.on('data', () => { console.error('out of luck'); process.exit(1) })`),
  )
  await expect(adapter.ask(['read'])).rejects.toThrow('the adapter ended: out of luck')
  await expect(adapter.ask(['read'])).rejects.toThrow('the adapter is gone')
})

test('an adapter that is silent fails the command, and one that ignores every request to end is ended', async () => {
  const { adapter, ready: event } = await Adapter.start(script(`process.on('SIGTERM', () => {}); ${ready} setInterval(() => {}, 1000)`))
  await expect(adapter.ask(['read'], 200)).rejects.toThrow('no answer in 200 ms')
  await adapter.stop()
  expect(alive(event.port!)).toBe(false)
})
