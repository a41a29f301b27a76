import { describe, expect, test } from 'vitest'
import { heldRead, int, mag, model, pair, settle } from '../../test/pair.js'
import type { Data } from '../asn1/data.js'
import type { TypeDescription, TypeSpecification } from '../asn1/variable-access.js'
import type { Handlers } from '../server/handlers.js'
import { utcTimeOf } from '../times.js'
import { types } from '../value-types.js'
import { floatingPoint, toData } from '../values.js'
import { KnownTypes } from './known-types.js'

const pump = types.structure({
  speed: types.float32,
  flags: types.bitString(4),
  total: types.unsigned(64),
  at: types.utcTime,
  steps: types.array(2, types.structure({ on: types.boolean, name: types.visibleString(-16) })),
})
const at = utcTimeOf(1_700_000_000_123_456_789n)
const plain = {
  speed: 1.5,
  flags: '1010',
  total: 2n ** 63n,
  at,
  steps: [
    { on: true, name: 'first' },
    { on: false, name: 'second' },
  ],
}
const domain = () =>
  model({
    domains: {
      D: {
        variables: {
          pump: { type: pump, value: toData(plain, pump) },
          small: { type: types.integer(16), value: int(7) },
          fixed: { type: types.integer(16), value: int(7), writable: false },
          ...Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`t${i}`, { type: types.visibleString(-100), value: text(100) }])),
        },
      },
    },
    lists: {},
  })
const text = (length: number): Data => ({ type: 'visibleString', value: 'x'.repeat(length) })

/** Answers getVariableAccessAttributes from a table that the test may change, and counts. */
function told(kinds: Record<string, TypeDescription>, asked: string[]): Handlers {
  return {
    getVariableAccessAttributes: ({ value }) => {
      const name = (value as { value: { itemID: string } }).value.itemID
      asked.push(name)
      return { response: { mmsDeletable: false, typeDescription: kinds[name]! } }
    },
  }
}

describe('D-04: plain values over an association', () => {
  test('D-04: a structure is an object by the names of its components, and goes back as one', async () => {
    const { mms } = await pair({ model: domain() })
    expect(await mms.values.get('D/pump')).toEqual(plain)
    await mms.values.set('D/pump', { ...plain, speed: 2.5, total: 5 })
    expect(await mms.values.get('D/pump')).toEqual({ ...plain, speed: 2.5, total: 5 })
    expect(await mms.values.get('D/pump.speed')).toBe(2.5)
    expect(await mms.values.get('D/pump.steps(1)')).toEqual({ on: false, name: 'second' })
    expect(await mms.values.get('D/pump.steps(0..1)')).toEqual(plain.steps)
    expect(await mms.values.get('D/pump{s=.speed,f=.flags}')).toEqual({ s: 2.5, f: '1010' })
    await mms.values.set('D/pump.steps(0).name', 'third')
    expect(await mms.values.get('D/pump.steps(0).name')).toBe('third')
  })

  test('D-03: a time keeps its nanoseconds and its flags', async () => {
    const { mms } = await pair({ model: domain() })
    const time = utcTimeOf(1_700_000_000_987_654_321n, {
      leapSecondsKnown: false,
      clockFailure: true,
      clockNotSynchronized: true,
      accuracy: 10,
    })
    await mms.values.set('D/pump.at', time)
    expect(await mms.values.get('D/pump.at')).toEqual(time)
  })

  test('D-06: a value that is not of the type is refused here, with the path that does not fit', async () => {
    const { mms } = await pair({ model: domain() })
    await expect(mms.values.set('D/pump', { ...plain, steps: [plain.steps[0], { on: 'perhaps', name: '' }] })).rejects.toMatchObject({
      name: 'EncodeError',
      code: 'MMS_TYPE_MISMATCH',
      path: '.steps(1).on',
      message: 'D/pump.steps(1).on: expected boolean, found "perhaps"',
    })
    await expect(mms.values.set('D/small', 40_000)).rejects.toThrow('D/small: expected integer 16, found 40000')
    await expect(mms.values.set('D/pump.none', 1)).rejects.toMatchObject({ code: 'MMS_TYPE_PART' })
    expect(await mms.values.get('D/pump')).toEqual(plain)
  })

  test('D-06: nothing of many is written unless every value is of its type', async () => {
    const { mms } = await pair({ model: domain() })
    const both = [
      { item: 'D/small', value: 1 },
      { item: 'D/pump.speed', value: 'fast' },
    ]
    await expect(mms.values.setAll(both)).rejects.toThrow('D/pump.speed: expected floating-point 32, found "fast"')
    expect(await mms.values.get('D/small')).toBe(7)
    expect(await mms.values.setAll([both[0]!, { item: 'D/fixed', value: 1 }])).toMatchObject([
      { type: 'success' },
      { type: 'failure', value: 'object-access-denied' },
    ])
  })

  test('one result for each variable, in order; a failure of one does not fail the others', async () => {
    const { mms } = await pair({ model: domain() })
    expect(await mms.values.getAll(['D/small', 'D/none', 'D/pump.flags'])).toEqual([
      { type: 'success', value: 7 },
      { type: 'failure', value: 'object-non-existent' },
      { type: 'success', value: '1010' },
    ])
    await expect(mms.values.get('D/none')).rejects.toMatchObject({ code: 'MMS_DATA_ACCESS_OBJECT_NON_EXISTENT', reason: 10 })
    await expect(mms.values.set('D/fixed', 1)).rejects.toMatchObject({ code: 'MMS_DATA_ACCESS_OBJECT_ACCESS_DENIED' })
  })

  test('RM-12: once the types are known no answer is asked for that would not fit', async () => {
    const { mms, server } = await pair({ model: domain(), client: { initiate: { maxPduSize: 1_024 } } })
    const items = Array.from({ length: 60 }, (_, i) => `D/t${i}`)
    const first = await mms.values.getAll(items)
    const errors: unknown[] = []
    const { provider } = mms.connection
    const deliver = provider.onDeliver
    provider.onDeliver = delivery => {
      if (delivery.type === 'M-CONFIRMED.confirm' && delivery.result !== 'response') errors.push(delivery)
      deliver(delivery)
    }
    expect(await mms.values.getAll(items)).toEqual(first)
    expect(first).toHaveLength(60)
    expect(errors).toEqual([])
    expect(server.associations.size).toBe(1)
  })
})

