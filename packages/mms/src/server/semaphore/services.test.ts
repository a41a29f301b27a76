import { describe, expect, test } from 'vitest'
import { join, stateOf } from '../../../test/clients.js'
import { model, pair, settle } from '../../../test/pair.js'
import { type Modifier, Transitions } from '../../asn1/modifier.js'
import { collect } from '../../client/paging.js'
import type { InitiateParameters } from '../../negotiation.js'
import type { MmsServerOptions } from '../index.js'

const semaphores = {
  one: { tokens: 1 },
  two: { tokens: 2 },
  robots: { pool: ['robotB', 'robotA'] },
  barred: { tokens: 1, accessControlList: 'Barred' },
}
const accessControlLists = { Barred: { load: { type: 'never', value: null } } } as const
const domains = { D: { semaphores: { inner: { tokens: 1, accessControlList: 'M_Deletable' } } } }

/** A server with semaphores, and clients by their numbers; the clock of the server is that of the timers. */
async function scene(options: Partial<MmsServerOptions> = {}) {
  const { mms: observer, server, timers } = await pair({ model: model({ semaphores, accessControlLists, domains, lists: {} }), ...options })
  const client = (number = 0, more = {}) => join(server, timers, number, more)
  const { semaphores: seen } = observer
  const states = async (name = 'vmd:one') => {
    const of = async (state: 'queued' | 'owner' | 'hung') => (await collect(seen.entries(name, state))).length
    return { queued: await of('queued'), owner: await of('owner'), hung: await of('hung') }
  }
  return { observer, server, timers, client, states }
}

const ALL: InitiateParameters = { versionNumber: 3, parameterCBB: ['str1', 'str2', 'vnam', 'valt', 'vlis', 'tpy', 'aco'] }
const code = (name: string) => expect.objectContaining({ code: `MMS_${name}` })
const NON_EXISTENT = code('ACCESS_OBJECT_NON_EXISTENT')
const TIMEOUT = 'MMS_SERVICE_PREEMPT_TIMEOUT'

