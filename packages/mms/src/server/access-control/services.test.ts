import { describe, expect, test } from 'vitest'
import { join, stateOf } from '../../../test/clients.js'
import { int, model, pair, settle } from '../../../test/pair.js'
import type { AccessCondition } from '../../asn1/access-control.js'
import type { BasicObjectClass, ObjectClass, ObjectName } from '../../asn1/identifiers.js'
import { collect } from '../../client/paging.js'
import type { InitiateParameters } from '../../negotiation.js'
import type { OpenMmsOptions } from '../../open.js'
import { types } from '../../value-types.js'
import type { MmsServerOptions } from '../index.js'

const NEVER: AccessCondition = { type: 'never', value: null }
const password = (value: string): AccessCondition => ({ type: 'password', value: { type: 'charstring', value } })
const user = (apTitle: string): AccessCondition => ({ type: 'user', value: { type: 'association', value: { apTitle } } })
const all = (...value: AccessCondition[]): AccessCondition => ({ type: 'joint', value })
const any = (...value: AccessCondition[]): AccessCondition => ({ type: 'alternate', value })
const nested = (levels: number): AccessCondition => (levels === 1 ? user('1.1.1.1') : all(nested(levels - 1)))

const V3: InitiateParameters = { versionNumber: 3, parameterCBB: ['str1', 'str2', 'vnam', 'valt', 'vlis', 'tpy', 'aco'] }
const DENIED = 'MMS_ACCESS_OBJECT_ACCESS_DENIED'
const NON_EXISTENT = 'MMS_ACCESS_OBJECT_NON_EXISTENT'

const integer = (accessControlList: string) => ({ type: types.integer(16), value: int(1), accessControlList })
const base = model({
  accessControlLists: {
    Guarded: { write: NEVER, edit: NEVER },
    Closed: { load: NEVER },
    Spare: {},
    Fixed: { accessControlList: 'M_Never' },
  },
  semaphores: { token: { tokens: 1 } },
  variables: { b: integer('Guarded'), a: integer('Guarded'), free: integer('M_Deletable') },
  domains: {
    D2: { variables: { z: integer('Guarded') }, accessControlList: 'Guarded' },
    D1: { variables: { y: integer('Guarded'), x: integer('Guarded'), free: integer('M_Deletable') } },
  },
  lists: {},
})

async function scene(options: Partial<MmsServerOptions> = {}) {
  const made = await pair({ model: base, ...options, client: { initiate: V3 } })
  const client = (number = 0, more: OpenMmsOptions = {}) => join(made.server, made.timers, number, { initiate: V3, ...more })
  return { ...made, client, access: made.mms.accessControl }
}

const classOf = (value: BasicObjectClass): ObjectClass => ({ type: 'basicObjectClass', value })
const vmd = (value: string): ObjectName => ({ type: 'vmdSpecific', value })
const inDomain = (domainID: string, itemID: string): ObjectName => ({ type: 'domainSpecific', value: { domainID, itemID } })

