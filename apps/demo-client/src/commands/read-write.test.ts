import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mms, startDevice, type TestDevice } from '../testing/harness.js'

let device: TestDevice
beforeAll(async () => {
  device = await startDevice()
})
afterAll(() => device[Symbol.asyncDispose]())
const run = (...args: readonly (string | number)[]) => mms([...args, '--port', device.port])

describe('read', () => {
  test('X-02: many items, parts of variables, one result for each', async () => {
    const { code, out } = await run(
      'read',
      'BAY1MEAS/f',
      'BAY1CTRL/XCBR1$ST$Pos',
      'BAY1MEAS/LoadProfile(2..4)',
      'BAY1MEAS/Phases(*).name',
      'BAY1MEAS/Phases(1).limits.high',
      'BAY1MEAS/Alarms(5)',
      'vmd:Note',
      'BAY1MEAS/nothing',
      'BAY1MEAS/f(3)',
    )
    expect(out).toBe(`BAY1MEAS/f                      floating-point 32                    50.001446
BAY1CTRL/XCBR1$ST$Pos           structure of 3                       { stVal: 10, q: 0000000000000, t: 2026-01-31T12:30:00Z }
BAY1MEAS/LoadProfile(2..4)      array of 3 × integer 16              [ 213, 222, 236 ]
BAY1MEAS/Phases(*).name         array of 3 × visible-string up to 8  [ "L1", "L2", "L3" ]
BAY1MEAS/Phases(1).limits.high  floating-point 32                    12700
BAY1MEAS/Alarms(5)              boolean                              true
vmd:Note                        mMSString up to 128                  "a virtual device: nothing is switched"
BAY1MEAS/nothing                                                     object-non-existent (10)
BAY1MEAS/f(3)                                                        type-inconsistent (7)
`)
    expect(code).toBe(1)
  })

  test('each kind of value as JSON, as write takes it', async () => {
    const kinds = (await run('names', 'BAY1MEAS')).out.split('\n').filter(name => name.startsWith('Kind_'))
    const { code, out } = await run(
      'read',
      ...kinds.map(kind => `BAY1MEAS/${kind}`),
      'BAY1MEAS/Alarms',
      'BAY1MEAS/Matrix',
      'BAY1MEAS/LastEvent',
      '--json',
    )
    expect(code).toBe(0)
    const values = Object.fromEntries(
      (JSON.parse(out) as { item: string; value: unknown }[]).map(({ item, value }) => [item.slice(9), value]),
    )
    expect(values).toEqual({
      Kind_bcd: 20_260_131,
      Kind_binary_time: '2026-01-31T12:30:00.000Z',
      Kind_bit_string: '1010000000001',
      Kind_boolean: true,
      Kind_float32: -0.15625,
      Kind_float64: Math.PI,
      Kind_generalized_time: '20260131123000.000Z',
      Kind_integer: '-9007199254740993',
      Kind_mms_string: 'Größe Ω, 変電所',
      Kind_obj_id: '1.0.9506.2.1',
      Kind_octet_string: '00ff10a5',
      Kind_time_of_day: '12:30:00.000',
      Kind_unsigned: 4_294_967_295,
      Kind_utc_time: '2026-01-31T12:30:00Z',
      Kind_visible_string: 'visible text',
      Alarms: [false, false, false, false, false, true, false, false, false, false, false, false, false, false, false, false],
      Matrix: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      LastEvent: { number: 1874, at: '2026-01-31T12:30:00Z', text: 'breaker closed' },
    })
  })

  test('--exact loses nothing', async () => {
    const { out } = await run('read', 'vmd:Clock', 'BAY1MEAS/Kind_float32', '--json', '--exact')
    expect(JSON.parse(out).map((one: { value: unknown }) => one.value)).toEqual([
      { utcTime: { seconds: 1_769_862_600, fraction: 0, quality: 0x9f } },
      { floatingPoint: { formatWidth: 32, exponentWidth: 8, value: -0.15625 } },
    ])
  })

  test('a list, by the names of its members', async () => {
    expect((await run('read', '--list', 'BAY1CTRL/LLN0$Positions')).out).toBe(`BAY1CTRL/XCBR1$ST$Pos$stVal  bit-string 2  10
BAY1CTRL/XSWI1$ST$Pos$stVal  bit-string 2  10
BAY1CTRL/XSWI2$ST$Pos$stVal  bit-string 2  01
`)
    const none = await run('read', '--list', 'BAY1CTRL/none')
    expect(none.code).toBe(1)
    expect(none.err).toContain('object-non-existent')
  })

  test('--no-types asks for the values alone', async () => {
    const { out, err } = await run('read', 'BAY1MEAS/LastEvent', '--no-types', '-v')
    expect(out).toBe('BAY1MEAS/LastEvent  { 1874, 2026-01-31T12:30:00Z, "breaker closed" }\n')
    expect(err).not.toContain('getVariableAccessAttributes')
    expect(err).toContain('MMS confirmed-RequestPDU #1 read BAY1MEAS/LastEvent')
  })

  test('a structure stands below its name where one line is too short for it', async () => {
    const { out } = await mms(['read', 'BAY1CTRL/PTOC1$SP', '--port', device.port], { columns: 80, env: { NO_COLOR: '1' } })
    expect(out.split('\n')[1]).toBe('├─ StrVal          structure of 1')
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('colours on a terminal only', async () => {
    const plain = await run('read', 'BAY1MEAS/f')
    const coloured = await mms(['read', 'BAY1MEAS/f', '--port', device.port], { columns: 80 })
    expect(plain.out).not.toContain('\u001b')
    expect(coloured.out).toContain('\u001b[36m50.001446\u001b[39m')
  })

  test('bad usage: nothing to read, items and a list, names that are none', async () => {
    for (const args of [[], ['BAY1MEAS/f', '--list', 'BAY1MEAS/Overview'], ['BAY1MEAS/'], ['BAY1MEAS/f(x)']]) {
      expect((await run('read', ...args)).code).toBe(2)
    }
    expect((await run('read', 'BAY1MEAS/f(x)')).err).toContain('expected a number at character 1, found "x"')
  })
})

describe('write', () => {
  test('X-01: text becomes what the type of the device says, and is read back', async () => {
    expect(await run('write', 'BAY1CTRL/PTOC1$SP$StrVal$setMag$f', '2.5', '--verify')).toEqual({
      code: 0,
      err: '',
      out: `item                               value  result   read back
BAY1CTRL/PTOC1$SP$StrVal$setMag$f  2.5    written  2.5
`,
    })
  })

  test.each([
    ['BAY1MEAS/Kind_boolean', 'off', false],
    ['BAY1MEAS/Kind_bit_string', '0000000000001', '0000000000001'],
    ['BAY1MEAS/Kind_integer', '-12', -12],
    ['BAY1MEAS/Kind_unsigned', '7', 7],
    ['BAY1MEAS/Kind_float64', '1e-3', 0.001],
    ['BAY1MEAS/Kind_octet_string', 'de ad be ef', 'deadbeef'],
    ['BAY1MEAS/Kind_visible_string', 'two words', 'two words'],
    ['BAY1MEAS/Kind_mms_string', '"µ"', 'µ'],
    ['BAY1MEAS/Kind_bcd', '42', 42],
    ['BAY1MEAS/Matrix(1)', '[0, 2, 0]', [0, 2, 0]],
    ['BAY1CTRL/CSWI1$CO$Pos$Oper.origin', '{"orCat": 2, "orIdent": "6d65"}', { orCat: 2, orIdent: '6d65' }],
  ])('%s takes %s', async (item, text, expected) => {
    const { code, out } = await run('write', item, text, '--verify', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual([{ item, value: expected, written: true, readBack: expected }])
  })

  test('what the device refuses: a value out of range, a read-only variable; the others are written', async () => {
    const { code, out } = await run(
      'write',
      'BAY1CTRL/PTOC1$SP$StrVal$setMag$f',
      99,
      'BAY1CTRL/LPHD1$DC$PhyNam$serNum',
      'x',
      'vmd:Note',
      'all is well',
    )
    expect(code).toBe(1)
    expect(out).toBe(`item                               value          result
BAY1CTRL/PTOC1$SP$StrVal$setMag$f  99             object-value-invalid (11)
BAY1CTRL/LPHD1$DC$PhyNam$serNum    "x"            object-access-denied (3)
vmd:Note                           "all is well"  written
`)
  })

  test('a value that does not fit the type is not sent', async () => {
    const wrong = await run('write', 'BAY1CTRL/PTOC1$SP$StrVal$setMag$f', 'high')
    expect(wrong.code).toBe(2)
    expect(wrong.err).toBe(`mms: BAY1CTRL/PTOC1$SP$StrVal$setMag$f: expected floating-point 32, found "high"
  try         what the device expects: mms describe 'BAY1CTRL/PTOC1$SP$StrVal$setMag$f'
`)
    const text = await run('write', 'BAY1MEAS/Matrix(1)', '[0, 2')
    expect(text.code).toBe(2)
    expect(text.err).toContain('must be JSON, since it is array of 3 × integer 32')
  })

  test('--type stands in where the device does not tell', async () => {
    const unknown = await run('write', 'vmd:None', 5)
    expect(unknown.code).toBe(1)
    expect(unknown.err).toContain('the type of vmd:None: access: object-non-existent')
    expect(unknown.err).toContain('--type says the type')
    expect((await run('write', 'vmd:None', 5, '--type', 'int8')).out).toContain('object-non-existent (10)')
    expect((await run('write', 'BAY1MEAS/Kind_float32', 5, '--type', 'int8')).out).toContain('type-inconsistent (7)')
    expect((await run('write', 'BAY1MEAS/Kind_float32', 5, '--type', 'horse')).code).toBe(2)
  })

  test('a dry run shows the value, what is there now, and the octets, and writes nothing', async () => {
    const { code, out } = await run('write', 'BAY1MEAS/Kind_float32', 1.5, '--dry-run')
    expect(code).toBe(0)
    expect(out).toContain('BAY1MEAS/Kind_float32  floating-point 32  -0.15625  1.5       87 05 08 3f c0 00 00')
    expect((await run('read', 'BAY1MEAS/Kind_float32')).out).toContain('-0.15625')
    expect(JSON.parse((await run('write', 'BAY1MEAS/Kind_float32', 1.5, '-n', '--json')).out)).toEqual([
      { item: 'BAY1MEAS/Kind_float32', type: 'floating-point 32', value: 1.5, octets: '8705083fc00000', written: false },
    ])
  })

  test('asks on a terminal, and writes only when that is what is wanted', async () => {
    const args = ['write', 'vmd:Note', 'agreed', '--port', device.port]
    const declined = await mms(args, { answers: ['n'] })
    expect(declined.code).toBe(130)
    expect(declined.err).toContain('"all is well" → "agreed"')
    expect(declined.err).toContain('Write? [y/N] nothing written')
    expect((await run('read', 'vmd:Note')).out).toContain('all is well')
    expect((await mms(args, { answers: ['y'] })).out).toContain('written')
    expect((await run('read', 'vmd:Note')).out).toContain('agreed')
    const unasked = await mms([...args, '--yes'], { answers: [] })
    expect(unasked.err).toBe('')
  })

  test('bad usage: an item without a value', async () => {
    expect((await run('write', 'vmd:Note')).err).toContain("missing required argument 'value'")
    const three = await run('write', 'vmd:Note', 'a', 'vmd:Clock')
    expect(three.code).toBe(2)
    expect(three.err).toContain('found 3 arguments')
  })
})
