import type { OutcomeError } from '@x/core'
import { HandTimers, joinedChannels } from '@x/core/testing'
import { describe, expect, test } from 'vitest'
import { int, mag, model, pair, point, settle } from '../test/pair.js'
import type { Data } from './asn1/data.js'
import { openMms } from './open.js'
import { type AccessContext, MmsServer, type MmsServerOptions, serviceError, type VmdModel } from './server/index.js'
import { types } from './value-types.js'

describe('the everyday services', () => {
  test('identify, status, and what was negotiated', async () => {
    const { mms, association } = await pair({
      model: model({
        status: extended => ({ vmdLogicalStatus: 'no-state-changes-allowed', vmdPhysicalStatus: extended ? 'inoperable' : 'operational' }),
      }),
    })
    expect(await mms.identify()).toEqual({ vendorName: 'vendor', modelName: 'model', revision: '1.0' })
    expect(await mms.status(true)).toEqual({ vmdLogicalStatus: 'no-state-changes-allowed', vmdPhysicalStatus: 'inoperable' })
    expect(mms.negotiated).toMatchObject({
      maxPduSize: 65_000,
      maxServOutstandingOwn: 10,
      parameterCBB: ['str1', 'str2', 'vnam', 'valt', 'vlis'],
    })
    expect(association.negotiated.servicesSupportedOwn).toEqual(mms.negotiated.servicesSupportedPeer)
    expect(association.remote).toBe('memory')
  })

  test('names of every class, in collating order, with components as variables', async () => {
    const { mms } = await pair()
    expect(await mms.domainNames()).toEqual(['Empty', 'LD'])
    expect(await mms.variableNames()).toEqual(['vmdWide'])
    expect(await mms.variableNames('LD')).toEqual([
      'a',
      'broken',
      'fixed',
      'hidden',
      'LLN0',
      'LLN0$MX',
      'LLN0$MX$A',
      'LLN0$MX$A$mag',
      'LLN0$MX$A$q',
      'late',
      'limited',
      'slow',
      'x',
    ])
    expect(await mms.variableListNames('LD')).toEqual(['set'])
    expect(await mms.variableListNames()).toEqual(['both'])
    const vmd = { type: 'vmdSpecific', value: null } as const
    for (const value of [
      'namedType',
      'semaphore',
      'eventCondition',
      'eventAction',
      'eventEnrollment',
      'journal',
      'programInvocation',
      'operatorStation',
      'scatteredAccess',
    ] as const) {
      expect(await mms.getNameList({ objectClass: { type: 'basicObjectClass', value }, objectScope: vmd })).toEqual({
        listOfIdentifier: [],
        moreFollows: false,
      })
    }
  })

  test('a class that is not served, a domain that is not there, a domain inside a domain: each its error', async () => {
    const { mms } = await pair()
    const ask = (value: 'dataExchange' | 'domain' | 'namedVariable', domain?: string) =>
      mms.getNameList({
        objectClass: { type: 'basicObjectClass', value },
        objectScope: domain ? { type: 'domainSpecific', value: domain } : { type: 'vmdSpecific', value: null },
      })
    await expect(ask('dataExchange')).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_ACCESS_UNSUPPORTED' })
    await expect(ask('domain', 'LD')).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_ACCESS_UNSUPPORTED' })
    await expect(ask('namedVariable', 'Nowhere')).rejects.toMatchObject({
      name: 'ServiceError',
      code: 'MMS_ACCESS_OBJECT_NON_EXISTENT',
      reason: 2,
      by: 'peer',
      message: 'getNameList refused by the peer: access: object-non-existent',
    })
    await expect(
      mms.getNameList({ objectClass: { type: 'csObjectClass', value: 'unitControl' }, objectScope: { type: 'vmdSpecific', value: null } }),
    ).rejects.toMatchObject({ reason: 1 })
  })

  test('F-20: pages hold what fits, continue behind a name that is gone, and join without gap', async () => {
    const names = Array.from({ length: 500 }, (_, i) => `variable_with_a_rather_long_name_to_fill_pages_${String(i).padStart(4, '0')}`)
    const variables = Object.fromEntries(names.map(name => [name, { type: types.boolean }]))
    const { mms } = await pair({ model: model({ domains: { D: { variables } } }), client: { initiate: { maxPduSize: 1_024 } } })
    expect(await mms.variableNames('D')).toEqual(names)
    const page = await mms.getNameList({
      objectClass: { type: 'basicObjectClass', value: 'namedVariable' },
      objectScope: { type: 'domainSpecific', value: 'D' },
      continueAfter: `${names[9]}x`,
    })
    expect(page.listOfIdentifier[0]).toBe(names[10])
    expect(page.moreFollows).toBe(true)
    expect(page.listOfIdentifier.length).toBeGreaterThan(10)
  })

  test('types are described', async () => {
    const { mms } = await pair()
    expect(await mms.getVariableAccessAttributes('LD/a')).toEqual({ mmsDeletable: false, typeDescription: types.array(3, point) })
    expect((await mms.getVariableAccessAttributes('LD/LLN0$MX$A')).typeDescription).toEqual(point)
    await expect(mms.getVariableAccessAttributes('LD/none')).rejects.toMatchObject({ reason: 2 })
    await expect(
      mms.request('getVariableAccessAttributes', { type: 'address', value: { type: 'numericAddress', value: 1 } }),
    ).rejects.toMatchObject({
      name: 'RejectedError',
      code: 'MMS_REJECT_INVALID_ARGUMENT',
      reason: 4,
    })
  })
})