describe('conditions, ISO 9506-1, 9.1.2 and 9.1.3', () => {
  /** Whether a client may read a variable whose list has that condition. */
  async function mayRead(read: AccessCondition, number = 0, more: OpenMmsOptions = {}) {
    const variables = { v: { ...integer('Conditional') } }
    const { client } = await scene({
      model: { ...base, variables, accessControlLists: { ...base.accessControlLists, Conditional: { read } } },
    })
    const { mms } = await client(number, more)
    return (await stateOf(mms.readValue('vmd:v'))) !== 'MMS_DATA_ACCESS_OBJECT_ACCESS_DENIED'
  }
  const authenticated = (value: string): OpenMmsOptions => ({
    association: { authentication: { authenticationValue: { type: 'charstring', value } } },
  })

  test('never: nobody', async () => {
    expect(await mayRead(NEVER, 1)).toBe(false)
  })

  test('user association: the client whose titles are those of the reference; none: no client at all', async () => {
    expect(await mayRead(user('1.1.1.1'), 1)).toBe(true)
    expect(await mayRead(user('1.1.1.1'), 2)).toBe(false)
    expect(await mayRead(user('1.1.1.1'))).toBe(false)
    expect(await mayRead({ type: 'user', value: { type: 'none', value: null } }, 1)).toBe(false)
  })

  test('password: the authentication value of the association, exactly', async () => {
    expect(await mayRead(password('open'), 0, authenticated('open'))).toBe(true)
    expect(await mayRead(password('open'), 0, authenticated('Open'))).toBe(false)
    expect(await mayRead(password('open'), 0, authenticated('open '))).toBe(false)
    expect(await mayRead(password('open'))).toBe(false)
  })

  test('joint: all of them; alternate: one of them; empty ones and what is nested too deep are our reading (self-only)', async () => {
    const [yes, no] = [user('1.1.1.1'), user('1.1.1.2')]
    expect(await mayRead(all(yes, yes), 1)).toBe(true)
    expect(await mayRead(all(yes, no), 1)).toBe(false)
    expect(await mayRead(any(no, yes), 1)).toBe(true)
    expect(await mayRead(any(no, no), 1)).toBe(false)
    expect(await mayRead(all(any(no, yes), all()), 1)).toBe(true)
    expect(await mayRead(any(), 1)).toBe(false)
    expect(await mayRead(nested(8), 1)).toBe(true)
  })

  test('semaphore: the client has control of it at that moment', async () => {
    const read: AccessCondition = { type: 'semaphore', value: 'token' }
    const variables = { v: integer('Locked') }
    const { client } = await scene({ model: { ...base, variables, accessControlLists: { ...base.accessControlLists, Locked: { read } } } })
    const [a, b] = [await client(1), await client(2)]
    const denied = 'MMS_DATA_ACCESS_OBJECT_ACCESS_DENIED'
    expect(await stateOf(a.mms.readValue('vmd:v'))).toBe(denied)
    await a.mms.semaphores.withControl('vmd:token', async () => {
      expect(await stateOf(a.mms.readValue('vmd:v'))).toEqual(int(1))
      expect(await stateOf(b.mms.readValue('vmd:v'))).toBe(denied)
    })
    expect(await stateOf(a.mms.readValue('vmd:v'))).toBe(denied)
  })

  test('a semaphore that was deleted is owned by nobody', async () => {
    const { client, access, mms } = await scene({ model: { ...base, accessControlLists: { ...base.accessControlLists } } })
    const { mms: owner } = await client(1)
    await owner.semaphores.defineSemaphore('vmd:temporary', 1)
    await access.defineAccessControlList('Locked', { readAccessCondition: { type: 'semaphore', value: 'temporary' } })
    await access.changeAccessControl(
      { type: 'listOfObjects', value: { objectClass: classOf('namedVariable'), objectScope: { type: 'specific', value: [vmd('free')] } } },
      'Locked',
    )
    await owner.semaphores.takeControl('vmd:temporary')
    expect(await stateOf(owner.readValue('vmd:free'))).toEqual(int(1))
    await owner.semaphores.relinquishControl('vmd:temporary')
    // That a condition names it does not bar the deletion.
    await mms.semaphores.deleteSemaphore('vmd:temporary')
    expect(await stateOf(owner.readValue('vmd:free'))).toBe('MMS_DATA_ACCESS_OBJECT_ACCESS_DENIED')
  })

  test('a model with a list that is not there, or conditions too deep inside each other, is refused', async () => {
    const refused = async (more: object) =>
      expect(pair({ model: model({ lists: {}, ...more }) })).rejects.toMatchObject({ code: 'MMS_MODEL' })
    await refused({ variables: { v: integer('None') } })
    await refused({ domains: { D: { variables: { v: integer('None') } } } })
    await refused({ accessControlList: 'None' })
    await refused({ accessControlLists: { M_ReadOnly: {} } })
    await refused({ accessControlLists: { deep: { read: nested(9) } } })
  })
})

