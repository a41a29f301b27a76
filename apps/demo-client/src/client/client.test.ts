import type { MmsClient } from '@x/mms'
import { parseVariable, printType, types } from '@x/mms'
import { connect } from '@x/mms/node'
import { describe, expect, test } from 'vitest'
import { startDevice } from '../testing/harness.js'
import { parseAssignment } from './assign.js'
import { readAll, sizeOf } from './bulk.js'
import { parseType, shortType } from './type-text.js'
import { typesOf, typesOfParts } from './types.js'

/** Counts the requests of a service that a client sends. */
function counting(mms: MmsClient): { readonly reads: () => number } {
  let reads = 0
  const { provider } = mms.connection
  const submit = provider.submit.bind(provider)
  provider.submit = primitive => {
    if (primitive.type === 'M-CONFIRMED.request' && primitive.service === 'read') reads += 1
    submit(primitive)
  }
  return { reads: () => reads }
}

describe('readAll', () => {
  test('as many items in a request as fit a PDU by their types, the outcomes in order', async () => {
    await using device = await startDevice()
    await using mms = await connect({ host: '127.0.0.1', port: device.port, initiate: { maxPduSize: 2_048 } })
    const names = await mms.variableNames('BAY1MEAS')
    const references = names.map(name => parseVariable(`BAY1MEAS/${name}`))
    const found = await typesOfParts(mms, references, {})
    const counter = counting(mms)
    const told: number[] = []
    const outcomes = await readAll(
      mms,
      references.map((reference, i) => ({ reference, type: found[i] })),
      {},
      (first, some) => told.push(first, some.length),
    )
    expect(outcomes.every(outcome => 'data' in outcome)).toBe(true)
    expect(outcomes[names.indexOf('Kind_boolean')]).toEqual({ data: { type: 'boolean', value: true } })
    expect(counter.reads()).toBeGreaterThan(1)
    expect(counter.reads()).toBeLessThan(10)
    expect(told.filter((_, i) => i % 2 === 1).reduce((sum, length) => sum + length, 0)).toBe(names.length)
  })

  test('a request that is refused is tried again in halves: one bad item costs only itself', async () => {
    await using device = await startDevice({ limits: { maxItems: 3 } })
    await using mms = await connect({ host: '127.0.0.1', port: device.port })
    const wanted = ['f', 'P', 'nothing', 'Q', 'S', 'cosPhi', 'I_N'].map(item => ({
      reference: parseVariable(`BAY1MEAS/${item}`),
      type: types.float32,
    }))
    const outcomes = await readAll(mms, wanted, {})
    expect(outcomes.map(outcome => ('data' in outcome ? outcome.data.type : outcome.failure))).toEqual([
      'floatingPoint',
      'floatingPoint',
      'object-non-existent',
      ...Array.from({ length: 4 }, () => 'floatingPoint'),
    ])
  })

  test('an item that is too large even alone says so', async () => {
    await using device = await startDevice()
    await using mms = await connect({ host: '127.0.0.1', port: device.port, initiate: { maxPduSize: 1_024 } })
    const wanted = ['BAY1CTRL/GGIO1', 'BAY1CTRL/XCBR1', 'BAY1MEAS/f'].map(item => ({ reference: parseVariable(item) }))
    const many = Array.from({ length: 60 }, () => wanted[2]!)
    const outcomes = await readAll(mms, [...wanted, ...many], {})
    expect(outcomes.slice(2).every(outcome => 'data' in outcome)).toBe(true)
  })

  test('nothing wanted, nothing asked', async () => {
    await using device = await startDevice()
    await using mms = await connect({ host: '127.0.0.1', port: device.port })
    const counter = counting(mms)
    expect(await readAll(mms, [], {})).toEqual([])
    expect(counter.reads()).toBe(0)
  })
})

describe('types of a device', () => {
  test('each name is asked for once, and what is not told has its reason', async () => {
    await using device = await startDevice()
    await using mms = await connect({ host: '127.0.0.1', port: device.port })
    const name = parseVariable('BAY1MEAS/f').name
    const [one, two, none] = await typesOf(mms, [name, name, parseVariable('BAY1MEAS/x').name], {})
    expect(one).toEqual({ type: types.float32, mmsDeletable: false })
    expect(two).toBe(one)
    expect(none).toEqual({ failure: 'access: object-non-existent' })
    const parts = ['BAY1MEAS/Phases(1).u', 'BAY1MEAS/Phases(*).name', 'BAY1MEAS/Phases(9)', 'BAY1MEAS/x'].map(parseVariable)
    expect((await typesOfParts(mms, parts, {})).map(type => type && shortType(type))).toEqual([
      'floating-point 32',
      'array of 3 × visible-string up to 8',
      undefined,
      undefined,
    ])
  })

  test('sizeOf is never less than what a value takes', async () => {
    await using device = await startDevice()
    await using mms = await connect({ host: '127.0.0.1', port: device.port })
    const { encode } = await import('@x/ber')
    const { Data } = await import('@x/mms')
    for (const domain of await mms.domainNames()) {
      for (const item of await mms.variableNames(domain)) {
        const { typeDescription } = await mms.getVariableAccessAttributes(`${domain}/${item}`)
        const octets = encode(Data, await mms.readValue(`${domain}/${item}`)).length
        expect([item, octets <= sizeOf(typeDescription)]).toEqual([item, true])
      }
    }
  })
})

describe('parseType', () => {
  test.each([
    ['boolean', 'boolean'],
    ['integer 32', 'integer 32'],
    ['int8', 'integer 8'],
    ['int', 'integer 32'],
    ['uint64', 'unsigned 64'],
    ['unsigned 16', 'unsigned 16'],
    ['float', 'floating-point 32'],
    ['float64', 'floating-point 64'],
    ['floating-point 32', 'floating-point 32'],
    ['bits13', 'bit-string 13'],
    ['bit-string up to 13', 'bit-string up to 13'],
    ['octets(-64)', 'octet-string up to 64'],
    ['string', 'visible-string up to 255'],
    ['string(8)', 'visible-string 8'],
    ['visible-string up to 64', 'visible-string up to 64'],
    ['mms-string(-9)', 'mMSString up to 9'],
    ['mMSString up to 9', 'mMSString up to 9'],
    ['bcd4', 'bcd 4'],
    ['utc-time', 'utc-time'],
    ['generalized-time', 'generalized-time'],
    ['binary-time', 'binary-time'],
    ['binary-time with date', 'binary-time with date'],
    ['oid', 'objId'],
    ['{"array": 3, "of": "int8"}', 'array of 3\n└─ integer 8'],
    [
      '{"structure": {"a": "bool", "b": {"array": 2, "of": "float"}}}',
      'structure of 2\n├─ a: boolean\n└─ b: array of 2\n   └─ floating-point 32',
    ],
  ])('%s', (text, printed) => {
    expect(printType(parseType(text))).toBe(printed)
  })

  test.each(['', 'horse', 'int0', 'intx', 'bits', '{', '{"array": -1, "of": "int8"}', '{"structure": ["int8"]}'])('%s is none', text => {
    expect(() => parseType(text)).toThrow('type: ')
  })
})

describe('parseAssignment', () => {
  test('the first equals sign that is not part of the item', () => {
    expect(parseAssignment('D/a=b=c')).toMatchObject({ item: 'D/a', text: 'b=c' })
    expect(parseAssignment('D/a{x=.u,y=.i}={}')).toMatchObject({ item: 'D/a{x=.u,y=.i}', text: '{}' })
    expect(() => parseAssignment('D/a')).toThrow('expected item=value, found D/a')
  })
})
