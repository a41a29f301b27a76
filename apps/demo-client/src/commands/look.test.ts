import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mms, startDevice, type TestDevice } from '../testing/harness.js'

let device: TestDevice
beforeAll(async () => {
  device = await startDevice()
})
afterAll(() => device[Symbol.asyncDispose]())
const run = (...args: readonly (string | number)[]) => mms([...args, '--port', device.port])

describe('identify and status', () => {
  test('X-01: identify shows who the device is and what was negotiated', async () => {
    expect(await run('identify', '--max-pdu', 8000, '--outstanding', 3)).toEqual({
      code: 0,
      err: '',
      out: [
        'vendor       X',
        'model        virtual bay controller',
        'revision     1.0',
        'PDU size     8000 octets',
        'outstanding  3 requests at a time',
        'nesting      10 levels',
        'services     status, getNameList, identify, read, write, getVariableAccessAttributes, defineNamedVariableList, getNamedVariableListAttributes, deleteNamedVariableList, informationReport, conclude, cancel',
        'parameters   str1, str2, vnam, valt, vlis',
        '',
      ].join('\n'),
    })
  })

  test('X-07: identify as JSON', async () => {
    const { code, out, err } = await run('identify', '--json')
    expect([code, err]).toEqual([0, ''])
    expect(JSON.parse(out)).toMatchObject({
      vendorName: 'X',
      revision: '1.0',
      negotiated: { maxPduSize: 65_000, maxServOutstandingOwn: 10 },
    })
  })

  test('status, in words and as JSON', async () => {
    expect((await run('status', '--extended')).out).toBe('logical   state-changes-allowed\nphysical  operational\n')
    expect(JSON.parse((await run('status', '--json')).out)).toEqual({
      vmdLogicalStatus: 'state-changes-allowed',
      vmdPhysicalStatus: 'operational',
    })
  })

  test('the association ends in order', async () => {
    const before = device.ends.length
    await run('identify')
    await expect.poll(() => device.ends.slice(before)).toEqual(['ReleasedError'])
  })
})

describe('names', () => {
  test('X-01: the domains, one name on a line, and how many they are on standard error', async () => {
    expect(await run('names')).toEqual({ code: 0, out: 'BAY1CTRL\nBAY1MEAS\n', err: '2 domains in the VMD\n' })
  })

  test('the variables of a domain, all pages of them', async () => {
    const { out, err } = await run('names', 'BAY1CTRL', '--max-pdu', 1024)
    const names = out.trimEnd().split('\n')
    expect(names).toHaveLength(352)
    expect(names).toContain('LLN0$ST$Mod$stVal')
    expect(err).toBe('352 variables in BAY1CTRL\n')
  })

  test('the lists of a domain, and the objects of the VMD', async () => {
    expect((await run('names', 'BAY1MEAS', '--class', 'list')).out).toBe('Measurements\nOverview\n')
    expect(JSON.parse((await run('names', 'vmd:', '-c', 'variable', '--json')).out)).toEqual({
      scope: 'vmd:',
      class: 'variable',
      names: ['Clock', 'Note', 'Uptime'],
    })
  })

  test('every class at once', async () => {
    const { out } = await run('names', '--class', 'all')
    expect(out.split('\n').slice(0, 8)).toEqual([
      'class             name',
      'domain            BAY1CTRL',
      'domain            BAY1MEAS',
      'variable          Clock',
      'variable          Note',
      'variable          Uptime',
      'list              Alarms',
      'type              none',
    ])
    const { classes } = JSON.parse((await run('names', 'BAY1CTRL', '--class', 'all', '--json')).out)
    expect(classes).toContainEqual({ class: 'program', error: 'access: object-access-unsupported' })
    expect(classes).toContainEqual({ class: 'list', names: ['LLN0$Positions', 'LLN0$Settings'] })
  })

  test('a class that there is not is bad usage', async () => {
    const { code, err } = await run('names', '--class', 'horse')
    expect(code).toBe(2)
    expect(err).toContain('names: there is no class "horse"')
    expect(err).toContain('semaphore')
  })
})

describe('describe', () => {
  test('the type of a variable and of a part of it, and the members of a list', async () => {
    const { code, out } = await run('describe', 'BAY1MEAS/Phases', 'BAY1MEAS/Phases(0).limits', 'BAY1CTRL/LLN0$Positions')
    expect(code).toBe(0)
    expect(out).toBe(`BAY1MEAS/Phases  variable
array of 3
└─ structure of 4
   ├─ name: visible-string up to 8
   ├─ u: floating-point 32
   ├─ i: floating-point 32
   └─ limits: structure of 2
      ├─ low: floating-point 32
      └─ high: floating-point 32

BAY1MEAS/Phases(0).limits  variable
structure of 2
├─ low: floating-point 32
└─ high: floating-point 32

BAY1CTRL/LLN0$Positions  list of 3
BAY1CTRL/XCBR1$ST$Pos$stVal
BAY1CTRL/XSWI1$ST$Pos$stVal
BAY1CTRL/XSWI2$ST$Pos$stVal
`)
  })

  test('as JSON, in the form that --type takes', async () => {
    const { out } = await run('describe', 'BAY1MEAS/Matrix', '--json')
    expect(JSON.parse(out)).toEqual([
      { kind: 'variable', item: 'BAY1MEAS/Matrix', mmsDeletable: false, type: { array: 3, of: { array: 3, of: 'integer 32' } } },
    ])
  })

  test('what is not there, beside what is: its error, and exit code 1', async () => {
    const { code, out } = await run('describe', 'BAY1MEAS/f', 'BAY1MEAS/nothing', 'BAY1MEAS/f.part')
    expect(code).toBe(1)
    expect(out).toContain('BAY1MEAS/f  variable\nfloating-point 32\n')
    expect(out).toContain('BAY1MEAS/nothing  access: object-non-existent')
    expect(out).toContain('BAY1MEAS/f.part  type-inconsistent (7)')
  })
})