describe('takeControl and relinquishControl (19, 20)', () => {
  test('a free token is had at once, and the next client waits until it is given back', async () => {
    const { client, states } = await scene()
    const [a, b] = [await client(), await client()]
    expect(await a.mms.semaphores.takeControl('vmd:one')).toBeUndefined()
    const waiting = b.mms.semaphores.takeControl('vmd:one')
    expect(await stateOf(waiting)).toBe('pending')
    expect(await states()).toEqual({ queued: 1, owner: 1, hung: 0 })
    await a.mms.semaphores.relinquishControl('vmd:one')
    expect(await waiting).toBeUndefined()
    expect(await states()).toEqual({ queued: 0, owner: 1, hung: 0 })
  })

  test('a pool gives the token that was asked for, or the first free one in collating order', async () => {
    const { client } = await scene()
    const [a, b, c, d] = [await client(), await client(), await client(), await client()]
    expect(await a.mms.semaphores.takeControl('vmd:robots')).toBe('robotA')
    expect(await b.mms.semaphores.takeControl('vmd:robots', { namedToken: 'robotB' })).toBe('robotB')
    const wantsA = c.mms.semaphores.takeControl('vmd:robots', { namedToken: 'robotA' })
    const wantsAny = d.mms.semaphores.takeControl('vmd:robots')
    await settle()
    await b.mms.semaphores.relinquishControl('vmd:robots')
    expect(await wantsAny).toBe('robotB')
    await a.mms.semaphores.relinquishControl('vmd:robots', 'robotA')
    expect(await wantsA).toBe('robotA')
  })

  test('the queue goes by priority, then by time of arrival (self-only)', async () => {
    const { client, observer } = await scene()
    const order: number[] = []
    const first = await client()
    await first.mms.semaphores.takeControl('vmd:one')
    for (const [number, priority] of [64, 100, 64, 0].entries()) {
      const { mms } = await client()
      void mms.semaphores.takeControl('vmd:one', { priority }).then(() => {
        order.push(number)
        return mms.semaphores.relinquishControl('vmd:one')
      })
      await settle()
    }
    const queued = await collect(observer.semaphores.entries('vmd:one', 'queued'))
    expect(queued.map(({ priority }) => priority)).toEqual([64, 100, 64, 0])
    await first.mms.semaphores.relinquishControl('vmd:one')
    for (let i = 0; i < 12; i++) await settle()
    expect(order).toEqual([3, 0, 2, 1])
  })

  test('acceptableDelay: 0 fails at once, otherwise when it is over, however much longer than callTimeout it is', async () => {
    const { client, timers, states } = await scene()
    const [a, b] = [await client(), await client()]
    await a.mms.semaphores.takeControl('vmd:one')
    expect(await stateOf(b.mms.semaphores.takeControl('vmd:one', { acceptableDelay: 0 }))).toBe(TIMEOUT)
    const waiting = b.mms.semaphores.takeControl('vmd:one', { acceptableDelay: 0x7fff_ffff })
    waiting.catch(() => {})
    await settle()
    timers.advance(0x7fff_fffe)
    expect(await stateOf(waiting)).toBe('pending')
    timers.advance(1)
    expect(await stateOf(waiting)).toBe(TIMEOUT)
    expect(await states()).toEqual({ queued: 0, owner: 1, hung: 0 })
  })

  test('RM-18: a cancel takes the entry out of the queue; of a request that was answered it is not known any more', async () => {
    const { client, states } = await scene()
    const [a, b] = [await client(), await client()]
    await a.mms.semaphores.takeControl('vmd:one')
    const stop = new AbortController()
    const waiting = b.mms.semaphores.takeControl('vmd:one', { signal: stop.signal, cancel: true })
    await settle()
    expect((await states()).queued).toBe(1)
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    expect(await states()).toEqual({ queued: 0, owner: 1, hung: 0 })
    expect(b.mms.connection.outstanding).toBe(0)
    await a.mms.semaphores.relinquishControl('vmd:one')
    expect(await states()).toEqual({ queued: 0, owner: 0, hung: 0 })
  })

  test('controlTimeOut with abortOnTimeOut ends the association, and the next client has control', async () => {
    const { client, timers } = await scene()
    const [a, b] = [await client(), await client()]
    await a.mms.semaphores.takeControl('vmd:one', { controlTimeOut: 5_000, abortOnTimeOut: true })
    const waiting = b.mms.semaphores.takeControl('vmd:one')
    await settle()
    timers.advance(5_000)
    expect(await waiting).toBeUndefined()
    expect(a.association.closeReason).toBeDefined()
    expect(await a.mms.ended).toMatchObject({ name: 'AbortedError', by: 'peer' })
  })

  test('controlTimeOut without it: the entry hangs, still has the token, and its client may give it back', async () => {
    const { client, timers, states } = await scene()
    const [a, b] = [await client(), await client()]
    await a.mms.semaphores.takeControl('vmd:one', { controlTimeOut: 5_000 })
    timers.advance(5_000)
    expect(await states()).toEqual({ queued: 0, owner: 0, hung: 1 })
    expect(await stateOf(b.mms.semaphores.takeControl('vmd:one', { acceptableDelay: 0 }))).toBe(TIMEOUT)
    await a.mms.semaphores.relinquishControl('vmd:one')
    expect(await states()).toEqual({ queued: 0, owner: 0, hung: 0 })
  })

  test.each([
    [true, { queued: 0, owner: 0, hung: 0 }],
    [false, { queued: 0, owner: 0, hung: 1 }],
  ])(
    'association lost with relinquishIfConnectionLost %s: the owner %o; what it had queued is gone',
    async (relinquishIfConnectionLost, left) => {
      const { client, states } = await scene()
      const a = await client(1)
      await a.mms.semaphores.takeControl('vmd:one', { relinquishIfConnectionLost })
      a.mms.semaphores.takeControl('vmd:one', { relinquishIfConnectionLost }).catch(() => {})
      await settle()
      expect(await states()).toEqual({ queued: 1, owner: 1, hung: 0 })
      a.a.destroy()
      await settle()
      expect(await states()).toEqual(left)
    },
  )

  test('a hung entry with abortOnTimeOut gives its token back when the time is over', async () => {
    const { client, timers, states } = await scene()
    const a = await client(1)
    await a.mms.semaphores.takeControl('vmd:one', { relinquishIfConnectionLost: false, controlTimeOut: 9_000, abortOnTimeOut: true })
    a.a.destroy()
    await settle()
    expect((await states()).hung).toBe(1)
    timers.advance(9_000)
    expect(await states()).toEqual({ queued: 0, owner: 0, hung: 0 })
  })

  test('applicationToPreempt takes the place of the hung entry of that application, before the queue', async () => {
    const { client, states } = await scene()
    const [a, b, c] = [await client(1), await client(2), await client(3, { initiate: ALL })]
    await a.mms.semaphores.takeControl('vmd:one', { relinquishIfConnectionLost: false })
    a.a.destroy()
    const waiting = b.mms.semaphores.takeControl('vmd:one')
    await settle()
    const preempt = (apTitle: string) => c.mms.semaphores.takeControl('vmd:one', { applicationToPreempt: { apTitle }, acceptableDelay: 0 })
    expect(await stateOf(preempt('1.1.1.9'))).toBe(TIMEOUT)
    expect(await stateOf(preempt('1.1.1.1'))).toBeUndefined()
    expect(await states()).toEqual({ queued: 1, owner: 1, hung: 0 })
    expect(await stateOf(waiting)).toBe('pending')
    await c.mms.semaphores.relinquishControl('vmd:one')
    expect(await waiting).toBeUndefined()
  })

  test('a client that has a name gives a hung entry back over a new association; one without a name cannot', async () => {
    const { client, states } = await scene()
    const keep = { relinquishIfConnectionLost: false }
    for (const [number, outcome] of [
      [1, undefined],
      [0, 'MMS_SERVICE_OBJECT_STATE_CONFLICT'],
    ] as const) {
      const lost = await client(number)
      await lost.mms.semaphores.takeControl('vmd:one', keep)
      lost.a.destroy()
      const again = await client(number)
      expect(await stateOf(again.mms.semaphores.relinquishControl('vmd:one'))).toBe(outcome)
    }
    expect((await states()).hung).toBe(1)
  })

  test('conclude is refused while control is held, and allowed after it was given back', async () => {
    const { client } = await scene()
    const a = await client()
    await a.mms.semaphores.takeControl('vmd:one')
    const refused = new Promise(resolve => {
      const { onDeliver } = a.mms.connection.provider
      a.mms.connection.provider.onDeliver = delivery => {
        if (delivery.type === 'M-CONCLUDE.confirm') resolve(delivery.error)
        else onDeliver(delivery)
      }
    })
    a.mms.connection.provider.submit({ type: 'M-CONCLUDE.request' })
    expect(await refused).toEqual({ errorClass: { type: 'conclude', value: 'further-communication-required' } })
    await a.mms.semaphores.relinquishControl('vmd:one')

    const b = await client()
    await b.mms.semaphores.withControl('vmd:one', async () => {})
    await b.mms.close()
    expect(await b.association.ended).toMatchObject({ name: 'ReleasedError' })
  })

  test('each check of takeControl, in order, leaves everything as it was', async () => {
    const { client, states } = await scene({ limits: { maxSemaphoreEntries: 1 } })
    const { mms } = await client()
    const take = (name: string, options = {}) => mms.semaphores.takeControl(name, options)
    const wrong = { semaphoreName: { type: 'vmdSpecific', value: 'one' }, priority: 64, relinquishIfConnectionLost: true } as const
    await expect(mms.request('takeControl', { ...wrong, controlTimeOut: 5 })).rejects.toEqual(code('REJECT_INVALID_ARGUMENT'))
    await expect(mms.request('takeControl', { ...wrong, abortOnTimeOut: true })).rejects.toEqual(code('REJECT_INVALID_ARGUMENT'))
    await expect(take('vmd:none')).rejects.toEqual(NON_EXISTENT)
    await expect(take('None/one')).rejects.toEqual(NON_EXISTENT)
    await expect(take('aa:one')).rejects.toEqual(NON_EXISTENT)
    await expect(take('vmd:one', { namedToken: 'robotA' })).rejects.toEqual(code('DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT'))
    await expect(take('vmd:robots', { namedToken: 'robotC' })).rejects.toEqual(code('DEFINITION_OBJECT_UNDEFINED'))
    await expect(take('vmd:barred')).rejects.toEqual(code('ACCESS_OBJECT_ACCESS_DENIED'))
    await take('vmd:one')
    await expect(take('vmd:two')).rejects.toEqual(code('RESOURCE_CAPABILITY_UNAVAILABLE'))
    expect(await states('vmd:two')).toEqual({ queued: 0, owner: 0, hung: 0 })
    await mms.semaphores.relinquishControl('vmd:one')
    expect(await take('vmd:two')).toBeUndefined()
  })

  test('applicationToPreempt is an argument error where tpy was not agreed on', async () => {
    const { client } = await scene({ initiate: { parameterCBB: ['str1', 'str2', 'vnam', 'valt', 'vlis'] } })
    const { mms } = await client(0, { initiate: ALL })
    const preempting = mms.semaphores.takeControl('vmd:one', { applicationToPreempt: { apTitle: '1.1.1.1' } })
    await expect(preempting).rejects.toEqual(code('REJECT_INVALID_ARGUMENT'))
  })

  test('each check of relinquishControl', async () => {
    const { client } = await scene()
    const [a, b] = [await client(), await client()]
    const give = (name: string, token?: string) => a.mms.semaphores.relinquishControl(name, token)
    const conflict = code('SERVICE_OBJECT_STATE_CONFLICT')
    await expect(give('vmd:none')).rejects.toEqual(NON_EXISTENT)
    await expect(give('vmd:one')).rejects.toEqual(conflict)
    await b.mms.semaphores.takeControl('vmd:one')
    await expect(give('vmd:one')).rejects.toEqual(conflict)
    a.mms.semaphores.takeControl('vmd:one').catch(() => {})
    await settle()
    await expect(give('vmd:one')).rejects.toEqual(conflict)
    await a.mms.semaphores.takeControl('vmd:robots')
    await expect(give('vmd:robots', 'robotB')).rejects.toEqual(conflict)
    await a.mms.semaphores.takeControl('vmd:robots')
    await expect(give('vmd:robots')).rejects.toEqual(code('REJECT_INVALID_ARGUMENT'))
    await give('vmd:robots', 'robotB')
    await give('vmd:robots')
  })
})

