import { HandTimers } from '@x/core/testing'
import { describe, expect, test } from 'vitest'
import { int, mag, model, pair } from '../../../test/pair.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'
import { types } from '../../value-types.js'

const success = (value: unknown) => ({ type: 'success', value })

describe('named variable lists whose members are objects', () => {
  test('RM-15: a member that goes with its domain leaves a gap: read as invalidated, described as invalidated', async () => {
    const { mms, server } = await pair()
    await mms.defineNamedVariableList('aa:l', ['LD/x', 'vmd:vmdWide'])
    const domain = server.vmd.domain('LD')!
    domain.objects.clear()
    server.vmd.vmdSpecific.remove('domain', domain)
    expect(await mms.readVariableList('aa:l')).toEqual([{ type: 'failure', value: 'object-invalidated' }, success(int(5))])
    expect(
      await mms.request('write', {
        variableAccessSpecification: { type: 'variableListName', value: { type: 'aaSpecific', value: 'l' } },
        listOfData: [int(1), int(2)],
      }),
    ).toEqual([
      { type: 'failure', value: 'object-invalidated' },
      { type: 'success', value: null },
    ])
    expect((await mms.getNamedVariableListAttributes('aa:l')).listOfVariable[0]).toEqual({
      variableSpecification: { type: 'invalidated', value: null },
    })
  })

  test('a member that is renamed stays a member, under its new name', async () => {
    const { mms, server } = await pair()
    await mms.defineNamedVariableList('aa:l', ['vmd:vmdWide'])
    server.vmd.vmdSpecific.rename('namedVariable', server.vmd.vmdSpecific.get('namedVariable', 'vmdWide')!, 'wider')
    expect(await mms.readVariableList('aa:l')).toEqual([success(int(5))])
    expect((await mms.getNamedVariableListAttributes('aa:l')).listOfVariable).toEqual([
      { variableSpecification: { type: 'name', value: { type: 'vmdSpecific', value: 'wider' } } },
    ])
  })

  test('members with alternate access of every kind, kept in order, read and written in the shape that a read has', async () => {
    const { mms } = await pair()
    await mms.defineNamedVariableList('aa:l', ['LD/a(1).mag', 'LD/a(0..1).mag', 'LD/LLN0$MX$A{q2=.q,m2=.mag}', 'LD/a(*)'])
    const attributes = await mms.getNamedVariableListAttributes('aa:l')
    expect(attributes.listOfVariable.map(({ alternateAccess }) => alternateAccess)).toMatchObject([
      [{ value: { type: 'selectAlternateAccess' } }],
      [{ value: { type: 'selectAlternateAccess' } }],
      [{ type: 'named' }, { type: 'named' }],
      [{ value: { type: 'selectAccess', value: { type: 'allElements' } } }],
    ])
    const bits = { type: 'bitString', value: { octets: Uint8Array.of(0, 0), size: 13 } } as const
    const whole = (value: number) => ({ type: 'structure', value: [mag(value), bits] }) as const
    await mms.request('write', {
      variableAccessSpecification: { type: 'variableListName', value: { type: 'aaSpecific', value: 'l' } },
      listOfData: [
        mag(9),
        { type: 'array', value: [mag(1), mag(2)] },
        { type: 'structure', value: [bits, mag(3)] },
        { type: 'array', value: [whole(1), whole(2), whole(4)] },
      ],
    })
    expect(await mms.readVariableList('aa:l')).toEqual([
      success(mag(2)),
      success({ type: 'array', value: [mag(1), mag(2)] }),
      success({ type: 'structure', value: [bits, mag(3)] }),
      success({ type: 'array', value: [whole(1), whole(2), whole(4)] }),
    ])
  })

  test('a variable that is described in a list lives and dies with it', async () => {
    const { mms } = await pair({
      model: model({ unnamedVariables: [{ address: 7, type: types.integer(32), value: int(77) }] }),
      client: { initiate: WHOLE_OF_MMS },
    })
    const hidden = mms.types.at(7, types.integer(32))
    await mms.defineNamedVariableList('aa:l', [hidden])
    expect(await mms.readVariableList('aa:l')).toEqual([success(int(77))])
    expect((await mms.getNamedVariableListAttributes('aa:l')).listOfVariable).toEqual([hidden])
    expect(await mms.deleteNamedVariableList(['aa:l'])).toEqual({ numberMatched: 1, numberDeleted: 1 })
  })

  test('each error of a definition: addresses, parts that are not there, types that nobody has, the VMD that forbids it', async () => {
    const { mms, server } = await pair({
      model: model({ unnamedVariables: [{ address: 7, type: types.integer(32) }] }),
      client: { initiate: WHOLE_OF_MMS },
    })
    const define = (...items: Parameters<typeof mms.defineNamedVariableList>[1]) => mms.defineNamedVariableList('aa:l', items)
    const at = mms.types.at.bind(mms.types)
    await expect(define(at(8))).rejects.toMatchObject({ code: 'MMS_DEFINITION_INVALID_ADDRESS' })
    await expect(define(at(7, types.bcd(0)))).rejects.toMatchObject({ code: 'MMS_DEFINITION_TYPE_UNSUPPORTED' })
    await expect(define(at(7, types.boolean))).rejects.toMatchObject({ code: 'MMS_DEFINITION_TYPE_INCONSISTENT' })
    await expect(define(at(7, types.named('LD/T')))).rejects.toMatchObject({ code: 'MMS_DEFINITION_OBJECT_UNDEFINED' })
    await expect(define('LD/a(9)')).rejects.toMatchObject({ code: 'MMS_DEFINITION_TYPE_INCONSISTENT' })
    const conditions = { loadAccessCondition: { type: 'never', value: null } } as const
    server.vmd.vmdSpecific.add('accessControlList', { name: 'Closed', scope: undefined, accessControlList: 'M_Never', conditions } as never)
    server.vmd.accessControlList = 'Closed'
    await expect(define('LD/x')).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_ACCESS_DENIED' })
  })

  test('the list of a list guards it as a whole, those of its members each of them', async () => {
    const { mms, server } = await pair()
    server.vmd.domain('LD')!.objects.get('namedVariableList', 'set')!.accessControlList = 'M_ReadOnly'
    expect(await mms.readVariableList('LD/set')).toHaveLength(2)
    const write = mms.request('write', {
      variableAccessSpecification: {
        type: 'variableListName',
        value: { type: 'domainSpecific', value: { domainID: 'LD', itemID: 'set' } },
      },
      listOfData: [int(1), mag(1)],
    })
    await expect(write).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_ACCESS_DENIED' })
  })

  test('specificationWithResult repeats the specification as it was sent, of lists and of variables', async () => {
    const { mms } = await pair()
    for (const variableAccessSpecification of [
      { type: 'variableListName', value: { type: 'domainSpecific', value: { domainID: 'LD', itemID: 'set' } } },
      {
        type: 'listOfVariable',
        value: [{ variableSpecification: { type: 'name', value: { type: 'domainSpecific', value: { domainID: 'LD', itemID: 'slow' } } } }],
      },
    ] as const) {
      const response = await mms.request('read', { specificationWithResult: true, variableAccessSpecification })
      expect(response.variableAccessSpecification).toEqual(variableAccessSpecification)
    }
  })
})