describe('D-06: types', () => {
  test('a type is asked for once, however many ask, and whatever part they mean', async () => {
    const asked: string[] = []
    const { mms } = await pair({ model: domain(), handlers: told({ pump, small: types.integer(16) }, asked) })
    await Promise.all([
      mms.values.get('D/pump'),
      mms.values.get('D/pump.speed'),
      mms.values.set('D/pump.speed', 3),
      mms.values.get('D/small'),
    ])
    await mms.values.get('D/pump')
    expect(asked).toEqual(['pump', 'small'])
    mms.values.forget('D/pump')
    await mms.values.typeOf('D/pump')
    mms.values.forget()
    await mms.values.typeOf('D/small')
    expect(asked).toEqual(['pump', 'small', 'pump', 'small'])
  })

  test('a server that says type-inconsistent has its type asked for anew', async () => {
    const asked: string[] = []
    const kinds: Record<string, TypeDescription> = { small: types.integer(32) }
    const { mms } = await pair({ model: domain(), handlers: told(kinds, asked) })
    await expect(mms.values.set('D/small', 100_000)).rejects.toMatchObject({ code: 'MMS_DATA_ACCESS_TYPE_INCONSISTENT' })
    kinds.small = types.integer(16)
    await expect(mms.values.set('D/small', 100_000)).rejects.toMatchObject({ code: 'MMS_TYPE_MISMATCH' })
    await mms.values.set('D/small', 1_000)
    expect(asked).toEqual(['small', 'small'])
  })

  test('a value of another type than remembered, either way, has the type asked for anew', async () => {
    const asked: string[] = []
    const kinds: Record<string, TypeDescription> = { pump: types.structure({ old: types.float32 }) }
    const { mms } = await pair({ model: domain(), handlers: told(kinds, asked) })
    await mms.values.typeOf('D/pump')
    kinds.pump = pump
    expect(await mms.values.get('D/pump')).toEqual(plain)
    kinds.pump = types.structure({ old: types.float32 })
    mms.values.forget()
    await mms.values.typeOf('D/pump')
    kinds.pump = pump
    await mms.values.set('D/pump', { ...plain, speed: 8 })
    expect(await mms.values.get('D/pump.speed')).toBe(8)
    expect(asked).toEqual(['pump', 'pump', 'pump', 'pump'])
  })

  test('where the server does not tell the type, structures are lists, and only Data can be written', async () => {
    const { mms } = await pair({ model: domain(), handlers: { getVariableAccessAttributes: false } })
    expect(await mms.values.get('D/pump.steps')).toEqual([
      [true, 'first'],
      [false, 'second'],
    ])
    await expect(mms.values.set('D/small', 1)).rejects.toMatchObject({
      code: 'MMS_TYPE_UNKNOWN',
      message: expect.stringContaining('D/small: the server does not tell the type'),
    })
    await mms.writeValue('D/small', int(1))
    expect(await mms.values.get('D/small')).toBe(1)
  })

  test('a type that another one only names is asked for, each once', async () => {
    const named = (value: string): TypeSpecification => ({ type: 'typeName', value: { type: 'vmdSpecific', value } })
    const array = (elementType: TypeSpecification): TypeDescription => ({
      type: 'array',
      value: { packed: false, numberOfElements: 2, elementType },
    })
    const asked: string[] = []
    const handlers: Handlers = {
      ...told({ pump: array(named('outer')) }, asked),
      read: () => ({ response: { listOfAccessResult: [{ type: 'success', value: toData([[{ m: 1 }], [{ m: 2 }]]) }] } }),
      getNamedTypeAttributes: ({ value }) => {
        asked.push(value as string)
        const typeSpecification: TypeSpecification =
          value === 'outer'
            ? {
                type: 'typeDescription',
                value: {
                  type: 'structure',
                  value: { packed: false, components: [{ componentName: 'in', componentType: named('inner') }] },
                },
              }
            : { type: 'typeDescription', value: types.structure({ m: types.integer(8) }) }
        return { response: { mmsDeletable: false, typeSpecification } }
      },
    }
    const { mms } = await pair({ handlers })
    expect(await mms.values.typeOf('D/pump')).toEqual(types.array(2, types.structure({ in: types.structure({ m: types.integer(8) }) })))
    expect(asked).toEqual(['pump', 'outer', 'inner'])
  })

  test.each([
    ['a name that leads to itself', (value: string): TypeSpecification => ({ type: 'typeName', value: { type: 'vmdSpecific', value } })],
    [
      'a type inside itself',
      (value: string): TypeSpecification => ({
        type: 'typeDescription',
        value: {
          type: 'array',
          value: { packed: false, numberOfElements: 2, elementType: { type: 'typeName', value: { type: 'vmdSpecific', value } } },
        },
      }),
    ],
  ])('RM-30: %s is an error, not an endless question', async (_, answer) => {
    let asked = 0
    const handlers: Handlers = {
      getVariableAccessAttributes: () => ({
        response: {
          mmsDeletable: false,
          typeDescription: { type: 'array', value: { packed: false, numberOfElements: 1, elementType: answer('T') } },
        },
      }),
      getNamedTypeAttributes: ({ value }) => {
        asked += 1
        return { response: { mmsDeletable: false, typeSpecification: answer(value as string) } }
      },
    }
    const { mms } = await pair({ handlers })
    await expect(mms.values.typeOf('LD/x')).rejects.toMatchObject({ code: 'MMS_TYPE_NAME' })
    expect(asked).toBeLessThan(5)
  })

  test('types beyond the limit are forgotten, the one used longest ago first; one that failed is asked for again', async () => {
    const asked: string[] = []
    const { mms } = await pair({ model: domain(), handlers: told({ t0: types.boolean, t1: types.boolean, t2: types.boolean }, asked) })
    const known = new KnownTypes(mms, 2)
    const name = (itemID: string) => ({ type: 'domainSpecific', value: { domainID: 'D', itemID } }) as const
    for (const item of ['t0', 't1', 't0', 't2', 't0', 't1']) await known.of(name(item))
    expect(asked).toEqual(['t0', 't1', 't2', 't1'])
    expect(known.size).toBe(2)
    const bare = await pair({ model: domain(), handlers: { getVariableAccessAttributes: false } })
    const none = new KnownTypes(bare.mms, 2)
    await expect(none.of(name('t0'))).rejects.toMatchObject({ code: 'MMS_REJECT_UNRECOGNIZED_SERVICE' })
    expect(none.size).toBe(0)
  })

  test('U-11: a signal lets go of one who waits for a type that others wait for as well', async () => {
    let answer!: () => void
    const held = new Promise<void>(resolve => {
      answer = resolve
    })
    const { mms } = await pair({
      handlers: {
        getVariableAccessAttributes: async () => {
          await held
          return { response: { mmsDeletable: false, typeDescription: types.integer(32) } }
        },
      },
    })
    const aborter = new AbortController()
    const first = mms.values.set('LD/x', 5, { signal: aborter.signal })
    const second = mms.values.set('LD/x', 6)
    await settle()
    aborter.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    await expect(mms.values.set('LD/x', 7, { signal: aborter.signal })).rejects.toThrow('enough')
    answer()
    await second
    expect(await mms.values.get('LD/x')).toBe(6)
  })

  test('U-11: a value and its type end with the association', async () => {
    const { slow } = heldRead()
    const { mms } = await pair({ model: model({ domains: { D: { variables: { slow } } }, lists: {} }) })
    const read = mms.values.get('D/slow')
    await settle()
    mms.abort()
    await expect(read).rejects.toMatchObject({ code: 'ABORTED' })
  })

  test('a variable by its description has the type that it says', async () => {
    const { mms } = await pair({
      handlers: {
        read: () => ({ response: { listOfAccessResult: [{ type: 'success', value: { type: 'structure', value: [mag(1)] } }] } }),
      },
    })
    const described = {
      variableSpecification: {
        type: 'variableDescription',
        value: {
          address: { type: 'numericAddress', value: 1 },
          typeSpecification: { type: 'typeDescription', value: types.structure({ f: types.float32 }) },
        },
      },
    } as const
    expect(await mms.values.get(described)).toEqual({ f: 1 })
    const address = { variableSpecification: { type: 'address', value: { type: 'numericAddress', value: 1 } } } as const
    expect(await mms.values.get(address)).toEqual([1])
    await expect(mms.values.set(address, 1)).rejects.toMatchObject({ code: 'MMS_TYPE_UNKNOWN' })
    expect(floatingPoint(1)).toEqual(mag(1))
  })
})
