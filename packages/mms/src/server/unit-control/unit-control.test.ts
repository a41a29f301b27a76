import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../test/memory-store.js'
import { model, pair, settle } from '../../../test/pair.js'
import type { ControlElement } from '../../asn1/unit-control.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'
import type { VmdModel } from '../model.js'
import type { MmsServerOptions } from '../server.js'

const octets = (size: number, first = 0) => Uint8Array.from({ length: size }, (_, i) => (first + i) & 0xff)
const data = (value: Uint8Array) => ({ type: 'nonCoded', value }) as const
const begin = (domainName: string, more: object = {}): ControlElement => ({
  type: 'beginDomainDef',
  value: { domainName, capabilities: [], sharable: true, ...more },
})
const go = (domainName: string, value: Uint8Array): ControlElement => ({
  type: 'continueDomainDef',
  value: { domainName, loadData: data(value) },
})
const end = (value: string): ControlElement => ({ type: 'endDomainDef', value })
const program = (piName: string, ...listOfDomains: string[]): ControlElement => ({
  type: 'piDefinition',
  value: { piName, listOfDomains, reusable: true },
})
const whole = [begin('A', { loadData: data(octets(3)) }), go('A', octets(3, 3)), end('A'), program('P', 'A')]

const base: VmdModel = model({ variables: {}, domains: { fixed: { store: () => octets(10) }, plain: {} }, loading: {}, unitControls: {} })
const made = (more: Partial<VmdModel> = {}, options: Partial<MmsServerOptions> = {}, maxPduSize = 65_000) =>
  pair({
    model: { ...base, ...more },
    services: 'all',
    ...options,
    client: { initiate: { ...WHOLE_OF_MMS, maxPduSize }, requestTimeout: 0 },
  })
const two: Partial<VmdModel> = {
  programInvocations: { one: { domains: ['fixed'] }, other: { domains: ['fixed', 'plain'] } },
  unitControls: { U: { domains: ['fixed'], programInvocations: ['one', 'other'] } },
}
type Made = Awaited<ReturnType<typeof made>>
const statesOf = ({ server: { vmd } }: Made) => [...vmd.vmdSpecific.of('programInvocation')].map(({ name, state }) => `${name} ${state}`)
const namesOf = ({ server: { vmd } }: Made) =>
  (['domain', 'programInvocation', 'unitControl'] as const).flatMap(held => [...vmd.vmdSpecific.of(held).names])
const codeOf = (outcome: Promise<unknown>) =>
  outcome.then(
    () => 'done',
    error => error.code as string,
  )
const forbid = ({ server: { vmd } }: Made, condition: string, ...guarded: { accessControlList: string }[]) => {
  const conditions = { [`${condition}AccessCondition`]: { type: 'never', value: null } }
  vmd.vmdSpecific.add('accessControlList', { name: condition, scope: undefined, accessControlList: 'M_Never', conditions } as never)
  for (const object of guarded) object.accessControlList = condition
}