describe('information reports, ISO 9506-1, 14.8', () => {
  test('of a list by its name, and of variables by name, address and description, each with its result', async () => {
    const { mms, association } = await pair({
      model: model({ unnamedVariables: [{ address: 7, type: types.integer(32), value: int(77) }] }),
      client: { initiate: WHOLE_OF_MMS },
    })
    const reports = mms.reports()
    const next = async () => (await reports[Symbol.asyncIterator]().next()).value
    expect(await association.report('LD/set')).toBe(true)
    expect(await next()).toMatchObject({
      variableAccessSpecification: {
        type: 'variableListName',
        value: { type: 'domainSpecific', value: { domainID: 'LD', itemID: 'set' } },
      },
      listOfAccessResult: [success(int(1)), success(mag(0))],
    })
    const at = { variableSpecification: { type: 'address', value: { type: 'numericAddress', value: 7 } } } as const
    expect(await association.report(['LD/x', 'LD/broken', 'LD/none', at])).toBe(true)
    expect(await next()).toMatchObject({
      variableAccessSpecification: { type: 'listOfVariable', value: [{}, {}, {}, at] },
      listOfAccessResult: [
        success(int(1)),
        { type: 'failure', value: 'hardware-fault' },
        { type: 'failure', value: 'object-non-existent' },
        success(int(77)),
      ],
    })
    await expect(association.report('LD/none')).rejects.toMatchObject({ code: 'MMS_REPORT' })
    await expect(association.report([])).rejects.toMatchObject({ code: 'MMS_REPORT' })
  })

  test('RM-25: a client that has not announced that it hears them is sent none', async () => {
    const { mms, association } = await pair({ client: { mms: { timers: new HandTimers(), serves: [] } } })
    expect(association.negotiated.servicesSupportedPeer).not.toContain('informationReport')
    const heard: unknown[] = []
    mms.on('informationReport', report => heard.push(report))
    expect(await association.report('LD/set')).toBe(false)
    expect(association.droppedReports).toBe(1)
    expect(heard).toEqual([])
  })

  test('RM-25: one that does not fit the PDU is not sent, and counted', async () => {
    const { association } = await pair({
      model: model({ domains: { D: { variables: { big: { type: types.octetString(2_000) } }, lists: { l: { items: ['D/big'] } } } } }),
      client: { initiate: { maxPduSize: 1_024 } },
    })
    expect(await association.report('D/l')).toBe(false)
    expect(association.droppedReports).toBe(1)
  })
})
