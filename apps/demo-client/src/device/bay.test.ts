import type { Data } from '@x/mms'
import { connect } from '@x/mms/node'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { NOON, startDevice } from '../testing/harness.js'
import { MEASUREMENTS, makeBay, POSITIONS } from './bay.js'
import { BayProcess } from './process.js'

afterEach(() => {
  vi.useRealTimers()
})

const boolean = (value: boolean): Data => ({ type: 'boolean', value })
const OPERATE = 'BAY1CTRL/CSWI1$CO$Pos$Oper$ctlVal'
const EARTH = 'BAY1CTRL/CSWI3$CO$Pos$Oper$ctlVal'
const POSITION = 'BAY1CTRL/XCBR1$ST$Pos$stVal'

describe('the virtual bay controller', () => {
  test('two domains, a few hundred variables, each readable and as its type says', async () => {
    await using device = await startDevice()
    await using mms = await connect({ host: '127.0.0.1', port: device.port })
    expect(await mms.domainNames()).toEqual(['BAY1CTRL', 'BAY1MEAS'])
    const kinds = new Set<string>()
    const collect = (data: Data): void => {
      kinds.add(data.type)
      if (data.type === 'array' || data.type === 'structure') for (const part of data.value) collect(part)
    }
    let variables = 0
    for (const domain of [undefined, 'BAY1CTRL', 'BAY1MEAS']) {
      for (const item of await mms.variableNames(domain)) {
        variables += 1
        collect(await mms.readValue(domain === undefined ? `vmd:${item}` : `${domain}/${item}`))
      }
    }
    expect(variables).toBe(429)
    expect([...kinds].sort()).toEqual(
      [
        ...['array', 'structure', 'boolean', 'bitString', 'integer', 'unsigned', 'floatingPoint', 'octetString', 'visibleString'],
        ...['generalizedTime', 'binaryTime', 'bcd', 'booleanArray', 'objId', 'mMSString', 'utcTime'],
      ].sort(),
    )
  })

  test('opening the breaker takes its time, stops the current and counts', async () => {
    await using device = await startDevice()
    await using mms = await connect({ host: '127.0.0.1', port: device.port })
    const current = async () => ((await mms.readValue('BAY1MEAS/I_L1')).value as { value: number }).value
    const position = async () => ((await mms.readValue(POSITION)).value as { octets: Uint8Array }).octets[0]! >> 6
    expect(await current()).toBeGreaterThan(100)
    await mms.writeValue(OPERATE, boolean(false))
    expect([await position(), await current()]).toEqual([0b00, 0])
    device.bay.process.tick()
    expect(await position()).toBe(0b00)
    device.advance(300)
    expect(device.bay.process.tick()).toEqual([device.bay.process.breaker])
    expect([await position(), await current()]).toEqual([0b01, 0])
    expect(await mms.readValue('BAY1CTRL/XCBR1$ST$OpCnt$stVal')).toEqual({ type: 'integer', value: 1875 })
  })

  test('interlocking: the earthing switch does not close while the breaker is closed, nor the breaker while it is', async () => {
    await using device = await startDevice()
    await using mms = await connect({ host: '127.0.0.1', port: device.port })
    const operate = async (item: string, close: boolean) => {
      const [result] = await mms.write([{ item, value: boolean(close) }])
      device.advance(1_000)
      device.bay.process.tick()
      return result!.type === 'success' ? 'done' : result!.value
    }
    expect(await operate(EARTH, true)).toBe('temporarily-unavailable')
    expect(await operate(OPERATE, false)).toBe('done')
    expect(await operate('BAY1CTRL/CSWI2$CO$Pos$Oper$ctlVal', false)).toBe('done')
    expect(await operate(EARTH, true)).toBe('done')
    expect(await operate(OPERATE, true)).toBe('temporarily-unavailable')
    expect(await operate(EARTH, false)).toBe('done')
    expect(await operate(OPERATE, true)).toBe('done')
    expect(device.bay.process.breaker.position).toBe('closed')
  })

  test('a structure is written as a whole or not at all: one read-only component refuses it', async () => {
    await using device = await startDevice()
    await using mms = await connect({ host: '127.0.0.1', port: device.port })
    const write = async (item: string) => (await mms.write([{ item, value: await mms.readValue(item) }]))[0]
    expect(await write('BAY1CTRL/PTOC1$SP')).toEqual({ type: 'success', value: null })
    expect(await write('BAY1CTRL/PTOC1')).toEqual({ type: 'failure', value: 'object-access-denied' })
    // The same value, too.
    expect(await write('BAY1CTRL/LPHD1$DC$PhyNam$serNum')).toEqual({ type: 'failure', value: 'object-access-denied' })
    expect(await write('BAY1CTRL/LPHD1$DC$PhyNam$location')).toEqual({ type: 'success', value: null })
  })

  test('measurements are reported in turn, positions when a switch has moved; stopped, nothing is', async () => {
    vi.useFakeTimers({ now: NOON })
    const bay = makeBay({ reportInterval: 400 })
    const reports: string[] = []
    bay.start({ report: list => Promise.resolve(reports.push(list)) })
    vi.advanceTimersByTime(1_000)
    expect(reports).toEqual([MEASUREMENTS, MEASUREMENTS])
    bay.process.operate(bay.process.breaker, 'open')
    vi.advanceTimersByTime(390)
    expect(reports.slice(2)).toEqual([MEASUREMENTS, POSITIONS])
    bay.stop()
    vi.advanceTimersByTime(10_000)
    expect(reports).toHaveLength(4)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('BayProcess', () => {
  test('the same moment gives the same values, another one others', () => {
    let now = NOON
    const process = new BayProcess(() => now)
    const before = process.phase(0)
    expect(process.phase(0)).toEqual(before)
    now += 1_000
    expect(process.phase(0)).not.toEqual(before)
    expect(process.uptime).toBe(1_000)
    process.tick()
    expect(process.energy).toBeGreaterThan(123_456_789)
  })
})