describe('loading a unit control, ISO 9506-1, 13.3', () => {
  test('the server asks for elements, does what they say, and answers when all is there', async () => {
    const pairing = await made()
    const { mms } = pairing
    await mms.unitControl.initiateUnitControlLoad(
      'U',
      whole.map(element => [element]),
    )
    expect(await mms.unitControl.getUnitControlAttributes('U')).toEqual({ domains: ['A'], programInvocations: ['P'] })
    expect(await mms.domains.getDomainAttributes('A')).toMatchObject({
      state: 'in-use',
      listOfProgramInvocations: ['P'],
      mmsDeletable: true,
    })
    const parts: Uint8Array[] = []
    for await (const part of mms.domains.upload('A')) parts.push(part)
    expect(Buffer.concat(parts).equals(octets(6))).toBe(true)
    const names: string[] = []
    const csObjectClass = { type: 'csObjectClass', value: 'unitControl' } as const
    for await (const name of mms.names(csObjectClass, { type: 'vmdSpecific', value: null })) names.push(name)
    expect(names).toEqual(['U'])
  })

  test('a domain is being loaded for everyone else until its end', async () => {
    let goOn = () => {}
    const { mms } = await made()
    async function* source() {
      yield [begin('A'), go('A', octets(3))]
      await new Promise<void>(resolve => {
        goOn = resolve
      })
      yield [end('A')]
    }
    const done = mms.unitControl.initiateUnitControlLoad('U', source())
    await settle()
    await settle()
    expect((await mms.domains.getDomainAttributes('A').catch(error => error)).state ?? 'none').toBe('none')
    goOn()
    await done
    expect((await mms.domains.getDomainAttributes('A')).state).toBe('ready')
  })

  test.each([
    ['a domain that is there', [begin('fixed')], 'MMS_DEFINITION_OBJECT_EXISTS', { type: 'domain', value: 'fixed' }],
    ['a domain begun twice', [begin('A'), begin('A')], 'MMS_DEFINITION_OBJECT_EXISTS', { type: 'domain', value: 'A' }],
    [
      'load data for no domain of it',
      [go('fixed', octets(1))],
      'MMS_SERVICE_PRIMITIVES_OUT_OF_SEQUENCE',
      { type: 'domain', value: 'fixed' },
    ],
    ['an end without a beginning', [end('A')], 'MMS_SERVICE_PRIMITIVES_OUT_OF_SEQUENCE', { type: 'domain', value: 'A' }],
    ['no end', [begin('A')], 'MMS_SERVICE_PRIMITIVES_OUT_OF_SEQUENCE', { type: 'domain', value: 'A' }],
    [
      'an invocation that is there',
      [...whole, program('P', 'A')],
      'MMS_DEFINITION_OBJECT_EXISTS',
      { type: 'programInvocation', value: 'P' },
    ],
    [
      'an invocation of no domain',
      [program('P')],
      'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT',
      { type: 'programInvocation', value: 'P' },
    ],
    [
      'an invocation of a domain that is not there',
      [program('P', 'X')],
      'MMS_DEFINITION_OBJECT_UNDEFINED',
      { type: 'programInvocation', value: 'P' },
    ],
    [
      'an invocation of a domain without its end',
      [begin('A'), program('P', 'A')],
      'MMS_SERVICE_OBJECT_STATE_CONFLICT',
      { type: 'programInvocation', value: 'P' },
    ],
    [
      'an invocation that is to run already',
      [{ type: 'piDefinition', value: { piName: 'P', listOfDomains: ['fixed'], reusable: true, pIState: 'running' } }],
      'MMS_DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT',
      { type: 'programInvocation', value: 'P' },
    ],
  ] as [string, ControlElement[], string, object][])('%s: the error names it, and all is undone', async (_, elements, code, part) => {
    const pairing = await made()
    const before = namesOf(pairing)
    const failure = await pairing.mms.unitControl.initiateUnitControlLoad('U', [elements]).catch(error => error)
    expect(failure).toMatchObject({
      code,
      answered: { serviceSpecificInfo: { type: 'additionalService', value: { type: 'initiateUC', value: part } } },
    })
    await settle()
    expect(namesOf(pairing)).toEqual(before)
    expect(pairing.server.vmd.domain('fixed')?.state).toBe('ready')
  })

  test('a definition with a monitor type makes a monitored invocation, and an upload tells of it; a load that fails takes the monitor back', async () => {
    const pairing = await made({}, { initiate: WHOLE_OF_MMS })
    const { mms, server } = pairing
    const monitored = (monitorType: boolean): ControlElement => ({
      type: 'piDefinition',
      value: { piName: 'P', listOfDomains: ['fixed'], reusable: true, monitorType },
    })
    const objects = () => {
      const { vmdSpecific } = server.vmd
      return (['eventCondition', 'eventAction', 'eventEnrollment'] as const).map(held => vmdSpecific.of(held).has('P'))
    }
    const failed = mms.unitControl.initiateUnitControlLoad('U', [[monitored(true), program('P', 'fixed')]])
    expect(await codeOf(failed)).toBe('MMS_DEFINITION_OBJECT_EXISTS')
    expect(objects()).toEqual([false, false, false])
    for (const monitorType of [true, false]) {
      await mms.unitControl.initiateUnitControlLoad('U', [[monitored(monitorType)]])
      expect(objects()).toEqual([true, true, true])
      expect((await mms.programInvocations.getProgramInvocationAttributes('P')).monitor).toBe(true)
      const { controlElements } = await mms.unitControl.unitControlUpload('U')
      expect(controlElements).toMatchObject([{ type: 'piDefinition', value: { piName: 'P', monitorType } }])
      await mms.unitControl.deleteUnitControl('U')
      expect(objects()).toEqual([false, false, false])
    }
  })

  test('a monitor type where the services of monitoring are not served', async () => {
    const { mms } = await made({}, { services: ['unitControls', 'domains', 'programInvocations'] })
    const element: ControlElement = {
      type: 'piDefinition',
      value: { piName: 'P', listOfDomains: ['fixed'], reusable: true, monitorType: true },
    }
    expect(await codeOf(mms.unitControl.initiateUnitControlLoad('U', [[element]]))).toBe('MMS_RESOURCE_CAPABILITY_UNAVAILABLE')
  })

  test('a loader that refuses, a source that throws, a name that is taken, and a list that forbids it', async () => {
    const refusing = await made({ loading: { load: () => Promise.reject(new TypeError('no')) } })
    expect(await codeOf(refusing.mms.unitControl.initiateUnitControlLoad('U', [whole]))).toBe('MMS_VMD_STATE_DOMAIN_TRANSFER_PROBLEM')
    const pairing = await made({ unitControls: { U: {} } })
    const before = namesOf(pairing)
    const load = (name: string) => codeOf(pairing.mms.unitControl.initiateUnitControlLoad(name, [whole]))
    expect(await load('U')).toBe('MMS_DEFINITION_OBJECT_EXISTS')
    async function* broken() {
      yield whole.slice(0, 2)
      throw new RangeError('disk')
    }
    await expect(pairing.mms.unitControl.initiateUnitControlLoad('V', broken())).rejects.toThrow('disk')
    await settle()
    forbid(pairing, 'load', pairing.server.vmd)
    expect(await load('V')).toBe('MMS_ACCESS_OBJECT_ACCESS_DENIED')
    expect(namesOf(pairing)).toEqual(before)
    await expect(pairing.association.request('additionalService', { type: 'uCLoad', value: 'V' })).rejects.toMatchObject({
      code: 'MMS_ACCESS_OBJECT_NON_EXISTENT',
    })
  })

  test.each(['cancel', 'abort'] as const)('RM-18: %s in the middle of a load undoes it', async how => {
    const pairing = await made()
    const { mms, server } = pairing
    const before = namesOf(pairing)
    async function* source() {
      yield whole.slice(0, 2)
      yield [whole[2]!]
      await new Promise<never>(() => {})
    }
    const stop = new AbortController()
    const done = mms.unitControl.initiateUnitControlLoad('U', source(), { signal: stop.signal, cancel: true })
    done.catch(() => {})
    await settle()
    await settle()
    expect(server.vmd.domain('A')?.state).toBe('loading')
    if (how === 'cancel') stop.abort(new Error('enough'))
    else mms.abort()
    await expect(done).rejects.toThrow(how === 'cancel' ? 'enough' : 'aborted')
    await settle()
    await settle()
    expect(namesOf(pairing)).toEqual(before)
  })
})