describe('attachToSemaphore', () => {
  test('a request waits for control, and gives it back when its service has ended', async () => {
    const { client, states, observer } = await scene()
    const [a, b] = [await client(), await client(2)]
    await a.mms.semaphores.takeControl('vmd:one')
    const call = b.mms.identify({ listOfModifiers: [b.mms.semaphores.attachToSemaphore('vmd:one', { priority: 3 })] })
    expect(await stateOf(call)).toBe('pending')
    const [entry] = await collect(observer.semaphores.entries('vmd:one', 'queued'))
    expect(entry).toMatchObject({ entryClass: 'modifier', priority: 3, applicationReference: { apTitle: '1.1.1.2', aeQualifier: 1 } })
    await a.mms.semaphores.relinquishControl('vmd:one')
    expect(await call).toMatchObject({ modelName: 'model' })
    expect(await states()).toEqual({ queued: 0, owner: 0, hung: 0 })
  })

  test('its errors are those of takeControl, with the position', async () => {
    const { client } = await scene()
    const [a, b] = [await client(), await client()]
    const { semaphores: of } = b.mms
    const call = (name: string, options = {}) => b.mms.identify({ listOfModifiers: [of.attachToSemaphore(name, options)] })
    await a.mms.semaphores.takeControl('vmd:one')
    await expect(call('vmd:none')).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_NON_EXISTENT', answered: { modifierPosition: 1 } })
    await expect(call('vmd:one', { acceptableDelay: 0 })).rejects.toMatchObject({ code: TIMEOUT, answered: { modifierPosition: 1 } })
    const half = { type: 'semaphoreModifier', value: { ...(of.attachToSemaphore('vmd:one').value as object), controlTimeOut: 1 } } as never
    await expect(b.mms.identify({ listOfModifiers: [half] })).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_MODIFIER' })
  })

  test('it cannot be relinquished from outside, and the end of the association takes it away', async () => {
    let answer!: (value: { type: 'integer'; value: number }) => void
    const variables = {
      slow: { type: { type: 'integer', value: 32 }, read: () => new Promise<never>(resolve => (answer = resolve as never)) },
    } as const
    const { client, states } = await scene({
      model: model({ semaphores: { one: { tokens: 1 } }, domains: { D: { variables } }, lists: {} }),
    })
    const a = await client(1)
    const call = a.mms.readValue('D/slow', { listOfModifiers: [a.mms.semaphores.attachToSemaphore('vmd:one')] })
    call.catch(() => {})
    await settle()
    expect((await states()).owner).toBe(1)
    await expect(a.mms.semaphores.relinquishControl('vmd:one')).rejects.toEqual(code('SERVICE_OBJECT_STATE_CONFLICT'))
    a.a.destroy()
    await settle()
    expect(await states()).toEqual({ queued: 0, owner: 0, hung: 0 })
    answer({ type: 'integer', value: 1 })
    await settle()
    expect(await states()).toEqual({ queued: 0, owner: 0, hung: 0 })
  })
})