describe('read and write', () => {
  test('many items, one result each, in order; a failure of one does not fail the others', async () => {
    const { mms } = await pair()
    expect(await mms.read(['LD/x', 'LD/none', 'vmd:vmdWide', 'No/x', 'LD/hidden', 'LD/broken', 'LD/slow', 'LD/x(1)', 'LD/a(7)'])).toEqual([
      { type: 'success', value: int(1) },
      { type: 'failure', value: 'object-non-existent' },
      { type: 'success', value: int(5) },
      { type: 'failure', value: 'object-non-existent' },
      { type: 'failure', value: 'object-access-denied' },
      { type: 'failure', value: 'hardware-fault' },
      { type: 'success', value: int(9) },
      { type: 'failure', value: 'type-inconsistent' },
      { type: 'failure', value: 'object-non-existent' },
    ])
  })

  test('RM-14: writes go item by item, and what was written is read back, whole or in part', async () => {
    const { mms } = await pair()
    expect(
      await mms.write([
        { item: 'LD/x', value: int(42) },
        { item: 'LD/fixed', value: { type: 'boolean', value: true } },
        { item: 'LD/limited', value: int(101) },
        { item: 'LD/limited', value: int(100) },
        { item: 'LD/late', value: int(1) },
        { item: 'LD/x', value: mag(1) },
        { item: 'LD/a(1).mag', value: mag(2.5) },
        { item: 'LD/LLN0$MX$A$mag', value: mag(7) },
        { item: 'LD/none', value: int(0) },
      ]),
    ).toEqual([
      { type: 'success', value: null },
      { type: 'failure', value: 'object-access-denied' },
      { type: 'failure', value: 'object-value-invalid' },
      { type: 'success', value: null },
      { type: 'failure', value: 'temporarily-unavailable' },
      { type: 'failure', value: 'type-inconsistent' },
      { type: 'success', value: null },
      { type: 'success', value: null },
      { type: 'failure', value: 'object-non-existent' },
    ])
    expect(await mms.read(['LD/x', 'LD/limited', 'LD/a(1).mag', 'LD/LLN0$MX$A.mag'])).toMatchObject([
      { value: int(42) },
      { value: int(100) },
      { value: mag(2.5) },
      { value: mag(7) },
    ])
  })

  test('one value: the value, or a ServiceError with the DataAccessError', async () => {
    const { mms } = await pair()
    expect(await mms.readValue('LD/x')).toEqual(int(1))
    await mms.writeValue({ type: 'domainSpecific', value: { domainID: 'LD', itemID: 'x' } }, int(3))
    await expect(mms.readValue('LD/none')).rejects.toMatchObject({
      code: 'MMS_DATA_ACCESS_OBJECT_NON_EXISTENT',
      reason: 10,
      message: 'read of LD/none failed at the peer: object-non-existent',
    })
    await expect(mms.writeValue('LD/fixed', { type: 'boolean', value: true })).rejects.toMatchObject({ reason: 3 })
  })

  test('RM-09: counts that differ, and no items at all, are rejected before any effect', async () => {
    const { mms } = await pair()
    const items = {
      type: 'listOfVariable',
      value: [{ variableSpecification: { type: 'name', value: { type: 'domainSpecific', value: { domainID: 'LD', itemID: 'x' } } } }],
    } as const
    await expect(mms.request('write', { variableAccessSpecification: items, listOfData: [] })).rejects.toMatchObject({ reason: 4 })
    await expect(mms.write([])).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    await expect(mms.read([])).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    expect(await mms.readValue('LD/x')).toEqual(int(1))
  })

  test('RM-12: a response that does not fit the PDU is an error of its own; more items than the limit, too', async () => {
    const big = { type: types.octetString(2_000) }
    const { mms } = await pair({
      model: model({ domains: { D: { variables: { big } } } }),
      client: { initiate: { maxPduSize: 1_024 } },
      limits: { maxItems: 2 },
    })
    await expect(mms.readValue('D/big')).rejects.toMatchObject({ code: 'MMS_SERVICE_PDU_SIZE' })
    const variable = { variableSpecification: { type: 'name', value: { type: 'vmdSpecific', value: 'a' } } } as const
    const three = { type: 'listOfVariable', value: [variable, variable, variable] } as const
    await expect(mms.request('read', { specificationWithResult: false, variableAccessSpecification: three })).rejects.toMatchObject({
      code: 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE',
    })
    expect(await mms.read(['D/a', 'D/b', 'D/c'])).toHaveLength(3)
  })

  test.each([
    ['is read', {}, { type: 'success' }],
    ['is refused where strict', { strict: true }, { code: 'MMS_UNREADABLE' }],
    ['is refused where that leniency is turned off', { deeperData: false }, { code: 'MMS_UNREADABLE' }],
  ])('an answer deeper than the negotiated nesting, as libiec61850 gives it, %s', async (_, mmsOptions, expected) => {
    const inner: Data = { type: 'structure', value: [int(1)] }
    const deep: Data = { type: 'structure', value: [inner] }
    const { mms } = await pair({
      handlers: { read: () => ({ response: { listOfAccessResult: [{ type: 'success', value: deep }] } }) },
      client: { initiate: { dataStructureNestingLevel: 1 }, mms: { timers: new HandTimers(), ...mmsOptions } },
    })
    expect(mms.negotiated.dataStructureNestingLevel).toBe(1)
    expect(await mms.read(['LD/x']).catch(error => [error])).toMatchObject([expected])
  })

  test('a variable deeper than the negotiated nesting is not read whole', async () => {
    const { mms } = await pair({ client: { initiate: { dataStructureNestingLevel: 1 } } })
    expect(await mms.read(['LD/LLN0', 'LD/LLN0$MX$A'])).toMatchObject([
      { type: 'failure', value: 'object-access-unsupported' },
      { type: 'success' },
    ])
  })

  test('the specification comes back when it is asked for', async () => {
    const { mms } = await pair()
    const specification = { type: 'variableListName', value: { type: 'domainSpecific', value: { domainID: 'LD', itemID: 'set' } } } as const
    const response = await mms.request('read', { specificationWithResult: true, variableAccessSpecification: specification })
    expect(response.variableAccessSpecification).toEqual(specification)
    expect(response.listOfAccessResult).toHaveLength(2)
  })
})

