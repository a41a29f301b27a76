import { ServiceError, TimeoutError } from '@x/core'
import { describe, expect, test } from 'vitest'
import { int, model, pair, settle } from '../../../test/pair.js'
import type { LoadData } from '../../asn1/domain.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'
import type { OpenMmsOptions } from '../../open.js'
import { types } from '../../value-types.js'
import { serviceError } from '../errors.js'
import type { DomainModel } from '../model.js'
import type { DomainLoading } from './model.js'

const NOTHING = model({ variables: {}, domains: { there: {} } })
const loading = (given: DomainLoading = {}) => ({ ...NOTHING, loading: given })
const octets = (size: number, first = 0) => Uint8Array.from({ length: size }, (_, i) => (first + i) & 0xff)

/** A client that answers by itself what the server asks, with hand-made answers. */
function byHand(more: Partial<OpenMmsOptions> = {}) {
  const asked: unknown[] = []
  let answer: (value: unknown) => void = () => {}
  const handlers = {
    downloadSegment: (name: string) => {
      asked.push(name)
      return new Promise<never>(resolve => {
        answer = resolve as never
      })
    },
    terminateDownloadSequence: (request: unknown) => {
      asked.push(request)
      return new Promise<never>(resolve => {
        answer = resolve as never
      })
    },
  }
  const segment = (value: Uint8Array, moreFollows: boolean) => ({ response: { loadData: { type: 'nonCoded', value }, moreFollows } })
  return {
    asked,
    client: { handlers, ...more },
    async give(given: unknown): Promise<void> {
      answer(given)
      await settle()
      await settle()
    },
    segment,
  }
}
const begin = { domainName: 'D', listOfCapabilities: [], sharable: false }

