import { describe, expect, test } from 'vitest'
import { int, mag, model, pair } from '../../../test/pair.js'
import type { Data } from '../../asn1/data.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'
import { types } from '../../value-types.js'
import { MmsServer } from '../server.js'
import type { ScatteredAccessModel } from './model.js'

const structure = (...value: Data[]): Data => ({ type: 'structure', value })
const withScattered = model({
  scatteredAccess: {
    outer: { components: ['vmd:both', { componentName: 'third', variable: 'LD/x' }] },
    both: { components: [{ componentName: 'wide', variable: 'vmd:vmdWide' }, 'LD/a(1).mag'] },
  },
  unnamedVariables: [{ address: 7, type: types.integer(32), value: int(77) }],
})
const open = (more: Parameters<typeof pair>[0] = {}) =>
  pair({ model: withScattered, client: { initiate: WHOLE_OF_MMS }, initiate: WHOLE_OF_MMS, ...more })

describe('scattered access, ISO 9506-1, annex E', () => {
  test('it is read, written in parts and as a whole, and described, as the structure that it is seen as', async () => {
    const { mms } = await open()
    expect(await mms.readValue('vmd:outer')).toEqual(structure(structure(int(5), mag(0)), int(1)))
    await mms.writeValue('vmd:both', structure(int(6), mag(2)))
    await mms.writeValue('vmd:outer.third', int(3))
    expect(await mms.read(['vmd:vmdWide', 'LD/a(1).mag', 'LD/x', 'vmd:both.wide'])).toEqual(
      [int(6), mag(2), int(3), int(6)].map(value => ({ type: 'success', value })),
    )
    expect((await mms.getVariableAccessAttributes('vmd:outer')).typeDescription).toMatchObject({
      type: 'structure',
      value: { components: [{ componentType: { value: { type: 'structure' } } }, { componentName: 'third' }] },
    })
    expect(await mms.types.getScatteredAccessAttributes('vmd:both')).toEqual({
      mmsDeletable: false,
      scatteredAccessDescription: [
        { componentName: 'wide', variableSpecification: { type: 'name', value: { type: 'vmdSpecific', value: 'vmdWide' } } },
        {
          variableSpecification: { type: 'name', value: { type: 'domainSpecific', value: { domainID: 'LD', itemID: 'a' } } },
          alternateAccess: expect.anything(),
        },
      ],
      accessControlList: 'M_NonDeletable',
    })
  })

  test('it is listed in its own class, not among the variables, though it shares their names', async () => {
    const { mms } = await open()
    const names = (value: 'scatteredAccess' | 'namedVariable') =>
      mms.getNameList({ objectClass: { type: 'basicObjectClass', value }, objectScope: { type: 'vmdSpecific', value: null } })
    expect((await names('scatteredAccess')).listOfIdentifier).toEqual(['both', 'outer'])
    expect((await names('namedVariable')).listOfIdentifier).toEqual(['vmdWide'])
    await expect(mms.types.defineNamedVariable('vmd:both', 7)).rejects.toMatchObject({ code: 'MMS_DEFINITION_OBJECT_EXISTS' })
    await expect(mms.types.defineScatteredAccess('vmd:vmdWide', ['LD/x'])).rejects.toMatchObject({ code: 'MMS_DEFINITION_OBJECT_EXISTS' })
  })

  test('a component that fails fails the whole; nothing is written before all have been seen to be writable', async () => {
    const { mms } = await open()
    await mms.types.defineScatteredAccess('aa:s', ['LD/x', 'LD/fixed', 'LD/broken'])
    await expect(mms.readValue('aa:s')).rejects.toMatchObject({ reason: 1 })
    const boolean = { type: 'boolean', value: true } as const
    await expect(mms.writeValue('aa:s', structure(int(9), boolean, boolean))).rejects.toMatchObject({ reason: 3 })
    await expect(mms.writeValue('aa:s', structure(int(9), boolean))).rejects.toMatchObject({ reason: 7 })
    expect(await mms.readValue('LD/x')).toEqual(int(1))
  })

  test('components that answer later come and go in order', async () => {
    const { mms } = await open()
    await mms.types.defineScatteredAccess('aa:s', ['LD/slow', 'LD/x', 'LD/slow'])
    expect(await mms.readValue('aa:s')).toEqual(structure(int(9), int(1), int(9)))
    await mms.types.defineScatteredAccess('aa:w', ['LD/x', 'LD/late'])
    await expect(mms.writeValue('aa:w', structure(int(2), int(2)))).rejects.toMatchObject({ reason: 2 })
    expect(await mms.readValue('LD/x')).toEqual(int(2))
  })

  test('one that is described for this access only', async () => {
    const { mms } = await open()
    const name = (value: string) => ({ type: 'name', value: { type: 'vmdSpecific', value } }) as const
    const described = (...names: string[]) =>
      ({
        variableSpecification: {
          type: 'scatteredAccessDescription',
          value: names.map(each => ({ componentName: each, variableSpecification: name(each) })),
        },
      }) as const
    expect(await mms.read([described('vmdWide', 'both'), described('none')])).toEqual([
      { type: 'success', value: structure(int(5), structure(int(5), mag(0))) },
      { type: 'failure', value: 'object-non-existent' },
    ])
    await expect(mms.read([described()])).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    await mms.defineNamedVariableList('aa:l', [described('vmdWide'), mms.types.at(7)])
    expect(await mms.readVariableList('aa:l')).toEqual([structure(int(5)), int(77)].map(value => ({ type: 'success', value })))
    expect((await mms.getNamedVariableListAttributes('aa:l')).listOfVariable).toEqual([described('vmdWide'), mms.types.at(7)])
  })

  test('each error of a definition', async () => {
    const { mms } = await open({
      limits: { maxDefinitions: 1, maxTypeOctets: 100 },
      client: { initiate: { ...WHOLE_OF_MMS, dataStructureNestingLevel: 2 } },
    })
    const define = mms.types.defineScatteredAccess.bind(mms.types)
    await expect(define('aa:s', [])).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    await expect(define('No/s', ['LD/x'])).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_NON_EXISTENT' })
    await expect(define('aa:s', ['LD/none'])).rejects.toMatchObject({ code: 'MMS_DEFINITION_OBJECT_UNDEFINED' })
    await expect(define('aa:s', [mms.types.at(8)])).rejects.toMatchObject({ code: 'MMS_DEFINITION_INVALID_ADDRESS' })
    await expect(define('aa:s', ['LD/x.y'])).rejects.toMatchObject({ code: 'MMS_DEFINITION_TYPE_INCONSISTENT' })
    await expect(define('aa:s', ['aa:s'])).rejects.toMatchObject({ code: 'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT' })
    await expect(define('vmd:s', ['aa:v'])).rejects.toMatchObject({ code: 'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT' })
    await expect(define('aa:s', ['vmd:outer'])).rejects.toMatchObject({ code: 'MMS_REJECT_MAX_RECURSION_EXCEEDED' })
    await expect(
      define(
        'aa:s',
        Array.from({ length: 40 }, () => 'LD/x'),
      ),
    ).rejects.toMatchObject({
      code: 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE',
    })
    await define('aa:s', ['LD/x'])
    await expect(define('aa:t', ['LD/x'])).rejects.toMatchObject({ code: 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE' })
    await expect(mms.types.getScatteredAccessAttributes('aa:none')).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_NON_EXISTENT' })
    await expect(mms.types.getScatteredAccessAttributes('LD/x')).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_NON_EXISTENT' })
  })

  test('deleted by deleteVariableAccess; a component that was deleted is shown as invalidated, and fails the whole', async () => {
    const { mms } = await open()
    await mms.types.defineNamedVariable('aa:v', 7)
    await mms.types.defineScatteredAccess('aa:s', ['LD/x', 'aa:v'])
    expect(await mms.types.deleteVariableAccess(['aa:v'])).toEqual({ numberMatched: 1, numberDeleted: 1 })
    await expect(mms.readValue('aa:s')).rejects.toMatchObject({ reason: 0 })
    expect((await mms.types.getScatteredAccessAttributes('aa:s')).scatteredAccessDescription[1]).toEqual({
      variableSpecification: { type: 'invalidated', value: null },
    })
    expect(await mms.types.deleteVariableAccess(['aa:s', 'vmd:both'])).toEqual({ numberMatched: 2, numberDeleted: 1 })
    await expect(mms.readValue('aa:s')).rejects.toMatchObject({ reason: 10 })
  })

  test('without vsca it is rejected: an argument that was not agreed on', async () => {
    const { mms } = await open({ client: {} })
    await expect(mms.types.defineScatteredAccess('aa:s', ['LD/x'])).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    await expect(mms.types.getScatteredAccessAttributes('vmd:both')).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
  })

  test('a model whose scattered access contains itself, or has the name of a variable, is refused', () => {
    const make = (scatteredAccess: Readonly<Record<string, ScatteredAccessModel>>) => () =>
      new MmsServer({ model: model({ scatteredAccess }) })
    expect(make({ a: { components: ['vmd:b'] }, b: { components: ['vmd:a'] } })).toThrow('contains itself')
    expect(make({ vmdWide: { components: ['LD/x'] } })).toThrow('has the name of a variable')
    expect(make({ a: { components: ['LD/none'] } })).toThrow('scattered access a: LD/none is not in the model')
  })
})