describe('the services (82 to 86)', () => {
  test('they are served where the model has lists, from minor version 3 on; without them everything is open as it was', async () => {
    const { mms } = await scene()
    expect(mms.negotiated.servicesSupportedPeer).toContain('alterAccessControl')
    const old = await pair({ model: base })
    await expect(old.mms.accessControl.deleteAccessControlList('Spare')).rejects.toMatchObject({ code: 'MMS_REJECT_UNRECOGNIZED_SERVICE' })
    const none = await pair()
    expect(none.server.servicesSupported).not.toContain('defineAccessControlList')
    expect(none.mms.negotiated.versionNumber).toBe(1)
    await none.mms.writeValue('LD/x', int(5))
  })

  test('a list is made, read, put in force, listed by getNameList, and deleted when it governs nothing any more', async () => {
    const { mms, access, server } = await scene()
    const conditions = { writeAccessCondition: any(user('1.1.1.7'), password('x')), executeAccessCondition: NEVER }
    await access.defineAccessControlList('Mine', conditions)
    expect(await access.getAccessControlListAttributes('Mine')).toEqual({
      name: 'Mine',
      accessControlListElements: conditions,
      vMDuse: false,
      references: [],
      accessControlList: 'M_Deletable',
    })
    const only = (name: string) =>
      ({
        type: 'listOfObjects',
        value: { objectClass: classOf('namedVariable'), objectScope: { type: 'specific', value: [vmd(name)] } },
      }) as const
    expect(await access.changeAccessControl(only('free'), 'Mine')).toEqual({ numberMatched: 1, numberChanged: 1 })
    expect(await stateOf(mms.writeValue('vmd:free', int(3)))).toBe('MMS_DATA_ACCESS_OBJECT_ACCESS_DENIED')
    expect((await access.getAccessControlListAttributes('Mine')).references).toEqual([
      { objectClass: classOf('namedVariable'), objectCount: 1 },
    ])
    expect(await stateOf(access.deleteAccessControlList('Mine'))).toBe('MMS_SERVICE_OBJECT_CONSTRAINT_CONFLICT')
    expect(await collect(mms.names(classOf('accessControlList'), { type: 'vmdSpecific', value: null }))).toContain('Mine')
    await access.changeAccessControl(only('free'), 'M_Deletable')
    await mms.writeValue('vmd:free', int(3))
    await access.deleteAccessControlList('Mine')
    expect(server.vmd.vmdSpecific.of('accessControlList').has('Mine')).toBe(false)
  })

  test('each check of defineAccessControlList, in order, leaves everything as it was', async () => {
    const { access, server } = await scene({ limits: { maxAccessControlLists: 9, maxAccessConditions: 3 } })
    const define = (name: string, read: AccessCondition) => stateOf(access.defineAccessControlList(name, { readAccessCondition: read }))
    const before = server.vmd.vmdSpecific.of('accessControlList').names
    expect(await define('Spare', nested(9))).toBe('MMS_REJECT_MAX_RECURSION_EXCEEDED')
    expect(await define('Spare', NEVER)).toBe('MMS_DEFINITION_OBJECT_EXISTS')
    server.vmd.accessControlList = 'Closed'
    expect(await define('New', NEVER)).toBe(DENIED)
    server.vmd.accessControlList = 'M_NonDeletable'
    expect(await define('New', any(all({ type: 'semaphore', value: 'none' })))).toBe('MMS_DEFINITION_OBJECT_UNDEFINED')
    expect(await define('New', all(NEVER, NEVER, NEVER))).toBe('MMS_RESOURCE_CAPABILITY_UNAVAILABLE')
    expect(server.vmd.vmdSpecific.of('accessControlList').names).toEqual(before)
    expect(await define('New', all(NEVER, NEVER))).toBeUndefined()
    expect(await define('More', NEVER)).toBe('MMS_RESOURCE_CAPABILITY_UNAVAILABLE')
  })

  test('getAccessControlListAttributes: by name, of the VMD, of an object; counts by class, and whether the VMD uses it', async () => {
    const { access, client } = await scene()
    const ofVmd = await access.getAccessControlListAttributes({ type: 'vMD', value: null })
    expect(ofVmd).toMatchObject({
      name: 'M_NonDeletable',
      accessControlListElements: { deleteAccessCondition: NEVER },
      vMDuse: true,
      accessControlList: 'M_Never',
    })
    const ofObject = (objectClass: ObjectClass, objectName: ObjectName) =>
      access.getAccessControlListAttributes({ type: 'namedObject', value: { objectClass, objectName } })
    const guarded = await ofObject(classOf('namedVariable'), inDomain('D1', 'y'))
    expect(guarded).toMatchObject({ name: 'Guarded', vMDuse: false })
    expect(guarded.references).toEqual(
      expect.arrayContaining([
        { objectClass: classOf('namedVariable'), objectCount: 5 },
        { objectClass: classOf('domain'), objectCount: 1 },
      ]),
    )
    expect(guarded.references).toHaveLength(2)
    expect(await stateOf(ofObject(classOf('namedVariable'), vmd('none')))).toBe(NON_EXISTENT)
    expect(await stateOf(access.getAccessControlListAttributes('None'))).toBe(NON_EXISTENT)
    const cs = { type: 'csObjectClass', value: 'unitControl' } as const
    expect(await stateOf(ofObject(cs, vmd('u')))).toBe('MMS_REJECT_INVALID_ARGUMENT')
    expect(await stateOf(ofObject({ type: 'basicObjectClass', value: 77 }, vmd('u')))).toMatch(/^MMS_REJECT/)
    const without = await client(0, { initiate: { versionNumber: 3 } })
    expect(await without.mms.accessControl.getAccessControlListAttributes('Spare')).not.toHaveProperty('accessControlList')
  })

  test('reportAccessControlledObjects: the VMD, domains, then the association, each in collating order, page by page', async () => {
    const { mms, access, client } = await scene({ initiate: { maxPduSize: 512 } })
    const names = (list: string, objectClass = classOf('namedVariable')) => collect(access.controlledObjects(list, objectClass))
    const expected = [vmd('a'), vmd('b'), inDomain('D1', 'x'), inDomain('D1', 'y'), inDomain('D2', 'z')]
    expect(await names('Guarded')).toEqual(expected)
    expect(await names('Guarded', classOf('domain'))).toEqual([vmd('D2')])
    expect(await names('Spare')).toEqual([])
    for (let i = 0; i < 10; i++) await mms.defineNamedVariableList(`aa:list_with_a_rather_long_name_${i}`, ['vmd:a'])
    for (let i = 0; i < 20; i++) await mms.defineNamedVariableList(`D1/list_with_a_rather_long_name_${i}`, ['D1/x'])
    const lists = await names('M_Deletable', classOf('namedVariableList'))
    expect(lists).toHaveLength(30)
    expect(lists[20]).toEqual({ type: 'aaSpecific', value: 'list_with_a_rather_long_name_0' })
    const argument = { accessControlList: 'M_Deletable', objectClass: classOf('namedVariableList') }
    expect((await access.reportAccessControlledObjects(argument)).moreFollows).toBe(true)
    const other = await client(3)
    expect(await collect(other.mms.accessControl.controlledObjects('M_Deletable', classOf('namedVariableList')))).toHaveLength(20)
    // What is not there any more continues with the next.
    const behind = (continueAfter: ObjectName) =>
      access.reportAccessControlledObjects({ accessControlList: 'Guarded', objectClass: classOf('namedVariable'), continueAfter })
    expect((await behind(inDomain('D1', 'xx'))).listOfNames).toEqual(expected.slice(3))
    expect((await behind(inDomain('D1a', 'q'))).listOfNames).toEqual(expected.slice(4))
    expect((await behind(inDomain('D3', 'q'))).listOfNames).toEqual([])
    expect(await stateOf(names('None'))).toBe(NON_EXISTENT)
  })

  test('a list that guards but an unnamed variable is not deleted', async () => {
    const { access } = await scene({
      model: {
        ...base,
        unnamedVariables: [{ address: 7, type: types.integer(16), value: int(1), accessControlList: 'Loose' }],
        accessControlLists: { ...base.accessControlLists, Loose: { accessControlList: 'M_Deletable' } },
      },
    })
    expect(await stateOf(access.deleteAccessControlList('Loose'))).toBe('MMS_SERVICE_OBJECT_CONSTRAINT_CONFLICT')
  })

  test('each check of deleteAccessControlList', async () => {
    const { access, server, client } = await scene()
    const remove = (name: string) => stateOf(access.deleteAccessControlList(name))
    expect(await remove('None')).toBe(NON_EXISTENT)
    expect(await remove('Fixed')).toBe(DENIED)
    expect(await remove('M_Deletable')).toBe(DENIED)
    await access.defineAccessControlList('Mine', {})
    server.vmd.accessControlList = 'Mine'
    expect(await remove('Mine')).toBe('MMS_SERVICE_OBJECT_CONSTRAINT_CONFLICT')
    server.vmd.accessControlList = 'M_NonDeletable'
    // Objects of other associations count, too, until they are gone.
    const other = await client(2)
    await other.mms.defineNamedVariableList('aa:own', ['vmd:a'])
    const aaSpecific = { objectClass: classOf('namedVariableList'), objectScope: { type: 'aaSpecific', value: null } } as const
    expect(await other.mms.accessControl.changeAccessControl({ type: 'listOfObjects', value: aaSpecific }, 'Mine')).toEqual({
      numberMatched: 1,
      numberChanged: 1,
    })
    expect(await remove('Mine')).toBe('MMS_SERVICE_OBJECT_CONSTRAINT_CONFLICT')
    await other.mms.close()
    await settle()
    expect(await remove('Mine')).toBeUndefined()
  })

  test('changeAccessControl: each scope; what may not be edited is matched and skipped', async () => {
    const { access, server } = await scene()
    const change = (value: Parameters<typeof access.changeAccessControl>[0], list = 'Spare') => access.changeAccessControl(value, list)
    const variables = (objectScope: object) =>
      change({ type: 'listOfObjects', value: { objectClass: classOf('namedVariable'), objectScope: objectScope as never } })
    const listOf = (scope: string | undefined, name: string) =>
      (scope === undefined ? server.vmd.vmdSpecific : server.vmd.domain(scope)!.objects).get('namedVariable', name)!.accessControlList
    // Twice, not there, and guarded against it.
    const names = [inDomain('D1', 'free'), inDomain('D1', 'free'), inDomain('D1', 'none'), inDomain('D1', 'x')]
    expect(await variables({ type: 'specific', value: names })).toEqual({ numberMatched: 2, numberChanged: 1 })
    expect([listOf('D1', 'free'), listOf('D1', 'x')]).toEqual(['Spare', 'Guarded'])
    expect(await variables({ type: 'domain', value: 'D1' })).toEqual({ numberMatched: 3, numberChanged: 1 })
    expect(await variables({ type: 'vmd', value: null })).toEqual({ numberMatched: 3, numberChanged: 1 })
    expect([listOf(undefined, 'free'), listOf(undefined, 'a')]).toEqual(['Spare', 'Guarded'])
    expect(await variables({ type: 'aaSpecific', value: null })).toEqual({ numberMatched: 0, numberChanged: 0 })
    expect(await change({ type: 'vMDOnly', value: null })).toEqual({ numberMatched: 1, numberChanged: 1 })
    expect(server.vmd.accessControlList).toBe('Spare')
    expect(await access.getAccessControlListAttributes('Spare')).toMatchObject({ vMDuse: true })
  })

  test('each check of changeAccessControl; the error says that nothing was changed', async () => {
    const { access, server } = await scene()
    const scopeOf = (objectClass: ObjectClass, objectScope: object) =>
      ({ type: 'listOfObjects', value: { objectClass, objectScope } }) as Parameters<typeof access.changeAccessControl>[0]
    const inVmd = scopeOf(classOf('namedVariable'), { type: 'vmd', value: null })
    await expect(access.changeAccessControl(inVmd, 'None')).rejects.toMatchObject({
      code: NON_EXISTENT,
      answered: { serviceSpecificInfo: { type: 'changeAccessControl', value: 0 } },
    })
    const inNone = scopeOf(classOf('namedVariable'), { type: 'domain', value: 'None' })
    expect(await stateOf(access.changeAccessControl(inNone, 'Spare'))).toBe(NON_EXISTENT)
    const ofClass = (objectClass: ObjectClass) => access.changeAccessControl(scopeOf(objectClass, { type: 'vmd', value: null }), 'Spare')
    expect(await stateOf(ofClass({ type: 'csObjectClass', value: 'eventConditionList' }))).toBe('MMS_REJECT_INVALID_ARGUMENT')
    server.vmd.accessControlList = 'Guarded'
    expect(await stateOf(access.changeAccessControl(inVmd, 'Spare'))).toBe(DENIED)
    expect(await stateOf(access.changeAccessControl({ type: 'vMDOnly', value: null }, 'Spare'))).toBe(DENIED)
    expect(server.vmd.vmdSpecific.get('namedVariable', 'free')!.accessControlList).toBe('M_Deletable')
  })
})