describe('defineSemaphore and deleteSemaphore (21, 22)', () => {
  test('a token semaphore is made, used, listed by getNameList and deleted', async () => {
    const { client } = await scene()
    const { mms } = await client()
    const names = (scope: string | undefined) =>
      collect(
        mms.names(
          { type: 'basicObjectClass', value: 'semaphore' },
          scope === undefined ? { type: 'vmdSpecific', value: null } : { type: 'domainSpecific', value: scope },
        ),
      )
    await mms.semaphores.defineSemaphore('D/mine', 3)
    expect(await names('D')).toEqual(['inner', 'mine'])
    expect(await names(undefined)).toEqual(['barred', 'one', 'robots', 'two'])
    expect(await mms.semaphores.reportSemaphoreStatus('D/mine')).toMatchObject({
      mmsDeletable: true,
      class: 'token',
      numberOfTokens: 3,
      numberOfOwnedTokens: 0,
      numberOfHungTokens: 0,
    })
    await mms.semaphores.withControl('D/mine', async () => {
      await expect(mms.semaphores.deleteSemaphore('D/mine')).rejects.toEqual(code('SERVICE_OBJECT_STATE_CONFLICT'))
    })
    await mms.semaphores.deleteSemaphore('D/mine')
    expect(await names('D')).toEqual(['inner'])
    await expect(mms.semaphores.reportSemaphoreStatus('D/mine')).rejects.toEqual(NON_EXISTENT)
  })

  test('each check of both', async () => {
    const { client, server } = await scene({ limits: { maxSemaphores: 1 } })
    const { mms } = await client()
    const define = (name: string, tokens = 1) => mms.semaphores.defineSemaphore(name, tokens)
    await expect(define('vmd:new', 0)).rejects.toEqual(code('REJECT_VALUE_OUT_OF_RANGE'))
    await expect(define('aa:new')).rejects.toEqual(code('ACCESS_OBJECT_ACCESS_UNSUPPORTED'))
    await expect(define('None/new')).rejects.toEqual(NON_EXISTENT)
    await expect(define('vmd:one')).rejects.toEqual(code('DEFINITION_OBJECT_EXISTS'))
    await define('vmd:new')
    await expect(define('vmd:more')).rejects.toEqual(code('RESOURCE_CAPABILITY_UNAVAILABLE'))
    await mms.semaphores.deleteSemaphore('vmd:new')
    await define('vmd:more')
    await expect(mms.semaphores.deleteSemaphore('vmd:none')).rejects.toEqual(NON_EXISTENT)
    await expect(mms.semaphores.deleteSemaphore('vmd:one')).rejects.toEqual(code('ACCESS_OBJECT_ACCESS_DENIED'))
    expect(server.vmd.vmdSpecific.of('semaphore').names).toEqual(['barred', 'more', 'one', 'robots', 'two'])
  })
})

