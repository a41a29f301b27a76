import { describe, expect, test } from 'vitest'
import { heldRead, int, mag, model, pair, settle } from '../../../test/pair.js'
import type { Data } from '../../asn1/data.js'
import { parseVariable } from '../../names.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'
import { types } from '../../value-types.js'
import type { VmdModel } from '../model.js'

const success = (value: Data) => ({ type: 'success', value })
const failure = (value: string) => ({ type: 'failure', value })
const name = (text: string) => ({ type: 'name', value: parseVariable(text).name }) as const

const guarded: Partial<VmdModel> = {
  variables: {
    vmdWide: { type: types.integer(16), value: int(5) },
    input: { type: types.integer(16), read: () => int(1), accessControlList: 'M_ReadOnly' },
    readOnly: { type: types.integer(16), accessControlList: 'M_ReadOnly' },
    secret: { type: types.integer(16), readable: false },
  },
}

describe('the checks for one item, ISO 9506-1, 14.4.3, in their order', () => {
  test('name, access method, access control, alternate access, data', async () => {
    const { mms } = await pair({ model: model(guarded) })
    expect(
      await mms.write([
        { item: 'vmd:none', value: int(1) },
        // The access method has no writing: that comes before its list, and before whether the value fits.
        { item: 'vmd:input', value: int(1) },
        { item: 'vmd:input(1)', value: mag(1) },
        { item: 'vmd:readOnly', value: int(1) },
        { item: 'vmd:readOnly(1)', value: mag(1) },
        { item: 'vmd:vmdWide(1)', value: mag(1) },
        { item: 'LD/a(7)', value: mag(1) },
        { item: 'LD/a(0).none', value: mag(1) },
        { item: 'LD/x', value: mag(1) },
        { item: 'LD/limited', value: int(101) },
        { item: 'LD/late', value: int(1) },
      ]),
    ).toEqual(
      [
        'object-non-existent',
        'object-access-unsupported',
        'object-access-unsupported',
        'object-access-denied',
        'object-access-denied',
        'type-inconsistent',
        'object-non-existent',
        'object-non-existent',
        'type-inconsistent',
        'object-value-invalid',
        'temporarily-unavailable',
      ].map(failure),
    )
    expect(await mms.read(['vmd:secret', 'vmd:secret(1)', 'vmd:readOnly', 'LD/broken'])).toEqual([
      failure('object-access-denied'),
      failure('object-access-denied'),
      success(int(0)),
      failure('hardware-fault'),
    ])
  })

  test('a selection that carries a name of its own alone, and a structure of nothing, contradict themselves', async () => {
    const { mms } = await pair()
    const a = { type: 'component', value: 'mag' } as const
    const named = [{ type: 'named', value: { componentName: 'n', access: { type: 'selectAccess', value: a } } }] as const
    expect(await mms.read([{ variableSpecification: name('LD/LLN0$MX$A'), alternateAccess: named }])).toEqual([
      failure('object-attribute-inconsistent'),
    ])
    expect(await mms.read([{ variableSpecification: name('LD/x'), alternateAccess: [] }])).toEqual([
      failure('object-attribute-inconsistent'),
    ])
  })

  test('RM-08: data that do not fit are an error of their item: kind, count, size, range', async () => {
    const all = types.structure({
      bits: types.bitString(3),
      text: types.visibleString(-4),
      small: types.integer(8),
      two: types.array(2, types.boolean),
    })
    const { mms } = await pair({ model: model({ domains: { D: { variables: { all: { type: all } } } } }) })
    const bits = (size: number) => ({ type: 'bitString', value: { octets: Uint8Array.of(0), size } }) as const
    const text = (value: string) => ({ type: 'visibleString', value }) as const
    const booleans = (...value: boolean[]) =>
      ({ type: 'array', value: value.map(each => ({ type: 'boolean', value: each }) as const) }) as const
    const write = async (path: string, value: Data) => (await mms.write([{ item: `D/all${path}`, value }]))[0]
    const misfit = failure('type-inconsistent')
    expect(await write('.bits', bits(4))).toEqual(misfit)
    expect(await write('.bits', bits(3))).toMatchObject({ type: 'success' })
    expect(await write('.text', text('12345'))).toEqual(misfit)
    expect(await write('.text', text('1234'))).toMatchObject({ type: 'success' })
    expect(await write('.small', int(128))).toEqual(misfit)
    expect(await write('.small', int(-128))).toMatchObject({ type: 'success' })
    expect(await write('.two', booleans(true))).toEqual(misfit)
    expect(await write('.two', { type: 'booleanArray', value: { octets: Uint8Array.of(0x40), size: 2 } })).toMatchObject({
      type: 'success',
    })
    expect(await write('', { type: 'structure', value: [] })).toEqual(misfit)
    expect(await mms.readValue('D/all.two(1)')).toEqual({ type: 'boolean', value: true })
  })

  test('what was not agreed on is rejected: names, alternate access, lists, components and indexes', async () => {
    const without = async (...left: string[]) => {
      const parameterCBB = (['str1', 'str2', 'vnam', 'valt', 'vlis'] as const).filter(each => !left.includes(each))
      return (await pair({ client: { initiate: { parameterCBB } } })).mms
    }
    const rejected = { code: 'MMS_REJECT_INVALID_ARGUMENT' }
    await expect((await without('vnam')).readValue('LD/x')).rejects.toMatchObject(rejected)
    await expect((await without('vnam')).getVariableAccessAttributes('LD/x')).rejects.toMatchObject(rejected)
    await expect((await without('valt')).readValue('LD/a(1)')).rejects.toMatchObject(rejected)
    await expect((await without('str1')).readValue('LD/a(1)')).rejects.toMatchObject(rejected)
    await expect((await without('str2')).readValue('LD/LLN0$MX$A.mag')).rejects.toMatchObject(rejected)
    const noLists = await without('vlis')
    await expect(noLists.readVariableList('LD/set')).rejects.toMatchObject(rejected)
    await expect(noLists.defineNamedVariableList('aa:l', ['LD/x'])).rejects.toMatchObject(rejected)
    await expect(noLists.getNamedVariableListAttributes('LD/set')).rejects.toMatchObject(rejected)
    await expect(noLists.deleteNamedVariableList(['LD/set'])).rejects.toMatchObject(rejected)
    const invalidated = { variableSpecification: { type: 'invalidated', value: null } } as const
    await expect((await without()).read([invalidated])).rejects.toMatchObject(rejected)
  })

  test('a variable with a meaning and an access control list shows them where that was agreed on', async () => {
    const described = model({
      variables: { v: { type: types.boolean, meaning: 'the door is open', accessControlList: 'M_ReadOnly' } },
      lists: {},
    })
    const { mms } = await pair({ model: described, client: { initiate: WHOLE_OF_MMS }, initiate: WHOLE_OF_MMS })
    expect(await mms.getVariableAccessAttributes('vmd:v')).toEqual({
      mmsDeletable: false,
      typeDescription: types.boolean,
      accessControlList: 'M_ReadOnly',
      meaning: 'the door is open',
    })
    await mms.defineNamedVariableList('aa:l', ['vmd:v'])
    expect(await mms.getNamedVariableListAttributes('aa:l')).toMatchObject({ accessControlList: 'M_Deletable' })
    const older = await pair({
      model: described,
      client: { initiate: { versionNumber: 2, parameterCBB: ['vnam', 'aco', 'sem'] } },
      initiate: WHOLE_OF_MMS,
    })
    expect(await older.mms.getVariableAccessAttributes('vmd:v')).toEqual({
      mmsDeletable: false,
      typeDescription: types.boolean,
      meaning: 'the door is open',
    })
  })
})

