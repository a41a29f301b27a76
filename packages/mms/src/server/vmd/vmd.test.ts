import { RefusedError } from '@x/core'
import { describe, expect, test } from 'vitest'
import { codeOf, int, type Pair, pair, settle } from '../../../test/pair.js'
import type { AccessCondition } from '../../asn1/access-control.js'
import type { VmdLogicalStatus } from '../../asn1/vmd.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'
import { additionalServiceNames, confirmedServiceNames } from '../../service-names.js'
import { types } from '../../value-types.js'
import { letsThrough } from '../logical-status.js'
import type { VmdModel } from '../model.js'

const model = (more: Partial<VmdModel> = {}): VmdModel => ({
  identity: { vendorName: 'v', modelName: 'm', revision: 'r' },
  variables: { a: { type: types.integer(8), value: int(1) }, b: { type: types.integer(8), value: int(2) } },
  domains: {
    D: {
      mmsDeletable: true,
      variables: { x: { type: types.integer(8), value: int(3) } },
      types: { T: { type: types.integer(8) } },
      lists: { L: { items: ['D/x', 'vmd:a'] } },
    },
    Kept: {},
  },
  programInvocations: { Fixed: { domains: ['D'] } },
  program: {},
  ...more,
})

function vmds(more: Partial<VmdModel> = {}, client: object = { initiate: WHOLE_OF_MMS }): Promise<Pair> {
  return pair({ model: model(more), services: 'all', initiate: WHOLE_OF_MMS, client })
}

const NEVER: AccessCondition = { type: 'never', value: null }
const forbid = ({ server: { vmd } }: Pair, condition: string) =>
  vmd.vmdSpecific.add('accessControlList', {
    name: 'Forbids',
    scope: undefined,
    accessControlList: 'M_Never',
    conditions: { [condition]: NEVER },
  })
const status = (vmdLogicalStatus: VmdLogicalStatus) => ({ vmdLogicalStatus, vmdPhysicalStatus: 'operational' }) as const

describe('rename', () => {
  test('an object of each class takes another name in its scope, and what refers to it goes on doing so', async () => {
    const p = await vmds()
    const { vmd } = p.mms
    await vmd.rename('namedVariable', 'D/x', 'y')
    expect(await p.mms.readVariableList('D/L')).toEqual([
      { type: 'success', value: int(3) },
      { type: 'success', value: int(1) },
    ])
    expect((await p.mms.getNamedVariableListAttributes('D/L')).listOfVariable[0]!.variableSpecification.value).toEqual({
      type: 'domainSpecific',
      value: { domainID: 'D', itemID: 'y' },
    })
    await vmd.rename('namedVariableList', 'D/L', 'M')
    await vmd.rename('namedType', 'D/T', 'U')
    await vmd.rename('programInvocation', 'vmd:Fixed', 'Moved')
    await vmd.rename('domain', 'vmd:D', 'E')
    expect(await p.mms.readValue('E/y')).toEqual(int(3))
    expect(await p.mms.variableListNames('E')).toEqual(['M'])
    expect((await p.mms.programInvocations.getProgramInvocationAttributes('Moved')).listOfDomainNames).toEqual(['E'])
    await expect(p.mms.readValue('D/y')).rejects.toThrow('object-non-existent')
    await p.mms.defineNamedVariableList('aa:own', ['E/y'])
    await vmd.rename('namedVariableList', 'aa:own', 'mine')
    expect(await p.mms.readVariableList('aa:mine')).toHaveLength(1)
    p.mms.abort()
  })

  test('an access control list keeps what it guards', async () => {
    const p = await vmds()
    forbid(p, 'editAccessCondition')
    const { vmd } = p.server
    vmd.domain('D')!.accessControlList = 'Forbids'
    vmd.vmdSpecific.get('accessControlList', 'Forbids')!.accessControlList = 'M_Deletable'
    await p.mms.vmd.rename('accessControlList', 'vmd:Forbids', 'Guard')
    expect(vmd.domain('D')!.accessControlList).toBe('Guard')
    expect(await codeOf(p.mms.vmd.rename('domain', 'vmd:D', 'E'))).toBe('access/object-access-denied')
    p.mms.abort()
  })

  type Refusal = [title: string, ask: (p: Pair) => Promise<unknown>, code: string]
  const refusals: Refusal[] = [
    ['there is no such object', p => p.mms.vmd.rename('namedVariable', 'D/none', 'y'), 'access/object-non-existent'],
    ['there is no such domain', p => p.mms.vmd.rename('namedVariable', 'None/x', 'y'), 'access/object-non-existent'],
    ['its list forbids it', p => p.mms.vmd.rename('namedVariable', 'vmd:guarded', 'y'), 'access/object-access-denied'],
    ['the new name is taken', p => p.mms.vmd.rename('namedVariable', 'vmd:a', 'b'), 'definition/object-exists'],
    ['it is its own name', p => p.mms.vmd.rename('namedVariable', 'vmd:a', 'a'), 'definition/object-exists'],
    ['the object is one of the standard', p => p.mms.vmd.rename('namedVariable', 'vmd:M_DAYTIME', 'now'), 'access/object-access-denied'],
    [
      'the name must be that of its events, too',
      p => p.mms.vmd.rename('programInvocation', 'vmd:Watched', 'P'),
      'access/object-access-denied',
    ],
    ['the class is not in that scope', p => p.mms.vmd.rename('domain', 'D/x', 'y'), 'access/object-access-unsupported'],
    ['the new name is empty', p => p.mms.vmd.rename('namedVariable', 'vmd:a', ''), 'invalid-argument'],
  ]
  test.each(refusals)('is refused when %s, and nothing has changed', async (...[, ask, code]: Refusal) => {
    const p = await vmds({
      predefined: { daytime: true },
      variables: { ...model().variables, guarded: { type: types.boolean } },
      programInvocations: { Watched: { domains: ['D'] } },
    })
    const { vmd } = p.server
    forbid(p, 'editAccessCondition')
    vmd.vmdSpecific.get('namedVariable', 'guarded')!.accessControlList = 'Forbids'
    vmd.vmdSpecific.get('programInvocation', 'Watched')!.monitor = 'permanent'
    const names = () => [...vmd.scopes()].map(scope => scope.classes.map(each => scope.of(each).names))
    const before = JSON.stringify(names())
    expect(await codeOf(ask(p))).toBe(code)
    expect(JSON.stringify(names())).toBe(before)
    p.mms.abort()
  })
})