describe('the reports (23 to 25)', () => {
  test('reportSemaphoreStatus counts owned and hung tokens apart, and tells the list where aco was agreed on', async () => {
    const { client, timers, observer } = await scene({ initiate: ALL })
    const [a, b] = [await client(), await client(0, { initiate: ALL })]
    await a.mms.semaphores.takeControl('vmd:two', { controlTimeOut: 1 })
    await b.mms.semaphores.takeControl('vmd:two')
    timers.advance(1)
    const status = await b.mms.semaphores.reportSemaphoreStatus('vmd:two')
    expect(status).toEqual({
      mmsDeletable: false,
      class: 'token',
      numberOfTokens: 2,
      numberOfOwnedTokens: 1,
      numberOfHungTokens: 1,
      accessControlList: 'M_NonDeletable',
    })
    await expect(observer.semaphores.reportSemaphoreStatus('vmd:none')).rejects.toEqual(NON_EXISTENT)
  })

  test('reportPoolSemaphoreStatus tells how each token stands, in collating order, page by page', async () => {
    const pool = Array.from({ length: 100 }, (_, i) => `token_${String(i).padStart(24, '0')}`)
    const { client, observer } = await scene({
      model: model({ semaphores: { ...semaphores, pool: { pool } }, accessControlLists, lists: {} }),
      initiate: { maxPduSize: 1_000 },
    })
    const [a, b] = [await client(), await client(1)]
    await a.mms.semaphores.takeControl('vmd:robots', { namedToken: 'robotB' })
    await b.mms.semaphores.takeControl('vmd:robots', { relinquishIfConnectionLost: false })
    b.a.destroy()
    const { semaphores: seen } = observer
    expect(await collect(seen.namedTokens('vmd:robots'))).toEqual([
      { type: 'hungNamedToken', value: 'robotA' },
      { type: 'ownedNamedToken', value: 'robotB' },
    ])
    const all = await collect(seen.namedTokens('vmd:pool'))
    expect(all.map(({ value }) => value)).toEqual(pool)
    expect(all.every(({ type }) => type === 'freeNamedToken')).toBe(true)
    const semaphoreName = { type: 'vmdSpecific', value: 'pool' } as const
    const page = await seen.reportPoolSemaphoreStatus({ semaphoreName })
    expect(page.moreFollows).toBe(true)
    // A name that is not there: the next one in collating order.
    const behind = await seen.reportPoolSemaphoreStatus({ semaphoreName, nameToStartAfter: `${pool[97]}A` })
    expect(behind).toEqual({ listOfNamedTokens: pool.slice(98).map(value => ({ type: 'freeNamedToken', value })), moreFollows: false })
    await expect(seen.reportPoolSemaphoreStatus({ semaphoreName: { type: 'vmdSpecific', value: 'one' } })).rejects.toEqual(
      code('DEFINITION_OBJECT_ATTRIBUTE_INCONSISTENT'),
    )
    await expect(collect(seen.namedTokens('vmd:none'))).rejects.toEqual(NON_EXISTENT)
  })

  test('reportSemaphoreEntryStatus tells who waits and who has control, by ascending id, with the time that remains', async () => {
    const { client, timers, observer } = await scene({ initiate: { maxPduSize: 512 } })
    const { semaphores: seen } = observer
    const a = await client(7)
    await a.mms.semaphores.takeControl('vmd:one', { controlTimeOut: 60_000, abortOnTimeOut: true, relinquishIfConnectionLost: false })
    for (let i = 0; i < 3; i++) {
      const { mms } = await client(i)
      for (let j = 0; j < 8; j++) mms.semaphores.takeControl('vmd:one', { acceptableDelay: 50_000, priority: 100 - i }).catch(() => {})
    }
    await settle()
    timers.advance(1_000)
    expect(await collect(seen.entries('vmd:one', 'owner'))).toEqual([
      {
        entryID: Uint8Array.of(0, 0, 0, 1),
        entryClass: 'simple',
        applicationReference: { apTitle: '1.1.1.7', aeQualifier: 1 },
        priority: 64,
        remainingTimeOut: 59_000,
        abortOnTimeOut: true,
        relinquishIfConnectionLost: false,
      },
    ])
    const queued = await collect(seen.entries('vmd:one', 'queued'))
    expect(queued.map(({ entryID }) => entryID[3])).toEqual(Array.from({ length: 24 }, (_, i) => i + 2))
    expect(queued[0]).toMatchObject({ applicationReference: {}, remainingTimeOut: 49_000 })
    const argument = { semaphoreName: { type: 'vmdSpecific', value: 'one' }, state: 'queued' } as const
    expect((await seen.reportSemaphoreEntryStatus(argument)).moreFollows).toBe(true)
    const after = (...octets: number[]) => seen.reportSemaphoreEntryStatus({ ...argument, entryIDToStartAfter: Uint8Array.from(octets) })
    expect((await after(24)).listOfSemaphoreEntry.map(({ entryID }) => entryID[3])).toEqual([25])
    expect(await after(1, 0, 0, 0, 0)).toEqual({ listOfSemaphoreEntry: [], moreFollows: false })
    await expect(collect(seen.entries('vmd:none', 'hung'))).rejects.toEqual(NON_EXISTENT)
  })
})