describe('uploading a unit control, ISO 9506-1, 13.5', () => {
  const content = octets(3_000)
  const loading: Partial<VmdModel> = {
    domains: {
      big: { store: () => content, capabilities: ['c'], sharable: true },
      small: { store: () => octets(5) },
      none: { store: () => [] },
    },
    programInvocations: { P: { domains: ['big'] }, Q: { domains: ['big', 'small'] } },
    unitControls: { U: { domains: ['big', 'small', 'none'], programInvocations: ['P', 'Q'] } },
  }

  test('domains, then invocations, in pages that go on in the middle of a domain; loaded again it is the same', async () => {
    const pairing = await made(loading, {}, 1_000)
    const { mms, server } = pairing
    await mms.programInvocations.start('P')
    const positions: unknown[] = []
    let position: Parameters<typeof mms.unitControl.unitControlUpload>[1]
    do {
      const page = await mms.unitControl.unitControlUpload('U', position)
      position = page.nextElement
      positions.push(position?.type)
    } while (position)
    expect(positions.filter(type => type === 'ulsmID').length).toBeGreaterThan(2)
    expect(positions.at(-1)).toBe(undefined)
    expect(server.vmd.domain('big')?.uploadsInProgress).toBe(0)
    const elements: ControlElement[] = []
    for await (const element of mms.unitControl.upload('U')) elements.push(element)
    expect(elements.filter(({ type }) => type !== 'continueDomainDef')).toEqual([
      { type: 'beginDomainDef', value: { domainName: 'big', capabilities: ['c'], sharable: true } },
      end('big'),
      begin('small'),
      end('small'),
      begin('none'),
      end('none'),
      { type: 'piDefinition', value: { piName: 'P', listOfDomains: ['big'], reusable: true, pIState: 'running' } },
      { type: 'piDefinition', value: { piName: 'Q', listOfDomains: ['big', 'small'], reusable: true, pIState: 'idle' } },
    ])
    const pieces = elements.flatMap(({ value }) =>
      typeof value === 'object' && 'loadData' in value && value.domainName === 'big' ? [value.loadData?.value as Uint8Array] : [],
    )
    expect(Buffer.concat(pieces).equals(content)).toBe(true)
    const other = await made()
    await other.mms.unitControl.initiateUnitControlLoad('U', [
      elements.filter(({ value }) => (value as { pIState?: string }).pIState !== 'running'),
    ])
    expect(namesOf(other)).toEqual(expect.arrayContaining(['big', 'small', 'none', 'Q', 'U']))
  })

  test('leaving the loop in the middle of a domain ends its upload; conclude is possible again', async () => {
    const { mms, server } = await made(loading, {}, 1_000)
    for await (const _ of mms.unitControl.upload('U')) break
    await settle()
    expect(server.vmd.domain('big')?.uploadsInProgress).toBe(0)
    await mms.close()
    expect(mms.closeReason).toEqual({ type: 'released', by: 'local' })
  })

  test('each check: no such unit control, its list, a domain that cannot be stored, a place that is not there', async () => {
    const pairing = await made(loading, {}, 1_000)
    const { mms, server } = pairing
    const upload = (name: string, from?: Parameters<typeof mms.unitControl.unitControlUpload>[1]) =>
      codeOf(mms.unitControl.unitControlUpload(name, from))
    expect(await upload('X')).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
    for (const from of [
      { type: 'domain', value: 'X' },
      { type: 'programInvocation', value: 'X' },
      { type: 'ulsmID', value: 77 },
    ] as const) {
      expect(await upload('U', from)).toBe('MMS_SERVICE_CONTINUATION_INVALID')
    }
    expect((await mms.unitControl.unitControlUpload('U', { type: 'programInvocation', value: 'Q' })).controlElements).toHaveLength(1)
    expect((await mms.unitControl.unitControlUpload('U', { type: 'domain', value: 'none' })).controlElements).toHaveLength(4)
    forbid(pairing, 'store', server.vmd.vmdSpecific.get('unitControl', 'U')!)
    expect(await upload('U')).toBe('MMS_ACCESS_OBJECT_ACCESS_DENIED')
    const without = await made({ unitControls: { U: { domains: ['plain'] } } })
    expect(await codeOf(without.mms.unitControl.unitControlUpload('U'))).toBe('MMS_ACCESS_OBJECT_ACCESS_UNSUPPORTED')
  })
})

