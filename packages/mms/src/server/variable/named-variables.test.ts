import { describe, expect, test } from 'vitest'
import { int, mag, model, pair, point } from '../../../test/pair.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'
import { types } from '../../value-types.js'
import type { VmdModel } from '../model.js'

const memory = new Map([[10, 1]])
const withAddresses: Partial<VmdModel> = {
  variables: {
    public: { type: types.integer(16), value: int(5), address: 'DB1.0', meaning: 'the level' },
    vmdWide: { type: types.integer(16), value: int(5) },
  },
  unnamedVariables: [
    { address: 7, type: types.integer(32), value: int(77) },
    { address: { type: 'unconstrainedAddress', value: Uint8Array.of(0, 255) }, type: point },
    { address: 8, type: types.integer(32), accessControlList: 'M_ReadOnly' },
  ],
  addressSpace: ({ type, value }, wanted) => {
    if (type !== 'numericAddress') return undefined
    if (value === 13) throw new Error('bus')
    if (value === 14) return { failure: 'temporarily-unavailable' }
    if (value > 100 || (wanted !== undefined && wanted.type !== 'integer')) return undefined
    return {
      type: wanted ?? types.integer(8),
      read: () => int(memory.get(value) ?? 0),
      write: written => {
        memory.set(value, written.value as number)
      },
    }
  },
}
const open = (more: Parameters<typeof pair>[0] = {}) =>
  pair({ model: model(withAddresses), client: { initiate: WHOLE_OF_MMS }, initiate: WHOLE_OF_MMS, ...more })

describe('unnamed variables, ISO 9506-1, 14.1 and 14.5', () => {
  test('they are read, written and described by their address, of each form', async () => {
    const { mms } = await open()
    const { types: services } = mms
    expect(await mms.read([services.at(7), services.at('DB1.0'), services.at(10)])).toEqual([
      { type: 'success', value: int(77) },
      { type: 'success', value: int(5) },
      { type: 'success', value: int(1) },
    ])
    await mms.writeValue(services.at(7), int(78))
    await mms.writeValue(services.at(10), int(3))
    expect(await mms.readValue(services.at(7))).toEqual(int(78))
    expect(memory.get(10)).toBe(3)
    const free = { type: 'unconstrainedAddress', value: Uint8Array.of(0, 255) } as const
    expect(await services.getVariableAccessAttributes(free)).toEqual({
      mmsDeletable: false,
      address: free,
      typeDescription: point,
      accessControlList: 'M_NonDeletable',
    })
    await expect(services.getVariableAccessAttributes(1_000)).rejects.toMatchObject({ code: 'MMS_DEFINITION_INVALID_ADDRESS' })
  })

  test('a named variable whose address is public is the same variable by both', async () => {
    const { mms } = await open()
    await mms.writeValue('vmd:public', int(6))
    expect(await mms.readValue(mms.types.at('DB1.0'))).toEqual(int(6))
    expect(await mms.getVariableAccessAttributes('vmd:public')).toMatchObject({
      address: { type: 'symbolicAddress', value: 'DB1.0' },
      meaning: 'the level',
    })
  })

  test('a description takes the variable for a type of the same values, for this access only', async () => {
    const { mms } = await open()
    const renamed = types.structure({ value: types.float32, quality: types.bitString(13) })
    const free = { type: 'unconstrainedAddress', value: Uint8Array.of(0, 255) } as const
    const { at } = mms.types
    expect(await mms.read([at.call(mms.types, free, renamed), at.call(mms.types, 10, types.integer(16))])).toMatchObject([
      { type: 'success', value: { type: 'structure' } },
      { type: 'success', value: int(3) },
    ])
  })

  test('each error of an address: none there, a type that nobody has, a type that does not fit, a type that is not known', async () => {
    const { mms } = await open({ limits: { maxTypeOctets: 100 } })
    const at = mms.types.at.bind(mms.types)
    const odd = { type: 'floatingPoint', value: { formatWidth: 80, exponentWidth: 15 } } as const
    expect(
      await mms.read([
        at(1_000),
        at('nowhere'),
        at(7, odd),
        at(7, types.octetString(101)),
        at(7, types.integer(16)),
        at(10, types.boolean),
        at(13),
        at(14),
        at(7, types.named('LD/Nothing')),
      ]),
    ).toEqual(
      [
        'invalid-address',
        'invalid-address',
        'type-unsupported',
        'type-unsupported',
        'type-inconsistent',
        'type-inconsistent',
        'hardware-fault',
        'temporarily-unavailable',
        'object-undefined',
      ].map(value => ({ type: 'failure', value })),
    )
  })

  test('without vadr they are rejected: an argument that was not agreed on', async () => {
    const { mms } = await open({ client: {} })
    await expect(mms.readValue(mms.types.at(7))).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    await expect(mms.readValue(mms.types.at(7, types.integer(32)))).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    await expect(mms.types.getVariableAccessAttributes(7)).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    await expect(mms.types.defineNamedVariable('aa:v', 7)).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    expect(await mms.getVariableAccessAttributes('vmd:public')).toEqual({ mmsDeletable: false, typeDescription: types.integer(16) })
  })

  test('a server with addresses serves names for them, and negotiates vadr, without being told', async () => {
    const { mms } = await pair({ model: model(withAddresses), client: { initiate: WHOLE_OF_MMS } })
    expect(mms.negotiated.servicesSupportedPeer).toEqual(expect.arrayContaining(['defineNamedVariable', 'deleteVariableAccess']))
    expect(mms.negotiated.parameterCBB).toContain('vadr')
    expect(mms.negotiated.parameterCBB).not.toContain('vsca')
    const plain = await pair({ client: { initiate: WHOLE_OF_MMS } })
    expect(plain.mms.negotiated.servicesSupportedPeer).not.toContain('defineNamedVariable')
  })
})