describe('a download, ISO 9506-1, 11.2 to 11.4', () => {
  test('makes a domain of what the client has: the server asks for segments of the negotiated size, and ends the sequence', async () => {
    const { mms, server } = await pair({ model: loading(), client: { initiate: { maxPduSize: 1_000 } } })
    const sent: number[] = []
    const content = octets(3_000)
    await mms.domains.download('D', content, { capabilities: ['fast'], sharable: true, onProgress: count => sent.push(count) })
    expect(sent).toEqual([968, 1_936, 2_904, 3_000])
    expect(await mms.domains.getDomainAttributes('D')).toEqual({
      listOfCapabilities: ['fast'],
      state: 'ready',
      mmsDeletable: true,
      sharable: true,
      listOfProgramInvocations: [],
      uploadInProgress: 0,
    })
    expect(server.vmd.domain('D')?.accessControlList).toBe('M_Deletable')
    const parts: Uint8Array[] = []
    for await (const part of mms.domains.upload('D')) parts.push(part)
    expect(Buffer.concat(parts).equals(content)).toBe(true)
    await mms.close()
  })

  test.each(['the last segment', 'the answer to its initiate'])('close waits for a download that is under way: %s', async what => {
    let goOn = () => {}
    async function* source() {
      yield octets(10)
      await new Promise<void>(resolve => {
        goOn = resolve
      })
      yield octets(10)
    }
    const { mms, server } = await pair({ model: loading() })
    const done = mms.domains.download('D', what === 'the last segment' ? source() : octets(10))
    if (what === 'the last segment') for (let i = 0; i < 3; i++) await settle()
    const closed = mms.close()
    for (let i = 0; i < 3; i++) await settle()
    if (what === 'the last segment') expect([mms.closeReason, server.vmd.domain('D')?.state]).toEqual([undefined, 'd2'])
    goOn()
    await done
    await closed
    expect(mms.closeReason).toEqual({ type: 'released', by: 'local' })
    expect(server.vmd.domain('D')?.state).toBe('ready')
  })

  test('close waits for a download no longer than closeTimeout; one that was given up it lets the server end', async () => {
    async function* stuck() {
      yield octets(10)
      await new Promise<never>(() => {})
    }
    const { mms, timers } = await pair({ model: loading(), client: { closeTimeout: 5_000, requestTimeout: 0 } })
    const done = mms.domains.download('D', stuck(), { stallTimeout: 0 })
    done.catch(() => {})
    for (let i = 0; i < 3; i++) await settle()
    const closed = mms.close()
    timers.advance(4_999)
    for (let i = 0; i < 3; i++) await settle()
    expect(mms.closeReason).toBe(undefined)
    timers.advance(1)
    await closed
    expect(mms.closeReason).toEqual({ type: 'u-abort', by: 'local' })

    const stop = new AbortController()
    const other = await pair({ model: loading() })
    async function* endless() {
      for (;;) yield octets(10)
    }
    const given = other.mms.domains.download('D', endless(), { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) })
    await expect(given).rejects.toThrow('enough')
    await other.mms.close()
    expect(other.mms.closeReason).toEqual({ type: 'released', by: 'local' })
    expect(other.server.vmd.domain('D')).toBe(undefined)
  })

  test('an empty domain is one empty last segment', async () => {
    const { mms, server } = await pair({ model: loading() })
    await mms.domains.download('D', new Uint8Array())
    expect(server.vmd.domain('D')?.state).toBe('ready')
    for await (const part of mms.domains.upload('D')) expect(part).toBe('nothing')
  })

  test('what the client has comes piece by piece, and is asked for no sooner than the loader takes it', async () => {
    let given = 0
    let release = () => {}
    const taken: number[] = []
    const load = async (segments: AsyncIterable<LoadData>) => {
      for await (const data of segments) {
        taken.push((data.value as Uint8Array).length)
        await new Promise<void>(resolve => {
          release = resolve
        })
      }
      return {}
    }
    async function* source() {
      for (; given < 100; given++) yield octets(50_000)
    }
    const { mms, server } = await pair({ model: loading({ load }) })
    const done = mms.domains.download('D', source())
    await settle()
    for (let i = 0; i < 10; i++) await settle()
    // One is with the loader, one is known to follow.
    expect([taken.length, given]).toEqual([1, 1])
    expect(server.vmd.domain('D')?.state).toBe('loading')
    for (let round = 0; round < 200 && server.vmd.domain('D')?.state !== 'ready'; round++) {
      release()
      await settle()
    }
    await done
    expect(taken.reduce((sum, size) => sum + size, 0)).toBe(5_000_000)
  })

  test('load data that are not octets go through as they are', async () => {
    const seen: LoadData[] = []
    const load = async (segments: AsyncIterable<LoadData>): Promise<DomainModel> => {
      for await (const data of segments) seen.push(data)
      return { store: () => seen }
    }
    const { mms } = await pair({ model: loading({ load }) })
    const coded = {
      type: 'coded',
      value: { directReference: '1.0.1', encoding: { type: 'octet-aligned', value: Uint8Array.of(1, 2) } },
    } as unknown as LoadData
    await mms.domains.download('D', [coded, octets(2)])
    expect(seen.map(({ type }) => type)).toEqual(['coded', 'nonCoded'])
    const back: string[] = []
    for await (const data of mms.domains.uploadLoadData('D')) back.push(data.type)
    expect(back).toEqual(['coded', 'nonCoded'])
    await expect(mms.domains.upload('D').next()).rejects.toMatchObject({ code: 'MMS_LOAD_DATA' })
    // What is kept by default is octets.
    const plain = await pair({ model: loading() })
    await expect(plain.mms.domains.download('D', [coded])).rejects.toMatchObject({ code: 'MMS_DEFINITION_TYPE_UNSUPPORTED' })
    expect(plain.server.vmd.domain('D')).toBe(undefined)
  })

  test('its objects are those that the loader gives it; nobody sees them before it is ready', async () => {
    let finish = () => {}
    const load = async (segments: AsyncIterable<LoadData>): Promise<DomainModel> => {
      for await (const _ of segments);
      await new Promise<void>(resolve => {
        finish = resolve
      })
      return { variables: { v: { type: types.integer(32), value: int(7) } }, lists: { l: { items: ['D/v'] } }, capabilities: ['own'] }
    }
    const { mms } = await pair({ model: loading({ load }) })
    const done = mms.domains.download('D', octets(10))
    await settle()
    await settle()
    expect(await mms.domainNames()).toEqual(['D', 'there'])
    expect((await mms.domains.getDomainAttributes('D')).state).toBe('complete')
    expect(await mms.variableNames('D')).toEqual([])
    await expect(mms.readValue('D/v')).rejects.toMatchObject({ answered: 'object-non-existent' })
    await expect(mms.defineNamedVariableList('D/mine', ['D/v'])).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_NON_EXISTENT' })
    finish()
    await done
    expect(await mms.readValue('D/v')).toEqual(int(7))
    expect(await mms.variableListNames('D')).toEqual(['l'])
    expect((await mms.domains.getDomainAttributes('D')).listOfCapabilities).toEqual(['own'])
  })

  test('several go on at a time over one association, and over several', async () => {
    const one = await pair({ model: loading() })
    const names = ['A', 'B', 'C', 'D', 'E']
    await Promise.all(names.map((name, i) => one.mms.domains.download(name, octets(200_000, i))))
    expect(await one.mms.domainNames()).toEqual([...names, 'there'])
    for (const [i, name] of names.entries()) {
      const first = await one.mms.domains.upload(name).next()
      expect((first.value as Uint8Array)[0]).toBe(i)
    }
  })
})

