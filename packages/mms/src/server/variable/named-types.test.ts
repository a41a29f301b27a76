import { describe, expect, test } from 'vitest'
import { int, mag, model, pair, point } from '../../../test/pair.js'
import type { TypeSpecification } from '../../asn1/variable-access.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'
import { types } from '../../value-types.js'
import { MmsServer } from '../server.js'
import { measureOf, resolveType, sizeOf } from './types.js'

const withTypes = model({
  types: {
    Line: { type: types.array(2, types.named('vmd:Point')) },
    Point: { type: point, meaning: 'a measured value' },
  },
  variables: { vmdWide: { type: types.integer(16), value: int(5) }, line: { type: types.named('vmd:Line') } },
})
const open = (more: Parameters<typeof pair>[0] = {}) => pair({ model: withTypes, client: { initiate: WHOLE_OF_MMS }, ...more })
const line = types.array(2, point)

describe('named types of a model', () => {
  test('variables have them, whatever the order in which they are written', async () => {
    const { mms } = await open()
    expect((await mms.getVariableAccessAttributes('vmd:line')).typeDescription).toEqual(line)
    await mms.writeValue('vmd:line(1).mag', mag(3))
    expect(await mms.readValue('vmd:line(1).mag')).toEqual(mag(3))
    expect(await mms.types.getNamedTypeAttributes('vmd:Line')).toEqual({
      mmsDeletable: false,
      typeSpecification: { type: 'typeDescription', value: line },
    })
    expect(await mms.types.getNamedTypeAttributes('vmd:Point')).toMatchObject({ meaning: 'a measured value' })
  })

  test('a type that is not there, or that contains itself, is a fault of the model, with its name', () => {
    const make = (given: Parameters<typeof model>[0]) => () => new MmsServer({ model: model(given) })
    const broken = (message: string) => expect.objectContaining({ code: 'MMS_MODEL', message: expect.stringContaining(message) })
    expect(make({ variables: { v: { type: types.named('vmd:No') } } })).toThrow(broken('type vmd:No is not in the model'))
    expect(make({ variables: { v: { type: types.named('aa:No') } } })).toThrow(broken('type aa:No is not in the model'))
    const circle = { A: { type: types.array(1, types.named('vmd:B')) }, B: { type: types.array(1, types.named('vmd:A')) } }
    expect(make({ types: circle })).toThrow(broken('contains itself'))
  })
})