describe('getCapabilityList', () => {
  test('gives texts in collating order, page by page', async () => {
    const capabilities = Array.from({ length: 200 }, (_, i) => `capability number ${(i * 37) % 200}`)
    const p = await vmds({ capabilities }, { initiate: { ...WHOLE_OF_MMS, maxPduSize: 512 } })
    const seen: string[] = []
    for await (const capability of p.mms.vmd.capabilities()) seen.push(capability)
    expect(seen).toHaveLength(200)
    expect(new Set(seen)).toEqual(new Set(capabilities))
    const first = await p.mms.vmd.getCapabilityList()
    expect(first.moreFollows).toBe(true)
    expect(first.listOfCapabilities).toEqual(seen.slice(0, first.listOfCapabilities.length))
    expect(await p.mms.vmd.getCapabilityList(seen.at(-2))).toEqual({ listOfCapabilities: [seen.at(-1)], moreFollows: false })
    p.mms.abort()
  })

  test('one that does not fit alone is refused; none at all is an empty list', async () => {
    const long = await vmds({ capabilities: ['é'.repeat(600)] }, { initiate: { ...WHOLE_OF_MMS, maxPduSize: 512 } })
    expect(await codeOf(long.mms.vmd.getCapabilityList())).toBe('resource/other')
    long.mms.abort()
    const none = await vmds()
    expect(await none.mms.vmd.getCapabilityList()).toEqual({ listOfCapabilities: [], moreFollows: false })
    none.mms.abort()
  })
})