describe('the checks of initiateDownloadSequence, in their order', () => {
  const capabilities = { known: true, busy: false }
  const refusedAs = async (given: DomainLoading, request: object, prepare?: (made: Awaited<ReturnType<typeof pair>>) => unknown) => {
    const made = await pair({ model: loading(given) })
    await prepare?.(made)
    const before = [...made.server.vmd.domains.names]
    const outcome = made.mms.domains.initiateDownloadSequence({ ...begin, ...request })
    const code = await outcome.then(
      () => 'done',
      error => error.code,
    )
    expect(made.server.vmd.domains.names).toEqual(before)
    return code
  }

  test('N: a domain of that name is there, or is being loaded', async () => {
    expect(await refusedAs({}, { domainName: 'there', listOfCapabilities: ['none'] })).toBe('MMS_DEFINITION_OBJECT_EXISTS')
    const { client } = byHand()
    const { mms } = await pair({ model: loading(), client })
    await mms.domains.initiateDownloadSequence(begin)
    await expect(mms.domains.initiateDownloadSequence(begin)).rejects.toMatchObject({ code: 'MMS_DEFINITION_OBJECT_EXISTS' })
    mms.abort()
  })

  test('V: the list of the VMD forbids loading', async () => {
    const never = ({ server: { vmd } }: Awaited<ReturnType<typeof pair>>) => {
      const conditions = { loadAccessCondition: { type: 'never', value: null } } as const
      vmd.vmdSpecific.add('accessControlList', { name: 'no', scope: undefined, accessControlList: 'M_Never', conditions })
      vmd.accessControlList = 'no'
    }
    expect(await refusedAs({ capabilities }, { listOfCapabilities: ['none'] }, never)).toBe('MMS_ACCESS_OBJECT_ACCESS_DENIED')
  })

  test('Z: a capability that nobody knows, one that is not to be had, too many domains, too many loads', async () => {
    expect(await refusedAs({ capabilities }, { listOfCapabilities: ['known', 'busy', 'none'] })).toBe('MMS_RESOURCE_CAPABILITY_UNKNOWN')
    expect(await refusedAs({ capabilities }, { listOfCapabilities: ['busy'] })).toBe('MMS_RESOURCE_CAPABILITY_UNAVAILABLE')
    expect(await refusedAs({ maxDomains: 0 }, {})).toBe('MMS_RESOURCE_CAPABILITY_UNAVAILABLE')
    const { client } = byHand()
    const { mms, server } = await pair({ model: loading({ maxLoads: 1 }), client })
    await mms.domains.initiateDownloadSequence(begin)
    await expect(mms.domains.initiateDownloadSequence({ ...begin, domainName: 'E' })).rejects.toMatchObject({
      code: 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE',
    })
    expect(server.vmd.domains.names).toEqual(['D', 'there'])
    mms.abort()
  })

  test('RM-07: deleted domains make room again; octets that the default keeps are limited, by domain and in all', async () => {
    const { mms } = await pair({ model: loading({ maxDomains: 1, maxOctets: 100, maxTotalOctets: 150 }) })
    await mms.domains.download('D', octets(100))
    await expect(mms.domains.download('E', octets(1))).rejects.toMatchObject({ code: 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE' })
    await mms.domains.deleteDomain('D')
    await expect(mms.domains.download('D', octets(101))).rejects.toMatchObject({ code: 'MMS_RESOURCE_MEMORY_UNAVAILABLE' })
    await mms.domains.download('D', octets(100))
    const two = await pair({ model: loading({ maxOctets: 100, maxTotalOctets: 150 }) })
    await two.mms.domains.download('D', octets(100))
    await expect(two.mms.domains.download('E', octets(51))).rejects.toMatchObject({ code: 'MMS_RESOURCE_MEMORY_UNAVAILABLE' })
    await two.mms.domains.download('E', octets(50))
  })

  test('a VMD whose logical status allows no changes refuses it, and lets one look', async () => {
    const { mms, server } = await pair({ model: loading() })
    server.vmd.status = { vmdLogicalStatus: 'no-state-changes-allowed', vmdPhysicalStatus: 'operational' }
    await expect(mms.domains.download('D', octets(1))).rejects.toMatchObject({ code: 'MMS_VMD_STATE_VMD_STATE_CONFLICT' })
    expect((await mms.domains.getDomainAttributes('there')).state).toBe('ready')
  })
})

describe('a download that does not come off leaves no domain', () => {
  test('the loader refuses: the server discards it with the error that the loader gave', async () => {
    const load = async (segments: AsyncIterable<LoadData>) => {
      for await (const _ of segments) throw { error: serviceError('definition', 'invalid-address') }
      return {}
    }
    const { mms, server } = await pair({ model: loading({ load }) })
    const failure = await mms.domains.download('D', octets(10)).catch(error => error)
    expect(failure).toBeInstanceOf(ServiceError)
    expect(failure).toMatchObject({ code: 'MMS_DEFINITION_INVALID_ADDRESS', by: 'peer' })
    await settle()
    expect(server.vmd.domain('D')).toBe(undefined)
    // The name is free again.
    await expect(mms.domains.download('D', octets(10))).rejects.toMatchObject({ code: 'MMS_DEFINITION_INVALID_ADDRESS' })
  })

  test.each([
    ['throws what it likes', () => Promise.reject(new TypeError('no'))],
    [
      'throws at once',
      () => {
        throw new TypeError('no')
      },
    ],
    ['does not take all segments', async () => ({})],
    [
      'gives objects that cannot be',
      async (segments: AsyncIterable<LoadData>) => {
        for await (const _ of segments);
        return { lists: { l: { items: ['D/missing'] } } }
      },
    ],
  ])('the loader %s: a transfer problem', async (_, load) => {
    const { mms, server } = await pair({ model: loading({ load: load as DomainLoading['load'] & object }) })
    await expect(mms.domains.download('D', octets(10))).rejects.toMatchObject({ code: 'MMS_VMD_STATE_DOMAIN_TRANSFER_PROBLEM' })
    await settle()
    expect(server.vmd.domain('D')).toBe(undefined)
    await mms.close()
  })

  test('the source throws: the client answers with an error, the server discards, the caller gets what the source threw', async () => {
    const { mms, server } = await pair({ model: loading() })
    async function* source() {
      yield octets(10)
      throw new RangeError('disk')
    }
    await expect(mms.domains.download('D', source())).rejects.toThrow('disk')
    await settle()
    expect(server.vmd.domain('D')).toBe(undefined)
  })

  test('the client gives it up by its signal, before it begins or while it runs', async () => {
    const { mms, server } = await pair({ model: loading() })
    await expect(mms.domains.download('D', octets(1), { signal: AbortSignal.abort(new Error('never')) })).rejects.toThrow('never')
    const stop = new AbortController()
    let goOn = () => {}
    async function* source() {
      yield octets(10)
      yield octets(10)
      await new Promise<void>(resolve => {
        goOn = resolve
      })
      yield octets(10)
    }
    const done = mms.domains.download('D', source(), { signal: stop.signal })
    await settle()
    stop.abort(new Error('enough'))
    await expect(done).rejects.toThrow('enough')
    goOn()
    await settle()
    await settle()
    expect(server.vmd.domain('D')).toBe(undefined)
    await mms.domains.download('D', octets(1))
    await mms.close()
  })

  test('a segment answered with an error: incomplete, then discarded with the same error', async () => {
    const { client, give, asked } = byHand()
    const { mms, server } = await pair({ model: loading(), client })
    await mms.domains.initiateDownloadSequence(begin)
    await settle()
    expect(asked).toEqual(['D'])
    expect((await mms.domains.getDomainAttributes('D')).state).toBe(8)
    await give({ error: serviceError('file', 'file-busy') })
    expect(asked[1]).toEqual({ domainName: 'D', discard: serviceError('file', 'file-busy') })
    expect((await mms.domains.getDomainAttributes('D')).state).toBe(15)
    await give({ response: null })
    expect(server.vmd.domain('D')).toBe(undefined)
  })

  test('empty load data though more follow: discarded with a transfer problem, and an error to that is as good as a response', async () => {
    const { client, give, asked, segment } = byHand()
    const { mms, server } = await pair({ model: loading(), client })
    await mms.domains.initiateDownloadSequence(begin)
    await settle()
    await give(segment(octets(0), true))
    expect(asked[1]).toEqual({ domainName: 'D', discard: serviceError('vmdState', 'domain-transfer-problem') })
    await give({ error: serviceError('access', 'object-non-existent') })
    expect(server.vmd.domain('D')).toBe(undefined)
    await mms.close()
  })

  test('terminate answered with an error: no domain', async () => {
    const { client, give, segment } = byHand()
    const { mms, server } = await pair({ model: loading(), client })
    await mms.domains.initiateDownloadSequence(begin)
    await settle()
    await give(segment(octets(5), false))
    expect((await mms.domains.getDomainAttributes('D')).state).toBe(9)
    await give({ error: serviceError('service', 'primitives-out-of-sequence') })
    expect(server.vmd.domain('D')).toBe(undefined)
  })

  test('a client that does not answer is waited for as long as answerTimeout says, for each answer', async () => {
    const { client, asked } = byHand()
    const { mms, server, timers } = await pair({
      model: loading({ answerTimeout: 1_000 }),
      client: { ...client, requestTimeout: 0 },
    })
    await mms.domains.initiateDownloadSequence(begin)
    await settle()
    timers.advance(1_000)
    await settle()
    await settle()
    expect(asked[1]).toMatchObject({ domainName: 'D', discard: { errorClass: { value: 'domain-transfer-problem' } } })
    timers.advance(1_000)
    await settle()
    expect(server.vmd.domain('D')).toBe(undefined)
    mms.abort()
    await settle()
    expect(timers.pending).toBe(0)
  })

  test('a server that does not ask is waited for as long as stallTimeout says', async () => {
    const load = () => new Promise<never>(() => {})
    const { mms, timers, server } = await pair({ model: loading({ load }) })
    const done = mms.domains.download('D', octets(1), { stallTimeout: 5_000 })
    done.catch(() => {})
    await settle()
    timers.advance(5_000)
    await expect(done).rejects.toBeInstanceOf(TimeoutError)
    await expect(done).rejects.toMatchObject({ code: 'MMS_DOWNLOAD_STALLED' })
    expect(server.vmd.domain('D')?.state).toBe('loading')
    mms.abort()
    await settle()
    expect(server.vmd.domain('D')).toBe(undefined)
    expect(timers.pending).toBe(0)
  })
})

describe('the client in a download', () => {
  test('knows only downloads of its own, one segment at a time and none behind the last', async () => {
    const { mms, association } = await pair({ model: loading() })
    await expect(association.request('downloadSegment', 'D')).rejects.toMatchObject({ code: 'MMS_ACCESS_OBJECT_NON_EXISTENT' })
    await expect(association.request('terminateDownloadSequence', { domainName: 'D' })).rejects.toMatchObject({
      code: 'MMS_ACCESS_OBJECT_NON_EXISTENT',
    })
    let goOn = () => {}
    async function* source() {
      await new Promise<void>(resolve => {
        goOn = resolve
      })
      yield octets(5)
    }
    const done = mms.domains.download('D', source())
    done.catch(() => {})
    await settle()
    await expect(association.request('downloadSegment', 'D')).rejects.toMatchObject({ code: 'MMS_SERVICE_PRIMITIVES_OUT_OF_SEQUENCE' })
    await expect(mms.domains.download('D', octets(1))).rejects.toMatchObject({ code: 'MMS_DOWNLOAD' })
    // Ended before the last segment: whatever the server has, it is not the whole domain.
    await expect(association.request('terminateDownloadSequence', { domainName: 'D' })).rejects.toMatchObject({
      code: 'MMS_SERVICE_PRIMITIVES_OUT_OF_SEQUENCE',
    })
    await expect(done).rejects.toMatchObject({ code: 'MMS_DOWNLOAD_SEQUENCE' })
    goOn()
  })

  test('announces that it can be asked, whatever was negotiated', async () => {
    for (const initiate of [{}, WHOLE_OF_MMS]) {
      const { association } = await pair({ model: loading(), client: { initiate } })
      expect(association.negotiated.servicesSupportedPeer).toEqual(expect.arrayContaining(['downloadSegment', 'terminateDownloadSequence']))
    }
  })
})

describe('a download and the end of its association', () => {
  test.each([
    ['d2', 0],
    ['d3', 1],
  ] as const)('RM-16: a domain in %s is deleted when the association is lost, its name free, nothing left', async (state, segments) => {
    const { client, give, segment } = byHand()
    const deleted: string[] = []
    const load = async (parts: AsyncIterable<LoadData>, { name, signal }: { name: string; signal: AbortSignal }) => {
      signal.addEventListener('abort', () => deleted.push(`${name} given up`))
      for await (const _ of parts);
      return { onDelete: () => deleted.push(`${name} deleted`) }
    }
    const { mms, server, timers } = await pair({ model: loading({ load: load as never, maxDomains: 1, maxLoads: 1 }), client })
    await mms.domains.initiateDownloadSequence(begin)
    await settle()
    for (let i = 0; i < segments; i++) await give(segment(octets(1), false))
    expect(server.vmd.domain('D')?.state).toBe(state)
    mms.abort()
    await settle()
    await settle()
    expect(server.vmd.domain('D')).toBe(undefined)
    expect(deleted).toContain('D given up')
    expect(deleted.includes('D deleted')).toBe(state === 'd3')
    expect(timers.pending).toBe(0)
  })

  test('RM-19: the client cannot conclude while a domain is loaded, and can afterwards', async () => {
    const { client, give, segment } = byHand()
    const { mms, association } = await pair({ model: loading(), client })
    await mms.domains.initiateDownloadSequence(begin)
    await settle()
    await give(segment(octets(5), true))
    await give(segment(octets(5), false))
    await give({ response: null })
    expect(association.closeReason).toBe(undefined)
    await mms.close()
    expect(mms.closeReason).toEqual({ type: 'released', by: 'local' })
    const second = byHand()
    const held = await pair({ model: loading(), client: second.client })
    await held.mms.domains.initiateDownloadSequence(begin)
    await settle()
    await held.mms.close()
    // Refused with further-communication-required: the client has no use for more, and aborts.
    expect(held.mms.connection.endedWith?.code).toBe('RELEASE_REFUSED')
    expect(held.server.vmd.domain('D')).toBe(undefined)
  })

  test('the caller is told how the association ended', async () => {
    const load = () => new Promise<never>(() => {})
    const { mms, association } = await pair({ model: loading({ load }) })
    const done = mms.domains.download('D', octets(1))
    done.catch(() => {})
    await settle()
    association.abort()
    await expect(done).rejects.toMatchObject({ name: 'AbortedError' })
  })
})