describe('starting and stopping a unit control, ISO 9506-1, 13.6 and 13.7', () => {
  /** The table once more, by hand: what becomes of an invocation in that state. */
  const TABLE = [
    ['startUC', 'idle', 'running'],
    ['startUC', 'stopped', 'running'],
    ['startUC', 'running', 'running'],
    ['startUC', 'starting', 'running'],
    ['startUC', 'resuming', 'running'],
    ['startUC', 'stopping', 'running'],
    ['startUC', 'resetting', 'running'],
    ['startUC', 'unrunnable', 'fails'],
    ['stopUC', 'idle', 'idle'],
    ['stopUC', 'stopped', 'stopped'],
    ['stopUC', 'running', 'stopped'],
    ['stopUC', 'starting', 'stopped'],
    ['stopUC', 'resuming', 'stopped'],
    ['stopUC', 'stopping', 'stopped'],
    ['stopUC', 'resetting', 'idle'],
    ['stopUC', 'unrunnable', 'unrunnable'],
  ] as const

  test.each(TABLE)('%s, an invocation that is %s: %s', async (service, state, expected) => {
    const waiting: (() => void)[] = []
    let isSlow = false
    const hook = () => (isSlow ? new Promise<void>(resolve => waiting.push(resolve)) : undefined)
    const pairing = await made({
      programInvocations: { one: { domains: ['fixed'], start: hook, stop: hook, resume: hook, reset: hook } },
      unitControls: { U: { programInvocations: ['one'] } },
    })
    const one = pairing.server.vmd.vmdSpecific.get('programInvocation', 'one')!
    if (['running', 'stopped', 'stopping', 'resuming', 'resetting'].includes(state)) await one.move('start')
    if (['stopped', 'resuming', 'resetting'].includes(state)) await one.move('stop')
    isSlow = true
    const begun = { starting: 'start', stopping: 'stop', resuming: 'resume', resetting: 'reset' } as const
    if (state in begun) void one.move(begun[state as keyof typeof begun])
    if (state === 'unrunnable') await one.kill()
    isSlow = false
    expect(one.state).toBe(state)
    const call =
      service === 'startUC' ? pairing.mms.unitControl.startUnitControl('U', 'fast') : pairing.mms.unitControl.stopUnitControl('U')
    call.catch(() => {})
    await settle()
    for (const goOn of waiting) goOn()
    if (expected === 'fails') {
      await expect(call).rejects.toMatchObject({
        code: 'MMS_SERVICE_OBJECT_STATE_CONFLICT',
        answered: {
          serviceSpecificInfo: { value: { type: service, value: { programInvocationName: 'one', programInvocationState: 'unrunnable' } } },
        },
      })
    } else {
      await call
      await settle()
      expect(one.state).toBe(expected)
    }
  })

  test('one that fails is named with its state; those before it stay started; access is checked for all before any is moved', async () => {
    const failing = { domains: ['fixed'], start: () => Promise.reject(new Error('jam')) }
    const pairing = await made({ ...two, programInvocations: { one: { domains: ['fixed'] }, other: failing } })
    await expect(pairing.mms.unitControl.startUnitControl('U')).rejects.toMatchObject({
      answered: {
        serviceSpecificInfo: { value: { type: 'startUC', value: { programInvocationName: 'other', programInvocationState: 'idle' } } },
      },
    })
    expect(statesOf(pairing)).toEqual(['one running', 'other idle'])
    const denied = await made(two)
    forbid(denied, 'execute', denied.server.vmd.vmdSpecific.get('programInvocation', 'other')!)
    expect(await codeOf(denied.mms.unitControl.startUnitControl('U'))).toBe('MMS_ACCESS_OBJECT_ACCESS_DENIED')
    expect(statesOf(denied)).toEqual(['one idle', 'other idle'])
    expect(await codeOf(denied.mms.unitControl.stopUnitControl('X'))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
    expect(await codeOf(denied.mms.unitControl.startUnitControl('X'))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
  })
})

describe('the other services of unit control (self-only)', () => {
  test('create, add, remove, attributes; one that is deleted is a member no longer', async () => {
    const pairing = await made({ programInvocations: { one: { domains: ['plain'] } }, unitControls: undefined as never })
    const { mms } = pairing
    await mms.unitControl.createUnitControl('U', { domains: ['fixed'], programInvocations: ['one'] })
    await mms.domains.download('D', octets(1))
    await mms.unitControl.addToUnitControl('U', { domains: ['D', 'fixed'] })
    expect(await mms.unitControl.getUnitControlAttributes('U')).toEqual({ domains: ['fixed', 'D'], programInvocations: ['one'] })
    await mms.unitControl.removeFromUnitControl('U', { programInvocations: ['one'], domains: ['fixed'] })
    expect(await mms.unitControl.getUnitControlAttributes('U')).toEqual({ domains: ['D'], programInvocations: [] })
    await mms.domains.deleteDomain('D')
    expect(await mms.unitControl.getUnitControlAttributes('U')).toEqual({ domains: [], programInvocations: [] })
    await mms.unitControl.deleteUnitControl('U')
    expect(namesOf(pairing)).not.toContain('U')
  })

  test('each check of create, add, remove and attributes, and nothing has changed after it', async () => {
    const pairing = await made(two)
    const { unitControl: unit } = pairing.mms
    const before = await unit.getUnitControlAttributes('U')
    expect(await codeOf(unit.createUnitControl('U'))).toBe('MMS_DEFINITION_OBJECT_EXISTS')
    expect(await codeOf(unit.createUnitControl('V', { domains: ['fixed', 'X'] }))).toBe('MMS_DEFINITION_OBJECT_UNDEFINED')
    expect(await codeOf(unit.createUnitControl('V', { programInvocations: ['X'] }))).toBe('MMS_DEFINITION_OBJECT_UNDEFINED')
    expect(await codeOf(unit.addToUnitControl('X', {}))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
    expect(await codeOf(unit.addToUnitControl('U', { domains: ['plain', 'X'] }))).toBe('MMS_DEFINITION_OBJECT_UNDEFINED')
    expect(await codeOf(unit.removeFromUnitControl('X', {}))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
    expect(await codeOf(unit.removeFromUnitControl('U', { domains: ['fixed', 'plain'] }))).toBe('MMS_DEFINITION_OBJECT_UNDEFINED')
    expect(await codeOf(unit.getUnitControlAttributes('X'))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
    const { vmd } = pairing.server
    forbid(pairing, 'load', vmd, vmd.vmdSpecific.get('unitControl', 'U')!)
    expect(await codeOf(unit.createUnitControl('V'))).toBe('MMS_ACCESS_OBJECT_ACCESS_DENIED')
    expect(await codeOf(unit.addToUnitControl('U', { domains: ['plain'] }))).toBe('MMS_ACCESS_OBJECT_ACCESS_DENIED')
    expect(await codeOf(unit.removeFromUnitControl('U', { domains: ['fixed'] }))).toBe('MMS_ACCESS_OBJECT_ACCESS_DENIED')
    expect(await unit.getUnitControlAttributes('U')).toEqual(before)
    expect(namesOf(pairing)).not.toContain('V')
  })

  test('delete takes all of it; the first member that resists is named, and nothing is deleted', async () => {
    const pairing = await made()
    const { mms } = pairing
    const before = namesOf(pairing)
    const load = () => mms.unitControl.initiateUnitControlLoad('U', [whole])
    const resists = async (code: string, part: object) => {
      const names = namesOf(pairing)
      await expect(mms.unitControl.deleteUnitControl('U')).rejects.toMatchObject({
        code,
        answered: { serviceSpecificInfo: { value: { type: 'deleteUC', value: part } } },
      })
      expect(namesOf(pairing)).toEqual(names)
    }
    await load()
    await mms.programInvocations.start('P')
    await resists('MMS_SERVICE_OBJECT_STATE_CONFLICT', { type: 'programInvocation', value: 'P' })
    await mms.programInvocations.stop('P')
    await mms.programInvocations.createProgramInvocation('outside', ['A'])
    await resists('MMS_SERVICE_OBJECT_CONSTRAINT_CONFLICT', { type: 'domain', value: 'A' })
    await mms.programInvocations.deleteProgramInvocation('outside')
    await mms.unitControl.addToUnitControl('U', { domains: ['fixed'] })
    await resists('MMS_ACCESS_OBJECT_ACCESS_DENIED', { type: 'domain', value: 'fixed' })
    await mms.unitControl.removeFromUnitControl('U', { domains: ['fixed'] })
    await mms.unitControl.deleteUnitControl('U')
    expect(namesOf(pairing)).toEqual(before)
    expect(await codeOf(mms.unitControl.deleteUnitControl('U'))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
    await load()
    await mms.unitControl.deleteUnitControl('U')
    const predefined = await made(two)
    expect(await codeOf(predefined.mms.unitControl.deleteUnitControl('U'))).toBe('MMS_ACCESS_OBJECT_ACCESS_DENIED')
  })

  test('stored in a file and loaded from it, it is the same; errors are those of the file, or name the part', async () => {
    const files = memoryStore({ text: octets(9) })
    const pairing = await made({}, { files })
    const { unitControl: unit } = pairing.mms
    await unit.initiateUnitControlLoad('U', [whole])
    await pairing.mms.programInvocations.start('P')
    await unit.storeUnitControlToFile('U', 'u.uc')
    expect(files.log).toEqual(['u.uc committed'])
    const other = await made({}, { files })
    await other.mms.unitControl.loadUnitControlFromFile('U', 'u.uc')
    expect(await other.mms.unitControl.getUnitControlAttributes('U')).toEqual({ domains: ['A'], programInvocations: ['P'] })
    expect(statesOf(other)).toEqual(['P idle'])
    const failure = (name: string, file: string) => other.mms.unitControl.loadUnitControlFromFile(name, file).catch(error => error)
    const where = (value: object) => ({ serviceSpecificInfo: { value: { type: 'loadUCFromFile', value } } })
    expect(await failure('V', 'u.uc')).toMatchObject({
      code: 'MMS_DEFINITION_OBJECT_EXISTS',
      answered: where({ type: 'domain', value: 'A' }),
    })
    expect(await failure('U', 'u.uc')).toMatchObject({ code: 'MMS_DEFINITION_OBJECT_EXISTS' })
    expect(await failure('V', 'none')).toMatchObject({ code: 'MMS_FILE_FILE_NON_EXISTENT', answered: where({ type: 'none', value: null }) })
    expect(await failure('V', 'text')).toMatchObject({ code: 'MMS_FILE_CONTENT_TYPE_INVALID' })
    expect(await codeOf(unit.storeUnitControlToFile('U', 'u.uc'))).toBe('MMS_FILE_DUPLICATE_FILENAME')
    expect(await codeOf(unit.storeUnitControlToFile('X', 'x'))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
    const reference = { thirdParty: { apTitle: '1.3.9999.1' } } as const
    expect(await codeOf(unit.storeUnitControlToFile('U', 'x', reference as never))).toBe(
      'MMS_APPLICATION_REFERENCE_APPLICATION_REFERENCE_INVALID',
    )
    expect(await codeOf(other.mms.unitControl.loadUnitControlFromFile('V', 'x', reference as never))).toBe(
      'MMS_APPLICATION_REFERENCE_APPLICATION_REFERENCE_INVALID',
    )
  })
})
