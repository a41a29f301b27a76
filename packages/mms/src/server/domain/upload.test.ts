import { describe, expect, test } from 'vitest'
import { int, model, pair, settle } from '../../../test/pair.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'
import { types } from '../../value-types.js'
import { serviceError } from '../errors.js'
import type { DomainModel } from '../model.js'
import type { DomainLoading } from './model.js'
import { type UploadState, uploadTable } from './uploads.js'

const octets = (size: number, first = 0) => Uint8Array.from({ length: size }, (_, i) => (first + i) & 0xff)
const domains: Record<string, DomainModel> = {
  D: { store: () => octets(2_000), capabilities: ['a', 'b'], sharable: false, mmsDeletable: true },
  plain: {},
  broken: {
    store: () => {
      throw { error: serviceError('resource', 'mass-storage-unavailable') }
    },
  },
  torn: {
    store: async function* () {
      yield octets(1_000)
      throw new Error('disk')
    },
  },
}
const made = (loading: DomainLoading = {}, more: object = {}) =>
  pair({ model: model({ variables: {}, domains, loading }), client: { initiate: { maxPduSize: 1_000, ...more } } })
type Made = Awaited<ReturnType<typeof made>>
const codeOf = (outcome: Promise<unknown>) =>
  outcome.then(
    () => 'done',
    error => error.code as string,
  )
const forbid = ({ server: { vmd } }: Made, condition: string, name: string) => {
  const conditions = { [`${condition}AccessCondition`]: { type: 'never', value: null } }
  vmd.vmdSpecific.add('accessControlList', { name: 'no', scope: undefined, accessControlList: 'M_Never', conditions } as never)
  vmd.domain(name)!.accessControlList = 'no'
}

