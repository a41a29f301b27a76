import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mms, startDevice, type TestDevice } from '../testing/harness.js'

let device: TestDevice
beforeAll(async () => {
  device = await startDevice({
    handlers: { takeControl: () => ({ response: { type: 'noResult', value: null } }), relinquishControl: () => ({ response: null }) },
  })
})
afterAll(() => device[Symbol.asyncDispose]())
const run = (args: readonly string[], options = {}) => mms([...args, '--port', device.port], options)
const semaphore = '{"semaphoreName":{"type":"vmdSpecific","value":"s"}}'

describe('call', () => {
  test('without a service lists all that can be asked for: 85 confirmed ones and the 23 inside additionalService', async () => {
    const names = (await run(['call'])).out.trim().split('\n')
    expect(names).toHaveLength(85 + 23)
    expect(names).toEqual(expect.arrayContaining(['read', 'changeAccessControl', 'startUnitControl', 'alterEventConditionListMonitoring']))
  })

  test('sends a service by its name, and prints its result as JSON', async () => {
    const domains = '{"objectClass":{"type":"basicObjectClass","value":"domain"},"objectScope":{"type":"vmdSpecific","value":null}}'
    const { code, out } = await run(['call', 'getNameList', domains])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({ listOfIdentifier: ['BAY1CTRL', 'BAY1MEAS'], moreFollows: false })
    expect((await run(['call', 'IDENTIFY'])).out).toContain('virtual bay controller')
  })

  test('takes the argument from standard input', async () => {
    const { out } = await run(['call', 'getNamedVariableListAttributes', '-'], {
      stdin: '{"type":"domainSpecific","value":{"domainID":"BAY1MEAS","itemID":"Measurements"}}',
    })
    expect((JSON.parse(out) as { listOfVariable: unknown[] }).listOfVariable.length).toBeGreaterThan(1)
  })

  test('asks before a service that may change something; without a terminal it wants --yes', async () => {
    expect(await run(['call', 'takeControl', semaphore])).toMatchObject({ code: 2, err: expect.stringContaining('say --yes') })
    expect(await run(['call', 'takeControl', semaphore], { answers: ['n'] })).toMatchObject({ code: 130, out: '' })
    expect(JSON.parse((await run(['call', 'takeControl', semaphore], { answers: ['y'] })).out)).toEqual({ type: 'noResult', value: null })
    expect(await run(['call', 'relinquishControl', semaphore, '--yes'])).toMatchObject({
      code: 0,
      out: '',
      err: 'relinquishControl: done\n',
    })
  })

  test('says what is wrong with a name or an argument, and sends nothing', async () => {
    expect(await run(['call', 'semaphore'])).toMatchObject({ code: 2, err: expect.stringContaining('defineSemaphore') })
    expect(await run(['call', 'read', '{'])).toMatchObject({ code: 2, err: expect.stringContaining('no JSON') })
    expect(await run(['call', 'read', '{"variable":1}'])).toMatchObject({ code: 2, err: expect.stringContaining('--describe') })
  })

  test('a service that the device does not have is refused by the device, not by this program', async () => {
    expect(await run(['call', 'getUnitControlAttributes', '"U"'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('unrecognized-service'),
    })
  })

  test('--describe shows argument and result as ASN.1', async () => {
    const { out } = await run(['call', 'startUnitControl', '--describe'])
    expect(out).toContain('StartUnitControl-Request ::= SEQUENCE {')
    expect(out).toContain('unitControlName')
  })
})