describe('named variable lists', () => {
  test.each(['LD/mine', 'vmd:mine', 'aa:mine'])('%s is defined, described, read, written and deleted', async name => {
    const { mms } = await pair()
    await mms.defineNamedVariableList(name, ['LD/x', 'LD/a(0..1)'])
    const attributes = await mms.getNamedVariableListAttributes(name)
    expect(attributes.mmsDeletable).toBe(true)
    expect(attributes.listOfVariable).toHaveLength(2)
    expect(await mms.readVariableList(name)).toMatchObject([{ value: int(1) }, { value: { type: 'array', value: [{}, {}] } }])
    await expect(mms.defineNamedVariableList(name, ['LD/x'])).rejects.toMatchObject({ code: 'MMS_DEFINITION_OBJECT_EXISTS' })
    expect(await mms.deleteNamedVariableList([name, 'LD/none'])).toEqual({ numberMatched: 1, numberDeleted: 1 })
    await expect(mms.readVariableList(name)).rejects.toMatchObject({ reason: 2 })
  })

  test('a list of the model is matched and not deleted; each scope deletes what is its own', async () => {
    const { mms } = await pair()
    expect(await mms.deleteNamedVariableList(['LD/set'])).toEqual({ numberMatched: 1, numberDeleted: 0 })
    for (const name of ['LD/m', 'vmd:m', 'aa:m']) await mms.defineNamedVariableList(name, ['LD/x'])
    const remove = (argument: Parameters<typeof mms.request<'deleteNamedVariableList'>>[1]) =>
      mms.request('deleteNamedVariableList', argument)
    expect(await remove({ scopeOfDelete: 'domain', domainName: 'LD' })).toEqual({ numberMatched: 2, numberDeleted: 1 })
    expect(await remove({ scopeOfDelete: 'vmd' })).toEqual({ numberMatched: 2, numberDeleted: 1 })
    expect(await remove({ scopeOfDelete: 'aa-specific' })).toEqual({ numberMatched: 1, numberDeleted: 1 })
    await expect(remove({ scopeOfDelete: 'domain', domainName: 'No' })).rejects.toMatchObject({ reason: 2 })
    await expect(remove({ scopeOfDelete: 'specific' })).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    await expect(remove({ scopeOfDelete: 7 })).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
  })

  test('RM-15: what cannot be defined says why', async () => {
    const { mms } = await pair({ limits: { maxListMembers: 2, maxListsPerAssociation: 1, maxLists: 1 } })
    const define = (name: string, ...items: string[]) => mms.defineNamedVariableList(name, items)
    await expect(define('LD/l')).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
    await expect(define('No/l', 'LD/x')).rejects.toMatchObject({ reason: 2 })
    await expect(define('LD/l', 'LD/none')).rejects.toMatchObject({ code: 'MMS_DEFINITION_OBJECT_UNDEFINED' })
    await expect(define('LD/l', 'LD/x.y')).rejects.toMatchObject({ code: 'MMS_DEFINITION_TYPE_INCONSISTENT' })
    await expect(define('LD/l', 'aa:v')).rejects.toMatchObject({ code: 'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT' })
    await expect(define('LD/l', 'LD/x', 'LD/x', 'LD/x')).rejects.toMatchObject({ code: 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE' })
    await define('LD/one', 'LD/x')
    await expect(define('LD/two', 'LD/x')).rejects.toMatchObject({ code: 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE' })
    await define('aa:one', 'LD/x')
    await expect(define('aa:two', 'LD/x')).rejects.toMatchObject({ code: 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE' })
    await expect(mms.getNamedVariableListAttributes('LD/none')).rejects.toMatchObject({ reason: 2 })
  })

  test('RM-16: association-specific lists are seen only on their association', async () => {
    const { server, mms, timers } = await pair()
    await mms.defineNamedVariableList('aa:mine', ['LD/x'])
    const { a, b } = joinedChannels()
    const accepting = server.accept(b)
    const other = await openMms(a, { timers, session: { timers } })
    await accepting
    await expect(other.readVariableList('aa:mine')).rejects.toMatchObject({ reason: 2 })
    expect(server.associations.size).toBe(2)
  })
})

describe('services and decisions of the user', () => {
  test('M-04: what has a handler is announced, what has none is rejected', async () => {
    const { mms } = await pair({
      handlers: {
        write: false,
        identify: () => ({ response: { vendorName: 'mine', modelName: 'm', revision: 'r' } }),
        status: () => ({ error: serviceError('vmdState', 'vmd-operational-problem') }),
      },
    })
    expect(mms.negotiated.servicesSupportedPeer).not.toContain('write')
    await expect(mms.writeValue('LD/x', int(1))).rejects.toMatchObject({
      name: 'RejectedError',
      code: 'MMS_REJECT_UNRECOGNIZED_SERVICE',
      reason: 1,
      by: 'peer provider',
    })
    expect((await mms.identify()).vendorName).toBe('mine')
    await expect(mms.status()).rejects.toMatchObject({ code: 'MMS_VMD_STATE_VMD_OPERATIONAL_PROBLEM' })
  })

  test('RN-03: a handler that throws, now or later, fails its request only', async () => {
    const { mms } = await pair({
      handlers: {
        status: () => {
          throw new Error('oops')
        },
        identify: async () => {
          throw new Error('oops')
        },
      },
    })
    await expect(mms.status()).rejects.toMatchObject({ code: 'MMS_SERVICE_OTHER' })
    await expect(mms.identify()).rejects.toMatchObject({ code: 'MMS_SERVICE_OTHER' })
    expect(await mms.readValue('LD/x')).toEqual(int(1))
  })

  test('N-05, N-06: the user decides on each association, with what the client says of itself', async () => {
    const ends: unknown[] = []
    const seen: unknown[] = []
    const options: Partial<MmsServerOptions> = {
      onAssociate: async ({ calling }) => {
        seen.push(calling)
        return calling.apTitle === '1.3.9999.1'
          ? { accept: true, association: { responding: { apTitle: '1.3.9999.2', aeQualifier: 7 } } }
          : { accept: false, diagnostic: 3 }
      },
      onEnd: error => ends.push(error),
    }
    await expect(pair(options)).rejects.toMatchObject({
      name: 'RefusedError',
      layer: 'acse',
      by: 'peer',
      reason: 3,
      message: 'association rejected permanent by the acse-service-user of the peer: calling-AP-title-not-recognized (diagnostic 3)',
    })
    const { mms } = await pair({ ...options, client: { association: { calling: { apTitle: '1.3.9999.1', aeQualifier: 12 } } } })
    expect(mms.association.responding).toMatchObject({ apTitle: '1.3.9999.2', aeQualifier: 7 })
    expect(seen).toMatchObject([{}, { apTitle: '1.3.9999.1', aeQualifier: 12 }])
    expect(ends).toHaveLength(1)
  })

  test('an initiate that the server cannot meet is refused by MMS, and says so', async () => {
    const opening = pair({ initiate: { minPduSize: 2_000 }, client: { initiate: { maxPduSize: 1_500 } } })
    await expect(opening).rejects.toMatchObject({
      name: 'RefusedError',
      layer: 'mms',
      message: "initiate refused by the peer's MMS: initiate: other",
    })
  })

  test('a server that closes the connection instead of answering has refused', async () => {
    const { a, b } = joinedChannels()
    b.onData = () => b.end()
    await expect(openMms(a)).rejects.toMatchObject({
      name: 'RefusedError',
      layer: 'acse',
      code: 'ACSE_CLOSED',
      by: 'peer',
      message: 'the peer closed the connection instead of answering the association request',
    })
  })

  test('one that has answered below MMS and then closes has refused, too; a broken answer is no refusal', async () => {
    const { a, b } = joinedChannels()
    const server = new MmsServer({ model: model(), onAssociate: () => new Promise<never>(() => {}) })
    server.accept(b).catch(() => {})
    const opening = openMms(a)
    opening.catch(() => {})
    await settle()
    b.destroy()
    await expect(opening).rejects.toMatchObject({ code: 'ACSE_CLOSED' })
    const broken = joinedChannels()
    broken.b.onData = () => broken.b.write(Uint8Array.of(0x47, 0x45, 0x54, 0x20))
    await expect(openMms(broken.a)).rejects.not.toMatchObject({ code: 'ACSE_CLOSED' })
  })

  test('a client that does not answer the conclude of the server is aborted after closeTimeout', async () => {
    const { server, association, a, timers } = await pair({ closeTimeout: 300 })
    a.onData = () => {}
    const closed = server.close()
    await settle()
    timers.advance(299)
    expect(association.signal.aborted).toBe(false)
    timers.advance(1)
    expect(await association.ended).toMatchObject({ name: 'TimeoutError' })
    a.destroy()
    await closed
  })

  test('a server that is closing refuses, and ends its associations in order', async () => {
    const ends: OutcomeError[] = []
    const { server, mms } = await pair({ onEnd: error => ends.push(error as OutcomeError) })
    await server.close()
    expect(await mms.ended).toMatchObject({ name: 'ReleasedError', by: 'peer' })
    expect(server.associations.size).toBe(0)
    const { a, b } = joinedChannels()
    server.accept(b).catch(() => {})
    await expect(openMms(a)).rejects.toMatchObject({ name: 'RefusedError', message: expect.stringContaining('rejected transient') })
    expect(ends).toHaveLength(2)
  })

  test('hooks see the association and a signal that fires at its end', async () => {
    let context: AccessContext | undefined
    const variables = {
      v: {
        type: types.integer(8),
        read: (given: AccessContext) => {
          context = given
          return int(1)
        },
      },
    }
    const { mms, association } = await pair({ model: model({ domains: { D: { variables } } }) })
    await mms.readValue('D/v')
    expect(context?.association).toBe(association)
    expect(context?.signal.aborted).toBe(false)
    mms.abort()
    expect(context?.signal.aborted).toBe(true)
    expect(await association.ended).toMatchObject({ name: 'AbortedError', by: 'peer' })
  })

  test('a model whose list names nothing, or whose value is not of its type, is refused with the place', () => {
    const make = (more: Partial<VmdModel>) => () => new MmsServer({ model: model(more) })
    expect(make({ lists: { l: { items: ['LD/nothing'] } } })).toThrow('list l: LD/nothing is not in the model')
    expect(make({ lists: { l: { items: ['LD/x.y'] } } })).toThrow('does not fit its type')
    expect(make({ variables: { v: { type: point, value: int(1) } } })).toThrow(expect.objectContaining({ code: 'MMS_MODEL' }))
  })
})
