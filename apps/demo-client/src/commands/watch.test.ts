import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MEASUREMENTS, POSITIONS } from '../device/bay.js'
import { mms, type RunOptions, startDevice, type TestDevice } from '../testing/harness.js'

let device: TestDevice
beforeAll(async () => {
  device = await startDevice()
})
afterAll(() => device[Symbol.asyncDispose]())
const run = (args: readonly (string | number)[], options: RunOptions = {}) => mms(['watch', ...args, '--port', device.port], options)

/** Sends a report again and again until the promise settles. */
async function reporting<T>(list: string, until: Promise<T>): Promise<T> {
  const timer = setInterval(() => void device.server.report(list), 20)
  try {
    return await until
  } finally {
    clearInterval(timer)
  }
}

/** The output without the times of day in front of its lines. */
const untimed = (out: string) => out.split('\n').map(line => line.slice(14).trimEnd())

describe('watch for reports', () => {
  test('a report with the names of its members', async () => {
    const { code, out, err } = await reporting(POSITIONS, run(['--count', 1]))
    expect(code).toBe(0)
    expect(err).toBe('waiting for reports, Ctrl-C ends it\n')
    expect(untimed(out)).toEqual([
      'BAY1CTRL/LLN0$Positions  3 values',
      'BAY1CTRL/XCBR1$ST$Pos$stVal  10',
      'BAY1CTRL/XSWI1$ST$Pos$stVal  10',
      'BAY1CTRL/XSWI2$ST$Pos$stVal  01',
      '',
    ])
  })

  test('a line of JSON for each', async () => {
    const { out } = await reporting(MEASUREMENTS, run(['--count', 2, '--json']))
    const lines = out.trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    const report = JSON.parse(lines[1]!)
    expect(Object.keys(report)).toEqual(['time', 'report', 'values'])
    expect(report.report).toBe(MEASUREMENTS)
    expect(report.values[0]).toEqual({ item: 'BAY1MEAS/f', value: 50.001446 })
  })

  test('a report of a list that the device does not let look at: values without names', async () => {
    const { out } = await new Promise<Awaited<ReturnType<typeof run>>>((resolve, reject) => {
      const running = run(['--count', 1, '--json'])
      running.then(resolve, reject)
      const timer = setInterval(() => {
        const [association] = device.server.associations
        association?.sendReport({
          variableAccessSpecification: { type: 'variableListName', value: { type: 'vmdSpecific', value: 'RPT' } },
          listOfAccessResult: [
            { type: 'success', value: { type: 'visibleString', value: 'id' } },
            { type: 'failure', value: 'hardware-fault' },
          ],
        })
      }, 20)
      void running.finally(() => clearInterval(timer))
    })
    expect(JSON.parse(out)).toMatchObject({
      report: 'vmd:RPT',
      values: [
        { item: 'value 1', value: 'id' },
        { item: 'value 2', error: 'hardware-fault' },
      ],
    })
  })

  test('the time is over before enough has come: exit code 4', async () => {
    const { code, err } = await run(['--count', 3, '--for', '50ms'])
    expect(code).toBe(4)
    expect(err).toContain('the time is over, and 3 of 3 have not come')
    expect((await run(['--for', '50ms'])).code).toBe(0)
  })

  test('Ctrl-C ends it in order, with exit code 0', async () => {
    const interrupt = new AbortController()
    const before = device.ends.length
    const running = run([], {
      signal: interrupt.signal,
      onOutput: text => text.includes('waiting') && setTimeout(() => interrupt.abort(), 50),
    })
    expect((await running).code).toBe(0)
    await expect.poll(() => device.ends.slice(before)).toEqual(['ReleasedError'])
  })

  test('--set writes first, on the same association', async () => {
    const { code, err } = await run(['--for', '50ms', '--set', 'vmd:Note=a=b', '--set', 'BAY1MEAS/Matrix(0)=[3, 2, 1]', '-v'])
    expect(code).toBe(0)
    expect(err.split('\n').filter(line => line.includes('→') && line.includes('write'))).toHaveLength(2)
    expect((await mms(['read', 'vmd:Note', 'BAY1MEAS/Matrix(0)', '--port', device.port])).out).toContain('"a=b"')
    expect((await run(['--set', 'vmd:Note'])).code).toBe(2)
    expect((await run(['--set', 'vmd:Clock=2026-01-31T12:30:00Z'])).code).toBe(1)
  })

  test('a device that ends the association ends the watch with exit code 4', async () => {
    await using other = await startDevice()
    const { code, err } = await mms(['watch', '--port', other.port], {
      onOutput: text => {
        if (text.includes('waiting')) void other.server.close()
      },
    })
    expect(code).toBe(4)
    expect(err).toContain('mms: released by the peer')
  })
})

describe('watch of items', () => {
  test('their values, and then what changes', async () => {
    const { code, out } = await run(['vmd:Uptime', 'BAY1MEAS/Kind_bcd', 'BAY1MEAS/nothing', '--interval', 20, '--count', 4], {
      onOutput: text => {
        if (text.includes('nothing')) device.advance(1_000)
      },
    })
    expect(code).toBe(0)
    expect(untimed(out)).toEqual([
      'vmd:Uptime         0',
      'BAY1MEAS/Kind_bcd  20260131',
      'BAY1MEAS/nothing   object-non-existent (10)',
      'vmd:Uptime         1',
      '',
    ])
  })

  test('--all shows every round, --json a line for each value', async () => {
    const { out } = await run(['BAY1MEAS/Kind_bcd', '--interval', 10, '--count', 3, '--all', '--json'])
    const lines = out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines.map(({ item, value }) => [item, value])).toEqual(Array.from({ length: 3 }, () => ['BAY1MEAS/Kind_bcd', 20_260_131]))
  })

  test('Ctrl-C ends it in order', async () => {
    const interrupt = new AbortController()
    const { code } = await run(['BAY1MEAS/f', '--interval', '1m'], {
      signal: interrupt.signal,
      onOutput: text => text.includes('50.00') && interrupt.abort(),
    })
    expect(code).toBe(0)
  })
})