describe('status with csr', () => {
  test('says what the machine is doing, as its domains and programs tell (self-only)', async () => {
    const p = await vmds()
    const { vmd, programInvocations } = p.mms
    const fixed = p.server.vmd.vmdSpecific.get('programInvocation', 'Fixed')!
    expect(await vmd.status()).toEqual({ ...status('state-changes-allowed'), operationState: 'ready', extendedStatus: {} })
    await programInvocations.start('Fixed')
    expect((await vmd.status()).operationState).toBe('executing')
    await programInvocations.stop('Fixed')
    expect((await vmd.status()).operationState).toBe('motion-paused')
    fixed.broken()
    expect((await vmd.status()).operationState).toBe('loaded')
    p.mms.abort()
    const empty = await vmds({ domains: {}, programInvocations: {} })
    expect((await empty.mms.vmd.status()).operationState).toBe('idle')
    empty.mms.abort()
  })

  test('says what is known of the machine, and which program is selected', async () => {
    const p = await vmds({ programInvocations: { Main: { domains: ['D'], control: 'controlling' } } })
    const { state } = p.server.vmd
    state.safetyInterlocksViolated = false
    state.localControl = true
    await p.mms.vmd.status()
    expect(await codeOf(p.mms.programInvocations.select('Main'))).toBe('vmdState/vmd-state-conflict')
    state.localControl = false
    await p.mms.programInvocations.select('Main')
    expect(await p.mms.vmd.status()).toMatchObject({
      extendedStatus: { safetyInterlocksViolated: false, localControl: false },
      selectedProgramInvocation: 'Main',
    })
    p.mms.abort()
  })

  test('without csr it is the status alone; with cspi alone an empty extension says so', async () => {
    const plain = await vmds({}, {})
    expect(await plain.mms.vmd.status()).toEqual(status('state-changes-allowed'))
    expect((await plain.mms.requestDetailed('status', false)).serviceExt).toBeUndefined()
    plain.mms.abort()
    const cspi = await vmds({}, { initiate: { versionNumber: 3, parameterCBB: ['cspi'] } })
    expect((await cspi.mms.requestDetailed('status', false)).serviceExt).toEqual(Uint8Array.of(0xa0, 2, 5, 0))
    expect(await cspi.mms.vmd.status(true)).toEqual(status('state-changes-allowed'))
    cspi.mms.abort()
  })

  test('the model is asked, for a more thorough look too; a local detail goes along, up to 128 bits', async () => {
    const asked: boolean[] = []
    const localDetail = { octets: new Uint8Array(16).fill(0xff), size: 128 }
    const p = await vmds({
      status: extended => {
        asked.push(extended)
        return { ...status('state-changes-allowed'), localDetail }
      },
    })
    expect((await p.mms.vmd.status(true)).localDetail).toEqual(localDetail)
    await p.mms.vmd.status()
    expect(asked).toEqual([true, false])
    const tooLong = { octets: new Uint8Array(17), size: 129 }
    expect(() => {
      p.server.vmd.status = { ...status('state-changes-allowed'), localDetail: tooLong }
    }).toThrow('localDetail: expected at most 128 bits, found 129')
    p.mms.abort()
  })
})

describe('unsolicitedStatus', () => {
  test('is sent when the logical or physical status changes, to clients that have announced it, and not otherwise', async () => {
    const p = await vmds()
    const heard: unknown[] = []
    p.mms.on('unsolicitedStatus', ({ vmdLogicalStatus, vmdPhysicalStatus }) => heard.push({ vmdLogicalStatus, vmdPhysicalStatus }))
    const { vmd } = p.server
    vmd.status = status('support-services-allowed')
    vmd.status = { ...status('support-services-allowed'), localDetail: { octets: Uint8Array.of(0x80), size: 1 } }
    vmd.status = { vmdLogicalStatus: 'support-services-allowed', vmdPhysicalStatus: 'inoperable' }
    await settle()
    expect(heard).toEqual([
      status('support-services-allowed'),
      { vmdLogicalStatus: 'support-services-allowed', vmdPhysicalStatus: 'inoperable' },
    ])
    p.mms.abort()
    const deaf = await vmds({}, { initiate: WHOLE_OF_MMS, mms: { serves: [] } })
    expect(deaf.association.negotiated.servicesSupportedPeer).not.toContain('unsolicitedStatus')
    deaf.mms.on('unsolicitedStatus', ({ vmdLogicalStatus, vmdPhysicalStatus }) => heard.push({ vmdLogicalStatus, vmdPhysicalStatus }))
    deaf.server.vmd.status = status('support-services-allowed')
    await settle()
    expect(heard).toHaveLength(2)
    deaf.mms.abort()
  })
})