describe('an upload, ISO 9506-1, 11.5 to 11.7', () => {
  test('segments as long as a PDU allows; the domain counts it, and has its attributes all the while', async () => {
    const { mms } = await made()
    const { ulsmID, listOfCapabilities } = await mms.domains.initiateUploadSequence('D')
    expect(listOfCapabilities).toEqual(['a', 'b'])
    expect(await mms.domains.getDomainAttributes('D')).toEqual({
      listOfCapabilities: ['a', 'b'],
      state: 'ready',
      mmsDeletable: true,
      sharable: false,
      listOfProgramInvocations: [],
      uploadInProgress: 1,
    })
    const first = await mms.domains.uploadSegment(ulsmID)
    expect([first.moreFollows, (first.loadData.value as Uint8Array).length]).toEqual([true, 968])
    // Two at a time are worked off one after the other.
    const [second, third] = await Promise.all([mms.domains.uploadSegment(ulsmID), mms.domains.uploadSegment(ulsmID)])
    expect([second?.moreFollows, third?.moreFollows]).toEqual([true, false])
    const parts = [first, second!, third!].map(({ loadData }) => loadData.value as Uint8Array)
    expect(Buffer.concat(parts).equals(octets(2_000))).toBe(true)
    await mms.domains.terminateUploadSequence(ulsmID)
    expect((await mms.domains.getDomainAttributes('D')).uploadInProgress).toBe(0)
  })

  /** The table by hand, ISO 9506-1, 11.1.2 (self-only: the codes). */
  const TABLE = [
    ['uploadSegment', 'non-existent', 'MMS_VMD_STATE_STATE_MACHINE_ID_INVALID', 'non-existent'],
    ['uploadSegment', 'uploading', 'done', 'uploading'],
    ['uploadSegment', 'uploaded', 'MMS_SERVICE_PRIMITIVES_OUT_OF_SEQUENCE', 'uploaded'],
    ['terminateUploadSequence', 'non-existent', 'MMS_VMD_STATE_STATE_MACHINE_ID_INVALID', 'non-existent'],
    ['terminateUploadSequence', 'uploading', 'MMS_SERVICE_PRIMITIVES_OUT_OF_SEQUENCE', 'non-existent'],
    ['terminateUploadSequence', 'uploaded', 'done', 'non-existent'],
  ] as const

  test.each(TABLE)('%s in %s: %s, then %s', async (service, state, expected, next) => {
    const { mms, server } = await made()
    const ulsmID = state === 'non-existent' ? 77 : (await mms.domains.initiateUploadSequence('D')).ulsmID
    if (state === 'uploaded') while ((await mms.domains.uploadSegment(ulsmID)).moreFollows);
    expect(await codeOf(mms.domains[service](ulsmID))).toBe(expected)
    expect(server.vmd.domain('D')?.uploadsInProgress).toBe(next === 'non-existent' ? 0 : 1)
    const after = await codeOf(mms.domains.uploadSegment(ulsmID))
    const inNext = TABLE.find(row => row[0] === 'uploadSegment' && row[1] === next)
    expect(after).toBe(inNext?.[2])
  })

  test('has no state but these', () => {
    const states: readonly UploadState[] = ['uploading', 'uploaded']
    for (const row of Object.values(uploadTable)) expect(Object.keys(row)).toEqual(states)
  })

  test('each check: X, A:store, Q, what cannot be stored, too many; nothing has changed after it', async () => {
    const pairing = await made({ maxUploads: 2 })
    const { mms, server } = pairing
    const begin = (name: string) => codeOf(mms.domains.initiateUploadSequence(name))
    expect(await begin('X')).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
    expect(await begin('plain')).toBe('MMS_ACCESS_OBJECT_ACCESS_UNSUPPORTED')
    expect(await begin('broken')).toBe('MMS_RESOURCE_MASS_STORAGE_UNAVAILABLE')
    expect(server.vmd.domain('broken')).toMatchObject({ state: 'ready', uploadsInProgress: 0 })
    server.vmd.domain('D')!.uploadsInProgress = 127
    expect(await begin('D')).toBe('MMS_RESOURCE_CAPABILITY_UNAVAILABLE')
    server.vmd.domain('D')!.uploadsInProgress = 0
    expect([await begin('D'), await begin('D'), await begin('D')]).toEqual(['done', 'done', 'MMS_RESOURCE_CAPABILITY_UNAVAILABLE'])
    expect(server.vmd.domain('D')?.uploadsInProgress).toBe(2)
    forbid(pairing, 'store', 'D')
    expect(await begin('D')).toBe('MMS_ACCESS_OBJECT_ACCESS_DENIED')
    const slow = await made({ load: () => new Promise<never>(() => {}) })
    void slow.mms.domains.download('E', octets(1)).catch(() => {})
    await settle()
    expect(await codeOf(slow.mms.domains.initiateUploadSequence('E'))).toBe('MMS_SERVICE_OBJECT_STATE_CONFLICT')
    slow.mms.abort()
  })

  test('a source that fails in the middle fails the segment, and the loop that reads it', async () => {
    const { mms, server } = await made()
    const sizes: number[] = []
    const reading = async () => {
      for await (const part of mms.domains.upload('torn')) sizes.push(part.length)
    }
    await expect(reading()).rejects.toMatchObject({ code: 'MMS_VMD_STATE_DOMAIN_TRANSFER_PROBLEM' })
    expect(sizes).toEqual([968])
    await settle()
    expect(server.vmd.domain('torn')?.uploadsInProgress).toBe(0)
  })

  test('leaving the loop ends the upload; several over several associations at a time are each their own', async () => {
    const one = await made()
    for await (const _ of one.mms.domains.upload('D')) break
    await settle()
    expect(one.server.vmd.domain('D')?.uploadsInProgress).toBe(0)
    const readers = await Promise.all(
      [0, 1, 2].map(async () => {
        const sizes: number[] = []
        for await (const part of one.mms.domains.upload('D')) sizes.push(part.length)
        return sizes
      }),
    )
    expect(readers).toEqual([0, 1, 2].map(() => [968, 968, 64]))
  })

  test('RM-16: the end of the association ends its uploads; RM-19: until then a conclude is refused', async () => {
    const held = await made()
    await held.mms.domains.initiateUploadSequence('D')
    await held.mms.close()
    expect(held.mms.connection.endedWith?.code).toBe('RELEASE_REFUSED')
    await settle()
    expect(held.server.vmd.domain('D')?.uploadsInProgress).toBe(0)
    const { mms } = await made()
    const { ulsmID } = await mms.domains.initiateUploadSequence('D')
    await codeOf(mms.domains.terminateUploadSequence(ulsmID))
    await mms.close()
    expect(mms.closeReason).toEqual({ type: 'released', by: 'local' })
  })

  test('RM-30: a server that sends nothing though more follow does not keep the client for ever', async () => {
    const { mms } = await pair({
      model: model({ variables: {}, domains }),
      handlers: {
        initiateUploadSequence: () => ({ response: { ulsmID: 1, listOfCapabilities: [] } }),
        uploadSegment: () => ({ response: { loadData: { type: 'nonCoded', value: octets(0) }, moreFollows: true } }),
        terminateUploadSequence: () => ({ response: null }),
      },
    })
    await expect(mms.domains.upload('D').next()).rejects.toMatchObject({ code: 'MMS_LOAD_DATA' })
  })
})