describe('all or none, where the model wants it', () => {
  test('RM-14: a write of which one item would fail writes none; the others are answered as not written', async () => {
    const { mms } = await pair({ model: model({ atomicWrites: true }) })
    const items = (value: Data) => [
      { item: 'LD/x', value: int(9) },
      { item: 'vmd:vmdWide', value },
    ]
    expect(await mms.write(items(mag(1)))).toEqual([failure('temporarily-unavailable'), failure('type-inconsistent')])
    expect(await mms.write([...items(int(8)), { item: 'LD/none', value: int(1) }])).toEqual([
      failure('temporarily-unavailable'),
      failure('temporarily-unavailable'),
      failure('object-non-existent'),
    ])
    expect(await mms.read(['LD/x', 'vmd:vmdWide'])).toEqual([success(int(1)), success(int(5))])
    expect(await mms.write(items(int(8)))).toMatchObject([{ type: 'success' }, { type: 'success' }])
    expect(await mms.read(['LD/x', 'vmd:vmdWide'])).toEqual([success(int(9)), success(int(8))])
  })
})

describe('access that takes its time', () => {
  test('a read that is not answered within accessTimeout is temporarily unavailable; the other items are there', async () => {
    const { slow, answer } = heldRead()
    const { mms, timers } = await pair({
      model: model({ domains: { D: { variables: { slow, quick: { type: types.integer(8), read: async () => int(2) } } } } }),
    })
    const reading = mms.read(['D/slow', 'D/quick'])
    await settle()
    timers.advance(8_000)
    expect(await reading).toEqual([failure('temporarily-unavailable'), success(int(2))])
    answer()
    await settle()
    const again = mms.read(['D/slow'])
    await settle()
    answer()
    expect(await again).toEqual([success(int(1))])
  })

  test('a write that is not answered within accessTimeout is temporarily unavailable, and the next item has its turn', async () => {
    const variables = {
      stuck: { type: types.integer(8), write: () => new Promise<undefined>(() => {}) },
      quick: { type: types.integer(8) },
    }
    const { mms, timers } = await pair({ model: model({ domains: { D: { variables } } }) })
    const writing = mms.write([
      { item: 'D/stuck', value: int(1) },
      { item: 'D/quick', value: int(1) },
    ])
    await settle()
    timers.advance(8_000)
    expect(await writing).toEqual([failure('temporarily-unavailable'), { type: 'success', value: null }])
  })

  test('parts of one variable that are written at the same time do not undo each other', async () => {
    let held: Data = { type: 'structure', value: [int(0), int(0)] }
    const later = <T>(value: T) => settle().then(() => value)
    const both = {
      type: types.structure({ a: types.integer(8), b: types.integer(8) }),
      read: () => later(held),
      write: async (value: Data) => {
        await settle()
        held = value
      },
    }
    const { mms } = await pair({ model: model({ domains: { D: { componentsAsVariables: true, variables: { both } } } }) })
    await Promise.all([mms.writeValue('D/both.a', int(1)), mms.writeValue('D/both.b', int(2)), mms.writeValue('D/both$a', int(3))])
    expect(held).toEqual({ type: 'structure', value: [int(3), int(2)] })
  })

  test('a hundred writes wait for one that hangs; the next is temporarily unavailable at once', async () => {
    const stuck = { type: types.integer(8), write: () => new Promise<undefined>(() => {}) }
    const { mms, timers } = await pair({ model: model({ domains: { D: { variables: { stuck } } } }) })
    for (let i = 0; i < 10; i++) {
      const writing = Promise.all(Array.from({ length: 10 }, () => mms.write([{ item: 'D/stuck', value: int(1) }])))
      await settle()
      timers.advance(8_000)
      await writing
    }
    // No time passes any more.
    expect(await mms.write([{ item: 'D/stuck', value: int(1) }])).toEqual([failure('temporarily-unavailable')])
  })
})