describe('defineNamedVariable, ISO 9506-1, 14.10', () => {
  test.each(['LD/mine', 'vmd:mine', 'aa:mine'])('%s is defined over an address, used, listed, described and deleted', async name => {
    const { mms } = await open()
    await mms.types.defineNamedVariable(name, 7)
    expect(await mms.readValue(name)).toEqual(int(77))
    await mms.writeValue(name, int(1))
    expect(await mms.readValue(mms.types.at(7))).toEqual(int(1))
    expect(await mms.getVariableAccessAttributes(name)).toEqual({
      mmsDeletable: true,
      address: { type: 'numericAddress', value: 7 },
      typeDescription: types.integer(32),
      accessControlList: 'M_Deletable',
    })
    if (!name.startsWith('aa')) expect(await mms.variableNames(name.startsWith('LD') ? 'LD' : undefined)).toContain('mine')
    expect(await mms.types.deleteVariableAccess([name, 'LD/none'])).toEqual({ numberMatched: 1, numberDeleted: 1 })
    await expect(mms.readValue(name)).rejects.toMatchObject({ reason: 10 })
  })

  test('with a type of its own, also by the name of a type', async () => {
    const { mms } = await open({ services: 'all' })
    const free = { type: 'unconstrainedAddress', value: Uint8Array.of(0, 255) } as const
    await mms.types.defineNamedType('vmd:Measured', types.structure({ value: types.float32, quality: types.bitString(13) }))
    await mms.types.defineNamedVariable('aa:m', free, types.named('vmd:Measured'))
    await mms.types.deleteNamedType(['vmd:Measured'])
    await mms.writeValue('aa:m.value', mag(2))
    expect(await mms.readValue('aa:m.value')).toEqual(mag(2))
  })

  test('each error, in the order of the checks', async () => {
    const { mms, server } = await open({
      limits: { maxDefinitions: 1, maxTypeOctets: 1_000 },
      client: { initiate: { ...WHOLE_OF_MMS, dataStructureNestingLevel: 1 } },
    })
    const define = (...given: Parameters<typeof mms.types.defineNamedVariable>) => mms.types.defineNamedVariable(...given)
    const deep = types.array(1, types.array(1, types.boolean))
    await expect(define('aa:v', 7, deep)).rejects.toMatchObject({ code: 'MMS_REJECT_MAX_RECURSION_EXCEEDED' })
    await expect(define({ type: 'aaSpecific', value: '' }, 7)).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    await expect(define(`aa:${'x'.repeat(130)}`, 7)).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    await expect(define('aa:a b', 7)).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    await expect(define('No/v', 7)).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_NON_EXISTENT' })
    await expect(define('LD/x', 1_000)).rejects.toMatchObject({ code: 'MMS_DEFINITION_OBJECT_EXISTS' })
    server.vmd.accessControlList = 'M_Guarded'
    server.vmd.vmdSpecific.add('accessControlList', {
      name: 'M_Guarded',
      scope: undefined,
      accessControlList: 'M_Never',
      conditions: { loadAccessCondition: { type: 'never', value: null } },
    } as never)
    await expect(define('aa:v', 1_000)).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_ACCESS_DENIED' })
    server.vmd.accessControlList = 'M_NonDeletable'
    await expect(define('aa:v', 7, types.named('LD/T'))).rejects.toMatchObject({ code: 'MMS_DEFINITION_OBJECT_UNDEFINED' })
    await expect(define('aa:v', 1_000)).rejects.toMatchObject({ code: 'MMS_DEFINITION_INVALID_ADDRESS' })
    await expect(define('aa:v', 7, types.bcd(0))).rejects.toMatchObject({ code: 'MMS_DEFINITION_TYPE_UNSUPPORTED' })
    await expect(define('aa:v', 7, types.boolean)).rejects.toMatchObject({ code: 'MMS_DEFINITION_TYPE_INCONSISTENT' })
    await expect(define('aa:v', 7, types.array(2_000, types.boolean))).rejects.toMatchObject({
      code: 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE',
    })
    await define('aa:v', 7)
    await expect(define('aa:w', 7)).rejects.toMatchObject({ code: 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE' })
    expect(server.vmd.vmdSpecific.of('namedVariable').size).toBe(2)
  })

  test('the access control list of the address guards it under its new name, too', async () => {
    const { mms } = await open()
    await mms.types.defineNamedVariable('aa:sneaky', 8)
    expect(await mms.readValue('aa:sneaky')).toEqual(int(0))
    await expect(mms.writeValue('aa:sneaky', int(1))).rejects.toMatchObject({ reason: 3 })
    await expect(mms.writeValue(mms.types.at(8), int(1))).rejects.toMatchObject({ reason: 3 })
  })

  test('another list for a variable guards it by its address as well, also under names and types that it was given before', async () => {
    const { mms, server } = await open()
    await mms.types.defineNamedVariable('aa:before', 'DB1.0', types.integer(16))
    server.vmd.vmdSpecific.get('namedVariable', 'public')!.accessControlList = 'M_ReadOnly'
    const { at } = mms.types
    const write = (item: Parameters<typeof mms.writeValue>[0]) => mms.writeValue(item, int(1))
    for (const item of ['vmd:public', 'aa:before', at('DB1.0'), at('DB1.0', types.integer(16))]) {
      await expect(write(item)).rejects.toMatchObject({ reason: 3 })
    }
    expect(await mms.readValue('aa:before')).toEqual(int(5))
  })

  test('RM-16: a variable of an association is not seen on another one, and gone with its own', async () => {
    const { mms, association, server } = await open()
    await mms.types.defineNamedVariable('aa:mine', 7)
    expect(association.own.of('namedVariable').size).toBe(1)
    await mms.close()
    await association.ended
    expect(association.own.of('namedVariable').size).toBe(0)
    expect(server.vmd.associations.size).toBe(0)
  })
})

describe('deleteVariableAccess, ISO 9506-1, 14.11', () => {
  test('each scope deletes what is its own; what the model has is matched and stays', async () => {
    const { mms } = await open()
    for (const name of ['LD/m', 'vmd:m', 'aa:m', 'aa:n']) await mms.types.defineNamedVariable(name, 7)
    const domain = (await mms.variableNames('LD')).length
    expect(await mms.types.deleteVariableAccess({ scope: 'domain', domainName: 'LD' })).toEqual({ numberMatched: domain, numberDeleted: 1 })
    expect(await mms.types.deleteVariableAccess({ scope: 'vmd' })).toEqual({ numberMatched: 3, numberDeleted: 1 })
    expect(await mms.types.deleteVariableAccess({ scope: 'aa-specific' })).toEqual({ numberMatched: 2, numberDeleted: 2 })
    expect(await mms.types.deleteVariableAccess(['LD/x', 'LD/x', 'LD/none'])).toEqual({ numberMatched: 2, numberDeleted: 0 })
  })

  test('RM-09: an argument whose scope and names disagree is rejected; an error says how many were deleted', async () => {
    const { mms } = await open()
    const remove = (argument: Parameters<typeof mms.request<'deleteVariableAccess'>>[1]) => mms.request('deleteVariableAccess', argument)
    const name = { type: 'vmdSpecific', value: 'public' } as const
    for (const argument of [
      { scopeOfDelete: 'specific' },
      { scopeOfDelete: 'specific', listOfName: [] },
      { scopeOfDelete: 'specific', listOfName: [name], domainName: 'LD' },
      { scopeOfDelete: 'vmd', listOfName: [name] },
      { scopeOfDelete: 'domain' },
      { scopeOfDelete: 9 },
    ] as const) {
      await expect(remove(argument)).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    }
    await expect(remove({ scopeOfDelete: 'domain', domainName: 'No' })).rejects.toMatchObject({
      code: 'MMS_ACCESS_OBJECT_NON_EXISTENT',
      answered: { serviceSpecificInfo: { type: 'deleteVariableAccess', value: 0 } },
    })
  })

  test('a list that contains a deleted variable loses that item', async () => {
    const { mms } = await open()
    await mms.types.defineNamedVariable('aa:v', 7)
    await mms.defineNamedVariableList('aa:l', ['aa:v', 'LD/x'])
    await mms.types.deleteVariableAccess(['aa:v'])
    expect(await mms.readVariableList('aa:l')).toEqual([{ type: 'success', value: int(1) }])
    expect((await mms.getNamedVariableListAttributes('aa:l')).listOfVariable).toHaveLength(1)
    await mms.types.defineNamedVariable('aa:v', 7)
    expect(await mms.readVariableList('aa:l')).toHaveLength(1)
  })

  test('a list whose items are all gone stays, and reads as nothing', async () => {
    const { mms } = await open()
    await mms.types.defineNamedVariable('aa:v', 7)
    await mms.defineNamedVariableList('aa:l', ['aa:v'])
    await mms.types.deleteVariableAccess(['aa:v'])
    expect((await mms.getNamedVariableListAttributes('aa:l')).listOfVariable).toEqual([])
    expect(await mms.readVariableList('aa:l')).toEqual([])
  })
})