describe('deleting a domain, and its attributes, ISO 9506-1, 11.12 and 11.13', () => {
  test('all that is in it goes, whoever refers to it sees that, and the name is free', async () => {
    const deleted: string[] = []
    const load = async (segments: AsyncIterable<unknown>): Promise<DomainModel> => {
      for await (const _ of segments);
      return {
        variables: { v: { type: types.integer(32), value: int(1) } },
        lists: { l: { items: ['E/v'] } },
        onDelete: () => deleted.push('E'),
      }
    }
    const { mms, server } = await made({ load })
    await mms.domains.download('E', octets(1))
    await mms.defineNamedVariableList('E/mine', ['E/v'])
    const variable = server.vmd.domain('E')!.objects.get('namedVariable', 'v')!
    await mms.domains.deleteDomain('E')
    expect([variable.scope, deleted, server.vmd.domain('E')]).toEqual([undefined, ['E'], undefined])
    await expect(mms.readValue('E/v')).rejects.toMatchObject({ answered: 'object-non-existent' })
    await mms.domains.download('E', octets(1))
    expect(await mms.variableListNames('E')).toEqual(['l'])
  })

  test('each check: X, A:delete, Q, K; the domain is still there after it', async () => {
    const pairing = await made({ load: () => new Promise<never>(() => {}) })
    const { mms, server } = pairing
    const remove = (name: string) => codeOf(mms.domains.deleteDomain(name))
    expect(await remove('X')).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
    expect(await remove('plain')).toBe('MMS_ACCESS_OBJECT_ACCESS_DENIED')
    void mms.domains.download('E', octets(1)).catch(() => {})
    await settle()
    expect(await remove('E')).toBe('MMS_SERVICE_OBJECT_STATE_CONFLICT')
    const { ulsmID } = await mms.domains.initiateUploadSequence('D')
    expect(await remove('D')).toBe('MMS_SERVICE_OBJECT_CONSTRAINT_CONFLICT')
    await codeOf(mms.domains.terminateUploadSequence(ulsmID))
    const invocation = { name: 'P', scope: undefined, accessControlList: 'M_Deletable' }
    server.vmd.domain('D')!.bind(invocation)
    expect(await remove('D')).toBe('MMS_SERVICE_OBJECT_STATE_CONFLICT')
    expect((await mms.domains.getDomainAttributes('D')).listOfProgramInvocations).toEqual(['P'])
    server.vmd.domain('D')!.unbind(invocation)
    expect(server.vmd.domains.names).toEqual(expect.arrayContaining(['plain', 'E', 'D']))
    expect(await remove('D')).toBe('done')
    mms.abort()
  })

  test('attributes: X; the name of the list only where aco is agreed', async () => {
    const { mms } = await made()
    expect(await codeOf(mms.domains.getDomainAttributes('X'))).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
    expect(await mms.domains.getDomainAttributes('plain')).not.toHaveProperty('accessControlList')
    const whole = await pair({
      model: model({ variables: {}, domains }),
      initiate: WHOLE_OF_MMS,
      client: { initiate: WHOLE_OF_MMS },
    })
    expect(await whole.mms.domains.getDomainAttributes('plain')).toMatchObject({
      accessControlList: 'M_NonDeletable',
      mmsDeletable: false,
      sharable: true,
    })
  })

  test('a server whose model says nothing of domains but their variables does not serve them, and one that is told to does', async () => {
    const bare = model({ variables: {}, domains: { plain: {} } })
    expect((await pair({ model: bare })).server.servicesSupported).not.toContain('getDomainAttributes')
    const { server } = await pair({ model: bare, services: ['domains'] })
    expect(server.servicesSupported).toEqual(expect.arrayContaining(['initiateDownloadSequence', 'uploadSegment', 'getDomainAttributes']))
    expect(server.servicesSupported).not.toContain('loadDomainContent')
  })
})

describe('a domain of many names', () => {
  test('RM-12 RM-13: 100 000 names are listed over all pages, each once, in order, one page held at a time', async () => {
    const count = 100_000
    const type = types.integer(32)
    const variables = Object.fromEntries(Array.from({ length: count }, (_, i) => [`v${String(i).padStart(6, '0')}`, { type }]))
    const load = async (segments: AsyncIterable<unknown>): Promise<DomainModel> => {
      for await (const _ of segments);
      return { variables }
    }
    const { mms, server } = await pair({ model: model({ variables: {}, domains: {}, loading: { load } }) })
    await mms.domains.download('big', octets(1))
    const begun = performance.now()
    let seen = 0
    let previous = ''
    let pages = 0
    for (let after: string | undefined, more = true; more; ) {
      const page = await mms.getNameList({
        objectClass: { type: 'basicObjectClass', value: 'namedVariable' },
        objectScope: { type: 'domainSpecific', value: 'big' },
        ...(after === undefined ? {} : { continueAfter: after }),
      })
      for (const name of page.listOfIdentifier) {
        if (name <= previous) throw new RangeError(`${name} behind ${previous}`)
        previous = name
      }
      seen += page.listOfIdentifier.length
      expect(page.listOfIdentifier.length).toBeLessThanOrEqual(65_000 / 9)
      after = page.listOfIdentifier.at(-1)
      more = page.moreFollows
      pages += 1
    }
    expect([seen, pages]).toEqual([count, Math.ceil((count * 9) / (65_000 - 32))])
    // Far above what it takes, far below what one search through all names for each page would.
    expect(performance.now() - begun).toBeLessThan(5_000)
    await mms.domains.deleteDomain('big')
    expect(server.vmd.domain('big')).toBe(undefined)
  }, 30_000)
})