describe('RM-12: what would not fit the PDU in any case is not read', () => {
  test('the hooks of what is behind the limit are not called, and the whole request fails', async () => {
    const asked: string[] = []
    const variable = (text: string) => ({
      type: types.octetString(400),
      read: () => {
        asked.push(text)
        return { type: 'octetString', value: new Uint8Array(400) } as const
      },
    })
    const variables = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map(each => [each, variable(each)]))
    const { mms } = await pair({ model: model({ domains: { D: { variables } } }), client: { initiate: { maxPduSize: 1_024 } } })
    const all = {
      type: 'listOfVariable',
      value: ['a', 'b', 'c', 'd', 'e'].map(each => ({ variableSpecification: name(`D/${each}`) })),
    } as const
    await expect(mms.request('read', { specificationWithResult: false, variableAccessSpecification: all })).rejects.toMatchObject({
      code: 'MMS_SERVICE_PDU_SIZE',
    })
    expect(asked).toEqual(['a', 'b'])
  })

  test('a range over a large array is refused before it is made', async () => {
    const { mms } = await pair({
      model: model({
        domains: { D: { variables: { large: { type: types.array(1_000_000, types.structure({ a: types.boolean, b: types.boolean })) } } } },
      }),
    })
    const started = performance.now()
    await expect(mms.readValue('D/large(*){.a,.b,.a,.b}')).rejects.toMatchObject({ code: 'MMS_SERVICE_PDU_SIZE' })
    expect(performance.now() - started).toBeLessThan(1_000)
    await expect(mms.readValue('D/large(999999..1000000)')).rejects.toMatchObject({ reason: 10 })
  })
})