describe('the event condition of a semaphore', () => {
  test('shares its name, is network-triggered, cannot be deleted, and goes with it', async () => {
    const { client, server } = await scene({ services: ['semaphores', 'events'] })
    const { mms } = await client()
    await mms.semaphores.defineSemaphore('D/mine', 1)
    const condition = () => server.vmd.domain('D')!.objects.get('eventCondition', 'mine')
    expect(condition()).toMatchObject({ state: 'disabled', accessControlList: 'M_NonDeletable', monitoring: undefined })
    const name = { type: 'domainSpecific', value: { domainID: 'D', itemID: 'mine' } } as const
    expect(await mms.request('deleteEventCondition', { type: 'specific', value: [name] })).toBe(1)
    await mms.semaphores.deleteSemaphore('D/mine')
    expect(condition()).toBeUndefined()
  })

  test('its name is not free for a semaphore', async () => {
    const { client } = await scene({ services: ['semaphores', 'events'] })
    const { mms } = await client()
    const eventConditionName = { type: 'vmdSpecific', value: 'taken' } as const
    await mms.request('defineEventCondition', { eventConditionName, class: 'network-triggered', priority: 64, severity: 64 })
    await expect(mms.semaphores.defineSemaphore('vmd:taken', 1)).rejects.toEqual(code('DEFINITION_OBJECT_EXISTS'))
  })

  test('is triggered when control was kept for too long, which a request can wait for', async () => {
    const { client, timers } = await scene({ services: ['semaphores', 'events'] })
    const [a, b] = [await client(), await client()]
    await a.mms.semaphores.takeControl('vmd:one', { controlTimeOut: 1_000 })
    const eventModifier: Modifier = {
      type: 'eventModifier',
      value: {
        eventEnrollmentName: { type: 'vmdSpecific', value: 'waits' },
        eventConditionName: { type: 'vmdSpecific', value: 'one' },
        causingTransitions: Transitions.of(),
      },
    }
    const told = b.mms.identify({ listOfModifiers: [eventModifier] })
    expect(await stateOf(told)).toBe('pending')
    timers.advance(1_000)
    expect(await told).toMatchObject({ modelName: 'model' })
  })
})

test('a semaphore that goes with its domain ends what waits for it', async () => {
  const { client, server } = await scene()
  const [a, b] = [await client(), await client()]
  await a.mms.semaphores.takeControl('D/inner')
  const waiting = b.mms.semaphores.takeControl('D/inner')
  waiting.catch(() => {})
  await settle()
  server.vmd.domain('D')!.objects.clear()
  expect(await stateOf(waiting)).toBe('MMS_SERVICE_PREEMPT_OTHER')
  await a.mms.close()
})

test('models with impossible semaphores are refused', async () => {
  for (const semaphore of [{ tokens: 0 }, { tokens: 65_536 }, { tokens: 1.5 }, { pool: [] }, { pool: ['a', 'a'] }]) {
    await expect(pair({ model: model({ semaphores: { s: semaphore } }) })).rejects.toMatchObject({ code: 'MMS_MODEL' })
  }
})