describe('defineNamedType, getNamedTypeAttributes, deleteNamedType, ISO 9506-1, 14.15 to 14.17', () => {
  test.each(['LD/T', 'vmd:T', 'aa:T'])('%s is defined, described, used in other types, and deleted', async name => {
    const { mms } = await open()
    await mms.types.defineNamedType(name, types.structure({ where: types.named('vmd:Point'), many: types.array(3, types.boolean) }))
    const whole = types.structure({ where: point, many: types.array(3, types.boolean) })
    expect(await mms.types.getNamedTypeAttributes(name)).toEqual({
      mmsDeletable: true,
      typeSpecification: { type: 'typeDescription', value: whole },
    })
    await mms.types.defineNamedType('aa:Other', types.array(1, types.named(name)))
    expect(await mms.types.deleteNamedType([name])).toEqual({ numberMatched: 1, numberDeleted: 1 })
    await expect(mms.types.getNamedTypeAttributes(name)).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_NON_EXISTENT' })
    // What was made with it stays as it is.
    expect(await mms.types.getNamedTypeAttributes('aa:Other')).toMatchObject({ typeSpecification: { value: types.array(1, whole) } })
  })

  test('getNameList has them in their own class', async () => {
    const { mms } = await open()
    await mms.types.defineNamedType('vmd:T', types.boolean)
    const page = await mms.getNameList({
      objectClass: { type: 'basicObjectClass', value: 'namedType' },
      objectScope: { type: 'vmdSpecific', value: null },
    })
    expect(page.listOfIdentifier).toEqual(['Line', 'Point', 'T'])
  })

  test('each error of a definition, in the order of the checks', async () => {
    const { mms } = await open({
      limits: { maxDefinitions: 1, maxTypeOctets: 1_000 },
      client: { initiate: { ...WHOLE_OF_MMS, dataStructureNestingLevel: 2 } },
    })
    const define = (name: string, type: Parameters<typeof mms.types.defineNamedType>[1]) => mms.types.defineNamedType(name, type)
    const deep = types.array(1, types.array(1, types.array(1, types.boolean)))
    await expect(define('aa:T', deep)).rejects.toMatchObject({ code: 'MMS_REJECT_MAX_RECURSION_EXCEEDED' })
    // Deeper only when the name is followed.
    await expect(define('aa:T', types.array(1, types.named('vmd:Line')))).rejects.toMatchObject({
      code: 'MMS_REJECT_MAX_RECURSION_EXCEEDED',
    })
    await expect(define('No/T', types.boolean)).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_NON_EXISTENT' })
    await expect(define('vmd:Line', types.named('vmd:No'))).rejects.toMatchObject({ code: 'MMS_DEFINITION_OBJECT_EXISTS' })
    await expect(define('aa:T', types.named('vmd:No'))).rejects.toMatchObject({ code: 'MMS_DEFINITION_OBJECT_UNDEFINED' })
    await expect(define('aa:T', types.integer(0))).rejects.toMatchObject({ code: 'MMS_DEFINITION_TYPE_UNSUPPORTED' })
    await expect(define('aa:T', types.octetString(1_000))).rejects.toMatchObject({ code: 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE' })
    await define('aa:T', types.boolean)
    await expect(define('aa:U', types.boolean)).rejects.toMatchObject({ code: 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE' })
    await define('vmd:U', types.boolean)
  })

  test('arrays without str1 and structures without str2 are arguments that were not agreed on', async () => {
    const { mms } = await open({ client: { initiate: { parameterCBB: ['vnam'] } } })
    await expect(mms.types.defineNamedType('aa:T', types.array(1, types.boolean))).rejects.toMatchObject({
      code: 'MMS_REJECT_INVALID_ARGUMENT',
    })
    await expect(mms.types.defineNamedType('aa:T', types.structure({}))).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    await mms.types.defineNamedType('aa:T', types.boolean)
  })

  test('deletion by scope: each deletes what is its own, and skips what the model has', async () => {
    const { mms } = await open()
    for (const name of ['LD/T', 'vmd:T', 'aa:T']) await mms.types.defineNamedType(name, types.boolean)
    expect(await mms.types.deleteNamedType({ scope: 'domain', domainName: 'LD' })).toEqual({ numberMatched: 1, numberDeleted: 1 })
    expect(await mms.types.deleteNamedType({ scope: 'vmd' })).toEqual({ numberMatched: 3, numberDeleted: 1 })
    expect(await mms.types.deleteNamedType({ scope: 'aa-specific' })).toEqual({ numberMatched: 1, numberDeleted: 1 })
    expect(await mms.types.deleteNamedType(['vmd:none'])).toEqual({ numberMatched: 0, numberDeleted: 0 })
    await expect(mms.types.deleteNamedType({ scope: 'domain', domainName: 'No' })).rejects.toMatchObject({
      answered: { errorClass: { value: 'object-non-existent' }, serviceSpecificInfo: { type: 'deleteNamedType', value: 0 } },
    })
  })

  test('RM-07: types that grow by a hundred with each name are measured without being walked, and refused at the limit', async () => {
    const { mms } = await open({
      client: { initiate: { ...WHOLE_OF_MMS, dataStructureNestingLevel: 24 } },
      initiate: { dataStructureNestingLevel: 24 },
    })
    await mms.types.defineNamedType('aa:T0', types.boolean)
    const of100 = (name: string): TypeSpecification => ({
      type: 'typeDescription',
      value: {
        type: 'structure',
        value: { packed: false, components: Array.from({ length: 100 }, () => ({ componentType: types.named(name) })) },
      },
    })
    await mms.types.defineNamedType('aa:T1', of100('aa:T0'))
    await mms.types.defineNamedType('aa:T2', of100('aa:T1'))
    await expect(mms.types.defineNamedType('aa:T3', of100('aa:T2'))).rejects.toMatchObject({ code: 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE' })
    await expect(mms.types.defineNamedType('aa:T3', types.array(0x7fff_ffff, types.boolean))).rejects.toMatchObject({
      code: 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE',
    })
  })
})

describe('types as a server needs them', () => {
  test('a type without names is not copied; one with names shares what they stand for', () => {
    expect(resolveType({ type: 'typeDescription', value: line }, () => undefined)).toBe(line)
    const resolved = resolveType({ type: 'typeDescription', value: types.array(2, types.named('vmd:P')) }, () => point)
    expect(resolved).toEqual(line)
    expect(resolved).toMatchObject({ value: { elementType: { value: point } } })
    expect(resolveType({ type: 'typeDescription', value: types.structure({ a: types.named('vmd:P') }) }, () => undefined)).toBeUndefined()
  })

  test('depth, values and least octets', () => {
    expect(measureOf(types.boolean)).toEqual({ depth: 0, values: 1, leastOctets: 3 })
    expect(measureOf(point)).toEqual({ depth: 1, values: 3, leastOctets: 2 + 7 + 5 })
    expect(measureOf(types.array(10, point))).toEqual({ depth: 2, values: 31, leastOctets: 2 + 10 * 14 })
    expect(measureOf(types.array(16, types.boolean)).leastOctets).toBe(5)
    // An array without elements has no values, but a type to walk.
    expect(sizeOf(types.array(0, types.array(100, types.boolean)))).toBeGreaterThan(100)
  })
})