describe('vMDStop and vMDReset', () => {
  test('vMDStop stops what runs; then only looking is allowed, until somebody has seen to the machine', async () => {
    const p = await vmds({ machine: {} })
    const { mms } = p
    const heard: unknown[] = []
    mms.on('unsolicitedStatus', ({ vmdLogicalStatus, vmdPhysicalStatus }) => heard.push({ vmdLogicalStatus, vmdPhysicalStatus }))
    p.server.vmd.state.localControl = false
    await mms.programInvocations.start('Fixed')
    await mms.vmd.vMDStop()
    const stopped = { vmdLogicalStatus: 'no-state-changes-allowed', vmdPhysicalStatus: 'needs-commissioning' }
    expect(await mms.vmd.status()).toEqual({ ...stopped, operationState: 'manualInterventionRequired', extendedStatus: {} })
    expect(heard).toEqual([stopped])
    expect((await mms.programInvocations.getProgramInvocationAttributes('Fixed')).state).toBe('stopped')
    expect(await codeOf(mms.vmd.vMDReset())).toBe('vmdState/vmd-state-conflict')
    p.server.vmd.status = status('state-changes-allowed')
    expect((await mms.vmd.status()).vmdLogicalStatus).toBe('no-state-changes-allowed')
    p.server.vmd.state.manualInterventionRequired = false
    expect((await mms.vmd.status()).vmdLogicalStatus).toBe('state-changes-allowed')
    await mms.programInvocations.resume('Fixed')
    mms.abort()
  })

  test('vMDReset deletes the programs and domains that MMS may delete, and answers the status', async () => {
    const p = await vmds({ machine: {}, programInvocations: {} })
    const { mms, server } = p
    await mms.programInvocations.createProgramInvocation('P', ['D', 'Kept'])
    await mms.programInvocations.start('P')
    expect(await mms.vmd.vMDReset(true)).toEqual(status('state-changes-allowed'))
    expect(server.vmd.vmdSpecific.of('programInvocation').size).toBe(0)
    expect(server.vmd.domains.names).toEqual(['Kept'])
    mms.abort()
  })

  test('vMDReset takes back control of semaphores', async () => {
    const { mms } = await vmds({ machine: {}, semaphores: { token: { tokens: 1 } } })
    await mms.semaphores.takeControl('vmd:token')
    expect((await mms.semaphores.reportSemaphoreStatus('vmd:token')).numberOfOwnedTokens).toBe(1)
    await mms.vmd.vMDReset()
    expect((await mms.semaphores.reportSemaphoreStatus('vmd:token')).numberOfOwnedTokens).toBe(0)
    mms.abort()
  })

  test('vMDReset leaves a domain that a program needs which stays', async () => {
    const p = await vmds({ machine: {} })
    await p.mms.vmd.vMDReset()
    expect(p.server.vmd.domains.names).toEqual(['D', 'Kept'])
    p.mms.abort()
  })

  type Refusal = [title: string, condition: string, ask: (p: Pair) => Promise<unknown>]
  const refusals: Refusal[] = [
    ['vMDStop', 'executeAccessCondition', p => p.mms.vmd.vMDStop()],
    ['vMDReset', 'executeAccessCondition', p => p.mms.vmd.vMDReset()],
  ]
  test.each(refusals)(
    '%s is refused when the VMD forbids it, or the machine cannot, and nothing has changed',
    async (...[, condition, ask]: Refusal) => {
      const p = await vmds({
        machine: {
          stop: () => Promise.reject(new TypeError('jammed')),
          reset: () => {
            throw new TypeError('no')
          },
        },
      })
      forbid(p, condition)
      expect(await codeOf(ask(p))).toBe('vmdState/vmd-operational-problem')
      p.server.vmd.accessControlList = 'Forbids'
      expect(await codeOf(ask(p))).toBe('access/object-access-denied')
      expect(p.server.vmd.status).toEqual(status('state-changes-allowed'))
      expect(p.server.vmd.domains.names).toEqual(['D', 'Kept'])
      p.mms.abort()
    },
  )
})

describe('the variables of the standard', () => {
  test('are there when asked for: clock, elapsed time, power problem', async () => {
    let now = Date.UTC(2026, 0, 2, 3, 4, 5)
    const set: Date[] = []
    const p = await pair({
      model: model({ predefined: { daytime: time => void set.push(time), elapsedTime: true, powerProblem: () => true } }),
      services: 'all',
      now: () => now,
    })
    const { mms } = p
    expect(await mms.variableNames()).toEqual(['a', 'b', 'M_DAYTIME', 'M_ELT', 'M_powerProblem'])
    now += 1_500
    expect(await mms.readValue('vmd:M_ELT')).toEqual(int(1_500))
    expect(await mms.readValue('vmd:M_DAYTIME')).toMatchObject({ type: 'generalizedTime', value: expect.stringMatching(/^20260102030406/) })
    expect(await mms.readValue('vmd:M_powerProblem')).toEqual({ type: 'boolean', value: true })
    await mms.writeValue('vmd:M_DAYTIME', { type: 'generalizedTime', value: '20300101000000Z' })
    expect(set).toEqual([new Date(Date.UTC(2030, 0, 1))])
    await expect(mms.writeValue('vmd:M_ELT', int(0))).rejects.toThrow('object-access-denied')
    await expect(mms.writeValue('vmd:M_powerProblem', { type: 'boolean', value: false })).rejects.toThrow('object-access-denied')
    mms.abort()
  })

  test('a clock that is not to be set refuses; without being asked for there is none of them', async () => {
    const p = await vmds({ predefined: { daytime: true } })
    await expect(p.mms.writeValue('vmd:M_DAYTIME', { type: 'generalizedTime', value: '20300101000000Z' })).rejects.toThrow(
      'object-access-denied',
    )
    expect(await p.mms.variableNames()).toEqual(['a', 'b', 'M_DAYTIME'])
    p.mms.abort()
  })
})

describe('gate 1: the logical status', () => {
  /** As the document has it: what status 1 and 2 let through, what status 3 keeps out. */
  const LOOKING = /^(status|identify|read|readJournal|fileOpen|fileRead|fileClose|fileDirectory|get.*|report.*)$/
  const MOVING = /^(start|stop|reset|resume|kill|startUC|stopUC)$/
  const allowed: Record<VmdLogicalStatus, (service: string) => boolean> = {
    'state-changes-allowed': () => true,
    'no-state-changes-allowed': service => LOOKING.test(service),
    'limited-services-permitted': service => service === 'status' || service === 'identify',
    'support-services-allowed': service => !MOVING.test(service),
  }
  const statuses = Object.keys(allowed) as VmdLogicalStatus[]
  const services = [...confirmedServiceNames.map(({ name }) => name), ...additionalServiceNames].filter(
    name => name !== 'additionalService',
  )

  test.each(statuses)('%s lets each of the 85 and 23 services through as the table says', logical => {
    expect(services).toHaveLength(108)
    for (const service of services) expect([service, letsThrough(logical, service as never)]).toEqual([service, allowed[logical](service)])
  })

  test.each(statuses)('%s, over an association', async logical => {
    const p = await vmds({ machine: {} })
    const { mms } = p
    const asks: Record<string, () => Promise<unknown>> = {
      status: () => mms.status(),
      identify: () => mms.identify(),
      read: () => mms.readValue('vmd:a'),
      write: () => mms.writeValue('vmd:a', int(1)),
      getNameList: () => mms.domainNames(),
      getCapabilityList: () => mms.vmd.getCapabilityList(),
      getProgramInvocationAttributes: () => mms.programInvocations.getProgramInvocationAttributes('Fixed'),
      rename: () => mms.vmd.rename('namedVariable', 'vmd:a', 'a'),
      start: () => mms.programInvocations.start('Fixed'),
      kill: () => mms.programInvocations.kill('Fixed'),
      select: () => mms.programInvocations.select(),
      createProgramInvocation: () => mms.programInvocations.createProgramInvocation('Q', ['D']),
    }
    p.server.vmd.status = status(logical)
    for (const [service, ask] of Object.entries(asks)) {
      const isRefused = (await codeOf(ask())) === 'vmdState/vmd-state-conflict'
      expect([service, isRefused]).toEqual([service, !allowed[logical](service)])
    }
    mms.abort()
  })

  test('limited-services-permitted refuses an initiate, and a cancel (self-only)', async () => {
    let release!: () => void
    const program = {
      start: () =>
        new Promise<void>(resolve => {
          release = resolve
        }),
    }
    const p = await vmds({ program, programInvocations: { Fixed: { domains: ['D'], ...program } } })
    const cancelled: unknown[] = []
    p.mms.on('cancelled', what => cancelled.push(what))
    const starting = p.mms.programInvocations.start('Fixed')
    await settle()
    p.server.vmd.status = status('limited-services-permitted')
    p.mms.connection.provider.submit({ type: 'M-CANCEL.request', originalInvokeID: 1 })
    await settle()
    expect(cancelled).toMatchObject([{ originalInvokeID: 1, error: { errorClass: { type: 'cancel', value: 'cancel-not-possible' } } }])
    release()
    await starting
    p.mms.abort()
    const refused = vmds({ status: () => status('limited-services-permitted') })
    await (await refused).mms.status()
    const server = (await refused).server
    const { a, b } = (await import('@x/core/testing')).joinedChannels()
    server.accept(b).catch(() => {})
    const { openMms } = await import('../../open.js')
    await expect(openMms(a)).rejects.toBeInstanceOf(RefusedError)
    ;(await refused).mms.abort()
  })
})
